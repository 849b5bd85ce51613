package files

import (
	"bytes"
	"path"
	"strings"

	"github.com/gabriel-vasile/mimetype"
)

// cleanOffice tells by the names in an archive which document it is: one of Office since 2007, or an OpenDocument. Any other
// archive is refused, as is a document with a program in it. The document stays as it is, but for a comment on the archive.
func cleanOffice(content []byte) (format, []byte, error) {
	entries, end, err := readZip(content)
	if err != nil && bare(mimetype.Detect(content).String()) == "application/zip" {
		return format{}, nil, refuse(Archive, "zip: an archive that is not read")
	}
	if err != nil {
		return format{}, nil, err
	}
	names := make(map[string]bool, len(entries))
	for _, e := range entries {
		name := strings.ToLower(strings.ReplaceAll(string(e.name), `\`, "/"))
		if names[name] {
			return format{}, nil, broken("zip: a name that is there twice")
		}
		names[name] = true
	}
	made, known := officeFormat(content, entries, names)
	switch {
	case !known:
		return format{}, nil, refuse(Archive, "zip: no document that is known")
	case anyEntry(entries, func(e zipEntry) bool { return e.flags&1 != 0 }) || lockedOpenDocument(content, entries):
		return format{}, nil, refuse(Locked, "zip: encrypted")
	case hasProgram(names):
		return format{}, nil, refuse(Macros, "zip: a document with a program in it")
	case anyEntry(entries, func(e zipEntry) bool { return e.method != 0 && e.method != 8 }):
		return format{}, nil, broken("zip: packed in a way that is not known")
	}
	if end+2 == len(content) {
		return made, content, nil
	}
	return made, append(bytes.Clone(content[:end]), 0, 0), nil
}

func anyEntry(entries []zipEntry, is func(zipEntry) bool) bool {
	for _, e := range entries {
		if is(e) {
			return true
		}
	}
	return false
}

// officeFormat tells a document by the part that holds its text; an OpenDocument by its first file, which is not packed
// (OpenDocument 1.3, part 2, section 3.3).
func officeFormat(content []byte, entries []zipEntry, names map[string]bool) (format, bool) {
	if names["[content_types].xml"] {
		switch {
		case names["word/document.xml"]:
			return docxFormat, true
		case names["xl/workbook.xml"]:
			return xlsxFormat, true
		case names["ppt/presentation.xml"]:
			return pptxFormat, true
		}
		return format{}, false
	}
	for _, made := range []format{odtFormat, odsFormat, odpFormat} {
		head := "mimetype" + made.mediaType
		const local = 30 // bytes before the name of a file
		if (names["content.xml"] || names["encrypted-package"]) && len(content) > local && bytes.HasPrefix(content[local:], []byte(head)) &&
			string(entries[0].name) == "mimetype" && int(entries[0].size) == len(made.mediaType) {
			return made, true
		}
	}
	return format{}, false
}

// hasProgram says whether there are macros among the parts of a document: Visual Basic, the sheets with commands that Excel had
// before it, controls, and the scripts of an OpenDocument.
func hasProgram(names map[string]bool) bool {
	for name := range names {
		base, folder := path.Base(name), name+"/"
		switch {
		case strings.HasPrefix(base, "vbaproject") && strings.HasSuffix(base, ".bin"), base == "vbadata.xml",
			strings.Contains(folder, "/macrosheets/"), strings.Contains(folder, "/intlmacrosheets/"), strings.Contains(folder, "/activex/"),
			strings.HasPrefix(folder, "basic/"), strings.HasPrefix(folder, "scripts/"):
			return true
		}
	}
	return false
}

// lockedOpenDocument says whether the text of an OpenDocument is encrypted: then it is not packed, and no XML.
func lockedOpenDocument(content []byte, entries []zipEntry) bool {
	return anyEntry(entries, func(e zipEntry) bool {
		if string(e.name) == "encrypted-package" {
			return true
		}
		if string(e.name) != "content.xml" || e.method != 0 {
			return false
		}
		c := cursor{left: content[e.offset:]}
		c.take(26)
		lengths := c.take(4)
		if lengths == nil {
			return true
		}
		c.take(int(lengths[0]) | int(lengths[1])<<8)
		c.take(int(lengths[2]) | int(lengths[3])<<8)
		return !bytes.HasPrefix(bytes.TrimPrefix(c.left, []byte("\ufeff")), []byte("<"))
	})
}
