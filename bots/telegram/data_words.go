package telegram

import (
	"fmt"
	"maps"
	"strings"
	"time"

	"websec.nl/gehoor/cases"
	"websec.nl/gehoor/i18n"
)

// events tells what happened to a case.
func (w *dataWriter) events(c *cases.PersonalCase) dataGroup {
	all := dataGroup{Title: w.say("data.case.events")}
	for _, e := range c.Events {
		line := dataLine{At: w.saidMoment(e.At), Text: w.event(e)}
		if e.Kind != cases.Filed && e.Kind != cases.Requested && e.Kind != cases.WrittenUp { // what they told then stands above
			before, after := w.closing(e)
			words := before
			for _, field := range []string{cases.FieldText, cases.FieldSteps, cases.FieldSolution, cases.FieldTelephone, cases.FieldEmail, cases.FieldPost} {
				if said := strings.TrimSpace(e.Words[field]); said != "" {
					words = append(words, said)
				}
			}
			line.Words = strings.Join(append(words, after...), "\n\n")
		}
		all.Lines = append(all.Lines, line)
	}
	return all
}

// closing is what stands in the confirmation before the solution, the points, and after it, what was promised.
func (w *dataWriter) closing(e cases.Event) (before, after []string) {
	if e.Kind != cases.Ended {
		return nil, nil
	}
	made, _ := w.procedure.ClosingOf(e)
	for _, text := range points(made) {
		before = append(before, text.In(w.l))
	}
	for _, text := range measures(made) {
		after = append(after, text.In(w.l))
	}
	return before, after
}

// event says what happened, to who it happened to.
func (w *dataWriter) event(e cases.Event) string {
	switch e.Kind {
	case cases.Rated:
		return w.say("data.event.rated", "handled", grade(e.Data["handled"]), "solved", grade(e.Data["solved"]))
	case cases.Requested:
		if e.Data["by"] == string(cases.Email) || e.Data["by"] == string(cases.Letter) {
			return w.say("data.event.requested-other")
		}
	case cases.Corrected:
		if e.Data["field"] != "" {
			return w.say("data.event.corrected-answer")
		}
	case cases.Unreachable, cases.Reachable:
		if e.Data["only"] != "" {
			return w.say("data.event.unreachable-file")
		}
		way := i18n.T("way.chat")
		if e.Data["way"] != string(cases.ByChat) {
			way = i18n.T("way.mail")
		}
		if e.Kind == cases.Unreachable {
			return w.say("data.event.unreachable", "way", way)
		}
		return w.say("data.event.reachable", "way", way)
	}
	if text, known := eventTexts[e.Kind]; known {
		return text.In(w.l)
	}
	return ""
}

var eventTexts = map[cases.EventKind]i18n.Text{
	cases.Filed:           i18n.T("data.event.filed"),
	cases.Requested:       i18n.T("data.event.requested"),
	cases.Taken:           i18n.T("data.event.taken"),
	cases.Handed:          i18n.T("data.event.handed"),
	cases.Wrote:           i18n.T("data.event.wrote"),
	cases.Replied:         i18n.T("data.event.replied"),
	cases.Spoke:           i18n.T("data.event.spoke"),
	cases.Extended:        i18n.T("data.event.extended"),
	cases.Late:            i18n.T("data.event.late"),
	cases.Progressed:      i18n.T("data.event.progressed"),
	cases.Ended:           i18n.T("data.event.ended"),
	cases.Proposed:        i18n.T("data.event.proposed"),
	cases.Reopened:        i18n.T("data.event.reopened"),
	cases.Attached:        i18n.T("data.event.attached"),
	cases.Spoiled:         i18n.T("data.event.spoiled"),
	cases.Corrected:       i18n.T("data.event.corrected"),
	cases.ContactChanged:  i18n.T("data.event.contact-changed"),
	cases.LanguageChanged: i18n.T("data.event.language-changed"),
	cases.Agreed:          i18n.T("data.event.agreed"),
	cases.Objected:        i18n.T("data.event.objected"),
	cases.Withdrawn:       i18n.T("data.event.withdrawn"),
	cases.Helped:          i18n.T("data.event.helped"),
	cases.NotHelped:       i18n.T("data.event.not-helped"),
	cases.Reported:        i18n.T("data.event.reported"),
	cases.Lapsed:          i18n.T("data.event.lapsed"),
	cases.WrittenUp:       i18n.T("data.event.written-up"),
	cases.Approved:        i18n.T("data.event.approved"),
	cases.NotApproved:     i18n.T("data.event.not-approved"),
	cases.LeftAlone:       i18n.T("data.event.left-alone"),
}

func grade(of string) i18n.Text {
	switch of {
	case cases.GradeYes:
		return i18n.T("data.grade.yes")
	case cases.GradePartly:
		return i18n.T("data.grade.partly")
	}
	return i18n.T("data.grade.no")
}

// answers are what was told, by the questions it answers.
func (w *dataWriter) answers(title string, fields []string, told cases.Words) dataGroup {
	all := dataGroup{Title: title}
	for _, field := range fields {
		value := strings.TrimSpace(told[field])
		if field == cases.FieldFor && value != "" {
			whose, names := cases.Whose(value)
			value = strings.TrimSpace(whoseTexts[whose].In(w.l) + "\n" + names)
		}
		value = w.chosen(field, value)
		if value != "" {
			all.fact(w.label(field), value)
		}
	}
	return all
}

// graded is what was said of how a case was handled, in words.
func (w *dataWriter) graded(said cases.Words) cases.Words {
	said = maps.Clone(said)
	for _, field := range []string{"handled", "solved"} {
		if said[field] != "" {
			said[field] = grade(said[field]).In(w.l)
		}
	}
	return said
}

// chosen is what a choice or a day reads that answers a question of the organisation's own.
func (w *dataWriter) chosen(field, value string) string {
	q, _ := w.procedure.OwnQuestion(field)
	if c, ok := q.Chosen(value); ok && c.Label[w.l] != "" {
		return c.Label[w.l]
	}
	if day, err := time.Parse(time.DateOnly, value); err == nil && q.Kind == cases.AskDate {
		return i18n.T("data.day", "day", i18n.Date{Time: day}).In(w.l)
	}
	return value
}

var whoseTexts = map[string]i18n.Text{
	cases.ForSelf:    i18n.T("data.for.self"),
	cases.ForAnother: i18n.T("data.for.another"),
	cases.ForJoint:   i18n.T("data.for.joint"),
}

// label names a field.
func (w *dataWriter) label(field string) string {
	if id, own := strings.CutPrefix(field, cases.FieldOwn); own {
		if q, found := w.procedure.Question(id); found && q.Label[w.l] != "" {
			return q.Label[w.l]
		}
	} else if key := "data.field." + field; i18n.Has(key) {
		return i18n.T(key).In(w.l)
	}
	return w.say("data.field.other")
}

// enclosures lists files.
func (w *dataWriter) enclosures(title string, files []cases.Enclosure) dataGroup {
	all := dataGroup{Title: title}
	for _, f := range files {
		w.files = true
		name := w.named(f.Name)
		var text i18n.Text
		switch f.State {
		case cases.EnclosureWaiting:
			text = i18n.T("data.file.waiting", "name", name)
		case cases.EnclosureRefused:
			text = i18n.T("data.file.refused", "name", name)
		case cases.EnclosureLost:
			text = i18n.T("data.file.lost", "name", name)
		case cases.EnclosureKept:
			key := "data.file.kept"
			if f.By == cases.TheCommittee {
				key = "data.file.sent"
			}
			text = i18n.T(key, "name", name, "size", sizeOf(f.Size, w.l))
		}
		all.Lines = append(all.Lines, dataLine{At: w.saidMoment(f.At), Text: text.In(w.l)})
	}
	return all
}

// named is the name of a file.
func (w *dataWriter) named(name string) string {
	if name = strings.TrimSpace(name); name == "" {
		return w.say("data.file.unnamed")
	}
	return name
}

// sizeOf writes a number of bytes in kB or MB, as the language does.
func sizeOf(bytes int64, l i18n.Language) string {
	if bytes < 1_000_000 {
		return fmt.Sprintf("%d kB", max(1, (bytes+500)/1000))
	}
	size := fmt.Sprintf("%.1f MB", float64(bytes)/1e6)
	if l == i18n.Dutch {
		size = strings.Replace(size, ".", ",", 1)
	}
	return size
}

func (g *dataGroup) fact(label, value string) { g.Facts = append(g.Facts, dataFact{label, value}) }

// with adds the groups that say something.
func (s dataSection) with(groups ...dataGroup) dataSection {
	for _, g := range groups {
		if len(g.Facts) > 0 || len(g.Lines) > 0 || g.Note != "" {
			s.Groups = append(s.Groups, g)
		}
	}
	return s
}
