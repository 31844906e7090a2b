/* SPDX-License-Identifier: ISC */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "follow/clue.h"

static void
test_names(void **state)
{
	static const char *const names[CLUE_STATE_COUNT] = {
	    "new", "assigned", "accepted", "verifying", "transferred",
	    "substantiated", "unsubstantiated", "not-applicable", "duplicate",
	    "returned", "suspended", "reopened"};
	static const char *const titles[CLUE_STATE_COUNT] = {
	    "待分派", "已交办", "已签收", "核查中", "已移送", "查实办结",
	    "查否办结", "不属于涉黑涉恶", "重复", "退回", "挂账", "重新办理"};

	(void)state;
	for (int i = 0; i < CLUE_STATE_COUNT; i++) {
		assert_string_equal(clue_state_name((enum clue_state)i),
		    names[i]);
		assert_string_equal(clue_state_title((enum clue_state)i),
		    titles[i]);
		assert_int_equal(clue_state_by_name(names[i]), i);
		assert_int_equal(clue_state_is_final((enum clue_state)i),
		    i >= CLUE_TRANSFERRED && i <= CLUE_DUPLICATE);
	}
	assert_int_equal(clue_state_by_name(""), -1);
	assert_int_equal(clue_state_by_name("Assigned"), -1);
	assert_string_equal(clue_state_name(CLUE_STATE_COUNT), "unknown");
	for (int i = 0; i < ACT_COUNT; i++) {
		enum clue_action a = (enum clue_action)i;

		assert_int_equal(clue_action_by_name(clue_action_name(a)), i);
		assert_true(strlen(clue_action_title(a)) >= 6);
	}
	assert_int_equal(clue_action_by_name("help"), -1);
	assert_string_equal(clue_action_name(ACT_COUNT), "unknown");
}

/* The whole table, one row a state, in the order of enum clue_action:
 * assign accept feedback return reassign extend suspend transfer
 * substantiated unsubstantiated not-applicable duplicate reopen recuse. */
#define NO (-1)
#define ENDS CLUE_TRANSFERRED, CLUE_SUBSTANTIATED, CLUE_UNSUBSTANTIATED, \
	CLUE_NOT_APPLICABLE, CLUE_DUPLICATE
#define DONE NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, \
	CLUE_REOPENED, NO
static const int table[CLUE_STATE_COUNT][ACT_COUNT] = {
    [CLUE_NEW] = {CLUE_ASSIGNED, NO, NO, NO, NO, NO, NO, CLUE_TRANSFERRED,
        NO, NO, CLUE_NOT_APPLICABLE, CLUE_DUPLICATE, NO, NO},
    [CLUE_ASSIGNED] = {NO, CLUE_ACCEPTED, CLUE_VERIFYING, CLUE_RETURNED,
        CLUE_ASSIGNED, CLUE_ASSIGNED, CLUE_SUSPENDED, ENDS, NO,
        CLUE_RETURNED},
    [CLUE_ACCEPTED] = {NO, NO, CLUE_VERIFYING, CLUE_RETURNED, CLUE_ASSIGNED,
        CLUE_ACCEPTED, CLUE_SUSPENDED, ENDS, NO, CLUE_RETURNED},
    [CLUE_VERIFYING] = {NO, NO, CLUE_VERIFYING, CLUE_RETURNED, CLUE_ASSIGNED,
        CLUE_VERIFYING, CLUE_SUSPENDED, ENDS, NO, CLUE_RETURNED},
    [CLUE_TRANSFERRED] = {DONE},
    [CLUE_SUBSTANTIATED] = {DONE},
    [CLUE_UNSUBSTANTIATED] = {DONE},
    [CLUE_NOT_APPLICABLE] = {DONE},
    [CLUE_DUPLICATE] = {DONE},
    [CLUE_RETURNED] = {CLUE_ASSIGNED, NO, NO, NO, NO, NO, NO,
        CLUE_TRANSFERRED, NO, NO, CLUE_NOT_APPLICABLE, CLUE_DUPLICATE, NO,
        NO},
    [CLUE_SUSPENDED] = {NO, NO, CLUE_SUSPENDED, NO, NO, NO, NO, ENDS,
        CLUE_REOPENED, CLUE_RETURNED},
    [CLUE_REOPENED] = {CLUE_ASSIGNED, CLUE_ACCEPTED, CLUE_VERIFYING,
        CLUE_RETURNED, CLUE_ASSIGNED, CLUE_REOPENED, CLUE_SUSPENDED, ENDS,
        NO, CLUE_RETURNED},
};

static void
test_transitions(void **state)
{
	(void)state;
	for (int s = 0; s < CLUE_STATE_COUNT; s++)
		for (int a = 0; a < ACT_COUNT; a++)
			assert_int_equal(clue_next((enum clue_state)s,
			    (enum clue_action)a), table[s][a]);
	assert_int_equal(clue_next(CLUE_STATE_COUNT, ACT_ASSIGN), -1);
	assert_int_equal(clue_next(CLUE_NEW, ACT_COUNT), -1);
}

/* Every clue can reach an outcome, and from every outcome work again. */
static void
test_no_dead_end(void **state)
{
	(void)state;
	for (int s = 0; s < CLUE_STATE_COUNT; s++) {
		int ways = 0;

		for (int a = 0; a < ACT_COUNT; a++)
			ways += clue_next((enum clue_state)s,
			    (enum clue_action)a) >= 0;
		assert_true(ways > 0);
		if (clue_state_is_final((enum clue_state)s))
			assert_int_equal(ways, 1);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_names),
	    cmocka_unit_test(test_transitions),
	    cmocka_unit_test(test_no_dead_end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
