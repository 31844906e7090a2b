/* SPDX-License-Identifier: ISC */
/* The core's reader of decoded messages: what it takes it must write again as
 * the same bytes. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/pack.h"
#include "parse/message.h"
#include "parse/wire.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct buf b = BUF_INIT;
	struct message *m;
	struct unpack u;
	struct err e;

	if (parse_wire_get(data, size, &m, &e) == 0) {
		parse_wire_put(&b, m);
		if (b.len != size || memcmp(b.data, data, size) != 0)
			abort();
		message_free(&m);
	}
	unpack_init(&u, data, size);
	(void)parse_wire_get_err(&u, &e);
	buf_done(&b);
	return 0;
}
