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
