/* SPDX-License-Identifier: ISC */
#include "intake/gram.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/limits.h"
#include "base/str.h"

/* First of the CJK blocks (radicals); all scripts above write without blanks
 * between words or are punctuation that was sorted out before. */
#define CJK_FIRST 0x2e80

struct span {
	uint32_t first, last;
};

static bool
in_spans(const struct span *s, size_t n, uint32_t cp)
{
	for (size_t i = 0; i < n; i++)
		if (cp >= s[i].first && cp <= s[i].last)
			return true;
	return false;
}

static uint32_t
fold(uint32_t cp)
{
	if (cp >= 0xff01 && cp <= 0xff5e)
		cp -= 0xff01 - '!';
	return cp >= 'A' && cp <= 'Z' ? cp + ('a' - 'A') : cp;
}

static bool
is_blank(uint32_t cp)
{
	return cp == ' ' || (cp >= '\t' && cp <= '\r') || cp == 0xa0 ||
	       cp == 0x3000 || (cp >= 0x2000 && cp <= 0x200a);
}

/* Middle dots of plates and names, and what has no width. */
static bool
parts_nothing(uint32_t cp)
{
	static const struct span s[] = {{0xb7, 0xb7}, {0x200b, 0x200f},
	    {0x2022, 0x2022}, {0x2027, 0x2027}, {0x2060, 0x2064},
	    {0x30fb, 0x30fb}, {0xfe00, 0xfe0f}, {0xfeff, 0xfeff}};

	return in_spans(s, sizeof(s) / sizeof(s[0]), cp);
}

static bool
is_letter(uint32_t cp)
{
	static const struct span punctuation[] = {{0x80, 0xa9}, {0xab, 0xb4},
	    {0xb6, 0xb9}, {0xbb, 0xbf}, {0xd7, 0xd7}, {0xf7, 0xf7},
	    {0x2000, 0x206f}, {0x2190, 0x245f}, {0x2500, 0x27bf},
	    {0x3000, 0x3004}, {0x3008, 0x3020}, {0x302a, 0x3030},
	    {0x303d, 0x303f}, {0xfe10, 0xfe6f}, {0xff61, 0xff65},
	    {0xffe0, 0xffff}};

	if (cp < 0x80)
		return (cp >= '0' && cp <= '9') || (cp >= 'a' && cp <= 'z');
	return cp != UINT32_MAX &&
	       !in_spans(punctuation,
		   sizeof(punctuation) / sizeof(punctuation[0]), cp);
}

void
gram_units(const char *text, struct buf *units)
{
	size_t len = strlen(text);
	const char *end =
	    text +
	    (len > MAX_FIND_BYTES ? utf8_cut(text, len, MAX_FIND_BYTES) : len);
	bool blank = false, parted = true;
	struct gram_unit u = {0};
	uint32_t cp, before = 0;
	size_t n;

	for (const char *p = text; p < end; p += n) {
		n = utf8_next(p, end, &cp);
		if (is_blank(cp))
			blank = true;
		if (is_blank(cp) || parts_nothing(cp))
			continue;
		cp = cp == UINT32_MAX ? cp : fold(cp);
		if (!is_letter(cp)) {
			parted = true;
			continue;
		}
		u.cp = cp;
		u.at = (uint32_t)(p - text);
		u.len = (uint8_t)n;
		u.joined = !parted &&
			   (!blank || (before >= CJK_FIRST && cp >= CJK_FIRST));
		buf_add(units, &u, sizeof(u));
		before = cp;
		blank = parted = false;
	}
}

static int
compare(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return x < y ? -1 : x > y;
}

static void
add_word(struct buf *out, uint32_t first, uint32_t second)
{
	char bytes[4];

	buf_add(out, bytes, utf8_put(first, bytes));
	if (second != 0)
		buf_add(out, bytes, utf8_put(second, bytes));
}

void
gram_index(const struct buf *units, struct buf *out)
{
	const struct gram_unit *u =
	    (const struct gram_unit *)(const void *)units->data;
	size_t n = units->len / sizeof(*u);
	uint64_t *words = malloc((n + 1) * sizeof(*words));

	if (words == NULL) {
		out->bad = true;
		return;
	}
	for (size_t i = 0; i < n; i++) {
		words[i] = (uint64_t)u[i].cp << 32;
		if (i + 1 < n && u[i + 1].joined)
			words[i] |= u[i + 1].cp;
	}
	qsort(words, n, sizeof(*words), compare);
	for (size_t i = 0; i < n; i++) {
		if (i > 0 && words[i] == words[i - 1])
			continue;
		add_word(out, (uint32_t)(words[i] >> 32), (uint32_t)words[i]);
		buf_addc(out, ' ');
	}
	free(words);
}

void
gram_pairs(const char *const *texts, size_t n, struct buf *out)
{
	BUF_AUTO struct buf units = BUF_INIT;

	for (size_t i = 0; i < n; i++)
		gram_units(texts[i], &units);
	gram_index(&units, out);
	out->bad |= buf_bad(&units);
}

void
gram_expression(const struct gram_unit *word, size_t n, struct buf *out)
{
	for (size_t i = 0; i + 1 < n || i == 0; i++) {
		buf_adds(out, i > 0 ? " AND \"" : "\"");
		add_word(out, word[i].cp, i + 1 < n ? word[i + 1].cp : 0);
		buf_adds(out, n == 1 ? "\" *" : "\"");
	}
}

static bool
stands_at(const struct gram_unit *u, const struct gram_unit *word, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (u[i].cp != word[i].cp || (i > 0 && !u[i].joined))
			return false;
	return true;
}

size_t
gram_find(const struct gram_unit *units, size_t n_units, size_t from,
    const struct gram_unit *word, size_t n)
{
	for (size_t i = from; n > 0 && i + n <= n_units; i++)
		if (stands_at(units + i, word, n))
			return i;
	return n_units;
}
