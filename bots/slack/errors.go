package slack

import (
	"errors"
	"net/http"
	"slices"
	"time"

	slackgo "github.com/slack-go/slack"

	"websec.nl/gehoor/cases"
	"websec.nl/gehoor/cases/jobs"
)

// code is Slack's own word for what went wrong; empty where the error is not Slack's.
func code(err error) string {
	if refused, ok := errors.AsType[slackgo.SlackErrorResponse](err); ok {
		return refused.Err
	}
	return ""
}

func isCode(err error, codes ...string) bool { return slices.Contains(codes, code(err)) }

// What Slack says of a channel, a message or a person that is no more, or not ours; of our own rights; and of a message that
// it would never take, however often it is sent.
var (
	channelGone = []string{"channel_not_found", "is_archived", "not_in_channel", "is_inactive"}
	messageGone = []string{"message_not_found", "cant_update_message", "edit_window_closed"}
	personGone  = []string{"user_not_found", "users_not_found", "user_disabled", "user_not_visible", "cannot_dm_bot", "cannot_dm_user", "messages_tab_disabled"}
	noRights    = []string{
		"invalid_auth", "account_inactive", "token_revoked", "token_expired", "not_authed", "missing_scope", "no_permission",
		"org_login_required", "ekm_access_denied", "restricted_action",
	}
	refusedForm = []string{
		"invalid_blocks", "invalid_blocks_format", "invalid_arguments", "msg_too_long", "msg_blocks_too_long", "no_text",
		"invalid_metadata_format", "invalid_metadata_schema", "metadata_too_large",
	}
)

// delivered says to the dispatcher what an error means for what it wanted sent: wait as long as Slack says, never again, or
// again later. What an admin can mend, such as a token or an invitation to the channel, is waited for: no case may be
// forgotten over it. Whatever is not known is taken to pass.
func delivered(err error) error {
	if err == nil {
		return nil
	}
	if _, ok := errors.AsType[*jobs.RetryAfter](err); ok {
		return err
	}
	if limited, ok := errors.AsType[*slackgo.RateLimitedError](err); ok {
		return &jobs.RetryAfter{After: limited.RetryAfter, Err: err}
	}
	if status, ok := errors.AsType[slackgo.StatusCodeError](err); ok && status.Code == http.StatusTooManyRequests || isCode(err, "ratelimited", "rate_limited") {
		return &jobs.RetryAfter{After: 30 * time.Second, Err: err}
	}
	switch what := code(err); {
	case slices.Contains(personGone, what):
		return &jobs.Undeliverable{State: cases.Gone, Reason: what}
	case slices.Contains(refusedForm, what):
		return &jobs.Undeliverable{State: cases.Failed, Reason: what}
	}
	return err
}

// why says what is to be logged about an error of Slack's or of the network.
func why(err error) []any {
	all := []any{"error", err.Error()}
	if refused, ok := errors.AsType[slackgo.SlackErrorResponse](err); ok && len(refused.ResponseMetadata.Messages) > 0 {
		all = append(all, "detail", refused.ResponseMetadata.Messages)
	}
	if refused, ok := errors.AsType[slackgo.SlackErrorResponse](err); ok && refused.Needed != "" {
		all = append(all, "needed", refused.Needed)
	}
	return all
}
