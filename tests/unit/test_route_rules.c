/* SPDX-License-Identifier: ISC */
/*
 * The shipped rules on the cases of tests/data/rules/, lines that a clerk can
 * read: 领域 | 主题 | 正文.  CLUED_RULE_MISSES=1 prints what is placed wrong,
 * CLUED_RULE_CASES=FOLDER takes an office's own letters.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <opencc/opencc.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"
#include "conf/conf.h"
#include "route/route.h"

#define MOST_CASES 2000
#define FIELD_MOST 4000

struct rule_case {
	char file[64];
	int line;
	int domain;
	char subject[FIELD_MOST];
	char text[FIELD_MOST];
};

struct tally {
	int n, right;
	int said[MAX_DOMAINS], is[MAX_DOMAINS], both[MAX_DOMAINS];
};

static struct conf *conf;
static struct route *route;
static struct rule_case *cases;
static size_t n_cases;

static const char *
cases_dir(void)
{
	const char *dir = getenv("CLUED_RULE_CASES");

	return dir != NULL ? dir : "tests/data/rules";
}

static int
domain_by_title(const char *title)
{
	for (size_t i = 0; i < conf->rules.n_domains; i++)
		if (strcmp(conf->rules.domains[i].title, title) == 0 ||
		    strcmp(conf->rules.domains[i].id, title) == 0)
			return (int)i;
	return -1;
}

static void
take_line(const char *file, int line, char *s)
{
	struct rule_case *c = &cases[n_cases];
	char *subject, *text;

	s = str_trim(s);
	if (*s == '\0' || *s == '#')
		return;
	assert_true(n_cases < MOST_CASES);
	subject = strchr(s, '|');
	text = subject == NULL ? NULL : strchr(subject + 1, '|');
	if (text == NULL)
		fail_msg("%s:%d: 领域 | 主题 | 正文", file, line);
	*subject++ = '\0';
	*text++ = '\0';
	(void)snprintf(c->file, sizeof(c->file), "%s", file);
	c->line = line;
	c->domain = domain_by_title(str_trim(s));
	if (c->domain < 0)
		fail_msg("%s:%d: no domain is called %s", file, line, s);
	(void)snprintf(c->subject, sizeof(c->subject), "%s", str_trim(subject));
	(void)snprintf(c->text, sizeof(c->text), "%s", str_trim(text));
	n_cases++;
}

static void
read_cases(const char *name)
{
	char path[256], line[2 * FIELD_MOST];
	int number = 0;
	FILE *f;

	(void)snprintf(path, sizeof(path), "%s/%s", cases_dir(), name);
	f = fopen(path, "r");
	assert_non_null(f);
	while (fgets(line, sizeof(line), f) != NULL)
		take_line(name, ++number, line);
	(void)fclose(f);
}

static int
is_case(const struct dirent *e)
{
	size_t n = strlen(e->d_name);

	return n > 5 && strcmp(e->d_name + n - 5, ".case") == 0;
}

static int
setup(void **state)
{
	struct conf_mistakes mistakes;
	struct dirent **list;
	struct err err;
	int n;

	(void)state;
	if (conf_load("etc/clued.conf", &conf, &mistakes) != 0) {
		for (size_t i = 0; i < mistakes.n; i++)
			print_error("%s\n", mistakes.list[i].text);
		return -1;
	}
	conf_mistakes_done(&mistakes);
	if (route_new(conf, &route, &err) != 0) {
		print_error("%s: %s\n", err.where, err.what);
		return -1;
	}
	cases = calloc(MOST_CASES, sizeof(*cases));
	n = scandir(cases_dir(), &list, is_case, alphasort);
	for (int i = 0; i < n; i++) {
		read_cases(list[i]->d_name);
		free(list[i]);
	}
	free(list);
	return n > 0 ? 0 : -1;
}

static int
teardown(void **state)
{
	(void)state;
	route_free(&route);
	conf_free(&conf);
	free(cases);
	return 0;
}

static void
explain(const struct rule_case *c, const struct route_decision *d)
{
	const struct domain_conf *domains = conf->rules.domains;

	print_message("%s:%d: %s, not %s%s | %s | %s\n   ", c->file, c->line,
	    domains[d->domain].id, domains[c->domain].id,
	    d->triage ? " (triage)" : "", c->subject, c->text);
	for (size_t i = 0; i < d->n_hits; i++)
		print_message(" %s:%s%+.1f",
		    d->hits[i].domain < 0 ? "urgency"
					  : domains[d->hits[i].domain].id,
		    d->hits[i].found, (double)d->hits[i].weight / 1000);
	print_message("\n");
}

static double
macro_f1(const struct tally *t)
{
	double sum = 0;
	int n = 0;

	for (size_t i = 0; i < conf->rules.n_domains; i++) {
		if (t->is[i] == 0)
			continue;
		n++;
		sum += 2.0 * t->both[i] / (t->is[i] + t->said[i]);
	}
	return n == 0 ? 0 : sum / n;
}

static void
count(struct tally *t, int is, int said)
{
	t->n++;
	t->is[is]++;
	t->said[said]++;
	if (is != said)
		return;
	t->right++;
	t->both[is]++;
}

/* Accuracy and macro-F1 of each file and of all together. */
static void
test_cases(void **state)
{
	bool misses = getenv("CLUED_RULE_MISSES") != NULL;
	struct tally all = {0};

	(void)state;
	for (size_t i = 0; i < n_cases;) {
		struct tally one = {0};
		const char *file = cases[i].file;

		for (; i < n_cases && strcmp(cases[i].file, file) == 0; i++) {
			const struct rule_case *c = &cases[i];
			struct arena *a ARENA_AUTO = arena_new();
			struct route_decision d;
			struct err err;

			assert_int_equal(route_decide(route, c->subject,
					     c->text, a, &d, &err),
			    0);
			count(&one, c->domain, d.domain);
			count(&all, c->domain, d.domain);
			if (misses && d.domain != c->domain)
				explain(c, &d);
		}
		print_message("  %-28s %3d of %3d, macro-F1 %.3f\n", file,
		    one.right, one.n, macro_f1(&one));
	}
	print_message("  %-28s %.3f, macro-F1 %.3f\n", "all",
	    (double)all.right / all.n, macro_f1(&all));
	assert_true(all.right >= all.n * 95 / 100);
	assert_true(macro_f1(&all) >= 0.95);
}

static struct route_decision
decide(struct arena *a, const char *subject, const char *text)
{
	struct route_decision d;
	struct err err;

	assert_int_equal(route_decide(route, subject, text, a, &d, &err), 0);
	return d;
}

/* A blank behind every character. */
static char *
spread(struct arena *a, const char *s)
{
	struct buf b BUF_AUTO = BUF_INIT;
	const char *end = s + strlen(s);

	buf_adds(&b, "");
	while (s < end) {
		uint32_t cp;
		size_t n = utf8_next(s, end, &cp);

		buf_add(&b, s, n);
		buf_adds(&b, " ");
		s += n;
	}
	return arena_strdup(a, buf_str(&b));
}

/* Blanks and traditional characters never change a decision. */
static void
test_same_however_typed(void **state)
{
	opencc_t cc = opencc_open("s2t.json");

	(void)state;
	assert_true(cc != (opencc_t)-1);
	for (size_t i = 0; i < n_cases; i++) {
		const struct rule_case *c = &cases[i];
		struct arena *a ARENA_AUTO = arena_new();
		struct route_decision d = decide(a, c->subject, c->text), e;
		char *subject, *text;

		e = decide(a, spread(a, c->subject), spread(a, c->text));
		if (memcmp(d.scores, e.scores, sizeof(d.scores)) != 0)
			fail_msg("%s:%d: blanks change it", c->file, c->line);
		subject =
		    opencc_convert_utf8(cc, c->subject, strlen(c->subject));
		text = opencc_convert_utf8(cc, c->text, strlen(c->text));
		e = decide(a, subject, text);
		if (memcmp(d.scores, e.scores, sizeof(d.scores)) != 0)
			fail_msg("%s:%d: traditional script changes it: %s",
			    c->file, c->line, text);
		opencc_convert_utf8_free(subject);
		opencc_convert_utf8_free(text);
	}
	opencc_close(cc);
}

/* What leaders are woken for, and what they are not. */
static void
test_major(void **state)
{
	static const char *const yes[] = {
	    "他们带了三十多个人拿着铁棍围堵工地，把门卫打成重伤住院。",
	    "昨晚十几个社会青年持刀在夜市打群架，有人被捅伤。",
	    "城管队员在执法时被摊主一家围殴，两人骨折送医。",
	    "他扬言要弄死拆违的队长全家，还跟踪队长的孩子。",
	    "上百名村民把垃圾站大门堵住，和施工队对峙，要出人命了。",
	    "他说再来拆就自焚，已经拎着汽油上了楼顶。",
	    "渣土老板把我锁在工棚里不让走，关了两天。",
	};
	static const char *const no[] = {
	    "夜市烧烤摊太吵了，吵得要死，油烟呛死人。",
	    "渣土车把我家的小狗压死了，路也压坏了。",
	    "打死我也不交这个保护费，请你们查查。",
	    "摊主和邻居因为摆摊吵起来，互相推搡了几下。",
	    "广告牌上的电影海报有砍伤人的画面，孩子害怕。",
	    "小区里三十多户居民联名反映垃圾桶没有人清运。",
	    "城管说要来拆，我们想请队长过来当面谈谈。",
	    "违建太多，随时可能倒塌，希望早点拆除。",
	    "书记、主任来检查的时候大家都躲起来不出摊。",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(yes) / sizeof(yes[0]); i++) {
		struct arena *a ARENA_AUTO = arena_new();

		if (!decide(a, "", yes[i]).major)
			fail_msg("not major: %s", yes[i]);
	}
	for (size_t i = 0; i < sizeof(no) / sizeof(no[0]); i++) {
		struct arena *a ARENA_AUTO = arena_new();

		if (decide(a, "", no[i]).major)
			fail_msg("major: %s", no[i]);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_cases),
	    cmocka_unit_test(test_same_however_typed),
	    cmocka_unit_test(test_major),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
