/* SPDX-License-Identifier: ISC */
#ifndef STORE_RAW_H
#define STORE_RAW_H

#include "base/hash.h"
#include "store/db.h"

/*
 * Bytes of messages and letters, compressed in pieces: whatever the size, only
 * one piece (MAX_RAW_PART) is ever held beside the caller's bytes.  What has
 * fewer than `least` bytes is not worth it and stays as it is.
 */
int raw_add(struct store *s, const void *data, size_t len, size_t least,
    void (*let_go)(const void *data, size_t from, size_t len),
    int64_t *id_out, struct err *err);
/* malloc'd; ERR_SYSTEM when what comes out is not what went in. */
int raw_get(struct store *s, int64_t id,
    const unsigned char sha256[SHA256_BYTES], void **data_out,
    size_t *len_out, struct err *err);
/* The bytes that a row's (sha256, raw) stand for; `owner` is the statement
 * that gives them for row id.  ERR_INPUT when there is no such row. */
int raw_of(struct store *s, enum statement owner, int64_t id,
    void **data_out, size_t *len_out, struct err *err);

/* These few bytes stand in their place from now on. */
int raw_set(struct store *s, int64_t id, const void *data, size_t len,
    struct err *err);

void raw_codec_free(struct raw_codec **c);

#endif
