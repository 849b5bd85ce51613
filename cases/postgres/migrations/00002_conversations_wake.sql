-- +goose Up

-- A conversation that is not finished wakes by itself: to remind, and to be erased in the end. The moment is a whole hour, so
-- that most steps leave the index as it is, and cost a row and no more. What was indexed before changed with every step.
ALTER TABLE conversation ADD COLUMN wake_at timestamptz;
CREATE INDEX conversation_by_wake ON conversation (wake_at) WHERE wake_at IS NOT NULL;
DROP INDEX conversation_by_touch;
