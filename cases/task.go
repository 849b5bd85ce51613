package cases

import (
	"cmp"
	"slices"
	"time"
)

// Task is something about a case that needs a person's hand.
type Task struct {
	Kind   TaskKind
	Number Number
	For    Member    // empty: anyone of the committee
	Due    time.Time // zero: as soon as it can be
	Of     int       // the number of the party or the measure that it is about; 0: of none
}

// TaskKind says what is to be done.
type TaskKind string

// The tasks.
const (
	TaskTake     TaskKind = "take"
	TaskAssess   TaskKind = "assess"
	TaskContact  TaskKind = "contact"         // the first personal contact
	TaskInvite   TaskKind = "invite"          // a person concerned whom nobody has invited
	TaskAccount  TaskKind = "account-overdue" // a person concerned has not answered by the day
	TaskExplain  TaskKind = "explain"         // to the complainant, why it is late
	TaskAnswer   TaskKind = "answer"          // what the complainant said
	TaskQuestion TaskKind = "question-overdue"
	TaskRing     TaskKind = "unreachable" // the complainant can be reached by telephone alone, if at all
	TaskApprove  TaskKind = "approve-closing"
	TaskConflict TaskKind = "clear-conflict" // somebody is excluded by a name alone: is that right?
	TaskMeasure  TaskKind = "measure"
	TaskWriteUp  TaskKind = "write-up" // the complainant has not agreed to it yet
	TaskReopen   TaskKind = "reopen-asked"
	TaskForesee  TaskKind = "foresee" // say whether it will be done in time, and if not, why and by when
	TaskClose    TaskKind = "close"   // find a solution, and close the case
)

// TaskKinds lists every TaskKind.
var TaskKinds = []TaskKind{
	TaskTake, TaskAssess, TaskContact, TaskInvite, TaskAccount, TaskExplain, TaskAnswer, TaskQuestion, TaskRing, TaskApprove, TaskConflict,
	TaskMeasure, TaskWriteUp, TaskReopen, TaskForesee, TaskClose,
}

// Working days within which something that waits for a person's hand is to be done.
const (
	answerWithin   = 2
	approveWithin  = 1
	conflictWithin = 1
)

// Tasks are what is to be done about a case, in the order of their days. An open case has at least one; nobody who is
// excluded has any.
func (p *Procedure) Tasks(c *Case, now time.Time) []Task {
	l := &listing{p: p, c: c, now: now, steps: p.Steps(c)}
	l.presiding, _ = p.Presiding(c).Member()
	if c.Stage == Awaiting {
		l.writeUp()
	} else if c.Open() {
		l.open()
	}
	if c.Open() && len(c.Work.Matched) > 0 {
		l.add(TaskConflict, l.presiding, p.AddWorkingDays(c.Begun(), conflictWithin), 0)
	}
	for _, m := range c.Work.Measures {
		if m.Done.IsZero() {
			l.add(TaskMeasure, p.measureOwner(c, m), p.day(m.Due), m.Number)
		}
	}
	if asked := c.Work.ReopenAsked; !c.Open() && !asked.IsZero() && now.Before(p.EndOfPeriod(asked)) {
		l.add(TaskReopen, l.presiding, p.AddWorkingDays(asked, answerWithin), 0)
	}
	slices.SortStableFunc(l.all, func(a, b Task) int { return a.Due.Compare(b.Due) })
	return l.all
}

type listing struct {
	p         *Procedure
	c         *Case
	now       time.Time
	steps     []Step
	presiding Member
	all       []Task
}

// due is by when a milestone is to be reached that the case has still to reach.
func (l *listing) due(m Milestone) time.Time { return l.step(m).Due }

// base is when somebody is reminded of it first, but for what comes before it is due.
func (l *listing) base(m Milestone) time.Time { return l.step(m).base }

func (l *listing) step(m Milestone) (none Step) {
	for _, s := range l.steps {
		if s.Milestone == m {
			return s
		}
	}
	return none
}

func (l *listing) add(kind TaskKind, whose Member, due time.Time, of int) {
	l.all = append(l.all, Task{Kind: kind, Number: l.c.Number, For: whose, Due: due, Of: of})
}

func (l *listing) writeUp() {
	writer := l.c.Work.WrittenBy
	if l.c.Excludes(writer) {
		writer = l.presiding
	}
	due, rule := l.c.Received.AddDate(0, 0, l.p.ApprovalLapse), l.p.Milestones.Approved
	for n := range rule.Most {
		if at := l.c.Received.AddDate(0, 0, rule.Within+n*rule.Again); at.After(l.now) {
			due = at
			break
		}
	}
	l.add(TaskWriteUp, writer, due, 0)
}

func (l *listing) open() {
	c, p := l.c, l.p
	if c.Owner == "" || c.Excludes(c.Owner) {
		l.add(TaskTake, "", l.due(MilestoneOwned), 0)
	}
	owner := c.Owner
	if c.Excludes(owner) {
		owner = ""
	}
	if c.Kind == Talk {
		if owner != "" {
			l.add(TaskContact, owner, l.due(MilestoneTalked), 0)
		}
		return
	}
	l.begin(owner)
	l.hear(owner)
	switch {
	case c.Late(l.now): // the reason is owed, and by now it is for who presides to see that it is given
		l.add(TaskExplain, cmp.Or(l.presiding, owner), p.ReasonBy(c), 0)
	case c.Work.Foreseen.Day != p.In(c.LastDay(p)).Format(time.DateOnly) && !l.now.Before(l.base(MilestoneForeseen)):
		l.add(TaskForesee, cmp.Or(owner, l.presiding), c.Deadline, 0)
	}
	if !c.Work.Replied.IsZero() && owner != "" {
		l.add(TaskAnswer, owner, p.AddWorkingDays(c.Work.Replied, answerWithin), 0)
	}
	if by := p.day(c.Work.QuestionBy); !by.IsZero() && !l.now.Before(by) {
		l.add(TaskQuestion, owner, by, 0)
	}
	if !c.Reachable() {
		l.add(TaskRing, owner, time.Time{}, 0)
	}
	if c.Work.Draft != 0 {
		eyes, _ := p.presidingBut(c, c.Work.DraftBy).Member()
		l.add(TaskApprove, eyes, p.AddWorkingDays(c.Work.Drafted, approveWithin), 0)
	} else if owner != "" && !c.Contacted.IsZero() {
		l.add(TaskClose, owner, c.LastDay(p), 0)
	}
}

// begin lists what a case begins with.
func (l *listing) begin(owner Member) {
	if l.c.Work.Assessment.Severity == "" {
		l.add(TaskAssess, owner, l.p.AddWorkingDays(l.c.Begun(), l.p.Milestones.Owned.Within), 0)
	}
	if l.c.Contacted.IsZero() && owner != "" {
		l.add(TaskContact, owner, l.due(MilestoneContacted), 0)
	}
}

func (l *listing) hear(owner Member) {
	for _, party := range l.c.Work.Parties {
		switch by := l.p.day(party.By); {
		case party.State == PartyNamed:
			l.add(TaskInvite, owner, l.due(MilestoneInvited), party.Number)
		case party.State == PartyInvited && !l.now.Before(by):
			l.add(TaskAccount, owner, by, party.Number)
		}
	}
}

// day is the end of a day that stands as 2006-01-02: the first instant after it; zero where there is none.
func (p *Procedure) day(text string) time.Time {
	day, err := time.ParseInLocation(time.DateOnly, text, p.zone)
	if err != nil {
		return time.Time{}
	}
	return p.endOfDay(day, 0)
}

// measureOwner is who is to see to a measure: who owes it, or who presides where they are excluded; empty: anyone.
func (p *Procedure) measureOwner(c *Case, m Measure) Member {
	if !c.Excludes(m.Owner) {
		return m.Owner
	}
	presiding, _ := p.Presiding(c).Member()
	return presiding
}
