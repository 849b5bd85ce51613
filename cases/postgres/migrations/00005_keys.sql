-- +goose Up

-- When what was told is erased, its conversation gets another key, so that what a copy of the database holds of it does not
-- open with what is kept from then on. The key before stays for as long as lines wait that were sealed with it, the last of
-- which is named, and no longer.
CREATE TABLE former_key (
    chat    bigint NOT NULL REFERENCES conversation ON DELETE CASCADE,
    last    bigint NOT NULL, -- of the outbox
    wrapped bytea NOT NULL,
    PRIMARY KEY (chat, last),
    CONSTRAINT former_key_is_wrapped CHECK (octet_length(wrapped) > 32)
);

-- What is set aside of a conversation is sealed with the key of that. Where there is none yet, or no chat is known, it is
-- sealed with the master key.
ALTER TABLE set_aside
    ADD COLUMN by_chat boolean NOT NULL DEFAULT false,
    ADD CONSTRAINT set_aside_by_chat_has_one CHECK (chat IS NOT NULL OR NOT by_chat);

-- Conversations from before they woke by themselves begin to: each finds out at its first waking what it waits for.
UPDATE conversation SET wake_at = now() WHERE wake_at IS NULL;
