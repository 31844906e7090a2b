/* SPDX-License-Identifier: ISC */
#include "core/pipeline.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/hash.h"
#include "base/limits.h"
#include "base/log.h"
#include "base/memfd.h"
#include "base/step.h"
#include "core/forms.h"
#include "core/retime.h"
#include "core/metrics.h"
#include "core/take.h"
#include "core/tick.h"
#include "conf/conf.h"
#include "intake/told.h"
#include "parse/message.h"
#include "parse/pool.h"
#include "store/store.h"

/*
 * The way of a clue, in order:
 *
 *   pipeline_on_message   bytes arrived: to the parser
 *   (its child)           decodes them, and does with the words what needs no
 *                         rules and no store: hides the citizen, takes the
 *                         prints (intake/told.h)
 *   on_parsed             decoded, or the parser failed: ready
 *   flush                 a group of ready messages becomes true together:
 *                         take_message() (take.c) says what each one is and
 *                         writes message, clue, reasons, events, deadlines
 *                         and letters inside one transaction
 *   report                only now is the mailbox told (FETCH_ACK)
 *   pipeline_on_tick      forms of the month (forms.c), deadlines, regular
 *                         letters (tick.c)
 *
 * Letters are posted by core/post.c, from the same store.
 */
#define FORMS_EVERY_S 60
/* Messages that are written before the parser is looked at again: as many as
 * its children have in their hands. */
#define FEED_EVERY (MAX_PARSER_CHILDREN * MAX_PARSER_FLIGHT / 2)

struct job {
	struct job *next;
	struct arena *arena; /* owns the job's strings and results */
	uint64_t id;
	int64_t since_ms; /* in the parser's hands */
	struct pipeline_source from;
	enum pipeline_bare bare;
	struct memmap raw;
	unsigned char sha256[SHA256_BYTES];
	struct message *message; /* NULL: failed or bare */
	struct err failure;
	struct pipeline_taken result;
};

struct pipeline {
	struct take_context take;
	struct take_cache cache;
	struct pool *pool;
	pipeline_taken_fn *taken;
	void *arg;
	struct job *parsing; /* in the parser's hands */
	struct job *ready;   /* ascending by id */
	size_t n_parsing, n_ready;
	uint64_t next_id;
	int64_t ready_since_ms; /* age of the oldest ready job */
	int64_t retry_at_ms;    /* after a commit that failed; 0 = none */
	unsigned failures;
	int64_t last_tick_s;
	bool retimed; /* open deadlines follow the rules in force */
	int64_t forms_looked_s; /* at what the day brings (forms.h) */
};

static void on_parsed(void *arg, uint64_t id, struct message *message,
    const struct err *failure);

int
pipeline_new(const struct conf *conf, const struct route *route,
    struct store *store, pipeline_taken_fn *taken, void *arg,
    struct pipeline **pipeline_out, struct err *err)
{
	struct pipeline *p = calloc(1, sizeof(*p));

	if (p == NULL)
		return err_set(err, ERR_SYSTEM, ERR_OWN, 0, "out of memory");
	p->take = (struct take_context){conf, route, store, &p->cache};
	p->taken = taken;
	p->arg = arg;
	p->next_id = 1;
	if (pool_new(conf->messages_per_child, on_parsed, p, &p->pool, err) <
	    0) {
		free(p);
		return err_at(err, "start the parser");
	}
	pool_read_more(p->pool, told_read);
	pool_want_files(p->pool, conf->smtp.attach_all);
	*pipeline_out = p;
	return 0;
}

static void
job_free(struct job *job)
{
	struct arena *arena = job->arena;

	message_free(&job->message);
	memfd_unmap(&job->raw);
	arena_free(&arena); /* the job lives in it */
}

static void
jobs_free(struct job *job)
{
	struct job *next;

	for (; job != NULL; job = next) {
		next = job->next;
		job_free(job);
	}
}

void
pipeline_free(struct pipeline **p)
{
	if (*p == NULL)
		return;
	pool_free(&(*p)->pool);
	jobs_free((*p)->parsing);
	jobs_free((*p)->ready);
	take_cache_forget(&(*p)->cache);
	free(*p);
	*p = NULL;
}

void
pipeline_reconfigure(
    struct pipeline *p, const struct conf *conf, const struct route *route)
{
	p->take.conf = conf;
	p->take.route = route;
	take_cache_forget(&p->cache);
	pool_want_files(p->pool, conf->smtp.attach_all);
	p->retimed = false;
	p->forms_looked_s = 0;
}

/* Before anything is written by new rules of time, what was written by the
 * old ones is brought up to them. */
static int
follow_rules(struct pipeline *p, struct err *err)
{
	if (!p->retimed && retime_deadlines(&p->take, clock_now_s(), err) < 0)
		return -1;
	p->retimed = true;
	return 0;
}

static struct job *
job_new(struct pipeline *p, const struct pipeline_source *from)
{
	struct arena *a = arena_new();
	struct job *job = a != NULL ? arena_alloc(a, sizeof(*job)) : NULL;

	if (job == NULL) {
		arena_free(&a);
		return NULL;
	}
	job->arena = a;
	job->id = p->next_id++;
	job->from = *from;
	job->from.channel = arena_strdup(a, from->channel);
	job->from.mailbox = arena_strdup(a, from->mailbox);
	job->from.folder = arena_strdup(a, from->folder);
	if (job->from.channel == NULL || job->from.mailbox == NULL ||
	    job->from.folder == NULL) {
		job_free(job);
		return NULL;
	}
	return job;
}

/* Keeps the ready list in order of arrival, so that numbers are given out in
 * the order in which tips came. */
static void
line_up(struct pipeline *p, struct job *job)
{
	struct job **at = &p->ready;

	while (*at != NULL && (*at)->id < job->id)
		at = &(*at)->next;
	job->next = *at;
	*at = job;
}

static void
make_ready(struct pipeline *p, struct job *job)
{
	line_up(p, job);
	if (p->n_ready++ == 0)
		p->ready_since_ms = clock_mono_ms();
}

static int
parse_later(struct pipeline *p, struct job *job, int raw_fd, struct err *err)
{
	if (pool_add(p->pool, job->id, raw_fd, err) < 0)
		return err_at(err, "hand to the parser");
	job->next = p->parsing;
	p->parsing = job;
	p->n_parsing++;
	job->since_ms = clock_mono_ms();
	return 0;
}

/* In pieces, each let go of at once: a window of messages waits in memfds and
 * not in our memory. */
static int
hash_raw(const struct memmap *raw, unsigned char out[SHA256_BYTES])
{
	const size_t piece = 1UL << 20;
	struct hash_state *h = hash_new();
	size_t n;

	if (h == NULL)
		return -1;
	for (size_t at = 0; at < raw->len; at += n) {
		n = raw->len - at < piece ? raw->len - at : piece;
		hash_add(h, (const char *)raw->data + at, n);
		memfd_drop(raw->data, at, n);
	}
	hash_end(&h, out);
	return 0;
}

int
pipeline_on_message(struct pipeline *p, const struct pipeline_source *from,
    int raw_fd, enum pipeline_bare bare, struct err *err)
{
	struct job *job = job_new(p, from);

	if (job == NULL)
		return err_set(err, ERR_SYSTEM, ERR_OWN, 0, "out of memory");
	job->bare = bare;
	if (bare != BARE_NOT) {
		make_ready(p, job);
		return 0;
	}
	if (memfd_map(raw_fd, MAX_MESSAGE_BYTES, &job->raw, err) < 0)
		goto fail;
	if (hash_raw(&job->raw, job->sha256) < 0) {
		(void)err_set(err, ERR_SYSTEM, ERR_OWN, 0, "out of memory");
		goto fail;
	}
	if (parse_later(p, job, raw_fd, err) < 0)
		goto fail;
	return 0;
fail:
	job_free(job);
	return -1;
}

static void
on_parsed(void *arg, uint64_t id, struct message *message,
    const struct err *failure)
{
	struct pipeline *p = arg;
	struct job **at = &p->parsing;
	struct job *job;

	while (*at != NULL && (*at)->id != id)
		at = &(*at)->next;
	if (*at == NULL) {
		message_free(&message);
		return;
	}
	job = *at;
	*at = job->next;
	p->n_parsing--;
	stage_add(STAGE_PARSE, clock_mono_ms() - job->since_ms);
	job->message = message;
	if (failure != NULL)
		job->failure = *failure;
	make_ready(p, job);
}

static int
journal(struct pipeline *p, const struct job *job, int64_t message,
    enum journal_outcome outcome, struct err *err)
{
	const struct journal_entry e = {
	    .mailbox = job->from.mailbox,
	    .folder = job->from.folder,
	    .uidvalidity = job->from.uidvalidity,
	    .uid = job->from.uid,
	    .outcome = outcome,
	    .message = message,
	    .at_s = clock_now_s(),
	};

	if (job->from.mailbox[0] == '\0')
		return 0; /* a file by hand has no mailbox */
	return store_journal_add(p->take.store, &e, err);
}

static int
write_bare(struct pipeline *p, struct job *job, struct err *err)
{
	bool missing = job->bare == BARE_MISSING;

	job->result.kind = missing ? "missing" : "skipped";
	job->result.number = "";
	return journal(p, job, 0,
	    missing ? JOURNAL_MISSING : JOURNAL_SKIPPED, err);
}

static int
write_whole(struct pipeline *p, struct job *job, bool refused, struct err *err)
{
	struct take_input in = {
	    .from = &job->from,
	    .raw = job->raw.data,
	    .raw_len = job->raw.len,
	    .let_go = memfd_drop,
	    .message = refused ? NULL : job->message,
	    .failure = &job->failure,
	    .now_s = clock_now_s(),
	};
	struct take_output out = {0};

	memcpy(in.sha256, job->sha256, SHA256_BYTES);
	if (take_message(&p->take, &in, job->arena, &out, err) < 0)
		return -1;
	job->result.kind = out.kind;
	job->result.number = out.number;
	job->result.repeat = out.repeat;
	if (out.message == 0)
		return 0; /* the round's end says that it was seen */
	return journal(p, job, out.message,
	    out.repeat ? JOURNAL_REPEAT : JOURNAL_TAKEN, err);
}

static bool
is_messages_fault(const struct err *err)
{
	return err->kind == ERR_INPUT || err->kind == ERR_BUG ||
	    err->kind == ERR_CONF;
}

static int
write_job(struct pipeline *p, struct job *job, struct err *err)
{
	return job->bare != BARE_NOT ? write_bare(p, job, err)
				     : write_whole(p, job, false, err);
}

/* The same in a savepoint.  What cannot be worked off costs only itself: it
 * is undone and goes to quarantine, whole. */
static int
write_apart(struct pipeline *p, struct job *job, struct err *err)
{
	struct store *s = p->take.store;

	if (store_save(s, err) < 0)
		return -1;
	if (write_job(p, job, err) == 0)
		return store_release(s, err);
	store_undo(s);
	if (job->bare != BARE_NOT || job->message == NULL ||
	    !is_messages_fault(err))
		return -1;
	log_err(LOG_LEVEL_ERROR, "quarantine", err, "mailbox=%s uid=%u",
	    job->from.mailbox, job->from.uid);
	job->failure = *err;
	if (store_save(s, err) < 0)
		return -1;
	if (write_whole(p, job, true, err) < 0) {
		store_undo(s);
		return -1;
	}
	return store_release(s, err);
}

/* Detaches a group from the ready list: MAX_GROUP_MESSAGES, and no more than
 * MAX_GROUP_BYTES unless one message alone has more. */
static struct job *
cut_group(struct pipeline *p, size_t *n_out)
{
	struct job *group = p->ready;
	struct job **end = &p->ready;
	size_t n = 0, bytes = 0;

	while (*end != NULL && n < MAX_GROUP_MESSAGES &&
	       (n == 0 || bytes + (*end)->raw.len <= MAX_GROUP_BYTES)) {
		bytes += (*end)->raw.len;
		end = &(*end)->next;
		n++;
	}
	if (n > 0) {
		p->ready = *end;
		*end = NULL;
	}
	*n_out = n;
	return group;
}

/* Puts a group back among what became ready meanwhile. */
static void
put_back(struct pipeline *p, struct job *group)
{
	struct job *rest = p->ready, *next;

	p->ready = group;
	for (; rest != NULL; rest = next) {
		next = rest->next;
		line_up(p, rest);
	}
}

/* The parser works on while a group is written: what it answers lines up for
 * the next one.  What goes wrong goes wrong again at the next step. */
static void
feed_parser(struct pipeline *p)
{
	struct err err;

	if (p->n_parsing > 0)
		(void)pool_step(p->pool, &err);
}

static int
try_group(
    struct pipeline *p, struct job *group, bool apart, struct err *err)
{
	struct store *s = p->take.store;
	size_t n = 0;

	if (store_begin(s, err) < 0)
		return -1;
	for (struct job *job = group; job != NULL; job = job->next) {
		if ((apart ? write_apart(p, job, err)
			   : write_job(p, job, err)) < 0)
			goto undo;
		if (++n % FEED_EVERY == 0)
			feed_parser(p);
	}
	step("intake-before-commit");
	if (store_commit(s, err) < 0)
		goto undo;
	step("intake-after-commit");
	return 0;
undo:
	store_rollback(s);
	return -1;
}

/* Savepoints cost a tenth of the work, and hardly ever is one needed: only
 * when a message of the group cannot be worked off is the whole done again,
 * each message apart. */
static int
commit_group(struct pipeline *p, struct job *group, struct err *err)
{
	int rc;

	if (follow_rules(p, err) < 0)
		return err_at(err, "commit messages");
	rc = try_group(p, group, false, err);
	if (rc < 0 && is_messages_fault(err))
		rc = try_group(p, group, true, err);
	return rc < 0 ? err_at(err, "commit messages") : 0;
}

static void
report_group(struct pipeline *p, struct job *group)
{
	for (struct job *job = group; job != NULL; job = job->next)
		p->taken(p->arg, &job->from, &job->result);
	jobs_free(group);
}

static int
flush(struct pipeline *p, struct err *err)
{
	size_t n;
	struct job *group = cut_group(p, &n);
	int64_t begun_ms = clock_mono_ms();
	int64_t wait_ms;

	if (n == 0)
		return 0;
	if (commit_group(p, group, err) < 0) {
		put_back(p, group);
		wait_ms = 1000L << (p->failures < 6 ? p->failures : 6);
		p->retry_at_ms = clock_mono_ms() + wait_ms;
		p->failures++;
		return -1;
	}
	stage_add(STAGE_COMMIT, clock_mono_ms() - begun_ms);
	p->n_ready -= n;
	p->failures = 0;
	p->retry_at_ms = 0;
	p->ready_since_ms = clock_mono_ms();
	report_group(p, group);
	return 0;
}

/* Milliseconds until the ready messages must be committed; -1 = none. */
static int64_t
flush_in_ms(const struct pipeline *p)
{
	int64_t at_ms, now_ms = clock_mono_ms();

	if (p->n_ready == 0)
		return -1;
	if (p->retry_at_ms != 0)
		at_ms = p->retry_at_ms;
	else if (p->n_ready >= MAX_GROUP_MESSAGES || p->n_parsing == 0)
		at_ms = now_ms;
	else
		at_ms = p->ready_since_ms + MAX_GROUP_WAIT_MS;
	return at_ms > now_ms ? at_ms - now_ms : 0;
}

int
pipeline_step(struct pipeline *p, struct err *err)
{
	if (pool_step(p->pool, err) < 0)
		return err_at(err, "parser");
	while (flush_in_ms(p) == 0)
		if (flush(p, err) < 0)
			return -1;
	return 0;
}

int
pipeline_poll_fd(const struct pipeline *p)
{
	return pool_epoll_fd(p->pool);
}

int
pipeline_timeout_ms(const struct pipeline *p)
{
	int pool_ms = pool_timeout_ms(p->pool);
	int64_t flush_ms = flush_in_ms(p);

	if (flush_ms < 0)
		return pool_ms;
	return pool_ms < 0 || flush_ms < pool_ms ? (int)flush_ms : pool_ms;
}

size_t
pipeline_pending(const struct pipeline *p)
{
	return p->n_ready + p->n_parsing;
}

/* The day of the month changes seldom, and a clock may be set back.  What
 * fails here (a full /tmp) is tried again, and holds no deadline. */
static void
look_at_forms(struct pipeline *p, int64_t now_s)
{
	struct err err;

	if (now_s >= p->forms_looked_s &&
	    now_s < p->forms_looked_s + FORMS_EVERY_S)
		return;
	p->forms_looked_s = now_s;
	if (forms_tick(&p->take, now_s, &err) < 0)
		log_err(LOG_LEVEL_ERROR, "forms", &err,
		    "next=\"tried again in a minute\"");
}

int
pipeline_on_tick(
    struct pipeline *p, int64_t now_s, int64_t *next_s_out, struct err *err)
{
	look_at_forms(p, now_s);
	if (follow_rules(p, err) < 0)
		return -1;
	return tick_due(&p->take, now_s, &p->last_tick_s, next_s_out, err);
}
