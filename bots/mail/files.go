package mail

import (
	"bytes"
	"context"
	"errors"
	"strings"
	"time"

	gomail "github.com/wneessen/go-mail"

	"websec.nl/gehoor/cases"
	"websec.nl/gehoor/cases/jobs"
	"websec.nl/gehoor/cases/postgres"
)

// SendLimit bounds the sending of one letter, with its files.
const SendLimit = 5 * time.Minute

const (
	mostWithFiles     = 2               // letters with files in hand at once: each is held whole, as it is and as it travels
	patienceWithFiles = 4 * time.Minute // for a letter of 20 megabytes on a slow line
)

// along are the files that a letter brings.
func along(f *cases.File, n cases.Notice) []cases.Enclosure {
	if n.Kind != cases.Message {
		return nil
	}
	e, _ := f.Event(n.Event)
	return f.FilesWith(e)
}

// along says which files are with the letter.
func (w *writer) along() {
	all := w.file.FilesWith(w.event)
	if len(all) == 0 {
		return
	}
	files := Section{Heading: w.say("letter.files.heading"), Paragraphs: []string{w.say("letter.files.body", "count", len(all))}}
	for _, one := range all {
		files.Steps = append(files.Steps, clean(one.Name))
	}
	w.add(files)
}

// withFiles adds its files to a message, each as what it was found to be, and hands it over.
func (b *Bot) withFiles(ctx context.Context, message *gomail.Msg, o postgres.Outgoing, all []cases.Enclosure) error {
	select {
	case b.files <- struct{}{}:
		defer func() { <-b.files }()
	case <-ctx.Done():
		return ctx.Err()
	}
	for _, one := range all {
		found, err := b.store.Content(ctx, o.Number, one.ID)
		if errors.Is(err, postgres.ErrNotFound) {
			return &jobs.Undeliverable{State: cases.NotSent, Reason: postgres.Overtaken} // it was erased meanwhile
		}
		if err != nil {
			return err
		}
		message.AttachReadSeeker(found.Name, bytes.NewReader(found.Content), gomail.WithFileContentType(typeOf(found)))
	}
	return b.handOver(ctx, message, patienceWithFiles)
}

// typeOf is the media type that a file travels under. A mail may not be encoded as it travels within another (RFC 2046, 5.2.1), as
// files are; by its name it is still opened as one.
func typeOf(d *cases.Document) gomail.ContentType {
	if strings.HasPrefix(d.Type, "message/") {
		return gomail.TypeAppOctetStream
	}
	return gomail.ContentType(d.Type)
}
