package cases

import (
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"time"
	_ "time/tzdata" // an organisation's zone must be known on a machine that has no zone files

	"github.com/goccy/go-yaml"

	"websec.nl/gehoor/i18n"
)

//go:embed procedure.yaml
var builtIn embed.FS

// Procedure holds an organisation's settings for its complaints procedure. Every number that a person is promised comes
// from here, and from nowhere else.
type Procedure struct {
	Organisation string    `yaml:"organisation"`
	Contact      string    `yaml:"contact"`   // the person to turn to first
	Post         string    `yaml:"post"`      // postal address, on one line
	Email        string    `yaml:"email"`     // address for complaints
	Telephone    string    `yaml:"telephone"` // empty: offer a call-back, show no number
	Zone         string    `yaml:"zone"`      // IANA time zone in which days begin and end
	Period       int       `yaml:"period"`    // calendar days from receipt to the last day, which counts whole
	Committee    Committee `yaml:"committee"`
	Clock        Clock     `yaml:"clock"`
	Drafts       int       `yaml:"drafts"`    // days that an unfinished conversation is kept
	Retention    int       `yaml:"retention"` // days that a closed case keeps its words
	Outside      Outside   `yaml:"outside"`
	Holidays     []string  `yaml:"holidays"` // the organisation's own days off, as 2006-01-02, besides the Dutch public holidays

	// Version names these very settings: a case keeps the version it began with.
	Version string `yaml:"-"`
	zone    *time.Location
	off     map[string]bool
}

// Committee says who has which role, by the identifiers of the committee's chat tool.
type Committee struct {
	Chair  Member `yaml:"chair"`  // empty: the channel is the end of each chain
	Deputy Member `yaml:"deputy"` // who stands in for the chair
}

// Clock says when the clock speaks. Times of day are "15:04" in the organisation's zone.
type Clock struct {
	Owned     int    `yaml:"owned"`     // working days within which a case has an owner
	Reminders []int  `yaml:"reminders"` // days before the last day on which the owner is reminded
	Explain   int    `yaml:"explain"`   // working days after the late notice by which the complainant hears why
	WorkFrom  string `yaml:"work_from"`
	WorkUntil string `yaml:"work_until"`
	TellFrom  string `yaml:"tell_from"`  // a complainant is told nothing by the clock before this time
	TellUntil string `yaml:"tell_until"` // nor after it
	TellLate  string `yaml:"tell_late"`  // time on the last day at which an open case is explained to the complainant
	Tick      string `yaml:"tick"`       // cron schedule on which the clock looks what is due
	Tidy      string `yaml:"tidy"`       // cron schedule of forgetting what is kept long enough
}

// Outside names the body to turn to afterwards; an empty Name names none.
type Outside struct {
	Name    string `yaml:"name"`
	Link    string `yaml:"link"`
	Within  int    `yaml:"within"`  // days after the confirmation
	Checked string `yaml:"checked"` // day on which somebody last checked this, as 2006-01-02
}

// DefaultProcedure returns the built-in settings.
func DefaultProcedure() *Procedure {
	p, err := LoadProcedure("")
	if err != nil {
		panic(err)
	}
	return p
}

// LoadProcedure reads the built-in settings and lets the YAML file at path override them; an empty path overrides nothing.
// An error names the setting, what is wrong with it and what would be right.
func LoadProcedure(path string) (*Procedure, error) {
	text, err := builtIn.ReadFile("procedure.yaml")
	if err != nil {
		return nil, err
	}
	p := new(Procedure)
	if err := yaml.UnmarshalWithOptions(text, p, yaml.Strict()); err != nil {
		return nil, fmt.Errorf("built-in procedure: %w", err)
	}
	if path != "" {
		own, err := os.ReadFile(path)
		if err != nil {
			return nil, fmt.Errorf("procedure file: %w", err)
		}
		if err := yaml.UnmarshalWithOptions(own, p, yaml.Strict()); err != nil {
			return nil, fmt.Errorf("procedure file %s: %s", path, strings.Join(strings.Fields(err.Error()), " "))
		}
	}
	if err := p.settle(); err != nil {
		return nil, fmt.Errorf("procedure: %w", err)
	}
	return p, nil
}

// settle checks the settings and derives what follows from them.
func (p *Procedure) settle() error {
	zone, err := time.LoadLocation(p.Zone)
	if err != nil {
		return fmt.Errorf("zone %q is not a time zone; an example is Europe/Amsterdam", p.Zone)
	}
	p.zone = zone
	p.off = make(map[string]bool, len(p.Holidays))
	for _, day := range p.Holidays {
		if _, err := time.Parse(time.DateOnly, day); err != nil {
			return fmt.Errorf("holidays: %q is not a day; an example is 2026-12-24", day)
		}
		p.off[day] = true
	}
	for name, at := range map[string]string{
		"clock.work_from": p.Clock.WorkFrom, "clock.work_until": p.Clock.WorkUntil, "clock.tell_from": p.Clock.TellFrom,
		"clock.tell_until": p.Clock.TellUntil, "clock.tell_late": p.Clock.TellLate,
	} {
		if _, err := time.Parse("15:04", at); err != nil {
			return fmt.Errorf("%s: %q is not a time of day; an example is 08:00", name, at)
		}
	}
	if err := p.bounds(); err != nil {
		return err
	}
	whole, err := yaml.Marshal(p)
	if err != nil {
		return err
	}
	sum := sha256.Sum256(whole)
	p.Version = hex.EncodeToString(sum[:6])
	return nil
}

func (p *Procedure) bounds() error {
	switch {
	case strings.TrimSpace(p.Organisation) == "":
		return errors.New("organisation is empty; it is the name that complainants read")
	case p.Period < 1 || p.Period > 365:
		return fmt.Errorf("period is %d days; it must be from 1 to 365", p.Period)
	case p.Clock.Owned < 1 || p.Clock.Explain < 1:
		return errors.New("clock.owned and clock.explain must be at least 1 working day")
	case p.Clock.WorkFrom >= p.Clock.WorkUntil:
		return errors.New("clock.work_from must be before clock.work_until")
	case p.Clock.TellFrom >= p.Clock.TellUntil:
		return errors.New("clock.tell_from must be before clock.tell_until")
	case p.Clock.TellLate < p.Clock.TellFrom || p.Clock.TellLate > p.Clock.TellUntil:
		return errors.New("clock.tell_late must lie between clock.tell_from and clock.tell_until")
	case p.Drafts < 1:
		return errors.New("drafts must be at least 1 day")
	}
	for i, days := range p.Clock.Reminders {
		switch {
		case days < 1 || days >= p.Period:
			return fmt.Errorf("clock.reminders: %d days before the last day; it must be from 1 to %d", days, p.Period-1)
		case slices.Contains(p.Clock.Reminders[:i], days):
			return fmt.Errorf("clock.reminders: %d stands there twice", days)
		}
	}
	return nil
}

// In shows an instant in the organisation's zone.
func (p *Procedure) In(t time.Time) time.Time { return t.In(p.zone) }

// Location is the organisation's time zone.
func (p *Procedure) Location() *time.Location { return p.zone }

// Languages that a complainant may choose from.
func (p *Procedure) Languages() []i18n.Language { return i18n.Languages }
