package postgres

// TickStatements are what a tick claims by, for a benchmark to explain: each with an instant and how many at most. TickBegins comes
// before them.
var TickStatements = []string{claimDue, claimUnaware}

const TickBegins = inOrder
