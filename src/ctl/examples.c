/* SPDX-License-Identifier: ISC */
#include "ctl/examples.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "conf/conf.h"
#include "store/store.h"
#include "store/work.h"

enum column { COL_NONE, COL_ID, COL_DOMAIN, COL_SUBJECT, COL_TEXT };
#define MOST_COLUMNS 32

struct reading {
	struct examples *out;
	const struct conf *conf;
	const char *path;
	size_t line;
	enum column columns[MOST_COLUMNS];
	size_t n_columns; /* 0 = no line of names */
	struct err *err;
};

static int
no_memory(struct err *err)
{
	return err_set(
	    err, ERR_SYSTEM, ERR_OWN, 0, "no memory for the letters");
}

int
examples_init(struct examples *e, struct err *err)
{
	memset(e, 0, sizeof(*e));
	e->arena = arena_new();
	return e->arena == NULL ? no_memory(err) : 0;
}

void
examples_done(struct examples *e)
{
	free(e->list);
	arena_free(&e->arena);
	memset(e, 0, sizeof(*e));
}

int
domain_by_name(const struct conf *conf, const char *name)
{
	for (size_t i = 0; i < conf->rules.n_domains; i++)
		if (strcmp(conf->rules.domains[i].id, name) == 0 ||
		    strcmp(conf->rules.domains[i].title, name) == 0)
			return (int)i;
	return -1;
}

static int
add(struct examples *e, const char *id, int domain, const char *subject,
    const char *text, struct err *err)
{
	struct example *list = e->list, *x;

	if (e->n == e->size) {
		list = reallocarray(list, e->size * 2 + 64, sizeof(*list));
		if (list == NULL)
			return no_memory(err);
		e->list = list;
		e->size = e->size * 2 + 64;
	}
	x = &e->list[e->n];
	x->id = arena_strdup(e->arena, id);
	x->subject = arena_strdup(e->arena, subject);
	x->text = arena_strdup(e->arena, text);
	x->domain = domain;
	if (x->id == NULL || x->subject == NULL || x->text == NULL)
		return no_memory(err);
	e->n++;
	return 0;
}

/* -- files ---- */

static int
bad_line(struct reading *r, const char *what)
{
	return err_set(r->err, ERR_INPUT, ERR_OWN, 0, "%s:%zu: %s", r->path,
	    r->line, what);
}

static int
add_read(struct reading *r, const char *id, const char *domain,
    const char *subject, const char *text)
{
	char line[32];
	int d = domain == NULL ? -1 : domain_by_name(r->conf, domain);

	if (!utf8_valid(text, strlen(text)) ||
	    !utf8_valid(subject, strlen(subject)))
		return bad_line(r, "this is not UTF-8");
	if (d < 0 && domain != NULL && *domain != '\0')
		return err_set(r->err, ERR_INPUT, ERR_OWN, 0,
		    "%s:%zu: the rules have no domain \"%.60s\"", r->path,
		    r->line, domain);
	(void)snprintf(line, sizeof(line), "%zu", r->line);
	return add(r->out, id != NULL && *id != '\0' ? id : line, d, subject,
	    text, r->err);
}

/* \n, \t and \\ in place. */
static void
unescape(char *s)
{
	char *to = s;

	for (; *s != '\0'; s++) {
		if (*s == '\\' &&
		    (s[1] == 'n' || s[1] == 't' || s[1] == '\\')) {
			s++;
			*to++ = (char)(*s == 'n'   ? '\n'
				       : *s == 't' ? '\t'
						   : *s);
		} else {
			*to++ = *s;
		}
	}
	*to = '\0';
}

static enum column
column_by_name(const char *name)
{
	static const struct {
		const char *name;
		enum column column;
	} names[] = {{"id", COL_ID}, {"number", COL_ID}, {"编号", COL_ID},
	    {"domain", COL_DOMAIN}, {"label", COL_DOMAIN}, {"领域", COL_DOMAIN},
	    {"标签", COL_DOMAIN}, {"subject", COL_SUBJECT},
	    {"title", COL_SUBJECT}, {"主题", COL_SUBJECT},
	    {"标题", COL_SUBJECT}, {"text", COL_TEXT}, {"body", COL_TEXT},
	    {"content", COL_TEXT}, {"正文", COL_TEXT}, {"内容", COL_TEXT}};

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (str_ieq(names[i].name, name))
			return names[i].column;
	return COL_NONE;
}

/* A first line that names a domain and a text column. */
static bool
take_names(struct reading *r, char **cells, size_t n)
{
	bool domain = false, text = false;

	if (r->out->n > 0 || r->n_columns > 0)
		return false;
	for (size_t i = 0; i < n; i++) {
		r->columns[i] = column_by_name(cells[i]);
		domain |= r->columns[i] == COL_DOMAIN;
		text |= r->columns[i] == COL_TEXT;
	}
	if (domain && text)
		r->n_columns = n;
	return domain && text;
}

static enum column
column_of(const struct reading *r, size_t i, size_t n)
{
	static const enum column order[][4] = {{COL_DOMAIN, COL_TEXT},
	    {COL_DOMAIN, COL_SUBJECT, COL_TEXT},
	    {COL_ID, COL_DOMAIN, COL_SUBJECT, COL_TEXT}};

	if (r->n_columns > 0)
		return i < r->n_columns ? r->columns[i] : COL_NONE;
	return order[n - 2][i];
}

static size_t
split(char *line, char sep, char **cells)
{
	size_t n = 0;

	for (char *s = line; s != NULL && n < MOST_COLUMNS; n++) {
		char *end = strchr(s, sep);

		if (end != NULL)
			*end++ = '\0';
		cells[n] = str_trim(s);
		s = end;
	}
	return n;
}

static int
read_cells(struct reading *r, char *line, char sep)
{
	char *cells[MOST_COLUMNS];
	const char *value[COL_TEXT + 1] = {[COL_SUBJECT] = "", [COL_TEXT] = ""};
	size_t n = split(line, sep, cells);

	if (take_names(r, cells, n))
		return 0;
	if (r->n_columns == 0 && (n < 2 || n > 4))
		return bad_line(
		    r, "2 to 4 cells are wanted: id, domain, subject, text");
	for (size_t i = 0; i < n; i++) {
		if (sep == '\t')
			unescape(cells[i]);
		value[column_of(r, i, n)] = cells[i];
	}
	return add_read(r, value[COL_ID], value[COL_DOMAIN], value[COL_SUBJECT],
	    value[COL_TEXT]);
}

static const char *
member(const json_t *object, const char *name, const char *dflt)
{
	const json_t *v = json_object_get(object, name);

	return v == NULL || !json_is_string(v) ? dflt : json_string_value(v);
}

static int
read_json(struct reading *r, const char *line)
{
	json_error_t bad;
	json_t *o = json_loads(line, 0, &bad);
	char number[32];
	const char *id;
	int rc;

	if (o == NULL || !json_is_object(o)) {
		json_decref(o);
		return bad_line(r, "this is no JSON object");
	}
	id = member(o, "id", NULL);
	if (json_is_integer(json_object_get(o, "id"))) {
		(void)snprintf(number, sizeof(number), "%lld",
		    (long long)json_integer_value(json_object_get(o, "id")));
		id = number;
	}
	rc = add_read(r, id, member(o, "domain", member(o, "label", NULL)),
	    member(o, "subject", ""), member(o, "text", ""));
	json_decref(o);
	return rc;
}

static int
read_line(struct reading *r, char *line)
{
	if (r->line == 1 && str_starts(line, "\xef\xbb\xbf"))
		line += 3;
	if (*line == '#' || line[strspn(line, " \t\r\n")] == '\0')
		return 0;
	if (*line == '{')
		return read_json(r, line);
	if (strchr(line, '\t') != NULL)
		return read_cells(r, line, '\t');
	if (strchr(line, '|') != NULL)
		return read_cells(r, line, '|');
	return bad_line(r, "neither tabs, bars nor braces");
}

int
examples_read(struct examples *e, const struct conf *conf, const char *path,
    struct err *err)
{
	struct reading r = {.out = e, .conf = conf, .path = path, .err = err};
	FILE *f = strcmp(path, "-") == 0 ? stdin : fopen(path, "re");
	char *line = NULL;
	size_t size = 0;
	ssize_t n;
	int rc = 0;

	if (f == NULL)
		return err_set(err, ERR_CONF, ERR_OWN, 0,
		    "cannot open the letters \"%s\"", path);
	while (rc == 0 && (n = getline(&line, &size, f)) > 0) {
		while (n > 0 && (line[n - 1] == '\n' || line[n - 1] == '\r'))
			line[--n] = '\0';
		r.line++;
		rc = read_line(&r, line);
	}
	free(line);
	if (f != stdin)
		(void)fclose(f);
	return rc;
}

/* -- the store ---- */

struct asking {
	struct examples *out;
	const struct conf *conf;
	struct store *store;
	struct err *err;
	int rc;
	const struct correction_record *corrected; /* to be left out */
	size_t n_corrected;
	bool settled;
};

static bool
is_settled(const struct asking *q, const struct clue_row *row)
{
	for (size_t i = 0; i < q->n_corrected; i++)
		if (q->corrected[i].clue == row->id)
			return false;
	return !row->triage;
}

static int
on_clue(void *arg, const struct clue_row *row)
{
	struct asking *q = arg;
	struct arena *a;
	struct clue_record c;

	if (q->settled && !is_settled(q, row))
		return 0;
	a = arena_new();
	if (a == NULL)
		q->rc = no_memory(q->err);
	else if (store_clue_by_id(q->store, row->id, a, &c, q->err) < 0 ||
		 add(q->out, row->number, domain_by_name(q->conf, row->domain),
		     c.subject, c.text, q->err) < 0)
		q->rc = -1;
	arena_free(&a);
	return q->rc;
}

int
examples_stored(struct examples *e, const struct conf *conf,
    struct store *store, struct err *err)
{
	struct asking q = {
	    .out = e, .conf = conf, .store = store, .err = err};
	const struct clue_filter all = {.limit = 0};

	if (store_list(store, &all, on_clue, &q, err) < 0)
		return -1;
	return q.rc;
}

int
examples_settled(struct examples *e, const struct conf *conf,
    struct store *store, struct err *err)
{
	struct asking q = {.out = e,
	    .conf = conf,
	    .store = store,
	    .err = err,
	    .settled = true};
	const struct clue_filter all = {.limit = 0};
	struct correction_record *list;

	if (store_corrections(store, e->arena, &list, &q.n_corrected, err) < 0)
		return -1;
	q.corrected = list;
	if (store_list(store, &all, on_clue, &q, err) < 0)
		return -1;
	return q.rc;
}

/* -- corrections ---- */

static int
add_corrected(struct asking *q, const struct correction_record *r)
{
	struct arena *a = arena_new();
	struct clue_record c;
	int d = domain_by_name(q->conf, r->domain_is), rc = -1;

	if (a == NULL)
		(void)no_memory(q->err);
	else
		rc = store_clue_by_id(q->store, r->clue, a, &c, q->err);
	/* A domain that the rules no longer have teaches nothing. */
	if (rc == 1 && d >= 0)
		rc = add(q->out, c.number, d, c.subject, c.text, q->err);
	arena_free(&a);
	return rc < 0 ? -1 : 0;
}

int
examples_corrected(struct examples *e, const struct conf *conf,
    struct store *store, struct err *err)
{
	struct asking q = {
	    .out = e, .conf = conf, .store = store, .err = err};
	struct correction_record *list;
	size_t n;

	if (store_corrections(store, e->arena, &list, &n, err) < 0)
		return -1;
	for (size_t i = 0; i < n; i++) {
		bool last = true;

		for (size_t k = i + 1; k < n && last; k++)
			last = list[k].clue != list[i].clue;
		if (last && add_corrected(&q, &list[i]) < 0)
			return -1;
	}
	return 0;
}
