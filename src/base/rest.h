/* SPDX-License-Identifier: ISC */
#ifndef BASE_REST_H
#define BASE_REST_H

/*
 * Memory of a process that has nothing to do.  Starting touches the code and
 * tables of two or three dozen libraries once; dropping such pages costs
 * nothing but a fault when one is needed again, because the kernel has them in
 * its cache, or, pressed for memory, may drop them there as well.
 */

/* Drops the read-only pages of the program and its libraries, and gives the
 * free pages of the heap back.  Calls madvise(2) and brk(2), no other. */
void rest_memory(void);
/* The pages alone: no call but madvise(2). */
void rest_pages(void);
/* At the start, single-threaded: also of every other file that is mapped and
 * was not written to, as /proc/self/smaps has it (libmagic's table). */
void rest_files(void);

#endif
