/* SPDX-License-Identifier: ISC */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/str.h"
#include "ctl/ctl.h"
#include "conf/conf.h"
#include "follow/clue.h"
#include "store/store.h"

enum { OPT_OVERDUE = 256, OPT_DUE, OPT_DOMAIN, OPT_OFFICER, OPT_STATE,
	OPT_AREA, OPT_TRIAGE, OPT_LIMIT, OPT_JSON };

struct listing {
	struct ctl *ctl;
	struct table table;
	size_t n;
};

static const char *
deadline_cell(
    struct ctl *ctl, const struct clue_row *r, int k, int64_t now_s, char *out)
{
	char when[20];

	if (r->due_s[k] == 0)
		return "—";
	(void)snprintf(out, 40, "%s%s",
	    ctl_time(ctl, r->due_s[k], when) + 5, /* without the year */
	    r->met_s[k] != 0       ? " ✓"
		: r->due_s[k] < now_s ? " !"
				      : "");
	return out;
}

static int
add_row(void *arg, const struct clue_row *r)
{
	struct listing *l = arg;
	int64_t now_s = clock_now_s();
	char due[3][40];
	const char *cells[] = {
	    r->number,
	    ctl_state_title(r->state),
	    ctl_domain_title(l->ctl, r->domain),
	    ctl_area_name(l->ctl, r->area),
	    ctl_person_name(l->ctl, r->officer),
	    deadline_cell(l->ctl, r, 0, now_s, due[0]),
	    deadline_cell(l->ctl, r, 1, now_s, due[1]),
	    deadline_cell(l->ctl, r, 2, now_s, due[2]),
	    r->why,
	};

	l->n++;
	return table_add(&l->table, cells);
}

static void
json_deadlines(struct buf *b, const struct clue_row *r)
{
	buf_adds(b, ",\"deadlines\":{");
	for (int k = 0; k < DEADLINE_COUNT; k++) {
		buf_addf(b, "%s\"%s\":{\"due\":", k > 0 ? "," : "",
		    deadline_name((enum deadline_kind)k));
		ctl_json_time(b, r->due_s[k]);
		buf_adds(b, ",\"met\":");
		ctl_json_time(b, r->met_s[k]);
		buf_addc(b, '}');
	}
	buf_addc(b, '}');
}

static int
print_json(void *arg, const struct clue_row *r)
{
	struct listing *l = arg;
	BUF_AUTO struct buf b = BUF_INIT;
	const struct {
		const char *key, *value;
	} strings[] = {
	    {"number", r->number}, {"state", r->state},
	    {"domain", r->domain}, {"area", r->area},
	    {"officer", r->officer}, {"class", r->class_id},
	    {"subject", r->subject}, {"why", r->why},
	};

	l->n++;
	buf_addc(&b, '{');
	for (size_t i = 0; i < sizeof(strings) / sizeof(strings[0]); i++) {
		buf_addf(&b, "%s\"%s\":", i > 0 ? "," : "", strings[i].key);
		json_add_cstr(&b, strings[i].value);
	}
	buf_addf(&b, ",\"triage\":%s,\"discipline\":%s,\"received\":",
	    r->triage ? "true" : "false", r->discipline ? "true" : "false");
	ctl_json_time(&b, r->received_s);
	buf_adds(&b, ",\"dispatched\":");
	ctl_json_time(&b, r->dispatched_s);
	json_deadlines(&b, r);
	buf_adds(&b, "}\n");
	ctl_out(&b);
	return 0;
}

static int
check_ids(const struct ctl *ctl, const struct clue_filter *f)
{
	if (f->domain[0] != '\0' && conf_domain(ctl->conf, f->domain) < 0) {
		(void)fprintf(stderr, "cluectl: no domain has that id; "
				      "rules.conf lists them\n");
		return -1;
	}
	if (f->state[0] != '\0' && clue_state_by_name(f->state) < 0) {
		(void)fprintf(stderr, "cluectl: no such state; one of:");
		for (int s = 0; s < CLUE_STATE_COUNT; s++)
			(void)fprintf(stderr, " %s",
			    clue_state_name((enum clue_state)s));
		(void)fputc('\n', stderr);
		return -1;
	}
	return 0;
}

/* 0, or -1 when the words are wrong. */
static int
read_options(
    struct ctl *ctl, int argc, char **argv, struct clue_filter *f)
{
	static const struct option options[] = {
	    {"overdue", no_argument, NULL, OPT_OVERDUE},
	    {"due", required_argument, NULL, OPT_DUE},
	    {"domain", required_argument, NULL, OPT_DOMAIN},
	    {"officer", required_argument, NULL, OPT_OFFICER},
	    {"state", required_argument, NULL, OPT_STATE},
	    {"area", required_argument, NULL, OPT_AREA},
	    {"triage", no_argument, NULL, OPT_TRIAGE},
	    {"limit", required_argument, NULL, OPT_LIMIT},
	    {"json", no_argument, NULL, OPT_JSON},
	    {NULL, 0, NULL, 0},
	};
	int64_t n;
	int c;

	while ((c = getopt_long(argc, argv, "", options, NULL)) != -1) {
		switch (c) {
		case OPT_OVERDUE:
			f->overdue = true;
			break;
		case OPT_DUE:
			if (str_int64(optarg, 0, 3660, &n) < 0)
				return -1;
			f->due_before_s = f->now_s + n * 86400;
			break;
		case OPT_DOMAIN:
			f->domain = optarg;
			break;
		case OPT_OFFICER:
			f->officer = optarg;
			break;
		case OPT_STATE:
			f->state = optarg;
			break;
		case OPT_AREA:
			f->area = optarg;
			break;
		case OPT_TRIAGE:
			f->triage = true;
			break;
		case OPT_LIMIT:
			if (str_int64(optarg, 1, 100000000, &n) < 0)
				return -1;
			f->limit = (size_t)n;
			break;
		case OPT_JSON:
			ctl->json = true;
			break;
		default:
			return -1;
		}
	}
	return optind == argc ? 0 : -1;
}

static int
run(struct ctl *ctl, int argc, char **argv)
{
	static const char *const heads[] = {"编号", "状态", "领域", "区域",
	    "责任人", "签收期限", "反馈期限", "办结期限", "理由"};
	static const size_t most[] = {24, 16, 16, 16, 16, 14, 14, 14, 60};
	struct listing l = {.ctl = ctl};
	struct clue_filter f = {.domain = "",
	    .officer = "",
	    .state = "",
	    .area = "",
	    .now_s = clock_now_s()};
	BUF_AUTO struct buf out = BUF_INIT;
	struct err err;
	int rc;

	if (read_options(ctl, argc, argv, &f) < 0)
		return ctl_usage(&cmd_list);
	if (check_ids(ctl, &f) < 0)
		return CTL_USAGE;
	table_init(&l.table, heads, most, 9);
	rc = store_list(
	    ctl->store, &f, ctl->json ? print_json : add_row, &l, &err);
	if (rc == 0 && !ctl->json) {
		table_print(&l.table, ctl->color, &out);
		ctl_out(&out);
	}
	table_done(&l.table);
	if (rc < 0)
		return ctl_fail(&err);
	return l.n > 0 ? CTL_OK : CTL_FINDING;
}

const struct ctl_command cmd_list = {
    .name = "list",
    .summary = "clues as a table, by filters",
    .help = "list [--overdue] [--due DAYS] [--domain ID] [--officer ID]\n"
	    "              [--state STATE] [--area ID] [--triage] [--limit N] "
	    "[--json]\n\n"
	    "  --overdue      an open deadline has passed\n"
	    "  --due DAYS     an open deadline ends within DAYS days\n"
	    "  --triage       waits for the office to place it\n"
	    "  --json         one JSON object a line\n\n"
	    "A deadline is marked ✓ when met and ! when it has passed.\n"
	    "Exit status 1 when no clue matches.\n\n"
	    "Examples:\n"
	    "  cluectl list --overdue\n"
	    "  cluectl list --domain muck-transport --due 3\n",
    .needs_conf = true,
    .no_rules = true,
    .store_mode = STORE_READ,
    .run = run,
};
