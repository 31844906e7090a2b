/* SPDX-License-Identifier: ISC */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "base/fold.h"

static void
test_forms(void **state)
{
	static const struct {
		const char *text, *folded;
	} cases[] = {
	    {"", ""},
	    {"ＡＢｃ１２，：？", "abc12,:?"},
	    {"①⑨⑴❶⓪𝟙𝟘", "1911010"},
	    {"\u3000\u00a0\t", "   "},
	    {"签\u200b收\ufeff", "签收"},
	    {"簽收，轉辦", "签收,转办"},
	    {"我是\xe7\x8e", "我是"},
	    {"a\r\nb", "a\n\nb"},
	    {"。、“”", "。、“”"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct fold f;

		assert_int_equal(fold_init(&f, cases[i].text), 0);
		assert_string_equal(f.s, cases[i].folded);
		assert_int_equal(f.len, strlen(f.s));
		assert_int_equal(f.at[f.len], strlen(cases[i].text));
		fold_done(&f);
	}
}

/* Places lead back to the character that they came from. */
static void
test_places(void **state)
{
	struct fold f;

	(void)state;
	assert_int_equal(fold_init(&f, "Ａ\u200b簽b"), 0);
	assert_string_equal(f.s, "a签b");
	assert_int_equal(f.at[0], 0);
	assert_int_equal(f.at[1], 6);
	assert_int_equal(f.at[3], 6);
	assert_int_equal(f.at[4], 9);
	assert_int_equal(f.at[5], 10);
	fold_done(&f);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_forms),
	    cmocka_unit_test(test_places),
	};

	return cmocka_run_group_tests_name("fold", tests, NULL, NULL);
}
