/* SPDX-License-Identifier: ISC */
#include "parse/charset_single.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>

#include "base/str.h"

/* Whether exactly one character of the basic plane stands there. */
static bool
is_one(const char *text, size_t len, uint16_t *cp_out)
{
	uint32_t cp;

	if (len == 0 || utf8_next(text, text + len, &cp) != len ||
	    cp >= CHARSET_SINGLE_BAD)
		return false;
	*cp_out = (uint16_t)cp;
	return true;
}

/* One byte by itself: its character is there at once, nothing is kept back. */
static bool
ask(iconv_t cd, unsigned char byte, uint16_t *cp_out)
{
	char in = (char)byte, out[16], *from = &in, *to = out, *rest;
	size_t left = 1, room = sizeof(out);
	size_t rc = iconv(cd, &from, &left, &to, &room);
	bool refused = rc == (size_t)-1 && errno == EILSEQ;

	rest = to;
	(void)iconv(cd, NULL, NULL, &rest, &room);
	if (rest != to)
		return false;
	if (refused && to == out) {
		*cp_out = CHARSET_SINGLE_BAD;
		return true;
	}
	return rc == 0 && is_one(out, (size_t)(to - out), cp_out);
}

int
charset_single_new(iconv_t cd, struct charset_single **single_out)
{
	struct charset_single *s = malloc(sizeof(*s));

	*single_out = NULL;
	if (s == NULL)
		return -1;
	(void)iconv(cd, NULL, NULL, NULL, NULL);
	for (unsigned byte = 0; byte < 256; byte++)
		if (!ask(cd, (unsigned char)byte, &s->cp[byte])) {
			free(s);
			return 0;
		}
	*single_out = s;
	return 0;
}
