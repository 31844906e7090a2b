/* SPDX-License-Identifier: ISC */
#ifndef STORE_STORE_H
#define STORE_STORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/hash.h"

struct arena;
struct err;

/*
 * The only room with SQL; functions are named by intent and no SQLite type
 * crosses this header: a second engine plugs in behind it.  Transactions are
 * opened by the caller (pipeline, ctl) so that one look shows what is atomic;
 * every store_*_add outside one is ERR_BUG.  Times are UTC seconds.  Strings
 * in records are borrowed on the way in and live in the arena on the way out;
 * never NULL unless said.
 */
struct store;

enum store_mode { STORE_READ, STORE_WRITE, STORE_CREATE };
/* Opens (STORE_CREATE: makes and migrates) the file, 0600, its folder 0700.
 * WAL, synchronous=FULL, foreign keys.  A newer schema, a damaged file or a
 * read-only place is ERR_CONF with what to do; so is, for writing, a missing
 * or foreign key of the ledger (<path>.key), because nothing could be entered
 * there.  STORE_READ does without the key. */
int store_open(const char *path, enum store_mode mode, struct store **out,
    struct err *err);
void store_close(struct store **s);

int store_begin(struct store *s, struct err *err); /* IMMEDIATE */
/* On failure the transaction is rolled back. */
int store_commit(struct store *s, struct err *err);
void store_rollback(struct store *s);
/* Savepoint inside a transaction: one bad message costs only itself. */
int store_save(struct store *s, struct err *err);
int store_release(struct store *s, struct err *err);
void store_undo(struct store *s);
/* Gives the memory of cached pages and of the packer back. */
void store_rest(struct store *s);
/* Changes when another process committed (PRAGMA data_version). */
int store_version(struct store *s, int64_t *out, struct err *err);
/* PRAGMA quick_check, foreign keys; ERR_SYSTEM with the first finding. */
int store_check(struct store *s, struct err *err);
/* Whether something said since it was opened that the file is damaged, or that
 * what was read of it into memory is. */
bool store_damaged(const struct store *s);
/* Whether its file is still where it was opened: SQLite would go on in one
 * that was deleted, and all of it would be gone in the end.  store_begin()
 * asks. */
int store_in_place(const struct store *s, struct err *err);

/* A whole copy as of this moment at `path` and its key at <path>.key, both
 * 0600, while others go on writing.  ERR_CONF when one of them is there
 * already; nothing is left behind on failure. */
int store_backup(struct store *s, const char *path, struct err *err);

/* -- journal: what was taken from which mailbox -------------------------- */
enum journal_outcome {
	JOURNAL_TAKEN,   /* its message is in the store */
	JOURNAL_REPEAT,  /* same message already stored: linked to it */
	JOURNAL_SKIPPED, /* older than `since` on the first start */
	JOURNAL_MISSING, /* body was NIL: to be taken again */
};
struct journal_entry {
	const char *mailbox; /* conf id */
	const char *folder;  /* UTF-8 name */
	uint32_t uidvalidity;
	uint32_t uid;
	enum journal_outcome outcome;
	int64_t message;     /* row; 0 = none */
	int64_t at_s;
};
/* Inserts, or replaces a JOURNAL_MISSING one.  A UID that is done already keeps
 * its first entry: fetch may send one twice when it died in between. */
int store_journal_add(
    struct store *s, const struct journal_entry *e, struct err *err);
/* Answer for fetch: the water mark of store_journal_advance() (1 at first),
 * what to take again on both sides of it, what is done above it; ascending. */
struct journal_known {
	uint32_t next;
	const uint32_t *again; size_t n_again;
	const uint32_t *done; size_t n_done;
};
int store_journal_known(struct store *s, const char *mailbox,
    const char *folder, uint32_t uidvalidity, struct arena *a,
    struct journal_known *out, struct err *err);
/* 1 = already there with an outcome other than missing. */
int store_journal_has(struct store *s, const char *mailbox,
    const char *folder, uint32_t uidvalidity, uint32_t uid, struct err *err);
/* Everything below next was asked for and acknowledged, UIDs that do not exist
 * included: called after a round of fetching.  Never goes back. */
int store_journal_advance(struct store *s, const char *mailbox,
    const char *folder, uint32_t uidvalidity, uint32_t next,
    struct err *err);
/* First start of this mailbox: remembers and gives back the guard. */
int store_mailbox_since(struct store *s, const char *mailbox,
    int64_t since_s_if_new, int64_t *since_s_out, struct err *err);

/* -- messages ------------------------------------------------------------ */
struct message_record {
	unsigned char sha256[SHA256_BYTES];      /* of the raw bytes */
	unsigned char content_key[SHA256_BYTES]; /* of the decoded content */
	const char *message_id;
	const char *channel; /* "mail", "file" */
	const char *kind;    /* intake_kind_name(), or "quarantine" */
	const char *why;     /* intake's reason, or the parser's failure */
	int64_t received_s;  /* by us */
	int64_t internal_s;  /* by the provider; 0 = unknown */
	int64_t date_s;      /* header; 0 */
	uint64_t size_bytes;
	const char *charset;
	uint32_t defects;    /* enum message_defect */
	const char *lost;
	int64_t clue;        /* the clue it belongs to; 0 = none (yet) */
	/* Told of pieces of the raw bytes that are stored, so that a mapping
	 * lets go of their memory; NULL = not wanted. */
	void (*let_go)(const void *raw, size_t from, size_t len);
};
/* 1 = found, *id_out set.  By raw hash; or by Message-ID and content. */
int store_message_find(struct store *s,
    const unsigned char sha256[SHA256_BYTES], int64_t *id_out,
    struct err *err);
int store_message_find_same(struct store *s, const char *message_id,
    const unsigned char content_key[SHA256_BYTES], int64_t *id_out,
    struct err *err);
int store_message_add(struct store *s, const struct message_record *r,
    const void *raw, size_t raw_len, int64_t *id_out, struct err *err);
int store_message_set_clue(struct store *s, int64_t message, int64_t clue,
    struct err *err);
/* What the office made of it: off the shelf, out of quarantine. */
int store_message_set_kind(struct store *s, int64_t message,
    const char *kind, const char *why, struct err *err);
/* What a later decoding of the same bytes says: content_key, message_id, kind,
 * why, date_s, charset, defects and lost of the record. */
int store_message_set_decoded(struct store *s, int64_t message,
    const struct message_record *r, struct err *err);
struct stored_message {
	int64_t id;
	struct message_record record;
};
/* 1 = found. */
int store_message_by_id(struct store *s, int64_t id, struct arena *a,
    struct stored_message *out, struct err *err);
/* All of a clue, oldest first. */
int store_messages(struct store *s, int64_t clue, struct arena *a,
    struct stored_message **out, size_t *n_out, struct err *err);
/* A shelf ("quarantine", "suspected-spam", …), newest first, at most max
 * (0 = all). */
int store_messages_of_kind(struct store *s, const char *kind, size_t max,
    struct arena *a, struct stored_message **out, size_t *n_out,
    struct err *err);
/* The raw bytes as they came (decompressed, SHA-256 checked; malloc'd). */
int store_message_raw(struct store *s, int64_t message, void **raw_out,
    size_t *len_out, struct err *err);

struct attachment_record {
	int64_t message;
	uint32_t seq; /* 0.. in message order */
	const char *name, *type, *type_claimed, *link;
	uint64_t size_bytes;
	unsigned char sha256[SHA256_BYTES];
	uint32_t flags;
	bool sent_along; /* a cleaned photo went with the notice */
	bool released;   /* by the office */
};
int store_attachment_add(
    struct store *s, const struct attachment_record *r, struct err *err);
/* Writes sent_along and released. */
int store_attachment_update(
    struct store *s, const struct attachment_record *r, struct err *err);
int store_attachments(struct store *s, int64_t message, struct arena *a,
    struct attachment_record **out, size_t *n_out, struct err *err);

/* -- the citizen: one table, these functions and no others --------------- */
struct reporter_record {
	int64_t message;
	const char *address, *name, *reply_to, *signature;
	const char *sender, *return_path; /* addresses; in: NULL = "" */
};
int store_reporter_add(
    struct store *s, const struct reporter_record *r, struct err *err);
/* For the office and for acknowledgements; the look is recorded as an event
 * "reporter-seen" of the clue by actor. 1 = found. */
int store_reporter_show(struct store *s, int64_t message, const char *actor,
    struct arena *a, struct reporter_record *out, struct err *err);

/* -- clues --------------------------------------------------------------- */
struct clue_record {
	int64_t id;          /* out */
	const char *number;  /* out of store_clue_add: LY-2026-000123 */
	int64_t message;     /* the first message; 0 = registered by hand */
	const char *channel; /* mail, hotline, … */
	const char *state;   /* clue_state_name() */
	const char *domain;  /* id */
	const char *runner_up; /* id or "" */
	int32_t score, margin;
	const char *area;    /* id or "" */
	const char *class_id;/* deadline class */
	const char *officer, *deputy, *leader; /* person ids or "" */
	bool triage, discipline;
	const char *why;     /* one line: rules and people */
	const char *excluded; /* accused: ids and why; office only; "" */
	const char *rules;   /* version hash */
	const char *subject, *text;
	/* For store_clue_add() only: what these two are found by, as
	 * gram_index() writes it; NULL = it finds that out itself. */
	const char *pairs;
	int64_t received_s, dispatched_s; /* dispatched 0 = not yet */
};
/* Gives the next number of prefix and year (no gaps: same transaction). */
int store_clue_add(struct store *s, struct clue_record *r, const char *prefix,
    int year, struct arena *a, struct err *err);
/* 1 = found. */
int store_clue_by_number(struct store *s, const char *number, struct arena *a,
    struct clue_record *out, struct err *err);
int store_clue_by_id(struct store *s, int64_t id, struct arena *a,
    struct clue_record *out, struct err *err);
/* Writes state, domain, area, class, people, triage, discipline, why,
 * excluded, dispatched_s of an existing clue. */
int store_clue_update(
    struct store *s, const struct clue_record *r, struct err *err);

/* Why: one row a hit. */
struct match_record {
	int64_t clue;
	uint32_t seq; /* of _add: 0.. within the clue */
	const char *domain, *term, *found, *field;
	uint64_t at, len;
	int32_t weight;
};
int store_match_add(
    struct store *s, const struct match_record *r, struct err *err);
int store_matches(struct store *s, int64_t clue, struct arena *a,
    struct match_record **out, size_t *n_out, struct err *err);

/* The ledger: hash-chained, append-only.  `detail` is one line of text. */
struct event_record {
	int64_t id;         /* out */
	int64_t clue;       /* 0 = of no clue */
	int64_t at_s;
	const char *kind;   /* "received", "routed", "assigned", … */
	const char *actor;  /* person id, "clued", "unix:name" */
	const char *detail;
};
int store_event_add(
    struct store *s, const struct event_record *r, struct err *err);
int store_events(struct store *s, int64_t clue, struct arena *a,
    struct event_record **out, size_t *n_out, struct err *err);
/* Events of all clues and of none, in order, at_s in [from_s, to_s) (to_s 0 =
 * no end), one call each; a callback that returns non-zero stops. */
int store_ledger(struct store *s, int64_t from_s, int64_t to_s,
    int (*row)(void *arg, const struct event_record *r), void *arg,
    struct err *err);
/* Walks the whole chain; ERR_INPUT names the first event that breaks it,
 * ERR_CONF when the key (<store>.key) is missing or another store's. */
int store_chain_check(struct store *s, int64_t *n_out, char head_hex_out[65],
    struct err *err);

/* -- deadlines ------------------------------------------------------------ */
struct deadline_record {
	int64_t id; /* out */
	int64_t clue;
	const char *kind;  /* deadline_name() */
	int64_t due_s, warn_s;
	int64_t met_s;     /* 0 = open */
	int64_t ask_s;     /* when the timer looks at it next; 0 = never */
	uint32_t steps_sent;
};
int store_deadline_add(
    struct store *s, const struct deadline_record *r, struct err *err);
int store_deadlines(struct store *s, int64_t clue, struct arena *a,
    struct deadline_record **out, size_t *n_out, struct err *err);
/* Open ones with ask_s <= now_s, oldest first, at most max. */
int store_deadlines_to_ask(struct store *s, int64_t now_s, size_t max,
    struct arena *a, struct deadline_record **out, size_t *n_out,
    struct err *err);
/* Writes due_s, warn_s, met_s, ask_s, steps_sent. */
int store_deadline_update(
    struct store *s, const struct deadline_record *r, struct err *err);
/* Earliest ask_s of an open deadline; 0 = none. */
int store_deadline_next(struct store *s, int64_t *next_s_out, struct err *err);

/* -- letters: the outbox -------------------------------------------------- */
enum letter_state { LETTER_READY, LETTER_SENDING, LETTER_SENT, LETTER_FAILED,
	LETTER_UNKNOWN, LETTER_CANCELLED, LETTER_STATE_COUNT };
const char *letter_state_name(enum letter_state st);
struct letter_record {
	int64_t id; /* out */
	int64_t clue;       /* 0 = of no clue */
	int64_t deadline;   /* 0 = of no deadline */
	const char *kind;   /* template id */
	const char *to_person; /* person id or "" (a citizen) */
	const char *rcpt_to;   /* of a citizen: "" but for the post */
	const char *message_id;
	enum letter_state state;
	uint32_t tries;
	uint32_t repeats;   /* silent repeats after "unknown": at most one */
	int64_t created_s, next_try_s, sent_s;
	int32_t code;       /* last SMTP reply */
	const char *result; /* last reply's text */
};
int store_letter_add(struct store *s, const struct letter_record *r,
    const void *bytes, size_t len, int64_t *id_out, struct err *err);
/* The LETTER_READY letters with next_try_s <= now_s, oldest first, at most
 * max; for the post alone: a citizen's has its rcpt_to. */
int store_letters_ready(struct store *s, int64_t now_s, size_t max,
    struct arena *a, struct letter_record **out, size_t *n_out,
    struct err *err);
/* A LETTER_READY letter becomes LETTER_SENDING, tries + 1; bytes malloc'd.  1
 * = done, 0 = it is not ready (any more).  Inside a transaction. */
int store_letter_claim(struct store *s, int64_t letter, struct arena *a,
    struct letter_record *out, void **bytes_out, size_t *len_out,
    struct err *err);
/* 1 = found. */
int store_letter_by_id(struct store *s, int64_t id, struct arena *a,
    struct letter_record *out, struct err *err);
/* Writes state, next_try_s, sent_s, tries, repeats, code, result. */
int store_letter_update(
    struct store *s, const struct letter_record *r, struct err *err);
/* At start: letters left in LETTER_SENDING by a death become LETTER_READY
 * with repeats + 1 when repeats is 0, else LETTER_UNKNOWN. *n_out of them. */
int store_letters_recover(struct store *s, int64_t *n_out, struct err *err);
/* Earliest next_try_s of a LETTER_READY letter; 0 = none. */
int store_letter_next(struct store *s, int64_t *next_s_out, struct err *err);
/* The clock was put back: what was made at a time that is still to come is
 * taken for made now and looked at now; so is what a server put off until
 * after latest_s, and with all whatever waits, for when it waits may have been
 * reckoned by the wrong clock. */
int store_letters_pull(struct store *s, int64_t now_s, int64_t latest_s,
    bool all, struct err *err);
/* 1 = one of ours carries this Message-ID. */
int store_letter_by_message_id(struct store *s, const char *message_id,
    struct arena *a, struct letter_record *out, struct err *err);
int store_letters(struct store *s, int64_t clue, struct arena *a,
    struct letter_record **out, size_t *n_out, struct err *err);
/* The composed bytes (malloc'd), for tests and `cluectl show --letter`. */
int store_letter_bytes(struct store *s, int64_t letter, void **bytes_out,
    size_t *len_out, struct err *err);

/* -- questions ------------------------------------------------------------ */
struct clue_filter { /* NULL, "", 0 or false = do not filter */
	const char *domain, *officer, *state, *area;
	bool overdue;      /* an open deadline with due_s <= now_s, and the
	                    * clue neither suspended nor concluded */
	int64_t due_before_s; /* an open deadline due before this */
	int64_t received_from_s, received_before_s;
	bool triage;
	int64_t now_s;
	size_t limit;      /* 0 = all */
};
struct clue_row {
	int64_t id;
	const char *number, *state, *domain, *area, *officer, *class_id;
	const char *subject, *why;
	bool triage, discipline;
	int64_t received_s, dispatched_s;
	int64_t due_s[3];  /* accept, feedback, conclude; 0 = none */
	int64_t met_s[3];
};
/* Rows in the order in which numbers were given, one call each; a callback
 * that returns non-zero stops.  Rows live until the callback returns.  The
 * callback may ask the store anything but another list. */
int store_list(struct store *s, const struct clue_filter *f,
    int (*row)(void *arg, const struct clue_row *r), void *arg,
    struct err *err);

/* The newest clues, newest first. */
int store_clues_recent(struct store *s, size_t limit,
    int (*row)(void *arg, const struct clue_row *r), void *arg,
    struct err *err);

struct store_counts {
	int64_t messages, clues, open_clues, overdue, triage, quarantine,
	    events;
	int64_t kinds[16];                      /* by enum mail_kind */
	int64_t letters[LETTER_STATE_COUNT];
	int64_t size_bytes;
};
/* Walks no table: costs the same in an old store as in a new one. */
int store_counts(struct store *s, int64_t now_s, struct store_counts *out,
    struct err *err);

/* Small facts that outlive a process: last successful poll of a mailbox,
 * last alarm sent.  1 = found. */
int store_note_set(struct store *s, const char *key, const char *value,
    struct err *err);
int store_note_get(struct store *s, const char *key, struct arena *a,
    const char **value_out, struct err *err);

#endif
