/* SPDX-License-Identifier: ISC */
#include "core/mailbox.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include <sodium.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/frame.h"
#include "base/limits.h"
#include "base/log.h"
#include "base/step.h"
#include "base/zone.h"
#include "conf/conf.h"
#include "core/metrics.h"
#include "core/pipeline.h"
#include "core/role.h"
#include "core/watch.h"
#include "fetch/wire.h"
#include "store/store.h"

/* With --once a fetch process that crashes is tried again this often. */
#define MAX_ONCE_DEATHS 3

/* Beyond the time of the next round: a large message comes in no frame. */
#define HUNG_MS (20 * 60 * 1000)

struct folder {
	uint32_t uidvalidity;
	uint32_t highest; /* UID sent to us in this round */
	bool selected;    /* in this round */
	bool looked;      /* the first look was told */
	uint32_t acks[MAX_WINDOW_MESSAGES];
	uint32_t n_acks;
	uint32_t acks_validity;
};

struct mailbox {
	const struct conf *conf;
	const struct mailbox_conf *mc;
	struct store *store;
	struct pipeline *pipeline;
	struct role *role;
	uint64_t tag;
	bool once, over;
	unsigned deaths;
	int64_t since_s;
	struct folder folders[MAX_FOLDERS];
	uint32_t pause_s; /* told with a trouble: until it tries again */
	bool troubled; /* since the last round */
	char trouble[320];
};

/* It sleeps until the next round, or as long as it said with its trouble. */
static void
expect_life(struct mailbox *m)
{
	int64_t rest_s = m->mc->imap.poll_s > m->pause_s ? m->mc->imap.poll_s
							  : m->pause_s;

	role_expect(m->role, rest_s * 1000 + HUNG_MS);
}

static int
on_started(void *arg, struct err *err)
{
	struct mailbox *m = arg;
	struct fetch_start start = m->mc->imap;
	char secret[MAX_SECRET_BYTES];
	struct buf body = BUF_INIT;
	int rc;

	if (conf_secret(m->conf, &m->mc->secret, secret, sizeof(secret),
		err) < 0)
		return err_at(err, "mailbox %s", m->mc->id);
	start.secret = secret;
	start.since_s = m->since_s;
	start.once = m->once;
	start.check = false;
	fetch_put_start(&body, &start);
	rc = role_send(m->role, FETCH_START, &body, NULL, 0, err);
	expect_life(m);
	sodium_memzero(secret, sizeof(secret));
	if (body.data != NULL)
		sodium_memzero(body.data, body.size);
	buf_done(&body);
	return rc;
}

static int
wrong(struct err *err, const char *what)
{
	return err_set(err, ERR_INPUT, ERR_OWN, 0, "%s", what);
}

/* Says how much a folder holds that was never looked at before. */
static void
tell_first_look(const struct mailbox *m, const struct fetch_folder *in)
{
	char since[20] = "everything";

	if (m->since_s != 0)
		zone_format(m->conf->zone, m->since_s, since);
	log_line(LOG_LEVEL_INFO, "first-look",
	    "mailbox=%s folder=\"%s\" messages=%u since=\"%s\"", m->mc->id,
	    m->mc->imap.folders[in->folder].name, in->exists, since);
}

static int
send_known(struct mailbox *m, const struct fetch_folder *in, struct arena *a,
    struct err *err)
{
	struct journal_known j;
	struct fetch_known k;

	if (store_journal_known(m->store, m->mc->id,
		m->mc->imap.folders[in->folder].name, in->uidvalidity, a, &j,
		err) < 0)
		return -1;
	if (j.next <= 1 && j.n_done == 0 && j.n_again == 0 &&
	    !m->folders[in->folder].looked)
		tell_first_look(m, in);
	m->folders[in->folder].looked = true;
	k = (struct fetch_known){.folder = in->folder,
	    .uidvalidity = in->uidvalidity,
	    .next = j.next,
	    .again = j.again,
	    .n_again = (uint32_t)j.n_again,
	    .done = j.done,
	    .n_done = (uint32_t)j.n_done};
	return fetch_send_known(role_socket(m->role), &k, err);
}

static int
on_folder(struct mailbox *m, const struct frame *f, struct err *err)
{
	ARENA_AUTO struct arena *a = arena_new();
	struct fetch_folder in;
	struct folder *folder;

	if (a == NULL)
		return err_set(err, ERR_SYSTEM, ERR_OWN, 0, "out of memory");
	if (fetch_get_folder(f->body, f->len, &in, err) < 0)
		return -1;
	if (in.folder >= m->mc->imap.n_folders)
		return wrong(err, "a folder that was not asked for");
	folder = &m->folders[in.folder];
	if (folder->uidvalidity != 0 && folder->uidvalidity != in.uidvalidity)
		log_line(LOG_LEVEL_WARN, "uidvalidity-changed",
		    "mailbox=%s folder=%u from=%u to=%u", m->mc->id,
		    in.folder, folder->uidvalidity, in.uidvalidity);
	folder->uidvalidity = in.uidvalidity;
	folder->highest = 0;
	folder->selected = true;
	log_line(LOG_LEVEL_DEBUG, "folder", "mailbox=%s folder=%u exists=%u",
	    m->mc->id, in.folder, in.exists);
	return send_known(m, &in, a, err);
}

static enum pipeline_bare
bare_of(const struct fetch_taken *t)
{
	if (t->missing)
		return BARE_MISSING;
	return t->skipped ? BARE_SKIPPED : BARE_NOT;
}

static int
on_taken(struct mailbox *m, const struct frame *f, struct err *err)
{
	struct pipeline_source from;
	struct fetch_taken t;
	struct folder *folder;

	if (fetch_get_taken(f->body, f->len, &t, err) < 0)
		return -1;
	if (t.folder >= m->mc->imap.n_folders || t.uid == 0)
		return wrong(err, "a message of no folder");
	folder = &m->folders[t.folder];
	if (!folder->selected || t.uidvalidity != folder->uidvalidity ||
	    (bare_of(&t) == BARE_NOT) != (f->n_fds == 1))
		return wrong(err, "a message without its folder or bytes");
	if (t.uid > folder->highest)
		folder->highest = t.uid;
	from = (struct pipeline_source){
	    .channel = "mail",
	    .mailbox = m->mc->id,
	    .folder = m->mc->imap.folders[t.folder].name,
	    .junk = m->mc->imap.folders[t.folder].junk,
	    .uidvalidity = t.uidvalidity,
	    .uid = t.uid,
	    .internal_s = t.internal_s,
	    .oversize = t.oversize,
	    .tag = m->tag << 32 | t.folder,
	};
	return pipeline_on_message(m->pipeline, &from,
	    f->n_fds == 1 ? f->fds[0] : -1, bare_of(&t), err);
}

/* Everything that this round sent is committed: the next one need not ask
 * for it again. */
static int
close_round(struct mailbox *m, struct err *err)
{
	char now[32], note[128];

	(void)snprintf(note, sizeof(note), "polled.%s", m->mc->id);
	(void)snprintf(now, sizeof(now), "%lld", (long long)clock_now_s());
	if (store_begin(m->store, err) < 0)
		return -1;
	for (uint32_t i = 0; i < m->mc->imap.n_folders; i++) {
		struct folder *f = &m->folders[i];

		if (f->selected && f->highest > 0 &&
		    store_journal_advance(m->store, m->mc->id,
			m->mc->imap.folders[i].name, f->uidvalidity,
			f->highest < UINT32_MAX ? f->highest + 1
						: f->highest,
			err) < 0)
			goto undo;
	}
	if (store_note_set(m->store, note, now, err) < 0)
		goto undo;
	step("round-before-commit");
	if (store_commit(m->store, err) < 0)
		goto undo;
	step("round-after-commit");
	return 0;
undo:
	store_rollback(m->store);
	return -1;
}

static int
on_round(struct mailbox *m, struct err *err)
{
	role_works(m->role);
	m->pause_s = 0;
	expect_life(m);
	stage_add(STAGE_POLL, 0);
	if (!m->troubled) /* a folder's trouble outlives its round */
		m->trouble[0] = '\0';
	m->troubled = false;
	if (close_round(m, err) < 0) {
		/* Not the fetch process's fault; the next round tells again. */
		log_err(LOG_LEVEL_ERROR, "round-not-noted", err, "mailbox=%s",
		    m->mc->id);
		return 0;
	}
	for (uint32_t i = 0; i < m->mc->imap.n_folders; i++)
		m->folders[i].selected = false;
	return 0;
}

/* Noted for the alarm. */
static int
on_server(struct mailbox *m, const struct frame *f, struct err *err)
{
	int64_t until_s;

	if (fetch_get_server(f->body, f->len, &until_s, err) < 0)
		return -1;
	if (watch_certificate(m->store, m->mc->id, until_s, err) < 0)
		log_err(LOG_LEVEL_ERROR, "certificate-not-noted", err,
		    "mailbox=%s", m->mc->id);
	return 0;
}

static int
on_trouble(struct mailbox *m, const struct frame *f, struct err *err)
{
	ARENA_AUTO struct arena *a = arena_new();
	struct fetch_trouble t;
	char what[LOG_WORDS];

	if (a == NULL)
		return err_set(err, ERR_SYSTEM, ERR_OWN, 0, "out of memory");
	if (fetch_get_trouble(f->body, f->len, a, &t, err) < 0)
		return -1;
	(void)snprintf(m->trouble, sizeof(m->trouble), "%s", t.what);
	m->troubled = true;
	m->pause_s = t.retry_s;
	expect_life(m);
	log_line(t.kind == ERR_CONF ? LOG_LEVEL_ERROR : LOG_LEVEL_WARN,
	    "mailbox-trouble",
	    "mailbox=%s kind=%s code=%d retry_s=%u error=\"%s\"", m->mc->id,
	    err_kind_name(t.kind), t.code, t.retry_s,
	    log_words(t.what, what));
	return 0;
}

/* As long as we have not committed what it sent, it may have to wait. */
static bool
waits_for_us(void *arg)
{
	const struct mailbox *m = arg;

	return pipeline_pending(m->pipeline) > 0;
}

static int
on_frame(void *arg, struct frame *f, struct err *err)
{
	struct mailbox *m = arg;

	expect_life(m);
	switch (f->type) {
	case FETCH_FOLDER:
		return on_folder(m, f, err);
	case FETCH_TAKEN:
		return on_taken(m, f, err);
	case FETCH_ROUND:
		return on_round(m, err);
	case FETCH_SERVER:
		return on_server(m, f, err);
	case FETCH_TROUBLE:
		return on_trouble(m, f, err);
	default:
		return wrong(err, "an unknown frame");
	}
}

static bool
on_ended(void *arg, int status)
{
	struct mailbox *m = arg;
	bool clean = WIFEXITED(status) && WEXITSTATUS(status) == 0;

	for (size_t i = 0; i < MAX_FOLDERS; i++)
		m->folders[i].n_acks = 0; /* asked for again: repeats */
	if (!m->once)
		return true;
	if (WIFEXITED(status) || ++m->deaths >= MAX_ONCE_DEATHS) {
		m->over = true;
		if (!clean && m->trouble[0] == '\0')
			(void)snprintf(m->trouble, sizeof(m->trouble),
			    "the fetch process failed (status %d)", status);
	}
	return !m->over;
}

static const struct role_ops fetch_ops = {
    "fetch", on_started, on_frame, on_ended, waits_for_us};

int
mailbox_new(sd_event *event, const struct conf *conf, size_t index,
    struct store *store, struct pipeline *pipeline, uint64_t tag, bool once,
    struct mailbox **mailbox_out, struct err *err)
{
	struct mailbox *m = calloc(1, sizeof(*m));
	char label[64];

	if (m == NULL)
		return err_set(err, ERR_SYSTEM, ERR_OWN, 0, "out of memory");
	m->conf = conf;
	m->mc = &conf->mailboxes[index];
	m->store = store;
	m->pipeline = pipeline;
	m->tag = tag;
	m->once = once;
	(void)snprintf(label, sizeof(label), "fetch-%s", m->mc->id);
	if (store_mailbox_since(
		store, m->mc->id, m->mc->since_s, &m->since_s, err) < 0 ||
	    watch_mailbox_known(store, m->mc->id, clock_now_s(), err) < 0 ||
	    role_new(event, label, &fetch_ops, m, &m->role, err) < 0) {
		mailbox_free(&m);
		return -1;
	}
	*mailbox_out = m;
	return 0;
}

void
mailbox_free(struct mailbox **mailbox)
{
	if (*mailbox == NULL)
		return;
	role_free(&(*mailbox)->role);
	free(*mailbox);
	*mailbox = NULL;
}

int
mailbox_start(struct mailbox *m, struct err *err)
{
	if (role_start(m->role, err) == 0)
		return 0;
	(void)snprintf(m->trouble, sizeof(m->trouble), "%s", err->what);
	m->over = m->once;
	if (!m->once)
		role_start_later(m->role);
	return -1;
}

void
mailbox_keep(struct mailbox *m)
{
	struct err err;

	if (!m->over && !role_runs(m->role) && !role_is_to_start(m->role) &&
	    mailbox_start(m, &err) < 0)
		log_err(LOG_LEVEL_ERROR, "mailbox-not-started", &err,
		    "mailbox=%s", m->mc->id);
}

void
mailbox_poll_now(struct mailbox *m)
{
	struct err err;

	if (role_runs(m->role))
		(void)role_send(m->role, FETCH_POLL, NULL, NULL, 0, &err);
	else
		(void)mailbox_start(m, &err);
}

static void
send_acks(struct mailbox *m, uint32_t index)
{
	struct folder *f = &m->folders[index];
	BUF_AUTO struct buf body = BUF_INIT;
	const struct fetch_ack k = {.folder = index,
	    .uidvalidity = f->acks_validity,
	    .uids = f->acks,
	    .n_uids = f->n_acks};
	struct err err;

	fetch_put_ack(&body, &k);
	f->n_acks = 0;
	/* A process that is gone asks again: the journal answers. */
	(void)role_send(m->role, FETCH_ACK, &body, NULL, 0, &err);
	step("acknowledged");
}

void
mailbox_taken(struct mailbox *m, const struct pipeline_source *from,
    const struct pipeline_taken *what)
{
	uint32_t index = (uint32_t)from->tag;
	struct folder *f;
	uint32_t at;

	(void)what;
	if (index >= m->mc->imap.n_folders)
		return;
	f = &m->folders[index];
	if (f->n_acks > 0 && (f->acks_validity != from->uidvalidity ||
				 f->n_acks == MAX_WINDOW_MESSAGES))
		send_acks(m, index);
	f->acks_validity = from->uidvalidity;
	/* Ascending, as the frame wants it; groups come nearly sorted. */
	for (at = f->n_acks; at > 0 && f->acks[at - 1] > from->uid; at--)
		f->acks[at] = f->acks[at - 1];
	f->acks[at] = from->uid;
	f->n_acks++;
}

void
mailbox_flush_acks(struct mailbox *m)
{
	for (uint32_t i = 0; i < m->mc->imap.n_folders; i++)
		if (m->folders[i].n_acks > 0)
			send_acks(m, i);
}

bool
mailbox_is_over(const struct mailbox *m)
{
	return m->over;
}

bool
mailbox_has_trouble(const struct mailbox *m)
{
	return m->trouble[0] != '\0';
}

const char *
mailbox_trouble(const struct mailbox *m)
{
	return m->trouble;
}
