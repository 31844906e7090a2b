/* SPDX-License-Identifier: ISC */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/err.h"
#include "parse/charset.h"
#include "parse/tnef.h"

/* A damaged file costs libytnef a few bytes; a parser's child lives for some
 * messages only, and ends with them. */
const char *__lsan_default_suppressions(void);
const char *
__lsan_default_suppressions(void)
{
	return "leak:libytnef";
}

/* ---- a small writer (MS-OXTNEF 2.1.3) ----------------------------------- */

static void
le(struct buf *b, uint32_t v, int bytes)
{
	for (int i = 0; i < bytes; i++)
		buf_addc(b, (char)(v >> 8 * i));
}

static void
tnef_begin(struct buf *b)
{
	le(b, 0x223e9f78, 4);
	le(b, 1, 2);
}

static void
attribute(struct buf *b, int level, uint32_t id, const void *data, size_t len)
{
	uint32_t sum = 0;

	for (size_t i = 0; i < len; i++)
		sum += ((const unsigned char *)data)[i];
	buf_addc(b, (char)level);
	le(b, id, 4);
	le(b, (uint32_t)len, 4);
	buf_add(b, data, len);
	le(b, sum & 0xffff, 2);
}

static void
code_page(struct buf *b, uint32_t page)
{
	struct buf data = BUF_INIT;

	le(&data, page, 4);
	le(&data, 0, 4);
	attribute(b, 1, 0x00069007, data.data, data.len);
	buf_done(&data);
}

static void
add_file(struct buf *b, const char *name, const void *data, size_t len)
{
	static const char render_data[14] = {1};

	attribute(b, 2, 0x00069002, render_data, sizeof(render_data));
	attribute(b, 2, 0x00018010, name, strlen(name) + 1);
	attribute(b, 2, 0x0006800f, data, len);
}

/* ---- reading ------------------------------------------------------------ */

static void
on_file(void *arg, const char *name, size_t name_len, const char *charset,
    const void *data, size_t len)
{
	struct buf *out = arg;

	buf_add(out, name, name_len);
	buf_addf(out, "[%s]=", charset != NULL ? charset : "");
	buf_add(out, data, len);
	buf_addc(out, ';');
}

/* The library complains to stdout, which is the test's own. */
static bool
read_quietly(
    const void *data, size_t len, struct buf *out, struct tnef_text *text)
{
	int keep = dup(STDOUT_FILENO);
	int null = open("/dev/null", O_WRONLY | O_CLOEXEC);
	bool ok;

	(void)fflush(stdout);
	(void)dup2(null, STDOUT_FILENO);
	ok = tnef_read(data, len, on_file, out, text);
	(void)fflush(stdout);
	(void)dup2(keep, STDOUT_FILENO);
	(void)close(keep);
	(void)close(null);
	return ok;
}

static void
files_and_text(void **state)
{
	struct buf b = BUF_INIT, out = BUF_INIT, raw = BUF_INIT;
	struct tnef_text text = {.raw = &raw};

	(void)state;
	tnef_begin(&b);
	code_page(&b, 936);
	attribute(&b, 1, 0x0002800c, "\xc4\xe3\xba\xc3", 5);
	add_file(&b, "\xd5\xd5\xc6\xac.jpg", "photo", 5);
	add_file(&b, "b.txt", "two", 3);
	assert_true(read_quietly(b.data, b.len, &out, &text));
	assert_string_equal(buf_str(&out),
	    "\xd5\xd5\xc6\xac.jpg[cp936]=photo;b.txt[cp936]=two;");
	assert_string_equal(buf_str(&raw), "\xc4\xe3\xba\xc3");
	assert_string_equal(text.charset, "cp936");
	assert_false(text.html);
	buf_done(&b);
	buf_done(&out);
	buf_done(&raw);
}

static void
letter_inside_a_letter(void **state)
{
	struct buf in = BUF_INIT, b = BUF_INIT, out = BUF_INIT;

	(void)state;
	tnef_begin(&in);
	add_file(&in, "deep.txt", "deep", 4);
	tnef_begin(&b);
	add_file(&b, "letter", in.data, in.len);
	add_file(&b, "flat.txt", "flat", 4);
	assert_true(read_quietly(b.data, b.len, &out, NULL));
	assert_string_equal(buf_str(&out), "deep.txt[]=deep;flat.txt[]=flat;");
	buf_done(&in);
	buf_done(&b);
	buf_done(&out);
}

static void
text_of_a_letter_inside(void **state)
{
	struct buf in = BUF_INIT, b = BUF_INIT, out = BUF_INIT, raw = BUF_INIT;
	struct buf inner = BUF_INIT;
	struct tnef_text text = {.raw = &raw, .inner = &inner};

	(void)state;
	tnef_begin(&in);
	code_page(&in, 936);
	attribute(&in, 1, 0x00018004, "\xbe\xd9\xb1\xa8", 5);
	attribute(&in, 1, 0x0002800c, "\xc4\xe3\xba\xc3", 5);
	tnef_begin(&b);
	add_file(&b, "letter", in.data, in.len);
	assert_true(read_quietly(b.data, b.len, &out, &text));
	assert_string_equal(buf_str(&inner), "举报\n\n你好");
	assert_int_equal(out.len, 0);
	buf_done(&in);
	buf_done(&b);
	buf_done(&out);
	buf_done(&inner);
	buf_done(&raw);
}

/* One property of a message: type and id, a count of values, its length. */
static void
binary_property(struct buf *b, uint32_t id, const void *data, size_t len)
{
	struct buf v = BUF_INIT;

	le(&v, 1, 4);
	le(&v, id << 16 | 0x0102, 4);
	le(&v, 1, 4);
	le(&v, (uint32_t)len, 4);
	buf_add(&v, data, len);
	for (size_t i = len; i % 4 != 0; i++)
		buf_addc(&v, 0);
	attribute(b, 1, 0x00069003, v.data, v.len);
	buf_done(&v);
}

static void
body_in_compressed_rtf(void **state)
{
	static const char rtf[] =
	    "{\\rtf1\\ansi\\ansicpg936{\\fonttbl{\\f0\\fcharset134 Song;}}"
	    "\\f0 \\'c4\\'e3\\'ba\\'c3\\par \\u20030?\\u22909?}";
	struct buf b = BUF_INIT, out = BUF_INIT, raw = BUF_INIT, z = BUF_INIT;
	struct tnef_text text = {.raw = &raw};

	(void)state;
	le(&z, sizeof(rtf) - 1 + 12, 4);
	le(&z, sizeof(rtf) - 1, 4);
	le(&z, 0x414c454d, 4); /* not compressed */
	le(&z, 0, 4);
	buf_adds(&z, rtf);
	tnef_begin(&b);
	code_page(&b, 936);
	binary_property(&b, 0x1009, z.data, z.len);
	assert_true(read_quietly(b.data, b.len, &out, &text));
	assert_string_equal(buf_str(&raw), "你好\n举好");
	assert_string_equal(text.charset, "utf-8");
	buf_done(&b);
	buf_done(&out);
	buf_done(&raw);
	buf_done(&z);
}

static void
files_before_their_names(void **state)
{
	struct buf b = BUF_INIT, out = BUF_INIT;

	(void)state;
	tnef_begin(&b);
	attribute(&b, 2, 0x0006800f, "one", 3);
	attribute(&b, 2, 0x00018010, "a.txt", 6);
	buf_adds(&b, "garbage");
	assert_true(read_quietly(b.data, b.len, &out, NULL));
	assert_string_equal(buf_str(&out), "a.txt[]=one;");
	buf_done(&b);
	buf_done(&out);
}

static void
flood_of_files_is_cut(void **state)
{
	struct buf b = BUF_INIT, out = BUF_INIT;

	(void)state;
	tnef_begin(&b);
	for (int i = 0; i < 200000; i++)
		add_file(&b, "a", "1", 1);
	assert_false(read_quietly(b.data, b.len, &out, NULL));
	assert_int_equal(out.len, 500 * strlen("a[]=1;"));
	buf_done(&b);
	buf_done(&out);
}

static void
damage_gives_what_can_be_read(void **state)
{
	struct buf b = BUF_INIT, out = BUF_INIT;

	(void)state;
	assert_false(read_quietly("", 0, &out, NULL));
	assert_false(read_quietly("not tnef", 8, &out, NULL));
	assert_int_equal(out.len, 0);
	tnef_begin(&b);
	add_file(&b, "a.txt", "one", 3);
	add_file(&b, "b.txt", "two", 3);
	b.data[b.len - 1] ^= 1; /* the checksum of the last one */
	assert_false(read_quietly(b.data, b.len, &out, NULL));
	assert_string_equal(buf_str(&out), "a.txt[]=one;b.txt[]=two;");
	buf_clear(&out);
	b.len -= 20;
	assert_false(read_quietly(b.data, b.len, &out, NULL));
	assert_string_equal(buf_str(&out), "a.txt[]=one;");
	buf_done(&b);
	buf_done(&out);
}

static void
cut_at_every_length(void **state)
{
	struct buf b = BUF_INIT, out = BUF_INIT, text = BUF_INIT;
	struct tnef_text t = {.raw = &text};

	(void)state;
	tnef_begin(&b);
	code_page(&b, 936);
	add_file(&b, "a.txt", "one", 3);
	for (size_t n = 0; n <= b.len; n++) {
		char *copy = malloc(n > 0 ? n : 1);

		memcpy(copy, b.data, n);
		(void)read_quietly(copy, n, &out, &t);
		free(copy);
	}
	buf_done(&b);
	buf_done(&out);
	buf_done(&text);
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
	    cmocka_unit_test(files_and_text),
	    cmocka_unit_test(letter_inside_a_letter),
	    cmocka_unit_test(text_of_a_letter_inside),
	    cmocka_unit_test(body_in_compressed_rtf),
	    cmocka_unit_test(files_before_their_names),
	    cmocka_unit_test(flood_of_files_is_cut),
	    cmocka_unit_test(damage_gives_what_can_be_read),
	    cmocka_unit_test(cut_at_every_length),
	};

	return cmocka_run_group_tests(tests, set_up, NULL);
}
