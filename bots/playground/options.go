package playground

import (
	"log/slog"
	"time"
)

// Options say what the stand-ins are like. The zero value is a complete playground with an invented cast.
type Options struct {
	// Log is told about trouble, never about what people write. Nil: nothing is logged.
	Log *slog.Logger
	// Clock is the time that messages and deadlines are counted in. Nil: a clock that starts now, in Amsterdam.
	Clock *Clock

	TelegramToken      string // default "1234567890:gehoor-demo-token"
	SlackBotToken      string // default "xoxb-gehoor-demo"
	SlackAppToken      string // default "xapp-gehoor-demo"
	SlackSigningSecret string // default "gehoor-demo-signing-secret"
	// SlackRequestURL is where deliveries are POSTed, signed. Empty: Socket Mode. It may be set later with SetRequestURL.
	SlackRequestURL string

	Persons []Person // default: two invented complainants, one Dutch, one English
	Members []Member // default: four invented members of a committee
	// Usergroups are groups of members; default: one, of two of the default members. An empty list that is not nil: none.
	Usergroups []Usergroup
	Channel    string // the shared channel that the members and the bot are in; default "klachten"

	// SlackScopes are what the app of the bot's token may do, of which each answer of Slack's tells. They forbid nothing here. Nil: no
	// answer tells.
	SlackScopes []string

	// Shortcuts are what the app's manifest offers in the menu of a message; default: the one of ours.
	Shortcuts []MessageShortcut

	// NextDeadline says where "to the next deadline" turns the clock to; Turned is called after the clock was turned.
	// Both may be set later.
	NextDeadline func() (time.Time, bool)
	Turned       func(time.Time)

	// Limits switches the published rates on: too many calls are answered with 429.
	Limits bool
	// Lean leaves out the check of each call against the specification and keeps only the newest messages of a chat: for benchmarks.
	Lean bool
	// History is how many messages a Telegram chat keeps; 0: all, or 50 if Lean.
	History int
	// AckTimeout is how long Slack waits for an acknowledgement; default 3 s, as published.
	AckTimeout time.Duration
	// TriggerFor is how long a trigger_id of Slack can be used; default 3 s, as published.
	TriggerFor time.Duration
	// RetryScale shortens (or lengthens) the waits before a delivery is tried again; default 1, the published waits.
	RetryScale float64
}

func (o *Options) setDefaults() {
	setDefault := func(s *string, value string) {
		if *s == "" {
			*s = value
		}
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Clock == nil {
		o.Clock = NewClock(time.Now().In(demoZone()))
	}
	setDefault(&o.TelegramToken, "1234567890:gehoor-demo-token")
	setDefault(&o.SlackBotToken, "xoxb-gehoor-demo")
	setDefault(&o.SlackAppToken, "xapp-gehoor-demo")
	setDefault(&o.SlackSigningSecret, "gehoor-demo-signing-secret")
	setDefault(&o.Channel, "klachten")
	if o.Persons == nil {
		o.Persons = DefaultPersons()
	}
	if o.Members == nil {
		o.Members = DefaultMembers()
		if o.Usergroups == nil {
			o.Usergroups = DefaultUsergroups()
		}
	}
	if o.Shortcuts == nil {
		o.Shortcuts = []MessageShortcut{{CallbackID: "add-to-file", Name: "Aan dossier toevoegen"}}
	}
	if o.Lean && o.History == 0 {
		o.History = 50
	}
	if o.AckTimeout == 0 {
		o.AckTimeout = 3 * time.Second
	}
	if o.TriggerFor == 0 {
		o.TriggerFor = 3 * time.Second
	}
	if o.RetryScale == 0 {
		o.RetryScale = 1
	}
}

// demoZone is where the invented people live, as far as this machine knows the place.
func demoZone() *time.Location {
	zone, err := time.LoadLocation("Europe/Amsterdam")
	if err != nil {
		return time.Local
	}
	return zone
}
