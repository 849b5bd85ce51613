package postgres

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"strconv"
)

// The content of a file is sealed in chunks, so that it passes through without being held twice. Each is bound to its number,
// and to whether it is the last: chunks that were swapped, left out, cut off or put behind do not open.
const (
	chunk        = 1 << 20
	sealOverhead = 1 + 12 + 16 // version, nonce, tag
	sealedChunk  = chunk + sealOverhead
)

func chunkPlace(number int, last bool) []string {
	return []string{"content", strconv.Itoa(number), strconv.FormatBool(last)}
}

// sealedSize is how many bytes so much content has once it is sealed.
func sealedSize(content int) int64 {
	chunks := max(1, (content+chunk-1)/chunk)
	return int64(content + chunks*sealOverhead)
}

// sealer reads content as it is sealed.
type sealer struct {
	key    *key
	rest   []byte // of the content
	number int    // of the next chunk
	sealed []byte // of the one before, as far as it was not read
	ended  bool
}

func (s *sealer) Read(p []byte) (int, error) {
	for len(s.sealed) == 0 {
		if s.ended {
			return 0, io.EOF
		}
		this := s.rest[:min(chunk, len(s.rest))]
		s.rest = s.rest[len(this):]
		s.ended = len(s.rest) == 0
		s.sealed = s.key.seal(this, chunkPlace(s.number, s.ended)...)
		s.number++
	}
	n := copy(p, s.sealed)
	s.sealed = s.sealed[n:]
	return n, nil
}

// openContent opens sealed content of about the given size. What was changed in any way does not open.
func (k *key) openContent(sealed io.Reader, size int64) ([]byte, error) {
	ahead := bufio.NewReaderSize(sealed, 16)
	content := make([]byte, 0, max(0, min(size, 1<<26)))
	piece := make([]byte, sealedChunk)
	for number := 0; ; number++ {
		n, err := io.ReadFull(ahead, piece)
		if err != nil && !errors.Is(err, io.ErrUnexpectedEOF) && !errors.Is(err, io.EOF) {
			return nil, fmt.Errorf("read sealed content: %w", err)
		}
		_, err = ahead.Peek(1)
		if err != nil && !errors.Is(err, io.EOF) {
			return nil, fmt.Errorf("read sealed content: %w", err)
		}
		last := err != nil
		words, err := k.open(piece[:n], chunkPlace(number, last)...)
		if err != nil {
			return nil, err
		}
		if content = append(content, words...); last {
			return content, nil
		}
	}
}
