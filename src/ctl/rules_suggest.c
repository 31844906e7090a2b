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
#include "route/suggest.h"

#define MOST_SHOWN 8
#define MOST_MOVED 4

struct proposing {
	struct ctl *ctl;
	struct arena *arena;
	struct examples letters;
	struct suggest_letter *list;
	size_t n_said; /* by a person; the others stood */
	size_t most, n_shown;
	bool json;
	struct buf b;
};

static void
add_moved(struct proposing *p, const struct suggestion *s)
{
	for (size_t i = 0; i < s->n_moved && (p->json || i < MOST_MOVED); i++) {
		const char *id = p->letters.list[s->moved[i]].id;

		if (p->json) {
			buf_adds(&p->b, i > 0 ? "," : "");
			json_add_cstr(&p->b, id);
		} else {
			buf_adds(&p->b, i > 0 ? " " : "  动: ");
			str_add_printable(&p->b, id, strlen(id), false);
		}
	}
	if (!p->json && s->n_moved > MOST_MOVED)
		buf_addf(&p->b, " …共 %zu 件", s->n_moved);
}

static void
add_json(struct proposing *p, const struct suggestion *s)
{
	buf_adds(&p->b, "{\"domain\":");
	json_add_cstr(&p->b, decision_domain_id(p->ctl->conf, s->domain));
	buf_adds(&p->b, ",\"term\":");
	json_add_cstr(&p->b, s->word);
	buf_adds(&p->b, ",\"weight\":");
	add_thousandths(&p->b, s->weight);
	buf_adds(&p->b, ",\"z\":");
	add_thousandths(&p->b, s->z);
	buf_addf(&p->b,
	    ",\"inside\":%u,\"of_inside\":%u,\"outside\":%u,"
	    "\"of_outside\":%u,\"fixed\":%u,\"broken\":%u,\"stirred\":%u,"
	    "\"moved\":[",
	    s->inside, s->n_inside, s->outside, s->n_outside, s->fixed,
	    s->broken, s->stirred);
	add_moved(p, s);
	buf_adds(&p->b, "]}\n");
}

/* A line of a rule file; the comment says what speaks for it. */
static void
add_line(struct proposing *p, const struct suggestion *s)
{
	buf_adds(&p->b, "    { t = \"");
	str_add_printable(&p->b, s->word, strlen(s->word), false);
	buf_adds(&p->b, "\"; w = ");
	add_tenths(&p->b, s->weight, 0);
	buf_addf(&p->b,
	    "; },  # 本领域 %u/%u 件有，其他 %u/%u；改对 %u，改错 %u，"
	    "牵动没改过的 %u；z ",
	    s->inside, s->n_inside, s->outside, s->n_outside, s->fixed,
	    s->broken, s->stirred);
	add_tenths(&p->b, s->z, 0);
	add_moved(p, s);
	buf_addc(&p->b, '\n');
}

static int
propose(struct proposing *p, int domain, struct err *err)
{
	struct suggestion *list;
	size_t n;

	if (route_suggest(p->ctl->route, p->list, p->letters.n, domain, p->most,
		p->arena, &list, &n, err) < 0)
		return -1;
	p->n_shown += n;
	if (n > 0 && !p->json)
		buf_addf(&p->b, "  # %s：加到 additions 里 domain = \"%s\"\n",
		    decision_domain_title(p->ctl->conf, domain),
		    decision_domain_id(p->ctl->conf, domain));
	for (size_t i = 0; i < n; i++) {
		if (p->json)
			add_json(p, &list[i]);
		else
			add_line(p, &list[i]);
	}
	return 0;
}

static int
propose_all(struct proposing *p, int domain)
{
	struct err err;

	p->list = arena_array(p->arena, p->letters.n + 1, sizeof(*p->list));
	if (p->list == NULL)
		return ctl_no_memory();
	for (size_t i = 0; i < p->letters.n; i++) {
		const struct example *e = &p->letters.list[i];

		p->list[i] =
		    (struct suggest_letter){.subject = e->subject,
			.text = e->text,
			.domain = e->domain,
			.assumed = i >= p->n_said};
	}
	for (int d = 0; d < (int)p->ctl->conf->rules.n_domains; d++)
		if ((domain < 0 || d == domain) && propose(p, d, &err) < 0)
			return ctl_fail(&err);
	if (p->n_shown == 0 && !p->json)
		buf_addf(&p->b,
		    "没有值得加的词：照着 %zu 件人定过领域的来信，没有哪个词能改对"
		    "两件以上而不牵动更多。\n领域判错了的，用 cluectl assign 编号 "
		    "责任人 --domain 领域 改域；改得越多，这里越有用。\n",
		    p->n_said);
	if (buf_bad(&p->b))
		return ctl_no_memory();
	ctl_out(&p->b);
	return p->n_shown == 0 ? CTL_FINDING : CTL_OK;
}

static int
suggest(struct proposing *p, const char *letters, const char *domain)
{
	int d = domain == NULL ? -1 : domain_by_name(p->ctl->conf, domain), rc;
	struct err err;

	if (domain != NULL && d < 0) {
		(void)fputs("cluectl: no such domain\n", stderr);
		return CTL_USAGE;
	}
	rc = rules_letters(p->ctl, letters, FROM_CORRECTIONS, &p->letters);
	if (rc != CTL_OK)
		return rc;
	p->n_said = p->letters.n;
	if (letters == NULL &&
	    examples_settled(&p->letters, p->ctl->conf, p->ctl->store, &err) <
		0)
		rc = ctl_fail(&err);
	else
		rc = propose_all(p, d);
	examples_done(&p->letters);
	return rc;
}

static int
run(struct ctl *ctl, int argc, char **argv)
{
	static const struct option options[] = {
	    {"json", no_argument, NULL, 'j'},
	    {"rules", required_argument, NULL, 'r'},
	    {"letters", required_argument, NULL, 'l'},
	    {"domain", required_argument, NULL, 'd'},
	    {"limit", required_argument, NULL, 'n'}, {NULL, 0, NULL, 0}};
	ARENA_AUTO struct arena *a = arena_new();
	struct proposing p = {
	    .ctl = ctl, .arena = a, .most = MOST_SHOWN, .b = BUF_INIT};
	const char *rules = NULL, *letters = NULL, *domain = NULL;
	int64_t n;
	int c, rc;

	while ((c = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (c == 'r')
			rules = optarg;
		else if (c == 'l')
			letters = optarg;
		else if (c == 'd')
			domain = optarg;
		else if (c == 'j')
			p.json = true;
		else if (c == 'n' && str_int64(optarg, 1, 1000, &n) == 0)
			p.most = (size_t)n;
		else
			return rules_usage(&rules_suggest);
	}
	if (a == NULL)
		return ctl_no_memory();
	if (optind != argc)
		return rules_usage(&rules_suggest);
	rc = rules_load(ctl, rules);
	if (rc == CTL_OK)
		rc = suggest(&p, letters, domain);
	buf_done(&p.b);
	return rc;
}

const struct rules_command rules_suggest = {
    .name = "suggest",
    .help = "suggest [--rules FILE] [--letters LABELS] [--domain D] "
	    "[--limit N] [--json]\n",
    .run = run,
};
