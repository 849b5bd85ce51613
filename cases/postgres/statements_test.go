package postgres_test

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"websec.nl/gehoor/cases"
	"websec.nl/gehoor/cases/postgres"
	"websec.nl/gehoor/cases/postgrestest"
	"websec.nl/gehoor/i18n"
)

// counter remembers what a database is asked.
type counter struct {
	mu           sync.Mutex
	trips        int
	transactions int
	statements   []string // but for what begins and ends transactions, and for the bell of another process that sends
}

func (c *counter) TraceQueryStart(ctx context.Context, _ *pgx.Conn, data pgx.TraceQueryStartData) context.Context {
	c.asked(1, data.SQL)
	return ctx
}
func (c *counter) TraceQueryEnd(context.Context, *pgx.Conn, pgx.TraceQueryEndData) {}
func (c *counter) TraceBatchStart(ctx context.Context, _ *pgx.Conn, _ pgx.TraceBatchStartData) context.Context {
	c.asked(1, "")
	return ctx
}
func (c *counter) TraceBatchQuery(_ context.Context, _ *pgx.Conn, data pgx.TraceBatchQueryData) {
	c.asked(0, data.SQL)
}
func (c *counter) TraceBatchEnd(context.Context, *pgx.Conn, pgx.TraceBatchEndData) {}

func (c *counter) asked(trips int, sql string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.trips += trips
	switch {
	case sql == "BEGIN":
		c.transactions++
	case sql != "" && sql != "COMMIT" && !strings.Contains(sql, "pg_notify"):
		c.statements = append(c.statements, sql)
	}
}

// taken are the statements since it was last asked, and in how many round trips they were.
func (c *counter) taken() (statements []string, trips int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	statements, trips = c.statements, c.trips
	c.statements, c.trips, c.transactions = nil, 0, 0
	return statements, trips
}

// counted is a house whose connections are counted.
func counted(t testing.TB) (*house, *counter) {
	t.Helper()
	cfg, err := pgxpool.ParseConfig(postgrestest.URL(t))
	if err != nil {
		t.Fatal(err)
	}
	count := new(counter)
	cfg.ConnConfig.Tracer = count
	pool, err := pgxpool.NewWithConfig(t.Context(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(pool.Close)
	return houseOn(t, pool, cases.DefaultProcedure()), count
}

// mostStatements is how many statements any step takes, in one transaction.
const mostStatements = 4

func TestEveryStepTakesOneTransactionAndFourStatements(t *testing.T) {
	h, count := counted(t)
	chat := int64(7001)
	step := func(name string, do func(*postgres.Turn) error) {
		t.Helper()
		count.taken()
		h.does(t, chat, do)
		transactions := count.transactions
		statements, _ := count.taken()
		if transactions != 1 || len(statements) > mostStatements {
			t.Errorf("%s takes %d transactions and %d statements:\n%s", name, transactions, len(statements), strings.Join(statements, ";\n"))
		}
	}
	say := func(turn *postgres.Turn) error { turn.Say([]byte("said")); return nil }
	submit := func(number *cases.Number) func(*postgres.Turn) error {
		return func(turn *postgres.Turn) error {
			c, err := turn.Submit(cases.Complaint{Language: i18n.Dutch, Answers: maps(answers), StoryParts: 1, Messages: map[string]int64{cases.FieldName: 11}})
			if err != nil {
				return err
			}
			*number = c.Number
			turn.Erase() // as the conversation does
			return say(turn)
		}
	}
	attach := func(number cases.Number, words string) func(*postgres.Turn) error {
		return func(turn *postgres.Turn) error { return turn.Attach(number, cases.FieldProblem, 21, photo, words) }
	}
	open := func(number cases.Number) { h.screen(t, number); h.take(t, number, ann) }

	var complaint, second, talk cases.Number
	step("a first word", say)
	step("an answer", say)
	step("a part of the story", func(turn *postgres.Turn) error { turn.Append(1, "it began", 12); return say(turn) })
	step("a changed part", func(turn *postgres.Turn) error { _, _, _, err := turn.Amend(12, "it began so"); return err })
	step("a file", attach("", ""))
	step("words that come later under a file", func(turn *postgres.Turn) error {
		_, _, _, err := turn.Amend(21, "this is it")
		_, found, wrong := turn.Correct(21, "this is it")
		field, lost := turn.FindFile(21)
		if found || field != cases.FieldProblem {
			t.Errorf("the file is found in a case: %t, or in %q", found, field)
		}
		turn.Append(2, "this is it", 21)
		return errors.Join(err, wrong, lost)
	})
	if err := h.SetAside(t.Context(), postgres.Update{ID: -1, Chat: 7001}, []byte("?"), "not understood"); err != nil {
		t.Fatal(err)
	}
	step("a request for a talk, with what was told", func(turn *postgres.Turn) error {
		c, err := turn.Request(askedFor)
		if err != nil {
			return err
		}
		talk = c.Number
		return say(turn)
	})
	step("filing, with a story, a file and something set aside", submit(&complaint))
	step("filing once more", submit(&second))
	step("how the cases are", func(turn *postgres.Turn) error { _, err := turn.Mine(); return err })
	open(complaint)
	step("a reply", func(turn *postgres.Turn) error { return turn.Reply(complaint, "and more", 31) })
	step("a file for a case", attach(complaint, ""))
	step("a file for a case, with words", attach(complaint, "this is how it looked"))
	step("a change of a message that stands in a case", func(turn *postgres.Turn) error {
		if _, _, _, err := turn.Amend(31, "and much more"); err != nil {
			return err
		}
		_, ok, err := turn.Correct(31, "and much more")
		if !ok {
			t.Error("the case was not found")
		}
		return err
	})
	step("a file for a case that comes without words", func(turn *postgres.Turn) error {
		return turn.Attach(complaint, cases.FieldText, 22, photo, "")
	})
	step("words that come later under a file of a case", func(turn *postgres.Turn) error {
		_, _, _, err := turn.Amend(22, "the other side")
		number, _, wrong := turn.Correct(22, "the other side")
		if number != complaint {
			t.Errorf("the file is found in %q", number)
		}
		return errors.Join(err, wrong)
	})
	step("another address", func(turn *postgres.Turn) error {
		return turn.ChangeContact(complaint, "+31 6 12345678", "new@example.org")
	})
	step("another language, for three cases", func(turn *postgres.Turn) error { return turn.ChangeLanguage(i18n.English) })
	propose := func() (event int) {
		h.change(t, complaint, func(c *cases.Case, now time.Time) error {
			err := c.Propose(ann, "a solution", now)
			event = c.Proposal
			return err
		})
		return event
	}
	event := propose()
	step("an objection", func(turn *postgres.Turn) error { return turn.Answer(complaint, event, false, "not so", 41) })
	event = propose()
	step("agreement", func(turn *postgres.Turn) error { return turn.Answer(complaint, event, true, "", 42) })
	h.close(t, complaint, cases.Upheld)
	step("a rating", func(turn *postgres.Turn) error {
		return turn.Rate(complaint, cases.Rating{Handled: cases.GradeYes, Solved: cases.GradeNo, Why: "still no call"}, 43)
	})
	step("a withdrawal", func(turn *postgres.Turn) error { return turn.Withdraw(second, "never mind", 44) })
	open(talk)
	h.close(t, talk, cases.Talked)
	step("a talk that did not help", func(turn *postgres.Turn) error {
		told, err := turn.Helped(talk, false, true)
		if told[cases.FieldWish] == "" {
			t.Error("what was told is not given back")
		}
		return err
	})

	// What somebody who was met just now does with a write-up, by a link.
	chat = 7002
	written := h.writeUp(t)
	token := h.link(t, written, postgres.LinkApproval, 0)
	look := func(turn *postgres.Turn) error {
		_, f, err := turn.Linked(token)
		if err == nil && f.Answers[cases.FieldName] == "" {
			t.Error("the write-up is not shown")
		}
		return errors.Join(err, say(turn))
	}
	correct := func(field, words string) func(*postgres.Turn) error {
		return func(turn *postgres.Turn) error {
			return turn.ByLink(token, func(c *cases.Case, _ *cases.File, now time.Time) error {
				return c.CorrectAnswer(field, words, cases.Complainant, now)
			})
		}
	}
	step("following a link, as the first thing", look)
	step("an answer of a write-up that is corrected", correct(cases.FieldWhen, "in May"))
	step("an address of a write-up that is corrected", correct(cases.FieldEmail, "noor@example.org"))
	step("agreement with a write-up", func(turn *postgres.Turn) error { return turn.UseLink(token, h.agrees(cases.AgreedInChat, turn.Chat)) })
	step("following a link that was used", look)
	if c, err := h.Case(t.Context(), written); err != nil || c.Stage != cases.Received {
		t.Errorf("the write-up was not agreed to: %+v, %v", c, err)
	}
	token = h.link(t, h.writeUp(t), postgres.LinkApproval, 0)
	step("a write-up that is not theirs", func(turn *postgres.Turn) error {
		return turn.UseLink(token, func(c *cases.Case, _ *cases.File, now time.Time) error { return c.NotApprove("I never rang", now) })
	})
	chat = 7001
	step("leaving", func(turn *postgres.Turn) error { return turn.Left() })
	step("coming back", say)
	step("erasing what was told", func(turn *postgres.Turn) error { turn.Erase(); return say(turn) })
	step("being forgotten", func(turn *postgres.Turn) error { _, err := turn.Forget(); return err })
}
