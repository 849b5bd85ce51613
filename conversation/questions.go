package conversation

import (
	"websec.nl/gehoor/cases"
	"websec.nl/gehoor/i18n"
)

// The states of the built-in questions, and of what they ask further. The state of a question of the organisation's own is
// "own_" and its identifier.
const (
	Name         State = "name"
	For          State = "for"
	ForWhom      State = "for_whom"
	Authority    State = "authority" // how did that person agree?
	ForOthers    State = "for_others"
	Subject      State = "subject"
	Problem      State = "problem"
	Retell       State = "retell" // is the story to be told anew?
	When         State = "when"
	WhenCheck    State = "when_check" // are these the days?
	WhenFrom     State = "when_from"  // on which day of the calendar did it begin?
	WhenUntil    State = "when_until" // and when did it end?
	Often        State = "often"
	HowOften     State = "how_often"
	Wish         State = "wish"
	Prior        State = "prior"
	PriorContact State = "prior_contact" // with whom?
	PriorEnd     State = "prior_end"     // and what came of it?
	Contact      State = "contact"
	OtherContact State = "other_contact"
	Telephone    State = "telephone"
	Email        State = "email"
	Conflict     State = "conflict"
)

// builtIn holds the lines of the table that each built-in question brings, in the order in which the procedure asks them
// where its settings say nothing else. Whether it may be skipped, or not be known, is added to the first of them.
var builtIn = map[string][]step{
	cases.FieldName: {
		{state: Name, names: true, text: i18n.T("intake.name.ask"), why: i18n.T("intake.name.why"), expect: i18n.T("name.expect"),
			read: readName, ask: askQuestion, hear: hearWords,
			arrows: []arrow{{words, Onward}, {back, Before}}}},

	cases.FieldFor: {
		{state: For, text: i18n.T("intake.for.ask"), why: i18n.T("intake.for.why"), expect: i18n.T("intake.for.expect"),
			ask: askFor, hear: hearFor,
			arrows: []arrow{{cases.ForSelf, Onward}, {cases.ForAnother, ForWhom}, {cases.ForJoint, ForOthers}, {keep, Onward}, {back, Before}}},
		{state: ForWhom, names: true, text: i18n.T("intake.for-whom.ask"), expect: i18n.T("intake.for-whom.expect"), further: true,
			read: readNamesOf(cases.ForAnother), ask: askQuestion, hear: hearWords,
			arrows: []arrow{{words, Authority}, {back, For}}},
		{state: Authority, field: cases.FieldAuthority, text: i18n.T("intake.authority.ask"), why: i18n.T("intake.authority.why"),
			expect: i18n.T("intake.authority.expect"), further: true,
			read: readWords, ask: askAuthority, hear: hearAuthority,
			arrows: []arrow{{words, Onward}, {"not-yet", Onward}, {back, ForWhom}}},
		{state: ForOthers, names: true, text: i18n.T("intake.for-others.ask"), expect: i18n.T("intake.for-others.expect"), further: true,
			read: readNamesOf(cases.ForJoint), ask: askQuestion, hear: hearWords,
			arrows: []arrow{{words, Onward}, {back, For}}}},

	cases.FieldSubject: {
		{state: Subject, text: i18n.T("intake.subject.ask"), why: i18n.T("intake.subject.why"), expect: i18n.T("intake.subject.expect"),
			read: readWords, ask: askQuestion, hear: hearWords,
			arrows: []arrow{{words, Onward}, {back, Before}}}},

	cases.FieldProblem: {
		{state: Problem, text: i18n.T("intake.problem.ask"), why: i18n.T("intake.problem.why"), expect: i18n.T("intake.problem.expect"),
			ask: askStory, hear: hearStory, brief: true,
			arrows: []arrow{{done, Onward}, {"retell", Retell}, {back, Before}}},
		{state: Retell, expect: i18n.T("intake.retell.expect"), ask: askRetell, hear: hearRetell, brief: true, further: true,
			arrows: []arrow{{yes, Problem}, {no, Problem}}}},

	cases.FieldWhen: {
		{state: When, text: i18n.T("intake.when.ask"), why: i18n.T("intake.when.why"), expect: i18n.T("intake.when.expect"),
			read: readWords, ask: askWhen, hear: hearWhen,
			arrows: []arrow{{words, Onward}, {"found", WhenCheck}, {calendar, WhenFrom}, {back, Before}}},
		{state: WhenCheck, expect: i18n.T("intake.when-check.expect"), further: true,
			ask: askWhenCheck, hear: hearWhenCheck, brief: true,
			arrows: []arrow{{yes, Onward}, {"only", Onward}, {"found", WhenCheck}, {calendar, WhenFrom}, {back, When}}},
		{state: WhenFrom, text: i18n.T("intake.when-from.ask"), expect: i18n.T("intake.when-from.expect"), further: true,
			ask: askWhenFrom, hear: hearWhenFrom, brief: true,
			arrows: []arrow{{"day", WhenUntil}, {"only", Onward}, {words, Onward}, {"found", WhenCheck}, {back, When}}},
		{state: WhenUntil, text: i18n.T("intake.when-until.ask"), expect: i18n.T("intake.when-until.expect"), further: true,
			ask: askWhenUntil, hear: hearWhenUntil, brief: true,
			arrows: []arrow{{"day", Onward}, {"same", Onward}, {"on", Onward}, {back, WhenFrom}}}},

	cases.FieldOften: {
		{state: Often, text: i18n.T("intake.often.ask"), why: i18n.T("intake.often.why"), expect: i18n.T("intake.often.expect"),
			read: readWords, ask: askOften, hear: hearOften,
			arrows: []arrow{{words, Onward}, {"once", Onward}, {more, HowOften}, {back, Before}}},
		{state: HowOften, text: i18n.T("intake.how-often.ask"), expect: i18n.T("intake.how-often.expect"), further: true,
			read: readWords, ask: askQuestion, hear: hearWords,
			arrows: []arrow{{words, Onward}, {back, Often}}}},

	cases.FieldWish: {
		{state: Wish, text: i18n.T("intake.wish.ask"), why: i18n.T("intake.wish.why"), expect: i18n.T("intake.wish.expect"),
			read: readWords, ask: askQuestion, hear: hearWords,
			arrows: []arrow{{words, Onward}, {back, Before}}}},

	cases.FieldPrior: {
		{state: Prior, text: i18n.T("intake.prior.ask"), why: i18n.T("intake.prior.why"), expect: i18n.T("intake.prior.expect"),
			read: readWords, ask: askPrior, hear: hearPrior,
			arrows: []arrow{{words, PriorEnd}, {no, Onward}, {yes, PriorContact}, {keep, Onward}, {back, Before}}},
		{state: PriorContact, text: i18n.T("intake.prior-contact.ask"), expect: i18n.T("intake.prior-contact.expect"), further: true,
			read: readWords, ask: askQuestion, hear: hearWords,
			arrows: []arrow{{words, PriorEnd}, {back, Prior}}},
		{state: PriorEnd, field: cases.FieldPriorEnd, text: i18n.T("intake.prior-end.ask"), expect: i18n.T("intake.prior-end.expect"), further: true,
			read: readWords, ask: askPriorEnd, hear: hearPriorEnd,
			arrows: []arrow{{words, Onward}, {"nothing", Onward}, {back, Prior}}}},

	cases.FieldContact: {
		{state: Contact, text: i18n.T("intake.contact.ask"), why: i18n.T("intake.contact.why"), expect: i18n.T("intake.contact.expect"),
			read: readName, ask: askContact, hear: hearContact,
			arrows: []arrow{{words, Telephone}, {"self", Telephone}, {"other", OtherContact}, {back, Before}}},
		{state: OtherContact, names: true, text: i18n.T("intake.other-contact.ask"), expect: i18n.T("intake.other-contact.expect"), further: true,
			read: readName, ask: askQuestion, hear: hearOtherContact,
			arrows: []arrow{{words, Telephone}, {back, Contact}}},
		{state: Telephone, part: cases.FieldTelephone, field: cases.FieldTelephone, text: i18n.T("intake.telephone.ask"), expect: i18n.T("telephone.expect"),
			read: readTelephone, ask: askTelephone, hear: hearTelephone,
			arrows: []arrow{{words, Email}, {skip, Email}, {back, Contact}}},
		{state: Email, part: cases.FieldEmail, field: cases.FieldEmail, text: i18n.T("intake.email.ask"), expect: i18n.T("intake.email.expect"),
			read: readEmail, ask: askEmail, hear: hearEmail,
			arrows: []arrow{{words, Onward}, {skip, Onward}, {back, Telephone}}}},

	cases.FieldConflict: {
		{state: Conflict, text: i18n.T("intake.conflict.ask"), why: i18n.T("intake.conflict.why"), expect: i18n.T("intake.conflict.expect"),
			read: readWords, ask: askConflict, hear: hearConflict,
			arrows: []arrow{{words, Onward}, {"nobody", Onward}, {back, Before}}}},
}

// own holds the line that a question of the organisation's own brings, by its kind.
var own = map[cases.QuestionKind]step{
	cases.AskText: {expect: i18n.T("own.text.expect"), read: readWords, ask: askQuestion, hear: hearWords,
		arrows: []arrow{{words, Onward}, {back, Before}}},
	cases.AskChoice: {expect: i18n.T("own.choice.expect"), read: readChoice, ask: askChoice, hear: hearChoice,
		arrows: []arrow{{words, Onward}, {back, Before}}},
	cases.AskDate: {expect: i18n.T("own.date.expect"), read: readDate, ask: askDate, hear: hearDate,
		arrows: []arrow{{words, Onward}, {back, Before}}},
	cases.AskNumber: {expect: i18n.T("own.number.expect"), read: readNumber, ask: askQuestion, hear: hearWords,
		arrows: []arrow{{words, Onward}, {back, Before}}},
	cases.AskFile: {expect: i18n.T("own.file.expect"), ask: askFile, hear: hearFile,
		arrows: []arrow{{words, Onward}, {done, Onward}, {back, Before}}},
}
