-- +goose Up

-- The answer that a message gave, where it gave one: a change of the message says what it corrects.
ALTER TABLE case_message ADD COLUMN field text NOT NULL DEFAULT '';

-- A file of a complaint that is being told goes along with a request for a talk, and stays where it is, too: two files may have
-- the same content, each with its key wrapped by what it belongs to. The content goes with the last of them.
ALTER TABLE attachment DROP CONSTRAINT attachment_object_is_its_own;
CREATE INDEX attachment_by_object ON attachment (object) WHERE object IS NOT NULL;

-- +goose StatementBegin
CREATE OR REPLACE FUNCTION remove_object() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended(OLD.object, 0)); -- of two that go at once, the second sees that the first is gone
    IF NOT EXISTS (SELECT FROM attachment WHERE object = OLD.object) THEN
        INSERT INTO object_removal (name, place, after) VALUES (OLD.object, OLD.place, '-infinity') ON CONFLICT DO NOTHING;
    END IF;
    RETURN NULL;
END
$$;
-- +goose StatementEnd
