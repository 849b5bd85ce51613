package cases

import (
	"slices"

	"websec.nl/gehoor/i18n"
)

// Person is somebody in the committee's chat tool, with the roles that they have now.
type Person struct {
	Member         Member
	Committee      bool
	Chair          bool // or the deputy, who stands in for the chair
	Substitute     bool // stands in where chair and deputy are excluded
	Representative bool // may own a case and speak with its complainant
	Intake         bool // writes up what was told by telephone, letter or e-mail; need not be of the committee
	// Chairs are the chair, the deputy and the substitute, in that order, as far as they are set and of the committee now.
	Chairs []Member
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

	Assess      Action = "assess"
	Note        Action = "note"          // add something to the file that nobody is told
	TakeBack    Action = "take-back"     // words to the complainant, within their minute
	Recuse      Action = "recuse"        // oneself
	Exclude     Action = "exclude"       // somebody else
	Clear       Action = "clear"         // let somebody see the case who was excluded
	Hear        Action = "hear"          // name persons concerned, invite them, say that they did not answer
	Report      Action = "report"        // on the hearing, to the complainant
	Approve     Action = "approve"       // a closing, as the second pair of eyes
	Measured    Action = "measured"      // say that a measure is done
	Lapse       Action = "lapse"         // end a case that its complainant does not go on with, or withdrew by telephone
	WriteUp     Action = "write-up"      // type a complaint that was told elsewhere; there is no case yet
	Mind        Action = "mind"          // see to what one was reminded of, or be reminded later
	AgreeByCall Action = "agree-by-call" // say that the complainant agreed to the write-up on the telephone, with a witness
)

// Actions lists every Action.
var Actions = []Action{
	See, ReadFile, Take, Assign, Write, Speak, Extend, End, Propose, Reopen, Assess, Note, TakeBack, Recuse, Exclude, Clear, Hear, Report,
	Approve, Measured, Lapse, WriteUp, AgreeByCall, Mind,
}

// rule says in which stages an action makes sense, of which kinds of case, and whose it is beside the owner's.
type rule struct {
	stages   []Stage
	kinds    []Kind
	chair    bool // who leads the committee may as well: see Person.leads
	anyone   bool // anyone of the committee may
	orphan   bool // anyone of the committee may while the case has no owner
	speaks   bool // only a representative may, whoever they are besides
	presides bool // only who presides at this case may: see Person.presides
	writer   bool // who wrote the complaint up may, until its complainant agreed to it, also if they are not of the committee
	measure  bool // who owes a measure of the case may, also if they are not of the committee
}

var (
	anyStage = Stages
	open     = []Stage{Received, Assigned, Contact, StageProposed}
	owned    = []Stage{Assigned, Contact, StageProposed}
	unclosed = []Stage{Awaiting, Received, Assigned, Contact, StageProposed}
	anyKind  = []Kind{Formal, Talk}
	formal   = []Kind{Formal}
)

// rules is the whole of who may do what, when. Before it comes that an excluded person may nothing, and that nobody may
// anything before the words were held against the names of the workspace.
var rules = map[Action]rule{
	See:      {stages: anyStage, kinds: anyKind, anyone: true, writer: true},
	ReadFile: {stages: anyStage, kinds: anyKind, anyone: true, writer: true},
	Take:     {stages: open, kinds: anyKind, anyone: true, speaks: true},
	Assign:   {stages: open, kinds: anyKind, chair: true, orphan: true},
	Write:    {stages: owned, kinds: anyKind, chair: true},
	Speak:    {stages: owned, kinds: formal, speaks: true},
	Extend:   {stages: open, kinds: formal, chair: true, orphan: true},
	End:      {stages: owned, kinds: anyKind, chair: true},
	Propose:  {stages: owned, kinds: formal, chair: true},
	Reopen:   {stages: []Stage{Closed}, kinds: formal, chair: true, orphan: true},

	Assess:      {stages: open, kinds: formal, anyone: true},
	Note:        {stages: anyStage, kinds: anyKind, anyone: true},
	TakeBack:    {stages: append([]Stage{Closed}, owned...), kinds: anyKind, chair: true},
	Recuse:      {stages: anyStage, kinds: anyKind, anyone: true},
	Exclude:     {stages: anyStage, kinds: anyKind, presides: true},
	Clear:       {stages: anyStage, kinds: anyKind, presides: true},
	Hear:        {stages: owned, kinds: formal, chair: true},
	Report:      {stages: owned, kinds: formal, chair: true},
	Approve:     {stages: owned, kinds: formal, anyone: true},
	Measured:    {stages: anyStage, kinds: formal, chair: true, measure: true},
	Mind:        {stages: open, kinds: anyKind, anyone: true},
	Lapse:       {stages: unclosed, kinds: anyKind, chair: true},
	WriteUp:     {stages: []Stage{Awaiting}, kinds: formal, anyone: true, writer: true},
	AgreeByCall: {stages: []Stage{Awaiting}, kinds: formal, anyone: true, writer: true},
}

// ownerOf is the owner of a case, if they are still of the committee.
func (who Person) ownerOf(c *Case) Member {
	if len(who.Colleagues) > 0 && !slices.Contains(who.Colleagues, c.Owner) {
		return ""
	}
	return c.Owner
}

// presides says whether who answers for a case in the committee's name: the chair, or where they are excluded from it the
// deputy, and then the substitute. Where nobody of them is left, all who are not excluded do.
func (who Person) presides(c *Case) bool {
	for _, m := range who.Chairs {
		if !c.Excludes(m) {
			return m == who.Member
		}
	}
	return true
}

// leads says whether who may do in a case what its chair may: the chair and the deputy, and the substitute where everybody
// before them is excluded from it, or not of the committee.
func (who Person) leads(c *Case) bool { return who.Chair || who.Substitute && who.presides(c) }

// wrote says whether who wrote up the complaint, and it still waits for its complainant's yes.
func (who Person) wrote(c *Case) bool {
	return who.Intake && c.Stage == Awaiting && c.Work.WrittenBy == who.Member && who.Member != ""
}

// owes says whether who owes a measure of the case that is not done.
func (who Person) owes(c *Case) bool {
	return slices.ContainsFunc(c.Work.Measures, func(m Measure) bool { return m.Done.IsZero() && m.Owner == who.Member && who.Member != "" })
}

// May says whether a person may do something with a case at this moment: nil, or a Refusal that says why not. It is asked
// at each act, with the roles of that moment. A complaint that is still to be written up has no case: c is nil then.
func May(who Person, do Action, c *Case) error {
	if c == nil {
		if do == WriteUp && (who.Committee || who.Intake) {
			return nil
		}
		return &Refusal{Text: i18n.T("refusal.committee-only")}
	}
	r := rules[do]
	deny := func(key string) error { return &Refusal{Text: text(key, c), Denied: true, Who: who.Member, Do: do} }
	stands := slices.Contains(r.stages, c.Stage)
	switch {
	case c.Hidden():
		return &Refusal{Text: text("refusal.being-prepared", c)}
	case c.Excludes(who.Member):
		return deny("refusal.not-yours")
	case !who.Committee && !(r.writer && who.wrote(c)) && !(r.measure && who.owes(c)):
		return deny("refusal.not-in-committee")
	case !slices.Contains(r.kinds, c.Kind):
		return &Refusal{Text: text("refusal.not-for-a-talk", c)}
	case !c.Open() && !stands:
		return &Refusal{Text: text("refusal.closed", c)}
	case do == Reopen && c.Open():
		return &Refusal{Text: text("refusal.not-closed", c)}
	case do == Reopen && c.Deadline.IsZero(): // nobody ever said that the write-up is a true account, so there is nothing to handle
		return &Refusal{Text: text("refusal.never-agreed", c)}
	case (do == WriteUp || do == AgreeByCall) && !stands:
		return &Refusal{Text: text("refusal.agreed-already", c)}
	case c.Stage == Awaiting && !stands:
		return &Refusal{Text: text("refusal.not-agreed-yet", c)}
	case do == Take && who.ownerOf(c) != "" && c.Owner == who.Member:
		return &Refusal{Text: text("refusal.yours-already", c)}
	case do == Take && who.ownerOf(c) != "":
		return &Refusal{Text: text("refusal.already-owned", c)}
	case !stands:
		return &Refusal{Text: text("refusal.take-it-first", c)}
	}
	return r.whose(who, c, deny)
}

// whose says whether an action that fits the moment is who's to do.
func (r rule) whose(who Person, c *Case, deny func(key string) error) error {
	switch {
	case r.presides && !who.presides(c):
		return deny("refusal.presiding-only")
	case r.speaks && !who.Representative:
		return deny("refusal.representative-only")
	case r.presides, r.anyone, r.chair && who.leads(c), r.orphan && who.ownerOf(c) == "":
		return nil
	case c.Owner == who.Member, r.writer && who.wrote(c), r.measure && who.owes(c):
		return nil
	case c.Owner == "" && slices.Contains(open, c.Stage):
		return &Refusal{Text: text("refusal.take-it-first", c)}
	}
	return deny("refusal.owner-only")
}
