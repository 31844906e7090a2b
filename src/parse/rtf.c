/* SPDX-License-Identifier: ISC */
#include "parse/rtf.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/str.h"
#include "parse/charset.h"

/* Braces in each other; Word needs 20. */
#define MAX_GROUPS 100
/* Fonts whose character set is kept; a letter has 50. */
#define MAX_FONTS 256
/* Most bytes that a compressed body may become. */
#define MAX_UNPACKED (16UL << 20)

/* ---- compression -------------------------------------------------------- */

#define WINDOW 4096

/* MS-OXRTFCP section 2.1.2.1: what the dictionary begins with. */
static const char dictionary[] =
    "{\\rtf1\\ansi\\mac\\deff0\\deftab720{\\fonttbl;}{\\f0\\fnil \\froman "
    "\\fswiss \\fmodern \\fscript \\fdecor MS Sans SerifSymbolArialTimes New "
    "RomanCourier{\\colortbl\\red0\\green0\\blue0\r\n\\par \\pard\\plain\\f0"
    "\\fs20\\b\\i\\u\\tab\\tx";

static uint32_t
le32(const unsigned char *p)
{
	return p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 |
	       (uint32_t)p[3] << 24;
}

struct window {
	char data[WINDOW];
	size_t at;
	struct buf *out;
};

static void
put_byte(struct window *w, char c)
{
	w->data[w->at] = c;
	w->at = (w->at + 1) % WINDOW;
	buf_addc(w->out, c);
}

/* One reference into the window; false at the end. */
static bool
put_copy(struct window *w, const unsigned char *p)
{
	size_t from = (size_t)p[0] << 4 | p[1] >> 4, n = (p[1] & 15U) + 2;

	if (from == w->at)
		return false;
	for (size_t i = 0; i < n; i++)
		put_byte(w, w->data[(from + i) % WINDOW]);
	return true;
}

static void
unpack(const unsigned char *p, const unsigned char *end, struct window *w)
{
	while (p < end && w->out->len < MAX_UNPACKED) {
		unsigned flags = *p++;

		for (int bit = 0; bit < 8 && p < end; bit++, flags >>= 1) {
			if ((flags & 1) == 0) {
				put_byte(w, (char)*p++);
			} else if (end - p < 2 || !put_copy(w, p)) {
				return;
			} else {
				p += 2;
			}
		}
	}
}

bool
rtf_unpack(const void *data, size_t len, struct buf *out)
{
	const unsigned char *p = data;
	struct window *w;

	if (len < 16)
		return false;
	if (le32(p + 8) == 0x414c454dU) { /* "MELA": as it is */
		buf_add(out, p + 16, len - 16);
		return true;
	}
	if (le32(p + 8) != 0x75465a4cU) /* "LZFu" */
		return false;
	w = calloc(1, sizeof(*w));
	if (w == NULL)
		return false;
	memcpy(w->data, dictionary, sizeof(dictionary) - 1);
	w->at = sizeof(dictionary) - 1;
	w->out = out;
	unpack(p + 16, p + len, w);
	free(w);
	return true;
}

/* ---- reading ------------------------------------------------------------ */

/* What a brace saves. */
struct group {
	bool skip;     /* a destination that is no text */
	bool fonts;    /* the font table */
	bool rtf_only; /* \htmlrtf: a copy of what stands in a tag */
	bool tag;      /* \*\htmltag */
	int unicode_skip;
	unsigned page; /* code page of \'hh */
};

struct reader {
	const char *p;
	const char *end;
	struct buf *out;
	struct buf raw; /* bytes of raw_page, not decoded yet */
	unsigned raw_page;
	struct group stack[MAX_GROUPS];
	size_t depth;  /* index of the group at hand */
	size_t beyond; /* groups above MAX_GROUPS */
	unsigned page; /* \ansicpg */
	unsigned font_page[MAX_FONTS];
	int font; /* of the font table's entry at hand */
	bool html;
	bool star;     /* \* was just read */
	int to_skip;   /* characters that only repeat a \u */
	unsigned high; /* the first half of a pair of surrogates */
};

static struct group *
top(struct reader *r)
{
	return &r->stack[r->depth];
}

static bool
is_shown(struct reader *r)
{
	const struct group *g = top(r);

	return !g->skip && !g->fonts && !g->rtf_only && r->beyond == 0;
}

/* Decodes the bytes that have been gathered. */
static void
flush(struct reader *r)
{
	struct charset_result ignored;
	char label[16];

	if (r->raw.len == 0)
		return;
	if (r->raw_page == 65001)
		(void)snprintf(label, sizeof(label), "utf-8");
	else
		(void)snprintf(label, sizeof(label), "cp%u", r->raw_page);
	(void)charset_decode(
	    r->raw.data, r->raw.len, label, NULL, r->out, &ignored);
	buf_clear(&r->raw);
}

static void
put_raw(struct reader *r, char c)
{
	unsigned page = top(r)->page != 0 ? top(r)->page : r->page;

	if (page != r->raw_page)
		flush(r);
	r->raw_page = page;
	buf_addc(&r->raw, c);
}

static void
put_cp(struct reader *r, uint32_t cp)
{
	char utf8[4];

	flush(r);
	buf_add(r->out, utf8, utf8_put(cp, utf8));
}

static void
put_text(struct reader *r, const char *s)
{
	if (!is_shown(r))
		return;
	flush(r);
	buf_adds(r->out, s);
}

/* A character of the text. */
static void
put_char(struct reader *r, char c)
{
	if (r->to_skip > 0)
		r->to_skip--;
	else if (is_shown(r))
		put_raw(r, c);
}

/* \u: signed 16 bits, two of them for what is beyond. */
static void
put_unicode(struct reader *r, int value)
{
	uint32_t cp = (uint32_t)value & 0xffff;

	r->to_skip = top(r)->unicode_skip;
	if (!is_shown(r))
		return;
	if (cp >= 0xd800 && cp < 0xdc00) {
		r->high = cp;
		return;
	}
	if (cp >= 0xdc00 && cp < 0xe000 && r->high != 0)
		cp = 0x10000 + ((r->high - 0xd800) << 10) + (cp - 0xdc00);
	r->high = 0;
	put_cp(r, cp);
}

/* ---- control words ------------------------------------------------------ */

/* \fcharset of a font → code page. */
static unsigned
page_of_charset(int charset)
{
	static const struct {
		int charset;
		unsigned page;
	} pages[] = {{128, 932}, {129, 949}, {130, 1361}, {134, 936},
	    {136, 950}, {161, 1253}, {162, 1254}, {163, 1258}, {177, 1255},
	    {178, 1256}, {186, 1257}, {204, 1251}, {222, 874}, {238, 1250}};

	for (size_t i = 0; i < sizeof(pages) / sizeof(pages[0]); i++) {
		if (pages[i].charset == charset)
			return pages[i].page;
	}
	return 0;
}

/* Destinations that are not the letter's text. */
static bool
is_apart(const char *word)
{
	static const char *const words[] = {"fonttbl", "colortbl", "stylesheet",
	    "info", "pict", "object", "header", "headerl", "headerr", "footer",
	    "footerl", "footerr", "footnote", "listtable", "listoverridetable",
	    "rsidtbl", "generator", "themedata", "colorschememapping",
	    "latentstyles", "datastore", "xmlnstbl", "revtbl", "mmathPr",
	    "fldinst", "bkmkstart", "bkmkend", "filetbl", "atnid",
	    "annotation"};

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		if (strcmp(words[i], word) == 0)
			return true;
	}
	return false;
}

/* Words that stand for characters. */
static const char *
text_of(const char *word)
{
	static const char *const words[][2] = {{"par", "\n"}, {"line", "\n"},
	    {"sect", "\n"}, {"page", "\n"}, {"row", "\n"}, {"cell", "\t"},
	    {"tab", "\t"}, {"emdash", "—"}, {"endash", "–"}, {"lquote", "‘"},
	    {"rquote", "’"}, {"ldblquote", "“"}, {"rdblquote", "”"},
	    {"bullet", "•"}, {"emspace", " "}, {"enspace", " "}};

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		if (strcmp(words[i][0], word) == 0)
			return words[i][1];
	}
	return NULL;
}

static void
use_font(struct reader *r, int font)
{
	if (font < 0 || font >= MAX_FONTS)
		return;
	if (top(r)->fonts)
		r->font = font;
	else
		top(r)->page = r->font_page[font];
}

/* Words about the character set; false when it is none of them. */
static bool
set_charset(struct reader *r, const char *word, int value)
{
	if (strcmp(word, "ansicpg") == 0)
		r->page = value > 0 ? (unsigned)value : 1252;
	else if (strcmp(word, "f") == 0)
		use_font(r, value);
	else if (strcmp(word, "fcharset") == 0)
		r->font_page[r->font] = page_of_charset(value);
	else if (strcmp(word, "uc") == 0)
		top(r)->unicode_skip = value >= 0 && value < 10 ? value : 1;
	else
		return false;
	return true;
}

static void
do_word(struct reader *r, const char *word, bool has_value, int value)
{
	struct group *g = top(r);
	const char *text;

	if (strcmp(word, "u") == 0 && has_value) {
		put_unicode(r, value);
	} else if (strcmp(word, "fromhtml") == 0) {
		r->html = true;
	} else if (strcmp(word, "htmltag") == 0) {
		g->tag = true;
		g->skip = false;
	} else if (strcmp(word, "htmlrtf") == 0) {
		g->rtf_only = !has_value || value != 0;
	} else if (strcmp(word, "fonttbl") == 0) {
		g->fonts = true;
	} else if (r->star || is_apart(word)) {
		g->skip = true;
	} else if (!set_charset(r, word, value) &&
		   (text = text_of(word)) != NULL) {
		/* The tags of what was HTML tell the lines. */
		put_text(r, r->html && text[0] == '\n' ? "\r\n" : text);
	}
}

/* A control word behind its backslash: letters, a number, one blank. */
static void
read_word(struct reader *r)
{
	char word[32];
	size_t n = 0;
	bool has_value = false, minus = false;
	long value = 0;

	while (r->p < r->end && ((*r->p | 32) >= 'a' && (*r->p | 32) <= 'z')) {
		if (n + 1 < sizeof(word))
			word[n++] = *r->p;
		r->p++;
	}
	word[n] = '\0';
	if (r->p < r->end && *r->p == '-') {
		minus = true;
		r->p++;
	}
	for (; r->p < r->end && *r->p >= '0' && *r->p <= '9'; r->p++) {
		has_value = true;
		if (value < 1000000)
			value = value * 10 + (*r->p - '0');
	}
	if (r->p < r->end && *r->p == ' ')
		r->p++;
	do_word(r, word, has_value, (int)(minus ? -value : value));
	r->star = false;
}

/* What follows a backslash. */
static void
read_control(struct reader *r)
{
	char c = *r->p;
	int high, low;

	if ((c | 32) >= 'a' && (c | 32) <= 'z') {
		read_word(r);
		return;
	}
	r->p++;
	if (c == '\'' && r->end - r->p >= 2) {
		high = hex_value(r->p[0]);
		low = hex_value(r->p[1]);
		r->p += 2;
		if (high >= 0 && low >= 0)
			put_char(r, (char)(high << 4 | low));
	} else if (c == '*') {
		r->star = true;
	} else if (c == '~') {
		put_text(r, r->html ? "&nbsp;" : " ");
	} else if (c == '_') {
		put_char(r, '-');
	} else if (c == '\n' || c == '\r') {
		put_text(r, "\n");
	} else if (c == '\\' || c == '{' || c == '}') {
		put_char(r, c);
	}
}

static void
open_group(struct reader *r)
{
	if (r->depth + 1 == MAX_GROUPS || r->beyond > 0) {
		r->beyond++;
		return;
	}
	r->stack[r->depth + 1] = r->stack[r->depth];
	r->depth++;
	r->star = false;
}

static void
close_group(struct reader *r)
{
	if (r->beyond > 0)
		r->beyond--;
	else if (r->depth > 0)
		r->depth--;
	r->star = false;
	r->to_skip = 0;
}

void
rtf_read(const char *rtf, size_t len, struct buf *out, bool *html_out)
{
	struct reader *r = calloc(1, sizeof(*r));

	*html_out = false;
	if (r == NULL) {
		out->bad = true;
		return;
	}
	r->p = rtf;
	r->end = rtf + len;
	r->out = out;
	r->page = 1252;
	r->stack[0].unicode_skip = 1;
	while (r->p < r->end && !buf_bad(out)) {
		char c = *r->p++;

		if (c == '{')
			open_group(r);
		else if (c == '}')
			close_group(r);
		else if (c == '\\' && r->p < r->end)
			read_control(r);
		else if (c != '\r' && c != '\n' && c != '\0')
			put_char(r, c);
	}
	flush(r);
	*html_out = r->html;
	buf_done(&r->raw);
	free(r);
}
