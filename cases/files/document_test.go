package files

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"regexp"
	"strings"
	"testing"
)

func TestAPDFThatOpensOnlyWithAPasswordIsRefused(t *testing.T) {
	for _, name := range []string{"rc4-40", "rc4-128", "aes-128", "aes-256-r5", "aes-256"} {
		if reason := reasonOf(t, read(t, "locked-"+name+".pdf")); reason != Locked {
			t.Errorf("%s: refused as %q", name, reason)
		}
	}
	hexadecimal := regexp.MustCompile(`<[0-9a-f]{64}>`)
	for name, want := range map[string]Reason{"open-rc4-128": "", "open-aes-128": "", "locked-rc4-128": Locked} {
		literal := hexadecimal.ReplaceAllFunc(read(t, name+".pdf"), func(digits []byte) []byte {
			text, err := hex.DecodeString(string(digits[1 : len(digits)-1]))
			if err != nil {
				t.Fatal(err)
			}
			out := []byte("(\\\r\n")
			for _, b := range text {
				out = fmt.Appendf(out, "\\%03o", b)
			}
			return append(out, ')')
		})
		if reason := reasonOf(t, literal); reason != want {
			t.Errorf("%s in octal: refused as %q", name, reason)
		}
	}
	foreign := strings.Replace(pdfSample, "/Root", "/Encrypt<</Filter/Adobe.PubSec/V 4>>/Root", 1)
	if reason := reasonOf(t, []byte(foreign)); reason != Locked {
		t.Errorf("with a certificate: refused as %q", reason)
	}
	words := strings.Replace(pdfSample, "trailer", "(/Encrypt 12 0 R, /Encrypt is a word)", 1)
	if reason := reasonOf(t, []byte(words)); reason != "" {
		t.Errorf("refused for a word as %q", reason)
	}
}

func TestTextsInAPDFAreReadWithTheirEscapes(t *testing.T) {
	p := pdfReader{[]byte("% a remark\n(a\\(b(c)\\n\\1012\\\r\nd\\e)<4 1>>>")}
	for _, want := range []string{"a(b(c)\nA2de", "A"} {
		if got, ok := p.text(); !ok || got != want {
			t.Errorf("%q instead of %q", got, want)
		}
	}
	if token := p.token(); token != ">>" {
		t.Errorf("then %q", token)
	}
}

func TestWhatStandsAroundAPDFIsNotKept(t *testing.T) {
	if got := cleaned(t, []byte(pdfSample+"\r\njunk "+canary)); string(got) != pdfSample {
		t.Errorf("left is %q", got)
	}
	for _, content := range []string{"junk\n" + pdfSample, pdfSample[:60], "%PDF-1.4\n%%EOF\n"} {
		if file, err := Clean("", []byte(content)); err == nil && file.Kind == Document {
			t.Errorf("%q is kept", content)
		}
	}
}

func TestDocumentsWithProgramsAreRefused(t *testing.T) {
	word := []string{"[Content_Types].xml", "<Types/>", "word/document.xml", "<w/>"}
	excel := []string{"[Content_Types].xml", "<Types/>", "xl/workbook.xml", "<w/>"}
	open := []string{"mimetype", odsFormat.mediaType, "content.xml", "<o/>"}
	for name, content := range map[string][]byte{
		"docm":            zipOf(append(word, "word/vbaProject.bin", "x")...),
		"docm in capital": zipOf(append(word, `word\VBAPROJECT.BIN`, "x")...),
		"xlsm":            zipOf(append(excel, "xl/vbaProject.bin", "x")...),
		"excel 4":         zipOf(append(excel, "xl/macrosheets/sheet1.xml", "x")...),
		"control":         zipOf(append(word, "word/activeX/activeX1.bin", "x")...),
		"ods with basic":  zipOf(append(open, "Basic/Standard/Module1.xml", "x")...),
		"ods with python": zipOf(append(open, "Scripts/python/a.py", "x")...),
		"doc":             compoundOf("WordDocument", "\xEC\xA5\xC1\x00\x00\x00\x00\x00\x00\x00\x00\x00", "Macros", "", "VBA", "", "_VBA_PROJECT", ""),
		"doc with a file": compoundOf("WordDocument", "\xEC\xA5\xC1\x00\x00\x00\x00\x00\x00\x00\x00\x00", "\x01Ole10Native", ""),
		"rtf":             []byte(`{\rtf1 {\object\objemb{\*\objdata 0105}}}`),
		"rtf with dde":    []byte(`{\rtf1 {\field{\*\fldinst\ddeauto c:\\cmd.exe}}}`),
	} {
		if reason := reasonOf(t, content); reason != Macros {
			t.Errorf("%s: refused as %q", name, reason)
		}
	}
}

func TestLockedDocumentsAreRefused(t *testing.T) {
	encrypted := docxSample()
	for at := bytes.Index(encrypted, []byte(zipListed)); at >= 0; {
		encrypted[at+8] |= 1
		next := bytes.Index(encrypted[at+4:], []byte(zipListed))
		if next < 0 {
			break
		}
		at += 4 + next
	}
	for name, content := range map[string][]byte{
		"zip":         encrypted,
		"office":      compoundOf("EncryptionInfo", "", "EncryptedPackage", ""),
		"doc":         compoundOf("WordDocument", "\xEC\xA5\xC1\x00\x00\x00\x00\x00\x00\x00\x00\x01"),
		"odt":         zipOf("mimetype", odtFormat.mediaType, "content.xml", "stored, and not to be read"),
		"odt as such": zipOf("mimetype", odtFormat.mediaType, "encrypted-package", "stored, and not to be read"),
	} {
		if reason := reasonOf(t, content); reason != Locked {
			t.Errorf("%s: refused as %q", name, reason)
		}
	}
}

func TestOldSheetsAndPresentationsAreRefused(t *testing.T) {
	for _, stream := range []string{"Workbook", "Book", "PowerPoint Document", "Quill"} {
		if reason := reasonOf(t, compoundOf(stream, "")); reason != Unsuitable {
			t.Errorf("%s: refused as %q", stream, reason)
		}
	}
}

func TestACompoundFileThatRunsInACircleIsRefused(t *testing.T) {
	circle := docSample()
	table := 512 // its first sector
	copy(circle[table+4:], le(uint32(1)))
	if reason := reasonOf(t, circle); reason != Unreadable {
		t.Errorf("refused as %q", reason)
	}
}

func TestArchivesThatLieAreRefused(t *testing.T) {
	whole := docxSample()
	listed := bytes.Index(whole, []byte(zipListed))
	second := listed + 4 + bytes.Index(whole[listed+4:], []byte(zipListed))
	end := bytes.LastIndex(whole, []byte(zipEnd))
	for name, c := range map[string]struct {
		change func([]byte) []byte
		reason Reason
	}{
		"too much unpacked":   {func(b []byte) []byte { copy(b[listed+24:], le(uint32(1<<31))); return b }, TooLarge},
		"files over another":  {func(b []byte) []byte { copy(b[second+42:], le(uint32(0))); return b }, Unreadable},
		"another name before": {func(b []byte) []byte { b[30] ^= 1; return b }, Archive},
		"another name listed": {func(b []byte) []byte { b[second+46] ^= 1; return b }, Unreadable},
		"a longer directory":  {func(b []byte) []byte { copy(b[end+8:], le(uint16(9), uint16(9))); return b }, Unreadable},
		"too many files":      {func(b []byte) []byte { copy(b[end+8:], le(uint16(65535), uint16(65535))); return b }, TooLarge},
		"something behind":    {func(b []byte) []byte { return append(b, canary...) }, Unreadable},
		"twice the same": {func([]byte) []byte {
			return zipOf("[Content_Types].xml", "<a/>", "word/document.xml", "<a/>", "Word/Document.xml", "<b/>")
		}, Unreadable},
		"many files": {func([]byte) []byte { return zipOf(slicesOf(maxEntries + 1)...) }, TooLarge},
	} {
		if reason := reasonOf(t, c.change(bytes.Clone(whole))); reason != c.reason {
			t.Errorf("%s: refused as %q", name, reason)
		}
	}
}

// slicesOf is a document of that many empty parts.
func slicesOf(parts int) []string {
	files := []string{"[Content_Types].xml", "", "word/document.xml", ""}
	for i := range parts {
		files = append(files, "word/"+strings.Repeat("x", i%50)+string(rune('a'+i/50%26))+string(rune('a'+i/1300)), "")
	}
	return files
}

func TestACommentOnAnArchiveIsCutOff(t *testing.T) {
	whole := docxSample()
	commented := append(bytes.Clone(whole[:len(whole)-2]), be(uint8(len(canary)), uint8(0), canary)...)
	if got := cleaned(t, commented); !bytes.Equal(got, whole) {
		t.Errorf("left is %q", got[len(got)-40:])
	}
}

func TestMailsWithProgramsAreRefused(t *testing.T) {
	attached := func(head, body string) string {
		return strings.Replace(emlSample, "--x--", "--x\r\n"+head+"\r\n\r\n"+body+"\r\n--x--", 1)
	}
	program := base64.StdEncoding.EncodeToString([]byte("MZ\x90\x00" + strings.Repeat("\x00", 100)))
	inner := attached("Content-Type: application/octet-stream\r\nContent-Transfer-Encoding: base64", program)
	for name, c := range map[string]struct {
		content string
		reason  Reason
	}{
		"by content":     {inner, Macros},
		"by name":        {attached("Content-Disposition: attachment; filename=\"invoice.PDF.js \"", "var a"), Macros},
		"by worded name": {attached("Content-Type: text/plain; name=\"=?utf-8?B?ZmFjdHV1ci5leGU=?=\"", "x"), Macros},
		"with macros":    {attached("Content-Disposition: attachment; filename=brief.docm", "x"), Macros},
		"in a mail":      {attached("Content-Type: message/rfc822", strings.ReplaceAll(inner, "x\r\n", "y\r\n")), Macros},
		"of a page":      {attached("Content-Type: text/html", "<html><b>words</b></html>"), ""},
		"in many parts":  {attached("Content-Type: text/plain", "a"+strings.Repeat("\r\n--x\r\n\r\na", maxParts)), Unreadable},
	} {
		if reason := reasonOf(t, []byte(c.content)); reason != c.reason {
			t.Errorf("%s: refused as %q", name, reason)
		}
	}
	for _, size := range []string{"", "small"} {
		outlook := compoundOf("__properties_version1.0", "small", "__substg1.0_1000001F", "small words", "__substg1.0_37010102", size+"MZ\x90\x00\x03")
		if reason := reasonOf(t, outlook); reason != Macros {
			t.Errorf("of Outlook, %s: refused as %q", size, reason)
		}
	}
}
