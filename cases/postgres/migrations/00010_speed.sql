-- +goose Up

-- The updates that a conversation heard last stand in its own row, which every step writes anyway: a row of their own each cost
-- more than that. The table keeps the claims of what is set aside of nobody's conversation, and those from before.
ALTER TABLE conversation ADD COLUMN claims bytea NOT NULL DEFAULT '';

-- What one step of a conversation says, to be sent in order, is one row here until it is sent. It has the key with it that it is
-- sealed with, wrapped, so that a conversation may get another one meanwhile, and the key before goes with the last of its lines.
-- Its numbers are given out together with those of the outbox: on each lane all goes out in one order.
CREATE TABLE line (
    id          bigint PRIMARY KEY DEFAULT nextval('outbox_id_seq'),
    lane        text NOT NULL,
    chat        bigint NOT NULL,
    wrapped_key bytea NOT NULL,
    sealed      bytea NOT NULL,
    sent        int NOT NULL DEFAULT 0, -- how many of its messages have gone out, where it was interrupted
    attempts    int NOT NULL DEFAULT 0,
    not_before  timestamptz,
    queued_at   timestamptz NOT NULL,
    CONSTRAINT line_key_is_wrapped CHECK (octet_length(wrapped_key) > 32)
);
ALTER TABLE line ALTER COLUMN sealed SET STORAGE EXTERNAL;

INSERT INTO line (id, lane, chat, wrapped_key, sealed, attempts, not_before, queued_at)
SELECT o.id, o.lane, o.chat,
    coalesce((SELECT f.wrapped FROM former_key f WHERE f.chat = o.chat AND f.last >= o.id ORDER BY f.last LIMIT 1), c.wrapped_key),
    o.line, o.attempts, o.not_before, o.queued_at
FROM outbox o JOIN conversation c ON c.chat = o.chat WHERE o.line IS NOT NULL AND o.state = 'queued';
DELETE FROM outbox WHERE line IS NOT NULL;
DROP TABLE former_key;

-- What is left in the outbox are notices of cases.
ALTER TABLE outbox
    DROP COLUMN chat,
    DROP COLUMN line,
    ALTER COLUMN case_id SET NOT NULL,
    ALTER COLUMN kind SET NOT NULL,
    ALTER COLUMN recipient SET NOT NULL,
    ALTER COLUMN event SET NOT NULL;
DROP INDEX outbox_tells_once;
ALTER TABLE outbox ADD CONSTRAINT outbox_tells_once UNIQUE (case_id, event, kind, recipient);
