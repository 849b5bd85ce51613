package mail

import (
	"testing"
	"time"

	"websec.nl/gehoor/cases"
	"websec.nl/gehoor/i18n"
)

// clock lets the clock do what it does until it tells something of a kind, and returns the number of that event.
func (l *life) clock(kind cases.EventKind) int {
	l.t.Helper()
	c := &l.file.Case
	for end := l.now.AddDate(0, 2, 0); l.now.Before(end); {
		l.now = l.procedure.Next(c, cases.Staff{}, l.now)
		c.Tick(l.procedure, cases.Staff{}, l.now)
		for _, e := range c.Events() {
			l.file.Events = append(l.file.Events, e)
			if e.Kind == kind {
				return e.Seq
			}
		}
	}
	l.t.Fatalf("the clock never told %s", kind)
	return 0
}

// waits writes the letters to who waits: how it stands, where nobody sees to a complaint and where somebody does, why it takes
// longer, and that it is late.
func waits(t *testing.T, language i18n.Language, all map[string]*Letter) {
	t.Helper()
	words := said[language]
	l := begin(t, language, noor[language])
	all["progress-untouched"] = l.write(cases.ProgressNotice, l.clock(cases.Progressed))
	l = begin(t, language, noor[language])
	l.then(1, func(c *cases.Case, now time.Time) error { return c.Take(ann, now) })
	l.then(1, func(c *cases.Case, now time.Time) error {
		return c.Speak(ann, now.Add(-time.Hour), "kept to ourselves", words["steps"], now)
	})
	all["progress"] = l.write(cases.ProgressNotice, l.clock(cases.Progressed))
	l.then(1, func(c *cases.Case, now time.Time) error {
		return c.Foresee(ann, words["reason"], now.AddDate(0, 1, 0), l.procedure, now)
	})
	l.clock(cases.Extended)
	foreseen := func() int {
		for i := len(l.file.Events); i > 0; i-- {
			if l.file.Events[i-1].Kind == cases.ForeseenLate {
				return i
			}
		}
		return 0
	}
	all["delay-foreseen"] = l.write(cases.Delay, foreseen())
	asked := l.then(0, l.writes(ann, cases.WriteDraft{Text: words["message"], Question: true}))
	l.then(0, func(c *cases.Case, now time.Time) error { return c.Dispatch(asked, now) })
	all["progress-that-asks"] = l.write(cases.ProgressNotice, l.clock(cases.Progressed))
	all["progress-same"] = l.write(cases.ProgressNotice, l.clock(cases.Progressed))
	event := l.then(1, func(c *cases.Case, now time.Time) error {
		return c.Extend(ann, words["reason"], now.AddDate(0, 1, 0), l.procedure, now)
	})
	all["delay-again"] = l.write(cases.Delay, event)
	l.then(1, func(c *cases.Case, now time.Time) error {
		return c.Foresee(ann, words["reason"], now.AddDate(0, 2, 0), l.procedure, now)
	})
	l.clock(cases.Extended)
	all["delay-foreseen-again"] = l.write(cases.Delay, foreseen())
	all["late-again"] = l.write(cases.LateNotice, l.clock(cases.Late))
	l.clock(cases.Late)
	all["still-late-again"] = l.write(cases.LateNotice, l.clock(cases.Late))
	l = begin(t, language, noor[language])
	event = l.then(1, func(c *cases.Case, now time.Time) error {
		return c.Extend(ann, words["reason"], now.AddDate(0, 1, 0), l.procedure, now)
	})
	all["delay"] = l.write(cases.Delay, event)
}
