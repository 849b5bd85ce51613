package cases

import (
	"testing"
	"time"
)

// waiting are cases that nobody touches, begun at many moments of a year and a half.
func waiting(t *testing.T, p *Procedure, kind Kind, each func(c *Case, told []Event)) {
	t.Helper()
	for begun := at(t, "2026-11-01 00:30"); begun.Before(at(t, "2028-03-15 00:00")); begun = begun.Add(197*time.Hour + 7*time.Minute) {
		c := Submit("K-2026-0001", Complaint{Language: "nl", Answers: Words{FieldEmail: "n@example.org"}}, 7001, p, begun)
		if kind == Talk {
			c = Request("G-2026-0001", TalkRequest{Language: "nl", Telephone: "+31201234567"}, 7001, p, begun)
		}
		c.Screened = true
		c.Events()
		each(c, p.Timeline(c, Staff{}, begun, begun.AddDate(0, 2, 0)))
	}
}

// toThem are the events that tell the complainant something.
func toThem(all []Event) (told []Event) {
	for _, e := range all {
		if e.Data["to"] == toComplainant {
			told = append(told, e)
		}
	}
	return told
}

// "By then you hear from us": of each word to who waits, the next one comes on the day that it named.
func TestEachWordToWhoWaitsIsFollowedByTheNextOnTheDayThatItPromised(t *testing.T) {
	p := DefaultProcedure()
	waiting(t, p, Formal, func(c *Case, all []Event) {
		told := toThem(all)
		if len(told) < 4 {
			t.Fatalf("received %s: %d words", c.Received, len(told))
		}
		for i, e := range told[:len(told)-1] {
			next := p.In(told[i+1].At).Format(time.DateOnly)
			if e.Kind == Late && next != e.Data["until"] || e.Kind == Progressed && next > c.LastDay(p).Format(time.DateOnly) {
				t.Errorf("received %s: %s of %s promises %q, and the next word comes on %s", c.Received, e.Kind, p.In(e.At), e.Data["until"], next)
			}
		}
	})
	waiting(t, p, Talk, func(c *Case, all []Event) {
		told := toThem(all)
		for i, e := range told[:len(told)-1] {
			if next := told[i+1]; e.Kind != Progressed || p.In(next.At).Format(time.DateOnly) != p.HearsAgain(e.At).Format(time.DateOnly) {
				t.Errorf("asked for %s: after %s of %s the next word comes at %s", c.Received, e.Kind, p.In(e.At), p.In(next.At))
			}
		}
	})
}

// What the clock tells of itself comes between 8 and 21, to members between 8 and 18 on working days, whenever a case began.
func TestTheClockSpeaksAtDecentHoursAlone(t *testing.T) {
	p := DefaultProcedure()
	for _, kind := range []Kind{Formal, Talk} {
		waiting(t, p, kind, func(c *Case, all []Event) {
			for _, e := range all {
				awake := p.Awake(e.At)
				if e.Data["to"] != toComplainant {
					awake = p.AtWork(e.At)
				}
				if !awake.Equal(e.At) {
					t.Errorf("%s is told to %s at %s", e.Kind, e.Data["to"], p.In(e.At))
				}
			}
		})
	}
	for text, awake := range map[string]string{
		"2026-12-06 07:59": "2026-12-06 08:00", "2026-12-06 08:00": "2026-12-06 08:00", "2026-12-06 20:59": "2026-12-06 20:59",
		"2026-12-06 21:00": "2026-12-07 08:00", "2026-10-25 02:30": "2026-10-25 08:00", "2027-03-27 23:00": "2027-03-28 08:00",
	} {
		if got := p.Awake(at(t, text)).Format("2006-01-02 15:04"); got != awake {
			t.Errorf("at %s a complainant is awake at %s", text, got)
		}
	}
}

func TestOnlyWhatNobodyDidJustNowIsUnasked(t *testing.T) {
	for _, one := range []struct {
		e       Event
		n       Notice
		unasked bool
	}{
		{Event{Kind: Late, By: TheClock}, Notice{Kind: LateNotice, To: ByChat}, true},
		{Event{Kind: Progressed, By: TheClock}, Notice{Kind: ProgressNotice, To: ByMail}, true},
		{Event{Kind: Unreachable, By: Program}, Notice{Kind: ProgressNotice, To: ByMail}, true}, // by the way that is left
		{Event{Kind: Extended, By: TheClock}, Notice{Kind: Delay, To: ByMail}, true},
		{Event{Kind: Reminded, By: TheClock}, Notice{Kind: ApprovalRequest, To: ByMail}, true},
		{Event{Kind: Lapsed, By: TheClock}, Notice{Kind: LapseNotice, To: ByMail}, true},
		{Event{Kind: Extended, By: By("U1")}, Notice{Kind: Delay, To: ByChat}, false},
		{Event{Kind: Dispatched, By: TheClock}, Notice{Kind: Message, To: ByChat}, false}, // somebody wrote it a minute ago
		{Event{Kind: WrittenUp, By: By("U1")}, Notice{Kind: ApprovalRequest, To: ByMail}, false},
		{Event{Kind: ContactChanged, By: Complainant}, Notice{Kind: ContactNotice, To: ByMail}, false},
		{Event{Kind: Reminded, By: TheClock}, Notice{Kind: Reminder, To: ToMember("U1")}, false},
		{Event{Kind: Extended, By: TheClock}, Notice{Kind: News, To: ToRoom}, false},
	} {
		if Unasked(one.e, one.n) != one.unasked {
			t.Errorf("%s by %s, %s to %s: %v", one.e.Kind, one.e.By, one.n.Kind, one.n.To, !one.unasked)
		}
	}
}

// What waited for the morning is left out where the case went on meanwhile.
func TestWhatIsNoLongerSoIsOvertaken(t *testing.T) {
	p := DefaultProcedure()
	p.TakeBack = 0
	for _, one := range []struct {
		name      string
		kind      EventKind
		notice    NoticeKind
		do        func(c *Case, now time.Time) error
		overtaken bool
	}{
		{"a word, and nothing since", Progressed, ProgressNotice, nil, false},
		{"a word, and then a note", Progressed, ProgressNotice, func(c *Case, now time.Time) error { return c.AddNote(member, "", "a note", now) }, false},
		{"a word, and then somebody took it up", Progressed, ProgressNotice, func(c *Case, now time.Time) error { return c.Assign(chair, other, now) }, true},
		{"a word, and then it ended", Progressed, ProgressNotice, func(c *Case, now time.Time) error { return c.Withdraw("", now) }, true},
		{"late, and nothing since", Late, LateNotice, nil, false},
		{"late, and then the owner changed", Late, LateNotice, func(c *Case, now time.Time) error { return c.Assign(chair, other, now) }, false},
		{"late, and then a reason", Late, LateNotice, func(c *Case, now time.Time) error {
			return c.Extend(member, "ill", now.AddDate(0, 0, 9), p, now)
		}, true},
		{"late, and then it ended", Late, LateNotice, func(c *Case, now time.Time) error {
			return c.End(member, Closing{Outcome: Upheld, Solution: "s", Despite: "d"}, p, now)
		}, true},
		{"late, and then late again", Late, LateNotice, func(c *Case, now time.Time) error {
			c.Tick(p, Staff{}, p.at(now, 7, "18:30"))
			return nil
		}, true},
	} {
		c := complaint(at(t, "2026-11-23 10:00"), p)
		f := &File{Events: []Event{{Seq: 1, Kind: Filed}}}
		_ = c.Take(member, at(t, "2026-11-23 11:00"))
		now := at(t, "2026-11-23 11:00")
		seq := 0
		for seq == 0 {
			now = p.Next(c, Staff{}, now)
			c.Tick(p, Staff{}, now)
			for _, e := range c.Events() {
				f.Events = append(f.Events, e)
				if e.Kind == one.kind {
					seq = e.Seq
				}
			}
		}
		if one.do != nil {
			if err := one.do(c, now.Add(time.Hour)); err != nil {
				t.Fatal(one.name, err)
			}
		}
		f.Events = append(f.Events, c.Events()...)
		f.Case = *c
		for i := range f.Events {
			if f.Events[i].Seq != i+1 {
				f.Events = append(f.Events[:i], append([]Event{{Seq: i + 1}}, f.Events[i:]...)...)
			}
		}
		if got := f.Overtaken(Notice{Kind: one.notice, To: ByChat, Event: seq}, p); got != one.overtaken {
			t.Errorf("%s: overtaken %v", one.name, got)
		}
	}
}

// The reason that was given before is told on the last day, and not where the day was moved further, or the case ended, meanwhile.
func TestAForeseenReasonIsOvertakenByALaterOne(t *testing.T) {
	p := DefaultProcedure()
	c := complaint(at(t, "2026-11-23 10:00"), p)
	_ = c.Take(member, at(t, "2026-11-23 11:00"))
	if err := c.Foresee(member, "ill", at(t, "2026-12-18 12:00"), p, at(t, "2026-12-01 11:00")); err != nil {
		t.Fatal(err)
	}
	why := c.LastSeq
	c.Tick(p, Staff{}, at(t, "2026-12-07 18:00"))
	file := func() *File {
		f := &File{Case: *c, Events: make([]Event, c.LastSeq)}
		f.Events[why-1] = Event{Seq: why, Kind: ForeseenLate, Data: map[string]string{"day": "2026-12-07", "until": "2026-12-18"}}
		return f
	}
	delay := Notice{Kind: Delay, To: ByChat, Event: why}
	if !c.Explained || file().Overtaken(delay, p) {
		t.Fatal("the reason is not told on the last day")
	}
	if err := c.Extend(member, "still ill", at(t, "2027-01-08 12:00"), p, at(t, "2026-12-08 09:00")); err != nil {
		t.Fatal(err)
	}
	if !file().Overtaken(delay, p) {
		t.Error("a day that is no longer the last one is told as such")
	}
}

// Who asks what is held on them reads the reason that they were told, where it was told: with the day that moved, and not when
// somebody wrote it down.
func TestTheirDataHoldAForeseenReasonOnceItIsTold(t *testing.T) {
	f := &File{Case: Case{Number: "K-2026-0001", Kind: Formal}, Events: []Event{
		{Seq: 1, Kind: Filed}, {Seq: 2, Kind: ForeseenLate, By: By("U1"), Data: map[string]string{"day": "2026-12-06"}, Words: Words{FieldText: "ill"}},
	}}
	if all := f.Personal(DefaultProcedure()).Events; len(all) != 1 {
		t.Errorf("they read what they were not told yet: %+v", all)
	}
	f.Events = append(f.Events, Event{Seq: 3, Kind: Extended, By: TheClock, Data: map[string]string{"event": "2", "until": "2026-12-20"}},
		Event{Seq: 4, Kind: Progressed, By: TheClock, Data: map[string]string{"done": "acknowledged", "next": "owned"}})
	all := f.Personal(DefaultProcedure()).Events
	if len(all) != 3 || all[1].Kind != Extended || all[1].Words[FieldText] != "ill" || all[2].Kind != Progressed {
		t.Errorf("%+v", all)
	}
}
