/* SPDX-License-Identifier: ISC */
#ifndef FAULTS_FAIL_H
#define FAULTS_FAIL_H

#include <stdbool.h>
#include <stdint.h>

/*
 * The file that test and processes share (fault_page.py has its other end).
 * While a fault is armed, the calls of that name in processes of that role
 * are counted, and some fail with that code: an errno, or one of SQLite's.
 */
enum fail_how {
	FAIL_ONWARDS = 1, /* after the first that fails, all */
	/* Not the nth call, but each that is made from where none failed yet:
	 * up to `nth` of them, the first `skip` such places left out.  The
	 * page remembers the places until it is told to forget them. */
	FAIL_NEW = 2,
	FAIL_AFTER = 4, /* not before the page's first fault happened */
	FAIL_MARK = 8,  /* it happens, and nothing fails */
	FAIL_KILL = 16, /* the process is killed there, or waits for it */
};

struct fail_fault {
	uint32_t armed;
	uint32_t how;
	int32_t code;
	uint32_t depth; /* how many callers make a place; 0 = FAIL_FRAMES */
	/* FAIL_NEW: only one of so many parts of the places; 0 = all. */
	uint32_t part;
	uint32_t parts;
	int64_t nth;
	int64_t skip;
	int64_t from; /* FAIL_NEW: calls before are not looked at */
	int64_t count;
	int64_t happened;
	char call[24];
	char role[24];
};

/* The stack of a call that failed, innermost first. */
#define FAIL_FRAMES 20
struct fail_trace {
	struct {
		uint64_t offset;
		char module[16];
	} frames[FAIL_FRAMES];
};

#define FAIL_FAULTS 4
#define FAIL_TRACES 8
#define FAIL_STACKS 16384
struct fail_page {
	struct fail_fault faults[FAIL_FAULTS];
	uint64_t n_traces; /* the last ones are kept, in a ring */
	struct fail_trace traces[FAIL_TRACES];
	uint64_t n_stacks;
	uint64_t stacks[FAIL_STACKS]; /* by their hash */
	int64_t victim; /* a process that waits for its SIGKILL */
};

/* Whether this call of that name fails, and how. */
bool fail_now(const char *name, int *code_out);
/* Likewise; sets errno. */
bool fail_errno(const char *name);

/* fail_stack.c.  To be called before anything fails. */
void fail_stack_init(void);
/* The hash of so many callers (0 = FAIL_FRAMES), never 0; they, and some more,
 * in *to. */
uint64_t fail_stack(uint32_t depth, struct fail_trace *to);

#endif
