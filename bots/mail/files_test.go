package mail

import (
	"bytes"
	"encoding/base64"
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"net/mail"
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-smtp"

	"websec.nl/gehoor/cases"
	"websec.nl/gehoor/cases/jobs"
	"websec.nl/gehoor/cases/postgres"
	"websec.nl/gehoor/i18n"
)

// sends lets ann write with files, which wait to go by mail.
func (o *office) sends(t *testing.T, files ...cases.Document) postgres.Outgoing {
	t.Helper()
	o.change(t, func(c *cases.Case, now time.Time) error { c.ChatGone = true; return c.Take(ann, now) })
	var sent []cases.Attachment
	for _, one := range files {
		sent = append(sent, cases.Attachment{ID: "F", Name: one.Name, Size: int64(len(one.Content))})
	}
	ids, err := o.Enclose(t.Context(), postgres.Claim{}, o.number, ann, sent)
	if err != nil {
		t.Fatal(err)
	}
	for n, id := range ids {
		f, err := o.FetchingInForm(t.Context(), o.number, id)
		if err == nil {
			err = o.Keep(t.Context(), f, files[n])
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	o.change(t, func(c *cases.Case, now time.Time) error {
		at := *o.Procedure()
		at.TakeBack = 0
		return c.Write(ann, cases.WriteDraft{Text: "Wilt u dit lezen?", Files: ids}, &at, now)
	})
	all := o.waiting(t)
	return all[len(all)-1]
}

// partsOf are the parts of a letter with files: their headers and contents, the words first.
func (p *post) partsOf(t *testing.T) (all []*multipart.Part, contents [][]byte) {
	t.Helper()
	p.mu.Lock()
	defer p.mu.Unlock()
	message, err := mail.ReadMessage(bytes.NewReader(p.taken[len(p.taken)-1]))
	if err != nil {
		t.Fatal(err)
	}
	kind, options, err := mime.ParseMediaType(message.Header.Get("Content-Type"))
	if err != nil || kind != "multipart/mixed" {
		t.Fatalf("%q (%v)", kind, err)
	}
	for parts := multipart.NewReader(message.Body, options["boundary"]); ; {
		part, err := parts.NextRawPart()
		if err == io.EOF {
			return all, contents
		}
		if err != nil {
			t.Fatal(err)
		}
		content, err := io.ReadAll(part)
		if err != nil {
			t.Fatal(err)
		}
		if part.Header.Get("Content-Transfer-Encoding") == "base64" {
			if content, err = base64.StdEncoding.DecodeString(strings.ReplaceAll(string(content), "\r\n", "")); err != nil {
				t.Fatal(err)
			}
		}
		all, contents = append(all, part), append(contents, content)
	}
}

func TestLetterBringsItsFilesAsWhatTheyAre(t *testing.T) {
	server := new(post).open(t, nil, false)
	o := newOffice(t, copied(noor[i18n.Dutch]))
	files := []cases.Document{
		{Name: "één \"brief\"\r\nBcc: x@example.org.pdf", Type: "application/pdf", Content: bytes.Repeat([]byte("%PDF"), 5000)},
		{Name: "notitie.txt", Type: "text/plain; charset=utf-8", Content: []byte("één regel\nen nog een")},
		{Name: "mail.eml", Type: "message/rfc822", Content: []byte("Subject: x\r\n\r\nWords")},
	}
	if err := o.bot(t, "smtp://"+server.address).Send(t.Context(), o.sends(t, files...)); err != nil {
		t.Fatal(err)
	}
	parts, contents := server.partsOf(t)
	if len(parts) != 4 || !strings.HasPrefix(parts[0].Header.Get("Content-Type"), "multipart/alternative") || !strings.Contains(string(contents[0]), "Bij deze brief zitten 3 bestanden.") {
		t.Fatalf("%d parts, the first is\n%s", len(parts), contents[0])
	}
	for n, want := range []struct{ kind, name string }{
		{"application/pdf", "één _brief___Bcc_ x@example.org.pdf"}, {"text/plain", "notitie.txt"}, {"application/octet-stream", "mail.eml"},
	} {
		part := parts[n+1]
		kind, _, err := mime.ParseMediaType(part.Header.Get("Content-Type"))
		disposition, names, otherwise := mime.ParseMediaType(part.Header.Get("Content-Disposition"))
		name, _ := new(mime.WordDecoder).DecodeHeader(names["filename"])
		if errors.Join(err, otherwise) != nil || kind != want.kind || disposition != "attachment" || name != want.name || !bytes.Equal(contents[n+1], files[n].Content) {
			t.Errorf("%s %q, %s, of %d bytes (%v, %v)", kind, name, disposition, len(contents[n+1]), err, otherwise)
		}
		if part.Header.Get("Bcc") != "" {
			t.Error("a name became a header")
		}
	}
}

func TestLetterThatIsTooLargeForTheMailServerIsKnownNotToArrive(t *testing.T) {
	server := new(post)
	server.refuse = func(stage string) error {
		if stage == "data" {
			return &smtp.SMTPError{Code: 552, EnhancedCode: smtp.EnhancedCode{5, 3, 4}, Message: "message too big"}
		}
		return nil
	}
	server.open(t, nil, false)
	o := newOffice(t, copied(noor[i18n.Dutch]))
	err := o.bot(t, "smtp://"+server.address).Send(t.Context(), o.sends(t, cases.Document{Name: "a.pdf", Type: "application/pdf", Content: []byte("%PDF")}))
	if never, ok := errors.AsType[*jobs.Undeliverable](err); !ok || never.State != cases.Failed {
		t.Errorf("%v", err)
	}
}
