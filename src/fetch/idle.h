/* SPDX-License-Identifier: ISC */
#ifndef FETCH_IDLE_H
#define FETCH_IDLE_H

#include <stdint.h>

struct session;

/* Rests on an open connection until the time (clock_mono_ms()), until the
 * core has something for us (peer.poll, stop, gone), or until the server tells
 * of new mail: by IDLE (RFC 2177) in the selected folder if `idle`, at most
 * nine minutes a command, because home routers forget a silent connection;
 * else by just keeping an ear on the line.
 * 1 = new mail, 0 = none, -1 = the connection is lost (which is normal: 163
 * closes idle ones). */
int idle_rest(struct session *s, int64_t until_ms, int idle);

#endif
