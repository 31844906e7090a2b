/* SPDX-License-Identifier: ISC */
#include "route/route.h"

#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "route/accused.h"
#include "route/area.h"
#include "route/compiled.h"
#include "route/decide.h"
#include "route/people.h"

static int
find_other(const struct rules_conf *rules, int *out, struct err *err)
{
	for (size_t i = 0; i < rules->n_domains; i++)
		if (strcmp(rules->domains[i].id, DOMAIN_OTHER) == 0) {
			*out = (int)i;
			return 0;
		}
	return err_set(err, ERR_CONF, ERR_OWN, 0,
	    "the rules have no domain \"%s\" for what nothing places",
	    DOMAIN_OTHER);
}

static int
build(struct route *r, struct err *err)
{
	const struct conf *conf = r->conf;

	if (find_other(&conf->rules, &r->other, err) != 0 ||
	    norm_table_new(&r->table, err) != 0 ||
	    rules_new(&conf->rules, r->table, &r->rules, err) != 0 ||
	    areas_new(conf->areas, conf->n_areas, r->table, &r->areas, err) !=
		0 ||
	    suspects_new(&conf->roster, r->table, &r->suspects, err) != 0)
		return -1;
	return 0;
}

int
route_new(const struct conf *conf, struct route **route_out, struct err *err)
{
	struct route *r = calloc(1, sizeof(*r));

	if (r == NULL)
		return err_set(
		    err, ERR_SYSTEM, ERR_OWN, 0, "no memory for the rules");
	r->conf = conf;
	if (build(r, err) != 0) {
		route_free(&r);
		return -1;
	}
	*route_out = r;
	return 0;
}

void
route_free(struct route **route)
{
	struct route *r = *route;

	if (r == NULL)
		return;
	suspects_free(&r->suspects);
	areas_free(&r->areas);
	rules_free(&r->rules);
	norm_table_free(&r->table);
	free(r);
	*route = NULL;
}

static int
decide(const struct route *r, struct decide_text *t, struct norm *n,
    struct arena *a, struct route_decision *out, struct err *err)
{
	struct findings f = {NULL, 0, 0};
	int rc = -1;

	if (norm_add(r->table, n, t->subject, strlen(t->subject), 0, err) != 0)
		return -1;
	t->subject_end = n->len;
	if (norm_add(r->table, n, t->text, strlen(t->text), 0, err) != 0)
		return -1;
	t->norm = n;
	if (rules_find(r->rules, n, &f, err) == 0 &&
	    decide_domain(r->rules, r->other, t, &f, a, out, err) == 0 &&
	    areas_decide(r->areas, t, a, out, err) == 0)
		rc = 0;
	findings_done(&f);
	return rc;
}

int
route_decide(const struct route *route, const char *subject, const char *text,
    struct arena *a, struct route_decision *out, struct err *err)
{
	struct decide_text t = {.subject = subject, .text = text};
	struct norm n;
	int rc;

	memset(out, 0, sizeof(*out));
	norm_init(&n);
	rc = decide(route, &t, &n, a, out, err);
	norm_done(&n);
	return rc == 0 ? 0 : err_at(err, "route");
}

void
route_rechoose(const struct route *route, struct route_decision *d)
{
	decide_choose(&route->conf->rules, route->other, d);
}

int
route_accused(const struct route *route, const char *const *texts,
    size_t n_texts, struct arena *a, const struct route_accused **out,
    size_t *n_out, struct err *err)
{
	return suspects_find(
	    route->suspects, texts, n_texts, a, out, n_out, err);
}

int
route_people(const struct route *route, const struct route_decision *d,
    const struct route_accused *accused, size_t n_accused, int32_t day,
    struct arena *a, struct route_people *out, struct err *err)
{
	return people_choose(
	    route->conf, d, accused, n_accused, day, a, out, err);
}
