/* SPDX-License-Identifier: ISC */
#include "test_store_help.h"

#include "store/health.h"

/* A message with its clue and letter, as the pipeline writes them. */
static int64_t
put_whole(struct world *w, const char *text)
{
	struct clue_record c = sample_clue();
	struct letter_record l = sample_letter();
	struct message_record r = sample_message(text, strlen(text));
	struct journal_entry j = {.mailbox = "tips", .folder = "INBOX",
	    .uidvalidity = 7, .uid = 1, .outcome = JOURNAL_TAKEN};

	ok(w, store_begin(w->s, &w->err));
	ok(w, store_message_add(
		  w->s, &r, text, strlen(text), &j.message, &w->err));
	j.uid = (uint32_t)j.message;
	c.message = j.message;
	c.id = put_clue(w, c);
	ok(w, store_message_set_clue(w->s, j.message, c.id, &w->err));
	put_event(w, c.id, "received", "x");
	l.clue = c.id;
	(void)put_letter(w, l, "letter");
	ok(w, store_journal_add(w->s, &j, &w->err));
	ok(w, store_commit(w->s, &w->err));
	return c.id;
}

static const char *
books(struct world *w)
{
	const char *finding = NULL;

	ok(w, store_books_check(w->s, 1000, w->a, &finding, &w->err));
	return finding;
}

struct heard {
	char text[2000];
	size_t n;
	int64_t done;
};

static void
on_finding(void *arg, const char *what)
{
	struct heard *h = arg;

	h->n++;
	(void)snprintf(h->text + strlen(h->text),
	    sizeof(h->text) - strlen(h->text), "%s\n", what);
}

static void
on_progress(void *arg, const char *what, int64_t done, int64_t all)
{
	(void)what;
	assert_true(done <= all);
	((struct heard *)arg)->done += done > 0;
}

static struct fsck_counts
fsck(struct world *w, struct heard *h)
{
	const struct fsck_ops ops = {on_finding, on_progress, h};
	struct fsck_counts c;

	memset(h, 0, sizeof(*h));
	ok(w, store_fsck(w->s, 1000, &ops, &c, &w->err));
	assert_int_equal(c.findings, h->n);
	return c;
}

static void
spoil(struct world *w, const char *sql)
{
	sqlite3 *db = raw_open(w->path);

	raw_exec(db, sql);
	(void)sqlite3_close(db);
}

static void
a_sound_store_has_no_finding(void **state)
{
	struct world *w = *state;
	struct fsck_counts c;
	struct heard h;

	c = fsck(w, &h);
	assert_int_equal(h.n, 0);
	(void)put_whole(w, "one");
	(void)put_whole(w, "two");
	assert_string_equal(books(w), "");
	c = fsck(w, &h);
	assert_int_equal(h.n, 0);
	assert_int_equal(c.messages, 2);
	assert_int_equal(c.letters, 2);
	assert_int_equal(c.events, 2);
	assert_int_equal(h.done, 4);
}

static void
each_damage_is_found(void **state)
{
	static const struct {
		const char *sql, *books, *fsck;
	} t[] = {
	    {"UPDATE counter SET last = 4", "年度编号", "年度编号"},
	    {"UPDATE clue SET number = 'LY-2026-000004' WHERE id = 2",
		"年度编号", "年度编号"},
	    {"UPDATE tally SET n = n + 1 WHERE what = 'kind'",
		"计数与明细不符：kind tip", "kind"},
	    {"DELETE FROM tally WHERE what = 'letter'",
		"计数与明细不符：letter 0", "letter"},
	    {"UPDATE message SET clue = NULL WHERE id = 2", "没有对应的线索",
		"没有对应的线索"},
	    {"UPDATE journal SET outcome = 3, at_s = -90000 WHERE uid = 1",
		"取不到内容", "取不到内容"},
	    {"UPDATE journal SET message = NULL WHERE uid = 1", "",
		"已收取的记录没有对应的邮件"},
	    {"DELETE FROM journal WHERE uid = 1", "", "没有收取记录"},
	    {"WITH n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n"
	     " WHERE i < 64) INSERT INTO letter SELECT NULL, l.clue,"
	     " l.deadline, l.kind, l.to_person, l.rcpt_to, l.message_id, 1,"
	     " 1, 0, 1, 1, 0, 0, '', l.sha256, l.raw"
	     " FROM letter AS l, n WHERE l.id < 3",
		"计数与明细不符", "发送中"},
	    {"DROP TRIGGER event_no_delete; DELETE FROM event WHERE id = 2",
		"", "线索没有台账"},
	    {"UPDATE raw SET bytes = x'7a' WHERE id = 1", "", "messages 1"},
	    {"UPDATE raw SET bytes = x'7a' WHERE id = 2", "", "letters 1"},
	    {"UPDATE clue SET message = 999 WHERE id = 1", "",
		"refers to nothing"},
	};
	struct heard h;

	for (size_t i = 0; i < sizeof(t) / sizeof(t[0]); i++) {
		struct world *w;
		void *fresh;

		assert_int_equal(world_setup(&fresh), 0);
		w = fresh;
		(void)put_whole(w, "one");
		(void)put_whole(w, "two");
		store_close(&w->s);
		spoil(w, t[i].sql);
		ok(w, store_open(w->path, STORE_READ, &w->s, &w->err));
		if (t[i].books[0] == '\0')
			assert_string_equal(books(w), "");
		else if (strstr(books(w), t[i].books) == NULL)
			fail_msg("%s: %s", t[i].sql, books(w));
		(void)fsck(w, &h);
		if (strstr(h.text, t[i].fsck) == NULL)
			fail_msg("%s: found: %s", t[i].sql, h.text);
		(void)world_teardown(&fresh);
	}
	(void)state;
}

static void
stuck_letters_are_those_that_should_have_gone(void **state)
{
	struct world *w = *state;
	struct letter_record l = sample_letter();
	int64_t n, oldest_s;

	ok(w, store_begin(w->s, &w->err));
	l.created_s = 500; /* put off to a later hour, never refused */
	l.next_try_s = 5000;
	(void)put_letter(w, l, "waits");
	l.created_s = 600; /* tried in vain */
	l.result = "450 later";
	(void)put_letter(w, l, "tried");
	l.created_s = l.next_try_s = 700; /* due, and nobody took it */
	l.result = "";
	(void)put_letter(w, l, "due");
	l.state = LETTER_SENT;
	(void)put_letter(w, l, "gone");
	ok(w, store_commit(w->s, &w->err));
	ok(w, store_letters_stuck(w->s, 600, &n, &oldest_s, &w->err));
	assert_int_equal(n, 0);
	assert_int_equal(oldest_s, 0);
	ok(w, store_letters_stuck(w->s, 701, &n, &oldest_s, &w->err));
	assert_int_equal(n, 2);
	assert_int_equal(oldest_s, 600);
}

static void
unreadable_messages_are_counted_from_a_time_on(void **state)
{
	struct world *w = *state;
	struct message_record r = sample_message("q", 1);
	int64_t id, n;

	r.kind = "quarantine";
	ok(w, store_begin(w->s, &w->err));
	ok(w, store_message_add(w->s, &r, "q", 1, &id, &w->err));
	ok(w, store_commit(w->s, &w->err));
	ok(w, store_unreadable_since(w->s, r.received_s, &n, &w->err));
	assert_int_equal(n, 1);
	ok(w, store_unreadable_since(w->s, r.received_s + 1, &n, &w->err));
	assert_int_equal(n, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(a_sound_store_has_no_finding,
		world_setup, world_teardown),
	    cmocka_unit_test(each_damage_is_found),
	    cmocka_unit_test_setup_teardown(
		stuck_letters_are_those_that_should_have_gone, world_setup,
		world_teardown),
	    cmocka_unit_test_setup_teardown(
		unreadable_messages_are_counted_from_a_time_on, world_setup,
		world_teardown),
	};

	return cmocka_run_group_tests_name("store_health", tests, NULL, NULL);
}
