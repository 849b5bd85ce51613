package conversation

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"websec.nl/gehoor/cases"
)

// clean takes away what no person types on purpose: broken characters, control characters, marks that turn the direction
// of writing, and space around.
func clean(text string) string {
	text = strings.Map(func(r rune) rune {
		switch {
		case r == '\n':
			return r
		case r == '\r', r == '\u2028', r == '\u2029':
			return '\n'
		case r == '\t', r == '\u00a0':
			return ' '
		case unicode.IsControl(r), r >= '\u202a' && r <= '\u202e', r >= '\u2066' && r <= '\u2069', r == '\ufeff', r == utf8.RuneError:
			return -1
		}
		return r
	}, strings.ReplaceAll(text, "\r\n", "\n"))
	return strings.TrimSpace(text)
}

// hasWords says whether there is a letter or a digit in it: a smile alone is no answer.
func hasWords(text string) bool {
	return strings.ContainsFunc(text, func(r rune) bool { return unicode.IsLetter(r) || unicode.IsNumber(r) })
}

// oneLine makes one line of a few.
func oneLine(text string) string { return strings.Join(strings.Fields(text), " ") }

func length(text string) int { return utf8.RuneCountInString(text) }

func tooLong(text string, most int) bool { return len(text) > most && length(text) > most }

// excerpt is the beginning of a text, of at most that many characters.
func excerpt(text string, most int) string {
	if !tooLong(text, most) {
		return text
	}
	return strings.TrimSpace(string([]rune(text)[:most-1])) + "…"
}

// bare is what was typed, without case and punctuation.
func bare(text string) string {
	if len(text) > 40 {
		return ""
	}
	return strings.ToLower(strings.TrimFunc(text, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsNumber(r) }))
}

// What people type in either language where they mean no answer, or one of our buttons.
var (
	greetings = set("hallo", "hello", "hoi", "hi", "hey", "hé", "dag", "goedemorgen", "goedemiddag", "goedenavond", "goedendag",
		"good morning", "good afternoon", "good evening", "test", "help", "start", "menu", "stop", "terug", "back", "annuleren",
		"cancel", "klaar", "done", "ok", "oké", "oke", "okay", "bedankt", "dank u", "dank je", "thanks", "thank you",
		"ja", "nee", "yes", "no", "is daar iemand", "anyone there", "hallo?", "wat", "what", "hoezo", "waarom", "why")
	doneWords = set("klaar", "ik ben klaar", "done", "i'm done", "i am done", "gereed", "dat was het", "that's it", "that is all", "dat is alles", "einde")
	yesWords  = set("ja", "jawel", "yes", "yep", "jazeker", "zeker", "ja graag", "yes please", "ja dat is goed", "dat is goed", "ja hoor", "prima", "klopt", "ja dat klopt", "dat klopt")
	noWords   = set("nee", "neen", "no", "nope", "nooit", "never", "nog niet", "not yet", "nee hoor", "niemand", "nobody", "no one", "nee bedankt", "no thanks")
	passWords = set("nee", "neen", "no", "nope", "geen", "none", "overslaan", "skip", "heb ik niet", "i have none", "niet", "n.v.t", "nvt",
		"nee bedankt", "no thanks")
	unknownWords = set("geen idee", "no idea", "weet ik niet", "dat weet ik niet", "weet niet", "ik weet het niet", "weet ik niet meer",
		"i don't know", "i dont know", "don't know", "dont know", "not sure", "i'm not sure")
	moreWords   = set("vaker", "more often", "meerdere keren", "more than once", "vaak", "often")
	selfWords   = set("ik", "ikzelf", "ik zelf", "met mij", "mij", "me", "myself", "met mijzelf", "i am", "dat ben ik", "that's me", "that is me")
	notYetWords = set("nog niet", "not yet", "nee", "no", "nog niets", "heb ik nog niet")
)

func set(all ...string) map[string]bool {
	s := make(map[string]bool, len(all))
	for _, one := range all {
		s[one] = true
	}
	return s
}

func smallTalk(text string) bool { return greetings[bare(text)] }
func isDone(text string) bool    { return doneWords[bare(text)] }
func isYes(text string) bool     { return yesWords[bare(text)] }
func isNo(text string) bool      { return noWords[bare(text)] }
func isPass(text string) bool    { return passWords[bare(text)] || isUnknown(text) }
func isUnknown(text string) bool { return unknownWords[bare(text)] }
func isMore(text string) bool    { return moreWords[bare(text)] }
func isSelf(text string) bool    { return selfWords[bare(text)] }
func isNotYet(text string) bool  { return notYetWords[bare(text)] }

// noName says whether words that are typed where a name is asked mean yes, no, nothing at all, or hello.
func noName(text string) bool {
	if meansNoName(text) {
		return true
	}
	if wishesFor(text) {
		return true
	}
	for at, r := range text {
		if (r == ' ' || strings.ContainsRune(pauses, r)) && meansNoName(text[:at]) && goesOn(text[at:]) {
			return true
		}
	}
	return false
}

// wishesFor says whether somebody says what they want.
func wishesFor(text string) bool {
	meant := strings.ToLower(text)
	return slices.ContainsFunc(wishes, func(begins string) bool { return strings.HasPrefix(meant, begins) })
}

// wishes begin what somebody says who wants something, and tells no name.
var wishes = []string{
	"ik wil ", "ik heb ", "ik zou ", "ik kan ", "ik moet ", "wij willen ", "wij hebben ", "kan ik ", "mag ik ", "het gaat ", "er is ",
	"i want ", "i have ", "i would ", "i'd like ", "i need ", "i can ", "we want ", "we have ", "can i ", "may i ", "it is about ", "there is ",
}

// pauses end what somebody says before they go on.
const pauses = ",.!?;:…"

func meansNoName(text string) bool {
	return smallTalk(text) || isYes(text) || isNo(text) || isPass(text)
}

// goesOn says whether words go on after such a word as a sentence does, and not as a name: Dag is a name as well.
func goesOn(text string) bool {
	first, _ := utf8.DecodeRuneInString(text)
	return strings.ContainsRune(pauses, first) || !strings.ContainsFunc(text, unicode.IsUpper)
}

// isQuestion says whether somebody asks us something.
func isQuestion(text string) bool { return strings.HasSuffix(text, "?") }

// validNumber says whether text has the form of a case number.
func validNumber(text string) bool {
	return len(text) <= 20 && strings.Count(text, "-") == 2 && cases.Number(text) != "" &&
		strings.Trim(text, "KG-0123456789") == ""
}
