package files

import (
	"bytes"
	"encoding/binary"
)

// A frame measures the frame of sound that a content begins with, in bytes; 0 means that it is none. Its header is what all
// frames of one file have in common.
type frame func(content []byte) (size int, header uint32)

// frames copies the frames of a content behind out. What stands between them and around them (tags, covers, comments) goes:
// where a frame does not follow upon another, skip says how much certainly is a tag, and what comes then counts as sound from
// where two frames follow each other.
func frames(out, content []byte, measure frame, skip func([]byte) int) []byte {
	first, follows := uint32(0), false
	for at := 0; at < len(content); {
		size, header := measure(content[at:])
		if first != 0 && header != first || size > len(content)-at {
			size = 0
		}
		if size > 0 && !follows {
			if second, same := measure(content[at+size:]); second == 0 || same != header || second > len(content)-at-size {
				size = 0 // chance
			}
		}
		follows = size > 0
		if !follows {
			at += max(1, skip(content[at:]))
			continue
		}
		first = header
		out = append(out, content[at:at+size]...)
		at += size
	}
	return out
}

// cleanMP3 keeps the frames of an MP3, and no tags. A tag may stand before AAC as well.
func cleanMP3(content []byte) (format, []byte, error) {
	out := frames(make([]byte, 0, len(content)), content, mp3Frame, id3Length)
	if len(out) == 0 {
		return cleanAAC(content)
	}
	return mp3Format, out, nil
}

// Bit rates in kbit/s by the number in the header (ISO 11172-3, section 2.4.2.3; ISO 13818-3 for the halved sampling rates).
var (
	mp3Rates1 = [3][16]int{ // MPEG 1, by the bits of the layer: III, then II
		1: {0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320},
		2: {0, 32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384},
	}
	mp3Rates2  = [16]int{0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160} // MPEG 2 and 2.5
	mp3Samples = [4]int{44100, 48000, 32000, 0}
)

func mp3Frame(content []byte) (int, uint32) {
	if len(content) < 4 {
		return 0, 0
	}
	head := binary.BigEndian.Uint32(content)
	version, layer := head>>19&3, head>>17&3
	samples, padding := mp3Samples[head>>10&3], int(head>>9&1)
	if head>>21 != 0x7FF || version == 1 || layer == 0 || layer == 3 || layer == 2 && version == 0 || samples == 0 {
		return 0, 0 // or layer I, or of a version without layer II: what nothing records
	}
	rate := 1000 * mp3Rates1[layer][head>>12&15]
	if version != 3 {
		rate = 1000 * mp3Rates2[head>>12&15]
		samples /= 2
	}
	if version == 0 {
		samples /= 2
	}
	if rate == 0 {
		return 0, 0
	}
	const common = 0xFFFE0C00 // all but the bit rate, padding, protection and the mode of stereo
	if layer == 1 && version != 3 {
		return 72*rate/samples + padding, head & common
	}
	return 144*rate/samples + padding, head & common
}

// id3Length is the length of the ID3v2 tag that a content begins with (ID3v2.4, section 3.1).
func id3Length(content []byte) int {
	if len(content) < 10 || !bytes.HasPrefix(content, []byte("ID3")) || (content[6]|content[7]|content[8]|content[9])&0x80 != 0 {
		return 0
	}
	length := 10 + (int(content[6])<<21 | int(content[7])<<14 | int(content[8])<<7 | int(content[9]))
	if content[5]&0x10 != 0 {
		length += 10 // it has a footer
	}
	return length
}

// cleanAAC keeps the frames of a stream of AAC (ISO 13818-7, section 6.2), as some telephones record, and no tags.
func cleanAAC(content []byte) (format, []byte, error) {
	out := frames(make([]byte, 0, len(content)), content, aacFrame, id3Length)
	if len(out) == 0 {
		return format{}, nil, broken("mp3 or aac: no sound in it")
	}
	return aacFormat, out, nil
}

func aacFrame(content []byte) (int, uint32) {
	if len(content) < 7 {
		return 0, 0
	}
	head := binary.BigEndian.Uint32(content)
	length := int(binary.BigEndian.Uint32(content[2:])>>5) & 0x1FFF
	if head>>20 != 0xFFF || head>>16&7 != 1 || head>>10&15 > 12 || length < 7 {
		return 0, 0 // or of the rare kind with check sums
	}
	return length, head & 0xFFFEFC00 // version, layer, profile and sampling rate
}

// amrSizes are the lengths of frames by their kind, with their first byte (RFC 4867, section 5.3; 3GPP TS 26.101 and 26.201).
var (
	amrSizes = [16]int{13, 14, 16, 18, 20, 21, 27, 32, 6, 15: 1}
	awbSizes = [16]int{18, 24, 33, 37, 41, 47, 51, 59, 61, 6, 14: 1, 15: 1}
)

// cleanAMR keeps the frames of an AMR; what follows the last of them goes.
func cleanAMR(content []byte) (format, []byte, error) {
	made, sizes, magic := amrFormat, &amrSizes, "#!AMR\n"
	if bytes.HasPrefix(content, []byte("#!AMR-WB\n")) {
		made, sizes, magic = awbFormat, &awbSizes, "#!AMR-WB\n"
	}
	if !bytes.HasPrefix(content, []byte(magic)) {
		return format{}, nil, broken("amr: of a kind that is not read")
	}
	at := len(magic)
	for at < len(content) && content[at]&0x83 == 0 {
		size := sizes[content[at]>>3&15]
		if size == 0 || at+size > len(content) {
			break
		}
		at += size
	}
	if at == len(magic) {
		return format{}, nil, broken("amr: no sound in it")
	}
	return made, content[:at:at], nil
}
