package playground_test

import (
	"strings"
	"testing"

	"github.com/slack-go/slack"

	"websec.nl/gehoor/bots/playground"
)

func TestSeenByHoldsAllThatAMemberCouldEverSee(t *testing.T) {
	p := start(t, playground.Options{})
	a := newApp(t, p, nil)
	s := p.Slack()
	room, err := a.CreateConversation(slack.CreateConversationParams{ChannelName: "k-2026-0002", IsPrivate: true})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := a.InviteUsersToConversation(room.ID, bram); err != nil {
		t.Fatal(err)
	}
	button := slack.NewActionBlock("b", slack.NewButtonBlockElement("act", "value-canary", slack.NewTextBlockObject("plain_text", "Press", false, false)))
	_, ts, err := a.PostMessage(room.ID, slack.MsgOptionText("first-canary", false), slack.MsgOptionBlocks(button),
		slack.MsgOptionMetadata(slack.SlackMetadata{EventType: "x", EventPayload: map[string]any{"k": "meta-canary"}}))
	if err != nil {
		t.Fatal(err)
	}
	if _, _, _, err := a.UpdateMessage(room.ID, ts, slack.MsgOptionText("second-canary", false), slack.MsgOptionBlocks(card()...)); err != nil {
		t.Fatal(err)
	}
	if _, err := a.PostEphemeral("klachten", bram, slack.MsgOptionText("alone-canary", false)); err != nil {
		t.Fatal(err)
	}
	if _, _, err := a.PostMessage("klachten", slack.MsgOptionText("public-canary", false)); err != nil {
		t.Fatal(err)
	}
	home := slack.HomeTabViewRequest{Type: slack.VTHomeTab, PrivateMetadata: "home-canary", Blocks: slack.Blocks{BlockSet: card()}}
	if _, err := a.PublishView(bram, home, ""); err != nil {
		t.Fatal(err)
	}
	check := func(who string, canaries map[string]bool) {
		t.Helper()
		all := strings.Join(s.SeenBy(who), "\n")
		for canary, seen := range canaries {
			if strings.Contains(all, canary) != seen {
				t.Errorf("%s has seen %s: %t", who, canary, !seen)
			}
		}
	}
	check(bram, map[string]bool{
		"first-canary": true, "second-canary": true, "value-canary": true, "meta-canary": true, "alone-canary": true, "public-canary": true, "home-canary": true,
	})
	check(anna, map[string]bool{
		"first-canary": false, "second-canary": false, "alone-canary": false, "public-canary": true, "home-canary": false, "k-2026-0002": false,
	})
	if err := s.Join(anna, room.ID); err != nil {
		t.Fatal(err)
	}
	check(anna, map[string]bool{"first-canary": false, "second-canary": true, "k-2026-0002": true}) // what stands there by now
	if err := s.Leave(anna, room.ID); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Message(bram, room.ID, "later-canary"); err != nil {
		t.Fatal(err)
	}
	check(anna, map[string]bool{"later-canary": false})
	check(bram, map[string]bool{"later-canary": true})
	s.AddMember(playground.Member{ID: "U9", Name: "Femke (invented)"})
	check("U9", map[string]bool{"public-canary": true, "later-canary": false})
}
