package main

import (
	"context"
	"errors"
	"io"
	"maps"
	"math"
	"net/http"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"websec.nl/gehoor/bots/playground"
	"websec.nl/gehoor/cases"
	"websec.nl/gehoor/cases/postgres"
	"websec.nl/gehoor/cases/postgrestest"
	"websec.nl/gehoor/i18n"
)

func TestSchedulesAreShownWithTheirNextTimes(t *testing.T) {
	for name, from := range map[string]string{
		"schedule-clock-goes-back.txt":    "2026-10-24 20:00",
		"schedule-clock-goes-forward.txt": "2027-03-27 20:00",
		"schedule-christmas.txt":          "2026-12-24 08:59",
	} {
		out, complaints, status := gehoor(t, nil, "schedule", "--from", from)
		if status != 0 || complaints != "" {
			t.Fatalf("%s: status %d, said %s", from, status, complaints)
		}
		golden(t, name, out)
	}
	out, _, status := gehoor(t, nil, "schedule")
	if status != 0 || strings.Count(out, time.Now().Format("2006-")) < comes {
		t.Errorf("without a moment: status %d, said %s", status, out)
	}
}

func TestSchedulesAreThoseOfTheOwnProcedure(t *testing.T) {
	out, _, status := gehoor(t, []string{"GEHOOR_PROCEDURE=" + procedureFile(t, "zone: Asia/Tokyo\nclock: {digest: 30 8 * * 1-5}\n")}, "schedule", "--from=2026-11-20 12:00")
	for _, want := range []string{"in Asia/Tokyo:", "clock.digest: 30 8 * * 1-5\n        Monday    2026-11-23 08:30 +09:00\n"} {
		if status != 0 || !strings.Contains(out, want) {
			t.Errorf("status %d, and not %q in %s", status, want, out)
		}
	}
	_, complaints, status := gehoor(t, nil, "schedule", "--procedure", procedureFile(t, "clock: {tidy: 61 * * * *}\n"))
	if status != exitSetting || !strings.Contains(complaints, `has "61 * * * *" for clock.tidy, which is no schedule`) || strings.Count(complaints, "\n") != 1 {
		t.Errorf("status %d, said %s", status, complaints)
	}
}

// Whatever the settings can say of when something runs, something runs by.
func TestEachScheduleOfTheSettingsRunsSomething(t *testing.T) {
	known := cases.DefaultProcedure().Clock.Schedules()
	used := map[string]bool{}
	for _, one := range schedules {
		if known[one.setting] == "" {
			t.Errorf("%s runs by %s, which is no setting", one.name, one.setting)
		}
		used[one.setting] = true
	}
	if !slices.Equal(slices.Sorted(maps.Keys(known)), slices.Sorted(maps.Keys(used))) {
		t.Errorf("the settings say %v, and what runs goes by %v", known, used)
	}
}

func TestWhatBelongsToItsDayIsNotMadeGoodBeforeItsOwnTime(t *testing.T) {
	zone := cases.DefaultProcedure().Location()
	ran := errors.New("ran")
	for at, want := range map[string]bool{
		"2026-11-23 03:00": false, "2026-11-23 08:59": false, "2026-11-23 09:00": true, "2026-11-23 14:00": true,
		"2026-10-25 08:59": false, "2026-10-25 09:00": true, "2027-03-28 08:59": false, "2027-03-28 09:00": true, // the clock changes that night
	} {
		now, err := time.ParseInLocation("2006-01-02 15:04", at, zone)
		if err != nil {
			t.Fatal(err)
		}
		run := onItsDay("0 9 * * *", zone, func() time.Time { return now.UTC() }, func(context.Context) error { return ran })
		if err := run(t.Context()); errors.Is(err, ran) != want {
			t.Errorf("%s: %v", at, err)
		}
	}
}

func TestTickKnowsHowLateItIs(t *testing.T) {
	pool, err := postgres.Connect(t.Context(), postgrestest.URL(t))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(pool.Close)
	if _, _, err := postgres.Migrate(t.Context(), pool.Config().ConnString()); err != nil {
		t.Fatal(err)
	}
	now := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	key, _ := postgres.NewMasterKey()
	store, err := postgres.New(pool, postgres.Config{MasterKey: key, Procedure: cases.DefaultProcedure(), Now: func() time.Time { return now }})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(store.Close)
	clerk := cases.Person{Member: "U1", Committee: true, Intake: true}
	_, err = store.WriteUp(t.Context(), postgres.Claim{}, func(number cases.Number, now time.Time) (*cases.Case, error) {
		return cases.WrittenUpBy(clerk, number, cases.WriteUpDraft{Way: cases.ByTelephone, Language: i18n.English, Answers: cases.Words{
			cases.FieldName: "Noor (invented)", cases.FieldProblem: "Nobody rang back.", cases.FieldEmail: "noor@example.org",
		}}, store.Procedure(), now)
	})
	if err != nil {
		t.Fatal(err)
	}
	var l lateness
	ticked := 0
	tick := l.measured(store, func(context.Context) error { ticked++; return nil })
	if err := tick(t.Context()); err != nil || ticked != 1 || l.seconds() != 0 || waiting(store) != 0 {
		t.Errorf("ticked %d times, %v seconds late, %v cases wait: %v", ticked, l.seconds(), waiting(store), err)
	}
	_, since, err := store.Due(t.Context())
	if err != nil || !since.IsZero() {
		t.Errorf("something waits since %s: %v", since, err)
	}
	now = now.AddDate(0, 0, 10)
	n, since, err := store.Due(t.Context())
	if err != nil || n != 1 || waiting(store) != 1 {
		t.Errorf("%d cases wait: %v", n, err)
	}
	if err := tick(t.Context()); err != nil || since.IsZero() || l.seconds() != now.Sub(since).Seconds() {
		t.Errorf("%v seconds late, and due since %s: %v", l.seconds(), since, err)
	}
	pool.Close()
	if n := waiting(store); !math.IsNaN(n) {
		t.Errorf("%v cases wait, says a database that is gone", n)
	}
	if err := tick(t.Context()); err != nil || ticked != 3 {
		t.Errorf("ticked %d times: %v", ticked, err)
	}
}

var metricLine = regexp.MustCompile(`(?m)^(gehoor_clock_\S+) (\S+)$`)

func TestProgramSaysWhatRunsByItselfAndHowTheClockGoes(t *testing.T) {
	play := playground.New(playground.Options{})
	if err := play.Start(t.Context(), "127.0.0.1:0"); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { play.Close() })
	s := startServe(t, play, postgrestest.URL(t), false)
	said, err := os.ReadFile(s.output)
	if err != nil {
		t.Fatal(err)
	}
	for _, one := range schedules {
		if !strings.Contains(string(said), `msg="runs by itself" schedule=`+one.name+" setting="+one.setting+" ") {
			t.Errorf("the log does not say that %s runs:\n%s", one.name, said)
		}
	}
	response, err := http.Get("http://" + s.address + "/metrics")
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	text, _ := io.ReadAll(response.Body)
	found := metricLine.FindAllStringSubmatch(string(text), -1)
	if len(found) != 2 {
		t.Errorf("of the clock the metrics tell %v", found)
	}
	for _, one := range found {
		if one[2] != "0" {
			t.Errorf("%s is %s in an empty database", one[1], one[2])
		}
	}
}

func TestSchedulesWithWhichPromisesCanNotBeKeptAreRefused(t *testing.T) {
	for setting, specs := range map[string]map[string]string{
		"clock.tick": {
			"0 3 * * *": "for more than an hour", "0 0 30 2 *": "for more than an hour", "* 8-18 * * *": "for more than an hour", "* * * * 1-5": "for more than an hour",
			"0 9": "is no schedule", "0 * * * *": "", "*/5 * * * *": "", "@every 10s": "", "@hourly": "",
		},
		"clock.digest": {"0 3 * * *": "at no hour", "0 18 * * *": "at no hour", "0 9 * * 6": "at no hour", "0 0 30 2 *": "at no hour", "0 8 * * *": "", "30 17 * * 1": "", "0 9 1 1-3 *": "", "@every 1h": ""},
		"clock.tidy":   {"0 0 30 2 *": "for more than a month", "0 0 1 1 *": "for more than a month", "0 3 1 * *": "", "0 3 * * 0": "", "@daily": ""},
	} {
		for spec, want := range specs {
			err := checkSchedule(cases.DefaultProcedure(), setting, spec, time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC))
			if (err == nil) != (want == "") || err != nil && !strings.Contains(err.Error(), want) {
				t.Errorf("%s %q: %v", setting, spec, err)
			}
		}
	}
	path := procedureFile(t, "clock:\n  tick: 0 3 * * *\n")
	out, _, status := gehoor(t, nil, "procedure", "check", path)
	if want := path + ":2: clock.tick: \"0 3 * * *\" has nobody told anything for more than an hour; it must come every hour at least, such as * * * * *\n"; status != exitFailed || out != want {
		t.Errorf("status %d, said %s", status, out)
	}
	if _, complaints, status := gehoor(t, nil, "schedule", "--procedure", path); status == 0 || strings.Count(complaints, "\n") != 1 || !strings.Contains(complaints, "which has nobody told anything") {
		t.Errorf("status %d, said %s", status, complaints)
	}
}

func TestSchedulesAreLookedAtFromTheDayThatIsSaid(t *testing.T) {
	for _, one := range []struct{ setting, spec, day, want string }{
		{"clock.digest", "0 9 29 2 *", "2026-11-22", "at no hour"}, // 2027 has no 29 February
		{"clock.digest", "0 9 29 2 *", "2027-11-22", ""},
		{"clock.tick", "* * 1-20 * *", "2026-11-01", "for more than an hour"}, // the days after the 20th are far off, and come
		{"clock.tick", "* * 1-20 * *", "2026-11-20", "for more than an hour"},
		{"clock.tidy", "0 3 * 1-6 *", "2027-01-01", "for more than a month"},
	} {
		now, err := time.Parse(time.DateOnly, one.day)
		if err != nil {
			t.Fatal(err)
		}
		err = checkSchedule(cases.DefaultProcedure(), one.setting, one.spec, now)
		if (err == nil) != (one.want == "") || err != nil && !strings.Contains(err.Error(), one.want) {
			t.Errorf("%s %q on %s: %v", one.setting, one.spec, one.day, err)
		}
	}
}
