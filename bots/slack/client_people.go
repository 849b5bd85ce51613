package slack

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	slackgo "github.com/slack-go/slack"
)

// profile is what the bot needs to know of a member.
type profile struct {
	ID           string
	Name, Locale string
	Names        []string // all that they are called: names, handle, e-mail address
	Bot, Gone    bool
}

// slackbot is Slack's own, which the lists of people show as if it were one.
const slackbot = "USLACKBOT"

func profileOf(u slackgo.User) profile {
	p := profile{ID: u.ID, Name: u.Profile.DisplayName, Locale: u.Locale, Bot: u.IsBot || u.ID == slackbot, Gone: u.Deleted}
	for _, name := range []string{
		u.Profile.RealName, u.Profile.DisplayName, u.RealName, u.Profile.RealNameNormalized, u.Profile.DisplayNameNormalized,
		u.Profile.FirstName + " " + u.Profile.LastName, u.Name, u.Profile.Email,
	} {
		if name = strings.TrimSpace(name); name != "" && !slices.Contains(p.Names, name) {
			p.Names = append(p.Names, name)
		}
	}
	p.Name = cmp.Or(p.Name, u.RealName, u.Profile.RealName, u.Name)
	return p
}

func (c *client) profile(ctx context.Context, member string) (profile, error) {
	u, err := c.api.GetUserInfoContext(ctx, member)
	if err != nil {
		return profile{}, fmt.Errorf("ask about a member: %w", err)
	}
	return profileOf(*u), nil
}

// peoplePage is how many people Slack is asked for at once; it advises some hundreds at most.
const peoplePage = 500

// people lists everybody in the workspace, who is deactivated too.
func (c *client) people(ctx context.Context) (all []profile, err error) {
	for page := c.api.GetUsersPaginated(slackgo.GetUsersOptionLimit(peoplePage)); ; {
		if err := c.pace.call(ctx, c.turn, "users.list"); err != nil {
			return nil, err
		}
		asking, cancel := context.WithTimeout(ctx, callTimeout)
		page, err = page.Next(asking)
		cancel()
		if page.Done(err) {
			return all, nil
		}
		if limited, ok := errors.AsType[*slackgo.RateLimitedError](err); ok {
			pause(ctx, limited.RetryAfter)
			if err = ctx.Err(); err == nil {
				continue
			}
		}
		if err != nil {
			return nil, fmt.Errorf("list the people of the workspace: %w", err)
		}
		for _, u := range page.Users {
			all = append(all, profileOf(u))
		}
	}
}

// group lists who is in a user group at this moment.
func (c *client) group(ctx context.Context, id string) ([]string, error) {
	all, err := c.api.GetUserGroupMembersContext(ctx, id)
	if err != nil {
		return nil, fmt.Errorf("ask who is in a user group: %w", err)
	}
	return all, nil
}
