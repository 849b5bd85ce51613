package main

import (
	"context"
	"net"

	"github.com/alecthomas/kong"

	"websec.nl/gehoor/cases"
)

// settings is all that serve wants to know. Each is a flag and an environment variable, each secret a file as well; after
// check they are complete, right, and the secrets read.
type settings struct {
	Data      dataSettings      `embed:"" group:"data"`
	Key       keySettings       `embed:"" group:"data"`
	Storage   storageSettings   `embed:"" group:"storage" prefix:"s3-" envprefix:"GEHOOR_S3_"`
	Telegram  telegramSettings  `embed:"" group:"telegram" prefix:"telegram-" envprefix:"GEHOOR_TELEGRAM_"`
	Slack     slackSettings     `embed:"" group:"slack" prefix:"slack-" envprefix:"GEHOOR_SLACK_"`
	Mail      mailSettings      `embed:"" group:"mail"`
	Web       webSettings       `embed:"" group:"web"`
	Procedure procedureSettings `embed:"" group:"procedure"`
	Log       logSettings       `embed:"" group:"log" prefix:"log-" envprefix:"GEHOOR_LOG_"`
}

// groups are the headings of the help, by the tags above.
var groups = []kong.Group{
	{Key: "data", Title: "Where everything is kept:"},
	{Key: "storage", Title: "Where the files that complainants send are kept, if not in the database:"},
	{Key: "telegram", Title: "Telegram, where complainants are:"},
	{Key: "slack", Title: "Slack, where the committee is:"},
	{Key: "mail", Title: "Mail, for the letters:"},
	{Key: "web", Title: "What this program answers to:"},
	{Key: "procedure", Title: "Your procedure:"},
	{Key: "log", Title: "The log:"},
}

type dataSettings struct {
	DatabaseURL     secret `env:"GEHOOR_DATABASE_URL" placeholder:"URL" help:"PostgreSQL to keep everything in, such as postgres://gehoor:password@db/gehoor. Without it the program runs a PostgreSQL of its own in the data directory."`
	DatabaseURLFile string `env:"GEHOOR_DATABASE_URL_FILE" placeholder:"PATH" help:"File that holds the database URL."`
	DataDir         string `env:"GEHOOR_DATA_DIR" placeholder:"PATH" help:"Directory for what is kept on this machine; by default ~/.local/share/gehoor, for root /var/lib/gehoor."`
}

type keySettings struct {
	MasterKey     secret `env:"GEHOOR_MASTER_KEY" placeholder:"KEY" help:"Key that seals all words at rest: 32 bytes in base64. Make one with: openssl rand -base64 32. Without it nobody can read anything again: keep a copy elsewhere."`
	MasterKeyFile string `env:"GEHOOR_MASTER_KEY_FILE" placeholder:"PATH" help:"File that holds the master key."`
}

// storageSettings are those of an object storage; without an endpoint there is none.
type storageSettings struct {
	Endpoint   string `env:"ENDPOINT" placeholder:"URL" help:"Address of an object storage that speaks as Amazon's S3 does, such as https://s3.eu-west-1.amazonaws.com. What goes there is sealed. Without it files are kept in the database."`
	Bucket     string `env:"BUCKET" placeholder:"NAME" help:"Bucket for the files, which must be there and hold nothing else."`
	Region     string `env:"REGION" placeholder:"NAME" default:"us-east-1" help:"Region of the storage; by default ${default}, which storages take that have none."`
	Key        secret `env:"KEY" placeholder:"KEY" help:"Access key, which may put, get and delete objects in the bucket."`
	KeyFile    string `env:"KEY_FILE" placeholder:"PATH" help:"File that holds the access key."`
	Secret     secret `env:"SECRET" placeholder:"SECRET" help:"Secret key that belongs to the access key."`
	SecretFile string `env:"SECRET_FILE" placeholder:"PATH" help:"File that holds the secret key."`
}

type telegramSettings struct {
	Token             secret `env:"TOKEN" placeholder:"TOKEN" help:"Token of the bot, from BotFather."`
	TokenFile         string `env:"TOKEN_FILE" placeholder:"PATH" help:"File that holds the token."`
	API               string `name:"api" env:"API" placeholder:"URL" default:"https://api.telegram.org" help:"Bot API server, if you run your own; by default ${default}."`
	WebhookURL        string `env:"WEBHOOK_URL" placeholder:"URL" help:"Public address at which Telegram delivers to this program. Without it the program asks Telegram for what is new (long polling), and needs no address."`
	WebhookSecret     secret `env:"WEBHOOK_SECRET" placeholder:"SECRET" help:"Secret by which Telegram's deliveries are known, with a webhook: 1 to 256 letters, digits, _ and -."`
	WebhookSecretFile string `env:"WEBHOOK_SECRET_FILE" placeholder:"PATH" help:"File that holds the webhook secret."`
	Rate              string `env:"RATE" placeholder:"NUMBER" default:"30" help:"Messages a second over all chats together; by default ${default}, as Telegram publishes; 0 is no limit."`

	PerSecond int `kong:"-"` // Rate, once checked; 0: no limit
}

type slackSettings struct {
	BotToken          secret `env:"BOT_TOKEN" placeholder:"TOKEN" help:"Bot token of the Slack app; begins with xoxb-."`
	BotTokenFile      string `env:"BOT_TOKEN_FILE" placeholder:"PATH" help:"File that holds the bot token."`
	AppToken          secret `env:"APP_TOKEN" placeholder:"TOKEN" help:"App-level token, for Socket Mode, which needs no public address; begins with xapp-."`
	AppTokenFile      string `env:"APP_TOKEN_FILE" placeholder:"PATH" help:"File that holds the app-level token."`
	SigningSecret     secret `env:"SIGNING_SECRET" placeholder:"SECRET" help:"Signing secret, for requests from Slack over HTTP; they are taken where no app-level token is set."`
	SigningSecretFile string `env:"SIGNING_SECRET_FILE" placeholder:"PATH" help:"File that holds the signing secret."`
	API               string `name:"api" env:"API" placeholder:"URL" default:"https://slack.com/api/" help:"Slack's web API; by default ${default}."`
	Channel           string `env:"CHANNEL" placeholder:"ID" help:"Identifier of the committee's channel, such as C012AB3CD; it stands at the end of the channel's details."`
}

type mailSettings struct {
	SMTPURL     secret `name:"smtp-url" env:"GEHOOR_SMTP_URL" placeholder:"URL" help:"Mail server, such as smtp://user:password@mail.example.org:587 (STARTTLS) or smtps://user:password@mail.example.org (TLS). Append ?tls=none to send in the clear to a server that you trust the way to. Without it no letters are sent, and the files say so."`
	SMTPURLFile string `name:"smtp-url-file" env:"GEHOOR_SMTP_URL_FILE" placeholder:"PATH" help:"File that holds the mail server's URL."`
	From        string `name:"mail-from" env:"GEHOOR_MAIL_FROM" placeholder:"ADDRESS" help:"Sender of the letters, such as 'Complaints committee <complaints@example.org>'; by default the procedure's e-mail address."`
}

type webSettings struct {
	Listen    string `env:"GEHOOR_LISTEN" placeholder:"HOST:PORT" default:"127.0.0.1:8080" help:"Address for /healthz, /readyz, /metrics, the webhooks and the pages behind links; by default ${default}. Port 0 takes a free one."`
	PublicURL string `name:"public-url" env:"GEHOOR_PUBLIC_URL" placeholder:"URL" help:"Address under which the outside reaches the one above, such as https://complaints.example.org. Letters then carry a link to a page under /l/ where their reader answers. Without it they carry none."`

	Listener net.Listener `kong:"-"` // that was opened before the program, which has to know its own address; nil: none was
}

type procedureSettings struct {
	File string `name:"procedure" env:"GEHOOR_PROCEDURE" placeholder:"PATH" help:"YAML file with what differs from the built-in procedure: names, addresses, periods, roles."`

	Settings *cases.Procedure `kong:"-"` // what the file says, once checked
}

type logSettings struct {
	Level  string `env:"LEVEL" placeholder:"LEVEL" default:"info" help:"What is logged: debug, info, warn or error; by default ${default}."`
	Format string `env:"FORMAT" placeholder:"FORMAT" default:"text" help:"How: text or json; by default ${default}."`
}

// Help is what serve --help says above the settings.
func (s *settings) Help() string {
	return "Needed are a master key, the token of your Telegram bot, and of your Slack app the bot token, the app-level token and the channel. " +
		"Everything else has a default. A secret is best kept in a file, whose path is then the setting: on the command line others on the machine can see it. " +
		"A flag goes before the environment variable of the same name."
}

// Run is the command serve.
func (s *settings) Run(ctx context.Context) error {
	if err := s.check(); err != nil {
		return err
	}
	return serve(ctx, s)
}

// migrateSettings is what the command migrate wants to know.
type migrateSettings struct {
	Data dataSettings `embed:"" group:"data"`
	Log  logSettings  `embed:"" group:"log" prefix:"log-" envprefix:"GEHOOR_LOG_"`
}

// Run is the command migrate.
func (m *migrateSettings) Run(ctx context.Context) error {
	s := &settings{Data: m.Data, Log: m.Log}
	if err := s.checkDatabase(); err != nil {
		return err
	}
	return migrate(ctx, s)
}

// demoSettings is what the command demo wants to know. It has flags only: what is in the environment for serve must never
// lead the demo to a real database or a real bot.
type demoSettings struct {
	Listen   string `placeholder:"HOST:PORT" default:"127.0.0.1:8090" help:"Address of the page; by default ${default}. Port 0 takes a free one."`
	Language string `placeholder:"LANGUAGE" default:"nl" help:"Language in which the page begins, and that of the committee's channel: nl or en; by default ${default}."`
	DataDir  string `placeholder:"PATH" help:"Directory for the demo's database and key; by default demo in ~/.local/share/gehoor, for root in /var/lib/gehoor."`
	Open     string `placeholder:"WHAT" default:"none" help:"What to open once the page is there: browser or none; by default ${default}."`

	Log logSettings `embed:"" group:"log" prefix:"log-" envprefix:"GEHOOR_LOG_"`
}

// Run is the command demo.
func (d *demoSettings) Run(ctx context.Context) error {
	if err := d.check(); err != nil {
		return err
	}
	return demo(ctx, d)
}
