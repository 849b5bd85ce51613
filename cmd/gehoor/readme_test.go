package main

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"websec.nl/gehoor/cases"
)

var numerals = []string{"no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"}

// What the README promises is what the settings say.
func TestReadmePromisesWhatTheProcedureDoes(t *testing.T) {
	readme, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	p := cases.DefaultProcedure()
	clock := p.Clock
	hour := func(at string) string { return strings.TrimPrefix(strings.TrimSuffix(at, ":00"), "0") }
	var days []string
	for _, n := range clock.Reminders {
		days = append(days, numerals[n])
	}
	last := len(days) - 1
	for _, promise := range []string{
		fmt.Sprintf("within %s weeks the complainant has an answer", numerals[p.Period/7]),
		fmt.Sprintf("%s and %s day before the last day", strings.Join(days[:last], ", "), days[last]),
		fmt.Sprintf("%s working days later", numerals[clock.Explain]),
		fmt.Sprintf("between %s and %s, complainants", hour(clock.WorkFrom), hour(clock.WorkUntil)),
		fmt.Sprintf("between %s and %s. Each is told once", hour(clock.TellFrom), hour(clock.TellUntil)),
		"six o'clock in the evening of the last day",
		"within a working day",
	} {
		if !strings.Contains(strings.Join(strings.Fields(string(readme)), " "), promise) {
			t.Errorf("the README does not promise: %s", promise)
		}
	}
	if clock.TellLate != "18:00" || clock.Owned != 1 || p.Period%7 != 0 {
		t.Error("the README promises another time than the settings say")
	}
	for _, setting := range settingNames(string(readme)) {
		if !strings.Contains(helpText(t), setting) {
			t.Errorf("the README names %s, which serve --help does not know", setting)
		}
	}
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
