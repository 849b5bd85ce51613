package slack

import (
	"context"
	"encoding/json"
	"errors"
	"strconv"

	"websec.nl/gehoor/cases/postgres"
)

// grow shows a form with one field more, and with all that was typed. A second press may come before the first is shown, and
// says what the form had before either; both count, on whichever process they arrive.
func (b *Bot) grow(ctx context.Context, i interaction, r *reply) error {
	if err := r.ack(nil); err != nil {
		return err
	}
	f, ok := forms[i.View.CallbackID]
	var m meta
	if !ok || json.Unmarshal([]byte(i.View.PrivateMetadata), &m) != nil {
		return errors.New("a form that is none of ours")
	}
	l := b.languageOf(ctx, i.User.ID)
	now, err := b.hold(ctx, i, f, l, m)
	if err == nil {
		err = b.withFile(ctx, &now)
	}
	if err == nil {
		now.values, now.m.Step = i.fields(), stepForm
		if err = b.addField(ctx, i, &now.m); err == nil {
			return b.showGrown(ctx, i, now)
		}
	}
	said, known := sayable(err)
	if known {
		err = nil
	}
	return errors.Join(err, b.fill(ctx, i.View.ID, notice(l, said.In(l))))
}

// growing are what a form can have more of: how many it has, and how many it may have.
var growing = map[string]struct {
	of   func(*meta) *int
	most int
}{
	actAddPoint:   {func(m *meta) *int { return &m.Points }, mostPoints},
	actAddMeasure: {func(m *meta) *int { return &m.Measures }, mostMeasures},
}

// added names the nth field of a sort in a window, which one press adds.
func added(i interaction, action string, n int) postgres.Claim {
	return postgres.Claim{Source: "slack-grow", ID: i.View.ID + "/" + action + "/" + strconv.Itoa(n)}
}

// addField adds the first field that no other press added.
func (b *Bot) addField(ctx context.Context, i interaction, m *meta) error {
	action := i.Actions[0].ActionID
	more := growing[action]
	for count := more.of(m); *count < more.most; {
		*count++
		if err := b.store.Once(ctx, added(i, action, *count)); !errors.Is(err, postgres.ErrClaimed) {
			return err
		}
	}
	return nil
}

// showGrown shows a form with all fields that were added by now: what another press shows at the same time may have fewer, or more.
func (b *Bot) showGrown(ctx context.Context, i interaction, f filling) error {
	for shown := ""; ; shown = f.m.String() {
		for action, more := range growing {
			for count := more.of(&f.m); *count < more.most; *count++ {
				there, err := b.store.Claimed(ctx, added(i, action, *count+1))
				if err != nil {
					return err
				}
				if !there {
					break
				}
			}
		}
		if f.m.String() == shown {
			return nil
		}
		view, err := b.formModal(ctx, f)
		if err != nil {
			said, known := sayable(err)
			if known {
				err = nil
			}
			return errors.Join(err, b.fill(ctx, i.View.ID, notice(f.l, said.In(f.l))))
		}
		if err := b.fill(ctx, i.View.ID, view); err != nil {
			return err
		}
	}
}
