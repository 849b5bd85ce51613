package cases

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Closing is what a case ends in.
type Closing struct {
	Outcome  Outcome // may be empty where there are points: it follows from theirs
	Points   []Point
	Solution string
	Measures []MeasureDraft
	Despite  string // why it ends while hearings or consultations are open
}

// Point is one point of a complaint: what it ends in, and why.
type Point struct {
	Text    string
	Why     string
	Outcome Outcome
}

// MeasureDraft is something that is promised when a case is closed.
type MeasureDraft struct {
	Text  string
	Owner Member
	Due   time.Time // any instant of the day by which it is to be done
}

// Most of what one closing has.
const (
	MostPoints   = 20
	MostMeasures = 10
)

// PointField is the field of Words, or of Data, with a part of the nth point of a closing, counted from 1: text or why; in Data
// the outcome stands in PointField(n, "").
func PointField(n int, part string) string {
	return strings.TrimSuffix(fmt.Sprintf("point.%d.%s", n, part), ".")
}

// MeasureField is the field of Words with what a measure is, by its number in the case.
func MeasureField(n int) string { return measureData(n, "text") }

func measureData(n int, part string) string { return fmt.Sprintf("measure.%d.%s", n, part) }

// ClosingOf is the closing that an event tells of, which is one of Ended or Drafted; the measures with their numbers in the
// case. The days of the measures are at noon in the organisation's zone.
func (p *Procedure) ClosingOf(e Event) (made Closing, numbers []int) {
	made = Closing{Outcome: Outcome(e.Data["outcome"]), Solution: e.Words[FieldSolution], Despite: e.Words[FieldDespite]}
	points, _ := strconv.Atoi(e.Data["points"])
	for n := 1; n <= min(points, MostPoints); n++ {
		made.Points = append(made.Points, Point{
			Text: e.Words[PointField(n, "text")], Why: e.Words[PointField(n, "why")], Outcome: Outcome(e.Data[PointField(n, "")]),
		})
	}
	for _, m := range measuresOf(e.Data, e.Seq) {
		day, _ := time.ParseInLocation(time.DateOnly, m.Due, p.zone)
		made.Measures = append(made.Measures, MeasureDraft{Text: e.Words[MeasureField(m.Number)], Owner: m.Owner, Due: day.Add(12 * time.Hour)})
		numbers = append(numbers, m.Number)
	}
	return made, numbers
}

// measuresOf are the measures that the data of a closing promise. They are counted on from those of an earlier one, so that a
// number means one measure of the case.
func measuresOf(data map[string]string, event int) (all []Measure) {
	count, _ := strconv.Atoi(data["measures"])
	from, err := strconv.Atoi(data["measures.from"])
	if err != nil {
		from = 1
	}
	for n := from; n < from+min(count, MostMeasures); n++ {
		all = append(all, Measure{Number: n, Event: event, Owner: Member(data[measureData(n, "owner")]), Due: data[measureData(n, "due")]})
	}
	return all
}

// End closes the case with what it ended in; the complainant gets the solution in writing. Where the settings want a second
// pair of eyes, and there is one, the closing waits for it.
func (c *Case) End(who Person, made Closing, p *Procedure, now time.Time) error {
	if err := May(who, End, c); err != nil {
		return err
	}
	if c.Kind == Talk {
		return c.endTalk(who, made, now)
	}
	made.Outcome = made.outcome()
	data, words, err := c.closing(made, p, now)
	if err != nil {
		return err
	}
	if c.Work.unfinished() && strings.TrimSpace(made.Despite) == "" {
		return &Refusal{Text: text("refusal.still-open", c)}
	}
	if p.Committee.SecondEyes && c.otherEyes(who) {
		data["to"] = string(p.presidingBut(c, who.Member))
		c.record(now, By(who.Member), Drafted, data, words)
		c.Work.Draft, c.Work.DraftBy, c.Work.DraftOf, c.Work.Drafted = c.LastSeq, who.Member, maps.Clone(data), now
		return nil
	}
	c.close(By(who.Member), data, words, now)
	return nil
}

func (c *Case) endTalk(who Person, made Closing, now time.Time) error {
	switch {
	case strings.TrimSpace(made.Solution) == "":
		return refuse("refusal.no-words")
	case made.Outcome != Talked:
		return refuse("refusal.no-outcome")
	}
	c.sendHeld(now)
	c.end(Talked, now)
	c.record(now, By(who.Member), Ended, map[string]string{"outcome": string(Talked)}, Words{FieldSolution: made.Solution})
	return nil
}

// outcome is what the whole ends in: what was said, or what follows from the points.
func (made Closing) outcome() Outcome {
	if made.Outcome != "" {
		return made.Outcome
	}
	return made.OfPoints()
}

// OfPoints is what follows from the points for the whole, which is partly where they differ; empty: there are none.
func (made Closing) OfPoints() Outcome {
	if len(made.Points) == 0 {
		return ""
	}
	for _, point := range made.Points[1:] {
		if point.Outcome != made.Points[0].Outcome {
			return Partly
		}
	}
	return made.Points[0].Outcome
}

// closing is what stands in the event of a closing, or a Refusal that says what is not right about it.
func (c *Case) closing(made Closing, p *Procedure, now time.Time) (data map[string]string, words Words, err error) {
	switch {
	case strings.TrimSpace(made.Solution) == "":
		return nil, nil, refuse("refusal.no-words")
	case !slices.Contains(Outcomes, made.Outcome):
		return nil, nil, refuse("refusal.no-outcome")
	case len(made.Points) > MostPoints || len(made.Measures) > MostMeasures:
		return nil, nil, refuse("refusal.too-many")
	}
	data, words = map[string]string{"outcome": string(made.Outcome)}, Words{FieldSolution: made.Solution}
	if strings.TrimSpace(made.Despite) != "" {
		data["despite"] = "yes"
		words[FieldDespite] = made.Despite
	}
	if len(made.Points) > 0 {
		data["points"] = itoa(len(made.Points))
	}
	for i, point := range made.Points {
		switch {
		case strings.TrimSpace(point.Text) == "" || strings.TrimSpace(point.Why) == "":
			return nil, nil, refuse("refusal.no-words")
		case !slices.Contains(Outcomes, point.Outcome):
			return nil, nil, refuse("refusal.no-outcome")
		}
		data[PointField(i+1, "")] = string(point.Outcome)
		words[PointField(i+1, "text")], words[PointField(i+1, "why")] = point.Text, point.Why
	}
	return data, words, c.promise(made.Measures, data, words, p, now)
}

// promise adds measures to what stands in the event of a closing.
func (c *Case) promise(measures []MeasureDraft, data map[string]string, words Words, p *Procedure, now time.Time) error {
	if len(measures) == 0 {
		return nil
	}
	from := len(c.Work.Measures) + 1
	data["measures"] = itoa(len(measures))
	if from > 1 {
		data["measures.from"] = itoa(from)
	}
	for i, m := range measures {
		switch {
		case strings.TrimSpace(m.Text) == "" || m.Owner == "" || m.Due.IsZero():
			return refuse("refusal.no-words")
		case c.Excludes(m.Owner):
			return refuse("refusal.they-may-not")
		}
		day, err := p.dayAhead(m.Due, now)
		if err != nil {
			return err
		}
		data[measureData(from+i, "owner")], data[measureData(from+i, "due")] = string(m.Owner), day
		words[MeasureField(from+i)] = m.Text
	}
	return nil
}

// otherEyes says whether somebody else than who may look at a closing, as far as it is known who is of the committee.
func (c *Case) otherEyes(who Person) bool {
	return len(who.Colleagues) == 0 || len(without(c.Eligible(who.Colleagues), who.Member)) > 0
}

// close ends the case with the data and words of a closing. What could still be taken back goes out before it.
func (c *Case) close(by Actor, data map[string]string, words Words, now time.Time) {
	c.sendHeld(now)
	c.end(Outcome(data["outcome"]), now)
	c.record(now, by, Ended, data, words)
	c.Work.Measures = append(slices.Clip(c.Work.Measures), measuresOf(data, c.LastSeq)...)
}

func (c *Case) end(outcome Outcome, now time.Time) {
	c.Stage, c.Outcome, c.Closed, c.Proposal = Closed, outcome, now, 0
	c.Work.Question, c.Work.QuestionBy, c.Work.Replied = 0, "", time.Time{}
	c.dropDraft()
}

func (c *Case) dropDraft() {
	c.Work.Draft, c.Work.DraftBy, c.Work.DraftOf, c.Work.Drafted = 0, "", nil, time.Time{}
}

// ApproveClosing closes the case with what another drafted, word for word: the words stand in the file once, in the event of
// the draft, and File.Assemble shows them in that of the end as well.
func (c *Case) ApproveClosing(who Person, p *Procedure, now time.Time) error {
	if err := c.mayApprove(who); err != nil {
		return err
	}
	if c.Work.unfinished() && c.Work.DraftOf["despite"] == "" {
		return &Refusal{Text: text("refusal.still-open", c)}
	}
	data := maps.Clone(c.Work.DraftOf)
	delete(data, "to")
	data["draft"], data["drafted-by"] = itoa(c.Work.Draft), string(c.Work.DraftBy)
	c.close(By(who.Member), data, nil, now)
	return nil
}

// SendBack says that a closing which was drafted has to be written anew, and why.
func (c *Case) SendBack(who Person, reason string, now time.Time) error {
	if err := c.mayApprove(who); err != nil {
		return err
	}
	if strings.TrimSpace(reason) == "" {
		return refuse("refusal.no-words")
	}
	data := map[string]string{"event": itoa(c.Work.Draft), "to": string(ToMember(c.Work.DraftBy))}
	c.dropDraft()
	c.record(now, By(who.Member), SentBack, data, Words{FieldText: reason})
	return nil
}

func (c *Case) mayApprove(who Person) error {
	if err := May(who, Approve, c); err != nil {
		return err
	}
	switch {
	case c.Work.Draft == 0:
		return &Refusal{Text: text("refusal.no-draft", c)}
	case c.Work.DraftBy == who.Member:
		return &Refusal{Text: text("refusal.not-the-drafter", c), Denied: true, Who: who.Member, Do: Approve}
	}
	return nil
}

// Lapse ends a case that its complainant does not go on with: withdrawn, where they said so otherwise than in the chat, or
// else because nothing was heard of them. Reason is told to them.
func (c *Case) Lapse(who Person, withdrawn bool, reason string, now time.Time) error {
	if err := May(who, Lapse, c); err != nil {
		return err
	}
	if strings.TrimSpace(reason) == "" {
		return refuse("refusal.no-words")
	}
	outcome, kind := OutcomeLapsed, Lapsed
	if withdrawn {
		outcome, kind = OutcomeWithdrawn, Withdrawn
	}
	c.sendHeld(now)
	c.end(outcome, now)
	c.record(now, By(who.Member), kind, nil, Words{FieldText: reason})
	return nil
}
