package postgres

import (
	"encoding/binary"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"

	"websec.nl/gehoor/cases"
)

// The words of an event are one row, sealed together, under the name of no field: a complaint has ten of them, and a row each costs
// more than all the rest of it. Each still stands in the chain by a commitment of its own. Rows of one field, which earlier versions
// wrote, are read as well.
const allFields = ""

// joinWords is all words of an event as they are sealed: each field and its words, after their lengths.
func joinWords(w cases.Words) []byte {
	var b []byte
	for _, field := range slices.Sorted(maps.Keys(w)) {
		b = append(binary.AppendUvarint(b, uint64(len(field))), field...)
		b = append(binary.AppendUvarint(b, uint64(len(w[field]))), w[field]...)
	}
	return b
}

var errCutOff = errors.New("the words are cut off")

func splitWords(joined []byte, into cases.Words) error {
	next := func() (string, error) {
		size, n := binary.Uvarint(joined)
		if n <= 0 || size > uint64(len(joined)-n) {
			return "", errCutOff
		}
		text := string(joined[n : n+int(size)])
		joined = joined[n+int(size):]
		return text, nil
	}
	for len(joined) > 0 {
		field, err := next()
		if err != nil {
			return err
		}
		if into[field], err = next(); err != nil {
			return err
		}
	}
	return nil
}

// placeOfWords is where words stand.
func placeOfWords(of cases.Number, seq int, field string) []string {
	return []string{string(of), strconv.Itoa(seq), field}
}

// openWords opens a row of words of an event.
func (k *key) openWords(sealed []byte, of cases.Number, seq int, field string, into cases.Words) error {
	words, err := k.open(sealed, placeOfWords(of, seq, field)...)
	if err != nil {
		return fmt.Errorf("words %q of event %d: %w", field, seq, err)
	}
	if field == allFields {
		return splitWords(words, into)
	}
	into[field] = string(words)
	return nil
}
