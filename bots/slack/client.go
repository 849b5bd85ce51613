package slack

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	slackgo "github.com/slack-go/slack"
)

// client is all that the bot asks of Slack. No error of it holds words of a complaint: Slack's own are codes.
type client struct {
	api      *slackgo.Client
	uploader *slackgo.Client
	pace     *pace
	turn     int64 // of what waits to be sent: its place in the queues of pace; 0: just waits
	shown    *shown
	anew     bool // what is said to be shown already is shown once more
}

// on is the client that sends something that waits to be sent.
func (c *client) on(turn int64) *client {
	one := *c
	one.turn = turn
	return &one
}

// afresh is the client that shows each message once more, also where it should be as it is to be: another process may have changed
// it, or a person.
func (c *client) afresh() *client {
	one := *c
	one.anew = true
	return &one
}

// callTimeout bounds one call of the Web API that nobody waits for; the forms have their own.
const callTimeout = 15 * time.Second

func newClient(cfg Config) *client {
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.MaxIdleConnsPerHost = 16
	options := []slackgo.Option{
		slackgo.OptionHTTPClient(&http.Client{Timeout: callTimeout, Transport: transport}),
		slackgo.OptionAppLevelToken(cfg.AppToken),
	}
	if cfg.API != "" {
		options = append(options, slackgo.OptionAPIURL(cfg.API))
	}
	return &client{api: slackgo.New(cfg.Token, options...), uploader: newUploader(cfg, transport), pace: newPace(cfg.Rate), shown: new(shown)}
}

// message is something in a conversation. Text is what a notification shows, so it holds no words of a complaint. Key tells
// it apart from all others, so that it can be found again; refs are the reminders that it shows, if it shows any.
type message struct {
	text   string
	blocks []block
	key    string
	refs   []reminded
}

const metadataType = "gehoor_notice"

func (m message) options() []slackgo.MsgOption {
	all := []slackgo.MsgOption{
		slackgo.MsgOptionText(cut(m.text, maxFallback), false),
		slackgo.MsgOptionBlocks(atMost(m.blocks, maxMessageBlocks)...),
	}
	if m.key != "" {
		payload := map[string]any{"key": m.key}
		if len(m.refs) > 0 {
			payload["reminders"] = textOf(m.refs)
		}
		all = append(all, slackgo.MsgOptionMetadata(slackgo.SlackMetadata{EventType: metadataType, EventPayload: payload}))
	}
	return all
}

// identity is who the bot is, as a user and as a bot, and what its token allows; no scopes: Slack did not say.
type identity struct {
	user, bot string
	scopes    []string
}

// self says who the bot is.
func (c *client) self(ctx context.Context) (identity, error) {
	who, err := c.api.AuthTestContext(ctx)
	if err != nil {
		return identity{}, fmt.Errorf("ask Slack who we are: %w", err)
	}
	scopes := strings.FieldsFunc(who.Header.Get("X-OAuth-Scopes"), func(r rune) bool { return r == ',' || r == ' ' })
	return identity{who.UserID, who.BotID, scopes}, nil
}

func (c *client) socket(ctx context.Context) (address string, err error) {
	_, address, err = c.api.StartSocketModeContext(ctx)
	if err != nil {
		return "", fmt.Errorf("open a Socket Mode connection: %w", err)
	}
	return address, nil
}

func (c *client) post(ctx context.Context, channel string, m message) (id string, err error) {
	if err := c.pace.post(ctx, c.turn, channel); err != nil {
		return "", err
	}
	options := append(m.options(), slackgo.MsgOptionDisableLinkUnfurl(), slackgo.MsgOptionDisableMediaUnfurl())
	_, id, err = c.api.PostMessageContext(ctx, channel, options...)
	if err != nil {
		return "", fmt.Errorf("post a message: %w", err)
	}
	c.shown.remember(channel, id, m)
	return id, nil
}

// update makes a message show just what m says. Blocks that are left out would stay as they were, so there always are some. One that
// shows it already is left alone: most of what happens in a case changes few of its cards, and Slack takes 50 updates a minute.
func (c *client) update(ctx context.Context, channel, id string, m message) error {
	if !c.anew && c.shown.just(channel, id, m) {
		return nil
	}
	c.shown.forget(channel, id)
	if err := c.pace.call(ctx, c.turn, "chat.update"); err != nil {
		return err
	}
	if _, _, _, err := c.api.UpdateMessageContext(ctx, channel, id, m.options()...); err != nil {
		return fmt.Errorf("update a message: %w", err)
	}
	c.shown.remember(channel, id, m)
	return nil
}

// whisper shows a message in a conversation to one member only.
func (c *client) whisper(ctx context.Context, channel, member string, m message) error {
	if _, err := c.api.PostEphemeralContext(ctx, channel, member, m.options()...); err != nil {
		return fmt.Errorf("tell a member something: %w", err)
	}
	return nil
}

func (c *client) pin(ctx context.Context, channel, id string) error {
	if err := c.pace.call(ctx, c.turn, "pins.add"); err != nil {
		return err
	}
	err := c.api.AddPinContext(ctx, channel, slackgo.NewRefToMessage(channel, id))
	if err != nil && code(err) != "already_pinned" {
		return fmt.Errorf("pin a message: %w", err)
	}
	return nil
}

// find looks among the newest messages of a conversation for one of our own with the key; empty: it is not there.
func (c *client) find(ctx context.Context, channel, key, user, bot string) (id string, err error) {
	found, err := c.history(ctx, slackgo.GetConversationHistoryParameters{ChannelID: channel})
	if err != nil {
		return "", err
	}
	for _, m := range found.Messages {
		if keyOfMessage(m, user, bot) == key {
			return m.Timestamp, nil
		}
	}
	return "", nil
}

// posted is a message of our own that stands in a conversation.
type posted struct {
	id, key, text string
	blocks        []block
	refs          []reminded // the reminders that it shows
}

// postedAs is a message as it stands in a conversation; its key is empty where it is somebody else's, or has none.
func postedAs(m slackgo.Message, user, bot string) posted {
	p := posted{id: m.Timestamp, key: keyOfMessage(m, user, bot), text: m.Text, blocks: m.Blocks.BlockSet}
	if p.key != "" {
		refs, _ := m.Metadata.EventPayload["reminders"].(string)
		p.refs = remindedIn(refs)
	}
	return p
}

// remindsOf says whether a message has a reminder of a case among others.
func (p posted) remindsOf(number string) bool {
	return slices.ContainsFunc(p.refs, func(r reminded) bool { return string(r.number) == number })
}

// fetch returns one message of our own; its key is empty where there is none.
func (c *client) fetch(ctx context.Context, channel, id, user, bot string) (posted, error) {
	found, err := c.history(ctx, slackgo.GetConversationHistoryParameters{ChannelID: channel, Oldest: id, Latest: id, Inclusive: true})
	if err != nil || len(found.Messages) == 0 {
		return posted{}, err
	}
	return postedAs(found.Messages[0], user, bot), nil
}

// about lists our own messages in a conversation, from a moment on, that are about a case: whose keys begin with its number, or that
// remind of it among others.
func (c *client) about(ctx context.Context, channel, number string, since time.Time, user, bot string) (all []posted, err error) {
	asked := slackgo.GetConversationHistoryParameters{ChannelID: channel, Oldest: strconv.FormatInt(since.Unix(), 10)}
	for {
		found, err := c.history(ctx, asked)
		if err != nil {
			return nil, err
		}
		for _, m := range found.Messages {
			if one := postedAs(m, user, bot); strings.HasPrefix(one.key, number+"/") || one.remindsOf(number) {
				all = append(all, one)
			}
		}
		asked.Cursor = found.ResponseMetaData.NextCursor
		if !found.HasMore || asked.Cursor == "" {
			return all, nil
		}
	}
}

func (c *client) history(ctx context.Context, asked slackgo.GetConversationHistoryParameters) (*slackgo.GetConversationHistoryResponse, error) {
	if err := c.pace.call(ctx, c.turn, "conversations.history"); err != nil {
		return nil, err
	}
	asked.Limit, asked.IncludeAllMetadata = 200, true
	found, err := c.api.GetConversationHistoryContext(ctx, &asked)
	if err != nil {
		return nil, fmt.Errorf("look for a message: %w", err)
	}
	return found, nil
}

// keyOfMessage is the key of a message of our own; empty: it is somebody else's, or has none.
func keyOfMessage(m slackgo.Message, user, bot string) string {
	if m.User != user && (m.BotID != bot || bot == "") || m.Metadata.EventType != metadataType {
		return ""
	}
	key, _ := m.Metadata.EventPayload["key"].(string)
	return key
}

func (c *client) openView(ctx context.Context, trigger string, m modal) (id string, err error) {
	view, err := c.api.OpenViewContext(ctx, trigger, m.request())
	if err != nil {
		return "", fmt.Errorf("open a window: %w", err)
	}
	return view.ID, nil
}

func (c *client) updateView(ctx context.Context, id string, m modal) error {
	return c.fillView(ctx, id, "", m)
}

// updateKnown fills a window that is found by what it is known by; not_found: it is not there yet, or not any more.
func (c *client) updateKnown(ctx context.Context, known string, m modal) error {
	return c.fillView(ctx, "", known, m)
}

func (c *client) fillView(ctx context.Context, id, known string, m modal) error {
	if _, err := c.api.UpdateViewContext(ctx, m.request(), known, "", id); err != nil {
		return fmt.Errorf("fill a window: %w", err)
	}
	return nil
}

func (c *client) publishHome(ctx context.Context, member string, blocks []block) error {
	if err := c.pace.call(ctx, c.turn, "views.publish"); err != nil {
		return err
	}
	view := slackgo.HomeTabViewRequest{Type: slackgo.VTHomeTab, Blocks: slackgo.Blocks{BlockSet: atMost(blocks, maxViewBlocks)}}
	if _, err := c.api.PublishViewContext(ctx, slackgo.PublishViewContextRequest{UserID: member, View: view}); err != nil {
		return fmt.Errorf("publish a home: %w", err)
	}
	return nil
}

// genuine says whether a request that came by HTTP was signed with the secret, in the last five minutes.
func genuine(h http.Header, body []byte, secret string) error {
	v, err := slackgo.NewSecretsVerifier(h, secret)
	if err != nil {
		return err
	}
	if _, err := v.Write(body); err != nil {
		return err
	}
	return v.Ensure()
}

// encode is a modal as it stands in the answer to a submitted form.
func (m modal) encode() (json.RawMessage, error) { return json.Marshal(m.request()) }
