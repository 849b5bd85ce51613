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

// player says by chance who does what, and to whom. Only the seed of it and how many acts there are is drawn: so each act is as
// likely, and a failure is found again and made as short as it can be.
type player struct {
	t    *rapid.T
	r    *rand.Rand
	p    *Procedure
	c    *Case
	now  time.Time
	seen int  // events so far
	okay bool // the complainant agreed to the write-up
}

var acting = []Person{member, other, chair, deputy, substitute, receiver, {Member: "U7"}, {Member: "U5", Committee: true}}

// who is anybody, and more often than not the owner.
func (l *player) who() Person {
	owner := slices.IndexFunc(acting, func(p Person) bool { return p.Member == l.c.Owner })
	if owner >= 0 && l.r.IntN(3) > 0 {
		return seated(acting[owner])
	}
	return seated(one(l, acting))
}

func (l *player) whom() Member {
	return one(l, []Member{"U7", "U30", "U31", "U5", "U1", "U2", "U3", "U10", "U11", "U4"})
}

func one[T any](l *player, all []T) T { return all[l.r.IntN(len(all))] }

func (l *player) n() int    { return rapid.IntRange(0, 3).Draw(l.t, "n") }
func (l *player) yes() bool { return l.r.IntN(2) == 0 }
func (l *player) day() time.Time {
	return l.now.AddDate(0, 0, l.r.IntN(22)-1)
}

// party is the number of a person concerned, as a rule of one that there is.
func (l *player) party() int {
	if n := len(l.c.Work.Parties); n > 0 {
		return 1 + l.r.IntN(n)
	}
	return l.n()
}

// asked is a person concerned who was consulted, if there is one.
func (l *player) asked() int {
	for _, consent := range l.c.Work.Consulted {
		if consent.Party > 0 && consent.Answer == Asked {
			return consent.Party
		}
	}
	return l.party()
}

func (l *player) held() int {
	if len(l.c.Work.Held) == 0 || l.n() == 0 {
		return l.n()
	}
	return l.c.Work.Held[0]
}

func (l *player) made() Closing {
	made := Closing{Outcome: one(l, []Outcome{"", Settled, Upheld, Talked}), Solution: "x"}
	if l.yes() {
		made.Points = []Point{{"a", "b", Upheld}, {"c", "d", Partly}}
	}
	if l.yes() {
		made.Measures = []MeasureDraft{{"m", l.whom(), l.day()}}
	}
	if l.yes() {
		made.Despite = "it is long enough"
	}
	return made
}

func (l *player) outsider() PartyDraft {
	if l.yes() {
		return PartyDraft{Member: l.whom()}
	}
	return PartyDraft{Name: "Pia (invented)", Email: "pia@example.org"}
}

// plays, work, talks and rare are all that can be done to a case, by anybody; most of it is refused at most moments.
var plays = []func(l *player) error{
	func(l *player) error { return l.c.Assign(l.who(), l.who(), l.now) },
	func(l *player) error { return l.c.Read(l.who(), l.now) },
	func(l *player) error { return l.c.Find(l.who(), l.now) },
	func(l *player) error { return l.c.Recuse(l.who(), "", l.p, l.now) },
	func(l *player) error { return l.c.Exclude(l.who(), l.whom(), "x", l.p, l.now) },
	func(l *player) error { return l.c.Clear(l.who(), l.whom(), "x", l.p, l.now) },
	func(l *player) error { return l.c.Clear(l.who(), l.whom(), "x", l.p, l.now) },
	func(l *player) error {
		return l.c.Screen([]Suspect{{l.whom(), "x", Likely}, {l.whom(), "y", Possible}}, l.yes(), l.p, l.now)
	},
	func(l *player) error { return l.c.Screen(nil, true, l.p, l.now) },
	func(l *player) error {
		return l.c.Assess(l.who(), Assessment{Severity: one(l, LevelsOf), Urgency: Low}, "", l.now)
	},
	func(l *player) error { return l.c.AddNote(l.who(), l.whom(), "x", l.now) },
	func(l *player) error { return l.c.TakeBack(l.who(), l.held(), l.now) },
	func(l *player) error { return l.c.Extend(l.who(), "x", l.day(), l.p, l.now) },
	func(l *player) error { return l.c.Decline(l.party(), "x", l.now) },
	func(l *player) error { return l.c.RemoveParty(l.who(), l.party(), "x", l.now) },
	func(l *player) error { return l.c.NoAnswer(l.who(), l.party(), l.now) },
	func(l *player) error { return l.c.SendBack(l.who(), "x", l.now) },
	func(l *player) error { return l.c.Rate(Rating{GradeNo, GradeNo, "x"}, l.p, l.now) },
	func(l *player) error { return l.c.CorrectAnswer(FieldProblem, "x", Complainant, l.now) },
	func(l *player) error { return l.c.AgreeByCall(l.who(), l.who(), Words{"a": "b"}, l.p, l.now) },
	func(l *player) error { return l.c.Attach("a", "x", l.now) },
	func(l *player) error { l.c.LeaveAlone(fellows, l.now); return nil },
	func(l *player) error {
		l.c.Lose(Notice{Message, one(l, []Recipient{ByChat, ByMail}), 1}, Gone, "gone", l.now)
		return nil
	},
	func(l *player) error { return l.c.ChangeContact("", "new@example.org", l.now) },
	func(l *player) error { return l.tick(l.now) },
	func(l *player) error { return l.tick(l.now.AddDate(0, 0, l.r.IntN(9))) }, // another clock is ahead
	func(l *player) error { return l.c.Mind(l.who(), one(l, Milestones), l.n(), l.p, l.now) },
	func(l *player) error {
		return l.c.Snooze(l.who(), one(l, Milestones), l.n(), one(l, offered(l.p, l.now)), l.p, l.now)
	},
	func(l *player) error { return l.c.InTime(l.who(), l.p, l.now) },
	func(l *player) error { return l.c.Foresee(l.who(), "x", l.day(), l.p, l.now) },
}

// tick lets the clock speak. Whom it left excluded is not written with what it changed.
func (l *player) tick(now time.Time) error {
	before := slices.Clone(l.c.Excluded)
	l.c.Tick(l.p, l.staff(), now)
	if !slices.Equal(before, l.c.Excluded) {
		l.t.Fatalf("the clock changed who is excluded: %v, before %v", l.c.Excluded, before)
	}
	return nil
}

// staff lets anybody be away, or gone.
func (l *player) staff() Staff {
	away := Absence{Member: l.whom(), From: l.now.AddDate(0, 0, -l.n()), Until: l.now.AddDate(0, 0, l.n())}
	return Staff{Absences: []Absence{away, {Member: l.whom(), From: l.now, Gone: l.yes()}}}
}

// work is what is done most.
var work = []func(l *player) error{
	func(l *player) error { return l.c.Take(l.who(), l.now) },
	func(l *player) error {
		return l.c.Write(l.who(), WriteDraft{Text: "x", Question: l.yes(), Until: l.day()}, l.p, l.now)
	},
	func(l *player) error { return l.c.Dispatch(l.held(), l.now) },
	func(l *player) error { return l.c.SpeakBy(l.who(), OnVideo, l.now, "x", "y", l.now) },
	func(l *player) error { return l.c.Report(l.who(), "x", l.now) },
	func(l *player) error { return l.c.Answer(l.c.Proposal, l.yes(), "x", l.now) },
	func(l *player) error { return l.c.End(l.who(), l.made(), l.p, l.now) },
	func(l *player) error { return l.c.ApproveClosing(l.who(), l.p, l.now) },
	func(l *player) error { return l.c.MeasureIsDone(l.who(), 1+l.n(), "", l.now) },
	func(l *player) error { return l.c.Reopen(l.who(), "x", l.p, l.now) },
	func(l *player) error { return l.c.Reply("x", l.now) },
	func(l *player) error { return l.c.Approve(AgreedOnPage, "", Words{"a": "b"}, l.p, l.now) },
}

// talks are how the persons concerned are heard, which takes many acts in a row.
var talks = []func(l *player) error{
	func(l *player) error {
		if len(l.c.Work.Parties) > 1 {
			return nil
		}
		_, err := l.c.AddParty(l.who(), l.outsider(), l.p, l.now)
		return err
	},
	func(l *player) error { return l.c.Invite(l.who(), l.party(), "x", l.day(), l.p, l.now) },
	func(l *player) error { return l.c.Account(l.party(), "x", l.now) },
	func(l *player) error { return l.c.Propose(l.who(), "x", l.now) },
	func(l *player) error { return l.c.AnswerParty(l.asked(), l.c.Work.Proposed, l.yes(), "x", l.now) },
}

// rare end a case, and come in between.
var rare = []func(l *player) error{
	func(l *player) error { return l.c.Lapse(l.who(), l.yes(), "x", l.now) },
	func(l *player) error { return l.c.Withdraw("x", l.now) },
	func(l *player) error { return l.c.NotApprove("x", l.now) },
}

// near is what lies near at this moment, where chance alone would seldom come: the edges of a life.
func (l *player) near() []func(l *player) error {
	c := l.c
	hearings, asked := c.Work.Open()
	switch {
	case !c.Open():
		return []func(l *player) error{func(l *player) error { return l.c.Reopen(seated(one(l, acting)), "x", l.p, l.now) }}
	case c.Stage == Awaiting:
		return append(rare, work[len(work)-1])
	case len(c.Work.Held) > 0:
		return append(rare, func(l *player) error { return l.c.End(l.who(), l.made(), l.p, l.now) })
	case c.Stage == StageProposed && hearings > 0:
		return []func(l *player) error{
			func(l *player) error { return l.c.Account(l.party(), "x", l.now) },
			func(l *player) error { return l.c.Invite(l.who(), l.party(), "x", l.day(), l.p, l.now) },
			func(l *player) error { return l.c.NoAnswer(l.who(), l.party(), l.now) },
		}
	case c.Stage == StageProposed && asked > 0:
		return []func(l *player) error{
			func(l *player) error { return l.c.Answer(l.c.Proposal, true, "", l.now) },
			func(l *player) error { return l.c.AnswerParty(l.asked(), l.c.Work.Proposed, true, "", l.now) },
		}
	case c.Stage == StageProposed:
		return []func(l *player) error{func(l *player) error {
			return l.c.End(l.who(), Closing{Outcome: Settled, Solution: "x"}, l.p, l.now)
		}}
	}
	return talks
}

func (l *player) begin() {
	switch l.r.IntN(4) {
	case 0:
		l.c = Request("G-2026-0001", TalkRequest{Telephone: "1"}, 7001, l.p, l.now)
	case 1:
		l.c, _ = WrittenUpBy(receiver, "K-2026-0001", toldByTelephone(), l.p, l.now)
	default:
		l.c = Submit("K-2026-0001", Complaint{Language: "nl", Answers: Words{FieldEmail: "n@example.org"}}, 7001, l.p, l.now)
	}
	l.holds()
}

// play does one thing, or is refused and changes nothing.
func (l *player) play() {
	all := work
	switch n := l.r.IntN(40); {
	case n == 0:
		all = rare
	case n < 10:
		all = plays
	case n < 20:
		all = talks
	case n < 28:
		all = l.near()
	}
	before := fmt.Sprintf("%+v", *l.c)
	if err := one(l, all)(l); err != nil {
		if !strings.HasPrefix(err.Error(), "refused: ") {
			l.t.Fatal(err)
		}
		if after := fmt.Sprintf("%+v", *l.c); after != before {
			l.t.Fatalf("%v changed something:\n%s\n%s", err, before, after)
		}
	}
	l.holds()
}

// holds looks whether what must always be true is.
func (l *player) holds() {
	c, p := l.c, l.p
	for _, e := range c.Events() {
		l.seen++
		if e.Seq != l.seen {
			l.t.Fatalf("event %d is number %d", l.seen, e.Seq)
		}
		l.okay = l.okay || e.Kind == Approved
		if e.Kind == Ended && c.Kind == Formal && e.Data["despite"] == "" {
			l.everybodyAsked()
		}
		for _, n := range Notices(c, e) {
			if m, direct := n.To.Member(); direct && c.Excludes(m) && !slices.Contains(toParties, n.Kind) {
				l.t.Fatalf("%s: %s is told %s", e.Kind, m, n.Kind)
			}
			if n.To == "" || n.To == ToMember("") || n.Event < 1 || n.Event > c.LastSeq {
				l.t.Fatalf("%s: %+v", e.Kind, n)
			}
		}
	}
	if c.Excludes(c.Owner) || c.Excludes(c.Work.DraftBy) {
		l.t.Fatalf("%s is excluded and handles it", c.Owner)
	}
	if m, direct := p.Presiding(c).Member(); direct && c.Excludes(m) {
		l.t.Fatalf("%s is excluded and presides", m)
	}
	for _, m := range c.Work.Cleared {
		if c.Excludes(m) {
			l.t.Fatalf("%s is excluded and cleared", m)
		}
	}
	for _, party := range c.Work.Parties {
		if party.Member != "" && !c.Excludes(party.Member) {
			l.t.Fatalf("%s is concerned and sees it", party.Member)
		}
	}
	if c.Work.WrittenBy != "" && c.Open() && c.Stage != Awaiting && !l.okay {
		l.t.Fatalf("it is handled, and nobody agreed to it: %+v", c)
	}
	if !c.Open() && len(c.Work.Held) > 0 {
		l.t.Fatalf("words wait to go out of a case that ended: %+v", c.Work)
	}
	if c.Stage == Awaiting && (!c.Deadline.IsZero() || c.Owner != "" || c.Late(l.now)) {
		l.t.Fatalf("the clock of what is awaited runs: %+v", c)
	}
	if (c.Work.Draft == 0) != (c.Work.DraftOf == nil) || !c.Open() && c.Work.Draft != 0 {
		l.t.Fatalf("half a draft: %+v", c.Work)
	}
	if !c.Deadline.IsZero() && c.Deadline.Before(p.EndOfPeriod(c.Begun())) {
		l.t.Fatalf("the last day is earlier than was promised: %+v", c)
	}
	l.tasks()
	l.clock()
}

// clock looks whether somebody is responsible for the next step of an open case, and whether looking changes what is to come.
func (l *player) clock() {
	staff := l.staff()
	step, who, any := l.p.Responsible(l.c, staff, l.now)
	if l.c.Open() && (!any || step.Due.IsZero()) {
		l.t.Fatalf("nobody is responsible for anything: %+v", l.c)
	}
	if m, direct := who.Member(); direct {
		if _, away := staff.Away(m, l.now); away || l.c.Excludes(m) {
			l.t.Fatalf("%s is away or excluded, and responsible for %s", m, step.Milestone)
		}
	}
	before := fmt.Sprintf("%+v", *l.c)
	first, second := l.p.Plan(l.c, staff, l.now), l.p.Plan(l.c, staff, l.now)
	if l.r.IntN(20) == 0 {
		_ = l.p.Timeline(l.c, staff, l.now, l.now.AddDate(0, 0, 5))
	}
	if fmt.Sprint(first) != fmt.Sprint(second) || fmt.Sprintf("%+v", *l.c) != before {
		l.t.Fatalf("looking changes what is to come:\n%v\n%v", first, second)
	}
	for _, d := range first {
		if d.At.IsZero() || d.Why == "" || d.Occasion == "" || d.Recipient == "" {
			l.t.Fatalf("%+v", d)
		}
	}
}

// everybodyAsked looks whether all who were heard were asked what they think of a solution that the complainant did not object to.
func (l *player) everybodyAsked() {
	w := l.c.Work
	if w.Proposed == 0 || slices.Contains(w.Consulted, Consent{Answer: ConsentNo}) {
		return
	}
	for _, party := range w.Parties {
		asked := slices.ContainsFunc(w.Consulted, func(one Consent) bool { return one.Party == party.Number && one.Answer != Asked })
		if party.State == PartyHeard && !asked {
			l.t.Fatalf("it ended without a reason over what party %d says: %+v", party.Number, w)
		}
	}
}

func (l *player) tasks() {
	tasks := l.p.Tasks(l.c, l.now)
	if l.c.Open() && len(tasks) == 0 {
		l.t.Fatalf("nothing is to be done: %+v", l.c)
	}
	for _, task := range tasks {
		if l.c.Excludes(task.For) || !slices.Contains(TaskKinds, task.Kind) || task.Number != l.c.Number {
			l.t.Fatalf("%+v", task)
		}
	}
	next := l.next(Staff{})
	if l.c.Owner != "" {
		away := Absence{Member: l.c.Owner, From: l.now.AddDate(0, 0, l.r.IntN(9)-4)}
		if l.yes() {
			away.Until = away.From.AddDate(0, 0, 1+l.r.IntN(20))
		}
		l.next(Staff{Absences: []Absence{away}})
	}
	owes := slices.ContainsFunc(l.c.Work.Measures, func(m Measure) bool { return m.Done.IsZero() }) && l.now.Before(l.c.Kept(l.p))
	if waits := l.c.Open() || owes; waits == next.IsZero() {
		l.t.Fatalf("open %t, and the next step is at %s: %+v", l.c.Open(), next, *l.c)
	}
}

// next is when the clock tells something next, which is the first of all that it would tell.
func (l *player) next(staff Staff) time.Time {
	next := l.p.Next(l.c, staff, l.now)
	var first time.Time
	for _, due := range l.p.Plan(l.c, staff, l.now) {
		if at := l.p.decent(due.Recipient, later(due.At, l.now)); first.IsZero() || at.Before(first) {
			first = at
		}
	}
	if !next.Equal(first) {
		l.t.Fatalf("the next is at %s, and the first of the plan at %s: %+v", next, first, *l.c)
	}
	return next
}

// Whatever is done to a case, by whom and in which order.
func TestNothingThatIsDoneToACaseBreaksIt(t *testing.T) {
	p := presided()
	rapid.Check(t, func(t *rapid.T) {
		seed := rapid.Uint64().Draw(t, "seed")
		l := &player{t: t, r: rand.New(rand.NewPCG(seed, 1)), now: time.Unix(rapid.Int64Range(1.79e9, 1.83e9).Draw(t, "received"), 0)}
		settings := *p
		settings.Committee.SecondEyes = l.yes()
		settings.TakeBack = one(l, []int{0, 60})
		l.p = &settings
		l.begin()
		if l.r.IntN(5) > 0 {
			_ = l.c.Screen(nil, true, l.p, l.now)
			l.holds()
		}
		if l.c.Stage == Awaiting && l.yes() {
			_ = l.c.Approve(AgreedOnPage, "", Words{"a": "b"}, l.p, l.now)
			l.holds()
		}
		for range 1 + l.r.IntN(150) {
			l.now = l.now.Add(time.Duration(l.r.IntN(30)) * time.Hour)
			l.play()
		}
	})
}

// offered are the moments that are offered to who would like to be reminded later.
func offered(p *Procedure, now time.Time) []time.Time {
	soon, next := p.SnoozeUntil(now)
	return []time.Time{soon, next}
}
