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
#include "ctl/decision.h"
#include "ctl/rules.h"
#include "route/lint.h"
#include "route/route.h"
#include "route/wording.h"

struct checking {
	struct ctl *ctl;
	struct arena *arena;
	struct lint_fault *faults;
	size_t n_faults;
	/* Terms that no letter met, when letters were given. */
	struct lint_fault *unmet;
	size_t n_unmet, n_letters;
};

static const char *
kind_title(enum lint_kind kind)
{
	static const char *const titles[LINT_KINDS] = {
	    [LINT_DUPLICATE] = "重复",
	    [LINT_DOUBLE] = "重复计分",
	    [LINT_SHADOWED] = "被遮住",
	    [LINT_DEAD] = "无效",
	    [LINT_UNUSED] = "没有用到"};

	return titles[kind];
}

static const char *
why(const struct lint_fault *f, struct arena *a)
{
	switch (f->kind) {
	case LINT_DUPLICATE:
		return arena_printf(a, "与第 %s 行相同", f->with);
	case LINT_DOUBLE:
		return arena_printf(a, "%s 里也有这个词", f->with);
	case LINT_SHADOWED:
		return arena_printf(a, "“%s”已经包括它", f->with);
	case LINT_DEAD:
		return arena_printf(a, "有“%s”，永远不起作用", f->with);
	default:
		return "";
	}
}

static const char *
owner(const struct checking *c, int domain)
{
	return domain == LINT_LIST
		   ? "同义词"
		   : decision_domain_title(c->ctl->conf, domain);
}

/* -- terms that nobody's letter meets ---- */

struct met {
	const char *file;
	int line;
};

static int
by_place(const void *a, const void *b)
{
	const struct met *x = a, *y = b;
	int c = strcmp(x->file, y->file);

	return c != 0 ? c : (x->line > y->line) - (x->line < y->line);
}

static int
add_met(struct checking *c, const struct example *e, struct met **list,
    size_t *n, size_t *size, struct err *err)
{
	ARENA_AUTO struct arena *a = arena_new();
	struct route_decision d;

	if (a == NULL)
		return err_set(err, ERR_SYSTEM, ERR_OWN, 0, "out of memory");
	if (route_decide(c->ctl->route, e->subject, e->text, a, &d, err) < 0)
		return -1;
	if (*n + d.n_hits > *size) {
		size_t more = (*n + d.n_hits) * 2;
		struct met *grown = reallocarray(*list, more, sizeof(*grown));

		if (grown == NULL)
			return -1;
		*list = grown;
		*size = more;
	}
	for (size_t i = 0; i < d.n_hits; i++)
		(*list)[(*n)++] = (struct met){d.hits[i].file, d.hits[i].line};
	return 0;
}

static void
add_unmet(struct checking *c, int domain, const struct term_conf *terms,
    size_t n, const struct met *met, size_t n_met)
{
	for (size_t i = 0; i < n; i++) {
		const struct met key = {terms[i].file, terms[i].line};

		if (n_met == 0 ||
		    bsearch(&key, met, n_met, sizeof(*met), by_place) == NULL)
			c->unmet[c->n_unmet++] =
			    (struct lint_fault){.domain = domain,
				.what = terms[i].wording ? WORDING_LABEL
					: terms[i].n_words > 0
					    ? terms[i].words[0]
					    : terms[i].pattern,
				.with = "",
				.file = terms[i].file,
				.line = terms[i].line};
	}
}

static int
find_unmet(struct checking *c, const struct examples *letters, struct err *err)
{
	const struct rules_conf *rules = &c->ctl->conf->rules;
	size_t n = 0, size = 0,
	       n_terms = rules->n_priority_terms + rules->n_major_terms;
	struct met *met = NULL;
	int rc = 0;

	for (size_t i = 0; i < letters->n && rc == 0; i++)
		rc = add_met(c, &letters->list[i], &met, &n, &size, err);
	if (n > 0)
		qsort(met, n, sizeof(*met), by_place);
	for (size_t d = 0; d < rules->n_domains; d++)
		n_terms += rules->domains[d].n_terms;
	c->unmet = arena_array(c->arena, n_terms + 1, sizeof(*c->unmet));
	c->n_letters = letters->n;
	if (rc == 0 && c->unmet != NULL) {
		for (size_t d = 0; d < rules->n_domains; d++)
			add_unmet(c, (int)d, rules->domains[d].terms,
			    rules->domains[d].n_terms, met, n);
		add_unmet(c, HIT_PRIORITY, rules->priority_terms,
		    rules->n_priority_terms, met, n);
		add_unmet(c, HIT_MAJOR, rules->major_terms,
		    rules->n_major_terms, met, n);
	}
	free(met);
	if (rc < 0 || c->unmet == NULL)
		return err_set(err, ERR_SYSTEM, ERR_OWN, 0, "out of memory");
	return 0;
}

/* -- printing ---- */

static int
print_table(struct checking *c, struct buf *b)
{
	static const char *const heads[] = {
	    "问题", "领域", "规则", "说明", "出处"};
	static const size_t most[] = {0, 0, 44, 44, 0};
	struct table t;
	int rc = 0;

	table_init(&t, heads, most, 5);
	for (size_t i = 0; i < c->n_faults && rc == 0; i++) {
		const struct lint_fault *f = &c->faults[i];
		const char *text = why(f, c->arena);
		char place[80] = "";

		if (*f->file != '\0')
			(void)rules_place(f->file, f->line, place);
		rc = text == NULL
			 ? -1
			 : table_add(&t,
			       (const char *const[]){kind_title(f->kind),
				   owner(c, f->domain), f->what, text, place});
	}
	for (size_t i = 0; i < c->n_unmet && rc == 0; i++) {
		const struct lint_fault *f = &c->unmet[i];
		char place[80];

		rc = table_add(
		    &t, (const char *const[]){"从未碰上", owner(c, f->domain),
			    f->what, "", rules_place(f->file, f->line, place)});
	}
	if (rc == 0 && c->n_faults + c->n_unmet > 0)
		table_print(&t, c->ctl->color, b);
	table_done(&t);
	if (c->n_faults == 0)
		buf_adds(b, "没有重复、被遮住或无效的规则。\n");
	if (c->n_letters > 0)
		buf_addf(b, "%zu 封来信里从未碰上的规则 %zu 条。\n",
		    c->n_letters, c->n_unmet);
	return rc;
}

static void
add_json(struct buf *b, const struct checking *c, const char *kind,
    const struct lint_fault *f)
{
	buf_addf(b, "{\"kind\":\"%s\",\"domain\":", kind);
	json_add_cstr(b, f->domain == LINT_LIST
			     ? "synonyms"
			     : decision_domain_id(c->ctl->conf, f->domain));
	buf_adds(b, ",\"term\":");
	json_add_cstr(b, f->what);
	buf_adds(b, ",\"with\":");
	json_add_cstr(b, f->with);
	buf_adds(b, ",\"file\":");
	json_add_cstr(b, f->file);
	buf_addf(b, ",\"line\":%d}\n", f->line);
}

static int
check(struct checking *c, const char *letters, bool clues, bool json)
{
	BUF_AUTO struct buf b = BUF_INIT;
	struct examples all;
	struct err err;
	int rc;

	if (route_lint(
		c->ctl->route, c->arena, &c->faults, &c->n_faults, &err) < 0)
		return ctl_fail(&err);
	if (letters != NULL || clues) {
		rc = rules_letters(c->ctl, letters, FROM_CLUES, &all);
		if (rc != CTL_OK)
			return rc;
		rc = find_unmet(c, &all, &err);
		examples_done(&all);
		if (rc < 0)
			return ctl_fail(&err);
	}
	for (size_t i = 0; json && i < c->n_faults; i++)
		add_json(
		    &b, c, lint_kind_name(c->faults[i].kind), &c->faults[i]);
	for (size_t i = 0; json && i < c->n_unmet; i++)
		add_json(&b, c, "unmet", &c->unmet[i]);
	if ((!json && print_table(c, &b) < 0) || buf_bad(&b))
		return ctl_no_memory();
	ctl_out(&b);
	return c->n_faults > 0 ? CTL_FINDING : CTL_OK;
}

static int
run(struct ctl *ctl, int argc, char **argv)
{
	static const struct option options[] = {
	    {"json", no_argument, NULL, 'j'},
	    {"rules", required_argument, NULL, 'r'},
	    {"letters", required_argument, NULL, 'l'},
	    {"clues", no_argument, NULL, 'c'}, {NULL, 0, NULL, 0}};
	ARENA_AUTO struct arena *a = arena_new();
	struct checking c = {.ctl = ctl, .arena = a};
	const char *rules = NULL, *letters = NULL;
	bool json = false, clues = false;
	int o, rc;

	while ((o = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (o == 'r')
			rules = optarg;
		else if (o == 'l')
			letters = optarg;
		else if (o == 'c')
			clues = true;
		else if (o == 'j')
			json = true;
		else
			return rules_usage(&rules_check);
	}
	if (a == NULL)
		return ctl_no_memory();
	if (optind != argc || (clues && letters != NULL))
		return rules_usage(&rules_check);
	rc = rules_load(ctl, rules);
	return rc == CTL_OK ? check(&c, letters, clues, json) : rc;
}

const struct rules_command rules_check = {
    .name = "check",
    .help = "check [--rules FILE] [--letters FILE | --clues] [--json]\n",
    .run = run,
};
