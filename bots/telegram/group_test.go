package telegram_test

import "testing"

func TestGroupsGetAPoliteNoOnceAndAreLeft(t *testing.T) {
	t.Parallel()
	s := newStage(t, false)
	const group = -100123
	for range 2 { // however often we are put into it
		if _, err := s.Telegram().Join(noor, group, "supergroup", "Buren (invented)"); err != nil {
			t.Fatal(err)
		}
		s.until("the group is left", func() bool { return !s.Telegram().In(group) })
	}
	var said []string
	for _, m := range s.Telegram().Messages(group) {
		if m.FromBot {
			said = append(said, m.Text)
		}
	}
	if len(said) != 1 {
		t.Errorf("said in the group: %q", said)
	}
	if v := s.Violations(); len(v) > 0 {
		t.Error(v)
	}
}

func TestAChannelIsLeftWithoutAWord(t *testing.T) {
	t.Parallel()
	s := newStage(t, false)
	const channel = -100456
	if _, err := s.Telegram().Join(noor, channel, "channel", "Nieuws (invented)"); err != nil {
		t.Fatal(err)
	}
	s.until("the channel is left", func() bool { return !s.Telegram().In(channel) })
	if all := s.Telegram().Messages(channel); len(all) != 0 {
		t.Errorf("said to all its readers: %+v", all)
	}
}
