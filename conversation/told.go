package conversation

import (
	"math"
	"strings"

	"websec.nl/gehoor/cases"
	"websec.nl/gehoor/i18n"
)

// Told is what somebody told for a complaint or a talk, as it is read back to them, by its fields: what was pressed is in words,
// and the days that they chose are named. FieldFor is as in a case (see cases.Whose).
func (s Session) Told(p *cases.Procedure, l i18n.Language) cases.Words {
	s.Language = l
	t := &turn{flow: flowOf(p), procedure: p, Session: s}
	all := make(cases.Words, len(s.Answers))
	for field, value := range s.Answers {
		if chosen, names, pressed := cutMark(value); field == cases.FieldFor && pressed {
			all[field] = strings.TrimSpace(chosen + " " + names)
			continue
		}
		all[field] = t.shown(field, math.MaxInt32).In(l)
	}
	return all
}

// NotSent is what somebody wrote to the committee about cases and did not send, each by its fields. What they were asked after a
// case was closed is one of cases.Grades.
func (s Session) NotSent() (all []cases.Words) {
	if len(s.Aside) > 0 {
		all = append(all, s.Aside)
	}
	for _, one := range s.Unsent {
		if len(one.Aside) > 0 {
			all = append(all, one.Aside)
		}
	}
	return all
}
