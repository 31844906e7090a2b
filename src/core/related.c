/* SPDX-License-Identifier: ISC */
#include "core/related.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/limits.h"
#include "conf/conf.h"
#include "follow/recipients.h"
#include "intake/similar.h"
#include "store/related.h"
#include "store/store.h"

/* Texts that share less than this (thousandths) are not called alike: two
 * tips on one matter in two people's words share 100 to 300. */
#define ALIKE 550
/* The same road says something only about the same days. */
#define SAME_TIME_S (7 * 86400L)
/* What each sign is worth beside a text's share; each further one adds. */
#define WORTH_MORE 50
#define WORTH_MOST 1000
static const int worths[SIMILAR_KIND_COUNT] = {
    [SIMILAR_PLATE] = 900,
    [SIMILAR_PHONE] = 850,
    [SIMILAR_PERSON] = 600,
    [SIMILAR_PLACE] = 400,
};
/* Clues named in a letter. */
#define MAX_NAMED 5

/* An earlier clue that has some key of ours. */
struct found {
	int64_t clue;
	unsigned kinds; /* bits of enum similar_kind */
	unsigned share;
	int weight;
	struct related_brief brief;
};
/* Room for them at first: mostly it is enough. */
#define FIRST_FOUND 32

struct linking {
	struct store *s;
	const struct clue_record *clue;
	struct similar_print print;
	struct found *found;
	size_t n_found, room;
	int64_t now_s;
	struct arena *a;
	struct err *err;
};

static int
no_memory(struct err *err)
{
	return err_set(err, ERR_SYSTEM, ERR_OWN, 0, "out of memory");
}

/* -- finding -------------------------------------------------------------- */

static int
make_room(struct linking *l)
{
	size_t room = l->room == 0 ? FIRST_FOUND : 2 * l->room;
	struct found *more;

	if (l->n_found < l->room)
		return 0;
	more = arena_array(l->a, room, sizeof(*more));
	if (more == NULL)
		return no_memory(l->err);
	if (l->n_found > 0)
		memcpy(more, l->found, l->n_found * sizeof(*more));
	l->found = more;
	l->room = room;
	return 0;
}

static int
note(struct linking *l, int64_t clue, enum similar_kind kind)
{
	if (clue == l->clue->id)
		return 0;
	for (size_t i = 0; i < l->n_found; i++)
		if (l->found[i].clue == clue) {
			l->found[i].kinds |= 1U << kind;
			return 0;
		}
	if (make_room(l) < 0)
		return -1;
	l->found[l->n_found++] =
	    (struct found){.clue = clue, .kinds = 1U << kind};
	return 0;
}

static int
look_up(struct linking *l, int64_t key)
{
	int64_t clues[MAX_SIMILAR_LOOKS];
	size_t n;

	if (store_print_find(
		l->s, key, MAX_SIMILAR_LOOKS, clues, &n, l->err) < 0)
		return -1;
	for (size_t i = 0; i < n; i++)
		if (note(l, clues[i], similar_kind_of(key)) < 0)
			return -1;
	return 0;
}

/* Places become places of this domain and week; those of the week before are
 * looked up too. */
static int
look_up_all(struct linking *l)
{
	int64_t week = l->clue->received_s / SAME_TIME_S;

	for (size_t k = 0; k < l->print.n_keys; k++) {
		int64_t *key = &l->print.keys[k];

		if (similar_kind_of(*key) == SIMILAR_PLACE) {
			if (look_up(l, similar_narrow(*key, l->clue->domain,
					   week - 1)) < 0)
				return -1;
			*key = similar_narrow(*key, l->clue->domain, week);
		}
		if (look_up(l, *key) < 0)
			return -1;
	}
	return 0;
}

/* -- judging -------------------------------------------------------------- */

/* Whatever led here: a plate that is shared says less than a whole text. */
static int
judge_text(struct linking *l, struct found *f)
{
	uint16_t sign[SIMILAR_BINS];
	int rc = store_print_sign(l->s, f->clue, sign, sizeof(sign), l->err);

	if (rc == 1 && l->print.has_text)
		f->share = similar_share(l->print.sign, sign);
	f->kinds &= ~(1U << SIMILAR_TEXT);
	if (f->share >= ALIKE)
		f->kinds |= 1U << SIMILAR_TEXT;
	return rc < 0 ? -1 : 0;
}

/* Names are borne by many, and weeks are cut anywhere. */
static void
judge_weak(const struct linking *l, struct found *f)
{
	const struct clue_record *c = l->clue;
	bool domain = strcmp(c->domain, f->brief.domain) == 0;
	bool area =
	    c->area[0] != '\0' && strcmp(c->area, f->brief.area) == 0;
	int64_t apart = c->received_s - f->brief.received_s;

	if (!domain && !area)
		f->kinds &= ~(1U << SIMILAR_PERSON);
	if (apart > SAME_TIME_S || apart < -SAME_TIME_S)
		f->kinds &= ~(1U << SIMILAR_PLACE);
}

static void
weigh(struct found *f)
{
	int more = 0;

	if ((f->kinds & 1U << SIMILAR_TEXT) != 0)
		f->weight = (int)f->share;
	for (int k = SIMILAR_TEXT + 1; k < SIMILAR_KIND_COUNT; k++) {
		if ((f->kinds & 1U << k) == 0)
			continue;
		more += f->weight > 0 ? WORTH_MORE : 0;
		if (worths[k] > f->weight)
			f->weight = worths[k];
	}
	f->weight += more;
	if (f->weight > WORTH_MOST)
		f->weight = WORTH_MOST;
}

static int
judge(struct linking *l, struct found *f)
{
	int rc = store_related_brief(l->s, f->clue, l->a, &f->brief, l->err);

	if (rc != 1) {
		f->kinds = 0;
		return rc;
	}
	if (judge_text(l, f) < 0)
		return -1;
	judge_weak(l, f);
	weigh(f);
	return 0;
}

static int
by_weight(const void *a, const void *b)
{
	const struct found *x = a, *y = b;

	if (x->weight != y->weight)
		return x->weight > y->weight ? -1 : 1;
	return x->clue > y->clue ? -1 : x->clue < y->clue;
}

/* -- writing -------------------------------------------------------------- */

static const char *
why(const struct found *f, struct arena *a)
{
	BUF_AUTO struct buf b = BUF_INIT;

	for (int k = 0; k < SIMILAR_KIND_COUNT; k++) {
		if ((f->kinds & 1U << k) == 0)
			continue;
		buf_addf(&b, "%s%s", b.len > 0 ? "、" : "",
		    similar_title((enum similar_kind)k));
		if (k == SIMILAR_TEXT)
			buf_addf(&b, "%u%%", f->share / 10);
	}
	return buf_bad(&b) ? NULL : arena_strdup(a, buf_str(&b));
}

static int
write_link(struct linking *l, const struct found *f, struct buf *detail)
{
	const struct link_record r = {
	    .clue = l->clue->id,
	    .other = f->clue,
	    .weight = f->weight,
	    .why = why(f, l->a),
	    .actor = "clued",
	    .at_s = l->now_s,
	};

	if (r.why == NULL)
		return no_memory(l->err);
	buf_addf(detail, "%s%s（%s）", detail->len > 0 ? "、" : "",
	    f->brief.number, r.why);
	return store_link_add(l->s, &r, l->err);
}

static int
write_links(struct linking *l)
{
	BUF_AUTO struct buf detail = BUF_INIT;
	struct event_record e = {.clue = l->clue->id,
	    .at_s = l->now_s,
	    .kind = "related",
	    .actor = "clued"};

	for (size_t i = 0; i < l->n_found && i < MAX_SIMILAR_LINKS; i++) {
		if (l->found[i].weight == 0)
			break;
		if (write_link(l, &l->found[i], &detail) < 0)
			return -1;
	}
	if (buf_bad(&detail))
		return no_memory(l->err);
	e.detail = buf_str(&detail);
	return detail.len > 0 ? store_event_add(l->s, &e, l->err) : 0;
}

/* What was written, as a letter will name it. */
static int
tell(const struct linking *l, struct related_named **out, size_t *n_out)
{
	struct related_named *named =
	    arena_array(l->a, MAX_SIMILAR_LINKS, sizeof(*named));
	size_t n = 0;

	if (named == NULL)
		return no_memory(l->err);
	for (; n < l->n_found && n < MAX_SIMILAR_LINKS; n++) {
		if (l->found[n].weight == 0)
			break;
		named[n].brief = l->found[n].brief;
		named[n].why = why(&l->found[n], l->a);
		if (named[n].why == NULL)
			return no_memory(l->err);
	}
	*out = named;
	*n_out = n;
	return 0;
}

int
related_link(struct store *s, const struct clue_record *clue,
    const struct similar_print *print, int64_t now_s, struct arena *a,
    struct related_named **out, size_t *n_out, struct err *err)
{
	struct linking l = {.s = s,
	    .clue = clue,
	    .print = *print,
	    .now_s = now_s,
	    .a = a,
	    .err = err};
	size_t len;

	if (look_up_all(&l) < 0)
		return -1;
	for (size_t i = 0; i < l.n_found; i++)
		if (judge(&l, &l.found[i]) < 0)
			return -1;
	if (l.n_found > 1)
		qsort(l.found, l.n_found, sizeof(*l.found), by_weight);
	len = l.print.has_text ? sizeof(l.print.sign) : 0;
	if (write_links(&l) < 0 ||
	    store_print_add(s, clue->id, l.print.keys, l.print.n_keys,
		l.print.sign, len, err) < 0)
		return err_at(err, "related clues");
	return tell(&l, out, n_out);
}

/* -- reading -------------------------------------------------------------- */

bool
related_may_know(
    const struct conf *conf, const struct related_brief *clue, int person)
{
	const struct person_conf *p;

	if (person < 0)
		return false;
	p = &conf->roster.persons[person];
	if (recipients_excluded(clue->excluded, p->id))
		return false;
	return !clue->discipline || p->kind != PERSON_OFFICER;
}

int
related_line_of(const struct conf *conf, const struct related_named *list,
    size_t n, int person, struct arena *a, const char **line_out,
    struct err *err)
{
	BUF_AUTO struct buf b = BUF_INIT;
	size_t named = 0;

	for (size_t i = 0; i < n && named < MAX_NAMED; i++)
		if (related_may_know(conf, &list[i].brief, person))
			buf_addf(&b, "%s%s（%s）", named++ > 0 ? "、" : "",
			    list[i].brief.number, list[i].why);
	*line_out = buf_bad(&b) ? NULL : arena_strdup(a, buf_str(&b));
	return *line_out == NULL ? no_memory(err) : 0;
}

int
related_line(const struct conf *conf, struct store *s, int64_t clue,
    int person, struct arena *a, const char **line_out, struct err *err)
{
	struct related_named *named;
	struct link_record *links;
	size_t n, n_named = 0;
	int rc;

	if (store_links(s, clue, a, &links, &n, err) < 0)
		return -1;
	named = arena_array(a, n, sizeof(*named));
	if (named == NULL)
		return no_memory(err);
	for (size_t i = 0; i < n; i++) {
		rc = store_related_brief(
		    s, links[i].other, a, &named[n_named].brief, err);
		if (rc < 0)
			return -1;
		named[n_named].why = links[i].why;
		n_named += rc == 1;
	}
	return related_line_of(
	    conf, named, n_named, person, a, line_out, err);
}

/* -- what hangs together -------------------------------------------------- */

static bool
is_there(const struct related_row *rows, size_t n, int64_t clue)
{
	for (size_t i = 0; i < n; i++)
		if (rows[i].clue == clue)
			return true;
	return false;
}

int
related_all(struct store *s, int64_t clue, struct arena *a,
    struct related_row **out, size_t *n_out, struct err *err)
{
	struct related_row *rows = arena_array(a, MAX_RELATED, sizeof(*rows));
	struct link_record *links;
	size_t n = 1, n_links;

	if (rows == NULL)
		return no_memory(err);
	rows[0] = (struct related_row){.clue = clue, .why = "", .actor = ""};
	for (size_t at = 0; at < n && n < MAX_RELATED; at++) {
		if (store_links(s, rows[at].clue, a, &links, &n_links, err) <
		    0)
			return -1;
		for (size_t i = 0; i < n_links && n < MAX_RELATED; i++)
			if (!is_there(rows, n, links[i].other))
				rows[n++] = (struct related_row){
				    links[i].other, rows[at].clue,
				    links[i].weight, links[i].why,
				    links[i].actor};
	}
	*out = rows;
	*n_out = n;
	return 0;
}
