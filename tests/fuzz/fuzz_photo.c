/* SPDX-License-Identifier: ISC */
/* The cleaner of photos: what is clean stays as it is, and is no longer than
 * what came in but for the block with the orientation. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "parse/photo.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct buf once = BUF_INIT, twice = BUF_INIT;

	if (photo_clean(data, size, &once)) {
		if (once.len > size + 36 ||
		    !photo_clean(once.data, once.len, &twice) ||
		    twice.len != once.len ||
		    memcmp(once.data, twice.data, once.len) != 0)
			abort();
	}
	buf_done(&once);
	buf_done(&twice);
	return 0;
}
