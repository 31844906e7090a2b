/* SPDX-License-Identifier: ISC */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"
#include "conf/conf.h"
#include "core/check.h"
#include "ctl/decision.h"
#include "ctl/rules.h"
#include "route/route.h"

#define BRIEF_COLUMNS 40
#define MOST_TERMS 4

/* One rule file, compiled. */
struct side {
	struct conf *conf;
	struct route *route;
	struct route_decision d;
};

struct comparing {
	struct ctl *ctl;
	struct side was, is;
	struct table table;
	bool json;
	struct buf b;
	size_t n_changed;
	/* How many went from one domain to another, by the new rules' order;
	 * the last row is for domains that the new rules do not have. */
	uint32_t moved[MAX_DOMAINS + 1][MAX_DOMAINS];
};

static const char *
id_of(const struct side *s)
{
	return decision_domain_id(s->conf, s->d.domain);
}

static const char *
title_of(const struct side *s)
{
	return decision_domain_title(s->conf, s->d.domain);
}

static bool
changed(const struct comparing *c)
{
	return strcmp(id_of(&c->was), id_of(&c->is)) != 0 ||
	       c->was.d.triage != c->is.d.triage ||
	       c->was.d.priority != c->is.d.priority ||
	       c->was.d.major != c->is.d.major;
}

/* What a term of a domain gave; domains are compared by id, since their order
 * may differ. */
static int32_t
gave(const struct side *s, const char *domain, const char *term)
{
	int64_t sum = 0;

	for (size_t i = 0; i < s->d.n_hits; i++) {
		const struct route_hit *h = &s->d.hits[i];

		if (strcmp(decision_domain_id(s->conf, h->domain), domain) ==
			0 &&
		    strcmp(h->term, term) == 0)
			sum += h->weight;
	}
	return (int32_t)sum;
}

/* Terms of one side that gave something else on the other, as "+渣土车 2.0". */
static void
add_terms(struct buf *b, const struct side *mine, const struct side *theirs,
    const char *sign, size_t *shown)
{
	for (size_t i = 0; i < mine->d.n_hits && *shown < MOST_TERMS; i++) {
		const struct route_hit *h = &mine->d.hits[i];
		const char *id = decision_domain_id(mine->conf, h->domain);

		if (h->weight == 0 ||
		    gave(theirs, id, h->term) == gave(mine, id, h->term))
			continue;
		buf_addf(b, "%s%s", *shown > 0 ? "、" : "", sign);
		str_add_cell(b, h->found, 20, false);
		buf_addc(b, ' ');
		add_tenths(b, h->weight, 0);
		(*shown)++;
	}
}

static void
add_how(struct comparing *c, struct buf *b)
{
	size_t shown = 0;

	add_terms(b, &c->is, &c->was, "＋", &shown);
	shown = shown < MOST_TERMS ? shown : MOST_TERMS - 1;
	add_terms(b, &c->was, &c->is, "－", &shown);
}

static void
add_side(struct buf *b, const struct side *s)
{
	buf_addf(b, "%s%s%s ", title_of(s), s->d.triage ? "（待定）" : "",
	    s->d.major	    ? "（重大）"
	    : s->d.priority ? "（急）"
			    : "");
	add_tenths(b, s->d.score, 0);
}

static int
add_row(struct comparing *c, const struct example *e)
{
	BUF_AUTO struct buf was = BUF_INIT, is = BUF_INIT, how = BUF_INIT;
	BUF_AUTO struct buf brief = BUF_INIT;

	add_side(&was, &c->was);
	add_side(&is, &c->is);
	add_how(c, &how);
	rules_brief(&brief, e, BRIEF_COLUMNS);
	return table_add(
	    &c->table, (const char *const[]){e->id, buf_str(&was), buf_str(&is),
			   buf_str(&how), buf_str(&brief)});
}

static void
add_json(struct comparing *c, const struct example *e)
{
	buf_adds(&c->b, "{\"id\":");
	json_add_cstr(&c->b, e->id);
	buf_adds(&c->b, ",\"old\":{");
	decision_json(&c->b, c->was.conf, &c->was.d);
	buf_adds(&c->b, "},\"new\":{");
	decision_json(&c->b, c->is.conf, &c->is.d);
	buf_adds(&c->b, "}}\n");
	ctl_out(&c->b);
	buf_clear(&c->b);
}

static void
count(struct comparing *c)
{
	int from = domain_by_name(c->is.conf, id_of(&c->was));

	c->n_changed++;
	c->moved[from < 0 ? MAX_DOMAINS : from][c->is.d.domain]++;
}

static int
compare(struct comparing *c, const struct example *e, struct err *err)
{
	ARENA_AUTO struct arena *a = arena_new();

	if (a == NULL)
		return err_set(err, ERR_SYSTEM, ERR_OWN, 0, "out of memory");
	if (route_decide(c->was.route, e->subject, e->text, a, &c->was.d, err) <
		0 ||
	    route_decide(c->is.route, e->subject, e->text, a, &c->is.d, err) <
		0)
		return -1;
	if (!changed(c))
		return 0;
	count(c);
	if (c->json)
		add_json(c, e);
	else if (add_row(c, e) < 0)
		return err_set(err, ERR_SYSTEM, ERR_OWN, 0, "out of memory");
	return 0;
}

static void
add_moves(struct comparing *c)
{
	const struct rules_conf *rules = &c->is.conf->rules;

	for (size_t i = 0; i <= MAX_DOMAINS; i++)
		for (size_t k = 0; k < rules->n_domains; k++) {
			if (c->moved[i][k] == 0)
				continue;
			buf_addf(&c->b, "  %u 件  %s → %s\n", c->moved[i][k],
			    i < rules->n_domains ? rules->domains[i].title
						 : "（新规则没有的领域）",
			    rules->domains[k].title);
		}
}

static void
print_people(struct comparing *c, size_t n)
{
	buf_addf(&c->b, "%zu 件中 %zu 件判定不同：%.12s → %.12s\n", n,
	    c->n_changed, c->was.conf->rules.hash, c->is.conf->rules.hash);
	if (c->n_changed > 0) {
		add_moves(c);
		buf_addc(&c->b, '\n');
		table_print(&c->table, c->ctl->color, &c->b);
	}
	ctl_out(&c->b);
}

static int
diff(struct comparing *c, const char *letters)
{
	static const char *const heads[] = {
	    "编号", "旧规则", "新规则", "差在", "来信"};
	static const size_t most[] = {24, 0, 0, 60, BRIEF_COLUMNS};
	struct examples all;
	struct err err;
	int rc = rules_letters(c->ctl, letters, FROM_CLUES, &all);

	if (rc != CTL_OK)
		return rc;
	table_init(&c->table, heads, most, 5);
	rc = 0;
	for (size_t i = 0; i < all.n && rc == 0; i++)
		rc = compare(c, &all.list[i], &err);
	if (rc == 0 && !c->json)
		print_people(c, all.n);
	table_done(&c->table);
	examples_done(&all);
	if (rc < 0)
		return ctl_fail(&err);
	return c->n_changed > 0 ? CTL_FINDING : CTL_OK;
}

static int
load_side(const struct ctl *ctl, const char *rules, struct side *s)
{
	struct conf_options how = {.no_secrets = true, .rules = rules};

	struct err err;

	return check_load(ctl->conf_path, &how, &s->conf, &s->route, stderr,
		   &err) < 0
		   ? ctl_refused(&err)
		   : CTL_OK;
}

static int
run(struct ctl *ctl, int argc, char **argv)
{
	static const struct option options[] = {
	    {"json", no_argument, NULL, 'j'},
	    {"letters", required_argument, NULL, 'l'}, {NULL, 0, NULL, 0}};
	struct comparing c = {.ctl = ctl, .b = BUF_INIT};
	const char *letters = NULL;
	int o, rc;

	while ((o = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (o == 'l')
			letters = optarg;
		else if (o == 'j')
			c.json = true;
		else
			return rules_usage(&rules_diff);
	}
	if (optind + 2 != argc)
		return rules_usage(&rules_diff);
	rc = rules_load(ctl, argv[optind + 1]);
	if (rc == CTL_OK)
		rc = load_side(ctl, argv[optind], &c.was);
	if (rc == CTL_OK) {
		c.is.conf = ctl->conf;
		c.is.route = ctl->route;
		rc = diff(&c, letters);
	}
	route_free(&c.was.route);
	conf_free(&c.was.conf);
	buf_done(&c.b);
	return rc;
}

const struct rules_command rules_diff = {
    .name = "diff",
    .help = "diff [--letters FILE] [--json] OLD NEW\n",
    .run = run,
};
