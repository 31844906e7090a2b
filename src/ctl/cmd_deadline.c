/* SPDX-License-Identifier: ISC */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"
#include "base/zone.h"
#include "conf/conf.h"
#include "ctl/ctl.h"
#include "follow/calendar.h"
#include "follow/clue.h"

/* Everything about the three deadlines of one start. */
struct explained {
	const struct deadline_class *cls;
	int64_t from_s;
	struct deadline_plan plan;
	const struct term *terms[DEADLINE_COUNT];
	struct urge_plan ladder[DEADLINE_COUNT];
	struct calendar_explanation why[DEADLINE_COUNT];
	bool guessed;
};

static int
explain(const struct ctl *ctl, const struct deadline_class *cls, int64_t from_s,
    struct arena *a, struct explained *out)
{
	const struct calendar cal = {&ctl->conf->calendar, ctl->conf->zone};

	*out = (struct explained){
	    .cls = cls,
	    .from_s = from_s,
	    .terms = {[DEADLINE_ACCEPT] = &cls->accept,
		[DEADLINE_FEEDBACK] = &cls->feedback,
		[DEADLINE_CONCLUDE] = &cls->conclude},
	};
	deadline_plan(&cal, cls, from_s, &out->plan);
	for (int k = 0; k < DEADLINE_COUNT; k++) {
		urge_plan(&cal, cls, out->plan.warn_s[k], out->plan.due_s[k],
		    &out->ladder[k]);
		if (calendar_explain(
			&cal, from_s, out->terms[k], a, &out->why[k]) < 0)
			return -1;
		out->guessed |= out->why[k].guessed;
	}
	return 0;
}

/* "HH:MM" of an instant; the midnight that ends a day is 24:00. */
static const char *
clock_of(const struct ctl *ctl, int32_t day, int64_t utc_s, char out[8])
{
	struct civil c;

	zone_civil(ctl->conf->zone, utc_s, &c);
	if (civil_day_number(c.year, c.month, c.day) > day)
		c.hour = 24;
	(void)snprintf(out, 8, "%02d:%02d", c.hour, c.minute);
	return out;
}

/* -- for people ----------------------------------------------------------- */

static void
print_term(struct buf *b, const struct term *t)
{
	if (t->working_days > 0)
		buf_addf(b, "%u 个工作日", (unsigned)t->working_days);
	if (t->working_minutes >= 60)
		buf_addf(
		    b, "%u 个工作小时", (unsigned)(t->working_minutes / 60));
	if (t->working_minutes % 60 != 0)
		buf_addf(b, "%u 分钟", (unsigned)(t->working_minutes % 60));
}

static const char *
weekday_of(int32_t day)
{
	static const char *const names[] = {
	    "周一", "周二", "周三", "周四", "周五", "周六", "周日"};
	struct civil c;

	civil_from_day(day, &c);
	return names[c.weekday - 1];
}

/* A day's line: date, reason, hours, what it counts as. */
static void
print_step(struct buf *b, const struct ctl *ctl, const struct calendar_step *s,
    bool first)
{
	char open[8], close[8];
	struct civil c;

	civil_from_day(s->day_number, &c);
	buf_addf(b, "  %04d-%02d-%02d %s  ", c.year, c.month, c.day,
	    weekday_of(s->day_number));
	str_add_cell(b, s->why, 12, true);
	if (s->open_s != 0)
		buf_addf(b, "  %s–%s",
		    clock_of(ctl, s->day_number, s->open_s, open),
		    clock_of(ctl, s->day_number, s->close_s, close));
	else
		buf_adds(b, "             ");
	if (s->nth > 0)
		buf_addf(b, "  第 %u 个工作日", (unsigned)s->nth);
	if (s->worked_s > 0)
		buf_addf(b, "  计 %lld 分钟", (long long)(s->worked_s / 60));
	if (s->nth == 0 && s->worked_s == 0)
		buf_adds(b, first ? "  当日不计" : "  不计");
	buf_adds(b, s->guessed ? "（该年没有日历文件，推算）\n" : "\n");
}

/* "  预警 …  到期 …": when each step of the ladder would go out. */
static void
print_ladder(
    struct buf *b, const struct ctl *ctl, const struct urge_plan *ladder)
{
	char when[20];

	for (int s = URGE_WARN; s < URGE_STEP_COUNT; s++)
		buf_addf(b, "  %s %s", urge_title((enum urge_step)s),
		    ctl_time(ctl, ladder->at_s[s], when));
	buf_addc(b, '\n');
}

static void
print_one(struct buf *b, const struct ctl *ctl, const struct explained *e,
    enum deadline_kind k)
{
	const struct calendar_explanation *why = &e->why[k];
	char when[20];

	buf_addf(b, "\n%s%s  ", ctl->color ? "\033[1m" : "", deadline_title(k));
	print_term(b, e->terms[k]);
	buf_addf(b, "，止于 %s%s\n", ctl_time(ctl, e->plan.due_s[k], when),
	    ctl->color ? "\033[0m" : "");
	for (size_t i = 0; i < why->n; i++)
		print_step(b, ctl, &why->steps[i], i == 0);
	print_ladder(b, ctl, &e->ladder[k]);
}

static void
print_people(struct buf *b, const struct ctl *ctl, const struct explained *e)
{
	char when[20];

	buf_addf(b, "%s（%s），自 %s 起算\n", e->cls->title, e->cls->id,
	    ctl_time(ctl, e->from_s, when));
	if (e->guessed)
		buf_addf(b,
		    "%s注意：有的年份没有日历文件，放假和调休未知，"
		    "标明“推算”的日子只按普通周计，期限可能有误！%s\n",
		    ctl->color ? "\033[1;31m" : "",
		    ctl->color ? "\033[0m" : "");
	for (int k = 0; k < DEADLINE_COUNT; k++)
		print_one(b, ctl, e, (enum deadline_kind)k);
}

/* -- JSON ----------------------------------------------------------------- */

static void
json_bool(struct buf *b, const char *key, bool v)
{
	buf_addf(b, "\"%s\":%s", key, v ? "true" : "false");
}

static void
json_step(struct buf *b, const struct calendar_step *s)
{
	struct civil c;

	civil_from_day(s->day_number, &c);
	buf_addf(b, "{\"date\":\"%04d-%02d-%02d\",", c.year, c.month, c.day);
	json_bool(b, "working", s->working);
	buf_adds(b, ",\"why\":");
	json_add_cstr(b, s->why);
	buf_addc(b, ',');
	json_bool(b, "guessed", s->guessed);
	buf_adds(b, ",\"open\":");
	ctl_json_time(b, s->open_s);
	buf_adds(b, ",\"close\":");
	ctl_json_time(b, s->close_s);
	buf_addf(b, ",\"nth\":%u,\"minutes\":%lld}", (unsigned)s->nth,
	    (long long)(s->worked_s / 60));
}

static void
json_deadline(struct buf *b, const struct explained *e, int k)
{
	const struct calendar_explanation *why = &e->why[k];

	buf_addf(b, "\"%s\":{\"working_days\":%u,\"working_minutes\":%u,",
	    deadline_name((enum deadline_kind)k),
	    (unsigned)e->terms[k]->working_days,
	    (unsigned)e->terms[k]->working_minutes);
	buf_adds(b, "\"due\":");
	ctl_json_time(b, e->plan.due_s[k]);
	buf_adds(b, ",\"warn\":");
	ctl_json_time(b, e->plan.warn_s[k]);
	buf_adds(b, ",\"ladder\":{");
	for (int s = URGE_WARN; s < URGE_STEP_COUNT; s++) {
		buf_addf(b, "%s\"%s\":", s > URGE_WARN ? "," : "",
		    urge_name((enum urge_step)s));
		ctl_json_time(b, e->ladder[k].at_s[s]);
	}
	buf_adds(b, "},");
	json_bool(b, "guessed", why->guessed);
	buf_adds(b, ",\"days\":[");
	for (size_t i = 0; i < why->n; i++) {
		if (i > 0)
			buf_addc(b, ',');
		json_step(b, &why->steps[i]);
	}
	buf_adds(b, "]}");
}

static void
print_json(struct buf *b, const struct explained *e)
{
	buf_adds(b, "{\"from\":");
	ctl_json_time(b, e->from_s);
	buf_adds(b, ",\"class\":");
	json_add_cstr(b, e->cls->id);
	buf_addc(b, ',');
	json_bool(b, "guessed", e->guessed);
	buf_adds(b, ",\"deadlines\":{");
	for (int k = 0; k < DEADLINE_COUNT; k++) {
		if (k > 0)
			buf_addc(b, ',');
		json_deadline(b, e, k);
	}
	buf_adds(b, "}}\n");
}

/* -- the command ---------------------------------------------------------- */

static int
tell(const struct ctl *ctl, const struct deadline_class *cls, int64_t from_s)
{
	ARENA_AUTO struct arena *a = arena_new();
	BUF_AUTO struct buf b = BUF_INIT;
	struct explained e;
	struct err err;

	if (a != NULL && explain(ctl, cls, from_s, a, &e) == 0) {
		if (ctl->json)
			print_json(&b, &e);
		else
			print_people(&b, ctl, &e);
		if (!buf_bad(&b)) {
			ctl_out(&b);
			return CTL_OK;
		}
	}
	(void)err_set(&err, ERR_SYSTEM, ERR_OWN, 0, "out of memory");
	return ctl_fail(&err);
}

static int
tell_text(
    const struct ctl *ctl, const struct deadline_class *cls, const char *text)
{
	int64_t from_s;

	if (ctl_parse_time(ctl, text, &from_s) == 0)
		return tell(ctl, cls, from_s);
	(void)fprintf(stderr, "cluectl: that is no time; write \"2026-10-10 "
			      "14:30\" or \"2026-10-10T14:30:00+08:00\"\n");
	return CTL_USAGE;
}

/* One start a line.  A bad line is told and costs only itself. */
static int
tell_lines(const struct ctl *ctl, const struct deadline_class *cls, FILE *in)
{
	char *line = NULL;
	size_t size = 0, number = 0;
	int status = CTL_OK;
	bool again = false;
	int64_t from_s;

	while (getline(&line, &size, in) > 0) {
		char *text = str_trim(line);

		number++;
		if (*text == '\0')
			continue;
		if (ctl_parse_time(ctl, text, &from_s) < 0) {
			(void)fprintf(
			    stderr, "cluectl: line %zu is no time\n", number);
			status = CTL_FINDING;
			continue;
		}
		if (again && !ctl->json)
			(void)putchar('\n');
		again = true;
		if (tell(ctl, cls, from_s) != CTL_OK) {
			status = CTL_SYSTEM;
			break;
		}
	}
	free(line);
	return status;
}

static const struct deadline_class *
find_class(const struct conf *conf, const char *id)
{
	for (size_t i = 0; id != NULL && i < conf->n_classes; i++)
		if (strcmp(conf->classes[i].id, id) == 0)
			return &conf->classes[i];
	return NULL;
}

static int
run(struct ctl *ctl, int argc, char **argv)
{
	static const struct option options[] = {
	    {"json", no_argument, NULL, 'j'},
	    {"from", required_argument, NULL, 'f'},
	    {"class", required_argument, NULL, 'c'}, {NULL, 0, NULL, 0}};
	const char *from = NULL, *id = NULL;
	const struct deadline_class *cls;
	int c;

	while ((c = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (c == 'f')
			from = optarg;
		else if (c == 'c')
			id = optarg;
		else if (c == 'j')
			ctl->json = true;
		else
			return ctl_usage(&cmd_deadline);
	}
	if (optind != argc || from == NULL || id == NULL)
		return ctl_usage(&cmd_deadline);
	cls = find_class(ctl->conf, id);
	if (cls == NULL) {
		(void)fprintf(stderr, "cluectl: no such class; one of:");
		for (size_t i = 0; i < ctl->conf->n_classes; i++)
			(void)fprintf(stderr, " %s", ctl->conf->classes[i].id);
		(void)fputc('\n', stderr);
		return CTL_USAGE;
	}
	if (strcmp(from, "-") == 0)
		return tell_lines(ctl, cls, stdin);
	return tell_text(ctl, cls, from);
}

const struct ctl_command cmd_deadline = {
    .name = "deadline",
    .summary = "explain, day by day, when a clue's deadlines end",
    .help = "deadline --from TIME --class CLASS [--json]\n\n"
	    "  --from TIME    dispatch: \"2026-10-10 14:30\" in the office's "
	    "time zone, or\n                 \"2026-10-10T14:30:00+08:00\"; - "
	    "reads one a line from standard\n                 input\n"
	    "  --class CLASS  normal or priority\n"
	    "  --json         one object a start\n\n"
	    "Where a year has no calendar file the answer is a guess and says "
	    "so.\n\n"
	    "Examples:\n"
	    "  cluectl deadline --from '2026-09-30 20:00' --class normal\n"
	    "  cluectl deadline --from - --class priority --json <times.txt\n",
    .needs_conf = true,
    .no_rules = true,
    .store_mode = -1,
    .run = run,
};
