package web

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"websec.nl/gehoor/cases"
	"websec.nl/gehoor/cases/postgres"
	"websec.nl/gehoor/i18n"
)

// PagesAt is the path under which the pages behind a letter's link are: the token follows it.
const PagesAt = "/l/"

// mostForm is how many bytes are taken of what somebody sends.
const mostForm = 1 << 20

// Pages are the pages behind the links in letters. A link shows first what it is about; something happens when its reader
// presses a button there, since programs that look for malice in mail follow links. Whoever has the link is taken to be who
// it was sent to: it is random, for one purpose and one person, and dead once it was used.
type Pages struct {
	store *postgres.Store
	log   *slog.Logger
	from  *http.CrossOriginProtection
}

// NewPages returns the pages. Public is the address under which the outside reaches them; log may be nil.
func NewPages(store *postgres.Store, public string, log *slog.Logger) (*Pages, error) {
	if log == nil {
		log = slog.New(slog.DiscardHandler)
	}
	at, err := url.Parse(public)
	if err != nil || at.Host == "" {
		return nil, errors.New("the public address is not an address of the web")
	}
	from := http.NewCrossOriginProtection()
	if err := from.AddTrustedOrigin(at.Scheme + "://" + at.Host); err != nil {
		return nil, fmt.Errorf("the public address: %w", err)
	}
	return &Pages{store: store, log: log, from: from}, nil
}

// ServeHTTP shows the page of a link, or does what was pressed on it.
func (p *Pages) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	guard(w.Header())
	v := &visit{
		pages: p, procedure: p.store.Procedure(), language: spoken(r), prefers: r.Header.Get("Accept-Language"),
		token: strings.TrimPrefix(r.URL.Path, PagesAt),
	}
	switch r.Method {
	case http.MethodGet, http.MethodHead:
		v.look(r.Context(), r.Method == http.MethodGet).write(w, r)
	case http.MethodPost:
		v.pressed(w, r).write(w, r)
	default:
		w.Header().Set("Allow", "GET, HEAD, POST")
		http.Error(w, "this is only for GET, HEAD and POST", http.StatusMethodNotAllowed)
	}
}

// guard sets what keeps a page from being kept, framed, found, followed up or changed by anybody else.
func guard(h http.Header) {
	h.Set("Content-Security-Policy", policy)
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("Cache-Control", "no-store")
	h.Set("X-Robots-Tag", "noindex, nofollow, noarchive")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("X-Frame-Options", "DENY")
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	h.Set("Permissions-Policy", "camera=(), geolocation=(), microphone=()")
}

// ours says whether what was sent comes from a page of ours. A page under this policy of referrers says "null" for where it is,
// and browsers from before 2023 say no more: there the token, which no other page knows, is what shows that it is.
func (p *Pages) ours(r *http.Request) bool {
	if r.Header.Get("Sec-Fetch-Site") == "" && r.Header.Get("Origin") == "null" {
		return true
	}
	return p.from.Check(r) == nil
}

// visit is one request for the page of a link.
type visit struct {
	pages     *Pages
	token     string // nothing of it is ever said
	link      postgres.Link
	file      *cases.File
	procedure *cases.Procedure
	language  i18n.Language // empty: nobody asked for one
	prefers   string        // what the browser says of languages, for a page that is about no case
	typed     url.Values    // nil: nothing was
	failures  []failure
}

// reply is what a visit comes to: a page, or the way back to it.
type reply struct {
	status int
	page   *page
	lang   i18n.Language // of the page to go back to, without a page of its own
	visit  *visit
}

func (v *visit) reply(status int, p *page) *reply { return &reply{status: status, page: p, visit: v} }

func (a *reply) write(w http.ResponseWriter, r *http.Request) {
	if a.page == nil { // to where they are, whatever path others reach us by
		w.Header().Set("Location", "?lang="+string(a.lang))
		w.WriteHeader(http.StatusSeeOther)
		return
	}
	body, err := a.page.html()
	if err != nil {
		a.visit.complain("a page can't be written", err)
		http.Error(w, "something went wrong here; please try again in a few minutes", http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Content-Language", string(a.page.Language))
	w.WriteHeader(a.status)
	if r.Method != http.MethodHead {
		_, _ = w.Write(body)
	}
}

// complain logs what went wrong: of the link no more than what it is for.
func (v *visit) complain(what string, err error) {
	v.pages.log.Error(what, "purpose", v.link.Purpose, "number", v.link.Number, "err", err)
}

// look is the page of a link as it stands now. It changes nothing, but that the file says once of what is put to a person concerned
// that it was opened; shown says that the page goes out with its words.
func (v *visit) look(ctx context.Context, shown bool) *reply {
	if dead := v.find(ctx); dead != nil {
		return dead
	}
	if v.link.Used {
		return v.reply(http.StatusOK, v.done())
	}
	show := purposes[v.link.Purpose].show(v)
	if show == nil {
		return v.reply(http.StatusOK, v.done())
	}
	if shown {
		if err := v.opened(ctx, show.Seen); err != nil {
			v.complain("that a page was opened is not recorded", err)
			return v.reply(http.StatusServiceUnavailable, v.trouble())
		}
	}
	return v.reply(http.StatusOK, show)
}

// errSeen ends a look that stands in the file already.
var errSeen = errors.New("it was opened before")

// opened records, once, that what an event put to a person concerned was opened. Programs that look for malice in mail open links
// as well, so nothing follows from it.
func (v *visit) opened(ctx context.Context, seen string) error {
	event, err := strconv.Atoi(seen)
	if v.link.Party == 0 || err != nil || v.file.HasRead(v.link.Party, event) {
		return nil
	}
	err = v.pages.store.ByLink(ctx, v.token, func(c *cases.Case, f *cases.File, now time.Time) error {
		if f.HasRead(v.link.Party, event) {
			return errSeen
		}
		c.Opened(v.link.Party, event, now)
		return nil
	})
	if errors.Is(err, errSeen) || errors.Is(err, postgres.ErrLinkUsed) { // by whom, says the file; the page was read before that
		return nil
	}
	return err
}

// find reads what the link is about. A link that never was and one that is over are answered alike.
func (v *visit) find(ctx context.Context) *reply {
	link, err := v.pages.store.Link(ctx, v.token)
	if errors.Is(err, postgres.ErrNotFound) || err == nil && link.Expired {
		return v.reply(http.StatusNotFound, v.dead())
	}
	if err == nil {
		v.link = link
		v.file, err = v.pages.store.File(ctx, link.Number)
	}
	if err != nil {
		v.complain("a link can't be looked up", err)
		return v.reply(http.StatusServiceUnavailable, v.trouble())
	}
	v.know(v.file)
	return nil
}

// know has the visit speak of a case: by its settings and, where nobody asked for another, in the language of whom the link was
// sent to.
func (v *visit) know(f *cases.File) {
	v.file, v.procedure = f, v.pages.store.ProcedureOf(f.Case.Version)
	if v.language != "" {
		return
	}
	v.language = f.Case.Language
	if party, found := f.Case.Work.Party(v.link.Party); found && party.Language.Valid() {
		v.language = party.Language
	}
}

// errWrong ends a change because of what was sent: the failures of the visit say what is wrong with it.
var errWrong = errors.New("what was sent can't be taken")

// errMoot ends a change because there is nothing to answer any more.
var errMoot = errors.New("there is nothing to answer any more")

// pressed does what was pressed, once.
func (v *visit) pressed(w http.ResponseWriter, r *http.Request) *reply {
	if !v.pages.ours(r) {
		return v.reply(http.StatusForbidden, v.elsewhere())
	}
	r.Body = http.MaxBytesReader(w, r.Body, mostForm)
	if err := r.ParseForm(); err != nil {
		var over *http.MaxBytesError
		if errors.As(err, &over) {
			return v.reply(http.StatusRequestEntityTooLarge, v.tooMuch())
		}
		return v.reply(http.StatusBadRequest, v.elsewhere())
	}
	v.typed = r.PostForm
	for _, values := range v.typed {
		for i := range values {
			values[i] = strings.ToValidUTF8(values[i], "\uFFFD")
		}
	}
	v.language = i18n.Language(cmp.Or(v.typed.Get("switch"), v.typed.Get("lang")))
	if !v.language.Valid() {
		v.language = ""
	}
	if dead := v.find(r.Context()); dead != nil {
		return dead
	}
	if v.link.Used {
		return &reply{lang: v.language, visit: v}
	}
	if v.typed.Get("do") == "" {
		return v.again(http.StatusOK)
	}
	return v.act(r.Context())
}

// act does what was pressed, in one transaction with the end of the link.
func (v *visit) act(ctx context.Context) *reply {
	before := v.file
	err := v.pages.store.UseLink(ctx, v.token, func(c *cases.Case, f *cases.File, now time.Time) error {
		v.failures = nil
		v.know(f)
		return purposes[v.link.Purpose].act(v, c, now)
	})
	var refused *cases.Refusal
	switch {
	case err == nil, errors.Is(err, postgres.ErrLinkUsed), errors.Is(err, errMoot):
		return &reply{lang: v.language, visit: v}
	case errors.Is(err, postgres.ErrNotFound), errors.Is(err, postgres.ErrLinkExpired):
		return v.reply(http.StatusNotFound, v.dead())
	case errors.Is(err, errWrong):
		return v.again(http.StatusUnprocessableEntity)
	}
	v.file = before // what the change was about to make of it did not come to be
	if errors.As(err, &refused) {
		v.wrong("", refused.Text)
		return v.again(http.StatusUnprocessableEntity)
	}
	v.complain("what was pressed on a page can't be done", err)
	v.wrong("", i18n.T("page.wrong.try-again"))
	return v.again(http.StatusServiceUnavailable)
}

// again shows the page with what was typed.
func (v *visit) again(status int) *reply {
	if show := purposes[v.link.Purpose].show(v); show != nil {
		return v.reply(status, show)
	}
	return &reply{lang: v.language, visit: v}
}

// spoken is the language that was asked for in the address; empty: none.
func spoken(r *http.Request) i18n.Language {
	if l := i18n.Language(r.URL.Query().Get("lang")); l.Valid() {
		return l
	}
	return ""
}
