/* SPDX-License-Identifier: ISC */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "parse/transfer.h"

static void
names(void **state)
{
	static const struct {
		const char *value;
		enum encoding want;
	} cases[] = {
	    {"base64", ENC_BASE64},
	    {"BASE64", ENC_BASE64},
	    {" base64 ; x", ENC_BASE64},
	    {"\"base64\"", ENC_BASE64},
	    {"quoted-printable", ENC_QP},
	    {"Quoted-Printable", ENC_QP},
	    {"x-uuencode", ENC_UU},
	    {"uuencode", ENC_UU},
	    {"7bit", ENC_IDENTITY},
	    {"8bit", ENC_IDENTITY},
	    {"binary", ENC_IDENTITY},
	    {"", ENC_IDENTITY},
	    {"x-unknown", ENC_IDENTITY},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_int_equal(
		    transfer_encoding(cases[i].value), cases[i].want);
}

struct sample {
	enum encoding enc;
	const char *in;
	const char *out;
	bool damaged;
};

static void
decoding(void **state)
{
	static const struct sample samples[] = {
	    {ENC_BASE64, "aGVsbG8=", "hello", false},
	    {ENC_BASE64, "aGVs\r\nbG8=\r\n", "hello", false},
	    {ENC_BASE64, "aGVsbG8", "hello", false},
	    {ENC_BASE64, "aGVsbG", "hell", false},
	    {ENC_BASE64, "aGVsb", "hel", true},
	    {ENC_BASE64, "aGVs!bG8=", "hello", true},
	    {ENC_BASE64, "aGk=aGk=", "hihi", false},
	    {ENC_BASE64, "aGk=\n--\nfooter", "hi", true},
	    {ENC_BASE64, "", "", false},
	    {ENC_BASE64, "====", "", false},
	    {ENC_BASE64, "a", "", true},
	    {ENC_QP, "a=3Db", "a=b", false},
	    {ENC_QP, "soft=\r\nbreak", "softbreak", false},
	    {ENC_QP, "soft= \t\r\nbreak", "softbreak", false},
	    {ENC_QP, "line  \r\nnext\t\r\n", "line\r\nnext\r\n", false},
	    {ENC_QP, "=e7=BA=bf", "线", false},
	    {ENC_QP, "100=% =zz =4", "100=% =zz =4", true},
	    {ENC_QP, "end=", "end", false},
	    {ENC_QP, "=", "", false},
	    {ENC_QP, "", "", false},
	    {ENC_UU, "begin 644 a.txt\n%:&5L;&\\\n`\nend\n", "hello", false},
	    {ENC_UU, "text\nbegin 644 a\n#86)C\n \nend\nmore", "abc", false},
	    {ENC_UU, "begin 644 a\n#86)C\n", "abc", true},
	    {ENC_UU, "no such thing", "", true},
	    {ENC_IDENTITY, "as = it", "as = it", false},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(samples) / sizeof(samples[0]); i++) {
		const struct sample *s = &samples[i];
		struct buf out = BUF_INIT;
		bool damaged = false;

		transfer_decode(s->enc, s->in, strlen(s->in), &out, &damaged);
		assert_string_equal(buf_str(&out), s->out);
		assert_int_equal(damaged, s->damaged);
		buf_done(&out);
	}
}

/* All byte values, all lengths: an encoder written here must be undone. */
static void
base64_of_all_bytes(void **state)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				     "abcdefghijklmnopqrstuvwxyz0123456789+/";
	unsigned char raw[256];

	(void)state;
	for (size_t i = 0; i < sizeof(raw); i++)
		raw[i] = (unsigned char)(i * 7);
	for (size_t len = 0; len <= sizeof(raw); len++) {
		struct buf in = BUF_INIT, out = BUF_INIT;
		bool damaged = false;

		for (size_t i = 0; i < len; i += 3) {
			size_t n = len - i < 3 ? len - i : 3;
			uint32_t bits = (uint32_t)raw[i] << 16;

			bits |= n > 1 ? (uint32_t)raw[i + 1] << 8 : 0;
			bits |= n > 2 ? raw[i + 2] : 0;
			for (size_t k = 0; k < 4; k++)
				buf_addc(&in,
				    k > n ? '='
					  : digits[bits >> (18 - 6 * k) & 63]);
		}
		transfer_decode(
		    ENC_BASE64, buf_str(&in), in.len, &out, &damaged);
		assert_false(damaged);
		assert_int_equal(out.len, len);
		if (len > 0)
			assert_memory_equal(out.data, raw, len);
		buf_done(&in);
		buf_done(&out);
	}
}

static void
uu_inside_text(void **state)
{
	static const char text[] =
	    "hello\nbegin at the beginning\nbegin 644 照片.jpg\n#86)C\n`\n"
	    "end\nbye\r\nbegin 0755 b c.txt\r\n#86)C\r\n`\r\nend\r\n"
	    "begin 644 open\nnot data at all, this is text\nend\n";
	struct uu_file f;
	size_t at = 0;

	(void)state;
	assert_true(transfer_find_uu(text, strlen(text), at, &f));
	assert_memory_equal(text + f.begin, "begin 644", 9);
	assert_int_equal(f.name_len, strlen("照片.jpg"));
	assert_memory_equal(f.name, "照片.jpg", f.name_len);
	assert_memory_equal(text + f.end, "bye", 3);
	at = f.end;
	assert_true(transfer_find_uu(text, strlen(text), at, &f));
	assert_int_equal(f.name_len, 7);
	assert_memory_equal(f.name, "b c.txt", 7);
	assert_false(transfer_find_uu(text, strlen(text), f.end, &f));
}

/* Every encoding at every length: reads and writes stay inside. */
static void
cut_at_every_length(void **state)
{
	static const char *const texts[] = {"aGVsbG8gd29ybGQ=\r\naGk=",
	    "a=3Db =\r\n=E7=BA= \n==", "x\nbegin 644 a b\n%:&5L;&\\\n`\nend\n"};

	(void)state;
	for (size_t t = 0; t < 3; t++) {
		for (size_t n = 0; n <= strlen(texts[t]); n++) {
			char *copy = malloc(n > 0 ? n : 1);
			struct uu_file f;

			memcpy(copy, texts[t], n);
			for (int e = ENC_IDENTITY; e <= ENC_UU; e++) {
				struct buf out = BUF_INIT;
				bool damaged = false;

				transfer_decode(
				    (enum encoding)e, copy, n, &out, &damaged);
				assert_true(out.len <= n + 3);
				buf_done(&out);
			}
			(void)transfer_find_uu(copy, n, 0, &f);
			free(copy);
		}
	}
}

/* Every byte value goes through yEnc, the critical ones escaped. */
static void
yenc_files(void **state)
{
	struct buf text = BUF_INIT, out = BUF_INIT;
	struct uu_file f;
	bool damaged = false;

	(void)state;
	buf_adds(&text, "words\r\n=ybegin line=128 size=256 name=a b.bin \r\n");
	for (int i = 0; i < 256; i++) {
		unsigned char c = (unsigned char)(i + 42);

		if (c == 0 || c == '\n' || c == '\r' || c == '=') {
			buf_addc(&text, '=');
			c = (unsigned char)(c + 64);
		}
		buf_addc(&text, (char)c);
		if (i % 100 == 99)
			buf_adds(&text, "\r\n");
	}
	buf_adds(&text, "\r\n=yend size=256\r\nmore words\r\n");
	assert_true(transfer_find_uu(text.data, text.len, 0, &f));
	assert_int_equal(f.how, ENC_YENC);
	assert_int_equal(f.begin, 7);
	assert_memory_equal(f.name, "a b.bin", f.name_len);
	assert_memory_equal(text.data + f.end, "more", 4);
	transfer_decode(f.how, text.data + f.begin, f.end - f.begin, &out,
	    &damaged);
	assert_int_equal(out.len, 256);
	for (int i = 0; i < 256; i++)
		assert_int_equal((unsigned char)out.data[i], i);
	assert_false(damaged);
	/* Without its end it is text. */
	assert_false(transfer_find_uu(text.data, text.len - 30, 0, &f));
	buf_done(&text);
	buf_done(&out);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(yenc_files),
	    cmocka_unit_test(names),
	    cmocka_unit_test(decoding),
	    cmocka_unit_test(base64_of_all_bytes),
	    cmocka_unit_test(uu_inside_text),
	    cmocka_unit_test(cut_at_every_length),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
