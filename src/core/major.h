/* SPDX-License-Identifier: ISC */
#ifndef CORE_MAJOR_H
#define CORE_MAJOR_H

struct arena;
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

#endif
