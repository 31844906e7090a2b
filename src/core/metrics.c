/* SPDX-License-Identifier: ISC */
#include "core/metrics.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/limits.h"
#include "base/str.h"
#include "conf/conf.h"
#include "core/watch.h"
#include "intake/intake.h"
#include "store/health.h"
#include "store/store.h"

#define EVERY_MS 60000
#define NOTE "stages"

struct total {
	int64_t n, ms;
};

/* What this process did since the last tick. */
static struct total fresh[STAGE_COUNT];
static int64_t ticked_ms;

static const char *const stage_names[STAGE_COUNT] = {
    [STAGE_POLL] = "poll",
    [STAGE_PARSE] = "parse",
    [STAGE_COMMIT] = "commit",
    [STAGE_POST] = "post",
};

void
stage_add(enum stage stage, int64_t ms)
{
	fresh[stage].n++;
	fresh[stage].ms += ms > 0 ? ms : 0;
}

/* -- the note: "n ms" for each stage ------------------------------------- */

static int
read_totals(struct store *store, struct arena *a,
    struct total out[STAGE_COUNT], struct err *err)
{
	const char *note = "";
	int used;

	memset(out, 0, STAGE_COUNT * sizeof(*out));
	if (store_note_get(store, NOTE, a, &note, err) < 0)
		return -1;
	for (int i = 0; i < STAGE_COUNT; i++, note += used) {
		long long n = 0, ms = 0;

		used = 0;
		if (sscanf(note, "%lld %lld %n", &n, &ms, &used) < 2)
			break;
		out[i] = (struct total){n, ms};
	}
	return 0;
}

static int
add_totals(struct store *store, struct err *err)
{
	ARENA_AUTO struct arena *a = arena_new();
	BUF_AUTO struct buf note = BUF_INIT;
	struct total all[STAGE_COUNT];
	int64_t moved = 0;

	for (int i = 0; i < STAGE_COUNT; i++)
		moved += fresh[i].n;
	if (moved == 0)
		return 0;
	if (a == NULL)
		return err_set(err, ERR_SYSTEM, ERR_OWN, 0, "out of memory");
	if (read_totals(store, a, all, err) < 0)
		return -1;
	for (int i = 0; i < STAGE_COUNT; i++)
		buf_addf(&note, "%lld %lld ",
		    (long long)(all[i].n + fresh[i].n),
		    (long long)(all[i].ms + fresh[i].ms));
	if (buf_bad(&note))
		return err_set(err, ERR_SYSTEM, ERR_OWN, 0, "out of memory");
	if (store_note_set(store, NOTE, buf_str(&note), err) < 0)
		return -1;
	memset(fresh, 0, sizeof(fresh));
	return 0;
}

/* -- the text -------------------------------------------------------------- */

static void
head(struct buf *b, const char *name, const char *type, const char *help)
{
	buf_addf(b, "# HELP clued_%s %s\n# TYPE clued_%s %s\n", name, help,
	    name, type);
}

static void
one(struct buf *b, const char *name, const char *type, const char *help,
    int64_t value)
{
	head(b, name, type, help);
	buf_addf(b, "clued_%s %lld\n", name, (long long)value);
}

static void
add_counts(struct buf *b, const struct store_counts *c)
{
	head(b, "messages_total", "counter", "Messages taken, by kind.");
	for (int k = 0; k < KIND_COUNT; k++)
		buf_addf(b, "clued_messages_total{kind=\"%s\"} %lld\n",
		    intake_kind_name((enum mail_kind)k),
		    (long long)c->kinds[k]);
	buf_addf(b, "clued_messages_total{kind=\"quarantine\"} %lld\n",
	    (long long)c->quarantine);
	head(b, "letters", "gauge", "Letters, by state.");
	for (int k = 0; k < LETTER_STATE_COUNT; k++)
		buf_addf(b, "clued_letters{state=\"%s\"} %lld\n",
		    letter_state_name((enum letter_state)k),
		    (long long)c->letters[k]);
	one(b, "clues_total", "counter", "Clues.", c->clues);
	one(b, "clues_open", "gauge", "Clues that are not concluded.",
	    c->open_clues);
	one(b, "clues_overdue", "gauge", "Clues past an open deadline.",
	    c->overdue);
	one(b, "clues_triage", "gauge", "Clues that wait for the office.",
	    c->triage);
	one(b, "quarantine", "gauge", "Messages that could not be read.",
	    c->quarantine);
	one(b, "events_total", "counter", "Entries of the ledger.", c->events);
	one(b, "store_bytes", "gauge", "Size of the store.", c->size_bytes);
}

static void
add_stages(struct buf *b, const struct total all[STAGE_COUNT])
{
	one(b, "polls_total", "counter", "Rounds over a mailbox.",
	    all[STAGE_POLL].n);
	head(b, "stage_seconds", "summary", "Time that a stage of work took.");
	for (int i = STAGE_PARSE; i < STAGE_COUNT; i++) {
		buf_addf(b, "clued_stage_seconds_sum{stage=\"%s\"} %.3f\n",
		    stage_names[i], (double)all[i].ms / 1000);
		buf_addf(b, "clued_stage_seconds_count{stage=\"%s\"} %lld\n",
		    stage_names[i], (long long)all[i].n);
	}
}

static int
add_polls(struct buf *b, const struct conf *conf, struct store *store,
    int64_t now_s, struct arena *a, struct err *err)
{
	int64_t at_s;

	head(b, "poll_age_seconds", "gauge",
	    "Since a mailbox was read successfully.");
	for (size_t i = 0; i < conf->n_mailboxes; i++) {
		const char *id = conf->mailboxes[i].id;

		if (watch_note_s(store, "polled", id, a, &at_s, err) < 0)
			return -1;
		if (at_s != 0)
			buf_addf(b,
			    "clued_poll_age_seconds{mailbox=\"%s\"} %lld\n",
			    id, (long long)(now_s - at_s));
	}
	return 0;
}

static int
add_watch(struct buf *b, const struct conf *conf, struct store *store,
    int64_t now_s, struct arena *a, struct err *err)
{
	struct watch_item *items;
	int64_t stuck, oldest_s;
	size_t n;

	if (watch_look(conf, store, now_s, a, &items, &n, err) < 0 ||
	    store_letters_stuck(store,
		now_s - (int64_t)conf->watch.letters_min * 60, &stuck,
		&oldest_s, err) < 0)
		return -1;
	one(b, "letters_stuck", "gauge", "Letters that should have gone.",
	    stuck);
	head(b, "alarm", "gauge", "Whether an alarm stands.");
	for (size_t i = 0; i < n; i++)
		buf_addf(b, "clued_alarm{alarm=\"%s\"} %d\n", items[i].key,
		    items[i].stands);
	return 0;
}

int
metrics_text(const struct conf *conf, struct store *store, int64_t now_s,
    struct buf *out, struct err *err)
{
	ARENA_AUTO struct arena *a = arena_new();
	struct total all[STAGE_COUNT];
	struct store_counts c;

	if (a == NULL)
		return err_set(err, ERR_SYSTEM, ERR_OWN, 0, "out of memory");
	if (store_counts(store, now_s, &c, err) < 0 ||
	    read_totals(store, a, all, err) < 0)
		return -1;
	head(out, "info", "gauge", "The version.");
	buf_adds(out, "clued_info{version=\"" CLUED_VERSION "\"} 1\n");
	add_counts(out, &c);
	add_stages(out, all);
	if (add_polls(out, conf, store, now_s, a, err) < 0 ||
	    add_watch(out, conf, store, now_s, a, err) < 0)
		return -1;
	if (buf_bad(out))
		return err_set(err, ERR_SYSTEM, ERR_OWN, 0, "out of memory");
	return 0;
}

/* -- the file -------------------------------------------------------------- */

/* Replaced as a whole: the collector never reads half of it.  Others may read
 * it; it is not synced, for after a crash the next one comes. */
static int
write_file(const char *path, const struct buf *text, struct err *err)
{
	char part[MAX_PATH_BYTES + 8];
	int fd, rc = 0;

	(void)snprintf(part, sizeof(part), "%s.new", path);
	fd = open(part, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW,
	    0644);
	if (fd < 0)
		return err_errno(err, errno, "make %s", part);
	if (fchmod(fd, 0644) < 0 ||
	    write(fd, text->data, text->len) != (ssize_t)text->len)
		rc = err_errno(err, errno, "write %s", part);
	(void)close(fd);
	if (rc == 0 && rename(part, path) < 0)
		rc = err_errno(err, errno, "replace %s", path);
	if (rc < 0)
		(void)unlink(part);
	return rc;
}

int
metrics_tick(const struct conf *conf, struct store *store, bool now,
    struct err *err)
{
	BUF_AUTO struct buf text = BUF_INIT;
	int64_t now_ms = clock_mono_ms();

	if (!now && ticked_ms != 0 && now_ms - ticked_ms < EVERY_MS)
		return 0;
	ticked_ms = now_ms;
	if (add_totals(store, err) < 0)
		return err_at(err, "metrics");
	if (conf->watch.metrics[0] == '\0')
		return 0;
	if (metrics_text(conf, store, clock_now_s(), &text, err) < 0 ||
	    write_file(conf->watch.metrics, &text, err) < 0)
		return err_at(err, "metrics");
	return 0;
}
