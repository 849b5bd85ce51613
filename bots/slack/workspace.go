package slack

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	slackgo "github.com/slack-go/slack"

	"websec.nl/gehoor/cases"
	"websec.nl/gehoor/cases/postgres"
	"websec.nl/gehoor/i18n"
)

// event is what happened in the workspace. Of all that Slack sends with it, this is what we read.
type event struct {
	ID    string `json:"event_id"`
	Event struct {
		Type    string          `json:"type"`
		User    json.RawMessage `json:"user"`    // who; of user_change and team_join all that is known of them
		Channel json.RawMessage `json:"channel"` // where; of a renaming its name as well
		Inviter string          `json:"inviter"`
		Tab     string          `json:"tab"`
	} `json:"event"`
}

// member is who the event is about.
func (e event) member() string {
	var id string
	if json.Unmarshal(e.Event.User, &id) == nil {
		return id
	}
	return e.person().ID
}

func (e event) person() slackgo.User {
	var u slackgo.User
	if json.Unmarshal(e.Event.User, &u) != nil {
		return slackgo.User{}
	}
	return u
}

// channel is where it happened, and how that place is called, if the event says so.
func (e event) channel() (id, name string) {
	if json.Unmarshal(e.Event.Channel, &id) == nil {
		return id, ""
	}
	var c struct{ ID, Name string }
	if json.Unmarshal(e.Event.Channel, &c) != nil {
		return "", ""
	}
	return c.ID, c.Name
}

// happenings are what the bot wants to hear of, by what Slack calls it; the manifest asks for just these. None changes a case: what it
// is about is looked at anew, which every night does as well. What does is member_joined_channel: see joined.
var happenings = map[string]func(b *Bot, ctx context.Context, e event) error{
	"app_home_opened":     (*Bot).homeOpened,
	"channel_archive":     (*Bot).lost,
	"channel_deleted":     (*Bot).lost,
	"channel_left":        (*Bot).lost,
	"channel_rename":      (*Bot).renamed,
	"channel_unarchive":   (*Bot).opened,
	"group_archive":       (*Bot).lost,
	"group_deleted":       (*Bot).lost,
	"group_left":          (*Bot).lost,
	"group_rename":        (*Bot).renamed,
	"group_unarchive":     (*Bot).opened,
	"member_left_channel": (*Bot).left,
	"team_join":           (*Bot).changed,
	"user_change":         (*Bot).changed,
}

const memberJoined = "member_joined_channel"

// happened answers what happened in the workspace. Who enters the room of a case and may not be there is put out of it before the
// event is acknowledged.
func (b *Bot) happened(ctx context.Context, e event, r *reply) error {
	if e.Event.Type == memberJoined {
		return b.joined(ctx, e, r)
	}
	do, known := happenings[e.Event.Type]
	if err := r.ack(nil); err != nil || !known {
		return err
	}
	return do(b, ctx, e)
}

func (b *Bot) homeOpened(ctx context.Context, e event) error {
	if e.Event.Tab != "" && e.Event.Tab != "home" {
		return nil
	}
	return b.openHome(ctx, e.member())
}

// joined looks at who came into a room, or into the committee's channel.
func (b *Bot) joined(ctx context.Context, e event, r *reply) error {
	member := e.member()
	channel, _ := e.channel()
	number, err := b.store.CaseOfRoom(ctx, channel)
	if errors.Is(err, postgres.ErrNotFound) {
		if err := r.ack(nil); err != nil {
			return err
		}
		return b.joinedBoard(ctx, member, channel)
	}
	if err != nil {
		return err
	}
	self, _, err := b.self(ctx)
	if err != nil {
		return err
	}
	if member == self {
		if err := r.ack(nil); err != nil {
			return err
		}
		return b.opened(ctx, e)
	}
	who, err := b.person(ctx, member)
	if err != nil {
		return err
	}
	c, err := b.store.Case(ctx, number)
	if err != nil || cases.May(who, cases.ReadFile, c) == nil {
		return err
	}
	out, err := b.takeOut(ctx, channel, member)
	if err != nil {
		return err
	}
	claim := postgres.Claim{Source: "slack-join", ID: e.ID}
	_, err = b.store.Change(ctx, claim, number, func(c *cases.Case, _ time.Time) error { return cases.May(who, cases.ReadFile, c) })
	if errors.Is(err, postgres.ErrClaimed) {
		return nil // it was told
	}
	if _, known := sayable(err); err != nil && !known {
		return err
	}
	b.log.Warn("slack: somebody came into the room of a case who may not be there", "case", number, "member", member, "put out", out)
	if err := r.ack(nil); err != nil {
		return err
	}
	return b.about(number).toPresiding(ctx, c, "joined/"+e.ID, func(l i18n.Language) message {
		key := "room.joined"
		switch {
		case !out:
			key = "room.joined-archived"
		case e.Event.Inviter != "" && e.Event.Inviter != self:
			key = "room.joined-invited"
		}
		text := i18n.T(key, "number", string(number), "member", mention(member), "inviter", mention(e.Event.Inviter)).In(l)
		return message{text: text, blocks: []block{say(text), buttons(act(actFile, c, l))}}
	})
}

// about is what says something of a case that no notice brings.
func (b *Bot) about(number cases.Number) *sending {
	return &sending{bot: b, slack: b.slack.afresh(), out: postgres.Outgoing{Number: number}, again: true}
}

// changed takes in what Slack says of a person. Whoever is called otherwise now may be meant by what was told before.
func (b *Bot) changed(ctx context.Context, e event) error {
	u := e.person()
	if u.ID == "" {
		return nil
	}
	p := profileOf(u)
	if p.Locale == "" {
		before, _ := b.profileKnown(p.ID)
		p.Locale = before.Locale
	}
	b.people.mu.Lock()
	b.people.known[p.ID] = knownPerson{p, time.Now()}
	b.people.mu.Unlock()
	if b.directory.heard(p) {
		if err := b.rescreen(ctx, p.ID); err != nil {
			return fmt.Errorf("hold the open cases against a name: %w", err)
		}
		if err := b.keepFrom(ctx, p.ID); err != nil { // they may be here again, and read a public channel
			return err
		}
		if err := b.back(ctx, p.ID); err != nil {
			return err
		}
	}
	if !p.Gone {
		return nil
	}
	return b.gone(ctx, p.ID)
}

// lost looks at a channel that was archived, or deleted, or that the bot was thrown out of. A room is replaced by another; of the
// committee's channel an admin hears, and who leads the committee.
func (b *Bot) lost(ctx context.Context, e event) error {
	channel, _ := e.channel()
	number, err := b.store.CaseOfRoom(ctx, channel)
	if errors.Is(err, postgres.ErrNotFound) {
		return b.lostBoard(ctx, channel, e.Event.Type)
	}
	if err != nil {
		return err
	}
	c, err := b.store.Case(ctx, number)
	if err != nil {
		return err
	}
	used, err := b.inUse(ctx, c, channel)
	if err == nil && used {
		b.log.Warn("slack: the room of a case is lost; another is made", "case", number, "how", e.Event.Type)
		err = b.about(number).surfaces(ctx, number)
	}
	if err == nil && strings.HasSuffix(e.Event.Type, "_deleted") { // nobody can read it any more
		err = b.store.DropSurface(ctx, number, postgres.FormerRoom+channel)
	}
	return err
}

func (b *Bot) lostBoard(ctx context.Context, channel, how string) error {
	b.mu.Lock()
	lost := b.channel == channel
	if lost {
		b.asked = time.Time{} // Ready asks anew
	}
	b.mu.Unlock()
	if !lost {
		return nil
	}
	b.log.Error("slack: the committee's channel is lost; notices wait until the bot is in it, or another is set", "how", how)
	leaders := b.store.Procedure().Committee.Chairs()
	if len(leaders) == 0 {
		return nil
	}
	member := string(leaders[0])
	direct, err := b.slack.direct(ctx, member)
	if err == nil {
		_, err = b.slack.post(ctx, direct, plainMessage(i18n.T("board.lost").In(b.languageOf(ctx, member))))
	}
	return err
}

// renamed gives a room its own name again, since a name can say more than a number; of the committee's channel the admin hears where
// the settings still have the old name.
func (b *Bot) renamed(ctx context.Context, e event) error {
	channel, name := e.channel()
	number, err := b.store.CaseOfRoom(ctx, channel)
	switch {
	case errors.Is(err, postgres.ErrNotFound):
		return b.renamedBoard(ctx, channel, name)
	case err != nil:
		return err
	case name == roomOf(number) || strings.HasPrefix(name, roomOf(number)+"-"):
		return nil
	}
	c, err := b.store.Case(ctx, number)
	if err != nil || !c.Open() {
		return err
	}
	b.log.Warn("slack: the room of a case was given another name; it gets its own again", "case", number)
	if err := b.slack.rename(ctx, channel, roomOf(number)); err != nil {
		b.log.Warn("slack: the room of a case keeps the name that it was given", append([]any{"case", number}, why(err)...)...)
		return nil
	}
	return b.about(number).toCommittee(ctx, c, "renamed/"+channel, func(l i18n.Language) message {
		return plainMessage(i18n.T("room.renamed", "number", string(number)).In(l))
	})
}

func (b *Bot) renamedBoard(ctx context.Context, channel, name string) error {
	b.mu.Lock()
	ours := b.channel == channel
	b.mu.Unlock()
	if !ours || b.config.Channel == channel || b.config.Channel == name {
		return nil
	}
	b.log.Error("slack: the committee's channel has another name than the settings; change them before the next start", "channel", channel)
	_, err := b.slack.post(ctx, channel, plainMessage(i18n.T("board.renamed").In(b.language())))
	return err
}
