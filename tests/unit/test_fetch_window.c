/* SPDX-License-Identifier: ISC */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/err.h"
#include "fetch/uids.h"
#include "fetch/window.h"
#include "fetch/wire.h"

static void
put(struct window *w, uint32_t folder, uint32_t validity, uint32_t uid,
    uint64_t bytes, bool mark)
{
	struct window_entry e = {folder, validity, uid, bytes, mark};

	window_send(w, &e);
}

static void
test_room(void **state)
{
	struct window w = {.n_sent = 0};

	(void)state;
	assert_int_equal(window_room(&w), MAX_WINDOW_MESSAGES);
	for (size_t i = 0; i < MAX_WINDOW_MESSAGES; i++) {
		assert_true(window_fits(&w, 1));
		window_ask(&w, 1);
	}
	assert_int_equal(window_room(&w), 0);
	assert_false(window_fits(&w, 0));
	window_unask(&w, 1);
	put(&w, 0, 1, 1, 1, false);
	assert_int_equal(window_room(&w), 0);
	window_unask_all(&w);
	assert_int_equal(window_room(&w), MAX_WINDOW_MESSAGES - 1);
}

static void
test_bytes(void **state)
{
	struct window w = {.n_sent = 0};

	(void)state;
	/* One message alone may be larger than the window. */
	assert_true(window_fits(&w, 2 * MAX_WINDOW_BYTES));
	window_ask(&w, 2 * MAX_WINDOW_BYTES);
	assert_false(window_fits(&w, 0));
	assert_false(window_fits(&w, 1));
	window_unask(&w, 2 * MAX_WINDOW_BYTES);
	window_ask(&w, MAX_WINDOW_BYTES - 1);
	assert_true(window_fits(&w, 1));
	assert_false(window_fits(&w, 2));
}

static void
test_acknowledging(void **state)
{
	static const uint32_t uids[] = {1, 2, 3};
	static const uint32_t other[] = {9};
	UIDS_AUTO struct uids to_mark = UIDS_INIT;
	struct window w = {.n_sent = 0};
	struct fetch_ack ack = {1, 7, uids, 3};
	struct err err;

	(void)state;
	put(&w, 1, 7, 3, 10, true);
	put(&w, 1, 7, 1, 20, true);
	put(&w, 1, 7, 2, 30, false);
	put(&w, 0, 7, 1, 40, true);
	put(&w, 1, 8, 1, 50, true);
	assert_int_equal(window_ack(&w, &ack, &to_mark, &err), 0);
	uids_sort(&to_mark);
	assert_int_equal(to_mark.n, 2);
	assert_int_equal(to_mark.v[0], 1);
	assert_int_equal(to_mark.v[1], 3);
	assert_int_equal(w.n_sent, 2);
	assert_int_equal(w.sent_bytes, 90);

	/* Twice, or never sent: the core is wrong. */
	assert_int_equal(window_ack(&w, &ack, &to_mark, &err), -1);
	assert_int_equal(err.kind, ERR_BUG);
	ack = (struct fetch_ack){0, 7, other, 1};
	assert_int_equal(window_ack(&w, &ack, &to_mark, &err), -1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_room),
	    cmocka_unit_test(test_bytes),
	    cmocka_unit_test(test_acknowledging),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
