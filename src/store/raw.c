/* SPDX-License-Identifier: ISC */
#include "store/raw.h"

#include <stdlib.h>
#include <string.h>

#include <zstd.h>

#include "base/err.h"
#include "base/limits.h"
#include "store/query.h"

enum coding { CODING_PLAIN, CODING_ZSTD };

struct raw_codec {
	ZSTD_CCtx *pack;
	ZSTD_DCtx *unpack;
	unsigned char part[MAX_RAW_PART];
};

void
raw_codec_free(struct raw_codec **c)
{
	if (*c == NULL)
		return;
	(void)ZSTD_freeCCtx((*c)->pack);
	(void)ZSTD_freeDCtx((*c)->unpack);
	free(*c);
	*c = NULL;
}

static struct raw_codec *
codec(struct store *s, struct err *err)
{
	struct raw_codec *c = s->codec;

	if (c != NULL)
		return c;
	c = calloc(1, sizeof(*c));
	if (c == NULL) {
		(void)db_no_memory(err);
		return NULL;
	}
	c->pack = ZSTD_createCCtx();
	c->unpack = ZSTD_createDCtx();
	if (c->pack == NULL || c->unpack == NULL ||
	    ZSTD_isError(ZSTD_CCtx_setParameter(c->pack,
		ZSTD_c_compressionLevel, MAX_RAW_LEVEL))) {
		raw_codec_free(&c);
		(void)db_no_memory(err);
	}
	s->codec = c;
	return c;
}

static int
zstd_fail(size_t code, struct err *err)
{
	return err_set(err, ERR_SYSTEM, ERR_OWN, 0, "store: zstd: %s",
	    ZSTD_getErrorName(code));
}

static int
put_first(struct store *s, size_t size, enum coding coding, const void *data,
    size_t len, int64_t *id_out, struct err *err)
{
	struct query q;

	query_init(&q, s, Q_RAW_ADD);
	query_put_i64(&q, (int64_t)size);
	query_put_i64(&q, coding);
	query_put_blob(&q, data, len);
	if (query_run(&q, err) < 0)
		return -1;
	*id_out = sqlite3_last_insert_rowid(s->db);
	return 0;
}

static int
put_more(struct store *s, int64_t raw, int64_t part, const void *data,
    size_t len, struct err *err)
{
	struct query q;

	query_init(&q, s, Q_RAW_MORE_ADD);
	query_put_ref(&q, raw);
	query_put_i64(&q, part);
	query_put_blob(&q, data, len);
	return query_run(&q, err);
}

static int
add_packed(struct store *s, struct raw_codec *c, const void *data, size_t len,
    void (*let_go)(const void *data, size_t from, size_t len),
    int64_t *id_out, struct err *err)
{
	ZSTD_inBuffer in = {data, len, 0};
	ZSTD_outBuffer out;
	size_t left, gone = 0;
	int rc = 0;

	(void)ZSTD_CCtx_reset(c->pack, ZSTD_reset_session_only);
	(void)ZSTD_CCtx_setPledgedSrcSize(c->pack, len);
	for (int64_t part = 0; rc == 0; part++) {
		out = (ZSTD_outBuffer){c->part, sizeof(c->part), 0};
		left = ZSTD_compressStream2(c->pack, &out, &in, ZSTD_e_end);
		if (ZSTD_isError(left))
			return zstd_fail(left, err);
		if (part == 0 && left == 0 && out.pos >= len)
			return put_first(
			    s, len, CODING_PLAIN, data, len, id_out, err);
		if (part == 0)
			rc = put_first(s, len, CODING_ZSTD, c->part, out.pos,
			    id_out, err);
		else if (out.pos > 0)
			rc = put_more(
			    s, *id_out, part, c->part, out.pos, err);
		if (left == 0)
			break;
		if (let_go != NULL)
			let_go(data, gone, in.pos - gone);
		gone = in.pos;
	}
	return rc;
}

int
raw_add(struct store *s, const void *data, size_t len, size_t least,
    void (*let_go)(const void *data, size_t from, size_t len),
    int64_t *id_out, struct err *err)
{
	struct raw_codec *c;
	int rc;

	if (len < least)
		return put_first(s, len, CODING_PLAIN, data, len, id_out, err);
	c = codec(s, err);
	if (c == NULL)
		return -1;
	rc = add_packed(s, c, data, len, let_go, id_out, err);
	if (let_go != NULL)
		let_go(data, 0, len);
	return rc;
}

static int
damaged(struct err *err, int64_t id)
{
	return err_set(err, ERR_SYSTEM, ERR_OWN, 0,
	    "store: the stored bytes %lld are damaged; restore the last "
	    "backup", (long long)id);
}

/* What is being put together again. */
struct reading {
	int64_t id;
	enum coding coding;
	ZSTD_outBuffer out;
	bool ended; /* the zstd frame */
};

static int
feed(struct store *s, struct reading *r, const void *data, size_t len,
    struct err *err)
{
	ZSTD_inBuffer in = {data, len, 0};
	size_t rc, before;

	if (r->coding == CODING_PLAIN) {
		if (len > r->out.size - r->out.pos)
			return damaged(err, r->id);
		if (len > 0)
			memcpy((char *)r->out.dst + r->out.pos, data, len);
		r->out.pos += len;
		r->ended = true;
		return 0;
	}
	while (in.pos < in.size) {
		before = in.pos + r->out.pos;
		if (r->ended)
			return damaged(err, r->id);
		rc = ZSTD_decompressStream(s->codec->unpack, &r->out, &in);
		r->ended = rc == 0;
		if (ZSTD_isError(rc) ||
		    (rc != 0 && in.pos + r->out.pos == before))
			return damaged(err, r->id);
	}
	return 0;
}

static int
read_first(struct store *s, struct reading *r, struct err *err)
{
	struct query q;
	const void *data;
	size_t len;
	int64_t size;
	int rc;

	query_init(&q, s, Q_RAW);
	query_put_i64(&q, r->id);
	rc = query_step(&q, err);
	if (rc == 1) {
		size = query_i64(&q);
		r->coding = query_i64(&q) == CODING_ZSTD ? CODING_ZSTD
							 : CODING_PLAIN;
		data = query_blob_here(&q, &len);
		if (size < 0 || (uint64_t)size > MAX_MESSAGE_BYTES)
			rc = damaged(err, r->id);
		else if ((r->out.dst = malloc((size_t)size + 1)) == NULL)
			rc = db_no_memory(err);
		else
			r->out.size = (size_t)size;
		if (rc == 1)
			rc = feed(s, r, data, len, err);
	} else if (rc == 0) {
		rc = damaged(err, r->id);
	}
	query_done(&q);
	return rc;
}

static int
read_more(struct store *s, struct reading *r, struct err *err)
{
	struct query q;
	const void *data;
	size_t len;
	int rc;

	query_init(&q, s, Q_RAW_MORE);
	query_put_i64(&q, r->id);
	while ((rc = query_step(&q, err)) == 1) {
		data = query_blob_here(&q, &len);
		if (feed(s, r, data, len, err) < 0) {
			rc = -1;
			break;
		}
	}
	query_done(&q);
	return rc;
}

int
raw_get(struct store *s, int64_t id,
    const unsigned char sha256[SHA256_BYTES], void **data_out,
    size_t *len_out, struct err *err)
{
	struct raw_codec *c = codec(s, err);
	struct reading r = {.id = id};
	unsigned char have[SHA256_BYTES];
	int rc;

	if (c == NULL)
		return -1;
	(void)ZSTD_DCtx_reset(c->unpack, ZSTD_reset_session_only);
	rc = read_first(s, &r, err);
	if (rc == 0)
		rc = read_more(s, &r, err);
	if (rc == 0) {
		hash_sha256(r.out.dst, r.out.pos, have);
		if (!r.ended || r.out.pos != r.out.size ||
		    memcmp(have, sha256, sizeof(have)) != 0)
			rc = damaged(err, id);
	}
	if (rc < 0) {
		free(r.out.dst);
		return -1;
	}
	*data_out = r.out.dst;
	*len_out = r.out.size;
	return 0;
}

int
raw_of(struct store *s, enum statement owner, int64_t id, void **data_out,
    size_t *len_out, struct err *err)
{
	unsigned char sha256[SHA256_BYTES];
	struct query q;
	int64_t raw = 0;
	int rc;

	query_init(&q, s, owner);
	query_put_i64(&q, id);
	rc = query_step(&q, err);
	if (rc == 1) {
		query_hash(&q, sha256, sizeof(sha256));
		raw = query_i64(&q);
	}
	query_done(&q);
	if (rc < 0)
		return -1;
	if (rc == 0)
		return err_set(err, ERR_INPUT, ERR_OWN, 0,
		    "store: there is no message or letter %lld",
		    (long long)id);
	return raw_get(s, raw, sha256, data_out, len_out, err);
}

int
raw_set(struct store *s, int64_t id, const void *data, size_t len,
    struct err *err)
{
	struct query q;

	query_init(&q, s, Q_RAW_MORE_DROP);
	query_put_i64(&q, id);
	if (query_run(&q, err) < 0)
		return -1;
	query_init(&q, s, Q_RAW_SET);
	query_put_i64(&q, id);
	query_put_i64(&q, (int64_t)len);
	query_put_blob(&q, data, len);
	return query_run_one(&q, err);
}
