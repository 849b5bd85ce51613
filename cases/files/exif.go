package files

import (
	"bytes"
	"encoding/binary"
)

// upright is the orientation of a picture that is shown as it is.
const upright = 1

// orientation reads from Exif how a picture is to be turned: a number from 1 to 8 (Exif 2.32, section 4.6.4). It is all that
// is wanted of Exif. What can't be read is upright.
func orientation(tiff []byte) byte {
	tiff = bytes.TrimPrefix(tiff, []byte("Exif\x00\x00"))
	c := cursor{left: tiff}
	switch string(c.take(2)) {
	case "MM":
		c.order = binary.BigEndian
	case "II":
		c.order = binary.LittleEndian
	default:
		return upright
	}
	if c.uint16() != 42 {
		return upright
	}
	first := int64(c.uint32())
	if c.short || first > int64(len(tiff)) {
		return upright
	}
	c.left = tiff[first:]
	for range c.uint16() {
		tag, kind, count, value := c.uint16(), c.uint16(), c.uint32(), c.uint16()
		c.take(2)
		if c.short {
			return upright
		}
		if tag == 0x0112 && kind == 3 && count == 1 && value >= 1 && value <= 8 {
			return byte(value)
		}
	}
	return upright
}

// exifOf is Exif that says how a picture is to be turned, and nothing else.
func exifOf(orientation byte) []byte {
	return []byte{
		'M', 'M', 0, 42, 0, 0, 0, 8, // big endian; the first directory stands at 8
		0, 1, // one entry
		0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, orientation, 0, 0,
		0, 0, 0, 0, // no further directory
	}
}
