/* SPDX-License-Identifier: ISC */
#ifndef STORE_CITIZEN_H
#define STORE_CITIZEN_H

#include <stdint.h>

#include "store/store.h"

/* What answering by mail asks of the store beyond store.h, under its rules. */

/* The reporter for the program's own use: to hide him again in another letter,
 * to write to him.  Nobody sees it, so nothing is entered.  1 = found. */
int store_reporter_use(struct store *s, int64_t message, struct arena *a,
    struct reporter_record *out, struct err *err);

/* The slow hash of a clue's query code; given once. */
int store_code_add(
    struct store *s, int64_t clue, const char *hash, struct err *err);
/* 1 = found. */
int store_code(struct store *s, int64_t clue, struct arena *a,
    const char **hash_out, struct err *err);

/* Letters of a kind that were written to citizens since then; to this address
 * alone when it is not "". */
int store_letters_to_citizens(struct store *s, const char *kind,
    const char *address, int64_t since_s, int64_t *n_out, struct err *err);

/* The last reply of a colleague before this message with the same content: it
 * is sent again under another Message-ID.  1 = found. */
int store_message_find_reply(struct store *s,
    const unsigned char content_key[SHA256_BYTES], int64_t before,
    int64_t *id_out, struct err *err);

/* Letters about the clue to this person that wait in the outbox are given
 * up. */
int store_letters_cancel(
    struct store *s, int64_t clue, const char *person, struct err *err);

#endif
