package files

import "encoding/binary"

// cleanGIF keeps of a GIF its pictures, their colours, how long each is shown and how often the whole is repeated. Comments,
// texts, what applications wrote, and what follows the end go.
func cleanGIF(content []byte) (format, []byte, error) {
	g := gif{cursor: cursor{left: content, order: binary.LittleEndian}, out: make([]byte, 0, len(content))}
	header := g.take(13)
	if header == nil {
		return format{}, nil, broken("gif: header")
	}
	if err := checkPixels(uint32(binary.LittleEndian.Uint16(header[6:])), uint32(binary.LittleEndian.Uint16(header[8:]))); err != nil {
		return format{}, nil, err
	}
	g.out = append(append(g.out, header...), g.colours(header[10])...)
	for {
		switch g.uint8() {
		case 0x21:
			g.extension()
		case 0x2C:
			if err := g.picture(); err != nil {
				return format{}, nil, err
			}
		case 0x3B:
			if g.pictures == 0 {
				return format{}, nil, broken("gif: no picture in it")
			}
			return gifFormat, append(g.out, 0x3B), nil
		default:
			return format{}, nil, broken("gif: a block that is not read")
		}
		if g.short {
			return format{}, nil, broken("gif: no end")
		}
	}
}

// gif is a picture while it is looked at.
type gif struct {
	cursor
	out      []byte
	control  []byte // how the next picture is shown
	pictures int
}

// colours reads the table of colours that the flags announce.
func (g *gif) colours(flags byte) []byte {
	if flags&0x80 == 0 {
		return nil
	}
	return g.take(3 << (flags&7 + 1))
}

// extension keeps how the next picture is shown, and how often the whole is repeated.
func (g *gif) extension() {
	switch label := g.uint8(); label {
	case 0xF9:
		if block := g.blocks(); len(block) == 6 && block[0] == 4 {
			g.control = append([]byte{0x21, 0xF9}, block...)
		}
	case 0xFF:
		block := g.blocks()
		name := ""
		if len(block) >= 12 && block[0] == 11 {
			name = string(block[1:12])
		}
		if (name == "NETSCAPE2.0" || name == "ANIMEXTS1.0") && len(block) == 17 && block[12] == 3 && block[13] == 1 {
			g.out = append(append(g.out, 0x21, 0xFF), block...)
		}
	default:
		g.blocks()
		g.control = nil // it was for this
	}
}

// picture keeps one picture.
func (g *gif) picture() error {
	place := g.take(9)
	if place == nil {
		return broken("gif: no end")
	}
	if err := checkPixels(uint32(binary.LittleEndian.Uint16(place[4:])), uint32(binary.LittleEndian.Uint16(place[6:]))); err != nil {
		return err
	}
	g.out = append(append(g.out, g.control...), 0x2C)
	g.out = append(append(g.out, place...), g.colours(place[8])...)
	g.out = append(g.out, g.uint8())
	g.out = append(g.out, g.blocks()...)
	g.control = nil
	g.pictures++
	return nil
}

// blocks reads blocks up to the empty one that ends them, all as they stand.
func (g *gif) blocks() []byte {
	from := g.left
	for {
		length := g.uint8()
		g.take(int(length))
		if g.short {
			return nil
		}
		if length == 0 {
			return from[:len(from)-len(g.left)]
		}
	}
}
