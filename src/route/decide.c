/* SPDX-License-Identifier: ISC */
#include "route/decide.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/limits.h"
#include "conf/conf.h"
#include "route/normalise.h"

static int32_t
clamp(int64_t v)
{
	return v > INT32_MAX   ? INT32_MAX
	       : v < INT32_MIN ? INT32_MIN
			       : (int32_t)v;
}

/* Which field a finding lies in; one that spans both is the text's.  The LF
 * between the two belongs to neither. */
static enum route_field
field_of(const struct decide_text *t, const struct finding *f)
{
	return f->from < t->subject_end && f->to <= t->subject_end + 1
		   ? FIELD_SUBJECT
		   : FIELD_TEXT;
}

/* Where in the normal form each step of "late" begins; the text's length for
 * those behind its end. */
static void
find_late(const struct rules_conf *conf, const struct decide_text *t,
    size_t *at_out)
{
	const char *s = t->norm->text;
	size_t i = t->subject_end, nth = 0, k = 0;

	/* The LF between subject and text belongs to neither. */
	i += i > 0 && i < t->norm->len;
	for (; i < t->norm->len && k < conf->n_late; i++) {
		if (((unsigned char)s[i] & 0xc0) == 0x80)
			continue;
		if (nth++ == conf->late[k].after)
			at_out[k++] = i;
	}
	for (; k < conf->n_late; k++)
		at_out[k] = t->norm->len;
}

/* The factor of a finding's place, thousandths. */
static int32_t
factor_of(const struct rules_conf *conf, const size_t *late_at,
    const struct finding *f, enum route_field field)
{
	int32_t factor = 1000;

	if (f->times != 0)
		return f->times;
	if (field == FIELD_SUBJECT)
		return conf->subject_weight;
	for (size_t k = 0; k < conf->n_late && f->from >= late_at[k]; k++)
		factor = conf->late[k].weight;
	return factor;
}

/* The words of the finding as the sender wrote them, cut to the field. */
static int
quote(const struct decide_text *t, const struct finding *f, struct arena *a,
    struct route_hit *hit)
{
	bool subject = hit->field == FIELD_SUBJECT;
	const char *s = subject ? t->subject : t->text;
	size_t from = f->from, to = f->to, begin = t->subject_end + 1;

	if (subject && to > t->subject_end)
		to = t->subject_end;
	if (!subject && t->subject_end > 0 && from < begin)
		from = begin;
	if (from < to)
		hit->len =
		    norm_origin(t->norm, s, strlen(s), from, to, &hit->at);
	hit->found = arena_memdup(a, s + hit->at, hit->len);
	return hit->found == NULL ? -1 : 0;
}

static int
make_hits(const struct rules *r, const struct decide_text *t,
    const struct findings *f, struct arena *a, struct route_hit *hits)
{
	size_t late_at[MAX_LATE_STEPS];

	find_late(r->conf, t, late_at);
	for (size_t i = 0; i < f->n; i++) {
		const struct rule_term *term = &r->terms[f->list[i].term];
		struct route_hit *h = &hits[i];

		h->domain = term->domain;
		h->term = term->label;
		h->file = term->file;
		h->line = term->line;
		h->field = field_of(t, &f->list[i]);
		h->factor = factor_of(r->conf, late_at, &f->list[i], h->field);
		h->weight = term->cancels
				? 0
				: clamp((int64_t)term->weight * h->factor /
				      1000);
		if (quote(t, &f->list[i], a, h) != 0)
			return -1;
	}
	return 0;
}

/* A "not" term takes back what its domain has; the hit says how much, so that
 * the weights of all hits of a domain always add up to its score. */
static void
cancel(const struct rules *r, const struct findings *f, struct route_hit *hits,
    int64_t *scores)
{
	for (size_t i = 0; i < f->n; i++) {
		const struct rule_term *t = &r->terms[f->list[i].term];
		int64_t *score = &scores[t->domain];

		if (!t->cancels)
			continue;
		hits[i].weight = clamp(-*score);
		*score = 0;
	}
}

static int
best_of(const int32_t *scores, size_t n, int without)
{
	int best = -1;

	for (size_t d = 0; d < n; d++)
		if ((int)d != without && scores[d] > 0 &&
		    (best < 0 || scores[d] > scores[best]))
			best = (int)d;
	return best;
}

/* A word in passing must not carry a long letter about something else to
 * discipline: the shares keep it from that. */
static bool
overrides(const struct rules_conf *conf, int other, const int32_t *scores,
    size_t d)
{
	int next = best_of(scores, conf->n_domains, (int)d);
	int64_t least = next < 0 ? 0 : scores[next];
	int64_t mine = (int64_t)scores[d] * 1000;

	return conf->domains[d].overriding && scores[d] > 0 &&
	       scores[d] >= rules_threshold(conf, d) &&
	       scores[d] >= conf->domains[d].override_from &&
	       mine >= least * conf->override_share &&
	       mine >= (int64_t)scores[other] * conf->override_other;
}

/* Of two that override, discipline's comes first: what accuses an official
 * must not go to an officer for being about a blow as well. */
static bool
comes_before(
    const struct rules_conf *conf, const int32_t *scores, size_t d, size_t best)
{
	bool a = conf->domains[d].discipline;
	bool b = conf->domains[best].discipline;

	return a != b ? a : scores[d] > scores[best];
}

static int
overriding_of(
    const struct rules_conf *conf, int other, const int32_t *scores)
{
	int best = -1;

	for (size_t d = 0; d < conf->n_domains; d++)
		if (overrides(conf, other, scores, d) &&
		    (best < 0 || comes_before(conf, scores, d, (size_t)best)))
			best = (int)d;
	return best;
}

/* Overriding domain; else the highest score, if it is high enough and far
 * enough from the next; else `other` and a person. */
void
decide_choose(
    const struct rules_conf *conf, int other, struct route_decision *d)
{
	int best = overriding_of(conf, other, d->scores), next;

	d->triage = false;
	if (best < 0) {
		best = best_of(d->scores, conf->n_domains, -1);
		next = best_of(d->scores, conf->n_domains, best);
		if (best < 0 ||
		    d->scores[best] < rules_threshold(conf, (size_t)best) ||
		    (next >= 0 &&
			d->scores[best] - d->scores[next] < conf->margin)) {
			best = other;
			d->triage = true;
		}
	}
	d->domain = best;
	d->runner_up = best_of(d->scores, conf->n_domains, best);
	d->score = d->scores[best];
	d->margin = d->score;
	if (d->runner_up >= 0)
		d->margin = clamp((int64_t)d->score - d->scores[d->runner_up]);
}

static int
by_place(const void *a, const void *b)
{
	const struct route_hit *x = a, *y = b;
	int c;

	if (x->field != y->field)
		return x->field < y->field ? -1 : 1;
	if (x->at != y->at)
		return x->at < y->at ? -1 : 1;
	if (x->domain != y->domain)
		return x->domain < y->domain ? -1 : 1;
	if (x->len != y->len)
		return x->len < y->len ? -1 : 1;
	c = strcmp(x->term, y->term);
	return c != 0 ? c : (x->weight > y->weight) - (x->weight < y->weight);
}

int
decide_domain(const struct rules *rules, int other,
    const struct decide_text *text, const struct findings *f, struct arena *a,
    struct route_decision *out, struct err *err)
{
	const struct rules_conf *conf = rules->conf;
	struct route_hit *hits = arena_array(a, f->n + 1, sizeof(*hits));
	int64_t sums[MAX_DOMAINS + 2] = {0};
	int64_t *scores = sums + 2; /* HIT_MAJOR and HIT_PRIORITY lie below */

	if (hits == NULL || make_hits(rules, text, f, a, hits) != 0)
		return err_set(
		    err, ERR_SYSTEM, ERR_OWN, 0, "no memory for the decision");
	for (size_t i = 0; i < f->n; i++) {
		scores[hits[i].domain] += hits[i].weight;
		if (hits[i].domain >= 0 && hits[i].domain != other &&
		    hits[i].weight > 0)
			out->domain_word = true;
	}
	cancel(rules, f, hits, scores);
	for (size_t d = 0; d < conf->n_domains; d++)
		out->scores[d] = clamp(scores[d]);
	decide_choose(conf, other, out);
	out->major = scores[HIT_MAJOR] > 0;
	out->priority = scores[HIT_PRIORITY] > 0 || out->major ||
			conf->domains[out->domain].priority;
	if (f->n > 0)
		qsort(hits, f->n, sizeof(*hits), by_place);
	out->hits = hits;
	out->n_hits = f->n;
	return 0;
}
