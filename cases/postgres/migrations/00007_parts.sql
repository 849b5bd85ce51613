-- +goose Up

-- The part of a story that a message brought is found without looking at the others, however many there are.
CREATE INDEX conversation_part_by_message ON conversation_part (chat, message) WHERE message IS NOT NULL;
