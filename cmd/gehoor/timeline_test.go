package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

func TestTimelineIsShownDayByDay(t *testing.T) {
	for name, args := range map[string][]string{
		"timeline-before-christmas.txt":    {"--filed", "2026-12-18 16:45", "--language", "en"},
		"timeline-no-such-time.txt":        {"--filed", "2027-03-28 02:30", "--until", "2027-04-02", "--language", "en"},
		"timeline-time-that-is-twice.txt":  {"--filed", "2026-10-25T02:30", "--until", "2026-10-29"},
		"timeline-second-of-the-times.txt": {"--filed", "2026-10-25 02:30 +01:00", "--until", "2026-10-29"},
	} {
		out, complaints, status := gehoor(t, nil, append([]string{"timeline"}, args...)...)
		if status != 0 || complaints != "" {
			t.Fatalf("%s: status %d, said %s", name, status, complaints)
		}
		golden(t, name, out)
		for line := range strings.SplitSeq(out, "\n") {
			if n := len([]rune(line)); n > 80 || line != strings.TrimRight(line, " ") {
				t.Errorf("%s: a line of %d characters: %q", name, n, line)
			}
		}
		if again, _, _ := gehoor(t, nil, append([]string{"timeline"}, args...)...); again != out {
			t.Errorf("%s: another time it says otherwise", name)
		}
	}
}

func TestTimelineIsThatOfTheOwnProcedure(t *testing.T) {
	path := procedureFile(t, "period: 21\nholidays: [2026-11-25]\ncommittee: {chair: U1, deputy: U2}\n")
	out, _, status := gehoor(t, []string{"GEHOOR_PROCEDURE=" + path}, "timeline", "--filed=2026-11-10 10:20", "--language=en", "--until=2026-12-02")
	for _, want := range []string{"Deadline: Tuesday 1 December 2026.", "Wednesday 25 November: own day off\n", "Tuesday 1 December, deadline\n"} {
		if status != 0 || !strings.Contains(out, want) {
			t.Errorf("status %d, and not %q in:\n%s", status, want, out)
		}
	}
	if strings.Contains(out, "The settings name no") {
		t.Errorf("somebody is said to be missing:\n%s", out)
	}
}

func TestTimelineThatIsAskedForWronglyIsOneLine(t *testing.T) {
	for _, one := range []struct {
		args []string
		want string
	}{
		{nil, "missing flags: --filed=MOMENT"},
		{[]string{"--filed=tomorrow"}, `--filed is "tomorrow", which is no moment`},
		{[]string{"--filed=2026-02-30 10:00"}, `--filed is "2026-02-30 10:00", which is no moment`},
		{[]string{"--filed=1026-02-20 10:00"}, "--filed is in the year 1026"},
		{[]string{"--filed=2026-02-20 10:00", "--until=Friday"}, `--until is "Friday", which is no day`},
		{[]string{"--filed=2026-02-20 10:00", "--until=2026-02-19"}, "--until is 2026-02-19; it must lie between"},
		{[]string{"--filed=2026-02-20 10:00", "--until=2027-03-08"}, "--until is 2027-03-08; it must lie between"},
		{[]string{"--filed=2026-02-20 10:00", "--language=de"}, `--language is "de"`},
		{[]string{"--filed=2026-02-20 10:00", "--procedure=/nowhere.yaml"}, "GEHOOR_PROCEDURE (--procedure) can't be read"},
	} {
		out, complaints, status := gehoor(t, nil, append([]string{"timeline"}, one.args...)...)
		if status != exitSetting || out != "" || !strings.HasPrefix(complaints, "gehoor: "+one.want) || strings.Count(complaints, "\n") != 1 {
			t.Errorf("%v: status %d, said %s%s", one.args, status, out, complaints)
		}
	}
	_, complaints, status := gehoor(t, nil, "timeline", "--filed=2026-02-20 10:00", "--svg=/nowhere/case.svg")
	if status != exitFailed || !strings.HasPrefix(complaints, "gehoor: draw the timeline: ") || strings.Count(complaints, "\n") != 1 {
		t.Errorf("status %d, said %s", status, complaints)
	}
}

// readmePicture is how the picture in the README is drawn.
var readmePicture = []string{"timeline", "--filed=2026-11-10 10:20", "--until=2026-11-27", "--language=en", "--procedure"}

func TestPictureInTheReadmeIsTheOneThatTheProgramDraws(t *testing.T) {
	const kept = "../../docs/timeline.svg"
	path := filepath.Join(t.TempDir(), "case.svg")
	procedure := procedureFile(t, "committee: {chair: U1, deputy: U2}\n")
	out, complaints, status := gehoor(t, nil, append(readmePicture, procedure, "--svg", path)...)
	if status != 0 || out != "" || complaints != "" {
		t.Fatalf("status %d, said %s%s", status, out, complaints)
	}
	got, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if *update {
		if err := os.WriteFile(kept, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(kept)
	if err != nil {
		t.Fatal(err)
	}
	if string(got) != string(want) {
		t.Errorf("docs/timeline.svg is another picture (run with -update if this one is right)")
	}
}

// What is drawn stays within the picture, on a wide screen and on a telephone, in the fonts that this machine has.
func TestWordsOfThePictureStayWithinIt(t *testing.T) {
	pictures, err := filepath.Glob("../../bots/timeline/testdata/*.svg")
	if err != nil || len(pictures) == 0 {
		t.Fatal(pictures, err)
	}
	browser := browse(t, 1280, 900)
	for _, picture := range append(pictures, "../../docs/timeline.svg") {
		path, err := filepath.Abs(picture)
		if err != nil {
			t.Fatal(err)
		}
		for _, width := range []int64{1280, 390} {
			if err := chromedp.Do(browser, chromedp.EmulateViewport(width, 900), chromedp.Navigate("file://"+path)); err != nil {
				t.Fatal(err)
			}
			over, err := chromedp.Run(browser, chromedp.Evaluate[[]string](`
				[...document.querySelectorAll("text")].filter(t => {
					const b = t.getBBox(), v = document.documentElement.viewBox.baseVal;
					return b.x < 0 || b.x + b.width > v.width || b.y + b.height > v.height;
				}).map(t => t.textContent)`))
			if err != nil || len(over) > 0 {
				t.Errorf("%s at %d pixels: %v does not fit: %v", picture, width, over, err)
			}
		}
	}
}
