/* SPDX-License-Identifier: ISC */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/buf.h"
#include "fetch/uids.h"

static void
test_sort_and_find(void **state)
{
	UIDS_AUTO struct uids u = UIDS_INIT;
	static const uint32_t in[] = {7, 3, 4294967295U, 3, 1, 7, 7};
	static const uint32_t out[] = {1, 3, 7, 4294967295U};

	(void)state;
	uids_sort(&u);
	assert_int_equal(u.n, 0);
	assert_false(uids_has(u.v, u.n, 1));
	for (size_t i = 0; i < 7; i++)
		uids_add(&u, in[i]);
	uids_sort(&u);
	assert_int_equal(u.n, 4);
	assert_memory_equal(u.v, out, sizeof(out));
	for (size_t i = 0; i < 4; i++)
		assert_true(uids_has(u.v, u.n, out[i]));
	assert_false(uids_has(u.v, u.n, 2));
	assert_false(uids_has(u.v, u.n, 4294967294U));
	uids_clear(&u);
	assert_int_equal(u.n, 0);
}

static void
test_many(void **state)
{
	UIDS_AUTO struct uids u = UIDS_INIT;

	(void)state;
	for (uint32_t i = 0; i < 100000; i++)
		uids_add(&u, 100000 - i);
	uids_sort(&u);
	assert_int_equal(u.n, 100000);
	assert_int_equal(u.v[0], 1);
	assert_int_equal(u.v[99999], 100000);
	assert_false(u.bad);
}

static void
test_sets(void **state)
{
	/* j: nothing can be between it and the one before. */
	static const struct {
		const char *set;
		struct { uint32_t uid; bool j; } in[6];
	} cases[] = {
	    {"5", {{5, false}}},
	    {"5:6", {{5, false}, {6, false}}},
	    {"5,7", {{5, false}, {7, false}}},
	    {"5:7", {{5, false}, {7, true}}},
	    {"5", {{5, true}}},
	    {"1:3,7,9:4294967295", {{1, false}, {2, false}, {3, false},
		{7, false}, {9, false}, {4294967295U, true}}},
	    {"", {{0, false}}},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		BUF_AUTO struct buf out = BUF_INIT;
		struct uid_set s = {&out, 0, 0};

		for (size_t k = 0; k < 6 && cases[i].in[k].uid != 0; k++)
			uid_set_add(
			    &s, cases[i].in[k].uid, cases[i].in[k].j);
		uid_set_end(&s);
		assert_string_equal(buf_str(&out), cases[i].set);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_sort_and_find),
	    cmocka_unit_test(test_many),
	    cmocka_unit_test(test_sets),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
