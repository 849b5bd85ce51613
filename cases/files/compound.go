package files

import (
	"bytes"
	"encoding/binary"
	"strings"
	"unicode/utf16"
)

// cleanCompound tells by the names in a compound file (MS-CFB: a little file system of sectors) what it is. Kept are documents
// of Word before 2007 and mails of Outlook, as they are. Those of Excel and PowerPoint of that time are not: a sheet of
// commands, and macros in a presentation, stand where no name tells of them.
func cleanCompound(content []byte) (format, []byte, error) {
	c, err := readCompound(content)
	if err != nil {
		return format{}, nil, err
	}
	has := map[string]bool{}
	for _, e := range c.entries {
		has[strings.ToLower(e.name)] = true
	}
	switch {
	case has["encryptedpackage"] || has["encryptioninfo"]:
		return format{}, nil, refuse(Locked, "compound: encrypted")
	case has["__properties_version1.0"]:
		return msgFormat, content, c.checkAttachments()
	case !has["worddocument"]:
		return format{}, nil, refuse(Unsuitable, "compound: no document that is kept")
	case has["macros"] || has["vba"] || has["_vba_project"] || has["\x01ole10native"]:
		return format{}, nil, refuse(Macros, "compound: a document with a program in it")
	}
	return docFormat, content, c.checkDocument()
}

// checkAttachments looks for programs among the attachments of a mail of Outlook: each has its content in a stream of that name
// (MS-OXMSG, section 2.2.2).
func (f *compound) checkAttachments() error {
	attachments := 0
	for _, e := range f.entries {
		if !strings.HasPrefix(strings.ToLower(e.name), "__substg1.0_3701") {
			continue
		}
		if attachments++; attachments > maxParts {
			return broken("compound: too many attachments")
		}
		if isProgram(f.head(e), "") {
			return refuse(Macros, "compound: a mail with a program in it")
		}
	}
	return nil
}

// checkDocument looks at how the text of a document begins (MS-DOC, section 2.5.2).
func (f *compound) checkDocument() error {
	for _, e := range f.entries {
		if !strings.EqualFold(e.name, "WordDocument") {
			continue
		}
		head := f.head(e)
		if len(head) < 12 || head[0] != 0xEC || head[1] != 0xA5 {
			return broken("compound: no document in it")
		}
		if encrypted := head[11]&1 != 0; encrypted {
			return refuse(Locked, "compound: encrypted")
		}
	}
	return nil
}

// compound is a compound file while it is looked at.
type compound struct {
	content []byte
	sector  int      // bytes in a sector
	table   []uint32 // where the parts of the table of sectors are, which says which sector follows upon which
	cutoff  uint32   // streams shorter than this lie in the stream of the root, in sectors of 64 bytes
	root    []uint32 // sectors of the stream of the root
	entries []compoundEntry
}

type compoundEntry struct {
	name   string
	sort   byte // 1: folder, 2: stream, 5: root
	sector uint32
	size   uint32
}

// noSector is the first number that stands for no sector.
const noSector = 0xFFFFFFFA

// readCompound reads the directory of a compound file. A chain of sectors longer than the file is refused, so that none that
// runs in a circle is followed for ever.
func readCompound(content []byte) (*compound, error) {
	c := cursor{left: content, order: binary.LittleEndian}
	head := c.take(24)
	_, version, order, shift := c.uint16(), c.uint16(), c.uint16(), c.uint16()
	c.take(16)
	first := c.uint32()
	c.take(4)
	cutoff := c.uint32()
	c.take(8)
	more, _ := c.uint32(), c.uint32()
	if c.short || string(head[:8]) != "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1" ||
		order != 0xFFFE || !(version == 3 && shift == 9 || version == 4 && shift == 12) {
		return nil, broken("compound: header")
	}
	f := &compound{content: content, sector: 1 << shift, cutoff: cutoff}
	for range 109 {
		f.table = append(f.table, c.uint32())
	}
	for steps := 0; more < noSector; steps++ {
		part := cursor{left: f.at(more), order: binary.LittleEndian}
		if part.left == nil || steps > len(content)/f.sector {
			return nil, broken("compound: table of sectors")
		}
		for range f.sector/4 - 1 {
			f.table = append(f.table, part.uint32())
		}
		more = part.uint32()
	}
	directory, ok := f.chain(first)
	if !ok {
		return nil, broken("compound: directory")
	}
	for _, number := range directory {
		f.list(f.at(number))
	}
	if len(f.entries) == 0 || f.entries[0].sort != 5 {
		return nil, broken("compound: directory")
	}
	f.root, _ = f.chain(f.entries[0].sector)
	return f, nil
}

// at returns a sector; nil where there is none.
func (f *compound) at(number uint32) []byte {
	from := (uint64(number) + 1) * uint64(f.sector)
	if number >= noSector || from+uint64(f.sector) > uint64(len(f.content)) {
		return nil
	}
	return f.content[from : from+uint64(f.sector)]
}

// chain lists the sectors that follow upon one.
func (f *compound) chain(number uint32) ([]uint32, bool) {
	var numbers []uint32
	for number < noSector {
		if f.at(number) == nil || len(numbers) > len(f.content)/f.sector {
			return nil, false
		}
		numbers = append(numbers, number)
		part, each := int(number)/(f.sector/4), int(number)%(f.sector/4)
		if part >= len(f.table) {
			return nil, false
		}
		table := f.at(f.table[part])
		if table == nil {
			return nil, false
		}
		number = binary.LittleEndian.Uint32(table[4*each:])
	}
	return numbers, true
}

// list reads the entries of a sector of the directory, of 128 bytes each.
func (f *compound) list(sector []byte) {
	for ; len(sector) >= 128; sector = sector[128:] {
		length, sort := int(binary.LittleEndian.Uint16(sector[64:])), sector[66]
		if sort == 0 || length < 2 || length > 64 {
			continue
		}
		var name []uint16
		for i := 0; i+2 < length; i += 2 {
			name = append(name, binary.LittleEndian.Uint16(sector[i:]))
		}
		f.entries = append(f.entries, compoundEntry{
			string(utf16.Decode(name)), sort, binary.LittleEndian.Uint32(sector[116:]), binary.LittleEndian.Uint32(sector[120:]),
		})
	}
}

// head is how a stream begins: its first sector, of the file or of the stream of the root.
func (f *compound) head(e compoundEntry) []byte {
	if e.sort != 2 || e.size == 0 {
		return nil
	}
	if e.size >= f.cutoff {
		sector := f.at(e.sector)
		return sector[:min(len(sector), int(e.size))]
	}
	place := uint64(e.sector) * 64
	if index := place / uint64(f.sector); index < uint64(len(f.root)) {
		sector, from := f.at(f.root[index]), int(place%uint64(f.sector))
		return bytes.Clone(sector[from:min(from+64, from+int(e.size))])
	}
	return nil
}
