package main

import (
	"os"
	"strings"
)

// secret is a setting that must not be seen: however it is printed or logged, it shows nothing. Convert it to a string to use it.
type secret string

const hidden = "(hidden)"

// String and the methods below hide the secret from every way of printing that we know.
func (secret) String() string               { return hidden }
func (secret) GoString() string             { return hidden }
func (secret) MarshalText() ([]byte, error) { return []byte(hidden), nil }

// load reads the secret of a setting from its file, where one is named. Space around it is no part of a secret.
func (s *secret) load(setting, path string) error {
	if path == "" {
		*s = secret(strings.TrimSpace(string(*s)))
		return nil
	}
	if *s != "" {
		return wrong(setting, "is given twice, by itself and by %s_FILE; leave one of the two out", setting)
	}
	words, err := os.ReadFile(path)
	if err != nil {
		return wrong(setting+"_FILE", "can't be read (%v); it must name a file that this user can read", err)
	}
	*s = secret(strings.TrimSpace(string(words)))
	if *s == "" {
		return wrong(setting+"_FILE", "is %s, which is empty; it must hold the secret and nothing else", path)
	}
	return nil
}

// loadSecrets reads every secret that is in a file.
func (s *settings) loadSecrets(wrongs *problems) {
	wrongs.add(s.Data.DatabaseURL.load("GEHOOR_DATABASE_URL", s.Data.DatabaseURLFile))
	wrongs.add(s.Key.MasterKey.load("GEHOOR_MASTER_KEY", s.Key.MasterKeyFile))
	wrongs.add(s.Storage.Key.load("GEHOOR_S3_KEY", s.Storage.KeyFile))
	wrongs.add(s.Storage.Secret.load("GEHOOR_S3_SECRET", s.Storage.SecretFile))
	wrongs.add(s.Telegram.Token.load("GEHOOR_TELEGRAM_TOKEN", s.Telegram.TokenFile))
	wrongs.add(s.Telegram.WebhookSecret.load("GEHOOR_TELEGRAM_WEBHOOK_SECRET", s.Telegram.WebhookSecretFile))
	wrongs.add(s.Slack.BotToken.load("GEHOOR_SLACK_BOT_TOKEN", s.Slack.BotTokenFile))
	wrongs.add(s.Slack.AppToken.load("GEHOOR_SLACK_APP_TOKEN", s.Slack.AppTokenFile))
	wrongs.add(s.Slack.SigningSecret.load("GEHOOR_SLACK_SIGNING_SECRET", s.Slack.SigningSecretFile))
	wrongs.add(s.Mail.SMTPURL.load("GEHOOR_SMTP_URL", s.Mail.SMTPURLFile))
}
