/* SPDX-License-Identifier: ISC */
#include "parse/charset_judge.h"

#include <string.h>

#include <uchardet/uchardet.h>

#include "base/str.h"
#include "parse/charset_convert.h"
#include "parse/charset_gb.h"

/* Enough to be sure, little enough to be quick. */
#define SAMPLE 65536
/* uchardet is right from 15 East Asian characters on (two bytes each). */
#define UCHARDET_MIN 30

static bool
is_letter(unsigned char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* Sequences of four that mails use: emoji and rare Chinese, planes 1 and 2.
 * The other planes come out of East Asian bytes by chance. */
static bool
is_used_plane(const unsigned char *p)
{
	return p[0] < 0xf0 || (p[0] == 0xf0 && p[1] < 0xb0);
}

static void
look_utf8(struct judge *j)
{
	const unsigned char *p = j->sample, *end = p + j->len;
	size_t n;

	while (p < end) {
		if (*p < 0x80) {
			p++;
			continue;
		}
		n = *p < 0xe0 ? 2 : *p < 0xf0 ? 3 : 4;
		if (n <= (size_t)(end - p) && charset_utf8_prefix(p, n) == n &&
		    is_used_plane(p)) {
			if (n == 2)
				j->utf8_two += n;
			else
				j->utf8_more += n;
			p += n;
			continue;
		}
		if (charset_utf8_cesu(p, (size_t)(end - p))) {
			j->utf8_more += 6;
			p += 6;
			continue;
		}
		n = charset_utf8_bad(p, (size_t)(end - p));
		j->utf8_bad += n;
		j->utf8_ruins++;
		p += n;
	}
}

/* Pairs of a sound or mended run. */
static void
look_gb_run(struct judge *j, const unsigned char *p, const struct gb_run *run)
{
	for (size_t i = 0; i + 1 < run->len; i += 2) {
		if (i == run->fault) {
			i--; /* leaves out one byte */
			continue;
		}
		j->gb_kana += p[i] == 0xa4 || p[i] == 0xa5;
		j->gb_beyond += p[i] > 0xc8 && gb_is_common(p[i], p[i + 1]);
	}
	j->gb_pairs += run->pairs;
	j->gb_common += run->common;
	j->gb_bad += run->fault < run->len;
}

static void
look_gb(struct judge *j)
{
	const unsigned char *p = j->sample, *end = p + j->len;
	struct gb_run run;

	while (p < end) {
		if (*p < 0x80) {
			p++;
			continue;
		}
		if (!gb_is_lead(*p)) {
			j->gb_bad++;
			p++;
			continue;
		}
		gb_run_look(p, end, p > j->sample && p[-1] == 0xff, &run);
		look_gb_run(j, p, &run);
		p += run.len;
		if (run.len % 2 == 0 || run.fault < run.len)
			continue;
		/* Its last byte has an ASCII trail, or is alone. */
		if (p < end && *p >= 0x30 && *p <= 0x7e) {
			j->gb_pairs++;
			p++;
		} else {
			j->gb_bad++;
		}
	}
}

static void
look_big5(struct judge *j)
{
	const unsigned char *p = j->sample, *end = p + j->len;

	while (p < end) {
		unsigned char c = p[0], d = p + 1 < end ? p[1] : 0;

		if (c < 0x80) {
			p++;
		} else if (c < 0x87 || c == 0xff || d < 0x40 || d == 0xff ||
			   (d > 0x7e && d < 0xa1)) {
			j->big5_bad++;
			p++;
		} else {
			j->big5_pairs++;
			j->big5_low += d < 0x80;
			j->big5_common += c >= 0xa4 ? c <= 0xc6 : c == 0xa1;
			p += 2;
		}
	}
}

/* Signs that Western text has alone between blanks and words, in windows-1252:
 * quotation marks, dashes, no-break space, degree, section and so on. */
static bool
is_latin_sign(unsigned char c)
{
	return c != 0 && strchr("\x80\x85\x91\x92\x93\x94\x96\x97\xa0\xa7\xa9"
				"\xab\xae\xb0\xb4\xb7\xbb\xbf",
			     c) != NULL;
}

/* Whether the run from..to of high bytes reads as Western text. */
static bool
is_latin_run(const struct judge *j, size_t from, size_t to)
{
	const unsigned char *p = j->sample;
	unsigned char before = from > 0 ? p[from - 1] : ' ';
	unsigned char behind = to < j->len ? p[to] : ' ';

	if (to - from == 2) /* « with its no-break space; "üß" in a word */
		return (p[from] == 0xa0 && is_latin_sign(p[from + 1])) ||
		       (p[from + 1] == 0xa0 && is_latin_sign(p[from])) ||
		       (!gb_is_common(p[from], p[from + 1]) &&
			   p[from] >= 0xc0 && p[from + 1] >= 0xc0 &&
			   is_letter(before) && is_letter(behind));
	if (to - from != 1)
		return false;
	if (p[from] >= 0xc0)
		return is_letter(before) || is_letter(behind) ||
		       (before <= ' ' && behind <= ' ');
	return is_latin_sign(p[from]) &&
	       (!is_letter(before) || !is_letter(behind) || p[from] == 0x92);
}

static void
look_runs(struct judge *j)
{
	const unsigned char *p = j->sample;
	size_t i = 0, from;

	while (i < j->len) {
		if (p[i] < 0x80) {
			i++;
			continue;
		}
		for (from = i; i < j->len && p[i] >= 0x80; i++)
			j->n_high++;
		j->n_runs++;
		j->n_alone += is_latin_run(j, from, i);
	}
}

void
judge_look(struct judge *j, const unsigned char *p, size_t len)
{
	size_t skip = 0;

	*j = (struct judge){0};
	while (skip < len && p[skip] < 0x80)
		skip++;
	/* One byte before the first high one: a Latin word begins there. */
	skip -= skip > 0 && skip < len;
	j->sample = p + skip;
	j->len = len - skip < SAMPLE ? len - skip : SAMPLE;
	look_runs(j);
	look_utf8(j);
	look_gb(j);
	look_big5(j);
}

/* Three of four Chinese characters and more are sound. */
static bool
is_mostly_utf8(const struct judge *j)
{
	return j->utf8_more >= 3 && j->utf8_more >= 3 * j->utf8_ruins &&
	       j->gb_common * 10 < j->gb_pairs * 7;
}

/* The label's word counts: for one ruined character, and against a few pairs
 * that would do as GB. */
static bool
is_damaged_labelled(const struct judge *j)
{
	size_t good = j->utf8_two + j->utf8_more;

	if (good == 0)
		return j->utf8_bad <= 4 && j->gb_bad > 0 && !judge_is_latin(j);
	return j->utf8_more > j->utf8_bad || good > 4 * j->utf8_bad ||
	       (good > j->utf8_bad && !judge_is_gb(j)) ||
	       (j->gb_bad > 0 && is_mostly_utf8(j));
}

bool
judge_is_damaged_utf8(const struct judge *j, bool labelled)
{
	if (labelled)
		return is_damaged_labelled(j);
	/* In GBK text hardly one character in fifty begins a valid sequence of
	 * three; sequences of two come by chance in every sixth. */
	if ((j->utf8_more >= 6 || j->gb_bad > 0) && is_mostly_utf8(j))
		return true;
	return j->utf8_two >= 8 && j->utf8_two >= 8 * j->utf8_bad;
}

bool
judge_is_latin(const struct judge *j)
{
	return j->n_alone * 10 >= j->n_runs * 6;
}

bool
judge_is_gb(const struct judge *j)
{
	return j->gb_common > 0 && j->gb_common * 10 >= j->gb_pairs * 6 &&
	       j->gb_bad * 10 <= j->gb_pairs + 9;
}

bool
judge_is_big5(const struct judge *j)
{
	return j->big5_pairs >= 4 && j->big5_bad * 20 <= j->big5_pairs &&
	       j->big5_common * 10 >= j->big5_pairs * 9 &&
	       j->big5_low * 5 >= j->big5_pairs &&
	       j->gb_common * 10 < j->gb_pairs * 7;
}

/* Chinese without doubt: level 1 is used over its whole breadth (Korean stays
 * below C8) and there is no kana. */
static bool
is_surely_gb(const struct judge *j)
{
	return j->gb_pairs >= 4 && judge_is_gb(j) &&
	       j->gb_common * 20 >= j->gb_pairs * 17 &&
	       j->gb_beyond * 20 >= j->gb_pairs * 3 &&
	       j->gb_kana * 10 <= j->gb_pairs;
}

static enum charset_id
ask_uchardet(const struct judge *j)
{
	uchardet_t u = uchardet_new();
	enum charset_id id = CS_NONE;
	const char *name;

	if (u == NULL)
		return CS_NONE;
	if (uchardet_handle_data(u, (const char *)j->sample, j->len) == 0) {
		uchardet_data_end(u);
		name = uchardet_get_charset(u);
		id = charset_find(name, strlen(name));
	}
	uchardet_delete(u);
	/* The rarest ones are believed from a label only. */
	return id < CS_COUNT ? id : CS_NONE;
}

enum charset_id
judge_guess(const struct judge *j)
{
	enum charset_id id;

	if (is_surely_gb(j))
		return CS_GB18030;
	if (judge_is_big5(j))
		return CS_BIG5;
	if (j->n_high >= UCHARDET_MIN) {
		id = ask_uchardet(j);
		/* ASCII and UTF-* are ruled out; of the single-byte ones it
		 * names some for any Chinese text with damage in it. */
		if (id >= CS_GB18030 && (id < CS_1252 || !judge_is_gb(j)))
			return id;
	}
	if (judge_is_gb(j))
		return CS_GB18030;
	if (judge_is_latin(j))
		return CS_1252;
	return CS_NONE;
}

static bool
is_plausible(unsigned u)
{
	return (u >= 0x20 && u < 0x7f) || u == '\n' || u == '\r' || u == '\t' ||
	       (u >= 0xa0 && u < 0x500) || (u >= 0x2010 && u < 0x2040) ||
	       (u >= 0x3000 && u < 0x3100) || (u >= 0x4e00 && u < 0xa000) ||
	       (u >= 0xac00 && u < 0xd7a4) || (u >= 0xff00 && u < 0xfff0);
}

/* Plausible units of a text in one byte order; emoji are pairs of units.  Half
 * of all units are some Chinese character, so ASCII and Chinese punctuation
 * count once more for the order. */
static size_t
count_plausible(
    const unsigned char *p, size_t units, bool big, size_t *score_out)
{
	unsigned u, before = 0;
	size_t n = 0, extra = 0;

	for (size_t i = 0; i < units; i++, before = u) {
		u = charset_unit16(p + 2 * i, big);
		n += is_plausible(u);
		extra += u < 0x80 || u == 0x3001 || u == 0x3002 || u == 0xff0c;
		if (before >= 0xd83c && before <= 0xd83e && u >= 0xdc00 &&
		    u < 0xe000)
			n += 2;
	}
	*score_out = n + extra;
	return n;
}

enum charset_id
judge_utf16(const unsigned char *p, size_t len, enum charset_id preferred)
{
	size_t units = (len < SAMPLE ? len : SAMPLE) / 2;
	size_t big_score, little_score;
	size_t big = count_plausible(p, units, true, &big_score);
	size_t little = count_plausible(p, units, false, &little_score);

	if (preferred == CS_UTF16BE && big * 10 >= units * 7)
		return CS_UTF16BE;
	if (preferred == CS_UTF16LE && little * 10 >= units * 7)
		return CS_UTF16LE;
	if (units == 0 || (big > little ? big : little) * 10 < units * 7)
		return CS_NONE;
	return big_score >= little_score ? CS_UTF16BE : CS_UTF16LE;
}

bool
judge_is_asian(const char *text, size_t len)
{
	const char *end = text + len;
	uint32_t cp;

	while (text < end) {
		text += utf8_next(text, end, &cp);
		if (cp >= 0x80 && !(cp >= 0x2e80 && cp < 0xa000) &&
		    !(cp >= 0xac00 && cp < 0xd7a4) &&
		    !(cp >= 0xf900 && cp < 0xfb00) && cp < 0xff00)
			return false;
	}
	return true;
}

/* How a run of two-byte sequences reads as UTF-8. */
enum two { TWO_WORD, TWO_SYMBOL, TWO_LONE, TWO_ODD };

/* Letters of one alphabet in a row, accented letters beside plain ones, or
 * signs like "·" and "°" make sense; others came about by chance. */
static enum two
read_two(const unsigned char *p, const unsigned char *from,
    const unsigned char *to, const unsigned char *end)
{
	unsigned char low = from[0], high = from[0];

	for (const unsigned char *q = from; q < to; q += 2) {
		low = q[0] < low ? q[0] : low;
		high = q[0] > high ? q[0] : high;
	}
	if (high <= 0xc5)
		return (from > p && is_letter(from[-1])) ||
			       (to < end && is_letter(to[0]))
			   ? TWO_WORD
		       : high == 0xc2 ? TWO_SYMBOL
				      : TWO_LONE;
	if (to - from < 4)
		return TWO_LONE;
	if ((low >= 0xce && high <= 0xcf) || (low >= 0xd0 && high <= 0xd3) ||
	    (low >= 0xd8 && high <= 0xdb) || (low == 0xd7 && high == 0xd7))
		return TWO_WORD;
	return TWO_ODD;
}

bool
judge_is_chance_utf8(
    const unsigned char *p, size_t len, enum charset_kind label)
{
	bool asian =
	    label == KIND_GB || label == KIND_BIG5 || label == KIND_MULTI;
	const unsigned char *end = p + len, *q = p, *from;
	bool odd = asian;
	enum two two;

	while (q < end) {
		if (*q < 0x80) {
			q++;
			continue;
		}
		for (from = q; q < end && *q >= 0x80; q += 2)
			if (!gb_is_common(q[0], q[1]) && !asian)
				return false;
		two = read_two(p, from, q, end);
		if (two == TWO_WORD && *from <= 0xc5)
			return false;
		odd |=
		    two == TWO_ODD || (two == TWO_LONE && label != KIND_UTF8);
	}
	return odd;
}

bool
judge_is_hz(const unsigned char *p, size_t len)
{
	const unsigned char *end;
	size_t pairs = 0;
	bool closed = false;

	len = len < SAMPLE ? len : SAMPLE;
	end = p + len;
	while (p < end && (p = memchr(p, '~', (size_t)(end - p))) != NULL) {
		if (end - p < 2 || p[1] != '{') {
			p += end - p < 2 ? 1 : 2;
			continue;
		}
		/* GB 2312 fills rows 21..77. */
		for (p += 2; end - p >= 2 && p[0] >= 0x21 && p[0] <= 0x77 &&
			     p[1] >= 0x21 && p[1] <= 0x7e;
		     p += 2)
			pairs++;
		if (p < end && *p == '~' && end - p >= 2 && p[1] == '}')
			closed = true;
		else if (p < end && *p != '\r' && *p != '\n')
			return false;
	}
	return pairs > 0 && closed;
}
