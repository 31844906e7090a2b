/* SPDX-License-Identifier: ISC */
#include "parse/hook.h"

#ifdef CLUED_TEST_HOOKS
#include <linux/futex.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/frame.h"
#include "parse/wire.h"

#define HOOK_HEADER "\nX-Clued-Test: "
/* The header must stand within the first bytes. */
#define HOOK_BYTES 4096

static void
do_crash(void)
{
	volatile uintptr_t nowhere = 4096;

	*(volatile char *)nowhere = 1;
}

static void
do_hang(void)
{
	static uint32_t never;

	for (;;)
		(void)syscall(SYS_futex, &never, FUTEX_WAIT, 0, NULL, NULL, 0);
}

static void
do_spin(void)
{
	for (volatile unsigned i = 0;; i++)
		continue;
}

static void
do_oom(void)
{
	const size_t piece = 16 << 20;

	/* ASan builds have no RLIMIT_AS: stop where the limit would be. */
	for (size_t sum = 0; sum < MAX_PARSER_MEMORY; sum += piece) {
		char *p = malloc(piece);

		if (p == NULL)
			break;
		memset(p, 1, piece);
	}
	_exit(PARSE_EXIT_MEMORY);
}

static void
do_syscall(void)
{
	(void)socket(AF_INET, SOCK_STREAM, 0);
}

static void
do_lie(void)
{
	struct buf b = BUF_INIT;

	buf_adds(&b, "\xff\xff\xff\xff no job of yours");
	(void)frame_send(3, PARSE_DONE, &b, NULL, 0, NULL);
	buf_done(&b);
}

unsigned
hook_cpu_s(unsigned limit_s)
{
	const char *s = getenv("CLUED_TEST_PARSE_CPU_S");

	return s != NULL ? (unsigned)strtoul(s, NULL, 10) : limit_s;
}

static bool
says(const void *raw, size_t len, const char *word)
{
	const size_t header = sizeof(HOOK_HEADER) - 1, n = strlen(word);
	const char *at = len == 0
			     ? NULL
			     : memmem(raw, len < HOOK_BYTES ? len : HOOK_BYTES,
				   HOOK_HEADER, header);

	return at != NULL &&
	       (size_t)((const char *)raw + len - at) > header + n &&
	       memcmp(at + header, word, n) == 0;
}

void
hook_run(const void *raw, size_t len)
{
	static const struct {
		const char *word;
		void (*act)(void);
	} acts[] = {{"crash", do_crash}, {"hang", do_hang}, {"spin", do_spin},
	    {"oom", do_oom}, {"syscall", do_syscall}, {"lie", do_lie}};

	for (size_t i = 0; i < sizeof(acts) / sizeof(acts[0]); i++)
		if (says(raw, len, acts[i].word))
			acts[i].act();
}

void
hook_more(const void *raw, size_t len, struct buf *more)
{
	if (more->len > 0 && says(raw, len, "slander"))
		buf_cut(more, more->len - 1);
}
#else
/* ISO C wants a translation unit to hold something. */
extern int hook_none;
#endif
