/* SPDX-License-Identifier: ISC */
#include "route/normtable.h"

#include <stdlib.h>
#include <string.h>

#include <opencc/opencc.h>
#include <utf8proc.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"

#define DECOMPOSE \
	(UTF8PROC_DECOMPOSE | UTF8PROC_COMPAT | UTF8PROC_CASEFOLD | \
	    UTF8PROC_IGNORE | UTF8PROC_STRIPMARK)

/* Unified ideographs that OpenCC's character table knows. */
static const struct {
	uint32_t from, to;
} han_blocks[] = {{0x3400, 0x4dbf}, {0x4e00, 0x9fff}};

/* Characters that mean a digit, in the order 0–9. */
static const char *const digit_rows[] = {
    "〇一二三四五六七八九",
    "零壹贰叁肆伍陆柒捌玖",
    "⓿❶❷❸❹❺❻❼❽❾",
    "⓪➀➁➂➃➄➅➆➇➈",
    "⓪➊➋➌➍➎➏➐➑➒",
};

/* Pairs that are one word in two spellings and that OpenCC leaves alone. */
static const char *const same_rows[] = {
    "著着", "彷仿", "甯宁", "弌1", "弍2", "弎3", "幺1", "俱具", "覆复"};

static const char weak_marks[] = ",，、:：﹐﹑︰";
static const char strong_marks[] = "!;?。！？；｡";

static enum norm_kind
kind_of(uint32_t cp)
{
	if (cp < 0x80 && ((cp >= '0' && cp <= '9') || (cp >= 'a' && cp <= 'z')))
		return NORM_ALNUM;
	if (cp == '\n' || cp == 0x0b || cp == 0x0c || cp == 0x85 ||
	    cp == 0x2028 || cp == 0x2029)
		return NORM_NEWLINE;
	if (cp == '\t' || cp == '\r')
		return NORM_BLANK;
	switch (utf8proc_category((utf8proc_int32_t)cp)) {
	case UTF8PROC_CATEGORY_LU:
	case UTF8PROC_CATEGORY_LL:
	case UTF8PROC_CATEGORY_LT:
	case UTF8PROC_CATEGORY_LM:
	case UTF8PROC_CATEGORY_LO:
	case UTF8PROC_CATEGORY_ND:
	case UTF8PROC_CATEGORY_NL:
	case UTF8PROC_CATEGORY_NO:
		return NORM_LETTER;
	case UTF8PROC_CATEGORY_ZS:
		return NORM_BLANK;
	case UTF8PROC_CATEGORY_MN:
	case UTF8PROC_CATEGORY_MC:
	case UTF8PROC_CATEGORY_ME:
	case UTF8PROC_CATEGORY_CC:
	case UTF8PROC_CATEGORY_CF:
	case UTF8PROC_CATEGORY_CS:
		return NORM_IGNORED;
	default:
		return NORM_NOISE;
	}
}

/* Compatibility decomposition, case folded.  A character that has none, or
 * that utf8proc refuses, stands for itself. */
static size_t
decompose(uint32_t cp, utf8proc_int32_t out[NORM_MOST_CHARS])
{
	utf8proc_ssize_t n;
	int boundary = 0;

	n = utf8proc_decompose_char(
	    (utf8proc_int32_t)cp, out, NORM_MOST_CHARS, DECOMPOSE, &boundary);
	if (n < 0 || n > NORM_MOST_CHARS) {
		out[0] = (utf8proc_int32_t)cp;
		return 1;
	}
	return (size_t)n;
}

size_t
norm_chars(const struct norm_table *table, uint32_t cp,
    struct norm_char list[NORM_MOST_CHARS])
{
	utf8proc_int32_t parts[NORM_MOST_CHARS];
	struct norm_char c;
	size_t n;

	if (cp > 0x10ffff) { /* a bad byte */
		list[0] = (struct norm_char){0xfffd, NORM_NOISE};
		return 1;
	}
	c = norm_char(table, cp);
	if (c.kind != NORM_MANY) {
		list[0] = c;
		return 1;
	}
	n = decompose(cp, parts);
	for (size_t i = 0; i < n; i++) {
		uint32_t part = (uint32_t)parts[i];

		c = norm_char(table, part);
		if (c.kind == NORM_MANY)
			c = (struct norm_char){part, kind_of(part)};
		list[i] = c;
	}
	return n;
}

static void
set(struct norm_table *t, uint32_t cp, uint32_t to, enum norm_kind kind)
{
	if (cp < 0x10000)
		t->bmp[cp] = (uint32_t)kind << 24 | to;
}

static void
fill_plain(struct norm_table *t)
{
	utf8proc_int32_t parts[NORM_MOST_CHARS];
	enum norm_kind kind;

	for (uint32_t cp = 0; cp < 0x10000; cp++) {
		size_t n;

		kind = kind_of(cp);
		if (kind == NORM_NEWLINE || kind == NORM_BLANK) {
			set(t, cp, cp, kind);
			continue;
		}
		n = decompose(cp, parts);
		if (n == 0)
			set(t, cp, cp, NORM_IGNORED);
		else if (n == 1)
			set(t, cp, (uint32_t)parts[0],
			    kind_of((uint32_t)parts[0]));
		else
			set(t, cp, cp, NORM_MANY);
	}
}

/* Every character of the blocks on a line of its own. */
static void
list_han(struct buf *lines)
{
	char bytes[4];

	for (size_t b = 0; b < sizeof(han_blocks) / sizeof(*han_blocks); b++)
		for (uint32_t cp = han_blocks[b].from; cp <= han_blocks[b].to;
		     cp++) {
			buf_add(lines, bytes, utf8_put(cp, bytes));
			buf_addc(lines, '\n');
		}
}

static void
take_simplified(struct norm_table *t, const char *lines)
{
	const char *p = lines, *end = p + strlen(p), *next;
	uint32_t to;

	for (size_t b = 0; b < sizeof(han_blocks) / sizeof(*han_blocks); b++)
		for (uint32_t cp = han_blocks[b].from;
		     cp <= han_blocks[b].to && p < end; cp++) {
			next = p + utf8_next(p, end, &to);
			if (next < end && *next == '\n' && to != cp)
				set(t, cp, to, NORM_LETTER);
			p = memchr(next, '\n', (size_t)(end - next));
			if (p == NULL)
				return;
			p++;
		}
}

static int
fill_simplified(struct norm_table *t, struct err *err)
{
	struct buf lines BUF_AUTO = BUF_INIT;
	opencc_t cc = opencc_open(OPENCC_DEFAULT_CONFIG_TRAD_TO_SIMP);
	char *out = NULL;

	if (cc == (opencc_t)-1)
		return err_set(err, ERR_SYSTEM, ERR_OWN, 0,
		    "OpenCC cannot open %s (%s); install libopencc-data",
		    OPENCC_DEFAULT_CONFIG_TRAD_TO_SIMP, opencc_error());
	list_han(&lines);
	if (!buf_bad(&lines))
		out = opencc_convert_utf8(cc, lines.data, lines.len);
	opencc_close(cc);
	if (out == NULL)
		return err_set(err, ERR_SYSTEM, ERR_OWN, 0,
		    "OpenCC gave no table of simplified characters");
	take_simplified(t, out);
	opencc_convert_utf8_free(out);
	return 0;
}

/* Characters whose compatibility form is a traditional one. */
static void
follow_once(struct norm_table *t)
{
	for (uint32_t cp = 0; cp < 0x10000; cp++) {
		struct norm_char c = norm_char(t, cp), next;

		if (c.kind == NORM_MANY || c.cp >= 0x10000 || c.cp == cp)
			continue;
		next = norm_char(t, c.cp);
		if (next.kind != NORM_MANY)
			set(t, cp, next.cp, next.kind);
	}
}

/* Digits keep the kind of their script: blanks and marks round 一 are treated
 * as round any other Han character. */
static void
fill_digits(struct norm_table *t)
{
	for (size_t r = 0; r < sizeof(digit_rows) / sizeof(*digit_rows); r++) {
		const char *p = digit_rows[r], *end = p + strlen(p);

		for (uint32_t d = 0; p < end; d++) {
			uint32_t cp;

			p += utf8_next(p, end, &cp);
			set(t, cp, '0' + d, r < 2 ? NORM_LETTER : NORM_ALNUM);
		}
	}
	for (size_t r = 0; r < sizeof(same_rows) / sizeof(*same_rows); r++) {
		const char *p = same_rows[r], *end = p + strlen(p);
		uint32_t from, to;

		p += utf8_next(p, end, &from);
		utf8_next(p, end, &to);
		set(t, from, to, NORM_LETTER);
	}
}

static void
fill_marks(struct norm_table *t, const char *marks, enum norm_kind kind)
{
	const char *p = marks, *end = p + strlen(p);
	uint32_t cp;

	while (p < end) {
		p += utf8_next(p, end, &cp);
		set(t, cp, norm_char(t, cp).cp, kind);
	}
}

int
norm_table_new(struct norm_table **table_out, struct err *err)
{
	struct norm_table *t = calloc(1, sizeof(*t));

	if (t == NULL)
		return err_set(err, ERR_SYSTEM, ERR_OWN, 0,
		    "no memory for the normaliser's table");
	fill_plain(t);
	if (fill_simplified(t, err) != 0) {
		free(t);
		return err_at(err, "normaliser");
	}
	fill_digits(t);
	fill_marks(t, weak_marks, NORM_WEAK);
	fill_marks(t, strong_marks, NORM_STRONG);
	follow_once(t);
	*table_out = t;
	return 0;
}

void
norm_table_free(struct norm_table **table)
{
	free(*table);
	*table = NULL;
}
