package main

import (
	"encoding/base64"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"net/mail"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	letters "websec.nl/gehoor/bots/mail"
	"websec.nl/gehoor/bots/web"
	"websec.nl/gehoor/cases"
	"websec.nl/gehoor/i18n"
)

// check makes the settings of serve complete, or says what is wrong with them.
func (s *settings) check() error {
	var wrongs problems
	s.loadSecrets(&wrongs)
	wrongs.add(s.Log.check())
	wrongs.add(s.Data.check())
	wrongs.add(s.Key.check())
	s.Storage.check(&wrongs)
	s.Telegram.check(&wrongs)
	s.Slack.check(&wrongs)
	wrongs.add(s.Web.check())
	wrongs.add(s.Procedure.check())
	s.Mail.check(s.Procedure.Settings, &wrongs)
	return wrongs.err()
}

// checkDatabase is check for who wants to know where the database is, and no more.
func (s *settings) checkDatabase() error {
	var wrongs problems
	wrongs.add(s.Data.DatabaseURL.load("GEHOOR_DATABASE_URL", s.Data.DatabaseURLFile))
	wrongs.add(s.Log.check())
	wrongs.add(s.Data.check())
	return wrongs.err()
}

func (d *demoSettings) check() error {
	var wrongs problems
	if !i18n.Language(d.Language).Valid() {
		wrongs.add(wrong("--language", "is %q, which is no language that we speak; it must be nl or en", d.Language))
	}
	if d.Open != "browser" && d.Open != "none" {
		wrongs.add(wrong("--open", "is %q, which can't be opened; it must be browser or none", d.Open))
	}
	wrongs.add(checkListen("--listen", d.Listen))
	wrongs.add(directory("--data-dir", "demo", &d.DataDir))
	wrongs.add(d.Log.check())
	return wrongs.err()
}

func (d *dataSettings) check() error {
	if d.DatabaseURL == "" || d.DataDir != "" {
		if err := directory("GEHOOR_DATA_DIR", "", &d.DataDir); err != nil {
			return err
		}
	}
	if d.DatabaseURL == "" {
		return nil
	}
	// The library's own error would repeat the address, and with it perhaps the password.
	if _, err := pgx.ParseConfig(string(d.DatabaseURL)); err != nil || !strings.ContainsAny(string(d.DatabaseURL), ":=") {
		return wrong("GEHOOR_DATABASE_URL", "is not the address of a PostgreSQL database; an example is postgres://gehoor:password@localhost:5432/gehoor")
	}
	return nil
}

// directory makes the path of a data directory absolute, and takes the user's own place for data (for root the machine's)
// where there is none. The directory need not exist yet.
func directory(setting, below string, path *string) error {
	if *path == "" {
		home, err := dataHome()
		if err != nil {
			return wrong(setting, "is missing, and this user has no home directory to take instead; an example is /var/lib/gehoor")
		}
		*path = filepath.Join(home, below)
	}
	absolute, err := filepath.Abs(*path)
	if err != nil {
		return wrong(setting, "is no path (%v); an example is /var/lib/gehoor", err)
	}
	*path = absolute
	if info, err := os.Stat(absolute); err == nil && !info.IsDir() {
		return wrong(setting, "is %s, which is no directory; it must be one, or not exist yet", absolute)
	}
	return nil
}

func dataHome() (string, error) {
	if os.Geteuid() == 0 {
		return "/var/lib/gehoor", nil
	}
	if data := os.Getenv("XDG_DATA_HOME"); filepath.IsAbs(data) {
		return filepath.Join(data, "gehoor"), nil
	}
	home, err := os.UserHomeDir()
	return filepath.Join(home, ".local/share/gehoor"), err
}

const howToMakeAKey = "make one with: openssl rand -base64 32"

func (k *keySettings) check() error {
	if k.MasterKey == "" {
		return wrong("GEHOOR_MASTER_KEY", "is missing; it seals all words at rest, and must be 32 bytes in base64: %s", howToMakeAKey)
	}
	key, err := base64.StdEncoding.DecodeString(string(k.MasterKey))
	switch {
	case err != nil:
		return wrong("GEHOOR_MASTER_KEY", "is not base64; it must be 32 bytes in base64: %s", howToMakeAKey)
	case len(key) != 32:
		return wrong("GEHOOR_MASTER_KEY", "holds %d bytes; it must be 32 bytes in base64: %s", len(key), howToMakeAKey)
	}
	return nil
}

// bytes is the master key, once checked.
func (k *keySettings) bytes() []byte {
	key, _ := base64.StdEncoding.DecodeString(string(k.MasterKey))
	return key
}

// bucketName is what S3 takes for the name of a bucket that all its addresses can hold.
var bucketName = regexp.MustCompile(`^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$`)

// check holds the settings of an object storage together: all of them are set, or none is.
func (s *storageSettings) check(wrongs *problems) {
	if s.Endpoint == "" && s.Bucket == "" && s.Key == "" && s.Secret == "" {
		return
	}
	if s.Endpoint == "" {
		wrongs.add(wrong("GEHOOR_S3_ENDPOINT", "is missing, and other settings of an object storage are there; it must be the storage's address, such as https://s3.eu-west-1.amazonaws.com"))
	} else if err := checkURL("GEHOOR_S3_ENDPOINT", s.Endpoint, "https://s3.eu-west-1.amazonaws.com", false); err != nil {
		wrongs.add(err)
	} else if at, _ := url.Parse(s.Endpoint); strings.Trim(at.Path, "/") != "" {
		wrongs.add(wrong("GEHOOR_S3_ENDPOINT", "has the path %s; it must be an address without one, such as https://s3.eu-west-1.amazonaws.com, and the bucket has a setting of its own", at.Path))
	}
	if !bucketName.MatchString(s.Bucket) {
		is := fmt.Sprintf("is %q, which is not the name of a bucket", s.Bucket)
		if s.Bucket == "" {
			is = "is missing"
		}
		wrongs.add(wrong("GEHOOR_S3_BUCKET", "%s; with an object storage it must be 3 to 63 small letters, digits, dots and hyphens", is))
	}
	const given = "is missing; with an object storage it must be the one that the storage gave out"
	if s.Key == "" {
		wrongs.add(wrong("GEHOOR_S3_KEY", given))
	}
	if s.Secret == "" {
		wrongs.add(wrong("GEHOOR_S3_SECRET", given))
	}
}

var (
	telegramToken  = regexp.MustCompile(`^[0-9]+:[A-Za-z0-9_-]+$`)
	telegramSecret = regexp.MustCompile(`^[A-Za-z0-9_-]{1,256}$`) // as the Bot API's setWebhook has it
)

const publicTelegram = "https://api.telegram.org"

func (t *telegramSettings) check(wrongs *problems) {
	switch {
	case t.Token == "":
		wrongs.add(wrong("GEHOOR_TELEGRAM_TOKEN", "is missing; it must be the bot's token, which BotFather in Telegram gives to who makes the bot"))
	case !telegramToken.MatchString(string(t.Token)):
		wrongs.add(wrong("GEHOOR_TELEGRAM_TOKEN", "is not a token; BotFather's look like 123456789:AAE-and-some-thirty-more-letters-and-digits"))
	}
	t.API = strings.TrimRight(t.API, "/")
	wrongs.add(checkURL("GEHOOR_TELEGRAM_API", t.API, publicTelegram, false))
	rate, err := strconv.Atoi(t.Rate)
	if t.PerSecond = rate; err != nil || rate < 0 || rate > 10_000 {
		wrongs.add(wrong("GEHOOR_TELEGRAM_RATE", "is %q, which is not a number of messages a second; it must be a whole number up to 10000, such as 30; 0 is no limit", t.Rate))
	}
	if t.WebhookURL != "" {
		t.checkWebhook(wrongs)
	}
}

func (t *telegramSettings) checkWebhook(wrongs *problems) {
	const setting, example = "GEHOOR_TELEGRAM_WEBHOOK_URL", "https://complaints.example.org/telegram"
	err := checkURL(setting, t.WebhookURL, example, true)
	wrongs.add(err)
	// The ports that the Bot API's setWebhook knows; one's own server takes any.
	if to, _ := url.Parse(t.WebhookURL); err == nil && t.API == publicTelegram && !slices.Contains([]string{"", "443", "80", "88", "8443"}, to.Port()) {
		wrongs.add(wrong(setting, "has port %s; Telegram delivers to the ports 443, 80, 88 and 8443 only", to.Port()))
	} else if err == nil && taken(to.Path) {
		wrongs.add(wrong(setting, "has the path %s, where this program answers to others; an example is %s", to.Path, example))
	}
	switch {
	case t.WebhookSecret == "":
		wrongs.add(wrong("GEHOOR_TELEGRAM_WEBHOOK_SECRET", "is missing; with a webhook it must be 1 to 256 letters, digits, _ and -: make one with: openssl rand -hex 32"))
	case !telegramSecret.MatchString(string(t.WebhookSecret)):
		wrongs.add(wrong("GEHOOR_TELEGRAM_WEBHOOK_SECRET", "has a character that Telegram does not take, or too many; it must be 1 to 256 letters, digits, _ and -"))
	}
}

// taken says whether this program has something else at a path.
func taken(path string) bool {
	return slices.Contains([]string{"/healthz", "/readyz", "/metrics"}, path) || path == "/slack" || strings.HasPrefix(path, "/slack/") ||
		strings.HasPrefix(path, web.PagesAt)
}

var (
	slackToken   = regexp.MustCompile(`^[A-Za-z0-9-]+$`)
	slackSecret  = regexp.MustCompile(`^[!-~]{8,}$`)
	slackChannel = regexp.MustCompile(`^[CG][A-Z0-9]+$`)
)

func (s *slackSettings) check(wrongs *problems) {
	wrongs.add(checkSlackToken("GEHOOR_SLACK_BOT_TOKEN", s.BotToken, "xoxb-", "the bot token of the Slack app, under OAuth & Permissions"))
	if s.AppToken != "" {
		wrongs.add(checkSlackToken("GEHOOR_SLACK_APP_TOKEN", s.AppToken, "xapp-", "the app-level token, under Basic Information"))
	}
	switch {
	case s.AppToken == "" && s.SigningSecret == "":
		wrongs.add(wrong("GEHOOR_SLACK_APP_TOKEN", "is missing; it must be the app-level token, which begins with xapp-, or else GEHOOR_SLACK_SIGNING_SECRET must be set, for requests over HTTP"))
	case s.SigningSecret != "" && !slackSecret.MatchString(string(s.SigningSecret)):
		wrongs.add(wrong("GEHOOR_SLACK_SIGNING_SECRET", "is not a signing secret; it must be the 32 letters and digits under Basic Information in the Slack app"))
	}
	s.API = strings.TrimRight(s.API, "/") + "/" // the client library asks for the slash
	wrongs.add(checkURL("GEHOOR_SLACK_API", s.API, "https://slack.com/api/", false))
	switch {
	case s.Channel == "":
		wrongs.add(wrong("GEHOOR_SLACK_CHANNEL", "is missing; it must be the identifier of the committee's channel, such as C012AB3CD, which stands at the end of the channel's details"))
	case !slackChannel.MatchString(s.Channel):
		wrongs.add(wrong("GEHOOR_SLACK_CHANNEL", "is %q, which is not a channel's identifier; it must be like C012AB3CD, which stands at the end of the channel's details (its name will not do)", s.Channel))
	}
}

func checkSlackToken(setting string, token secret, begin, what string) error {
	switch {
	case token == "":
		return wrong(setting, "is missing; it must be %s; it begins with %s", what, begin)
	case !strings.HasPrefix(string(token), begin) || len(token) == len(begin) || !slackToken.MatchString(string(token)):
		return wrong(setting, "is not the right token; it must be %s; it begins with %s", what, begin)
	}
	return nil
}

func (m *mailSettings) check(p *cases.Procedure, wrongs *problems) {
	if m.SMTPURL != "" {
		if _, err := letters.ParseServer(string(m.SMTPURL)); err != nil {
			wrongs.add(wrong("GEHOOR_SMTP_URL", "%v; an example is smtp://user:password@mail.example.org:587", err))
		}
	}
	if m.From == "" {
		if m.SMTPURL == "" || p == nil {
			return // nobody sends, or the procedure is wrong, and that is said elsewhere
		}
		m.From = (&mail.Address{Name: p.Organisation, Address: p.Email}).String()
	}
	if _, err := mail.ParseAddress(m.From); err != nil {
		wrongs.add(wrong("GEHOOR_MAIL_FROM", "is %q, which is not an e-mail address; examples are complaints@example.org and 'Complaints committee <complaints@example.org>'", m.From))
	}
}

func (w *webSettings) check() error {
	if w.PublicURL != "" {
		if err := checkURL("GEHOOR_PUBLIC_URL", w.PublicURL, "https://complaints.example.org", true); err != nil {
			return err
		}
		w.PublicURL = strings.TrimRight(w.PublicURL, "/")
	}
	return checkListen("GEHOOR_LISTEN", w.Listen)
}

func (p *procedureSettings) check() error {
	settled, err := cases.LoadProcedure(p.File)
	var unread *fs.PathError
	switch {
	case errors.As(err, &unread):
		return wrong("GEHOOR_PROCEDURE", "can't be read (%v); it must name a YAML file with settings of the procedure", unread)
	case err != nil:
		return wrong("GEHOOR_PROCEDURE", "is not right: %v", err) // which says what would be right
	}
	now := time.Now()
	for _, one := range schedules {
		if err := checkSchedule(settled, one.setting, one.spec(settled), now); err != nil {
			return wrong("GEHOOR_PROCEDURE", "has %q for %s, which %v", one.spec(settled), one.setting, err)
		}
	}
	p.Settings = settled
	return nil
}

func checkListen(setting, address string) error {
	host, port, err := net.SplitHostPort(address)
	if number, notANumber := strconv.ParseUint(port, 10, 16); err != nil || notANumber != nil || (number == 0 && port != "0") || strings.ContainsAny(host, " /") {
		return wrong(setting, "is %q, which is not an address to listen on; it must be a host and a port, such as 127.0.0.1:8080, or :8080 for every host", address)
	}
	return nil
}

// checkURL checks an address of the web. One from outside must be https, except on this very machine.
func checkURL(setting, address, example string, outside bool) error {
	parsed, err := url.Parse(address)
	switch {
	case err != nil, parsed.Scheme != "https" && parsed.Scheme != "http", parsed.Hostname() == "", parsed.RawQuery != "", parsed.Fragment != "":
		return wrong(setting, "is not an address of the web; an example is %s", example)
	case parsed.User != nil:
		return wrong(setting, "holds a user or a password, which has no place in it; an example is %s", example)
	case outside && parsed.Scheme == "http" && !loopback(parsed.Hostname()):
		return wrong(setting, "begins with http; it must be https, such as %s", example)
	}
	return nil
}

func loopback(host string) bool {
	return host == "localhost" || strings.HasSuffix(host, ".localhost") || net.ParseIP(host).IsLoopback()
}
