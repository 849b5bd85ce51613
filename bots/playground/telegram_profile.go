package playground

import (
	"encoding/json"
	"net/http"
	"regexp"
	"slices"
	"sync"
	"unicode/utf8"
)

// MenuCommand is an entry of a bot's menu.
type MenuCommand struct {
	Command     string `json:"command"`
	Description string `json:"description"`
}

// botProfile is what a bot says about itself, by language; "" is every language that has none of its own.
type botProfile struct {
	mu       sync.RWMutex
	texts    map[string]map[string]string // name, description, short_description
	commands map[commandKey][]MenuCommand
	menu     json.RawMessage
}

type commandKey struct{ scope, chat, language string }

func (p *botProfile) init() {
	p.texts = map[string]map[string]string{"name": {"": "Gehoor"}, "description": {}, "short_description": {}}
	p.commands = map[commandKey][]MenuCommand{}
	p.menu = json.RawMessage(`{"type":"default"}`)
}

func (p *botProfile) get(what, language string) string {
	p.mu.RLock()
	defer p.mu.RUnlock()
	if text := p.texts[what][language]; text != "" {
		return text
	}
	return p.texts[what][""]
}

// menuFor is the list of commands that a person sees in a private chat.
func (p *botProfile) menuFor(person int64, language string) []MenuCommand {
	p.mu.RLock()
	defer p.mu.RUnlock()
	chat := string(mustJSON(person))
	for _, key := range []commandKey{
		{"chat", chat, language}, {"chat", chat, ""},
		{"all_private_chats", "", language}, {"all_private_chats", "", ""},
		{"default", "", language}, {"default", "", ""},
	} {
		if list, ok := p.commands[key]; ok {
			return list
		}
	}
	return []MenuCommand{}
}

func profileSetter(what string, longest int) method {
	return func(t *Telegram, _ *http.Request, p *Params, out []byte) ([]byte, *refusal) {
		text, language := p.Get(what), p.Get("language_code")
		if utf8.RuneCountInString(text) > longest {
			return out, badRequest("BOT_TITLE_INVALID")
		}
		if refused := checkLanguage(language); refused != nil {
			return out, refused
		}
		if what == "name" && text == "" && language == "" {
			text = "Gehoor"
		}
		t.profile.mu.Lock()
		t.profile.texts[what][language] = text
		t.profile.mu.Unlock()
		t.play.changed()
		return append(out, "true"...), nil
	}
}

func profileGetter(what string) method {
	return func(t *Telegram, _ *http.Request, p *Params, out []byte) ([]byte, *refusal) {
		out = appendStringField(append(out, '{'), what, t.profile.get(what, p.Get("language_code")))
		return append(out, '}'), nil
	}
}

var languageCode = regexp.MustCompile(`^([a-z]{2})?$`)

func checkLanguage(code string) *refusal {
	if !languageCode.MatchString(code) {
		return badRequest("invalid language code specified")
	}
	return nil
}

var commandName = regexp.MustCompile(`^[a-z0-9_]{1,32}$`)

func scopeOf(p *Params) (commandKey, *refusal) {
	key := commandKey{scope: "default", language: p.Get("language_code")}
	if raw := p.Get("scope"); raw != "" {
		var scope struct {
			Type string          `json:"type"`
			Chat json.RawMessage `json:"chat_id"`
		}
		if err := json.Unmarshal([]byte(raw), &scope); err != nil || scope.Type == "" {
			return key, badRequest("can't parse BotCommandScope: Unsupported type specified")
		}
		key.scope, key.chat = scope.Type, string(scope.Chat)
	}
	return key, checkLanguage(key.language)
}

func (t *Telegram) setMyCommands(_ *http.Request, p *Params, out []byte) ([]byte, *refusal) {
	key, refused := scopeOf(p)
	if refused != nil {
		return out, refused
	}
	var list []MenuCommand
	if err := json.Unmarshal([]byte(p.Get("commands")), &list); err != nil {
		return out, badRequest("expected an Array of BotCommand")
	}
	if len(list) > 100 {
		return out, badRequest("BOT_COMMANDS_TOO_MUCH")
	}
	for _, c := range list {
		if !commandName.MatchString(c.Command) {
			return out, badRequest("BOT_COMMAND_INVALID")
		}
		if n := utf8.RuneCountInString(c.Description); n < 1 || n > 256 {
			return out, badRequest("BOT_COMMAND_DESCRIPTION_INVALID")
		}
	}
	t.profile.mu.Lock()
	t.profile.commands[key] = list
	t.profile.mu.Unlock()
	t.play.changed()
	return append(out, "true"...), nil
}

func (t *Telegram) getMyCommands(_ *http.Request, p *Params, out []byte) ([]byte, *refusal) {
	key, refused := scopeOf(p)
	if refused != nil {
		return out, refused
	}
	t.profile.mu.RLock()
	defer t.profile.mu.RUnlock()
	return append(out, mustJSON(append([]MenuCommand{}, t.profile.commands[key]...))...), nil
}

func (t *Telegram) deleteMyCommands(_ *http.Request, p *Params, out []byte) ([]byte, *refusal) {
	key, refused := scopeOf(p)
	if refused != nil {
		return out, refused
	}
	t.profile.mu.Lock()
	delete(t.profile.commands, key)
	t.profile.mu.Unlock()
	t.play.changed()
	return append(out, "true"...), nil
}

func (t *Telegram) setChatMenuButton(_ *http.Request, p *Params, out []byte) ([]byte, *refusal) {
	menu := json.RawMessage(`{"type":"default"}`)
	if raw := p.Get("menu_button"); raw != "" {
		var kind struct {
			Type string `json:"type"`
		}
		known := []string{"default", "commands", "web_app"}
		if err := json.Unmarshal([]byte(raw), &kind); err != nil || !slices.Contains(known, kind.Type) {
			return out, badRequest("can't parse menu button: Unsupported type specified")
		}
		menu = json.RawMessage(raw)
	}
	t.profile.mu.Lock()
	t.profile.menu = menu
	t.profile.mu.Unlock()
	t.play.changed()
	return append(out, "true"...), nil
}

func (t *Telegram) getChatMenuButton(_ *http.Request, _ *Params, out []byte) ([]byte, *refusal) {
	t.profile.mu.RLock()
	defer t.profile.mu.RUnlock()
	return append(out, t.profile.menu...), nil
}

// menuButton says what the button beside the field to type in opens.
func (p *botProfile) menuButton() string {
	p.mu.RLock()
	defer p.mu.RUnlock()
	var menu struct {
		Type string `json:"type"`
	}
	_ = json.Unmarshal(p.menu, &menu)
	return menu.Type
}

// Commands is the menu of commands that a person sees, in their language.
func (t *Telegram) Commands(person int64) []MenuCommand {
	language := ""
	if c := t.chat(person); c != nil {
		c.mu.Lock()
		language = c.person.Language
		c.mu.Unlock()
	}
	return t.profile.menuFor(person, language)
}

// Description is what a person sees before the first message, in a language.
func (t *Telegram) Description(language string) string { return t.profile.get("description", language) }
