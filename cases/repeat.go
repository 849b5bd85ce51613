package cases

import "slices"

// Before counts how often the complainant was told the like of an event before, so that nobody reads the same words twice as
// if they were new: of Progressed how many words in a row said the same, with nothing else told between; of Late how many were
// about the same last day; of Extended and ForeseenLate how often the last day was moved since the case began, or began anew.
func (f *File) Before(e Event) (n int) {
	for _, one := range slices.Backward(f.Events[:max(0, min(e.Seq-1, len(f.Events)))]) {
		switch {
		case e.Kind == Progressed && one.Kind == Progressed && one.Data["done"] == e.Data["done"] && one.Data["next"] == e.Data["next"]:
			n++
		case e.Kind == Progressed && slices.Contains(toldBy, one.Kind):
			return n
		case e.Kind == Late && one.Kind == Late && one.Data["day"] == e.Data["day"]:
			n++
		case (e.Kind == Extended || e.Kind == ForeseenLate) && one.Kind == Extended:
			n++
		case e.Kind != Late && one.Kind == Reopened:
			return n
		}
	}
	return n
}

// Moved says whether the last day was moved, and the complainant told so, before an event, since the case began or began anew.
func (f *File) Moved(e Event) bool { return f.Before(Event{Seq: e.Seq, Kind: Extended}) > 0 }

// OwesReason says whether the complainant was told that it is late, and not why, before an event.
func (f *File) OwesReason(e Event) bool {
	for _, one := range slices.Backward(f.Events[:max(0, min(e.Seq-1, len(f.Events)))]) {
		switch one.Kind {
		case Late:
			return true
		case Extended, Reopened:
			return false
		}
	}
	return false
}
