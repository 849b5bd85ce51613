package slack

import (
	"slices"
	"strconv"
	"strings"

	"websec.nl/gehoor/cases"
	"websec.nl/gehoor/i18n"
)

// helps is what a button of a reminder helps with: the action that its reader needs, and whether it goes first.
type helps struct {
	action string
	do     cases.Action
	text   string // key; empty: that of the button elsewhere
}

// helping are the buttons that help most with each milestone.
var helping = map[cases.Milestone][]helps{
	cases.MilestoneAcknowledged: {{actSpeak, cases.Speak, ""}},
	cases.MilestoneOwned:        {{actTake, cases.Take, ""}, {actAssign, cases.Assign, ""}},
	cases.MilestoneContacted:    {{actSpeak, cases.Speak, ""}},
	cases.MilestoneInvited:      {{actHear, cases.Hear, ""}},
	cases.MilestoneProposed:     {{actPropose, cases.Propose, ""}},
	cases.MilestoneForeseen:     {{actInTime, cases.Extend, "reminder.button.yes"}, {actForesee, cases.Extend, "reminder.button.late"}},
	cases.MilestoneDecided:      {{actClose, cases.End, ""}, {actForesee, cases.Extend, "reminder.button.late"}},
	cases.MilestoneExplained:    {{actExtend, cases.Extend, ""}},
	cases.MilestoneTalked:       {{actDone, cases.End, ""}},
	cases.MilestoneApproved:     {{actAgreeByCall, cases.AgreeByCall, ""}},
	cases.MilestoneMeasured:     {{actMeasured, cases.Measured, ""}},
	cases.MilestoneCovered:      {{actAssign, cases.Assign, ""}},
}

// entryButtons are what can be done about a reminder, as far as its reader may.
func (b *Bot) entryButtons(en entry, v viewing) (row []*button) {
	c, l := en.c, v.language
	if len(en.waits) > 0 {
		w := en.waits[0]
		of := ""
		if w.Of > 0 {
			of = strconv.Itoa(w.Of)
		}
		for _, h := range helping[w.Milestone] {
			key := h.text
			if key == "" {
				key = "card.button." + h.action
			}
			if (w.Milestone != cases.MilestoneDecided || h.action != actForesee || !c.Late(b.store.Now())) && v.may(h.do, c) {
				row = append(row, press(h.action, i18n.T(key).In(l), strings.TrimSpace(string(c.Number)+" "+of)))
			}
		}
		if len(row) > 0 {
			primary(row[0])
		}
		row = append(row, b.laterButtons(en, w, v)...)
		assigns := slices.ContainsFunc(helping[w.Milestone], func(h helps) bool { return h.action == actAssign })
		if c.Open() && !assigns && !v.owns(c) && v.may(cases.Assign, c) {
			row = append(row, act(actAssign, c, l))
		}
	}
	if v.may(cases.ReadFile, c) {
		row = append(row, act(actFile, c, l))
	}
	return row
}

// laterButtons are those with which somebody says that they see to it, or that they want to be reminded later.
func (b *Bot) laterButtons(en entry, w cases.Waiting, v viewing) (row []*button) {
	c, l := en.c, v.language
	if !v.may(mindsAs(w.Milestone), c) {
		return nil
	}
	if what := subject(w.Milestone, w.Of); mindable(w.Milestone) && w.Minded.Member == "" {
		row = append(row, press(actMind, i18n.T("reminder.button.mind").In(l), string(c.Number)+" "+what))
	}
	if !v.direct || !w.Again.IsZero() { // what somebody wants later is their own
		return row
	}
	what := string(c.Number) + " " + subject(w.Milestone, w.Of) + "."
	return append(row, press(actSnooze+laterSoon, i18n.T("reminder.button.soon").In(l), what+laterSoon),
		press(actSnooze+laterNext, i18n.T("reminder.button.next").In(l), what+laterNext))
}

// mindable says whether somebody can say of a milestone that they see to it: see cases.Case.Mind.
func mindable(m cases.Milestone) bool {
	return m != cases.MilestoneOwned && m != cases.MilestoneForeseen && m != cases.MilestoneCovered
}

// mindsAs is the action that minding a milestone is: see cases.Case.Mind.
func mindsAs(m cases.Milestone) cases.Action {
	switch m {
	case cases.MilestoneMeasured:
		return cases.Measured
	case cases.MilestoneApproved:
		return cases.WriteUp
	}
	return cases.Mind
}

// subject names a milestone of a case in the value of a button.
func subject(m cases.Milestone, of int) string { return string(m) + "." + strconv.Itoa(of) }
