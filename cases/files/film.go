package files

import (
	"slices"
	"strings"
)

// Most of its boxes that a file may hold side by side. A film that was recorded in pieces has two for each.
const maxBoxes = 100_000

// film is a file of boxes while it is looked at: MP4, QuickTime, 3GP, M4A, HEIC or AVIF.
type film struct {
	boxes
	brands  []string
	moov    box
	meta    box // of a picture
	samples []span
	shown   int  // sizes of pictures that are said
	pieces  bool // it was recorded in pieces, each with its own table
	eraser  *eraser
	seen    bool // something to look at
	heard   bool
	dropped bool // a track was taken out
}

// cleanBoxes empties in a film, a sound or a picture made of boxes all that is not seen or heard: the times and places it was
// made, texts and tags of any maker, tracks of measurements (where a camera flew, how it was held) and of subtitles. The boxes
// stay where they are, as empty room.
func cleanBoxes(content []byte) (format, []byte, error) {
	f := film{boxes: slices.Clone(content)}
	if err := f.outermost(); err != nil {
		return format{}, nil, err
	}
	f.eraser = &eraser{content: f.boxes, within: f.samples}
	if f.meta.end > 0 {
		if err := f.picture(); err != nil {
			return format{}, nil, err
		}
	}
	if f.moov.end > 0 {
		if err := f.movie(); err != nil {
			return format{}, nil, err
		}
	}
	made, err := f.format()
	return made, f.boxes, err
}

// outermost looks at the boxes side by side, empties those that are not wanted, and cuts off what is none.
func (f *film) outermost() error {
	count := 0
	for at := 0; at < len(f.boxes); count++ {
		x, ok := f.next(at, len(f.boxes), true)
		if !ok {
			if end := len(f.boxes); at == 0 || end-at >= 8 && mayHold("", string(f.boxes[at+4:at+8])) {
				return broken("boxes: one runs past the end")
			}
			f.boxes = f.boxes[:at:at] // something that was hung behind
			break
		}
		if count == maxBoxes {
			return broken("boxes: too many")
		}
		if err := f.outer(x); err != nil {
			return err
		}
		at = x.end
	}
	if f.moov.end == 0 && f.meta.end == 0 {
		return broken("boxes: nothing in it")
	}
	return nil
}

func (f *film) outer(x box) error {
	switch kind := f.kind(x); {
	case kind == "ftyp" && f.brands == nil && x.end-x.body <= 1024:
		for at := x.body; at+4 <= x.end; at += 4 {
			f.brands = append(f.brands, string(f.boxes[at:at+4]))
		}
		f.brands = slices.Delete(f.brands, min(1, len(f.brands)), min(2, len(f.brands))) // the version of the first
	case kind == "ftyp", kind == "moov" && f.moov.end > 0, kind == "meta" && f.meta.end > 0:
		return broken("boxes: two beginnings")
	case kind == "moov":
		f.moov = x
	case kind == "mdat":
		f.samples = append(f.samples, span{x.body, x.end})
	case kind == "meta" && f.handler(box{x.start, x.body + 4, x.end}) == "pict":
		f.meta = x
	case kind == "moof":
		f.pieces = true
		return f.inside(kind, x)
	case kind == "mfra":
		return f.inside(kind, x)
	case kind == "free" || kind == "skip" || kind == "wide":
		clear(f.boxes[x.body:x.end])
	case kind == "meta" || !mayHold("", kind):
		f.free(x)
	}
	return nil
}

// handler is what the boxes within another are for: pict, vide, soun.
func (f *film) handler(x box) string {
	if h, ok := f.find(x, "hdlr"); ok && h.end-h.body >= 12 {
		return string(f.boxes[h.body+8 : h.body+12])
	}
	return ""
}

// inside looks at the boxes within a box.
func (f *film) inside(parent string, x box) error {
	return f.each(x.body, x.end, func(child box) error {
		kind := f.kind(child)
		if !mayHold(parent, kind) {
			f.free(child)
			return nil
		}
		switch kind {
		case "trak":
			return f.track(child)
		case "mdia", "minf", "gmhd", "dinf", "stbl", "edts", "mvex", "traf", "iprp", "ipco":
			return f.inside(kind, child)
		case "ispe":
			return f.extent(child)
		case "mvhd", "tkhd", "mdhd":
			return f.forgetTimes(child)
		case "hdlr":
			if child.end-child.body < 12 {
				return broken("boxes: a handler")
			}
			clear(f.boxes[child.body+12 : child.end]) // its maker and its name
		case "dref":
			return f.referToItself(child)
		}
		return nil
	})
}

// movie looks at what describes a film. Where a track was taken out of it, no other may refer to it.
func (f *film) movie() error {
	if err := f.inside("moov", f.moov); err != nil || !f.dropped {
		return err
	}
	return f.each(f.moov.body, f.moov.end, func(x box) error {
		if references, ok := f.find(x, "tref"); ok && f.kind(x) == "trak" {
			f.free(references)
		}
		return nil
	})
}

// track keeps a track that is seen or heard; what belongs to any other is erased.
func (f *film) track(x box) error {
	media, _ := f.find(x, "mdia")
	switch f.handler(media) {
	case "vide", "pict", "auxv":
		f.seen = true
		if stsd, ok := f.find(media, "minf", "stbl", "stsd"); ok {
			f.forgetEncoder(stsd)
		}
	case "soun":
		f.heard = true
	default:
		f.dropped = true
		if f.pieces {
			return broken("boxes: a track of measurements in pieces")
		}
		if table, ok := f.find(media, "minf", "stbl"); ok {
			if err := f.eraseSamples(table); err != nil {
				return err
			}
		}
		f.free(x)
		return nil
	}
	return f.inside("trak", x)
}

// forgetTimes empties when something was made and changed. Both stand first, in 4 or 8 bytes each.
func (f *film) forgetTimes(x box) error {
	length := 8
	if x.end > x.body && f.boxes[x.body] == 1 {
		length = 16
	}
	if x.end-x.body < 4+length {
		return broken("boxes: a header")
	}
	clear(f.boxes[x.body+4 : x.body+4+length])
	return nil
}

// referToItself makes a file that says its samples are in another file, and where, say that they are in this one.
func (f *film) referToItself(x box) error {
	if x.end-x.body < 8 {
		return broken("boxes: a reference")
	}
	return f.each(x.body+8, x.end, func(entry box) error {
		if entry.end-entry.body < 4 {
			return broken("boxes: a reference")
		}
		clear(f.boxes[entry.body:entry.end])
		f.boxes[entry.body+3] = 1
		return nil
	})
}

// sampleParts are the boxes that may follow the fields of a coded film's description.
var sampleParts = []string{
	"avcC", "hvcC", "lhvC", "vvcC", "av1C", "vpcC", "dvcC", "dvvC", "dvwC", "esds", "d263", "bitr", "colr", "pasp", "clap", "btrt",
	"fiel", "gama", "chrm", "mdcv", "clli", "SmDm", "CoLL", "amve", "st3d", "sv3d", "ccst", "auxi",
}

// forgetEncoder empties the names of the maker and of the program in the descriptions of a coded film (ISO 14496-12, section
// 12.1.3), and what does not belong there.
func (f *film) forgetEncoder(stsd box) {
	const fields = 78
	for at := min(stsd.body+8, stsd.end); at < stsd.end; {
		entry, ok := f.next(at, stsd.end, false)
		if !ok || entry.end-entry.body < fields {
			return
		}
		clear(f.boxes[entry.body+12 : entry.body+16])
		clear(f.boxes[entry.body+42 : entry.body+74])
		for at := entry.body + fields; at < entry.end; {
			part, ok := f.next(at, entry.end, false)
			if !ok {
				break
			}
			if !slices.Contains(sampleParts, f.kind(part)) {
				f.free(part)
			}
			at = part.end
		}
		at = entry.end
	}
}

// format tells by what there is in it what a file of boxes is.
func (f *film) format() (format, error) {
	has := func(brands ...string) bool {
		return slices.ContainsFunc(f.brands, func(b string) bool { return slices.Contains(brands, b) })
	}
	first := ""
	if len(f.brands) > 0 {
		first = f.brands[0]
	}
	three := strings.HasPrefix(first, "3g")
	switch {
	case first == "crx ":
		return format{}, refuse(Unsuitable, "a camera's raw picture")
	case f.meta.end > 0 && has("avif", "avis"):
		return avifFormat, nil
	case f.meta.end > 0 && has("heic", "heix", "hevc", "hevx"):
		return heicFormat, nil
	case f.meta.end > 0:
		return heifFormat, nil
	case !f.seen && !f.heard:
		return format{}, broken("boxes: nothing to see or to hear")
	case f.seen && three:
		return threeFilm, nil
	case three:
		return threeSound, nil
	case f.seen && (first == "" || first == "qt  "):
		return movFormat, nil
	case f.seen:
		return mp4Format, nil
	}
	return m4aFormat, nil
}
