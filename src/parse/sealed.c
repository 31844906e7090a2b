/* SPDX-License-Identifier: ISC */
#include "parse/sealed.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "base/buf.h"
#include "base/limits.h"
#include "parse/mime.h"

/* Tags of X.690 that lead to the letter. */
enum tag {
	TAG_END = 0x00, /* of an indefinite length */
	TAG_INTEGER = 0x02,
	TAG_OCTETS = 0x04,
	TAG_OID = 0x06,
	TAG_OCTETS_PIECES = 0x24,
	TAG_SEQUENCE = 0x30,
	TAG_SET = 0x31,
	TAG_EXPLICIT_0 = 0xa0,
};

struct der {
	const unsigned char *p, *end;
};

/* One value's head; *len_out: of its content, SIZE_MAX when it is indefinite.
 * Leaves d behind the head; false at the end or damage. */
static bool
read_head(struct der *d, unsigned *tag_out, size_t *len_out)
{
	size_t n, len = 0;

	if (d->end - d->p < 2)
		return false;
	*tag_out = *d->p++;
	n = *d->p++;
	if (n < 0x80 || n == 0x80) {
		*len_out = n < 0x80 ? n : SIZE_MAX;
		return true;
	}
	n &= 0x7f;
	if (n > 4 || (size_t)(d->end - d->p) < n)
		return false;
	while (n-- > 0)
		len = len << 8 | *d->p++;
	*len_out = len;
	return true;
}

/* Steps into the next value if it has this tag. */
static bool
enter(struct der *d, unsigned wanted)
{
	size_t len;
	unsigned tag;

	return read_head(d, &tag, &len) && tag == wanted;
}

/* Steps over the next value if it has this tag. */
static bool
skip(struct der *d, unsigned wanted)
{
	size_t len;
	unsigned tag;

	if (!read_head(d, &tag, &len) || tag != wanted ||
	    len > (size_t)(d->end - d->p))
		return false;
	d->p += len;
	return true;
}

/* Steps over an object identifier that ends in this, of PKCS #7:
 * 1.2.840.113549.1.7.x. */
static bool
skip_pkcs7(struct der *d, unsigned char x)
{
	static const unsigned char oid[] = {
	    0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07};
	const unsigned char *at = d->p;

	return skip(d, TAG_OID) && (size_t)(d->p - at) == sizeof(oid) + 3 &&
	       memcmp(at + 2, oid, sizeof(oid)) == 0 && d->p[-1] == x;
}

/* An octet string, whole or in pieces within pieces. */
static bool
take_octets(struct der *d, struct buf *out)
{
	size_t len, start = out->len;
	unsigned tag;

	while (read_head(d, &tag, &len)) {
		if (tag == TAG_OCTETS_PIECES)
			continue;
		if (tag != TAG_OCTETS || len == SIZE_MAX)
			break;
		if (len > (size_t)(d->end - d->p))
			len = (size_t)(d->end - d->p);
		buf_add(out, d->p, len);
		d->p += len;
	}
	return out->len > start;
}

bool
sealed_possible(const struct part *p)
{
	if (p->depth + 2 >= MAX_MIME_DEPTH)
		return false;
	return part_is(p, "application/pkcs7-mime") ||
	       part_is(p, "application/x-pkcs7-mime") ||
	       (part_is(p, "application/octet-stream") &&
		   part_is_named(p, ".p7m"));
}

bool
sealed_open(const void *data, size_t len, struct buf *out)
{
	struct der d = {data, (const unsigned char *)data + len};

	/* ContentInfo, SignedData, EncapsulatedContentInfo */
	return enter(&d, TAG_SEQUENCE) && skip_pkcs7(&d, 2) &&
	       enter(&d, TAG_EXPLICIT_0) && enter(&d, TAG_SEQUENCE) &&
	       skip(&d, TAG_INTEGER) && skip(&d, TAG_SET) &&
	       enter(&d, TAG_SEQUENCE) && skip_pkcs7(&d, 1) &&
	       enter(&d, TAG_EXPLICIT_0) && take_octets(&d, out);
}
