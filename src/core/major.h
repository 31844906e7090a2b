/* SPDX-License-Identifier: ISC */
#ifndef CORE_MAJOR_H
#define CORE_MAJOR_H

#include <stdint.h>

struct arena;
struct clue_record;
struct err;
struct letters_notice;
struct take_context;

/*
 * Major matters (重大信息及时报送): the office and the head of the unit are
 * told at once, at any hour.  Called when the clue's notice `told` was written,
 * in the same transaction; nobody who is accused gets one, nor he whom the
 * notice went to.  Of a clue with discipline the office learns that it is
 * there, not what it says.  `why` is what made it one, the citizen hidden; it
 * is kept, and what was kept first stays when a clue changes hands.
 */
int major_tell(const struct take_context *c,
    const struct letters_notice *told, const char *why, struct arena *a,
    struct err *err);

/* The same when a clue changes hands: the head of the unit that has it now is
 * told, if the clue is a major matter and he did not get the notice. */
int major_tell_head(const struct take_context *c,
    const struct clue_record *clue, int told, int64_t now_s, struct arena *a,
    struct err *err);

#endif
