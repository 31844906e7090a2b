/* SPDX-License-Identifier: ISC */
/*
 * A hostile server.  The first byte says how the rest is cut into pieces and
 * what the client wants; the rest is what the server says from its greeting on.
 * Twice over: through the firewall alone, where what comes out must come out
 * unchanged when it is put in again, and through a whole session with libetpan
 * behind the firewall, where every frame to the core must keep its rules.
 */
#include <stdbool.h>
#include <stdint.h>

#include "../unit/fetch_world.h"
#include "fetch/firewall.h"

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size);

/* 0, or -1 when it was refused. */
static int
through(const char *raw, size_t len, size_t piece, struct buf *out)
{
	const struct firewall_grant grant = {.literal_bytes = 100000,
	    .lines = 100000, .line_bytes = 1 << 24, .plus = true};
	struct firewall *fw;
	char got[4096];
	ssize_t n = 0;

	world_check(firewall_new(&fw, NULL) == 0, "no memory");
	firewall_allow(fw, &grant);
	for (size_t at = 0; at < len && n >= 0; at += piece) {
		firewall_feed(fw, raw + at, len - at < piece ? len - at : piece);
		while ((n = firewall_take(fw, got, sizeof(got), NULL)) > 0)
			buf_add(out, got, (size_t)n);
	}
	firewall_free(&fw);
	return n < 0 ? -1 : 0;
}

static void
firewall_alone(const char *raw, size_t len, size_t piece)
{
	BUF_AUTO struct buf once = BUF_INIT;
	BUF_AUTO struct buf whole = BUF_INIT;
	BUF_AUTO struct buf twice = BUF_INIT;
	int r = through(raw, len, piece, &once);

	world_check(through(raw, len, len + 1, &whole) == r &&
		whole.len == once.len &&
		memcmp(buf_str(&whole), buf_str(&once), once.len) == 0,
	    "the pieces matter");
	if (r < 0)
		return;
	world_check(through(once.data, once.len, piece, &twice) == 0 &&
		twice.len == once.len &&
		memcmp(buf_str(&twice), buf_str(&once), once.len) == 0,
	    "what was let through is changed the second time");
}

static void
whole_session(const char *raw, size_t len, unsigned how, size_t piece)
{
	static struct say *say;
	static struct world w;

	if (say == NULL)
		world_check(say_new(&say, NULL) == 0, "no character set");
	memset(&w, 0, sizeof(w));
	w.say = say;
	w.conf.mark = how % 3;
	w.conf.mark_with = "$Clued";
	w.conf.auth = how / 3 % 3;
	w.conf.idle = (how & 64) != 0;
	w.conf.max_message_bytes = 10000;
	world_run(&w, raw, len, piece);
}

int
LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
	static const size_t pieces[] = {1 << 20, 1, 7, 500};
	const char *raw = (const char *)data + 1;
	size_t piece;

	if (size < 2)
		return 0;
	piece = pieces[data[0] >> 4 & 3];
	firewall_alone(raw, size - 1, piece);
	whole_session(raw, size - 1, data[0], piece);
	return 0;
}
