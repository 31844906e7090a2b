/* SPDX-License-Identifier: ISC */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "fetch/suspects.h"

static void
test_way_of_a_suspect(void **state)
{
	struct suspects s = {.n = 0};

	(void)state;
	assert_int_equal(suspects_judge(&s, 5), SUSPECT_NO);
	suspects_blame(&s, 5, false);
	assert_int_equal(suspects_judge(&s, 5), SUSPECT_FETCH_ALONE);
	assert_int_equal(suspects_judge(&s, 6), SUSPECT_NO);
	suspects_blame(&s, 5, true);
	assert_int_equal(suspects_judge(&s, 5), SUSPECT_PASS_OVER);
	suspects_passed(&s, 5);
	assert_int_equal(suspects_judge(&s, 5), SUSPECT_FETCH_ALONE);
	suspects_clear(&s, 5);
	assert_int_equal(suspects_judge(&s, 5), SUSPECT_NO);
	suspects_clear(&s, 5);
	suspects_passed(&s, 5);
	assert_int_equal(s.n, 0);
}

/* A list that is full forgets its oldest. */
static void
test_full(void **state)
{
	struct suspects s = {.n = 0};

	(void)state;
	for (uint32_t uid = 1; uid <= MAX_SUSPECTS + 3; uid++)
		suspects_blame(&s, uid, false);
	assert_int_equal(s.n, MAX_SUSPECTS);
	for (uint32_t uid = 1; uid <= 3; uid++)
		assert_int_equal(suspects_judge(&s, uid), SUSPECT_NO);
	for (uint32_t uid = 4; uid <= MAX_SUSPECTS + 3; uid++)
		assert_int_equal(
		    suspects_judge(&s, uid), SUSPECT_FETCH_ALONE);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_way_of_a_suspect),
	    cmocka_unit_test(test_full),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
