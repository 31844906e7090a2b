/* SPDX-License-Identifier: ISC */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "parse/date.h"

/* 2024-03-05 02:11:12 UTC */
#define T INT64_C(1709604672)

static void
dates(void **state)
{
	static const struct {
		const char *text;
		int64_t want;
	} cases[] = {
	    {"Tue, 5 Mar 2024 10:11:12 +0800", T},
	    {"Tue, 05 Mar 2024 10:11:12 +0800 (CST)", T},
	    {" 5 Mar 2024 10:11:12 +0800", T},
	    {"Tue,5 Mar 2024 02:11:12 GMT", T},
	    {"Tue, 5 Mar 2024 02:11:12 -0000", T},
	    {"Tue, 5 Mar 2024 02:11:12", T},
	    {"Mon, 4 Mar 2024 21:11:12 EST", T},
	    {"Mon, 4 Mar 2024 18:11:12 PST", T},
	    {"Tue, 5 Mar 2024 10:11:12 CST", T},
	    {"Tue, 5 Mar 2024 10:11:12 GMT+8", T},
	    {"Tue, 5 Mar 2024 10:11:12 GMT+08:00", T},
	    {"Tue, 5 Mar 2024 07:41:12 +0530", T},
	    {"Tue, 5 Mar 24 10:11:12 +0800", T},
	    {"Tue Mar  5 02:11:12 2024", T},
	    {"Tue Mar  5 10:11:12 CST 2024", T},
	    {"5-Mar-2024 10:11:12 +0800", T},
	    {"Tue, (a (nested) comment) 5 Mar 2024 10:11:12 +0800", T},
	    {"2024-03-05 10:11:12 +0800", T},
	    {"2024-03-05T10:11:12+08:00", T},
	    {"2024-03-05T02:11:12.345Z", T},
	    {"2024/3/5 2:11:12", T},
	    {"Tue, 5 March 2024 10:11:12 AM +0800", T},
	    {"Mon, 4 Mar 2024 12:00:00 AM +0000", 1709510400},
	    {"Tue, 5 Mar 2024 10:11 +0800", T - 12},
	    {"Thu, 1 Jan 1970 00:00:01 +0000", 1},
	    {"Thu, 29 Feb 2024 00:00:00 +0000", 1709164800},
	    {"Fri, 31 Dec 1999 23:59:59 +0000", 946684799},
	    {"Fri, 31 Dec 99 23:59:59 +0000", 946684799},
	    /* unreadable, or not in our time */
	    {"", 0},
	    {"yesterday", 0},
	    {"Tue, 5 Mar 2024", 0},
	    {"32 Mar 2024 10:00:00 +0000", 0},
	    {"5 Mar 2024 25:00:00 +0000", 0},
	    {"5 Mar 1969 00:00:00 +0000", 0},
	    {"Thu, 1 Jan 1970 00:00:00 +0100", 0},
	    {"5 Mar 99999999999 10:00:00 +0000", 0},
	    {"10:11:12", 0},
	    {"((((((((", 0},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_int_equal(
		    date_parse(cases[i].text, strlen(cases[i].text)),
		    cases[i].want);
}

static void
cut_at_every_length(void **state)
{
	static const char *const texts[] = {
	    "Tue, 05 Mar 2024 10:11:12.5 +0800 (CST)",
	    "2024-03-05T10:11:12+08:00", "5 Mar 2024 10:11:12 GMT+8"};

	(void)state;
	for (size_t t = 0; t < 3; t++) {
		for (size_t n = 0; n <= strlen(texts[t]); n++) {
			char *copy = malloc(n > 0 ? n : 1);

			memcpy(copy, texts[t], n);
			assert_true(date_parse(copy, n) >= 0);
			free(copy);
		}
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(dates),
	    cmocka_unit_test(cut_at_every_length),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
