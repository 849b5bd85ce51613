package names

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// plain are letters that Unicode does not take apart, written as people without them on their keyboard do.
var plain = map[rune]string{
	'ø': "o", 'ł': "l", 'ß': "ss", 'æ': "ae", 'œ': "oe", 'đ': "d", 'ð': "d", 'þ': "th", 'ħ': "h", 'ŋ': "n", 'ı': "i", 'ŧ': "t", 'ə': "e",
}

// written are letters that some write out as two: Müller is Mueller, Sørensen is Soerensen.
var written = map[rune]string{'ä': "ae", 'ö': "oe", 'ü': "ue", 'å': "aa", 'ø': "oe"}

// fold gives a word as it is compared: small letters without accents, y for the Dutch ij. Where letters can be written out as
// two, other is the word with them so; else it is empty.
func fold(word string) (folded, other string) {
	if folded, ok := foldASCII(word); ok {
		return folded, ""
	}
	var one, two strings.Builder
	for _, r := range norm.NFC.String(word) {
		r = unicode.ToLower(r)
		base := bare(r)
		one.WriteString(base)
		if both := written[r]; both != "" {
			base = both
		}
		two.WriteString(base)
	}
	folded, other = dutch(one.String()), dutch(two.String())
	if other == folded {
		other = ""
	}
	return folded, other
}

// foldASCII folds a word of nothing but ASCII, which most are.
func foldASCII(word string) (string, bool) {
	lower := true
	for i := range len(word) {
		if word[i] >= utf8.RuneSelf {
			return "", false
		}
		lower = lower && (word[i] < 'A' || word[i] > 'Z')
	}
	if !lower {
		word = strings.ToLower(word)
	}
	return dutch(word), true
}

func dutch(word string) string {
	if strings.Contains(word, "ij") {
		return strings.ReplaceAll(word, "ij", "y")
	}
	return word
}

// bare is a letter without its marks; nothing of a rune that is neither letter nor digit.
func bare(r rune) string {
	if p, ok := plain[r]; ok {
		return p
	}
	var b strings.Builder
	for _, part := range norm.NFKD.String(string(r)) {
		part = unicode.ToLower(part)
		if p, ok := plain[part]; ok {
			b.WriteString(p)
		} else if unicode.IsLetter(part) || unicode.IsDigit(part) {
			b.WriteRune(part)
		}
	}
	return b.String()
}

// compact is a handle or an address's local part as it is compared: without what stands between its words.
func compact(handle string) string {
	if key, ok := compactASCII(handle); ok {
		return key
	}
	var b strings.Builder
	for _, r := range handle {
		if unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r) {
			b.WriteRune(r)
		}
	}
	folded, _ := fold(b.String())
	return folded
}

func compactASCII(handle string) (string, bool) {
	key := make([]byte, 0, len(handle))
	for i := range len(handle) {
		switch c := handle[i]; {
		case c >= utf8.RuneSelf:
			return "", false
		case 'A' <= c && c <= 'Z':
			key = append(key, c-'A'+'a')
		case 'a' <= c && c <= 'z', '0' <= c && c <= '9':
			key = append(key, c)
		}
	}
	return dutch(string(key)), true
}
