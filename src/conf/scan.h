/* SPDX-License-Identifier: ISC */
#ifndef CONF_SCAN_H
#define CONF_SCAN_H

#include <stddef.h>

/*
 * A look over a configuration text before libconfig sees it: finds @include
 * lines (outside of strings and comments) and what libconfig would get wrong
 * without a word: integers beyond 32 bits, \x00 in a string, brackets nested
 * so deep that its parser runs out of stack.
 */
struct scan_calls {
	void *arg;
	/* Text to hand on, in order. */
	void (*text)(void *arg, const char *text, size_t len);
	/* `@include "name"` stood on this line. */
	void (*include)(
	    void *arg, int line, const char *name, size_t len);
	void (*mistake)(void *arg, int line, const char *text);
};

void scan_text(const char *text, size_t len, const struct scan_calls *calls);

/* Where the key ends that is the k-th from the right (from 0) on this line
 * (from 1) of a text that was scanned; 0 = there are fewer. */
size_t scan_key_on_line(const char *text, unsigned line, size_t k);

#endif
