package dates

import (
	"slices"
	"time"
)

// resolve is the span of all times of a list.
func (r *reader) resolve(all []member) (Span, bool) {
	spans, ok := r.spans(all)
	if !ok {
		return Span{}, false
	}
	s := spans[0]
	for k, m := range all[1:] {
		next := spans[k+1]
		switch {
		case m.tie == byTo || !next.From.Before(s.From):
			if m.tie == byOr && next.From.After(s.To.AddDate(0, 0, 1)) {
				return s, false // one or the other, and far apart
			}
			s, ok = between(s, next)
		case m.tie == byOr && s.From.After(next.To.AddDate(0, 0, 1)):
			return s, false
		default:
			s, ok = between(next, s)
		}
		if !ok {
			return s, false
		}
		s.About = s.About || m.tie == byOr
	}
	return s, true
}

// spans is each of the times: those that come again are the ones nearest to those that don't, and otherwise the last
// that are not after today.
func (r *reader) spans(all []member) ([]Span, bool) {
	fixed := -1
	for k, m := range all {
		if m.fixed() || m.past && k > 0 {
			fixed = k
		}
	}
	if fixed >= 0 {
		return r.around(all, fixed)
	}
	spans, ok := r.latest(all)
	if len(all) == 1 || slices.ContainsFunc(all, func(m member) bool { return m.tie == byTo }) {
		return spans, ok && within(spans)
	}
	reversed := slices.Clone(all) // "dinsdag en maandag"
	slices.Reverse(reversed)
	back, fine := r.latest(reversed)
	slices.Reverse(back)
	if fine && (!ok || length(back) < length(spans)) {
		return back, within(back)
	}
	return spans, ok && within(spans)
}

// around is each of the times, reckoned from one that is known.
func (r *reader) around(all []member, fixed int) ([]Span, bool) {
	spans := make([]Span, len(all))
	ok := false
	if spans[fixed], ok = all[fixed].latest(r.today, r.today); !ok {
		return nil, false
	}
	for k := fixed - 1; k >= 0; k-- {
		limit := spans[k+1].From
		if all[k].anchored() {
			limit = r.today
		}
		if spans[k], ok = all[k].latest(limit, r.today); !ok {
			return nil, false
		}
	}
	for k := fixed + 1; k < len(all); k++ {
		if spans[k], ok = all[k].next(spans[k-1]); !ok {
			return nil, false
		}
	}
	return spans, true
}

// latest is the times one after the other, the last of them not after today.
func (r *reader) latest(all []member) ([]Span, bool) {
	spans := make([]Span, len(all))
	limit := r.today
	for range 2 {
		ok := false
		if spans[0], ok = all[0].latest(limit, r.today); !ok {
			return spans, false
		}
		for k := 1; k < len(all); k++ {
			if spans[k], ok = all[k].next(spans[k-1]); !ok {
				return spans, false
			}
		}
		if !spans[len(all)-1].From.After(r.today) {
			return spans, true
		}
		limit = spans[0].From.AddDate(0, 0, -1)
	}
	return spans, false
}

// next is the first time of a member after the one before it; a span that ends on a weekday lasts a day at least.
func (m member) next(before Span) (Span, bool) {
	limit := before.From
	if m.tie == byTo && m.named() == aWeekday {
		limit = limit.AddDate(0, 0, 1)
	}
	return m.earliest(limit)
}

// anchored says whether the time does not depend on the others: "last Tuesday" is seen from today.
func (m member) anchored() bool { return m.fixed() || m.past }

func length(spans []Span) time.Duration { return spans[len(spans)-1].From.Sub(spans[0].From).Abs() }

// within says whether times that were named without their year are within one.
func within(spans []Span) bool { return length(spans) <= 366*24*time.Hour }
