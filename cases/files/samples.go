package files

import "encoding/binary"

// eraseSamples erases what a track's tables of chunks say is its own (ISO 14496-12, section 8.7).
func (f *film) eraseSamples(table box) error {
	sizes, ok := f.sampleSizes(table)
	stsc, found := f.find(table, "stsc")
	offsets, wide := f.find(table, "co64")
	width := 8
	if !wide {
		offsets, wide = f.find(table, "stco")
		width = 4
	}
	if !ok || !found || !wide {
		return broken("boxes: a track without its tables")
	}
	_, places := f.reader(offsets)
	runs := runsOf(f.reader(stsc))
	for chunk, last := uint32(1), places.uint32(); chunk != 0 && chunk <= last; chunk++ {
		at, length := places.size(width), sizes(runs(chunk))
		if places.short || length < 0 {
			return broken("boxes: a track's tables")
		}
		if length == 0 {
			continue
		}
		if err := f.eraser.erase(at, length); err != nil {
			return err
		}
	}
	return nil
}

// runsOf reads how many samples there are in a chunk, asked of one chunk after another: each run says from which chunk on.
func runsOf(_ uint8, c cursor) func(chunk uint32) uint32 {
	left := c.uint32()
	var samples uint32
	return func(chunk uint32) uint32 {
		for left > 0 && len(c.left) >= 12 && binary.BigEndian.Uint32(c.left) <= chunk {
			c.take(4)
			samples = c.uint32()
			c.take(4)
			left--
		}
		return samples
	}
}

// sampleSizes reads the sizes of samples: what it returns says how long the next samples are together, and is less than 0
// where no file here could hold them.
func (f *film) sampleSizes(table box) (func(samples uint32) int, bool) {
	if x, ok := f.find(table, "stsz"); ok {
		_, c := f.reader(x)
		if each, left := c.uint32(), c.uint32(); each > 0 {
			return func(samples uint32) int {
				samples = min(samples, left)
				left -= samples
				if length := uint64(each) * uint64(samples); length <= MaxSize {
					return int(length)
				}
				return -1
			}, !c.short
		}
		return sumOf(c, 4), true
	}
	if x, ok := f.find(table, "stz2"); ok {
		_, c := f.reader(x)
		bits := c.uint32() & 0xFF
		c.take(4)
		if bits == 8 || bits == 16 {
			return sumOf(c, int(bits/8)), true
		}
	}
	return nil, false
}

// sumOf adds up the next sizes of a table, of so many bytes each.
func sumOf(c cursor, width int) func(samples uint32) int {
	return func(samples uint32) int {
		sum := 0
		for ; samples > 0 && len(c.left) >= width; samples-- {
			for shift, b := width-1, c.take(width); shift >= 0; shift-- {
				sum += int(b[width-1-shift]) << (8 * shift)
			}
			if sum > MaxSize {
				return -1
			}
		}
		return sum
	}
}
