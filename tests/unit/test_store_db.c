/* SPDX-License-Identifier: ISC */
#include "test_store_help.h"

#include "base/limits.h"

#include <signal.h>
#include <sys/wait.h>

static mode_t
mode_of(const char *path)
{
	struct stat st;

	assert_int_equal(stat(path, &st), 0);
	return st.st_mode & 07777;
}

static void
nobody_else_reads_the_files(void **state)
{
	static const char *const tails[] = {"", "-wal", "-shm", ".key"};
	struct world *w = *state;
	char path[200];

	ok(w, store_begin(w->s, &w->err));
	put_clue(w, sample_clue());
	ok(w, store_commit(w->s, &w->err));
	for (size_t i = 0; i < 4; i++) {
		(void)snprintf(
		    path, sizeof(path), "%s%s", w->path, tails[i]);
		assert_int_equal(mode_of(path), 0600);
	}
}

static void
folder_is_made_for_us_alone(void **state)
{
	struct world *w = *state;
	struct store *s = NULL;
	char path[200];
	mode_t old = umask(0);

	(void)snprintf(path, sizeof(path), "%s/new/store", w->folder);
	ok(w, store_open(path, STORE_CREATE, &s, &w->err));
	store_close(&s);
	(void)umask(old);
	assert_int_equal(mode_of(path), 0600);
	(void)snprintf(path, sizeof(path), "%s/new", w->folder);
	assert_int_equal(mode_of(path), 0700);
}

static void
a_store_open_to_others_is_closed(void **state)
{
	struct world *w = *state;

	char key[200];

	(void)snprintf(key, sizeof(key), "%s.key", w->path);
	store_close(&w->s);
	assert_int_equal(chmod(w->path, 0644), 0);
	assert_int_equal(chmod(key, 0644), 0);
	ok(w, store_open(w->path, STORE_CREATE, &w->s, &w->err));
	assert_int_equal(mode_of(w->path), 0600);
	assert_int_equal(mode_of(key), 0600);
}

static void
settings_are_the_safe_ones(void **state)
{
	static const struct {
		const char *sql;
		int64_t want;
	} t[] = {{"PRAGMA foreign_keys", 1}, {"PRAGMA synchronous", 2},
	    {"PRAGMA application_id", STORE_APPLICATION_ID},
	    {"PRAGMA user_version", STORE_SCHEMA},
	    {"PRAGMA trusted_schema", 0}, {"PRAGMA recursive_triggers", 1},
	    {"PRAGMA mmap_size", 0}, {"PRAGMA temp_store", 2},
	    {"PRAGMA cache_size", -8192}, {"PRAGMA busy_timeout", 5000},
	    {"SELECT count(*) FROM pragma_journal_mode"
	     " WHERE journal_mode = 'wal'", 1},
	    {"SELECT count(*) FROM pragma_table_list WHERE type = 'table'"
	     " AND schema = 'main' AND name NOT LIKE 'sqlite_%'"
	     " AND strict = 0", 0}};
	struct world *w = *state;

	for (size_t i = 0; i < sizeof(t) / sizeof(t[0]); i++)
		if (raw_number(w->s->db, t[i].sql) != t[i].want)
			fail_msg("%s", t[i].sql);
}

static void
what_is_no_store_of_ours_is_refused(void **state)
{
	static const struct {
		const char *name;
		const char *sql; /* NULL: a file that is no database */
		enum store_mode mode;
	} t[] = {
	    {"text", NULL, STORE_CREATE},
	    {"text", NULL, STORE_READ},
	    {"other", "CREATE TABLE t (a)", STORE_CREATE},
	    {"numbered", "CREATE TABLE t (a); PRAGMA user_version = 1",
		STORE_CREATE},
	    {"ours-empty", "PRAGMA user_version = 0", STORE_WRITE},
	    {"missing", "", STORE_WRITE},
	    {"missing", "", STORE_READ},
	};
	struct world *w = *state;
	struct store *s = NULL;
	sqlite3 *db;
	char path[200];
	FILE *f;

	for (size_t i = 0; i < sizeof(t) / sizeof(t[0]); i++) {
		(void)snprintf(
		    path, sizeof(path), "%s/%s", w->folder, t[i].name);
		if (t[i].sql == NULL) {
			assert_non_null(f = fopen(path, "w"));
			for (int line = 0; line < 100; line++)
				(void)fputs("this is a text file\n", f);
			(void)fclose(f);
		} else if (t[i].sql[0] != '\0') {
			db = raw_open(path);
			raw_exec(db, t[i].sql);
			(void)sqlite3_close(db);
		}
		refused(w, ERR_CONF,
		    store_open(path, t[i].mode, &s, &w->err));
		assert_null(s);
	}
}

static void
newer_and_older_schemas_are_named(void **state)
{
	struct world *w = *state;
	sqlite3 *db;

	store_close(&w->s);
	db = raw_open(w->path);
	raw_exec(db, "PRAGMA user_version = 99");
	for (int mode = STORE_READ; mode <= STORE_CREATE; mode++) {
		refused(w, ERR_CONF,
		    store_open(w->path, (enum store_mode)mode, &w->s,
			&w->err));
		assert_non_null(strstr(w->err.what, "newer"));
		assert_non_null(strstr(w->err.what, "99"));
	}
	(void)sqlite3_close(db);
}

static void
a_damaged_file_is_named(void **state)
{
	struct world *w = *state;
	FILE *f;

	store_close(&w->s);
	assert_non_null(f = fopen(w->path, "r+"));
	/* The first page's tree, behind the header that says what it is. */
	(void)fseek(f, 100, SEEK_SET);
	for (int i = 0; i < 3000; i++)
		(void)fputc(0xa5, f);
	(void)fclose(f);
	refused(w, ERR_CONF,
	    store_open(w->path, STORE_CREATE, &w->s, &w->err));
	assert_int_equal(w->err.origin, ERR_SQLITE);
}

static void
check_finds_damage(void **state)
{
	struct world *w = *state;
	int64_t page;
	sqlite3 *db;
	FILE *f;

	ok(w, store_check(w->s, &w->err));
	db = raw_open(w->path);
	raw_exec(db, "PRAGMA foreign_keys = OFF;"
		     "INSERT INTO deadline VALUES (1, 77, 'x', 1, 1, 0, 0, 0)");
	refused(w, ERR_SYSTEM, store_check(w->s, &w->err));
	assert_non_null(strstr(w->err.what, "deadline"));
	raw_exec(db, "DELETE FROM deadline");
	page = raw_number(db, "SELECT rootpage FROM sqlite_schema"
			      " WHERE name = 'clue_domain'");
	store_close(&w->s);
	(void)sqlite3_close(db);
	assert_non_null(f = fopen(w->path, "r+"));
	(void)fseek(f, (long)(page - 1) * MAX_STORE_PAGE_BYTES, SEEK_SET);
	for (int i = 0; i < MAX_STORE_PAGE_BYTES; i++)
		(void)fputc(0xa5, f);
	(void)fclose(f);
	ok(w, store_open(w->path, STORE_READ, &w->s, &w->err));
	refused(w, ERR_SYSTEM, store_check(w->s, &w->err));
}

static void
transactions_keep_their_order(void **state)
{
	struct world *w = *state;

	refused(w, ERR_BUG, store_commit(w->s, &w->err));
	refused(w, ERR_BUG, store_save(w->s, &w->err));
	refused(w, ERR_BUG, store_release(w->s, &w->err));
	store_undo(w->s);
	store_rollback(w->s);
	ok(w, store_begin(w->s, &w->err));
	refused(w, ERR_BUG, store_begin(w->s, &w->err));
	refused(w, ERR_BUG, store_release(w->s, &w->err));
	ok(w, store_save(w->s, &w->err));
	refused(w, ERR_BUG, store_save(w->s, &w->err));
	ok(w, store_release(w->s, &w->err));
	ok(w, store_commit(w->s, &w->err));
}

static void
adding_outside_a_transaction_is_a_bug(void **state)
{
	struct world *w = *state;
	struct message_record m = sample_message("x", 1);
	struct journal_entry j = {"tips", "INBOX", 1, 1, JOURNAL_SKIPPED, 0, 1};
	struct attachment_record at = {.name = "", .type = "",
	    .type_claimed = "", .link = ""};
	struct reporter_record r = {1, "a@example.org", "", "", "", "", ""};
	struct clue_record c = sample_clue();
	struct match_record ma = {.domain = "", .term = "", .found = "",
	    .field = ""};
	struct event_record e = {.kind = "k", .actor = "a", .detail = ""};
	struct deadline_record d = {.kind = "accept"};
	struct letter_record l = sample_letter();
	int64_t id = 0;

	refused(w, ERR_BUG,
	    store_message_add(w->s, &m, "x", 1, &id, &w->err));
	refused(w, ERR_BUG, store_journal_add(w->s, &j, &w->err));
	refused(w, ERR_BUG, store_attachment_add(w->s, &at, &w->err));
	refused(w, ERR_BUG, store_reporter_add(w->s, &r, &w->err));
	refused(w, ERR_BUG,
	    store_clue_add(w->s, &c, "LY", 2026, w->a, &w->err));
	refused(w, ERR_BUG, store_match_add(w->s, &ma, &w->err));
	refused(w, ERR_BUG, store_event_add(w->s, &e, &w->err));
	refused(w, ERR_BUG, store_deadline_add(w->s, &d, &w->err));
	refused(w, ERR_BUG,
	    store_letter_add(w->s, &l, "x", 1, &id, &w->err));
	assert_int_equal(id, 0);
}

static void
rows_that_are_not_there_are_a_bug(void **state)
{
	struct world *w = *state;
	struct clue_record c = sample_clue();
	struct deadline_record d = {.kind = "accept"};
	struct letter_record l = sample_letter();
	struct attachment_record at = {0};

	c.id = 5;
	refused(w, ERR_BUG, store_clue_update(w->s, &c, &w->err));
	refused(w, ERR_BUG, store_deadline_update(w->s, &d, &w->err));
	refused(w, ERR_BUG, store_letter_update(w->s, &l, &w->err));
	refused(w, ERR_BUG, store_attachment_update(w->s, &at, &w->err));
	refused(w, ERR_BUG, store_message_set_clue(w->s, 1, 0, &w->err));
	refused(w, ERR_BUG,
	    store_message_set_kind(w->s, 1, "tip", "", &w->err));
	/* And none of them left its transaction open. */
	ok(w, store_begin(w->s, &w->err));
	store_rollback(w->s);
}

static void
two_programs_share_the_file(void **state)
{
	struct world *w = *state;
	struct store *other = NULL;
	struct clue_record c;
	int64_t before, after;

	ok(w, store_open(w->path, STORE_WRITE, &other, &w->err));
	ok(w, store_version(w->s, &before, &w->err));
	ok(w, store_begin(other, &w->err));

	/* The second waits, then is told that it is only a matter of time. */
	(void)sqlite3_busy_timeout(w->s->db, 1);
	refused(w, ERR_LATER, store_begin(w->s, &w->err));
	assert_non_null(strstr(w->err.what, "another program"));

	c = sample_clue();
	ok(w, store_clue_add(other, &c, "LY", 2026, w->a, &w->err));
	assert_int_equal(
	    store_clue_by_number(w->s, c.number, w->a, &c, &w->err), 0);
	ok(w, store_commit(other, &w->err));
	assert_int_equal(
	    store_clue_by_number(w->s, c.number, w->a, &c, &w->err), 1);
	ok(w, store_version(w->s, &after, &w->err));
	assert_true(before != after);
	ok(w, store_version(w->s, &before, &w->err));
	assert_int_equal(before, after);

	ok(w, store_begin(w->s, &w->err));
	c = sample_clue();
	ok(w, store_clue_add(w->s, &c, "LY", 2026, w->a, &w->err));
	assert_string_equal(c.number, "LY-2026-000002");
	ok(w, store_commit(w->s, &w->err));
	/* Our own commits do not count as news. */
	ok(w, store_version(w->s, &after, &w->err));
	assert_int_equal(before, after);
	store_close(&other);
}

static void
readers_may_not_write(void **state)
{
	struct world *w = *state;

	world_reopen(w, STORE_READ);
	refused(w, ERR_BUG, store_begin(w->s, &w->err));
	refused(w, ERR_BUG, store_note_set(w->s, "k", "v", &w->err));
}

static void
a_store_that_may_not_be_written_is_named(void **state)
{
	struct world *w = *state;
	bool root = geteuid() == 0;
	struct store *s = NULL;

	store_close(&w->s);
	assert_int_equal(chmod(w->path, 0444), 0);
	if (root) {
		char key[200];

		(void)snprintf(key, sizeof(key), "%s.key", w->path);
		assert_int_equal(chmod(key, 0444), 0);
		assert_int_equal(chmod(w->folder, 0755), 0);
		assert_int_equal(seteuid(65534), 0);
	}
	refused(w, ERR_CONF, store_open(w->path, STORE_WRITE, &s, &w->err));
	assert_int_equal(w->err.code & 0xff, SQLITE_READONLY);
	refused(w, ERR_CONF, store_open(w->path, STORE_CREATE, &s, &w->err));
	if (root)
		assert_int_equal(seteuid(0), 0);
}

/* The copy is what a power cut would have left on the disk. */
static void
copy(const char *from, const char *to, const char *tail)
{
	char a[200], b[200], piece[4096];
	FILE *in, *out;
	size_t n;

	(void)snprintf(a, sizeof(a), "%s%s", from, tail);
	(void)snprintf(b, sizeof(b), "%s%s", to, tail);
	assert_non_null(in = fopen(a, "r"));
	assert_non_null(out = fopen(b, "w"));
	while ((n = fread(piece, 1, sizeof(piece), in)) > 0)
		assert_int_equal(fwrite(piece, 1, n, out), n);
	(void)fclose(in);
	(void)fclose(out);
}

static void
death_in_a_transaction_leaves_what_was_committed(void **state)
{
	struct world *w = *state;
	const size_t len = 20 << 20;
	struct message_record m;
	struct store *s = NULL;
	unsigned char *noise;
	char path[200], head[65];
	int64_t id, n;

	ok(w, store_begin(w->s, &w->err));
	put_event(w, put_clue(w, sample_clue()), "received", "first");
	ok(w, store_commit(w->s, &w->err));

	/* Large enough to overflow the cache into the log before the end. */
	assert_non_null(noise = malloc(len));
	for (size_t i = 0; i < len; i++)
		noise[i] = (unsigned char)(random() >> 8);
	m = sample_message(noise, len);
	ok(w, store_begin(w->s, &w->err));
	put_event(w, put_clue(w, sample_clue()), "received", "second");
	ok(w, store_message_add(w->s, &m, noise, len, &id, &w->err));
	(void)snprintf(path, sizeof(path), "%s/copy.db", w->folder);
	copy(w->path, path, "");
	copy(w->path, path, "-wal");
	copy(w->path, path, ".key");
	store_rollback(w->s);
	free(noise);

	ok(w, store_open(path, STORE_CREATE, &s, &w->err));
	ok(w, store_check(s, &w->err));
	ok(w, store_chain_check(s, &n, head, &w->err));
	assert_int_equal(n, 1);
	assert_int_equal(raw_number(s->db, "SELECT count(*) FROM clue"), 1);
	assert_int_equal(raw_number(s->db, "SELECT count(*) FROM raw"), 0);
	store_close(&s);
}

/* Commits groups for ever and says so after each. */
static void
write_until_killed(const char *path, int tell)
{
	struct store *s = NULL;
	struct arena *a = arena_new();
	struct event_record e = {.kind = "k", .actor = "a", .detail = "d"};
	struct letter_record l = sample_letter();
	char bytes[9000];
	struct err err;
	int64_t id;

	memset(bytes, 'x', sizeof(bytes));
	if (a == NULL || store_open(path, STORE_CREATE, &s, &err) < 0)
		_exit(1);
	for (;;) {
		if (store_begin(s, &err) < 0)
			_exit(2);
		for (int i = 0; i < 5; i++) {
			struct clue_record c = sample_clue();

			bytes[i] = (char)random();
			if (store_clue_add(s, &c, "LY", 2026, a, &err) < 0)
				_exit(3);
			e.clue = l.clue = c.id;
			if (store_event_add(s, &e, &err) < 0 ||
			    store_letter_add(s, &l, bytes, sizeof(bytes), &id,
				&err) < 0)
				_exit(4);
		}
		if (store_commit(s, &err) < 0 || write(tell, "x", 1) != 1)
			_exit(5);
	}
}

static void
killed_at_any_instant_nothing_told_is_lost(void **state)
{
	struct world *w = *state;
	int64_t told = 0, n, clues;
	int tell[2], status;
	char c, head[65];
	pid_t pid;

	store_close(&w->s);
	for (int round = 1; round <= 12; round++) {
		assert_int_equal(pipe(tell), 0);
		pid = fork();
		assert_true(pid >= 0);
		if (pid == 0)
			write_until_killed(w->path, tell[1]);
		(void)close(tell[1]);
		for (int i = 0; i < round; i++)
			assert_int_equal(read(tell[0], &c, 1), 1);
		told += round;
		assert_int_equal(kill(pid, SIGKILL), 0);
		assert_int_equal(waitpid(pid, &status, 0), pid);
		assert_true(WIFSIGNALED(status));
		while (read(tell[0], &c, 1) == 1)
			told++;
		(void)close(tell[0]);

		ok(w, store_open(w->path, STORE_WRITE, &w->s, &w->err));
		ok(w, store_check(w->s, &w->err));
		ok(w, store_chain_check(w->s, &n, head, &w->err));
		clues = raw_number(w->s->db, "SELECT count(*) FROM clue");
		/* The last commit may have come before its word. */
		assert_true(clues >= told * 5 && clues <= (told + 1) * 5);
		told = clues / 5;
		assert_int_equal(n, clues);
		assert_int_equal(
		    raw_number(w->s->db, "SELECT last FROM counter"), clues);
		assert_int_equal(
		    raw_number(w->s->db, "SELECT count(*) FROM raw"), clues);
		assert_int_equal(raw_number(w->s->db,
		    "SELECT n FROM tally WHERE what = 'letter'"), clues);
		store_close(&w->s);
	}
}

static void
a_full_disk_is_a_matter_of_time(void **state)
{
	struct world *w = *state;
	const size_t len = 1 << 20;
	struct message_record m;
	struct clue_record c = sample_clue();
	char *text;
	int64_t id = 0, pages;

	assert_non_null(text = malloc(len));
	for (size_t i = 0; i < len; i++)
		text[i] = (char)(random() >> 8);
	m = sample_message(text, len);
	pages = raw_number(w->s->db, "PRAGMA page_count");
	ok(w, store_begin(w->s, &w->err));
	put_clue(w, sample_clue());
	(void)sqlite3_exec(
	    w->s->db, "PRAGMA max_page_count = 90", NULL, NULL, NULL);
	assert_true(pages < 90);
	refused(w, ERR_LATER,
	    store_message_add(w->s, &m, text, len, &id, &w->err));
	/* Whether or not SQLite took the transaction back by itself, nothing
	 * of it may become true now. */
	store_rollback(w->s);
	(void)sqlite3_exec(w->s->db, "PRAGMA max_page_count = 1000000", NULL,
	    NULL, NULL);
	ok(w, store_begin(w->s, &w->err));
	ok(w, store_clue_add(w->s, &c, "LY", 2026, w->a, &w->err));
	assert_string_equal(c.number, "LY-2026-000001");
	ok(w, store_message_add(w->s, &m, text, len, &id, &w->err));
	ok(w, store_commit(w->s, &w->err));
	free(text);
}

static void
a_transaction_taken_back_underneath_is_noticed(void **state)
{
	struct world *w = *state;
	struct clue_record c = sample_clue();

	ok(w, store_begin(w->s, &w->err));
	put_clue(w, c);
	/* What SQLite does by itself after some errors. */
	raw_exec(w->s->db, "ROLLBACK");
	refused(w, ERR_LATER,
	    store_clue_add(w->s, &c, "LY", 2026, w->a, &w->err));
	refused(w, ERR_LATER, store_note_set(w->s, "k", "v", &w->err));
	refused(w, ERR_LATER, store_commit(w->s, &w->err));
	ok(w, store_begin(w->s, &w->err));
	put_clue(w, c);
	ok(w, store_commit(w->s, &w->err));
	assert_int_equal(
	    raw_number(w->s->db, "SELECT count(*) FROM clue"), 1);
}

static void
an_undone_message_costs_only_itself(void **state)
{
	struct world *w = *state;
	struct clue_record c = sample_clue();

	ok(w, store_begin(w->s, &w->err));
	for (int i = 0; i < 3; i++) {
		ok(w, store_save(w->s, &w->err));
		put_event(w, put_clue(w, c), "received", "");
		(void)put_message(w, i == 1 ? "bad" : i == 0 ? "a" : "b");
		if (i == 1)
			store_undo(w->s);
		else
			ok(w, store_release(w->s, &w->err));
	}
	ok(w, store_commit(w->s, &w->err));
	assert_int_equal(
	    raw_number(w->s->db, "SELECT count(*) FROM clue"), 2);
	assert_int_equal(
	    raw_number(w->s->db, "SELECT count(*) FROM raw"), 2);
	assert_int_equal(raw_number(w->s->db,
	    "SELECT count(*) FROM clue WHERE number = 'LY-2026-000002'"), 1);
	assert_int_equal(
	    store_clue_by_number(w->s, "LY-2026-000003", w->a, &c, &w->err),
	    0);
}

static void
a_backup_is_a_store(void **state)
{
	struct world *w = *state;
	struct store *other = NULL, *copied = NULL;
	struct clue_record c;
	char path[200], head[65];
	int64_t n;

	ok(w, store_begin(w->s, &w->err));
	put_event(w, put_clue(w, sample_clue()), "received", "");
	refused(w, ERR_BUG, store_backup(w->s, "never", &w->err));
	ok(w, store_commit(w->s, &w->err));

	/* Another program is in the middle of a change. */
	ok(w, store_open(w->path, STORE_WRITE, &other, &w->err));
	ok(w, store_begin(other, &w->err));
	c = sample_clue();
	ok(w, store_clue_add(other, &c, "LY", 2026, w->a, &w->err));
	(void)snprintf(path, sizeof(path), "%s/backup.db", w->folder);
	world_reopen(w, STORE_READ);
	ok(w, store_backup(w->s, path, &w->err));
	store_rollback(other);
	store_close(&other);

	assert_int_equal(mode_of(path), 0600);
	ok(w, store_open(path, STORE_CREATE, &copied, &w->err));
	ok(w, store_check(copied, &w->err));
	ok(w, store_chain_check(copied, &n, head, &w->err));
	assert_int_equal(n, 1);
	assert_int_equal(
	    store_clue_by_id(copied, 1, w->a, &c, &w->err), 1);
	assert_int_equal(
	    store_clue_by_id(copied, 2, w->a, &c, &w->err), 0);
	store_close(&copied);

	/* Never over what is there: not the copy, not a key left alone. */
	refused(w, ERR_CONF, store_backup(w->s, path, &w->err));
	assert_int_equal(unlink(path), 0);
	refused(w, ERR_CONF, store_backup(w->s, path, &w->err));
	assert_int_equal(access(path, F_OK), -1);
	(void)snprintf(path, sizeof(path), "%s/no/backup.db", w->folder);
	refused(w, ERR_CONF, store_backup(w->s, path, &w->err));
}

#define T(f) cmocka_unit_test_setup_teardown(f, world_setup, world_teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    T(nobody_else_reads_the_files),
	    T(folder_is_made_for_us_alone),
	    T(a_store_open_to_others_is_closed),
	    T(settings_are_the_safe_ones),
	    T(what_is_no_store_of_ours_is_refused),
	    T(newer_and_older_schemas_are_named),
	    T(a_damaged_file_is_named),
	    T(check_finds_damage),
	    T(transactions_keep_their_order),
	    T(adding_outside_a_transaction_is_a_bug),
	    T(rows_that_are_not_there_are_a_bug),
	    T(two_programs_share_the_file),
	    T(readers_may_not_write),
	    T(a_store_that_may_not_be_written_is_named),
	    T(death_in_a_transaction_leaves_what_was_committed),
	    T(killed_at_any_instant_nothing_told_is_lost),
	    T(a_full_disk_is_a_matter_of_time),
	    T(a_transaction_taken_back_underneath_is_noticed),
	    T(a_backup_is_a_store),
	    T(an_undone_message_costs_only_itself),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
