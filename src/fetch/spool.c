/* SPDX-License-Identifier: ISC */
#include "fetch/spool.h"

#include <errno.h>
#include <sys/mman.h>
#include <unistd.h>

#include <libetpan/libetpan.h>

#include "base/civil.h"
#include "base/err.h"
#include "base/memfd.h"
#include "fetch/session.h"
#include "fetch/take.h"
#include "fetch/wire.h"

static int
begin(struct taker *t, struct err *err)
{
	if (t->spool >= 0)
		return 0;
	t->spooled = 0;
	t->spool = memfd_create("message", MFD_CLOEXEC | MFD_ALLOW_SEALING);
	if (t->spool < 0)
		return err_errno(err, errno, "memfd_create");
	return 0;
}

int
spool_add(struct taker *t, const char *bytes, size_t len, struct err *err)
{
	ssize_t n;

	if (begin(t, err) < 0)
		return -1;
	t->spooled += len;
	while (len > 0) {
		n = write(t->spool, bytes, len);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return err_errno(err, n < 0 ? errno : EIO,
			    "write memfd");
		bytes += n;
		len -= (size_t)n;
	}
	return 0;
}

int
spool_seal(struct taker *t, struct item *it, struct err *err)
{
	uint64_t most = t->s->conf->max_message_bytes;

	/* An empty message has an empty memfd. */
	if (begin(t, err) < 0)
		return -1;
	if (it->oversize) {
		most = most < MAX_OVERSIZE_TAKEN ? most : MAX_OVERSIZE_TAKEN;
		if (t->spooled > most &&
		    ftruncate(t->spool, (off_t)most) < 0)
			return err_errno(err, errno, "cut memfd");
		t->spooled = t->spooled < most ? t->spooled : most;
	}
	if (memfd_seal(t->spool, err) < 0)
		return -1;
	it->fd = t->spool;
	it->got = (uint32_t)t->spooled;
	t->spool = -1;
	t->spooled = 0;
	return 0;
}

void
spool_drop(struct taker *t)
{
	if (t->spool >= 0)
		(void)close(t->spool);
	t->spool = -1;
	t->spooled = 0;
}

int64_t
spool_date_s(const struct mailimap_date_time *d)
{
	/* dt_zone is +0800 as the decimal 800. */
	int zone_min = d->dt_zone / 100 * 60 + d->dt_zone % 100;
	int64_t t;

	if (d->dt_year < 1970 || d->dt_year > 9999)
		return 0;
	t = (int64_t)civil_day_number(d->dt_year, d->dt_month, d->dt_day) *
		86400 + d->dt_hour * 3600 + d->dt_min * 60 + d->dt_sec -
	    zone_min * 60;
	return t > 0 && t <= 253402300799LL ? t : 0;
}
