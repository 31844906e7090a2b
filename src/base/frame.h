/* SPDX-License-Identifier: ISC */
#ifndef BASE_FRAME_H
#define BASE_FRAME_H

#include <stddef.h>
#include <stdint.h>

#include "base/limits.h"

struct buf;
struct err;

/*
 * Frames over a SOCK_SEQPACKET socketpair: one datagram each, a type, a body
 * of at most MAX_FRAME_BYTES, and up to MAX_FRAME_FDS descriptors.  Anything
 * that may be larger travels as a sealed memfd (memfd.h) beside the frame.
 */
struct frame {
	uint32_t type;
	const unsigned char *body; /* borrowed from the receiver's buffer */
	size_t len;
	int fds[MAX_FRAME_FDS]; /* -1 where none; the receiver owns them */
	size_t n_fds;
};

/* A pair of connected sockets, close-on-exec, non-blocking on neither. */
int frame_pair(int fds_out[2], struct err *err);

/* Sends one frame; blocks while the peer's buffer is full unless the socket is
 * non-blocking (then ERR_NOW with EAGAIN).  The descriptors stay the caller's.
 * ERR_LATER/EPIPE when the peer is gone. */
int frame_send(int sock, uint32_t type, const struct buf *body_or_null,
    const int *fds, size_t n_fds, struct err *err);

/* Receives one frame into buffer (MAX_FRAME_BYTES + 8 bytes).  1 = got one,
 * 0 = the peer is gone, -1 = error (ERR_NOW with EAGAIN: nothing there; a
 * truncated or oversized frame is ERR_INPUT, its descriptors are closed). */
int frame_recv(
    int sock, unsigned char *buffer, struct frame *frame_out, struct err *err);

/* Closes the descriptors that were not taken (set to -1 when taken). */
void frame_close_fds(struct frame *frame);

#define FRAME_BUFFER (MAX_FRAME_BYTES + 8)

#endif
