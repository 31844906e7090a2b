/* SPDX-License-Identifier: ISC */
#include "ctl/decode.h"

#include <poll.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/err.h"
#include "base/memfd.h"
#include "intake/told.h"
#include "parse/message.h"
#include "parse/pool.h"
#include "store/store.h"

struct decoder {
	struct store *store;
	struct pool *pool;
	uint64_t job;
	/* The answer to it. */
	struct message *message;
	struct err failure;
	bool done;
};

static void
on_done(void *arg, uint64_t job, struct message *m, const struct err *failure)
{
	struct decoder *d = arg;

	(void)job;
	d->done = true;
	d->message = m;
	if (failure != NULL)
		d->failure = *failure;
}

int
decoder_new(struct store *store, bool files, struct decoder **decoder_out,
    struct err *err)
{
	struct decoder *d = calloc(1, sizeof(*d));

	if (d == NULL)
		return err_set(err, ERR_SYSTEM, ERR_OWN, 0, "out of memory");
	d->store = store;
	if (pool_new(1, on_done, d, &d->pool, err) < 0) {
		free(d);
		return -1;
	}
	pool_read_more(d->pool, told_read);
	pool_want_files(d->pool, files);
	*decoder_out = d;
	return 0;
}

void
decoder_free(struct decoder **d)
{
	if (*d == NULL)
		return;
	pool_free(&(*d)->pool);
	message_free(&(*d)->message);
	free(*d);
	*d = NULL;
}

static int
parse(struct decoder *d, int fd, struct err *err)
{
	struct pollfd pfd = {.fd = pool_epoll_fd(d->pool), .events = POLLIN};

	d->done = false;
	if (pool_add(d->pool, ++d->job, fd, err) < 0)
		return -1;
	while (!d->done) {
		(void)poll(&pfd, 1, pool_timeout_ms(d->pool));
		if (pool_step(d->pool, err) < 0)
			return -1;
	}
	if (d->message != NULL)
		return 1;
	*err = d->failure;
	return 0;
}

int
decoder_bytes(struct decoder *d, const void *raw, size_t len,
    struct message **message_out, struct err *err)
{
	int fd, rc;

	if (memfd_put(raw, len, &fd, err) < 0)
		return -1;
	rc = parse(d, fd, err);
	(void)close(fd);
	*message_out = d->message;
	d->message = NULL;
	return rc;
}

int
decoder_run(struct decoder *d, int64_t message, struct message **message_out,
    struct err *err)
{
	void *raw;
	size_t len;
	int rc;

	if (store_message_raw(d->store, message, &raw, &len, err) < 0)
		return -1;
	rc = decoder_bytes(d, raw, len, message_out, err);
	free(raw);
	return rc;
}
