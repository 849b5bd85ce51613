package files

import "bytes"

// cleanPDF keeps a PDF as it is, from its first byte to the mark of its end. One that opens only with a password is refused;
// one that merely asks not to be printed or copied is not.
func cleanPDF(content []byte) (format, []byte, error) {
	if !bytes.HasPrefix(content, []byte("%PDF-")) {
		return format{}, nil, broken("pdf: something stands before it")
	}
	const mark = "%%EOF"
	end := bytes.LastIndex(content, []byte(mark))
	if end < 0 || !bytes.Contains(content[:end], []byte("startxref")) {
		return format{}, nil, broken("pdf: no end")
	}
	end += len(mark)
	for _, line := range []string{"\r\n", "\n", "\r"} {
		if bytes.HasPrefix(content[end:], []byte(line)) {
			end += len(line)
			break
		}
	}
	content = content[:end:end]
	if pdfLocked(content) {
		return format{}, nil, refuse(Locked, "pdf: encrypted")
	}
	return pdfFormat, content, nil
}
