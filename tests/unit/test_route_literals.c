/* SPDX-License-Identifier: ISC */
#include "route/literals.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include "base/buf.h"

static struct literals_branch branches[MAX_BRANCHES];

/* The first or second literals, blank-separated, the branches by a stroke; "" =
 * none. */
static void
expect_of(const char *pattern, bool second, const char *wanted)
{
	BUF_AUTO struct buf b = BUF_INIT;
	size_t n = literals_of(pattern, branches);

	for (size_t k = 0; k < n; k++) {
		const struct literals *l =
		    second ? &branches[k].second : &branches[k].first;

		buf_adds(&b, k > 0 ? "|" : "");
		for (size_t i = 0; i < l->n; i++)
			buf_addf(&b, "%s%s", i > 0 ? " " : "", l->list[i]);
	}
	assert_string_equal(buf_str(&b), wanted);
}

static void
expect(const char *pattern, const char *wanted)
{
	expect_of(pattern, false, wanted);
}

static void
expect_second(const char *pattern, const char *wanted)
{
	expect_of(pattern, true, wanted);
}

static void
what_announces_each_alternative(void **state)
{
	(void)state;
	expect("渣土|垃圾车", "渣土|垃圾车");
	expect("渣土.车|垃圾.(场|站)|c", "渣土|垃圾|c");
	expect_second("渣土.车|垃圾.(场|站)|c", "车|场 站|");
	/* Those without a branch of their own share the last one. */
	expect("渣|土|车|a.bc|ef.g", "渣|土|车|bc ef");
	expect_second("渣.土|土|车|a.bc|ef.g", "土|||");
	expect("渣|土|车|a|", "");
	expect("渣||土", "");
	expect("(渣|土)", "渣 土");
	expect("渣土|(垃", "");
}

static void
what_announces_it_too(void **state)
{
	(void)state;
	expect_second("渣土.*强揽工程", "渣土");
	expect_second("(打|踢|砸)(城管|执法队员)", "打 踢 砸");
	expect_second("(城管|执法队员)(打|踢|砸)", "打 踢 砸");
	expect_second("(留|扔)(下|了)?(1|满)地", "留 扔");
	expect_second("渣土", "");
	expect_second("渣土(车)?", "");
	expect_second("(渣.土)", "");
	expect_second("渣土(?!局)", "");
	expect_second("渣土.*(?i)车", "");
}

static void
what_announces_a_pattern(void **state)
{
	(void)state;
	expect("渣土车", "渣土车");
	expect("渣土.*强揽工程", "强揽工程");
	expect("(打|踢|砸)(城管|执法队员)", "城管 执法队员");
	expect("(?:城管|执法)[^\n]{0,6}打", "城管 执法");
	expect("渣土?车", "渣");
	expect("(渣土)?车", "车");
	expect("(渣土)+", "渣土");
	expect("渣{2}土", "渣");
	expect("渣{0,2}土", "土");
	expect("(?!不是)渣土", "渣土");
	expect("(?<=旧)车", "车");
	expect("渣土(?!局)", "渣土");
	expect("VIP卡", "vip卡");
	expect("a\\.b", "a.b");
	expect("渣|[土车]", "");
	expect("[渣土]+", "");
	expect(".*", "");
	expect("", "");
	expect("(渣土|)", "");
	expect("(?i)渣土", "");
	expect("(渣)\\1", "");
	expect("\\x{6e23}土", "");
	expect("渣\\d+土车", "土车");
	expect("[]渣]土", "土");
	expect("[^]渣]土", "土");
	expect("Überfall", "berfall");
}

static uint32_t
next_random(uint32_t *seed)
{
	*seed = *seed * 1664525u + 1013904223u;
	return *seed >> 8;
}

static void
add_piece(struct buf *b, uint32_t *seed, int depth)
{
	static const char *const atoms[] = {"渣", "土", "车", "a", "[渣土]",
	    ".", "b", "\\d"};
	static const char *const after[] = {"", "", "", "?", "*", "+", "{2}",
	    "{0,1}"};
	static const char *const before[] = {"(?<!渣)", "(?!土)", "(?<=a)",
	    "\\b", "^"};
	uint32_t n = 1 + next_random(seed) % 3;

	for (uint32_t i = 0; i < n; i++) {
		if (next_random(seed) % 12 == 0)
			buf_adds(b, before[next_random(seed) % 5]);
		if (depth < 3 && next_random(seed) % 3 == 0) {
			buf_adds(b, next_random(seed) % 2 ? "(" : "(?:");
			add_piece(b, seed, depth + 1);
			if (next_random(seed) % 2) {
				buf_addc(b, '|');
				add_piece(b, seed, depth + 1);
			}
			buf_addc(b, ')');
		} else {
			buf_adds(b, atoms[next_random(seed) % 8]);
		}
		buf_adds(b, after[next_random(seed) % 8]);
	}
}

static bool
has_one(const struct literals *lit, const char *text)
{
	for (size_t i = 0; i < lit->n; i++)
		if (strstr(text, lit->list[i]) != NULL)
			return true;
	return lit->n == 0;
}

static bool
announced(size_t n, const char *text)
{
	for (size_t i = 0; i < n; i++)
		if (has_one(&branches[i].first, text) &&
		    has_one(&branches[i].second, text))
			return true;
	return n == 0;
}

static bool
has_lf(const char *text, const PCRE2_SIZE *place)
{
	return memchr(text + place[0], '\n', place[1] - place[0]) != NULL;
}

/* The first place that is not empty, line by line. */
static bool
find_in_lines(const pcre2_code *code, pcre2_match_data *data, const char *text,
    size_t len)
{
	size_t from = 0, to;

	for (; from <= len; from = to + 1) {
		to = from + strcspn(text + from, "\n");
		if (pcre2_match(code, (PCRE2_SPTR)text, to, from,
			PCRE2_NOTEMPTY, data, NULL) >= 0)
			return true;
	}
	return false;
}

/* What stays in its line is found there, wherever the text goes on. */
static void
check_lines(const pcre2_code *code, pcre2_match_data *data, const char *text,
    size_t len)
{
	bool found = pcre2_match(code, (PCRE2_SPTR)text, len, 0, PCRE2_NOTEMPTY,
			 data, NULL) >= 0;
	const PCRE2_SIZE *place = pcre2_get_ovector_pointer(data);
	PCRE2_SIZE at[2] = {place[0], place[1]};

	assert_int_equal(find_in_lines(code, data, text, len), found);
	if (found)
		assert_memory_equal(place, at, sizeof(at));
}

static void
what_sees_the_end(void **state)
{
	static const char *const yes[] = {"渣$", "渣(土|$)", "渣\\z", "渣\\Z"};
	static const char *const no[] = {"渣土", "渣\\b", "^渣.*"};

	(void)state;
	for (size_t i = 0; i < sizeof(yes) / sizeof(*yes); i++)
		assert_true(literals_see_end(yes[i]));
	for (size_t i = 0; i < sizeof(no) / sizeof(*no); i++)
		assert_false(literals_see_end(no[i]));
}

static void
what_stays_in_a_line(void **state)
{
	static const char *const yes[] = {"渣土", "渣.{0,3}土", "渣[^\\n]*土",
	    "渣[^,\\n]土$", "^渣[土车]", "渣\\d+", "渣[\\d\\]]土",
	    "(?<!我)渣", "渣\\[土", "渣[]x]土", "渣[^]\\n]土"};
	static const char *const no[] = {"渣[^,]土", "渣\\s土", "渣\\W土",
	    "渣\\D土", "渣\n土", "渣[\\s,]土", "渣[\\n]土", "渣\\R土", "渣\\n",
	    "渣[土", "渣\\", "渣[^\\", "渣[\n]", "渣\\x0a", "渣[^]]土",
	    "渣\\V土"};

	(void)state;
	for (size_t i = 0; i < sizeof(yes) / sizeof(*yes); i++)
		if (!literals_in_line(yes[i]))
			fail_msg("it does: %s", yes[i]);
	for (size_t i = 0; i < sizeof(no) / sizeof(*no); i++)
		if (literals_in_line(no[i]))
			fail_msg("it does not: %s", no[i]);
}

/* Random patterns over random texts: no match goes unannounced. */
static void
no_match_is_missed(void **state)
{
	static const char *const chars[] = {
	    "渣", "土", "车", "a", "b", "7", "\n"};
	uint32_t seed = 20261123;
	size_t matched = 0, announcing = 0, twice = 0, in_line = 0, n;

	(void)state;
	for (int round = 0; round < 8000; round++) {
		BUF_AUTO struct buf p = BUF_INIT;
		pcre2_match_data *data;
		pcre2_code *code;
		PCRE2_SIZE at;
		int rc;

		add_piece(&p, &seed, 0);
		for (uint32_t k = next_random(&seed) % 5; k > 0; k /= 2) {
			buf_addc(&p, '|');
			add_piece(&p, &seed, 0);
		}
		code = pcre2_compile((PCRE2_SPTR)buf_str(&p), p.len,
		    PCRE2_UTF | PCRE2_CASELESS, &rc, &at, NULL);
		assert_non_null(code);
		data = pcre2_match_data_create(1, NULL);
		n = literals_of(buf_str(&p), branches);
		announcing += n > 0;
		for (size_t i = 0; i < n; i++)
			twice += branches[i].second.n > 0;
		for (int i = 0; i < 12; i++) {
			BUF_AUTO struct buf t = BUF_INIT;

			for (uint32_t k = next_random(&seed) % 7; k > 0; k--)
				buf_adds(&t, chars[next_random(&seed) % 7]);
			if (literals_in_line(buf_str(&p)))
				check_lines(code, data, buf_str(&t), t.len);
			if (pcre2_match(code, (PCRE2_SPTR)buf_str(&t), t.len,
				0, 0, data, NULL) < 0)
				continue;
			matched++;
			assert_true(announced(n, buf_str(&t)));
			if (!literals_in_line(buf_str(&p)))
				continue;
			in_line++;
			assert_false(has_lf(buf_str(&t),
			    pcre2_get_ovector_pointer(data)));
		}
		pcre2_match_data_free(data);
		pcre2_code_free(code);
	}
	/* The test tests something. */
	assert_true(matched > 10000 && announcing > 1000 && twice > 500);
	assert_true(in_line > 1000);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(what_announces_a_pattern),
	    cmocka_unit_test(what_announces_it_too),
	    cmocka_unit_test(what_announces_each_alternative),
	    cmocka_unit_test(what_stays_in_a_line),
	    cmocka_unit_test(what_sees_the_end),
	    cmocka_unit_test(no_match_is_missed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
