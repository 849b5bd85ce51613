package cases

import (
	"testing"
	"time"
)

func TestNameAndAddressOfAPartyStandInTheFileAndNowhereElse(t *testing.T) {
	p, now := presided(), at(t, "2026-11-23 10:00")
	c := Submit("K-2026-0001", Complaint{Language: "nl", Answers: Words{FieldName: "Noor (invented)"}}, 7001, p, now)
	_ = c.Screen(nil, true, p, now)
	_ = c.Take(member, now)
	_, _ = c.AddParty(member, PartyDraft{Member: "U2", Name: "Bob (invented)"}, p, now)
	_, _ = c.AddParty(member, PartyDraft{Name: " Pia (invented) ", Email: "pia@example.org"}, p, now)
	f := fileOf(c, c.Events())
	for number, want := range map[int][2]string{1: {"Bob (invented)", ""}, 2: {"Pia (invented)", "pia@example.org"}, 3: {"", ""}} {
		if got := [2]string{f.PartyName(number), f.PartyMail(number)}; got != want {
			t.Errorf("party %d is %v", number, got)
		}
	}
	if one, _ := f.Case.Work.Party(2); one.Language != "nl" {
		t.Errorf("they are written to in %q", one.Language)
	}
}

func TestWhoeverReadOrFoundAFileHasSeenIt(t *testing.T) {
	p, now := presided(), at(t, "2026-11-23 10:00")
	for saw, do := range map[string]func(*Case) error{
		"card":            func(*Case) error { return nil },
		"card file":       func(c *Case) error { return c.Read(other, now) },
		"card file ":      func(c *Case) error { return c.Find(other, now) },
		"card owner room": func(c *Case) error { return c.Assign(chair, other, now) },
	} {
		c := complaint(now, p)
		if err := do(c); err != nil {
			t.Fatal(err)
		}
		if got := c.saw("U2"); got != saw && got+" " != saw {
			t.Errorf("saw %q, want %q", got, saw)
		}
		if c.saw("U5") != "card" {
			t.Error("another saw more than the card")
		}
	}
	c := complaint(now, p)
	_ = c.Find(other, now)
	if e := c.Events()[0]; e.Kind != Read || e.Data["in"] != "search" || len(Notices(c, e)) != 0 {
		t.Errorf("%+v", e)
	}
	if err := c.Find(Person{Member: "U8"}, now); refusedAs(err) != "not-in-committee" {
		t.Error(err)
	}
}

func TestHowTheyWereSpokenWithStandsInTheEvent(t *testing.T) {
	p, now := presided(), at(t, "2026-11-23 10:00")
	c := complaint(now, p)
	_ = c.Take(member, now)
	c.Events()
	for how, want := range map[Manner]string{OnVideo: "video", "": "", "by pigeon": ""} {
		if err := c.SpeakBy(member, how, now, "note", "steps", now); err != nil {
			t.Fatal(err)
		}
		if e := c.Events()[0]; e.Data["how"] != want || e.Data["when"] != now.UTC().Format(time.RFC3339) {
			t.Errorf("%+v", e)
		}
	}
	if err := c.SpeakBy(Person{Member: "U1", Committee: true}, OnVideo, now, "note", "steps", now); refusedAs(err) != "representative-only" {
		t.Errorf("by an owner who is no representative any more: %v", err)
	}
}
