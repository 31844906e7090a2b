/* SPDX-License-Identifier: ISC */
#include "core/direct.h"

#include <stdlib.h>
#include <unistd.h>

#include <sodium.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/frame.h"
#include "base/limits.h"
#include "base/memfd.h"
#include "conf/conf.h"
#include "core/role.h"
#include "send/wire.h"

/* The only letter that the process ever has. */
#define LETTER 1

struct direct {
	struct role *role;
	const struct conf *conf; /* while a letter is handed over */
	const struct smtp_conf *account;
	direct_done_fn *done;
	void *arg;
	bool busy;
};

static int
on_started(void *arg, struct err *err)
{
	struct direct *d = arg;
	struct send_start start = d->account->smtp;
	char secret[MAX_SECRET_BYTES];
	struct buf body = BUF_INIT;
	int rc;

	if (conf_smtp_secret(d->conf, d->account, secret, sizeof(secret),
		err) < 0)
		return -1;
	start.secret = secret;
	send_put_start(&body, &start);
	rc = role_send(d->role, SEND_START, &body, NULL, 0, err);
	sodium_memzero(secret, sizeof(secret));
	if (body.data != NULL)
		sodium_memzero(body.data, body.size);
	buf_done(&body);
	return rc;
}

static void
done(struct direct *d, bool sent, const char *what)
{
	d->busy = false;
	d->done(d->arg, sent, what);
}

static int
on_frame(void *arg, struct frame *frame, struct err *err)
{
	struct direct *d = arg;
	ARENA_AUTO struct arena *a = arena_new();
	struct send_result r;

	if (a == NULL)
		return err_set(err, ERR_SYSTEM, ERR_OWN, 0, "out of memory");
	if (send_take_result(frame, a, &r, err) < 0)
		return -1;
	if (!d->busy || r.letter != LETTER)
		return err_set(err, ERR_INPUT, ERR_OWN, 0,
		    "result for a letter that was not sent");
	(void)role_send(d->role, SEND_STOP, NULL, NULL, 0, err);
	done(d, r.outcome == SEND_OK, r.what);
	return 0;
}

static bool
on_ended(void *arg, int status)
{
	struct direct *d = arg;

	(void)status;
	if (d->busy)
		done(d, false, "the send process ended");
	return false;
}

static const struct role_ops direct_ops = {
    "send", on_started, on_frame, on_ended, NULL};

int
direct_new(sd_event *event, direct_done_fn *fn, void *arg,
    struct direct **direct_out, struct err *err)
{
	struct direct *d = calloc(1, sizeof(*d));

	if (d == NULL)
		return err_set(err, ERR_SYSTEM, ERR_OWN, 0, "out of memory");
	d->done = fn;
	d->arg = arg;
	if (role_new(event, "send-direct", &direct_ops, d, &d->role, err) <
	    0) {
		free(d);
		return -1;
	}
	*direct_out = d;
	return 0;
}

void
direct_free(struct direct **direct)
{
	if (*direct == NULL)
		return;
	role_free(&(*direct)->role);
	free(*direct);
	*direct = NULL;
}

bool
direct_busy(const struct direct *d)
{
	return d->busy || role_runs(d->role);
}

int
direct_post(struct direct *d, const struct conf *conf,
    const struct smtp_conf *account, const char *to_addr, const void *bytes,
    size_t len, struct err *err)
{
	const struct send_letter l = {
	    .letter = LETTER,
	    .mail_from = account->mail_from,
	    .rcpt_to = to_addr,
	};
	BUF_AUTO struct buf body = BUF_INIT;
	int fd, rc;

	d->conf = conf;
	d->account = account;
	rc = role_start(d->role, err);
	d->conf = NULL;
	d->account = NULL;
	if (rc < 0)
		return -1;
	if (memfd_put(bytes, len, &fd, err) < 0) {
		role_kill(d->role); /* it would wait for ever */
		return -1;
	}
	send_put_letter(&body, &l);
	rc = role_send(d->role, SEND_LETTER, &body, &fd, 1, err);
	(void)close(fd);
	d->busy = rc == 0;
	if (d->busy)
		role_expect(d->role, SEND_HUNG_MS(&account->smtp));
	return rc;
}
