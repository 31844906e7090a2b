/* SPDX-License-Identifier: ISC */
#include "fetch/utf7.h"

#include <stdint.h>
#include <string.h>

#include "base/buf.h"
#include "base/str.h"

/* Bits waiting for a base64 digit; `open` inside &…- */
struct run {
	uint32_t bits;
	unsigned n;
	int open;
};

static void
put_digit(struct buf *out, uint32_t v)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				     "abcdefghijklmnopqrstuvwxyz0123456789+,";

	buf_addc(out, digits[v & 63]);
}

static void
put_unit(struct run *r, struct buf *out, uint32_t unit)
{
	r->bits = r->bits << 16 | unit;
	for (r->n += 16; r->n >= 6; r->n -= 6)
		put_digit(out, r->bits >> (r->n - 6));
	r->bits &= 63;
}

static void
put_wide(struct run *r, struct buf *out, uint32_t cp)
{
	if (!r->open)
		buf_addc(out, '&');
	r->open = 1;
	if (cp >= 0x10000) {
		put_unit(r, out, 0xd800 + ((cp - 0x10000) >> 10));
		cp = 0xdc00 + ((cp - 0x10000) & 0x3ff);
	}
	put_unit(r, out, cp);
}

static void
close_run(struct run *r, struct buf *out)
{
	if (!r->open)
		return;
	if (r->n > 0)
		put_digit(out, r->bits << (6 - r->n));
	buf_addc(out, '-');
	*r = (struct run){0, 0, 0};
}

int
utf7_put(struct buf *out, const char *name)
{
	const char *end = name + strlen(name);
	struct run run = {0, 0, 0};
	uint32_t cp;

	while (name < end) {
		name += utf8_next(name, end, &cp);
		if (cp == UINT32_MAX)
			return -1;
		if (cp < 0x20 || cp > 0x7e) {
			put_wide(&run, out, cp);
			continue;
		}
		close_run(&run, out);
		buf_addc(out, (char)cp);
		if (cp == '&')
			buf_addc(out, '-');
	}
	close_run(&run, out);
	return 0;
}
