/* SPDX-License-Identifier: ISC */
#include "send/role.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include <curl/curl.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/frame.h"
#include "base/limits.h"
#include "base/memfd.h"
#include "base/netjail.h"
#include "base/rest.h"
#include "send/smtp.h"
#include "send/wire.h"

/* Sockets, letters' memfds, a library being loaded. */
#define MAX_FILES 64

struct sender {
	int sock;
	struct smtp *smtp; /* NULL: nothing can be sent, err says why */
	struct err err;
	bool lame; /* a letter has heard why */
	uint32_t halts; /* results that told to send nothing else */
	unsigned char frame[FRAME_BUFFER];
};

/* The core is ending: letters that were sent ahead go back. */
static volatile sig_atomic_t held;

static void
on_hold(int number)
{
	(void)number;
	held = 1;
}

/* The core ends us: over the socket, by its own end, or by SIGKILL.  What is
 * meant for the whole group (Ctrl-C, systemd's stop) must not cut a letter. */
static void
take_signals(void)
{
	static const int numbers[] = {SIGPIPE, SIGINT, SIGTERM, SIGHUP};
	const struct sigaction hold = {
	    .sa_handler = on_hold, .sa_flags = SA_RESTART};

	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++)
		(void)signal(numbers[i], SIG_IGN);
	(void)sigaction(SIGUSR1, &hold, NULL);
}

static int
report(struct sender *r, const struct send_result *result)
{
	struct buf BUF_AUTO b = BUF_INIT;
	struct err err;

	r->halts += send_halts(result);
	send_put_result(&b, result);
	return frame_send(r->sock, SEND_RESULT, &b, NULL, 0, &err);
}

/* Says of a letter what `err` says: nothing passes where a person must change
 * something, otherwise it may pass later. */
static int
report_err(struct sender *r, uint64_t letter, const struct err *err,
    enum send_outcome outcome)
{
	char what[sizeof(err->where) + sizeof(err->what) + 3];
	struct send_result result = {.letter = letter, .outcome = outcome,
	    .what = err_text(err, what, sizeof(what))};

	return report(r, &result);
}

static enum send_outcome
outcome_of(const struct err *err)
{
	return err->kind == ERR_CONF ? SEND_REFUSED : SEND_RETRY;
}

/* Of a letter that could not be looked at: what the machine refuses now says
 * nothing of it. */
static enum send_outcome
outcome_of_map(const struct err *err)
{
	return err->kind == ERR_INPUT ? SEND_FAILED : SEND_RETRY;
}

/* ---- letters ------------------------------------------------------------ */

static int
send_one(struct sender *r, const struct send_letter *letter, int fd)
{
	struct send_result result;
	struct memmap map;
	struct err err;
	int rc;

	if (r->smtp == NULL) {
		r->lame = true;
		return report_err(
		    r, letter->letter, &r->err, outcome_of(&r->err));
	}
	if (memfd_map(fd, MAX_LETTER_BYTES, &map, &err) < 0)
		return report_err(
		    r, letter->letter, &err, outcome_of_map(&err));
	smtp_send(r->smtp, letter, map.data, map.len, &result);
	rc = report(r, &result);
	memfd_unmap(&map);
	return rc;
}

static int
on_letter(struct sender *r, const struct frame *f)
{
	struct arena ARENA_AUTO *arena = arena_new();
	struct send_result back = {.outcome = SEND_BACK, .what = "not tried"};
	struct send_letter letter;
	struct err err;

	if (arena == NULL || f->n_fds != 1 ||
	    send_get_letter(f->body, f->len, arena, &letter, &err) < 0)
		return -1;
	back.letter = letter.letter;
	if (held || letter.halts != r->halts)
		return report(r, &back);
	return send_one(r, &letter, f->fds[0]);
}

/* ---- the loop ----------------------------------------------------------- */

/* Waits for a frame; gives the connection up when none comes.  A process that
 * could not start up says why to the letters at hand and ends: the next one may
 * have more luck. */
static int
next_frame(struct sender *r, struct frame *f)
{
	int wait_ms = r->lame ? MAX_SEND_LAME_MS : MAX_SEND_IDLE_MS;
	struct pollfd p = {.fd = r->sock, .events = POLLIN};
	struct err err;
	int n;

	do {
		n = poll(&p, 1, wait_ms);
		if (n == 0 && r->lame)
			return 0;
		if (n == 0 && r->smtp != NULL)
			smtp_hang_up(r->smtp);
		if (n == 0)
			rest_memory();
	} while (n == 0 || (n < 0 && errno == EINTR));
	return n < 0 ? -1 : frame_recv(r->sock, r->frame, f, &err);
}

/* 0 when the core wants no more, -1 when it broke the rules. */
static int
serve(struct sender *r)
{
	struct frame f;
	int rc;

	for (;;) {
		rc = next_frame(r, &f);
		if (rc <= 0)
			return rc;
		if (f.type == SEND_LETTER)
			rc = on_letter(r, &f);
		else
			rc = f.type == SEND_STOP ? 0 : -1;
		frame_close_fds(&f);
		if (rc < 0 || f.type == SEND_STOP)
			return rc;
	}
}

/* ---- start -------------------------------------------------------------- */

static int
set_up(struct sender *r, const struct send_start *start)
{
	const struct netjail jail = {
	    .memory_bytes = MAX_SEND_MEMORY,
	    .n_files = MAX_FILES,
	    .ca_file = start->ca_file,
	};

	if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
		return err_set(&r->err, ERR_SYSTEM, ERR_OWN, 0,
		    "libcurl cannot start");
	if (smtp_new(start, &r->smtp, &r->err) < 0)
		return -1;
	if (netjail_enter(&jail, &r->err) < 0) {
		smtp_free(&r->smtp);
		return -1;
	}
	return 0;
}

static int
check(struct sender *r)
{
	struct send_result result;

	if (r->smtp == NULL)
		return report_err(r, 0, &r->err, outcome_of(&r->err)), -1;
	smtp_check(r->smtp, &result);
	return report(r, &result) < 0 || result.outcome != SEND_OK ? -1 : 0;
}

static int
get_start(struct sender *r, struct arena *arena, struct send_start *out)
{
	struct err err;
	struct frame f;
	int rc;

	if (frame_recv(r->sock, r->frame, &f, &err) <= 0)
		return -1;
	rc = f.type == SEND_START && f.n_fds == 0
	    ? send_get_start(f.body, f.len, arena, out, &err)
	    : -1;
	frame_close_fds(&f);
	explicit_bzero(r->frame, sizeof(r->frame));
	return rc;
}

static int
run(struct sender *r, struct arena *arena)
{
	struct send_start start;
	int rc;

	if (get_start(r, arena, &start) < 0)
		return -1;
	/* Without it every letter is answered by the reason. */
	(void)set_up(r, &start);
	rc = start.check ? check(r) : serve(r);
	smtp_free(&r->smtp);
	return rc;
}

int
send_main(int sock)
{
	struct arena ARENA_AUTO *arena = arena_new();
	struct sender *r = calloc(1, sizeof(*r));
	int rc = -1;

	take_signals();
	if (arena != NULL && r != NULL) {
		r->sock = sock;
		rc = run(r, arena);
	}
	free(r);
	return rc == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
