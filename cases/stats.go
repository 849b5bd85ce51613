package cases

import (
	"slices"
	"time"
)

// Stats is how the committee did in a while: numbers without a word or a name, of complaints unless it says otherwise.
type Stats struct {
	From, Until time.Time // the cases that were received from From until before Until

	Received  int // complaints
	Talks     int // requests for a talk
	Awaiting  int // written up, and not agreed to yet
	NotAgreed int // written up, and never agreed to
	Open      int // of Received, still open
	Closed    int // of Received, closed
	Unowned   int // of Open, with nobody
	Late      int // of Open, after their last day
	InTime    int // of Closed, by the last day that was promised
	Extended  int // of Received, whose complainant was told why it takes longer
	Reopened  int // of Received
	Median    int // whole days from receipt to closing, of the one in the middle of Closed; 0 where there is none
	Mean      int // the same, on average, rounded to whole days
	ByWay     map[Way]int
	ByOutcome map[Outcome]int // of Closed
	Handled   map[string]int  // how many said yes, partly and no
	Solved    map[string]int
	Measures  int // that were promised
	Owed      int // of Measures, not done
	Overdue   int // of Owed, after their day

	days []int
}

// Count adds up cases that were received within a while. Ratings are the data of their events Rated.
func Count(from, until time.Time, all []*Case, ratings []map[string]string, p *Procedure, now time.Time) Stats {
	s := Stats{From: from, Until: until, ByWay: map[Way]int{}, ByOutcome: map[Outcome]int{}, Handled: map[string]int{}, Solved: map[string]int{}}
	for _, c := range all {
		s.add(c, p, now)
	}
	for _, rating := range ratings {
		s.Handled[rating["handled"]]++
		s.Solved[rating["solved"]]++
	}
	if slices.Sort(s.days); len(s.days) > 0 {
		s.Median = s.days[len(s.days)/2]
		all := 0
		for _, days := range s.days {
			all += days
		}
		s.Mean = (2*all + len(s.days)) / (2 * len(s.days))
	}
	return s
}

func (s *Stats) add(c *Case, p *Procedure, now time.Time) {
	switch {
	case c.Kind == Talk:
		s.Talks++
		return
	case c.Stage == Awaiting:
		s.Awaiting++
		return
	case c.Deadline.IsZero():
		s.NotAgreed++
		return
	}
	s.Received++
	s.ByWay[c.Way]++
	count(&s.Extended, c.Explained)
	count(&s.Reopened, !c.Reopened.IsZero())
	today := p.In(now).Format(time.DateOnly)
	for _, m := range c.Work.Measures {
		s.Measures++
		count(&s.Owed, m.Done.IsZero())
		count(&s.Overdue, m.Done.IsZero() && m.Due < today)
	}
	if c.Open() {
		s.Open++
		count(&s.Unowned, c.Owner == "")
		count(&s.Late, c.Late(now))
		return
	}
	s.Closed++
	s.ByOutcome[c.Outcome]++
	count(&s.InTime, c.Closed.Before(c.Deadline))
	s.days = append(s.days, int(c.Closed.Sub(c.Received).Hours()/24))
}

func count(n *int, yes bool) {
	if yes {
		*n++
	}
}
