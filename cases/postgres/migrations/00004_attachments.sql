-- +goose Up

-- A file that a complainant sent. It belongs to their conversation until the complaint is filed, and to the case from then on.
-- It has a data key of its own, wrapped by the key of what it belongs to: filing wraps a key anew, and seals no content again.
CREATE TABLE attachment (
    id          text PRIMARY KEY, -- random
    chat        bigint REFERENCES conversation ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
    case_id     bigint REFERENCES cases,
    wrapped_key bytea NOT NULL,
    field       text NOT NULL,    -- that it answers
    message     bigint NOT NULL,  -- of the chat, that brought it
    by          text NOT NULL,
    at          timestamptz NOT NULL,
    state       text NOT NULL DEFAULT 'waiting',
    reason      text NOT NULL DEFAULT '',
    source      bytea,            -- sealed: by which its platform gives it out, for as long as it waits
    name        bytea NOT NULL,   -- sealed
    kind        text NOT NULL DEFAULT '',
    type        text NOT NULL DEFAULT '',
    size        bigint NOT NULL,
    place       text,             -- where its content is
    object      text,             -- and under which name, which is random
    CONSTRAINT attachment_belongs_somewhere CHECK ((chat IS NULL) <> (case_id IS NULL)),
    CONSTRAINT attachment_key_is_wrapped CHECK (octet_length(wrapped_key) > 32),
    CONSTRAINT attachment_state_is_known CHECK (state IN ('waiting', 'kept', 'refused', 'lost')),
    CONSTRAINT attachment_has_content_when_kept CHECK ((state = 'kept') = (object IS NOT NULL AND place IS NOT NULL)),
    CONSTRAINT attachment_has_source_while_waiting CHECK ((state = 'waiting') = (source IS NOT NULL)),
    CONSTRAINT attachment_object_is_its_own UNIQUE (object)
);
CREATE INDEX attachment_by_chat ON attachment (chat) WHERE chat IS NOT NULL;
CREATE INDEX attachment_by_case ON attachment (case_id) WHERE case_id IS NOT NULL;

-- The sealed content of files, in pieces, where it is kept in the database. What is sealed can't be made smaller.
CREATE TABLE object_piece (
    name   text NOT NULL,
    number int NOT NULL,
    sealed bytea NOT NULL,
    PRIMARY KEY (name, number)
);
ALTER TABLE object_piece ALTER COLUMN sealed SET STORAGE EXTERNAL;

-- Content that is to be removed: that of files which are gone; and what is being written, until it belongs to its file, so
-- that a program which dies in between leaves nothing for good.
CREATE TABLE object_removal (
    name  text PRIMARY KEY,
    place text NOT NULL,
    after timestamptz NOT NULL
);
CREATE INDEX object_removal_due ON object_removal (after);

-- +goose StatementBegin
CREATE FUNCTION remove_object() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO object_removal (name, place, after) VALUES (OLD.object, OLD.place, '-infinity');
    RETURN NULL;
END
$$;
-- +goose StatementEnd
CREATE TRIGGER attachment_takes_its_content_along AFTER DELETE ON attachment FOR EACH ROW
    WHEN (OLD.object IS NOT NULL) EXECUTE FUNCTION remove_object();
