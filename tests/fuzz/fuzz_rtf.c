/* SPDX-License-Identifier: ISC */
/* Rich text, packed and plain. */
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"
#include "parse/charset.h"
#include "parse/rtf.h"

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerInitialize(int *argc, char ***argv)
{
	struct err err;

	(void)argc, (void)argv;
	return charset_init(&err);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct buf out = BUF_INIT, unpacked = BUF_INIT;
	bool html;

	rtf_read((const char *)data, size, &out, &html);
	if (!utf8_valid(buf_str(&out), out.len))
		abort();
	(void)rtf_unpack(data, size, &unpacked);
	buf_done(&out);
	buf_done(&unpacked);
	return 0;
}
