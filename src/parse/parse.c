/* SPDX-License-Identifier: ISC */
#include "parse/parse.h"

#include <stdlib.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "parse/charset.h"
#include "parse/decode.h"
#include "parse/filetype.h"
#include "parse/raw.h"
#include "parse/sheet.h"

static int
compare_bytes(const void *a, const void *b)
{
	return *(const unsigned char *)a - *(const unsigned char *)b;
}

/* glibc's qsort() asks once how much memory there is: before the sandbox
 * closes. */
static void
warm_up_sorting(void)
{
	unsigned char big[8192] = {1};

	qsort(big, sizeof(big), 1, compare_bytes);
}

int
parse_init(struct err *err)
{
	warm_up_sorting();
	if (charset_init(err) < 0)
		return err_at(err, "charsets");
	if (filetype_init(err) < 0) {
		charset_done();
		return err_at(err, "file types");
	}
	sheet_init();
	return 0;
}

void
parse_done(void)
{
	filetype_done();
	charset_done();
}

/* A letter that only its addressee's key can open is lost to us. */
static void
note_encryption(struct decode *d)
{
	static const char *const types[] = {"multipart/encrypted",
	    "application/pkcs7-mime", "application/x-pkcs7-mime"};

	if (d->msg->text[0] != '\0' || d->msg->quoted[0] != '\0')
		return;
	for (size_t i = 0; i < d->mime->n_parts; i++) {
		for (size_t k = 0; k < sizeof(types) / sizeof(types[0]); k++) {
			if (!part_is(&d->mime->parts[i], types[k]))
				continue;
			buf_adds(&d->lost, d->lost.len > 0 ? "; " : "");
			buf_adds(&d->lost, "the text is encrypted or sealed");
			return;
		}
	}
}

static int
decode(struct decode *d)
{
	d->use = calloc(d->mime->n_parts, sizeof(*d->use));
	if (d->use == NULL || envelope_read(d) < 0 || signs_prepare(d) < 0 ||
	    body_read(d) < 0 || signs_read(d) < 0 || attachments_read(d) < 0)
		return -1;
	note_encryption(d);
	if (buf_bad(&d->lost))
		return -1;
	d->msg->lost = arena_memdup(d->arena, buf_str(&d->lost), d->lost.len);
	d->msg->defects |= d->mime->defects;
	return d->msg->lost != NULL ? 0 : -1;
}

static int
parse_raw(const struct raw *raw, struct message *m, bool want_files)
{
	struct mime mime;
	struct decode d = {.mime = &mime,
	    .msg = m,
	    .arena = m->arena,
	    .lost = BUF_INIT,
	    .want_files = want_files};
	int rc = mime_parse(&mime, raw->data, raw->len);

	if (rc == 0)
		rc = decode(&d);
	free(d.use);
	buf_done(&d.lost);
	mime_done(&mime);
	return rc;
}

static int
parse(const void *data, size_t len, bool want_files,
    struct message **message_out, struct err *err)
{
	struct message *m = message_new();
	struct raw raw = {NULL, 0, NULL};
	const unsigned starved = buf_starved();
	int rc = -1;

	if (m != NULL && raw_init(&raw, data, len) == 0)
		rc = parse_raw(&raw, m, want_files);
	raw_done(&raw);
	/* Where a part cannot be read the rest is; but an address or a text is
	 * not left out because memory was short. */
	if (rc == 0 && (buf_starved() != starved || arena_starved(m->arena)))
		rc = -1;
	if (rc < 0) {
		message_free(&m);
		return err_set(err, ERR_SYSTEM, ERR_OWN, 0,
		    "out of memory while parsing %zu bytes", len);
	}
	*message_out = m;
	return 0;
}

int
parse_message(
    const void *data, size_t len, struct message **message_out, struct err *err)
{
	return parse(data, len, false, message_out, err);
}

int
parse_message_files(
    const void *data, size_t len, struct message **message_out, struct err *err)
{
	return parse(data, len, true, message_out, err);
}
