/* SPDX-License-Identifier: ISC */
#include "letter/expand.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "letter/clean.h"
#include "letter/template.h"

#define COLON "\xef\xbc\x9a" /* ： */
/* Bytes of a label: ten Chinese characters. */
#define MAX_LABEL 30

/* One line of the template while it is filled. */
struct filler {
	expand_value *value;
	const void *arg;
	struct buf *text;
	size_t skip;      /* open sections that are left out */
	size_t fields;    /* fields met */
	size_t shown;     /* … that had a value */
	bool block;       /* the last one was a block */
	bool strong;      /* one of them was a deadline */
	bool literal;     /* template's own words, not only blanks */
	bool marked;      /* anything but text was met, or text was skipped */
	size_t label_len; /* of a leading "label：" */
};

static void
fill_text(struct filler *f, const struct node *node)
{
	const char *colon;

	if (f->skip > 0) {
		f->marked = true;
		return;
	}
	for (size_t i = 0; i < node->len; i++)
		f->literal = f->literal || (node->s[i] != ' ' &&
		    node->s[i] != '\t');
	if (f->text->len == 0) {
		colon = memmem(node->s, node->len, COLON, strlen(COLON));
		if (colon != NULL && colon - node->s <= MAX_LABEL)
			f->label_len = (size_t)(colon - node->s);
	}
	buf_add(f->text, node->s, node->len);
}

static void
fill_field(struct filler *f, const struct node *node)
{
	size_t before = f->text->len;
	const char *v;

	if (f->skip > 0)
		return;
	v = f->value(f->arg, (int)node->slot);
	if (slot_is_block(node->slot))
		clean_block(f->text, v);
	else
		clean_line(f->text, v, SIZE_MAX);
	f->fields++;
	f->shown += f->text->len > before;
	f->block = slot_is_block(node->slot);
	f->strong = f->strong || slot_is_strong(node->slot);
}

static void
fill_open(struct filler *f, const struct node *node)
{
	BUF_AUTO struct buf v = BUF_INIT;

	if (f->skip == 0)
		clean_line(&v, f->value(f->arg, (int)node->slot), SIZE_MAX);
	if (f->skip > 0 || v.len == 0)
		f->skip++;
}

static void
fill(struct filler *f, const struct node *node)
{
	switch (node->kind) {
	case NODE_TEXT:
		fill_text(f, node);
		return;
	case NODE_SLOT:
		fill_field(f, node);
		break;
	case NODE_OPEN:
		fill_open(f, node);
		break;
	case NODE_CLOSE:
		f->skip -= f->skip > 0;
		break;
	case NODE_EOL:
		return;
	}
	f->marked = true;
}

static bool
starts_and_ends(const char *s, const char *start, const char *end)
{
	size_t len = strlen(s), n = strlen(end);

	return len >= n && strncmp(s, start, strlen(start)) == 0 &&
	    strcmp(s + len - n, end) == 0;
}

static enum line_kind
kind_of(const struct filler *f, const char *s)
{
	if (f->fields == 1 && f->block && !f->literal)
		return LINE_BLOCK;
	if (f->fields > 0)
		return f->label_len > 0 ? LINE_FACT : LINE_TEXT;
	return starts_and_ends(s, "", COLON) ||
	    starts_and_ends(s, "【", "】") ? LINE_HEAD : LINE_TEXT;
}

/* Blanks at the ends are the template's accident. */
static const char *
trimmed(struct arena *a, const struct buf *text)
{
	const char *s = buf_str(text);
	size_t len = text->len;

	while (len > 0 && (s[len - 1] == ' ' || s[len - 1] == '\t'))
		len--;
	return arena_memdup(a, s, len);
}

static int
end_line(struct filler *f, bool blank, struct arena *a,
    struct letter_lines *out)
{
	struct letter_line *line = &out->list[out->n];
	const char *s = trimmed(a, f->text);

	if (s == NULL || buf_bad(f->text))
		return -1;
	*line = (struct letter_line){LINE_BLANK, s, 0, s, f->strong};
	if (blank) {
		out->n += out->n > 0 && line[-1].kind != LINE_BLANK;
		return 0;
	}
	if (*s == '\0' || (f->fields > 0 && f->shown == 0 &&
	    (!f->literal || f->label_len > 0)))
		return 0;
	line->kind = kind_of(f, s);
	if (line->kind == LINE_FACT) {
		line->label_len = f->label_len;
		line->value = s + f->label_len + strlen(COLON);
	}
	out->n++;
	return 0;
}

static void
start_line(struct filler *f)
{
	buf_clear(f->text);
	f->fields = f->shown = f->label_len = 0;
	f->block = f->strong = f->literal = f->marked = false;
}

static size_t
count_lines(const struct template *t)
{
	size_t n = 1;

	for (size_t i = 0; i < t->n_body; i++)
		n += t->body[i].kind == NODE_EOL;
	return n;
}

int
expand_body(const struct template *t, expand_value *value, const void *arg,
    struct arena *a, struct letter_lines *out)
{
	BUF_AUTO struct buf text = BUF_INIT;
	struct filler f = {.value = value, .arg = arg, .text = &text};
	bool blank;

	out->n = 0;
	out->list = arena_array(a, count_lines(t), sizeof(*out->list));
	if (out->list == NULL)
		return -1;
	for (size_t i = 0; i <= t->n_body; i++) {
		if (i < t->n_body && t->body[i].kind != NODE_EOL) {
			fill(&f, &t->body[i]);
			continue;
		}
		blank = !f.marked && !f.literal && f.skip == 0;
		if (end_line(&f, blank, a, out) != 0)
			return -1;
		start_line(&f);
	}
	while (out->n > 0 && out->list[out->n - 1].kind == LINE_BLANK)
		out->n--;
	return 0;
}

void
expand_subject(const struct template *t, expand_value *value, const void *arg,
    struct buf *out)
{
	BUF_AUTO struct buf text = BUF_INIT;
	struct filler f = {.value = value, .arg = arg, .text = &text};

	for (size_t i = 0; i < t->n_subject; i++)
		fill(&f, &t->subject[i]);
	clean_line(out, buf_str(&text), SIZE_MAX);
	out->bad = out->bad || buf_bad(&text);
}
