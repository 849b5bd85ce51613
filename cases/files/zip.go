package files

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"slices"
)

// Limits on what a document says it holds. Nothing of it is unpacked here, but somebody will.
const (
	maxEntries  = 10_000
	maxUnpacked = 1 << 30 // bytes of all parts together
)

// zipEntry is a file in an archive, as its directory says.
type zipEntry struct {
	name           []byte
	flags, method  uint16
	size, unpacked uint32
	offset         uint32
}

const (
	zipEnd    = "PK\x05\x06"
	zipListed = "PK\x01\x02"
	zipLocal  = "PK\x03\x04"
)

// readZip reads the directory of an archive, which must begin with its first file and end with its directory and perhaps a
// comment: end is where the length of that stands. Each file must stand where the directory says, under the same name.
func readZip(content []byte) (entries []zipEntry, end int, err error) {
	at := bytes.LastIndex(content[max(0, len(content)-1<<16-22):], []byte(zipEnd))
	if at < 0 {
		return nil, 0, broken("zip: no directory")
	}
	at += max(0, len(content)-1<<16-22)
	c := cursor{left: content[at+4:], order: binary.LittleEndian}
	disks, here, count, length, start := c.uint32(), c.uint16(), c.uint16(), c.uint32(), c.uint32()
	comment := c.uint16()
	if c.short || int(comment) != len(c.left) || disks != 0 || here != count || count == 0 || uint64(start)+uint64(length) != uint64(at) {
		return nil, 0, broken("zip: directory")
	}
	if count > maxEntries {
		return nil, 0, refuse(TooLarge, "zip: too many files")
	}
	c = cursor{left: content[start:at], order: binary.LittleEndian}
	for range count {
		if string(c.take(4)) != zipListed {
			return nil, 0, broken("zip: directory")
		}
		var e zipEntry
		c.take(4)
		e.flags, e.method = c.uint16(), c.uint16()
		c.take(8)
		e.size, e.unpacked = c.uint32(), c.uint32()
		name, extra, remark := c.uint16(), c.uint16(), c.uint16()
		c.take(8)
		e.offset = c.uint32()
		e.name = c.take(int(name))
		c.take(int(extra) + int(remark))
		entries = append(entries, e)
	}
	if c.short || len(c.left) > 0 {
		return nil, 0, broken("zip: directory")
	}
	return entries, at + 20, checkZipFiles(content[:start], entries)
}

// checkZipFiles sees to it that each file stands where the directory says, and none over another.
func checkZipFiles(content []byte, entries []zipEntry) error {
	entries = slices.Clone(entries)
	slices.SortFunc(entries, func(a, b zipEntry) int { return cmp.Compare(a.offset, b.offset) })
	at, unpacked := uint64(0), uint64(0)
	for i, e := range entries {
		if uint64(e.offset) < at || i == 0 && e.offset != 0 || uint64(e.offset) > uint64(len(content)) {
			return broken("zip: a file that is not where it should be")
		}
		c := cursor{left: content[e.offset:], order: binary.LittleEndian}
		begin := string(c.take(4))
		c.take(22)
		name, extra := c.uint16(), c.uint16()
		if begin != zipLocal || !bytes.Equal(c.take(int(name)), e.name) {
			return broken("zip: a file that is not where it should be")
		}
		c.take(int(extra))
		if c.short || uint64(e.size) > uint64(len(c.left)) {
			return broken("zip: a file runs past the end")
		}
		at = uint64(len(content)-len(c.left)) + uint64(e.size)
		unpacked += uint64(e.unpacked)
	}
	if unpacked > maxUnpacked {
		return refuse(TooLarge, "zip: too much when unpacked")
	}
	return nil
}

// endsAsZip says whether a program that unpacks archives would take a content for one: it looks for a directory from the end.
func endsAsZip(content []byte) bool {
	tail := max(0, len(content)-1<<16-22)
	for from := len(content); ; {
		at := bytes.LastIndex(content[tail:from], []byte(zipEnd))
		if at < 0 {
			return false
		}
		at += tail
		c := cursor{left: content[at+4:], order: binary.LittleEndian}
		c.take(8)
		length, start := uint64(c.uint32()), uint64(c.uint32())
		for _, place := range []uint64{start, uint64(at) - length} { // the second where something stands before the archive
			if !c.short && place < uint64(at) && bytes.HasPrefix(content[place:], []byte(zipListed)) {
				return true
			}
		}
		from = at
	}
}
