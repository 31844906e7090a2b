/* SPDX-License-Identifier: ISC */
#include "store/statements.h"

#include <assert.h>
#include <stddef.h>

/* Columns in the order in which the rooms' files read or bind them. */
#define JOURNAL_KEY "mailbox = ?1 AND name = ?2 AND uidvalidity = ?3"

#define MESSAGE_COLUMNS \
	"sha256, content_key, message_id, channel, kind, why, received_s," \
	" internal_s, date_s, size_bytes, charset, defects, lost, clue"

#define CLUE_COLUMNS \
	"id, number, message, channel, state, domain, runner_up, score," \
	" margin, area, class_id, officer, deputy, leader, triage," \
	" discipline, why, excluded, rules, subject, text, received_s," \
	" dispatched_s"

#define DEADLINE_COLUMNS \
	"id, clue, kind, due_s, warn_s, met_s, ask_s, steps_sent"

#define LETTER_FIELDS(rcpt_to) \
	"id, clue, deadline, kind, to_person, " rcpt_to ", message_id," \
	" state, tries, repeats, created_s, next_try_s, sent_s, code, result"
#define LETTER_COLUMNS LETTER_FIELDS("rcpt_to")
/* A citizen's address goes to the post and to nobody else. */
#define LETTER_SEEN LETTER_FIELDS("iif(to_person = '', '', rcpt_to)")

/* With its entry in the ledger, which says what it must be. */
#define FORM_SELECT \
	"SELECT f.kind, f.period, f.from_s, f.to_s, f.filed_s," \
	" f.last_event, f.event, f.content, e.kind, e.detail" \
	" FROM form AS f CROSS JOIN event AS e ON e.id = f.event "

/* States in which no term runs: a clue in one of them is not overdue. */
#define AT_REST \
	"'suspended', 'transferred', 'substantiated', 'unsubstantiated'," \
	" 'not-applicable', 'duplicate'"

/*
 * Lists of clues: one text for each filter that may lead, each bound to its
 * index; the other filters only pass over what the leading one found.
 * ?1 domain, ?2 officer, ?3 state, ?4 area, ?5 triage, ?6 an open deadline is
 * due before this (leads whenever it is asked for), ?7 and ?8 received from and
 * before (always given); ?9 limit; ?10 (overdue alone) not those at rest.
 */
#define LIST_COLUMNS \
	"SELECT c.id, c.number, c.state, c.domain, c.area, c.officer," \
	" c.class_id, c.subject, c.why, c.triage, c.discipline," \
	" c.received_s, c.dispatched_s FROM clue AS c "
#define LIST_REST \
	" AND (?1 = '' OR c.domain = ?1) AND (?2 = '' OR c.officer = ?2)" \
	" AND (?3 = '' OR c.state = ?3) AND (?4 = '' OR c.area = ?4)" \
	" AND (?5 = 0 OR c.triage = 1)" \
	" AND c.received_s >= ?7 AND c.received_s < ?8" \
	" ORDER BY c.id LIMIT ?9"

static const char *const texts[STATEMENT_COUNT] = {
    [Q_BEGIN] = "BEGIN IMMEDIATE",
    [Q_COMMIT] = "COMMIT",
    [Q_ROLLBACK] = "ROLLBACK",
    [Q_SAVE] = "SAVEPOINT one",
    [Q_RELEASE] = "RELEASE one",
    [Q_UNDO] = "ROLLBACK TO one",
    [Q_DATA_VERSION] = "PRAGMA data_version",
    [Q_QUICK_CHECK] = "PRAGMA quick_check(1)",
    [Q_FOREIGN_KEY_CHECK] = "PRAGMA foreign_key_check",
    [Q_SIZE] = "SELECT page_count * page_size"
	       " FROM pragma_page_count, pragma_page_size",
    [Q_LETTERS_STUCK] = "SELECT count(*), coalesce(min(created_s), 0)"
			" FROM letter INDEXED BY letter_ready"
			" WHERE state = 0 AND (next_try_s < ?1 OR"
			" (result <> '' AND created_s < ?1))",
    [Q_UNREADABLE_SINCE] = "SELECT count(*) FROM message"
			   " INDEXED BY message_kind"
			   " WHERE kind = 'quarantine' AND received_s >= ?1",
    /* Numbers LY-2026-000001 …: as many as were given, 1 to the last. */
    [Q_BOOKS_NUMBERS] =
	"SELECT n.prefix, n.year, n.last, count(c.id),"
	" coalesce(min(CAST(substr(c.number, length(n.prefix) + 7)"
	" AS INTEGER)), 1),"
	" coalesce(max(CAST(substr(c.number, length(n.prefix) + 7)"
	" AS INTEGER)), 0)"
	" FROM counter AS n LEFT JOIN clue AS c"
	" ON c.number > n.prefix || '-' || n.year || '-'"
	" AND c.number < n.prefix || '-' || n.year || '.'"
	" GROUP BY n.prefix, n.year",
    [Q_BOOKS_TALLY] =
	"WITH real (what, key, n) AS ("
	"SELECT 'kind', kind, count(*) FROM message GROUP BY kind UNION ALL"
	" SELECT 'state', state, count(*) FROM clue GROUP BY state UNION ALL"
	" SELECT 'letter', CAST(state AS TEXT), count(*) FROM letter"
	" GROUP BY state), noted AS ("
	"SELECT what, key, n FROM tally WHERE n <> 0"
	" AND what IN ('kind', 'state', 'letter'))"
	" SELECT * FROM (SELECT what, key FROM (SELECT * FROM real"
	" EXCEPT SELECT * FROM noted)"
	" UNION ALL SELECT what, key FROM (SELECT * FROM noted"
	" EXCEPT SELECT * FROM real)) LIMIT 1",
    [Q_BOOKS_TIPS] = "SELECT count(*) FROM message INDEXED BY message_kind"
		     " WHERE kind = 'tip' AND clue IS NULL",
    [Q_BOOKS_MISSING] = "SELECT count(*) FROM journal"
			" INDEXED BY journal_again"
			" WHERE outcome = 3 AND at_s < ?1",
    [Q_FSCK_JOURNAL] = "SELECT count(*) FROM journal"
		       " WHERE outcome IN (0, 1) AND message IS NULL",
    [Q_FSCK_MESSAGES] = "SELECT count(*) FROM message WHERE channel = 'mail'"
			" AND id NOT IN (SELECT message FROM journal"
			" WHERE message IS NOT NULL)",
    [Q_FSCK_EVENTS] = "SELECT count(*) FROM clue AS c WHERE NOT EXISTS"
		      " (SELECT 1 FROM event AS e INDEXED BY event_clue"
		      " WHERE e.clue = c.id)",
    [Q_FSCK_SENDING] = "SELECT count(*) FROM letter INDEXED BY"
		       " letter_sending WHERE state = 1",
    [Q_FSCK_MESSAGE_NEXT] = "SELECT id FROM message WHERE id > ?1"
			    " ORDER BY id LIMIT 1",
    [Q_FSCK_LETTER_NEXT] = "SELECT id FROM letter WHERE id > ?1"
			   " ORDER BY id LIMIT 1",
    [Q_FSCK_SIZES] = "SELECT (SELECT count(*) FROM message),"
		     " (SELECT count(*) FROM letter)",

    [Q_FOLDER_FIND] = "SELECT id, next FROM folder WHERE " JOURNAL_KEY,
    [Q_FOLDER_ADD] = "INSERT INTO folder (mailbox, name, uidvalidity)"
		     " VALUES (?1, ?2, ?3)",
    [Q_FOLDER_ADVANCE] = "UPDATE folder SET next = ?2"
			 " WHERE id = ?1 AND next < ?2",
    [Q_JOURNAL_ADD] = "INSERT INTO journal"
		      " (folder, uid, outcome, message, at_s)"
		      " VALUES (?1, ?2, ?3, ?4, ?5)"
		      " ON CONFLICT DO UPDATE SET outcome = excluded.outcome,"
		      " message = excluded.message, at_s = excluded.at_s"
		      " WHERE outcome = 3",
    [Q_JOURNAL_OUTCOME] = "SELECT j.outcome FROM folder AS f"
			  " CROSS JOIN journal AS j ON j.folder = f.id"
			  " WHERE f.mailbox = ?1 AND f.name = ?2"
			  " AND f.uidvalidity = ?3 AND j.uid = ?4",
    [Q_JOURNAL_AGAIN] = "SELECT uid FROM journal INDEXED BY journal_again"
			" WHERE folder = ?1 AND outcome = 3 ORDER BY uid",
    [Q_JOURNAL_DONE] = "SELECT uid FROM journal WHERE folder = ?1"
		       " AND uid >= ?2 AND outcome <> 3 ORDER BY uid",
    [Q_MAILBOX_FIND] = "SELECT since_s FROM mailbox WHERE name = ?1",
    [Q_MAILBOX_ADD] = "INSERT INTO mailbox (name, since_s) VALUES (?1, ?2)",

    [Q_RAW_ADD] = "INSERT INTO raw (size_bytes, coding, bytes)"
		  " VALUES (?1, ?2, ?3)",
    [Q_RAW_MORE_ADD] = "INSERT INTO raw_more (raw, part, bytes)"
		       " VALUES (?1, ?2, ?3)",
    [Q_RAW] = "SELECT size_bytes, coding, bytes FROM raw WHERE id = ?1",
    [Q_RAW_MORE] = "SELECT bytes FROM raw_more WHERE raw = ?1 ORDER BY part",

    [Q_MESSAGE_FIND] = "SELECT id FROM message WHERE sha256 = ?1",
    [Q_MESSAGE_FIND_SAME] = "SELECT id FROM message WHERE content_key = ?1"
			    " AND message_id = ?2 ORDER BY id LIMIT 1",
    [Q_MESSAGE_ADD] = "INSERT INTO message (" MESSAGE_COLUMNS ", raw)"
		      " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10,"
		      " ?11, ?12, ?13, ?14, ?15)",
    [Q_MESSAGE_SET_CLUE] = "UPDATE message SET clue = ?2 WHERE id = ?1",
    [Q_MESSAGE_SET_KIND] = "UPDATE message SET kind = ?2, why = ?3"
			   " WHERE id = ?1",
    [Q_MESSAGE_SET_DECODED] =
	"UPDATE message SET content_key = ?2, message_id = ?3, kind = ?4,"
	" why = ?5, date_s = ?6, charset = ?7, defects = ?8, lost = ?9"
	" WHERE id = ?1",
    [Q_MESSAGE_RAW] = "SELECT sha256, raw FROM message WHERE id = ?1",
    [Q_MESSAGE_BY_ID] = "SELECT id, " MESSAGE_COLUMNS
			" FROM message WHERE id = ?1",
    [Q_MESSAGES_OF_CLUE] = "SELECT id, " MESSAGE_COLUMNS
			   " FROM message WHERE clue = ?1 ORDER BY id",
    [Q_MESSAGES_OF_KIND] = "SELECT id, " MESSAGE_COLUMNS
			   " FROM message WHERE kind = ?1"
			   " ORDER BY id DESC LIMIT ?2",
    [Q_ATTACHMENT_ADD] = "INSERT INTO attachment (message, seq, name, type,"
			 " type_claimed, link, size_bytes, sha256, flags,"
			 " sent_along, released)"
			 " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10,"
			 " ?11)",
    [Q_ATTACHMENT_SET] = "UPDATE attachment SET sent_along = ?3,"
			 " released = ?4 WHERE message = ?1 AND seq = ?2",
    [Q_ATTACHMENTS] = "SELECT message, seq, name, type, type_claimed, link,"
		      " size_bytes, sha256, flags, sent_along, released"
		      " FROM attachment WHERE message = ?1 ORDER BY seq",
    [Q_REPORTER_ADD] = "INSERT INTO reporter (message, address, name,"
		       " reply_to, signature, sender, return_path)"
		       " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
    [Q_REPORTER] = "SELECT r.message, r.address, r.name, r.reply_to,"
		   " r.signature, r.sender, r.return_path, m.clue"
		   " FROM reporter AS r"
		   " CROSS JOIN message AS m ON m.id = r.message"
		   " WHERE r.message = ?1",

    [Q_MESSAGE_FIND_REPLY] = "SELECT id FROM message"
	" INDEXED BY message_content WHERE content_key = ?"
	" AND id < ? AND kind = 'reply' ORDER BY id DESC LIMIT 1",
    [Q_CODE_ADD] = "INSERT INTO query_code (clue, hash) VALUES (?, ?)",
    [Q_CODE] = "SELECT hash FROM query_code WHERE clue = ?",
    [Q_LETTERS_CITIZEN] = "SELECT count(*) FROM letter"
	" WHERE to_person = '' AND created_s >= ?1 AND kind = ?2"
	" AND (?3 = '' OR rcpt_to = ?3 COLLATE NOCASE)",
    [Q_LETTERS_CANCEL] = "UPDATE letter SET state = 5"
	" WHERE clue = ? AND to_person = ? AND state = 0",
    [Q_CORRECTION_ADD] = "INSERT INTO correction (clue, at_s, actor,"
			 " domain_was, domain_is) VALUES (?, ?, ?, ?, ?)",
    [Q_CORRECTIONS] = "SELECT id, clue, at_s, actor, domain_was, domain_is"
		      " FROM correction ORDER BY id",
    [Q_TURN] = "SELECT kind FROM event WHERE clue = ?",
    [Q_CLUE_FIRST_SET] = "INSERT OR REPLACE INTO clue_first (clue, first)"
			 " VALUES (?, ?)",
    [Q_CLUE_FIRST] = "SELECT first FROM clue_first WHERE clue = ?",
    [Q_ANSWER_ADD] = "INSERT INTO answer"
		     " (kind, message, clue, at_s, next_s, wrong, said)"
		     " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
    [Q_ANSWER_TAKE] = "SELECT id, kind, message, clue, at_s, said"
		      " FROM answer INDEXED BY answer_next"
		      " WHERE next_s > 0 AND next_s <= ?1"
		      " ORDER BY next_s LIMIT 1",
    [Q_ANSWER_NEXT] = "SELECT next_s FROM answer INDEXED BY answer_next"
		      " WHERE next_s > 0 ORDER BY next_s LIMIT 1",
    [Q_ANSWER_LATER] = "UPDATE answer SET next_s = ?2 WHERE id = ?1",
    [Q_ANSWER_WRONG] = "UPDATE answer SET next_s = 0, wrong = 1, said = ''"
		       " WHERE id = ?1",
    [Q_ANSWER_WRONG_DROP] = "DELETE FROM answer WHERE wrong = 1"
			    " AND at_s < ?1",
    [Q_ANSWER_WRONG_COUNT] = "SELECT count(*) FROM answer"
			     " WHERE wrong = 1 AND at_s >= ?1"
			     " AND (?2 IS NULL OR clue = ?2)",
    [Q_ANSWER_DONE] = "DELETE FROM answer WHERE id = ?1",
    [Q_LETTER_RAW_ROW] = "SELECT raw FROM letter WHERE id = ?1",
    [Q_RAW_SET] = "UPDATE raw SET size_bytes = ?2, coding = 0, bytes = ?3"
		  " WHERE id = ?1",
    [Q_RAW_MORE_DROP] = "DELETE FROM raw_more WHERE raw = ?1",
    [Q_LETTER_FORGET] = "UPDATE letter SET sha256 = ?2 WHERE id = ?1",
    [Q_LETTERS_DUE] = "SELECT 1 FROM letter INDEXED BY letter_ready"
		      " WHERE state = 0 AND next_try_s <= ?1"
		      " LIMIT 1 OFFSET ?2",
    [Q_SENT_NTH] = "SELECT sent_s FROM letter INDEXED BY letter_sent"
		   " WHERE sent_s > 0 AND sent_s > ?1 AND sent_s <= ?3"
		   " ORDER BY sent_s DESC LIMIT 1 OFFSET ?2",
    [Q_SENT_TO_NTH] = "SELECT sent_s FROM letter INDEXED BY letter_sent_to"
		      " WHERE sent_s > 0 AND sent_s > ?1"
		      " AND sent_s <= ?3 AND rcpt_to = ?4 COLLATE NOCASE"
		      " ORDER BY sent_s DESC LIMIT 1 OFFSET ?2",
    [Q_SENT_COUNT] = "SELECT count(*) FROM (SELECT 1 FROM letter"
		     " INDEXED BY letter_sent WHERE sent_s > 0"
		     " AND sent_s > ?1 AND sent_s <= ?3 LIMIT ?2)",
    [Q_SENT_TO_COUNT] = "SELECT count(*) FROM (SELECT 1 FROM letter"
			" INDEXED BY letter_sent_to WHERE sent_s > 0"
			" AND sent_s > ?1 AND sent_s <= ?3"
			" AND rcpt_to = ?4 COLLATE NOCASE LIMIT ?2)",
    [Q_COUNTER] = "SELECT last FROM counter WHERE prefix = ?1 AND year = ?2",
    [Q_COUNTER_SET] = "INSERT INTO counter (prefix, year, last)"
		      " VALUES (?1, ?2, ?3)"
		      " ON CONFLICT DO UPDATE SET last = excluded.last",
    [Q_CLUE_ADD] = "INSERT INTO clue (" CLUE_COLUMNS ")"
		   " VALUES (NULL, ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10,"
		   " ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21,"
		   " ?22)",
    [Q_CLUE_BY_ID] = "SELECT " CLUE_COLUMNS " FROM clue WHERE id = ?1",
    [Q_CLUE_BY_NUMBER] = "SELECT " CLUE_COLUMNS
			 " FROM clue WHERE number = ?1",
    [Q_CLUE_BRIEF] = "SELECT number, domain, officer, state, received_s,"
		     " dispatched_s, (SELECT e.id FROM event AS e"
		     " INDEXED BY event_clue"
		     " WHERE e.clue = c.id ORDER BY e.id LIMIT 1)"
		     " FROM clue AS c WHERE c.id = ?1",
    [Q_CLUE_UPDATE] = "UPDATE clue SET state = ?2, domain = ?3, area = ?4,"
		      " class_id = ?5, officer = ?6, deputy = ?7,"
		      " leader = ?8, triage = ?9, discipline = ?10,"
		      " why = ?11, excluded = ?12, dispatched_s = ?13"
		      " WHERE id = ?1",
    [Q_MATCH_ADD] = "INSERT INTO clue_match (clue, seq, domain, term, found,"
		    " field, at, len, weight)"
		    " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
    [Q_MATCHES] = "SELECT clue, domain, term, found, field, at, len, weight"
		  " FROM clue_match WHERE clue = ?1 ORDER BY seq",

    [Q_EVENT_LAST] = "SELECT id, hash FROM event ORDER BY id DESC LIMIT 1",
    [Q_EVENT_ADD] = "INSERT INTO event (id, clue, at_s, kind, actor, detail,"
		    " hash) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
    [Q_EVENTS] = "SELECT id, clue, at_s, kind, actor, detail FROM event"
		 " WHERE clue = ?1 ORDER BY id",
    [Q_EVENTS_ALL] = "SELECT id, clue, at_s, kind, actor, detail, hash"
		     " FROM event ORDER BY id",
    [Q_EVENTS_SEALED] = "SELECT id, clue, at_s, kind, actor, detail, hash"
			" FROM event WHERE clue = ?1 ORDER BY id",
    [Q_EVENTS_OF_NONE] = "SELECT id, clue, at_s, kind, actor, detail"
			 " FROM event INDEXED BY event_of_none"
			 " WHERE clue IS NULL AND kind = ?1 ORDER BY id",
    [Q_EVENT_BY_HASH] = "SELECT id, at_s FROM event"
			" WHERE substr(lower(hex(hash)), 1, length(?1)) = ?1"
			" ORDER BY id LIMIT 1",
    /* In the order of entry; times may stand back where a clock was set. */
    [Q_LEDGER] = "SELECT id, clue, at_s, kind, actor, detail FROM event"
		 " ORDER BY id",
    [Q_LEDGER_BETWEEN] = "SELECT id, clue, at_s, kind, actor, detail"
			 " FROM event INDEXED BY event_at"
			 " WHERE at_s >= ?1 AND at_s < ?2 ORDER BY id",
    [Q_CHAIN] = "SELECT last, head, seal, key_check FROM chain"
		" WHERE only = 1",
    [Q_CHAIN_MAKE] = "INSERT INTO chain (only, last, head, seal, key_check)"
		     " VALUES (1, 0, zeroblob(32), ?1, ?2)",
    [Q_CHAIN_SEAL] = "UPDATE chain SET last = ?1, head = ?2, seal = ?3"
		     " WHERE only = 1",

    [Q_DEADLINE_ADD] = "INSERT INTO deadline (" DEADLINE_COLUMNS ")"
		       " VALUES (NULL, ?1, ?2, ?3, ?4, ?5, ?6, ?7)",
    [Q_DEADLINES] = "SELECT " DEADLINE_COLUMNS " FROM deadline"
		    " WHERE clue = ?1 ORDER BY id",
    [Q_DEADLINES_TO_ASK] = "SELECT " DEADLINE_COLUMNS " FROM deadline"
			   " INDEXED BY deadline_ask WHERE met_s = 0"
			   " AND ask_s > 0 AND ask_s <= ?1"
			   " ORDER BY ask_s, id LIMIT ?2",
    [Q_DEADLINE_UPDATE] = "UPDATE deadline SET due_s = ?2, warn_s = ?3,"
			  " met_s = ?4, ask_s = ?5, steps_sent = ?6"
			  " WHERE id = ?1",
    [Q_DEADLINE_NEXT] = "SELECT ask_s FROM deadline INDEXED BY deadline_ask"
			" WHERE met_s = 0 AND ask_s > 0"
			" ORDER BY ask_s LIMIT 1",

    [Q_LETTER_ADD] = "INSERT INTO letter (" LETTER_COLUMNS ", sha256, raw)"
		     " VALUES (NULL, ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9,"
		     " ?10, ?11, ?12, ?13, ?14, ?15, ?16)",
    [Q_LETTERS_READY] = "SELECT " LETTER_COLUMNS
			" FROM letter INDEXED BY letter_ready"
			" WHERE state = 0 AND next_try_s <= ?1"
			" ORDER BY next_try_s, id LIMIT ?2",
    [Q_LETTER_CLAIM] = "UPDATE letter SET state = 1, tries = tries + 1"
		       " WHERE id = ?1 AND state = 0"
		       " RETURNING " LETTER_COLUMNS,
    [Q_LETTER_BY_ID] = "SELECT " LETTER_SEEN " FROM letter WHERE id = ?1",
    [Q_LETTER_BY_MESSAGE_ID] = "SELECT " LETTER_SEEN " FROM letter"
			       " WHERE message_id = ?1"
			       " ORDER BY id DESC LIMIT 1",
    [Q_LETTER_UPDATE] = "UPDATE letter SET state = ?2, next_try_s = ?3,"
			" sent_s = ?4, tries = ?5, repeats = ?6, code = ?7,"
			" result = ?8 WHERE id = ?1",
    [Q_LETTERS_RECOVER] = "UPDATE letter INDEXED BY letter_sending"
			  " SET state = iif(repeats = 0, 0, 4),"
			  " repeats = repeats + (repeats = 0)"
			  " WHERE state = 1",
    [Q_LETTER_NEXT] = "SELECT next_try_s FROM letter INDEXED BY letter_ready"
		      " WHERE state = 0 ORDER BY next_try_s LIMIT 1",
    [Q_LETTER_AHEAD] = "SELECT id FROM letter INDEXED BY letter_ready"
		       " WHERE state = 0 AND next_try_s > ?1"
		       " AND (?2 = 1 OR created_s > ?1"
		       " OR (result <> '' AND next_try_s > ?3)) LIMIT 1",
    [Q_LETTERS_PULL] = "UPDATE letter INDEXED BY letter_ready"
		       " SET next_try_s = ?1,"
		       " created_s = min(created_s, ?1)"
		       " WHERE state = 0 AND next_try_s > ?1"
		       " AND (?2 = 1 OR created_s > ?1"
		       " OR (result <> '' AND next_try_s > ?3))",
    [Q_LETTERS] = "SELECT " LETTER_SEEN " FROM letter WHERE clue = ?1"
		  " ORDER BY id",
    [Q_LETTER_RAW] = "SELECT sha256, raw FROM letter WHERE id = ?1",

    [Q_LIST_OVERDUE] = LIST_COLUMNS
	"WHERE c.id IN (SELECT clue FROM deadline INDEXED BY deadline_open"
	" WHERE met_s = 0 AND due_s < ?6)"
	" AND (?10 = 0 OR c.state NOT IN (" AT_REST "))" LIST_REST,
    [Q_LIST_TRIAGE] = LIST_COLUMNS
	"INDEXED BY clue_triage WHERE c.triage = 1" LIST_REST,
    [Q_LIST_OFFICER] = LIST_COLUMNS
	"INDEXED BY clue_officer WHERE c.officer = ?2" LIST_REST,
    [Q_LIST_STATE] = LIST_COLUMNS
	"INDEXED BY clue_state WHERE c.state = ?3" LIST_REST,
    [Q_LIST_AREA] = LIST_COLUMNS
	"INDEXED BY clue_area WHERE c.area = ?4" LIST_REST,
    [Q_LIST_DOMAIN] = LIST_COLUMNS
	"INDEXED BY clue_domain WHERE c.domain = ?1" LIST_REST,
    [Q_LIST_RECEIVED] = LIST_COLUMNS
	"INDEXED BY clue_received WHERE c.received_s >= ?7" LIST_REST,
    [Q_LIST_ALL] = LIST_COLUMNS "NOT INDEXED WHERE 1" LIST_REST,
    [Q_LIST_RECENT] = LIST_COLUMNS "ORDER BY c.id DESC LIMIT ?1",
    [Q_LIST_DEADLINES] = "SELECT kind, due_s, met_s FROM deadline"
			 " WHERE clue = ?1 ORDER BY id",
    [Q_TALLY] = "SELECT key, n FROM tally WHERE what = ?1",
    [Q_TALLY_ADD] = "INSERT INTO tally (what, key, n) VALUES (?1, ?2, ?3)"
		    " ON CONFLICT DO UPDATE SET n = n + excluded.n",
    [Q_COUNT_TRIAGE] = "SELECT count(*) FROM clue INDEXED BY clue_triage"
		       " WHERE triage = 1",
    [Q_COUNT_OVERDUE] = "SELECT count(DISTINCT clue) FROM deadline"
			" INDEXED BY deadline_open"
			" WHERE met_s = 0 AND due_s <= ?1"
			" AND clue NOT IN (SELECT id FROM clue"
			" INDEXED BY clue_state WHERE state = 'suspended')",

    [Q_FORM_ADD] = "INSERT INTO form (kind, period, from_s, to_s, filed_s,"
		   " last_event, event, content)"
		   " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
    [Q_FORM] = FORM_SELECT "WHERE f.kind = ?1 AND f.period = ?2",
    [Q_FORMS] = FORM_SELECT "WHERE f.kind = ?1 ORDER BY f.period",

    [Q_FIND_ADD] = "INSERT INTO clue_find (rowid, pairs) VALUES (?1, ?2)",
    [Q_FIND_NEW] = "SELECT id, number, subject, text FROM clue"
		   " WHERE id >= ?1 ORDER BY id",
    [Q_FIND] = "SELECT rowid FROM clue_find WHERE clue_find MATCH ?1"
	       " AND rowid <= ?2 ORDER BY rowid DESC",
    [Q_FIND_LAST] = "SELECT id FROM clue ORDER BY id DESC LIMIT 1",
    [Q_FIND_DOMAIN] = "SELECT id FROM clue INDEXED BY clue_domain"
		      " WHERE domain = ?1",
    [Q_FIND_OFFICER] = "SELECT id FROM clue INDEXED BY clue_officer"
		       " WHERE officer = ?1",
    [Q_FIND_STATE] = "SELECT id FROM clue INDEXED BY clue_state"
		     " WHERE state = ?1",
    [Q_FIND_AREA] = "SELECT id FROM clue INDEXED BY clue_area"
		    " WHERE area = ?1",
    [Q_FIND_RECEIVED] = "SELECT id FROM clue INDEXED BY clue_received"
			" WHERE received_s >= ?1 AND received_s < ?2",

    /* The daily sheet (sheet.c). */
    [Q_MAJOR_ADD] = "INSERT INTO major (clue, at_s, why)"
		    " VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING",
    [Q_MAJOR_WHY] = "SELECT why FROM major WHERE clue = ?1",
    [Q_MAJORS_OPEN] = "SELECT c.id, c.number, c.domain, c.officer, c.state,"
		      " c.excluded, m.at_s, m.why FROM clue AS c"
		      " INDEXED BY clue_state"
		      " CROSS JOIN major AS m ON m.clue = c.id"
		      " WHERE c.state IN"
		      " ('new', 'assigned', 'returned', 'reopened')"
		      " ORDER BY m.at_s, c.id",
    [Q_OPEN_DEADLINES] = "SELECT d.kind, d.due_s, c.id, c.number, c.state,"
			 " c.domain, c.officer, c.deputy, c.leader,"
			 " c.discipline, c.excluded FROM deadline AS d"
			 " INDEXED BY deadline_open"
			 " CROSS JOIN clue AS c ON c.id = d.clue"
			 " WHERE d.met_s = 0 AND d.due_s >= ?1"
			 " AND d.due_s < ?2 ORDER BY d.due_s, d.clue",
    [Q_NEW_BY_DOMAIN] = "SELECT domain, count(*) FROM clue"
			" INDEXED BY clue_received WHERE received_s >= ?1"
			" AND received_s < ?2 GROUP BY domain",
    [Q_COUNT_STATE] = "SELECT n FROM tally WHERE what = 'state'"
		      " AND key = ?1",
    [Q_STEPS_AFTER] = "SELECT e.kind, e.detail, c.number, c.excluded"
		      " FROM event AS e CROSS JOIN clue AS c ON c.id = e.clue"
		      " WHERE e.id > ?1 AND e.kind IN"
		      " ('reminder', 'expired', 'urging', 'criticism')"
		      " ORDER BY e.id",
    [Q_EVENT_BEFORE] = "SELECT id FROM event INDEXED BY event_at"
		       " WHERE at_s < ?1 ORDER BY at_s DESC, id DESC"
		       " LIMIT 1",
    [Q_LETTERS_TROUBLE] = "SELECT l.kind, l.to_person, l.state, l.result,"
			  " l.created_s, coalesce(c.number, ''),"
			  " coalesce(c.excluded, '')"
			  " FROM letter AS l INDEXED BY letter_trouble"
			  " LEFT JOIN clue AS c ON c.id = l.clue"
			  " WHERE l.state IN (3, 4) AND l.created_s >= ?1"
			  " ORDER BY l.created_s, l.id LIMIT ?2",
    [Q_LETTERS_WAITING] = "SELECT count(*) FROM letter"
			  " INDEXED BY letter_ready"
			  " WHERE state = 0 AND created_s < ?1",
    [Q_SEEN_BETWEEN] = "SELECT j.outcome, coalesce(m.kind, ''), count(*)"
		       " FROM journal AS j"
		       " INDEXED BY journal_at"
		       " LEFT JOIN message AS m ON m.id = j.message"
		       " WHERE j.at_s >= ?1 AND j.at_s < ?2"
		       " GROUP BY 1, 2",
    [Q_BY_HAND_BETWEEN] = "SELECT kind, count(*) FROM message"
			  " INDEXED BY message_by_hand"
			  " WHERE channel <> 'mail' AND received_s >= ?1"
			  " AND received_s < ?2 GROUP BY kind",
    [Q_SEEN_ALL] = "SELECT sum(outcome = 0), sum(outcome = 1),"
		   " sum(outcome = 2), sum(outcome = 3) FROM journal"
		   " INDEXED BY journal_at",
    [Q_KINDS_ALL] = "SELECT kind, count(*) FROM message"
		    " INDEXED BY message_kind GROUP BY kind",
    [Q_BY_HAND_ALL] = "SELECT count(*) FROM message"
		      " INDEXED BY message_by_hand WHERE channel <> 'mail'",
    [Q_TIPS_LOST] = "SELECT count(*) FROM message INDEXED BY message_lost"
		    " WHERE kind = 'tip' AND clue IS NULL",

    [Q_UNIT_REPORT_ADD] = "INSERT INTO unit_report (unit, period, message,"
			  " received_s, event, outcome, filled_by, phone,"
			  " filled_on, problem) VALUES (?1, ?2, ?3, ?4, ?5,"
			  " ?6, ?7, ?8, ?9, ?10)",
    [Q_UNIT_REPORTS] = "SELECT u.id, u.unit, u.period, u.message,"
		       " u.received_s, u.event, u.outcome, u.filled_by,"
		       " u.phone, u.filled_on, u.problem, e.detail"
		       " FROM unit_report AS u INDEXED BY unit_report_period"
		       " CROSS JOIN event AS e ON e.id = u.event"
		       " WHERE u.period = ?1 AND (?2 = '' OR u.unit = ?2)"
		       " ORDER BY u.id",
    [Q_UNIT_FIGURE_ADD] = "INSERT INTO unit_figure"
			  " (report, seq, domain, figure, n)"
			  " VALUES (?1, ?2, ?3, ?4, ?5)",
    [Q_UNIT_FIGURES] = "SELECT domain, figure, n FROM unit_figure"
		       " WHERE report = ?1 ORDER BY seq",

    [Q_PRINT_ADD] = "INSERT INTO clue_print (key, clue) VALUES (?1, ?2)",
    [Q_PRINT_FIND] = "SELECT clue FROM clue_print WHERE key = ?1"
		     " ORDER BY clue DESC LIMIT ?2",
    [Q_PRINT_SIGN_ADD] = "INSERT INTO clue_sign (clue, sign) VALUES (?1, ?2)",
    [Q_PRINT_SIGN] = "SELECT sign FROM clue_sign WHERE clue = ?1",
    [Q_RELATED_BRIEF] = "SELECT number, domain, area, state, officer,"
			" excluded, discipline, received_s FROM clue"
			" WHERE id = ?1",
    [Q_LINK_ADD] = "INSERT INTO clue_link"
		   " (clue, other, weight, why, actor, at_s)"
		   " VALUES (?1, ?2, ?3, ?4, ?5, ?6)"
		   " ON CONFLICT DO UPDATE SET weight = excluded.weight,"
		   " why = excluded.why, actor = excluded.actor,"
		   " at_s = excluded.at_s",
    [Q_LINKS] = "SELECT other, weight, why, actor, at_s FROM clue_link"
		" WHERE clue = ?1 UNION ALL"
		" SELECT clue, weight, why, actor, at_s FROM clue_link"
		" INDEXED BY clue_link_other WHERE other = ?1"
		" ORDER BY 2 DESC, 1 DESC",
    [Q_CLUES_OPEN] = "SELECT officer, state, received_s, discipline,"
		     " excluded FROM clue INDEXED BY clue_state"
		     " WHERE state IN ('new', 'assigned', 'accepted',"
		     " 'verifying', 'returned', 'suspended', 'reopened')",
    [Q_CLUES_CAME] = "SELECT officer, state, received_s, discipline,"
		     " excluded FROM clue INDEXED BY clue_received"
		     " WHERE received_s >= ?1 AND received_s < ?2",

    [Q_NOTE_SET] = "INSERT INTO note (key, value) VALUES (?1, ?2)"
		   " ON CONFLICT DO UPDATE SET value = excluded.value",
    [Q_NOTE_GET] = "SELECT value FROM note WHERE key = ?1",
};

const char *
statement_sql(enum statement id)
{
	assert((unsigned)id < STATEMENT_COUNT && texts[id] != NULL);
	return texts[id];
}
