package telegram

import (
	"context"

	telegram "github.com/go-telegram/bot"
	"github.com/go-telegram/bot/models"

	"websec.nl/gehoor/i18n"
)

// commands are those that Telegram's menu shows.
var commands = []struct {
	name string
	does i18n.Text
}{
	{"start", i18n.T("profile.command.start")},
	{"menu", i18n.T("profile.command.menu")},
	{"status", i18n.T("profile.command.status")},
	{"language", i18n.T("profile.command.language")},
	{"help", i18n.T("profile.command.help")},
	{"mydata", i18n.T("profile.command.mydata")},
	{"forgetme", i18n.T("profile.command.forgetme")},
	{"cancel", i18n.T("profile.command.cancel")},
}

// Name is the name of the bot at Telegram, without its @, as links to it need it; empty until Telegram has said it.
func (b *Bot) Name() string {
	if name := b.name.Load(); name != nil {
		return *name
	}
	return ""
}

// learnName asks Telegram for the name of the bot, until it says it.
func (b *Bot) learnName(ctx context.Context) {
	for n := 1; ; n++ {
		me, err := b.client.GetMe(ctx)
		if err == nil {
			b.name.Store(&me.Username)
			return
		}
		b.log.Warn("telegram does not say our name", "err", b.hush(err))
		if !pause(ctx, wait(n, asAPIError(err))) {
			return
		}
	}
}

// introduce tells Telegram what the bot can do, in each language, until it took that.
func (b *Bot) introduce(ctx context.Context) {
	b.learnName(ctx)
	for _, l := range append([]i18n.Language{""}, i18n.Languages...) {
		for n := 3; ; n++ {
			err := b.describe(ctx, l)
			if err == nil {
				break
			}
			b.log.Warn("telegram does not take our introduction", "language", l, "err", b.hush(err))
			if !pause(ctx, wait(n, asAPIError(err))) {
				return
			}
		}
	}
}

// describe sets commands and descriptions in a language; the empty one is for people who have set another.
func (b *Bot) describe(ctx context.Context, l i18n.Language) error {
	in := l
	if in == "" {
		in = i18n.English
	}
	organisation := b.store.Procedure().Organisation
	var menu []models.BotCommand
	for _, c := range commands {
		menu = append(menu, models.BotCommand{Command: c.name, Description: c.does.In(in)})
	}
	if _, err := b.client.SetMyCommands(ctx, &telegram.SetMyCommandsParams{
		Commands: menu, LanguageCode: string(l), Scope: &models.BotCommandScopeAllPrivateChats{},
	}); err != nil {
		return err
	}
	if _, err := b.client.SetMyDescription(ctx, &telegram.SetMyDescriptionParams{
		Description: i18n.T("profile.description", "organisation", organisation).In(in), LanguageCode: string(l),
	}); err != nil {
		return err
	}
	if _, err := b.client.SetMyShortDescription(ctx, &telegram.SetMyShortDescriptionParams{
		ShortDescription: i18n.T("profile.short", "organisation", organisation).In(in), LanguageCode: string(l),
	}); err != nil || l != "" {
		return err
	}
	// The button beside the field to type in is the same in all languages: it opens the commands.
	_, err := b.client.SetChatMenuButton(ctx, &telegram.SetChatMenuButtonParams{MenuButton: &models.MenuButtonCommands{Type: models.MenuButtonTypeCommands}})
	return err
}

// wanted are the kinds of updates that we understand.
var wanted = []string{"message", "edited_message", "callback_query", "my_chat_member"}

// choose sets the webhook, or takes it away so that polling works.
func (b *Bot) choose(ctx context.Context) error {
	if b.cfg.Public == "" {
		_, err := b.client.DeleteWebhook(ctx, &telegram.DeleteWebhookParams{})
		return err
	}
	_, err := b.client.SetWebhook(ctx, &telegram.SetWebhookParams{
		URL: b.cfg.Public, SecretToken: b.cfg.Secret, AllowedUpdates: wanted, MaxConnections: 100,
	})
	return err
}
