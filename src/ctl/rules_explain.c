/* SPDX-License-Identifier: ISC */
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"
#include "conf/conf.h"
#include "ctl/decision.h"
#include "ctl/rules.h"
#include "route/route.h"
#include "route/rules.h"
#include "store/store.h"

/* Characters of the letter shown on each side of a word. */
#define AROUND 8
#define MOST_LETTER_BYTES (4UL << 20)

#define BOLD "1"
#define GREEN "32"
#define YELLOW "33"
#define RED "31"
#define DIM "2"

struct explaining {
	struct ctl *ctl;
	struct example letter;
	struct route_decision d;
	struct buf b;
};

static void
paint(struct explaining *x, const char *code, const char *text)
{
	if (x->ctl->color)
		buf_addf(&x->b, "\033[%sm%s\033[0m", code, text);
	else
		buf_adds(&x->b, text);
}

static const char *
color_of(const struct explaining *x, const struct route_hit *h)
{
	if (h->weight < 0)
		return RED;
	if (h->domain == x->d.domain)
		return GREEN;
	return h->domain == x->d.runner_up ? YELLOW : DIM;
}

static const char *
title(const struct explaining *x, int domain)
{
	return decision_domain_title(x->ctl->conf, domain);
}

/* -- who won ---- */

static void
add_score(struct buf *b, int32_t v)
{
	add_tenths(b, v, 0);
}

static void
add_verdict(struct explaining *x)
{
	const struct route_decision *d = &x->d;
	const struct rules_conf *rules = &x->ctl->conf->rules;

	buf_adds(&x->b, "归入  ");
	paint(x, BOLD ";" GREEN, title(x, d->domain));
	if (d->triage)
		buf_adds(&x->b, "（规则定不下来，待人工分派）");
	if (d->priority)
		buf_adds(&x->b, d->major ? "，重大信息，急件" : "，急件");
	if (rules->domains[d->domain].discipline)
		buf_adds(&x->b, "，交纪检");
	buf_adds(&x->b, "\n地区  ");
	if (d->area >= 0) {
		buf_addf(&x->b, "%s（“", x->ctl->conf->areas[d->area].name);
		str_add_printable(
		    &x->b, d->area_found, strlen(d->area_found), false);
		buf_adds(&x->b, "”）\n");
	} else {
		buf_adds(&x->b, "没有提到\n");
	}
	buf_addf(&x->b, "规则  %.12s\n\n", rules->hash);
}

/* -- the letter ---- */

static bool
outranks(const struct explaining *x, const struct route_hit *h,
    const struct route_hit *than)
{
	bool mine = h->domain == x->d.domain;

	if (mine != (than->domain == x->d.domain))
		return mine;
	return h->len > than->len;
}

/* The first hit at or behind `from`: of several there the winner's, of those
 * the longest. */
static const struct route_hit *
hit_at(const struct explaining *x, enum route_field field, size_t from,
    size_t *at_out)
{
	const struct route_hit *best = NULL;

	for (size_t i = 0; i < x->d.n_hits; i++) {
		const struct route_hit *h = &x->d.hits[i];

		if (h->field != field || h->at < from || h->len == 0)
			continue;
		if (best == NULL || h->at < best->at ||
		    (h->at == best->at && outranks(x, h, best)))
			best = h;
	}
	if (best != NULL)
		*at_out = best->at;
	return best;
}

static void
add_field(struct explaining *x, const char *text, enum route_field field)
{
	size_t len = strlen(text), at = 0, next = 0;
	const struct route_hit *h;

	while ((h = hit_at(x, field, at, &next)) != NULL) {
		BUF_AUTO struct buf word = BUF_INIT;

		str_add_printable(&x->b, text + at, next - at, true);
		str_add_printable(&word, text + next, h->len, true);
		if (x->ctl->color) {
			paint(x, color_of(x, h), buf_str(&word));
		} else {
			buf_addf(&x->b, "【%s】", buf_str(&word));
		}
		at = next + h->len;
	}
	str_add_printable(&x->b, text + at, len - at, true);
	buf_addc(&x->b, '\n');
}

/* -- the words ---- */

static size_t
back(const char *text, size_t at, unsigned chars)
{
	while (at > 0 && chars > 0) {
		at--;
		if (((unsigned char)text[at] & 0xc0) != 0x80)
			chars--;
	}
	return at;
}

static size_t
ahead(const char *text, size_t len, size_t at, unsigned chars)
{
	uint32_t cp;

	for (; at < len && chars > 0; chars--)
		at += utf8_next(text + at, text + len, &cp);
	return at;
}

/* …成群的【渣土车】一路洒… */
static void
add_context(
    struct buf *b, const struct explaining *x, const struct route_hit *h)
{
	const char *text =
	    h->field == FIELD_SUBJECT ? x->letter.subject : x->letter.text;
	size_t len = strlen(text), end = h->at + h->len;
	size_t from = back(text, h->at, AROUND);
	size_t to = ahead(text, len, end, AROUND);

	buf_adds(b, h->field == FIELD_SUBJECT ? "主题 " : "正文 ");
	if (from > 0)
		buf_adds(b, "…");
	buf_add(b, text + from, h->at - from);
	buf_adds(b, "【");
	buf_add(b, text + h->at, h->len);
	buf_adds(b, "】");
	buf_add(b, text + end, to - end);
	if (to < len)
		buf_adds(b, "…");
}

static int
add_hit(struct explaining *x, struct table *t, const struct route_hit *h)
{
	BUF_AUTO struct buf where = BUF_INIT;
	BUF_AUTO struct buf gave = BUF_INIT;
	BUF_AUTO struct buf factor = BUF_INIT;
	char place[80];

	add_context(&where, x, h);
	add_tenths(&gave, h->weight, 1);
	if (h->factor != 1000)
		buf_addf(&factor, "×%d.%d", h->factor / 1000,
		    h->factor % 1000 / 100);
	if (buf_bad(&where) || buf_bad(&gave) || buf_bad(&factor))
		return -1;
	return table_add(
	    t, (const char *const[]){title(x, h->domain), buf_str(&gave),
		   buf_str(&factor), h->term, buf_str(&where),
		   rules_place(h->file, h->line, place)});
}

/* Hits of one domain in the order of the letter. */
static int
add_hits_of(struct explaining *x, struct table *t, int domain)
{
	for (size_t i = 0; i < x->d.n_hits; i++)
		if (x->d.hits[i].domain == domain &&
		    add_hit(x, t, &x->d.hits[i]) < 0)
			return -1;
	return 0;
}

/* The winner first, the runner-up, the others, the priority words. */
static int
add_words(struct explaining *x)
{
	static const char *const heads[] = {
	    "领域", "分", "位置", "规则", "在信里", "出处"};
	static const size_t most[] = {0, 0, 0, 26, 48, 0};
	int n = (int)x->ctl->conf->rules.n_domains, rc;
	struct table t;

	if (x->d.n_hits == 0) {
		buf_adds(&x->b, "没有碰上任何规则。\n");
		return 0;
	}
	table_init(&t, heads, most, 6);
	rc = add_hits_of(x, &t, x->d.domain);
	if (rc == 0 && x->d.runner_up >= 0)
		rc = add_hits_of(x, &t, x->d.runner_up);
	for (int i = 0; i < n && rc == 0; i++)
		if (i != x->d.domain && i != x->d.runner_up)
			rc = add_hits_of(x, &t, i);
	if (rc == 0)
		rc = add_hits_of(x, &t, HIT_PRIORITY);
	if (rc == 0)
		rc = add_hits_of(x, &t, HIT_MAJOR);
	if (rc == 0)
		table_print(&t, x->ctl->color, &x->b);
	table_done(&t);
	return rc;
}

/* -- the scores, and why ---- */

static int
add_scores(struct explaining *x)
{
	static const char *const heads[] = {"领域", "得分", ""};
	static const size_t most[] = {0, 0, 0};
	const struct rules_conf *rules = &x->ctl->conf->rules;
	struct table t;
	int rc = 0;

	table_init(&t, heads, most, 3);
	for (size_t i = 0; i < rules->n_domains && rc == 0; i++) {
		BUF_AUTO struct buf score = BUF_INIT;
		const char *note = (int)i == x->d.domain      ? "归入"
				   : (int)i == x->d.runner_up ? "其次"
							      : "";

		if (x->d.scores[i] == 0 && (int)i != x->d.domain)
			continue;
		add_score(&score, x->d.scores[i]);
		rc =
		    table_add(&t, (const char *const[]){rules->domains[i].title,
				      buf_str(&score), note});
	}
	buf_addc(&x->b, '\n');
	if (rc == 0)
		table_print(&t, x->ctl->color, &x->b);
	table_done(&t);
	return rc;
}

static int32_t
best_score(const struct explaining *x)
{
	return x->d.runner_up < 0 ? 0 : x->d.scores[x->d.runner_up];
}

static void
add_triage_reason(struct explaining *x)
{
	const struct rules_conf *rules = &x->ctl->conf->rules;
	int32_t best = 0, next = 0, least = rules->threshold;

	for (size_t i = 0; i < rules->n_domains; i++) {
		if (x->d.scores[i] > best) {
			next = best;
			best = x->d.scores[i];
			least = rules_threshold(rules, i);
		} else if (x->d.scores[i] > next) {
			next = x->d.scores[i];
		}
	}
	if (best < least) {
		buf_adds(&x->b, "为什么要人来定：最高分 ");
		add_score(&x->b, best);
		buf_adds(&x->b, "，不到门槛 ");
		add_score(&x->b, least);
	} else {
		buf_adds(&x->b, "为什么要人来定：前两名 ");
		add_score(&x->b, best);
		buf_adds(&x->b, " 和 ");
		add_score(&x->b, next);
		buf_adds(&x->b, "，相差不到 ");
		add_score(&x->b, rules->margin);
	}
	buf_adds(&x->b, "。\n");
}

static int32_t
override_least(const struct rules_conf *rules, size_t d)
{
	int32_t threshold = rules_threshold(rules, d);
	int32_t from = rules->domains[d].override_from;

	return from > threshold ? from : threshold;
}

static void
add_override_reason(struct explaining *x)
{
	const struct rules_conf *rules = &x->ctl->conf->rules;

	buf_addf(&x->b, "为什么不是“%s”（", title(x, x->d.runner_up));
	add_score(&x->b, best_score(x));
	buf_addf(&x->b, "）：“%s”得分 ", title(x, x->d.domain));
	add_score(&x->b, x->d.score);
	buf_adds(&x->b, "，够优先的门槛 ");
	add_score(&x->b, override_least(rules, (size_t)x->d.domain));
	buf_addf(&x->b, "，也够对方的 %d%%，优先于其他领域。\n",
	    rules->override_share / 10);
}

/* What the runner-up's own words took from it. */
static int32_t
taken_from(const struct explaining *x, int domain)
{
	int64_t sum = 0;

	for (size_t i = 0; i < x->d.n_hits; i++)
		if (x->d.hits[i].domain == domain && x->d.hits[i].weight < 0)
			sum -= x->d.hits[i].weight;
	return sum > INT32_MAX ? INT32_MAX : (int32_t)sum;
}

static void
add_lead_reason(struct explaining *x)
{
	int32_t lost = taken_from(x, x->d.runner_up);

	buf_addf(&x->b, "为什么不是“%s”：得分 ", title(x, x->d.runner_up));
	add_score(&x->b, best_score(x));
	buf_addf(&x->b, "，比“%s”少 ", title(x, x->d.domain));
	add_score(&x->b, x->d.margin);
	if (lost > 0) {
		buf_adds(&x->b, "；另有减分的词，减去 ");
		add_score(&x->b, lost);
		if (lost > x->d.margin)
			buf_adds(&x->b, "，不减就是它领先");
	}
	buf_adds(&x->b, "。\n");
}

static void
add_reason(struct explaining *x)
{
	buf_addc(&x->b, '\n');
	if (x->d.triage)
		add_triage_reason(x);
	else if (x->d.runner_up < 0)
		buf_adds(&x->b, "没有别的领域得分。\n");
	else if (x->d.margin < 0)
		add_override_reason(x);
	else
		add_lead_reason(x);
}

static int
print_people(struct explaining *x)
{
	int rc;

	if (*x->letter.id != '\0')
		buf_addf(&x->b, "线索  %s\n", x->letter.id);
	add_verdict(x);
	add_field(x, x->letter.subject, FIELD_SUBJECT);
	add_field(x, x->letter.text, FIELD_TEXT);
	buf_addc(&x->b, '\n');
	rc = add_words(x);
	if (rc == 0)
		rc = add_scores(x);
	add_reason(x);
	return rc;
}

/* -- where the letter comes from ---- */

/* A file: its first line is the subject where it says so (主题：… or
 * Subject: …), the rest is the text. */
static void
split_letter(char *s, struct example *out)
{
	static const char *const names[] = {
	    "主题：", "主题:", "标题：", "标题:", "Subject:"};
	char *end = strchr(s, '\n');

	out->subject = "";
	out->text = s;
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		if (!str_istarts(s, names[i]))
			continue;
		if (end != NULL)
			*end++ = '\0';
		out->subject = str_trim(s + strlen(names[i]));
		out->text = end != NULL ? end : "";
		return;
	}
}

/* {"subject":…,"text":…}, as `cluectl parse --json` prints of a mail file.
 * 1 = it was that. */
static int
take_json(const char *s, struct arena *a, struct example *out)
{
	json_t *o =
	    *s == '{' ? json_loads(s, JSON_DISABLE_EOF_CHECK, NULL) : NULL;
	const char *subject = json_string_value(json_object_get(o, "subject"));
	const char *text = json_string_value(json_object_get(o, "text"));
	int rc = 0;

	if (text != NULL) {
		out->subject = arena_strdup(a, subject != NULL ? subject : "");
		out->text = arena_strdup(a, text);
		rc = out->subject != NULL && out->text != NULL ? 1 : -1;
	}
	json_decref(o);
	return rc;
}

static int
read_file(
    const char *path, struct arena *a, struct example *out, struct err *err)
{
	BUF_AUTO struct buf all = BUF_INIT;
	FILE *f = strcmp(path, "-") == 0 ? stdin : fopen(path, "re");
	char piece[8192], *text;
	size_t n, total = 0;
	int rc;

	if (f == NULL)
		return err_errno(err, errno, "cannot open the letter");
	while ((n = fread(piece, 1, sizeof(piece), f)) > 0 &&
	       (total += n) <= MOST_LETTER_BYTES)
		buf_add(&all, piece, n);
	if (f != stdin)
		(void)fclose(f);
	if (total > MOST_LETTER_BYTES || strlen(buf_str(&all)) != total ||
	    !utf8_valid(buf_str(&all), total))
		return err_set(err, ERR_INPUT, ERR_OWN, 0,
		    "a letter is UTF-8 text of at most 4 MiB; of a mail "
		    "file give what `cluectl parse --json` prints");
	text = arena_strdup(a, buf_str(&all));
	if (text == NULL)
		return err_set(err, ERR_SYSTEM, ERR_OWN, 0, "out of memory");
	out->id = "";
	rc = take_json(text, a, out);
	if (rc < 0)
		return err_set(err, ERR_SYSTEM, ERR_OWN, 0, "out of memory");
	if (rc == 0)
		split_letter(text, out);
	return 0;
}

/* LY-2026-000123 by its shape: a file of that name needs ./ in front. */
static bool
is_number(const struct ctl *ctl, const char *s)
{
	const char *prefix = ctl->conf->office.number_prefix;
	size_t n = strlen(prefix);

	return strncmp(s, prefix, n) == 0 && s[n] == '-' &&
	       strspn(s + n, "-0123456789") == strlen(s + n);
}

static int
find_clue(
    struct ctl *ctl, const char *number, struct arena *a, struct example *out)
{
	struct clue_record c;
	struct err err;
	int rc = ctl_open_store(ctl, STORE_READ);

	if (rc != CTL_OK)
		return rc;
	rc = store_clue_by_number(ctl->store, number, a, &c, &err);
	if (rc < 0)
		return ctl_fail(&err);
	if (rc == 0) {
		(void)fputs("cluectl: no such clue\n", stderr);
		return CTL_FINDING;
	}
	*out = (struct example){c.number, c.subject, c.text, -1};
	return CTL_OK;
}

static int
explain(struct explaining *x, const char *what, bool json, struct arena *a)
{
	struct err err;
	int rc = CTL_OK;

	if (is_number(x->ctl, what))
		rc = find_clue(x->ctl, what, a, &x->letter);
	else if (read_file(what, a, &x->letter, &err) < 0)
		rc = (ctl_fail(&err), CTL_USAGE);
	if (rc != CTL_OK)
		return rc;
	if (route_decide(x->ctl->route, x->letter.subject, x->letter.text, a,
		&x->d, &err) < 0)
		return ctl_fail(&err);
	if (json) {
		buf_adds(&x->b, "{\"id\":");
		json_add_cstr(&x->b, x->letter.id);
		buf_addc(&x->b, ',');
		decision_json(&x->b, x->ctl->conf, &x->d);
		buf_adds(&x->b, "}\n");
	} else if (print_people(x) < 0) {
		return ctl_no_memory();
	}
	if (buf_bad(&x->b))
		return ctl_no_memory();
	ctl_out(&x->b);
	return CTL_OK;
}

static int
run(struct ctl *ctl, int argc, char **argv)
{
	static const struct option options[] = {
	    {"json", no_argument, NULL, 'j'},
	    {"rules", required_argument, NULL, 'r'}, {NULL, 0, NULL, 0}};
	ARENA_AUTO struct arena *a = arena_new();
	struct explaining x = {.ctl = ctl, .b = BUF_INIT};
	const char *rules = NULL;
	bool json = false;
	int c, rc;

	while ((c = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (c == 'r')
			rules = optarg;
		else if (c == 'j')
			json = true;
		else
			return rules_usage(&rules_explain);
	}
	if (a == NULL)
		return ctl_no_memory();
	if (optind + 1 != argc)
		return rules_usage(&rules_explain);
	rc = rules_load(ctl, rules);
	if (rc == CTL_OK)
		rc = explain(&x, argv[optind], json, a);
	buf_done(&x.b);
	return rc;
}

const struct rules_command rules_explain = {
    .name = "explain",
    .help = "explain [--rules FILE] [--json] NUMBER|FILE\n",
    .run = run,
};
