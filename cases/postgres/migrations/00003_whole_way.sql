-- +goose Up

-- What a conversation or a case began under, it goes on under.
CREATE TABLE procedure (
    version text PRIMARY KEY,
    yaml    text NOT NULL,
    since   timestamptz NOT NULL
);

-- A part of a story is found again by the message that brought it.
ALTER TABLE conversation_part ADD COLUMN message bigint;

-- What can't be handled is a person's, and goes with the rest of what is held on them.
ALTER TABLE set_aside ADD COLUMN chat bigint;
CREATE INDEX set_aside_by_chat ON set_aside (chat) WHERE chat IS NOT NULL;

ALTER TABLE cases
    ADD COLUMN proposal  int NOT NULL DEFAULT 0, -- the event that proposed what the complainant has not answered
    ADD COLUMN last_word timestamptz,            -- when either side last said something to the other
    ADD COLUMN rated     boolean NOT NULL DEFAULT false,
    ADD COLUMN reopened  timestamptz,
    DROP CONSTRAINT cases_owner_from_assignment_on,
    ADD CONSTRAINT cases_owner_from_assignment_on CHECK (owner IS NOT NULL OR stage = 'received' OR outcome IS NOT DISTINCT FROM 'withdrawn'),
    ADD CONSTRAINT cases_proposal_is_open CHECK (proposal = 0 OR stage = 'proposed'),
    ADD CONSTRAINT cases_rated_when_closed CHECK (NOT rated OR stage = 'closed');

UPDATE cases SET last_word = (SELECT max(at) FROM event
    WHERE case_id = cases.id AND kind IN ('wrote', 'replied', 'spoke', 'extended', 'late', 'ended'));

-- The messages of a chat whose words stand in a case: a later change of one finds the case, and the event they stand in.
CREATE TABLE case_message (
    chat    bigint NOT NULL,
    message bigint NOT NULL,
    case_id bigint NOT NULL,
    seq     int NOT NULL,
    PRIMARY KEY (chat, message),
    FOREIGN KEY (case_id, seq) REFERENCES event
);
CREATE INDEX case_message_by_case ON case_message (case_id);
