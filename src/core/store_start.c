/* SPDX-License-Identifier: ISC */
#include "core/store_start.h"

#include <unistd.h>

#include <systemd/sd-daemon.h>

#include "base/err.h"
#include "base/log.h"
#include "conf/conf.h"
#include "core/alarm_store.h"
#include "core/lock.h"
#include "store/store.h"

/* Longest that the look through a store after an unclean end may take. */
#define CHECK_MOST_S 1800
/* … and the letter about a store that is refused. */
#define TELL_MOST_S 120

/* A daemon that cannot start must not be silent about it. */
static int
refuse(const struct conf *conf, bool once, const struct err *why)
{
	if (once)
		return -1;
	(void)sd_notifyf(0, "EXTEND_TIMEOUT_USEC=%d", TELL_MOST_S * 1000000);
	alarm_store_refused(conf, why);
	return -1;
}

int
store_start(const struct conf *conf, bool once, struct store **store_out,
    int *lock_out, struct err *err)
{
	const char *path = conf->store.path;
	bool unclean;

	if (store_open(path, STORE_CREATE, store_out, err) < 0)
		return refuse(conf, once, err);
	if (lock_store(path, lock_out, &unclean, err) < 0)
		return -1;
	if (!unclean)
		return 0;
	log_line(LOG_LEVEL_WARN, "unclean-end", "next=\"check the store\"");
	(void)sd_notifyf(0, "EXTEND_TIMEOUT_USEC=%d", CHECK_MOST_S * 1000000);
	if (store_check(*store_out, err) == 0)
		return 0;
	(void)close(*lock_out); /* not in order: the next start looks again */
	*lock_out = -1;
	return refuse(conf, once, err);
}
