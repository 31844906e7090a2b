/* SPDX-License-Identifier: ISC */
#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"
#include "ctl/ctl.h"
#include "report/kinds.h"
#include "store/books.h"
#include "store/store.h"

/* Digits of a printed head that must be typed in at least. */
#define HEAD_LEAST 16

/* -- the whole ledger ----------------------------------------------------- */

struct audit {
	int64_t events, found, found_at_s;
	char head[CHAIN_HEX];
	const char *wanted; /* NULL = none */
	size_t n_forms;
	bool has_head;
};

/* Blanks and capitals, as people copy them from paper. */
static int
read_head(const char *text, char out[CHAIN_HEX])
{
	size_t n = 0;

	for (; *text != '\0'; text++) {
		char c =
		    *text >= 'A' && *text <= 'F' ? (char)(*text + 32) : *text;

		if (c == ' ' || c == '-')
			continue;
		if (strchr("0123456789abcdef", c) == NULL || n + 1 >= CHAIN_HEX)
			return -1;
		out[n++] = c;
	}
	out[n] = '\0';
	return n < HEAD_LEAST ? -1 : 0;
}

/* The head of a ledger without events is all zeros. */
static bool
is_empty_head(const char *hex)
{
	return strspn(hex, "0") == strlen(hex);
}

static int
look(struct ctl *ctl, struct arena *a, struct audit *au, struct err *err)
{
	struct form_record *forms;
	int rc = 0;

	if (store_chain_check(ctl->store, &au->events, au->head, err) < 0 ||
	    store_forms(ctl->store, "monthly", a, &forms, &au->n_forms, err) <
		0)
		return -1;
	if (au->wanted != NULL)
		rc = store_chain_find(
		    ctl->store, au->wanted, &au->found, &au->found_at_s, err);
	au->has_head =
	    rc == 1 || (au->wanted != NULL && is_empty_head(au->wanted));
	return rc < 0 ? -1 : 0;
}

static void
print_audit(struct ctl *ctl, const struct audit *au, struct buf *b)
{
	char at[20];

	buf_addf(b, "台账完整：%lld 条，已归档报表 %zu 份\n校验码 %s\n",
	    (long long)au->events, au->n_forms, au->head);
	if (au->wanted == NULL)
		return;
	if (!au->has_head)
		buf_adds(b,
		    "此校验码不在台账中：打印之后台账被整体改写过，或校验"
		    "码属于另一台账、抄写有误\n");
	else
		buf_addf(b,
		    "此校验码是第 %lld 条（%s），其后新增 %lld 条，其前没"
		    "有改动\n",
		    (long long)au->found, ctl_time(ctl, au->found_at_s, at),
		    (long long)(au->events - au->found));
}

static void
print_json(const struct audit *au, bool well, const char *what, struct buf *b)
{
	buf_addf(b, "{\"well\":%s", well ? "true" : "false");
	if (what != NULL) {
		buf_adds(b, ",\"finding\":");
		json_add_cstr(b, what);
	} else {
		buf_addf(b, ",\"events\":%lld,\"forms\":%zu,\"head\":",
		    (long long)au->events, au->n_forms);
		json_add_cstr(b, au->head);
		if (au->wanted != NULL && au->has_head)
			buf_addf(
			    b, ",\"head_is_event\":%lld", (long long)au->found);
		else if (au->wanted != NULL)
			buf_adds(b, ",\"head_is_event\":null");
	}
	buf_adds(b, "}\n");
}

static int
verify(struct ctl *ctl, const char *head)
{
	ARENA_AUTO struct arena *a = arena_new();
	BUF_AUTO struct buf b = BUF_INIT;
	struct audit au = {0};
	char wanted[CHAIN_HEX];
	struct err err;
	bool well;

	if (a == NULL)
		return ctl_no_memory();
	if (head != NULL && read_head(head, wanted) < 0) {
		(void)fprintf(stderr,
		    "cluectl: --head takes at least %d of "
		    "the 64 digits on the form\n",
		    HEAD_LEAST);
		return CTL_USAGE;
	}
	au.wanted = head != NULL ? wanted : NULL;
	if (look(ctl, a, &au, &err) < 0) {
		if (err.kind != ERR_INPUT)
			return ctl_fail(&err);
		if (ctl->json)
			print_json(&au, false, err.what, &b);
		ctl_out(&b);
		(void)ctl_fail(&err);
		return CTL_FINDING;
	}
	well = au.wanted == NULL || au.has_head;
	if (ctl->json)
		print_json(&au, well, NULL, &b);
	else
		print_audit(ctl, &au, &b);
	ctl_out(&b);
	return well ? CTL_OK : CTL_FINDING;
}

/* -- one clue ------------------------------------------------------------- */

static void
event_json(struct buf *b, const struct sealed_event *e)
{
	buf_addf(b, "{\"id\":%lld,\"at\":", (long long)e->event.id);
	ctl_json_time(b, e->event.at_s);
	buf_adds(b, ",\"kind\":");
	json_add_cstr(b, e->event.kind);
	buf_adds(b, ",\"actor\":");
	json_add_cstr(b, e->event.actor);
	buf_adds(b, ",\"detail\":");
	json_add_cstr(b, e->event.detail);
	buf_adds(b, ",\"hash\":");
	json_add_cstr(b, e->hash_hex);
	buf_adds(b, "}\n");
}

static void
event_line(struct ctl *ctl, struct buf *b, const struct sealed_event *e)
{
	char at[20];

	buf_addf(b, "%8lld  %s  ", (long long)e->event.id,
	    ctl_time(ctl, e->event.at_s, at));
	str_add_cell(b, event_kind_title(e->event.kind), 16, true);
	buf_addc(b, ' ');
	str_add_cell(b, ctl_person_name(ctl, e->event.actor), 12, true);
	buf_addf(b, " %.16s  ", e->hash_hex);
	str_add_printable(b, e->event.detail, strlen(e->event.detail), false);
	buf_addc(b, '\n');
}

static int
show(struct ctl *ctl, const char *number)
{
	ARENA_AUTO struct arena *a = arena_new();
	BUF_AUTO struct buf b = BUF_INIT;
	struct clue_record clue;
	struct sealed_event *events;
	struct err err;
	size_t n;
	int rc;

	if (a == NULL)
		return ctl_no_memory();
	rc = store_clue_by_number(ctl->store, number, a, &clue, &err);
	if (rc < 0 || (rc == 1 && store_events_sealed(ctl->store, clue.id, a,
				      &events, &n, &err) < 0))
		return ctl_fail(&err);
	if (rc == 0)
		return ctl_no_clue();
	for (size_t i = 0; i < n; i++)
		if (ctl->json)
			event_json(&b, &events[i]);
		else
			event_line(ctl, &b, &events[i]);
	ctl_out(&b);
	return CTL_OK;
}

static int
run(struct ctl *ctl, int argc, char **argv)
{
	static const struct option options[] = {
	    {"head", required_argument, NULL, 'h'},
	    {"json", no_argument, NULL, 'j'}, {NULL, 0, NULL, 0}};
	const char *head = NULL;
	int c;

	while ((c = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (c == 'h')
			head = optarg;
		else if (c == 'j')
			ctl->json = true;
		else
			return ctl_usage(&cmd_audit);
	}
	argc -= optind;
	argv += optind;
	if (argc == 1 && strcmp(argv[0], "verify") == 0)
		return verify(ctl, head);
	if (argc == 2 && strcmp(argv[0], "show") == 0 && head == NULL)
		return show(ctl, argv[1]);
	return ctl_usage(&cmd_audit);
}

const struct ctl_command cmd_audit = {
    .name = "audit",
    .summary = "check that nobody changed the ledger; one clue's entries",
    .help =
	"audit verify [--head HEX] [--json]\n"
	"       cluectl audit show [--json] NUMBER\n\n"
	"Verify walks the ledger's chain and the filed forms.  HEX is the "
	"校验码 of a\nprinted form (at least 16 digits): it must be the hash "
	"of an entry, or the\nwhole ledger was written anew since.  Exit "
	"status 1 when something is wrong.\n\n"
	"Examples:\n"
	"  cluectl audit verify --head 3f0c91d2a85e7b46\n"
	"  cluectl audit show LY-2026-000123\n",
    .needs_conf = true,
    .no_rules = true,
    .store_mode = STORE_READ,
    .run = run,
};
