-- SPDX-License-Identifier: ISC
-- Schema 2 to 3: counts with the commit, more addresses of a citizen.

-- New rows are counted with the commit (pending.h).
DROP TRIGGER message_counted;
DROP TRIGGER clue_counted;
DROP TRIGGER letter_counted;
DROP TRIGGER message_recounted;
DROP TRIGGER clue_recounted;
DROP TRIGGER letter_recounted;
CREATE TRIGGER message_recounted AFTER UPDATE OF kind ON message
WHEN OLD.kind <> NEW.kind BEGIN
	INSERT INTO tally VALUES ('kind', OLD.kind, -1)
	    ON CONFLICT DO UPDATE SET n = n - 1;
	INSERT INTO tally VALUES ('kind', NEW.kind, 1)
	    ON CONFLICT DO UPDATE SET n = n + 1;
END;
CREATE TRIGGER clue_recounted AFTER UPDATE OF state ON clue
WHEN OLD.state <> NEW.state BEGIN
	INSERT INTO tally VALUES ('state', OLD.state, -1)
	    ON CONFLICT DO UPDATE SET n = n - 1;
	INSERT INTO tally VALUES ('state', NEW.state, 1)
	    ON CONFLICT DO UPDATE SET n = n + 1;
END;
CREATE TRIGGER letter_recounted AFTER UPDATE OF state ON letter
WHEN OLD.state <> NEW.state BEGIN
	INSERT INTO tally VALUES ('letter', CAST(OLD.state AS TEXT), -1)
	    ON CONFLICT DO UPDATE SET n = n - 1;
	INSERT INTO tally VALUES ('letter', CAST(NEW.state AS TEXT), 1)
	    ON CONFLICT DO UPDATE SET n = n + 1;
END;

-- Other addresses of a citizen's letter, to be hidden again later.
ALTER TABLE reporter ADD COLUMN sender TEXT NOT NULL DEFAULT '';
ALTER TABLE reporter ADD COLUMN return_path TEXT NOT NULL DEFAULT '';
