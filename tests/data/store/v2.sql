-- Schema 2 as it was released; never changed.
-- The store as a new one is made; migrations/ brings older ones here.
-- Times are UTC seconds and end in _s; 0 there means "not (yet)".  References
-- are NULL where the records of store.h say 0.

-- What was taken from which mailbox -----------------------------------------
CREATE TABLE mailbox (
	name TEXT NOT NULL PRIMARY KEY,
	since_s INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE folder (
	id INTEGER PRIMARY KEY,
	mailbox TEXT NOT NULL,
	name TEXT NOT NULL,
	uidvalidity INTEGER NOT NULL,
	-- Water mark: everything below is known complete.
	next INTEGER NOT NULL DEFAULT 1,
	UNIQUE (mailbox, name, uidvalidity)
) STRICT;

CREATE TABLE journal (
	folder INTEGER NOT NULL REFERENCES folder,
	uid INTEGER NOT NULL CHECK (uid BETWEEN 1 AND 4294967295),
	outcome INTEGER NOT NULL CHECK (outcome BETWEEN 0 AND 3),
	message INTEGER REFERENCES message,
	at_s INTEGER NOT NULL,
	PRIMARY KEY (folder, uid)
) STRICT, WITHOUT ROWID;
-- JOURNAL_MISSING: to be taken again.
CREATE INDEX journal_again ON journal (folder, uid) WHERE outcome = 3;
-- What was seen in a day.
CREATE INDEX journal_at ON journal (at_s, outcome);

-- Bytes: messages and letters, whole -----------------------------------------
CREATE TABLE raw (
	id INTEGER PRIMARY KEY,
	size_bytes INTEGER NOT NULL,
	coding INTEGER NOT NULL CHECK (coding IN (0, 1)), -- plain, zstd
	bytes BLOB NOT NULL
) STRICT;
-- What follows raw.bytes, so that no piece is larger than a working buffer.
CREATE TABLE raw_more (
	raw INTEGER NOT NULL REFERENCES raw,
	part INTEGER NOT NULL,
	bytes BLOB NOT NULL,
	PRIMARY KEY (raw, part)
) STRICT, WITHOUT ROWID;

CREATE TABLE message (
	id INTEGER PRIMARY KEY,
	sha256 BLOB NOT NULL UNIQUE CHECK (length(sha256) = 32),
	content_key BLOB NOT NULL CHECK (length(content_key) = 32),
	message_id TEXT NOT NULL,
	channel TEXT NOT NULL,
	kind TEXT NOT NULL,
	why TEXT NOT NULL,
	received_s INTEGER NOT NULL,
	internal_s INTEGER NOT NULL,
	date_s INTEGER NOT NULL,
	size_bytes INTEGER NOT NULL,
	charset TEXT NOT NULL,
	defects INTEGER NOT NULL,
	lost TEXT NOT NULL,
	clue INTEGER REFERENCES clue,
	raw INTEGER NOT NULL REFERENCES raw
) STRICT;
CREATE INDEX message_content ON message (content_key);
CREATE INDEX message_kind ON message (kind);
CREATE INDEX message_clue ON message (clue) WHERE clue IS NOT NULL;
-- What came past the mailbox; tips that became no clue, of which there are
-- none.
CREATE INDEX message_by_hand ON message (received_s) WHERE channel <> 'mail';
CREATE INDEX message_lost ON message (received_s)
    WHERE kind = 'tip' AND clue IS NULL;

CREATE TABLE attachment (
	message INTEGER NOT NULL REFERENCES message,
	seq INTEGER NOT NULL,
	name TEXT NOT NULL,
	type TEXT NOT NULL,
	type_claimed TEXT NOT NULL,
	link TEXT NOT NULL,
	size_bytes INTEGER NOT NULL,
	sha256 BLOB NOT NULL CHECK (length(sha256) = 32),
	flags INTEGER NOT NULL,
	sent_along INTEGER NOT NULL,
	released INTEGER NOT NULL,
	PRIMARY KEY (message, seq)
) STRICT, WITHOUT ROWID;

-- The citizen: nothing else in this file names one.
CREATE TABLE reporter (
	message INTEGER PRIMARY KEY REFERENCES message,
	address TEXT NOT NULL,
	name TEXT NOT NULL,
	reply_to TEXT NOT NULL,
	signature TEXT NOT NULL
) STRICT;

-- Clues -----------------------------------------------------------------------
-- Last number given; a number lives and dies with its transaction.
CREATE TABLE counter (
	prefix TEXT NOT NULL,
	year INTEGER NOT NULL,
	last INTEGER NOT NULL,
	PRIMARY KEY (prefix, year)
) STRICT, WITHOUT ROWID;

-- The long columns stand last: a list never reads past the short ones.
CREATE TABLE clue (
	id INTEGER PRIMARY KEY,
	number TEXT NOT NULL UNIQUE,
	message INTEGER REFERENCES message,
	received_s INTEGER NOT NULL,
	dispatched_s INTEGER NOT NULL,
	channel TEXT NOT NULL,
	state TEXT NOT NULL,
	domain TEXT NOT NULL,
	runner_up TEXT NOT NULL,
	score INTEGER NOT NULL,
	margin INTEGER NOT NULL,
	area TEXT NOT NULL,
	class_id TEXT NOT NULL,
	officer TEXT NOT NULL,
	deputy TEXT NOT NULL,
	leader TEXT NOT NULL,
	triage INTEGER NOT NULL CHECK (triage IN (0, 1)),
	discipline INTEGER NOT NULL CHECK (discipline IN (0, 1)),
	rules TEXT NOT NULL,
	subject TEXT NOT NULL,
	why TEXT NOT NULL,
	excluded TEXT NOT NULL,
	text TEXT NOT NULL
) STRICT;
CREATE INDEX clue_domain ON clue (domain);
CREATE INDEX clue_officer ON clue (officer);
CREATE INDEX clue_state ON clue (state);
CREATE INDEX clue_area ON clue (area);
CREATE INDEX clue_received ON clue (received_s);
CREATE INDEX clue_triage ON clue (triage) WHERE triage = 1;

-- Search: the pairs of characters (gram.h) in number, subject and text of the
-- clue with this rowid.  Only that they are there, not where: half the size.
CREATE VIRTUAL TABLE clue_find USING fts5 (
	pairs, content = '', detail = none, columnsize = 0, tokenize = 'ascii'
);

-- Major matters (重大信息): told of at once, and repeated until accepted.
CREATE TABLE major (
	clue INTEGER PRIMARY KEY REFERENCES clue,
	at_s INTEGER NOT NULL,
	why TEXT NOT NULL
) STRICT;

-- Why a clue went where it went: one row a hit.
CREATE TABLE clue_match (
	clue INTEGER NOT NULL REFERENCES clue,
	seq INTEGER NOT NULL,
	domain TEXT NOT NULL,
	term TEXT NOT NULL,
	found TEXT NOT NULL,
	field TEXT NOT NULL,
	at INTEGER NOT NULL,
	len INTEGER NOT NULL,
	weight INTEGER NOT NULL,
	PRIMARY KEY (clue, seq)
) STRICT, WITHOUT ROWID;

-- What the office made of a domain that the rules had chosen: labelled examples
-- for the rules to learn from.
CREATE TABLE correction (
	id INTEGER PRIMARY KEY,
	clue INTEGER NOT NULL REFERENCES clue,
	at_s INTEGER NOT NULL,
	actor TEXT NOT NULL,
	domain_was TEXT NOT NULL,
	domain_is TEXT NOT NULL
) STRICT;
CREATE INDEX correction_clue ON correction (clue);

-- A repeated tip and the clue that tells the same already.
CREATE TABLE clue_first (
	clue INTEGER PRIMARY KEY REFERENCES clue,
	first INTEGER NOT NULL REFERENCES clue
) STRICT;
CREATE INDEX clue_first_of ON clue_first (first);

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

-- The ledger ------------------------------------------------------------------
CREATE TABLE event (
	id INTEGER PRIMARY KEY,
	clue INTEGER REFERENCES clue,
	at_s INTEGER NOT NULL,
	kind TEXT NOT NULL,
	actor TEXT NOT NULL,
	detail TEXT NOT NULL,
	hash BLOB NOT NULL CHECK (length(hash) = 32)
) STRICT;
CREATE INDEX event_at ON event (at_s);
CREATE INDEX event_clue ON event (clue) WHERE clue IS NOT NULL;
CREATE INDEX event_of_none ON event (kind) WHERE clue IS NULL;

-- The chain's end, so that a ledger cut short is noticed; key_check tells
-- whether the key file belongs to this store.
CREATE TABLE chain (
	only INTEGER PRIMARY KEY CHECK (only = 1),
	last INTEGER NOT NULL,
	head BLOB NOT NULL CHECK (length(head) = 32),
	seal BLOB NOT NULL CHECK (length(seal) = 32),
	key_check BLOB NOT NULL CHECK (length(key_check) = 32)
) STRICT;

CREATE TRIGGER event_no_update BEFORE UPDATE ON event BEGIN
	SELECT RAISE(ABORT, 'the ledger is append-only');
END;
CREATE TRIGGER event_no_delete BEFORE DELETE ON event BEGIN
	SELECT RAISE(ABORT, 'the ledger is append-only');
END;
CREATE TRIGGER event_in_order BEFORE INSERT ON event
WHEN NEW.id IS NOT (SELECT coalesce(max(id), 0) + 1 FROM event) BEGIN
	SELECT RAISE(ABORT, 'the ledger is append-only');
END;

-- Forms as they were filed: what stands on them never changes again.  The
-- event is "filed" and carries the content's SHA-256.
CREATE TABLE form (
	kind TEXT NOT NULL,
	period TEXT NOT NULL,
	from_s INTEGER NOT NULL,
	to_s INTEGER NOT NULL,
	filed_s INTEGER NOT NULL,
	last_event INTEGER NOT NULL,
	event INTEGER NOT NULL REFERENCES event,
	content BLOB NOT NULL,
	PRIMARY KEY (kind, period)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER form_no_update BEFORE UPDATE ON form BEGIN
	SELECT RAISE(ABORT, 'a filed form is never changed');
END;
CREATE TRIGGER form_no_delete BEFORE DELETE ON form BEGIN
	SELECT RAISE(ABORT, 'a filed form is never changed');
END;

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

-- Deadlines -------------------------------------------------------------------
CREATE TABLE deadline (
	id INTEGER PRIMARY KEY,
	clue INTEGER NOT NULL REFERENCES clue,
	kind TEXT NOT NULL,
	due_s INTEGER NOT NULL,
	warn_s INTEGER NOT NULL,
	met_s INTEGER NOT NULL,
	ask_s INTEGER NOT NULL,
	steps_sent INTEGER NOT NULL
) STRICT;
-- All that a list of clues says of them: one page less for each row of it.
CREATE INDEX deadline_clue ON deadline (clue, id, kind, due_s, met_s);
CREATE INDEX deadline_ask ON deadline (ask_s) WHERE met_s = 0 AND ask_s > 0;
-- With met_s, so that counting what is overdue never leaves the index.
CREATE INDEX deadline_open ON deadline (due_s, clue, met_s) WHERE met_s = 0;

-- Letters: the outbox ---------------------------------------------------------
CREATE TABLE letter (
	id INTEGER PRIMARY KEY,
	clue INTEGER REFERENCES clue,
	deadline INTEGER REFERENCES deadline,
	kind TEXT NOT NULL,
	to_person TEXT NOT NULL,
	rcpt_to TEXT NOT NULL,
	message_id TEXT NOT NULL,
	state INTEGER NOT NULL CHECK (state BETWEEN 0 AND 5),
	tries INTEGER NOT NULL,
	repeats INTEGER NOT NULL,
	created_s INTEGER NOT NULL,
	next_try_s INTEGER NOT NULL,
	sent_s INTEGER NOT NULL,
	code INTEGER NOT NULL,
	result TEXT NOT NULL,
	sha256 BLOB NOT NULL CHECK (length(sha256) = 32),
	raw INTEGER NOT NULL REFERENCES raw
) STRICT;
CREATE INDEX letter_ready ON letter (next_try_s) WHERE state = 0;
CREATE INDEX letter_sending ON letter (state) WHERE state = 1;
CREATE INDEX letter_message_id ON letter (message_id);
CREATE INDEX letter_trouble ON letter (created_s) WHERE state IN (3, 4);
CREATE INDEX letter_clue ON letter (clue) WHERE clue IS NOT NULL;
-- How many went to citizens lately.
CREATE INDEX letter_citizen ON letter (created_s) WHERE to_person = '';

-- What a citizen asks about his clue with: a slow hash of it.
CREATE TABLE query_code (
	clue INTEGER PRIMARY KEY REFERENCES clue,
	hash TEXT NOT NULL
) STRICT;

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

-- Small facts -----------------------------------------------------------------
CREATE TABLE note (
	key TEXT NOT NULL PRIMARY KEY,
	value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- Counts, kept by triggers so that status never walks a table.
CREATE TABLE tally (
	what TEXT NOT NULL,
	key TEXT NOT NULL,
	n INTEGER NOT NULL,
	PRIMARY KEY (what, key)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER message_counted AFTER INSERT ON message BEGIN
	INSERT INTO tally VALUES ('kind', NEW.kind, 1)
	    ON CONFLICT DO UPDATE SET n = n + 1;
END;
CREATE TRIGGER message_recounted AFTER UPDATE OF kind ON message
WHEN OLD.kind <> NEW.kind BEGIN
	UPDATE tally SET n = n - 1 WHERE what = 'kind' AND key = OLD.kind;
	INSERT INTO tally VALUES ('kind', NEW.kind, 1)
	    ON CONFLICT DO UPDATE SET n = n + 1;
END;
CREATE TRIGGER clue_counted AFTER INSERT ON clue BEGIN
	INSERT INTO tally VALUES ('state', NEW.state, 1)
	    ON CONFLICT DO UPDATE SET n = n + 1;
END;
CREATE TRIGGER clue_recounted AFTER UPDATE OF state ON clue
WHEN OLD.state <> NEW.state BEGIN
	UPDATE tally SET n = n - 1 WHERE what = 'state' AND key = OLD.state;
	INSERT INTO tally VALUES ('state', NEW.state, 1)
	    ON CONFLICT DO UPDATE SET n = n + 1;
END;
CREATE TRIGGER letter_counted AFTER INSERT ON letter BEGIN
	INSERT INTO tally VALUES ('letter', CAST(NEW.state AS TEXT), 1)
	    ON CONFLICT DO UPDATE SET n = n + 1;
END;
CREATE TRIGGER letter_recounted AFTER UPDATE OF state ON letter
WHEN OLD.state <> NEW.state BEGIN
	UPDATE tally SET n = n - 1
	    WHERE what = 'letter' AND key = CAST(OLD.state AS TEXT);
	INSERT INTO tally VALUES ('letter', CAST(NEW.state AS TEXT), 1)
	    ON CONFLICT DO UPDATE SET n = n + 1;
END;
