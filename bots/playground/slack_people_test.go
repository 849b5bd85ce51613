package playground_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"sync"
	"testing"

	"github.com/slack-go/slack"
	"github.com/slack-go/slack/socketmode"

	"websec.nl/gehoor/bots/playground"
)

// hearer keeps the events that an app hears, whichever way they come.
type hearer struct {
	mu   sync.Mutex
	list []map[string]any
}

func (h *hearer) take(t *testing.T, payload []byte) {
	t.Helper()
	var callback struct {
		Type  string
		Event map[string]any
	}
	if err := json.Unmarshal(payload, &callback); err != nil || callback.Type != "event_callback" {
		t.Errorf("no event: %v, %s", err, payload)
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	h.list = append(h.list, callback.Event)
}

// heard waits for an event of a type that has some fields, and takes it off the list: HTTP brings them in any order.
func (h *hearer) heard(t *testing.T, kind string, with map[string]any) map[string]any {
	t.Helper()
	var event map[string]any
	eventually(t, fmt.Sprint(kind, with), func() bool {
		h.mu.Lock()
		defer h.mu.Unlock()
		i := slices.IndexFunc(h.list, func(e map[string]any) bool {
			for name, value := range with {
				if e[name] != value {
					return false
				}
			}
			return e["type"] == kind
		})
		if i < 0 {
			return false
		}
		event = h.list[i]
		h.list = slices.Delete(h.list, i, i+1)
		return true
	})
	return event
}

// bothWays runs a test with an app in Socket Mode, and with one that takes signed deliveries.
func bothWays(t *testing.T, test func(t *testing.T, p *playground.Playground, h *hearer)) {
	t.Run("Socket Mode", func(t *testing.T) {
		p, h := start(t, playground.Options{}), &hearer{}
		newApp(t, p, func(a *app, e socketmode.Event) {
			if e.Type == socketmode.EventTypeEventsAPI || e.Request != nil && e.Request.Type == "events_api" {
				h.take(t, e.Request.Payload)
				a.ack(t, e)
			}
		})
		test(t, p, h)
	})
	t.Run("signed HTTP", func(t *testing.T) {
		p, h := start(t, playground.Options{}), &hearer{}
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			body, err := io.ReadAll(r.Body)
			if err != nil {
				t.Error(err)
			}
			h.take(t, body)
		}))
		t.Cleanup(server.Close)
		p.Slack().SetRequestURL(server.URL)
		test(t, p, h)
	})
}

func TestAppHearsOfEveryChangeOfAMember(t *testing.T) {
	bothWays(t, func(t *testing.T, p *playground.Playground, h *hearer) {
		field := func(event map[string]any, names ...string) any {
			var v any = event
			for _, name := range names {
				o, _ := v.(map[string]any)
				v = o[name]
			}
			return v
		}
		if err := p.Slack().Rename(bram, "Bram de Boer (invented)"); err != nil {
			t.Fatal(err)
		}
		event := h.heard(t, "user_change", nil)
		if field(event, "user", "id") != bram || field(event, "user", "real_name") != "Bram de Boer (invented)" ||
			field(event, "user", "profile", "display_name") != "Bram de Boer (invented)" || field(event, "user", "locale") != "nl-NL" {
			t.Errorf("renamed: %v", event)
		}
		if err := p.Slack().Deactivate(chris, true); err != nil {
			t.Fatal(err)
		}
		if event := h.heard(t, "user_change", nil); field(event, "user", "deleted") != true || field(event, "user", "tz") != nil {
			t.Errorf("deactivated: %v", event)
		}
		p.Slack().AddMember(playground.Member{ID: "U9", Name: "Femke (invented)", DisplayName: "fem", Handle: "femke.k", Locale: "nl-NL"})
		if event := h.heard(t, "team_join", nil); field(event, "user", "name") != "femke.k" || field(event, "user", "profile", "display_name") != "fem" {
			t.Errorf("a new member: %v", event)
		}
		p.Slack().SetUsergroup(playground.Usergroup{ID: playground.Representatives, Handle: "h", Name: "N", Members: []string{bram, "U9"}})
		if event := h.heard(t, "subteam_updated", nil); field(event, "subteam", "id") != playground.Representatives {
			t.Errorf("a group: %v", event)
		}
		event = h.heard(t, "subteam_members_changed", nil)
		if added, _ := json.Marshal([]any{event["added_users"], event["removed_users"]}); string(added) != `[["U9"],["U3","U4"]]` {
			t.Errorf("who is in a group: %v", event)
		}
	})
}

func TestAppHearsWhatBecomesOfItsChannels(t *testing.T) {
	bothWays(t, func(t *testing.T, p *playground.Playground, h *hearer) {
		a := newApp(t, p, nil)
		room, err := a.CreateConversation(slack.CreateConversationParams{ChannelName: "k-2026-0001", IsPrivate: true})
		if err != nil {
			t.Fatal(err)
		}
		id := room.ID
		act := func(err error) {
			t.Helper()
			if err != nil {
				t.Fatal(err)
			}
		}
		expect := func(kind string, want map[string]any) { t.Helper(); h.heard(t, kind, want) }
		_, err = a.InviteUsersToConversation(id, anna, bram)
		act(err)
		expect("member_joined_channel", map[string]any{"user": anna, "channel": id, "channel_type": "G", "inviter": playground.BotUserID})
		expect("member_joined_channel", map[string]any{"user": bram})
		act(p.Slack().Invite(bram, chris, id))
		expect("member_joined_channel", map[string]any{"user": chris, "inviter": bram})
		act(p.Slack().Leave(chris, id))
		expect("member_left_channel", map[string]any{"user": chris, "channel": id, "channel_type": "G"})
		act(p.Slack().RenameChannel(bram, id, "other"))
		if event := h.heard(t, "group_rename", nil); event["channel"].(map[string]any)["name"] != "other" {
			t.Errorf("renamed: %v", event)
		}
		act(p.Slack().Archive(bram, id, true))
		expect("group_archive", map[string]any{"channel": id, "user": bram})
		act(p.Slack().Archive(bram, id, false))
		expect("group_unarchive", map[string]any{"channel": id})
		act(p.Slack().Remove(bram, playground.BotUserID, id))
		expect("group_left", map[string]any{"channel": id})
		if _, err := a.GetConversationInfo(&slack.GetConversationInfoInput{ChannelID: id}); !saidError(err, "channel_not_found") {
			t.Errorf("a private channel that the app is not in: %v", err)
		}
		act(p.Slack().Invite(bram, playground.BotUserID, id))
		expect("member_joined_channel", map[string]any{"user": playground.BotUserID, "inviter": bram})
		act(p.Slack().DeleteChannel(id))
		expect("group_deleted", map[string]any{"channel": id})
		act(p.Slack().Remove(anna, playground.BotUserID, "klachten"))
		expect("channel_left", map[string]any{})
		if _, _, err := a.PostMessage("klachten", slack.MsgOptionText("hello", false)); !saidError(err, "not_in_channel") {
			t.Errorf("a channel that the app was taken out of: %v", err)
		}
	})
}

func TestMembersAndGroupsAreListed(t *testing.T) {
	p := start(t, playground.Options{})
	a := newApp(t, p, nil)
	groups, err := a.GetUserGroups(slack.GetUserGroupsOptionIncludeUsers(true))
	if err != nil || len(groups) != 1 || groups[0].Handle != "klachtenvertegenwoordigers" || !slices.Equal(groups[0].Users, []string{bram, chris, "U4"}) {
		t.Errorf("groups %+v, %v", groups, err)
	}
	members, err := a.GetUserGroupMembers(playground.Representatives)
	if err != nil || !slices.Equal(members, []string{bram, chris, "U4"}) {
		t.Errorf("members %v, %v", members, err)
	}
	if _, err := a.GetUserGroupMembers("SNONE"); !saidError(err, "no_such_subteam") {
		t.Errorf("a group that is none: %v", err)
	}
	p.Slack().SetUsergroup(playground.Usergroup{ID: playground.Representatives, Handle: "h", Name: "N", Members: []string{bram}, Disabled: true})
	if groups, err := a.GetUserGroups(); err != nil || len(groups) != 0 {
		t.Errorf("a group that is disabled: %+v, %v", groups, err)
	}
	for i := range 250 {
		p.Slack().AddMember(playground.Member{ID: "UM" + string(rune('A'+i/26)) + string(rune('A'+i%26)), Name: "Somebody (invented)", Bot: i == 7})
	}
	var all []slack.User
	pages := 0
	for page := a.GetUsersPaginated(slack.GetUsersOptionLimit(100)); ; pages++ {
		if page, err = page.Next(t.Context()); err != nil {
			break
		}
		all = append(all, page.Users...)
	}
	bots := 0
	for _, u := range all {
		if u.IsBot {
			bots++
		}
	}
	if len(all) != 255 || pages != 3 || bots != 2 {
		t.Errorf("%d people on %d pages, %d bots", len(all), pages, bots)
	}
	noViolations(t, p)
}
