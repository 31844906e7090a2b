/* SPDX-License-Identifier: ISC */
#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/str.h"
#include "base/zone.h"
#include "conf/conf.h"
#include "conf/value.h"
#include "ctl/ctl.h"
#include "report/regulation.h"
#include "store/store.h"

enum { OPT_DOMAIN = 256, OPT_DATE, OPT_NUMBER, OPT_JSON };

struct asked {
	const char *domain, *date, *number;
};

/* Ends the transaction one way or the other. */
static int
finish(struct ctl *ctl, int rc, struct err *err)
{
	if (rc == 0)
		rc = store_commit(ctl->store, err);
	else
		store_rollback(ctl->store);
	if (rc == 0)
		return CTL_OK;
	(void)ctl_fail(err);
	return err->kind == ERR_INPUT ? CTL_USAGE : CTL_STORE;
}

static int
add(struct ctl *ctl, const struct asked *o, const char *title)
{
	ARENA_AUTO struct arena *a = arena_new();
	char actor[80];
	struct regulation r = {
	    .at_s = clock_now_s(),
	    .actor = ctl_actor(actor, sizeof(actor)),
	    .domain = o->domain,
	    .number = o->number != NULL ? o->number : "",
	    .title = title,
	};
	struct err err;
	int status;

	r.day = zone_day(ctl->conf->zone, r.at_s);
	if (o->domain == NULL || conf_domain(ctl->conf, o->domain) < 0) {
		(void)fprintf(stderr, "cluectl: --domain is needed, the id of "
				      "one in rules.conf\n");
		return CTL_USAGE;
	}
	if (o->date != NULL && value_date(o->date, &r.day) < 0) {
		(void)fprintf(
		    stderr, "cluectl: --date is a day such as 2026-11-20\n");
		return CTL_USAGE;
	}
	status = ctl_open_store(ctl, STORE_WRITE);
	if (status != CTL_OK)
		return status;
	if (a == NULL)
		return ctl_no_memory();
	if (store_begin(ctl->store, &err) < 0)
		return ctl_fail(&err);
	return finish(ctl, regulation_add(ctl->store, &r, a, &err), &err);
}

static int
withdraw(struct ctl *ctl, const char *number, const char *reason)
{
	ARENA_AUTO struct arena *a = arena_new();
	char actor[80];
	int64_t event;
	struct err err;
	int status;

	if (a == NULL)
		return ctl_no_memory();
	if (str_int64(number, 1, INT64_MAX, &event) < 0)
		return ctl_usage(&cmd_regulation);
	status = ctl_open_store(ctl, STORE_WRITE);
	if (status != CTL_OK)
		return status;
	if (store_begin(ctl->store, &err) < 0)
		return ctl_fail(&err);
	return finish(ctl,
	    regulation_withdraw(ctl->store, event, reason,
		ctl_actor(actor, sizeof(actor)), clock_now_s(), a, &err),
	    &err);
}

static void
print_json(struct buf *b, const struct regulation *r)
{
	struct civil day;

	civil_from_day(r->day, &day);
	buf_addf(b, "{\"id\":%lld,\"domain\":", (long long)r->event);
	json_add_cstr(b, r->domain);
	buf_addf(b, ",\"date\":\"%04d-%02d-%02d\",\"number\":", day.year,
	    day.month, day.day);
	json_add_cstr(b, r->number);
	buf_adds(b, ",\"title\":");
	json_add_cstr(b, r->title);
	buf_adds(b, ",\"entered\":");
	ctl_json_time(b, r->at_s);
	buf_adds(b, ",\"actor\":");
	json_add_cstr(b, r->actor);
	buf_adds(b, ",\"withdrawn\":");
	json_add_cstr(b, r->withdrawn ? r->reason : NULL);
	buf_adds(b, "}\n");
}

static int
add_row(struct ctl *ctl, struct table *t, const struct regulation *r)
{
	struct civil day;
	char id[24], date[24], at[20], state[200];
	const char *cells[] = {id, ctl_domain_title(ctl, r->domain), date,
	    r->number, r->title, ctl_time(ctl, r->at_s, at), state};

	civil_from_day(r->day, &day);
	(void)snprintf(id, sizeof(id), "%lld", (long long)r->event);
	(void)snprintf(
	    date, sizeof(date), "%04d-%02d-%02d", day.year, day.month, day.day);
	(void)snprintf(state, sizeof(state), "%s%s",
	    r->withdrawn ? "已撤销：" : "", r->reason);
	return table_add(t, cells);
}

static int
print_table(
    struct ctl *ctl, const struct regulation *list, size_t n, struct buf *b)
{
	static const char *const heads[] = {
	    "序号", "领域", "出台日期", "文号", "名称", "登记时间", "备注"};
	static const size_t most[] = {0, 16, 0, 24, 50, 0, 40};
	struct table t;
	int rc = 0;

	table_init(&t, heads, most, sizeof(heads) / sizeof(heads[0]));
	for (size_t i = 0; i < n && rc == 0; i++)
		rc = add_row(ctl, &t, &list[i]);
	if (rc == 0)
		table_print(&t, ctl->color, b);
	table_done(&t);
	return rc;
}

static int
list_all(struct ctl *ctl, const struct asked *o)
{
	ARENA_AUTO struct arena *a = arena_new();
	BUF_AUTO struct buf b = BUF_INIT;
	struct regulation *list;
	struct err err;
	size_t n, kept = 0;
	int status;

	if (a == NULL)
		return ctl_no_memory();
	status = ctl_open_store(ctl, STORE_READ);
	if (status != CTL_OK)
		return status;
	if (regulations_read(ctl->store, a, &list, &n, &err) < 0)
		return ctl_fail(&err);
	for (size_t i = 0; i < n; i++)
		if (o->domain == NULL || strcmp(o->domain, list[i].domain) == 0)
			list[kept++] = list[i];
	for (size_t i = 0; ctl->json && i < kept; i++)
		print_json(&b, &list[i]);
	if (!ctl->json && kept > 0 && print_table(ctl, list, kept, &b) < 0)
		return ctl_no_memory();
	ctl_out(&b);
	return kept > 0 ? CTL_OK : CTL_FINDING;
}

static int
run(struct ctl *ctl, int argc, char **argv)
{
	static const struct option options[] = {
	    {"domain", required_argument, NULL, OPT_DOMAIN},
	    {"date", required_argument, NULL, OPT_DATE},
	    {"number", required_argument, NULL, OPT_NUMBER},
	    {"json", no_argument, NULL, OPT_JSON}, {NULL, 0, NULL, 0}};
	struct asked o = {0};
	int c;

	while ((c = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (c == OPT_DOMAIN)
			o.domain = optarg;
		else if (c == OPT_DATE)
			o.date = optarg;
		else if (c == OPT_NUMBER)
			o.number = optarg;
		else if (c == OPT_JSON)
			ctl->json = true;
		else
			return ctl_usage(&cmd_regulation);
	}
	argc -= optind;
	argv += optind;
	if (argc == 2 && strcmp(argv[0], "add") == 0)
		return add(ctl, &o, argv[1]);
	if (argc == 3 && strcmp(argv[0], "withdraw") == 0)
		return withdraw(ctl, argv[1], argv[2]);
	if (argc == 1 && strcmp(argv[0], "list") == 0)
		return list_all(ctl, &o);
	return ctl_usage(&cmd_regulation);
}

const struct ctl_command cmd_regulation = {
    .name = "regulation",
    .summary = "regulations issued (出台加强行业监管), for the monthly form",
    .help = "regulation add --domain ID [--date DAY] [--number TEXT] TITLE\n"
	    "       cluectl regulation list [--domain ID] [--json]\n"
	    "       cluectl regulation withdraw ID REASON\n\n"
	    "Entered into the ledger for good; the form counts one in the "
	    "period in which it\nwas entered.  A mistaken one is withdrawn.\n\n"
	    "Examples:\n"
	    "  cluectl regulation add --domain muck-transport --date "
	    "2026-11-20 \\\n"
	    "      --number 海城管〔2026〕3号 渣土运输企业管理办法\n"
	    "  cluectl regulation list --domain muck-transport\n"
	    "  cluectl regulation withdraw 1234 重复登记\n",
    .needs_conf = true,
    .store_mode = -1,
    .run = run,
};
