/* SPDX-License-Identifier: ISC */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/limits.h"
#include "base/str.h"
#include "route/match.h"

#define TEXT_CHARS 400
#define WORDS 60

/* An alphabet so small that words overlap, nest and repeat. */
static const char *const alphabet[] = {
    "渣", "土", "车", "占", "道", "a", "b", "é", "𠮷"};

static size_t
add_random(char *out, size_t chars)
{
	size_t len = 0;

	for (size_t i = 0; i < chars; i++) {
		const char *c = alphabet[(size_t)random() % 9];

		memcpy(out + len, c, strlen(c));
		len += strlen(c);
	}
	out[len] = '\0';
	return len;
}

static bool
known(char list[][32], size_t n, const char *s)
{
	for (size_t i = 0; i < n; i++)
		if (strcmp(list[i], s) == 0)
			return true;
	return false;
}

/* Every place of every word by plain comparison. */
static size_t
count_naive(const char *text, char list[][32], size_t n, const struct match *m,
    size_t n_m)
{
	size_t count = 0, nth = 0;

	for (size_t at = 0; text[at] != '\0'; at++) {
		if (((unsigned char)text[at] & 0xc0) == 0x80)
			continue;
		for (size_t w = 0; w < n; w++) {
			bool found = false;

			if (!str_starts(text + at, list[w]))
				continue;
			count++;
			for (size_t i = 0; i < n_m; i++)
				found |= m[i].word == w && m[i].at == at &&
					 m[i].nth == nth;
			assert_true(found);
		}
		nth++;
	}
	return count;
}

static void
test_differential(void **state)
{
	(void)state;
	srandom(11);
	for (size_t round = 0; round < 120; round++) {
		char text[TEXT_CHARS * 4 + 16] = {0}, list[WORDS][32];
		struct match_word words[WORDS];
		struct matches found = {NULL, 0, 0};
		struct matcher *m;
		struct err err;
		size_t n = 0, len;

		while (n < WORDS) {
			add_random(list[n], 1 + (size_t)random() % 5);
			if (!known(list, n, list[n]))
				n++;
			else if (random() % 50 == 0)
				break;
		}
		for (size_t i = 0; i < n; i++)
			words[i] = (struct match_word){
			    list[i], (uint32_t)strlen(list[i])};
		len = add_random(text, (size_t)random() % TEXT_CHARS);
		memset(text + len, 0, 8);
		assert_int_equal(matcher_new(words, n, &m, &err), 0);
		assert_int_equal(matcher_scan(m, text, len, &found, &err), 0);
		assert_int_equal(
		    count_naive(text, list, n, found.list, found.n), found.n);
		for (size_t i = 1; i < found.n; i++)
			assert_true(found.list[i - 1].at <= found.list[i].at);
		matches_done(&found);
		matcher_free(&m);
	}
}

static void
test_empty(void **state)
{
	struct matches found = {NULL, 0, 0};
	struct match_word none = {"", 0};
	struct matcher *m = NULL;
	struct err err;
	char text[16] = "abc";

	(void)state;
	assert_int_equal(matcher_new(NULL, 0, &m, &err), 0);
	assert_int_equal(matcher_scan(m, text, 3, &found, &err), 0);
	assert_int_equal(found.n, 0);
	matcher_free(&m);
	assert_int_equal(matcher_new(&none, 1, &m, &err), -1);
	assert_int_equal(err.kind, ERR_CONF);
	matches_done(&found);
}

/* A hostile text has no more matches than the limit. */
static void
test_limit(void **state)
{
	struct match_word word = {"土", 3};
	struct matches found = {NULL, 0, 0};
	size_t n = MAX_MATCHES + 1000;
	char *text = calloc(n * 3 + 8, 1);
	struct matcher *m;
	struct err err;

	(void)state;
	for (size_t i = 0; i < n; i++)
		memcpy(text + 3 * i, "土", 3);
	assert_int_equal(matcher_new(&word, 1, &m, &err), 0);
	assert_int_equal(matcher_scan(m, text, n * 3, &found, &err), 0);
	assert_int_equal(found.n, MAX_MATCHES);
	matches_done(&found);
	matcher_free(&m);
	free(text);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_differential),
	    cmocka_unit_test(test_empty),
	    cmocka_unit_test(test_limit),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
