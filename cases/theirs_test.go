package cases

import (
	"strings"
	"testing"
)

func TestWhatIsTheComplainantsIsSeenInWordsForAPersonConcerned(t *testing.T) {
	const story = "The report came three weeks later than agreed. I rang twice, on Monday and on Friday, and nobody ever rang back."
	told := Words{FieldProblem: story, FieldTelephone: "+31 20 123 4567", FieldEmail: "noor@example.org", FieldName: "Noor (invented)", FieldSubject: "the help desk"}
	f := &File{Case: Case{Kind: Formal}, Events: []Event{
		{Seq: 1, Kind: Filed, By: Complainant, Words: told},
		{Seq: 2, Kind: Replied, By: Complainant, Words: Words{FieldText: "He said that I should not call again because there are more important clients than me"}},
		{Seq: 3, Kind: ContactChanged, By: Complainant, Words: Words{FieldEmail: "new@example.org"}},
		{Seq: 4, Kind: Wrote, By: By("U2"), Words: Words{FieldText: "We will put to the desk how long the report took and why nobody rang you back in May"}},
	}}
	f.Assemble()
	for words, want := range map[string]string{
		"": "<nil>", "Did you ring back in May, and how long did the report take?": "<nil>",
		"The report came three weeks later than agreed. Is that so?":           "<nil>", // eight of their words: what it is about can be said in no other
		"We will put to the desk how long the report took and why nobody rang": "<nil>", // the committee's own
		"Noor (invented) complains of the help desk. Case 20261234567890":      "<nil>",

		"Ring NEW@example.org": "theirs-contact", "Their number is 020 - 123 45 67.": "theirs-contact", "020 1234567 2 (between nine and five)": "theirs-contact", "(0031) 20/123.4567": "theirs-contact",
		"I quote: “the REPORT came three weeks later than agreed; I rang twice, on Monday” ...": "theirs-story",
		story: "theirs-story", story + " Ring (020) 1234567.": "theirs-both",
		"They heard: he said that I should not call again, because there are more important clients": "theirs-story",
	} {
		if got := refusedAs(f.Theirs(words)); got != want {
			t.Errorf("%q: %s, want %s", words, got, want)
		}
	}

	f.Events[0].Words = Words{FieldProblem: "Nobody rang me back, ever again."}
	f.Assemble()
	for words, want := range map[string]string{
		"They say: nobody rang me back, ever again": "theirs-story", "Nobody rang": "<nil>", "12345678 and 20 123 4567": "<nil>",
	} {
		if got := refusedAs(f.Theirs(words)); got != want {
			t.Errorf("of a short story: %q: %s, want %s", words, got, want)
		}
	}
	f.Events[0].Words = Words{FieldProblem: "Nobody rang."}
	f.Assemble()
	if err := f.Theirs(strings.Repeat("Nobody rang. ", 9)); err != nil {
		t.Errorf("of two words, which anybody says: %v", err)
	}
}

func TestAnInvitationKeepsThatTheComplainantAgreedToIt(t *testing.T) {
	c, p, now := sentWith(t, func(*Case) {})
	if _, err := c.AddParty(member, PartyDraft{Name: "Karel (invented)", Email: "karel@example.org"}, p, now); err != nil {
		t.Fatal(err)
	}
	if err := c.InviteAgreed(member, 1, "x", now, p, now); err != nil {
		t.Fatal(err)
	}
	if e := c.events[len(c.events)-1]; e.Kind != Invited || e.Data["agreed"] != "yes" {
		t.Errorf("%+v", e)
	}
	if err := c.Invite(member, 1, "x", now, p, now); err == nil && c.events[len(c.events)-1].Data["agreed"] != "" {
		t.Error("nobody said that they agreed")
	}
}
