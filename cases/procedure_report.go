package cases

import (
	"cmp"
	"fmt"
	"reflect"
	"slices"
	"strings"

	"websec.nl/gehoor/i18n"
)

// Finding is something that is wrong in a procedure file, or that is to be looked at.
type Finding struct {
	Line    int    // of the file, from 1; 0: of no line in particular
	Setting string // such as clock.tick or questions.invoice.ask.nl; empty: the file as a whole
	What    string // what is wrong; what would be right
	Warning bool   // the procedure can be carried out all the same
}

// String says the finding without its line.
func (f Finding) String() string {
	if f.Setting == "" {
		return f.What
	}
	return f.Setting + ": " + f.What
}

// report gathers what is found.
type report struct {
	lines  map[string]int // of the file, by the setting
	found  []Finding
	unread []string // settings that could not be read: what is in them is not known
}

// add keeps a finding. Of a setting the first is kept: what is found after it follows from it, as a rule.
func (r *report) add(line int, setting, format string, args ...any) {
	if setting != "" && slices.ContainsFunc(r.found, func(f Finding) bool { return f.Setting == setting && !f.Warning }) ||
		slices.ContainsFunc(r.unread, func(unread string) bool { return strings.HasPrefix(setting, unread+".") }) {
		return
	}
	r.found = append(r.found, Finding{Line: line, Setting: setting, What: fmt.Sprintf(format, args...)})
}

// place is a setting that there is something to say about, and its line.
type place struct {
	report  *report
	setting string
	line    int
}

// at is the place of a setting. Where it does not stand in the file, its line is that of one of the others, which it does not
// go together with, or else of what it would stand in, or of the whole.
func (r *report) at(setting string, others ...string) place {
	for _, candidate := range append([]string{setting}, others...) {
		if line, stands := r.lines[candidate]; stands {
			return place{r, setting, line}
		}
	}
	for above := setting; above != ""; {
		above = above[:max(strings.LastIndexAny(above, ".["), 0)]
		if line, stands := r.lines[above]; stands {
			return place{r, setting, line}
		}
	}
	return place{r, setting, r.lines[""]}
}

func (p place) wrong(format string, args ...any) { p.report.add(p.line, p.setting, format, args...) }

// doubt is a finding that nothing stops for.
func (p place) doubt(format string, args ...any) {
	p.report.found = append(p.report.found, Finding{p.line, p.setting, fmt.Sprintf(format, args...), true})
}

// all is what was found, in the order of the file.
func (r *report) all() []Finding {
	slices.SortStableFunc(r.found, func(a, b Finding) int { return cmp.Or(cmp.Compare(a.Line, b.Line), cmp.Compare(a.Setting, b.Setting)) })
	return r.found
}

// right says whether nothing is wrong.
func (r *report) right() bool {
	return !slices.ContainsFunc(r.found, func(f Finding) bool { return !f.Warning })
}

// below is the name of a setting within another.
func below(at, name string) string {
	if at == "" {
		return name
	}
	return at + "." + name
}

// elements are the names of what stands in a list: by their identifiers, where each has its own, and otherwise by their
// places, from 1.
func elements(at string, ids []string) []string {
	names := make([]string, len(ids))
	for i, id := range ids {
		if names[i] = below(at, id); id == "" || slices.Contains(ids[:i], id) {
			names[i] = fmt.Sprintf("%s[%d]", at, i+1)
		}
	}
	return names
}

// languages lists our languages, with a word before the last.
func languages(word string) string {
	names := make([]string, len(i18n.Languages))
	for i, l := range i18n.Languages {
		names[i] = string(l)
	}
	return list(names, word)
}

// list says a few words one after the other, with a word before the last.
func list[T ~string](all []T, word string) string {
	var b strings.Builder
	for i, one := range all {
		switch {
		case i > 0 && i == len(all)-1:
			b.WriteString(" " + word + " ")
		case i > 0:
			b.WriteString(", ")
		}
		b.WriteString(string(one))
	}
	return b.String()
}

// meant says which setting an unknown name may be meant for: one of about the same letters, one of the same name elsewhere,
// or one of those that may stand there.
func meant(name, at string, here reflect.Type) string {
	if now, stood := formerly[below(at, name)]; stood {
		return now + ", where it stands now"
	}
	names := namesOf(here)
	if near, ok := nearest(name, names); ok {
		return near + ", if that is what it means"
	}
	for _, setting := range settingsOf("", reflect.TypeFor[Procedure]()) {
		if last := setting[strings.LastIndex(setting, ".")+1:]; last == name {
			return setting + ", if that is what it means"
		}
	}
	return "one of " + list(names, "or")
}

// formerly are settings that earlier programs had, by where they stand now.
var formerly = map[string]string{
	"clock.owned": "milestones.owned.within", "clock.reminders": "milestones.decided.remind", "clock.explain": "milestones.explained.within",
	"approval": "milestones.approved",
}

// settingsOf are the names of all settings but those in lists.
func settingsOf(at string, t reflect.Type) (all []string) {
	for i := range t.NumField() {
		name, _, _ := strings.Cut(t.Field(i).Tag.Get("yaml"), ",")
		switch field := t.Field(i).Type; {
		case name == "" || name == "-":
		case field.Kind() == reflect.Struct:
			all = append(all, settingsOf(below(at, name), field)...)
		default:
			all = append(all, below(at, name))
		}
	}
	return all
}

// fieldsOf are the fields of settings by their names in YAML.
func fieldsOf(t reflect.Type) map[string]int {
	fields := make(map[string]int, t.NumField())
	for i := range t.NumField() {
		if name, _, _ := strings.Cut(t.Field(i).Tag.Get("yaml"), ","); name != "" && name != "-" {
			fields[name] = i
		}
	}
	return fields
}

// namesOf are those names, in the order of the fields.
func namesOf(t reflect.Type) []string {
	fields := fieldsOf(t)
	names := make([]string, 0, len(fields))
	for name := range fields {
		names = append(names, name)
	}
	slices.SortFunc(names, func(a, b string) int { return fields[a] - fields[b] })
	return names
}

// nearest is the name that differs least from one that is not known, if few enough letters differ.
func nearest[T ~string](name string, known []T) (T, bool) {
	var near T
	least := max(1, min(3, len(name)/3)) + 1
	for _, one := range known {
		if d := distance(strings.ToLower(name), string(one)); d < least {
			near, least = one, d
		}
	}
	return near, near != ""
}

// distance is the number of letters to put in, take out or change that makes b of a.
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			change := diagonal
			if a[i] != b[j] {
				change++
			}
			diagonal = row[j+1]
			row[j+1] = min(change, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}
