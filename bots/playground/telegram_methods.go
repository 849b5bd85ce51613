package playground

import (
	"encoding/json"
	"net/http"
	"strconv"
	"strings"
	"time"
	"unicode/utf16"
	"unicode/utf8"
)

// method carries out a call and appends its result.
type method func(t *Telegram, r *http.Request, p *Params, out []byte) ([]byte, *refusal)

// methodTable lists what the stand-in plays, by the names of the specification.
var methodTable map[string]method

// lowerNames finds a method whatever its capitals are: the Bot API does not mind.
var lowerNames map[string]string

func init() {
	methodTable = map[string]method{
		"getMe":                  (*Telegram).getMe,
		"getUpdates":             (*Telegram).getUpdates,
		"setWebhook":             (*Telegram).setWebhook,
		"deleteWebhook":          (*Telegram).deleteWebhook,
		"getWebhookInfo":         (*Telegram).getWebhookInfo,
		"sendMessage":            (*Telegram).sendMessage,
		"sendDocument":           (*Telegram).sendDocument,
		"sendChatAction":         (*Telegram).sendChatAction,
		"editMessageText":        (*Telegram).editMessageText,
		"editMessageReplyMarkup": (*Telegram).editMessageReplyMarkup,
		"leaveChat":              (*Telegram).leaveChat,
		"deleteMessage":          (*Telegram).deleteMessage,
		"deleteMessages":         (*Telegram).deleteMessages,
		"answerCallbackQuery":    (*Telegram).answerCallbackQuery,
		"getFile":                (*Telegram).getFile,
		"getChat":                (*Telegram).getChat,
		"setMyCommands":          (*Telegram).setMyCommands,
		"getMyCommands":          (*Telegram).getMyCommands,
		"deleteMyCommands":       (*Telegram).deleteMyCommands,
		"setMyName":              profileSetter("name", 64),
		"getMyName":              profileGetter("name"),
		"setMyDescription":       profileSetter("description", 512),
		"getMyDescription":       profileGetter("description"),
		"setMyShortDescription":  profileSetter("short_description", 120),
		"getMyShortDescription":  profileGetter("short_description"),
		"setChatMenuButton":      (*Telegram).setChatMenuButton,
		"getChatMenuButton":      (*Telegram).getChatMenuButton,
	}
	lowerNames = map[string]string{}
	for name := range methodTable {
		lowerNames[strings.ToLower(name)] = name
	}
}

func lookUp(name string) (method, string) {
	if m, ok := methodTable[name]; ok {
		return m, name
	}
	if proper, ok := lowerNames[strings.ToLower(name)]; ok {
		return methodTable[proper], proper
	}
	return nil, name
}

const (
	maxText    = 4096 // of a message, in UTF-16 units after entities
	maxCaption = 1024
	// The published rates: a message a second in one chat, with short bursts, and thirty a second over all.
	chatBurst, chatRate = 5, 1
	allBurst, allRate   = 30, 30
	typingFor           = 5 * time.Second
	deletableFor        = 48 * time.Hour
)

// openChat finds the chat that a bot wants to write to, and refuses where it may not.
func (t *Telegram) openChat(p *Params) (*chat, *refusal) {
	id := p.Get("chat_id")
	if id == "" {
		return nil, badRequest("chat_id is empty")
	}
	person, err := strconv.ParseInt(id, 10, 64)
	if err != nil {
		return nil, badRequest("chat not found")
	}
	c := t.chat(person)
	if c == nil {
		return nil, badRequest("chat not found")
	}
	return c, nil
}

// mayWrite says whether the bot may write to this person. The caller holds the lock.
func (c *chat) mayWrite() *refusal {
	switch {
	case c.deactivated:
		return &refusal{code: http.StatusForbidden, description: "Forbidden: user is deactivated"}
	case c.left:
		return &refusal{code: http.StatusForbidden, description: "Forbidden: bot is not a member of the " + c.kind + " chat"}
	case !c.started:
		return badRequest("chat not found") // the bot never met this person
	case c.blocked:
		return &refusal{code: http.StatusForbidden, description: "Forbidden: bot was blocked by the user"}
	}
	return nil
}

// limit keeps the published rates. The caller holds the chat's lock.
func (t *Telegram) limit(c *chat) *refusal {
	if !t.play.options.Limits {
		return nil
	}
	now := time.Now()
	wait, ok := c.bucket.take(now, chatBurst, chatRate)
	if ok {
		t.allMu.Lock()
		wait, ok = t.all.take(now, allBurst, allRate)
		t.allMu.Unlock()
		if ok {
			return nil
		}
		c.bucket.give()
	}
	t.refusals.Add(1)
	seconds := wholeSeconds(wait)
	return &refusal{http.StatusTooManyRequests, "Too Many Requests: retry after " + strconv.Itoa(seconds), seconds}
}

func (t *Telegram) sendMessage(_ *http.Request, p *Params, out []byte) ([]byte, *refusal) {
	text, entities, refused := formatted(p, "text", "entities")
	if refused != nil {
		return out, refused
	}
	if text == "" {
		return out, badRequest("message text is empty")
	}
	if longerThan(text, maxText) {
		return out, badRequest("message is too long")
	}
	return t.send(p, &Message{Kind: "text", Text: text, Entities: entities}, out)
}

// send is what all ways to send a message have in common.
func (t *Telegram) send(p *Params, m *Message, out []byte) ([]byte, *refusal) {
	markup, refused := parseMarkup(p.Get("reply_markup"))
	if refused != nil {
		return out, refused
	}
	c, refused := t.openChat(p)
	if refused != nil {
		return out, refused
	}
	m.FromBot, m.Buttons, m.fixed, m.Silent = true, markup.buttons, markup.fixed(), p.bool("disable_notification")
	c.mu.Lock()
	if refused = c.mayWrite(); refused == nil {
		refused = t.limit(c)
	}
	if refused != nil {
		c.mu.Unlock()
		return out, refused
	}
	m.At = t.play.clock.Now()
	t.add(c, m)
	markup.apply(c)
	c.typingUntil = time.Time{}
	out = t.appendMessage(out, c, m)
	if f := t.onMessage.Load(); f != nil {
		(*f)(c.person.ID, *m)
	}
	c.mu.Unlock()
	t.shown(c)
	return out, nil
}

func (t *Telegram) editMessageText(_ *http.Request, p *Params, out []byte) ([]byte, *refusal) {
	text, entities, refused := formatted(p, "text", "entities")
	if refused != nil {
		return out, refused
	}
	if text == "" {
		return out, badRequest("message text is empty")
	}
	if longerThan(text, maxText) {
		return out, badRequest("message is too long")
	}
	return t.edit(p, out, func(m *Message) *refusal {
		if m.Kind != "text" {
			return badRequest("there is no text in the message to edit")
		}
		m.Text, m.Entities = text, entities
		return nil
	})
}

func (t *Telegram) editMessageReplyMarkup(_ *http.Request, p *Params, out []byte) ([]byte, *refusal) {
	return t.edit(p, out, func(*Message) *refusal { return nil })
}

// edit changes a message of the bot: its text by change, and its buttons, which go if none are given.
func (t *Telegram) edit(p *Params, out []byte, change func(*Message) *refusal) ([]byte, *refusal) {
	markup, refused := parseMarkup(p.Get("reply_markup"))
	if refused != nil {
		return out, refused
	}
	if markup.fixed() {
		return out, badRequest("inline keyboard expected")
	}
	c, refused := t.openChat(p)
	if refused != nil {
		return out, refused
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if refused := c.mayWrite(); refused != nil {
		return out, refused
	}
	m, _ := c.find(p.Int("message_id"))
	if m == nil {
		return out, badRequest("message to edit not found")
	}
	if !m.FromBot || m.fixed {
		return out, badRequest("message can't be edited")
	}
	edited := *m
	if refused := change(&edited); refused != nil {
		return out, refused
	}
	if refused := t.limit(c); refused != nil { // an edit counts like a message
		return out, refused
	}
	edited.Buttons = markup.buttons
	if edited.equals(m) {
		return out, badRequest("message is not modified: specified new message content and reply markup are exactly the same as a " +
			"current content and reply markup of the message")
	}
	edited.EditedAt = t.play.clock.Now()
	edited.other = m.other || edited.Text != m.Text
	*m = edited
	t.shown(c)
	return t.appendMessage(out, c, m), nil
}

func (t *Telegram) deleteMessage(_ *http.Request, p *Params, out []byte) ([]byte, *refusal) {
	return t.remove(p, out, []int64{p.Int("message_id")}, true)
}

func (t *Telegram) deleteMessages(_ *http.Request, p *Params, out []byte) ([]byte, *refusal) {
	var ids []int64
	if err := json.Unmarshal([]byte(p.Get("message_ids")), &ids); err != nil || len(ids) == 0 {
		return out, badRequest("message identifiers are not specified")
	}
	if len(ids) > 100 {
		return out, badRequest("too many message identifiers specified")
	}
	return t.remove(p, out, ids, false)
}

// remove deletes messages of a chat; a bot may within 48 hours.
func (t *Telegram) remove(p *Params, out []byte, ids []int64, mustBeThere bool) ([]byte, *refusal) {
	c, refused := t.openChat(p)
	if refused != nil {
		return out, refused
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, id := range ids {
		m, at := c.find(id)
		switch {
		case m == nil && mustBeThere:
			return out, badRequest("message to delete not found")
		case m == nil:
		case t.play.clock.Now().Sub(m.At) > deletableFor:
			return out, badRequest("message can't be deleted for everyone")
		default:
			c.messages = append(c.messages[:at], c.messages[at+1:]...)
		}
	}
	t.shown(c)
	return append(out, "true"...), nil
}

func (t *Telegram) sendChatAction(_ *http.Request, p *Params, out []byte) ([]byte, *refusal) {
	switch p.Get("action") {
	case "typing", "upload_photo", "record_video", "upload_video", "record_voice", "upload_voice", "upload_document", "choose_sticker",
		"find_location", "record_video_note", "upload_video_note":
	default:
		return out, badRequest("wrong parameter action in request")
	}
	c, refused := t.openChat(p)
	if refused != nil {
		return out, refused
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if refused := c.mayWrite(); refused != nil {
		return out, refused
	}
	c.typingUntil = time.Now().Add(typingFor)
	t.shown(c)
	time.AfterFunc(typingFor, t.play.changed)
	return append(out, "true"...), nil
}

func (t *Telegram) getMe(_ *http.Request, _ *Params, out []byte) ([]byte, *refusal) {
	out = append(t.appendBot(out), `,"can_join_groups":false,"can_read_all_group_messages":false,"supports_inline_queries":false,`+
		`"can_connect_to_business":false,"has_main_web_app":false}`...)
	return out, nil
}

func (t *Telegram) getChat(_ *http.Request, p *Params, out []byte) ([]byte, *refusal) {
	c, refused := t.openChat(p)
	if refused != nil {
		return out, refused
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.started {
		return out, badRequest("chat not found")
	}
	out = append(out, c.chatJSON[:len(c.chatJSON)-1]...)
	return append(out, `,"accent_color_id":0,"max_reaction_count":11,"accepted_gift_types":{"unlimited_gifts":false,"limited_gifts":false,`+
		`"unique_gifts":false,"premium_subscription":false,"gifts_from_channels":false}}`...), nil
}

// longerThan counts as Telegram does, in UTF-16 units.
func longerThan(text string, limit int) bool {
	if len(text) <= limit {
		return false
	}
	return units(text) > limit
}

// units is the length of a text in UTF-16 units.
func units(text string) int {
	n := 0
	for _, r := range text {
		n += max(1, utf16.RuneLen(r))
	}
	return n
}

// formatted reads a text with its parse mode or entities, as sent.
func formatted(p *Params, textField, entitiesField string) (string, []Entity, *refusal) {
	text := p.Get(textField)
	if !utf8.ValidString(text) {
		return "", nil, badRequest("strings must be encoded in UTF-8")
	}
	switch mode := strings.ToLower(p.Get("parse_mode")); mode {
	case "":
		var entities []Entity
		if raw := p.Get(entitiesField); raw != "" {
			if err := json.Unmarshal([]byte(raw), &entities); err != nil {
				return "", nil, badRequest("can't parse entities: expected an Array of MessageEntity")
			}
		}
		text, entities = trimmed(text, entities)
		return text, entities, nil
	case "html":
		return parsed(parseHTML(text))
	case "markdownv2":
		return parsed(parseMarkdown(text))
	default:
		return "", nil, badRequest("unsupported parse_mode")
	}
}

func parsed(text string, entities []Entity, err error) (string, []Entity, *refusal) {
	if err != nil {
		return "", nil, badRequest("can't parse entities: " + err.Error())
	}
	text, entities = trimmed(text, entities)
	return text, entities, nil
}
