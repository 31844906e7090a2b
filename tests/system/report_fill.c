/* SPDX-License-Identifier: ISC */
/* report_fill PATH N END_S [SEED]: a store with N clues of the two years before
 * END_S and what became of them, for officers of etc/roster.conf: every event
 * in the order of time, through the same functions as the daemon's. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/hash.h"
#include "base/str.h"
#include "report/regulation.h"
#include "store/store.h"

#define SPAN_S (2 * 365 * 86400LL)
#define DAY_S 86400

static const struct {
	const char *domain, *officer, *second;
} duties[] = {
    {"muck-transport", "lu-wenbo", "fang-zheng"},
    {"street-occupation", "qiu-shan", "tang-jia"},
    {"outdoor-advertising", "shi-qing", "shi-qing"},
    {"sanitation-work", "jiang-mo", "he-yun"},
    {"sanitation-oversight", "he-yun", "jiang-mo"},
    {"illegal-construction", "tang-jia", "qiu-shan"},
    {"violent-resistance", "tang-jia", "qiu-shan"},
    {"protective-umbrella", "discipline", "discipline"},
    {"other", "", "qiu-shan"},
    {"gone-by", "lu-wenbo", "lu-wenbo"}, /* no longer in the rules */
};
#define N_DUTIES (sizeof(duties) / sizeof(duties[0]))

/* What citizens write, some of them to harm who opens a table. */
static const char *const subjects[] = {
    "举报渣土车夜间强揽土方",
    "店外经营强收保护费",
    "=HYPERLINK(\"http://"
    "example.net\",\"点我\")",
    "+86 138 0000 0000 请回电",
    "-2+3+cmd|' /C "
    "calc'!A0",
    "@SUM(1+1)*cmd|' /C calc'!A0",
    "\t=1+1",
    "＝1+1",
    "偷倒垃圾_x0041_并恐吓清扫人员",
    "违建\x01老板\x02威胁执法人员",
    "“保护伞”<b>&amp;\"引号\"",
    "举报",
    "",
};
#define N_SUBJECTS (sizeof(subjects) / sizeof(subjects[0]))

struct entry {
	int64_t at_s, clue, order;
	const char *kind, *actor, *detail;
};

struct filling {
	struct store *s;
	struct arena *a;
	struct buf entries; /* struct entry */
	uint32_t seed;
	int64_t end_s;
};

static void
must(int rc, const struct err *err)
{
	if (rc >= 0)
		return;
	(void)fprintf(stderr, "%s %s\n", err->where, err->what);
	exit(1);
}

static uint32_t
roll(struct filling *f, uint32_t sides)
{
	f->seed = f->seed * 1664525u + 1013904223u;
	return (f->seed >> 8) % sides;
}

static void
note(struct filling *f, int64_t clue, int64_t at_s, const char *kind,
    const char *actor, const char *detail)
{
	const struct entry e = {at_s, clue,
	    (int64_t)(f->entries.len / sizeof(e)), kind, actor, detail};

	if (at_s < f->end_s)
		buf_add(&f->entries, &e, sizeof(e));
}

/* One clue's way after it was assigned; what lies in the future did not
 * happen. */
struct life {
	struct clue_record c;
	int64_t met_s[3];
	const char *officer;
};

static bool
happened(const struct filling *f, int64_t at_s)
{
	return at_s < f->end_s;
}

static void
end_it(struct filling *f, struct life *l, int64_t at_s)
{
	static const char *const ends[] = {"transferred", "substantiated",
	    "unsubstantiated", "not-applicable", "duplicate"};
	const char *end = ends[roll(f, 5)];

	if (!happened(f, at_s))
		return;
	note(f, l->c.id, at_s, end, l->officer,
	    strcmp(end, "transferred") == 0
		? "公安机关 海公移〔2026〕12号"
		: "现场核查，情况说明见附件，联系 0518-8000-0099");
	l->c.state = end;
	l->met_s[2] = at_s;
}

static void
live(struct filling *f, struct life *l, int64_t at_s)
{
	const char *officer = l->officer;
	int64_t clue = l->c.id;

	at_s += (int64_t)roll(f, 40) * 3600;
	if (roll(f, 12) == 0) {
		note(f, clue, at_s, "reminder", "clued", "accept");
		note(f, clue, at_s + 7200, "expired", "clued", "accept");
		at_s += DAY_S;
	}
	if (!happened(f, at_s))
		return;
	note(f, clue, at_s, "accepted", officer, "");
	l->c.state = "accepted";
	l->met_s[0] = at_s;
	at_s += (int64_t)roll(f, 9) * DAY_S + 60;
	if (!happened(f, at_s) || roll(f, 10) == 0)
		return;
	note(f, clue, at_s, "feedback", officer, "已约谈车队负责人");
	l->c.state = "verifying";
	l->met_s[1] = at_s;
	if (roll(f, 6) == 0)
		note(f, clue, at_s + 3600, "assisted", officer,
		    arena_printf(
			f->a, "（2026）苏07刑初%u号: 海州分局", roll(f, 500)));
	if (roll(f, 9) == 0) {
		note(f, clue, at_s + 7200, "extended", "office", "10天");
		at_s += 10 * DAY_S;
	}
	at_s += (int64_t)roll(f, 25) * DAY_S + 120;
	if (roll(f, 8) != 0)
		end_it(f, l, at_s);
	if (l->met_s[2] != 0 && roll(f, 25) == 0 &&
	    happened(f, at_s + 5 * DAY_S)) {
		note(f, clue, at_s + 5 * DAY_S, "reopened", "office", "复查");
		l->c.state = "reopened";
		l->met_s[2] = 0;
		end_it(f, l, at_s + 9 * DAY_S);
	}
}

static void
add_deadlines(struct filling *f, const struct life *l)
{
	static const char *const kinds[] = {"accept", "feedback", "conclude"};
	static const int64_t days[] = {1, 7, 19};
	struct err err;

	for (int k = 0; k < 3; k++) {
		struct deadline_record r = {.clue = l->c.id,
		    .kind = kinds[k],
		    .due_s = l->c.dispatched_s + days[k] * DAY_S,
		    .met_s = l->met_s[k]};

		r.warn_s = r.due_s - 14400;
		r.ask_s = r.met_s != 0 ? 0 : r.warn_s;
		must(store_deadline_add(f->s, &r, &err), &err);
	}
}

static void
assign(struct filling *f, struct life *l, int64_t at_s, const char *second)
{
	note(f, l->c.id, at_s, "assigned", "clued",
	    arena_printf(f->a, "%s: duty", l->officer));
	l->c.state = "assigned";
	l->c.dispatched_s = at_s;
	if (roll(f, 15) == 0 && happened(f, at_s + DAY_S)) {
		note(f, l->c.id, at_s + 7200, "returned", l->officer,
		    "不属于本单位");
		note(f, l->c.id, at_s + DAY_S, "assigned", "office",
		    arena_printf(f->a, "%s: office", second));
		l->officer = second;
		at_s += DAY_S;
	}
	live(f, l, at_s);
	l->c.officer = l->officer;
	add_deadlines(f, l);
}

/* The mail of one, with who wrote it: what no report may show. */
static int64_t
add_mail(struct filling *f, uint32_t i, int64_t at_s)
{
	const struct reporter_record who = {
	    .address = "qian.secret@example.net",
	    .name = "钱小川",
	    .reply_to = "qian.other@example.net",
	    .signature = "钱小川 敬上"};
	struct reporter_record r = who;
	struct message_record m = {.message_id = "",
	    .channel = "mail",
	    .kind = "tip",
	    .why = "",
	    .received_s = at_s,
	    .charset = "utf-8",
	    .lost = ""};
	struct err err;
	char raw[32];
	int n = snprintf(raw, sizeof(raw), "mail %u", i);

	hash_sha256(raw, (size_t)n, m.sha256);
	must(store_message_add(f->s, &m, raw, (size_t)n, &r.message, &err),
	    &err);
	must(store_reporter_add(f->s, &r, &err), &err);
	return r.message;
}

static void
add_clue(struct filling *f, uint32_t i, int64_t at_s)
{
	/* A few domains have most clues, one has hardly any. */
	uint32_t k = roll(f, 20) < 12 ? roll(f, 3) : roll(f, N_DUTIES - 1);
	bool by_hand = roll(f, 5) == 0, accused = roll(f, 30) == 0;
	struct life l = {.officer = duties[k].officer};
	struct err err;

	if (roll(f, 200) == 0)
		k = N_DUTIES - 1;
	l.c = (struct clue_record){.channel = by_hand ? "hotline" : "mail",
	    .state = "new",
	    .domain = duties[k].domain,
	    .runner_up = "",
	    .score = 4000,
	    .margin = 1000,
	    .area = i % 3 ? "xugou" : "",
	    .class_id = k >= 6 && k <= 7 ? "priority" : "normal",
	    .officer = "",
	    .deputy = "",
	    .leader = "",
	    .why = "",
	    .excluded = accused ? "he-yun: 电话 (?); lu-wenbo: 姓名" : "",
	    .rules = "",
	    .subject = subjects[roll(f, N_SUBJECTS)],
	    .text = "夜里有人强行拉土，我的电话是138-0000-0099，身份证"
		    "32070019700101001X，请保密。",
	    .discipline = accused || k == 7,
	    .triage = duties[k].officer[0] == '\0',
	    .received_s = at_s};
	if (i % 20 == 0)
		l.c.message = add_mail(f, i, at_s);
	must(store_clue_add(f->s, &l.c, "LY", 2024 + (int)(i % 3), f->a, &err),
	    &err);
	note(f, l.c.id, at_s, by_hand ? "registered" : "received",
	    by_hand ? "unix:wang" : "clued", "mail tips/INBOX uid 7");
	note(f, l.c.id, at_s, "routed", "clued", duties[k].domain);
	if (accused)
		note(f, l.c.id, at_s, "excluded", "clued", l.c.excluded);
	if (l.c.triage) {
		note(f, l.c.id, at_s, "triage", "clued", "office: no rule");
		at_s += 5000;
		l.officer = duties[k].second;
	}
	if (happened(f, at_s)) {
		l.c.triage = false;
		assign(f, &l, at_s, duties[k].second);
	}
	must(store_clue_update(f->s, &l.c, &err), &err);
}

static int
by_time(const void *a, const void *b)
{
	const struct entry *x = a, *y = b;

	if (x->at_s != y->at_s)
		return x->at_s < y->at_s ? -1 : 1;
	return x->order < y->order ? -1 : x->order > y->order;
}

static void
add_regulation(struct filling *f, int64_t at_s)
{
	const struct regulation r = {.at_s = at_s,
	    .actor = "unix:wang",
	    .domain = duties[roll(f, 9)].domain,
	    .day = (int32_t)(at_s / DAY_S),
	    .number = "海城管〔2026〕3号",
	    .title = "渣土运输企业管理办法"};
	struct err err;

	must(regulation_add(f->s, &r, f->a, &err), &err);
}

static void
write_ledger(struct filling *f)
{
	struct entry *e = (struct entry *)(void *)f->entries.data;
	size_t n = f->entries.len / sizeof(*e);
	struct err err;

	if (n > 0)
		qsort(e, n, sizeof(*e), by_time);
	for (size_t i = 0; i < n; i++) {
		const struct event_record r = {.clue = e[i].clue,
		    .at_s = e[i].at_s,
		    .kind = e[i].kind,
		    .actor = e[i].actor,
		    .detail = e[i].detail};

		must(store_event_add(f->s, &r, &err), &err);
		if (i % 400 == 399)
			add_regulation(f, e[i].at_s);
	}
}

int
main(int argc, char **argv)
{
	struct filling f = {.seed = 1};
	struct err err;
	int64_t n, seed = 1;

	if (argc < 4 || str_int64(argv[2], 1, 10000000, &n) < 0 ||
	    str_int64(argv[3], SPAN_S, INT32_MAX, &f.end_s) < 0 ||
	    (argc == 5 && str_int64(argv[4], 0, INT32_MAX, &seed) < 0)) {
		(void)fprintf(
		    stderr, "usage: report_fill PATH N END_S [SEED]\n");
		return 2;
	}
	f.seed = (uint32_t)seed;
	if ((f.a = arena_new()) == NULL)
		return 1;
	must(store_open(argv[1], STORE_CREATE, &f.s, &err), &err);
	must(store_begin(f.s, &err), &err);
	for (uint32_t i = 0; i < n; i++)
		add_clue(&f, i, f.end_s - SPAN_S + SPAN_S * i / n);
	write_ledger(&f);
	must(store_commit(f.s, &err), &err);
	store_close(&f.s);
	arena_free(&f.a);
	buf_done(&f.entries);
	return 0;
}
