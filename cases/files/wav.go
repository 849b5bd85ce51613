package files

// cleanWAV keeps of a recording its format, its length and its sound. Lists of texts, the broadcast chunk, tags, and what
// follows the sound go.
func cleanWAV(content []byte) (format, []byte, error) {
	c, err := riff(content, "WAVE", true)
	if err != nil {
		return format{}, nil, err
	}
	out := appendRIFF("WAVE", len(content)+8)
	described := false
	for !c.short {
		if string(c.left[:min(4, len(c.left))]) == "data" {
			c.take(4)
			length := min(int64(c.uint32()), int64(len(c.left))) // it may have been recorded to an end that was not known
			if body := c.take(int(length)); described && length > 0 {
				return wavFormat, endRIFF(appendChunk(out, "data", body)), nil
			}
			break
		}
		name, body := c.chunk()
		switch {
		case name == "fmt " && !described && len(body) >= 14 && len(body) <= 64:
			described = true
			out = appendChunk(out, name, body)
		case name == "fact" && described && len(body) == 4:
			out = appendChunk(out, name, body)
		}
	}
	return format{}, nil, broken("wav: no sound in it")
}
