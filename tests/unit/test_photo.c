/* SPDX-License-Identifier: ISC */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "parse/photo.h"
#include "parse_mutate.h"

/* ---- building blocks ---------------------------------------------------- */

static void
seg(struct buf *b, int marker, const void *data, size_t len)
{
	unsigned char head[4] = {0xff, (unsigned char)marker,
	    (unsigned char)((len + 2) >> 8), (unsigned char)(len + 2)};

	buf_add(b, head, 4);
	buf_add(b, data, len);
}

static void
soi(struct buf *b)
{
	buf_add(b, "\xff\xd8", 2);
}

static void
jfif(struct buf *b)
{
	/* version 1.2, 72 dpi, a thumbnail of 1 × 1 */
	seg(b, 0xe0, "JFIF\0\1\2\1\0\110\0\110\1\1rgb", 17);
}

/* An EXIF block with a place and an orientation. */
static void
exif(struct buf *b, int orientation, bool little)
{
	unsigned char t[] = {'E', 'x', 'i', 'f', 0, 0, 'M', 'M', 0, 42, 0, 0, 0,
	    8, 0, 2, 0x88, 0x25, 0, 4, 0, 0, 0, 1, 'G', 'P', 'S', '!', 0x01,
	    0x12, 0, 3, 0, 0, 0, 1, 0, (unsigned char)orientation, 0, 0, 0, 0,
	    0, 0};
	unsigned char l[] = {'E', 'x', 'i', 'f', 0, 0, 'I', 'I', 42, 0, 8, 0, 0,
	    0, 2, 0, 0x25, 0x88, 4, 0, 1, 0, 0, 0, 'G', 'P', 'S', '!', 0x12,
	    0x01, 3, 0, 1, 0, 0, 0, (unsigned char)orientation, 0, 0, 0, 0, 0,
	    0, 0};

	seg(b, 0xe1, little ? l : t, sizeof(t));
}

static void
tables(struct buf *b)
{
	unsigned char dqt[65] = {0}, dht[18] = {0};

	memset(dqt + 1, 7, 64);
	seg(b, 0xdb, dqt, sizeof(dqt));
	seg(b, 0xc0, "\x08\0\x10\0\x10\x01\x01\x11\0", 9);
	dht[1] = 1;
	dht[17] = 5;
	seg(b, 0xc4, dht, sizeof(dht));
}

static void
scan(struct buf *b)
{
	seg(b, 0xda, "\x01\x01\0\0\x3f\0", 6);
	/* data with a stuffed FF and a restart */
	buf_add(b, "\x12\x34\xff\0\x56\xff\xd0\x78", 8);
}

static void
eoi(struct buf *b)
{
	buf_add(b, "\xff\xd9", 2);
}

static bool
has(const struct buf *b, const char *needle, size_t len)
{
	return memmem(b->data, b->len, needle, len) != NULL;
}

#define HAS(b, s) has((b), (s), sizeof(s) - 1)

/* ---- JPEG --------------------------------------------------------------- */

static void
jpeg_keeps_only_the_picture(void **state)
{
	struct buf in = BUF_INIT, out = BUF_INIT, want = BUF_INIT;

	(void)state;
	soi(&in);
	jfif(&in);
	exif(&in, 1, false);
	seg(&in, 0xe1, "http://ns.adobe.com/xap/1.0/\0<xmp>", 34);
	seg(&in, 0xe2, "ICC_PROFILE\0..", 14);
	seg(&in, 0xed, "Photoshop 3.0\0city", 18);
	seg(&in, 0xfe, "a comment", 9);
	tables(&in);
	seg(&in, 0xee, "Adobe\0\x64\x80\0\0\0\1", 12);
	buf_add(&in, "\xff\xff", 2); /* fill bytes in front of a marker */
	scan(&in);
	seg(&in, 0xfe, "between scans", 13);
	eoi(&in);
	buf_adds(&in, "\0\0\0\x18"
		      "ftypmp42 a film");

	soi(&want);
	seg(&want, 0xe0, "JFIF\0\1\2\1\0\110\0\110\0\0", 14);
	tables(&want);
	seg(&want, 0xee, "Adobe\0\x64\0\0\0\0\1", 12);
	scan(&want);
	eoi(&want);

	buf_adds(&out, "before");
	assert_true(photo_clean(in.data, in.len, &out));
	assert_int_equal(out.len, want.len + 6);
	assert_memory_equal(out.data + 6, want.data, want.len);
	/* What is clean stays as it is. */
	buf_clear(&out);
	assert_true(photo_clean(want.data, want.len, &out));
	assert_int_equal(out.len, want.len);
	assert_memory_equal(out.data, want.data, want.len);
	buf_done(&in);
	buf_done(&out);
	buf_done(&want);
}

static void
jpeg_keeps_the_orientation(void **state)
{
	(void)state;
	for (int value = 0; value <= 9; value++) {
		for (int little = 0; little < 2; little++) {
			struct buf in = BUF_INIT, out = BUF_INIT;
			const unsigned char *app1;

			soi(&in);
			exif(&in, value, little != 0);
			jfif(&in);
			tables(&in);
			scan(&in);
			eoi(&in);
			assert_true(photo_clean(in.data, in.len, &out));
			assert_false(HAS(&out, "GPS"));
			assert_true(
			    HAS(&out, "Exif") == (value >= 2 && value <= 8));
			if (value >= 2 && value <= 8) {
				/* Directly behind JFIF, 36 bytes in all. */
				app1 = (unsigned char *)out.data + 2 + 18;
				assert_int_equal(app1[1], 0xe1);
				assert_int_equal(app1[3], 34);
				assert_int_equal(app1[29], value);
			}
			buf_done(&in);
			buf_done(&out);
		}
	}
}

static void
no_jpeg(const struct buf *in)
{
	struct buf out = BUF_INIT;

	buf_adds(&out, "x");
	assert_false(photo_clean(in->data, in->len, &out));
	assert_int_equal(out.len, 1);
	assert_false(buf_bad(&out));
	buf_done(&out);
}

static void
malformed_jpeg_is_refused(void **state)
{
	struct buf b = BUF_INIT;
	size_t whole;

	(void)state;
	soi(&b);
	jfif(&b);
	exif(&b, 6, false);
	tables(&b);
	scan(&b);
	eoi(&b);
	/* cut anywhere */
	whole = b.len;
	for (size_t n = 0; n < whole; n++) {
		char *copy = malloc(n > 0 ? n : 1);
		struct buf out = BUF_INIT;

		memcpy(copy, b.data, n);
		assert_false(photo_clean(copy, n, &out));
		buf_done(&out);
		free(copy);
	}
	/* a scan without a frame */
	buf_clear(&b);
	soi(&b);
	scan(&b);
	eoi(&b);
	no_jpeg(&b);
	/* no scan */
	buf_clear(&b);
	soi(&b);
	tables(&b);
	eoi(&b);
	no_jpeg(&b);
	/* data hidden behind a table's end */
	buf_clear(&b);
	soi(&b);
	seg(&b, 0xdd, "\0\x01hidden", 8);
	tables(&b);
	scan(&b);
	eoi(&b);
	no_jpeg(&b);
	/* a reserved marker */
	buf_clear(&b);
	soi(&b);
	seg(&b, 0x4f, "hidden", 6);
	tables(&b);
	scan(&b);
	eoi(&b);
	no_jpeg(&b);
	/* rubbish between segments */
	buf_clear(&b);
	soi(&b);
	buf_adds(&b, "rubbish");
	tables(&b);
	scan(&b);
	eoi(&b);
	no_jpeg(&b);
	buf_done(&b);
}

static void
odd_exif_gives_no_orientation(void **state)
{
	static const struct {
		const char *data;
		size_t len;
	} blocks[] = {
	    {"Exif\0\0", 6},
	    {"Exif\0\0MM\0\x2a\0\0\0\x08", 14},
	    {"Exif\0\0MM\0\x2a\xff\xff\xff\xff", 14},
	    {"Exif\0\0XX\0\x2a\0\0\0\x08\0\0", 16},
	    {"Exif\0\0MM\0\x2b\0\0\0\x08\0\0", 16},
	    {"Exif\0\0MM\0\x2a\0\0\0\x08\xff\xff\x01\x12\0\3", 20},
	    /* the wrong type, the wrong count */
	    {"Exif\0\0MM\0\x2a\0\0\0\x08\0\1\x01\x12\0\4\0\0\0\1\0\6\0\0", 28},
	    {"Exif\0\0MM\0\x2a\0\0\0\x08\0\1\x01\x12\0\3\0\0\0\2\0\6\0\0", 28},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(blocks) / sizeof(blocks[0]); i++) {
		struct buf in = BUF_INIT, out = BUF_INIT;

		soi(&in);
		seg(&in, 0xe1, blocks[i].data, blocks[i].len);
		tables(&in);
		scan(&in);
		eoi(&in);
		assert_true(photo_clean(in.data, in.len, &out));
		assert_false(HAS(&out, "Exif"));
		buf_done(&in);
		buf_done(&out);
	}
}

/* ---- PNG ---------------------------------------------------------------- */

static uint32_t
crc(const unsigned char *p, size_t len)
{
	uint32_t c = UINT32_MAX;

	for (size_t i = 0; i < len; i++) {
		c ^= p[i];
		for (int k = 0; k < 8; k++)
			c = (c & 1) != 0 ? c >> 1 ^ 0xedb88320U : c >> 1;
	}
	return ~c;
}

static void
be32(struct buf *b, uint32_t v)
{
	unsigned char four[4] = {(unsigned char)(v >> 24),
	    (unsigned char)(v >> 16), (unsigned char)(v >> 8),
	    (unsigned char)v};

	buf_add(b, four, 4);
}

static void
chunk(struct buf *b, const char *name, const void *data, size_t len)
{
	size_t at;

	be32(b, (uint32_t)len);
	at = b->len;
	buf_adds(b, name);
	buf_add(b, data, len);
	be32(b, crc((unsigned char *)b->data + at, b->len - at));
}

static void
png_head(struct buf *b)
{
	buf_clear(b);
	buf_add(b, "\x89PNG\r\n\x1a\n", 8);
	chunk(b, "IHDR", "\0\0\0\1\0\0\0\1\x08\x02\0\0\0", 13);
}

static void
png_keeps_only_the_picture(void **state)
{
	struct buf in = BUF_INIT, out = BUF_INIT, want = BUF_INIT;

	(void)state;
	png_head(&in);
	chunk(&in, "tEXt", "Author\0Zhang", 12);
	chunk(&in, "gAMA", "\0\1\x86\xa0", 4);
	chunk(&in, "eXIf", "MM\0\x2aGPS", 7);
	chunk(&in, "iCCP", "profile", 7);
	chunk(&in, "tIME", "\7\xe8\3\5\2\13\14", 7);
	chunk(&in, "pHYs", "\0\0\0\1\0\0\0\1\0", 9);
	chunk(&in, "prVt", "private", 7);
	chunk(&in, "IDAT", "data", 4);
	chunk(&in, "iTXt", "more", 4);
	chunk(&in, "IDAT", "", 0);
	chunk(&in, "zTXt", "more", 4);
	chunk(&in, "IEND", "", 0);
	buf_adds(&in, "trailer");
	png_head(&want);
	chunk(&want, "gAMA", "\0\1\x86\xa0", 4);
	chunk(&want, "IDAT", "data", 4);
	chunk(&want, "IDAT", "", 0);
	chunk(&want, "IEND", "", 0);
	assert_true(photo_clean(in.data, in.len, &out));
	assert_int_equal(out.len, want.len);
	assert_memory_equal(out.data, want.data, want.len);
	buf_done(&in);
	buf_done(&out);
	buf_done(&want);
}

static void
malformed_png_is_refused(void **state)
{
	struct buf b = BUF_INIT;
	size_t whole;

	(void)state;
	png_head(&b);
	chunk(&b, "IDAT", "data", 4);
	chunk(&b, "IEND", "", 0);
	whole = b.len;
	for (size_t n = 0; n < whole; n++) {
		char *copy = malloc(n > 0 ? n : 1);
		struct buf out = BUF_INIT;

		memcpy(copy, b.data, n);
		assert_false(photo_clean(copy, n, &out));
		buf_done(&out);
		free(copy);
	}
	/* every byte counts: either the CRC or the form is wrong */
	for (size_t i = 0; i < whole; i++) {
		struct buf out = BUF_INIT;

		b.data[i] = (char)(b.data[i] ^ 1);
		assert_false(photo_clean(b.data, whole, &out));
		b.data[i] = (char)(b.data[i] ^ 1);
		buf_done(&out);
	}
	png_head(&b);
	chunk(&b, "IEND", "", 0);
	no_jpeg(&b); /* no data */
	png_head(&b);
	chunk(&b, "IHDR", "\0\0\0\1\0\0\0\1\x08\x02\0\0\0", 13);
	chunk(&b, "IDAT", "data", 4);
	chunk(&b, "IEND", "", 0);
	no_jpeg(&b); /* two heads */
	png_head(&b);
	chunk(&b, "ABCD", "critical", 8);
	chunk(&b, "IDAT", "data", 4);
	chunk(&b, "IEND", "", 0);
	no_jpeg(&b); /* an unknown chunk that matters */
	png_head(&b);
	chunk(&b, "gAMA", "hidden text", 11);
	chunk(&b, "IDAT", "data", 4);
	chunk(&b, "IEND", "", 0);
	no_jpeg(&b); /* a chunk longer than it may be */
	buf_clear(&b);
	buf_add(&b, "\x89PNG\r\n\x1a\n", 8);
	chunk(&b, "IHDR", "\0\0\0\0\0\0\0\1\x08\x02\0\0\0", 13);
	chunk(&b, "IDAT", "data", 4);
	chunk(&b, "IEND", "", 0);
	no_jpeg(&b); /* no width */
	buf_done(&b);
}

static void
other_files_are_no_photos(void **state)
{
	static const char *const files[] = {"", "GIF89a", "BM", "RIFF....WEBP",
	    "%PDF-1.4", "\xff\xd8\xff", "\x89PNG\r\n\x1a\n", "text"};

	(void)state;
	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
		struct buf out = BUF_INIT;

		assert_false(photo_clean(files[i], strlen(files[i]), &out));
		assert_int_equal(out.len, 0);
		buf_done(&out);
	}
}

/* ---- damage ------------------------------------------------------------- */

/* What is clean is clean: doing it again changes nothing. */
static void
clean_twice(void *arg, const char *raw, size_t len)
{
	struct buf once = BUF_INIT, twice = BUF_INIT;
	size_t *cleaned = arg;

	if (photo_clean(raw, len, &once)) {
		(*cleaned)++;
		assert_true(once.len <= len + 36);
		assert_true(photo_clean(once.data, once.len, &twice));
		assert_int_equal(once.len, twice.len);
		assert_memory_equal(once.data, twice.data, once.len);
	}
	buf_done(&once);
	buf_done(&twice);
}

static void
mutants(void **state)
{
	struct buf b = BUF_INIT;
	size_t cleaned = 0;

	(void)state;
	soi(&b);
	jfif(&b);
	exif(&b, 6, true);
	seg(&b, 0xed, "SECRET", 6);
	tables(&b);
	seg(&b, 0xfe, "SECRET", 6);
	scan(&b);
	eoi(&b);
	mutate(b.data, b.len, 3000, clean_twice, &cleaned);
	png_head(&b);
	chunk(&b, "tEXt", "SECRET", 6);
	chunk(&b, "IDAT", "data", 4);
	chunk(&b, "IEND", "", 0);
	mutate(b.data, b.len, 3000, clean_twice, &cleaned);
	/* Some mutants must get through, or nothing was tested. */
	assert_true(cleaned > 100);
	buf_done(&b);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(jpeg_keeps_only_the_picture),
	    cmocka_unit_test(jpeg_keeps_the_orientation),
	    cmocka_unit_test(malformed_jpeg_is_refused),
	    cmocka_unit_test(odd_exif_gives_no_orientation),
	    cmocka_unit_test(png_keeps_only_the_picture),
	    cmocka_unit_test(malformed_png_is_refused),
	    cmocka_unit_test(other_files_are_no_photos),
	    cmocka_unit_test(mutants),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
