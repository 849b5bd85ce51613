package slack

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"strings"
	"time"

	"websec.nl/gehoor/cases"
	"websec.nl/gehoor/cases/postgres"
	"websec.nl/gehoor/i18n"
)

// Files that go with words to the complainant. A member puts them into the form; when they send it, the files are fetched from
// Slack and looked at as those of complainants are, which may take longer than Slack waits for an answer. The form stands there
// meanwhile, with what was typed. Only then comes the preview, and only what was shown there can go out.

// putFile is a file in a field of a form, as Slack tells of it.
type putFile struct {
	ID   string `json:"id"`
	Name string `json:"name"`
	Type string `json:"mimetype"`
	Size int64  `json:"size"`
}

// The fields for files are others each time that files were taken up: Slack keeps what is in a field for as long as it is there.
func (m meta) addField() string   { return "add-" + strconv.Itoa(m.Round) }
func (m meta) filesField() string { return fieldFiles + "-" + strconv.Itoa(m.Round) }

// filled are the values of a form by the names of its fields; of those for files, the ones that were taken up and are still to
// go along.
func (i interaction) filled(m meta) map[string]string {
	all := i.fields()
	ticks, there := all[m.filesField()]
	delete(all, m.filesField())
	delete(all, m.addField())
	if kept := keep(m.Files, func(id string) bool { return !there || ticked(ticks, id) }); len(kept) > 0 {
		all[fieldFiles] = strings.Join(kept, " ")
	}
	return all
}

// withAlong adds the files to a form that are to go along. Those that are not there any more are left out.
func (b *Bot) withAlong(ctx context.Context, f *filling) (err error) {
	if !f.form.files {
		return nil
	}
	f.along, err = b.store.InForm(ctx, f.c.Number, f.who.Member, strings.Fields(f.values[fieldFiles]))
	f.m.Files = nil
	for _, one := range f.along {
		f.m.Files = append(f.m.Files, one.ID)
	}
	return err
}

// askFiles asks for files to go along, and shows those that will, of which each can be left out.
func (f filling) askFiles() (fields []block) {
	limits := f.p.Limits
	if len(f.along) > 0 {
		var all []choice
		for _, one := range f.along {
			size := " · " + sizeOf(one.Size, f.l)
			all = append(all, choice{one.ID, cut(one.Name, maxOption-len(size)) + size})
		}
		fields = append(fields, askAny(f.m.filesField(), f.word("files.label"), f.word("files.hint"), strings.Join(f.m.Files, " "), all, true))
	}
	if room := cases.MostAlong - len(f.along); room > 0 {
		hint := i18n.T("form."+f.form.name+".add.hint", "count", room, "megabytes", limits.MegabytesAlong).In(f.l)
		fields = append(fields, askForFiles(f.m.addField(), f.word("add.label"), hint, room))
	}
	return fields
}

// looking bounds the fetching of all files of a form.
const looking = 4 * time.Minute

// takeUp takes the files up that a form brings, and shows the preview then. It is false where the form brings none that are not
// taken up already, or can't be had any more: then it is a form as any other.
func (b *Bot) takeUp(ctx context.Context, i interaction, r *reply, f form, m meta, l i18n.Language) (taken bool, err error) {
	added := i.View.State.Values[m.addField()][fieldAction].Files
	if len(added) == 0 && len(m.Files) == 0 {
		return false, nil
	}
	now, err := b.hold(ctx, i, f, l, m)
	if err != nil {
		return false, nil // it is asked once more, and said
	}
	now.values = i.filled(m)
	if err := b.withAlong(ctx, &now); err != nil {
		return true, b.wrong(ctx, i, r, f, m, err, l)
	}
	if len(added) == 0 && !slices.ContainsFunc(now.along, waits) {
		return false, nil
	}
	if err := fits(now, added); err != nil {
		return true, b.wrong(ctx, i, r, f, m, err, l)
	}
	if err := b.encloses(ctx, &now, added); err != nil {
		return true, b.wrong(ctx, i, r, f, m, err, l)
	}
	now.m.Step = stepForm
	shown, err := b.formModal(ctx, now)
	if err != nil {
		return true, b.wrong(ctx, i, r, f, m, err, l)
	}
	shown.blocks = append([]block{say(i18n.T("form.files.looking").In(l))}, shown.blocks...)
	shown.known = nameOf(i) // what follows may arrive before it
	if err := b.answerForm(ctx, i, r, &shown, l); err != nil {
		return true, err
	}
	return true, b.lookAtFiles(ctx, i, now)
}

func waits(e cases.Enclosure) bool { return e.State == cases.EnclosureWaiting }

// fits says at its field what is too much of what was put into a form.
func fits(f filling, added []putFile) error {
	var sizes []int64
	for _, one := range f.along {
		sizes = append(sizes, one.Size)
	}
	for _, one := range added {
		sizes = append(sizes, one.Size)
	}
	err := f.p.Limits.Along(sizes...)
	if refused, ok := errors.AsType[*cases.Refusal](err); ok {
		return &atField{f.m.addField(), refused.Text}
	}
	return err
}

// encloses takes in the files that were put into a form, and makes them part of it.
func (b *Bot) encloses(ctx context.Context, f *filling, added []putFile) error {
	if len(added) == 0 {
		return nil
	}
	var sent []cases.Attachment
	for _, one := range added {
		sent = append(sent, cases.Attachment{ID: one.ID, Name: one.Name, Type: one.Type, Size: one.Size})
	}
	ids, err := b.store.Enclose(ctx, postgres.Claim{}, f.c.Number, f.who, sent)
	if err != nil {
		return err
	}
	f.values[fieldFiles] = strings.Join(append(slices.Clip(f.m.Files), ids...), " ")
	f.m.Round++
	return b.withAlong(ctx, f)
}

// lookAtFiles fetches the files of a form and shows what comes next: the preview, or the form with what is wrong. It is asked anew
// whether the member may.
func (b *Bot) lookAtFiles(ctx context.Context, i interaction, f filling) error {
	working, cancel := context.WithTimeout(context.WithoutCancel(ctx), looking)
	defer cancel()
	stopped := make(chan struct{})
	defer close(stopped)
	go func() {
		select {
		case <-b.ending:
			cancel()
		case <-stopped:
		}
	}()
	wrong := b.fetchAll(working, f)
	ctx, done := context.WithTimeout(context.WithoutCancel(ctx), handleWithin)
	defer done()
	shown, err := b.afterLook(ctx, i, f, wrong)
	return errors.Join(err, b.fillAnswer(ctx, i, nameOf(i), shown))
}

// afterLook is what is shown when the files were looked at.
func (b *Bot) afterLook(ctx context.Context, i interaction, f filling, wrong []block) (modal, error) {
	now, err := b.hold(ctx, i, f.form, f.l, f.m)
	if err == nil {
		now.values = f.values
		err = b.withAlong(ctx, &now)
	}
	if err == nil && len(wrong) == 0 {
		var shown *modal
		now.values[fieldFiles] = strings.Join(now.m.Files, " ")
		if shown, err = b.preview(ctx, now); err == nil {
			return *shown, nil
		}
	}
	if err != nil {
		said, known := sayable(err)
		if known {
			err = nil
		}
		if now.c == nil { // it is theirs no more
			return notice(f.l, said.In(f.l)), err
		}
		wrong = append(wrong, say(":warning: "+said.In(f.l)))
	}
	now.m.Step = stepForm
	shown, failed := b.formModal(ctx, now)
	shown.blocks = append(wrong, shown.blocks...)
	return shown, errors.Join(err, failed)
}
