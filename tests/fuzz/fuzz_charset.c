/* SPDX-License-Identifier: ISC */
/*
 * Bytes under any label.  The input's first line is the label ("" = none), the
 * second the neighbour's charset; what follows is text.  Whatever comes in,
 * valid UTF-8 without NUL comes out, within the cap, and plain ASCII and sound
 * UTF-8 come out unchanged.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/str.h"
#include "parse/charset.h"

#define CAP 4096

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size);

static void
check(bool ok, const char *what)
{
	if (ok)
		return;
	(void)fprintf(stderr, "charset: %s\n", what);
	abort();
}

/* Cuts the first line off; at most size - 1 bytes of it are kept. */
static void
take_line(const unsigned char **p, size_t *len, char *line, size_t size)
{
	const unsigned char *nl = memchr(*p, '\n', *len);
	size_t n = nl != NULL ? (size_t)(nl - *p) : *len;

	(void)snprintf(
	    line, size, "%.*s", (int)(n < size ? n : size), (const char *)*p);
	*p += n + (nl != NULL);
	*len -= n + (nl != NULL);
}

static void
decode(const char *raw, size_t len, const char *label,
    const struct charset_hint *hint, size_t cap)
{
	struct charset_result r;
	struct buf out;

	buf_init(&out, cap);
	check(charset_decode(raw, len, label, hint, &out, &r) == 0, "memory");
	check(utf8_valid(buf_str(&out), out.len), "not UTF-8");
	check(memchr(buf_str(&out), 0, out.len) == NULL, "NUL");
	check(charset_canonical(r.charset, strlen(r.charset)) != NULL,
	    "a name that is not on the list");
	if (cap == 0 && strcmp(r.charset, "us-ascii") == 0 &&
	    memchr(raw, 0, len) == NULL)
		check(out.len == len && memcmp(raw, buf_str(&out), len) == 0,
		    "ASCII changed");
	buf_done(&out);
}

int
LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
	static bool ready;
	char label[80], nearby[80];
	struct charset_hint hint = {NULL, NULL};
	char *raw;

	if (!ready && charset_init(NULL) != 0)
		abort();
	ready = true;
	take_line(&data, &size, label, sizeof(label));
	take_line(&data, &size, nearby, sizeof(nearby));
	hint.nearby = charset_canonical(nearby, strlen(nearby));
	raw = malloc(size > 0 ? size : 1);
	if (raw == NULL)
		return 0;
	memcpy(raw, data, size);
	decode(raw, size, label[0] != '\0' ? label : NULL, &hint, 0);
	decode(raw, size, label[0] != '\0' ? label : NULL, &hint, CAP);
	free(raw);
	return 0;
}
