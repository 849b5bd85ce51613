package postgres_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"websec.nl/gehoor/cases"
	"websec.nl/gehoor/cases/postgres"
)

// reminding is what waits on the lane of the reminders to a member, in order.
func (h *house) reminding(t testing.TB, who cases.Person) (all []postgres.Outgoing) {
	t.Helper()
	for _, o := range h.waiting(t) {
		if o.Lane == postgres.LaneSlack+string(who.Member)+"/reminders" {
			all = append(all, o)
		}
	}
	return all
}

// remind sends all that waits for a member in one message, as their face does, and says of which cases it was; none where they
// are to wait.
func (h *house) remind(t testing.TB, who cases.Person) (of string, wait time.Time) {
	t.Helper()
	waiting := h.reminding(t, who)
	if len(waiting) == 0 {
		return "", time.Time{}
	}
	first := waiting[0]
	all, wait, err := h.Reminders(t.Context(), first)
	if err != nil || !wait.IsZero() {
		return "", wait
	}
	var ids []int64
	for _, o := range all[1:] {
		ids = append(ids, o.ID)
	}
	if err := h.SentAlong(t.Context(), first, ids, cases.Sent, ""); err != nil {
		t.Fatal(err)
	}
	if err := h.Settle(t.Context(), []postgres.Result{{Out: first, State: cases.Sent}}); err != nil {
		t.Fatal(err)
	}
	return strings.Join(slices.Compact(slices.Sorted(func(yield func(string) bool) {
		for _, o := range all {
			if !yield(string(o.Number)) {
				return
			}
		}
	})), " "), time.Time{}
}

func TestAfterANightOffOneMessageTellsAMemberOfAllTheirCases(t *testing.T) {
	h := newHouse(t)
	var all []string
	for chat := range int64(4) {
		number := h.file(t, 7001+chat)
		h.take(t, number, ann)
		all = append(all, string(number))
	}
	h.now = time.Date(2026, 12, 2, 8, 0, 0, 0, time.UTC) // after more than a week
	h.tick(t)
	waiting := h.reminding(t, ann)
	if len(waiting) < 4 {
		t.Fatalf("%d reminders wait", len(waiting))
	}
	if got, _ := h.remind(t, ann); got != strings.Join(all, " ") {
		t.Errorf("one message tells of %s", got)
	}
	if left := h.reminding(t, ann); len(left) != 0 {
		t.Errorf("%d reminders are left", len(left))
	}
	for _, o := range waiting { // who sends has them in memory still
		if again, wait, err := h.Reminders(t.Context(), o); len(again) != 0 || !wait.IsZero() || err != nil {
			t.Errorf("%s would be told again: %v, %v, %v", o.Number, again, wait, err)
		}
	}
}

func TestReminderOfACaseThatTheMemberMayNotSeeDoesNotGoAlong(t *testing.T) {
	h := newHouse(t)
	first, second, third := h.file(t, 7001), h.file(t, 7002), h.file(t, 7003)
	for _, number := range []cases.Number{first, second, third} {
		h.take(t, number, ann)
	}
	h.now = monday
	h.tick(t)
	h.change(t, second, func(c *cases.Case, now time.Time) error { return c.Recuse(ann, "", h.Procedure(), now) })
	if got, _ := h.remind(t, ann); got != string(first)+" "+string(third) {
		t.Errorf("told of %s", got)
	}
}

// flood has a new case remind ann of something at this moment.
func (h *house) flood(t testing.TB, chat int64) {
	t.Helper()
	now := h.now
	h.now = now.AddDate(0, 0, -9)
	number := h.file(t, chat)
	h.take(t, number, ann)
	h.now = now
	for n := 1; n > 0; {
		var err error
		if n, err = h.Tick(t.Context(), 10); err != nil {
			t.Fatal(err)
		}
	}
}

func TestWhatIsMoreThanAMemberGetsOnADayWaitsForTheNextMorning(t *testing.T) {
	for name, one := range map[string]struct {
		settings string
		today    time.Time
		until    string
	}{
		"with the overview":              {"clock:\n  most: 3\n", monday, "01/12 09:00"},
		"after the weekend":              {"clock:\n  most: 3\n", monday.AddDate(0, 0, 4), "07/12 09:00"},
		"the overview comes later":       {"clock:\n  most: 3\n  digest: \"30 10 * * *\"\n", monday, "01/12 10:30"},
		"the overview comes on Fridays":  {"clock:\n  most: 3\n  digest: \"0 12 * * 5\"\n", monday, "01/12 09:00"},
		"the overview comes at night":    {"clock:\n  most: 3\n  digest: \"0 3 * * *\"\n", monday, "01/12 09:00"},
		"work begins after nine o'clock": {"clock:\n  most: 3\n  digest: \"0 3 * * *\"\n  work_from: \"10:00\"\n", monday, "01/12 10:00"},
	} {
		t.Run(name, func(t *testing.T) {
			h := newHouse(t)
			h.Store = h.under(t, settings(t, one.settings), nil)
			h.now = one.today
			for n := range int64(3) {
				h.flood(t, 7001+n)
				h.flood(t, 7021+n)
				if got, wait := h.remind(t, ann); got == "" {
					t.Fatalf("message %d waits until %s", n+1, wait)
				}
			}
			for n := range int64(2) {
				h.flood(t, 7011+n)
				if got, wait := h.remind(t, ann); got != "" || h.Procedure().In(wait).Format("02/01 15:04") != one.until {
					t.Fatalf("told of %q, and the rest waits until %s", got, h.Procedure().In(wait))
				} else if n == 1 {
					h.now = wait
				}
			}
			if got, wait := h.remind(t, ann); strings.Count(got, "K-") < 2 {
				t.Errorf("in the morning %q, waits until %s", got, wait)
			}
		})
	}
}

func TestReminderThatIsStillThereInTheEveningWaitsUntilWorkBegins(t *testing.T) {
	h := newHouse(t)
	h.now = time.Date(2026, 12, 4, 16, 59, 0, 0, time.UTC) // Friday, a minute before six
	h.flood(t, 7001)
	h.now = h.now.Add(time.Minute)
	if got, wait := h.remind(t, ann); got != "" || h.Procedure().In(wait).Format("02/01 15:04") != "07/12 08:00" {
		t.Errorf("told of %q, waits until %s", got, h.Procedure().In(wait))
	}
}

func TestRemindersToTheChannelHoldUpNothingElseOfTheirCase(t *testing.T) {
	h := newHouse(t)
	number := h.file(t, 7001)
	h.screen(t, number)
	h.now = monday
	h.tick(t)
	n := 0
	for _, o := range h.waiting(t) {
		if o.Notice.Kind == cases.Reminder {
			if n++; o.Lane != postgres.LaneSlack+string(number)+"/reminders" {
				t.Errorf("a reminder waits on %s", o.Lane)
			}
		}
	}
	if n == 0 {
		t.Error("nobody is reminded")
	}
}

func TestReminderThatIsNoLongerSoIsSettledWithTheOthersAndIsNoMessage(t *testing.T) {
	h := newHouse(t)
	h.Store = h.under(t, settings(t, "clock:\n  most: 1\n"), nil)
	h.now = monday
	h.flood(t, 7001)
	h.flood(t, 7002)
	waiting := h.reminding(t, ann)
	first := waiting[0]
	var rest []int64
	for _, o := range waiting {
		rest = append(rest, o.ID)
	}
	if err := h.SentAlong(t.Context(), first, rest, cases.NotSent, postgres.Overtaken); err != nil {
		t.Fatal(err)
	}
	if left := h.reminding(t, ann); len(left) != 1 || left[0].ID != first.ID {
		t.Fatalf("left are %v", left)
	}
	if err := h.Settle(t.Context(), []postgres.Result{{Out: first, State: cases.NotSent, Reason: postgres.Overtaken}}); err != nil {
		t.Fatal(err)
	}
	h.flood(t, 7003)
	if got, wait := h.remind(t, ann); got == "" {
		t.Errorf("what was not sent counts as a message of the day: wait until %s", wait)
	}
	h.flood(t, 7004)
	if got, wait := h.remind(t, ann); got != "" || wait.IsZero() {
		t.Errorf("told of %q beyond the most of a day", got)
	}
}
