package cases

import "slices"

// Person is somebody in the committee's chat tool, with the roles that they have now.
type Person struct {
	Member    Member
	Committee bool
	Chair     bool // or stands in for the chair
	// Colleagues are all who are of the committee now; none: that is not known. A case of somebody who is not among them
	// any more is anybody's to give away.
	Colleagues []Member
}

// Action is something that a person may want to do with a case.
type Action string

// The actions.
const (
	See      Action = "see"  // that the case exists: its card, a list
	ReadFile Action = "read" // the complaint's words
	Take     Action = "take"
	Assign   Action = "assign"
	Write    Action = "write"
	Speak    Action = "speak" // record the personal contact
	Extend   Action = "extend"
	End      Action = "end"
	Propose  Action = "propose" // a solution
	Reopen   Action = "reopen"
)

// Actions lists every Action.
var Actions = []Action{See, ReadFile, Take, Assign, Write, Speak, Extend, End, Propose, Reopen}

// rule says in which stages an action makes sense, of which kinds of case, and whose it is beside the owner's.
type rule struct {
	stages []Stage
	kinds  []Kind
	chair  bool // the chair may as well
	anyone bool // anyone of the committee may
	orphan bool // anyone of the committee may while the case has no owner
}

var (
	anyStage = Stages
	open     = []Stage{Received, Assigned, Contact, StageProposed}
	owned    = []Stage{Assigned, Contact, StageProposed}
	anyKind  = []Kind{Formal, Talk}
	formal   = []Kind{Formal}
)

// rules is the whole of who may do what, when.
var rules = map[Action]rule{
	See:      {stages: anyStage, kinds: anyKind, anyone: true},
	ReadFile: {stages: anyStage, kinds: anyKind, anyone: true},
	Take:     {stages: []Stage{Received}, kinds: anyKind, anyone: true},
	Assign:   {stages: open, kinds: anyKind, chair: true, orphan: true},
	Write:    {stages: owned, kinds: anyKind, chair: true},
	Speak:    {stages: owned, kinds: formal},
	Extend:   {stages: open, kinds: formal, chair: true, orphan: true},
	End:      {stages: owned, kinds: anyKind, chair: true},
	Propose:  {stages: owned, kinds: formal, chair: true},
	Reopen:   {stages: []Stage{Closed}, kinds: formal, chair: true, orphan: true},
}

// ownerOf is the owner of a case, if they are still of the committee.
func (who Person) ownerOf(c *Case) Member {
	if len(who.Colleagues) > 0 && !slices.Contains(who.Colleagues, c.Owner) {
		return ""
	}
	return c.Owner
}

// May says whether a person may do something with a case at this moment: nil, or a Refusal that says why not. It is asked
// at each act, with the roles of that moment.
func May(who Person, do Action, c *Case) error {
	r := rules[do]
	deny := func(key string) error { return &Refusal{Text: text(key, c), Denied: true, Who: who.Member, Do: do} }
	switch {
	case c.Excludes(who.Member):
		return deny("refusal.not-yours")
	case !who.Committee:
		return deny("refusal.not-in-committee")
	case !slices.Contains(r.kinds, c.Kind):
		return &Refusal{Text: text("refusal.not-for-a-talk", c)}
	case !c.Open() && !slices.Contains(r.stages, c.Stage):
		return &Refusal{Text: text("refusal.closed", c)}
	case do == Reopen && c.Open():
		return &Refusal{Text: text("refusal.not-closed", c)}
	case do == Take && c.Owner != "":
		return &Refusal{Text: text("refusal.already-owned", c)}
	case !slices.Contains(r.stages, c.Stage):
		return &Refusal{Text: text("refusal.take-it-first", c)}
	case r.anyone, c.Owner == who.Member, r.chair && who.Chair, r.orphan && who.ownerOf(c) == "":
		return nil
	}
	return deny("refusal.owner-only")
}
