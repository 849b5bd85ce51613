package playground

import (
	"context"
	"fmt"
	"slices"
)

// snapshot copies a channel, for who looks at it without the lock.
func (c *channel) snapshot() Channel {
	copied := c.Channel
	copied.Members = slices.Clone(c.Members)
	copied.Messages = make([]SlackMessage, len(c.messages))
	for i, m := range c.messages {
		copied.Messages[i] = *m
	}
	return copied
}

// Channel returns a channel by its name or ID, as it is now.
func (s *Slack) Channel(name string) (Channel, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	c := s.byName(name)
	if c == nil {
		return Channel{}, false
	}
	return c.snapshot(), true
}

// Channels returns all channels and direct conversations, oldest first.
func (s *Slack) Channels() []Channel {
	s.mu.Lock()
	defer s.mu.Unlock()
	list := make([]Channel, 0, len(s.order))
	for _, id := range s.order {
		list = append(list, s.channels[id].snapshot())
	}
	return list
}

// Direct returns the bot's direct conversation with a member.
func (s *Slack) Direct(member string) Channel {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.direct(member).snapshot()
}

// Members returns the members of the workspace.
func (s *Slack) Members() []Member {
	s.mu.Lock()
	defer s.mu.Unlock()
	list := make([]Member, len(s.members))
	for i, m := range s.members {
		list[i] = *m
	}
	return list
}

// Wait returns once ok says yes, or with the context's cause when that ends first. ok may ask the stand-in anything.
func (s *Slack) Wait(ctx context.Context, ok func() bool) error {
	return s.changed.until(ctx, ok)
}

// WaitMessage waits for a message in a channel (by name or ID) that ok accepts, and returns the newest such.
func (s *Slack) WaitMessage(ctx context.Context, channel string, ok func(SlackMessage) bool) (SlackMessage, error) {
	var found SlackMessage
	err := s.Wait(ctx, func() bool {
		c, _ := s.Channel(channel)
		for _, m := range slices.Backward(c.Messages) {
			if ok(m) {
				found = m
				return true
			}
		}
		return false
	})
	if err != nil {
		return SlackMessage{}, fmt.Errorf("wait for a message in %s: %w", channel, err)
	}
	return found, nil
}

// WaitView waits for the top view of a member to be one that ok accepts, and returns it.
func (s *Slack) WaitView(ctx context.Context, member string, ok func(View) bool) (View, error) {
	var found View
	err := s.Wait(ctx, func() bool {
		stack := s.Views(member)
		if len(stack) == 0 || !ok(stack[len(stack)-1]) {
			return false
		}
		found = stack[len(stack)-1]
		return true
	})
	if err != nil {
		return View{}, fmt.Errorf("wait for a view of %s: %w", member, err)
	}
	return found, nil
}

// Fail lets a function say, call by call of the Web API, what goes wrong; nil from it: nothing. A nil function: nothing ever.
func (s *Slack) Fail(f func(method string, args SlackArgs) *Failure) {
	if f == nil {
		s.fail.Store(nil)
		return
	}
	s.fail.Store(&f)
}

// TooManyRequests counts how often the rates were kept with a 429 (those of Fail not included).
func (s *Slack) TooManyRequests() int { return int(s.refusals.Load()) }

// Calls counts the calls of the Web API.
func (s *Slack) Calls() int { return int(s.calls.Load()) }
