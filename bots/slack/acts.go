package slack

import (
	"context"
	"errors"
	"maps"
	"regexp"
	"strings"
	"time"

	"websec.nl/gehoor/cases"
	"websec.nl/gehoor/cases/postgres"
	"websec.nl/gehoor/i18n"
)

// What the buttons do. A button's value is the number of its case, and where it needs more also which page, file, person concerned,
// measure, answer, event or member.
const (
	actTake   = "take"
	actAssign = "assign"
	actFile   = "file"
	actOn     = "page-on"
	actBack   = "page-back"
	actPart   = "page-part-" // and the part of the file
	actWrite  = "write"
	actSpeak  = "speak"
	actExtend = "extend"
	actClose  = "close"
	actDone   = "done"

	actPropose = "propose"
	actReopen  = "reopen"
	actUpload  = "upload"

	actAssess    = "assess"
	actNote      = "note"
	actRecuse    = "recuse"
	actRecuseWhy = "recuse-why"
	actExclude   = "exclude"
	actClear     = "clear"
	actTakeBack  = "take-back"
	actLapse     = "lapse"

	actHear     = "hear" // the persons concerned of a case
	actAddParty = "add-party"
	actInvite   = "invite"
	actNoAnswer = "no-answer"
	actReport   = "report"
	actParty    = "party"   // of a person concerned: their account
	actConsent  = "consent" // the same: what they say to a proposal

	actAddPoint   = "add-point"
	actAddMeasure = "add-measure"
	actApprove    = "approve"
	actMeasured   = "measured"

	actWriteUp     = "write-up"
	actCorrect     = "correct"
	actAgreeByCall = "agree-by-call"
	actWitness     = "witness"
)

// openTimeout bounds the opening of a window, which Slack allows for three seconds after the click.
const openTimeout = 2 * time.Second

var numberForm = regexp.MustCompile(`^[KG]-\d{4}-\d{4,9}$`)

// numberOf reads a case number that came from outside; ErrNotFound where it is none.
func numberOf(s string) (cases.Number, error) {
	s = strings.ToUpper(strings.TrimSpace(s))
	if !numberForm.MatchString(s) {
		return "", postgres.ErrNotFound
	}
	return cases.Number(s), nil
}

// pressed does what a button says.
func (b *Bot) pressed(ctx context.Context, i interaction, r *reply) error {
	action := i.Actions[0]
	value, which, _ := strings.Cut(action.Value, " ")
	switch action.ActionID {
	case actFile:
		return b.openFile(ctx, i, r, value)
	case actOn, actBack:
		return b.turnPage(ctx, i, r, value, numbered(which))
	case actUpload:
		return b.putInRoom(ctx, i, r, value, which)
	case actHear:
		return b.openParties(ctx, i, r, value)
	case actNoAnswer:
		return b.noAnswer(ctx, i, r, value, which)
	case actAddPoint, actAddMeasure:
		return b.grow(ctx, i, r)
	case actWriteUp:
		return b.openWriteUp(ctx, i, r)
	case actWitness:
		return b.witness(ctx, i, r, value, which)
	case actAway:
		return b.openAway(ctx, i, r)
	case actReturn:
		return b.backAgain(ctx, i, r)
	case actPicture:
		return b.putPicture(ctx, i, r, value)
	}
	switch {
	case action.ActionID == actTimeline, strings.HasPrefix(action.ActionID, actTimeline+"-"):
		return b.openTimeline(ctx, i, r, value, numbered(which))
	case action.ActionID == actDigest, strings.HasPrefix(action.ActionID, actDigest+"-"):
		return b.openDigest(ctx, i, r, numbered(value))
	case strings.HasPrefix(action.ActionID, actPart):
		return b.turnPage(ctx, i, r, value, numbered(which))
	case strings.HasPrefix(action.ActionID, actRest):
		return b.restOfReminders(ctx, i, r, action.Value)
	}
	if do, ok := deeds[action.ActionID]; ok {
		err := b.do(ctx, i, r, do, value, which)
		b.afterPress(ctx, i)
		return err
	}
	if f, ok := forms[action.ActionID]; ok {
		return b.openForm(ctx, i, r, f, value, which)
	}
	return r.ack(nil)
}

// deed is what a press of a button does at once, without a form.
type deed struct {
	does func(c *cases.Case, who cases.Person, which string, p *cases.Procedure, now time.Time) error
	done string // key of what who pressed hears then; empty: what they see says enough
}

// The deeds under a reminder stand with it.
func init() { maps.Copy(deeds, remindedDeeds) }

var deeds = map[string]deed{
	actTake: {does: func(c *cases.Case, who cases.Person, _ string, _ *cases.Procedure, now time.Time) error {
		return c.Take(who, now)
	}},
	actRecuse: {done: "recuse.done", does: func(c *cases.Case, who cases.Person, _ string, p *cases.Procedure, now time.Time) error {
		return c.Recuse(who, "", p, now)
	}},
	actTakeBack: {done: "outward.taken-back", does: func(c *cases.Case, who cases.Person, which string, _ *cases.Procedure, now time.Time) error {
		return c.TakeBack(who, numbered(which), now)
	}},
}

// do does a deed, if it is theirs to do now, and says why not otherwise.
func (b *Bot) do(ctx context.Context, i interaction, r *reply, d deed, value, which string) error {
	c, err := b.doing(ctx, i, d, value, which)
	if errors.Is(err, postgres.ErrClaimed) || err == nil && d.done == "" {
		return r.ack(nil)
	}
	said, known := i18n.Text{}, true
	if err != nil {
		said, known = sayable(err)
	} else {
		p := b.procedure(c)
		said = i18n.T(d.done, "number", value, "count", p.Clock.Minded, "moment", momentOf(c.Again(cases.Member(i.User.ID)), p))
	}
	if known {
		err = r.ack(nil)
	}
	if i.View.Type == "modal" && known {
		l := b.languageOf(ctx, i.User.ID)
		return errors.Join(err, b.fill(ctx, i.View.ID, notice(l, said.In(l))))
	}
	b.tell(ctx, i, said)
	return err
}

func (b *Bot) doing(ctx context.Context, i interaction, d deed, value, which string) (*cases.Case, error) {
	number, err := numberOf(value)
	if err != nil {
		return nil, err
	}
	who, err := b.person(ctx, i.User.ID)
	if err != nil {
		return nil, err
	}
	return b.store.Change(ctx, i.claim(), number, func(c *cases.Case, now time.Time) error { return d.does(c, who, which, b.procedure(c), now) })
}

// sayable is what a member hears about an error. It is false for trouble of our own, of which they hear that nothing was
// kept.
func sayable(err error) (i18n.Text, bool) {
	if refused, ok := errors.AsType[*cases.Refusal](err); ok {
		return refused.Text, true
	}
	if wrong, ok := errors.AsType[*atField](err); ok {
		return wrong.said, true
	}
	if errors.Is(err, postgres.ErrNotFound) {
		return i18n.T("refusal.no-such-case"), true
	}
	return i18n.T("refusal.try-again"), false
}

// tell says something to who pressed a button, and to nobody else: under the message where there is one, else in a window,
// else directly.
func (b *Bot) tell(ctx context.Context, i interaction, said i18n.Text) {
	l := b.languageOf(ctx, i.User.ID)
	text := said.In(l)
	var err error
	if i.Channel.ID != "" {
		err = b.slack.whisper(ctx, i.Channel.ID, i.User.ID, message{text: text, blocks: []block{say(text)}})
	} else {
		ctx, cancel := context.WithTimeout(ctx, openTimeout)
		defer cancel()
		_, err = b.slack.openView(ctx, i.TriggerID, notice(l, text))
	}
	if err != nil {
		b.log.Warn("slack: an answer to a click did not arrive where it was made", why(err)...)
		err = b.direct(ctx, i.User.ID, message{text: text, blocks: []block{say(text)}})
	}
	if err != nil {
		b.log.Error("slack: an answer to a click did not arrive", why(err)...)
	}
}

// direct sends a member a direct message.
func (b *Bot) direct(ctx context.Context, member string, m message) error {
	channel, err := b.slack.direct(ctx, member)
	if err != nil {
		return err
	}
	_, err = b.slack.post(ctx, channel, m)
	return err
}

// notice is a window that says one thing.
func notice(l i18n.Language, text string) modal {
	return modal{title: i18n.T("form.notice.title").In(l), close: i18n.T("form.button.close").In(l), blocks: []block{say(text)}}
}

// loading is a window that is still to be filled.
func (b *Bot) loading(l i18n.Language) modal { return notice(l, i18n.T("form.loading.text").In(l)) }

// open opens a window at once, before anything is asked or looked up, and acknowledges the click. A click in a window has that
// window show what comes. False: it could not be opened, and who pressed has heard so, or has the window already.
func (b *Bot) open(ctx context.Context, i interaction, r *reply) (view string, ok bool, err error) {
	loading := b.loading(b.languageKnown(i.User.ID))
	opening, cancel := context.WithTimeout(ctx, openTimeout)
	defer cancel()
	if i.View.Type == "modal" {
		if err := r.ack(nil); err != nil {
			return "", false, err
		}
		if err := b.slack.updateView(opening, i.View.ID, loading); isCode(err, "not_found") {
			return "", false, nil // who pressed closed it
		}
		return i.View.ID, true, nil // what did not come up now does when it is filled
	}
	view, failed := b.slack.openView(opening, i.TriggerID, loading)
	if err := r.ack(nil); err != nil {
		return "", false, err
	}
	if failed == nil {
		return view, true, nil
	}
	if isCode(failed, "exchanged_trigger_id") { // this click came before
		return "", false, nil
	}
	b.log.Warn("slack: a window did not open", why(failed)...)
	i.TriggerID = ""
	b.tell(ctx, i, i18n.T("refusal.too-late"))
	return "", false, nil
}

// fill shows in an open window what belongs there. Who closed it meanwhile wants to see nothing.
func (b *Bot) fill(ctx context.Context, view string, m modal) error {
	var err error
	for attempt := range 3 {
		if err = b.slack.updateView(ctx, view, m); err == nil || isCode(err, "not_found") {
			return nil
		}
		if code(err) != "" && !isCode(err, "ratelimited", "internal_error", "fatal_error") {
			return err
		}
		pause(ctx, time.Second<<attempt)
	}
	return err
}

// may asks whether a member may do something with a case now. Of a try that is not theirs the file keeps a record.
func (b *Bot) may(ctx context.Context, claim postgres.Claim, member string, do cases.Action, value string) (*cases.Case, cases.Person, error) {
	number, err := numberOf(value)
	if err != nil {
		return nil, cases.Person{}, err
	}
	who, err := b.person(ctx, member)
	if err != nil {
		return nil, who, err
	}
	c, err := b.store.Case(ctx, number)
	if err == nil {
		c, err = b.look(ctx, c, who)
	}
	if err != nil {
		return nil, who, err
	}
	err = cases.May(who, do, c)
	if refused, ok := errors.AsType[*cases.Refusal](err); ok && refused.Denied {
		_, recorded := b.store.Change(ctx, claim, number, func(c *cases.Case, _ time.Time) error { return cases.May(who, do, c) })
		if _, known := sayable(recorded); recorded != nil && !known && !errors.Is(recorded, postgres.ErrClaimed) {
			return nil, who, recorded
		}
	}
	return c, who, err
}
