/* SPDX-License-Identifier: ISC */
#include "parse/charset_convert.h"

#include <errno.h>
#include <iconv.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"
#include "parse/charset_gb.h"
#include "parse/charset_more.h"
#include "parse/charset_single.h"

#define REPLACEMENT "\xef\xbf\xbd"
/* Output of one iconv call; fits the first cache with its input. */
#define CHUNK 8192
/* Room for the charsets of charset_more.h. */
#define MAX_MORE 256

/* Opened once, before the sandbox closes: iconv loads its converters from
 * files.  State is reset before every use. */
static struct {
	iconv_t handle[CS_COUNT + MAX_MORE];
	bool open[CS_COUNT + MAX_MORE]; /* the handle is */
	struct charset_single *single[CS_COUNT + MAX_MORE]; /* instead of it */
} converters;

/* A table does where it says the same. */
static int
replace_converter(int id, struct err *err)
{
	enum charset_kind kind = charset_get((enum charset_id)id)->kind;

	if (kind != KIND_SINGLE && kind != KIND_LATIN)
		return 0;
	if (charset_single_new(
		converters.handle[id], &converters.single[id]) < 0)
		return err_set(
		    err, ERR_SYSTEM, ERR_OWN, 0, "no memory for charsets");
	if (converters.single[id] != NULL) {
		(void)iconv_close(converters.handle[id]);
		converters.open[id] = false;
	}
	return 0;
}

/* Opens one and warms it up; 1 = this system has none of that name. */
static int
open_converter(int id, struct err *err)
{
	const char *name = charset_get((enum charset_id)id)->iconv_name;
	char in[] = "A", out[16], *p = in, *q = out;
	size_t len = 1, room = sizeof(out);

	if (name == NULL || converters.open[id] ||
	    converters.single[id] != NULL)
		return 0;
	converters.handle[id] = iconv_open("UTF-8", name);
	/* NOLINTNEXTLINE: iconv's own error value */
	if (converters.handle[id] == (iconv_t)-1) {
		(void)err_set(err, ERR_SYSTEM, ERR_ERRNO, errno,
		    "no converter for charset %s: install libc6's gconv "
		    "modules",
		    name);
		return 1;
	}
	converters.open[id] = true;
	/* EBCDIC has no letter there; the converter is loaded all the same. */
	if (iconv(converters.handle[id], &p, &len, &q, &room) != 0 &&
	    id < CS_COUNT)
		return err_set(err, ERR_SYSTEM, ERR_ERRNO, errno,
		    "the converter for charset %s does not work", name);
	return replace_converter(id, err);
}

static int
n_converters(void)
{
	size_t n = charset_more_count();

	return CS_COUNT + (int)(n < MAX_MORE ? n : MAX_MORE);
}

int
charset_convert_init(struct err *err)
{
	struct err ignored;

	for (int id = 0; id < CS_COUNT; id++) {
		if (open_converter(id, err) != 0)
			return -1;
	}
	for (int id = CS_COUNT; id < n_converters(); id++)
		if (open_converter(id, &ignored) < 0) {
			*err = ignored;
			return -1;
		}
	return 0;
}

void
charset_convert_done(void)
{
	for (int id = 0; id < n_converters(); id++) {
		if (converters.open[id])
			(void)iconv_close(converters.handle[id]);
		converters.open[id] = false;
		free(converters.single[id]);
		converters.single[id] = NULL;
	}
}

bool
charset_convert_has(enum charset_id id)
{
	return charset_get(id)->iconv_name == NULL || converters.open[id] ||
	    converters.single[id] != NULL;
}

/* Adds valid UTF-8 with its NULs left out; stops at the cap. */
static void
sink_add(struct charset_sink *s, const char *text, size_t len)
{
	const char *end = text + len, *nul;
	size_t room, take;

	while (text < end && !s->cut) {
		nul = memchr(text, '\0', (size_t)(end - text));
		take = (size_t)((nul != NULL ? nul : end) - text);
		room = s->out->cap == 0 ? SIZE_MAX : s->out->cap - s->out->len;
		if (take > room) {
			s->cut = true;
			take = utf8_cut(text, take, room);
		}
		buf_add(s->out, text, take);
		text += take;
		while (text < end && *text == '\0')
			text++;
	}
}

static void
sink_bad(struct charset_sink *s)
{
	s->n_bad++;
	sink_add(s, REPLACEMENT, 3);
}

static void
sink_cp(struct charset_sink *s, uint32_t cp)
{
	char out[4];
	size_t n = utf8_put(cp, out);

	if (n == 0)
		sink_bad(s);
	else
		sink_add(s, out, n);
}

static bool
sink_full(const struct charset_sink *s)
{
	return s->cut || buf_bad(s->out);
}

/* ---- UTF-8 ---------------------------------------------------------- */

static uint32_t
cesu_cp(const unsigned char *p)
{
	return 0x10000U + (((uint32_t)p[1] & 0x0f) << 16) +
	       (((uint32_t)p[2] & 0x3f) << 10) +
	       (((uint32_t)p[4] & 0x0f) << 6) + ((uint32_t)p[5] & 0x3f);
}

static void
convert_utf8(struct charset_sink *s, const unsigned char *p, size_t len)
{
	size_t n;

	while (len > 0 && !sink_full(s)) {
		n = charset_utf8_prefix(p, len);
		sink_add(s, (const char *)p, n);
		p += n;
		len -= n;
		if (len == 0)
			break;
		if (charset_utf8_cesu(p, len)) {
			sink_cp(s, cesu_cp(p));
			n = 6;
		} else {
			sink_bad(s);
			n = charset_utf8_bad(p, len);
		}
		p += n;
		len -= n;
	}
}

static void
convert_ascii(struct charset_sink *s, const unsigned char *p, size_t len)
{
	size_t n;

	for (; len > 0 && !sink_full(s); p += n, len -= n) {
		n = charset_ascii_prefix(p, len);
		sink_add(s, (const char *)p, n);
		if (n < len) {
			sink_bad(s);
			n++;
		}
	}
}

void
charset_copy(struct charset_sink *sink, const unsigned char *p, size_t len)
{
	sink_add(sink, (const char *)p, len);
}

/* ---- UTF-16, UTF-32 ------------------------------------------------- */

static void
convert_utf16(
    struct charset_sink *s, bool big, const unsigned char *p, size_t len)
{
	uint32_t u, low;
	size_t i = 0;

	for (; i + 1 < len && !sink_full(s); i += 2) {
		u = charset_unit16(p + i, big);
		low = i + 3 < len ? charset_unit16(p + i + 2, big) : 0;
		if ((u & 0xfc00) == 0xd800 && (low & 0xfc00) == 0xdc00) {
			u = 0x10000 + ((u & 0x3ff) << 10) + (low & 0x3ff);
			i += 2;
		}
		if (u != 0xfeff)
			sink_cp(s, u);
	}
	if (i < len && p[i] != 0 && !sink_full(s))
		sink_bad(s);
}

static void
convert_utf32(
    struct charset_sink *s, bool big, const unsigned char *p, size_t len)
{
	uint32_t u;
	size_t i = 0;

	for (; i + 3 < len && !sink_full(s); i += 4) {
		u = big ? (uint32_t)p[i] << 24 | (uint32_t)p[i + 1] << 16 |
			      (uint32_t)p[i + 2] << 8 | p[i + 3]
			: (uint32_t)p[i + 3] << 24 | (uint32_t)p[i + 2] << 16 |
			      (uint32_t)p[i + 1] << 8 | p[i];
		if (u != 0xfeff)
			sink_cp(s, u);
	}
	if (i < len && !sink_full(s))
		sink_bad(s);
}

/* ---- tables and iconv ------------------------------------------------ */

static void
convert_single(struct charset_sink *s, const struct charset_single *single,
    const unsigned char *p, size_t len)
{
	const unsigned char *end = p + len;
	char tmp[CHUNK];
	size_t n;

	while (p < end && !sink_full(s)) {
		for (n = 0; p < end && n <= sizeof(tmp) - 4 &&
		    single->cp[*p] != CHARSET_SINGLE_BAD; p++)
			n += utf8_put(single->cp[*p], &tmp[n]);
		sink_add(s, tmp, n);
		if (p < end && single->cp[*p] == CHARSET_SINGLE_BAD) {
			sink_bad(s);
			p++;
		}
	}
}

/* One character by a second converter; false if it fails as well. */
static bool
try_other(struct charset_sink *s, enum charset_id id, const unsigned char *p,
    size_t len)
{
	char in[2], tmp[8], *from = in, *to = tmp;
	size_t left = 2, room = sizeof(tmp);

	if (len < 2 || !converters.open[id])
		return false;
	memcpy(in, p, 2);
	(void)iconv(converters.handle[id], NULL, NULL, NULL, NULL);
	if (iconv(converters.handle[id], &from, &left, &to, &room) != 0)
		return false;
	sink_add(s, tmp, (size_t)(to - tmp));
	return true;
}

/* Deals with bytes that iconv refused at p; returns how many to skip. */
static size_t
skip_bad(struct charset_sink *s, enum charset_id id, const unsigned char *p,
    size_t len)
{
	enum charset_kind kind = charset_get(id)->kind;

	if (kind == KIND_GB && p[0] == 0x80) {
		sink_add(s, "\xe2\x82\xac", 3); /* CP936's euro sign */
		return 1;
	}
	if (id == CS_BIG5 && try_other(s, CS_CP950, p, len))
		return 2;
	sink_bad(s);
	/* A lead and a bad byte behind it went wrong together; ASCII behind
	 * it stands for itself. */
	if ((kind == KIND_GB || kind == KIND_BIG5) && len > 1 &&
	    gb_is_lead(p[0]) && p[1] >= 0x80)
		return 2;
	return 1;
}

static void
convert_iconv(struct charset_sink *s, enum charset_id id,
    const unsigned char *p, size_t len)
{
	iconv_t cd = converters.handle[id];
	char tmp[CHUNK], *in = (char *)(uintptr_t)p, *out;
	size_t room, rc, n;
	int code;

	if (converters.single[id] != NULL) {
		convert_single(s, converters.single[id], p, len);
		return;
	}
	if (!converters.open[id]) {
		convert_ascii(s, p, len);
		return;
	}
	(void)iconv(cd, NULL, NULL, NULL, NULL);
	while (len > 0 && !sink_full(s)) {
		out = tmp;
		room = sizeof(tmp);
		rc = iconv(cd, &in, &len, &out, &room);
		code = errno;
		sink_add(s, tmp, (size_t)(out - tmp));
		if (rc != (size_t)-1 || code == E2BIG)
			continue;
		n = skip_bad(s, id, (const unsigned char *)in, len);
		in += n;
		len -= n;
	}
	out = tmp;
	room = sizeof(tmp);
	if (iconv(cd, NULL, NULL, &out, &room) != (size_t)-1 && !sink_full(s))
		sink_add(s, tmp, (size_t)(out - tmp));
}

/* Converts in one go up to a place where a run is out of step. */
static void
convert_gb(struct charset_sink *s, const unsigned char *p, size_t len)
{
	const unsigned char *start = p, *end = p + len, *from = p;
	struct gb_run run;
	size_t n;

	for (; p < end && !sink_full(s); p += n) {
		n = gb_run_length(p, end);
		if (n % 2 == 0) {
			n += n == 0;
			continue;
		}
		gb_run_look(p, end, p > start && p[-1] == 0xff, &run);
		if (run.fault == run.len)
			continue;
		convert_iconv(
		    s, CS_GB18030, from, (size_t)(p + run.fault - from));
		/* Not for the rest of a character whose other byte was just
		 * answered for. */
		if (run.fault > 0 || p == start || p[-1] != 0xff)
			sink_bad(s);
		from = p + run.fault + 1;
	}
	convert_iconv(s, CS_GB18030, from, (size_t)(end - from));
}

/* ---- HZ, RFC 1843 --------------------------------------------------- */

/* HZ → GB 2312 with the high bits set.  Chinese ends at "~}" and, to bear lost
 * escapes, at the end of the line. */
static void
hz_to_gb(const unsigned char *p, size_t len, struct buf *gb)
{
	bool chinese = false;

	for (size_t i = 0; i < len; i++) {
		unsigned char c = p[i], d = i + 1 < len ? p[i + 1] : 0;

		if (c == '~' && (d == '{' || d == '}')) {
			chinese = d == '{';
			i++;
		} else if (c == '~' && d == '~' && !chinese) {
			buf_addc(gb, '~');
			i++;
		} else if (c == '~' && d == '\n' && !chinese) {
			i++;
		} else if (chinese && c > 0x20 && c < 0x7f && d > 0x20 &&
			   d < 0x7f) {
			buf_addc(gb, (char)(c | 0x80));
			buf_addc(gb, (char)(d | 0x80));
			i++;
		} else {
			if (c == '\n')
				chinese = false;
			buf_addc(gb, (char)c);
		}
	}
}

static void
convert_hz(struct charset_sink *s, const unsigned char *p, size_t len)
{
	BUF_AUTO struct buf gb = BUF_INIT;

	hz_to_gb(p, len, &gb);
	if (buf_bad(&gb))
		s->out->bad = true;
	else
		convert_gb(s, (const unsigned char *)buf_str(&gb), gb.len);
}

void
charset_convert(struct charset_sink *sink, enum charset_id id,
    const unsigned char *p, size_t len)
{
	switch (charset_get(id)->kind) {
	case KIND_ASCII:
		convert_ascii(sink, p, len);
		break;
	case KIND_UTF8:
		convert_utf8(sink, p, len);
		break;
	case KIND_UTF16:
		convert_utf16(sink, id != CS_UTF16LE, p, len);
		break;
	case KIND_UTF32:
		convert_utf32(sink, id != CS_UTF32LE, p, len);
		break;
	case KIND_HZ:
		convert_hz(sink, p, len);
		break;
	case KIND_GB:
		convert_gb(sink, p, len);
		break;
	default:
		convert_iconv(sink, id, p, len);
	}
}
