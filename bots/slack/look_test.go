package slack

import (
	"encoding/json"
	"maps"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"

	"websec.nl/gehoor/bots/playground"
	"websec.nl/gehoor/cases"
	"websec.nl/gehoor/cases/files"
	"websec.nl/gehoor/cases/postgres"
	"websec.nl/gehoor/i18n"
)

// command gives a command and returns what it answered.
func (w *world) command(member, channel, text string) playground.SlackMessage {
	w.t.Helper()
	before := len(w.answers(member, channel))
	if err := w.slack.Command(playground.Command{Member: member, Channel: channel, Command: "/klacht", Text: text}); err != nil {
		w.t.Fatalf("/klacht %s: %v", text, err)
	}
	all := w.answers(member, channel)
	if len(all) != before+1 {
		w.t.Fatalf("/klacht %s has %d answers", text, len(all)-before)
	}
	return all[len(all)-1]
}

// answers are what only this member sees in a channel.
func (w *world) answers(member, channel string) (all []playground.SlackMessage) {
	c, _ := w.slack.Channel(channel)
	for _, m := range c.Messages {
		if m.Ephemeral == member {
			all = append(all, m)
		}
	}
	return all
}

func TestTheCommandListsShowsAndHelps(t *testing.T) {
	w := newWorld(t)
	first, second := w.complains(), w.complains()
	talk := w.wantsToTalk()
	w.take(bram, second)
	for text, want := range map[string][]string{
		"":                      {"Met dit commando bekijkt u zaken", "/klacht lijst"},
		"help":                  {"/klacht toon K-2026-0001", "/klacht nieuw", "/klacht zoek"},
		"vrij":                  {"2 zaken die nog van niemand zijn", string(first), string(talk)},
		"te-laat":               {"0 zaken waarvan de uiterste datum voorbij is", "Geen."},
		"Te laat":               {"0 zaken waarvan de uiterste datum voorbij is", "Geen."},
		"zoek":                  {"Wat zoekt u?"},
		"cijfers":               {"Klachten in 2026", "Klachten ontvangen*\n2", "Verzoeken om contact*\n1"},
		"list":                  {"3 open zaken", string(first), string(second), string(talk), "Dossier openen"},
		"LIJST":                 {"3 open zaken"},
		"mijn":                  {"Uw 1 open zaak", string(second)},
		"toon " + string(first): {"Klacht K-2026-0001", "nog 14 dagen", "Oppakken"},
		"k-2026-0002":           {"Klacht K-2026-0002", mention(bram)},
		"toon K-2026-0099":      {"Deze zaak bestaat niet."},
		"toon onzin":            {"Deze zaak bestaat niet."},
		"dans":                  {"Dit commando ken ik niet."},
	} {
		if m := w.command(bram, board, text); !has(m.AllText(), want...) {
			t.Errorf("/klacht %s says:\n%s", text, m.AllText())
		}
	}
	if m := w.command(chris, board, "mine"); !has(m.AllText(), "Your 0 open cases", "None.") {
		t.Errorf("/klacht mine says:\n%s", m.AllText())
	}
	if m := w.command(chris, board, "help"); !has(m.AllText(), "/complaint list") || strings.Contains(m.AllText(), "klacht") {
		t.Errorf("help in English says:\n%s", m.AllText())
	}
	room, _ := w.room(second)
	if m := w.command(bram, room.ID, ""); !has(m.AllText(), "Klacht K-2026-0002") {
		t.Errorf("/klacht in the room says:\n%s", m.AllText())
	}
	if m := w.command(eve, w.slack.Direct(eve).ID, "list"); !has(m.AllText(), "alleen voor leden van de klachtencommissie") || strings.Contains(m.AllText(), "K-2026") {
		t.Errorf("somebody outside the committee reads:\n%s", m.AllText())
	}
	// What a command shows has working buttons.
	m := w.command(chris, board, "show K-2026-0001")
	w.press(chris, board, m, actTake)
	w.card(first, mention(chris))
}

func TestALongListComesInPages(t *testing.T) {
	w := newWorld(t)
	w.manyTalks(30)
	w.until("all to be held against the names", func() bool {
		all, err := w.store.List(t.Context(), postgres.Filter{Open: true, For: bram})
		return err == nil && len(all) == 30
	})
	seen := map[string]bool{}
	m := w.command(bram, board, "lijst")
	for page := 1; ; page++ {
		if !has(m.AllText(), "Pagina "+strconv.Itoa(page)+" van 3") {
			t.Errorf("page %d: %s", page, m.AllText())
		}
		for n := range 31 {
			if number := string(cases.NumberOf(cases.Talk, 2026, n)); strings.Contains(m.AllText(), number) {
				seen[number] = true
			}
		}
		if page == 3 {
			break
		}
		w.press(bram, board, m, actPage+"list")
		next := "Pagina " + strconv.Itoa(page+1) + " van 3"
		m = w.said(board, bram, next)
	}
	if len(seen) != 30 {
		t.Errorf("%d of 30 cases on the pages", len(seen))
	}
	if m := w.command(bram, board, "lijst 3"); !has(m.AllText(), "Pagina 3 van 3") {
		t.Errorf("/klacht lijst 3 says:\n%s", m.AllText())
	}
}

func TestTheHomeShowsWhatIsMineUnownedAndDueAndStaysTrue(t *testing.T) {
	w := newWorld(t)
	first, second := w.complains(), w.complains()
	w.take(bram, first)
	if err := w.slack.OpenHome(bram); err != nil {
		t.Fatal(err)
	}
	home := func(member string, texts ...string) playground.View {
		t.Helper()
		var found playground.View
		w.until("a home with "+strings.Join(texts, ", "), func() bool {
			v, ok := w.slack.Home(member)
			found = v
			return ok && has(v.AllText(), texts...)
		})
		return found
	}
	v := home(bram, "Uw zaken", "Nog van niemand", "Bijna op de uiterste datum, of te laat", string(first), string(second))
	_, mine, _ := strings.Cut(v.AllText(), "*Uw zaken*")
	mine, rest, _ := strings.Cut(mine, "*Nog van niemand*")
	if !strings.Contains(mine, string(first)) || strings.Contains(mine, string(second)) || !strings.Contains(rest, string(second)) {
		t.Errorf("the home says:\n%s", v.AllText())
	}
	w.until("the press of a home that is not shown anew at that moment", func() bool {
		v, _ := w.slack.Home(bram)
		return w.slack.Click(playground.Click{Member: bram, View: v.ID, BlockID: blockOf(t, v, string(first)), ActionID: actFile}) == nil
	})
	w.view(bram, "Wat de klager vertelde", words("problem"))
	w.close(bram)
	w.take(chris, second)
	home(bram, "*Nog van niemand*\nGeen.")
	w.play.Turn(12 * aDay)
	if err := w.bot.Refresh(t.Context()); err != nil {
		t.Fatal(err)
	}
	home(bram, "(nog 2 dagen)")
}

// blockOf is the block of a view that has the text.
func blockOf(t *testing.T, v playground.View, text string) string {
	t.Helper()
	var blocks []struct {
		ID   string `json:"block_id"`
		Text struct{ Text string }
	}
	if err := json.Unmarshal(v.Blocks, &blocks); err != nil {
		t.Fatal(err)
	}
	for _, b := range blocks {
		if strings.Contains(b.Text.Text, text) {
			return b.ID
		}
	}
	t.Fatalf("no block says %q", text)
	return ""
}

func TestTheHomeOfSomebodyElseShowsNothing(t *testing.T) {
	w := newWorld(t)
	w.complains()
	if err := w.slack.OpenHome(eve); err != nil {
		t.Fatal(err)
	}
	w.until("a home", func() bool { v, ok := w.slack.Home(eve); return ok && has(v.AllText(), "Deze pagina is voor leden") })
	if v, _ := w.slack.Home(eve); strings.Contains(v.AllText(), "K-2026") {
		t.Error("it shows a case")
	}
}

func TestEveryNameHasAText(t *testing.T) {
	var keys []string
	for _, k := range cases.EventKinds {
		if k != cases.Excluded {
			keys = append(keys, "event."+string(k))
		}
	}
	for _, why := range []string{cases.WhyMatched, cases.WhyRecused, cases.WhyFound, cases.WhyConcerns} {
		for _, strength := range []cases.Strength{"", cases.Possible, cases.Likely, cases.Certain} {
			e := cases.Event{Kind: cases.Excluded, Data: map[string]string{"why": why, "strength": string(strength)}}
			keys = append(keys, keyOf(e), excludedLine(e).Key)
		}
	}
	for _, saw := range []string{"card", "owner", "file", "room"} {
		keys = append(keys, "exclusion.saw."+saw)
	}
	for _, k := range cases.TaskKinds {
		keys = append(keys, "task."+string(k))
	}
	for _, g := range cases.LevelsOf {
		keys = append(keys, "level."+string(g))
	}
	for _, way := range append([]cases.Way{cases.Chat}, cases.WriteUps...) {
		keys = append(keys, "way."+string(way))
	}
	for verb := range lists {
		keys = append(keys, "command."+verb)
	}
	for _, s := range cases.Stages {
		keys = append(keys, "stage."+string(s))
	}
	for _, o := range append(slices.Clone(cases.Outcomes), cases.Talked, cases.OutcomeWithdrawn, cases.OutcomeLapsed) {
		keys = append(keys, "outcome."+string(o))
	}
	for _, a := range cases.Actions {
		keys = append(keys, "action."+string(a))
	}
	for _, m := range cases.Milestones {
		keys = append(keys, "milestone."+string(m))
	}
	for _, f := range append(slices.Clone(cases.ComplaintFields), cases.TalkFields...) {
		keys = append(keys, "file.field."+f)
	}
	for _, k := range []cases.NoticeKind{cases.Acknowledgement, cases.InHand, cases.Message, cases.Summary, cases.Delay, cases.LateNotice, cases.Confirmation,
		cases.Proposal, cases.HelpedQuestion, cases.RatingQuestion, cases.ContactNotice, cases.WithdrawalNotice, cases.ReopenedNotice} {
		keys = append(keys, "letters."+string(k))
	}
	for _, s := range []cases.DeliveryState{cases.Queued, cases.Sent, cases.Failed, cases.Gone, cases.NotSent} {
		keys = append(keys, "delivery."+string(s))
	}
	for _, r := range []cases.Recipient{cases.ByChat, cases.ByMail, cases.ByOldMail} {
		keys = append(keys, "way."+string(r))
	}
	for _, e := range shownLast {
		keys = append(keys, "room.what."+string(e))
	}
	for _, g := range cases.Grades {
		keys = append(keys, "grade."+g)
	}
	for _, by := range []cases.Means{cases.Call, cases.Email, cases.Letter} {
		c := glimpse{Case: &cases.Case{Kind: cases.Talk}}
		c.By = by
		keys = append(keys, c.titled("card.title."), c.titled("card.notice."), keyOf(cases.Event{Kind: cases.Requested, Data: map[string]string{"by": string(by)}}))
	}
	for _, whose := range []string{cases.ForSelf, cases.ForAnother, cases.ForJoint} {
		keys = append(keys, "file.for."+whose)
	}
	for _, r := range append(slices.Clone(files.Reasons), "lost") {
		keys = append(keys, "file.spoiled."+string(r))
	}
	for _, state := range []cases.EnclosureState{cases.EnclosureWaiting, cases.EnclosureKept, cases.EnclosureRefused, cases.EnclosureLost} {
		keys = append(keys, "file.state."+string(state))
	}
	for _, m := range cases.Milestones {
		if m != cases.MilestoneProgress && m != cases.MilestoneLapsed { // tell the complainant
			keys = append(keys, "reminder."+string(m))
		}
	}
	for _, l := range i18n.Languages {
		keys = append(keys, "card.language."+string(l))
	}
	for _, a := range []cases.Actor{cases.Complainant, cases.TheClock, cases.Program} {
		keys = append(keys, "actor."+string(a))
	}
	for _, e := range cases.EventKinds { // of whatever the room is told
		c := &cases.Case{Kind: cases.Formal}
		for _, n := range cases.Notices(c, cases.Event{Kind: e, Data: map[string]string{}}) {
			if n.Kind == cases.News {
				keys = append(keys, "room.what."+string(e))
			}
		}
	}
	for name, f := range forms {
		keys = append(keys, "form."+f.name+".title", "form."+f.name+".intro", "form."+f.name+".submit", "card.button."+name)
	}
	for _, key := range keys {
		if !i18n.Has(key) {
			t.Errorf("there is no text %s", key)
		}
	}
}

func TestEachTextFitsItsPlace(t *testing.T) {
	fits := func(l i18n.Language, limit int, key string, pairs ...any) {
		t.Helper()
		if said := i18n.T(key, pairs...).In(l); length(said) > limit {
			t.Errorf("%s in %s has %d characters, and %d fit: %s", key, l, length(said), limit, said)
		}
	}
	for _, l := range i18n.Languages {
		for name, f := range forms {
			fits(l, maxTitle, "form."+f.name+".title")
			fits(l, maxTitle, "form."+f.name+".submit")
			fits(l, 30, "card.button."+name)
		}
		for _, key := range []string{"form.button.cancel", "form.button.close", "form.button.preview", "form.notice.title", "form.close.submit-eyes"} {
			fits(l, maxTitle, key)
		}
		for _, key := range []string{"card.button.file", "card.button.take", "reminder.button.late", "file.button.on", "file.button.back"} {
			fits(l, 30, key)
		}
		fits(l, 30, "card.button."+actEnter)
		fits(l, maxHeader, "stats.title", "year", "2026")
		for _, key := range []string{"command.help", "command.help-intake"} {
			fits(l, maxSection, key)
		}
		fits(l, maxTitle, "file.title", "number", "K-2026-12345")
		fits(l, 250, "room.topic", "number", "K-2026-12345")
		for _, o := range cases.Outcomes {
			fits(l, maxOption, "outcome."+string(o))
		}
	}
}

// scopes are what each method needs, as Slack documents it, for the sorts of conversation that we use it with.
var scopes = map[string][]string{
	"apps.connections.open":  nil, // an app-level token
	"auth.test":              nil,
	"chat.postEphemeral":     {"chat:write"},
	"chat.postMessage":       {"chat:write"},
	"chat.update":            {"chat:write"},
	"conversations.archive":  {"groups:write"},
	"conversations.create":   {"groups:write"},
	"conversations.history":  {"channels:history", "groups:history", "im:history"},
	"conversations.info":     {"channels:read", "groups:read"},
	"conversations.invite":   {"groups:write"},
	"conversations.kick":     {"groups:write"},
	"conversations.members":  {"channels:read", "groups:read"},
	"conversations.open":     {"im:write"},
	"conversations.rename":   {"groups:write"},
	"conversations.setTopic": {"groups:write"},

	"download":                     {"files:read"}, // by the address that files.info says
	"files.completeUploadExternal": {"files:write"},
	"files.getUploadURLExternal":   {"files:write"},
	"files.info":                   {"files:read"},
	"upload":                       nil, // the address that Slack gave out for it

	"pins.add":              {"pins:write"},
	"usergroups.users.list": {"usergroups:read"},
	"users.conversations":   {"channels:read", "groups:read"},
	"users.info":            {"users:read"},
	"users.list":            {"users:read", "users:read.email"},
	"views.open":            nil,
	"views.publish":         nil,
	"views.update":          nil,
}

func TestTheManifestAsksForJustWhatIsUsed(t *testing.T) {
	raw, err := os.ReadFile("manifest.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var manifest struct {
		Features struct {
			Commands  []struct{ Command string } `yaml:"slash_commands"`
			Shortcuts []struct {
				Name, Type, Description string
				ID                      string `yaml:"callback_id"`
			}
		}
		OAuth struct {
			Scopes struct{ Bot []string }
		} `yaml:"oauth_config"`
		Settings struct {
			Events struct {
				Bot []string `yaml:"bot_events"`
			} `yaml:"event_subscriptions"`
			SocketMode bool `yaml:"socket_mode_enabled"`
		}
	}
	if err := yaml.Unmarshal(raw, &manifest); err != nil {
		t.Fatal(err)
	}
	var source []byte
	for _, name := range []string{"client.go", "client_channels.go", "client_people.go", "along_fetch.go"} {
		one, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		source = append(source, one...)
	}
	want := map[string]bool{"commands": true}
	for _, needed := range scopes {
		for _, s := range needed {
			want[s] = true
		}
	}
	if got := slices.Sorted(slices.Values(manifest.OAuth.Scopes.Bot)); !slices.Equal(got, slices.Sorted(maps.Keys(want))) {
		t.Errorf("scopes %v, want %v", got, slices.Sorted(maps.Keys(want)))
	}
	if got := slices.Sorted(maps.Keys(lacking)); !slices.Equal(got, slices.Sorted(maps.Keys(want))) {
		t.Errorf("what is lacking is said of scopes %v, want %v", got, slices.Sorted(maps.Keys(want)))
	}
	const other = 4 // of which upload.go calls one function, and the addresses of files
	if n := strings.Count(string(source), "c.api.") + other; n != len(scopes) {
		t.Errorf("the client calls %d methods, and the scopes of %d are known here", n, len(scopes))
	}
	events := append(slices.Collect(maps.Keys(happenings)), memberJoined)
	if slices.Sort(events); !slices.Equal(manifest.Settings.Events.Bot, events) {
		t.Errorf("events %v, want %v", manifest.Settings.Events.Bot, events)
	}
	short := manifest.Features.Shortcuts
	if len(short) != 1 || short[0].ID != actAddToFile || short[0].Type != "message" || length(short[0].Name) > maxTitle {
		t.Errorf("shortcuts %+v", short)
	}
	if len(manifest.Features.Commands) != 2 || !manifest.Settings.SocketMode {
		t.Errorf("the manifest has %+v", manifest)
	}
	for _, line := range regexp.MustCompile(`(?m)^      - [a-z_:.]+ *(#.*)?$`).FindAllStringSubmatch(string(raw), -1) {
		if line[1] == "" {
			t.Errorf("no reason stands beside %s", line[0])
		}
	}
}
