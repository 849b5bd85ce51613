package cases

import (
	"slices"

	"websec.nl/gehoor/i18n"
)

// Course says how an open case stands, in the words that its complainant hears in the chat, in /status and by letter: what has
// been done, and what comes next, each in a sentence or a few. A day is said only where there is one.
type Course struct {
	Done, Next i18n.Text
	New        bool // nothing was done yet but to receive it, which is what Done says
}

// CourseOf puts a Standing into words. Asked says whether the complainant was proposed a solution that they have not answered
// yet, late whether the case is beyond its last day: of that more is said than that something has not happened yet.
func CourseOf(kind Kind, s Standing, asked, late bool) Course {
	owned := slices.Contains(s.Done, MilestoneOwned)
	if kind == Talk {
		return courseOfTalk(s, owned, late)
	}
	known := sayable(s.Done)
	said := Course{Done: i18n.T("notice.done.received"), New: len(known) == 0}
	for i, m := range known {
		if one := dones[m]; i == 0 {
			said.Done = one
		} else {
			said.Done = sentences(said.Done, one)
		}
	}
	switch {
	case !owned && s.Next != MilestoneOwned: // whatever else is to be done, somebody has to do it
		said.Next = overdue(i18n.T("notice.next.owned"), late)
	case asked:
		said.Next = i18n.T("notice.next.asked")
	case s.Next == MilestoneDecided && slices.Contains(s.Done, MilestoneProposed):
		said.Next = i18n.T("notice.next.answered")
	case nexts[s.Next].Key == "":
		said.Next = i18n.T("notice.next.decided")
	default:
		said.Next = by(nexts[s.Next], s, late)
	}
	return said
}

func courseOfTalk(s Standing, owned, late bool) Course {
	if owned {
		return Course{Done: i18n.T("notice.done.owned-talk"), Next: by(i18n.T("notice.next.talked"), s, late)}
	}
	return Course{Done: i18n.T("notice.done.received-talk"), Next: by(i18n.T("notice.next.owned-talk"), s, late), New: true}
}

var (
	dones = map[Milestone]i18n.Text{
		MilestoneOwned:     i18n.T("notice.done.owned"),
		MilestoneContacted: i18n.T("notice.done.contacted"),
		MilestoneInvited:   i18n.T("notice.done.invited"),
		MilestoneProposed:  i18n.T("notice.done.proposed"),
	}
	nexts = map[Milestone]i18n.Text{
		MilestoneOwned:     i18n.T("notice.next.owned"),
		MilestoneContacted: i18n.T("notice.next.contacted"),
		MilestoneInvited:   i18n.T("notice.next.invited"),
		MilestoneProposed:  i18n.T("notice.next.proposed"),
	}
)

// sayable leaves out what needs no word.
func sayable(all []Milestone) []Milestone {
	return slices.DeleteFunc(slices.Clone(all), func(m Milestone) bool { return dones[m].Key == "" })
}

// by says by when something is to be done; where no day can be said, that it takes longer than it should, or that the day
// is not known.
func by(what i18n.Text, s Standing, late bool) i18n.Text {
	switch {
	case !s.By.IsZero():
		return sentences(what, i18n.T("notice.next.by", "by", i18n.Date{Time: s.By}))
	case s.Next == MilestoneInvited, s.Next == MilestoneProposed:
		if late {
			return what
		}
		return sentences(what, i18n.T("notice.next.unknown"))
	}
	return overdue(what, late)
}

// overdue says that something should have happened.
func overdue(what i18n.Text, late bool) i18n.Text {
	if late {
		return what
	}
	return sentences(what, i18n.T("notice.next.overdue"))
}

// sentences puts one sentence behind another.
func sentences(first, second i18n.Text) i18n.Text {
	return i18n.T("notice.sentences", "first", first, "second", second)
}

// ProgressKey is the sentence that begins a word on how a case stands, of which so many in a row said the same before.
func ProgressKey(kind Kind, same int) string {
	switch talk := kind == Talk; {
	case same == 0 && talk:
		return "notice.progress-talk"
	case same == 0:
		return "notice.progress"
	case same%2 == 1 && talk:
		return "notice.progress-same-talk"
	case same%2 == 1:
		return "notice.progress-same"
	case talk:
		return "notice.progress-still-talk"
	}
	return "notice.progress-still"
}
