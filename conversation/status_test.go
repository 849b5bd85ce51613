package conversation

import (
	"testing"
	"time"

	"websec.nl/gehoor/cases"
	"websec.nl/gehoor/i18n"
)

// Whatever a case stands at, there is a sentence of its own for it, and one short enough for a button.
func TestEveryStageAndEveryEndOfAComplaintIsSaid(t *testing.T) {
	said := map[string]cases.Stage{}
	for _, stage := range cases.Stages {
		if stages[stage].Key == "" || short[stage].Key == "" {
			t.Errorf("nothing is said of %s", stage)
		}
		one := Status{Number: "K-2026-0001", Kind: cases.Formal, Stage: stage, Owned: stage != cases.Received}
		text := (&turn{procedure: procedure}).standsAt(one).In(i18n.Dutch)
		if other, twice := said[text]; twice {
			t.Errorf("%s and %s are said alike", stage, other)
		}
		said[text] = stage
	}
	for _, outcome := range append([]cases.Outcome{cases.OutcomeWithdrawn, cases.OutcomeLapsed}, cases.Outcomes...) {
		one := Status{Number: "K-2026-0001", Kind: cases.Formal, Stage: cases.Closed, Closed: time.Now(), Outcome: outcome}
		asks := len((&turn{procedure: procedure}).caseButtons(one)) > 0
		if handled := outcome != cases.OutcomeWithdrawn && outcome != cases.OutcomeLapsed; asks != handled {
			t.Errorf("of a complaint that is %s it is asked how it was handled: %v", outcome, asks)
		}
	}
}
