/* SPDX-License-Identifier: ISC */
#include "parse/words.h"

#include <stdint.h>
#include <string.h>

#include "base/buf.h"
#include "base/str.h"
#include "parse/charset.h"

/* Charset names end long before; RFC 2047 gives the whole word 75. */
#define LABEL_MAX 64

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/* Six bits, or -1; the URL-safe alphabet is borne. */
static int
base64_digit(char c)
{
	if (c >= 'A' && c <= 'Z')
		return c - 'A';
	if (c >= 'a' && c <= 'z')
		return c - 'a' + 26;
	if (c >= '0' && c <= '9')
		return c - '0' + 52;
	if (c == '+' || c == '-')
		return 62;
	return c == '/' || c == '_' ? 63 : -1;
}

/* ---- finding words -------------------------------------------------- */

/* Where the text of a B word ends: at the first byte that cannot be in it, or
 * at the next word; without an end mark there also at the first blank. */
static const char *
base64_end(const char *p, const char *end)
{
	const char *q, *blank = NULL;

	for (q = p; q < end; q++) {
		if (*q == '=' && end - q >= 3 && q[1] == '?' && q[2] != '=')
			break;
		if (is_blank(*q))
			blank = blank != NULL ? blank : q;
		else if (base64_digit(*q) < 0 && *q != '=')
			break;
	}
	return blank != NULL && (q == end || *q != '?') ? blank : q;
}

/* Where the text of a Q word ends: at "?=", unless that is a raw question mark
 * in front of an escape ("why?=C4=E3?="); or at the next word, or the end. */
static const char *
q_end(const char *p, const char *end)
{
	for (; p < end; p++) {
		if (*p == '=' && end - p >= 3 && p[1] == '?' && p[2] != '=')
			return p;
		if (*p != '?' || (end - p >= 2 && p[1] != '='))
			continue;
		if (end - p >= 5 && hex_value(p[2]) >= 0 &&
		    hex_value(p[3]) >= 0 && (p[4] == '=' || p[4] == '?'))
			continue;
		return p;
	}
	return p;
}

bool
words_at(const char *p, const char *end, struct word *w)
{
	const char *q;

	if (end - p < 6 || p[0] != '=' || p[1] != '?')
		return false;
	w->label = p + 2;
	for (q = w->label; q < end && q - w->label < LABEL_MAX; q++)
		if (*q == '?' || (unsigned char)*q < 0x20 || *q == '=')
			break;
	w->label_len = (size_t)(q - w->label);
	if (end - q < 3 || *q != '?' || q[2] != '?' ||
	    strchr("bBqQ", q[1]) == NULL || q[1] == '\0')
		return false;
	w->base64 = q[1] == 'b' || q[1] == 'B';
	w->text = q + 3;
	q = w->base64 ? base64_end(w->text, end) : q_end(w->text, end);
	w->text_len = (size_t)(q - w->text);
	/* The end mark may be cut off or missing in front of more. */
	w->end = q;
	if (q < end && *q == '?')
		w->end += end - q >= 2 && q[1] == '=' ? 2 : 1;
	return true;
}

/* The next word in p..end, NULL if none. */
static const char *
find_word(const char *p, const char *end, struct word *w)
{
	for (; p < end; p++) {
		p = memchr(p, '=', (size_t)(end - p));
		if (p == NULL)
			return NULL;
		if (words_at(p, end, w))
			return p;
	}
	return NULL;
}

/* ---- raw runs ------------------------------------------------------- */

static bool
is_ascii(const char *p, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if ((unsigned char)p[i] >= 0x80)
			return false;
	return true;
}

/* Collects all raw text between the words, and the charset of the words. */
static void
collect_raw(const char *raw, size_t len, struct buf *all, const char **near_out)
{
	const char *p = raw, *end = raw + len, *at;
	struct word w;

	while (p < end) {
		at = find_word(p, end, &w);
		buf_add(all, p, (size_t)((at != NULL ? at : end) - p));
		if (at == NULL)
			break;
		if (*near_out == NULL)
			*near_out = charset_canonical(w.label, w.label_len);
		p = w.end;
	}
}

/* Appends the value with every raw run decoded as `label`. */
static int
decode_raw(const char *raw, size_t len, const char *label, struct buf *out)
{
	const char *p = raw, *end = raw + len, *at;
	struct charset_result r;
	struct word w;

	while (p < end) {
		at = find_word(p, end, &w);
		if (charset_decode(p, (size_t)((at != NULL ? at : end) - p),
			label, NULL, out, &r) != 0)
			return -1;
		if (at == NULL)
			break;
		buf_add(out, at, (size_t)(w.end - at));
		p = w.end;
	}
	return buf_bad(out) ? -1 : 0;
}

int
words_raw_to_utf8(const char *raw, size_t len, const struct charset_hint *hint,
    struct buf *out, struct charset_result *result_out)
{
	struct charset_hint near =
	    hint != NULL ? *hint : (struct charset_hint){0};
	BUF_AUTO struct buf all = BUF_INIT;
	BUF_AUTO struct buf text = BUF_INIT;
	const char *nearby = NULL;

	*result_out = (struct charset_result){"us-ascii", false, false, false};
	if (is_ascii(raw, len)) {
		buf_add(out, raw, len);
		return buf_bad(out) ? -1 : 0;
	}
	collect_raw(raw, len, &all, &nearby);
	if (nearby != NULL)
		near.nearby = nearby;
	if (buf_bad(&all) || charset_decode(buf_str(&all), all.len, NULL, &near,
				 &text, result_out) != 0)
		return -1;
	/* Raw UTF-8 is no guess: RFC 6532 section 3.1. */
	if (strcmp(result_out->charset, "utf-8") == 0)
		result_out->guessed = false;
	return decode_raw(raw, len, result_out->charset, out);
}

/* ---- joining and decoding words ------------------------------------- */

/* Adjacent words of one charset. */
struct group {
	bool open;
	struct word first;
	struct buf joined; /* base64 carried over from word to word */
	struct buf apart;  /* each word decoded for itself */
	uint32_t bits;	   /* carried over */
	unsigned n_bits;
	bool broken; /* a word ended inside a quantum */
};

static void
add_q(struct buf *out, const char *p, size_t len)
{
	int high, low;

	for (size_t i = 0; i < len; i++) {
		high = p[i] == '=' && i + 2 < len ? hex_value(p[i + 1]) : -1;
		low = high >= 0 ? hex_value(p[i + 2]) : -1;
		if (low >= 0) {
			buf_addc(out, (char)(high << 4 | low));
			i += 2;
		} else if (p[i] == '_') {
			buf_addc(out, ' ');
		} else {
			buf_addc(out, p[i]);
		}
	}
}

/* Decodes base64; *bits and *n_bits carry an open quantum in and out.  Padding
 * closes it. */
static void
add_base64(struct buf *out, const char *p, size_t len, uint32_t *bits,
    unsigned *n_bits)
{
	int digit;

	for (size_t i = 0; i < len; i++) {
		if (p[i] == '=')
			*n_bits = 0;
		digit = base64_digit(p[i]);
		if (digit < 0)
			continue;
		*bits = *bits << 6 | (uint32_t)digit;
		*n_bits += 6;
		if (*n_bits >= 8) {
			*n_bits -= 8;
			buf_addc(out, (char)(*bits >> *n_bits & 0xff));
		}
	}
}

static void
group_add(struct group *g, const struct word *w)
{
	uint32_t bits = 0;
	unsigned n_bits = 0;

	if (!g->open)
		g->first = *w;
	g->open = true;
	if (!w->base64) {
		g->n_bits = 0;
		add_q(&g->joined, w->text, w->text_len);
		add_q(&g->apart, w->text, w->text_len);
		return;
	}
	add_base64(&g->joined, w->text, w->text_len, &g->bits, &g->n_bits);
	add_base64(&g->apart, w->text, w->text_len, &bits, &n_bits);
	g->broken |= g->n_bits != 0;
}

/* UTF-7 is not joined: a "+" of the next word would be read as base64. */
static bool
group_takes(const struct group *g, const struct word *w)
{
	return g->open && g->first.label_len == w->label_len &&
	       strncasecmp(g->first.label, w->label, w->label_len) == 0 &&
	       memmem(w->label, w->label_len, "7", 1) == NULL;
}

static int
decode_bytes(const struct buf *bytes, const char *label, struct buf *out,
    struct charset_result *r)
{
	return charset_decode(buf_str(bytes), bytes->len,
	    label[0] == '\0' ? NULL : label, NULL, out, r);
}

/* Decodes the group and empties it.  Words that end inside a quantum are mostly
 * base64 cut by bytes; but some mailers leave out the padding. */
static int
group_flush(struct group *g, struct buf *out, struct charset_result *sum)
{
	char label[LABEL_MAX + 1] = "";
	struct charset_result r, other;
	size_t start = out->len;
	int rc = 0;

	if (!g->open)
		return 0;
	memcpy(label, g->first.label, g->first.label_len);
	if (buf_bad(&g->joined) || buf_bad(&g->apart))
		rc = -1;
	if (rc == 0)
		rc = decode_bytes(&g->joined, label, out, &r);
	if (rc == 0 && g->broken && r.lost) {
		buf_cut(out, start);
		rc = decode_bytes(&g->apart, label, out, &other);
		if (rc == 0 && other.lost) {
			buf_cut(out, start);
			rc = decode_bytes(&g->joined, label, out, &r);
		} else {
			r = other;
		}
	}
	if (rc == 0)
		charset_result_add(sum, &r);
	buf_clear(&g->joined);
	buf_clear(&g->apart);
	g->open = false;
	g->bits = g->n_bits = 0;
	g->broken = false;
	return rc;
}

static bool
all_blank(const char *p, const char *end)
{
	while (p < end && is_blank(*p))
		p++;
	return p == end;
}

/* Appends all of a value with its words decoded; still with its folds. */
static int
decode_words(
    const char *p, const char *end, struct buf *out, struct charset_result *sum)
{
	struct group g = {.joined = BUF_INIT, .apart = BUF_INIT};
	const char *at;
	struct word w;
	int rc = 0;

	while (rc == 0 && p < end) {
		at = find_word(p, end, &w);
		/* Blanks between words are no text: RFC 2047 section 6.2. */
		if (at == NULL || !g.open || !all_blank(p, at)) {
			rc = group_flush(&g, out, sum);
			buf_add(out, p, (size_t)((at ? at : end) - p));
		}
		if (at == NULL)
			break;
		if (rc == 0 && !group_takes(&g, &w))
			rc = group_flush(&g, out, sum);
		group_add(&g, &w);
		p = w.end;
	}
	if (rc == 0)
		rc = group_flush(&g, out, sum);
	buf_done(&g.joined);
	buf_done(&g.apart);
	return rc == 0 && buf_bad(out) ? -1 : rc;
}

/* ---- one line ------------------------------------------------------- */

/* Length of the blanks at p; *fold_out = more than plain spaces. */
static size_t
blank_run(const char *p, const char *end, bool *fold_out)
{
	const char *q = p;

	*fold_out = false;
	for (; q < end && is_blank(*q); q++)
		*fold_out |= *q != ' ';
	return (size_t)(q - p);
}

void
words_add_line(struct buf *out, const char *text, size_t len, size_t max)
{
	const char *end = text + len;
	size_t start = out->len, n;
	uint32_t cp;
	bool fold;

	while (text < end && out->len - start <= max) {
		n = blank_run(text, end, &fold);
		if (n > 0) {
			if (out->len > start && text + n < end)
				buf_add(out, fold ? " " : text, fold ? 1 : n);
			text += n;
			continue;
		}
		n = utf8_next(text, end, &cp);
		if (cp == UINT32_MAX)
			buf_adds(out, "\xef\xbf\xbd");
		else if (cp_printable(cp))
			buf_add(out, text, n);
		text += n;
		if (buf_bad(out))
			return;
	}
	if (out->len - start > max)
		buf_cut(out,
		    start + utf8_cut(out->data + start, out->len - start, max));
	while (out->len > start && out->data[out->len - 1] == ' ')
		buf_cut(out, out->len - 1);
}

int
words_decode_utf8(const char *text, size_t len, size_t max, struct buf *out,
    struct charset_result *result_out)
{
	BUF_AUTO struct buf plain = BUF_INIT;

	*result_out = (struct charset_result){"us-ascii", false, false, false};
	if (!is_ascii(text, len))
		result_out->charset = "utf-8";
	if (decode_words(text, text + len, &plain, result_out) != 0)
		return -1;
	words_add_line(out, buf_str(&plain), plain.len, max);
	return buf_bad(out) ? -1 : 0;
}

int
words_decode(const char *raw, size_t len, const struct charset_hint *hint,
    size_t max, struct buf *out, struct charset_result *result_out)
{
	BUF_AUTO struct buf text = BUF_INIT;
	struct charset_result r;

	if (words_raw_to_utf8(raw, len, hint, &text, result_out) != 0 ||
	    words_decode_utf8(buf_str(&text), text.len, max, out, &r) != 0)
		return -1;
	charset_result_add(result_out, &r);
	return 0;
}
