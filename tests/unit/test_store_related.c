/* SPDX-License-Identifier: ISC */
#include "test_store_help.h"

#include "store/related.h"

static int64_t
add_clue(struct world *w)
{
	struct clue_record c = {.channel = "mail", .state = "assigned",
	    .domain = "muck-transport", .runner_up = "", .area = "xugou",
	    .class_id = "normal", .officer = "lu-wenbo", .deputy = "",
	    .leader = "", .why = "", .excluded = "lu-wenbo: name",
	    .rules = "", .subject = "s", .text = "t", .received_s = 1000,
	    .discipline = true};

	ok(w, store_clue_add(w->s, &c, "LY", 2026, w->a, &w->err));
	return c.id;
}

static void
a_key_leads_to_its_clues_newest_first(void **state)
{
	struct world *w = *state;
	const int64_t keys[] = {11, 22}, one[] = {22};
	int64_t found[8], a, b;
	char sign[4] = "abc", back[4];
	size_t n;

	ok(w, store_begin(w->s, &w->err));
	a = add_clue(w);
	b = add_clue(w);
	ok(w, store_print_add(w->s, a, keys, 2, sign, 4, &w->err));
	ok(w, store_print_add(w->s, b, one, 1, "", 0, &w->err));
	ok(w, store_commit(w->s, &w->err));
	ok(w, store_print_find(w->s, 22, 8, found, &n, &w->err));
	assert_int_equal(n, 2);
	assert_true(found[0] == b && found[1] == a);
	ok(w, store_print_find(w->s, 22, 1, found, &n, &w->err));
	assert_int_equal(n, 1);
	ok(w, store_print_find(w->s, 33, 8, found, &n, &w->err));
	assert_int_equal(n, 0);
	assert_int_equal(store_print_sign(w->s, a, back, 4, &w->err), 1);
	assert_string_equal(back, "abc");
	/* No signature, or one of another make, is none. */
	assert_int_equal(store_print_sign(w->s, b, back, 4, &w->err), 0);
	assert_int_equal(store_print_has(w->s, b, &w->err), 1);
	assert_int_equal(store_print_has(w->s, b + 1, &w->err), 0);
}

static void
links_are_seen_from_both_ends(void **state)
{
	struct world *w = *state;
	struct related_brief brief;
	struct link_record r = {.weight = 600, .why = "x", .actor = "clued",
	    .at_s = 5}, *links;
	int64_t a, b, c;
	size_t n;

	ok(w, store_begin(w->s, &w->err));
	a = add_clue(w);
	b = add_clue(w);
	c = add_clue(w);
	r.clue = b;
	r.other = a;
	ok(w, store_link_add(w->s, &r, &w->err));
	r.weight = 700; /* the same pair again */
	ok(w, store_link_add(w->s, &r, &w->err));
	r.clue = c;
	r.weight = 900;
	ok(w, store_link_add(w->s, &r, &w->err));
	ok(w, store_commit(w->s, &w->err));
	ok(w, store_links(w->s, a, w->a, &links, &n, &w->err));
	assert_int_equal(n, 2);
	assert_true(links[0].other == c && links[0].weight == 900);
	assert_true(links[1].other == b && links[1].weight == 700);
	ok(w, store_links(w->s, b, w->a, &links, &n, &w->err));
	assert_int_equal(n, 1);
	assert_true(links[0].other == a);
	assert_int_equal(
	    store_related_brief(w->s, b, w->a, &brief, &w->err), 1);
	assert_string_equal(brief.number, "LY-2026-000002");
	assert_string_equal(brief.excluded, "lu-wenbo: name");
	assert_true(brief.discipline && brief.received_s == 1000);
}

static void
a_clue_is_not_linked_to_itself_or_to_none(void **state)
{
	struct world *w = *state;
	struct link_record r = {.why = "", .actor = ""};
	const int64_t key = 1;

	refused(w, ERR_BUG, store_print_add(w->s, 1, &key, 1, "", 0, &w->err));
	refused(w, ERR_BUG, store_link_add(w->s, &r, &w->err));
	ok(w, store_begin(w->s, &w->err));
	r.clue = r.other = add_clue(w);
	assert_int_equal(store_link_add(w->s, &r, &w->err), -1);
	r.other = 77;
	assert_int_equal(store_link_add(w->s, &r, &w->err), -1);
	store_rollback(w->s);
}

#define T(f) cmocka_unit_test_setup_teardown(f, world_setup, world_teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    T(a_key_leads_to_its_clues_newest_first),
	    T(links_are_seen_from_both_ends),
	    T(a_clue_is_not_linked_to_itself_or_to_none),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
