package slack

import (
	"slices"
	"testing"
	"time"

	"websec.nl/gehoor/cases"
)

// What names nobody can be shown as soon as it is there, so no second transaction has to say so; what may name somebody, or can't be
// judged at this moment, is seen by nobody until it was.
func TestAComplaintIsScreenedAsItIsFiledWhereItIsCertainThatItNamesNobody(t *testing.T) {
	w := newWorld(t)
	w.until("the names to be known", func() bool { return w.bot.directory.fresh() != nil })
	w.stop() // nothing is screened or told any more
	about := func(who string) func(cases.Words) {
		return func(answers cases.Words) { answers[cases.FieldSubject] = who }
	}
	if got := w.events(w.files(about("de helpdesk"))); !slices.Equal(got, []cases.EventKind{cases.Filed, cases.Screened}) {
		t.Errorf("a complaint that names nobody has %v", got)
	}
	if got := w.events(w.files(about("Dewi"))); !slices.Equal(got, []cases.EventKind{cases.Filed}) {
		t.Errorf("a complaint that names a colleague has %v", got)
	}
	w.bot.directory.mu.Lock()
	w.bot.directory.at = time.Now().Add(-directoryAge)
	w.bot.directory.mu.Unlock()
	if got := w.events(w.files(about("de helpdesk"))); !slices.Equal(got, []cases.EventKind{cases.Filed}) {
		t.Errorf("a complaint that was held against old names has %v", got)
	}
}
