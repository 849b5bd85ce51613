package cases

import (
	"testing"
	"time"
)

// BenchmarkNext is what each change of a case costs for knowing when the clock speaks of it next: of one that came in a moment ago.
//
//	go test ./cases -run '^$' -bench Next
func BenchmarkNext(b *testing.B) {
	p := DefaultProcedure()
	now := time.Date(2026, 11, 23, 9, 30, 0, 0, p.Location())
	c := Submit("K-2026-0001", Complaint{Answers: Words{FieldProblem: "Nobody rang back."}}, 7001, p, now)
	b.ReportAllocs()
	for b.Loop() {
		if p.Next(c, Staff{}, now).IsZero() {
			b.Fatal("an open case of which the clock never speaks")
		}
	}
}
