package dates

import "slices"

// mention is what a text says about one time.
type mention struct {
	Span
	loose  bool   // it follows from a length of time only: "al drie weken"
	length amount // nothing but a length of time: "het duurde drie weken"
	wrong  bool   // there is no such time: "31 november", or a day that is not the weekday named with it
}

func (m mention) empty() bool { return !m.wrong && m.length.most == 0 && m.From.IsZero() }

// lead is what the words before a time, or before it in its sentence, say of it.
type lead struct {
	since, long, lasting, lately, from, skip, about, exact bool
	habit, been                                            bool // somewhere before in the sentence
}

// after is the lead once one more token was heard.
func (l lead) after(t token) lead {
	switch t.class {
	case sinceWord:
		l.since = true
	case longWord:
		l.long = true
	case lastingWord:
		l.lasting = true
	case forWord:
		l.lately = l.been
	case fromWord:
		l.from = true
	case aroundWord, toWord:
		l.skip = true
	case aboutWord:
		l.about = true
	case exactWord:
		l.exact = true
	case everyWord:
		l.skip = true
	case betweenWord, small, ofWord:
	default:
		if !t.article() {
			l = lead{habit: l.habit || t.class == habitWord, been: l.been || t.class == beenWord}
		}
	}
	return l
}

// mentions finds all times that a text speaks of, in their order.
func (r *reader) mentions() []mention {
	var all []mention
	var l lead
	for i := 0; i < len(r.tokens); {
		m, next := r.mention(i, l)
		if next > i {
			if !m.empty() {
				all = append(all, m)
			}
			l = lead{habit: l.habit, been: l.been}
		} else {
			l = l.after(r.tokens[i])
			next = i + 1
		}
		if r.tokens[next-1].stop {
			l = lead{}
		}
		i = next
	}
	return all
}

// mention reads what is said from i on, and where that ends: at i if it is nothing about time. What is no single time in
// the past is read, and gives no mention.
func (r *reader) mention(i int, l lead) (mention, int) {
	if a, end := r.amountAt(i); end > i && (!r.is(end, backWord) || r.at(end-1).stop) {
		return r.length(a, end, l)
	}
	all, end := r.list(i, l.from)
	if len(all) == 0 {
		return mention{}, i
	}
	now, next := r.untilNow(end)
	if r.idle(all, i, l) {
		return mention{}, next
	}
	s, ok := r.resolve(all)
	if !ok {
		return mention{wrong: true}, next
	}
	s.About = (s.About || l.about) && !l.exact
	closed := slices.ContainsFunc(all, func(m member) bool { return m.tie == byTo })
	if now || !closed && (l.since || l.lately || r.onward(end, l.from)) {
		s = s.ongoing()
	}
	return mention{Span: s}, next
}

// idle says whether what was read at i is no single time in the past.
func (r *reader) idle(all []member, i int, l lead) bool {
	idle, fixed, weekdays := l.skip, false, true
	for _, m := range all {
		idle = idle || m.idle
		fixed = fixed || m.fixed()
		weekdays = weekdays && m.named() == aWeekday
	}
	every, everyYear := r.every(i)
	return idle || !l.since && (weekdays && (every || l.habit) || !fixed && everyYear)
}

// untilNow says whether a time that ended before i goes on until now, and where that is said: "tot nu toe", "- heden".
func (r *reader) untilNow(i int) (bool, int) {
	next := i
	if r.is(next, dash) {
		next++
	}
	if r.at(i-1).stop || !r.is(next, nowWord) {
		return false, i
	}
	return true, next + 1
}

// every says whether anywhere in the sentence of the token at i something is said to be so every time, or every year:
// "Monday to Friday, every week".
func (r *reader) every(i int) (time, year bool) {
	for !r.at(i - 1).stop {
		i--
	}
	for ; i < len(r.tokens); i++ {
		if r.is(i, everyWord) {
			time = true
			year = year || r.is(i+1, unit) && r.at(i+1).value == ofYears
		}
		if r.at(i).stop {
			break
		}
	}
	return time, year
}

// onward says whether a span goes on: "from 3 November onwards".
func (r *reader) onward(end int, from bool) bool {
	return r.says(end, "onwards", "onward") || from && r.says(end, "af") || from && r.says(end, "on") && (end+1 == len(r.tokens) || r.at(end).pause || r.at(end).stop)
}

// length says what a length of time means: a beginning, if it lasts until now.
func (r *reader) length(a amount, end int, l lead) (mention, int) {
	switch {
	case r.is(end, agedWord) || a.unit < ofDays || l.skip:
		return mention{}, end
	case l.long || l.since || l.lately || r.is(end, longWord) && !r.at(end-1).stop:
		s := r.back(a).known
		s.About = (s.About || a.about || l.about) && !l.exact
		return mention{Span: s.ongoing(), loose: true}, end
	case l.lasting || r.is(end, lengthWord):
		return mention{length: a}, end
	}
	return mention{}, end
}

func (s Span) ongoing() Span {
	return Span{From: s.From, Precision: s.Precision, About: s.About, Ongoing: true}
}

// agreed is the one time that all mentions are of.
func (r *reader) agreed(all []mention) (Span, bool) {
	var told []mention
	var length amount
	loose := true
	for _, m := range all {
		switch {
		case m.wrong, !m.Ongoing && m.To.Before(m.From): // it would end before it began
			return Span{}, false
		case m.length.most > 0:
			length = m.length
		default:
			told = append(told, m)
			loose = loose && m.loose
		}
	}
	var s Span
	for _, m := range told {
		if m.loose && !loose {
			continue
		}
		narrower, ok := s.narrowed(m.Span)
		if !ok {
			return Span{}, false
		}
		s = narrower
	}
	switch {
	case s.From.IsZero():
		return Span{}, false
	case !s.Ongoing && r.heard(beganWord, 0, len(r.tokens)) && r.heard(stillWord, 0, len(r.tokens)):
		s = s.ongoing()
	case length.most > 0 && s.From.Equal(s.To) && !length.lasting(s.From).After(r.today):
		s.To = length.lasting(s.From)
		s.About = s.About || length.about
	}
	return s, true
}

// heard says whether a word of a class is among the tokens of a range.
func (r *reader) heard(c class, from, to int) bool {
	for i := from; i < to; i++ {
		if r.is(i, c) {
			return true
		}
	}
	return false
}

// narrowed is the one of two spans that lies within the other; false, if neither does.
func (s Span) narrowed(t Span) (Span, bool) {
	switch {
	case s.From.IsZero(), s == t:
		return t, true
	case s.Ongoing || t.Ongoing:
		return s, s.Ongoing && t.Ongoing && s.From.Equal(t.From)
	case !t.From.Before(s.From) && !t.To.After(s.To):
		return t, true
	}
	return s, !s.From.Before(t.From) && !s.To.After(t.To)
}

// between is from the first day of one span to the last of another, in the smaller of their units.
func between(s, t Span) (Span, bool) {
	both := Span{From: s.From, To: t.To, Precision: t.Precision, About: s.About || t.About}
	if s.Precision == ToTheDay || t.Precision == ToTheYear {
		both.Precision = s.Precision
	}
	return both, !s.Ongoing && !t.Ongoing && !t.From.Before(s.From) && !t.To.Before(s.From)
}
