package slack

import (
	"context"
	"maps"
	"slices"
	"strings"
	"time"
)

// lacking says of each scope that the manifest asks for what does not work without it.
var lacking = map[string]string{
	"channels:history": "what was posted is not found again after an answer was lost, and may come twice",
	"channels:read":    "a committee's channel that is public is not found, and who is in it is not known",
	"chat:write":       "nothing is posted",
	"commands":         "/klacht and /complaint do nothing",
	"files:read":       "no file of a member goes along with what they write",
	"files:write":      "no file is put into a room",
	"groups:history":   "what was posted in a private channel is not found again after an answer was lost, and may come twice",
	"groups:read":      "a committee's channel that is private is not found, and who is in a room is not known",
	"groups:write":     "no case gets a room",
	"im:history":       "direct messages about a case are not kept true, and not emptied for who is excluded from it",
	"im:write":         "nobody is reminded directly",
	"pins:write":       "no card is pinned",
	"usergroups:read":  "a role that is a user group is nobody's",
	"users:read":       "the people of the workspace are not known, and new cases are shown to nobody",
	"users:read.email": "a case is not kept from whom its words name by an e-mail address",
}

// missScopes warns of what does not work because the token lacks a scope of the manifest, in one line.
func (b *Bot) missScopes(has []string) {
	if len(has) == 0 { // Slack did not say
		return
	}
	var missing, without []string
	for _, scope := range slices.Sorted(maps.Keys(lacking)) {
		if !slices.Contains(has, scope) {
			missing, without = append(missing, scope), append(without, lacking[scope])
		}
	}
	if len(missing) > 0 {
		b.log.Warn("slack: the bot's token lacks scopes; add them to the app as its manifest has them, and install it anew",
			"scopes", strings.Join(missing, " "), "so", strings.Join(without, "; "))
	}
}

// introduce asks Slack who the bot is, until it says so.
func (b *Bot) introduce(ctx context.Context) {
	for wait := time.Second; ctx.Err() == nil; wait = min(2*wait, time.Minute) {
		if _, _, err := b.self(ctx); err == nil {
			return
		}
		pause(ctx, wait)
	}
}
