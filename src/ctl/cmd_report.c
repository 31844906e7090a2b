/* SPDX-License-Identifier: ISC */
#include <getopt.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/str.h"
#include "base/zone.h"
#include "conf/conf.h"
#include "conf/value.h"
#include "ctl/ctl.h"
#include "report/monthly.h"
#include "report/report.h"
#include "report/unit_status.h"
#include "store/store.h"

/* Periods of a trend: a year, and at most twenty. */
#define TREND_PERIODS 12
#define MAX_TREND_PERIODS 240

enum {
	OPT_PERIOD = 256,
	OPT_FROM,
	OPT_TO,
	OPT_ALL,
	OPT_DOMAIN,
	OPT_UNIT,
	OPT_OFFICER,
	OPT_FORMAT,
	OPT_PROVE,
	OPT_FILE,
	OPT_BY,
	OPT_PHONE,
	OPT_PERIODS,
	OPT_UNITS
};

struct asked {
	const char *kind, *period, *from, *to, *unit, *format, *path;
	const char *domain, *officer, *by, *phone;
	bool whole, prove, file, units;
	int64_t periods;
};

typedef int report_fn(const struct conf *conf, struct store *s,
    const struct report_query *q, struct err *err);

static const struct {
	const char *name;
	report_fn *run; /* NULL: the monthly form */
} kinds[] = {
    {"monthly", NULL},
    {"statistics", report_statistics},
    {"register", report_register},
    {"ledger", report_ledger},
    {"appraisal", report_appraisal},
    {"trend", report_trend},
    {"units", report_units},
};
#define N_KINDS (sizeof(kinds) / sizeof(kinds[0]))

/* -- what is asked -------------------------------------------------------- */

static const char *
option_text(struct asked *o, int c)
{
	switch (c) {
	case OPT_PERIOD:
		return o->period = optarg;
	case OPT_FROM:
		return o->from = optarg;
	case OPT_TO:
		return o->to = optarg;
	case OPT_DOMAIN:
		return o->domain = optarg;
	case OPT_UNIT:
		return o->unit = optarg;
	case OPT_OFFICER:
		return o->officer = optarg;
	case OPT_FORMAT:
		return o->format = optarg;
	case OPT_BY:
		return o->by = optarg;
	case OPT_PHONE:
		return o->phone = optarg;
	case 'o':
		return o->path = optarg;
	default:
		return NULL;
	}
}

static int
read_options(int argc, char **argv, struct asked *o)
{
	static const struct option options[] = {
	    {"period", required_argument, NULL, OPT_PERIOD},
	    {"from", required_argument, NULL, OPT_FROM},
	    {"to", required_argument, NULL, OPT_TO},
	    {"all", no_argument, NULL, OPT_ALL},
	    {"domain", required_argument, NULL, OPT_DOMAIN},
	    {"unit", required_argument, NULL, OPT_UNIT},
	    {"officer", required_argument, NULL, OPT_OFFICER},
	    {"format", required_argument, NULL, OPT_FORMAT},
	    {"output", required_argument, NULL, 'o'},
	    {"prove", no_argument, NULL, OPT_PROVE},
	    {"file", no_argument, NULL, OPT_FILE},
	    {"units", no_argument, NULL, OPT_UNITS},
	    {"by", required_argument, NULL, OPT_BY},
	    {"phone", required_argument, NULL, OPT_PHONE},
	    {"periods", required_argument, NULL, OPT_PERIODS},
	    {NULL, 0, NULL, 0}};
	int c;

	while ((c = getopt_long(argc, argv, "o:", options, NULL)) != -1) {
		if (c == OPT_ALL)
			o->whole = true;
		else if (c == OPT_PROVE)
			o->prove = true;
		else if (c == OPT_FILE)
			o->file = true;
		else if (c == OPT_UNITS)
			o->units = true;
		else if (c == OPT_PERIODS) {
			if (str_int64(
				optarg, 1, MAX_TREND_PERIODS, &o->periods) < 0)
				return -1;
		} else if (option_text(o, c) == NULL)
			return -1;
	}
	if (optind + 1 != argc)
		return -1;
	o->kind = argv[optind];
	return 0;
}

static int
say(const char *text)
{
	(void)fprintf(stderr, "cluectl: %s\n", text);
	return CTL_USAGE;
}

static int
choose_format(const struct asked *o, enum paper_format *out)
{
	int f = PAPER_TEXT;

	if (o->format != NULL)
		f = paper_format_by_name(o->format);
	else if (o->path != NULL && (f = paper_format_by_path(o->path)) < 0)
		return say("the file's ending says no format; give --format");
	if (f < 0)
		return say("--format is one of xlsx, csv, json, text");
	*out = (enum paper_format)f;
	if (f == PAPER_XLSX && o->path == NULL && isatty(STDOUT_FILENO))
		return say("an xlsx is no text; name a file with -o");
	return CTL_OK;
}

static int
choose_days(const struct ctl *ctl, const struct asked *o, struct period *out)
{
	int32_t from, to = zone_day(ctl->conf->zone, clock_now_s());

	if (o->from == NULL || value_date(o->from, &from) < 0 ||
	    (o->to != NULL && value_date(o->to, &to) < 0) || to < from)
		return say("--from and --to are days such as 2026-11-01, "
			   "the later one second");
	period_of_days(ctl->conf, from, to, out);
	return CTL_OK;
}

static int
choose_period(
    const struct ctl *ctl, const struct asked *o, struct report_query *q)
{
	struct err err;

	q->whole = o->whole;
	period_at(ctl->conf, q->now_s, &q->period);
	if ((o->period != NULL) + o->whole +
		(o->from != NULL || o->to != NULL) >
	    1)
		return say("--period, --from with --to, and --all exclude "
			   "each other");
	if (o->period != NULL &&
	    period_named(ctl->conf, o->period, &q->period, &err) < 0) {
		(void)ctl_fail(&err);
		return CTL_USAGE;
	}
	if (o->from != NULL || o->to != NULL)
		return choose_days(ctl, o, &q->period);
	return CTL_OK;
}

static int
choose_people(
    const struct ctl *ctl, const struct asked *o, struct report_query *q)
{
	const struct roster_conf *r = &ctl->conf->roster;

	q->domain = o->domain != NULL ? o->domain : "";
	q->officer = o->officer != NULL ? o->officer : "";
	q->unit = -1;
	if (o->domain != NULL && conf_domain(ctl->conf, o->domain) < 0)
		return say("no domain has that id; rules.conf lists them");
	if (o->officer != NULL && conf_person(ctl->conf, o->officer) < 0)
		return say("no person has that id; roster.conf lists them");
	for (size_t i = 0; o->unit != NULL && i < r->n_units; i++)
		if (strcmp(r->units[i].id, o->unit) == 0)
			q->unit = (int)i;
	if (o->unit != NULL && q->unit < 0)
		return say("no unit has that id; roster.conf lists them");
	return CTL_OK;
}

/* -- what is done --------------------------------------------------------- */

static int
file_form(struct ctl *ctl, const struct asked *o, const struct report_query *q,
    struct arena *a, struct monthly *m, struct err *err)
{
	char actor[80];
	const struct monthly_filing filing = {
	    .filled_by = o->by,
	    .phone = o->phone,
	    .actor = ctl_actor(actor, sizeof(actor)),
	    .now_s = q->now_s,
	};

	if (store_begin(ctl->store, err) < 0)
		return -1;
	if (monthly_file(
		ctl->conf, ctl->store, &q->period, &filing, a, m, err) == 0)
		return store_commit(ctl->store, err);
	store_rollback(ctl->store);
	return -1;
}

static int
run_monthly(
    struct ctl *ctl, const struct asked *o, const struct report_query *q)
{
	ARENA_AUTO struct arena *a = arena_new();
	struct monthly m;
	struct err err;
	int status, rc;

	if (q->whole || q->period.name[0] == '\0' || q->domain[0] != '\0' ||
	    q->officer[0] != '\0' || q->unit >= 0)
		return say("the monthly form is of one --period and of all "
			   "domains and units");
	if (o->units && (o->file || o->prove))
		return say("--units is for looking; --file and --prove are of "
			   "the ledger's figures");
	if (!o->file && (o->by != NULL || o->phone != NULL))
		return say("--by and --phone go with --file");
	if (a == NULL)
		return ctl_no_memory();
	status = ctl_open_store(ctl, o->file ? STORE_WRITE : STORE_READ);
	if (status != CTL_OK)
		return status;
	if (o->file)
		rc = file_form(ctl, o, q, a, &m, &err);
	else if (o->units)
		rc = unit_sum_form(
		    ctl->conf, ctl->store, &q->period, a, &m, &err);
	else
		rc = monthly_make(
		    ctl->conf, ctl->store, &q->period, a, &m, &err);
	if (rc == 0 || rc == 1)
		rc = monthly_write(&m, q->format, q->path, o->prove, &err);
	if (rc == 0)
		return CTL_OK;
	status = ctl_fail(&err);
	/* It may not be filed, or was changed: an answer, no accident. */
	return err.origin == ERR_OWN &&
		       (err.kind == ERR_INPUT || err.kind == ERR_CONF)
		   ? CTL_FINDING
		   : status;
}

static int
run_book(struct ctl *ctl, const struct asked *o, report_fn *book,
    const struct report_query *q)
{
	struct err err;
	int status;

	if (o->prove || o->file || o->units || o->by != NULL ||
	    o->phone != NULL)
		return say("--prove, --file, --units, --by and --phone are of "
			   "the monthly form");
	if (book == report_units &&
	    (q->whole || q->period.name[0] == '\0' || q->domain[0] != '\0' ||
		q->officer[0] != '\0' || q->unit >= 0))
		return say("units report for one --period and all domains");
	status = ctl_open_store(ctl, STORE_READ);
	if (status != CTL_OK)
		return status;
	return book(ctl->conf, ctl->store, q, &err) < 0 ? ctl_fail(&err)
							: CTL_OK;
}

static int run(struct ctl *ctl, int argc, char **argv);

const struct ctl_command cmd_report = {
    .name = "report",
    .summary = "forms and books: monthly form, register, ledger, appraisal",
    .help =
	"report KIND [--period YYYY-MM | --from DAY --to DAY | --all]\n"
	"              [--domain ID] [--unit ID] [--officer ID]\n"
	"              [--format xlsx|csv|json|text] [-o FILE]\n\n"
	"  monthly     月报表: one row a domain, four figures\n"
	"              --prove lists what stands behind every figure\n"
	"              --file freezes the form for good, with the day as\n"
	"              填表日期 and, if given, --by NAME and --phone NUMBER\n"
	"  statistics  摸排线索统计表, with sums by domain and state\n"
	"  register    线索报送情况登记表: one row a clue\n"
	"  ledger      工作台账: every event in order\n"
	"  appraisal   考核: by unit and officer, with charts in xlsx\n"
	"  trend       the last --periods N (12) periods by domain, with a "
	"chart\n"
	"  units       各单位月报汇总: what units sent, the ledger, the "
	"difference;\n"
	"              monthly --units prints their sums as a form\n\n"
	"Without a period, the current one.  Without --format the ending of "
	"FILE decides,\nand text without FILE.  A filed form is printed as it "
	"was filed, byte for byte.\n\n"
	"Examples:\n"
	"  cluectl report monthly --period 2026-11 --prove\n"
	"  cluectl report monthly --period 2026-11 --file --by 某某 -o "
	"2026-11.xlsx\n"
	"  cluectl report register --unit haulage -o register.xlsx\n"
	"  cluectl report appraisal --from 2026-07-01 --to 2026-09-30 -o "
	"q3.xlsx\n",
    .needs_conf = true,
    .store_mode = -1,
    .run = run,
};

static int
run(struct ctl *ctl, int argc, char **argv)
{
	struct asked o = {.periods = TREND_PERIODS};
	struct report_query q = {.now_s = clock_now_s()};
	size_t k = 0;
	int status;

	if (read_options(argc, argv, &o) < 0)
		return ctl_usage(&cmd_report);
	while (k < N_KINDS && strcmp(kinds[k].name, o.kind) != 0)
		k++;
	if (k == N_KINDS)
		return ctl_usage(&cmd_report);
	q.path = o.path != NULL && strcmp(o.path, "-") == 0 ? NULL : o.path;
	q.periods = (unsigned)o.periods;
	if ((status = choose_format(&o, &q.format)) != CTL_OK ||
	    (status = choose_period(ctl, &o, &q)) != CTL_OK ||
	    (status = choose_people(ctl, &o, &q)) != CTL_OK)
		return status;
	return kinds[k].run != NULL ? run_book(ctl, &o, kinds[k].run, &q)
				    : run_monthly(ctl, &o, &q);
}
