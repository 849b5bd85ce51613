package postgres

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode"

	"github.com/jackc/pgx/v5"
	"golang.org/x/text/unicode/norm"

	"websec.nl/gehoor/cases"
)

// mostSearched is how many cases a search looks through, the newest first. Words are sealed, so each is opened for it.
const mostSearched = 2000

// mostTerms is how many words of what is searched for count.
const mostTerms = 16

// Find returns the cases that who may read and in whose number or words all words of text occur, the newest first, at most limit of
// them. Capitals and accents do not matter. That they were found stands in the file of each: whoever searches reads.
func (s *Store) Find(ctx context.Context, who cases.Person, text string, limit int) ([]*cases.Case, error) {
	terms := terms(text)
	if len(terms) == 0 || limit <= 0 {
		return nil, nil
	}
	newest, err := s.List(ctx, Filter{For: who.Member, Limit: mostSearched})
	if err != nil {
		return nil, err
	}
	readable := slices.DeleteFunc(newest, func(c *cases.Case) bool { return cases.May(who, cases.ReadFile, c) != nil })
	hits, err := s.search(ctx, readable, terms)
	if err != nil {
		return nil, fmt.Errorf("search cases: %w", err)
	}
	found := slices.DeleteFunc(readable, func(c *cases.Case) bool { return !hits[c.ID].all(terms) })
	return s.recordFound(ctx, who, found[:min(limit, len(found))])
}

// terms are the words of what is searched for, as they are compared.
func terms(text string) []string {
	all := strings.Fields(plain(text))
	slices.SortFunc(all, func(a, b string) int { return cmp.Or(cmp.Compare(len(b), len(a)), cmp.Compare(a, b)) })
	all = slices.Compact(all)
	return all[:min(len(all), mostTerms)]
}

// plain is text as it is compared: small letters without accents.
func plain(text string) string {
	ascii := true
	for i := range len(text) {
		ascii = ascii && text[i] < 0x80
	}
	if ascii {
		return strings.ToLower(text)
	}
	return strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Mn, r) {
			return -1
		}
		return unicode.ToLower(r)
	}, norm.NFD.String(text))
}

// hit says which of the words that are searched for occur in a case, by their places: a bit each.
type hit uint32

func (h hit) all(terms []string) bool { return h == 1<<len(terms)-1 }

func (h hit) in(text string, terms []string) hit {
	for i, term := range terms {
		if h&(1<<i) == 0 && strings.Contains(text, term) {
			h |= 1 << i
		}
	}
	return h
}

// search opens the words of cases one after the other, and keeps none of them.
func (s *Store) search(ctx context.Context, all []*cases.Case, terms []string) (map[int64]hit, error) {
	ids := pick(all, func(c *cases.Case) int64 { return c.ID })
	numbers, hits := make(map[int64]string, len(all)), make(map[int64]hit, len(all))
	for _, c := range all {
		numbers[c.ID] = string(c.Number)
		hits[c.ID] = hits[c.ID].in(plain(string(c.Number)), terms)
	}
	keys, err := s.keysOf(ctx, ids)
	if err != nil {
		return nil, err
	}
	rows, err := s.pool.Query(ctx, `SELECT case_id, seq, field, sealed FROM event_word WHERE case_id = ANY ($1)`, ids)
	if err != nil {
		return nil, err
	}
	var id int64
	var seq int
	var field string
	var sealed []byte
	_, err = pgx.ForEachRow(rows, []any{&id, &seq, &field, &sealed}, func() error {
		k := keys[id]
		if k == nil || hits[id].all(terms) {
			return nil
		}
		words := cases.Words{}
		if err := k.openWords(sealed, cases.Number(numbers[id]), seq, field, words); err != nil { // the others can be searched all the same
			s.log.Error("words that are searched can't be unsealed", "case", numbers[id], "event", seq, "field", field, "err", err)
			return nil
		}
		for _, text := range words {
			hits[id] = hits[id].in(plain(text), terms)
		}
		return nil
	})
	return hits, err
}

// keysOf are the keys of cases. A case whose words were erased has none.
func (s *Store) keysOf(ctx context.Context, ids []int64) (map[int64]*key, error) {
	rows, err := s.pool.Query(ctx, `SELECT case_id, wrapped FROM case_key WHERE case_id = ANY ($1)`, ids)
	if err != nil {
		return nil, err
	}
	keys := make(map[int64]*key, len(ids))
	var id int64
	var wrapped []byte
	_, err = pgx.ForEachRow(rows, []any{&id, &wrapped}, func() error {
		k, err := s.vault.unwrap(wrapped, holder(id))
		if err != nil {
			s.log.Error("the key of a case that is searched can't be unsealed", "err", err)
			return nil
		}
		keys[id] = k
		return nil
	})
	return keys, err
}

// recordFound records in each file that it was found, as it is now: what who may not read any more since a moment ago is left
// out.
func (s *Store) recordFound(ctx context.Context, who cases.Person, found []*cases.Case) ([]*cases.Case, error) {
	var all []*cases.Case
	for _, one := range found {
		err := s.do(ctx, Claim{}, func(o *once) error {
			c, err := o.lock(ctx, one.Number)
			if err != nil {
				return err
			}
			if err := c.Find(who, o.now); err != nil {
				return err
			}
			all = append(all, c)
			return o.save(ctx, c, len(c.Told))
		})
		if refusal := (*cases.Refusal)(nil); err != nil && !errors.As(err, &refusal) {
			return nil, fmt.Errorf("record that case %s was found: %w", one.Number, err)
		}
	}
	return all, nil
}
