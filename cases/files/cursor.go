package files

import "encoding/binary"

// cursor reads a content from its beginning. Once there is less than was asked for, it is short for good, and gives nothing.
type cursor struct {
	left  []byte
	order binary.ByteOrder // of its numbers
	short bool
}

// take reads the next n bytes. They are nil where there are fewer.
func (c *cursor) take(n int) []byte {
	if c.short || n < 0 || n > len(c.left) {
		c.short, c.left = true, nil
		return nil
	}
	taken := c.left[:n:n]
	c.left = c.left[n:]
	return taken
}

func (c *cursor) uint8() uint8 {
	if b := c.take(1); b != nil {
		return b[0]
	}
	return 0
}

func (c *cursor) uint16() uint16 {
	if b := c.take(2); b != nil {
		return c.order.Uint16(b)
	}
	return 0
}

func (c *cursor) uint32() uint32 {
	if b := c.take(4); b != nil {
		return c.order.Uint32(b)
	}
	return 0
}

// size reads a number of n bytes, 0, 4 or 8, that counts bytes. One that no content here can have makes the cursor short.
func (c *cursor) size(n int) int {
	var number uint64
	switch n {
	case 0:
		return 0
	case 4:
		number = uint64(c.uint32())
	case 8:
		if b := c.take(8); b != nil {
			number = c.order.Uint64(b)
		}
	default:
		c.short = true
	}
	if c.short || number > 1<<30 {
		c.short, c.left = true, nil
		return 0
	}
	return int(number)
}

// checkPixels refuses a picture that has more pixels than may be, or none at all.
func checkPixels(width, height uint32) error {
	switch {
	case width == 0 || height == 0:
		return broken("picture without width or height")
	case uint64(width)*uint64(height) > MaxPixels:
		return refuse(TooWide, "more pixels than are kept")
	}
	return nil
}
