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
	ID       string
	Name     string
	Role     string // what the page shows beside the name; Slack knows nothing of it
	Locale   string // "nl-NL"
	Email    string // default: made from the ID, at an address that can't exist
	TimeZone string // default "Europe/Amsterdam"
	Deleted  bool   // deactivated
}

// DefaultMembers are the invented members of the demo's committee.
func DefaultMembers() []Member {
	return []Member{
		{ID: "U1", Name: "Anna (invented)", Role: "chair", Locale: "nl-NL"},
		{ID: "U2", Name: "Bram (invented)", Role: "representative", Locale: "nl-NL"},
		{ID: "U3", Name: "Chris (invented)", Role: "member", Locale: "en-GB"},
		{ID: "U4", Name: "Dewi (invented)", Role: "member", Locale: "nl-NL"},
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
		limits: map[string]*bucket{}, uploads: map[string]*slackUpload{}, requestURL: p.options.SlackRequestURL, client: &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 16}},
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
	s.members = append(s.members, &m)
}

// AddMember brings one more person into the workspace; they are in no channel yet.
func (s *Slack) AddMember(m Member) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.addMember(m)
	s.direct(m.ID)
	s.shown()
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

// SetUsergroup makes or changes a group of members.
func (s *Slack) SetUsergroup(g Usergroup) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for i := range s.groups {
		if s.groups[i].ID == g.ID {
			s.groups[i] = g
			return
		}
	}
	s.groups = append(s.groups, g)
}
