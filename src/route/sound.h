/* SPDX-License-Identifier: ISC */
#ifndef ROUTE_SOUND_H
#define ROUTE_SOUND_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct err;

/*
 * Names as they sound: who knows a name from hearing alone writes 陆文伯 for
 * 陆文博, and who is afraid writes luwenbo or 陆wb.
 */
extern const char sound_table[];

struct sounds;

/* ERR_SYSTEM without memory. */
int sounds_new(struct sounds **out, struct err *err);
void sounds_free(struct sounds **s);

/* Adds a name in normal form; one that is not two to four characters of known
 * sound is left out.  `index` is what a place will bear. */
int sounds_add(struct sounds *s, const char *name, uint32_t index,
    struct err *err);

/* A place that sounds like a name and is not spelled like it. */
struct sound_place {
	uint32_t at, len; /* bytes of the text */
	uint32_t index;
};
typedef void sound_fn(void *arg, const struct sound_place *place);

/*
 * All such places of a text in normal form, by place.  At least one character
 * stands as in the name; every other one has the same sound, tone left out, or
 * is written in Latin letters, in full or as its first letter (陆文bo, 陆wb).
 * In a name of three or four characters one may differ as dialects do: z and
 * zh, c and ch, s and sh, n and l, h and f, n and ng at the end.  A name of
 * Latin letters alone is written in full and has six letters or more.
 */
void sounds_find(const struct sounds *s, const char *text, size_t len,
    sound_fn *fn, void *arg);

#endif
