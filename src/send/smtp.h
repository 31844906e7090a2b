/* SPDX-License-Identifier: ISC */
#ifndef SEND_SMTP_H
#define SEND_SMTP_H

#include <stddef.h>

#include "send/wire.h"

struct err;

/*
 * Letters by SMTP (RFC 5321) over libcurl: one connection as long as letters
 * come, one recipient a transaction, the bytes as they are.  TLS is verified
 * or nothing is sent; without TLS only to this machine.
 */
struct smtp;

/* Prepares, connects nothing.  `conf` must outlive it.  ERR_CONF, with what to
 * change, when no letter can ever be sent like this. */
int smtp_new(const struct send_start *conf, struct smtp **out, struct err *err);
/* Says QUIT and does not wait for the answer. */
void smtp_free(struct smtp **s);

/* Tries one letter (CRLF line ends, at most MAX_LETTER_BYTES), within
 * conf->timeout_ms.  result_out->what is valid until the next call. */
void smtp_send(struct smtp *s, const struct send_letter *l, const void *data,
    size_t len, struct send_result *result_out);

/* Connects, verifies and logs in; the result's letter is 0. */
void smtp_check(struct smtp *s, struct send_result *result_out);

/* Ends the connection, if there is one, like smtp_free(). */
void smtp_hang_up(struct smtp *s);

#endif
