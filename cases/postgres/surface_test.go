package postgres_test

import (
	"errors"
	"slices"
	"testing"

	"websec.nl/gehoor/cases"
	"websec.nl/gehoor/cases/postgres"
)

func TestARoomThatWasReplacedIsRemembered(t *testing.T) {
	h := newHouse(t)
	number, other := h.file(t, 7001), h.file(t, 7002)
	set := func(number cases.Number, at postgres.Surface) {
		t.Helper()
		if err := h.SetSurface(t.Context(), number, at); err != nil {
			t.Fatal(err)
		}
	}
	set(other, postgres.Surface{Place: "room", Channel: "C9"})
	set(number, postgres.Surface{Place: "card", Channel: "C0", Message: "1.1"})
	for _, channel := range []string{"C1", "C1", "C2", "C3", "C2"} {
		set(number, postgres.Surface{Place: "room", Channel: channel})
	}
	all, err := h.Surfaces(t.Context(), number)
	want := []postgres.Surface{{"card", "C0", "1.1"}, {"former-room/C1", "C1", ""}, {"former-room/C3", "C3", ""}, {"room", "C2", ""}}
	if err != nil || !slices.Equal(all, want) {
		t.Errorf("%v, %v", all, err)
	}
	for channel, of := range map[string]cases.Number{"C1": number, "C2": number, "C3": number, "C9": other} {
		if got, err := h.CaseOfRoom(t.Context(), channel); got != of || err != nil {
			t.Errorf("%s is a room of %s, %v", channel, got, err)
		}
	}
	if _, err := h.CaseOfRoom(t.Context(), "C0"); !errors.Is(err, postgres.ErrNotFound) {
		t.Errorf("the channel of the cards is a room: %v", err)
	}
}

func TestWhatIsRememberedOnceStays(t *testing.T) {
	h := newHouse(t)
	number := h.file(t, 7001)
	for _, message := range []string{"first", "second"} {
		at, err := h.KeepSurface(t.Context(), number, postgres.Surface{Place: "left/U1", Message: message})
		if err != nil || at.Message != "first" {
			t.Errorf("%v, %v", at, err)
		}
	}
}

func TestACaseOfWhoLeftTheCommitteeCountsAsUnowned(t *testing.T) {
	h := newHouse(t)
	number, free := h.file(t, 7001), h.file(t, 7002)
	h.take(t, number, ann)
	for _, one := range []struct {
		colleagues []cases.Member
		want       []cases.Number
	}{{nil, []cases.Number{free}}, {[]cases.Member{ann.Member, bob.Member}, []cases.Number{free}}, {[]cases.Member{bob.Member}, []cases.Number{free, number}}} {
		all, err := h.List(t.Context(), postgres.Filter{Unowned: true, Colleagues: one.colleagues})
		if err != nil || len(all) != len(one.want) {
			t.Errorf("%v: %s, %v", one.colleagues, numbers(all), err)
		}
		for _, c := range all {
			if !slices.Contains(one.want, c.Number) {
				t.Errorf("%v: %s", one.colleagues, c.Number)
			}
		}
	}
}
