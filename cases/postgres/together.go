package postgres

import (
	"strconv"
	"strings"
)

// together makes one statement of several that change different rows, so that a step takes few. They see what was there before
// all of them, and come in no order.
type together struct {
	with []string
	args []any
}

// add adds a statement, whose parameters are counted from $1, and returns the name under which a last statement finds its result.
func (t *together) add(statement string, args ...any) (name string) {
	name = "s" + strconv.Itoa(len(t.with)+1)
	t.with = append(t.with, name+" AS ("+t.counted(statement)+")")
	t.args = append(t.args, args...)
	return name
}

// then is all that was added and a last statement, whose result it has; empty: all that was added, and no result.
func (t *together) then(last string, args ...any) (string, []any) {
	if len(t.with) == 0 {
		return last, args
	}
	if last == "" {
		last = "SELECT"
	}
	return "WITH " + strings.Join(t.with, ", ") + " " + t.counted(last), append(t.args, args...)
}

// counted counts the parameters of a statement from where those before it ended.
func (t *together) counted(statement string) string {
	if len(t.args) == 0 {
		return statement
	}
	var b strings.Builder
	b.Grow(len(statement) + 16)
	for {
		before, after, found := strings.Cut(statement, "$")
		b.WriteString(before)
		if !found {
			return b.String()
		}
		digits := 0
		for digits < len(after) && after[digits] >= '0' && after[digits] <= '9' {
			digits++
		}
		n, _ := strconv.Atoi(after[:digits])
		b.WriteString("$" + strconv.Itoa(n+len(t.args)))
		statement = after[digits:]
	}
}
