/* SPDX-License-Identifier: ISC */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/str.h"
#include "send/answer.h"

static void
feed(struct answer *a, const char *lines)
{
	const char *end;

	while (*lines != '\0') {
		end = strchr(lines, '\n');
		end = end != NULL ? end + 1 : lines + strlen(lines);
		(void)answer_add_line(a, lines, (size_t)(end - lines));
		lines = end;
	}
}

static const struct row {
	const char *lines;
	int code;
	const char *hide;
	const char *text;
} rows[] = {
    {"250 2.0.0 OK queued\r\n", 250, "", "2.0.0 OK queued"},
    {"250\r\n", 250, "", ""},
    {"250 \r\n", 250, "", ""},
    /* All lines of one reply, and only of the latest. */
    {"250 first\r\n550-5.1.1 no such\r\n550 user here\r\n", 550, "",
	"5.1.1 no such user here"},
    {"550-cut in the mid", 550, "", "cut in the mid"},
    /* What is no reply line changes nothing. */
    {"450 later\r\nhello\r\n99 x\r\n6 x\r\n", 450, "", "later"},
    {"450 later\r\n999 x\r\n4501 x\r\n", 450, "", "later"},
    {"", 0, "", ""},
    /* QQ's words for a wrong password, in GBK. */
    {"535 Error: \xc7\xeb\xca\xb9\xd3\xc3\xca\xda\xc8\xa8\xc2\xeb\xb5\xc7"
     "\xc2\xbc\r\n",
	535, "", "Error: 请使用授权码登录"},
    {"535 Error: 请使用授权码登录\r\n", 535, "", "Error: 请使用授权码登录"},
    /* Neither UTF-8 nor GBK. */
    {"550 \xff\xfe no\r\n", 550, "", "�� no"},
    {"550 a\033[2Jb\tc\x07\r\n", 550, "", "a�[2Jb c�"},
    /* The recipient is nobody's business, in whatever letter case. */
    {"550 <Li@Example.org>: li@example.org is gone\r\n", 550,
	"li@example.org", "<(recipient)>: (recipient) is gone"},
};

static void
test_rows(void **state)
{
	iconv_t gbk = answer_open_gbk();

	(void)state;
	assert_true(gbk != (iconv_t)-1);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct buf BUF_AUTO out = BUF_INIT;
		struct answer a;

		answer_clear(&a);
		feed(&a, rows[i].lines);
		answer_printable(&a, gbk, rows[i].hide, &out);
		assert_int_equal(a.code, rows[i].code);
		assert_string_equal(buf_str(&out), rows[i].text);
	}
	(void)iconv_close(gbk);
}

static void
test_end_of_reply(void **state)
{
	struct answer a;

	(void)state;
	answer_clear(&a);
	assert_false(answer_add_line(&a, "250-SIZE\r\n", 10));
	assert_true(answer_add_line(&a, "250 HELP\r\n", 10));
	assert_false(answer_add_line(&a, "garbage\r\n", 9));
	assert_true(answer_add_line(&a, "354\r\n", 5));
	assert_int_equal(a.code, 354);
}

/* A reply without end costs no more than its room, whole characters or not. */
static void
test_long_replies(void **state)
{
	static const char *const fills[] = {"x", "\xc7\xeb", "请", "\xff"};
	iconv_t gbk = answer_open_gbk();

	(void)state;
	for (size_t i = 0; i < 4; i++) {
		struct buf BUF_AUTO out = BUF_INIT, line = BUF_INIT;
		struct answer a;

		answer_clear(&a);
		buf_adds(&line, i % 2 == 0 ? "550-" : "550-a");
		for (int n = 0; n < 700; n++)
			buf_adds(&line, fills[i]);
		for (int n = 0; n < 50; n++)
			(void)answer_add_line(&a, line.data, line.len);
		assert_int_equal(a.len, MAX_REPLY_BYTES);
		answer_printable(&a, gbk, "", &out);
		assert_true(utf8_valid(out.data, out.len));
		if (i == 1)
			assert_non_null(strstr(buf_str(&out), "请请请"));
	}
	(void)iconv_close(gbk);
}

static void
test_without_converter(void **state)
{
	struct buf BUF_AUTO out = BUF_INIT;
	struct answer a;

	(void)state;
	answer_clear(&a);
	feed(&a, "535 \xc7\xeb ok\r\n");
	answer_printable(&a, (iconv_t)-1, "", &out);
	assert_string_equal(buf_str(&out), "�� ok");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_rows),
	    cmocka_unit_test(test_end_of_reply),
	    cmocka_unit_test(test_long_replies),
	    cmocka_unit_test(test_without_converter),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
