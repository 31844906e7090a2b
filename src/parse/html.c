/* SPDX-License-Identifier: ISC */
#include "parse/html.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/limits.h"
#include "base/str.h"
#include "parse/html_element.h"
#include "parse/html_token.h"
#include "parse/html_write.h"
#include "parse/split.h"

/* An image's words; longer ones are machine descriptions. */
#define ALT_MAX 500
/* Where a document names its charset: HTML standard, 13.2.3.2 has 1024. */
#define META_MAX 8192

/* An open element, and what was in force around it. */
struct open {
	struct html_element element;
	bool hides;
	bool quote;
	bool sign;
	bool font_zero;
	bool invisible;
	bool preserve;
	bool no_margin;
	unsigned item; /* of a list: its last number */
};

struct walk {
	struct html_writer w;
	struct open stack[MAX_HTML_DEPTH];
	size_t depth;
	size_t beyond;		  /* open elements above MAX_HTML_DEPTH */
	uint16_t count[EL_NAMES]; /* of each name on the stack */
	size_t n_hidden;
	size_t n_lists;
	bool font_zero;
	bool invisible;
	bool preserve;

	const struct html_options *options;
	struct buf url; /* of the open link; empty if none */
	size_t link_start;
};

static bool
is_visible(const struct walk *k)
{
	return k->n_hidden == 0 && !k->font_zero && !k->invisible;
}

/* ---- links ---------------------------------------------------------- */

static bool
is_web(const char *url)
{
	return str_istarts(url, "http://") || str_istarts(url, "https://") ||
	       str_istarts(url, "ftp://");
}

static void
open_link(struct walk *k, const struct html_token *token)
{
	BUF_AUTO struct buf raw = BUF_INIT;
	const char *url;

	buf_clear(&k->url);
	if (!is_visible(k) ||
	    !html_attribute(token, "href", MAX_URL_BYTES, &raw))
		return;
	if (raw.len == 0 || buf_bad(&raw))
		return;
	url = str_trim(raw.data);
	str_add_printable(&k->url, url, strlen(url), false);
	k->link_start = k->w.out->len;
}

/* Whether the text shows the target already: "www.example.com" for
 * "http://www.example.com/". */
static bool
shows_target(const char *text, const char *url)
{
	size_t n = strlen(url), have = strlen(text);

	if (str_istarts(url, "mailto:")) {
		url += 7;
		n = strcspn(url, "?");
	}
	if (have > 0 && text[have - 1] == '/')
		have--;
	if (n > 0 && url[n - 1] == '/')
		n--;
	if (have == n && strncasecmp(text, url, n) == 0)
		return true;
	if (!str_istarts(url, "http"))
		return false;
	url = strchr(url, ':') + 3;
	n = strlen(url);
	n -= n > 0 && url[n - 1] == '/';
	return have == n && strncasecmp(text, url, n) == 0;
}

/* Writes " (URL)" behind a link's text, unless it says the same or nothing. */
static void
close_link(struct walk *k)
{
	BUF_AUTO struct buf text = BUF_INIT;
	struct buf *out = k->w.out;
	const char *url = buf_str(&k->url);
	char *shown;

	if (k->url.len == 0 || k->link_start > out->len)
		return;
	buf_add(&text, out->data == NULL ? "" : out->data + k->link_start,
	    out->len - k->link_start);
	if (buf_bad(&text) || buf_bad(&k->url))
		return;
	shown = str_trim(text.data);
	if (k->options != NULL && k->options->on_link != NULL && is_web(url))
		k->options->on_link(k->options->arg, url, shown);
	if (*shown != '\0' && (is_web(url) || str_istarts(url, "mailto:")) &&
	    !shows_target(shown, url)) {
		html_write_text(&k->w, " (", 2, WRITE_PRESERVE);
		html_write_text(
		    &k->w, url, k->url.len, WRITE_PRESERVE | WRITE_PLAIN);
		html_write_text(&k->w, ")", 1, WRITE_PAGE);
	}
	buf_clear(&k->url);
}

/* ---- images --------------------------------------------------------- */

/* Width or height of 0..2: a pixel that tells when the mail was read. */
static bool
is_tiny(const struct html_token *token, const char *name)
{
	BUF_AUTO struct buf value = BUF_INIT;

	return html_attribute(token, name, 16, &value) && value.len > 0 &&
	       value.data[0] >= '0' && value.data[0] <= '9' &&
	       strtoul(value.data, NULL, 10) <= 2 &&
	       strchr(value.data, '%') == NULL;
}

/* A file's name or address says nothing to a reader. */
static bool
is_file_name(const char *alt)
{
	static const char *const ends[] = {
	    ".jpg", ".jpeg", ".png", ".gif", ".bmp", ".webp", ".heic", ".svg"};
	size_t len = strlen(alt), n;

	for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++) {
		n = strlen(ends[i]);
		if (len >= n && str_ieq(alt + len - n, ends[i]))
			return true;
	}
	return is_web(alt) || str_istarts(alt, "cid:");
}

static void
write_image(struct walk *k, const struct html_token *token)
{
	BUF_AUTO struct buf alt = BUF_INIT;

	if (!html_attribute(token, "alt", ALT_MAX, &alt) || buf_bad(&alt) ||
	    alt.len == 0 || is_file_name(buf_str(&alt)) ||
	    is_tiny(token, "width") || is_tiny(token, "height"))
		return;
	html_write_text(&k->w, alt.data, alt.len, WRITE_PLAIN);
}

/* ---- the stack ------------------------------------------------------ */

/* Line ends that an element wants around itself. */
static unsigned
breaks_of(const struct open *o)
{
	if ((o->element.flags & EL_BLOCK) == 0)
		return 0;
	return (o->element.flags & EL_PARA) != 0 && !o->no_margin ? 2 : 1;
}

static void
pop(struct walk *k)
{
	struct open *o = &k->stack[--k->depth];
	unsigned breaks = breaks_of(o);

	k->count[o->element.id]--;
	if ((o->element.flags & EL_LINK) != 0)
		close_link(k);
	if (is_visible(k)) {
		if ((o->element.flags & EL_CELL) != 0)
			html_write_cell_end(&k->w);
		if ((o->element.flags & EL_ITEM) != 0)
			html_write_item_end(&k->w);
		if (breaks > 0) {
			k->w.fresh = false;
			html_write_break(&k->w, breaks);
		}
	}
	k->n_hidden -= o->hides;
	k->n_lists -= (o->element.flags & EL_LIST) != 0;
	k->font_zero = o->font_zero;
	k->invisible = o->invisible;
	k->preserve = o->preserve;
	if (o->quote)
		html_write_mark(&k->w, SPLIT_QUOTE_END);
	if (o->sign)
		html_write_mark(&k->w, SPLIT_SIGN_END);
}

/* Index of the innermost open element of this name, not looking out of a cell
 * (tables look out of everything up to their own); depth if there is none. */
static size_t
find_open(const struct walk *k, struct html_element e)
{
	bool in_table = (e.flags & (EL_CELL | EL_ROW | EL_TABLE)) != 0;
	uint16_t wall = in_table ? EL_TABLE : EL_CELL | EL_TABLE;

	if (k->count[e.id] == 0)
		return k->depth;
	for (size_t i = k->depth; i > 0; i--) {
		if (k->stack[i - 1].element.id == e.id)
			return i - 1;
		if ((k->stack[i - 1].element.flags & wall) != 0)
			break;
	}
	return k->depth;
}

static void
close_to(struct walk *k, size_t depth)
{
	while (k->depth > depth)
		pop(k);
}

/* Closes the innermost open element that has one of these flags, and all in it,
 * but not beyond one that has `wall`. */
static void
close_flagged(struct walk *k, unsigned flags, unsigned wall)
{
	for (size_t i = k->depth; i > 0; i--) {
		unsigned have = k->stack[i - 1].element.flags;

		if ((have & flags) != 0) {
			close_to(k, i - 1);
			return;
		}
		if ((have & wall) != 0)
			return;
	}
}

/* End tags that HTML lets one leave out. */
static void
imply_ends(struct walk *k, struct html_element e)
{
	if ((e.flags & EL_BLOCK) != 0)
		close_flagged(k, EL_P, EL_CELL | EL_TABLE | EL_BLOCK);
	if ((e.flags & EL_ITEM) != 0)
		close_flagged(k, EL_ITEM, EL_LIST | EL_CELL | EL_TABLE);
	if ((e.flags & (EL_CELL | EL_ROW)) != 0)
		close_flagged(k, EL_CELL, EL_TABLE | EL_ROW);
	if ((e.flags & EL_ROW) != 0)
		close_flagged(k, EL_ROW, EL_TABLE);
	if ((e.flags & EL_LINK) != 0)
		close_flagged(k, EL_LINK, EL_CELL | EL_TABLE | EL_BLOCK);
}

/* ---- tags ----------------------------------------------------------- */

static void
start_item(struct walk *k)
{
	char prefix[24];
	unsigned depth = k->n_lists > 6 ? 6 : (unsigned)k->n_lists;
	unsigned number = 0;
	size_t list = k->n_lists > 0 ? k->depth : 0;

	while (list > 0 && (k->stack[list - 1].element.flags & EL_LIST) == 0)
		list--;
	if (list > 0 && (k->stack[list - 1].element.flags & EL_ORDERED) != 0)
		number = ++k->stack[list - 1].item;
	if (number > 0)
		(void)snprintf(prefix, sizeof(prefix), "%*s%u. ",
		    depth > 1 ? (int)(2 * (depth - 1)) : 0, "",
		    number % 100000);
	else
		(void)snprintf(prefix, sizeof(prefix), "%*s- ",
		    depth > 1 ? (int)(2 * (depth - 1)) : 0, "");
	html_write_item(&k->w, prefix);
}

/* Puts what an element looks like in front of its content. */
static void
begin_content(struct walk *k, const struct open *o)
{
	unsigned flags = o->element.flags, breaks = breaks_of(o);

	if (!is_visible(k))
		return;
	if ((flags & EL_ITEM) != 0) {
		start_item(k);
	} else if ((flags & EL_CELL) != 0) {
		html_write_cell(&k->w);
	} else if ((flags & EL_ROW) != 0) {
		html_write_row(&k->w);
	} else if (breaks > 0) {
		html_write_break(&k->w, breaks);
	}
}

/* The number of a list's first item, less one. */
static unsigned
start_of(const struct html_token *token)
{
	BUF_AUTO struct buf value = BUF_INIT;
	int64_t n;

	if (!html_attribute(token, "start", 16, &value) || buf_bad(&value) ||
	    str_int64(buf_str(&value), 1, 99999, &n) < 0)
		return 0;
	return (unsigned)n - 1;
}

static void
push(struct walk *k, const struct html_token *token, struct html_element e)
{
	struct open *o = &k->stack[k->depth];
	struct html_look look;

	html_look_at(token, &look);
	*o = (struct open){.element = e,
	    .hides = look.hidden || (e.flags & EL_HIDDEN) != 0,
	    .quote = look.quote || (e.flags & EL_QUOTE) != 0,
	    .sign = look.sign,
	    .font_zero = k->font_zero,
	    .invisible = k->invisible,
	    .preserve = k->preserve,
	    .no_margin = look.no_margin,
	    .item = (e.flags & EL_ORDERED) != 0 ? start_of(token) : 0};
	if (o->quote)
		html_write_mark(&k->w, SPLIT_QUOTE_BEGIN);
	if (o->sign)
		html_write_mark(&k->w, SPLIT_SIGN_BEGIN);
	if (look.font_zero >= 0)
		k->font_zero = look.font_zero == 1;
	if (look.invisible >= 0)
		k->invisible = look.invisible == 1;
	k->preserve |= look.preserve || (e.flags & EL_PRE) != 0;
	k->n_hidden += o->hides;
	k->n_lists += (e.flags & EL_LIST) != 0;
	k->depth++;
	k->count[e.id]++;
	begin_content(k, o);
}

/* Elements without content. */
static void
void_tag(struct walk *k, const struct html_token *token)
{
	struct html_look look;

	html_look_at(token, &look);
	if (look.hidden || !is_visible(k))
		return;
	if (strcmp(token->name, "br") == 0) {
		html_write_line(&k->w);
	} else if (strcmp(token->name, "hr") == 0) {
		html_write_break(&k->w, 1);
		html_write_text(&k->w, "----------", 10, WRITE_PAGE);
		html_write_break(&k->w, 1);
	} else if (strcmp(token->name, "img") == 0) {
		write_image(k, token);
	}
}

static void
open_tag(struct walk *k, const struct html_token *token)
{
	struct html_element e = html_element_find(token->name);

	if (token->unclosed)
		return;
	imply_ends(k, e);
	if ((e.flags & EL_VOID) != 0) {
		void_tag(k, token);
		return;
	}
	if (k->depth == MAX_HTML_DEPTH) {
		k->beyond++;
		if ((e.flags & EL_BLOCK) != 0)
			html_write_break(&k->w, 1);
		return;
	}
	push(k, token, e);
	if ((e.flags & EL_LINK) != 0)
		open_link(k, token);
}

static void
close_tag(struct walk *k, const struct html_token *token)
{
	struct html_element e = html_element_find(token->name);

	if (k->beyond > 0) {
		k->beyond--;
		return;
	}
	/* "</br>" and "</p>" alone are written as if they were openings. */
	if (strcmp(token->name, "br") == 0 && is_visible(k))
		html_write_line(&k->w);
	if ((e.flags & EL_VOID) == 0)
		close_to(k, find_open(k, e));
}

int
html_text(const char *html, size_t len, size_t max,
    const struct html_options *options, struct buf *out, bool *cut_out)
{
	struct html_input in;
	struct html_token token;
	struct walk *k = calloc(1, sizeof(*k));
	bool cut;

	if (k == NULL)
		return -1;
	k->options = options;
	html_write_init(&k->w, out, max);
	html_input_init(&in, html, len);
	for (html_next(&in, &token); token.kind != HTML_END && !k->w.cut;
	     html_next(&in, &token)) {
		if (token.kind == HTML_OPEN)
			open_tag(k, &token);
		else if (token.kind == HTML_CLOSE)
			close_tag(k, &token);
		else if (is_visible(k) && !token.raw)
			html_write_text(&k->w, token.text, token.len,
			    k->preserve ? WRITE_PRESERVE : WRITE_PAGE);
	}
	close_to(k, 0);
	cut = k->w.cut;
	buf_done(&k->url);
	free(k);
	if (cut_out != NULL)
		*cut_out = cut;
	return buf_bad(out) ? -1 : 0;
}

/* ---- charset -------------------------------------------------------- */

/* Takes the charset out of "charset=gb2312" or "text/html; charset='x'". */
static size_t
read_charset(const char *p, const char *end, char *name, size_t size)
{
	size_t n = 0;

	while (p < end && strchr(" \t\r\n\"'", *p) != NULL && *p != '\0')
		p++;
	while (p < end && n + 1 < size &&
	       ((*p >= 'a' && *p <= 'z') || (*p >= 'A' && *p <= 'Z') ||
		   (*p >= '0' && *p <= '9') ||
		   (*p != '\0' && strchr("-_:.", *p) != NULL)))
		name[n++] = *p++;
	name[n] = '\0';
	return n;
}

/* Behind `word` and an equals sign in p..end; NULL if not there. */
static const char *
behind(const char *p, const char *end, const char *word)
{
	size_t n = strlen(word);

	for (; (size_t)(end - p) > n; p++) {
		if (strncasecmp(p, word, n) != 0)
			continue;
		p += n;
		while (p < end && (*p == ' ' || *p == '\t'))
			p++;
		if (p < end && *p == '=')
			return p + 1;
		p--;
	}
	return NULL;
}

int
html_meta_charset(const void *raw, size_t len, char *name_out, size_t size)
{
	const char *p = raw, *end = p + (len < META_MAX ? len : META_MAX);
	const char *gt, *value;

	while ((p = memchr(p, '<', (size_t)(end - p))) != NULL) {
		gt = memchr(p, '>', (size_t)(end - p));
		if (gt == NULL)
			return 0;
		value = NULL;
		if (gt - p > 5 && strncasecmp(p, "<meta", 5) == 0)
			value = behind(p, gt, "charset");
		else if (gt - p > 5 && strncasecmp(p, "<?xml", 5) == 0)
			value = behind(p, gt, "encoding");
		if (value != NULL && read_charset(value, gt, name_out, size))
			return 1;
		p++;
	}
	return 0;
}
