package conversation

import (
	"fmt"
	"strings"

	"websec.nl/gehoor/cases"
)

// Drawing draws the table of a procedure as a Mermaid state diagram.
func Drawing(p *cases.Procedure) string {
	f := flowOf(p)
	var b strings.Builder
	b.WriteString("stateDiagram-v2\n")
	fmt.Fprintf(&b, "    [*] --> %s\n", drawn(f.lines[0].state))
	for i := range f.lines {
		s := &f.lines[i]
		if s.number > 0 {
			fmt.Fprintf(&b, "    %s: %s (%d of %d)\n", drawn(s.state), s.state, s.number, f.total)
		}
		for _, to := range targets(s.arrows) {
			if to == Instead { // leads there from each question, and is drawn once
				continue
			}
			fmt.Fprintf(&b, "    %s --> %s: %s\n", drawn(s.state), drawn(to), labelled(s.arrows, to))
		}
		if s.review != "" {
			fmt.Fprintf(&b, "    %s --> %s: changed\n", drawn(s.state), drawn(s.review))
		}
	}
	for _, to := range targets(comings) {
		fmt.Fprintf(&b, "    %s --> %s: %s\n", Anywhere, drawn(to), labelled(comings, to))
	}
	return b.String()
}

// drawn is a state as Mermaid can name it.
func drawn(s State) string { return strings.ReplaceAll(string(s), "-", "_") }

// targets lists where arrows lead, each once, in their order.
func targets(arrows []arrow) (all []State) {
	seen := map[State]bool{}
	for _, a := range arrows {
		if !seen[a.to] {
			seen[a.to] = true
			all = append(all, a.to)
		}
	}
	return all
}

// labelled names what leads to a state; a colon would end the label.
func labelled(arrows []arrow, to State) string {
	var all []string
	for _, a := range arrows {
		if a.to == to {
			all = append(all, strings.ReplaceAll(a.on, ":", " "))
		}
	}
	return strings.Join(all, ", ")
}
