package main

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"websec.nl/gehoor/cases/postgrestest"
)

var update = flag.Bool("update", false, "write what was found to the golden files")

// built is the folder of the program that the tests run; empty when none asked for it.
var built string

// build makes the program, once for all tests of this package.
var build = sync.OnceValues(func() (binary string, err error) {
	if built, err = os.MkdirTemp("", "gehoor-binary-"); err != nil {
		return "", err
	}
	binary = filepath.Join(built, "gehoor")
	said, err := exec.Command("go", "build", "-o", binary, ".").CombinedOutput()
	if err != nil {
		return binary, fmt.Errorf("go build: %w: %s", err, said)
	}
	return binary, nil
})

// builtProgram is the path of the program.
func builtProgram(tb testing.TB) string {
	tb.Helper()
	binary, err := build()
	if err != nil {
		tb.Fatal(err)
	}
	return binary
}

func TestMain(m *testing.M) {
	code := postgrestest.Run(m, nil)
	if built != "" {
		os.RemoveAll(built)
	}
	os.Exit(code)
}

// gehoor runs the program with nothing in its environment but what is given, and returns what it said and its status.
func gehoor(t *testing.T, environment []string, args ...string) (out, complaints string, status int) {
	t.Helper()
	command := exec.CommandContext(t.Context(), builtProgram(t), args...)
	command.Env = append([]string{"HOME=" + t.TempDir(), "PATH=" + os.Getenv("PATH")}, environment...)
	var stdout, stderr bytes.Buffer
	command.Stdout, command.Stderr = &stdout, &stderr
	err := command.Run()
	var ended *exec.ExitError
	if err != nil && !errors.As(err, &ended) {
		t.Fatal(err)
	}
	return stdout.String(), stderr.String(), command.ProcessState.ExitCode()
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("%s differs (run with -update if that is right); got:\n%s", path, got)
	}
}

// canary stands in each secret of the tests; it must never be seen again.
const canary = "kanarie"

// right are settings with which nothing is wrong.
var right = map[string]string{
	"GEHOOR_DATABASE_URL":         "postgres://gehoor:" + canary + "@127.0.0.1:1/gehoor",
	"GEHOOR_MASTER_KEY":           "a2FuYXJpZWthbmFyaWVrYW5hcmlla2FuYXJpZWthbmE=",
	"GEHOOR_TELEGRAM_TOKEN":       "123456789:AAE-" + canary + "-thirty-more-letters-and-digits",
	"GEHOOR_SLACK_BOT_TOKEN":      "xoxb-1234-" + canary,
	"GEHOOR_SLACK_APP_TOKEN":      "xapp-1-" + canary,
	"GEHOOR_SLACK_SIGNING_SECRET": canary + "0123456789abcdef",
	"GEHOOR_SLACK_CHANNEL":        "C012AB3CD",
	"GEHOOR_SMTP_URL":             "smtp://user:" + canary + "@mail.example.org:587",
}

// with is the environment of right with some settings changed ("NAME=value") or left out ("NAME").
func with(changes ...string) (environment []string) {
	all := make(map[string]string, len(right)+len(changes))
	for name, value := range right {
		all[name] = value
	}
	for _, change := range changes {
		name, value, given := strings.Cut(change, "=")
		if delete(all, name); given {
			all[name] = value
		}
	}
	for name, value := range all {
		environment = append(environment, name+"="+value)
	}
	slices.Sort(environment)
	return environment
}

// wrongSettings are the ways in which an admin may go wrong, each beside settings that are right.
var wrongSettings = [][]string{
	{"GEHOOR_MASTER_KEY"},
	{"GEHOOR_MASTER_KEY=" + canary + "!"},
	{"GEHOOR_MASTER_KEY=a2FuYXJpZQ=="},
	{"GEHOOR_DATABASE_URL=mysql://root:" + canary + "@db/gehoor"},
	{"GEHOOR_DATABASE_URL=postgres://gehoor:" + canary + "@db:port/gehoor"},
	{"GEHOOR_DATABASE_URL=" + canary},
	{"GEHOOR_DATA_DIR=/etc/passwd"},
	{"GEHOOR_S3_BUCKET=complaints"},
	{"GEHOOR_S3_ENDPOINT=https://s3.example.org", "GEHOOR_S3_BUCKET=complaints", "GEHOOR_S3_KEY=" + canary},
	{"GEHOOR_S3_ENDPOINT=s3.example.org", "GEHOOR_S3_BUCKET=complaints", "GEHOOR_S3_KEY=" + canary, "GEHOOR_S3_SECRET=" + canary},
	{"GEHOOR_S3_ENDPOINT=https://s3.example.org/complaints", "GEHOOR_S3_BUCKET=complaints", "GEHOOR_S3_KEY=" + canary, "GEHOOR_S3_SECRET=" + canary},
	{"GEHOOR_S3_ENDPOINT=https://" + canary + ":" + canary + "@s3.example.org", "GEHOOR_S3_BUCKET=complaints", "GEHOOR_S3_KEY=" + canary, "GEHOOR_S3_SECRET=" + canary},
	{"GEHOOR_S3_ENDPOINT=https://s3.example.org", "GEHOOR_S3_BUCKET=Our_Complaints", "GEHOOR_S3_KEY=" + canary, "GEHOOR_S3_SECRET=" + canary},
	{"GEHOOR_S3_ENDPOINT=https://s3.example.org", "GEHOOR_S3_BUCKET=complaints", "GEHOOR_S3_KEY=" + canary, "GEHOOR_S3_SECRET_FILE=/nowhere/secret"},
	{"GEHOOR_TELEGRAM_TOKEN"},
	{"GEHOOR_TELEGRAM_TOKEN=" + canary},
	{"GEHOOR_TELEGRAM_TOKEN=123456789 :" + canary},
	{"GEHOOR_TELEGRAM_API=api.telegram.org"},
	{"GEHOOR_TELEGRAM_API=https://user:" + canary + "@bots.example.org"},
	{"GEHOOR_TELEGRAM_RATE=many"},
	{"GEHOOR_TELEGRAM_RATE=-1"},
	{"GEHOOR_TELEGRAM_WEBHOOK_URL=https://complaints.example.org/telegram"},
	{"GEHOOR_TELEGRAM_WEBHOOK_URL=http://complaints.example.org/telegram", "GEHOOR_TELEGRAM_WEBHOOK_SECRET=" + canary},
	{"GEHOOR_TELEGRAM_WEBHOOK_URL=https://complaints.example.org:8080/telegram", "GEHOOR_TELEGRAM_WEBHOOK_SECRET=" + canary},
	{"GEHOOR_TELEGRAM_WEBHOOK_URL=https://complaints.example.org/metrics", "GEHOOR_TELEGRAM_WEBHOOK_SECRET=" + canary},
	{"GEHOOR_TELEGRAM_WEBHOOK_URL=https://complaints.example.org/l/telegram", "GEHOOR_TELEGRAM_WEBHOOK_SECRET=" + canary},
	{"GEHOOR_TELEGRAM_WEBHOOK_URL=https://complaints.example.org/telegram", "GEHOOR_TELEGRAM_WEBHOOK_SECRET=" + canary + "!"},
	{"GEHOOR_TELEGRAM_WEBHOOK_URL=https://complaints.example.org/telegram", "GEHOOR_TELEGRAM_WEBHOOK_SECRET=" + strings.Repeat("k", 257)},
	{"GEHOOR_SLACK_BOT_TOKEN"},
	{"GEHOOR_SLACK_BOT_TOKEN=xapp-" + canary},
	{"GEHOOR_SLACK_APP_TOKEN=xoxb-" + canary},
	{"GEHOOR_SLACK_APP_TOKEN", "GEHOOR_SLACK_SIGNING_SECRET"},
	{"GEHOOR_SLACK_APP_TOKEN", "GEHOOR_SLACK_SIGNING_SECRET=k e y"},
	{"GEHOOR_SLACK_API=slack.com/api"},
	{"GEHOOR_SLACK_CHANNEL"},
	{"GEHOOR_SLACK_CHANNEL=#complaints"},
	{"GEHOOR_SMTP_URL=mail.example.org:587"},
	{"GEHOOR_SMTP_URL=smtp://user:" + canary + "/@mail.example.org"},
	{"GEHOOR_SMTP_URL=smtp://:" + canary + "@mail.example.org"},
	{"GEHOOR_SMTP_URL=smtp://user:" + canary + "@mail.example.org?tls=maybe"},
	{"GEHOOR_SMTP_URL=smtp://user:" + canary + "@"},
	{"GEHOOR_MAIL_FROM=complaints"},
	{"GEHOOR_LISTEN=8080"},
	{"GEHOOR_LISTEN=127.0.0.1:http"},
	{"GEHOOR_PUBLIC_URL=complaints.example.org"},
	{"GEHOOR_PUBLIC_URL=http://complaints.example.org"},
	{"GEHOOR_PUBLIC_URL=https://complaints.example.org?to=l"},
	{"GEHOOR_PROCEDURE=/nowhere/procedure.yaml"},
	{"GEHOOR_PROCEDURE=testdata/procedure-in-another-zone.yaml"},
	{"GEHOOR_PROCEDURE=testdata/procedure-with-a-typing-error.yaml"},
	{"GEHOOR_LOG_LEVEL=loud"},
	{"GEHOOR_LOG_FORMAT=xml"},
	{"GEHOOR_SLACK_BOT_TOKEN_FILE=testdata/help.txt"},
	{"GEHOOR_SLACK_BOT_TOKEN", "GEHOOR_SLACK_BOT_TOKEN_FILE=/nowhere/token"},
	{"GEHOOR_SLACK_BOT_TOKEN", "GEHOOR_SLACK_BOT_TOKEN_FILE=testdata/empty"},
	{"GEHOOR_PROCEDUR=procedure.yaml"},
	{"GEHOOR_MASTER_KEY", "GEHOOR_TELEGRAM_TOKEN", "GEHOOR_SLACK_BOT_TOKEN", "GEHOOR_SLACK_CHANNEL=#complaints"},
}

func TestWrongSettingIsOneLineThatSaysWhatWouldBeRight(t *testing.T) {
	var page strings.Builder
	for _, changes := range wrongSettings {
		_, complaints, status := gehoor(t, with(changes...), "serve")
		changes = slices.Clone(changes)
		for i, change := range changes {
			if !strings.Contains(change, "=") {
				changes[i] += " is not set"
			}
		}
		fmt.Fprintf(&page, "%s\n%s\n", strings.ReplaceAll(strings.Join(changes, ", "), strings.Repeat("k", 257), "k (257 times)"), complaints)
		if status != 2 || strings.Count(complaints, "\n") != 1 {
			t.Errorf("%s: status %d, said %q", changes, status, complaints)
		}
		if strings.Contains(complaints, canary) {
			t.Errorf("%s: a secret was repeated: %q", changes, complaints)
		}
	}
	golden(t, "wrong-settings.txt", page.String())
}

func TestWrongCommandLineIsOneLine(t *testing.T) {
	for _, args := range [][]string{
		{"serf"}, {"serve", "--listn=:1"}, {"serve", "now"}, {"serve", "--listen"}, {"demo", "--language=de"}, {"demo", "--listen=no"},
		{"demo", "--open=door"}, {"demo", "--data-dir=/etc/passwd"}, {"migrate", "--telegram-token=1:" + canary}, {"version", "2"},
		{"serve", "--telegram-tokn=1:" + canary},
	} {
		out, complaints, status := gehoor(t, with(), args...)
		if status != 2 || strings.Count(complaints, "\n") != 1 || out != "" || strings.Contains(complaints, canary) {
			t.Errorf("%s: status %d, said %q and %q", args, status, out, complaints)
		}
	}
}

func TestFlagGoesBeforeTheEnvironment(t *testing.T) {
	_, complaints, status := gehoor(t, with("GEHOOR_LISTEN=:8080"), "serve", "--listen=wrong")
	if status != 2 || !strings.Contains(complaints, `(--listen) is "wrong"`) {
		t.Errorf("status %d, said %q", status, complaints)
	}
}

func TestEmptyVariableIsNoSetting(t *testing.T) {
	_, complaints, _ := gehoor(t, with("GEHOOR_LISTEN=", "GEHOOR_TELEGRAM_RATE=", "GEHOOR_SLACK_BOT_TOKEN_FILE=", "GEHOOR_LOG_LEVEL=loud"), "serve")
	if !strings.HasPrefix(complaints, "gehoor: GEHOOR_LOG_LEVEL") || strings.Contains(complaints, "as well") {
		t.Errorf("said %q", complaints)
	}
}

func TestSecretsAreReadFromFiles(t *testing.T) {
	dir := t.TempDir()
	environment := []string{"GEHOOR_SLACK_CHANNEL=C012AB3CD", "GEHOOR_LISTEN=wrong"}
	for name, value := range right {
		if name == "GEHOOR_SLACK_CHANNEL" {
			continue
		}
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(value+"\n"), 0o600); err != nil {
			t.Fatal(err)
		}
		environment = append(environment, name+"_FILE="+path)
	}
	_, complaints, status := gehoor(t, environment, "serve")
	if status != 2 || !strings.HasPrefix(complaints, "gehoor: GEHOOR_LISTEN") || strings.Contains(complaints, "as well") {
		t.Errorf("status %d, said %q", status, complaints)
	}
}

func TestSecretsAreNotPrintedWithTheSettings(t *testing.T) {
	s := &settings{}
	s.Telegram.Token, s.Key.MasterKey, s.Mail.SMTPURL = canary, canary, canary
	var log bytes.Buffer
	slog.New(slog.NewJSONHandler(&log, nil)).Info("settings", "settings", s, "token", s.Telegram.Token)
	slog.New(slog.NewTextHandler(&log, nil)).Info("settings", "settings", s, "token", s.Telegram.Token)
	fmt.Fprintf(&log, "%v %+v %#v %s %q", s, *s, *s, s.Telegram.Token, s.Key.MasterKey)
	if strings.Contains(log.String(), canary) {
		t.Error(log.String())
	}
}

func TestHelpTellsAPersonWhatThereIs(t *testing.T) {
	for name, args := range map[string][]string{
		"help.txt": {"--help"}, "help-serve.txt": {"serve", "--help"}, "help-demo.txt": {"demo", "--help"}, "help-migrate.txt": {"migrate", "--help"},
	} {
		out, complaints, status := gehoor(t, with(), args...)
		if status != 0 || complaints != "" {
			t.Errorf("%s: status %d, said %q", args, status, complaints)
		}
		if strings.Contains(out, canary) {
			t.Errorf("%s shows a secret", args)
		}
		golden(t, name, out)
	}
}

func TestNothingAskedShowsTheHelp(t *testing.T) {
	help, _, _ := gehoor(t, nil, "--help")
	out, complaints, status := gehoor(t, nil)
	if status != 2 || out != "" || complaints != help {
		t.Errorf("status %d, said %q and %q", status, out, complaints)
	}
}

func TestVersionSaysOneLine(t *testing.T) {
	out, _, status := gehoor(t, nil, "version")
	if status != 0 || !strings.HasPrefix(out, "gehoor ") || strings.Count(out, "\n") != 1 {
		t.Errorf("status %d, said %q", status, out)
	}
}

func TestUnreachableDatabaseIsOneLineWithoutThePassword(t *testing.T) {
	_, complaints, status := gehoor(t, with(), "migrate")
	if status != 1 || strings.Count(complaints, "\n") != 1 || strings.Contains(complaints, canary) {
		t.Errorf("status %d, said %q", status, complaints)
	}
}
