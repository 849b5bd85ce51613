package files

import (
	"bytes"
	"encoding/binary"
	"slices"
)

// Markers of JPEG (ITU-T T.81, table B.1).
const (
	jpegSOF0, jpegSOF1, jpegSOF2 = 0xC0, 0xC1, 0xC2 // baseline, extended, progressive: what is met in life
	jpegDHT, jpegDQT, jpegDRI    = 0xC4, 0xDB, 0xDD
	jpegSOI, jpegEOI, jpegSOS    = 0xD8, 0xD9, 0xDA
	jpegAPP0, jpegAPP1           = 0xE0, 0xE1
	jpegAPP2, jpegAPP14          = 0xE2, 0xEE
	jpegAPP15, jpegCOM           = 0xEF, 0xFE
)

// More of them than any camera writes: they are there to keep somebody busy.
const (
	maxSegments = 5000
	maxScans    = 500
)

// jpeg is a picture while it is looked at.
type jpeg struct {
	content     []byte
	at          int
	pieces      [][]byte // what is kept, in its order
	jfif        []byte
	orientation byte
	framed      bool
	scans       int
}

// cleanJPEG keeps of a JPEG what the picture is made of, the colour profile, and how it is to be turned. All else that an
// application wrote goes (Exif, XMP, IPTC, comments, thumbnails), and so does whatever follows the end of the picture.
func cleanJPEG(content []byte) (format, []byte, error) {
	j := jpeg{content: content, at: 2, orientation: upright}
	if !bytes.HasPrefix(content, []byte{0xFF, jpegSOI}) {
		return format{}, nil, broken("jpeg: no beginning")
	}
	for segments := 0; ; segments++ {
		if segments > maxSegments {
			return format{}, nil, broken("jpeg: too many segments")
		}
		done, err := j.segment()
		if err != nil {
			return format{}, nil, err
		}
		if done {
			return jpegFormat, j.assemble(), nil
		}
	}
}

// segment reads one segment, and says whether it was the end of the picture.
func (j *jpeg) segment() (bool, error) {
	next := bytes.IndexByte(j.content[j.at:], 0xFF) // before it stands nothing, or what no program reads
	if next < 0 {
		return false, broken("jpeg: no end")
	}
	for j.at += next; j.at < len(j.content) && j.content[j.at] == 0xFF; {
		j.at++
	}
	if j.at == len(j.content) {
		return false, broken("jpeg: no end")
	}
	start, marker := j.at-1, j.content[j.at]
	j.at++
	if marker == jpegEOI {
		if j.scans == 0 {
			return false, broken("jpeg: no picture in it")
		}
		return true, nil
	}
	c := cursor{left: j.content[j.at:], order: binary.BigEndian}
	body := c.take(int(c.uint16()) - 2)
	if c.short {
		return false, broken("jpeg: a segment runs past the end")
	}
	j.at += 2 + len(body)
	return false, j.keep(marker, start, body)
}

// keep decides what is left of a segment that begins at start and ends where we are.
func (j *jpeg) keep(marker byte, start int, body []byte) error {
	whole := j.content[start:j.at]
	switch marker {
	case jpegSOF0, jpegSOF1, jpegSOF2:
		j.pieces = append(j.pieces, whole)
		return j.frame(body)
	case jpegDQT, jpegDHT:
		j.pieces = append(j.pieces, whole)
		return checkTables(marker, body)
	case jpegDRI:
		j.pieces = append(j.pieces, whole)
		if len(body) != 2 {
			return broken("jpeg: restart interval of a wrong length")
		}
		return nil
	case jpegSOS:
		return j.scan(start, body)
	}
	if marker != jpegCOM && (marker < jpegAPP0 || marker > jpegAPP15) {
		return broken("jpeg: a segment of a kind that is not read")
	}
	j.application(marker, body)
	return nil
}

// frame checks how large the picture is.
func (j *jpeg) frame(body []byte) error {
	c := cursor{left: body, order: binary.BigEndian}
	_, height, width, parts := c.uint8(), c.uint16(), c.uint16(), c.uint8()
	if c.short || j.framed || parts == 0 || parts > 4 || len(body) != 6+3*int(parts) {
		return broken("jpeg: frame header")
	}
	j.framed = true
	return checkPixels(uint32(width), uint32(height))
}

// checkTables sees to it that nothing stands behind the tables of a segment.
func checkTables(marker byte, body []byte) error {
	c := cursor{left: body, order: binary.BigEndian}
	for len(c.left) > 0 {
		head, length := c.uint8(), 64
		if marker == jpegDHT {
			length = 0
			for _, n := range c.take(16) {
				length += int(n)
			}
		} else if head>>4 != 0 {
			length = 128
		}
		c.take(length)
	}
	if c.short {
		return broken("jpeg: table")
	}
	return nil
}

// scan keeps a scan: its header, and the coded picture up to the next marker.
func (j *jpeg) scan(start int, body []byte) error {
	if j.scans++; j.scans > maxScans {
		return broken("jpeg: too many scans")
	}
	if !j.framed || len(body) == 0 || body[0] == 0 || body[0] > 4 || len(body) != 4+2*int(body[0]) {
		return broken("jpeg: scan header")
	}
	for {
		next := bytes.IndexByte(j.content[j.at:], 0xFF)
		if next < 0 || j.at+next+1 == len(j.content) {
			return broken("jpeg: no end")
		}
		j.at += next
		if after := j.content[j.at+1]; after != 0 && (after < 0xD0 || after > 0xD7) {
			break // neither a stuffed byte nor a restart
		}
		j.at += 2
	}
	j.pieces = append(j.pieces, j.content[start:j.at])
	return nil
}

// application keeps the little that is wanted of what applications write: what changes how the picture looks.
func (j *jpeg) application(marker byte, body []byte) {
	switch {
	case marker == jpegAPP0 && j.jfif == nil && len(body) >= 14 && bytes.HasPrefix(body, []byte("JFIF\x00")):
		j.jfif = append([]byte{0xFF, jpegAPP0, 0, 16}, body[:12]...)
		j.jfif = append(j.jfif, 0, 0) // no thumbnail
	case marker == jpegAPP1 && bytes.HasPrefix(body, []byte("Exif\x00\x00")) && j.orientation == upright:
		j.orientation = orientation(body)
	case marker == jpegAPP2 && bytes.HasPrefix(body, []byte("ICC_PROFILE\x00")):
		j.pieces = append(j.pieces, slices.Concat([]byte{0xFF, jpegAPP2}, length16(len(body)), body))
	case marker == jpegAPP14 && len(body) >= 12 && bytes.HasPrefix(body, []byte("Adobe")):
		j.pieces = append(j.pieces, slices.Concat([]byte{0xFF, jpegAPP14, 0, 14}, body[:12]))
	}
}

// length16 is the length of a segment, which counts itself.
func length16(n int) []byte { return binary.BigEndian.AppendUint16(nil, uint16(n+2)) }

// assemble puts together what is kept.
func (j *jpeg) assemble() []byte {
	head := append([]byte{0xFF, jpegSOI}, j.jfif...)
	if j.orientation != upright {
		exif := append([]byte("Exif\x00\x00"), exifOf(j.orientation)...)
		head = slices.Concat(head, []byte{0xFF, jpegAPP1}, length16(len(exif)), exif)
	}
	return slices.Concat(append(append([][]byte{head}, j.pieces...), []byte{0xFF, jpegEOI})...)
}
