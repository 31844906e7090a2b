/* SPDX-License-Identifier: ISC */
/*
 * A header value read as a subject, as a list of addresses, and as
 * Content-Disposition.  What comes out is one line of printable UTF-8 within
 * its limit; addresses can stand in a header; file names are no paths.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/limits.h"
#include "base/str.h"
#include "parse/addresses.h"
#include "parse/charset.h"
#include "parse/message.h"
#include "parse/params.h"
#include "parse/words.h"

#define LIST 20

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size);

static void
check(bool ok, const char *what)
{
	if (ok)
		return;
	(void)fprintf(stderr, "words: %s\n", what);
	abort();
}

static void
check_line(const char *p, size_t len, size_t max)
{
	const char *end = p + len;
	uint32_t cp;

	check(len <= max, "too long");
	while (p < end) {
		p += utf8_next(p, end, &cp);
		check(cp_printable(cp), "not printable");
	}
}

static void
as_subject(const char *raw, size_t len)
{
	struct charset_result r;
	struct buf out = BUF_INIT;

	check(words_decode(raw, len, NULL, MAX_SUBJECT_BYTES, &out, &r) == 0,
	    "memory");
	check_line(buf_str(&out), out.len, MAX_SUBJECT_BYTES);
	buf_done(&out);
}

static void
as_addresses(const char *raw, size_t len)
{
	struct arena *arena = arena_new();
	struct mail_address list[LIST];
	struct charset_result r;
	size_t n = 0;

	if (arena == NULL)
		return;
	check(addresses_parse(raw, len, NULL, arena, list, LIST, &n, &r) == 0,
	    "memory");
	check(n <= LIST, "too many");
	for (size_t i = 0; i < n; i++) {
		check_line(list[i].name, strlen(list[i].name), MAX_NAME_BYTES);
		check_line(
		    list[i].addr, strlen(list[i].addr), MAX_ADDRESS_BYTES);
		check(strpbrk(list[i].addr, " <>,;()") == NULL, "address");
		check(list[i].addr[0] == '\0' ||
			  strchr(list[i].addr, '@') != NULL,
		    "no @");
	}
	arena_free(&arena);
}

static void
as_file_name(const char *raw)
{
	struct charset_result r;
	struct buf out = BUF_INIT;

	check(params_filename(raw, NULL, NULL, &out, &r) >= 0, "memory");
	check_line(buf_str(&out), out.len, MAX_NAME_BYTES);
	check(strpbrk(buf_str(&out), "/\\<>:\"|?*") == NULL, "a path");
	check(out.len == 0 || out.data[0] != '.', "hidden");
	buf_done(&out);
}

int
LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
	static bool ready;
	char *raw = malloc(size + 1);

	if (!ready && charset_init(NULL) != 0)
		abort();
	ready = true;
	if (raw == NULL)
		return 0;
	memcpy(raw, data, size);
	raw[size] = '\0';
	as_file_name(raw);
	raw = realloc(raw, size > 0 ? size : 1);
	if (raw == NULL)
		return 0;
	as_subject(raw, size);
	as_addresses(raw, size);
	free(raw);
	return 0;
}
