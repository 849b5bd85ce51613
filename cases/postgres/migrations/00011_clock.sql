-- +goose Up

-- What the clock told, by which way.
ALTER TABLE told ADD COLUMN way text;
UPDATE told SET way = CASE WHEN recipient <> 'complainant' THEN 'slack' WHEN c.chat IS NOT NULL THEN 'chat' ELSE 'mail' END FROM cases c WHERE c.id = case_id;
ALTER TABLE told
    ALTER COLUMN way SET NOT NULL,
    DROP CONSTRAINT told_pkey,
    ADD PRIMARY KEY (case_id, milestone, occasion, recipient, way),
    ADD CONSTRAINT told_way_is_known CHECK (way IN ('chat', 'mail', 'slack', 'none'));

-- What a complainant was told of their late case stands under another name from now on, and is not told again.
UPDATE told SET milestone = 'decided', occasion = occasion || '/late' WHERE milestone = 'tell-late';
UPDATE told SET milestone = 'explained', occasion = split_part(occasion, '/', 1) || '/' || split_part(occasion, '/', 2)::int - 1 WHERE milestone = 'tell-still';
UPDATE cases SET work = work || jsonb_build_object('heard', e.at)
    FROM (SELECT case_id, max(at) AS at FROM event
        WHERE kind IN ('filed', 'requested', 'approved', 'taken', 'handed', 'dispatched', 'reported', 'spoke', 'extended', 'late', 'proposed', 'reopened', 'left-alone')
        GROUP BY case_id) e
    WHERE e.case_id = cases.id AND stage <> 'closed';

-- When somebody of the committee is not there. Of a time the newest row is what holds: they do not overlap.
CREATE TABLE absence (
    id       bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    member   text NOT NULL,
    from_at  timestamptz NOT NULL,
    until_at timestamptz, -- NULL: nobody knows, or never
    gone     boolean NOT NULL DEFAULT false,
    set_by   text,        -- NULL: the program saw it
    set_at   timestamptz NOT NULL,
    CONSTRAINT absence_ends_after_it_began CHECK (until_at > from_at),
    CONSTRAINT absence_of_who_is_gone_has_no_end CHECK (NOT gone OR until_at IS NULL)
);
CREATE INDEX absence_by_member ON absence (member);
CREATE UNIQUE INDEX absence_gone_once ON absence (member) WHERE gone;

-- The newest absence of its owner that was known when next_tick was set. Of an open case that knows of an older one, the clock finds
-- out what the newer one means.
ALTER TABLE cases ADD COLUMN absence bigint NOT NULL DEFAULT 0;
CREATE INDEX cases_of_owner ON cases (owner, absence) WHERE stage <> 'closed';

-- The clock looks at each open case anew, of whatever kind, and never stops.
UPDATE cases SET next_tick = received WHERE stage <> 'closed';
ALTER TABLE cases DROP CONSTRAINT cases_open_ticks, ADD CONSTRAINT cases_open_ticks CHECK (stage = 'closed' OR next_tick IS NOT NULL);

-- Of the reminders that one message told together, along names the first. The morning's overview is of a day, and there is one.
ALTER TABLE outbox
    ADD COLUMN along  bigint,
    ADD COLUMN digest date,
    ALTER COLUMN case_id DROP NOT NULL,
    ALTER COLUMN kind DROP NOT NULL,
    ALTER COLUMN recipient DROP NOT NULL,
    ALTER COLUMN event DROP NOT NULL,
    ADD CONSTRAINT outbox_is_notice_or_digest CHECK (num_nonnulls(case_id, kind, recipient, event) = CASE WHEN digest IS NULL THEN 4 ELSE 0 END);
CREATE INDEX outbox_reminded ON outbox (recipient, done_at) WHERE kind = 'reminder' AND state = 'sent';
CREATE INDEX outbox_of_lane ON outbox (lane, id) WHERE kind = 'reminder' AND state = 'queued';
CREATE UNIQUE INDEX outbox_digest_of_day ON outbox (digest) WHERE digest IS NOT NULL;

-- What waits for somebody of the committee waits where reminders do.
UPDATE outbox SET lane = lane || '/reminders' WHERE kind = 'reminder' AND recipient LIKE 'member:%' AND state = 'queued';
