package files

import (
	"bytes"
	"encoding/base64"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net/mail"
	"net/textproto"
	"strings"
)

// Limits on what a mail is made of.
const (
	maxParts = 1000
	maxDepth = 10 // parts within parts
	maxHead  = 1 << 20
)

// isMail says whether a text is a mail, as programs for mail save it: it begins with what a mail begins with. One with a
// program in it is refused. Its other attachments are not looked at; it is evidence and stays whole.
func isMail(content []byte) (bool, error) {
	head := content[:min(len(content), maxHead)]
	name, _, found := bytes.Cut(head[:min(len(head), 100)], []byte(":"))
	if !found || bytes.ContainsAny(name, " \t\r\n") || !bytes.Contains(head, []byte("\n\n")) && !bytes.Contains(head, []byte("\n\r\n")) ||
		bytes.IndexByte(content, 0) >= 0 {
		return false, nil
	}
	message, err := mail.ReadMessage(bytes.NewReader(content))
	if err != nil || message.Header.Get("From") == "" || message.Header.Get("Date")+message.Header.Get("Message-Id") == "" {
		return false, nil
	}
	parts := 0
	return true, lookAtPart(textproto.MIMEHeader(message.Header), message.Body, 0, &parts)
}

// lookAtPart looks for programs in a part of a mail, and in the parts of that. A part that can't be read is one that a program
// for mail can't open either.
func lookAtPart(header textproto.MIMEHeader, body io.Reader, depth int, parts *int) error {
	if *parts++; *parts > maxParts || depth > maxDepth {
		return broken("mail: too many parts")
	}
	mediaType, parameters, _ := mime.ParseMediaType(header.Get("Content-Type"))
	body = decoded(body, header.Get("Content-Transfer-Encoding"))
	switch {
	case strings.HasPrefix(mediaType, "multipart/") && parameters["boundary"] != "":
		for reader := multipart.NewReader(body, parameters["boundary"]); ; {
			part, err := reader.NextRawPart()
			if err != nil {
				return nil
			}
			if err := lookAtPart(part.Header, part, depth+1, parts); err != nil {
				return err
			}
		}
	case mediaType == "message/rfc822":
		message, err := mail.ReadMessage(body)
		if err != nil {
			return nil
		}
		return lookAtPart(textproto.MIMEHeader(message.Header), message.Body, depth+1, parts)
	}
	_, disposition, _ := mime.ParseMediaType(header.Get("Content-Disposition"))
	head := make([]byte, 4096)
	n, _ := io.ReadFull(body, head)
	if isProgram(head[:n], worded(disposition["filename"])) || isProgram(nil, worded(parameters["name"])) {
		return refuse(Macros, "mail: a program in it")
	}
	return nil
}

// decoded reads what a part was before it was made fit for mail.
func decoded(body io.Reader, encoding string) io.Reader {
	switch strings.ToLower(strings.TrimSpace(encoding)) {
	case "base64":
		return base64.NewDecoder(base64.StdEncoding, body)
	case "quoted-printable":
		return quotedprintable.NewReader(body)
	}
	return body
}

// worded reads a name that was made fit for a header (RFC 2047).
func worded(name string) string {
	if read, err := new(mime.WordDecoder).DecodeHeader(name); err == nil {
		return read
	}
	return name
}
