package postgres_test

import (
	"errors"
	"testing"
	"time"

	"websec.nl/gehoor/cases"
	"websec.nl/gehoor/cases/postgres"
	"websec.nl/gehoor/i18n"
)

func TestAGlanceShowsHowManyFilesAndWhatHappenedLastOfWhatIsAsked(t *testing.T) {
	h := newHouse(t)
	var number, talk cases.Number
	h.turn(t, 7001, func(turn *postgres.Turn) error {
		turn.Session = []byte(`{}`)
		if err := turn.Attach("", cases.FieldProblem, 17, photo, ""); err != nil {
			return err
		}
		filed, err := turn.Submit(cases.Complaint{Language: i18n.Dutch, Answers: cases.Words{cases.FieldName: "Noor"}})
		if err != nil {
			return err
		}
		asked, err := turn.Request(cases.TalkRequest{Language: i18n.Dutch, By: cases.Letter, Name: "Noor"})
		number, talk = filed.Number, asked.Number
		return err
	})
	g, err := h.Glance(t.Context(), number, cases.Replied, cases.Corrected)
	if err != nil || g.Files != 1 || g.By != "" || g.Last != "" || !g.At.IsZero() || len(g.Data) > 0 {
		t.Errorf("%+v (%v)", g, err)
	}
	h.now = h.now.Add(time.Hour)
	h.turn(t, 7001, func(turn *postgres.Turn) error { return turn.Reply(number, "words", 18) })
	if g, err = h.Glance(t.Context(), number, cases.Replied, cases.Corrected); err != nil || g.Last != cases.Replied || !g.At.Equal(h.now) {
		t.Errorf("%+v (%v)", g, err)
	}
	h.turn(t, 7001, func(turn *postgres.Turn) error { return turn.Attach(number, "", 19, photo, "") })
	if g, err = h.Glance(t.Context(), number, cases.Attached); err != nil || g.Data["attachment"] == "" {
		t.Errorf("the data of what happened last are not told: %+v (%v)", g, err)
	}
	if g, err = h.Glance(t.Context(), number); err != nil || g.Last != "" {
		t.Errorf("of nothing, %+v happened last (%v)", g, err)
	}
	if g, err = h.Glance(t.Context(), talk); err != nil || g.By != cases.Letter || g.Files != 0 {
		t.Errorf("%+v (%v)", g, err)
	}
	if _, err = h.Glance(t.Context(), "K-2026-9999"); !errors.Is(err, postgres.ErrNotFound) {
		t.Error(err)
	}
}
