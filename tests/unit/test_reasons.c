/* SPDX-License-Identifier: ISC */
/* What a clerk reads of why a tip went where it went. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/arena.h"
#include "core/reasons.h"
#include "hide/hide.h"
#include "route/route.h"

#define SUBJECT "渣土车强揽"
#define TEXT "他们强揽渣土外运，司机老刘被围殴住院，夜里车队在城东大道上乱倒渣土，无人敢管。"

static struct route_hit
hit(int domain, enum route_field field, const char *found, int32_t weight)
{
	const char *in = field == FIELD_SUBJECT ? SUBJECT : TEXT;
	const char *at = strstr(in, found);

	assert_non_null(at);
	return (struct route_hit){.domain = domain,
	    .term = "t",
	    .found = found,
	    .field = field,
	    .at = (size_t)(at - in),
	    .len = strlen(found),
	    .weight = weight};
}

static void
reads(const struct route_hit *hits, size_t n, const char *text, bool major,
    const char *wanted)
{
	const struct route_decision r = {
	    .domain = 0, .major = major, .hits = hits, .n_hits = n};
	const struct reasons_shown shown = {SUBJECT, text};
	struct arena *a = arena_new();
	const char *got;

	assert_non_null(a);
	got = major ? reasons_major(&r, &shown, a)
		    : reasons_words(&r, &shown, a);
	assert_non_null(got);
	assert_string_equal(got, wanted);
	arena_free(&a);
}

static void
strongest_first_and_once(void **state)
{
	const struct route_hit hits[] = {
	    hit(0, FIELD_TEXT, "乱倒渣土", 1500),
	    hit(0, FIELD_SUBJECT, "渣土车", 3000),
	    hit(0, FIELD_TEXT, "强揽渣土", 2000),
	    hit(0, FIELD_TEXT, "渣土外运", 2000), /* over the one before */
	    hit(0, FIELD_TEXT, "强揽", 1000),     /* inside it */
	    hit(1, FIELD_TEXT, "城东大道", 9000), /* another domain's */
	    hit(HIT_PRIORITY, FIELD_TEXT, "围殴", 500),
	    hit(0, FIELD_TEXT, "无人敢管", -700),
	};

	(void)state;
	reads(hits, 8, TEXT, false,
	    "强揽渣土（+5.0）、渣土车（+3.0）、乱倒渣土（+1.5）、"
	    "围殴（+0.5）、无人敢管（-0.7）");
	reads(hits, 0, TEXT, false, "");
}

static void
a_word_in_subject_and_text_is_one_reason(void **state)
{
	const struct route_hit hits[] = {
	    hit(0, FIELD_SUBJECT, "强揽", 1500),
	    hit(0, FIELD_TEXT, "强揽", 1000),
	};

	(void)state;
	reads(hits, 2, TEXT, false, "强揽（+2.5）");
}

static void
long_words_show_their_ends(void **state)
{
	const struct route_hit hits[] = {
	    hit(0, FIELD_TEXT, "夜里车队在城东大道上乱倒渣土，无人敢管", 1000),
	};

	(void)state;
	reads(hits, 1, TEXT, false, "夜里车队在城东…，无人敢管（+1.0）");
}

static void
what_is_hidden_stays_hidden(void **state)
{
	const struct route_hit hits[] = {
	    hit(0, FIELD_TEXT, "司机老刘被围殴", 1000),
	    hit(HIT_MAJOR, FIELD_TEXT, "老刘被围殴", 1),
	    hit(HIT_MAJOR, FIELD_TEXT, "住院", 1),
	};
	static const char shown[] =
	    "他们强揽渣土外运，司机" HIDDEN_MARK "被围殴住院。";

	(void)state;
	reads(hits, 3, shown, false, HIDDEN_MARK "（+1.0）");
	reads(hits, 3, shown, true, HIDDEN_MARK "、住院");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(strongest_first_and_once),
	    cmocka_unit_test(a_word_in_subject_and_text_is_one_reason),
	    cmocka_unit_test(long_words_show_their_ends),
	    cmocka_unit_test(what_is_hidden_stays_hidden),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
