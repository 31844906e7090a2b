/* SPDX-License-Identifier: ISC */
/*
 * Frames from a process that may have been taken over.  The first byte says
 * which; whatever a reader accepts can be written again, byte for byte.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "fetch/wire.h"

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size);

/* Reads a frame and, if it is good, writes it again; -1 = refused. */
static int
again(unsigned which, const void *d, size_t n, struct arena *a, struct buf *b)
{
	struct fetch_start start;
	struct fetch_folder folder;
	struct fetch_known known;
	struct fetch_taken taken;
	struct fetch_ack ack;
	struct fetch_trouble trouble;

	switch (which % 6) {
	case 0:
		if (fetch_get_start(d, n, a, &start, NULL) < 0)
			return -1;
		fetch_put_start(b, &start);
		return 0;
	case 1:
		if (fetch_get_folder(d, n, &folder, NULL) < 0)
			return -1;
		fetch_put_folder(b, &folder);
		return 0;
	case 2:
		if (fetch_get_known(d, n, a, &known, NULL) < 0)
			return -1;
		fetch_put_known(b, &known);
		return 0;
	case 3:
		if (fetch_get_taken(d, n, &taken, NULL) < 0)
			return -1;
		fetch_put_taken(b, &taken);
		return 0;
	case 4:
		if (fetch_get_ack(d, n, a, &ack, NULL) < 0)
			return -1;
		fetch_put_ack(b, &ack);
		return 0;
	default:
		if (fetch_get_trouble(d, n, a, &trouble, NULL) < 0)
			return -1;
		fetch_put_trouble(b, &trouble);
		return 0;
	}
}

int
LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
	ARENA_AUTO struct arena *a = arena_new();
	BUF_AUTO struct buf b = BUF_INIT;

	if (size < 1 || a == NULL ||
	    again(data[0], data + 1, size - 1, a, &b) < 0)
		return 0;
	if (b.len != size - 1 || memcmp(b.data, data + 1, b.len) != 0) {
		(void)fprintf(stderr, "frame %u is not itself\n", data[0] % 6);
		abort();
	}
	return 0;
}
