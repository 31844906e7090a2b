/* SPDX-License-Identifier: ISC */
#include "parse/raw.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "parse/header.h"

/* Line ends are judged by the beginning of the message. */
#define LOOK_BYTES 65536

/* Old Macs and some gateways end lines with a bare CR. */
static bool
has_bare_cr(const char *data, size_t len)
{
	size_t n = len < LOOK_BYTES ? len : LOOK_BYTES;

	return memchr(data, '\n', n) == NULL && memchr(data, '\r', n) != NULL;
}

static void
skip_line(struct raw *r)
{
	size_t next;

	(void)header_line_at(r->data, r->len, 0, &next);
	r->data += next;
	r->len -= next;
}

/* What stands in front of the first header and is none. */
static void
skip_front(struct raw *r)
{
	if (r->len >= 3 && memcmp(r->data, "\xef\xbb\xbf", 3) == 0) {
		r->data += 3;
		r->len -= 3;
	}
	while (r->len > 0 && (r->data[0] == '\r' || r->data[0] == '\n'))
		skip_line(r);
	/* An mbox's separator, also the quoted one. */
	if ((r->len > 5 && memcmp(r->data, "From ", 5) == 0) ||
	    (r->len > 6 && memcmp(r->data, ">From ", 6) == 0))
		skip_line(r);
}

int
raw_init(struct raw *r, const void *data, size_t len)
{
	*r = (struct raw){data != NULL ? data : "", len, NULL};
	if (has_bare_cr(r->data, len)) {
		r->own = malloc(len);
		if (r->own == NULL)
			return -1;
		for (size_t i = 0; i < len; i++)
			r->own[i] = r->data[i] == '\r' ? '\n' : r->data[i];
		r->data = r->own;
	}
	skip_front(r);
	return 0;
}

void
raw_done(struct raw *r)
{
	free(r->own);
	r->own = NULL;
}
