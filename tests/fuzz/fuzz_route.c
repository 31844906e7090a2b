/* SPDX-License-Identifier: ISC */
/*
 * Any subject and text (cut at the first byte FF) through the shipped rules,
 * areas and roster.  Whatever comes in: the same answer twice, quotes are the
 * sender's own bytes, hits add up to the scores, and nobody is told who is
 * accused.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/err.h"
#include "conf/conf.h"
#include "route/route.h"

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size);

static struct conf *conf;
static struct route *route;

static void
check(bool ok, const char *what)
{
	if (ok)
		return;
	(void)fprintf(stderr, "fuzz_route: %s\n", what);
	abort();
}

static void
load(void)
{
	struct conf_mistakes mistakes;
	struct err err;

	check(conf_load("etc/clued.conf", &conf, &mistakes) == 0, "conf");
	conf_mistakes_done(&mistakes);
	check(route_new(conf, &route, &err) == 0, "rules");
}

static void
check_hits(
    const struct route_decision *d, const char *subject, const char *text)
{
	int64_t sums[MAX_DOMAINS] = {0};

	for (size_t i = 0; i < d->n_hits; i++) {
		const struct route_hit *h = &d->hits[i];
		const char *s = h->field == FIELD_SUBJECT ? subject : text;

		check(h->at + h->len <= strlen(s), "a hit beyond the field");
		check(memcmp(h->found, s + h->at, h->len) == 0, "misquoted");
		if (h->domain >= 0)
			sums[h->domain] += h->weight;
	}
	for (size_t i = 0; i < conf->rules.n_domains; i++)
		check(sums[i] == d->scores[i], "hits do not add up");
}

static void
decide(struct arena *a, const char *subject, const char *text)
{
	struct route_decision d, again;
	const struct route_accused *accused;
	const char *texts[] = {subject, text};
	struct route_people p;
	struct err err;
	size_t n;

	check(route_decide(route, subject, text, a, &d, &err) == 0, "decide");
	check_hits(&d, subject, text);
	check(route_decide(route, subject, text, a, &again, &err) == 0,
	    "decide again");
	check(d.domain == again.domain && d.n_hits == again.n_hits &&
		  memcmp(d.scores, again.scores, sizeof(d.scores)) == 0,
	    "two answers");
	check(route_accused(route, texts, 2, a, &accused, &n, &err) == 0,
	    "accused");
	check(route_people(route, &d, accused, n, 20000, a, &p, &err) == 0,
	    "people");
	/* With fewer accused than desks somebody is always left. */
	for (size_t i = 0; i < n && n < 3; i++)
		check(accused[i].person != p.officer &&
			  accused[i].person != p.deputy &&
			  accused[i].person != p.leader,
		    "an accused is told");
}

int
LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
	const unsigned char *cut = memchr(data, 0xff, size);
	size_t n = cut == NULL ? 0 : (size_t)(cut - data);
	struct arena *a ARENA_AUTO = arena_new();
	char *subject, *text;

	if (route == NULL)
		load();
	subject = arena_memdup(a, data, n);
	text = arena_memdup(a, data + (cut == NULL ? 0 : n + 1),
	    size - (cut == NULL ? 0 : n + 1));
	decide(a, subject, text);
	return 0;
}
