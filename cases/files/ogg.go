package files

import (
	"bytes"
	"encoding/binary"
)

// cleanOgg keeps the sound of an Ogg with Opus or Vorbis. Its comments become empty ones of nobody, and its pages are numbered
// and summed anew, as there may be fewer of them. A second stream beside or behind the first goes.
func cleanOgg(content []byte) (format, []byte, error) {
	o := ogg{left: content, out: make([]byte, 0, len(content)+256)}
	packets, err := o.headers()
	if err != nil {
		return format{}, nil, err
	}
	for i, packet := range packets {
		o.write(packet, i == 0)
	}
	headers := o.count
	for {
		page, ok := o.page()
		if !ok || page.serial != o.serial || page.flags&oggFirst != 0 {
			break
		}
		if o.count == headers && page.flags&oggContinued != 0 {
			return format{}, nil, broken("ogg: sound without a beginning")
		}
		page.flags &= oggContinued | oggLast
		o.append(page)
	}
	if o.count == headers {
		return format{}, nil, broken("ogg: no sound in it")
	}
	return oggFormat, o.out, nil
}

// Flags of a page (RFC 3533, section 6).
const (
	oggContinued = 1
	oggFirst     = 2
	oggLast      = 4
)

// oggPage is a page; lacing says how its body falls apart into packets.
type oggPage struct {
	flags        byte
	position     uint64
	serial       uint32
	lacing, body []byte
}

// ogg is a stream while it is looked at.
type ogg struct {
	left   []byte
	serial uint32
	out    []byte
	count  uint32 // pages in out
}

// page reads the next page, if it is one and whole.
func (o *ogg) page() (oggPage, bool) {
	c := cursor{left: o.left, order: binary.LittleEndian}
	head := c.take(26)
	lacing := c.take(int(c.uint8()))
	if c.short || string(head[:5]) != "OggS\x00" {
		return oggPage{}, false
	}
	length := 0
	for _, n := range lacing {
		length += int(n)
	}
	body := c.take(length)
	if c.short {
		return oggPage{}, false
	}
	sum := oggSum(0, head[:22])
	sum = oggSum(sum, make([]byte, 4))
	sum = oggSum(sum, o.left[26:27+len(lacing)+length])
	if sum != binary.LittleEndian.Uint32(head[22:]) {
		return oggPage{}, false
	}
	o.left = c.left
	return oggPage{head[5], binary.LittleEndian.Uint64(head[6:]), binary.LittleEndian.Uint32(head[14:]), lacing, body}, true
}

// headers reads the packets before the sound, and empties the comments. They fill whole pages.
func (o *ogg) headers() ([][]byte, error) {
	first, ok := o.page()
	if !ok || first.flags != oggFirst || len(first.lacing) != 1 || first.lacing[0] == 255 {
		return nil, broken("ogg: header")
	}
	o.serial = first.serial
	packets := [][]byte{first.body}
	var want int
	switch head := first.body; {
	case bytes.HasPrefix(head, []byte("OpusHead")) && len(head) >= 19:
		want = 2
		if head[18] == 0 {
			packets[0] = head[:19:19]
		}
	case bytes.HasPrefix(head, []byte("\x01vorbis")) && len(head) == 30:
		want = 3
	default:
		return nil, refuse(Unsuitable, "ogg: neither Opus nor Vorbis")
	}
	var packet []byte
	for len(packets) < want {
		page, ok := o.page()
		if !ok || page.serial != o.serial || page.flags&oggFirst != 0 {
			return nil, broken("ogg: header")
		}
		for _, n := range page.lacing {
			packet, page.body = append(packet, page.body[:n]...), page.body[n:]
			if n == 255 {
				continue
			}
			packets, packet = append(packets, packet), nil
		}
	}
	if len(packets) != want || packet != nil {
		return nil, broken("ogg: header and sound on one page")
	}
	return packets, emptyComments(packets)
}

// emptyComments replaces the second header, that of the comments (RFC 7845, section 5.2; Vorbis I, section 5).
func emptyComments(packets [][]byte) error {
	switch comments := packets[1]; {
	case bytes.HasPrefix(comments, []byte("OpusTags")):
		packets[1] = []byte("OpusTags\x00\x00\x00\x00\x00\x00\x00\x00") // no maker, no comments
	case bytes.HasPrefix(comments, []byte("\x03vorbis")) && len(packets) == 3 && bytes.HasPrefix(packets[2], []byte("\x05vorbis")):
		packets[1] = []byte("\x03vorbis\x00\x00\x00\x00\x00\x00\x00\x00\x01")
	default:
		return broken("ogg: comments")
	}
	return nil
}

// write puts a header on pages of its own.
func (o *ogg) write(packet []byte, first bool) {
	flags := byte(0)
	if first {
		flags = oggFirst
	}
	const most = 255 * 255
	for len(packet) >= most {
		o.append(oggPage{flags, 1<<64 - 1, o.serial, bytes.Repeat([]byte{255}, 255), packet[:most]}) // no packet ends here
		packet, flags = packet[most:], oggContinued
	}
	lacing := append(bytes.Repeat([]byte{255}, len(packet)/255), byte(len(packet)%255))
	o.append(oggPage{flags, 0, o.serial, lacing, packet})
}

func (o *ogg) append(page oggPage) {
	start := len(o.out)
	o.out = append(append(o.out, "OggS\x00"...), page.flags)
	o.out = binary.LittleEndian.AppendUint64(o.out, page.position)
	o.out = binary.LittleEndian.AppendUint32(o.out, page.serial)
	o.out = binary.LittleEndian.AppendUint32(o.out, o.count)
	o.out = append(o.out, 0, 0, 0, 0, byte(len(page.lacing)))
	o.out = append(append(o.out, page.lacing...), page.body...)
	binary.LittleEndian.PutUint32(o.out[start+22:], oggSum(0, o.out[start:]))
	o.count++
}

// oggTable is of the check sum of RFC 3533, section 6: that of package crc32, but with its bits in the other order.
var oggTable = func() (table [256]uint32) {
	for i := range table {
		sum := uint32(i) << 24
		for range 8 {
			if sum&(1<<31) != 0 {
				sum = sum<<1 ^ 0x04C11DB7
			} else {
				sum <<= 1
			}
		}
		table[i] = sum
	}
	return table
}()

func oggSum(sum uint32, content []byte) uint32 {
	for _, b := range content {
		sum = sum<<8 ^ oggTable[byte(sum>>24)^b]
	}
	return sum
}
