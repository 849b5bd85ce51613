package slack

import (
	"context"
	"slices"
	"time"

	"websec.nl/gehoor/cases"
	"websec.nl/gehoor/i18n"
)

// asDrafted fills a closing in as it was drafted last, unless the case was closed since: who gets it back, or wants to change it while
// it waits, need not type all of it once more. Its words are read from the file, and that is recorded.
func asDrafted(ctx context.Context, b *Bot, i interaction, f *filling) ([]block, error) {
	last, err := b.store.Glance(ctx, f.c.Number, cases.Drafted, cases.Reopened)
	if err != nil || last.Last != cases.Drafted {
		return nil, err
	}
	if f.file, _, err = b.readFile(ctx, i, f.m.Case); err != nil {
		return nil, err
	}
	for _, e := range slices.Backward(f.file.Events) {
		if e.Kind == cases.Drafted {
			made, _ := f.p.ClosingOf(e)
			f.fillIn(made)
			return []block{say(i18n.T("form.close.as-drafted").In(f.l))}, nil
		}
	}
	return nil, nil
}

// fillIn puts a closing into the form of one, as far as that has room for it. An outcome that follows from the points goes on following
// from them, as they may be changed.
func (f *filling) fillIn(made cases.Closing) {
	f.m.Points, f.m.Measures = min(len(made.Points), mostPoints), min(len(made.Measures), mostMeasures)
	f.values = map[string]string{fieldOutcome: string(made.Outcome), fieldSolution: made.Solution, fieldDespite: made.Despite}
	if made.Outcome != "" && made.Outcome == made.OfPoints() {
		f.values[fieldOutcome] = tick
	}
	for n, point := range made.Points[:f.m.Points] {
		f.values[ofPoint(n+1, fieldText)], f.values[ofPoint(n+1, "why")] = point.Text, point.Why
		f.values[ofPoint(n+1, fieldOutcome)] = string(point.Outcome)
	}
	for n, measure := range made.Measures[:f.m.Measures] {
		f.values[ofMeasure(n+1, fieldText)], f.values[ofMeasure(n+1, "owner")] = measure.Text, string(measure.Owner)
		f.values[ofMeasure(n+1, fieldUntil)] = measure.Due.Format(time.DateOnly)
	}
}
