/* SPDX-License-Identifier: ISC */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/err.h"
#include "parse/charset.h"
#include "parse/rtf.h"
#include "parse_mutate.h"

static void
check(const char *rtf, const char *want, bool want_html)
{
	struct buf out = BUF_INIT;
	bool html = !want_html;

	rtf_read(rtf, strlen(rtf), &out, &html);
	assert_string_equal(buf_str(&out), want);
	assert_int_equal(html, want_html);
	buf_done(&out);
}

static void
plain_text(void **state)
{
	(void)state;
	check("{\\rtf1\\ansi Hello\\par World\\tab x}", "Hello\nWorld\tx", false);
	check("{\\rtf1\\ansi a\\{b\\}\\\\c\\~d\\_e}", "a{b}\\c d-e", false);
	check("{\\rtf1{\\*\\generator Msftedit;}{\\colortbl;\\red0;}"
	      "{\\info{\\title no}}{\\pict 0102}yes}",
	    "yes", false);
	check("{\\rtf1 two\nlines\r\nare one}", "twolinesare one", false);
	check("{\\rtf1 \\trowd a\\cell b\\cell\\row c}", "a\tb\t\nc", false);
}

static void
characters(void **state)
{
	(void)state;
	check("{\\rtf1\\ansi\\ansicpg936 \\'c4\\'e3\\'ba\\'c3}", "你好", false);
	check("{\\rtf1\\ansi\\ansicpg1252{\\fonttbl{\\f0\\fcharset0 A;}"
	      "{\\f1\\fcharset134 S;}}\\f0 caf\\'e9 \\f1\\'c4\\'e3\\f0 \\'e9}",
	    "café 你é", false);
	/* \u with the substitute that old readers show, of one or more. */
	check("{\\rtf1\\uc1 \\u20030?\\u22909 ?}", "举好", false);
	check("{\\rtf1\\uc2 \\u20030\\'be\\'d9x}", "举x", false);
	check("{\\rtf1\\uc0\\u-26187 }", "\xe9\xa6\xb5", false);
	check("{\\rtf1\\uc0\\u-10179 \\u-8704 }", "😀", false);
}

static void
html_inside(void **state)
{
	(void)state;
	check("{\\rtf1\\ansi\\fromhtml1 {\\*\\htmltag64 <p>}\\htmlrtf \\par "
	      "\\htmlrtf0 text{\\*\\htmltag84 &amp;}{\\*\\mhtmltag84 no}"
	      "{\\*\\htmltag72 </p>}}",
	    "<p>text&amp;</p>", true);
}

/* MS-OXRTFCP section 3.2, example 1: what a window's first bytes give. */
static void
compressed(void **state)
{
	static const unsigned char packed[] = {0x2d, 0x00, 0x00, 0x00, 0x2b,
	    0x00, 0x00, 0x00, 0x4c, 0x5a, 0x46, 0x75, 0xf1, 0xc5, 0xc7, 0xa7,
	    0x03, 0x00, 0x0a, 0x00, 0x72, 0x63, 0x70, 0x67, 0x31, 0x32, 0x35,
	    0x42, 0x32, 0x0a, 0xf3, 0x20, 0x68, 0x65, 0x6c, 0x09, 0x00, 0x20,
	    0x62, 0x77, 0x05, 0xb0, 0x6c, 0x64, 0x7d, 0x0a, 0x80, 0x0f, 0xa0};
	struct buf out = BUF_INIT;

	(void)state;
	assert_true(rtf_unpack(packed, sizeof(packed), &out));
	assert_string_equal(buf_str(&out),
	    "{\\rtf1\\ansi\\ansicpg1252\\pard hello world}\r\n");
	buf_done(&out);
	assert_false(rtf_unpack("too short", 9, &out));
}

static void
read_any(void *arg, const char *raw, size_t len)
{
	struct buf out = BUF_INIT, unpacked = BUF_INIT;
	bool html;

	(void)arg;
	rtf_read(raw, len, &out, &html);
	(void)rtf_unpack(raw, len, &unpacked);
	buf_done(&out);
	buf_done(&unpacked);
}

static void
damage(void **state)
{
	static const char sample[] =
	    "{\\rtf1\\ansi\\ansicpg936\\fromhtml1{\\fonttbl{\\f0\\fcharset134 "
	    "S;}}{\\*\\htmltag64 <p>}\\htmlrtf \\par\\htmlrtf0 \\'c4\\'e3"
	    "\\u20030?{\\*\\x y}\\uc2 \\u55357 \\u56832 }";
	struct buf deep = BUF_INIT, out = BUF_INIT;
	bool html;

	(void)state;
	mutate(sample, sizeof(sample) - 1, 3000, read_any, NULL);
	for (int i = 0; i < 1000000; i++)
		buf_addc(&deep, '{');
	buf_adds(&deep, "\\par");
	rtf_read(deep.data, deep.len, &out, &html);
	assert_int_equal(out.len, 0);
	buf_done(&deep);
	buf_done(&out);
}

static int
set_up(void **state)
{
	struct err err;

	(void)state;
	return charset_init(&err);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(plain_text),
	    cmocka_unit_test(characters),
	    cmocka_unit_test(html_inside),
	    cmocka_unit_test(compressed),
	    cmocka_unit_test(damage),
	};

	return cmocka_run_group_tests(tests, set_up, NULL);
}
