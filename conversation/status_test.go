package conversation

import (
	"testing"
	"time"

	"websec.nl/gehoor/cases"
)

// Whatever a case stands at, there is a word for it short enough for a button, and whatever it ended in a sentence.
func TestEveryStageAndEveryEndOfAComplaintIsSaid(t *testing.T) {
	for _, stage := range cases.Stages {
		if short[stage].Key == "" {
			t.Errorf("nothing is said of %s", stage)
		}
	}
	for _, outcome := range append([]cases.Outcome{cases.OutcomeWithdrawn, cases.OutcomeLapsed}, cases.Outcomes...) {
		one := Status{Number: "K-2026-0001", Kind: cases.Formal, Stage: cases.Closed, Closed: time.Now(), Outcome: outcome}
		asks := len((&turn{procedure: procedure}).caseButtons(one)) > 0
		if handled := outcome != cases.OutcomeWithdrawn && outcome != cases.OutcomeLapsed; asks != handled {
			t.Errorf("of a complaint that is %s it is asked how it was handled: %v", outcome, asks)
		}
	}
}
