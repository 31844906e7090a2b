/* SPDX-License-Identifier: ISC */
#include "parse/photo.h"

#include <stdint.h>
#include <string.h>

#include "base/buf.h"

struct bytes {
	const unsigned char *data;
	size_t len;
};

static unsigned
be16(const unsigned char *p)
{
	return (unsigned)p[0] << 8 | p[1];
}

static uint32_t
be32(const unsigned char *p)
{
	return (uint32_t)be16(p) << 16 | be16(p + 2);
}

/* ---- EXIF: the orientation and nothing else ----------------------------- */

#define EXIF_HEAD "Exif\0"
#define EXIF_HEAD_BYTES 6
#define TAG_ORIENTATION 0x0112
#define TYPE_SHORT 3

struct tiff {
	const unsigned char *data;
	size_t len;
	bool little;
};

static unsigned
tiff16(const struct tiff *t, size_t at)
{
	return t->little ? (unsigned)t->data[at + 1] << 8 | t->data[at]
			 : be16(t->data + at);
}

static size_t
tiff32(const struct tiff *t, size_t at)
{
	return t->little ? (size_t)tiff16(t, at + 2) << 16 | tiff16(t, at)
			 : be32(t->data + at);
}

/* TIFF 6.0 section 2: the value in the first directory; 0 if there is none. */
static unsigned
tiff_orientation(const struct tiff *t)
{
	size_t ifd, n, at;

	if (t->len < 8 || tiff16(t, 2) != 42)
		return 0;
	ifd = tiff32(t, 4);
	if (ifd > t->len - 2)
		return 0;
	n = tiff16(t, ifd);
	for (size_t i = 0; i < n; i++) {
		at = ifd + 2 + i * 12;
		if (at + 12 > t->len)
			return 0;
		if (tiff16(t, at) == TAG_ORIENTATION &&
		    tiff16(t, at + 2) == TYPE_SHORT && tiff32(t, at + 4) == 1)
			return tiff16(t, at + 8);
	}
	return 0;
}

static unsigned
exif_orientation(struct bytes segment)
{
	struct tiff t = {segment.data + EXIF_HEAD_BYTES, 0, false};
	unsigned value;

	if (segment.len < EXIF_HEAD_BYTES + 8 ||
	    memcmp(segment.data, EXIF_HEAD, EXIF_HEAD_BYTES) != 0)
		return 0;
	t.len = segment.len - EXIF_HEAD_BYTES;
	if (memcmp(t.data, "II", 2) == 0)
		t.little = true;
	else if (memcmp(t.data, "MM", 2) != 0)
		return 0;
	value = tiff_orientation(&t);
	return value >= 2 && value <= 8 ? value : 0;
}

static void
put_orientation(struct buf *out, unsigned value)
{
	/* APP1, Exif, big-endian TIFF, one directory of one entry. */
	unsigned char block[] = {0xff, 0xe1, 0, 34, 'E', 'x', 'i', 'f', 0, 0,
	    'M', 'M', 0, 42, 0, 0, 0, 8, 0, 1, 0x01, 0x12, 0, TYPE_SHORT, 0, 0,
	    0, 1, 0, (unsigned char)value, 0, 0, 0, 0, 0, 0};

	buf_add(out, block, sizeof(block));
}

/* ---- JPEG --------------------------------------------------------------- */

enum marker {
	M_DHT = 0xc4,
	M_JPG = 0xc8,
	M_DAC = 0xcc,
	M_RST0 = 0xd0,
	M_RST7 = 0xd7,
	M_EOI = 0xd9,
	M_SOS = 0xda,
	M_DQT = 0xdb,
	M_DNL = 0xdc,
	M_DRI = 0xdd,
	M_APP0 = 0xe0,
	M_APP1 = 0xe1,
	M_APP14 = 0xee,
	M_APP15 = 0xef,
	M_COM = 0xfe,
};

struct jpeg {
	struct bytes in;
	size_t at;
	struct buf *out; /* NULL: only look for the orientation */
	unsigned orientation;
	bool have_jfif;
	bool have_adobe;
	bool have_frame;
	bool have_scan;
	bool told; /* the orientation has been written */
};

/* Quantisation tables: B.2.4.1. */
static bool
is_dqt(struct bytes s)
{
	size_t at = 0;

	while (at < s.len) {
		if (s.data[at] >> 4 > 1 || (s.data[at] & 15) > 3)
			return false;
		at += 1 + 64 * (1 + (size_t)(s.data[at] >> 4));
	}
	return at == s.len && at > 0;
}

/* Huffman tables: B.2.4.2. */
static bool
is_dht(struct bytes s)
{
	size_t at = 0, n;

	while (at + 17 <= s.len) {
		n = 0;
		for (size_t i = 1; i <= 16; i++)
			n += s.data[at + i];
		if (n > 256 || s.data[at] >> 4 > 1 || (s.data[at] & 15) > 3)
			return false;
		at += 17 + n;
	}
	return at == s.len && at > 0;
}

/* Frame header: B.2.2. */
static bool
is_sof(struct bytes s)
{
	if (s.len < 9 || s.len != 6 + 3 * (size_t)s.data[5] ||
	    be16(s.data + 1) == 0 || be16(s.data + 3) == 0)
		return false;
	for (size_t i = 6; i < s.len; i += 3) {
		if (s.data[i + 1] >> 4 > 4 || (s.data[i + 1] & 15) > 4 ||
		    s.data[i + 2] > 3)
			return false;
	}
	return true;
}

/* Scan header: B.2.3. */
static bool
is_sos(struct bytes s)
{
	if (s.len < 6 || s.data[0] > 4 || s.len != 4 + 2 * (size_t)s.data[0])
		return false;
	for (size_t i = 1; i + 3 < s.len; i += 2) {
		if (s.data[i + 1] >> 4 > 3 || (s.data[i + 1] & 15) > 3)
			return false;
	}
	return s.data[s.len - 3] < 64 && s.data[s.len - 2] < 64;
}

static bool
is_frame_marker(unsigned marker)
{
	return marker >= 0xc0 && marker <= 0xcf && marker != M_DHT &&
	       marker != M_JPG && marker != M_DAC;
}

/* Whether the segment has the form that its marker asks for. */
static bool
is_sound(unsigned marker, struct bytes s)
{
	if (is_frame_marker(marker))
		return is_sof(s);
	switch (marker) {
	case M_DQT:
		return is_dqt(s);
	case M_DHT:
		return is_dht(s);
	case M_SOS:
		return is_sos(s);
	case M_DAC:
		return s.len > 0 && s.len <= 64 && s.len % 2 == 0;
	case M_DRI:
	case M_DNL:
		return s.len == 2;
	default:
		return false;
	}
}

static void
put_segment(struct jpeg *j, unsigned marker, struct bytes s)
{
	unsigned char head[4] = {0xff, (unsigned char)marker,
	    (unsigned char)((s.len + 2) >> 8), (unsigned char)(s.len + 2)};

	if (j->out == NULL)
		return;
	buf_add(j->out, head, sizeof(head));
	buf_add(j->out, s.data, s.len);
}

/* JFIF's version and pixel shape; its thumbnail goes. */
static void
put_jfif(struct jpeg *j, struct bytes s)
{
	unsigned char plain[14] = {0};

	if (j->have_jfif || s.len < 14 || memcmp(s.data, "JFIF", 5) != 0)
		return;
	j->have_jfif = true;
	memcpy(plain, s.data, 12);
	put_segment(j, M_APP0, (struct bytes){plain, sizeof(plain)});
}

/* Adobe's colour transform: decoders need it. */
static void
put_adobe(struct jpeg *j, struct bytes s)
{
	unsigned char plain[12] = {0};

	if (j->have_adobe || s.len < 12 || memcmp(s.data, "Adobe", 5) != 0)
		return;
	j->have_adobe = true;
	/* "Adobe", version, two flag words that decoders ignore, transform */
	memcpy(plain, s.data, 7);
	plain[11] = s.data[11];
	put_segment(j, M_APP14, (struct bytes){plain, sizeof(plain)});
}

static void
on_app(struct jpeg *j, unsigned marker, struct bytes s)
{
	if (marker == M_APP0)
		put_jfif(j, s);
	else if (marker == M_APP14)
		put_adobe(j, s);
	else if (marker == M_APP1 && j->orientation == 0)
		j->orientation = exif_orientation(s);
}

/* Copies the data of a scan up to the next marker that is no restart. */
static bool
copy_scan(struct jpeg *j)
{
	const unsigned char *d = j->in.data;
	size_t start = j->at, at = start;

	for (;;) {
		const unsigned char *ff = memchr(d + at, 0xff, j->in.len - at);

		if (ff == NULL)
			return false;
		at = (size_t)(ff - d);
		if (at + 1 >= j->in.len)
			return false;
		if (d[at + 1] != 0 &&
		    (d[at + 1] < M_RST0 || d[at + 1] > M_RST7))
			break;
		at += 2;
	}
	if (j->out != NULL)
		buf_add(j->out, d + start, at - start);
	j->at = at;
	return true;
}

/* One marker's segment.  1 = go on, 0 = the end, -1 = malformed. */
static int
on_marker(struct jpeg *j, unsigned marker)
{
	struct bytes s;
	size_t n;

	if (marker == M_EOI) {
		if (j->out != NULL)
			buf_add(j->out, "\xff\xd9", 2);
		return j->have_scan ? 0 : -1;
	}
	if (j->in.len - j->at < 2)
		return -1;
	n = be16(j->in.data + j->at);
	if (n < 2 || n > j->in.len - j->at)
		return -1;
	s = (struct bytes){j->in.data + j->at + 2, n - 2};
	j->at += n;
	if ((marker >= M_APP0 && marker <= M_APP15) || marker == M_COM) {
		on_app(j, marker, s);
		return 1;
	}
	if (!is_sound(marker, s))
		return -1;
	if (j->out != NULL && j->orientation != 0 && !j->told) {
		put_orientation(j->out, j->orientation);
		j->told = true;
	}
	put_segment(j, marker, s);
	j->have_frame |= is_frame_marker(marker);
	if (marker != M_SOS)
		return 1;
	j->have_scan = true;
	return j->have_frame && copy_scan(j) ? 1 : -1;
}

static bool
walk_jpeg(struct jpeg *j)
{
	int rc = 1;

	j->at = 2;
	while (rc > 0) {
		unsigned marker;

		if (j->at >= j->in.len || j->in.data[j->at] != 0xff)
			return false;
		/* Any number of FF may stand in front (B.1.1.2). */
		while (j->at < j->in.len && j->in.data[j->at] == 0xff)
			j->at++;
		if (j->at >= j->in.len)
			return false;
		marker = j->in.data[j->at++];
		rc = on_marker(j, marker);
	}
	return rc == 0;
}

static bool
clean_jpeg(struct bytes in, struct buf *out)
{
	struct jpeg look = {.in = in}, j = {.in = in, .out = out};

	/* First for the orientation: it must stand in front of the tables. */
	if (!walk_jpeg(&look))
		return false;
	j.orientation = look.orientation;
	buf_add(out, "\xff\xd8", 2);
	return walk_jpeg(&j);
}

/* ---- PNG ---------------------------------------------------------------- */

#define PNG_HEAD "\x89PNG\r\n\x1a\n"
#define PNG_HEAD_BYTES 8

/* The chunks that the picture needs, with the lengths they may have. */
static const struct chunk_rule {
	char name[5];
	uint32_t min, max, step;
} chunk_rules[] = {
    {"IHDR", 13, 13, 1},
    {"PLTE", 3, 768, 3},
    {"tRNS", 1, 256, 1},
    {"gAMA", 4, 4, 1},
    {"cHRM", 32, 32, 1},
    {"sRGB", 1, 1, 1},
    {"sBIT", 1, 4, 1},
    {"bKGD", 1, 6, 1},
    {"IDAT", 0, INT32_MAX, 1},
    {"IEND", 0, 0, 1},
};

static const struct chunk_rule *
chunk_rule(const unsigned char *name)
{
	size_t n = sizeof(chunk_rules) / sizeof(chunk_rules[0]);

	for (size_t i = 0; i < n; i++) {
		if (memcmp(chunk_rules[i].name, name, 4) == 0)
			return &chunk_rules[i];
	}
	return NULL;
}

static void
crc_table(uint32_t table[256])
{
	for (uint32_t i = 0; i < 256; i++) {
		uint32_t c = i;

		for (int k = 0; k < 8; k++)
			c = (c & 1) != 0 ? 0xedb88320U ^ c >> 1 : c >> 1;
		table[i] = c;
	}
}

/* RFC 2083 section 15: over the name and the data. */
static uint32_t
crc_of(const uint32_t table[256], const unsigned char *p, size_t len)
{
	uint32_t c = UINT32_MAX;

	for (size_t i = 0; i < len; i++)
		c = table[(c ^ p[i]) & 0xff] ^ c >> 8;
	return ~c;
}

struct png {
	struct bytes in;
	size_t at;
	struct buf *out;
	uint32_t crc[256];
	bool have_head;
	bool have_data;
};

/* Capital first letter: no decoder may pass over it (section 3.3). */
static bool
is_critical(const unsigned char *name)
{
	return (name[0] & 0x20) == 0;
}

/* 1 = go on, 0 = the end, -1 = malformed. */
static int
on_chunk(struct png *p)
{
	const unsigned char *c = p->in.data + p->at;
	const struct chunk_rule *rule;
	size_t left = p->in.len - p->at;
	uint32_t n;

	if (left < 12 || (n = be32(c)) > left - 12 || n > INT32_MAX ||
	    crc_of(p->crc, c + 4, 4 + (size_t)n) != be32(c + 8 + n))
		return -1;
	rule = chunk_rule(c + 4);
	p->at += 12 + (size_t)n;
	/* IHDR is the first and comes once; its size is not zero. */
	if ((rule == chunk_rules) == p->have_head ||
	    (rule == chunk_rules &&
		(n < 8 || be32(c + 8) == 0 || be32(c + 12) == 0)))
		return -1;
	p->have_head = true;
	if (rule == NULL)
		return is_critical(c + 4) ? -1 : 1;
	if (n < rule->min || n > rule->max || n % rule->step != 0)
		return -1;
	buf_add(p->out, c, 12 + (size_t)n);
	p->have_data |= memcmp(rule->name, "IDAT", 4) == 0;
	if (memcmp(rule->name, "IEND", 4) == 0)
		return p->have_data ? 0 : -1;
	return 1;
}

static bool
clean_png(struct bytes in, struct buf *out)
{
	struct png p = {.in = in, .at = PNG_HEAD_BYTES, .out = out};
	int rc = 1;

	crc_table(p.crc);
	buf_add(out, PNG_HEAD, PNG_HEAD_BYTES);
	while (rc > 0)
		rc = on_chunk(&p);
	return rc == 0;
}

bool
photo_clean(const void *data, size_t len, struct buf *out)
{
	struct bytes in = {data, len};
	size_t before = out->len;
	bool ok = false;

	if (len > 4 && memcmp(data, "\xff\xd8\xff", 3) == 0)
		ok = clean_jpeg(in, out);
	else if (len > PNG_HEAD_BYTES &&
		 memcmp(data, PNG_HEAD, PNG_HEAD_BYTES) == 0)
		ok = clean_png(in, out);
	if (!ok)
		buf_cut(out, before);
	return ok && !buf_bad(out);
}
