package timeline

import (
	"strings"
	"unicode"
)

// How wide letters are, in parts of their size, as a common sans serif has them (Helvetica's published metrics). The fonts of a
// reader's own system differ from it by some hundredths, for which slack makes room.
const slack = 1.13

var letters = []struct {
	of    string
	width float64
}{
	{"ijl'|", 0.23}, {" fIt.,:;/\\[]!", 0.28}, {"r()-`\"", 0.34}, {"cksvxyzJ", 0.5}, {"wCDHNRUG", 0.74}, {"mMOQ&", 0.83}, {"W%@", 0.97},
}

// measure is about how wide a text is at a size.
func measure(text string, size float64) float64 {
	sum := 0.0
letters:
	for _, r := range text {
		for _, some := range letters {
			if strings.ContainsRune(some.of, r) {
				sum += some.width
				continue letters
			}
		}
		if unicode.IsUpper(r) {
			sum += 0.68
		} else {
			sum += 0.56
		}
	}
	return sum * size * slack
}
