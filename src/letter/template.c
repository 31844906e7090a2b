/* SPDX-License-Identifier: ISC */
#include "letter/template.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "letter/letter.h"

/* Sections inside each other; more is a mistake. */
#define MAX_SECTIONS 8

static const struct {
	const char *name;
	bool block;
	/* Must not be told to a citizen: who deals with the tip, how and why;
	 * nor may his words come back to whoever reads his mail. */
	bool internal;
} slots[N_SLOTS] = {
    [SLOT_NUMBER] = {"number", false, false},
    [SLOT_DOMAIN] = {"domain", false, true},
    [SLOT_AREA] = {"area", false, true},
    [SLOT_WHY] = {"why", false, true},
    [SLOT_PEOPLE_WHY] = {"people_why", false, true},
    [SLOT_PRIORITY] = {"priority", false, true},
    [SLOT_DUE_ACCEPT] = {"due_accept", false, true},
    [SLOT_DUE_FEEDBACK] = {"due_feedback", false, true},
    [SLOT_DUE_CONCLUDE] = {"due_conclude", false, true},
    [SLOT_SUBJECT] = {"subject", false, true},
    [SLOT_TEXT] = {"text", true, true},
    [SLOT_RECEIVED] = {"received", false, false},
    [SLOT_PHOTOS] = {"photos", false, true},
    [SLOT_HELD] = {"held", true, true},
    [SLOT_OFFICE] = {"office", false, false},
    [SLOT_OFFICER] = {"officer", false, true},
    [SLOT_DEADLINE] = {"deadline", false, true},
    [SLOT_DUE] = {"due", false, true},
    [SLOT_LEFT] = {"left", false, true},
    [SLOT_COUNT] = {"count", false, false},
    [SLOT_LIST] = {"list", true, false},
    [SLOT_CAUSE] = {"cause", true, false},
    [SLOT_REPLY_HELP] = {"reply_help", true, true},
    [SLOT_DISPATCHED] = {"dispatched", false, true},
    [SLOT_STATE] = {"state", false, true},
    [SLOT_OVER] = {"over", false, true},
    [SLOT_COPY] = {"copy", false, true},
    [SLOT_CODE] = {"code", false, false},
    [SLOT_PROGRESS] = {"progress", false, false},
    [SLOT_QUESTION] = {"question", true, false},
    [SLOT_NEXT] = {"next", false, true},
    [SLOT_RELATED] = {"related", false, true},
    [SLOT_PERIOD] = {"period", false, true},
};

const char *
slot_name(enum slot s)
{
	return slots[s].name;
}

int
slot_by_name(const char *name, size_t len)
{
	for (int i = 0; i < N_SLOTS; i++)
		if (strlen(slots[i].name) == len &&
		    memcmp(slots[i].name, name, len) == 0)
			return i;
	return -1;
}

bool
slot_is_block(enum slot s)
{
	return slots[s].block;
}

bool
slot_is_strong(enum slot s)
{
	return s == SLOT_DUE_ACCEPT || s == SLOT_DUE_FEEDBACK ||
	    s == SLOT_DUE_CONCLUDE || s == SLOT_DUE;
}

struct parser {
	const char *id, *file;
	const char *at;
	int line;
	struct node *nodes;
	size_t n;
	enum slot open[MAX_SECTIONS];
	int open_line[MAX_SECTIONS];
	size_t n_open;
	struct err *err;
};

#define WRONG(p, ...) wrong(p, (p)->line, __VA_ARGS__)

__attribute__((format(printf, 3, 4))) static int
wrong(struct parser *p, int line, const char *fmt, ...)
{
	char what[256];
	va_list ap;

	va_start(ap, fmt);
	(void)vsnprintf(what, sizeof(what), fmt, ap);
	va_end(ap);
	return err_set(p->err, ERR_CONF, ERR_OWN, 0, "%s:%d: %s", p->file,
	    line, what);
}

static void
add(struct parser *p, enum node_kind kind, int slot, const char *s,
    size_t len)
{
	p->nodes[p->n++] =
	    (struct node){kind, (enum slot)slot, s, len, p->line};
}

/* Text up to the next thing that means something. */
static void
take_text(struct parser *p)
{
	size_t len = strcspn(p->at, "{}\r\n");

	if (len == 0)
		len = 1; /* a lone } or CR */
	add(p, NODE_TEXT, 0, p->at, len);
	p->at += len;
}

static void
take_line_end(struct parser *p)
{
	p->at += *p->at == '\r' ? 2 : 1;
	add(p, NODE_EOL, 0, NULL, 0);
	p->line++;
}

static int
take_section(struct parser *p, char mark, enum slot slot)
{
	if (mark == '?') {
		if (p->n_open == MAX_SECTIONS)
			return WRONG(p, "sections nested more than %d deep",
			    MAX_SECTIONS);
		p->open_line[p->n_open] = p->line;
		p->open[p->n_open++] = slot;
		add(p, NODE_OPEN, (int)slot, NULL, 0);
		return 0;
	}
	if (p->n_open == 0 || p->open[p->n_open - 1] != slot)
		return WRONG(p, "{/%s} closes no {?%s}", slot_name(slot),
		    slot_name(slot));
	p->n_open--;
	add(p, NODE_CLOSE, (int)slot, NULL, 0);
	return 0;
}

/* Templates for citizens carry no internal fields. */
static int
check_audience(struct parser *p, enum slot slot)
{
	if (!slots[slot].internal ||
	    (!str_starts(p->id, "ack") && !str_starts(p->id, "receipt")))
		return 0;
	return WRONG(p, "{%s} must not be told to the citizen who gets \"%s\"",
	    slot_name(slot), p->id);
}

/* {field}, {?field} or {/field}; at stands on the brace. */
static int
take_mark(struct parser *p)
{
	const char *name = p->at + 1;
	char mark = *name == '?' || *name == '/' ? *name++ : '\0';
	size_t len = strcspn(name, "{}\r\n");
	int slot;

	if (name[len] != '}')
		return WRONG(p, "{ without } (write {{ for a brace)");
	slot = slot_by_name(name, len);
	if (slot < 0)
		return WRONG(p, "unknown field {%.*s}", (int)(len > 40 ? 40
		    : len), name);
	if (check_audience(p, (enum slot)slot) != 0)
		return -1;
	p->at = name + len + 1;
	if (mark != '\0')
		return take_section(p, mark, (enum slot)slot);
	add(p, NODE_SLOT, slot, NULL, 0);
	return 0;
}

static int
take_nodes(struct parser *p)
{
	while (*p->at != '\0') {
		if (p->at[0] == '\n' || (p->at[0] == '\r' && p->at[1] == '\n'))
			take_line_end(p);
		else if (p->at[0] == p->at[1] &&
		    (p->at[0] == '{' || p->at[0] == '}')) {
			add(p, NODE_TEXT, 0, p->at, 1);
			p->at += 2;
		} else if (*p->at != '{')
			take_text(p);
		else if (take_mark(p) != 0)
			return -1;
	}
	if (p->n_open > 0)
		return wrong(p, p->open_line[p->n_open - 1],
		    "{?%s} is never closed",
		    slot_name(p->open[p->n_open - 1]));
	return 0;
}

/* Each special character makes at most one mark and one text. */
static size_t
most_nodes(const char *s)
{
	size_t n = 2;

	while ((s = strpbrk(s, "{}\r\n")) != NULL) {
		n += 2;
		s++;
	}
	return n;
}

static bool
is_blank_node(const struct node *node)
{
	if (node->kind != NODE_TEXT)
		return node->kind == NODE_EOL;
	for (size_t i = 0; i < node->len; i++)
		if (node->s[i] != ' ' && node->s[i] != '\t')
			return false;
	return true;
}

static bool
all_blank(const struct node *nodes, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (!is_blank_node(&nodes[i]))
			return false;
	return true;
}

/* Cuts the nodes into subject line, one blank line, and body. */
static int
split(struct parser *p, struct template *out)
{
	size_t i = 0;
	int depth = 0;

	for (; i < p->n && p->nodes[i].kind != NODE_EOL; i++) {
		depth += p->nodes[i].kind == NODE_OPEN;
		depth -= p->nodes[i].kind == NODE_CLOSE;
	}
	if (depth != 0)
		return wrong(p, 1, "a section of the subject must end in it");
	if (all_blank(p->nodes, i))
		return wrong(p, 1, "the subject is empty");
	out->subject = p->nodes;
	out->n_subject = i;
	i++;
	for (; i < p->n && p->nodes[i].kind != NODE_EOL; i++)
		if (!is_blank_node(&p->nodes[i]))
			return wrong(p, 2, "a blank line must follow the "
			    "subject");
	i++;
	if (i >= p->n || all_blank(p->nodes + i, p->n - i))
		return wrong(p, 3, "the text is empty");
	out->body = p->nodes + i;
	out->n_body = p->n - i;
	return 0;
}

int
template_parse(const char *id, const char *text, const char *file,
    struct arena *a, struct template *out, struct err *err)
{
	struct parser p = {.id = id, .file = file, .line = 1, .err = err};

	if (!utf8_valid(text, strlen(text)))
		return wrong(&p, 1, "not UTF-8; convert it with iconv");
	if (str_starts(text, "\xef\xbb\xbf"))
		text += 3;
	if (!str_istarts(text, "Subject:"))
		return wrong(&p, 1, "the first line must be \"Subject: …\"");
	p.at = text + strlen("Subject:");
	p.nodes = arena_array(a, most_nodes(p.at), sizeof(*p.nodes));
	if (p.nodes == NULL)
		return err_set(err, ERR_SYSTEM, ERR_OWN, 0, "out of memory");
	if (take_nodes(&p) != 0)
		return -1;
	return split(&p, out);
}

int
letter_read_template(const char *id, const char *text, const char *file,
    struct arena *a, const struct template **out, struct err *err)
{
	struct template *t = arena_alloc(a, sizeof(*t));

	if (t == NULL)
		return err_set(err, ERR_SYSTEM, ERR_OWN, 0, "out of memory");
	if (template_parse(id, text, file, a, t, err) != 0)
		return -1;
	*out = t;
	return 0;
}
