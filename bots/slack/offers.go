package slack

import (
	"slices"

	"websec.nl/gehoor/cases"
	"websec.nl/gehoor/i18n"
)

// roomOffers are all that can be done with a case at its stage, in the order of the work, in rows, and what holds for whatever is typed
// in its room: that names no button which is not there. Whether something is theirs to do is asked of who presses.
func roomOffers(c *cases.Case, l i18n.Language) []block {
	var rows [][]string
	promise := i18n.T("room.promise")
	switch {
	case !c.Open():
		rows = [][]string{{actFile}}
	case c.Stage == cases.Awaiting:
		rows = [][]string{{actFile, actAgreeByCall, actLapse, actNote}, {actRecuse}}
	case c.Kind == cases.Talk && c.Owner != "":
		rows = [][]string{{actFile, actWrite, actDone, actAssign, actNote}, {actRecuse}}
	case c.Owner == "":
		rows = [][]string{{actTake, actAssign, actFile, actAssess, actNote}, {actExtend, actLapse, actRecuse}}
	case c.Work.Draft != 0:
		rows = [][]string{{actFile, actApprove, actClose, actWrite, actNote}, {actSpeak, actHear, actReport, actPropose, actExtend}, {actForesee, actAssess, actAssign, actLapse, actRecuse}}
	default:
		rows = [][]string{{actFile, actWrite, actSpeak, actPropose, actClose}, {actHear, actReport, actExtend, actAssess, actNote}, {actForesee, actAssign, actLapse, actRecuse}}
	}
	var blocks []block
	for _, row := range rows {
		if !slices.ContainsFunc(c.Work.Parties, heard) {
			row = slices.DeleteFunc(row, func(a string) bool { return a == actReport })
		}
		var made []*button
		for _, action := range row {
			made = append(made, offer(action, c, l))
		}
		blocks = append(blocks, buttons(made...))
		if slices.Contains(row, actWrite) {
			promise = i18n.T("room.promise-write")
		}
	}
	return append(blocks, small(promise.In(l)))
}

// heard says whether there is something of a person concerned to report.
func heard(p cases.Party) bool {
	return p.State == cases.PartyHeard || p.State == cases.PartyDeclined || p.State == cases.PartySilent
}

func offer(action string, c *cases.Case, l i18n.Language) *button {
	switch action {
	case actRecuse:
		return recuseButton(c, l)
	case actTake, actApprove:
		return primary(act(action, c, l))
	}
	return act(action, c, l)
}

// recuseButton lets a member say in one press that they should not handle a case. As it can't be undone by them, it asks once
// whether they mean it.
func recuseButton(c *cases.Case, l i18n.Language) *button {
	return sure(act(actRecuse, c, l), i18n.T("recuse.title").In(l), i18n.T("recuse.text", "number", string(c.Number)).In(l),
		i18n.T("recuse.yes").In(l), i18n.T("form.button.cancel").In(l))
}
