/* SPDX-License-Identifier: ISC */
#ifndef PARSE_WIRE_H
#define PARSE_WIRE_H

#include <stddef.h>
#include <stdint.h>

struct buf;
struct err;
struct message;

/*
 * Frames between core and the parser.
 *
 *   core → zygote   PARSE_FORK   u32 child        + 1 fd: the child's socket
 *                   PARSE_KILL   u32 child
 *   zygote → core   PARSE_READY  (charsets open, sandbox closed)
 *                   PARSE_FAILED u32 0, err: could not start, ends now
 *                   PARSE_ENDED  u32 child, u32 wait status (waitpid(2)), or
 *                                PARSE_NO_FORK when there was no child
 *   core → child    PARSE_JOB    u32 job, bool files, bool more
 *                                + 1 fd: raw bytes, sealed
 *   child → core    PARSE_DONE   u32 job, bytes that `more` wrote (role.h; none
 *                                unless asked for), message: inline, or u32
 *                                job alone + 1 fd: sealed memfd with the rest
 *                   PARSE_FAILED u32 job, err
 *
 * A child answers jobs in order and ends when its socket closes.
 */
enum parse_frame {
	PARSE_FORK = 1,
	PARSE_KILL,
	PARSE_READY,
	PARSE_ENDED,
	PARSE_JOB,
	PARSE_DONE,
	PARSE_FAILED,
};

#define PARSE_NO_FORK UINT32_MAX

/* A child that ran out of memory ends with this exit status. */
#define PARSE_EXIT_MEMORY 12

/* The message as bytes, and back.  The reader trusts nothing: ranges, counts,
 * UTF-8, control
 * characters, no bytes left over; ERR_INPUT on any breach.  Photos are copied
 * into the new message's arena. */
void parse_wire_put(struct buf *b, const struct message *m);
int parse_wire_get(const void *data, size_t len, struct message **message_out,
    struct err *err);

/* An error as bytes, and back; the reader returns -1 on a breach. */
struct unpack;
void parse_wire_put_err(struct buf *b, const struct err *e);
int parse_wire_get_err(struct unpack *u, struct err *e_out);

#endif
