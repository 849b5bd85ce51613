package names

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"

	"pgregory.net/rapid"
)

// The parts of invented names; words that are ordinary words too are among them.
var (
	firstNames = strings.Fields(`Jan Piet Fatima Mohamed Sanne Roos Mark Storm Will Ben Can Işıl Özge Łukasz Søren Jürgen Xiaoming Wei Anne-Marie
		Esra Youssef Aïcha Björn Zoë Rose Liz Robert Małgorzata Radjesh Kenneth Saïd Daan Bloem Joël Mehmet Ying`)
	particles = []string{"", "", "", "de", "van", "van der", "van den", "van 't", "ten", "el", "von", "op den"}
	lastNames = strings.Fields(`Vries Bakker Jansen-Bakker Berg Yılmaz Öztürk Wiśniewski Ødegård Müller Wang Li Nguyen Hof Akker Hoekstra Boer
		Meijer Khattabi Soekhlal Tjon-A-Joe Ramsaran-Baldew Demirtaş Dijkstra Groot Rosenqvist O'Connor Khan`)
	filler = strings.Fields(`het ging niet goed daarna heb ik gebeld maar kreeg geen antwoord de factuur was te hoog twee weken later the
		invoice was wrong and nobody called me back for three weeks 12 € -`)
)

// made is somebody with an invented name, in its parts.
type made struct{ first, between, last string }

func (m made) surname() string { return strings.TrimSpace(m.between + " " + m.last) }

func (m made) initial() string {
	r, _ := utf8.DecodeRuneInString(m.first)
	return string(r)
}

func (m made) handle() string {
	return strings.ToLower(m.first + "." + strings.ReplaceAll(m.surname(), " ", ""))
}

func someone(t *rapid.T) made {
	return made{rapid.SampledFrom(firstNames).Draw(t, "first"), rapid.SampledFrom(particles).Draw(t, "between"), rapid.SampledFrom(lastNames).Draw(t, "last")}
}

// person is how a workspace may know them.
func (m made) person(t *rapid.T, id string) Person {
	names := []string{m.first + " " + m.surname(), m.last + ", " + strings.TrimSpace(m.first+" "+m.between), "mevr. " + m.first + " " + m.surname() + " | Helpdesk"}
	return Person{ID: id, Names: []string{rapid.SampledFrom(names).Draw(t, "name"), m.handle()}}
}

// unaccented writes a name as it is typed on a plain keyboard.
func unaccented(name string) string {
	return strings.Map(func(r rune) rune {
		if !unicode.IsLetter(r) {
			return r
		}
		out := bare(unicode.ToLower(r))
		first, _ := utf8.DecodeRuneInString(out)
		if unicode.IsUpper(r) {
			return unicode.ToUpper(first)
		}
		return first
	}, name)
}

// forms are the ways in which they may be named in the middle of a sentence; each must be found.
func (m made) forms() map[string]string {
	forms := map[string]string{
		"full":              m.first + " " + m.surname(),
		"without particles": m.first + " " + m.last,
		"turned":            m.surname() + ", " + m.first,
		"particles last":    strings.TrimSpace(m.last + ", " + m.first + " " + m.between),
		"small":             strings.ToLower(m.first + " " + m.surname()),
		"capitals":          strings.ToUpper(m.first + " " + m.surname()),
		"without accents":   unaccented(m.first + " " + m.surname()),
		"initial":           m.initial() + ". " + m.surname(),
		"bare initial":      m.initial() + " " + m.surname(),
		"initial last":      m.surname() + ", " + m.initial() + ".",
		"title":             "mevrouw " + m.surname(),
		"title, small":      "dhr. " + strings.ToLower(m.surname()),
		"first name":        m.first,
		"surname":           m.surname(),
		"possessive":        m.first + "'s",
		"handle":            "@" + m.handle(),
		"address":           unaccented(m.handle()) + "@work.example",
		"joined":            m.first + " " + strings.ReplaceAll(m.surname(), " ", ""),
	}
	if last := []rune(m.last); len(last) >= 6 && !strings.ContainsAny(m.last, "-'") {
		last[3], last[4] = last[4], last[3]
		forms["error"] = m.first + " " + strings.TrimSpace(m.between+" "+string(last))
	}
	if first, second, double := strings.Cut(m.last, "-"); double {
		forms["double turned"] = m.first + " " + second + "-" + first
		forms["one of two"] = m.first + " " + first
		forms["other of two"] = m.first + " " + second
	}
	return forms
}

func words(t *rapid.T, label string) string {
	return strings.Join(rapid.SliceOfN(rapid.SampledFrom(filler), 1, 12).Draw(t, label), " ")
}

func TestWhoeverIsNamedInAnySupportedFormIsFound(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		meant := someone(t)
		people := []Person{meant.person(t, "meant")}
		for i := range rapid.IntRange(0, 8).Draw(t, "others") {
			people = append(people, someone(t).person(t, fmt.Sprint("U", i)))
		}
		before, after := words(t, "before"), words(t, "after")
		for form, name := range meant.forms() {
			text := before + " met " + name + ", " + after
			got := Find(text, people)
			at := slices.IndexFunc(got, func(m Match) bool { return m.ID == "meant" })
			if at < 0 {
				t.Fatalf("%s is not found as %s in %q among %v", meant, form, text, people)
			}
			if form == "full" && len(people) == 1 && got[at].Strength != Certain {
				t.Fatalf("%s is not certain in %q of %v", meant, text, people)
			}
			if by := got[at].By; by == "" || !strings.Contains(text, by) {
				t.Fatalf("%q is not of %q", by, text)
			}
		}
	})
}

func TestTheOrderOfPeopleAndOfTheirNamesChangesNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var people []Person
		var text strings.Builder
		for i := range rapid.IntRange(1, 12).Draw(t, "people") {
			m := someone(t)
			people = append(people, m.person(t, fmt.Sprint("U", i/2)))
			forms := m.forms()
			keys := slices.Sorted(func(yield func(string) bool) {
				for k := range forms {
					if !yield(k) {
						return
					}
				}
			})
			text.WriteString(forms[rapid.SampledFrom(keys).Draw(t, "form")] + rapid.SampledFrom([]string{" ", ", ", ". ", " en ", "\n"}).Draw(t, "between"))
		}
		want := fmt.Sprintf("%v", Find(text.String(), people))
		shuffle := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 0))
		shuffle.Shuffle(len(people), func(i, j int) { people[i], people[j] = people[j], people[i] })
		for _, p := range people {
			shuffle.Shuffle(len(p.Names), func(i, j int) { p.Names[i], p.Names[j] = p.Names[j], p.Names[i] })
		}
		if got := fmt.Sprintf("%v", Find(text.String(), people)); got != want {
			t.Fatalf("%q\n%s\n%s", text.String(), want, got)
		}
	})
}

func TestAnyTextAndAnyNamesAreRead(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		people := rapid.SliceOf(rapid.Custom(func(t *rapid.T) Person {
			return Person{rapid.String().Draw(t, "id"), rapid.SliceOf(rapid.String()).Draw(t, "names")}
		})).Draw(t, "people")
		check(t, rapid.String().Draw(t, "text"), people)
	})
}

// check looks whether what was found can be true.
func check(t interface{ Fatalf(string, ...any) }, text string, people []Person) {
	seen := map[string]bool{}
	for _, m := range Find(text, people) {
		known := slices.ContainsFunc(people, func(p Person) bool { return p.ID == m.ID })
		if seen[m.ID] || !known || m.By == "" || !strings.Contains(text, m.By) || m.Strength < Possible || m.Strength > Certain {
			t.Fatalf("%q of %q among %q: %v", m.By, text, people, m)
		}
		seen[m.ID] = true
	}
}

func FuzzFind(f *testing.F) {
	for _, file := range []string{"testdata/dutch.txt", "testdata/shapes.txt", "testdata/other-names.txt"} {
		people, rows := table(f, file)
		for i, r := range rows {
			f.Add(r.text, strings.Join(people[i%len(people)].Names, "\n"))
		}
	}
	f.Fuzz(func(t *testing.T, text, names string) {
		people := []Person{{"U1", strings.Split(names, "\n")}, {"U2", []string{"Jan de Vries", "@jdv"}}}
		check(t, text, people)
	})
}

// workplace invents many people, whose names differ as those of a big firm do.
func workplace(count int) []Person {
	random := rand.New(rand.NewPCG(1, 2))
	syllables := strings.Fields("ka lo mi ru ta ven der sta ho bri el na wo ster ma ki jo pu sen gra di vos tel bu ren")
	invented := func(n int) string {
		var b strings.Builder
		for range n {
			b.WriteString(syllables[random.IntN(len(syllables))])
		}
		return strings.ToUpper(b.String()[:1]) + b.String()[1:]
	}
	var first []string
	for range 300 {
		first = append(first, invented(2))
	}
	first = append(first, firstNames...)
	var people []Person
	for i := range count {
		m := made{first[random.IntN(len(first))], particles[random.IntN(len(particles))], invented(3)}
		if i%10 == 0 {
			m.last = lastNames[random.IntN(len(lastNames))]
		}
		people = append(people, Person{fmt.Sprint("U", i), []string{m.first + " " + m.surname(), m.first, m.handle(), m.handle() + "@work.example"}})
	}
	return people
}

// story invents a long text that names some of the people.
func story(people []Person, length int) string {
	random := rand.New(rand.NewPCG(3, 4))
	var b strings.Builder
	for b.Len() < length {
		for range 8 + random.IntN(10) {
			b.WriteString(filler[random.IntN(len(filler))] + " ")
		}
		p := people[random.IntN(len(people))]
		b.WriteString("Over " + p.Names[random.IntN(len(p.Names))] + ". ")
	}
	return b.String()[:length]
}

func BenchmarkLongTextInABigWorkspace(b *testing.B) {
	people := workplace(2000)
	text := story(people, 30_000)
	for b.Loop() {
		Find(text, people)
	}
}

func BenchmarkAnswerInACommittee(b *testing.B) {
	people := workplace(12)
	for b.Loop() {
		Find("Over J. de Vries van de helpdesk, en Fatima", people)
	}
}

// The bound is wide: it finds what grows with the square of the text or of the people, on any machine.
func TestManyOfTheSameNameInALongTextTakeNoLongTime(t *testing.T) {
	var people []Person
	for i := range 20 {
		people = append(people, Person{fmt.Sprint("U", i), []string{"Jan Jansen", "jan"}})
	}
	for _, text := range []string{"Jan Jansen ", "jan-", "jan, ", "de ", "J.", "a.", "a@", "<@", "a", "1a", "Aa", "A1_", "é"} {
		start := time.Now()
		Find(strings.Repeat(text, 30_000/len(text)), people)
		if took := time.Since(start); took > 10*time.Second {
			t.Errorf("%q, many times: %s", text, took)
		}
	}
}
