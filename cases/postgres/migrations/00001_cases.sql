-- +goose Up

-- A conversation of the intake. Its session and the parts of a story are sealed with a key of its own.
CREATE TABLE conversation (
    chat        bigint PRIMARY KEY,
    wrapped_key bytea NOT NULL,
    session     bytea NOT NULL,
    touched_at  timestamptz NOT NULL,
    process     bigint NOT NULL, -- that changed it last
    gone_at     timestamptz,
    CONSTRAINT conversation_key_is_wrapped CHECK (octet_length(wrapped_key) > 32)
);
ALTER TABLE conversation SET (fillfactor = 70);
CREATE INDEX conversation_by_touch ON conversation (touched_at);

CREATE TABLE conversation_part (
    chat   bigint NOT NULL REFERENCES conversation ON DELETE CASCADE,
    part   int NOT NULL,
    sealed bytea NOT NULL,
    PRIMARY KEY (chat, part)
);

-- What came from outside was handled: a second delivery changes nothing.
CREATE TABLE telegram_update (
    id bigint PRIMARY KEY,
    at timestamptz NOT NULL
);
CREATE INDEX telegram_update_by_age ON telegram_update USING brin (at);

CREATE TABLE delivery (
    source text NOT NULL,
    id     text NOT NULL,
    at     timestamptz NOT NULL,
    PRIMARY KEY (source, id)
);
CREATE INDEX delivery_by_age ON delivery (at);

-- What could not be handled is put aside, sealed, so that it blocks nobody and is not lost.
CREATE TABLE set_aside (
    id     bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    source text NOT NULL,
    sealed bytea NOT NULL,
    reason text NOT NULL,
    at     timestamptz NOT NULL
);

CREATE TABLE case_counter (
    kind text NOT NULL,
    year int NOT NULL,
    last int NOT NULL,
    PRIMARY KEY (kind, year)
);

CREATE TABLE cases (
    id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    number     text NOT NULL,
    kind       text NOT NULL,
    way        text NOT NULL,
    language   text NOT NULL,
    stage      text NOT NULL,
    received   timestamptz NOT NULL,
    deadline   timestamptz,
    owner      text,
    contacted  timestamptz,
    explained  boolean NOT NULL DEFAULT false,
    closed     timestamptz,
    outcome    text,
    chat       bigint,
    chat_gone  boolean NOT NULL DEFAULT false,
    has_mail   boolean NOT NULL DEFAULT false,
    mail_gone  boolean NOT NULL DEFAULT false,
    excluded   text[] NOT NULL DEFAULT '{}',
    version    text NOT NULL,
    last_seq   int NOT NULL,
    last_hash  bytea NOT NULL,
    next_tick  timestamptz,
    CONSTRAINT cases_number_is_unique UNIQUE (number),
    CONSTRAINT cases_kind_is_known CHECK (kind IN ('complaint', 'talk')),
    CONSTRAINT cases_complaint_has_deadline CHECK (kind = 'talk' OR deadline > received),
    CONSTRAINT cases_owner_from_assignment_on CHECK (owner IS NOT NULL OR stage = 'received'),
    CONSTRAINT cases_closed_has_outcome CHECK ((stage = 'closed') = (closed IS NOT NULL AND outcome IS NOT NULL)),
    CONSTRAINT cases_closed_does_not_tick CHECK (stage <> 'closed' OR next_tick IS NULL),
    CONSTRAINT cases_open_ticks CHECK (stage = 'closed' OR kind = 'talk' OR next_tick IS NOT NULL),
    CONSTRAINT cases_owner_is_not_excluded CHECK (owner IS NULL OR NOT owner = ANY (excluded))
);
CREATE INDEX cases_due ON cases (next_tick) WHERE next_tick IS NOT NULL;
CREATE INDEX cases_open ON cases (received) WHERE stage <> 'closed';
CREATE INDEX cases_by_chat ON cases (chat) WHERE chat IS NOT NULL;

-- Each case has a data key of its own, wrapped by the master key. Without it the words of the case are gone, in backups too.
CREATE TABLE case_key (
    case_id bigint PRIMARY KEY REFERENCES cases,
    wrapped bytea NOT NULL
);

-- The file of a case: append-only, each line chained to the one before. It holds no words.
CREATE TABLE event (
    case_id     bigint NOT NULL REFERENCES cases,
    seq         int NOT NULL,
    at          timestamptz NOT NULL,
    by          text NOT NULL,
    kind        text NOT NULL,
    data        jsonb NOT NULL,
    commitments jsonb NOT NULL,
    hash        bytea NOT NULL,
    PRIMARY KEY (case_id, seq)
);

-- +goose StatementBegin
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the file of a case is append-only' USING ERRCODE = 'insufficient_privilege';
END
$$;
-- +goose StatementEnd
CREATE TRIGGER event_is_append_only BEFORE UPDATE OR DELETE ON event FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER event_is_never_emptied BEFORE TRUNCATE ON event FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TABLE event_word (
    case_id bigint NOT NULL,
    seq     int NOT NULL,
    field   text NOT NULL,
    sealed  bytea NOT NULL,
    PRIMARY KEY (case_id, seq, field),
    FOREIGN KEY (case_id, seq) REFERENCES event
);

-- The clock speaks once on each occasion, to each recipient.
CREATE TABLE told (
    case_id   bigint NOT NULL REFERENCES cases,
    milestone text NOT NULL,
    occasion  text NOT NULL,
    recipient text NOT NULL,
    at        timestamptz NOT NULL,
    PRIMARY KEY (case_id, milestone, occasion, recipient)
);

-- What waits to be told, in order for each lane. A line of a conversation goes when it is sent; a notice stays as proof.
CREATE TABLE outbox (
    id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    lane       text NOT NULL,
    chat       bigint,
    line       bytea,
    case_id    bigint REFERENCES cases,
    kind       text,
    recipient  text,
    event      int,
    state      text NOT NULL DEFAULT 'queued',
    reason     text NOT NULL DEFAULT '',
    attempts   int NOT NULL DEFAULT 0,
    not_before timestamptz,
    queued_at  timestamptz NOT NULL,
    done_at    timestamptz,
    CONSTRAINT outbox_is_line_or_notice CHECK ((line IS NULL) = (case_id IS NOT NULL)),
    CONSTRAINT outbox_state_is_known CHECK (state IN ('queued', 'sent', 'failed', 'gone', 'not-sent'))
);
CREATE INDEX outbox_waiting ON outbox (id) WHERE state = 'queued';
CREATE UNIQUE INDEX outbox_tells_once ON outbox (case_id, event, kind, recipient) WHERE case_id IS NOT NULL;

-- Where something of a case stands in the committee's chat tool.
CREATE TABLE surface (
    case_id bigint NOT NULL REFERENCES cases,
    place   text NOT NULL,
    channel text NOT NULL,
    message text NOT NULL,
    PRIMARY KEY (case_id, place)
);
CREATE INDEX surface_by_channel ON surface (channel) WHERE place = 'room';

-- When each schedule last ran, so that downtime is noticed.
CREATE TABLE schedule (
    name     text PRIMARY KEY,
    last_run timestamptz NOT NULL
);
