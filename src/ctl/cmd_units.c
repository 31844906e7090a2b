/* SPDX-License-Identifier: ISC */
#include <getopt.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/str.h"
#include "conf/conf.h"
#include "ctl/ctl.h"
#include "report/unit_form.h"
#include "report/unit_status.h"
#include "store/store.h"
#include "store/units.h"

struct asked {
	const char *period, *form, *path;
};

static const char *
state_of(const struct unit_status *u)
{
	if (u->last == NULL)
		return u->n_refused > 0 ? "已退回" : "未报";
	return u->last->outcome == UNIT_FIGURES ? "已报" : "已报（无数字）";
}

static const char *
figure_text(const struct unit_status *u, int k, struct arena *a)
{
	const char *text;

	if (u->last == NULL || u->last->outcome != UNIT_FIGURES)
		return "—";
	text = arena_printf(a, "%lld", (long long)u->sums[k]);
	return text != NULL ? text : "";
}

static void
print_table(struct ctl *ctl, const struct unit_status *list, size_t n,
    const char *period, struct arena *a)
{
	static const char *const heads[] = {"单位", "报送情况", "收到", "填表人",
	    "联系电话", "排查", "移送", "配合", "监管", "退回次数"};
	static const size_t most[] = {24, 0, 0, 14, 16, 0, 0, 0, 0, 0};
	BUF_AUTO struct buf b = BUF_INIT;
	struct table t;
	char at[20], refused[24];

	table_init(&t, heads, most, sizeof(heads) / sizeof(heads[0]));
	for (size_t i = 0; i < n; i++) {
		const struct unit_status *u = &list[i];
		const struct unit_report *r = u->last;
		const char *const cells[] = {
		    ctl->conf->roster.units[u->unit].name, state_of(u),
		    ctl_time(ctl, r != NULL ? r->received_s : 0, at),
		    r != NULL ? r->filled_by : "", r != NULL ? r->phone : "",
		    figure_text(u, 0, a), figure_text(u, 1, a),
		    figure_text(u, 2, a), figure_text(u, 3, a), refused};

		(void)snprintf(refused, sizeof(refused), "%zu", u->n_refused);
		if (table_add(&t, cells) < 0)
			break;
	}
	buf_addf(&b, "%s\n", period);
	table_print(&t, ctl->color, &b);
	table_done(&t);
	ctl_out(&b);
}

static void
json_pair(struct buf *b, const char *key, const char *value)
{
	buf_addf(b, ",\"%s\":", key);
	json_add_cstr(b, value);
}

static void
json_figures(struct buf *b, const struct unit_report *r)
{
	buf_adds(b, ",\"figures\":[");
	for (size_t i = 0; i < r->n_figures; i++) {
		buf_adds(b, i > 0 ? ",{\"domain\":" : "{\"domain\":");
		json_add_cstr(b, r->figures[i].domain);
		json_pair(b, "figure", r->figures[i].figure);
		buf_addf(b, ",\"n\":%lld}", (long long)r->figures[i].n);
	}
	buf_addc(b, ']');
}

static void
print_json(struct ctl *ctl, const struct unit_status *list, size_t n,
    const char *period)
{
	static const char *const outcomes[] = {"filed", "figures", "refused"};

	for (size_t i = 0; i < n; i++) {
		BUF_AUTO struct buf b = BUF_INIT;
		const struct unit_status *u = &list[i];
		const struct unit_report *r = u->last;

		buf_adds(&b, "{\"unit\":");
		json_add_cstr(&b, ctl->conf->roster.units[u->unit].id);
		json_pair(&b, "name", ctl->conf->roster.units[u->unit].name);
		json_pair(&b, "period", period);
		buf_addf(&b, ",\"reported\":%s,\"refused\":%zu",
		    r != NULL ? "true" : "false", u->n_refused);
		if (u->refused != NULL)
			json_pair(&b, "problem", u->refused->problem);
		if (r != NULL) {
			json_pair(&b, "outcome", outcomes[r->outcome]);
			buf_addf(&b, ",\"message\":%lld,\"received\":",
			    (long long)r->message);
			ctl_json_time(&b, r->received_s);
			json_pair(&b, "filled_by", r->filled_by);
			json_pair(&b, "phone", r->phone);
			json_pair(&b, "filled_on", r->filled_on);
			json_figures(&b, r);
		}
		buf_adds(&b, "}\n");
		ctl_out(&b);
	}
}

static int
show(struct ctl *ctl, const struct period *p)
{
	ARENA_AUTO struct arena *a = arena_new();
	struct unit_status *list = NULL;
	struct err err;
	size_t n = 0, missing = 0;
	int status;

	if (a == NULL)
		return ctl_no_memory();
	status = ctl_open_store(ctl, STORE_READ);
	if (status != CTL_OK)
		return status;
	if (unit_statuses(ctl->conf, ctl->store, p, a, &list, &n, &err) < 0)
		return ctl_fail(&err);
	for (size_t i = 0; i < n; i++)
		missing += list[i].last == NULL;
	if (ctl->json)
		print_json(ctl, list, n, p->name);
	else if (n > 0)
		print_table(ctl, list, n, p->name, a);
	else
		(void)fprintf(stderr, "cluectl: no unit of the roster has an "
				      "address for reports\n");
	return missing > 0 ? CTL_FINDING : CTL_OK;
}

static int
write_form(struct ctl *ctl, const struct asked *o, const struct period *p)
{
	const struct roster_conf *r = &ctl->conf->roster;
	struct err err;
	int unit = -1;

	for (size_t i = 0; i < r->n_units; i++)
		if (strcmp(r->units[i].id, o->form) == 0)
			unit = (int)i;
	if (unit < 0 || (o->path == NULL && isatty(STDOUT_FILENO))) {
		(void)fprintf(stderr, unit < 0
			? "cluectl: no unit has that id; roster.conf lists "
			  "them\n"
			: "cluectl: an xlsx is no text; name a file with "
			  "-o\n");
		return CTL_USAGE;
	}
	return unit_form_blank(ctl->conf, unit, p, o->path, &err) < 0
		   ? ctl_fail(&err)
		   : CTL_OK;
}

static int run(struct ctl *ctl, int argc, char **argv);

const struct ctl_command cmd_units = {
    .name = "units",
    .summary = "which units have sent their monthly report",
    .help =
	"units [--period YYYY-MM] [--json]\n"
	"       cluectl units [--period YYYY-MM] --form UNIT [-o FILE]\n\n"
	"Shows who has and who has not, with the sums of the forms that came "
	"back.\n--form writes the unit's blank form (xlsx), as it goes out "
	"with reminders.\n`cluectl report units` adds all up and compares "
	"with the ledger.\n"
	"Exit status 1: somebody's report is missing.\n\n"
	"Examples:\n"
	"  cluectl units --period 2026-11\n"
	"  cluectl units --form haulage -o 渣土所.xlsx\n",
    .needs_conf = true,
    .store_mode = -1, /* a blank form needs none */
    .run = run,
};

static int
run(struct ctl *ctl, int argc, char **argv)
{
	static const struct option options[] = {
	    {"period", required_argument, NULL, 'p'},
	    {"form", required_argument, NULL, 'f'},
	    {"output", required_argument, NULL, 'o'},
	    {"json", no_argument, NULL, 'j'}, {NULL, 0, NULL, 0}};
	struct asked o = {0};
	struct period p;
	struct err err;
	int c;

	while ((c = getopt_long(argc, argv, "o:", options, NULL)) != -1) {
		if (c == 'p')
			o.period = optarg;
		else if (c == 'f')
			o.form = optarg;
		else if (c == 'o')
			o.path = optarg;
		else if (c == 'j')
			ctl->json = true;
		else
			return ctl_usage(&cmd_units);
	}
	if (optind != argc || (o.path != NULL && o.form == NULL))
		return ctl_usage(&cmd_units);
	period_at(ctl->conf, clock_now_s(), &p);
	if (o.period != NULL &&
	    period_named(ctl->conf, o.period, &p, &err) < 0) {
		(void)ctl_fail(&err);
		return CTL_USAGE;
	}
	return o.form != NULL ? write_form(ctl, &o, &p) : show(ctl, &p);
}
