-- +goose Up

-- A room that was replaced is remembered as well, at the place 'former-room/' and its channel: who is in it can read it. A room has
-- no message.
DROP INDEX surface_by_channel;
CREATE INDEX surface_by_channel ON surface (channel) WHERE message = '';
