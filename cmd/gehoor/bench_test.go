package main

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"websec.nl/gehoor/bots/playground"
	"websec.nl/gehoor/cases/postgres"
)

// said is what a person does once they have heard something: the words, or the button to press.
type said struct{ hear, press, say string }

// answers says whether the step follows a message of the bot.
func (s said) answers(m playground.Message) bool {
	return strings.Contains(m.Text, s.hear) && (s.press == "" || slices.ContainsFunc(slices.Concat(m.Buttons...), func(b playground.Button) bool { return b.Text == s.press }))
}

// stepsOfComplaint is what a complainant of the crowd says: when the bot's message has the words, the answer follows.
var stepsOfComplaint = []said{
	{say: "/start"},
	{press: "Ja, dat is goed"},
	{press: "Een formele klacht indienen"},
	{hear: "1 van 8", say: "Noor (invented)"},
	{press: "Voor mijzelf"},
	{hear: "2 van 8", say: "de helpdesk"},
	{hear: "3 van 8", say: "Niemand belde terug, ook na drie keer vragen niet. Ik weet niet wat ik nu nog kan doen."},
	{press: "Ik heb alles verteld"},
	{hear: "4 van 8", say: "vorige week"},
	{press: "Ja, dat klopt"},
	{press: "Eén keer"},
	{hear: "6 van 8", say: "een telefoontje"},
	{press: "Nee, nog niet"},
	{press: "Dat ben ik zelf"},
	{hear: "telefoonnummer", say: "020 123 4567"},
	{hear: "e-mailadres", press: "Overslaan"},
	{press: "Nee, niemand"},
	{press: "Ja, dit klopt"},
	{press: "Ik wil de formele procedure"},
	{hear: "K-20"},
}

// crowd plays conversations over the stand-in for Telegram, so many at once, and takes the time of each answer.
type crowd struct {
	play  *playground.Playground
	steps []said
	mu    sync.Mutex
	all   map[int64]*complainant
	took  []time.Duration
	next  atomic.Int64
	left  atomic.Int64
	ended chan struct{}
}

type complainant struct {
	step  int
	since time.Time
}

// newCrowd is a crowd of so many people, each of whom files one complaint.
func newCrowd(play *playground.Playground, people int) *crowd {
	c := &crowd{play: play, steps: stepsOfComplaint, all: map[int64]*complainant{}, ended: make(chan struct{}, people)}
	c.next.Store(time.Now().UnixMicro())
	c.left.Store(int64(people))
	play.Telegram().OnMessage(c.hear)
	return c
}

// wait waits until one more of them has filed.
func (c *crowd) wait(tb testing.TB, s *served) {
	tb.Helper()
	select {
	case <-c.ended:
	case <-time.After(time.Minute):
		tb.Fatalf("stuck: %s\n%s", c.stuck(), s.log())
	}
}

// begin lets one more of them begin, if there are any left.
func (c *crowd) begin() {
	if c.left.Add(-1) < 0 {
		return
	}
	id := c.next.Add(1)
	c.play.Telegram().AddPerson(playground.Person{ID: id, Name: "Crowd (invented)", Language: "nl"})
	c.mu.Lock()
	c.all[id] = &complainant{step: 1, since: time.Now()}
	c.mu.Unlock()
	if _, _, err := c.play.Telegram().Send(id, c.steps[0].say); err != nil {
		panic(err)
	}
}

func (c *crowd) hear(id int64, m playground.Message) {
	c.mu.Lock()
	p := c.all[id]
	if p == nil || !c.steps[p.step].answers(m) {
		c.mu.Unlock()
		return
	}
	now := c.steps[p.step]
	c.took = append(c.took, time.Since(p.since))
	p.step++
	last := p.step == len(c.steps)
	if last {
		delete(c.all, id)
	}
	p.since = time.Now()
	c.mu.Unlock()
	go c.act(id, now.press, now.say, last)
}

// stuck says where one of the crowd waits in vain.
func (c *crowd) stuck() string {
	c.mu.Lock()
	defer c.mu.Unlock()
	for id, p := range c.all {
		messages := c.play.Telegram().Messages(id)
		return fmt.Sprintf("waits for %+v, and heard %q", c.steps[p.step], messages[len(messages)-1].Text)
	}
	return "nobody waits"
}

func (c *crowd) act(id int64, press, say string, last bool) {
	var err error
	switch {
	case last:
		c.ended <- struct{}{}
		c.begin()
	case press != "":
		_, err = c.play.Telegram().PressText(id, press)
	default:
		_, _, err = c.play.Telegram().Send(id, say)
	}
	if err != nil {
		panic(fmt.Sprintf("person %d: %v", id, err))
	}
}

// BenchmarkConversation drives the real program: each operation is one whole complaint, from /start to its number.
//
//	go test ./cmd/gehoor -run '^$' -bench Conversation -benchtime 2000x
func BenchmarkConversation(b *testing.B) {
	ceiling := sync.OnceValue(func() float64 { return databaseCeiling(b) })
	for _, way := range []string{"polling", "webhook"} {
		for _, atOnce := range []int{1, 16, 64, 256} {
			b.Run(fmt.Sprintf("%s/%d", way, atOnce), func(b *testing.B) {
				converse(b, way == "webhook", atOnce, stepsOfComplaint)
				b.ReportMetric(ceiling(), "pgbench-steps/s")
			})
		}
	}
}

// BenchmarkAnswers is that crowd when each of them stops before the last word, so that no case is made: what an answer costs, and,
// beside BenchmarkConversation, what a filing does.
//
//	go test ./cmd/gehoor -run '^$' -bench 'Answers|PlainHandler' -benchtime 2000x
func BenchmarkAnswers(b *testing.B) {
	for _, way := range []string{"polling", "webhook"} {
		for _, atOnce := range []int{1, 16, 64, 256} {
			b.Run(fmt.Sprintf("%s/%d", way, atOnce), func(b *testing.B) {
				converse(b, way == "webhook", atOnce, stepsOfComplaint[:len(stepsOfComplaint)-1])
			})
		}
	}
}

func converse(b *testing.B, webhook bool, atOnce int, script []said) {
	play := playground.New(playground.Options{Lean: true})
	if err := play.Start(b.Context(), "127.0.0.1:0"); err != nil {
		b.Fatal(err)
	}
	defer play.Close()
	served := startServe(b, play, benchDatabase(b), webhook)
	c := newCrowd(play, b.N)
	c.steps = script
	before, around, calls := served.cost(b), surroundings(b), play.Telegram().Calls()
	b.ResetTimer()
	for range min(atOnce, b.N) {
		c.begin()
	}
	for range b.N {
		c.wait(b, served)
	}
	b.StopTimer()
	after := served.cost(b)
	around.report(b, float64(len(c.took)))
	slices.Sort(c.took)
	steps := float64(len(c.took))
	b.ReportMetric(float64(play.Telegram().Calls()-calls)/steps, "calls/step")
	b.ReportMetric(steps/b.Elapsed().Seconds(), "steps/s")
	b.ReportMetric(float64(c.took[len(c.took)/2].Microseconds())/1000, "p50-ms")
	b.ReportMetric(float64(c.took[len(c.took)*99/100].Microseconds())/1000, "p99-ms")
	b.ReportMetric((after.cpu-before.cpu)*1e6/steps, "cpu-µs/step")
	b.ReportMetric((after.allocs-before.allocs)/steps, "allocs/step")
	b.ReportMetric(after.memory, "MiB")
}

// served is a gehoor serve that runs as a program of its own.
type served struct {
	command *exec.Cmd
	env     []string
	address string
	output  string
}

type cost struct{ cpu, allocs, memory float64 }

// startServe runs the built program between the stand-ins until the benchmark or test ends, and waits until it is ready.
func startServe(tb testing.TB, play *playground.Playground, database string, webhook bool) *served {
	tb.Helper()
	_, key := postgres.NewMasterKey()
	s := &served{address: freeAddress(tb), output: filepath.Join(tb.TempDir(), "log")}
	s.env = append(os.Environ(), "GEHOOR_DATABASE_URL="+database, "GEHOOR_MASTER_KEY="+key,
		"GEHOOR_TELEGRAM_TOKEN="+play.TelegramToken(), "GEHOOR_TELEGRAM_API="+play.TelegramURL(), "GEHOOR_TELEGRAM_RATE=0",
		"GEHOOR_SLACK_BOT_TOKEN="+play.SlackBotToken(), "GEHOOR_SLACK_APP_TOKEN="+play.SlackAppToken(), "GEHOOR_SLACK_API="+play.SlackURL(),
		"GEHOOR_SLACK_CHANNEL="+committeeChannel(play), "GEHOOR_SMTP_URL="+play.SMTPURL(), "GEHOOR_MAIL_FROM=complaints@example.org",
		"GEHOOR_LISTEN="+s.address)
	if webhook {
		s.env = append(s.env, "GEHOOR_TELEGRAM_WEBHOOK_URL=http://"+s.address+"/telegram", "GEHOOR_TELEGRAM_WEBHOOK_SECRET=a-secret")
	}
	s.start(tb)
	s.ready(tb)
	tb.Cleanup(func() { s.stop(tb) })
	return s
}

// start starts the program, for the first time or once more.
func (s *served) start(tb testing.TB) {
	tb.Helper()
	log, err := os.OpenFile(s.output, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		tb.Fatal(err)
	}
	defer log.Close()
	s.command = exec.Command(builtProgram(tb), "serve")
	s.command.Env, s.command.Stdout, s.command.Stderr = s.env, log, log
	if err := s.command.Start(); err != nil {
		tb.Fatal(err)
	}
}

// kill ends the program on the spot, as a power cut would.
func (s *served) kill() {
	s.command.Process.Kill()
	s.command.Wait()
}

func (s *served) ready(tb testing.TB) {
	tb.Helper()
	again := time.NewTicker(2 * time.Millisecond)
	defer again.Stop()
	for deadline := time.Now().Add(30 * time.Second); time.Now().Before(deadline); <-again.C {
		response, err := http.Get("http://" + s.address + "/readyz")
		if err == nil {
			io.Copy(io.Discard, response.Body)
			response.Body.Close()
			if response.StatusCode == http.StatusOK {
				return
			}
		}
	}
	tb.Fatalf("not ready: %s", s.log())
}

// stop asks the program to end, and sees to it that it does so well; a second time it does nothing.
func (s *served) stop(tb testing.TB) {
	tb.Helper()
	if s.command.ProcessState != nil {
		return
	}
	s.command.Process.Signal(syscall.SIGTERM)
	if err := s.command.Wait(); err != nil {
		tb.Errorf("serve ended with %v: %s", err, s.log())
	}
}

func (s *served) log() string {
	text, _ := os.ReadFile(s.output)
	return string(text)
}

var mallocs = regexp.MustCompile(`(?m)^go_memstats_mallocs_total (\S+)$`)

// cost is what the program has used since its start: CPU seconds, allocations; and resident memory in MiB.
func (s *served) cost(tb testing.TB) (c cost) {
	tb.Helper()
	response, err := http.Get("http://" + s.address + "/metrics")
	if err != nil {
		tb.Fatal(err)
	}
	defer response.Body.Close()
	text, _ := io.ReadAll(response.Body)
	if found := mallocs.FindSubmatch(text); found != nil {
		c.allocs, _ = strconv.ParseFloat(string(found[1]), 64)
	}
	proc := fmt.Sprintf("/proc/%d/", s.command.Process.Pid)
	c.cpu, _ = usedCPU(s.command.Process.Pid)
	c.memory = residentMemory(tb, proc)
	return c
}

// usedCPU is what a process has used since its start, in seconds, and the name of its program.
func usedCPU(pid int) (seconds float64, program string) {
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return 0, "" // it has ended
	}
	_, program, _ = strings.Cut(string(stat), "(")
	program, rest, _ := strings.Cut(program, ") ")
	fields := strings.Fields(rest)
	user, _ := strconv.ParseFloat(fields[11], 64)
	system, _ := strconv.ParseFloat(fields[12], 64)
	return (user + system) / 100, program // a tick is a hundredth of a second on Linux
}

// around is the CPU that the crowd with the stand-ins, and all databases of the machine, had used when a benchmark began.
type around struct{ crowd, database float64 }

func surroundings(tb testing.TB) (a around) {
	tb.Helper()
	a.crowd, _ = usedCPU(os.Getpid())
	all, err := filepath.Glob("/proc/[0-9]*")
	if err != nil {
		tb.Fatal(err)
	}
	for _, proc := range all {
		pid, _ := strconv.Atoi(filepath.Base(proc))
		if used, program := usedCPU(pid); program == "postgres" {
			a.database += used
		}
	}
	return a
}

func (a around) report(b *testing.B, steps float64) {
	now := surroundings(b)
	b.ReportMetric((now.crowd-a.crowd)*1e6/steps, "crowd-cpu-µs/step")
	b.ReportMetric((now.database-a.database)*1e6/steps, "database-cpu-µs/step")
}

func residentMemory(tb testing.TB, proc string) float64 {
	status, err := os.Open(proc + "status")
	if err != nil {
		tb.Fatal(err)
	}
	defer status.Close()
	for lines := bufio.NewScanner(status); lines.Scan(); {
		if kilobytes, ok := strings.CutPrefix(lines.Text(), "VmRSS:"); ok {
			n, _ := strconv.ParseFloat(strings.Fields(kilobytes)[0], 64)
			return n / 1024
		}
	}
	return 0
}

func freeAddress(tb testing.TB) string {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		tb.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

// benchServer is a durable PostgreSQL for all benchmarks: what is committed is on the disk.
var benchServer = sync.OnceValues(func() (*postgres.Server, error) {
	dir, err := os.MkdirTemp("", "gehoor-bench")
	if err != nil {
		return nil, err
	}
	return postgres.StartServer(context.Background(), postgres.ServerConfig{Dir: dir, Fetch: true})
})

// benchDatabase is the address of an empty durable database.
func benchDatabase(tb testing.TB) string {
	tb.Helper()
	server, err := benchServer()
	if err != nil {
		tb.Fatal(err)
	}
	address, err := postgres.Fresh(tb.Context(), server.URL(), fmt.Sprintf("bench_%d", time.Now().UnixNano()))
	if err != nil {
		tb.Fatal(err)
	}
	return address
}

// equalTransaction is what one step of a conversation asks of the database, when no step shares its transaction.
const equalTransaction = `
\set chat random(1, 1000)
BEGIN;
SELECT wrapped_key, session, claims FROM conversation WHERE chat = :chat FOR NO KEY UPDATE;
WITH saved AS (UPDATE conversation SET session = repeat('s', 400)::bytea, claims = repeat('c', 100)::bytea, touched_at = now() WHERE chat = :chat)
INSERT INTO line (lane, chat, wrapped_key, sealed, queued_at)
VALUES ('telegram/' || :chat, :chat, repeat('k', 64)::bytea, repeat('l', 400)::bytea, now()) RETURNING id;
COMMIT;
`

var tps = regexp.MustCompile(`tps = (\S+) \(without`)

// databaseCeiling is how many such transactions a second the same database does with nobody else on the machine; 0 where
// there is no pgbench.
func databaseCeiling(b *testing.B) float64 {
	program, err := exec.LookPath("pgbench")
	if err != nil {
		b.Log("no pgbench on this machine: no ceiling")
		return 0
	}
	database := benchDatabase(b)
	if _, _, err := postgres.Migrate(b.Context(), database); err != nil {
		b.Fatal(err)
	}
	pool, err := postgres.Connect(b.Context(), database)
	if err != nil {
		b.Fatal(err)
	}
	defer pool.Close()
	if _, err := pool.Exec(b.Context(), `INSERT INTO conversation SELECT n, repeat('k', 64)::bytea, 's', now(), 1 FROM generate_series(1, 1000) n`); err != nil {
		b.Fatal(err)
	}
	script := filepath.Join(b.TempDir(), "step.sql")
	if err := os.WriteFile(script, []byte(equalTransaction), 0o600); err != nil {
		b.Fatal(err)
	}
	out, err := exec.Command(program, "-n", "-M", "prepared", "-c", "16", "-j", "2", "-T", "5", "-f", script, database).CombinedOutput()
	found := tps.FindSubmatch(out)
	if err != nil || found == nil {
		b.Fatalf("pgbench: %v: %s", err, out)
	}
	n, _ := strconv.ParseFloat(string(found[1]), 64)
	return n
}

// BenchmarkColdStart starts serve on an existing database until it is ready.
//
//	go test ./cmd/gehoor -run '^$' -bench ColdStart -benchtime 10x
func BenchmarkColdStart(b *testing.B) {
	play := playground.New(playground.Options{})
	if err := play.Start(b.Context(), "127.0.0.1:0"); err != nil {
		b.Fatal(err)
	}
	defer play.Close()
	database := benchDatabase(b)
	startServe(b, play, database, false).stop(b)
	var memory float64
	for b.Loop() {
		s := startServe(b, play, database, false)
		b.StopTimer()
		memory = s.cost(b).memory
		s.stop(b)
		b.StartTimer()
	}
	b.ReportMetric(memory, "MiB")
}
