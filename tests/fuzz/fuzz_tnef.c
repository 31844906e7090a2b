/* SPDX-License-Identifier: ISC */
/* Our side of libytnef.  The library's sums over attributes are mended first,
 * or hardly any input would get past them. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "parse/tnef.h"

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The library forgets attributes that come twice.  Its process is short-lived,
 * and looking for leaks after each run would take all the time. */
const char *__asan_default_options(void);
const char *
__asan_default_options(void)
{
	return "detect_leaks=0";
}

int
LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc, (void)argv;
	/* The library talks to stdout. */
	return freopen("/dev/null", "w", stdout) != NULL ? 0 : -1;
}

static void
on_file(void *arg, const char *name, size_t name_len, const char *charset,
    const void *data, size_t len)
{
	struct buf *out = arg;

	buf_add(out, name, name_len);
	buf_adds(out, charset != NULL ? charset : "");
	buf_add(out, data, len);
}

/* An attribute: level (1 byte), type (4), length (4), data, sum (2). */
static void
mend_sums(uint8_t *p, size_t size)
{
	size_t at = 6, len;

	while (at + 11 <= size) {
		uint32_t sum = 0;

		len = p[at + 5] | (size_t)p[at + 6] << 8 |
		      (size_t)p[at + 7] << 16 | (size_t)p[at + 8] << 24;
		if (len > size - at - 11)
			return;
		for (size_t i = 0; i < len; i++)
			sum += p[at + 9 + i];
		p[at + 9 + len] = (uint8_t)sum;
		p[at + 10 + len] = (uint8_t)(sum >> 8);
		at += 11 + len;
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct buf out = BUF_INIT, raw = BUF_INIT;
	struct tnef_text text = {.raw = &raw};
	uint8_t *copy = malloc(size + 1);

	if (copy == NULL)
		return 0;
	memcpy(copy, data, size);
	mend_sums(copy, size);
	(void)tnef_read(copy, size, on_file, &out, &text);
	free(copy);
	buf_done(&out);
	buf_done(&raw);
	return 0;
}
