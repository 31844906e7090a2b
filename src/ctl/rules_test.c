/* SPDX-License-Identifier: ISC */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/limits.h"
#include "base/str.h"
#include "conf/conf.h"
#include "ctl/decision.h"
#include "ctl/rules.h"
#include "route/route.h"

#define MISSES 20
#define BRIEF_COLUMNS 90

struct testing {
	struct ctl *ctl;
	struct examples letters;
	int *said;				   /* of each letter */
	bool *triaged;				   /* likewise */
	uint32_t counts[MAX_DOMAINS][MAX_DOMAINS]; /* [right][said] */
	uint32_t n, right, n_triaged;
	size_t misses;
};

/* Of one domain, or of all: thousandths. */
struct figures {
	uint32_t is, said, both;
	int32_t precision, recall, f1;
};

static int32_t
share(uint64_t part, uint64_t of)
{
	return of == 0 ? 0 : (int32_t)((part * 1000 + of / 2) / of);
}

static struct figures
figures_of(const struct testing *t, size_t d)
{
	size_t n = t->ctl->conf->rules.n_domains;
	struct figures f = {0};

	for (size_t i = 0; i < n; i++) {
		f.is += t->counts[d][i];
		f.said += t->counts[i][d];
	}
	f.both = t->counts[d][d];
	f.precision = share(f.both, f.said);
	f.recall = share(f.both, f.is);
	f.f1 = share(2 * (uint64_t)f.both, f.is + f.said);
	return f;
}

/* The mean F1 of the domains that have letters. */
static int32_t
macro_f1(const struct testing *t)
{
	int64_t sum = 0, n = 0;

	for (size_t d = 0; d < t->ctl->conf->rules.n_domains; d++) {
		struct figures f = figures_of(t, d);

		if (f.is == 0)
			continue;
		sum += f.f1;
		n++;
	}
	return n == 0 ? 0 : (int32_t)((sum + n / 2) / n);
}

static int
decide_all(struct testing *t, struct err *err)
{
	t->said = calloc(t->letters.n + 1, sizeof(*t->said));
	t->triaged = calloc(t->letters.n + 1, sizeof(*t->triaged));
	if (t->said == NULL || t->triaged == NULL)
		return err_set(err, ERR_SYSTEM, ERR_OWN, 0, "out of memory");
	for (size_t i = 0; i < t->letters.n; i++) {
		const struct example *e = &t->letters.list[i];
		ARENA_AUTO struct arena *a = arena_new();
		struct route_decision d;

		if (e->domain < 0)
			continue;
		if (a == NULL)
			return err_set(err, ERR_SYSTEM, ERR_OWN, 0,
			    "out of memory");
		if (route_decide(t->ctl->route, e->subject, e->text, a, &d,
			err) < 0)
			return -1;
		t->said[i] = d.domain;
		t->triaged[i] = d.triage;
		t->counts[e->domain][d.domain]++;
		t->n++;
		t->right += d.domain == e->domain;
		t->n_triaged += d.triage;
	}
	return 0;
}

/* -- for people ---- */

static void
add_percent(struct buf *b, int32_t thousandths)
{
	buf_addf(b, "%d.%d%%", thousandths / 10, thousandths % 10);
}

static int
add_figures(struct table *t, const char *name, const struct figures *f)
{
	char is[16], said[16], both[16];
	BUF_AUTO struct buf p = BUF_INIT, r = BUF_INIT, f1 = BUF_INIT;

	(void)snprintf(is, sizeof(is), "%u", f->is);
	(void)snprintf(said, sizeof(said), "%u", f->said);
	(void)snprintf(both, sizeof(both), "%u", f->both);
	add_percent(&p, f->precision);
	add_percent(&r, f->recall);
	buf_addf(&f1, "%d.%03d", f->f1 / 1000, f->f1 % 1000);
	return table_add(t, (const char *const[]){name, is, said, both,
				buf_str(&p), buf_str(&r), buf_str(&f1)});
}

static int
print_figures(const struct testing *t, struct buf *b)
{
	static const char *const heads[] = {
	    "领域", "应归", "判为", "判对", "准确率", "召回率", "F1"};
	static const size_t most[7] = {0};
	const struct rules_conf *rules = &t->ctl->conf->rules;
	struct table table;
	int rc = 0;

	table_init(&table, heads, most, 7);
	for (size_t d = 0; d < rules->n_domains && rc == 0; d++) {
		struct figures f = figures_of(t, d);

		rc = add_figures(&table, rules->domains[d].title, &f);
	}
	if (rc == 0)
		table_print(&table, t->ctl->color, b);
	table_done(&table);
	return rc;
}

/* Rows: what it is; columns: what the rules say, by the row's number. */
static int
print_confusion(const struct testing *t, struct buf *b)
{
	const struct rules_conf *rules = &t->ctl->conf->rules;
	size_t n = rules->n_domains;
	static const size_t most[TABLE_COLUMNS] = {0};
	const char *heads[TABLE_COLUMNS] = {"应归 ＼ 判为"};
	char names[MAX_DOMAINS][24], cells[MAX_DOMAINS][16], first[160];
	struct table table;
	int rc = 0;

	if (n + 1 > TABLE_COLUMNS)
		return 0; /* no terminal is that wide */
	for (size_t d = 0; d < n; d++) {
		(void)snprintf(names[d], sizeof(names[d]), "%zu", d + 1);
		heads[d + 1] = names[d];
	}
	table_init(&table, heads, most, n + 1);
	for (size_t i = 0; i < n && rc == 0; i++) {
		const char *row[TABLE_COLUMNS] = {first};

		(void)snprintf(first, sizeof(first), "%zu %.120s", i + 1,
		    rules->domains[i].title);
		for (size_t k = 0; k < n; k++) {
			if (t->counts[i][k] == 0)
				(void)snprintf(cells[k], 16, "·");
			else
				(void)snprintf(
				    cells[k], 16, "%u", t->counts[i][k]);
			row[k + 1] = cells[k];
		}
		rc = table_add(&table, row);
	}
	buf_addc(b, '\n');
	if (rc == 0)
		table_print(&table, t->ctl->color, b);
	table_done(&table);
	return rc;
}

static int
print_misses(const struct testing *t, struct buf *b)
{
	static const char *const heads[] = {"编号", "应归", "判为", "来信"};
	static const size_t most[] = {24, 0, 0, BRIEF_COLUMNS};
	const struct rules_conf *rules = &t->ctl->conf->rules;
	struct table table;
	size_t shown = 0, all = t->n - t->right;
	int rc = 0;

	if (all == 0 || t->misses == 0)
		return 0;
	table_init(&table, heads, most, 4);
	for (size_t i = 0; i < t->letters.n && shown < t->misses && rc == 0;
	     i++) {
		const struct example *e = &t->letters.list[i];
		BUF_AUTO struct buf brief = BUF_INIT;
		BUF_AUTO struct buf said = BUF_INIT;

		if (e->domain < 0 || e->domain == t->said[i])
			continue;
		rules_brief(&brief, e, BRIEF_COLUMNS);
		buf_addf(&said, "%s%s", rules->domains[t->said[i]].title,
		    t->triaged[i] ? "（待定）" : "");
		rc = table_add(&table, (const char *const[]){e->id,
					   rules->domains[e->domain].title,
					   buf_str(&said), buf_str(&brief)});
		shown++;
	}
	buf_addf(b, "\n判错 %zu 封%s：\n", all,
	    shown < all ? "，先列出一部分（--misses N）" : "");
	if (rc == 0)
		table_print(&table, t->ctl->color, b);
	table_done(&table);
	return rc;
}

static int
print_people(const struct testing *t, struct buf *b)
{
	int32_t accuracy = share(t->right, t->n), macro = macro_f1(t);

	buf_addf(b, "%u 封，判对 %u：准确率 %d.%03d，宏平均 F1 %d.%03d；", t->n,
	    t->right, accuracy / 1000, accuracy % 1000, macro / 1000,
	    macro % 1000);
	buf_addf(b, "待人工分派 %u；规则 %.12s\n\n", t->n_triaged,
	    t->ctl->conf->rules.hash);
	return print_figures(t, b) < 0 || print_confusion(t, b) < 0 ||
		       print_misses(t, b) < 0
		   ? -1
		   : 0;
}

/* -- for programs ---- */

static void
json_domain(const struct testing *t, struct buf *b, size_t d)
{
	const struct rules_conf *rules = &t->ctl->conf->rules;
	struct figures f = figures_of(t, d);

	json_add_cstr(b, rules->domains[d].id);
	buf_addf(b, ":{\"is\":%u,\"said\":%u,\"both\":%u,\"precision\":", f.is,
	    f.said, f.both);
	add_thousandths(b, f.precision);
	buf_adds(b, ",\"recall\":");
	add_thousandths(b, f.recall);
	buf_adds(b, ",\"f1\":");
	add_thousandths(b, f.f1);
	buf_adds(b, ",\"taken_for\":{");
	for (size_t k = 0, n = 0; k < rules->n_domains; k++) {
		if (t->counts[d][k] == 0 || k == d)
			continue;
		buf_adds(b, n++ > 0 ? "," : "");
		json_add_cstr(b, rules->domains[k].id);
		buf_addf(b, ":%u", t->counts[d][k]);
	}
	buf_adds(b, "}}");
}

static void
json_misses(const struct testing *t, struct buf *b)
{
	const struct rules_conf *rules = &t->ctl->conf->rules;
	size_t n = 0;

	for (size_t i = 0; i < t->letters.n; i++) {
		const struct example *e = &t->letters.list[i];

		if (e->domain < 0 || e->domain == t->said[i])
			continue;
		buf_adds(b, n++ > 0 ? ",{\"id\":" : "{\"id\":");
		json_add_cstr(b, e->id);
		buf_adds(b, ",\"is\":");
		json_add_cstr(b, rules->domains[e->domain].id);
		buf_adds(b, ",\"said\":");
		json_add_cstr(b, rules->domains[t->said[i]].id);
		buf_addf(
		    b, ",\"triage\":%s}", t->triaged[i] ? "true" : "false");
	}
}

static void
print_json(const struct testing *t, struct buf *b)
{
	buf_addf(
	    b, "{\"letters\":%u,\"right\":%u,\"accuracy\":", t->n, t->right);
	add_thousandths(b, share(t->right, t->n));
	buf_adds(b, ",\"macro_f1\":");
	add_thousandths(b, macro_f1(t));
	buf_addf(b, ",\"triage\":%u,\"rules\":\"%s\",\"domains\":{",
	    t->n_triaged, t->ctl->conf->rules.hash);
	for (size_t d = 0; d < t->ctl->conf->rules.n_domains; d++) {
		buf_adds(b, d > 0 ? "," : "");
		json_domain(t, b, d);
	}
	buf_adds(b, "},\"misses\":[");
	json_misses(t, b);
	buf_adds(b, "]}\n");
}

/* -- the command ---- */

static int
test(struct testing *t, const char *path, int32_t least, bool json)
{
	BUF_AUTO struct buf b = BUF_INIT;
	struct err err;
	int rc = rules_letters(t->ctl, path, FROM_CORRECTIONS, &t->letters);

	if (rc != CTL_OK)
		return rc;
	if (decide_all(t, &err) < 0)
		return ctl_fail(&err);
	if (t->n == 0) {
		(void)fputs("cluectl: there are no labelled letters\n", stderr);
		return CTL_FINDING;
	}
	if (json)
		print_json(t, &b);
	else if (print_people(t, &b) < 0)
		return CTL_SYSTEM;
	if (buf_bad(&b))
		return CTL_SYSTEM;
	ctl_out(&b);
	return share(t->right, t->n) < least || macro_f1(t) < least
		   ? CTL_FINDING
		   : CTL_OK;
}

/* "0.82" or "1" → thousandths. */
static int
read_share(const char *s, int32_t *out)
{
	char *end;
	double v = strtod(s, &end);

	if (end == s || *end != '\0' || !(v >= 0 && v <= 1))
		return -1;
	*out = (int32_t)(v * 1000 + 0.5);
	return 0;
}

static int
run(struct ctl *ctl, int argc, char **argv)
{
	static const struct option options[] = {
	    {"json", no_argument, NULL, 'j'},
	    {"rules", required_argument, NULL, 'r'},
	    {"least", required_argument, NULL, 'l'},
	    {"misses", required_argument, NULL, 'm'}, {NULL, 0, NULL, 0}};
	struct testing t = {.ctl = ctl, .misses = MISSES};
	const char *rules = NULL;
	bool json = false;
	int32_t least = 0;
	int64_t n;
	int c, rc;

	while ((c = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (c == 'r')
			rules = optarg;
		else if (c == 'j')
			json = true;
		else if (c == 'm' && str_int64(optarg, 0, INT32_MAX, &n) == 0)
			t.misses = (size_t)n;
		else if (c != 'l' || read_share(optarg, &least) < 0)
			return rules_usage(&rules_test);
	}
	if (optind + 1 < argc)
		return rules_usage(&rules_test);
	rc = rules_load(ctl, rules);
	if (rc == CTL_OK)
		rc = test(&t, optind < argc ? argv[optind] : NULL, least, json);
	free(t.said);
	free(t.triaged);
	examples_done(&t.letters);
	return rc;
}

const struct rules_command rules_test = {
    .name = "test",
    .help = "test [--rules FILE] [--least N] [--misses N] [--json] "
	    "[LABELS]\n",
    .run = run,
};
