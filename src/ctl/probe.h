/* SPDX-License-Identifier: ISC */
#ifndef CTL_PROBE_H
#define CTL_PROBE_H

#include <stddef.h>

struct conf;
struct err;
struct smtp_conf;

/*
 * Tries a log-in with the daemon's own sandboxed processes (`check` in
 * FETCH_START and SEND_START).  0 = all is well; -1 = *err says what is wrong
 * and what to do.
 */
int probe_mailbox(const struct conf *conf, size_t index, struct err *err);
/* conf->smtp or conf->alarm_smtp. */
int probe_smtp(const struct conf *conf, const struct smtp_conf *account,
    struct err *err);

#endif
