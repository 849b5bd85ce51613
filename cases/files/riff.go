package files

import "encoding/binary"

// riff reads the chunks of a RIFF file of a form, such as WEBP. Its beginning says how long it is; what follows is not read.
// Where open is so, a length of nothing or more than there is means up to the end, as recorders write it that did not know.
func riff(content []byte, form string, open bool) (cursor, error) {
	c := cursor{left: content, order: binary.LittleEndian}
	begin, length, found := string(c.take(4)), c.uint32(), string(c.take(4))
	if c.short || begin != "RIFF" || found != form {
		return c, broken("riff: header")
	}
	rest := int64(length) - 4
	if open && (length == 0 || rest > int64(len(c.left))) {
		rest = int64(len(c.left))
	}
	if rest < 0 || rest > int64(len(c.left)) {
		return c, broken("riff: not as long as it says")
	}
	c.left = c.left[:rest]
	return c, nil
}

// chunk reads the next chunk. The last may lack the byte that makes its length even.
func (c *cursor) chunk() (string, []byte) {
	name, length := string(c.take(4)), c.uint32()
	if int64(length) > int64(len(c.left)) {
		c.short = true
	}
	body := c.take(int(length))
	if length%2 == 1 && len(c.left) > 0 {
		c.take(1)
	}
	return name, body
}

// appendRIFF begins a RIFF file; endRIFF writes into it how long it became.
func appendRIFF(form string, capacity int) []byte {
	return append(append(make([]byte, 0, capacity), "RIFF\x00\x00\x00\x00"...), form...)
}

func endRIFF(out []byte) []byte {
	binary.LittleEndian.PutUint32(out[4:], uint32(len(out)-8))
	return out
}

func appendChunk(out []byte, name string, body []byte) []byte {
	out = append(out, name...)
	out = binary.LittleEndian.AppendUint32(out, uint32(len(body)))
	out = append(out, body...)
	if len(body)%2 == 1 {
		out = append(out, 0)
	}
	return out
}
