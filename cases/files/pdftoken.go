package files

import (
	"bytes"
	"encoding/hex"
	"strings"
)

// pdfReader reads the tokens of a PDF (ISO 32000-2, section 7.2), as far as a dictionary needs them.
type pdfReader struct{ left []byte }

const (
	pdfSpace  = "\x00\t\n\f\r "
	pdfBreaks = pdfSpace + "()<>[]{}/%"
)

// token reads the next token that is no text: a name with its slash, a number, a word, or a bracket. At the end it is "".
func (p *pdfReader) token() string {
	p.space()
	switch {
	case len(p.left) == 0:
		return ""
	case bytes.HasPrefix(p.left, []byte("<<")), bytes.HasPrefix(p.left, []byte(">>")):
		return p.cut(2)
	}
	end := bytes.IndexAny(p.left[1:], pdfBreaks)
	if strings.IndexByte(pdfBreaks, p.left[0]) >= 0 && p.left[0] != '/' {
		end = 0
	}
	if end < 0 {
		end = len(p.left) - 1
	}
	return p.cut(end + 1)
}

func (p *pdfReader) cut(n int) string {
	token := string(p.left[:n])
	p.left = p.left[n:]
	return token
}

// space skips blanks and remarks.
func (p *pdfReader) space() {
	for {
		p.left = bytes.TrimLeft(p.left, pdfSpace)
		if len(p.left) == 0 || p.left[0] != '%' {
			return
		}
		end := bytes.IndexAny(p.left, "\r\n")
		if end < 0 {
			end = len(p.left)
		}
		p.left = p.left[end:]
	}
}

// skip skips a value: a token, a text, or brackets with what is in them.
func (p *pdfReader) skip() {
	for depth := 0; ; {
		p.space()
		if len(p.left) == 0 {
			return
		}
		if _, isText := p.text(); !isText {
			switch p.token() {
			case "<<", "[":
				depth++
			case ">>", "]":
				depth--
			}
		}
		if depth <= 0 {
			return
		}
	}
}

// text reads a text, in round brackets or as hexadecimal digits in pointed ones.
func (p *pdfReader) text() (string, bool) {
	p.space()
	switch {
	case bytes.HasPrefix(p.left, []byte("(")):
		return p.literal(), true
	case bytes.HasPrefix(p.left, []byte("<")) && !bytes.HasPrefix(p.left, []byte("<<")):
		end := bytes.IndexByte(p.left, '>')
		if end < 0 {
			p.left = nil
			return "", true
		}
		digits := strings.Join(strings.Fields(p.cut(end + 1)[1:end]), "")
		if len(digits)%2 == 1 {
			digits += "0"
		}
		text, err := hex.DecodeString(digits)
		return string(text), err == nil
	}
	return "", false
}

// literal reads a text in round brackets, with its escapes.
func (p *pdfReader) literal() string {
	var out []byte
	depth := 0
	for at := 0; at < len(p.left); at++ {
		switch b := p.left[at]; {
		case b == '\\' && at+1 < len(p.left):
			read, length := pdfEscape(p.left[at+1:])
			out = append(out, read...)
			at += length
			continue
		case b == '(':
			if depth++; depth == 1 {
				continue
			}
		case b == ')':
			if depth--; depth == 0 {
				p.left = p.left[at+1:]
				return string(out)
			}
		}
		out = append(out, p.left[at])
	}
	p.left = nil
	return string(out)
}

// pdfEscape reads what follows a backslash, and says how long it was.
func pdfEscape(b []byte) ([]byte, int) {
	if i := strings.IndexByte("nrtbf", b[0]); i >= 0 {
		return []byte{"\n\r\t\b\f"[i]}, 1
	}
	number, digits := 0, 0
	for digits < 3 && digits < len(b) && b[digits] >= '0' && b[digits] <= '7' {
		number = number<<3 | int(b[digits]-'0')
		digits++
	}
	switch {
	case digits > 0:
		return []byte{byte(number)}, digits
	case bytes.HasPrefix(b, []byte("\r\n")):
		return nil, 2
	case b[0] == '\r' || b[0] == '\n':
		return nil, 1
	}
	return b[:1], 1
}
