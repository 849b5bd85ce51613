package postgres_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"websec.nl/gehoor/cases"
	"websec.nl/gehoor/cases/postgres"
	"websec.nl/gehoor/cases/postgrestest"
)

// year is a year of a committee whose program runs as two processes on one database. Complaints come in; people take them up, or
// leave them lying; they are away; the program is down for hours and days, and starts again.
type year struct {
	*house
	t       *testing.T
	r       *rand.Rand
	other   *postgres.Store // its clock is three minutes ahead
	all     []cases.Number
	closed  map[cases.Number]bool
	away    []leave
	outages []outage
	acts    int
}

// leave is a time in which somebody was away, since when the program knew, and how long it was meant to be.
type leave struct {
	cases.Absence
	known, meant time.Time
}

type outage struct{ from, until time.Time }

// colleagues are the committee; the last of them leaves in autumn.
var colleagues = []cases.Person{
	{Member: "U4COR", Committee: true, Chair: true, Representative: true, Chairs: []cases.Member{"U4COR", "U2BOB"}},
	{Member: "U2BOB", Committee: true, Chair: true, Representative: true, Chairs: []cases.Member{"U4COR", "U2BOB"}},
	{Member: "U1ANN", Committee: true, Representative: true, Chairs: []cases.Member{"U4COR", "U2BOB"}},
	{Member: "U3DAN", Committee: true, Representative: true, Chairs: []cases.Member{"U4COR", "U2BOB"}},
}

const complaints = 60

func TestAYearWithTwoProcessesKeepsThePromise(t *testing.T) {
	h := houseOn(t, postgrestest.Pool(t), settings(t, "committee:\n  chair: U4COR\n  deputy: U2BOB\nholidays: [2027-05-07]\n"))
	h.now = time.Date(2026, 12, 1, 7, 0, 0, 0, time.UTC)
	begun, end := h.now, h.now.AddDate(1, 0, 0)
	y := &year{house: h, t: t, r: rand.New(rand.NewPCG(2026, 12)), other: h.beside(t, 3*time.Minute), closed: map[cases.Number]bool{}}
	act := h.now
	for h.now.Before(end) {
		if len(y.all) < complaints && len(y.all) <= complaints*int(h.now.Sub(begun)/time.Hour)/int(330*24*time.Hour/time.Hour) {
			y.begins()
		}
		if !h.now.Before(act) {
			y.handle()
			act = h.now.Add(time.Duration(1+y.r.IntN(9)) * time.Hour)
		}
		y.ticks()
		y.now = y.following(act)
		if y.r.IntN(150) == 0 {
			y.outage()
		}
	}
	h.once(t)
	for _, number := range y.all {
		y.check(number)
	}
	spoken := h.number(t, `SELECT count(*) FROM event WHERE by = 'clock'`)
	t.Logf("%d cases, %d acts, %d outages, %d times away; the clock spoke %d times", len(y.all), y.acts, len(y.outages), len(y.away), spoken)
	if len(y.all) < complaints || y.acts < 300 || len(y.outages) < 10 || spoken < 700 {
		t.Error("that was no year")
	}
}

// following is when something happens next: what is due, within some minutes, or what somebody does.
func (y *year) following(act time.Time) time.Time {
	next := act
	var due *time.Time
	if err := y.pool.QueryRow(y.t.Context(), `SELECT min(next_tick) FROM cases`).Scan(&due); err != nil {
		y.t.Fatal(err)
	}
	if due != nil && due.Before(next) {
		next = *due
	}
	if next.Before(y.now) {
		next = y.now
	}
	return next.Truncate(time.Minute).Add(time.Duration(1+y.r.IntN(3)) * time.Minute)
}

// outage is a time in which nothing runs; then both processes start anew.
func (y *year) outage() {
	from := y.now
	y.now = y.now.Add(time.Duration(1+y.r.IntN(60)) * time.Hour)
	y.outages = append(y.outages, outage{from, y.now})
	y.Store, y.other = y.under(y.t, y.Procedure(), nil), y.beside(y.t, 3*time.Minute)
}

// ticks lets one of the processes look what is due, or both at once.
func (y *year) ticks() {
	look := func(s *postgres.Store) {
		for {
			n, err := s.Tick(y.t.Context(), 10)
			if err != nil {
				y.t.Error(err)
			}
			if n < 10 {
				return
			}
		}
	}
	switch y.r.IntN(4) {
	case 0:
		look(y.Store)
	case 1:
		look(y.other)
	default:
		var both sync.WaitGroup
		both.Go(func() { look(y.Store) })
		both.Go(func() { look(y.other) })
		both.Wait()
	}
}

func (y *year) begins() {
	number := y.file(y.t, int64(7001+len(y.all)))
	var named []cases.Suspect
	if len(y.all)%7 == 0 {
		named = []cases.Suspect{{Member: colleagues[y.r.IntN(len(colleagues))].Member, Words: "x", Strength: cases.Certain}}
	}
	y.change(y.t, number, func(c *cases.Case, now time.Time) error { return c.Screen(named, true, y.Procedure(), now) })
	y.all = append(y.all, number)
}

// handle lets people do something, where they are at work.
func (y *year) handle() {
	if !y.Procedure().AtWork(y.now).Equal(y.now) || len(y.all) == 0 {
		return
	}
	if y.r.IntN(25) == 0 {
		y.leaves(colleagues[y.r.IntN(len(colleagues))].Member)
	}
	for range 20 {
		if at := y.r.IntN(len(y.all)); at%15 != 7 && (!y.closed[y.all[at]] || y.r.IntN(100) == 0) { // else it is left lying
			y.deed(y.all[at])
		}
	}
}

// leaves has somebody away from now on, or soon; where they are already they come back.
func (y *year) leaves(who cases.Member) {
	store := []*postgres.Store{y.Store, y.other}[y.r.IntN(2)]
	for i, l := range y.away {
		if l.Member == who && (l.Until.IsZero() || l.Until.After(y.now)) {
			if _, err := store.Back(y.t.Context(), who, who); err != nil {
				y.t.Fatal(err)
			}
			if y.away[i].Until = y.now; l.From.After(y.now) {
				y.away[i].From = y.now
			}
			return
		}
	}
	from := y.now.Add(time.Duration(y.r.IntN(3)*24) * time.Hour)
	until := from.Add(time.Duration(4+y.r.IntN(20*24)) * time.Hour)
	if _, err := store.SetAway(y.t.Context(), who, from, until, who); err != nil {
		y.t.Fatal(err)
	}
	y.away = append(y.away, leave{cases.Absence{Member: who, From: from, Until: until}, y.now, until})
}

func (y *year) deed(number cases.Number) {
	p, who := y.Procedure(), colleagues[y.r.IntN(len(colleagues))]
	later := y.now.AddDate(0, 0, 3+y.r.IntN(25))
	milestone := cases.Milestones[y.r.IntN(len(cases.Milestones))]
	deeds := []func(c *cases.Case, now time.Time) error{
		func(c *cases.Case, now time.Time) error { return c.Take(who, now) },
		func(c *cases.Case, now time.Time) error {
			return c.Speak(owner(c, who), now, "note", "steps", now)
		},
		func(c *cases.Case, now time.Time) error { return c.Propose(owner(c, who), "a refund", now) },
		func(c *cases.Case, now time.Time) error {
			return c.End(owner(c, who), cases.Closing{Outcome: cases.Settled, Solution: "agreed", Despite: "x"}, p, now)
		},
		func(c *cases.Case, now time.Time) error { return c.Extend(owner(c, who), "ill", later, p, now) },
		func(c *cases.Case, now time.Time) error { return c.Foresee(owner(c, who), "ill", later, p, now) },
		func(c *cases.Case, now time.Time) error { return c.InTime(owner(c, who), p, now) },
		func(c *cases.Case, now time.Time) error { return c.Mind(who, milestone, 0, p, now) },
		func(c *cases.Case, now time.Time) error {
			soon, _ := p.SnoozeUntil(now)
			return c.Snooze(who, milestone, 0, soon, p, now)
		},
		func(c *cases.Case, now time.Time) error { return c.Assign(colleagues[0], who, now) },
		func(c *cases.Case, now time.Time) error { return c.Recuse(who, "", p, now) },
		func(c *cases.Case, now time.Time) error { return c.Answer(c.Proposal, y.r.IntN(2) == 0, "x", now) },
		func(c *cases.Case, now time.Time) error { return c.Reply("one thing more", now) },
		func(c *cases.Case, now time.Time) error { c.Leave(now); return nil },
		func(c *cases.Case, now time.Time) error { c.Return(now); return nil },
		func(c *cases.Case, now time.Time) error { return c.Withdraw("", now) },
		func(c *cases.Case, now time.Time) error { return c.Reopen(colleagues[0], "it broke again", p, now) },
	}
	at := y.r.IntN(len(deeds))
	if at == len(deeds)-2 || y.r.IntN(3) > 0 { // what there is most of
		at = y.r.IntN(3)
	}
	store := []*postgres.Store{y.Store, y.other}[y.r.IntN(2)]
	c, err := store.Change(y.t.Context(), postgres.Claim{}, number, deeds[at])
	if refusal := (*cases.Refusal)(nil); errors.As(err, &refusal) {
		return
	}
	if err != nil {
		y.t.Fatal(err)
	}
	y.closed[number] = !c.Open()
	y.acts++
}

// owner is who owns a case, or who was given where nobody does.
func owner(c *cases.Case, who cases.Person) cases.Person {
	if at := slices.IndexFunc(colleagues, func(p cases.Person) bool { return p.Member == c.Owner }); at >= 0 {
		return colleagues[at]
	}
	return who
}

// life is what is remembered of a case while its file is read from the beginning.
type life struct {
	*year
	number cases.Number
	open   bool
	last   time.Time // six in the evening of its last day
	told   time.Time // the last day at which the complainant was told that it is late, likewise
	heard  time.Time // when the complainant last heard something
	owner  cases.Member
	since  time.Time // when its owner became that, or it was reopened
	asked  time.Time // since when nobody owns it, or when somebody was last asked to
	within int       // working days until somebody is, at most
	cover  map[string]bool
}

// heardBy are the events of which a complainant hears.
var heardBy = []cases.EventKind{
	cases.Filed, cases.Taken, cases.Handed, cases.Spoke, cases.Extended, cases.Late, cases.Proposed, cases.Reopened, cases.Progressed, cases.LeftAlone,
}

// check reads the file of a case and looks whether nobody was ever left in silence.
func (y *year) check(number cases.Number) {
	f, err := y.File(y.t.Context(), number)
	if err != nil {
		y.t.Fatal(err)
	}
	l := &life{year: y, number: number, cover: map[string]bool{}}
	for _, e := range f.Events {
		l.silence(e.At)
		l.event(e)
	}
	l.silence(y.now)
}

func (l *life) event(e cases.Event) {
	if slices.Contains(heardBy, e.Kind) {
		l.heard = e.At
	}
	switch by, _ := e.By.Member(); e.Kind {
	case cases.Filed:
		l.open, l.asked, l.within = true, e.At, l.Procedure().Milestones.Owned.Within
		l.last = l.evening(l.Procedure().In(l.Procedure().EndOfPeriod(e.At).Add(-time.Hour)).Format(time.DateOnly))
	case cases.Taken:
		l.owner, l.since = by, e.At
	case cases.Handed:
		l.owner, l.since = cases.Member(e.Data["to"]), e.At
	case cases.Excluded:
		if l.owner == cases.Member(e.Data["member"]) {
			l.owner, l.asked, l.within = "", e.At, 1
		}
	case cases.Extended:
		l.last = l.evening(e.Data["until"])
	case cases.Late:
		l.told = l.evening(e.Data["day"])
	case cases.Reopened:
		l.open, l.last, l.since = true, l.evening(e.Data["until"]), e.At
		if l.owner == "" {
			l.owner = by
		}
	case cases.Ended, cases.Withdrawn:
		l.open = false
	case cases.Reminded:
		l.reminded(e)
	}
}

// evening is when a complainant is told on a day that it is the last.
func (l *life) evening(day string) time.Time {
	at, err := time.ParseInLocation(time.DateOnly+" 15:04", day+" "+l.Procedure().Clock.TellLate, l.Procedure().Location())
	if err != nil {
		l.t.Fatal(err)
	}
	return at
}

func (l *life) reminded(e cases.Event) {
	p := l.Procedure()
	if !p.AtWork(e.At).Equal(e.At) {
		l.t.Errorf("%s: somebody is reminded on %s", l.number, p.In(e.At))
	}
	if to, direct := cases.Recipient(e.Data["to"]).Member(); direct && l.absent(to, e.At) {
		l.t.Errorf("%s: %s is away, and is reminded on %s", l.number, to, p.In(e.At))
	}
	if about := e.Data["milestone"] + " " + e.Data["also"]; strings.Contains(about, string(cases.MilestoneOwned)) {
		l.asked, l.within = e.At, 2 // the one after may come with the morning
	} else if strings.Contains(about, string(cases.MilestoneCovered)) {
		for _, a := range l.away {
			if a.Member == l.owner && !a.From.After(e.At) {
				l.cover[key(a)] = true
			}
		}
	}
}

func (l *life) absent(who cases.Member, at time.Time) bool {
	return slices.ContainsFunc(l.away, func(a leave) bool {
		return a.Member == who && !at.Before(a.From) && !at.Before(a.known) && at.Before(a.Until)
	})
}

func key(a leave) string { return fmt.Sprint(a.Member, a.From) }

// slack is how much later than it is due something may be told: a tick comes each few minutes, by clocks that differ.
const slack = 8 * time.Minute

// allowed is the last moment at which something that is due may be told, where the program was not down.
func (y *year) allowed(due time.Time, decent func(time.Time) time.Time) time.Time {
	at := decent(due)
	for _, o := range y.outages {
		if !at.Add(slack).Before(o.from) && at.Before(o.until) {
			at = decent(o.until)
		}
	}
	return at.Add(slack)
}

// silence looks whether somebody waited in silence for too long until an instant.
func (l *life) silence(until time.Time) {
	p := l.Procedure()
	if !l.open {
		return
	}
	late := func(what string, due time.Time, decent func(time.Time) time.Time) {
		if by := l.allowed(due, decent); until.After(by) {
			l.t.Errorf("%s: %s, due %s, allowed until %s, and now it is %s", l.number, what, p.In(due), p.In(by), p.In(until))
		}
	}
	word := p.AddWorkingDays(l.heard, p.Milestones.Progress.Within)
	if morning := p.Awake(midnightOf(l.last)); !word.Before(morning) && word.Before(l.last) {
		word = l.last
	}
	late("the complainant has heard nothing for five working days", word, p.Awake)
	if !l.told.Equal(l.last) {
		late("the last day passed in silence", l.last, p.Awake)
	}
	if l.owner == "" {
		late("nobody owns it, and nobody is asked to", p.AddWorkingDays(l.asked, l.within), p.AtWork)
		return
	}
	for _, a := range l.away {
		from := lastOf(a.From, a.known, l.since)
		long := !p.AddWorkingDays(lastOf(a.From, l.since), p.Milestones.Covered.Within).After(a.meant)
		if a.Member == l.owner && long && !l.cover[key(a)] && l.allowed(from, p.AtWork).Before(a.Until) {
			late("its owner is away, and nobody covers", from, p.AtWork)
		}
	}
}

func midnightOf(t time.Time) time.Time {
	return time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, t.Location())
}

func lastOf(all ...time.Time) time.Time { return slices.MaxFunc(all, time.Time.Compare) }
