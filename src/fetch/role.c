/* SPDX-License-Identifier: ISC */
#include "fetch/role.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <curl/curl.h>
#include <sodium.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/limits.h"
#include "base/netjail.h"
#include "base/rest.h"
#include "fetch/idle.h"
#include "fetch/mark.h"
#include "fetch/peer.h"
#include "fetch/retry.h"
#include "fetch/say.h"
#include "fetch/session.h"
#include "fetch/take.h"
#include "fetch/transport.h"
#include "fetch/wire.h"

/* A trouble that stays is told again after this time. */
#define REMIND_MS (3600 * 1000)
/* Connections of one round that may end without being a trouble. */
#define MAX_TRIES 3
/* From the beginning of one round to that of the next, if only the server
 * calls for it. */
#define MIN_ROUND_MS 1000
/* Failures in a row after which the process ends, to be started anew, if a
 * changed file may be the cause. */
#define MAX_STALE 5

/* What is remembered of a folder between rounds. */
struct folder_memory {
	uint32_t uidvalidity;
	struct suspects suspects;
	bool swept;       /* leftovers were marked */
	uint32_t seen_next; /* UIDNEXT when it was searched */
	uint32_t seen_exists;
	char told[400];   /* the trouble that the core knows of; "" = none */
	int64_t told_ms;
};

struct role {
	struct arena *arena;
	struct fetch_start conf;
	char *secret; /* sodium_malloc(): locked, guarded, wiped */
	struct say *say;
	struct peer peer;
	struct session session;
	struct taker taker;
	struct folder_memory folders[MAX_FOLDERS];
	uint32_t messages;   /* of this round */
	bool troubled;       /* a folder had trouble in this round */
	uint32_t n_exists;   /* EXISTS so far, when folder 0 was searched */
	unsigned n_failures[RETRY_REFUSAL + 1]; /* in a row */
};

/* ---- start and end ------------------------------------------------------ */

/* The secret moves to its own locked page; the copy in the arena is wiped. */
static int
keep_secret(struct role *r, struct err *err)
{
	char *given = (char *)(size_t)r->conf.secret;
	size_t len = strlen(given);

	if (sodium_init() < 0 || (r->secret = sodium_malloc(len + 1)) == NULL)
		return err_set(err, ERR_SYSTEM, ERR_OWN, 0,
		    "no locked memory for the secret (RLIMIT_MEMLOCK)");
	memcpy(r->secret, given, len + 1);
	explicit_bzero(given, len);
	r->conf.secret = r->secret;
	return 0;
}

/* The window's memfds, those not yet received by the core counted by the
 * kernel against this limit too, and a few for the connection. */
static int
shut_in(const struct role *r, struct err *err)
{
	const struct netjail jail = {
	    .memory_bytes = MAX_FETCH_MEMORY,
	    .n_files = 3 * MAX_WINDOW_MESSAGES,
	    .ca_file = r->conf.ca_file,
	    .makes_memfds = true,
	};

	return netjail_enter(&jail, err);
}

static int
start(struct role *r, int sock, struct err *err)
{
	(void)signal(SIGPIPE, SIG_IGN);
	/* libetpan would put strings of 8 MB into files in /tmp. */
	mmap_string_set_ceil(SIZE_MAX);
	if (peer_init(&r->peer, sock, err) < 0)
		return -1;
	r->arena = arena_new();
	if (r->arena == NULL)
		return err_set(err, ERR_SYSTEM, ERR_OWN, 0, "no memory");
	if (peer_read_start(&r->peer, r->arena, &r->conf, err) < 0 ||
	    keep_secret(r, err) < 0 || say_new(&r->say, err) < 0 ||
	    transport_init(err) < 0 || shut_in(r, err) < 0)
		return -1;
	r->session.conf = &r->conf;
	r->session.say = r->say;
	r->session.peer = &r->peer;
	r->session.folder = -1;
	r->taker = (struct taker){.s = &r->session, .peer = &r->peer,
	    .spool = -1};
	return 0;
}

static void
finish(struct role *r)
{
	session_close(&r->session, true);
	peer_done(&r->peer);
	say_free(&r->say);
	sodium_free(r->secret);
	arena_free(&r->arena);
}

static bool
must_leave(const struct role *r)
{
	return r->peer.stop || r->peer.gone;
}

/* ---- troubles ----------------------------------------------------------- */

/* A folder's trouble is told when it is new, and once an hour. */
static void
tell_folder(struct role *r, uint32_t folder, const struct err *err)
{
	struct folder_memory *m = &r->folders[folder];
	int64_t now_ms = clock_mono_ms();

	r->troubled = true;
	if (strcmp(m->told, err->what) == 0 && now_ms - m->told_ms < REMIND_MS)
		return;
	(void)snprintf(m->told, sizeof(m->told), "%s", err->what);
	m->told_ms = now_ms;
	(void)peer_send_trouble(
	    &r->peer, err, r->conf.once || r->conf.check ? 0 : r->conf.poll_s);
}

/* The account's trouble; seconds to wait. */
static uint32_t
tell_account(struct role *r, struct err *err)
{
	enum retry_cause cause = r->session.scope == SCOPE_ACCOUNT
	    ? RETRY_REFUSAL
	    : RETRY_NETWORK;
	uint32_t wait_s = retry_delay_s(
	    cause, ++r->n_failures[cause], randombytes_random());

	if (err->kind == ERR_NOW)
		err->kind = ERR_LATER;
	(void)peer_send_trouble(
	    &r->peer, err, r->conf.once || r->conf.check ? 0 : wait_s);
	return wait_s;
}

/* ---- one folder --------------------------------------------------------- */

/* Selected, and told to the core. */
static int
announce(struct role *r, uint32_t folder, struct err *err)
{
	struct session *s = &r->session;
	struct folder_memory *m = &r->folders[folder];
	struct fetch_folder f;

	if (session_select(s, folder, err) < 0)
		return -1;
	if (m->uidvalidity != s->uidvalidity) {
		m->uidvalidity = s->uidvalidity;
		m->suspects = (struct suspects){.n = 0};
		m->swept = false;
	}
	m->seen_next = s->uidnext;
	m->seen_exists = s->exists;
	if (folder == 0)
		r->n_exists = firewall_seen(s->stream.fw)->n_exists;
	f = (struct fetch_folder){.folder = folder,
	    .uidvalidity = s->uidvalidity, .uidnext = s->uidnext,
	    .exists = s->exists};
	if (peer_send_folder(&r->peer, &f) < 0)
		return -1;
	return 0;
}

/* Waits for the commits of what was sent; -1 = told to leave meanwhile. */
static int
await_commits(struct role *r)
{
	while (r->peer.window.n_sent > 0) {
		if (peer_wait(&r->peer, -1) < 0)
			return -1;
	}
	return 0;
}

static int
mark_folder(struct role *r, uint32_t folder, struct err *err)
{
	struct folder_memory *m = &r->folders[folder];

	if (r->conf.mark == FETCH_MARK_NOTHING)
		return 0;
	if (await_commits(r) < 0 ||
	    mark_acknowledged(&r->session, &r->peer, err) < 0)
		return -1;
	if (m->swept)
		return 0;
	if (mark_leftovers(
		&r->session, &r->peer, &r->peer.known, err) < 0)
		return -1;
	m->swept = true;
	return 0;
}

/* Nothing is marked in a check, but it is said whether it would work. */
static int
check_marking(struct role *r, uint32_t folder, struct err *err)
{
	if (mark_check(&r->session, err) < 0)
		return -1;
	return folder == 0 ? mark_check_target(&r->session, err) : 0;
}

/* 0 also when the folder has a trouble of its own, which is then told. */
static int
do_folder(struct role *r, uint32_t folder, struct err *err)
{
	struct session *s = &r->session;
	int rc;

	s->scope = SCOPE_CONNECTION;
	rc = announce(r, folder, err);
	if (rc == 0 && !r->conf.check) {
		if (peer_await_known(&r->peer) < 0)
			return -1;
		r->taker.suspects = &r->folders[folder].suspects;
		rc = take_folder(
		    &r->taker, &r->peer.known, &r->messages, err);
		if (rc == 0)
			rc = mark_folder(r, folder, err);
	}
	if (rc == 0 && r->conf.check)
		rc = check_marking(r, folder, err);
	if (rc == 0)
		r->folders[folder].told[0] = '\0';
	else if (s->scope == SCOPE_FOLDER && !must_leave(r)) {
		tell_folder(r, folder, err);
		return 0;
	}
	return rc;
}

/* ---- one round ---------------------------------------------------------- */

static int
open_session(struct role *r, struct err *err)
{
	if (session_open(&r->session, err) < 0)
		return -1;
	take_attach(&r->taker);
	return 0;
}

static int
all_folders(struct role *r, uint32_t *at, struct err *err)
{
	for (; *at < r->conf.n_folders; ++*at) {
		if (do_folder(r, *at, err) < 0)
			return -1;
	}
	if (await_commits(r) < 0)
		return -1;
	return r->conf.check ? 0 : peer_send_round(&r->peer, r->messages);
}

/* A connection that was kept since the last round may be dead without our
 * knowing; then, and when a folder was made anew, there is a second try. */
static int
do_round(struct role *r, struct err *err)
{
	bool kept = r->session.open, again;
	int tries = 0, rc;
	uint32_t at = 0;

	r->messages = 0;
	r->troubled = false;
	do {
		/* What a lost connection left uncommitted must not be asked
		 * for a second time. */
		rc = await_commits(r);
		if (rc == 0 && !r->session.open)
			rc = open_session(r, err);
		if (rc == 0)
			rc = all_folders(r, &at, err);
		if (rc < 0)
			session_close(&r->session, false);
		again = rc < 0 && !must_leave(r) && ++tries < MAX_TRIES &&
		    ((kept && at == 0 &&
			 r->session.scope == SCOPE_CONNECTION) ||
			err->kind == ERR_NOW);
		kept = false;
	} while (again);
	if (rc == 0)
		memset(r->n_failures, 0, sizeof(r->n_failures));
	return rc;
}

/* ---- between rounds ----------------------------------------------------- */

/* Did mail come to the first folder since it was searched?  Selects it. */
static int
news_at_once(struct role *r, struct err *err)
{
	struct session *s = &r->session;
	const struct folder_memory *m = &r->folders[0];

	if (s->folder == 0)
		return firewall_seen(s->stream.fw)->n_exists != r->n_exists;
	if (session_select(s, 0, err) < 0)
		return -1;
	if (s->uidvalidity != m->uidvalidity)
		return 1;
	return s->uidnext != 0 ? s->uidnext != m->seen_next
			       : s->exists != m->seen_exists;
}

/* On the connection, as long as it stays; true = there is new mail. */
static bool
rest_connected(struct role *r, int64_t until_ms)
{
	bool idle = r->conf.idle && r->session.has_idle;
	struct err err;
	int rc = 0;

	if (idle)
		rc = news_at_once(r, &err);
	if (rc < 0 && r->session.open) {
		/* The first folder cannot be opened: nothing to listen to. */
		idle = false;
		rc = 0;
	}
	if (rc == 0)
		rc = idle_rest(&r->session, until_ms, idle);
	if (rc < 0)
		session_close(&r->session, false);
	return rc > 0;
}

/* Until the next round is due, or called for.  News from the server call for
 * one, but not more than one a second: mail comes in swarms. */
static void
rest(struct role *r, int64_t from_ms, int64_t until_ms)
{
	rest_memory();
	if (r->session.open && rest_connected(r, until_ms))
		until_ms = from_ms + MIN_ROUND_MS;
	while (!must_leave(r) && !r->peer.poll && clock_mono_ms() < until_ms)
		(void)peer_wait(&r->peer, until_ms);
	r->peer.poll = false;
}

/* ---- the process -------------------------------------------------------- */

static int
run_once(struct role *r)
{
	struct err err = {.kind = ERR_NONE};

	if (do_round(r, &err) == 0)
		return r->troubled ? 1 : 0;
	if (!must_leave(r))
		(void)tell_account(r, &err);
	return r->peer.stop && !r->peer.gone ? 0 : 1;
}

/* The sandbox knows files, not names: when resolv.conf or ca_file was replaced
 * by another file, only a new process can read that. */
static bool
is_stale(const struct role *r, const struct err *err)
{
	return err->origin == ERR_CURL &&
	    (err->code == CURLE_COULDNT_RESOLVE_HOST ||
		err->code == CURLE_SSL_CACERT_BADFILE) &&
	    r->n_failures[RETRY_NETWORK] + r->n_failures[RETRY_REFUSAL] >=
	    MAX_STALE;
}

static int
run(struct role *r)
{
	int64_t wait_s, from_ms;
	struct err err;

	while (!must_leave(r)) {
		err = (struct err){.kind = ERR_NONE};
		from_ms = clock_mono_ms();
		wait_s = r->conf.poll_s;
		if (do_round(r, &err) < 0 && !must_leave(r)) {
			wait_s = tell_account(r, &err);
			if (is_stale(r, &err))
				return 1;
			from_ms = clock_mono_ms();
		}
		rest(r, from_ms, from_ms + wait_s * 1000);
	}
	return r->peer.gone ? 1 : 0;
}

int
fetch_main(int sock)
{
	struct role *r = calloc(1, sizeof(*r));
	struct err err = {.kind = ERR_NONE};
	int status = 1;

	if (r == NULL)
		return 1;
	if (start(r, sock, &err) == 0)
		status = r->conf.once || r->conf.check ? run_once(r) : run(r);
	else if (!r->peer.gone && r->peer.space != NULL)
		(void)peer_send_trouble(&r->peer, &err, 0);
	finish(r);
	free(r);
	return status;
}
