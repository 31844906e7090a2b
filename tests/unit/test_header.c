/* SPDX-License-Identifier: ISC */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/limits.h"
#include "parse/header.h"

/* What was read, in one line: "Name=value|Name=value||body". */
static void
render(const struct headers *h, const char *data, size_t len, struct buf *out)
{
	struct arena *a = arena_new();

	for (size_t i = 0; i < h->n; i++) {
		buf_add(out, h->list[i].name, h->list[i].name_len);
		buf_addf(out, "=%s|", header_line(&h->list[i], 0, a));
	}
	buf_adds(out, "|");
	buf_add(out, data + h->body, len - h->body);
	arena_free(&a);
}

struct sample {
	const char *data;
	const char *want;
};

static void
blocks(void **state)
{
	static const struct sample samples[] = {
	    {"Subject: a\r\nFrom: b\r\n\r\nbody\r\n",
		"Subject=a|From=b||body\r\n"},
	    {"Subject: a\nFrom: b\n\nbody", "Subject=a|From=b||body"},
	    {"Subject: a\r\r\nFrom: b\r\r\n\r\r\nbody",
		"Subject=a|From=b||body"},
	    /* folds */
	    {"Subject: a\r\n b\r\n\tc\r\n\r\n", "Subject=a b c||"},
	    {"Subject:\r\n a\r\n\r\nx", "Subject=a||x"},
	    {"Subject: a\r\n  \r\nFrom: b\r\n\r\nx", "Subject=a|From=b||x"},
	    {"Subject: a\r\n  \r\nx y\r\n", "Subject=a||x y\r\n"},
	    /* a filter's report, its empty lines too */
	    {"X-R: a\n \n b\n \n c\n c\n c\n c\n c\n c\n c\n c\n c\n c\n"
	     " c\n c\n c\n \n d\nSubject: e\n\nx",
		"X-R=a b c c c c c c c c c c c c c d|Subject=e||x"},
	    /* blanks before the colon, none behind it, an empty value */
	    {"Subject : a\nFrom\t:b\nTo:\n\nx", "Subject=a|From=b|To=||x"},
	    /* junk between headers goes; NUL and control bytes are blanks */
	    {"Subject: a\nrubbish here\nFrom: b\n\nx", "Subject=a|From=b||x"},
	    {"Subject: a\x01\x02\x7f"
	     "b\n\nx",
		"Subject=a b||x"},
	    /* what may be text is text */
	    {"Subject: a\nDear all\nmore\n\nend",
		"Subject=a||Dear all\nmore\n\nend"},
	    {"Subject: a\nDear all\nPS: more\n\nend",
		"Subject=a||Dear all\nPS: more\n\nend"},
	    {"Subject: a\nhttp://example.com/\n\nx",
		"Subject=a||http://example.com/\n\nx"},
	    /* but base64 cannot begin with it */
	    {"Content-Transfer-Encoding: base64\nrubbish\n\nAAAA",
		"Content-Transfer-Encoding=base64||AAAA"},
	    /* no header at all */
	    {"just text\nof two lines\n", "|just text\nof two lines\n"},
	    {"Note: this is text\n\nmore", "|Note: this is text\n\nmore"},
	    {"\r\nSubject: a\r\n", "|Subject: a\r\n"},
	    {"", "|"},
	    {"\n", "|"},
	    /* no body at all */
	    {"Subject: a", "Subject=a||"},
	    {"Subject: a\n", "Subject=a||"},
	    {"Subject: a\n b", "Subject=a b||"},
	    {" a fold first\nSubject: a\n\nx", "Subject=a||x"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(samples) / sizeof(samples[0]); i++) {
		const char *data = samples[i].data;
		struct arena *a = arena_new();
		struct buf out = BUF_INIT;
		struct headers h;

		assert_int_equal(
		    headers_read(data, strlen(data), NULL, NULL, a, &h), 0);
		render(&h, data, strlen(data), &out);
		assert_string_equal(buf_str(&out), samples[i].want);
		buf_done(&out);
		arena_free(&a);
	}
}

static bool
is_stop(void *arg, const char *line, size_t len)
{
	(void)arg;
	return len == 3 && memcmp(line, "--b", 3) == 0;
}

static void
boundary_ends_the_block(void **state)
{
	static const char data[] = "Content-Type: text/plain\n--b\n\nx";
	struct arena *a = arena_new();
	struct headers h;

	(void)state;
	assert_int_equal(
	    headers_read(data, strlen(data), is_stop, NULL, a, &h), 0);
	assert_int_equal(h.n, 1);
	assert_false(h.separated);
	assert_string_equal(data + h.body, "--b\n\nx");
	arena_free(&a);
}

static void
finding(void **state)
{
	static const char data[] = "To: a\nto: b\nX: c\nTO: d\n\n";
	struct arena *a = arena_new();
	struct headers h;
	const struct header *f;

	(void)state;
	assert_int_equal(
	    headers_read(data, strlen(data), NULL, NULL, a, &h), 0);
	f = headers_find(&h, "tO");
	assert_string_equal(header_line(f, 0, a), "a");
	f = headers_next(&h, "to", 2);
	assert_string_equal(header_line(f, 0, a), "d");
	assert_null(headers_next(&h, "to", 4));
	assert_null(headers_find(&h, "T"));
	assert_string_equal(headers_line(&h, "none", a), "");
	assert_string_equal(headers_line(&h, "x", a), "c");
	arena_free(&a);
}

static void
report_fields(void **state)
{
	static const char data[] = "Anything: a\nElse: b\n\nAction: c\n";
	struct arena *a = arena_new();
	struct headers h;

	(void)state;
	assert_int_equal(headers_read_fields(data, strlen(data), a, &h), 0);
	assert_int_equal(h.n, 2);
	assert_string_equal(data + h.body, "Action: c\n");
	arena_free(&a);
}

static void
too_many_and_too_long(void **state)
{
	struct arena *a = arena_new();
	struct buf b = BUF_INIT;
	struct headers h;

	(void)state;
	for (int i = 0; i < MAX_HEADER_LINES + 5; i++)
		buf_addf(&b, "X-%d: v\n", i);
	buf_adds(&b, "\nbody");
	assert_int_equal(headers_read(b.data, b.len, NULL, NULL, a, &h), 0);
	assert_int_equal(h.n, MAX_HEADER_LINES);
	assert_true(h.cut);
	assert_string_equal(b.data + h.body, "body");
	buf_clear(&b);
	buf_adds(&b, "Subject: ");
	for (size_t i = 0; i < MAX_HEADER_BYTES; i++)
		buf_addc(&b, 'a');
	buf_adds(&b, "\nFrom: late\n\nbody");
	assert_int_equal(headers_read(b.data, b.len, NULL, NULL, a, &h), 0);
	assert_int_equal(h.n, 1);
	assert_true(h.cut);
	assert_true(h.list[0].value_len < MAX_HEADER_BYTES);
	assert_string_equal(b.data + h.body, "body");
	/* A long text without the empty line is text, not a header cut. */
	buf_clear(&b);
	buf_adds(&b, "Subject: a\n");
	for (size_t i = 0; i < MAX_HEADER_BYTES / 8; i++)
		buf_adds(&b, "no header at all\n");
	assert_int_equal(headers_read(b.data, b.len, NULL, NULL, a, &h), 0);
	assert_int_equal(h.n, 1);
	assert_int_equal(h.body, 11);
	buf_done(&b);
	arena_free(&a);
}

/* Reads exactly what it is given: ASan watches the byte behind. */
static void
cut_at_every_length(void **state)
{
	static const char data[] = "From: a\r\n b\r\nSubject : c\r\n  \r\n"
				   "junk\r\nContent-Type: d\r\n\r\nx";

	(void)state;
	for (size_t n = 0; n < sizeof(data); n++) {
		char *copy = malloc(n > 0 ? n : 1);
		struct arena *a = arena_new();
		struct headers h;

		memcpy(copy, data, n);
		assert_int_equal(headers_read(copy, n, NULL, NULL, a, &h), 0);
		assert_true(h.body <= n);
		arena_free(&a);
		free(copy);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(blocks),
	    cmocka_unit_test(boundary_ends_the_block),
	    cmocka_unit_test(finding),
	    cmocka_unit_test(report_fields),
	    cmocka_unit_test(too_many_and_too_long),
	    cmocka_unit_test(cut_at_every_length),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
