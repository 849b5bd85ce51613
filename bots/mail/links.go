package mail

import (
	"context"
	"strings"

	"websec.nl/gehoor/cases"
	"websec.nl/gehoor/cases/postgres"
)

// Links are the addresses that a letter leads to. They hold a token that is known to nobody but who reads the letter; where
// both are empty, the letter asks for an answer by e-mail or telephone instead.
type Links struct {
	Page string // a page of ours
	Chat string // the chat
}

// opens says which letters lead somewhere, and what for.
var opens = map[cases.NoticeKind]postgres.LinkPurpose{
	cases.ApprovalRequest: postgres.LinkApproval,
	cases.Invitation:      postgres.LinkAccount,
	cases.PartyProposal:   postgres.LinkAnswer,
	cases.Proposal:        postgres.LinkAnswer,
}

// links makes the links of a letter, each time it is composed: the store keeps no token that could be written once more.
func (b *Bot) links(ctx context.Context, f *cases.File, n cases.Notice) (made Links, err error) {
	purpose := opens[n.Kind]
	chat := ""
	if b.telegram != nil && purpose == postgres.LinkApproval {
		chat = b.telegram()
	}
	if !leads(f, n) || b.public == "" && chat == "" {
		return Links{}, nil
	}
	party, _ := n.To.Party()
	token, err := b.store.MakeLink(ctx, f.Case.Number, purpose, party)
	if err != nil {
		return Links{}, err
	}
	if b.public != "" {
		made.Page = strings.TrimRight(b.public, "/") + "/l/" + token
	}
	if chat != "" {
		made.Chat = "https://t.me/" + chat + "?start=" + token
	}
	return made, nil
}

// leads says whether a letter leads somewhere. A proposal is answered in the chat, where there is one.
func leads(f *cases.File, n cases.Notice) bool {
	_, opened := opens[n.Kind]
	return opened && (n.Kind != cases.Proposal || f.Case.Chat == 0 || f.Case.ChatGone)
}

// NoticeText is how the letter reads that a notice will be, before it is one: the last part of an address is known only then. It is
// not ok for what is no letter.
func (b *Bot) NoticeText(f *cases.File, n cases.Notice, p *cases.Procedure) (text string, ok bool) {
	var links Links
	if leads(f, n) && b.public != "" {
		links.Page = strings.TrimRight(b.public, "/") + "/l/…"
	}
	letter, ok := Compose(f, n, p, links)
	if !ok {
		return "", false
	}
	return letter.Preview(), true
}
