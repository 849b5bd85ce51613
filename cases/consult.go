package cases

import (
	"slices"
	"strings"
	"time"
)

// Propose puts a solution to the complainant, who may agree with it or object to it, and to the persons concerned who were
// heard. One that was not answered yet is replaced.
func (c *Case) Propose(who Person, solution string, now time.Time) error {
	if err := May(who, Propose, c); err != nil {
		return err
	}
	if strings.TrimSpace(solution) == "" {
		return refuse("refusal.no-words")
	}
	if !c.Reachable() {
		return refuse("refusal.unreachable")
	}
	c.record(now, By(who.Member), Proposed, nil, Words{FieldSolution: solution})
	c.Stage, c.Proposal, c.Work.Proposed = StageProposed, c.LastSeq, c.LastSeq
	c.Work.Consulted = []Consent{{Party: 0, Answer: Asked}}
	for _, party := range c.Work.Parties {
		if party.State == PartyHeard {
			c.Work.Consulted = append(c.Work.Consulted, Consent{Party: party.Number, Answer: Asked})
		}
	}
	return nil
}

// AnswerParty says whether a person concerned agrees with the solution that the event proposal proposed, or what they have
// against it. Only the last that was proposed can be answered, once.
func (c *Case) AnswerParty(party, proposal int, agree bool, words string, now time.Time) error {
	asked := slices.ContainsFunc(c.Work.Consulted, func(one Consent) bool { return one.Party == party && one.Answer == Asked })
	switch {
	case !c.Open():
		return &Refusal{Text: text("refusal.closed", c)}
	case party == 0 || !asked || proposal == 0 || proposal != c.Work.Proposed:
		return &Refusal{Text: text("refusal.no-proposal", c)}
	case !agree && strings.TrimSpace(words) == "":
		return refuse("refusal.no-words")
	}
	kind := Agreed
	if !agree {
		kind = Objected
	}
	c.consent(party, agree)
	c.record(now, ByParty(party), kind, map[string]string{"event": itoa(proposal), "party": itoa(party)}, spoken(words))
	return nil
}

// consent notes what a party, or the complainant as 0, says to the proposal.
func (c *Case) consent(party int, agree bool) {
	for i := range c.Work.Consulted {
		if one := &c.Work.Consulted[i]; one.Party == party {
			one.Answer = ConsentYes
			if !agree {
				one.Answer = ConsentNo
			}
		}
	}
}
