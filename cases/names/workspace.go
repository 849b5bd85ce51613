package names

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// kind says what a word of a name may be: a first name, a surname, or either.
type kind uint8

const (
	given   kind = 1
	surname kind = 2
)

// letters is a set of the letters a to z.
type letters uint32

func letterOf(folded string) letters {
	if r, _ := utf8.DecodeRuneInString(folded); r >= 'a' && r <= 'z' {
		return 1 << (r - 'a')
	}
	return 0
}

// word is a word of somebody's names.
type word struct {
	key  string
	kind kind
	near bool // a typing error in it counts

	called bool // they are called so, by it alone
	hyphen int8 // which name with a hyphen it is of, where that is all that is known of it; 0: none
}

// figure is a person as their names were read.
type figure struct {
	id        string
	words     []word
	full      bool     // both a first name and a surname are known
	firsts    letters  // with which their first names begin, initials among them
	lasts     letters  // with which their surnames begin
	loose     letters  // initials of first names
	particles []string // folded
	initials  []string // of the whole name, folded: jdv, jv
	handles   []holder // by their keys
	keys      []string // of handles
	compounds [][3]string
}

// entry says whose a key is.
type entry struct {
	person int32
	word   int16
	next   int32 // of the same key, in Workspace.entries; 0: none
}

// Workspace is all the people, found by the words of their names.
type Workspace struct {
	people  []*figure
	byID    map[string]int
	index   map[string]int32 // the last entry of each key
	entries []entry
	near    map[uint64]int32 // the last key of which a typing error counts, by what is left of it without one letter
	nears   []nearKey
	page    page               // on which names are read, one after another
	extras  map[string][]int32 // words in brackets, and whose
}

// Meet reads everybody's names, which is most of the work: for more than one text of the same workspace.
func Meet(people []Person) *Workspace {
	w := &Workspace{byID: make(map[string]int, len(people)), index: make(map[string]int32, 8*len(people)), extras: map[string][]int32{}}
	w.entries = make([]entry, 1, 12*len(people)+1) // the first is none
	called := make([][]string, 0, len(people))
	for _, person := range people {
		at, known := w.byID[person.ID]
		if !known {
			at = len(w.people)
			w.byID[person.ID] = at
			w.people = append(w.people, &figure{id: person.ID})
			called = append(called, nil)
		}
		called[at] = append(called[at], person.Names...)
	}
	for person, names := range called {
		w.introduce(int32(person), names)
	}
	for extra, whose := range w.extras {
		if len(whose) < 3 { // what more people have in brackets is a department or a firm
			for _, person := range whose {
				at := w.learn(person, extra, given|surname, false)
				w.people[person].words[at].called = true
			}
		}
	}
	w.readNear()
	return w
}

// introduce reads the names of one person: whole names first, because they say what is a first name and what is a surname.
func (w *Workspace) introduce(person int32, names []string) {
	slices.Sort(names)
	names = slices.Compact(names)
	var single []string
	for _, name := range names {
		core, extras := apart(strings.TrimPrefix(strings.TrimSpace(name), "@"))
		if isSingle(core) {
			single = append(single, core)
		} else {
			w.name(person, core)
			w.people[person].hold(compact(core), holder{person: int(person)})
		}
		if len(extras) == 0 {
			continue
		}
		for _, t := range read(strings.Join(extras, "\n")).tokens {
			if len(t.folded) > 1 && !t.number && !t.class.is(role|particle|degree|title|pronoun) && !w.has(person, t.folded) &&
				!slices.Contains(w.extras[t.folded], person) {
				w.extras[t.folded] = append(w.extras[t.folded], person)
			}
		}
	}
	for _, name := range single {
		local, _, isAddress := strings.Cut(name, "@")
		whole := ""
		if isAddress {
			whole, _ = fold(name)
		}
		w.handle(person, local, whole)
	}
}

// isSingle is true of a handle, an address or a single name.
func isSingle(name string) bool { return !strings.ContainsFunc(name, unicode.IsSpace) }

// apart takes from a name what stands in brackets or quotes, or after a dash or a bar: a nickname, or a department.
func apart(name string) (core string, extras []string) {
	if !strings.ContainsAny(name, "([{\"“„|·•–—-/'’‘") {
		return name, nil
	}
	for _, mark := range []string{" | ", " · ", " • ", " – ", " — ", " - ", " / ", "|"} {
		if first, rest, cut := strings.Cut(name, mark); cut && strings.TrimSpace(first) != "" {
			name = first
			extras = append(extras, rest)
		}
	}
	for _, pair := range []string{"()", "[]", "{}", `""`, "“”", "„“", "„”", "''", "‘’"} {
		left, size := utf8.DecodeRuneInString(pair)
		right := pair[size:]
		opening := string(left)
		if isApostrophe(left) {
			opening, right = " "+opening, right+" "
		}
		before, rest, open := strings.Cut(name, opening)
		if inside, after, closed := strings.Cut(rest, right); open && closed && strings.TrimSpace(before+after) != "" && len(inside) > 1 {
			name = before + " " + after
			extras = append(extras, inside)
		}
	}
	return strings.TrimSpace(name), extras
}

// has says whether a key is already one of a person's.
func (w *Workspace) has(person int32, key string) bool {
	last := w.index[key] // those of one person are together
	return last != 0 && w.entries[last].person == person
}

// learn gives a person a word, or adds to what is known of it, and says which it is.
func (w *Workspace) learn(person int32, key string, k kind, near bool) int16 {
	f := w.people[person]
	for i := range f.words {
		if f.words[i].key == key {
			f.words[i].kind |= k
			f.words[i].near = f.words[i].near || near
			return int16(i)
		}
	}
	f.words = append(f.words, word{key: key, kind: k, near: near})
	w.also(person, int16(len(f.words)-1), key)
	return int16(len(f.words) - 1)
}

// also lets a word of a person be found by one more key.
func (w *Workspace) also(person int32, word int16, key string) {
	if key == "" {
		return
	}
	last := w.index[key]
	for i := last; i != 0 && w.entries[i].person == person; i = w.entries[i].next {
		if w.entries[i].word == word {
			return
		}
	}
	w.index[key] = int32(len(w.entries))
	w.entries = append(w.entries, entry{person, word, last})
}

// hold gives a person a handle.
func (f *figure) hold(key string, h holder) {
	if key != "" {
		f.handles = append(f.handles, h)
		f.keys = append(f.keys, key)
	}
}

// holders finds people by handles, of those that are wanted: those they have, and those that are usually made of their names.
func (w *Workspace) holders(wanted map[string][]holder) {
	add := func(key []byte, h holder) {
		all, is := wanted[string(key)]
		if !is || slices.ContainsFunc(all, func(other holder) bool { return other.person == h.person && (h.ours || other.whole == h.whole) }) {
			return
		}
		wanted[string(key)] = append(all, h)
	}
	var key []byte
	for person, f := range w.people {
		for i, h := range f.handles {
			add(append(key[:0], f.keys[i]...), h)
		}
		for _, c := range f.compounds {
			first, between, last := c[0], c[1], c[2]
			_, size := utf8.DecodeRuneInString(first)
			initial := first[:size]
			for _, made := range [...][3]string{
				{first, between, last}, {first, last}, {between, last, first}, {last, first}, {initial, between, last}, {initial, last},
				{between, last, initial}, {last, initial}, {between, last},
			} {
				key = append(append(append(key[:0], made[0]...), made[1]...), made[2]...)
				if len(key) >= 5 {
					add(key, holder{person: person, ours: true})
				}
			}
		}
	}
}
