package slack

import (
	"encoding/json"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"websec.nl/gehoor/bots/playground"
	"websec.nl/gehoor/cases"
)

func TestSomebodyNamedByMistakeIsTakenBackAndLetInAgain(t *testing.T) {
	w := newWorld(t)
	number, room, _ := w.taken()
	w.names(number, fields{fieldMember: dewi})

	// Nobody can let a person concerned see the case, so nobody is advised to.
	direct := w.slack.Direct(anna).ID
	m := w.message(direct, "is betrokkene.", "Eerder gezien: de kaart", "Een betrokkene ziet alleen wat wordt voorgelegd.")
	if strings.Contains(m.AllText(), "Laat die dan weer toe") {
		t.Errorf("who presides is advised to clear a person concerned: %s", m.AllText())
	}
	w.press(anna, direct, m, actFile)
	v := w.view(anna, "Wie deze zaak niet ziet", mention(dewi)+": is betrokkene", "Eerder gezien: de kaart")
	if strings.Contains(v.AllText(), "Weer toelaten") {
		t.Error("the file offers to clear a person concerned")
	}
	w.close(anna)

	w.opensFrom(bram, number, actHear, "nog niet uitgenodigd", "Toch geen betrokkene")
	w.pressIn(bram, actRemoveParty)
	w.view(bram, "U legt vast dat "+mention(dewi)+" toch geen betrokkene is in zaak "+string(number))
	w.submit(bram, fields{fieldText: words("another of that name")})
	w.noView(bram)
	w.message(room.ID, "betrokkene 1 toch geen betrokkene is", words("another of that name"))
	if hearings, _ := w.file(number).Case.Work.Open(); hearings != 0 {
		t.Errorf("%d hearings wait for somebody who is not concerned", hearings)
	}

	w.press(anna, direct, m, actFile)
	w.view(anna, "Wie deze zaak niet ziet")
	w.pressIn(anna, actClear)
	w.view(anna, mention(dewi)+": is betrokkene", "Waarom")
	w.submit(anna, fields{fieldTo: dewi, fieldText: words("named by mistake")})
	w.view(anna, string(number))
	w.close(anna)
	if w.file(number).Case.Excludes(dewi) {
		t.Error("who was named by mistake still sees nothing of the case")
	}
}

func TestOnlyWhoCanBeLetInAgainIsListed(t *testing.T) {
	w := newWorld(t)
	number, _, _ := w.taken()
	w.names(number, fields{fieldMember: dewi})
	clears := func() string {
		t.Helper()
		w.forgeries++
		i := interaction{Type: "block_actions", TriggerID: "clear-" + strconv.Itoa(w.forgeries)}
		i.User.ID = anna
		shown, err := w.bot.blank(t.Context(), i, forms[actClear], "nl", meta{Case: string(number), Which: dewi})
		if said, known := sayable(err); err != nil && known {
			return said.In("nl")
		} else if err != nil {
			t.Fatal(err)
		}
		raw, _ := shown.encode()
		return string(raw)
	}
	if said := clears(); !strings.Contains(said, "zijn alleen betrokkenen uitgesloten") {
		t.Error(said)
	}
	w.alters(number, func(c *cases.Case, now time.Time) error { return c.Recuse(w.who(chris), "", w.store.Procedure(), now) })
	if said := clears(); !strings.Contains(said, chris) || strings.Contains(said, `"`+dewi+`"`) || strings.Contains(said, mention(dewi)) {
		t.Error(said)
	}
}

func TestWhoNamesTheOwnerAsAPersonConcernedIsAskedWhetherTheyMeanIt(t *testing.T) {
	w := newWorld(t)
	number, _, _ := w.taken()
	w.opensFrom(bram, number, actHear, "Wie bij zaak")
	w.pressIn(bram, actAddParty)
	w.view(bram, "Noemt u uzelf, of wie de zaak behandelt?")
	w.submit(bram, fields{fieldMember: bram})
	w.problem(bram, fieldSure, "Kruis aan dat dit klopt.")
	if c := w.file(number).Case; c.Owner != bram || len(c.Work.Parties) > 0 {
		t.Fatal("the owner lost the case unasked")
	}
	w.submit(bram, fields{fieldSure: tick})
	w.noView(bram)
	if c := w.file(number).Case; c.Owner != "" || !c.Excludes(bram) {
		t.Error("who said so is no person concerned")
	}
}

// toldOf is what the blocks of an event say.
func toldOf(t *testing.T, e cases.Event) string {
	t.Helper()
	e.By = cases.By(anna)
	raw, err := json.Marshal(eventBlocks(&cases.File{}, e, cases.DefaultProcedure(), "nl"))
	if err != nil {
		t.Fatal(err)
	}
	return playground.TextOf(raw)
}

func TestTheFileSaysWhatSomebodyHadSeenWhoIsExcluded(t *testing.T) {
	e := cases.Event{Kind: cases.Excluded, Data: map[string]string{"member": dewi, "why": cases.WhyFound, "saw": "card owner file room"}}
	if said := toldOf(t, e); !strings.Contains(said, "Eerder gezien: de kaart, alles wat de behandelaar ziet, het dossier, de kamer.") {
		t.Error(said)
	}
	e.Data["saw"] = ""
	if said := toldOf(t, e); strings.Contains(said, "Eerder gezien") {
		t.Error(said)
	}
}

func TestAnAssessmentSaysThatSomebodyMayNotBeSafe(t *testing.T) {
	e := cases.Event{Kind: cases.Assessed, Data: map[string]string{"severity": "high", "urgency": "high", "unsafe": "yes"}}
	if said := toldOf(t, e); !strings.Contains(said, "Misschien is iemand niet veilig.") || strings.Contains(said, "niet voor is bedoeld") {
		t.Error(said)
	}
	e.Data = map[string]string{"severity": "low", "urgency": "low", "out-of-scope": "yes"}
	if said := toldOf(t, e); strings.Contains(said, "niet veilig") || !strings.Contains(said, "niet voor is bedoeld") {
		t.Error(said)
	}
}

func TestAnInvitationSaysOnceWhatWasPut(t *testing.T) {
	e := cases.Event{Kind: cases.Invited, Data: map[string]string{"party": "1", "until": "2026-11-30"}, Words: cases.Words{cases.FieldText: "did you?"}}
	if said := toldOf(t, e); strings.Count(said, "Dit is voorgelegd:") != 1 {
		t.Error(said)
	}
}

func TestWhoIsNoRepresentativeIsNotOfferedACase(t *testing.T) {
	w := newWorldUnder(t, func(p *cases.Procedure) { p.Committee.Representatives = cases.Roster{List: []cases.Member{bram, dewi}} })
	number, _, _ := w.taken()
	v := w.opensFrom(bram, number, actAssign, "Dewi")
	raw, err := json.Marshal(v.Blocks)
	if err != nil {
		t.Fatal(err)
	}
	if offered := string(raw); !strings.Contains(offered, `"`+dewi+`"`) || slices.ContainsFunc([]string{anna, chris}, func(m string) bool { return strings.Contains(offered, `"`+m+`"`) }) {
		t.Error(offered)
	}
}
