package postgres_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"websec.nl/gehoor/cases"
	"websec.nl/gehoor/cases/postgres"
)

func TestChangedMessageChangesThePartOfTheStoryThatItBrought(t *testing.T) {
	h := newHouse(t)
	long := strings.Repeat("é", 400)
	h.does(t, 7001, func(turn *postgres.Turn) error {
		turn.Append(1, "it began", 11)
		turn.Append(2, long, 12)
		return nil
	})
	h.does(t, 7001, func(turn *postgres.Turn) error {
		turn.Append(3, "it ended", 13)
		part, grown, excerpt, err := turn.Amend(11, "so it began")
		if part != 1 || grown != 3 || excerpt != "so it began\n"+strings.Repeat("é", 287)+"…" {
			t.Errorf("part %d, %d characters more, begins %q", part, grown, excerpt)
		}
		if part, _, _, err := turn.Amend(13, "it is over"); part != 3 || err != nil {
			t.Errorf("the part of this very batch: %d, %v", part, err)
		}
		return err
	})
	h.does(t, 7001, func(turn *postgres.Turn) error {
		if part, grown, _, err := turn.Amend(12, "ë"); part != 2 || grown != -399 || err != nil {
			t.Errorf("part %d, %d characters more, %v", part, grown, err)
		}
		part, grown, excerpt, err := turn.Amend(99, "nobody's")
		if part != 0 || grown != 0 || excerpt != "so it began\në\nit is over" {
			t.Errorf("a message that brought none: part %d, %d characters more, begins %q", part, grown, excerpt)
		}
		return err
	})
	held, err := h.PersonalData(t.Context(), 7001)
	want := []cases.Part{{Number: 1, Text: "so it began", Message: 11}, {Number: 2, Text: "ë", Message: 12}, {Number: 3, Text: "it is over", Message: 13}}
	if err != nil || !slices.Equal(held.Parts, want) {
		t.Errorf("parts %v, %v", held.Parts, err)
	}
	h.does(t, 7001, func(turn *postgres.Turn) error { // told anew in one batch
		turn.Erase()
		turn.Append(1, "again", 14)
		part, grown, excerpt, err := turn.Amend(11, "x")
		if part != 0 || grown != 0 || excerpt != "again" {
			t.Errorf("after the story was erased: part %d, %d characters more, begins %q", part, grown, excerpt)
		}
		return err
	})
	if held, err = h.PersonalData(t.Context(), 7001); err != nil || len(held.Parts) != 1 || held.Parts[0].Text != "again" {
		t.Errorf("parts %v, %v", held.Parts, err)
	}
}

func TestAStepOfALongStoryTakesNoMoreThanOfAShortOne(t *testing.T) {
	say := func(turn *postgres.Turn) { turn.Say([]byte("next?")) }
	for name, step := range map[string]struct {
		statements, trips int
		take              func(*postgres.Turn) error
	}{
		"an answer": {2, 2, func(turn *postgres.Turn) error { say(turn); return nil }},
		"a part of a story": {2, 2, func(turn *postgres.Turn) error {
			turn.Append(1000, "and then", 11)
			say(turn)
			return nil
		}},
		"an answer that sets when to wake": {2, 2, func(turn *postgres.Turn) error {
			turn.Wake = turn.Now.Add(24 * time.Hour)
			say(turn)
			return nil
		}},
		"a photo with words under it": {2, 2, func(turn *postgres.Turn) error {
			turn.Append(1000, "what I saw", 11)
			say(turn)
			return turn.Attach("", cases.FieldProblem, 11, cases.Attachment{ID: "photo", Size: 1000}, "")
		}},
		"a changed part of a story": {3, 3, func(turn *postgres.Turn) error {
			if part, grown, _, err := turn.Amend(3003, "longer"); part != 3 || grown != 2 || err != nil {
				return fmt.Errorf("part %d, %d characters more, %w", part, grown, err)
			}
			say(turn)
			return nil
		}},
		"a look at how it stands": {3, 3, func(turn *postgres.Turn) error {
			mine, err := turn.Mine()
			if len(mine) != 1 {
				return fmt.Errorf("%d cases", len(mine))
			}
			say(turn)
			return err
		}},
		"erasing what was told": {3, 3, func(turn *postgres.Turn) error {
			turn.Erase()
			say(turn)
			return nil
		}},
	} {
		for _, parts := range []int{3, 600} { // it takes no more of a long story than of a short one
			h, count := counted(t)
			h.file(t, 7001)
			h.does(t, 7001, func(turn *postgres.Turn) error {
				for n := range parts {
					turn.Append(n+1, "told", int64(3001+n))
				}
				turn.Say([]byte("go on")) // waits, sealed with the key of the conversation
				return turn.Attach("", cases.FieldProblem, 12, cases.Attachment{ID: "letter", Size: 1000}, "")
			})
			if err := h.SetAside(t.Context(), postgres.Update{ID: -1, Chat: 7001}, []byte("what nobody understands"), "test"); err != nil {
				t.Fatal(err)
			}
			count.taken()
			h.does(t, 7001, step.take)
			if statements, trips := count.taken(); len(statements) > step.statements || trips > step.trips {
				t.Errorf("%s, of a story of %d parts, took %d statements in %d round trips", name, parts, len(statements), trips)
			}
			if held, err := h.PersonalData(t.Context(), 7001); err != nil || len(held.Aside) != 1 {
				t.Errorf("%s: %d things are set aside, %v", name, len(held.Aside), err)
			}
		}
	}
}

// Of a story of any length no more is read, to change a part of it, than that part and the beginning.
func TestAChangedPartOfALongStoryIsFoundWithoutTheOthers(t *testing.T) {
	h := newHouse(t)
	h.does(t, 7001, func(turn *postgres.Turn) error {
		for n := range 5000 {
			turn.Append(n+1, "w", int64(3001+n))
		}
		return nil
	})
	var read float64
	const statement = `SELECT part, sealed, coalesce(message, 0), EXISTS (SELECT FROM case_message m WHERE m.chat = 7001 AND m.message = 7000)
		FROM conversation_part WHERE chat = 7001 AND (part <= 151 OR message = 7000)` // as Amend does
	rows, err := h.pool.Query(t.Context(), `EXPLAIN (ANALYZE, FORMAT JSON) `+statement)
	if err != nil {
		t.Fatal(err)
	}
	plans, err := pgx.CollectRows(rows, pgx.RowTo[[]struct{ Plan map[string]any }])
	if err != nil {
		t.Fatal(err)
	}
	read, _ = plans[0][0].Plan["Actual Rows"].(float64)
	filtered, _ := plans[0][0].Plan["Rows Removed by Filter"].(float64)
	if read != 152 || filtered > 0 {
		t.Errorf("%v parts are read, and %v looked at for nothing: %v", read, filtered, plans)
	}
}

// A step of somebody whose story has a hundred parts, and of somebody whose has one.
func BenchmarkStep(b *testing.B) {
	for _, parts := range []int{1, 100} {
		b.Run(fmt.Sprintf("parts=%d", parts), func(b *testing.B) {
			h := newHouse(b)
			h.does(b, 7001, func(turn *postgres.Turn) error {
				for n := range parts {
					turn.Append(n+1, strings.Repeat("word ", 60), int64(n+1))
				}
				return nil
			})
			b.ResetTimer()
			for range b.N {
				h.does(b, 7001, func(turn *postgres.Turn) error {
					turn.Append(parts+1, "one part more", int64(parts+1))
					turn.Say([]byte("go on"))
					return nil
				})
			}
		})
	}
}
