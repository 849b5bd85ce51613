package files

import "slices"

// Most items that a picture may be made of: one of 100 megapixels in tiles of 512 by 512 has some 400.
const maxItems = 10_000

// coded are the kinds of items of a HEIC or AVIF that are pictures, or say how to make one of others.
var coded = []string{"hvc1", "hev1", "lhv1", "vvc1", "avc1", "av01", "grid", "iden", "iovl", "tmap"}

// picture erases from a picture made of boxes the items that are none: Exif, XMP and whatever else hangs on it (ISO 23008-12).
// How it is to be turned stands in its properties, and stays.
func (f *film) picture() error {
	meta := box{f.meta.start, f.meta.body + 4, f.meta.end} // behind version and flags
	if err := f.inside("meta", meta); err != nil {
		return err
	}
	if f.shown == 0 {
		return broken("boxes: a picture without a size")
	}
	others := map[uint32]string{}
	if infos, ok := f.find(meta, "iinf"); ok {
		if err := f.items(infos, others); err != nil {
			return err
		}
	}
	main, ok := f.find(meta, "pitm")
	version, c := f.reader(main)
	if _, none := others[itemNumber(&c, version > 0)]; !ok || none || c.short {
		return broken("boxes: no picture in it")
	}
	data, _ := f.find(meta, "idat")
	if data.end > 0 {
		f.eraser.within = append(f.eraser.within, span{data.body, data.end})
		slices.SortFunc(f.eraser.within, func(a, b span) int { return a.from - b.from })
	}
	places, ok := f.find(meta, "iloc")
	if !ok {
		return broken("boxes: a picture without a place")
	}
	return f.eraseItems(places, data, others)
}

// extent checks how large a picture says it is.
func (f *film) extent(x box) error {
	_, c := f.reader(x)
	width, height := c.uint32(), c.uint32()
	f.shown++
	return checkPixels(width, height)
}

func itemNumber(c *cursor, wide bool) uint32 {
	if wide {
		return c.uint32()
	}
	return uint32(c.uint16())
}

// items reads what is in the file: others will hold, by their numbers, the items that are no pictures. Their names are emptied.
func (f *film) items(infos box, others map[uint32]string) error {
	version, c := f.reader(infos)
	if count := itemNumber(&c, version > 0); c.short || count > maxItems {
		return broken("boxes: items")
	}
	return f.each(infos.end-len(c.left), infos.end, func(x box) error {
		version, c := f.reader(x)
		if f.kind(x) != "infe" || version != 2 && version != 3 {
			return broken("boxes: an item of a kind that is not read")
		}
		number := itemNumber(&c, version == 3)
		c.take(2)
		kind := string(c.take(4))
		clear(c.left)
		if c.short || len(others) > maxItems {
			return broken("boxes: an item")
		}
		if !slices.Contains(coded, kind) {
			others[number] = kind
		}
		return nil
	})
}

// eraseItems erases the items that are no pictures from where they are said to be (ISO 14496-12, section 8.11.3).
func (f *film) eraseItems(places, data box, others map[uint32]string) error {
	version, c := f.reader(places)
	first, second := c.uint8(), c.uint8()
	if version > 2 {
		return broken("boxes: places of a kind that is not read")
	}
	count := itemNumber(&c, version == 2)
	for ; count > 0 && !c.short; count-- {
		kind, other := others[itemNumber(&c, version == 2)]
		method, base, index := uint16(0), 0, 0
		if version > 0 {
			method, index = c.uint16()&15, int(second&15)
		}
		elsewhere := c.uint16()
		base = c.size(int(second >> 4))
		extents := c.uint16()
		for range extents {
			c.size(index)
			at, length := base+c.size(int(first>>4)), c.size(int(first&15))
			if !other || c.short {
				continue
			}
			if method == 1 {
				at += data.body
			}
			if elsewhere != 0 || method > 1 || length == 0 {
				return broken("boxes: an item that is not in the file")
			}
			if err := f.eraser.erase(at, length); err != nil {
				return err
			}
			if kind == "Exif" && extents == 1 {
				f.emptyExif(at, length)
			}
		}
	}
	if c.short {
		return broken("boxes: places")
	}
	return nil
}

// emptyExif writes Exif without an entry into the room of what it was, so that no program takes it for damaged.
func (f *film) emptyExif(at, length int) {
	empty := []byte{0, 0, 0, 0, 'M', 'M', 0, 42, 0, 0, 0, 8, 0, 0, 0, 0, 0, 0}
	if length >= len(empty) {
		copy(f.boxes[at:], empty)
	}
}
