/* SPDX-License-Identifier: ISC */
#include "test_store_help.h"

#include "store/books.h"

static struct form_record
sample_form(const char *period)
{
	return (struct form_record){.kind = "monthly",
	    .period = period,
	    .from_s = 1000,
	    .to_s = 2000,
	    .filed_s = 1900,
	    .last_event = 7,
	    .content = "a\0b",
	    .len = 3};
}

static void
file(struct world *w, struct form_record r)
{
	ok(w, store_begin(w->s, &w->err));
	ok(w, store_form_file(w->s, &r, "unix:li", w->a, &w->err));
	ok(w, store_commit(w->s, &w->err));
}

static void
a_filed_form_stays(void **state)
{
	struct world *w = *state;
	struct form_record r = sample_form("2026-11"), *list;
	struct event_record *e;
	size_t n;

	assert_int_equal(
	    store_form(w->s, "monthly", "2026-11", w->a, &r, &w->err), 0);
	refused(
	    w, ERR_BUG, store_form_file(w->s, &r, "unix:li", w->a, &w->err));
	ok(w, store_begin(w->s, &w->err));
	put_event(w, put_clue(w, sample_clue()), "received", "");
	ok(w, store_commit(w->s, &w->err));
	file(w, r);
	r = sample_form("2026-10");
	r.len = 0;
	file(w, r);
	assert_int_equal(
	    store_form(w->s, "monthly", "2026-11", w->a, &r, &w->err), 1);
	assert_int_equal(r.from_s, 1000);
	assert_int_equal(r.to_s, 2000);
	assert_int_equal(r.filed_s, 1900);
	assert_int_equal(r.last_event, 7);
	assert_int_equal(r.event, 2);
	assert_int_equal(r.len, 3);
	assert_memory_equal(r.content, "a\0b", 3);
	ok(w, store_forms(w->s, "monthly", w->a, &list, &n, &w->err));
	assert_int_equal(n, 2);
	assert_string_equal(list[0].period, "2026-10");
	assert_int_equal(list[0].len, 0);
	ok(w, store_forms(w->s, "yearly", w->a, &list, &n, &w->err));
	assert_int_equal(n, 0);
	ok(w, store_events(w->s, 1, w->a, &e, &n, &w->err));
	assert_int_equal(n, 1);
	/* Once only; the attempt leaves nothing in the ledger. */
	ok(w, store_begin(w->s, &w->err));
	refused(
	    w, ERR_CONF, store_form_file(w->s, &r, "unix:li", w->a, &w->err));
	store_rollback(w->s);
}

static void
a_changed_form_is_noticed(void **state)
{
	static const char *const t[] = {
	    "UPDATE form SET content = x'00'",
	    "UPDATE form SET period = '2026-12'",
	    "UPDATE form SET last_event = 8",
	    "UPDATE form SET event = 1",
	};
	struct world *w = *state;
	struct form_record *list;
	char period[8];
	size_t n;

	ok(w, store_begin(w->s, &w->err));
	put_event(w, 0, "filed", "another form");
	ok(w, store_commit(w->s, &w->err));
	raw_exec(w->s->db, "DROP TRIGGER form_no_update;"
			   " DROP TRIGGER form_no_delete;");
	for (size_t i = 0; i < sizeof(t) / sizeof(t[0]); i++) {
		(void)snprintf(period, sizeof(period), "2026-%02zu", i + 1);
		file(w, sample_form(period));
		ok(w, store_forms(w->s, "monthly", w->a, &list, &n, &w->err));
		raw_exec(w->s->db, t[i]);
		refused(w, ERR_INPUT,
		    store_forms(w->s, "monthly", w->a, &list, &n, &w->err));
		raw_exec(w->s->db, "DELETE FROM form");
	}
}

static void
nobody_changes_a_form(void **state)
{
	struct world *w = *state;

	file(w, sample_form("2026-11"));
	assert_int_not_equal(
	    sqlite3_exec(
		w->s->db, "UPDATE form SET filed_s = 1", NULL, NULL, NULL),
	    SQLITE_OK);
	assert_int_not_equal(
	    sqlite3_exec(w->s->db, "DELETE FROM form", NULL, NULL, NULL),
	    SQLITE_OK);
}

static void
a_head_is_found_again(void **state)
{
	struct world *w = *state;
	char head[CHAIN_HEX], later[CHAIN_HEX], cut[20];
	int64_t last = -1, at_s = 0;

	ok(w, store_chain_head(w->s, &last, head, &w->err));
	assert_int_equal(last, 0);
	assert_string_equal(head, "00000000000000000000000000000000"
				  "00000000000000000000000000000000");
	ok(w, store_begin(w->s, &w->err));
	for (int i = 0; i < 5; i++)
		put_event(w, 0, "k", "");
	ok(w, store_commit(w->s, &w->err));
	ok(w, store_chain_head(w->s, &last, head, &w->err));
	assert_int_equal(last, 5);
	ok(w, store_begin(w->s, &w->err));
	put_event(w, 0, "k", "");
	ok(w, store_commit(w->s, &w->err));
	ok(w, store_chain_check(w->s, &last, later, &w->err));
	assert_string_not_equal(head, later);
	assert_int_equal(
	    store_chain_find(w->s, head, &last, &at_s, &w->err), 1);
	assert_int_equal(last, 5);
	assert_int_equal(at_s, 1000);
	(void)snprintf(cut, sizeof(cut), "%.16s", later);
	assert_int_equal(store_chain_find(w->s, cut, &last, &at_s, &w->err), 1);
	assert_int_equal(last, 6);
	cut[15] = cut[15] == '0' ? '1' : '0';
	assert_int_equal(store_chain_find(w->s, cut, &last, &at_s, &w->err), 0);
}

static void
events_come_with_their_hashes(void **state)
{
	struct world *w = *state;
	struct sealed_event *e;
	struct event_record *of_none;
	char head[CHAIN_HEX];
	int64_t last, clue;
	size_t n;

	ok(w, store_begin(w->s, &w->err));
	clue = put_clue(w, sample_clue());
	put_event(w, clue, "received", "1");
	put_event(w, 0, "other", "2");
	put_event(w, clue, "routed", "3");
	ok(w, store_commit(w->s, &w->err));
	ok(w, store_events_sealed(w->s, clue, w->a, &e, &n, &w->err));
	ok(w, store_chain_head(w->s, &last, head, &w->err));
	assert_int_equal(n, 2);
	ok(w, store_events_of_none(w->s, "other", w->a, &of_none, &n, &w->err));
	assert_int_equal(n, 1);
	assert_int_equal(of_none[0].id, 2);
	ok(w,
	    store_events_of_none(w->s, "routed", w->a, &of_none, &n, &w->err));
	assert_int_equal(n, 0);
	assert_int_equal(e[1].event.id, 3);
	assert_string_equal(e[1].event.detail, "3");
	assert_string_equal(e[1].hash_hex, head);
}

static void
a_brief_knows_the_first_event(void **state)
{
	struct world *w = *state;
	struct clue_brief b;
	int64_t clue;

	ok(w, store_begin(w->s, &w->err));
	clue = put_clue(w, sample_clue());
	assert_int_equal(store_clue_brief(w->s, clue, w->a, &b, &w->err), 1);
	assert_int_equal(b.first_event, 0);
	put_event(w, 0, "other", "");
	put_event(w, clue, "received", "");
	put_event(w, clue, "routed", "");
	ok(w, store_commit(w->s, &w->err));
	assert_int_equal(store_clue_brief(w->s, clue, w->a, &b, &w->err), 1);
	assert_int_equal(b.first_event, 2);
	assert_string_equal(b.number, "LY-2026-000001");
	assert_string_equal(b.domain, "muck-transport");
	assert_string_equal(b.officer, "zhang");
	assert_string_equal(b.state, "assigned");
	assert_int_equal(b.received_s, 1000);
	assert_int_equal(b.dispatched_s, 1001);
	assert_int_equal(
	    store_clue_brief(w->s, clue + 1, w->a, &b, &w->err), 0);
}

int
main(void)
{
#define IN_A_STORE(f) \
	cmocka_unit_test_setup_teardown(f, world_setup, world_teardown)
	const struct CMUnitTest tests[] = {
	    IN_A_STORE(a_filed_form_stays),
	    IN_A_STORE(a_changed_form_is_noticed),
	    IN_A_STORE(nobody_changes_a_form),
	    IN_A_STORE(a_head_is_found_again),
	    IN_A_STORE(events_come_with_their_hashes),
	    IN_A_STORE(a_brief_knows_the_first_event),
	};

	return cmocka_run_group_tests_name("store_books", tests, NULL, NULL);
}
