package files

import (
	"bytes"
	"encoding/binary"
)

// Flags of a WebP's VP8X chunk (RFC 9649, section 2.7).
const (
	webpAnimated = 0x02
	webpExif     = 0x08
	webpAlpha    = 0x10
	webpProfile  = 0x20
)

// cleanWebP keeps of a WebP its pictures, transparency, colour profile and movement. XMP, Exif but for how the picture is to
// be turned, whatever is not known, and what follows the end go.
func cleanWebP(content []byte) (format, []byte, error) {
	c, err := riff(content, "WEBP", false)
	if err != nil {
		return format{}, nil, err
	}
	out := appendRIFF("WEBP", len(content)+64)
	name, body := c.chunk()
	switch {
	case c.short:
		return format{}, nil, broken("webp: no picture in it")
	case name == "VP8 " || name == "VP8L":
		if err := checkWebPPicture(name, body); err != nil {
			return format{}, nil, err
		}
		return webpFormat, endRIFF(appendChunk(out, name, body)), nil
	case name != "VP8X" || len(body) != 10:
		return format{}, nil, broken("webp: no picture in it")
	}
	if err := checkPixels(uint24(body[4:])+1, uint24(body[7:])+1); err != nil {
		return format{}, nil, err
	}
	w := webp{cursor: c, out: appendChunk(out, "VP8X", body), orientation: upright}
	if err := w.chunks(); err != nil {
		return format{}, nil, err
	}
	return webpFormat, w.finish(body[0]), nil
}

// webp is a picture of several chunks while it is looked at.
type webp struct {
	cursor
	out         []byte
	orientation byte
	profile     bool
	pictures    int
}

func (w *webp) chunks() error {
	for len(w.left) > 0 {
		name, body := w.chunk()
		if w.short {
			return broken("webp: a chunk runs past the end")
		}
		switch name {
		case "VP8 ", "VP8L":
			if err := checkWebPPicture(name, body); err != nil {
				return err
			}
			w.pictures++
		case "ANMF":
			frame, err := webpFrame(body)
			if err != nil {
				return err
			}
			body = frame
			w.pictures++
		case "ICCP":
			if w.profile {
				continue
			}
			w.profile = true
		case "EXIF":
			if w.orientation == upright {
				w.orientation = orientation(body)
			}
			continue
		case "ALPH", "ANIM":
		default:
			continue
		}
		w.out = appendChunk(w.out, name, body)
	}
	if w.pictures == 0 {
		return broken("webp: no picture in it")
	}
	return nil
}

// finish writes the flags anew, as the chunks are now.
func (w *webp) finish(flags byte) []byte {
	flags &= webpAnimated | webpAlpha
	if w.profile {
		flags |= webpProfile
	}
	if w.orientation != upright {
		flags |= webpExif
		w.out = appendChunk(w.out, "EXIF", exifOf(w.orientation))
	}
	const vp8x = 12 + 8 // where the body of the first chunk stands
	copy(w.out[vp8x:], []byte{flags, 0, 0, 0})
	return endRIFF(w.out)
}

// webpFrame is a frame of a moving picture, without chunks that are not known.
func webpFrame(body []byte) ([]byte, error) {
	c := cursor{left: body, order: binary.LittleEndian}
	out := bytes.Clone(c.take(16))
	pictures := 0
	for len(c.left) > 0 {
		name, part := c.chunk()
		switch {
		case c.short:
		case name == "VP8 " || name == "VP8L":
			if err := checkWebPPicture(name, part); err != nil {
				return nil, err
			}
			pictures++
			out = appendChunk(out, name, part)
		case name == "ALPH":
			out = appendChunk(out, name, part)
		}
	}
	if c.short || pictures != 1 {
		return nil, broken("webp: a frame")
	}
	return out, nil
}

// checkWebPPicture reads how large a coded picture is (RFC 6386, section 9.1; RFC 9649, section 3.4).
func checkWebPPicture(name string, body []byte) error {
	if name == "VP8L" {
		if len(body) < 5 || body[0] != 0x2F {
			return broken("webp: a picture")
		}
		size := binary.LittleEndian.Uint32(body[1:])
		return checkPixels(size&0x3FFF+1, size>>14&0x3FFF+1)
	}
	if len(body) < 10 || !bytes.Equal(body[3:6], []byte{0x9D, 0x01, 0x2A}) {
		return broken("webp: a picture")
	}
	return checkPixels(uint32(binary.LittleEndian.Uint16(body[6:])&0x3FFF), uint32(binary.LittleEndian.Uint16(body[8:])&0x3FFF))
}

func uint24(b []byte) uint32 { return uint32(b[0]) | uint32(b[1])<<8 | uint32(b[2])<<16 }
