/* SPDX-License-Identifier: ISC */
#include "parse/split.h"

#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "parse/split_signs.h"

/* Lines of a repeated header block, blank ones and folded values included. */
#define BLOCK_MAX 14
/* A signature behind "-- " is short; a tip that uses dashes goes on. */
#define SIGNATURE_LINES 15
#define SIGNATURE_BYTES 1500
/* Height of a signature card's frame. */
#define CARD_LINES 14

enum part { OWN, QUOTED, SIGNED };

/* A line with the blanks off both ends for looking, and whole for keeping. */
struct line {
	const char *text;
	size_t len;
	const char *look;
	size_t look_len;
	enum part part;
	bool marked; /* the part comes from a mark */
};

struct lines {
	struct line *list;
	size_t n;
};

/* ---- lines ---------------------------------------------------------- */

static bool
is_mark(char c)
{
	return c >= SPLIT_QUOTE_BEGIN && c <= SPLIT_SIGN_END;
}

static void
look_at(struct line *line)
{
	const char *p = line->text, *end = p + line->len;

	while (p < end && (*p == ' ' || *p == '\t'))
		p++;
	while (end > p && (end[-1] == ' ' || end[-1] == '\t'))
		end--;
	line->look = p;
	line->look_len = (size_t)(end - p);
}

/* Depths of the marks around a place. */
struct depth {
	size_t quote;
	size_t sign;
};

static void
pass_mark(struct depth *d, char c)
{
	if (c == SPLIT_QUOTE_BEGIN)
		d->quote++;
	else if (c == SPLIT_QUOTE_END)
		d->quote -= d->quote > 0;
	else if (c == SPLIT_SIGN_BEGIN)
		d->sign++;
	else
		d->sign -= d->sign > 0;
}

/* Where the line at p ends: at a line end or a mark. */
static const char *
line_end(const char *p, const char *end)
{
	while (p < end && *p != '\n' && !is_mark(*p))
		p++;
	return p;
}

static size_t
count_lines(const char *p, const char *end)
{
	size_t n = 1;

	for (; p < end && n < MAX_TEXT_LINES; p++)
		n += *p == '\n' || is_mark(*p);
	return n;
}

static int
read_lines(const char *p, const char *end, struct lines *lines)
{
	struct depth d = {0, 0};
	struct line *line;
	size_t max = count_lines(p, end);

	lines->list = calloc(max, sizeof(*lines->list));
	if (lines->list == NULL)
		return -1;
	while (p < end) {
		if (is_mark(*p)) {
			pass_mark(&d, *p++);
			p += p < end && *p == '\n';
			continue;
		}
		line = &lines->list[lines->n];
		line->text = p;
		p = lines->n + 1 < max ? line_end(p, end) : end;
		line->len = (size_t)(p - line->text);
		line->part = d.quote > 0 ? QUOTED : d.sign > 0 ? SIGNED : OWN;
		line->marked = line->part != OWN;
		look_at(line);
		lines->n++;
		p += p < end && *p == '\n';
	}
	return 0;
}

static bool
is_blank(const struct line *line)
{
	return line->look_len == 0;
}

/* The next line with something in it at or behind i; n if none. */
static size_t
next_full(const struct lines *lines, size_t i)
{
	while (i < lines->n && is_blank(&lines->list[i]))
		i++;
	return i;
}

static void
set_parts(struct lines *lines, size_t from, size_t to, enum part part)
{
	for (size_t i = from; i < to; i++)
		lines->list[i].part = part;
}

/* ---- quotes --------------------------------------------------------- */

static bool
is_quoted_line(const struct line *line)
{
	return line->look_len > 0 && line->look[0] == '>' &&
	       line->look - line->text <= 3;
}

static enum header_label
label_of(const struct lines *lines, size_t i)
{
	return i < lines->n
		   ? signs_header(lines->list[i].look, lines->list[i].look_len)
		   : LABEL_NONE;
}

/* Where the rule (or the words "原始邮件") and the blanks in front of line i
 * begin, if there is one. */
static size_t
before_rule(const struct lines *lines, size_t i)
{
	const struct line *above;
	size_t k = i;

	while (k > 0 && is_blank(&lines->list[k - 1]))
		k--;
	if (k == 0 || lines->list[k - 1].part != OWN)
		return i;
	above = &lines->list[k - 1];
	if (signs_is_rule(above->look, above->look_len) ||
	    signs_is_caption(above->look, above->look_len))
		return k - 1;
	return i;
}

/* Whether a block of repeated headers starts at line i: the author on it or on
 * the line behind it (below a rule anywhere), and three different headers close
 * together. */
static bool
is_header_block(const struct lines *lines, size_t i)
{
	unsigned seen = 0, label = label_of(lines, i);
	size_t last = i;

	if (label == LABEL_NONE ||
	    (label != LABEL_FROM && before_rule(lines, i) == i &&
		label_of(lines, next_full(lines, i + 1)) != LABEL_FROM))
		return false;
	for (size_t k = i; k < lines->n && k < i + BLOCK_MAX; k++) {
		const struct line *line = &lines->list[k];

		label = label_of(lines, k);
		if (label != LABEL_NONE) {
			seen |= 1U << label;
			last = k;
		} else if (!is_blank(line) && k > last + 3) {
			break;
		}
	}
	return __builtin_popcount(seen) >= 3 && (seen & 1U << LABEL_FROM) != 0;
}

/* An attribution on line i, or wrapped over up to three lines.  Returns how
 * many lines it has, 0 for none. */
static size_t
attribution_lines(const struct lines *lines, size_t i)
{
	const struct line *first = &lines->list[i], *last;

	if (signs_is_attribution(first->look, first->look_len))
		return 1;
	if (!signs_may_be_attribution(first->look, first->look_len))
		return 0;
	for (size_t k = 1; k < 3 && i + k < lines->n; k++) {
		last = &lines->list[i + k];
		if (last->marked || is_blank(last))
			break;
		if (signs_is_attribution(first->look,
			(size_t)(last->look + last->look_len - first->look)))
			return k + 1;
	}
	return 0;
}

/* An attribution whose quote is marked or has its ">" leaves room for answers
 * below; without, all below is quoted. */
static size_t
quote_attribution(struct lines *lines, size_t i, size_t n)
{
	size_t next = next_full(lines, i + n);

	set_parts(lines, i, i + n, QUOTED);
	if (next < lines->n && (lines->list[next].part == QUOTED ||
				   is_quoted_line(&lines->list[next])))
		return i + n;
	set_parts(lines, i + n, lines->n, QUOTED);
	return lines->n;
}

/* The line or two that say whose the quote on line i is, blanks between. */
static void
quote_introduction(struct lines *lines, size_t i)
{
	const struct line *last, *first;
	size_t k = i;

	while (k > 0 && is_blank(&lines->list[k - 1]))
		k--;
	if (k == 0 || lines->list[k - 1].part != OWN)
		return;
	last = first = &lines->list[k - 1];
	for (size_t n = 1; n <= 2; n++, first--) {
		if (signs_is_introduction(first->look,
			(size_t)(last->look + last->look_len - first->look))) {
			set_parts(lines, k - n, i, QUOTED);
			return;
		}
		if (k - n == 0 || first[-1].part != OWN || is_blank(first - 1))
			return;
	}
}

/* Foxmail puts its owner's address above what it repeats. */
static void
sign_address(struct lines *lines, size_t i)
{
	struct line *line;

	while (i > 0 && is_blank(&lines->list[i - 1]))
		i--;
	if (i < 2)
		return;
	line = &lines->list[i - 1];
	if (line->part == OWN && signs_is_address(line->look, line->look_len))
		line->part = SIGNED;
}

static void
find_quotes(struct lines *lines)
{
	size_t i = 0, n;

	while (i < lines->n) {
		struct line *line = &lines->list[i];

		if (line->part == QUOTED) {
			quote_introduction(lines, i++);
		} else if (line->part != OWN || is_blank(line)) {
			i++;
		} else if (is_quoted_line(line)) {
			line->part = QUOTED;
			quote_introduction(lines, i++);
		} else if (signs_is_divider(line->look, line->look_len) ||
			   is_header_block(lines, i)) {
			if (label_of(lines, i) != LABEL_NONE)
				sign_address(lines, i);
			set_parts(
			    lines, before_rule(lines, i), lines->n, QUOTED);
			return;
		} else if ((n = attribution_lines(lines, i)) > 0) {
			i = quote_attribution(lines, i, n);
		} else {
			i++;
		}
	}
}

/* ---- signatures ----------------------------------------------------- */

static bool
is_delimiter(const struct line *line)
{
	return line->look_len == 2 && memcmp(line->look, "--", 2) == 0;
}

/* Where the signature that begins on line i ends, blank lines at its end left
 * out; i itself when it is too long for one. */
static size_t
signature_end(const struct lines *lines, size_t i)
{
	size_t end = i, bytes = 0;

	for (size_t k = i; k < lines->n && lines->list[k].part == OWN; k++) {
		if (is_blank(&lines->list[k]))
			continue;
		bytes += lines->list[k].len;
		end = k + 1;
		if (end - i > SIGNATURE_LINES || bytes > SIGNATURE_BYTES)
			return i;
	}
	return end;
}

/* The frame of bars over a card's footer on line i begins where? */
static size_t
card_start(const struct lines *lines, size_t i)
{
	size_t start = i;

	for (size_t k = i; k > 0 && i - k < CARD_LINES; k--) {
		const struct line *line = &lines->list[k - 1];

		if (line->part != OWN)
			break;
		if (line->look_len > 0 && line->look[0] == '|')
			start = k - 1;
	}
	return start;
}

/* The end of the block that a delimiter or a disclaimer on line i opens; i when
 * it opens none. */
static size_t
block_end(const struct lines *lines, size_t i)
{
	const struct line *line = &lines->list[i];

	if (is_delimiter(line) ||
	    signs_is_disclaimer(line->look, line->look_len))
		return signature_end(lines, i);
	return i;
}

static void
find_signatures(struct lines *lines)
{
	bool has_own = false;
	size_t end;

	for (size_t i = 0; i < lines->n; i++) {
		struct line *line = &lines->list[i];

		if (line->part != OWN || is_blank(line))
			continue;
		if (signs_is_footer(line->look, line->look_len)) {
			line->part = SIGNED;
		} else if (signs_is_card_footer(line->look, line->look_len)) {
			set_parts(lines, card_start(lines, i), i + 1, SIGNED);
		} else if (has_own && (end = block_end(lines, i)) > i) {
			set_parts(lines, i, end, SIGNED);
			i = end - 1;
		} else {
			has_own = true;
		}
	}
}

/* ---- the three texts ------------------------------------------------ */

static void
trim(struct buf *b)
{
	size_t skip = 0;

	while (b->len > 0 && strchr(" \t\n", b->data[b->len - 1]) != NULL)
		buf_cut(b, b->len - 1);
	while (skip < b->len && b->data[skip] == '\n')
		skip++;
	if (skip == 0)
		return;
	memmove(b->data, b->data + skip, b->len - skip);
	buf_cut(b, b->len - skip);
}

/* Sorts the lines out; blank ones go with the line in front of them. */
static void
write_parts(const struct lines *lines, struct split *split)
{
	struct buf *to[] = {&split->own, &split->quoted, &split->signature};
	enum part part = OWN;

	for (size_t i = 0; i < lines->n; i++) {
		const struct line *line = &lines->list[i];

		if (!is_blank(line) || line->marked)
			part = line->part;
		buf_add(to[part], line->text, line->len);
		buf_addc(to[part], '\n');
	}
	for (size_t i = 0; i < 3; i++)
		if (!buf_bad(to[i]))
			trim(to[i]);
}

/* Takes one ">" off every line, if every line has one. */
static void
unquote(struct buf *text)
{
	BUF_AUTO struct buf out = BUF_INIT;
	const char *p = buf_str(text), *end = p + text->len, *to;

	while (p < end) {
		to = memchr(p, '\n', (size_t)(end - p));
		to = to != NULL ? to : end;
		if (*p == '>')
			p += 1 + (p + 1 < to && p[1] == ' ');
		else if (p < to)
			return;
		buf_add(&out, p, (size_t)(to - p));
		buf_addc(&out, '\n');
		p = to + (to < end);
	}
	if (buf_bad(&out))
		return;
	buf_clear(text);
	buf_add(text, buf_str(&out), out.len);
	trim(text);
}

/* A forwarded tip: its words are all there is.  A text that is all signature
 * was none. */
static void
promote(struct split *split)
{
	struct buf empty = BUF_INIT;

	if (split->own.len == 0 && split->quoted.len == 0) {
		buf_done(&split->own);
		split->own = split->signature;
		split->signature = empty;
		return;
	}
	if (split->quoted.len == 0 || buf_bad(&split->own) ||
	    (split->own.len > 0 &&
		!signs_is_forward_word(split->own.data, split->own.len)))
		return;
	buf_done(&split->own);
	split->own = split->quoted;
	split->quoted = empty;
	split->forwarded = true;
	unquote(&split->own);
}

int
split_text(const char *text, size_t len, struct split *split_out)
{
	struct lines lines = {NULL, 0};

	*split_out = (struct split){BUF_INIT, BUF_INIT, BUF_INIT, false};
	if (read_lines(text, text + len, &lines) != 0)
		return -1;
	find_quotes(&lines);
	find_signatures(&lines);
	write_parts(&lines, split_out);
	free(lines.list);
	promote(split_out);
	return buf_bad(&split_out->own) || buf_bad(&split_out->quoted) ||
		       buf_bad(&split_out->signature)
		   ? -1
		   : 0;
}

void
split_done(struct split *split)
{
	buf_done(&split->own);
	buf_done(&split->quoted);
	buf_done(&split->signature);
}
