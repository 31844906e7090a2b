/* SPDX-License-Identifier: ISC */
#ifndef FETCH_TRANSPORT_H
#define FETCH_TRANSPORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct err;
struct fetch_start;
struct say;

/*
 * The connection: libcurl resolves, connects, does TLS (and STARTTLS, which
 * is then mandatory) and verifies the certificate; afterwards it is only a pipe
 * for bytes.  libetpan's own TLS verifies nothing and is never used.
 */
struct transport;

/* Asked now and then while a connection is being made; true = give up. */
typedef bool transport_quit_fn(void *arg);

/* Once a process, before the sandbox closes. */
int transport_init(struct err *err);

/* Connects within start->timeout_ms.  The server's greeting has been read by
 * libcurl and is gone.  Kinds: ERR_CONF for a certificate that does not hold,
 * a missing STARTTLS, TLS switched off to a host that is not this machine;
 * ERR_LATER for what may pass; ERR_NOW when quit said so. */
int transport_open(const struct fetch_start *start, struct say *say,
    transport_quit_fn *quit, void *arg, struct transport **t_out,
    struct err *err);
void transport_close(struct transport **t);

/* When the server's certificate ends, UTC seconds; 0 = without TLS, or not
 * said. */
int64_t transport_certificate_until_s(const struct transport *t);

/* Without waiting: > 0 bytes, 0 = nothing now, -1 = the connection is over
 * (end of file too). */
ssize_t transport_recv(void *t, void *data, size_t size);
/* The same for sending. */
ssize_t transport_send(void *t, const void *data, size_t len);
/* For poll(2). */
int transport_fd(void *t);

#endif
