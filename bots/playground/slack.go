package playground

import (
	"cmp"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// Member is an invented member of the workspace.
type Member struct {
	ID          string
	Name        string // the full name
	DisplayName string // what they like to be called; default: the full name
	Handle      string // what follows an @; default: the first word of the name, in small letters
	Role        string // what the page shows beside the name; Slack knows nothing of it
	Locale      string // "nl-NL"
	Email       string // default: made from the ID, at an address that can't exist
	TimeZone    string // default "Europe/Amsterdam"
	Deleted     bool   // deactivated
	Bot         bool   // another app's user
}

// Representatives is the identifier of the user group that Options.Usergroups has by default.
const Representatives = "SDEMO0001"

// DefaultUsergroups are the user groups of the demo's workspace: who of the committee may speak with a complainant.
func DefaultUsergroups() []Usergroup {
	return []Usergroup{{
		ID: Representatives, Handle: "klachtenvertegenwoordigers", Name: "Klachtenvertegenwoordigers", Members: []string{"U2", "U3", "U4"},
	}}
}

// DefaultMembers are the invented members of the demo's committee.
func DefaultMembers() []Member {
	return []Member{
		{ID: "U1", Name: "Anna (invented)", Role: "chair", Locale: "nl-NL"},
		{ID: "U2", Name: "Bram (invented)", Role: "representative", Locale: "nl-NL"},
		{ID: "U3", Name: "Chris (invented)", Role: "deputy", Locale: "en-GB"},
		{ID: "U4", Name: "Dewi (invented)", Role: "substitute", Locale: "nl-NL"},
	}
}

// The names by which the workspace knows itself and the app.
const (
	TeamID    = "TDEMO"
	AppID     = "ADEMO"
	BotUserID = "UGEHOOR"
	BotID     = "BGEHOOR"

	teamName   = "Demo"
	teamDomain = "demo"
	botName    = "Gehoor"
)

// Usergroup is a group of members that can be named with one word.
type Usergroup struct {
	ID, Handle, Name string
	Members          []string
	Disabled         bool
}

// SlackMessage is a message in a channel.
type SlackMessage struct {
	TS        string
	User      string // a member, or BotUserID
	Text      string
	Blocks    json.RawMessage // nil: none
	At        time.Time
	EditedAt  time.Time // zero: never
	ThreadTS  string
	Ephemeral string // the only member who sees it; empty: everyone in the channel
	Subtype   string
	Metadata  json.RawMessage
	Files     []SlackFile
	Pinned    bool
	Reactions []string // emoji:user
}

// Channel is a channel, a private channel, or a direct conversation.
type Channel struct {
	ID       string
	Name     string
	Private  bool
	With     []string // members of a direct conversation with the bot
	Archived bool
	Members  []string // the bot's user among them, if it is there
	Topic    string
	Purpose  string
	Creator  string
	Created  time.Time
	Messages []SlackMessage // oldest first, ephemeral ones too
}

// AllText is everything that can be read in a message: its text and all texts of its blocks.
func (m SlackMessage) AllText() string { return m.Text + "\n" + TextOf(m.Blocks) }

// channel is a channel as the stand-in keeps it.
type channel struct {
	Channel
	messages []*SlackMessage
	byTS     map[string]*SlackMessage
}

// Slack stands in for Slack and for its clients.
type Slack struct {
	play *Playground
	spec *slackSpec

	mu          sync.Mutex
	members     []*Member
	channels    map[string]*channel
	order       []string
	numbers     int // of channels and direct conversations
	fileNumbers int
	groups      []Usergroup
	files       map[string]*memberFile // what members put into forms
	seen        map[string][]string    // what each member could ever see
	views       map[string]*view
	stacks      map[string][]*view
	homes       map[string]*view
	triggers    map[string]*trigger
	responses   map[string]*responseURL
	replies     map[string]string // what Slackbot told a member about their last command
	limits      map[string]*bucket
	uploads     map[string]*slackUpload
	requestURL  string
	base        string // scheme and host by which the app reached us last
	lastTS      int64

	client   *http.Client // brings signed deliveries
	sockets  sockets
	log      deliveryLog
	changed  signal
	refusals atomic.Int64
	calls    atomic.Int64
	fail     atomic.Pointer[func(method string, args SlackArgs) *Failure]
}

func newSlack(p *Playground) *Slack {
	s := &Slack{
		play: p, spec: slackMethods(), channels: map[string]*channel{}, views: map[string]*view{}, stacks: map[string][]*view{},
		homes: map[string]*view{}, triggers: map[string]*trigger{}, responses: map[string]*responseURL{}, replies: map[string]string{},
		limits: map[string]*bucket{}, uploads: map[string]*slackUpload{}, files: map[string]*memberFile{}, seen: map[string][]string{},
		groups: slices.Clone(p.options.Usergroups), requestURL: p.options.SlackRequestURL, client: &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 16}},
	}
	s.sockets.init(s)
	for _, m := range p.options.Members {
		s.addMember(m)
	}
	everyone := []string{BotUserID}
	for _, m := range s.members {
		everyone = append(everyone, m.ID)
	}
	s.addChannel(Channel{Name: p.options.Channel, Members: everyone, Creator: everyone[len(everyone)-1]})
	for _, m := range s.members {
		s.direct(m.ID)
	}
	return s
}

func (s *Slack) addMember(m Member) {
	m.Email = cmp.Or(m.Email, strings.ToLower(m.ID)+"@demo.invalid")
	m.TimeZone = cmp.Or(m.TimeZone, "Europe/Amsterdam")
	m.DisplayName = cmp.Or(m.DisplayName, m.Name)
	s.members = append(s.members, &m)
	s.seeWorkspace(m.ID)
}

// addChannel makes a channel with a number of its own. The caller holds the lock, or nobody else has the stand-in yet.
func (s *Slack) addChannel(c Channel) *channel {
	s.numbers++
	letter := "C"
	if len(c.With) > 0 {
		letter = "D"
	}
	c.ID = fmt.Sprintf("%s%d", letter, s.numbers)
	c.Created = s.play.clock.Now()
	made := &channel{Channel: c, byTS: map[string]*SlackMessage{}}
	s.channels[c.ID] = made
	s.order = append(s.order, c.ID)
	s.seeChannel(made)
	return made
}

// direct returns the bot's direct conversation with a member. The caller holds the lock.
func (s *Slack) direct(member string) *channel {
	for _, id := range s.order {
		if c := s.channels[id]; len(c.With) == 1 && c.With[0] == member {
			return c
		}
	}
	return s.addChannel(Channel{With: []string{member}, Private: true, Members: []string{member, BotUserID}})
}

func (s *Slack) member(id string) *Member {
	for _, m := range s.members {
		if m.ID == id {
			return m
		}
	}
	return nil
}

// byName finds a channel by its ID or its name. The caller holds the lock.
func (s *Slack) byName(name string) *channel {
	name = strings.TrimPrefix(name, "#")
	if c := s.channels[name]; c != nil {
		return c
	}
	for _, id := range s.order {
		if c := s.channels[id]; c.Name == name && name != "" {
			return c
		}
	}
	return nil
}

func (c *channel) has(user string) bool { return slices.Contains(c.Members, user) }

// kind is the channel_type of events.
func (c *channel) kind() string {
	switch {
	case len(c.With) == 1:
		return "im"
	case len(c.With) > 1:
		return "mpim"
	case c.Private:
		return "group"
	}
	return "channel"
}

// shown tells who waits that something in the workspace is different.
func (s *Slack) shown() {
	s.changed.send()
	s.play.changed()
}

// ts is the next message's timestamp: it is its identity, and later ones are larger. The caller holds the lock.
func (s *Slack) ts() string {
	now := max(s.play.clock.Now().UnixMicro(), s.lastTS+1)
	s.lastTS = now
	return fmt.Sprintf("%d.%06d", now/1e6, now%1e6)
}

const letters = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"

// newID makes an identity as Slack's look: a letter and ten more.
func newID(prefix string) string {
	b := []byte(prefix)
	for range 10 {
		b = append(b, letters[rand.IntN(len(letters))])
	}
	return string(b)
}
