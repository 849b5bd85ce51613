package playground

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net/mail"
	"net/textproto"
	"strings"
)

// readLetter takes a mail apart: its subject, its text and HTML, and what is enclosed.
func readLetter(raw []byte) (Letter, error) {
	message, err := mail.ReadMessage(bytes.NewReader(raw))
	if err != nil {
		return Letter{}, fmt.Errorf("read the header: %w", err)
	}
	letter := Letter{Header: message.Header}
	decoder := mime.WordDecoder{CharsetReader: charsetReader}
	if letter.Subject, err = decoder.DecodeHeader(message.Header.Get("Subject")); err != nil {
		return Letter{}, fmt.Errorf("read the subject: %w", err)
	}
	return letter, letter.addPart(textproto.MIMEHeader(message.Header), message.Body)
}

// addPart adds a part of a mail, or the parts that it consists of.
func (l *Letter) addPart(header textproto.MIMEHeader, body io.Reader) error {
	contentType := header.Get("Content-Type")
	if contentType == "" {
		contentType = "text/plain; charset=us-ascii"
	}
	kind, attributes, err := mime.ParseMediaType(contentType)
	if err != nil {
		return fmt.Errorf("read a content type: %w", err)
	}
	if strings.HasPrefix(kind, "multipart/") {
		parts := multipart.NewReader(body, attributes["boundary"])
		for {
			part, err := parts.NextRawPart()
			if err == io.EOF {
				return nil
			}
			if err != nil {
				return fmt.Errorf("read a part: %w", err)
			}
			if err := l.addPart(part.Header, part); err != nil {
				return err
			}
		}
	}
	switch strings.ToLower(header.Get("Content-Transfer-Encoding")) {
	case "base64":
		body = base64.NewDecoder(base64.StdEncoding, body)
	case "quoted-printable":
		body = quotedprintable.NewReader(body)
	}
	disposition, names, err := mime.ParseMediaType(header.Get("Content-Disposition"))
	enclosed := err == nil && (disposition == "attachment" || names["filename"] != "")
	if !enclosed && strings.HasPrefix(kind, "text/") {
		if body, err = charsetReader(attributes["charset"], body); err != nil {
			return err
		}
	}
	data, err := io.ReadAll(body)
	if err != nil {
		return fmt.Errorf("read a part: %w", err)
	}
	switch {
	case !enclosed && kind == "text/plain" && l.Text == "":
		l.Text = strings.ReplaceAll(string(data), "\r\n", "\n")
	case !enclosed && kind == "text/html" && l.HTML == "":
		l.HTML = strings.ReplaceAll(string(data), "\r\n", "\n")
	default:
		name := names["filename"]
		if name == "" {
			name = attributes["name"]
		}
		decoder := mime.WordDecoder{CharsetReader: charsetReader}
		if decoded, err := decoder.DecodeHeader(name); err == nil {
			name = decoded
		}
		l.Attachments = append(l.Attachments, Enclosure{Name: name, Type: kind, Data: data})
	}
	return nil
}

// charsetReader reads the character sets that letters of this house may come in.
func charsetReader(charset string, input io.Reader) (io.Reader, error) {
	switch strings.ToLower(charset) {
	case "", "utf-8", "us-ascii":
		return input, nil
	case "iso-8859-1", "latin1":
		raw, err := io.ReadAll(input)
		if err != nil {
			return nil, err
		}
		runes := make([]rune, len(raw))
		for i, b := range raw {
			runes[i] = rune(b)
		}
		return strings.NewReader(string(runes)), nil
	}
	return nil, fmt.Errorf("unknown character set %q", charset)
}
