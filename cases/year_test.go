package cases

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// year is a committee at work: complaints come in, people take them up or leave them lying, are away, and the program is down
// now and then. The clock looks every hour; what it decides when is checked at each look.
type year struct {
	t     *testing.T
	r     *rand.Rand
	p     *Procedure
	staff Staff
	now   time.Time
	up    time.Time // since when the program runs
	all   []*life
	told  int
}

// life is one case of the year, with what is remembered to check it by.
type life struct {
	c     *Case
	next  time.Time
	seen  map[string]bool
	heard time.Time // when the complainant last heard something
	late  string    // the last day at which they were told why, or that it is late
	asked time.Time // when somebody was last asked to own it
}

const looks = time.Hour

func TestAYearOfAThousandCasesKeepsThePromise(t *testing.T) {
	y := &year{t: t, r: rand.New(rand.NewPCG(2026, 11)), p: presided(), now: at(t, "2026-12-01 00:00")}
	y.p.Committee.SecondEyes = true
	end, begun := y.now.AddDate(1, 0, 0), y.now
	y.up = y.now
	all := y.absences(begun, end)
	for n := 0; y.now.Before(end); y.now = y.now.Add(looks) {
		for due := 1000 * int(y.now.Sub(begun)/time.Hour) / int(end.Sub(begun)/time.Hour); n < due; n++ {
			y.file(n + 1)
		}
		if y.r.IntN(24*9) == 0 {
			y.outage()
		}
		if y.now.Hour() == 0 { // those that are over are not looked at any more
			y.staff.Absences = slices.DeleteFunc(slices.Clone(all), func(a Absence) bool {
				return !a.Until.IsZero() && a.Until.Before(y.now) || a.From.After(y.now.AddDate(0, 1, 0))
			})
		}
		y.handle()
		for _, l := range y.all {
			if !l.next.IsZero() && !l.next.After(y.now) {
				y.tick(l, y.now)
			}
			if y.now.Hour()%12 == 0 || y.up.Equal(y.now) {
				y.check(l)
			}
		}
	}
	closed := 0
	for _, l := range y.all {
		if !l.c.Open() {
			closed++
		}
	}
	t.Logf("%d cases, %d of them closed; the clock spoke %d times", len(y.all), closed, y.told)
	if len(y.all) < 999 || closed < 300 || y.told < 5000 {
		t.Error("that was no year")
	}
}

// absences are those of the people of the committee; one of them does not come back.
func (y *year) absences(from, until time.Time) (all []Absence) {
	for day := from; day.Before(until); day = day.AddDate(0, 0, 1) {
		for _, m := range fellows {
			if y.r.IntN(40) == 0 {
				all = append(all, Absence{Member: m, From: y.p.at(day, 0, "00:00"), Until: y.p.at(day, 1+y.r.IntN(20), "00:00")})
			}
		}
	}
	return append(all, Absence{Member: other.Member, From: from.AddDate(0, 8, 0), Gone: true})
}

func (y *year) file(n int) {
	l := &life{seen: map[string]bool{}}
	switch {
	case n%10 == 0:
		l.c = Request(NumberOf(Talk, 2027, n), TalkRequest{Telephone: "1"}, int64(n), y.p, y.now)
	default:
		l.c = Submit(NumberOf(Formal, 2027, n), Complaint{Language: "nl", Answers: Words{FieldEmail: "n@example.org"}}, int64(n), y.p, y.now)
	}
	var named []Suspect
	if n%7 == 0 {
		named = []Suspect{{one(&player{r: y.r}, fellows), "x", Certain}}
	}
	_ = l.c.Screen(named, true, y.p, y.now)
	y.all = append(y.all, l)
	y.save(l)
}

// save keeps a case as the store does, with the moment at which the clock is to look at it.
func (y *year) save(l *life) {
	for _, e := range l.c.Events() {
		y.event(l, e)
	}
	l.next = y.p.Next(l.c, y.staff, y.now)
}

// outage is a time in which nothing runs.
func (y *year) outage() {
	y.now = y.now.Add(time.Duration(1+y.r.IntN(70)) * time.Hour).Truncate(looks)
	y.up = y.now
}

// handle lets people do something about some cases: more about those that wait for little.
func (y *year) handle() {
	if !y.p.whenAtWork(y.now).Equal(y.now) {
		return
	}
	var open []*life
	for i, l := range y.all {
		if l.c.Open() && i%40 != 0 { // those are left lying
			open = append(open, l)
		}
	}
	for range min(len(open), 40) {
		l := open[y.r.IntN(len(open))]
		if y.deed(l) {
			y.save(l)
		}
	}
}

// deed lets somebody do something about a case, and says whether they might.
func (y *year) deed(l *life) bool {
	play := &player{r: y.r, p: y.p, c: l.c, now: y.now}
	who := play.who()
	later := y.now.AddDate(0, 0, 3+y.r.IntN(30))
	deeds := []func() error{
		func() error { return l.c.Take(who, y.now) },
		func() error { return l.c.Assign(seated(chair), seated(one(play, acting[:3])), y.now) },
		func() error { return l.c.SpeakBy(who, OnTelephone, y.now, "", "steps", y.now) },
		func() error { return l.c.Write(who, WriteDraft{Text: "x"}, y.p, y.now) },
		func() error { return l.c.Extend(who, "x", later, y.p, y.now) },
		func() error { return l.c.Foresee(who, "x", later, y.p, y.now) },
		func() error { return l.c.InTime(who, y.p, y.now) },
		func() error { return l.c.Mind(who, one(play, Milestones), 0, y.p, y.now) },
		func() error {
			return l.c.Snooze(who, one(play, Milestones), 0, one(play, offered(y.p, y.now)), y.p, y.now)
		},
		func() error { return l.c.Propose(who, "x", y.now) },
		func() error { return l.c.Answer(l.c.Proposal, play.yes(), "x", y.now) },
		func() error { return l.c.Recuse(who, "", y.p, y.now) },
		func() error { return l.c.Reply("x", y.now) },
		func() error { return l.c.End(who, Closing{Outcome: Settled, Solution: "x", Despite: "x"}, y.p, y.now) },
		func() error { return l.c.ApproveClosing(seated(one(play, acting)), y.p, y.now) },
		func() error { return l.c.End(who, Closing{Outcome: Talked, Solution: "x"}, y.p, y.now) },
	}
	if y.r.IntN(3) > 0 { // what there is most of
		deeds = append(deeds[:3:3], deeds[13:]...)
	}
	return one(play, deeds)() == nil
}

// tick lets the clock speak, as one of two processes does; the other comes right after it, and a third whose clock is behind.
func (y *year) tick(l *life, now time.Time) {
	last := l.c.Deadline
	y.speak(l, now)
	defer func() {
		if y.save(l); l.next.Equal(now) && l.c.Deadline.Equal(last) {
			y.t.Fatalf("%s at %s: the clock looks again and again", l.c.Number, y.p.In(now))
		}
	}()
	if y.r.IntN(4) > 0 {
		return
	}
	if n := y.speak(l, now); n > 0 && l.c.Deadline.Equal(last) { // with another last day there may be something new
		y.t.Fatalf("%s at %s: another process tells %+v", l.c.Number, y.p.In(now), l.c.Told[len(l.c.Told)-n:])
	}
	y.speak(l, now.Add(-3*time.Minute))
}

// speak ticks once and says how many occasions that told, each for the first time.
func (y *year) speak(l *life, now time.Time) int {
	before := len(l.c.Told)
	l.c.Tick(y.p, y.staff, now)
	for _, one := range l.c.Told[before:] {
		key := fmt.Sprint(one.Milestone, one.Occasion, one.Recipient == toComplainant, one.Way)
		if l.seen[key] {
			y.t.Fatalf("%s: told twice: %+v", l.c.Number, one)
		}
		l.seen[key] = true
	}
	return len(l.c.Told) - before
}

// event checks one thing that happened, and what is told of it.
func (y *year) event(l *life, e Event) {
	notices := Notices(l.c, e)
	toThem := slices.ContainsFunc(notices, func(n Notice) bool { return n.To == ByChat || n.To == ByMail })
	if slices.Contains(toldBy, e.Kind) {
		l.heard = e.At
	}
	if e.Kind == Extended || e.Kind == Late {
		l.late = y.p.In(e.At).Format(time.DateOnly)
	}
	if e.By != TheClock {
		return
	}
	y.told++
	clock := y.p.In(e.At).Format("15:04")
	switch {
	case toThem && (clock < y.p.Clock.TellFrom || clock >= y.p.Clock.TellUntil):
		y.t.Fatalf("%s: a complainant is told %s at %s", l.c.Number, e.Kind, clock)
	case e.Kind == Reminded && (!y.p.WorkingDay(e.At) || clock < y.p.Clock.WorkFrom || clock >= y.p.Clock.WorkUntil):
		y.t.Fatalf("%s: somebody is reminded on %s", l.c.Number, y.p.In(e.At))
	case !toThem && e.Kind != Reminded:
		y.t.Fatalf("%s: %s, and nobody hears it", l.c.Number, e.Kind)
	}
	if e.Kind != Reminded {
		return
	}
	if !slices.ContainsFunc(notices, func(n Notice) bool { return n.Kind == Reminder }) {
		y.t.Fatalf("%s: a reminder that reminds nobody: %v", l.c.Number, e.Data)
	}
	if m, direct := Recipient(e.Data["to"]).Member(); direct {
		if _, away := y.staff.Away(m, e.At); away || l.c.Excludes(m) {
			y.t.Fatalf("%s: %s is away or excluded, and reminded", l.c.Number, m)
		}
	}
	if names := e.Data["milestone"] + " " + e.Data["also"]; strings.Contains(names, "owned") || strings.Contains(names, "covered") {
		l.asked = e.At
	}
}

// check looks whether nobody is left in silence at this moment, leaving the program the time that it was down.
func (y *year) check(l *life) {
	c, p := l.c, y.p
	if !c.Open() {
		return
	}
	step, responsible, any := p.Responsible(c, y.staff, y.now)
	if !any || responsible == "" || step.Due.IsZero() {
		y.t.Fatalf("%s: nobody is responsible for anything: %+v", c.Number, c)
	}
	ran := func(due time.Time, to Recipient) bool { // whether the clock had its time to tell it
		return later(p.decent(to, due), p.decent(to, y.up)).Before(y.now)
	}
	if due := p.AddWorkingDays(later(c.Begun(), l.heard), p.Milestones.Progress.Within); ran(due, toComplainant) && (c.Deadline.IsZero() || due.Before(p.at(c.LastDay(p), 0, "08:00"))) {
		y.t.Fatalf("%s at %s: its complainant has heard nothing since %s", c.Number, p.In(y.now), p.In(l.heard))
	}
	if c.Owner == "" {
		if due := p.AddWorkingDays(later(c.Begun(), c.Work.Left), p.Milestones.Owned.Within); ran(due, ToBoard) && (l.asked.IsZero() || ran(p.AddWorkingDays(l.asked, 2), ToBoard)) {
			y.t.Fatalf("%s at %s: nobody owns it, and nobody is asked to since %s", c.Number, p.In(y.now), p.In(l.asked))
		}
	}
	if c.Deadline.IsZero() {
		return
	}
	if last := c.LastDay(p); ran(p.at(last, 0, p.Clock.TellLate), toComplainant) && l.late < last.Format(time.DateOnly) {
		y.t.Fatalf("%s at %s: the last day %s passed in silence", c.Number, p.In(y.now), last.Format(time.DateOnly))
	}
}

// The moments at which the clock looks are shared out over processes, of which several look at the same moment: what is told to whom
// is the same as if one process had looked each time. Of clocks that differ TestAYearOfAThousandCasesKeepsThePromise says that they
// tell nothing twice.
func TestHoweverTheTicksAreSharedOutTheSameIsTold(t *testing.T) {
	p := presided()
	rapid.Check(t, func(t *rapid.T) {
		received := time.Unix(rapid.Int64Range(1.79e9, 1.83e9).Draw(t, "received"), 0)
		one, many := complaint(received, p), complaint(received, p)
		staff := Staff{Absences: []Absence{{Member: "U1", From: received.AddDate(0, 0, rapid.IntRange(0, 10).Draw(t, "away")), Until: received.AddDate(0, 0, 12)}}}
		if rapid.Bool().Draw(t, "owned") {
			_, _ = one.Take(member, received), many.Take(member, received)
		}
		now := received
		for range rapid.IntRange(1, 60).Draw(t, "ticks") {
			now = now.Add(time.Duration(rapid.IntRange(1, 1500).Draw(t, "minutes")) * time.Minute)
			one.Tick(p, staff, now)
			for range rapid.IntRange(1, 4).Draw(t, "processes") { // each begins with what is kept, and nothing else
				other := *many
				other.Told, other.events = slices.Clone(many.Told), nil
				other.Tick(p, staff, now)
				many = &other
			}
		}
		if a, b := occasionsOf(one), occasionsOf(many); !slices.Equal(a, b) {
			t.Fatalf("one told\n%v\nmany told\n%v", a, b)
		}
	})
}

// occasionsOf is what was told of a case, in one order.
func occasionsOf(c *Case) (all []string) {
	for _, told := range c.Told {
		all = append(all, fmt.Sprint(told))
	}
	slices.Sort(all)
	return all
}
