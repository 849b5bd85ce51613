-- +goose Up

-- A case is shown to nobody until its words were held against the names of the workspace. Those from before are shown already.
ALTER TABLE cases ADD COLUMN screened boolean NOT NULL DEFAULT true;
ALTER TABLE cases ALTER COLUMN screened SET DEFAULT false;

-- What the handling stands at, without a word of it.
ALTER TABLE cases ADD COLUMN work jsonb NOT NULL DEFAULT '{}';

-- A write-up begins to run when its complainant agrees to it. Whoever owned a case may have been excluded from it since, and may
-- be let back; and what was promised when it was closed stays on the clock.
ALTER TABLE cases
    DROP CONSTRAINT cases_complaint_has_deadline,
    DROP CONSTRAINT cases_owner_from_assignment_on,
    DROP CONSTRAINT cases_closed_does_not_tick,
    ADD CONSTRAINT cases_stage_is_known CHECK (stage IN ('awaiting', 'received', 'assigned', 'contact', 'proposed', 'closed')),
    ADD CONSTRAINT cases_way_is_known CHECK (way IN ('chat', 'telephone', 'letter', 'email')),
    ADD CONSTRAINT cases_work_is_an_object CHECK (jsonb_typeof(work) = 'object'),
    ADD CONSTRAINT cases_awaiting_is_written_up CHECK (stage <> 'awaiting' OR (kind = 'complaint' AND way <> 'chat' AND deadline IS NULL AND owner IS NULL)),
    ADD CONSTRAINT cases_complaint_has_deadline CHECK (kind = 'talk' OR coalesce(deadline > received,
        way <> 'chat' AND (stage = 'awaiting' OR coalesce(outcome IN ('withdrawn', 'lapsed'), false)))),
    ADD CONSTRAINT cases_owner_from_assignment_on CHECK (owner IS NOT NULL OR stage IN ('awaiting', 'received')
        OR coalesce(outcome IN ('withdrawn', 'lapsed'), false) OR cardinality(excluded) > 0 OR work ? 'cleared'),
    ADD CONSTRAINT cases_unscreened_has_no_owner CHECK (screened OR owner IS NULL),
    ADD CONSTRAINT cases_closed_ticks_for_measures_only CHECK (stage <> 'closed' OR next_tick IS NULL OR work ? 'measures');

-- A link that opens one thing to who has it: of its token, which is random, the hash is kept.
CREATE TABLE link (
    hash    bytea PRIMARY KEY,
    purpose text NOT NULL,
    case_id bigint NOT NULL REFERENCES cases,
    party   int NOT NULL, -- 0: the complainant
    made    timestamptz NOT NULL,
    expires timestamptz NOT NULL,
    used    timestamptz,
    CONSTRAINT link_is_a_hash CHECK (octet_length(hash) = 32),
    CONSTRAINT link_purpose_is_known CHECK (purpose IN ('approval', 'account', 'answer')),
    CONSTRAINT link_is_for_somebody CHECK (party >= 0 AND (purpose <> 'approval' OR party = 0) AND (purpose <> 'account' OR party > 0)),
    CONSTRAINT link_expires CHECK (expires >= made) -- one that is revoked expired when it was made
);
CREATE INDEX link_by_case ON link (case_id);
CREATE INDEX link_by_age ON link (expires);
