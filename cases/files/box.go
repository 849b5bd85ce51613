package files

import (
	"encoding/binary"
	"slices"
	"strings"
)

// box is a box of an ISO base media file (ISO 14496-12, section 4.2), by where it stands in the content.
type box struct{ start, body, end int }

// boxes are a content of boxes that is changed in its place: offsets point into it from everywhere, so nothing may move.
type boxes []byte

func (b boxes) kind(x box) string { return string(b[x.start+4 : x.start+8]) }

// next reads the box at a place; it must end by the given end. Only where nothing is around it may it say that it goes on to
// the end.
func (b boxes) next(at, end int, outermost bool) (box, bool) {
	if end-at < 8 {
		return box{}, false
	}
	size, body := uint64(binary.BigEndian.Uint32(b[at:])), at+8
	switch {
	case size == 1 && end-at >= 16:
		size, body = binary.BigEndian.Uint64(b[at+8:]), at+16
	case size == 0 && outermost:
		size = uint64(end - at)
	}
	if size < uint64(body-at) || size > uint64(end-at) {
		return box{}, false
	}
	return box{at, body, at + int(size)}, true
}

// each calls do with each box between two places.
func (b boxes) each(from, to int, do func(box) error) error {
	for at := from; at < to; {
		x, ok := b.next(at, to, false)
		if !ok {
			return broken("boxes: one runs past the end")
		}
		if err := do(x); err != nil {
			return err
		}
		at = x.end
	}
	return nil
}

// find returns the first box of a kind within another, and of a kind within that, and so on.
func (b boxes) find(x box, path ...string) (box, bool) {
	for _, kind := range path {
		found := false
		for at := x.body; at < x.end && !found; {
			child, ok := b.next(at, x.end, false)
			if !ok {
				return box{}, false
			}
			found, at = b.kind(child) == kind, child.end
			if found {
				x = child
			}
		}
		if !found {
			return box{}, false
		}
	}
	return x, true
}

// free makes of a box empty room.
func (b boxes) free(x box) {
	copy(b[x.start+4:], "free")
	clear(b[x.body:x.end])
}

// reader reads the body of a box, behind its version and flags.
func (b boxes) reader(x box) (version uint8, c cursor) {
	c = cursor{left: b[x.body:x.end], order: binary.BigEndian}
	version = c.uint8()
	c.take(3)
	return version, c
}

// allowed lists which boxes may stand in which; "" is the file. What is not listed is emptied.
var allowed = map[string][]string{
	"":     strings.Fields("ftyp styp moov moof mfra mdat meta sidx ssix pdin"),
	"moov": strings.Fields("mvhd trak mvex iods"),
	"mvex": strings.Fields("mehd trex leva"),
	"trak": strings.Fields("tkhd tref edts mdia tapt"),
	"edts": strings.Fields("elst"),
	"mdia": strings.Fields("mdhd hdlr elng minf"),
	"minf": strings.Fields("vmhd smhd nmhd gmhd hdlr dinf stbl"),
	"gmhd": strings.Fields("gmin"),
	"dinf": strings.Fields("dref"),
	"stbl": strings.Fields("stsd stts ctts cslg stsc stsz stz2 stco co64 stss stsh sdtp stdp padb sbgp sgpd subs saiz saio"),
	"moof": strings.Fields("mfhd traf"),
	"traf": strings.Fields("tfhd tfdt trun sdtp sbgp sgpd subs saiz saio"),
	"mfra": strings.Fields("tfra mfro"),

	"meta": strings.Fields("hdlr pitm iinf iloc iref iprp idat dinf grpl"),
	"iprp": strings.Fields("ipco ipma"),
	"ipco": strings.Fields("ispe pixi colr pasp clap irot imir auxC hvcC lhvC vvcC avcC av1C a1op a1lx lsel rref clli mdcv cclv amve reve ndwt " +
		"iscl oinf tols subs"),
}

// mayHold says whether a box may stand in another.
func mayHold(parent, kind string) bool { return slices.Contains(allowed[parent], kind) }

// span is a part of the content.
type span struct{ from, to int }

// eraser empties parts of the content that are referred to by their place. They must lie within the parts that hold samples
// and pictures, so that no box can be hit, and may not be more than there is.
type eraser struct {
	content boxes
	within  []span // in their order
	erased  int
}

func (e *eraser) erase(from, length int) error {
	i, exact := slices.BinarySearchFunc(e.within, from, func(s span, at int) int { return s.from - at })
	if !exact {
		i--
	}
	if e.erased += length; i < 0 || length > e.within[i].to-from || e.erased > len(e.content) {
		return broken("boxes: what must go is not where it says")
	}
	clear(e.content[from : from+length])
	return nil
}
