package telegram

import (
	"websec.nl/gehoor/cases"
	"websec.nl/gehoor/i18n"
)

// progress says how a case stands: what has been done, what comes next, and by when. Where nothing is new it says so.
func (n *notice) progress() []i18n.Text {
	if n.event.Kind != cases.Progressed {
		return nil
	}
	c, p := &n.file.Case, n.procedure
	course := cases.CourseOf(c.Kind, p.StandingOf(n.event), c.Proposal != 0, false)
	same := n.file.Before(n.event)
	texts := []i18n.Text{i18n.T(cases.ProgressKey(c.Kind, same), "number", n.number())}
	if same == 0 {
		texts = append(texts, course.Done)
	}
	texts = append(texts, course.Next)
	if c.Asks() {
		texts = append(texts, i18n.T("notice.progress.question"))
	}
	if c.Kind == cases.Talk {
		texts = append(texts, i18n.T("notice.progress.again", "again", i18n.Date{Time: p.HearsAgain(n.event.At)}))
	} else {
		texts = append(texts, n.aim()...)
	}
	return append(texts, n.turnTo("notice.turn-to")...)
}

// delay says why a case takes longer, and by when it will be done. On the last day the reason may be one that was given before.
func (n *notice) delay() []i18n.Text {
	until, ok := n.day("until")
	if !ok {
		return nil
	}
	key, moved, pairs := "notice.delay", n.file.Before(n.event) > 0, []any(nil)
	day, foreseen := n.day("day")
	switch {
	case n.event.Kind == cases.ForeseenLate && foreseen:
		key, pairs = "notice.delay-foreseen", []any{"day", day}
		if moved {
			key = "notice.delay-foreseen-again"
		}
	case n.file.OwesReason(n.event):
		key = "notice.delay-owed"
	case moved:
		key = "notice.delay-again"
	}
	texts := n.quoting(key, cases.FieldText, pairs...)
	if texts == nil {
		return nil
	}
	texts = append(texts, i18n.T("notice.delay-until", "until", until))
	return append(texts, n.turnTo("notice.turn-to")...)
}

// late owns up: we are late, a reason is owed, and by then they hear more. Who heard that before reads that they did.
func (n *notice) late() []i18n.Text {
	day, ok := n.day("day")
	until, both := n.day("until")
	if !ok || !both {
		return nil
	}
	pairs := []any{"number", n.number(), "day", day, "until", until}
	text := i18n.T("notice.late", pairs...)
	switch before := n.file.Before(n.event); {
	case before == 0 && n.file.Moved(n.event):
		text = i18n.T("notice.late-again", pairs...)
	case before == 0:
	case before%2 == 1:
		text = i18n.T("notice.still-late", pairs...)
	default:
		text = i18n.T("notice.still-late-again", pairs...)
	}
	return append([]i18n.Text{text}, n.turnTo("notice.turn-to")...)
}
