package files

import (
	"bytes"
	"encoding/binary"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/gabriel-vasile/mimetype"
)

// readable are the media types of texts that a person can read as they are. Pages, drawings and scripts are not among them.
var readable = map[string]bool{
	"text/plain": true, "text/csv": true, "text/tab-separated-values": true, "text/vcard": true, "text/calendar": true, "text/vtt": true,
	"application/x-subrip": true, "application/json": true, "application/geo+json": true, "application/x-ndjson": true,
	"message/rfc822": true, "text/rtf": true,
}

// cleanText tells apart plain text, a mail and RTF. All stay as they are.
func cleanText(content []byte) (format, []byte, error) {
	found := bare(mimetype.Detect(content).String())
	switch {
	case !readable[found]:
		return format{}, nil, refuse(Unsuitable, found)
	case found == "text/rtf":
		return cleanRTF(content)
	}
	if mail, err := isMail(content); mail || err != nil {
		return emlFormat, content, err
	}
	charset := charsetOf(content)
	if charset == "" {
		return format{}, nil, refuse(Unsuitable, "text with something else in it")
	}
	return textFormat(charset), content, nil
}

// charsetOf finds out how a text is written down. What has characters that no text has is none: "".
func charsetOf(content []byte) string {
	switch {
	case bytes.HasPrefix(content, []byte{0xFF, 0xFE}):
		return charsetOf16(content[2:], binary.LittleEndian)
	case bytes.HasPrefix(content, []byte{0xFE, 0xFF}):
		return charsetOf16(content[2:], binary.BigEndian)
	}
	charset := "utf-8"
	if !utf8.Valid(content) {
		charset = "windows-1252"
	}
	for _, b := range content {
		if isControl(rune(b)) || charset != "utf-8" && strings.IndexByte("\x81\x8D\x8F\x90\x9D", b) >= 0 { // these are no characters in it
			return ""
		}
	}
	return charset
}

func charsetOf16(content []byte, order binary.ByteOrder) string {
	if len(content)%2 != 0 {
		return ""
	}
	for i := 0; i < len(content); i += 2 {
		r := rune(order.Uint16(content[i:]))
		if utf16.IsSurrogate(r) {
			if i += 2; i == len(content) || utf16.DecodeRune(r, rune(order.Uint16(content[i:]))) == utf8.RuneError {
				return ""
			}
			continue
		}
		if isControl(r) {
			return ""
		}
	}
	return "utf-16"
}

// isControl says whether a character steers a machine; those that move on to another place in a text do not.
func isControl(r rune) bool { return r < ' ' && (r < '\t' || r > '\r') || r == 0x7F }

// cleanRTF keeps RTF without embedded objects and links to programs: these are how programs travel in it.
func cleanRTF(content []byte) (format, []byte, error) {
	content = content[:bytes.LastIndexByte(content, '}')+1]
	if charsetOf(content) == "" || len(content) == 0 {
		return format{}, nil, broken("rtf: something else in it")
	}
	for at := 0; ; at++ {
		next := bytes.IndexByte(content[at:], '\\')
		if next < 0 {
			return rtfFormat, content[:len(content):len(content)], nil
		}
		at += next + 1 // a backslash that follows is meant as such, and is stepped over
		if word := content[at:]; bytes.HasPrefix(word, []byte("obj")) || bytes.HasPrefix(word, []byte("dde")) {
			return format{}, nil, refuse(Macros, "rtf: an embedded object")
		}
	}
}
