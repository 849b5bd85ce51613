package postgres_test

import (
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3"

	"websec.nl/gehoor/cases"
	"websec.nl/gehoor/cases/postgres"
	"websec.nl/gehoor/cases/postgrestest"
)

// firstVersion is what a database held when the program was new.
const firstVersion = `
INSERT INTO conversation VALUES (7001, decode(repeat('00', 61), 'hex'), '\x01', '2026-11-22 09:15Z', 1, NULL);
INSERT INTO conversation_part VALUES (7001, 1, '\x01');
INSERT INTO set_aside (source, sealed, reason, at) VALUES ('telegram', '\x01', 'not understood', '2026-11-22 09:15Z');
INSERT INTO cases (number, kind, way, language, stage, received, deadline, owner, closed, outcome, chat, version, last_seq, last_hash, next_tick) VALUES
	('K-2026-0001', 'complaint', 'chat', 'nl', 'received', '2026-11-22 09:15Z', '2026-12-06 23:00Z', NULL, NULL, NULL, 7001, 'v', 2, '\x01', '2026-11-24 07:00Z'),
	('K-2026-0002', 'complaint', 'chat', 'en', 'closed', '2026-11-22 09:15Z', '2026-12-06 23:00Z', 'U1', '2026-11-23 09:15Z', 'settled', 7002, 'v', 3, '\x01', NULL),
	('G-2026-0001', 'talk', 'chat', 'nl', 'assigned', '2026-11-22 09:15Z', NULL, 'U1', NULL, NULL, 7001, 'v', 1, '\x01', NULL);
INSERT INTO case_counter VALUES ('complaint', 2026, 2), ('talk', 2026, 1);
INSERT INTO event (case_id, seq, at, by, kind, data, commitments, hash)
	SELECT id, n, received + n * interval '1 hour', 'complainant', (ARRAY['filed', 'replied', 'ended'])[n], '{}', '{}', '\x01'
	FROM cases, generate_series(1, last_seq) n;
INSERT INTO outbox (lane, chat, line, queued_at) VALUES ('telegram/7001', 7001, '\x01', '2026-11-22 09:15Z');
INSERT INTO outbox (lane, case_id, kind, recipient, event, queued_at) SELECT 'mail/' || number, id, 'acknowledgement', 'mail', 1, received FROM cases;
`

// filled makes a database of the first version with something in it, and brings it up to another version.
func filled(t *testing.T, version int64) string {
	t.Helper()
	address := empty(t)
	cfg, err := pgx.ParseConfig(address)
	if err != nil {
		t.Fatal(err)
	}
	db := stdlib.OpenDB(*cfg)
	defer db.Close()
	provider, err := goose.NewProvider(goose.DialectPostgres, db, os.DirFS("migrations"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := provider.UpTo(t.Context(), 1); err != nil {
		t.Fatal(err)
	}
	if _, err := postgrestest.Conn(t, address).Exec(t.Context(), firstVersion); err != nil {
		t.Fatal(err)
	}
	if version > 1 {
		if _, err := provider.UpTo(t.Context(), version); err != nil {
			t.Fatal(err)
		}
	}
	return address
}

func empty(t *testing.T) string {
	t.Helper()
	address, err := postgres.Fresh(t.Context(), postgrestest.URL(t), fmt.Sprintf("migrated_%d", time.Now().UnixNano()))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { dropDatabase(t, address) })
	return address
}

// latest is the newest version.
const latest = 10

func TestDatabaseOfEachEarlierVersionIsBroughtUpWithWhatItHolds(t *testing.T) {
	for version := range int64(latest) {
		address := filled(t, version+1)
		from, to, err := postgres.Migrate(t.Context(), address)
		if err != nil || from != version+1 || to < latest {
			t.Fatalf("migrated from %d to %d, %v", from, to, err)
		}
		if _, again, err := postgres.Migrate(t.Context(), address); err != nil || again != to {
			t.Errorf("a second time: to %d, %v", again, err)
		}
		pool, err := pgxpool.New(t.Context(), address)
		if err != nil {
			t.Fatal(err)
		}
		defer pool.Close()
		h := houseOn(t, pool, cases.DefaultProcedure())
		all, err := h.List(t.Context(), postgres.Filter{})
		if err != nil || len(all) != 3 {
			t.Fatalf("%d cases, %v", len(all), err)
		}
		for _, c := range all {
			want := map[cases.Number]time.Time{
				"K-2026-0001": sunday.Add(2 * time.Hour), "K-2026-0002": sunday.Add(3 * time.Hour), "G-2026-0001": {},
			}[c.Number]
			if !c.LastWord.Equal(want) || c.Rated || c.Proposal != 0 || !c.Reopened.IsZero() || c.Hidden() || c.Work.Draft != 0 || len(c.Work.Parties) != 0 {
				t.Errorf("from version %d: %+v", version+1, c)
			}
		}
		h.take(t, "K-2026-0001", ann)
		if number := h.file(t, 7009); !h.hidden(t, number) {
			t.Errorf("from version %d: what is filed from now on is shown before it is screened", version+1)
		}
		var lines int
		if err := pool.QueryRow(t.Context(), `SELECT count(*) FROM line WHERE lane = 'telegram/7001' AND octet_length(wrapped_key) = 61`).Scan(&lines); err != nil || lines != 1 {
			t.Errorf("from version %d: %d lines wait, %v", version+1, lines, err)
		}
		if n, err := h.Wake(t.Context(), 10, func(*postgres.Turn) error { return nil }); n != 0 || err != nil {
			t.Errorf("from version %d: %d conversations are woken, %v", version+1, n, err)
		}
	}
}

func TestEmptyDatabaseIsBroughtUp(t *testing.T) {
	if from, to, err := postgres.Migrate(t.Context(), empty(t)); err != nil || from != 0 || to < latest {
		t.Errorf("migrated from %d to %d, %v", from, to, err)
	}
}

// What the program never does, the database refuses.
func TestDatabaseRefusesWhatCanNotBe(t *testing.T) {
	h := newHouse(t)
	number := h.file(t, 7001)
	h.take(t, number, ann)
	for constraint, deed := range map[string]string{
		"cases_owner_from_assignment_on":       `UPDATE cases SET owner = NULL`,
		"cases_owner_is_not_excluded":          `UPDATE cases SET excluded = ARRAY[owner]`,
		"cases_unscreened_has_no_owner":        `UPDATE cases SET screened = false`,
		"cases_stage_is_known":                 `UPDATE cases SET stage = 'lost'`,
		"cases_way_is_known":                   `UPDATE cases SET way = 'rumour'`,
		"cases_work_is_an_object":              `UPDATE cases SET work = '[]'`,
		"cases_awaiting_is_written_up":         `UPDATE cases SET stage = 'awaiting', owner = NULL, deadline = NULL`,
		"cases_complaint_has_deadline":         `UPDATE cases SET deadline = NULL`,
		"cases_closed_ticks_for_measures_only": `UPDATE cases SET stage = 'closed', closed = now(), outcome = 'settled'`,
		"link_is_a_hash":                       `INSERT INTO link SELECT '\x00', 'account', id, 1, now(), now() + '1 day', NULL FROM cases`,
		"link_purpose_is_known":                `INSERT INTO link SELECT sha256('x'), 'anything', id, 1, now(), now() + '1 day', NULL FROM cases`,
		"link_is_for_somebody":                 `INSERT INTO link SELECT sha256('x'), 'account', id, 0, now(), now() + '1 day', NULL FROM cases`,
		"link_expires":                         `INSERT INTO link SELECT sha256('x'), 'account', id, 1, now(), now() - interval '1 second', NULL FROM cases`,
		"link_case_id_fkey":                    `INSERT INTO link VALUES (sha256('x'), 'account', 99, 1, now(), now() + '1 day', NULL)`,
		"cases_proposal_is_open":               `UPDATE cases SET proposal = 2`,
		"cases_rated_when_closed":              `UPDATE cases SET rated = true`,
		"cases_closed_has_outcome":             `UPDATE cases SET stage = 'closed', next_tick = NULL`,
		"case_message_case_id_seq_fkey":        `INSERT INTO case_message SELECT 7001, 1, id, 99 FROM cases`,
		"conversation_key_is_wrapped":          `UPDATE conversation SET wrapped_key = '\x00'`,
		"cases_open_ticks":                     `UPDATE cases SET next_tick = NULL`,
		"attachment_belongs_somewhere":         `INSERT INTO attachment (id, wrapped_key, field, message, by, at, name, size) VALUES ('x', decode(repeat('00', 61), 'hex'), '', 0, '', now(), '', 0)`,
		"conversation_part_pkey":               `INSERT INTO conversation_part VALUES (7001, 1, ''), (7001, 1, '')`,
		"told_way_is_known":                    `INSERT INTO told (case_id, milestone, occasion, recipient, way, at) SELECT id, 'x', 'x', 'x', 'pigeon', now() FROM cases`,
		"absence_ends_after_it_began":          `INSERT INTO absence (member, from_at, until_at, set_at) VALUES ('U1', now(), now(), now())`,
		"absence_of_who_is_gone_has_no_end":    `INSERT INTO absence (member, from_at, until_at, gone, set_at) VALUES ('U1', now(), now() + interval '1 day', true, now())`,
		"absence_gone_once":                    `INSERT INTO absence (member, from_at, gone, set_at) VALUES ('U1', now(), true, now()), ('U1', now(), true, now())`,
		"outbox_is_notice_or_digest":           `INSERT INTO outbox (lane, case_id, digest, queued_at) SELECT 'x', id, now(), now() FROM cases`,
		"outbox_digest_of_day":                 `INSERT INTO outbox (lane, digest, queued_at) VALUES ('x', now(), now()), ('y', now(), now())`,
		"procedure_pkey":                       `INSERT INTO procedure SELECT version, yaml, since FROM procedure`,
	} {
		if _, err := h.pool.Exec(t.Context(), deed); !refusedBy(err, constraint) {
			t.Errorf("%s: %v", deed, err)
		}
	}
}

func TestEveryStageWayAndPurposeIsKnownToTheDatabase(t *testing.T) {
	h := newHouse(t)
	known := func(constraint string, all ...string) {
		t.Helper()
		var says string
		if err := h.pool.QueryRow(t.Context(), `SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conname = $1`, constraint).Scan(&says); err != nil {
			t.Fatal(err)
		}
		for _, one := range all {
			if !strings.Contains(says, "'"+one+"'") {
				t.Errorf("%s does not know %s", constraint, one)
			}
		}
	}
	for _, stage := range cases.Stages {
		known("cases_stage_is_known", string(stage))
	}
	for _, way := range append(cases.WriteUps, cases.Chat) {
		known("cases_way_is_known", string(way))
	}
	known("link_purpose_is_known", string(postgres.LinkApproval), string(postgres.LinkAccount), string(postgres.LinkAnswer))
}
