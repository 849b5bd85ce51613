package main

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"websec.nl/gehoor/cases"
)

var numerals = []string{"no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"}

// What the README promises is what the settings say.
func TestReadmePromisesWhatTheProcedureDoes(t *testing.T) {
	text, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	readme := strings.Join(strings.Fields(string(text)), " ")
	p := cases.DefaultProcedure()
	clock := p.Clock
	hour := func(at string) string { return strings.TrimPrefix(strings.TrimSuffix(at, ":00"), "0") }
	for _, promise := range []string{
		fmt.Sprintf("within %s weeks the complainant has an answer", numerals[p.Period/7]),
		fmt.Sprintf("between %s and %s, complainants", hour(clock.WorkFrom), hour(clock.WorkUntil)),
		fmt.Sprintf("between %s and %s. What is due", hour(clock.TellFrom), hour(clock.TellUntil)),
		fmt.Sprintf("**On the last day**, at %s,", clock.TellLate),
		fmt.Sprintf("in at most %d messages a day", clock.Most),
		fmt.Sprintf("when nothing follows for %d working days", clock.Minded),
	} {
		if !strings.Contains(readme, promise) {
			t.Errorf("the README does not promise: %s", promise)
		}
	}
	if p.Period%7 != 0 || clock.Digest != "0 9 * * *" || !strings.Contains(readme, "At 9 on working days the channel") {
		t.Error("the README promises another time than the settings say")
	}
	for _, setting := range settingNames(readme) {
		if !strings.Contains(helpText(t), setting) {
			t.Errorf("the README names %s, which serve --help does not know", setting)
		}
	}
}

// dueAs says how the README names the day of a milestone, where it is not just so many days from receipt.
var dueAs = map[cases.Milestone]string{
	cases.MilestoneForeseen:  "%s before the last day",
	cases.MilestoneExplained: "%s after they were told that it is late",
	cases.MilestoneProgress:  "%s after the last word",
	cases.MilestoneCovered:   "%s away, or for good",
}

func TestReadmeListsTheMilestonesAsTheyAre(t *testing.T) {
	text, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	p := cases.DefaultProcedure()
	for _, m := range cases.Milestones {
		rule := p.Rule(m)
		if rule.Days == "" {
			continue // it has no rule of its own
		}
		due := number(rule.Within, rule.Days)
		switch as := dueAs[m]; {
		case as != "":
			due = fmt.Sprintf(as, due)
		case m == cases.MilestoneDecided:
			due = fmt.Sprintf("%d days, the last one whole", p.Period)
		case m == cases.MilestoneMeasured:
			due = "its own day"
		case rule.Within == 0:
			due = "at once"
		}
		want := fmt.Sprintf(" | %s | %s | %s |", due, reminded(rule), chain(rule))
		_, after, found := strings.Cut(string(text), fmt.Sprintf("| `%s` | ", m))
		if row, _, _ := strings.Cut(after, "\n"); !found || !strings.HasSuffix(row, want) {
			t.Errorf("the README does not say of %s:%s; it says %s", m, want, row)
		}
	}
}

// number is how many days there are, and of which kind.
func number(n int, days string) string {
	words := map[string]string{cases.WorkingDays: "working day", cases.CalendarDays: "day"}[days]
	if n != 1 {
		words += "s"
	}
	return fmt.Sprintf("%d %s", n, words)
}

// reminded says when somebody is reminded of a milestone.
func reminded(rule cases.MilestoneRule) string {
	var said, before []string
	for _, n := range rule.Remind {
		if n > 0 {
			before = append(before, fmt.Sprint(n))
		}
	}
	if len(before) > 0 {
		_, kind, _ := strings.Cut(number(2, rule.Days), " ")
		said = append(said, strings.Join(before, " and ")+" "+kind+" before")
	}
	if slices.Contains(rule.Remind, 0) {
		said = append(said, "when due")
	}
	if rule.Again > 0 {
		said = append(said, "every "+strings.TrimPrefix(number(rule.Again, rule.Days), "1 "))
		if rule.Most > 0 {
			said = append(said, fmt.Sprintf("at most %d times", rule.Most))
		}
	}
	if len(said) == 0 {
		return "never: the program tells them how it stands"
	}
	return strings.Join(said, ", ")
}

// chain says who is reminded of a milestone.
func chain(rule cases.MilestoneRule) string {
	var who []string
	for _, link := range rule.Chain {
		who = append(who, string(link))
	}
	if len(who) == 0 {
		return "nobody"
	}
	return strings.Join(who, ", ")
}

// settingNames are the environment variables that a text speaks of.
func settingNames(text string) (names []string) {
	for _, word := range strings.FieldsFunc(text, func(r rune) bool { return r != '_' && (r < 'A' || r > 'Z') }) {
		if strings.HasPrefix(word, prefix) {
			names = append(names, word)
		}
	}
	return names
}

func helpText(t *testing.T) string {
	t.Helper()
	out, complaints, status := gehoor(t, nil, "serve", "--help")
	if status != 0 {
		t.Fatalf("serve --help ended with %d: %s", status, complaints)
	}
	return out
}
