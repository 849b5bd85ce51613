package dates

import "strings"

// class is what a word does in speaking of a time. Only those from number to nextWord can begin to name one.
type class int

const (
	other       class = iota // nothing that we know
	opaque                   // figures that are no part of a date: a time of day, an amount, a telephone or case number
	countedWord              // makes the number before it an amount
	number                   // value: itself; article too, as "a" and "een"
	ordinal                  // value: its number
	halves                   // value: how many halves
	half                     // of a month its middle, of another time its half
	few                      // as "een paar"
	fullDate                 // a day in figures
	pair                     // two numbers with a sign between them
	shortYear                // '26; value: the whole year
	monthName                // value: 1 to 12
	monthOrWord              // the same, and an ordinary word: "may", "march", "mei"
	monthOrName              // the same, and a name: "jan", "mar"
	dayName                  // value: 1 for Monday to 7
	dayShort                 // the same, cut short: "di", "sat"
	dayNames                 // the same, many of them: "dinsdagen", "on Sundays"
	unit                     // value: minutes, ... , years
	units                    // the same, many of them
	weekend                  // Saturday and Sunday
	feast                    // value: its place among the yearly times
	feastOrWord              // the same, and an ordinary word: "fall", "spring"
	ago                      // value: days ago, as "gisteren": 1
	nightAgo                 // the night between that day and the next
	backWord                 // "geleden": how long ago follows from what stands before it
	beforeLast               // value: a unit; the one before the last one
	thisWeek                 // "van de week"
	partWord                 // value: a part
	lastWord                 // "vorige", "last": the one before this one
	pastWord                 // "afgelopen", "past": what ends now
	thisWord                 // "deze"
	nextWord                 // is to come
	sinceWord                // until now
	longWord                 // "al": a length of time that lasts until now
	lastingWord              // a length of time follows: "duurde"
	forWord                  // the same, but what lasted may be something else
	lengthWord               // a length of time stands before: "lang"
	beenWord                 // makes what follows last until now: "has been ... for three weeks"
	fromWord                 // begins a span, or belongs to: "van"
	betweenWord              // begins a span
	toWord                   // stands between the ends of a span
	dash                     // the same, as a sign
	nowWord                  // ends a span today, which goes on
	andWord                  // adds one more
	orWord                   // leaves it open which of two
	ofWord                   // "of": belongs to in English, leaves open in Dutch
	aroundWord               // only says what a time lies before or after
	everyWord                // again and again
	habitWord                // the same, somewhere in the sentence
	aboutWord                // not exactly
	exactWord                // exactly
	agedWord                 // makes a length of time an age
	beganWord                // what is named then is its beginning
	endedWord                // what is named then is its end, if its beginning was named
	untilWord                // the same, whatever was named before
	stillWord                // makes what began last until now
	small                    // may stand between the parts of a date, and says nothing
)

// The values of unit, from short to long.
const (
	minutes = iota
	hours
	ofDays
	ofWeeks
	ofMonths
	ofYears
)

// entry gives words that do the same, with commas between them: words with spaces are known where they follow each other.
type entry struct {
	class class
	value int
	words string
}

// parts of the day follow the name of a day, and say nothing about which day it is.
var dayParts = []string{"ochtend", "morgen", "middag", "avond", "nacht"}

// often are words beside the names of days and months that may be misspelt by a letter too.
var often = []string{"gisteren", "eergisteren", "yesterday"}

// ordinary are words that lie one letter from such a name, and mean something else.
var ordinary = map[string]bool{"sundry": true, "gisterend": true}

// meaning is what a word, or several together, does.
type meaning struct {
	class class
	value int
}

var (
	meanings = map[string]meaning{}
	longest  = map[string]int{} // of how many words the longest entry is that begins with this one
	names    = often
)

func init() {
	learnNumbers()
	for _, e := range append(dutch, english...) {
		for words := range strings.SplitSeq(e.words, ", ") {
			learn(words, e.class, e.value)
			if (e.class == dayName || e.class == monthName) && len(words) > 5 {
				names = append(names, words)
			}
			if e.class == dayName || strings.Contains(words, "gister") {
				learnParts(words, e.class, e.value)
			}
		}
	}
}

// learnNumbers adds what lies between twenty and thirty-one: "drieentwintig", "twenty third".
func learnNumbers() {
	tens := map[int][4]string{20: {"twintig", "twintigste", "twenty", "twentieth"}, 30: {"dertig", "dertigste", "thirty", "thirtieth"}}
	ones := [][3]string{{"een", "one", "first"}, {"twee", "two", "second"}, {"drie", "three", "third"}, {"vier", "four", "fourth"},
		{"vijf", "five", "fifth"}, {"zes", "six", "sixth"}, {"zeven", "seven", "seventh"}, {"acht", "eight", "eighth"}, {"negen", "nine", "ninth"}}
	for ten, name := range tens {
		for i, one := range ones {
			learn(one[0]+"en"+name[0], number, ten+i+1)
			learn(one[0]+"en"+name[1], ordinal, ten+i+1)
			learn(name[2]+" "+one[1], number, ten+i+1)
			learn(name[2]+" "+one[2], ordinal, ten+i+1)
		}
	}
}

// learnParts adds what is made of the name of a day: its mornings and evenings, and many of them.
func learnParts(name string, c class, value int) {
	if c == dayName {
		learn(name+"s", dayNames, value)
		learn(name+"en", dayNames, value)
	}
	for _, part := range dayParts {
		learn(name+part, c, value)
		if c == dayName {
			learn(name+part+"s", dayNames, value)
			learn(name+part+"en", dayNames, value)
		}
	}
}

func learn(words string, c class, value int) {
	meanings[words] = meaning{c, value}
	first, _, _ := strings.Cut(words, " ")
	longest[first] = max(longest[first], strings.Count(words, " ")+1)
}

// meant is what a word does that may be misspelt by one letter, if it can be only one name.
func meant(word string) meaning {
	var found meaning
	if len(word) < 5 || len(word) > 12 || ordinary[word] {
		return found
	}
	for _, name := range names {
		if m := meanings[name]; m != found && oneLetterOff(word, name) {
			if found.class != other {
				return meaning{}
			}
			found = m
		}
	}
	return found
}

// oneLetterOff says whether one letter too many, too few or another, or two letters swapped, make a word of a name.
func oneLetterOff(word, name string) bool {
	most, least := max(len(word), len(name)), min(len(word), len(name))
	if most-least > 1 {
		return false
	}
	begin := 0
	for begin < least && word[begin] == name[begin] {
		begin++
	}
	end := 0
	for end < least-begin && word[len(word)-1-end] == name[len(name)-1-end] {
		end++
	}
	left := most - begin - end
	return left <= 1 || left == 2 && most == least && word[begin] == name[begin+1] && word[begin+1] == name[begin]
}
