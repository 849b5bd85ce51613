package cases

import "time"

// PublicHoliday is the public holiday that the day of t is, if nobody works on it. One that is kept on another day than its own
// has its name on that day: King's Day of 2025 on Saturday 26 April.
func (p *Procedure) PublicHoliday(t time.Time) (PublicHoliday, bool) {
	t = p.In(t)
	for _, one := range p.PublicHolidays {
		h := holidays[one]
		if h == nil {
			continue
		}
		actual, observed := h.Calc(t.Year())
		if observed.IsZero() {
			observed = actual
		}
		if observed.Month() == t.Month() && observed.Day() == t.Day() {
			return one, true
		}
	}
	return "", false
}
