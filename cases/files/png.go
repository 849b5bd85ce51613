package files

import (
	"bytes"
	"encoding/binary"
	"hash/crc32"
)

const pngSignature = "\x89PNG\r\n\x1a\n"

// pngChunks are the chunks of a PNG that change how it looks, and how long they are at most (PNG, third edition, chapter 11).
// Of each but the last three there is one.
var pngChunks = map[string]int{
	"IHDR": 13, "PLTE": 3 * 256, "IEND": 0, "tRNS": 256, "cHRM": 32, "gAMA": 4, "sBIT": 4, "sRGB": 1, "bKGD": 6, "pHYs": 9,
	"cICP": 4, "mDCV": 24, "cLLI": 8, "acTL": 8,
	"iCCP": MaxSize, "eXIf": MaxSize, // rewritten
	"IDAT": MaxSize, "fcTL": 26, "fdAT": MaxSize,
}

// cleanPNG keeps the chunks of a PNG that change how it looks. Texts, times, Exif but for how the picture is to be turned,
// whatever is not known, and what follows the end go.
func cleanPNG(content []byte) (format, []byte, error) {
	c := cursor{left: content, order: binary.BigEndian}
	if string(c.take(8)) != pngSignature {
		return format{}, nil, broken("png: no beginning")
	}
	out := append(make([]byte, 0, len(content)), pngSignature...)
	seen := map[string]bool{}
	for !seen["IEND"] {
		length := c.uint32()
		if length > MaxSize {
			return format{}, nil, broken("png: a chunk runs past the end")
		}
		checked := c.take(4 + int(length)) // the check sum is over the name as well
		if sum := c.uint32(); c.short || sum != crc32.ChecksumIEEE(checked) {
			return format{}, nil, broken("png: a chunk is damaged")
		}
		name, body := string(checked[:4]), checked[4:]
		if (len(seen) == 0) != (name == "IHDR") {
			return format{}, nil, broken("png: the header is not in its place")
		}
		most, known := pngChunks[name]
		critical := name[0]&0x20 == 0
		once := name != "IDAT" && name != "fcTL" && name != "fdAT"
		switch {
		case critical && (!known || len(body) > most || once && seen[name]):
			return format{}, nil, broken("png: a chunk that is not read")
		case !known || len(body) > most || once && seen[name]:
			continue
		}
		seen[name] = true
		if name == "IHDR" {
			if err := checkPNGHeader(body); err != nil {
				return format{}, nil, err
			}
		}
		if body, kept := pngBody(name, body); kept {
			out = appendPNGChunk(out, name, body)
		}
	}
	if !seen["IDAT"] {
		return format{}, nil, broken("png: no picture in it")
	}
	return pngFormat, out, nil
}

// checkPNGHeader looks at the size, the depth and the colours.
func checkPNGHeader(body []byte) error {
	if len(body) != 13 {
		return broken("png: header")
	}
	depths := map[byte][]byte{0: {1, 2, 4, 8, 16}, 2: {8, 16}, 3: {1, 2, 4, 8}, 4: {8, 16}, 6: {8, 16}}
	if depth, colour := body[8], body[9]; !bytes.Contains(depths[colour], []byte{depth}) || body[10] != 0 || body[11] != 0 || body[12] > 1 {
		return broken("png: header")
	}
	return checkPixels(binary.BigEndian.Uint32(body), binary.BigEndian.Uint32(body[4:]))
}

// pngBody is what is left of a chunk, and whether it is kept at all.
func pngBody(name string, body []byte) ([]byte, bool) {
	switch name {
	case "eXIf":
		turned := orientation(body)
		return exifOf(turned), turned != upright
	case "iCCP":
		_, profile, found := bytes.Cut(body, []byte{0}) // before it stands a name, of up to 79 letters
		return append([]byte("icc\x00"), profile...), found
	}
	return body, true
}

func appendPNGChunk(out []byte, name string, body []byte) []byte {
	out = binary.BigEndian.AppendUint32(out, uint32(len(body)))
	start := len(out)
	out = append(append(out, name...), body...)
	return binary.BigEndian.AppendUint32(out, crc32.ChecksumIEEE(out[start:]))
}
