/* SPDX-License-Identifier: ISC */
#ifndef CTL_DECODE_H
#define CTL_DECODE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct decoder;
struct err;
struct message;
struct store;

/* Stored messages through the daemon's own sandboxed parser, one by one. */

/* files: with the attachments' bytes. */
int decoder_new(struct store *store, bool files, struct decoder **decoder_out,
    struct err *err);
void decoder_free(struct decoder **d);
#define DECODER_AUTO __attribute__((cleanup(decoder_free)))

/* Of given bytes; the store may be NULL then.  1 = decoded, *message_out is the
 * caller's; 0 = the parser refused it, *err says why; -1 = something else went
 * wrong. */
int decoder_bytes(struct decoder *d, const void *raw, size_t len,
    struct message **message_out, struct err *err);
/* Likewise of a stored message. */
int decoder_run(struct decoder *d, int64_t message,
    struct message **message_out, struct err *err);

#endif
