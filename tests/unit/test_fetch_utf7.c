/* SPDX-License-Identifier: ISC */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/buf.h"
#include "fetch/utf7.h"

/* Names as servers spell them: 163.com's folders, and the examples of RFC 3501
 * section 5.1.3. */
static void
test_names(void **state)
{
	static const struct { const char *name, *coded; } cases[] = {
	    {"INBOX", "INBOX"},
	    {"垃圾邮件", "&V4NXPpCuTvY-"},
	    {"已发送", "&XfJT0ZAB-"},
	    {"草稿箱", "&g0l6P3ux-"},
	    {"病毒文件夹", "&dcVr0mWHTvZZOQ-"},
	    {"订单/A&B", "&i6JTVQ-/A&-B"},
	    {"&", "&-"},
	    {"&&", "&-&-"},
	    {"~peter/mail/台北/日本語", "~peter/mail/&U,BTFw-/&ZeVnLIqe-"},
	    {"a\tb", "a&AAk-b"},
	    {"\x7f", "&AH8-"},
	    {"é", "&AOk-"},
	    {"台", "&U,A-"},
	    {"台北", "&U,BTFw-"},
	    {"台北市", "&U,BTF14C-"},
	    {"😀", "&2D3eAA-"},
	    {"a😀b", "a&2D3eAA-b"},
	    {"", ""},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		BUF_AUTO struct buf out = BUF_INIT;

		assert_int_equal(utf7_put(&out, cases[i].name), 0);
		assert_string_equal(buf_str(&out), cases[i].coded);
	}
}

static void
test_bad_utf8(void **state)
{
	static const char *const bad[] = {"\xb5\xc7", "a\xe5\x8f", "\xc0\x80"};

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		BUF_AUTO struct buf out = BUF_INIT;

		assert_int_equal(utf7_put(&out, bad[i]), -1);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_names),
	    cmocka_unit_test(test_bad_utf8),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
