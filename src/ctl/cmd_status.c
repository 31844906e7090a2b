/* SPDX-License-Identifier: ISC */
#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/str.h"
#include "conf/conf.h"
#include "core/alarm.h"
#include "core/watch.h"
#include "ctl/ctl.h"
#include "intake/intake.h"
#include "store/store.h"

struct polled {
	const char *id;
	int64_t at_s; /* 0 = never */
	bool silent;  /* never, or longer ago than the configuration allows */
};

struct status {
	struct store_counts counts;
	struct polled mailboxes[MAX_MAILBOXES];
	size_t n_mailboxes;
	struct watch_item *items;
	size_t n_items;
	int64_t *since_s; /* of each item's alarm; 0 = none was raised */
	bool well;
};

static bool
stands(const struct status *st, const char *what, const char *name)
{
	size_t len = strlen(what);

	for (size_t i = 0; i < st->n_items; i++)
		if (strncmp(st->items[i].key, what, len) == 0 &&
		    strcmp(st->items[i].key + len, name) == 0)
			return st->items[i].stands;
	return false;
}

static int
read_watch(struct ctl *ctl, int64_t now_s, struct arena *a, struct status *st,
    struct err *err)
{
	if (watch_look(ctl->conf, ctl->store, now_s, a, &st->items,
		&st->n_items, err) < 0)
		return -1;
	st->since_s = arena_alloc(a, st->n_items * sizeof(*st->since_s));
	if (st->since_s == NULL)
		return err_set(err, ERR_SYSTEM, ERR_OWN, 0, "out of memory");
	for (size_t i = 0; i < st->n_items; i++) {
		st->well &= !st->items[i].stands;
		if (alarm_since_s(ctl->store, st->items[i].key, a,
			&st->since_s[i], err) < 0)
			return -1;
	}
	return 0;
}

static int
read_polls(struct ctl *ctl, struct arena *a, struct status *st,
    struct err *err)
{
	for (size_t i = 0; i < ctl->conf->n_mailboxes; i++) {
		struct polled *p = &st->mailboxes[st->n_mailboxes++];

		p->id = ctl->conf->mailboxes[i].id;
		if (watch_note_s(ctl->store, "polled", p->id, a, &p->at_s,
			err) < 0)
			return -1;
		p->silent =
		    p->at_s == 0 || stands(st, "silence.", p->id);
		st->well &= !p->silent;
	}
	return 0;
}

static void
print_alarms(struct ctl *ctl, const struct status *st, struct buf *b)
{
	char when[20];

	for (size_t i = 0; i < st->n_items; i++) {
		const struct watch_item *it = &st->items[i];

		if (!it->stands)
			continue;
		buf_addf(b, "%s报警%s     %s", ctl->color ? "\033[31m" : "",
		    ctl->color ? "\033[0m" : "", it->subject);
		if (st->since_s[i] != 0)
			buf_addf(b, "（自 %s）",
			    ctl_time(ctl, st->since_s[i], when));
		buf_addc(b, '\n');
	}
}

static void
json_alarms(const struct status *st, struct buf *b)
{
	bool first = true;

	buf_adds(b, "],\"alarms\":[");
	for (size_t i = 0; i < st->n_items; i++) {
		const struct watch_item *it = &st->items[i];

		if (!it->stands)
			continue;
		buf_adds(b, first ? "{\"alarm\":" : ",{\"alarm\":");
		json_add_cstr(b, it->key);
		buf_adds(b, ",\"since\":");
		ctl_json_time(b, st->since_s[i]);
		buf_adds(b, ",\"subject\":");
		json_add_cstr(b, it->subject);
		buf_adds(b, ",\"cause\":");
		json_add_cstr(b, it->cause);
		buf_addc(b, '}');
		first = false;
	}
}

static void
print_people(struct ctl *ctl, const struct status *st, struct buf *b)
{
	const struct store_counts *c = &st->counts;
	char when[20];

	buf_addf(b,
	    "线索     %lld 条，未办结 %lld，超期 %lld，待分派 %lld\n",
	    (long long)c->clues, (long long)c->open_clues,
	    (long long)c->overdue, (long long)c->triage);
	buf_addf(b, "邮件     %lld 封：", (long long)c->messages);
	for (int k = 0; k < KIND_COUNT; k++)
		buf_addf(b, "%s%s %lld", k > 0 ? "，" : "",
		    intake_kind_name((enum mail_kind)k),
		    (long long)c->kinds[k]);
	buf_addf(b, "，quarantine %lld\n", (long long)c->quarantine);
	buf_adds(b, "信件     ");
	for (int k = 0; k < LETTER_STATE_COUNT; k++)
		buf_addf(b, "%s%s %lld", k > 0 ? "，" : "",
		    letter_state_name((enum letter_state)k),
		    (long long)c->letters[k]);
	buf_addc(b, '\n');
	for (size_t i = 0; i < st->n_mailboxes; i++)
		buf_addf(b, "邮箱     %s：上次收取 %s%s\n",
		    st->mailboxes[i].id,
		    ctl_time(ctl, st->mailboxes[i].at_s, when),
		    st->mailboxes[i].silent ? "  ← 太久没有收取" : "");
	buf_addf(b, "数据库   %.1f MB，事件 %lld\n",
	    (double)c->size_bytes / 1048576, (long long)c->events);
	print_alarms(ctl, st, b);
}

static void
print_json(const struct status *st, struct buf *b)
{
	const struct store_counts *c = &st->counts;

	buf_addf(b,
	    "{\"clues\":%lld,\"open\":%lld,\"overdue\":%lld,\"triage\":%lld,"
	    "\"messages\":%lld,\"events\":%lld,\"size_bytes\":%lld,"
	    "\"kinds\":{",
	    (long long)c->clues, (long long)c->open_clues,
	    (long long)c->overdue, (long long)c->triage,
	    (long long)c->messages, (long long)c->events,
	    (long long)c->size_bytes);
	for (int k = 0; k < KIND_COUNT; k++)
		buf_addf(b, "\"%s\":%lld,",
		    intake_kind_name((enum mail_kind)k),
		    (long long)c->kinds[k]);
	buf_addf(b, "\"quarantine\":%lld},\"letters\":{",
	    (long long)c->quarantine);
	for (int k = 0; k < LETTER_STATE_COUNT; k++)
		buf_addf(b, "%s\"%s\":%lld", k > 0 ? "," : "",
		    letter_state_name((enum letter_state)k),
		    (long long)c->letters[k]);
	buf_adds(b, "},\"mailboxes\":[");
	for (size_t i = 0; i < st->n_mailboxes; i++) {
		buf_adds(b, i > 0 ? ",{\"id\":" : "{\"id\":");
		json_add_cstr(b, st->mailboxes[i].id);
		buf_adds(b, ",\"polled\":");
		ctl_json_time(b, st->mailboxes[i].at_s);
		buf_addf(b, ",\"silent\":%s}",
		    st->mailboxes[i].silent ? "true" : "false");
	}
	json_alarms(st, b);
	buf_addf(b, "],\"well\":%s}\n", st->well ? "true" : "false");
}

static int
run(struct ctl *ctl, int argc, char **argv)
{
	ARENA_AUTO struct arena *a = arena_new();
	BUF_AUTO struct buf b = BUF_INIT;
	struct status st = {.well = true};
	int64_t now_s = clock_now_s();
	struct err err;

	if (ctl_json_only(ctl, &cmd_status, argc, argv) < 0)
		return CTL_USAGE;
	if (a == NULL)
		return ctl_no_memory();
	if (optind != argc)
		return ctl_usage(&cmd_status);
	if (store_counts(ctl->store, now_s, &st.counts, &err) < 0 ||
	    read_watch(ctl, now_s, a, &st, &err) < 0 ||
	    read_polls(ctl, a, &st, &err) < 0)
		return ctl_fail(&err);
	st.well &= st.counts.letters[LETTER_FAILED] == 0 &&
	    st.counts.letters[LETTER_UNKNOWN] == 0 &&
	    st.counts.quarantine == 0;
	if (ctl->json)
		print_json(&st, &b);
	else
		print_people(ctl, &st, &b);
	ctl_out(&b);
	return st.well ? CTL_OK : CTL_FINDING;
}

const struct ctl_command cmd_status = {
    .name = "status",
    .summary = "how things stand: clues, mail, letters, mailboxes",
    .help = "status [--json]\n\n"
	    "Exit status 1 when something needs a person: an alarm (a mailbox "
	    "that was not\npolled for long, letters that do not go, disk, "
	    "certificate or calendar running\nout, books that do not add up), "
	    "letters that failed, messages in quarantine.\n\n"
	    "Example:\n"
	    "  cluectl status || echo 'clued needs you'\n",
    .needs_conf = true,
    .no_rules = true,
    .store_mode = STORE_READ,
    .run = run,
};
