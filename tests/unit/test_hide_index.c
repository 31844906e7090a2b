/* SPDX-License-Identifier: ISC */
/* The short cut to the word lists never leaves a word out. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "hide/index.h"
#include "hide/text.h"
#include "hide/words.h"

static const char *const mixed[] = {
    "a", "qq", "é号", "😀了", "〇", "第一", "中", NULL};
static const char *const *const lists[] = {hide_selves, hide_families,
    hide_roles, hide_reporters, hide_accused, hide_others, hide_generic,
    mixed};

static size_t
longest(const char *const *list, const char *text, size_t at, bool end)
{
	size_t most = 0;

	for (; *list != NULL; list++) {
		size_t n = strlen(*list);

		if (n > most &&
		    (end ? at >= n && memcmp(text + at - n, *list, n) == 0
			 : strncmp(text + at, *list, n) == 0))
			most = n;
	}
	return most;
}

static void
compare(const char *const *list, const char *text)
{
	struct hide_text t;
	size_t at = 0, before;

	assert_int_equal(hide_text_init(&t, text), 0);
	do {
		before = at;
		assert_int_equal(hide_match(&t, at, list),
		    longest(list, t.s, at, false));
		assert_int_equal(hide_match_before(&t, at, list),
		    longest(list, t.s, at, true));
		at = hide_next(&t, at);
	} while (at > before);
	hide_text_done(&t);
}

/* Every word, alone and between others, at every place. */
static void
test_words(void **state)
{
	static const char *const around[][2] = {
	    {"", ""}, {"x", ""}, {"", "x"}, {"中", "文"}, {"é", "é"}};
	char text[400];

	(void)state;
	for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++)
		for (const char *const *word = lists[i]; *word != NULL; word++)
			for (size_t k = 0; k < 5; k++) {
				(void)snprintf(text, sizeof(text), "%s%s%s",
				    around[k][0], *word, around[k][1]);
				compare(lists[i], text);
			}
}

/* Lists that stand at one place of the stack one after the other. */
static size_t
match_one(const char *word, const char *text)
{
	const char *const list[] = {word, NULL};
	struct hide_text t;
	size_t n;

	assert_int_equal(hide_text_init(&t, text), 0);
	n = hide_match(&t, 0, list);
	hide_text_done(&t);
	return n;
}

static void
test_short_lived(void **state)
{
	(void)state;
	assert_int_equal(match_one("买", "买了"), 3);
	assert_int_equal(match_one("卖", "卖了"), 3);
}

static void
test_set(void **state)
{
	static const char set[] = "王李张";

	(void)state;
	assert_true(hide_in_set(set, "王小红"));
	assert_true(hide_in_set(set, "张"));
	assert_false(hide_in_set(set, "小王"));
	assert_false(hide_in_set(set, ""));
	assert_false(hide_in_set(set, "w"));
	assert_false(hide_in_set(set, "é"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_words),
	    cmocka_unit_test(test_short_lived),
	    cmocka_unit_test(test_set),
	};

	return cmocka_run_group_tests_name(
	    "intake hide index", tests, NULL, NULL);
}
