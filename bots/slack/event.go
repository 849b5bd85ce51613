package slack

import (
	"strings"
	"time"

	"websec.nl/gehoor/cases"
	"websec.nl/gehoor/i18n"
)

// spokenWords are the words of an event that are shown under it, in their order. Those of a complaint stand with the answers, and
// those of a closing are more than a list: see closingBlocks.
var spokenWords = map[cases.EventKind][]string{
	cases.Wrote:          {cases.FieldText},
	cases.Replied:        {cases.FieldText},
	cases.Corrected:      {cases.FieldText},
	cases.Attached:       {cases.FieldText},
	cases.ContactChanged: {cases.FieldTelephone, cases.FieldEmail},
	cases.Spoke:          {cases.FieldText, cases.FieldSteps},
	cases.Extended:       {cases.FieldText},
	cases.Proposed:       {cases.FieldSolution},
	cases.Agreed:         {cases.FieldText},
	cases.Objected:       {cases.FieldText},
	cases.Withdrawn:      {cases.FieldText},
	cases.Rated:          {cases.FieldText},
	cases.Reopened:       {cases.FieldText},
	cases.Excluded:       {cases.FieldText},
	cases.Cleared:        {cases.FieldText},
	cases.Assessed:       {cases.FieldText},
	cases.Noted:          {cases.FieldText},
	cases.PartyAdded:     {cases.FieldName, cases.FieldEmail, cases.FieldText},
	cases.PartyRemoved:   {cases.FieldText},
	cases.Invited:        {cases.FieldText},
	cases.Accounted:      {cases.FieldText},
	cases.Declined:       {cases.FieldText},
	cases.Reported:       {cases.FieldText},
	cases.SentBack:       {cases.FieldText},
	cases.MeasureDone:    {cases.FieldText},
	cases.Lapsed:         {cases.FieldText},
	cases.NotApproved:    {cases.FieldText},
	cases.ForeseenLate:   {cases.FieldText},
}

// saidAs are the names that stand above words of an event which are more than one, or not for everybody.
var saidAs = map[cases.EventKind]map[string]string{
	cases.Spoke:          {cases.FieldText: "file.words.text", cases.FieldSteps: "file.words.steps"},
	cases.ContactChanged: {cases.FieldTelephone: "file.field.telephone", cases.FieldEmail: "file.field.email"},
	cases.Reopened:       {cases.FieldText: "file.words.reason"},
	cases.Assessed:       {cases.FieldText: "file.words.text"},
	cases.PartyAdded:     {cases.FieldName: "file.field.name", cases.FieldEmail: "file.field.email", cases.FieldText: "file.words.relation"},
	cases.SentBack:       {cases.FieldText: "file.words.reason"},
	cases.MeasureDone:    {cases.FieldText: "file.words.text"},
}

// eventBlocks is one event, with its words: only for the case's own room and for a window of who may read the file.
func eventBlocks(f *cases.File, e cases.Event, p *cases.Procedure, l i18n.Language) []block {
	line := eventLine(e, p).In(l)
	if e.Kind == cases.Rated && e.Data["to"] != "" {
		line += " " + i18n.T("event.rated-reopen").In(l)
	}
	blocks := []block{say(line), small(momentOf(e.At, p).In(l))}
	if e.Kind == cases.Ended || e.Kind == cases.Drafted {
		return append(blocks, closingBlocks(e, p, l)...)
	}
	if saw := strings.Fields(e.Data["saw"]); e.Kind == cases.Excluded && len(saw) > 0 {
		blocks = append(blocks, small(sawText(saw, l)))
	}
	if e.Kind == cases.Assessed {
		for _, warning := range []struct{ data, key string }{{"unsafe", "card.unsafe"}, {"out-of-scope", "card.out-of-scope"}} {
			if e.Data[warning.data] != "" {
				blocks = append(blocks, say(i18n.T(warning.key).In(l)))
			}
		}
	}
	said := e
	if e.Kind == cases.Extended && e.Data["event"] != "" { // the clock told what somebody wrote before
		said, _ = f.Event(numbered(e.Data["event"]))
	}
	for _, field := range spokenWords[e.Kind] {
		words := said.Words[field]
		if words == "" {
			continue
		}
		if name := saidAs[e.Kind][field]; name != "" {
			blocks = append(blocks, small(i18n.T(name).In(l)))
		}
		blocks = append(blocks, quote(words)...)
		if before := f.Reach(e.Seq - 1)[field]; e.Kind == cases.ContactChanged && before != "" && before != words {
			blocks = append(append(blocks, small(i18n.T("file.words.before").In(l))), quote(before)...)
		}
	}
	if e.Kind == cases.Invited && e.Data["agreed"] != "" {
		blocks = append(blocks, small(i18n.T("file.words.agreed").In(l)))
	}
	return append(blocks, alongBlocks("file.words.files", f.FilesWith(e), l)...)
}

// newsBlocks is what the room is told of an event. What a case is reopened over stands with it: the room of before is closed.
func newsBlocks(f *cases.File, e cases.Event, p *cases.Procedure, l i18n.Language) []block {
	blocks := append(eventBlocks(f, e, p, l), fateBlocks(f, e, p, l)...)
	if sent, ok := enclosure(f, e.Data["attachment"]); ok && e.Kind == cases.Attached {
		return append([]block{say(eventLine(e, p).In(l))}, enclosureBlocks(f, sent, p, l)...)
	}
	if e.Kind != cases.Reopened {
		return blocks
	}
	for n := e.Seq - 1; n > 0; n-- {
		switch before, _ := f.Event(n); before.Kind {
		case cases.Rated:
			return append(eventBlocks(f, before, p, l), blocks...)
		case cases.Ended, cases.Withdrawn:
			return blocks
		}
	}
	return blocks
}

// eventLine says what happened, and who did it.
func eventLine(e cases.Event, p *cases.Procedure) i18n.Text {
	return i18n.T(keyOf(e),
		"who", actor(e.By), "to", mention(e.Data["to"]), "action", named("action.", e.Data["action"]),
		"when", moment(e.Data["when"], p), "until", day(e.Data["until"], p), "day", day(e.Data["day"], p),
		"outcome", named("outcome.", e.Data["outcome"]), "way", named("way.", e.Data["way"]),
		"handled", named("grade.", e.Data["handled"]), "solved", named("grade.", e.Data["solved"]), "reason", whySpoiled(e.Data["reason"]),
		"whom", recipient(cases.Recipient(e.Data["to"])), "about", named("milestone.", e.Data["milestone"]), "next", named("milestone.next.", e.Data["next"]), "by", day(e.Data["by"], p),
		"answer", named("file.field.", e.Data["answer"]), "date", moment(e.Data["date"], p), "how", named("manner.", e.Data["how"]),
		"witness", mention(e.Data["witness"]), "member", mention(e.Data["member"]), "author", mention(e.Data["author"]), "party", e.Data["party"], "measure", e.Data["measure"],
		"severity", named("level.", e.Data["severity"]), "urgency", named("level.", e.Data["urgency"]))
}

// keyOf is the key of what happened; some that happen in more than one way have a sentence for each.
func keyOf(e cases.Event) string {
	_, party := e.By.Party()
	_, member := e.By.Member()
	switch by := cases.Means(e.Data["by"]); {
	case e.Kind == cases.Requested && by == cases.Email:
		return "event.requested-email"
	case e.Kind == cases.Requested && by == cases.Letter:
		return "event.requested-letter"
	case e.Kind == cases.Read && e.Data["in"] == string(cases.ToRoom) && e.Data["attachment"] != "":
		return "event.read-in-room"
	case e.Kind == cases.Read && e.Data["in"] == string(cases.ToRoom):
		return "event.read-entered"
	case e.Kind == cases.Read && e.Data["attachment"] != "":
		return "event.read-file"
	case e.Kind == cases.Read && party && e.Data["in"] == "page":
		return "event.opened-party"
	case e.Kind == cases.Read && party:
		return "event.read-party"
	case e.Kind == cases.Read && e.Data["in"] == "search":
		return "event.read-search"
	case e.Kind == cases.Unreachable && e.Data["only"] != "":
		return "event.unreachable-file"
	case e.Kind == cases.Excluded:
		return excludedAs[excludedWhy(e)]
	case e.Kind == cases.Agreed && party:
		return "event.agreed-party"
	case e.Kind == cases.Objected && party:
		return "event.objected-party"
	case e.Kind == cases.Withdrawn && member:
		return "event.withdrawn-told"
	case e.Kind == cases.Corrected && e.Data["field"] != "":
		return "event.corrected-answer"
	case e.Kind == cases.Corrected && e.Data["answer"] != "":
		return "event.corrected-earlier"
	case e.Kind == cases.Corrected && e.Data["date"] != "":
		return "event.corrected-of"
	case e.Kind == cases.Wrote && e.Data["until"] != "":
		return "event.wrote-question-until"
	case e.Kind == cases.Wrote && e.Data["question"] != "":
		return "event.wrote-question"
	case e.Kind == cases.Spoke && e.Data["how"] != "":
		return "event.spoke-how"
	case e.Kind == cases.Approved && e.Data["witness"] != "":
		return "event.approved-telephone"
	case e.Kind == cases.Noted && e.Data["author"] != "":
		return "event.noted-of"
	case e.Kind == cases.Extended && e.Data["event"] != "":
		return "event.extended-foreseen"
	case e.Kind == cases.Progressed && e.Data["by"] != "":
		return "event.progressed-by"
	}
	return "event." + string(e.Kind)
}

// whatHappened is what a notification and a card say of an event, without a word of it.
func whatHappened(kind cases.EventKind, data map[string]string) i18n.Text {
	switch {
	case kind == cases.Unreachable && data["only"] != "":
		return i18n.T("room.what.unreachable-file")
	case kind == cases.Agreed && data["party"] != "":
		return i18n.T("room.what.agreed-party")
	case kind == cases.Objected && data["party"] != "":
		return i18n.T("room.what.objected-party")
	case kind == cases.Corrected && data["field"] != "":
		return i18n.T("room.what.corrected-answer")
	}
	return i18n.T("room.what." + string(kind))
}

// excludedAs are the sentences that say that somebody is excluded, by the reason.
var excludedAs = map[string]string{
	cases.WhyMatched: "event.excluded-matched", cases.WhyRecused: "event.excluded-recused", cases.WhyFound: "event.excluded-found",
	cases.WhyConcerns: "event.excluded-party",
}

// excludedWhy is why somebody was excluded.
func excludedWhy(e cases.Event) string {
	switch why := e.Data["why"]; why {
	case cases.WhyRecused, cases.WhyFound, cases.WhyConcerns:
		return why
	}
	return cases.WhyMatched
}

func actor(a cases.Actor) i18n.Text {
	if m, ok := a.Member(); ok {
		return i18n.Plain(mention(string(m)))
	}
	if number, ok := a.Party(); ok {
		return i18n.T("actor.party", "number", number)
	}
	return i18n.T("actor." + string(a))
}

func recipient(r cases.Recipient) i18n.Text {
	if m, ok := r.Member(); ok {
		return i18n.Plain(mention(string(m)))
	}
	return i18n.T("actor.board")
}

// named is the text for a value that an event holds; what is not known is shown as it is.
func named(prefix, value string) i18n.Text {
	if value == "" || !i18n.Has(prefix+value) {
		return i18n.Plain(escape(value))
	}
	return i18n.T(prefix + value)
}

func moment(value string, p *cases.Procedure) i18n.Text {
	t, err := time.Parse(time.RFC3339, value)
	if err != nil {
		return i18n.Plain(escape(value))
	}
	return momentOf(t, p)
}

func day(value string, p *cases.Procedure) i18n.Text {
	t, err := time.ParseInLocation(time.DateOnly, value, p.Location())
	if err != nil {
		return i18n.Plain(escape(value))
	}
	return i18n.T("file.day", "day", i18n.Date{Time: t})
}
