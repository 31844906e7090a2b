/* SPDX-License-Identifier: ISC */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/expiry.h"

static void
lines(void **state)
{
	static const struct {
		const char *line;
		int64_t want;
	} t[] = {
	    {"Expire Date:2026-12-28 14:27:29 GMT", 1798468049},
	    {"Expire date:2026-12-28 14:27:29 GMT", 1798468049},
	    {"Expire Date:1970-01-01 00:00:01 GMT", 1},
	    {"Expire Date:9999-12-31 23:59:59 GMT", 253402300799},
	    {"Start Date:2026-11-28 14:27:29 GMT", 0},
	    {"Expire Date:", 0},
	    {"Expire Date:2026-12-28", 0},
	    {"Expire Date:99999-12-31 23:59:59 GMT", 0},
	    {"Expire Date:1905-12-31 23:59:59 GMT", 0},
	    {"Expire Date:Dec 28 14:27:29 2026 GMT", 0},
	    {"Subject:CN=Expire Date:2026-12-28 14:27:29", 0},
	    {"", 0},
	};
	(void)state;

	for (size_t i = 0; i < sizeof(t) / sizeof(t[0]); i++)
		assert_int_equal(expiry_of_line(t[i].line), t[i].want);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(lines)};

	return cmocka_run_group_tests_name("expiry", tests, NULL, NULL);
}
