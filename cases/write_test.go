package cases

import (
	"testing"
	"time"
)

func TestWordsCanBeTakenBackUntilTheyGoOut(t *testing.T) {
	p, now := presided(), at(t, "2026-11-23 10:00")
	c := complaint(now, p)
	_ = c.Take(member, now)
	c.LastWord = time.Time{}
	c.Events()
	if err := c.Write(member, WriteDraft{Text: "one"}, p, now); err != nil {
		t.Fatal(err)
	}
	first := c.LastSeq
	if got := told(c); got != "wrote: card>board news>room release>held" || !c.LastWord.IsZero() {
		t.Errorf("told %s", got)
	}
	if err := c.TakeBack(other, first, now); refusedAs(err) != "owner-only" {
		t.Errorf("another takes it back: %v", err)
	}
	if err := c.TakeBack(member, first, now); err != nil {
		t.Fatal(err)
	}
	if got := told(c); got != "taken-back: card>board outward>room" {
		t.Errorf("told %s", got)
	}
	if err := c.Dispatch(first, now); refusedAs(err) != "sent-already" || told(c) != "" {
		t.Errorf("it goes out all the same: %v", err)
	}

	_ = c.Write(member, WriteDraft{Text: "two"}, p, now)
	second := c.LastSeq
	c.Events()
	if err := c.Dispatch(second, now); err != nil {
		t.Fatal(err)
	}
	e := c.events[0]
	if notices := Notices(c, e); len(notices) != 2 || notices[1] != (Notice{Message, ByChat, second}) || !c.LastWord.Equal(now) {
		t.Errorf("%+v", notices)
	}
	for _, err := range []error{c.TakeBack(member, second, now), c.Dispatch(second, now), c.TakeBack(member, 99, now)} {
		if refusedAs(err) != "sent-already" {
			t.Error(err)
		}
	}
}

func TestWordsGoAtOnceWhereNothingCanBeTakenBack(t *testing.T) {
	p, now := presided(), at(t, "2026-11-23 10:00")
	p.TakeBack = 0
	c := complaint(now, p)
	_ = c.Take(member, now)
	c.Events()
	if err := c.Write(member, WriteDraft{Text: "one"}, p, now); err != nil {
		t.Fatal(err)
	}
	if got := told(c); got != "wrote: card>board news>room dispatched: outward>room message>chat" {
		t.Errorf("told %s", got)
	}
}

func TestWhatCouldStillBeTakenBackGoesOutBeforeTheCaseEnds(t *testing.T) {
	p, now := presided(), at(t, "2026-11-23 10:00")
	c := complaint(now, p)
	_ = c.Take(member, now)
	_ = c.Write(member, WriteDraft{Text: "one"}, p, now)
	c.Events()
	if err := c.End(member, Closing{Outcome: Settled, Solution: "x"}, p, now); err != nil {
		t.Fatal(err)
	}
	if got := told(c); got != "dispatched: outward>room message>chat ended: card>board news>room confirmation>chat confirmation>mail rating-question>chat" {
		t.Errorf("told %s", got)
	}
}

func TestAQuestionWaitsForItsAnswerAndIsATaskWhenItIsOverdue(t *testing.T) {
	p, now := presided(), at(t, "2026-11-23 10:00")
	c := complaint(now, p)
	_ = c.Take(member, now)
	if err := c.Write(member, WriteDraft{Text: "when?", Question: true, Until: now.AddDate(0, 0, -1)}, p, now); refusedAs(err) != "in-the-past" {
		t.Error(err)
	}
	_ = c.Write(member, WriteDraft{Text: "when?", Question: true, Until: now.AddDate(0, 0, 2)}, p, now)
	asked := c.LastSeq
	e := c.events[len(c.events)-1]
	if c.Work.Question != asked || c.Work.QuestionBy != "2026-11-25" || e.Data["question"] != "yes" || e.Data["until"] != "2026-11-25" {
		t.Errorf("%+v %+v", c.Work, e)
	}
	if _ = c.Reply("by the way", now); c.Work.Question != asked {
		t.Error("what was not asked yet is answered")
	}
	_ = c.Dispatch(asked, now)
	overdue := func(now time.Time) bool { return has(p.Tasks(c, now), TaskQuestion) }
	if overdue(now) || overdue(at(t, "2026-11-25 23:59")) || !overdue(at(t, "2026-11-26 00:00")) {
		t.Error("it is overdue on the wrong day")
	}
	if _ = c.Reply("on Monday", now); c.Work.Question != 0 || c.Work.QuestionBy != "" {
		t.Error("it still waits for an answer")
	}
	_ = c.Write(member, WriteDraft{Text: "where?", Question: true}, p, now)
	if _ = c.TakeBack(member, c.LastSeq, now); c.Work.Question != 0 {
		t.Error("what was taken back is asked")
	}
}

func has(all []Task, kind TaskKind) bool {
	for _, task := range all {
		if task.Kind == kind {
			return true
		}
	}
	return false
}

func TestWordsThatWaitDoNotGoOutAfterTheEnd(t *testing.T) {
	p, now := presided(), at(t, "2026-11-23 10:00")
	c := complaint(now, p)
	_ = c.Take(member, now)
	_ = c.Write(member, WriteDraft{Text: "one", Question: true}, p, now)
	held := c.LastSeq
	c.Events()
	if err := c.Withdraw("", now); err != nil {
		t.Fatal(err)
	}
	if e := c.events[0]; e.By != Program || e.Data["event"] != itoa(held) {
		t.Errorf("%+v", e)
	}
	if got := told(c); got != "taken-back: outward>room withdrawn: card>board news>room withdrawal>mail" {
		t.Errorf("told %s", got)
	}
	if err := c.Dispatch(held, now); refusedAs(err) != "sent-already" || len(c.Work.Held) > 0 {
		t.Errorf("it goes out all the same: %v %+v", err, c.Work)
	}
}

func TestWordsThatWaitGoOutBeforeATalkEnds(t *testing.T) {
	p, now := presided(), at(t, "2026-11-23 10:00")
	c := Request("G-2026-0001", TalkRequest{Telephone: "1"}, 7001, p, now)
	_ = c.Screen(nil, true, p, now)
	_ = c.Take(member, now)
	_ = c.Write(member, WriteDraft{Text: "one"}, p, now)
	c.Events()
	if err := c.End(member, Closing{Outcome: Talked, Solution: "we spoke"}, p, now); err != nil {
		t.Fatal(err)
	}
	if got := told(c); got != "dispatched: message>chat ended: card>board helped-question>chat" {
		t.Errorf("told %s", got)
	}
}
