package cases

import (
	"crypto/sha256"
	_ "embed"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"slices"
	"time"
	_ "time/tzdata" // an organisation's zone must be known on a machine that has no zone files

	"websec.nl/gehoor/i18n"
)

//go:embed procedure.yaml
var builtIn []byte

// ProcedureSchema is the JSON Schema (draft 2020-12) of a procedure file, for an editor to help with writing one.
//
//go:embed procedure.schema.json
var ProcedureSchema []byte

// ProcedureFormat is the newest version of what may stand in a procedure file that this program knows.
const ProcedureFormat = 1

// Procedure holds an organisation's settings for its complaints procedure. Every number that a person is promised comes
// from here, and from nowhere else.
type Procedure struct {
	Format       int       `yaml:"format"` // version of what may stand in the file
	Organisation string    `yaml:"organisation"`
	Contact      string    `yaml:"contact"`   // the person to turn to first
	Post         string    `yaml:"post"`      // postal address, on one line
	Email        string    `yaml:"email"`     // address for complaints
	Telephone    string    `yaml:"telephone"` // empty: offer a call-back, show no number
	Zone         string    `yaml:"zone"`      // IANA time zone in which days begin and end
	Period       int       `yaml:"period"`    // calendar days from receipt to the last day, which counts whole
	Committee    Committee `yaml:"committee"`

	TakeBack      int `yaml:"take_back"`      // seconds for which words to a complainant can be taken back; 0: they go at once
	HearingDays   int `yaml:"hearing_days"`   // working days that a person concerned gets for their account, as is suggested
	QuestionDays  int `yaml:"question_days"`  // working days that a complainant gets for an answer, as is suggested
	ApprovalLapse int `yaml:"approval_lapse"` // days after which a write-up that is not agreed to lapses

	Milestones     MilestoneRules  `yaml:"milestones"`
	Clock          Clock           `yaml:"clock"`
	Drafts         int             `yaml:"drafts"`        // days that an unfinished conversation is kept
	DraftsRemind   []int           `yaml:"drafts_remind"` // days without a word after which one is reminded of it
	Retention      int             `yaml:"retention"`     // days that a closed case keeps its words
	Outside        Outside         `yaml:"outside"`
	PublicHolidays []PublicHoliday `yaml:"public_holidays"` // the Dutch public holidays on which nobody works
	Holidays       []string        `yaml:"holidays"`        // the organisation's own days off, as 2006-01-02, besides the public holidays
	Talk           TalkMoments     `yaml:"talk"`
	Limits         Limits          `yaml:"limits"`
	Scope          []Scope         `yaml:"scope"`     // what the procedure is not for
	Questions      []Question      `yaml:"questions"` // in the order in which they are asked; one that is off is not among them

	// Version names these very settings: a case keeps the version it began with.
	Version string `yaml:"-"`
	zone    *time.Location
	off     map[string]bool
	days    *days
}

// Committee says who has which role, by the identifiers of the committee's chat tool.
type Committee struct {
	Chair  Member `yaml:"chair"`  // empty: the channel is the end of each chain
	Deputy Member `yaml:"deputy"` // who stands in for the chair
	// Substitute stands in where both are excluded from a case.
	Substitute      Member `yaml:"substitute"`
	Members         Roster `yaml:"members"`         // default: everybody in the committee's channel
	Representatives Roster `yaml:"representatives"` // who may own a case; default: every member of the committee
	Intake          Roster `yaml:"intake"`          // who may write up a complaint, besides the members of the committee
	SecondEyes      bool   `yaml:"second_eyes"`     // a closing needs the yes of another than who wrote it
	// Language is that of what all of them see at once: the channel, the rooms. Each member is spoken to in their own.
	Language i18n.Language `yaml:"language"`
}

// Roster says who has a role: the members of a group of the committee's chat tool, and who is listed. One that is empty says
// nothing, and the default holds.
type Roster struct {
	Group string   `yaml:"group"` // identifier of a Slack user group, such as S012AB3CD
	List  []Member `yaml:"list"`
}

// Empty says whether the roster says nothing.
func (r Roster) Empty() bool { return r.Group == "" && len(r.List) == 0 }

// Clock says when the clock speaks. Times of day are "15:04" in the organisation's zone.
type Clock struct {
	WorkFrom  string `yaml:"work_from"`
	WorkUntil string `yaml:"work_until"`
	TellFrom  string `yaml:"tell_from"`  // a complainant is told nothing by the clock before this time
	TellUntil string `yaml:"tell_until"` // nor after it
	TellLate  string `yaml:"tell_late"`  // time on the last day at which an open case is explained to the complainant
	Minded    int    `yaml:"minded"`     // working days after which "I'll see to it" lapses when nothing follows
	Most      int    `yaml:"most"`       // messages with reminders that one person gets on one day; the rest comes with the next morning
	Tick      string `yaml:"tick"`       // cron schedule on which the clock looks what is due
	Digest    string `yaml:"digest"`     // cron schedule of the morning's overview in the channel; it is passed over where nobody works
	Tidy      string `yaml:"tidy"`       // cron schedule of forgetting what is kept long enough
}

// Schedules are the cron schedules among the settings, by the names of these.
func (c Clock) Schedules() map[string]string {
	return map[string]string{"clock.tick": c.Tick, "clock.digest": c.Digest, "clock.tidy": c.Tidy}
}

// Outside names the body to turn to afterwards; an empty Name names none.
type Outside struct {
	Name    string `yaml:"name"`
	Link    string `yaml:"link"`
	Within  int    `yaml:"within"`  // days after the confirmation
	Checked string `yaml:"checked"` // day on which somebody last checked this, as 2006-01-02
}

// TalkMoments says which moments are offered to somebody who would like to be called.
type TalkMoments struct {
	Days  int         `yaml:"days"` // working days, from the next one on
	Parts []PartOfDay `yaml:"parts"`
}

// PartOfDay is a part of a working day. Its times are "15:04" in the organisation's zone.
type PartOfDay struct {
	ID    string `yaml:"id"`
	From  string `yaml:"from"`
	Until string `yaml:"until"`
	Label Texts  `yaml:"label,omitempty"` // may be empty for Morning and Afternoon
}

// The parts of a day that need no label of the organisation's own.
const (
	Morning   = "morning"
	Afternoon = "afternoon"
)

// Limits says how much is taken in one complaint, or in one answer.
type Limits struct {
	Story          int `yaml:"story"`           // characters of the story, in all its messages
	Parts          int `yaml:"parts"`           // messages of the story
	Name           int `yaml:"name"`            // characters of a name
	Answer         int `yaml:"answer"`          // characters of an answer
	Reply          int `yaml:"reply"`           // characters of an answer to the committee, and of facts that are added later
	Files          int `yaml:"files"`           // files; 0: none are taken
	MegabytesEach  int `yaml:"megabytes_each"`  // of one file, at most the 20 that Telegram hands to a bot (Bot API, getFile)
	MegabytesTotal int `yaml:"megabytes_total"` // of all files together
	MegabytesAlong int `yaml:"megabytes_along"` // of all files that go with one message of the committee; by mail each takes a third more
}

// BytesEach is how many bytes one file may have.
func (l Limits) BytesEach() int64 { return int64(l.MegabytesEach) << 20 }

// BytesTotal is how many bytes all files together may have.
func (l Limits) BytesTotal() int64 { return int64(l.MegabytesTotal) << 20 }

// Scope is something that the procedure is not for, said once and kindly, with where to go.
type Scope struct {
	ID   string `yaml:"id"`
	Text Texts  `yaml:"text"`
}

// DefaultProcedure returns the built-in settings.
func DefaultProcedure() *Procedure {
	p := unsettled()
	p.settle()
	p.Version = versionOf(p.YAML())
	return p
}

// unsettled are the built-in settings as they are read.
func unsettled() *Procedure {
	p := new(Procedure)
	if r := p.read(builtIn, false); !r.right() {
		panic(fmt.Sprintf("the built-in procedure: %s", r.found[0]))
	}
	return p
}

// LoadProcedure reads the built-in settings and lets the YAML file at path override them; an empty path overrides nothing.
// An error names the line, the setting, what is wrong with it and what would be right.
func LoadProcedure(path string) (*Procedure, error) {
	if path == "" {
		return DefaultProcedure(), nil
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("procedure file: %w", err)
	}
	p, found := CheckProcedure(text, time.Time{}, nil)
	if p == nil {
		return nil, fmt.Errorf("procedure file %s, %w", path, first(found))
	}
	return p, nil
}

// CheckProcedure lets the text of a YAML file override the built-in settings and says all that is wrong with it, in the
// order of its lines; with a time also what is in doubt at that time, and with schedule what is wrong with what runs by itself as
// well. The settings are nil where something is wrong.
func CheckProcedure(text []byte, now time.Time, schedule ScheduleCheck) (*Procedure, []Finding) {
	p := unsettled()
	r := p.read(text, false)
	p.check(r)
	p.checkSchedules(r, schedule)
	if !r.right() {
		return nil, r.all()
	}
	p.settle()
	p.Version = versionOf(p.YAML())
	if !now.IsZero() {
		p.doubt(r, now)
	}
	return p, r.all()
}

// ParseProcedure reads settings that YAML returned, perhaps that of an earlier program: what they do not mention is as it is
// built in, what this program does not know says nothing to it, and their version is that of the text.
func ParseProcedure(text []byte) (*Procedure, error) {
	p := unsettled()
	r := p.read(text, true)
	p.check(r)
	if !r.right() {
		return nil, fmt.Errorf("procedure: %w", first(r.all()))
	}
	p.settle()
	p.Version = versionOf(text)
	return p, nil
}

func versionOf(text []byte) string {
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:6])
}

// first is an error of the first finding that is more than a doubt, and of how many others there are.
func first(found []Finding) error {
	found = slices.DeleteFunc(slices.Clone(found), func(f Finding) bool { return f.Warning })
	said := found[0].String()
	if found[0].Line > 0 {
		said = fmt.Sprintf("line %d: %s", found[0].Line, said)
	}
	if more := len(found) - 1; more > 0 {
		said += fmt.Sprintf(" (and %d more; see: gehoor procedure check)", more)
	}
	return errors.New(said)
}

// settle derives from right settings what follows from them.
func (p *Procedure) settle() {
	p.zone, _ = time.LoadLocation(p.Zone)
	p.days = daysWithout(p.PublicHolidays)
	p.off = make(map[string]bool, len(p.Holidays))
	for _, day := range p.Holidays {
		p.off[day] = true
	}
}

// In shows an instant in the organisation's zone.
func (p *Procedure) In(t time.Time) time.Time { return t.In(p.zone) }

// Location is the organisation's time zone.
func (p *Procedure) Location() *time.Location { return p.zone }

// Languages that a complainant may choose from.
func (p *Procedure) Languages() []i18n.Language { return i18n.Languages }
