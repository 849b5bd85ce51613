package mail

import (
	"net/mail"
	"regexp"
	"strings"
	"testing"
	"time"

	"websec.nl/gehoor/cases"
	"websec.nl/gehoor/i18n"
)

// preview is how many characters of a letter a mail program may show beside its subject.
const preview = 150

func TestNoWordOfAComplaintStandsInASubjectOrAPreview(t *testing.T) {
	for _, language := range i18n.Languages {
		for name, letter := range everyLetter(t, language) {
			page, err := letter.HTML()
			if err != nil {
				t.Fatal(err)
			}
			seen := "\n" + letter.Subject + "\n" + letter.Text()[:preview] + "\n" + strings.Join(strings.Fields(bare(page)), " ")[:preview]
			for _, words := range append(sentences(noor[language]), sentences(said[language])...) {
				if strings.Contains(seen, words) {
					t.Errorf("%s in %s shows %q", name, language, words)
				}
			}
		}
	}
}

// sentences are the lines of what was said that are long enough to be told apart from ours; the name in the greeting is no secret to its owner.
func sentences[M ~map[string]string](words M) (all []string) {
	for field, text := range words {
		for line := range strings.SplitSeq(text, "\n") {
			if field != cases.FieldName && field != cases.FieldContact && len(line) > 8 {
				all = append(all, line)
			}
		}
	}
	return all
}

var markup = regexp.MustCompile(`(?s)<head>.*</head>|<[^>]*>`)

// bare is what of a page is text.
func bare(page string) string { return markup.ReplaceAllString(page, " ") }

func TestHTMLLoadsNothingAndSaysItsLanguage(t *testing.T) {
	loads := regexp.MustCompile(`(?i)<(img|script|iframe|link|object|form|video|audio|svg)|url\(|@import|src=|\bon[a-z]+=`)
	for _, language := range i18n.Languages {
		for name, letter := range everyLetter(t, language) {
			page, err := letter.HTML()
			if err != nil {
				t.Fatal(err)
			}
			if found := loads.FindString(page); found != "" {
				t.Errorf("%s has %q", name, found)
			}
			if !strings.Contains(page, `<html lang="`+string(language)+`">`) {
				t.Errorf("%s does not say that it is in %s", name, language)
			}
		}
	}
}

// hostile are the answers of somebody who tries what can be tried.
func hostile() cases.Words {
	all := cases.Words{}
	for _, field := range cases.ComplaintFields {
		all[field] = "<script>alert(1)</script> <img src=x onerror=alert(1)> {{.}} {number} %s & \"quoted\" 'single'"
	}
	all[cases.FieldName] = "Noor\r\nBcc: everyone@example.org\r\n\r\n\u202Egnorw \x1b[31m\u0000 \U0001F469\u200D\U0001F4BB מירי"
	all[cases.FieldSubject] = "שלום \u202Eabc\u2066 مرحبا"
	all[cases.FieldProblem] = "first line\r\nsecond\x07 line\r\n\r\n" + strings.Repeat("אבג 👩‍💻 words ", 2000) + strings.Repeat("x", 3000)
	all[cases.FieldEmail] = "noor@example.org"
	return all
}

func TestHostileWordsAreShownAsTheyWereTyped(t *testing.T) {
	letter := begin(t, i18n.English, hostile()).write(cases.Acknowledgement, 1)
	page, err := letter.HTML()
	if err != nil {
		t.Fatal(err)
	}
	plain := letter.Text()
	for _, forbidden := range []string{"<script", "<img"} {
		if strings.Contains(page, forbidden) {
			t.Errorf("the page has %s", forbidden)
		}
	}
	for _, forbidden := range []string{"\x1b", "\x00", "\x07", "\r"} {
		if strings.Contains(page, forbidden) || strings.Contains(plain, forbidden) {
			t.Errorf("a control character %q is left", forbidden)
		}
	}
	if plain = strings.Join(strings.Fields(plain), " "); !strings.Contains(plain, "<script>alert(1)</script>") || !strings.Contains(plain, "{{.}} {number} %s & \"quoted\"") {
		t.Error("words are missing from the text")
	}
	if got, want := letter.Greeting, "Dear Noor Bcc: everyone@example.org gnorw [31m \U0001F469\u200D\U0001F4BB מירי,"; got != want {
		t.Errorf("greeting %q, want %q", got, want)
	}
}

func TestLongStoryIsWhole(t *testing.T) {
	story := strings.Repeat("Dit is een zin van mijn verhaal. ", 1000)[:30_000]
	answers := cases.Words{cases.FieldName: strings.Repeat("Noor ", 60), cases.FieldProblem: story}
	letter := begin(t, i18n.Dutch, answers).write(cases.Acknowledgement, 1)
	if got, want := strings.Join(strings.Fields(letter.Text()), " "), strings.Join(strings.Fields(story), " "); !strings.Contains(got, want) {
		t.Error("the text lost words")
	}
	for line := range strings.Lines(letter.Text()) {
		if n := len([]rune(strings.TrimRight(line, "\n"))); n > longestName+len("Beste ,") {
			t.Errorf("a line of %d characters: %q", n, line)
		}
	}
	page, err := letter.HTML()
	if err != nil || !strings.Contains(page, strings.TrimSpace(story)) {
		t.Errorf("the page lost words (%v)", err)
	}
}

func TestNoLetterWithoutItsEventOrItsWords(t *testing.T) {
	l := begin(t, i18n.Dutch, cases.Words{})
	for _, kind := range []cases.NoticeKind{
		cases.Acknowledgement, cases.Message, cases.Summary, cases.Delay, cases.LateNotice, cases.ProgressNotice, cases.Confirmation, cases.Card, "nonsense",
		cases.ReportNotice, cases.LapseNotice, cases.ApprovalRequest, cases.NobodyNotice, cases.Invitation, cases.PartyProposal, cases.PartyEnd,
		cases.Proposal, cases.HelpedQuestion, cases.RatingQuestion, cases.ContactNotice, cases.WithdrawalNotice, cases.ReopenedNotice,
	} {
		for _, event := range []int{0, 1, 2} {
			if _, ok := Compose(l.file, cases.Notice{Kind: kind, To: cases.ByMail, Event: event}, l.procedure, Links{}); ok {
				t.Errorf("a letter %s about event %d", kind, event)
			}
		}
	}
}

func TestTheAddressOfBeforeIsNotToldTheNewOne(t *testing.T) {
	for _, language := range i18n.Languages {
		l := begin(t, language, noor[language])
		event := l.then(1, func(c *cases.Case, now time.Time) error {
			return c.ChangeContact("+31 20 765 4321", "noor.new@example.org", now)
		})
		before, after := l.writeTo(cases.ByOldMail, cases.ContactNotice, event), l.write(cases.ContactNotice, event)
		page, err := before.HTML()
		if err != nil {
			t.Fatal(err)
		}
		for _, told := range []string{"765", "noor.new"} {
			if strings.Contains(before.Text()+page, told) {
				t.Errorf("the address of before is told %q", told)
			}
			if !strings.Contains(after.Text(), told) {
				t.Errorf("the new address is not told %q", told)
			}
		}
		from, c := &mail.Address{Address: "us@example.org"}, &l.file.Case
		old, now := cases.Notice{Kind: cases.ContactNotice, To: cases.ByOldMail, Event: event}, cases.Notice{Kind: cases.ContactNotice, To: cases.ByMail, Event: event}
		if idOf(c, old, from) == idOf(c, now, from) {
			t.Error("both letters have one name, so that a mail program shows one of them")
		}
	}
}

func TestTheConfirmationAsksHowItWentWhereAnAnswerGoesSomewhere(t *testing.T) {
	l := begin(t, i18n.Dutch, noor[i18n.Dutch])
	l.then(1, func(c *cases.Case, now time.Time) error { return c.Take(ann, now) })
	event := l.then(1, l.ends(ann, cases.Closing{Outcome: cases.Settled, Solution: "so"}))
	const asks, reply, inChat = "Hoe ging het?", "eze e-mail beantwoorden", "in de chat"
	if text := l.write(cases.Confirmation, event).Text(); !strings.Contains(text, asks) || strings.Contains(text, inChat) {
		t.Error(text)
	}
	l.file.Case.Chat = 7001
	if text := l.write(cases.Confirmation, event).Text(); !strings.Contains(text, inChat) || !strings.Contains(text, reply) {
		t.Error(text)
	}
	l.procedure.Email = ""
	if text := l.write(cases.Confirmation, event).Text(); !strings.Contains(text, inChat) || strings.Contains(text, reply) {
		t.Error(text)
	}
	l.file.Case.ChatGone = true
	if strings.Contains(l.write(cases.Confirmation, event).Text(), asks) {
		t.Error("it asks for an answer that goes nowhere")
	}
}

func TestLettersKeepToWhatTheProcedureHas(t *testing.T) {
	l := begin(t, i18n.Dutch, noor[i18n.Dutch])
	l.procedure.Email, l.procedure.Telephone, l.procedure.Post, l.procedure.Contact = "", "", "", ""
	if text := l.write(cases.Acknowledgement, 1).Text(); strings.Contains(text, "Beantwoord") || strings.Contains(text, "()") || strings.Contains(text, "Post") {
		t.Error(text)
	}
	l.procedure.Telephone = "020 123 4567"
	if text := l.write(cases.Acknowledgement, 1).Text(); !strings.Contains(text, "de klachtencommissie (020 123 4567)") {
		t.Error(text)
	}
	l.procedure.Period = 28 // of cases to come: this one keeps its own day
	if text := l.write(cases.Acknowledgement, 1).Text(); !strings.Contains(text, "zondag 6 december 2026") {
		t.Error(text)
	}
}

func FuzzWordsNeverBreakALetter(f *testing.F) {
	f.Add("Noor", "a story")
	f.Add("a\r\nb", "\u202E\xff\x00")
	f.Fuzz(func(t *testing.T, name, story string) {
		letter := begin(t, i18n.English, cases.Words{cases.FieldName: name, cases.FieldProblem: story}).write(cases.Acknowledgement, 1)
		page, err := letter.HTML()
		if err != nil {
			t.Fatal(err)
		}
		if strings.ContainsAny(letter.Greeting, "\r\n\x00") {
			t.Errorf("greeting %q", letter.Greeting)
		}
		if strings.ContainsAny(letter.Text()+page, "\r\x00\x1b") || strings.Count(page, "<p ") != strings.Count(page, "</p>") {
			t.Errorf("the letter is broken: %q", page)
		}
	})
}
