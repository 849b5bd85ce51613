package slack

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"path"
	"regexp"
	"slices"
	"strconv"
	"time"

	slackgo "github.com/slack-go/slack"

	"websec.nl/gehoor/cases"
	"websec.nl/gehoor/cases/jobs"
	"websec.nl/gehoor/cases/postgres"
	"websec.nl/gehoor/i18n"
)

// putInRoom has a file of a case put into the case's room, for a member who may read it. It comes there with what else is told
// there: what is large takes a while.
func (b *Bot) putInRoom(ctx context.Context, i interaction, r *reply, value, id string) error {
	number, err := numberOf(value)
	var who cases.Person
	if err == nil {
		who, err = b.person(ctx, i.User.ID)
	}
	if err == nil {
		err = b.lookAt(ctx, number, who)
	}
	if err == nil {
		err = b.store.Share(ctx, i.claim(), number, id, who)
	}
	if err == nil || errors.Is(err, postgres.ErrClaimed) {
		return r.ack(nil)
	}
	said, known := sayable(err)
	if known {
		err = r.ack(nil)
	}
	b.tell(ctx, i, said)
	return err
}

// shared puts a file into the room of its case, and nowhere else. The name that its sender gave it stays out of it, since a
// notification shows the names of files.
func (s *sending) shared(ctx context.Context) error {
	file, e, err := s.event(ctx)
	if err != nil {
		return err
	}
	c := &file.Case
	at := slices.IndexFunc(file.Attachments, func(one cases.Enclosure) bool { return one.ID == e.Data["attachment"] })
	if at < 0 || file.Attachments[at].State != cases.EnclosureKept || !c.Open() {
		return overtaken()
	}
	room, err := s.bot.store.Surface(ctx, c.Number, placeRoom)
	if err == nil {
		err = s.share(ctx, c, room.Channel, file.Attachments[at], at+1, e)
	}
	if errors.Is(err, postgres.ErrNotFound) || isCode(err, channelGone...) { // there is no room, or no longer
		if err := s.surfaces(ctx, c.Number); err != nil {
			return err
		}
		if room, err = s.bot.store.Surface(ctx, c.Number, placeRoom); err != nil {
			return err
		}
		err = s.share(ctx, c, room.Channel, file.Attachments[at], at+1, e)
	}
	if isCode(err, refusedFile...) { // the room must not wait for it
		s.bot.log.Error("slack: does not take a file; may the app upload files, and is there room for them?", append([]any{"case", c.Number}, why(err)...)...)
		if member, ok := e.By.Member(); ok {
			l := s.bot.languageOf(ctx, string(member))
			text := i18n.T("file.not-in-room", "number", string(c.Number)).In(l)
			if err := s.tell(ctx, c, string(member), message{text: text, blocks: []block{say(text)}}); err != nil {
				return err
			}
		}
		return &jobs.Undeliverable{State: cases.Failed, Reason: code(err)}
	}
	return err
}

// refusedFile is what Slack says of a file that it would not take, or not from us, until an admin changes something.
var refusedFile = []string{
	"file_upload_size_restricted", "file_uploads_disabled", "storage_limit_reached", "missing_scope", "posting_to_channel_denied", "access_denied",
	"file_update_failed", "missing_argument", "invalid_channel",
}

// share puts the nth file of a case into a room, if that is private still and only those are in it who may read the file.
func (s *sending) share(ctx context.Context, c *cases.Case, room string, one cases.Enclosure, n int, e cases.Event) error {
	info, err := s.slack.channelInfo(ctx, room)
	if err != nil {
		return err
	}
	if !info.Private {
		s.bot.log.Error("slack: the room of a case is private no longer; a file is not put there", "case", c.Number)
		return &jobs.Undeliverable{State: cases.Failed, Reason: "the room is not private"}
	}
	if err := s.clear(ctx, c, room); err != nil {
		return err
	}
	select { // so that many at once don't fill the memory
	case s.bot.uploads <- struct{}{}:
		defer func() { <-s.bot.uploads }()
	case <-ctx.Done():
		return ctx.Err()
	}
	document, err := s.bot.store.Content(ctx, c.Number, one.ID)
	if errors.Is(err, postgres.ErrNotFound) {
		return overtaken()
	}
	if err != nil {
		return err
	}
	comment := i18n.T("room.file", "n", n, "who", actor(e.By)).In(s.bot.language())
	return s.slack.upload(ctx, room, roomName(c.Number, n, document.Name), comment, document.Content)
}

var ending = regexp.MustCompile(`^\.[a-z0-9]{1,8}$`)

// roomName is how a file is called in a room: by its case and its number there. Only the ending is its own.
func roomName(number cases.Number, n int, name string) string {
	called := string(number) + "-" + strconv.Itoa(n)
	if own := path.Ext(name); ending.MatchString(own) {
		called += own
	}
	return called
}

// mostUploads is how many files are in hand at once, on their way to a room.
const mostUploads = 2

// uploadTimeout bounds one upload.
const uploadTimeout = 50 * time.Second

// newUploader is a client of Slack for what takes longer than a call.
func newUploader(cfg Config, transport http.RoundTripper) *slackgo.Client {
	options := []slackgo.Option{slackgo.OptionHTTPClient(&http.Client{Timeout: uploadTimeout, Transport: transport})}
	if cfg.API != "" {
		options = append(options, slackgo.OptionAPIURL(cfg.API))
	}
	return slackgo.New(cfg.Token, options...)
}

// upload puts a file into a channel, under a comment that a notification may show.
func (c *client) upload(ctx context.Context, channel, name, comment string, content []byte) error {
	if err := c.pace.call(ctx, c.turn, "files.completeUploadExternal"); err != nil {
		return err
	}
	_, err := c.uploader.UploadFileContext(ctx, slackgo.UploadFileParameters{
		Reader: bytes.NewReader(content), FileSize: len(content), Filename: name, Title: name, Channel: channel, InitialComment: comment,
	})
	if hidden, ok := errors.AsType[*url.Error](err); ok { // whoever knows the address of an upload may write there
		err = hidden.Err
	}
	if err != nil {
		return fmt.Errorf("upload a file: %w", err)
	}
	return nil
}
