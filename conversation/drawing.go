package conversation

import (
	"fmt"
	"strings"
)

// Drawing draws the table of states as a Mermaid state diagram.
func Drawing() string {
	var b strings.Builder
	b.WriteString("stateDiagram-v2\n")
	fmt.Fprintf(&b, "    [*] --> %s\n", flow[0].state)
	for _, s := range flow {
		if s.number > 0 {
			fmt.Fprintf(&b, "    %s: %s (%d of %d)\n", s.state, s.state, s.number, total)
		}
		for _, to := range targets(s.arrows) {
			fmt.Fprintf(&b, "    %s --> %s: %s\n", s.state, to, labelled(s.arrows, to))
		}
		if s.review != "" {
			fmt.Fprintf(&b, "    %s --> %s: changed\n", s.state, s.review)
		}
	}
	for _, to := range targets(between) {
		fmt.Fprintf(&b, "    %s --> %s: %s\n", Anywhere, to, labelled(between, to))
	}
	return b.String()
}

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
