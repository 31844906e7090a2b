/* SPDX-License-Identifier: ISC */
/*
 * A document through html_text() and split_text(); the same bytes also as plain
 * text through text_tidy(), text_unflow() and split_text().  Texts are tidy,
 * and splitting loses nothing that is seen.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/str.h"
#include "parse/html.h"
#include "parse/split.h"
#include "parse/text.h"

#define MAX_OUT 10000

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size);

static void
check(bool ok, const char *what)
{
	if (ok)
		return;
	(void)fprintf(stderr, "html: %s\n", what);
	abort();
}

static void
check_tidy(const struct buf *b, bool marks)
{
	check(b->len <= MAX_OUT, "too long");
	check(utf8_valid(buf_str(b), b->len), "not UTF-8");
	for (size_t i = 0; i < b->len; i++) {
		unsigned char c = (unsigned char)b->data[i];

		check(c >= 0x20 || c == '\n' || c == '\t' ||
			  (marks && c >= SPLIT_QUOTE_BEGIN &&
			      c <= SPLIT_SIGN_END),
		    "a control character");
	}
}

static size_t
count_visible(const struct buf *b)
{
	size_t n = 0;

	for (size_t i = 0; i < b->len; i++)
		n += (unsigned char)b->data[i] > 0x20 && b->data[i] != '>';
	return n;
}

static void
split_whole(const struct buf *text)
{
	struct split s;

	check(split_text(buf_str(text), text->len, &s) == 0, "memory");
	check_tidy(&s.own, false);
	check_tidy(&s.quoted, false);
	check_tidy(&s.signature, false);
	if (!s.forwarded)
		check(count_visible(text) == count_visible(&s.own) +
						 count_visible(&s.quoted) +
						 count_visible(&s.signature),
		    "text lost");
	split_done(&s);
}

static void
on_link(void *arg, const char *url, const char *text)
{
	(void)arg;
	check(utf8_valid(url, strlen(url)), "link");
	check(utf8_valid(text, strlen(text)), "link's text");
}

static void
as_html(const char *raw, size_t len)
{
	struct html_options options = {on_link, NULL};
	struct buf out = BUF_INIT;
	char name[20];
	bool cut;

	check(
	    html_text(raw, len, MAX_OUT, &options, &out, &cut) == 0, "memory");
	check_tidy(&out, true);
	split_whole(&out);
	buf_done(&out);
	(void)html_meta_charset(raw, len, name, sizeof(name));
}

static void
as_plain(const char *raw, size_t len)
{
	struct buf out = BUF_INIT, flat = BUF_INIT;

	check(text_tidy(raw, len, MAX_OUT / 2, &out, NULL) == 0, "memory");
	check_tidy(&out, false);
	split_whole(&out);
	check(
	    text_unflow(buf_str(&out), out.len, len % 2, &flat) == 0, "memory");
	split_whole(&flat);
	buf_done(&flat);
	buf_done(&out);
}

int
LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
	char *raw = malloc(size > 0 ? size : 1);

	if (raw == NULL)
		return 0;
	memcpy(raw, data, size);
	as_html(raw, size);
	as_plain(raw, size);
	free(raw);
	return 0;
}
