/* SPDX-License-Identifier: ISC */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/zone.h"
#include "letter/encode.h"
#include "letter/header.h"

static void
test_base64(void **state)
{
	/* RFC 4648 section 10 */
	static const struct { const char *in, *out; } rows[] = {
	    {"", ""}, {"f", "Zg=="}, {"fo", "Zm8="}, {"foo", "Zm9v"},
	    {"foob", "Zm9vYg=="}, {"fooba", "Zm9vYmE="},
	    {"foobar", "Zm9vYmFy"}, {"\xff\xfe\xfd", "//79"},
	};
	char data[200] = {0};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		BUF_AUTO struct buf b = BUF_INIT;

		encode_base64(&b, rows[i].in, strlen(rows[i].in));
		assert_string_equal(buf_str(&b), rows[i].out);
	}
	for (size_t n = 0; n <= sizeof(data); n++) {
		BUF_AUTO struct buf b = BUF_INIT;

		encode_base64_lines(&b, data, n);
		assert_int_equal(b.len, encode_base64_size(n));
		if (n >= 57)
			assert_memory_equal(b.data + 76, "\r\n", 2);
		if (n > 0)
			assert_string_equal(b.data + b.len - 2, "\r\n");
	}
}

static void
test_text(void **state)
{
	static const struct { const char *in, *out; } rows[] = {
	    {"hello", "Subject: hello\r\n"},
	    {"", "Subject: \r\n"},
	    {"a\r\nBcc: x@example.com", "Subject: a Bcc: x@example.com\r\n"},
	    {"渣土", "Subject: =?UTF-8?B?5rij5Zyf?=\r\n"},
	    /* What looks like a word is not left to be decoded. */
	    {"=?utf-8?B?5rij5Zyf?=",
	        "Subject: =?UTF-8?B?PT91dGYtOD9CPzVyaWo1WnlmPz0=?=\r\n"},
	    {"aaaaaaaaaabbbbbbbbbbccccccccccddddddddddeeeeeeeeeeffffffffff"
	     "ggggggggg",
	        "Subject: aaaaaaaaaabbbbbbbbbbccccccccccddddddddddeeeeeeeeeef"
	        "fffffffffggggggggg\r\n"},
	    {"aaaaaaaaaabbbbbbbbbbccccccccccddddddddddeeeeeeeeeeffffffffff"
	     "gggggggggg",
	        "Subject: =?UTF-8?B?YWFhYWFhYWFhYWJiYmJiYmJiYmJjY2NjY2NjY2NjZ"
	        "GRkZGRkZGRk?=\r\n"
	        " =?UTF-8?B?ZGVlZWVlZWVlZWVmZmZmZmZmZmZmZ2dnZ2dnZ2dnZw==?=\r\n"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		BUF_AUTO struct buf b = BUF_INIT;

		header_text(&b, "Subject", rows[i].in, 1000);
		assert_string_equal(buf_str(&b), rows[i].out);
	}
}

/* Lines and words of any length of any characters stay in their limits. */
static void
test_text_limits(void **state)
{
	static const char *const units[] = {"渣", "a", "é", "\xf0\x9f\x91\xa8",
	    "a渣", " 渣 b"};
	char text[3000];

	(void)state;
	for (size_t u = 0; u < sizeof(units) / sizeof(units[0]); u++) {
		text[0] = '\0';
		for (size_t n = 0; n < 300; n++) {
			BUF_AUTO struct buf b = BUF_INIT;
			const char *line, *end;

			memcpy(text + strlen(text), units[u],
			    strlen(units[u]) + 1);
			header_text(&b, "X-A-Rather-Long-Field-Name-That-Leave"
			    "s-No-Room-For-Any-Word", text, 10000);
			header_text(&b, "Subject", text, 10000);
			for (line = buf_str(&b); *line != '\0'; line = end) {
				end = strstr(line, "\r\n") + 2;
				assert_true(end - line <= (strstr(line, "=?")
				    != NULL ? 78 : 80));
			}
		}
	}
}

static void
test_addresses(void **state)
{
	static const struct { const char *name, *out; } rows[] = {
	    {"", "To: li@example.com\r\n"},
	    {"Li Si", "To: Li Si <li@example.com>\r\n"},
	    {"李四", "To: =?UTF-8?B?5p2O5Zub?= <li@example.com>\r\n"},
	    {"a\" <x@example.com>, b",
	        "To: =?UTF-8?B?YSIgPHhAZXhhbXBsZS5jb20+LCBi?= "
	        "<li@example.com>\r\n"},
	    {"Si Li.", "To: =?UTF-8?B?U2kgTGku?= <li@example.com>\r\n"},
	    {"连云港市连云区城市管理局线索平台负责人",
	        "To: =?UTF-8?B?6L+e5LqR5riv5biC6L+e5LqR5Yy65Z+O5biC566h55CG"
	        "5bGA57q/57Si5bmz?=\r\n =?UTF-8?B?5Y+w6LSf6LSj5Lq6?= "
	        "<li@example.com>\r\n"},
	};
	static const struct { const char *s; bool ok; } checks[] = {
	    {"a@b", true}, {"a.b+c@example.com", true}, {"", false},
	    {"a", false}, {"@b", false}, {"a@", false}, {"a@b@c", false},
	    {"a b@c", false}, {"a@b c", false}, {"a@b\r\nBcc: c@d", false},
	    {"a@b>", false}, {"<a@b>", false}, {"\"a b\"@c", false},
	    {".a@b", false}, {"a.@b", false}, {"a..b@c", false},
	    {"a@-b", false}, {"a@b-", false}, {"a@b-.c", false},
	    {"a@b..c", false}, {"a@.b", false}, {"a@b.", false},
	    {"a@[127.0.0.1]", false}, {"李@example.com", false},
	    {"li@例.cn", false}, {"a,b@c", false}, {"a@b_c", false},
	    {"a@b,c@d", false}, {"a'b@c-d.example", true},
	};
	char text[300];

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		BUF_AUTO struct buf b = BUF_INIT;

		header_address(&b, "To", rows[i].name, "li@example.com");
		assert_string_equal(buf_str(&b), rows[i].out);
	}
	for (size_t i = 0; i < sizeof(checks) / sizeof(checks[0]); i++)
		if (header_is_address(checks[i].s) != checks[i].ok)
			fail_msg("%s", checks[i].s);
	memset(text, 'a', sizeof(text) - 1);
	text[299] = '\0';
	text[64] = '@';
	text[120] = text[180] = text[240] = '.';
	text[254] = '\0';
	assert_true(header_is_address(text));
	text[254] = 'a';
	text[255] = '\0';
	assert_false(header_is_address(text));
	text[100] = '\0';
	text[64] = 'a';
	text[65] = '@';
	assert_false(header_is_address(text)); /* local part of 65 */
}

static void
test_date(void **state)
{
	static const struct { const char *zone; int64_t at_s; const char *out; }
	rows[] = {
	    {"Asia/Shanghai", 1795512600,
	        "Date: Tue, 24 Nov 2026 17:30:00 +0800\r\n"},
	    {"UTC", 1795512600, "Date: Tue, 24 Nov 2026 09:30:00 +0000\r\n"},
	    {"America/St_Johns", 1767240000,
	        "Date: Thu, 1 Jan 2026 00:30:00 -0330\r\n"},
	    {"America/New_York", 1782000000,
	        "Date: Sat, 20 Jun 2026 20:00:00 -0400\r\n"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		BUF_AUTO struct buf b = BUF_INIT;
		struct zone *z;

		assert_int_equal(zone_new(rows[i].zone, &z, NULL), 0);
		header_date(&b, z, rows[i].at_s);
		assert_string_equal(buf_str(&b), rows[i].out);
		zone_free(&z);
	}
}

static void
test_ids(void **state)
{
	static const struct { const char *in, *out; } rows[] = {
	    {"", ""},
	    {"a@b", "References: <a@b>\r\n"},
	    {"<a@b>  <c@d>\te@f", "References: <a@b>\r\n <c@d>\r\n <e@f>\r\n"},
	    {"a@b\r\nBcc: c@d", "References: <a@b>\r\n <c@d>\r\n"},
	    {"nothing (a@b) \"a\"@b @b a@ a@b@c \xe6\xb8\xa3@b", ""},
	};
	BUF_AUTO struct buf in = BUF_INIT;
	BUF_AUTO struct buf out = BUF_INIT;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		BUF_AUTO struct buf b = BUF_INIT;

		header_ids(&b, "References", rows[i].in);
		assert_string_equal(buf_str(&b), rows[i].out);
	}
	for (int i = 0; i < 100; i++)
		buf_addf(&in, "id%d@example.com ", i);
	header_ids(&out, "References", buf_str(&in));
	assert_non_null(strstr(buf_str(&out), "<id0@"));
	assert_null(strstr(buf_str(&out), "<id1@"));
	assert_null(strstr(buf_str(&out), "<id79@"));
	assert_non_null(strstr(buf_str(&out), "<id80@"));
	assert_non_null(strstr(buf_str(&out), "<id99@"));
}

static void
test_parameter(void **state)
{
	static const struct { const char *in, *out; } rows[] = {
	    {"photo-1.jpg", ";\r\n filename=\"photo-1.jpg\""},
	    {"my file.jpg", ";\r\n filename=\"my file.jpg\""},
	    {"a\"b", ";\r\n filename*=UTF-8''a%22b"},
	    {"发票.pdf", ";\r\n filename*=UTF-8''%E5%8F%91%E7%A5%A8.pdf"},
	    {"一二三四五六七.jpg",
	        ";\r\n filename*0*=UTF-8''%E4%B8%80%E4%BA%8C%E4%B8%89%E5%9B%9B"
	        "%E4%BA%94%E5%85%AD;\r\n filename*1*=%E4%B8%83.jpg"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		BUF_AUTO struct buf b = BUF_INIT;

		encode_parameter(&b, "filename", rows[i].in);
		assert_string_equal(buf_str(&b), rows[i].out);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_base64),
	    cmocka_unit_test(test_text),
	    cmocka_unit_test(test_text_limits),
	    cmocka_unit_test(test_addresses),
	    cmocka_unit_test(test_date),
	    cmocka_unit_test(test_ids),
	    cmocka_unit_test(test_parameter),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
