package conversation

import (
	"slices"
	"sync"

	"websec.nl/gehoor/cases"
)

// flow is the whole table for one procedure.
type flow struct {
	lines  []step // in the order in which a complainant meets them
	at     map[State]int
	total  int      // questions that count
	first  State    // question
	story  int      // the line from where on the story is being told or was told
	fields []string // of a complaint, in the order of its questions
}

// flows holds the tables that were made, by the version of their procedure.
var flows sync.Map

// flowOf is the table of a procedure. It is made once for each version.
func flowOf(p *cases.Procedure) *flow {
	if made, ok := flows.Load(p.Version); ok {
		return made.(*flow)
	}
	made := makeFlow(p)
	if p.Version != "" {
		flows.Store(p.Version, made)
	}
	return made
}

func makeFlow(p *cases.Procedure) *flow {
	f := &flow{at: map[State]int{}, first: Summary}
	asked := f.questions(p)
	if len(asked) > 0 {
		f.first = asked[0].state
	}
	f.add(opening, Menu, f.first)
	f.add(talking, Menu, f.first)
	f.lines = append(f.lines, asked...)
	last := Menu
	if len(asked) > 0 {
		last = asked[len(asked)-1].state
		for i := len(asked) - 1; asked[i].further; i-- {
			last = asked[i-1].state
		}
	}
	f.add(closing, last, f.first)
	f.add(inBetween, Menu, f.first)
	for i := range f.lines {
		f.at[f.lines[i].state] = i
	}
	f.settle(p)
	return f
}

// add adds lines, with their neighbours in the place of Before and Onward.
func (f *flow) add(lines []step, before, onward State) {
	for _, s := range lines {
		f.lines = append(f.lines, linked(s, before, onward))
	}
}

func linked(s step, before, onward State) step {
	s.arrows = slices.Clone(s.arrows)
	for i := range s.arrows {
		switch s.arrows[i].to {
		case Before:
			s.arrows[i].to = before
		case Onward:
			s.arrows[i].to = onward
		}
	}
	return s
}

// questions makes the lines of the procedure's questions, each linked to its neighbours.
func (f *flow) questions(p *cases.Procedure) (all []step) {
	groups := make([][]step, len(p.Questions))
	for i := range p.Questions {
		q := &p.Questions[i]
		number := 0
		if q.Counts() {
			f.total++
			number = f.total
		}
		groups[i] = linesOf(p, q, number)
	}
	before := Menu
	for i, group := range groups {
		onward := Summary
		if i+1 < len(groups) {
			onward = groups[i+1][0].state
		}
		here := before
		for _, s := range group {
			all = append(all, linked(s, here, onward))
			if !s.further {
				before = s.state
			}
		}
	}
	return all
}

// linesOf makes the lines of one question.
func linesOf(p *cases.Procedure, q *cases.Question, number int) []step {
	lines := slices.Clone(builtIn[q.ID])
	most := p.Limits.Answer
	if !q.BuiltIn() {
		one := own[q.Kind]
		one.state, most = State("own_"+q.ID), p.MostOf(*q)
		lines = []step{one}
	}
	for i := range lines {
		s := &lines[i]
		s.of, s.number, s.review, s.most = q, number, Summary, most
		if s.field == "" {
			s.field = q.Field()
		}
		if s.part == "" {
			s.part = q.Field()
		}
		if i == 0 && q.Optional {
			s.arrows = append(slices.Clone(s.arrows), arrow{skip, Onward})
		}
		if i == 0 && q.Unknown {
			s.arrows = append(slices.Clone(s.arrows), arrow{unknown, Onward})
		}
	}
	return lines
}

// settle adds to the lines what holds for all of their kind.
func (f *flow) settle(p *cases.Procedure) {
	f.story = f.at[Summary]
	if at, told := f.at[Problem]; told {
		f.story = at
	}
	summary := &f.lines[f.at[Summary]]
	for i := range f.lines {
		s := &f.lines[i]
		switch {
		case s.state == Retell: // it asks whether to erase, and nothing else
			f.reviewed(summary, s)
		case s.of != nil || s.state == Summary || s.state == Express:
			s.arrows = append(s.arrows, arrow{instead, Instead})
			f.reviewed(summary, s)
		case f.talk(s.state):
			if s.field != "" {
				s.part, s.review, s.most = s.field, TalkCheck, p.Limits.Answer
			}
			s.arrows = append(s.arrows, arrow{leave, Anywhere}, arrow{instead, Instead})
		}
		s.between = i > f.at[Express]
	}
}

// reviewed makes what a line asks for part of the summary.
func (f *flow) reviewed(summary, s *step) {
	if s.of == nil {
		return
	}
	if !slices.Contains(f.fields, s.field) {
		f.fields = append(f.fields, s.field)
	}
	if change := "change:" + s.part; !s.further {
		summary.arrows = append(summary.arrows, arrow{change, s.state})
	}
}

// step is the line of a state; nil where there is none.
func (f *flow) step(s State) *step {
	at, there := f.at[s]
	if !there {
		return nil
	}
	return &f.lines[at]
}

// between says whether a state is left for the one it came after.
func (f *flow) between(s State) bool { return f.at[s] > f.at[Express] }

// talk says whether a state belongs to asking for a talk.
func (f *flow) talk(s State) bool {
	at, there := f.at[s]
	return there && at >= f.at[TalkOne] && at <= f.at[TalkCheck]
}

// complaint says whether a state belongs to making a complaint.
func (f *flow) complaint(s State) bool {
	at, there := f.at[s]
	return there && at > f.at[TalkCheck] && at <= f.at[Express]
}

// answers finds the line that reads the answer in a field: of the complaint, or of a talk.
func (f *flow) answers(field string, talk bool) *step {
	for i := range f.lines {
		if s := &f.lines[i]; s.field == field && s.read != nil && f.talk(s.state) == talk {
			return s
		}
	}
	return nil
}

// arrow says where on leads from this step.
func (s *step) arrow(on string) (State, bool) {
	for _, a := range s.arrows {
		if a.on == on {
			return a.to, true
		}
	}
	return "", false
}
