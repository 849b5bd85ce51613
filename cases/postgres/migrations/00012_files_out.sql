-- +goose Up

-- Files of the committee: they belong to the case, and to the event with whose words they go to the complainant. Until a member sends
-- them, they stand in a form of theirs, and have none.
ALTER TABLE attachment
    ADD COLUMN event int,
    ADD CONSTRAINT attachment_of_committee_is_of_case CHECK (by = 'complainant' OR case_id IS NOT NULL),
    ADD CONSTRAINT attachment_of_complainant_is_not_sent CHECK (event IS NULL OR by <> 'complainant');
CREATE INDEX attachment_in_form ON attachment (at) WHERE event IS NULL AND by <> 'complainant';
