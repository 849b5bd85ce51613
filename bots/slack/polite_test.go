package slack

import (
	"slices"
	"testing"
	"time"

	"websec.nl/gehoor/bots/playground"
	"websec.nl/gehoor/cases"
	"websec.nl/gehoor/cases/names"
)

// What becomes of a member whom later words name.
const (
	nothing  = ""
	toLookAt = "look"
	isOut    = "out"
)

func TestWhatIsSaidOfWhoHandlesACaseAfterTheComplaint(t *testing.T) {
	workspace := names.Meet([]names.Person{
		{ID: bram, Names: []string{"Bram Verkerk (invented)", "bram"}},
		{ID: dewi, Names: []string{"Dewi Hartono (invented)", "dewi"}},
	})
	f := &cases.File{Case: cases.Case{Owner: bram}}
	p := cases.DefaultProcedure()
	for _, one := range []struct{ text, bram, dewi string }{
		{"Beste Bram, dank voor uw telefoontje. Morgen kan ik.", nothing, nothing},
		{"Beste Bram,\n\nIk stuur u de foto's.\n\nMet vriendelijke groet,\nNoor", nothing, nothing},
		{"beste bram, morgen kan ik", nothing, nothing},
		{"Geachte heer Verkerk, hierbij mijn antwoord.", nothing, nothing},
		{"Geachte heer/mevrouw Verkerk,\nhierbij mijn antwoord.", nothing, nothing},
		{"Hoi Bram", nothing, nothing},
		{"Dag Bram Verkerk, tot morgen.", nothing, nothing},
		{"Goedemorgen Bram! Ik ben thuis.", nothing, nothing},
		{"Dank u wel Bram.", nothing, nothing},
		{"Dankjewel, Bram!", nothing, nothing},
		{"Bedankt Bram voor het meedenken.", nothing, nothing},
		{"Tot dan. Groeten aan Bram.", nothing, nothing},
		{"Dear Bram, thank you for calling.", nothing, nothing},
		{"Hello Mr. Verkerk,\nI can come tomorrow.", nothing, nothing},
		{"Hi Bram I can come tomorrow.", nothing, nothing},
		{"Thanks Bram! That helps.", nothing, nothing},
		{"Thank you, Bram.", nothing, nothing},
		{"See you. Kind regards to Bram", nothing, nothing},
		{"Beste Bram en Dewi, dank.", nothing, isOut},

		{"Het ging over Bram zelf", toLookAt, nothing},
		{"Beste Bram, het ging om u, Bram Verkerk.", toLookAt, nothing},
		{"Hallo Bram heeft mij uitgescholden", toLookAt, nothing},
		{"Bedankt, Bram heeft mij uitgescholden", toLookAt, nothing},
		{"Ik sprak gisteren met Bram Verkerk, dat was prettig.", toLookAt, nothing},
		{"It was about Bram himself", toLookAt, nothing},
		{"Dear committee, Bram shouted at me.", toLookAt, nothing},
		{"Thanks, but Bram shouted at me.", toLookAt, nothing},

		{"Het was die dag Bram.", toLookAt, nothing},
		{"Dat heb ik te danken aan Bram.", toLookAt, nothing},
		{"Bedankt voor niets door Bram.", toLookAt, nothing},
		{"Beste commissie, Bram.", toLookAt, nothing},
		{"My complaint regards Bram.", toLookAt, nothing},
		{"Thanks to Bram I lost my job.", toLookAt, nothing},
		{"Thanks to Bram, the bill was wrong.", toLookAt, nothing},
		{"Tot morgen.\n\nMet vriendelijke groeten,\n\nBram\nVerstuurd vanaf mijn telefoon", nothing, nothing},
		{"See you tomorrow.\nKind regards,\nBram", nothing, nothing},
		{"Beste Bram, het ging om Dewi.", nothing, isOut},
		{"Beste Dewi, dank voor uw hulp.", nothing, isOut},
		{"Dear Bram, it was Dewi Hartono.", nothing, isOut},
	} {
		j := judge(workspace, f, cases.Event{Kind: cases.Replied, Words: cases.Words{cases.FieldText: one.text}}, p)
		of := func(m cases.Member) string {
			is := func(s cases.Suspect) bool { return s.Member == m }
			switch {
			case slices.ContainsFunc(j.out, is):
				return isOut
			case slices.ContainsFunc(j.look, is):
				return toLookAt
			}
			return nothing
		}
		if of(bram) != one.bram || of(dewi) != one.dewi {
			t.Errorf("%q: who handles it %q and not %q, a colleague %q and not %q", one.text, of(bram), one.bram, of(dewi), one.dewi)
		}
	}
}

func TestTheComplaintItselfExcludesWhoeverItNames(t *testing.T) {
	workspace := names.Meet([]names.Person{{ID: bram, Names: []string{"Bram Verkerk (invented)", "bram"}}})
	f := &cases.File{Case: cases.Case{Owner: bram}, Events: []cases.Event{{Seq: 1, Kind: cases.Filed}, {Seq: 2, Kind: cases.Replied}}}
	greeting := cases.Words{cases.FieldText: "Beste Bram, dank."}
	for name, e := range map[string]cases.Event{
		"the complaint":              {Kind: cases.Filed, Words: cases.Words{cases.FieldProblem: "Beste Bram, dank."}},
		"the complaint, corrected":   {Kind: cases.Corrected, Data: map[string]string{"event": "1", "answer": cases.FieldProblem}, Words: greeting},
		"the story, corrected":       {Kind: cases.Corrected, Data: map[string]string{"event": "1"}, Words: greeting},
		"a write-up, corrected":      {Kind: cases.Corrected, Data: map[string]string{"field": cases.FieldProblem}, Words: greeting},
		"somebody who is a namesake": {Kind: cases.PartyAdded, Words: cases.Words{cases.FieldName: "Bram Verkerk"}},
	} {
		if j := judge(workspace, f, e, cases.DefaultProcedure()); len(j.out) != 1 {
			t.Errorf("%s: %d are excluded", name, len(j.out))
		}
	}
	e := cases.Event{Kind: cases.Corrected, Data: map[string]string{"event": "2"}, Words: greeting}
	if j := judge(workspace, f, e, cases.DefaultProcedure()); len(j.out)+len(j.look) != 0 {
		t.Error("a greeting in a corrected message counts")
	}
}

func TestAGreetingLeavesTheOwnerTheirCaseAndAnAccusationReachesWhoPresides(t *testing.T) {
	w := newWorld(t)
	number, room, _ := w.taken()
	w.replies(7001, number, "Beste Bram, dank voor uw telefoontje. "+canary)
	w.message(room.ID, "dank voor uw telefoontje")
	w.quiet()
	if c := w.file(number).Case; c.Owner != bram || len(c.Excluded) > 0 {
		t.Fatalf("the owner is %q, and excluded are %v", c.Owner, c.Excluded)
	}
	if w.sees(anna, "Wilt u in het dossier kijken") {
		t.Error("the chair is asked to look at a greeting")
	}

	w.replies(7001, number, "Het ging over Bram zelf "+canary)
	direct := w.slack.Direct(anna).ID
	m := w.message(direct, string(number), "staat misschien de naam van "+mention(bram), "belangenconflict")
	w.quiet()
	if err := w.bot.Refresh(t.Context()); err != nil { // the night holds all words against all names once more
		t.Fatal(err)
	}
	w.quiet()
	if c := w.file(number).Case; c.Owner != bram || len(c.Excluded) > 0 {
		t.Fatalf("the owner is %q, and excluded are %v before anybody judged", c.Owner, c.Excluded)
	}
	w.press(anna, direct, m, actExclude)
	w.view(anna, "uitsluiten")
	w.submit(anna, fields{fieldText: "the complaint is about Bram"}) // whom it is about stands there already
	w.until("the owner to be excluded", func() bool { c := w.file(number).Case; return c.Owner == "" && c.Excludes(bram) })
	w.until("the owner to be out of the room", func() bool { return !w.inside(bram, room.ID) })
}

func TestWhoPresidesDoesNotJudgeOfThemselves(t *testing.T) {
	w := newWorldUnder(t, func(p *cases.Procedure) { p.Committee.Deputy = chris })
	number := w.complains()
	w.take(anna, number)
	w.replies(7001, number, "Het ging over Anna zelf "+canary)
	w.message(w.slack.Direct(chris).ID, string(number), "colleague is excluded")
	if c := w.file(number).Case; !c.Excludes(anna) {
		t.Error("the chair is left to judge of themselves")
	}
}

func TestWhereNobodyPresidesTheChannelHearsNoName(t *testing.T) {
	private := func(_ *playground.Options, cfg *Config) { cfg.Channel = "besloten" }
	w := newWorldUnder(t, func(p *cases.Procedure) { p.Committee.Chair = "" }, private)
	id := w.slack.NewChannel("besloten", true, playground.BotUserID, anna, bram, chris, dewi).ID
	number := w.files(aboutWhom("Eve (invented) " + canary))
	for _, member := range []string{anna, bram, chris, dewi} {
		w.message(w.slack.Direct(member).ID, string(number), mention(eve))
	}
	w.card(number, "Oppakken") // all who read the channel may see it
	w.quiet()
	if c, _ := w.slack.Channel(id); slices.ContainsFunc(c.Messages, func(m playground.SlackMessage) bool { return has(m.AllText(), eve) }) {
		t.Error("the channel hears whom it may be about")
	}
	if has(w.logs.String(), "committee's channel is public") {
		t.Error("a private channel is said to be public")
	}
}

func TestAPublicChannelShowsNoMoreThanWhoeverReadsItMayKnow(t *testing.T) {
	w := newWorld(t)
	number := w.files(aboutWhom("Eve (invented) " + canary))
	w.card(number)
	w.direct(bram, number, "Oppakken")
	w.alters(number, func(c *cases.Case, now time.Time) error {
		return c.Assess(w.who(anna), cases.Assessment{Severity: cases.High, Urgency: cases.High, Unsafe: true}, "", now)
	})
	w.direct(bram, number, "Ernst")
	w.quiet()
	w.keptFrom(eve, "Ernst", "Oppakken")
	if !has(w.logs.String(), "committee's channel is public") {
		t.Error("the admin does not hear that the channel should be private")
	}
}
