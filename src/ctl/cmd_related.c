/* SPDX-License-Identifier: ISC */
#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"
#include "core/related.h"
#include "ctl/ctl.h"
#include "store/store.h"

/* One clue of the group with what is shown of it. */
struct shown {
	struct related_row row;
	struct clue_record clue;
	const char *via; /* number of the one it hangs on; "" */
};

static int
read_group(struct ctl *ctl, int64_t clue, struct arena *a,
    struct shown **out, size_t *n_out, struct err *err)
{
	struct related_row *rows;
	struct shown *group;
	size_t n;

	if (related_all(ctl->store, clue, a, &rows, &n, err) < 0)
		return -1;
	group = arena_array(a, n, sizeof(*group));
	if (group == NULL)
		return err_set(err, ERR_SYSTEM, ERR_OWN, 0, "out of memory");
	for (size_t i = 0; i < n; i++) {
		group[i] = (struct shown){.row = rows[i], .via = ""};
		if (store_clue_by_id(ctl->store, rows[i].clue, a,
			&group[i].clue, err) < 0)
			return -1;
		for (size_t k = 0; k < i; k++)
			if (rows[k].clue == rows[i].via)
				group[i].via = group[k].clue.number;
	}
	*out = group;
	*n_out = n;
	return 0;
}

static void
print_table(struct ctl *ctl, const struct shown *group, size_t n)
{
	static const char *const heads[] = {"编号", "收到", "状态", "领域",
	    "区域", "责任人", "缘由", "关联于"};
	static const size_t most[] = {0, 0, 0, 0, 14, 10, 48, 0};
	BUF_AUTO struct buf b = BUF_INIT;
	struct table t;
	char when[20];

	table_init(&t, heads, most, sizeof(heads) / sizeof(heads[0]));
	for (size_t i = 0; i < n; i++) {
		const struct clue_record *c = &group[i].clue;
		const char *const cells[] = {c->number,
		    ctl_time(ctl, c->received_s, when),
		    ctl_state_title(c->state),
		    ctl_domain_title(ctl, c->domain),
		    ctl_area_name(ctl, c->area),
		    ctl_person_name(ctl, c->officer),
		    i == 0 ? "（本件）" : group[i].row.why, group[i].via};

		if (table_add(&t, cells) < 0)
			break;
	}
	table_print(&t, ctl->color, &b);
	table_done(&t);
	ctl_out(&b);
}

static void
print_json(const struct shown *group, size_t n)
{
	for (size_t i = 1; i < n; i++) {
		BUF_AUTO struct buf b = BUF_INIT;
		const struct clue_record *c = &group[i].clue;
		const struct {
			const char *key, *value;
		} facts[] = {{"state", c->state}, {"domain", c->domain},
		    {"area", c->area}, {"officer", c->officer},
		    {"why", group[i].row.why}, {"by", group[i].row.actor},
		    {"via", group[i].via}};

		buf_adds(&b, "{\"number\":");
		json_add_cstr(&b, c->number);
		for (size_t k = 0; k < sizeof(facts) / sizeof(*facts); k++) {
			buf_addf(&b, ",\"%s\":", facts[k].key);
			json_add_cstr(&b, facts[k].value);
		}
		buf_addf(&b, ",\"weight\":%d,\"received\":",
		    group[i].row.weight);
		ctl_json_time(&b, c->received_s);
		buf_adds(&b, "}\n");
		ctl_out(&b);
	}
}

static int
show(struct ctl *ctl, const char *number)
{
	ARENA_AUTO struct arena *a = arena_new();
	struct clue_record clue;
	struct shown *group = NULL;
	struct err err;
	size_t n = 0;
	int rc;

	if (a == NULL)
		return ctl_no_memory();
	rc = store_clue_by_number(ctl->store, number, a, &clue, &err);
	if (rc == 0)
		return ctl_no_clue();
	if (rc < 0 || read_group(ctl, clue.id, a, &group, &n, &err) < 0)
		return ctl_fail(&err);
	if (ctl->json)
		print_json(group, n);
	else if (n > 1)
		print_table(ctl, group, n);
	else
		(void)fprintf(stderr, "cluectl: no other clue is related\n");
	return n > 1 ? CTL_OK : CTL_FINDING;
}

static int run(struct ctl *ctl, int argc, char **argv);

const struct ctl_command cmd_related = {
    .name = "related",
    .summary = "clues on the same matter (串并): same people, plates, places",
    .help =
	"related NUMBER [--json]\n\n"
	"Clues that name the same plate, telephone or people, the same place "
	"within a\nweek, or say nearly the same; also over others in "
	"between.  Found when a clue\ncomes in; `cluectl merge` makes one a "
	"repeat of another.\n"
	"Exit status 1: no other clue is related.\n\n"
	"Examples:\n"
	"  cluectl related LY-2026-000123\n"
	"  cluectl related --json LY-2026-000123\n",
    .needs_conf = true,
    .no_rules = true,
    .store_mode = STORE_READ,
    .run = run,
};

static int
run(struct ctl *ctl, int argc, char **argv)
{
	if (ctl_json_only(ctl, &cmd_related, argc, argv) < 0)
		return CTL_USAGE;
	return optind + 1 == argc ? show(ctl, argv[optind])
				  : ctl_usage(&cmd_related);
}
