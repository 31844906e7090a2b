/* SPDX-License-Identifier: ISC */
#ifndef TEST_STORE_HELP_H
#define TEST_STORE_HELP_H

#include <ftw.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/hash.h"
#include "store/db.h"
#include "store/store.h"

/* A store of its own for each test, in a folder of its own. */
struct world {
	char folder[64];
	char path[96];
	struct store *s;
	struct arena *a;
	struct err err;
};

/* Says what went wrong, not only where. */
#define ok(w, call) \
	do { \
		(w)->err = (struct err){0}; \
		if ((call) < 0) \
			fail_msg("%s: %s (%s)", #call, (w)->err.what, \
			    (w)->err.where); \
	} while (0)

/* The call fails, with this kind. */
#define refused(w, err_kind, call) \
	do { \
		(w)->err = (struct err){0}; \
		assert_int_equal((call), -1); \
		if ((w)->err.kind != (err_kind)) \
			fail_msg("%s: %s: %s", #call, \
			    err_kind_name((w)->err.kind), (w)->err.what); \
	} while (0)

static inline int
world_setup(void **state)
{
	struct world *w = calloc(1, sizeof(*w));

	assert_non_null(w);
	(void)snprintf(w->folder, sizeof(w->folder), "/tmp/clued-store-XXXXXX");
	assert_non_null(mkdtemp(w->folder));
	(void)snprintf(w->path, sizeof(w->path), "%s/clued.db", w->folder);
	w->a = arena_new();
	assert_non_null(w->a);
	ok(w, store_open(w->path, STORE_CREATE, &w->s, &w->err));
	*state = w;
	return 0;
}

static inline int
remove_one(const char *path, const struct stat *st, int what, struct FTW *at)
{
	(void)st;
	(void)what;
	(void)at;
	return remove(path);
}

static inline int
world_teardown(void **state)
{
	struct world *w = *state;

	store_close(&w->s);
	arena_free(&w->a);
	(void)nftw(w->folder, remove_one, 8, FTW_DEPTH | FTW_PHYS);
	free(w);
	return 0;
}

static inline void
world_reopen(struct world *w, enum store_mode mode)
{
	store_close(&w->s);
	ok(w, store_open(w->path, mode, &w->s, &w->err));
}

/* A connection that knows nothing of our rules: an intruder, or a look. */
static inline sqlite3 *
raw_open(const char *path)
{
	sqlite3 *db = NULL;

	assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
	return db;
}

static inline void
raw_exec(sqlite3 *db, const char *sql)
{
	char *said = NULL;

	if (sqlite3_exec(db, sql, NULL, NULL, &said) != SQLITE_OK)
		fail_msg("%s: %s", sql, said);
}

static inline int64_t
raw_number(sqlite3 *db, const char *sql)
{
	sqlite3_stmt *stmt = NULL;
	int64_t n;

	if (sqlite3_prepare_v2(db, sql, -1, &stmt, NULL) != SQLITE_OK)
		fail_msg("%s: %s", sql, sqlite3_errmsg(db));
	assert_int_equal(sqlite3_step(stmt), SQLITE_ROW);
	n = sqlite3_column_int64(stmt, 0);
	(void)sqlite3_finalize(stmt);
	return n;
}

/* -- records that a test changes where it cares ---------------------------- */

static inline struct message_record
sample_message(const void *raw, size_t len)
{
	struct message_record r = {.message_id = "m1@example.org",
	    .channel = "mail", .kind = "tip", .why = "", .received_s = 1000,
	    .internal_s = 999, .date_s = 998, .size_bytes = len,
	    .charset = "gb18030", .defects = 3, .lost = ""};

	hash_sha256(raw, len, r.sha256);
	hash_sha256(r.sha256, sizeof(r.sha256), r.content_key);
	return r;
}

static inline int64_t
put_message(struct world *w, const char *text)
{
	struct message_record r = sample_message(text, strlen(text));
	int64_t id = 0;

	ok(w, store_message_add(w->s, &r, text, strlen(text), &id, &w->err));
	return id;
}

static inline struct clue_record
sample_clue(void)
{
	return (struct clue_record){.channel = "mail", .state = "assigned",
	    .domain = "muck-transport", .runner_up = "other", .score = 2500,
	    .margin = 700, .area = "xugou", .class_id = "normal",
	    .officer = "zhang", .deputy = "li", .leader = "wang",
	    .why = "渣土 2.5", .excluded = "", .rules = "abc",
	    .subject = "举报强揽渣土", .text = "夜里拦车强卸",
	    .received_s = 1000, .dispatched_s = 1001};
}

static inline int64_t
put_clue(struct world *w, struct clue_record r)
{
	ok(w, store_clue_add(w->s, &r, "LY", 2026, w->a, &w->err));
	return r.id;
}

static inline void
put_deadline(struct world *w, int64_t clue, const char *kind, int64_t due_s,
    int64_t met_s, int64_t ask_s)
{
	struct deadline_record r = {.clue = clue, .kind = kind,
	    .due_s = due_s, .warn_s = due_s - 10, .met_s = met_s,
	    .ask_s = ask_s};

	ok(w, store_deadline_add(w->s, &r, &w->err));
}

static inline struct letter_record
sample_letter(void)
{
	return (struct letter_record){.kind = "notice", .to_person = "zhang",
	    .rcpt_to = "zhang@example.org", .message_id = "l1@example.org",
	    .state = LETTER_READY, .created_s = 1000, .next_try_s = 1000,
	    .result = ""};
}

static inline int64_t
put_letter(struct world *w, struct letter_record r, const char *bytes)
{
	int64_t id = 0;

	ok(w, store_letter_add(w->s, &r, bytes, strlen(bytes), &id, &w->err));
	return id;
}

static inline void
put_event(struct world *w, int64_t clue, const char *kind, const char *detail)
{
	struct event_record e = {.clue = clue, .at_s = 1000, .kind = kind,
	    .actor = "clued", .detail = detail};

	ok(w, store_event_add(w->s, &e, &w->err));
}

#endif
