/* SPDX-License-Identifier: ISC */
#ifndef CORE_ATTACH_H
#define CORE_ATTACH_H

#include <stdbool.h>
#include <stddef.h>

#include "base/limits.h"
#include "letter/letter.h"

struct arena;
struct attachment;
struct buf;
struct err;
struct message;

/*
 * What of a tip's attachments goes into a letter, always under neutral names:
 * a citizen's file names can name the citizen.
 */
struct attach_list {
	struct letter_attachment files[MAX_ATTACHMENTS];
	size_t index[MAX_ATTACHMENTS]; /* in the message */
	size_t n, bytes;
	size_t n_photos;
};

enum attach_what {
	ATTACH_PHOTOS, /* cleaned photos only */
	ATTACH_ALL,    /* photos, and the bytes of everything else */
	ATTACH_HELD,   /* everything but the cleaned photos */
};

/* Sorts the message's attachments: what goes along into *out (borrowing the
 * message's bytes), what is held back as lines of Chinese text into *held.
 * Links to a provider's cloud and what is too large are always held. */
int attach_sort(const struct message *m, enum attach_what what,
    struct arena *a, struct attach_list *out, struct buf *held,
    struct err *err);

/* The line of one that is held back; number counts from 1. */
void attach_add_held(
    struct buf *b, size_t number, const struct attachment *at);

#endif
