package playground

import (
	"maps"
	"slices"
	"testing"
)

func TestEveryMethodThatIsPlayedIsInTheSpecification(t *testing.T) {
	if got, want := slices.Sorted(maps.Keys(methodTable)), slices.Sorted(maps.Keys(telegramMethods().Methods)); !slices.Equal(got, want) {
		t.Errorf("Telegram: played are %q, specified are %q", got, want)
	}
	if got, want := slices.Sorted(maps.Keys(slackTable)), slices.Sorted(maps.Keys(slackMethods().Methods)); !slices.Equal(got, want) {
		t.Errorf("Slack: played are %q, specified are %q", got, want)
	}
}

func TestEveryElementThatHasAStateIsAKnownElement(t *testing.T) {
	for kind := range stateNames {
		if _, known := elementFields[kind]; !known {
			t.Errorf("%s has a state, and no limits", kind)
		}
	}
}
