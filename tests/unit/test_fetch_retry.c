/* SPDX-License-Identifier: ISC */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "fetch/retry.h"

static void
test_growth(void **state)
{
	static const struct {
		enum retry_cause cause;
		unsigned n;
		uint32_t least, most;
	} cases[] = {
	    {RETRY_NETWORK, 1, 10, 12}, {RETRY_NETWORK, 2, 20, 25},
	    {RETRY_NETWORK, 3, 40, 50}, {RETRY_NETWORK, 7, 640, 800},
	    {RETRY_NETWORK, 8, 900, 900}, {RETRY_NETWORK, 4000000000U, 900, 900},
	    {RETRY_REFUSAL, 1, 300, 375}, {RETRY_REFUSAL, 2, 600, 750},
	    {RETRY_REFUSAL, 4, 2400, 3000}, {RETRY_REFUSAL, 5, 3600, 3600},
	    {RETRY_REFUSAL, 1000, 3600, 3600},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		for (uint32_t r = 0; r < 2000; r++) {
			uint32_t s = retry_delay_s(
			    cases[i].cause, cases[i].n, r * 2654435761U);

			assert_in_range(s, cases[i].least, cases[i].most);
		}
	}
}

/* Two mailboxes that failed together do not come back together. */
static void
test_jitter(void **state)
{
	(void)state;
	assert_int_not_equal(retry_delay_s(RETRY_NETWORK, 1, 0),
	    retry_delay_s(RETRY_NETWORK, 1, 1));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_growth),
	    cmocka_unit_test(test_jitter),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
