-- SPDX-License-Identifier: ISC
-- Schema 1 to 2: work by mail, sheets, units' reports, links between clues.
CREATE TABLE correction (
	id INTEGER PRIMARY KEY,
	clue INTEGER NOT NULL REFERENCES clue,
	at_s INTEGER NOT NULL,
	actor TEXT NOT NULL,
	domain_was TEXT NOT NULL,
	domain_is TEXT NOT NULL
) STRICT;
CREATE INDEX correction_clue ON correction (clue);
CREATE TABLE clue_first (
	clue INTEGER PRIMARY KEY REFERENCES clue,
	first INTEGER NOT NULL REFERENCES clue
) STRICT;
CREATE INDEX clue_first_of ON clue_first (first);

-- The daily sheet.
CREATE TABLE major (
	clue INTEGER PRIMARY KEY REFERENCES clue,
	at_s INTEGER NOT NULL,
	why TEXT NOT NULL
) STRICT;
CREATE INDEX journal_at ON journal (at_s, outcome);
CREATE INDEX message_by_hand ON message (received_s) WHERE channel <> 'mail';
CREATE INDEX message_lost ON message (received_s)
    WHERE kind = 'tip' AND clue IS NULL;
CREATE INDEX letter_trouble ON letter (created_s) WHERE state IN (3, 4);

-- Clues on the same matter ---------------------------------------------------
-- Where each is found again (intake/similar.h); clue is no REFERENCES: it is
-- written with the clue, and looked at only to find one.
CREATE TABLE clue_print (
	key INTEGER NOT NULL,
	clue INTEGER NOT NULL,
	PRIMARY KEY (key, clue)
) STRICT, WITHOUT ROWID;
CREATE TABLE clue_sign (
	clue INTEGER PRIMARY KEY REFERENCES clue,
	sign BLOB NOT NULL
) STRICT;
CREATE TABLE clue_link (
	clue INTEGER NOT NULL REFERENCES clue,
	other INTEGER NOT NULL REFERENCES clue CHECK (other <> clue),
	weight INTEGER NOT NULL CHECK (weight BETWEEN 0 AND 1000),
	why TEXT NOT NULL,
	actor TEXT NOT NULL,
	at_s INTEGER NOT NULL,
	PRIMARY KEY (clue, other)
) STRICT, WITHOUT ROWID;
CREATE INDEX clue_link_other ON clue_link (other);

-- What is owed to citizens: acknowledgements, answers to 查询, closing notices.
-- Done rows go; wrong query codes stay a day, to be counted.
CREATE TABLE answer (
	id INTEGER PRIMARY KEY,
	kind TEXT NOT NULL,
	message INTEGER NOT NULL REFERENCES message,
	clue INTEGER REFERENCES clue,
	at_s INTEGER NOT NULL,
	next_s INTEGER NOT NULL, -- 0 = no more
	wrong INTEGER NOT NULL CHECK (wrong IN (0, 1)),
	said TEXT NOT NULL
) STRICT;
CREATE INDEX answer_next ON answer (next_s) WHERE next_s > 0;
CREATE INDEX answer_wrong ON answer (at_s) WHERE wrong = 1;

-- What left lately, in all and to one address.
CREATE INDEX letter_sent ON letter (sent_s) WHERE sent_s > 0;
CREATE INDEX letter_sent_to ON letter (rcpt_to COLLATE NOCASE, sent_s)
    WHERE sent_s > 0;

-- Units' monthly reports -----------------------------------------------------
-- Each as it came; the last one that was not refused counts.  The event says
-- what its figures must be.
CREATE TABLE unit_report (
	id INTEGER PRIMARY KEY,
	unit TEXT NOT NULL,
	period TEXT NOT NULL,
	message INTEGER NOT NULL REFERENCES message,
	received_s INTEGER NOT NULL,
	event INTEGER NOT NULL REFERENCES event,
	outcome INTEGER NOT NULL CHECK (outcome BETWEEN 0 AND 2),
	filled_by TEXT NOT NULL,
	phone TEXT NOT NULL,
	filled_on TEXT NOT NULL,
	problem TEXT NOT NULL
) STRICT;
CREATE INDEX unit_report_period ON unit_report (period, unit);
CREATE TABLE unit_figure (
	report INTEGER NOT NULL REFERENCES unit_report,
	seq INTEGER NOT NULL,
	domain TEXT NOT NULL,
	figure TEXT NOT NULL,
	n INTEGER NOT NULL CHECK (n >= 0),
	PRIMARY KEY (report, seq)
) STRICT, WITHOUT ROWID;
-- A list of clues reads no deadline's row.
DROP INDEX deadline_clue;
CREATE INDEX deadline_clue ON deadline (clue, id, kind, due_s, met_s);
