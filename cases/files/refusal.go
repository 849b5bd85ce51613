package files

// Reason says in a word why a file may not be kept. Each stands in the catalogues, as the end of a key.
type Reason string

// The reasons.
const (
	Empty      Reason = "empty"
	TooLarge   Reason = "too-large"  // longer than MaxSize, or so much when unpacked that it can't be opened
	TooWide    Reason = "too-wide"   // a picture of more than MaxPixels
	Unsuitable Reason = "unsuitable" // of a kind that is not kept: programs, pages with scripts, and whatever is not known
	Archive    Reason = "archive"    // files packed together
	Locked     Reason = "locked"     // it opens only with a password
	Macros     Reason = "macros"     // a document or a mail with a program in it
	Unreadable Reason = "unreadable" // it is damaged, or it is not what it begins as
)

// Reasons lists every Reason.
var Reasons = []Reason{Empty, TooLarge, TooWide, Unsuitable, Archive, Locked, Macros, Unreadable}

// Refusal says that a file may not be kept. Nothing of the file stands in it, so that it may be logged.
type Refusal struct {
	Reason Reason
	Detail string // for whoever looks into it: a sentence of this package, or a media type
}

func (r *Refusal) Error() string { return "file refused: " + string(r.Reason) + ": " + r.Detail }

func refuse(reason Reason, detail string) *Refusal { return &Refusal{reason, detail} }

// broken refuses a file that does not hold to its format.
func broken(detail string) error { return refuse(Unreadable, detail) }
