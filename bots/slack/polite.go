package slack

import (
	"regexp"
	"slices"
	"strings"

	"websec.nl/gehoor/cases"
	"websec.nl/gehoor/cases/names"
)

// judged are whom the words of an event may mean, by what follows from it.
type judged struct {
	out  []cases.Suspect // are excluded until somebody entitled clears them
	look []cases.Suspect // handle the case, and are named in what was said to them: a person has to look whether that is a conflict
}

// judge decides of everybody whom the words of an event may mean. Whoever writes to the committee greets and thanks who handles their
// case by name; that says nothing of them, and excluding them for it would take every case from its owner with the first answer. So of
// what is said after the complaint, a name in a greeting, thanks or a closing formula does not count for who handles or handled the
// case, and of another mention a person judges. Everybody else is excluded, as by the complaint itself.
func judge(workspace *names.Workspace, f *cases.File, e cases.Event, p *cases.Procedure) (j judged) {
	all := suspects(workspace, e, p)
	if !inTalk(f, e) {
		return judged{out: all}
	}
	var plain []cases.Suspect
	for _, s := range all {
		if !handles(f, s.Member) {
			j.out = append(j.out, s)
			continue
		}
		if plain == nil {
			plain = suspects(workspace, withoutCourtesy(e), p)
		}
		if slices.ContainsFunc(plain, func(one cases.Suspect) bool { return one.Member == s.Member }) {
			j.look = append(j.look, s)
		}
	}
	return j
}

// inTalk says whether an event is of what is said about a complaint later on, and not of the complaint itself.
func inTalk(f *cases.File, e cases.Event) bool {
	switch e.Kind {
	case cases.Replied, cases.Attached, cases.Agreed, cases.Objected, cases.Withdrawn, cases.Rated, cases.NotApproved, cases.Accounted, cases.Declined:
		return true
	case cases.Corrected:
		of, known := f.Event(numbered(e.Data["event"]))
		return e.Data["field"] == "" && e.Data["answer"] == "" && known && !slices.Contains(begins, of.Kind)
	}
	return false
}

// toThem are the events in which a member speaks to the complainant.
var toThem = []cases.EventKind{cases.Wrote, cases.Spoke, cases.Reported, cases.Extended, cases.Proposed, cases.Ended, cases.Reopened}

// handles says whether a member owns a case, owned it, or spoke to its complainant.
func handles(f *cases.File, m cases.Member) bool {
	return f.Case.Owner == m || slices.Contains(f.Case.Work.HaveOwned, m) ||
		slices.ContainsFunc(f.Events, func(e cases.Event) bool { return e.By == cases.By(m) && slices.Contains(toThem, e.Kind) })
}

// withoutCourtesy is an event without the names in greetings, thanks and closing formulas.
func withoutCourtesy(e cases.Event) cases.Event {
	words := make(cases.Words, len(e.Words))
	for field, text := range e.Words {
		words[field] = uncourteous(text)
	}
	e.Words = words
	return e
}

// The parts of a courtesy. A name is one word, and what follows of it: words with a capital, particles, initials.
const (
	greets = `beste|geachte|lieve|hallo|hoi|dag|hey|hé|goede(?:morgen|middag|navond|ndag)|goeie(?:morgen|middag|navond|ndag)|` +
		`dear|hello|hi|good (?:morning|afternoon|evening|day)`
	thanksFor = `dank(?: ?je| ?jullie| ?u)?(?: ?wel)?|bedankt|thanks|thank you|thank you (?:so|very) much|many thanks`
	closings  = `groet(?:en|jes)?|mvg|m\.v\.g\.|hoogachtend|(?:kind|best|warm)? ?regards|greetings|sincerely|yours (?:sincerely|faithfully|truly)|cheers`
	titles    = `de|heer|heer/mevrouw|mevrouw/heer|mevrouw|meneer|mijnheer|mevr|mw|dhr|mr|mrs|ms|miss|dr|drs|ir|ing|prof|collega`
	begun     = `(?:^|[\r\n.!?,;])[ \t]*(?i:(?:met|vriendelijke|hartelijke|veel|de|with|my)[ ]+)*`
	particles = `van|de|der|den|het|'t|’t|te|ten|ter|von|la|el|al`
	oneWord   = `\p{L}[\p{L}\p{M}'’-]*`
	oneName   = oneWord + `(?:\.?[ ]?\p{Lu}\.|[ ]+\p{Lu}[\p{L}\p{M}'’-]*|(?:[ ]+(?i:` + particles + `))+[ ]+` + oneWord + `)*`
)

var (
	// courtesy is a formula, and the name right after it; a comma between them only where the name is all that follows. A greeting and
	// a closing formula begin a sentence: "die dag Bram" and "it regards Bram" are none.
	courtesy = regexp.MustCompile(`(?:(?:^|[\r\n.!?])[ \t]*(?i:` + greets + `)|` + begun + `(?i:` + closings + `)(?:,?[ ](?i:aan|to))?|` +
		`(?:^|[^\p{L}\p{M}])(?i:` + thanksFor + `)(?:[ ](?i:aan))?)(,?)[ \t]+(?:(?i:` + titles + `)\.?[ ]+)*(` + oneName + `)`)
	// signed is a closing formula with the name on a line of its own under it.
	signed = regexp.MustCompile(begun + `(?i:` + closings + `)[ \t]*[,.!]?[ \t]*(?:\r?\n[ \t]*)+(` + oneName + `)`)
	// another is a second name in the same greeting.
	another = regexp.MustCompile(`^[ ]+(?i:en|and|&)[ ]+(` + oneName + `)`)
	// noName begins what is no name, and says what the thanks are for.
	noName = regexp.MustCompile(`^(?i:to|for|about|but|that|voor|over|door|maar|dat|van)[ ]`)
	// endsIt and goesOn are what may stand right after a name that a formula is all about; with any other word the sentence is about them.
	endsIt = regexp.MustCompile(`^[ \t]*(?:$|[\r\n,.!?;:)–—-])`)
	goesOn = regexp.MustCompile(`^[ ]+(?i:dank|bedankt|hartelijk|nogmaals|alvast|thanks|thank|voor|for|hierbij|ik|wij|i|i'm|i’m|we|again)(?:[^\p{L}]|$)`)
)

// uncourteous is a text with the names in its greetings, thanks and closing formulas left out.
func uncourteous(text string) string {
	var cuts [][2]int
	for _, at := range courtesy.FindAllStringSubmatchIndex(text, -1) {
		comma, from := at[2] < at[3], at[4]
		to := from + len(strings.TrimSuffix(text[at[4]:at[5]], " I")) // which has a capital, and is no name
		if noName.MatchString(text[from:to]) {
			continue
		}
		names := [][2]int{{from, to}}
		for !comma {
			more := another.FindStringSubmatchIndex(text[to:])
			if more == nil || !endsIt.MatchString(text[to+more[3]:]) {
				break
			}
			names = append(names, [2]int{to + more[2], to + more[3]})
			to += more[3]
		}
		if rest := text[to:]; endsIt.MatchString(rest) || !comma && goesOn.MatchString(rest) {
			cuts = append(cuts, names...)
		}
	}
	for _, at := range signed.FindAllStringSubmatchIndex(text, -1) {
		if endsIt.MatchString(text[at[3]:]) {
			cuts = append(cuts, [2]int{at[2], at[3]})
		}
	}
	slices.SortFunc(cuts, func(a, b [2]int) int { return a[0] - b[0] })
	var left strings.Builder
	last := 0
	for _, cut := range cuts {
		if cut[0] < last {
			continue
		}
		left.WriteString(text[last:cut[0]] + ".") // so that no new name comes of what stands on both sides of it
		last = cut[1]
	}
	return left.String() + text[last:]
}
