/* SPDX-License-Identifier: ISC */
#include "intake/content.h"

#include "base/buf.h"
#include "base/pack.h"
#include "parse/message.h"

int
content_key(const struct message *m, unsigned char out[SHA256_BYTES])
{
	BUF_AUTO struct buf b = BUF_INIT;

	pack_str(&b, m->from.addr);
	pack_str(&b, m->subject);
	pack_i64(&b, m->date_s);
	pack_str(&b, m->text);
	pack_str(&b, m->quoted);
	pack_u32(&b, (uint32_t)m->n_attachments);
	for (size_t i = 0; i < m->n_attachments; i++)
		buf_add(&b, m->attachments[i].sha256, SHA256_BYTES);
	if (buf_bad(&b))
		return -1;
	hash_sha256(b.data, b.len, out);
	return 0;
}
