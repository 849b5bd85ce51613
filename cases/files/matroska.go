package files

import (
	"bytes"
	"slices"
	"strings"
)

// Elements of Matroska (RFC 9559) that are looked at; those that are kept as they are stand in the lists below.
const (
	mkHead       = 0x1A45DFA3
	mkDocType    = 0x4282
	mkSegment    = 0x18538067
	mkSeekHead   = 0x114D9B74
	mkSeek       = 0x4DBB
	mkSeekID     = 0x53AB
	mkInfo       = 0x1549A966
	mkTracks     = 0x1654AE6B
	mkTrack      = 0xAE
	mkNumber     = 0xD7
	mkType       = 0x83
	mkCodec      = 0x86
	mkPrivate    = 0x63A2
	mkCluster    = 0x1F43B675
	mkCues       = 0x1C53BB6B
	mkSimple     = 0xA3
	mkGroup      = 0xA0
	mkBlock      = 0xA1
	mkMuxingApp  = 0x4D80
	mkWritingApp = 0x5741
	mkVoid       = 0xEC
)

var (
	mkTopLevel = []uint32{mkSeekHead, mkInfo, mkTracks, mkCluster, mkCues}
	// What ends a cluster of open length: all of these, and tags, chapters, attachments.
	mkBesideClusters = append([]uint32{0x1254C367, 0x1043A770, 0x1941A469}, mkTopLevel...)

	mkOfHead = []uint32{0x4286, 0x42F7, 0x42F2, 0x42F3, mkDocType, 0x4287, 0x4285}
	mkOfInfo = []uint32{0x2AD7B1, 0x4489, mkMuxingApp, mkWritingApp} // scale of times, duration
	// Of a track: number, identity, flags, durations, language, codec and its delays, film, sound, packing.
	mkOfTrack = []uint32{
		mkNumber, 0x73C5, mkType, 0xB9, 0x88, 0x55AA, 0x9C, 0x6DE7, 0x6DF8, 0x23E383, 0x234E7A, 0x23314F, 0x55EE, 0x22B59C,
		0x22B59D, mkCodec, mkPrivate, 0xAA, 0x56AA, 0x56BB, 0xE0, 0xE1, 0x6D80,
	}
	// Of a cluster: time, place, length of the one before.
	mkOfCluster = []uint32{0xE7, 0xA7, 0xAB, mkSimple, mkGroup}
	// Of a group of blocks: additions (transparency), duration, references, padding.
	mkOfGroup = []uint32{mkBlock, 0x75A1, 0x9B, 0xFA, 0xFB, 0x75A2}
)

// mkCodecs begins the names of the codecs that are kept: those whose descriptions hold no texts, or texts that are known.
var mkCodecs = []string{"V_VP8", "V_VP9", "V_AV1", "V_MPEG4/ISO/", "V_MPEGH/ISO/", "A_OPUS", "A_VORBIS", "A_AAC", "A_MPEG/L3", "A_PCM/"}

// matroska is a film or a sound while it is looked at. Like boxes it is changed in its place.
type matroska struct {
	b           []byte
	docType     string
	seen, heard bool
	described   bool            // the tracks were met
	unwanted    map[uint64]bool // numbers of tracks that are neither seen nor heard
}

// element is an element, by where it stands.
type element struct {
	id               uint32
	start, body, end int
	open             bool // how long it is was not known
}

// cleanMatroska empties in a WebM or Matroska all that is not seen or heard: tags, titles, chapters, attachments, the time it
// was made, and tracks of subtitles and measurements.
func cleanMatroska(content []byte) (format, []byte, error) {
	m := matroska{b: bytes.Clone(content), unwanted: map[uint64]bool{}}
	head, ok := m.next(0, len(m.b))
	if !ok || head.id != mkHead || head.open {
		return format{}, nil, broken("matroska: header")
	}
	err := m.within(head, mkOfHead, func(e element) error {
		if e.id == mkDocType {
			m.docType = strings.TrimRight(string(m.b[e.body:e.end]), "\x00")
		}
		return nil
	})
	if err != nil {
		return format{}, nil, err
	}
	segment, ok := m.next(head.end, len(m.b))
	if !ok || segment.id != mkSegment {
		return format{}, nil, broken("matroska: nothing in it")
	}
	if err := m.segment(&segment); err != nil {
		return format{}, nil, err
	}
	m.b = m.b[:segment.end:segment.end]
	made, err := m.format()
	return made, m.b, err
}

func (m *matroska) format() (format, error) {
	switch {
	case !m.seen && !m.heard:
		return format{}, broken("matroska: nothing to see or to hear")
	case m.docType == "webm" && m.seen:
		return webmFormat, nil
	case m.docType == "webm":
		return webmSound, nil
	case m.docType == "matroska" && m.seen:
		return mkvFormat, nil
	case m.docType == "matroska":
		return mkaFormat, nil
	}
	return format{}, broken("matroska: of a kind that is not read")
}

// number reads a number of variable length (RFC 8794, section 4); with its marker it is an identity.
func (m *matroska) number(at, end int, marker bool) (value uint64, length int) {
	if at >= end || m.b[at] == 0 {
		return 0, 0
	}
	for length = 1; m.b[at]&(0x80>>(length-1)) == 0; length++ {
	}
	if length > end-at {
		return 0, 0
	}
	for _, b := range m.b[at : at+length] {
		value = value<<8 | uint64(b)
	}
	if !marker {
		value &= 1<<(7*length) - 1
	}
	return value, length
}

// next reads the element at a place; it must end by the given end.
func (m *matroska) next(at, end int) (element, bool) {
	id, n := m.number(at, end, true)
	if n == 0 || n > 4 {
		return element{}, false
	}
	size, s := m.number(at+n, end, false)
	body := at + n + s
	switch {
	case s == 0:
		return element{}, false
	case size == 1<<(7*s)-1:
		return element{uint32(id), at, body, end, true}, true
	case size > uint64(end-body):
		return element{}, false
	}
	return element{uint32(id), at, body, body + int(size), false}, true
}

// within calls do with the elements of a list within another; all others are emptied.
func (m *matroska) within(parent element, list []uint32, do func(element) error) error {
	for at := parent.body; at < parent.end; {
		e, ok := m.next(at, parent.end)
		if !ok || e.open {
			return broken("matroska: an element runs past the end")
		}
		at = e.end
		if !slices.Contains(list, e.id) {
			m.void(e)
			continue
		}
		if err := do(e); err != nil {
			return err
		}
	}
	return nil
}

// void makes of an element empty room of the same length.
func (m *matroska) void(e element) {
	if e.id == mkVoid {
		clear(m.b[e.body:e.end])
		return
	}
	room := m.b[e.start:e.end]
	clear(room)
	room[0] = mkVoid
	if len(room) < 9 {
		room[1] = 0x80 | byte(len(room)-2)
		return
	}
	room[1] = 0x01
	for i, left := 8, len(room)-9; i > 1; i-- {
		room[i] = byte(left)
		left >>= 8
	}
}

// segment looks at the elements of the one that holds all. A recorder that did not know how long it would run leaves its
// length open; what then is no element any more is cut off.
func (m *matroska) segment(segment *element) error {
	for at := segment.body; at < segment.end; {
		e, ok := m.next(at, segment.end)
		if !ok && segment.open && m.described {
			segment.end = at
			return nil
		}
		if !ok || e.open && e.id != mkCluster {
			return broken("matroska: an element runs past the end")
		}
		at = e.end
		var err error
		switch e.id {
		case mkSeekHead:
			err = m.within(e, []uint32{mkSeek}, m.seek)
		case mkInfo:
			err = m.within(e, mkOfInfo, m.info)
		case mkTracks:
			m.described = true
			err = m.within(e, []uint32{mkTrack}, m.track)
		case mkCluster:
			at, err = m.cluster(e)
		case mkCues:
		default:
			m.void(e)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// seek keeps the place of an element only where the element is kept.
func (m *matroska) seek(e element) error {
	for at := e.body; at < e.end; {
		x, ok := m.next(at, e.end)
		if !ok {
			return broken("matroska: a place")
		}
		if x.id == mkSeekID && !slices.Contains(mkTopLevel, uint32(m.unsigned(x))) {
			m.void(e)
			return nil
		}
		at = x.end
	}
	return nil
}

// info empties the names of the programs that made the file; the elements themselves must be there.
func (m *matroska) info(e element) error {
	if e.id == mkMuxingApp || e.id == mkWritingApp {
		clear(m.b[e.body:e.end])
	}
	return nil
}

// unsigned reads the number that an element holds.
func (m *matroska) unsigned(e element) (value uint64) {
	for _, b := range m.b[e.body:e.end] {
		value = value<<8 | uint64(b)
	}
	return value
}

// track keeps a track that is seen or heard.
func (m *matroska) track(e element) error {
	var number, kind uint64
	var codec string
	var private element
	err := m.within(e, mkOfTrack, func(x element) error {
		switch x.id {
		case mkNumber:
			number = m.unsigned(x)
		case mkType:
			kind = m.unsigned(x)
		case mkCodec:
			codec = strings.TrimRight(string(m.b[x.body:x.end]), "\x00")
		case mkPrivate:
			private = x
		}
		return nil
	})
	if err != nil {
		return err
	}
	switch kind {
	case 1:
		m.seen = true
	case 2:
		m.heard = true
	default:
		m.unwanted[number] = true
		m.void(e)
		return nil
	}
	if !slices.ContainsFunc(mkCodecs, func(begin string) bool { return strings.HasPrefix(codec, begin) }) {
		return refuse(Unsuitable, "matroska: a codec that is not known")
	}
	if codec == "A_VORBIS" {
		return emptyVorbis(m.b[private.body:private.end])
	}
	return nil
}

// emptyVorbis empties the comments among the three headers of Vorbis (RFC 9559 gives them as Xiph does: the lengths of the
// first two, in bytes of up to 255, stand before them).
func emptyVorbis(private []byte) error {
	c := cursor{left: private}
	if c.uint8() != 2 {
		return broken("matroska: headers of Vorbis")
	}
	var lengths [2]int
	for i := range lengths {
		for n := byte(255); n == 255 && !c.short; {
			n = c.uint8()
			lengths[i] += int(n)
		}
	}
	c.take(lengths[0])
	comments := c.take(lengths[1])
	if len(comments) < 16 || !bytes.HasPrefix(comments, []byte("\x03vorbis")) {
		return broken("matroska: headers of Vorbis")
	}
	clear(comments[7:])
	comments[15] = 1 // it ends well: no maker, no comments
	return nil
}

// cluster looks at the blocks of a cluster, and says where it ends. Where its length was left open, it ends where something
// begins that stands beside clusters.
func (m *matroska) cluster(cluster element) (int, error) {
	if !m.described {
		return 0, broken("matroska: a cluster before the tracks")
	}
	for at := cluster.body; at < cluster.end; {
		e, ok := m.next(at, cluster.end)
		switch {
		case cluster.open && (!ok || slices.Contains(mkBesideClusters, e.id)):
			return at, nil
		case !ok || e.open:
			return 0, broken("matroska: an element runs past the end")
		case !slices.Contains(mkOfCluster, e.id) || e.id == mkSimple && m.ofUnwanted(e):
			m.void(e)
		case e.id == mkGroup:
			if err := m.group(e); err != nil {
				return 0, err
			}
		}
		at = e.end
	}
	return cluster.end, nil
}

// group keeps a block and what is known of what stands beside it.
func (m *matroska) group(e element) error {
	unwanted := false
	err := m.within(e, mkOfGroup, func(x element) error {
		unwanted = unwanted || x.id == mkBlock && m.ofUnwanted(x)
		return nil
	})
	if unwanted {
		m.void(e)
	}
	return err
}

// ofUnwanted says whether a block is of a track that was taken out.
func (m *matroska) ofUnwanted(block element) bool {
	track, _ := m.number(block.body, block.end, false)
	return m.unwanted[track]
}
