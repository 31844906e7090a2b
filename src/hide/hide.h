/* SPDX-License-Identifier: ISC */
#ifndef HIDE_HIDE_H
#define HIDE_HIDE_H

#include <stddef.h>

struct buf;
struct message;

/* What stands where the citizen named himself. */
#define HIDDEN_MARK "〔举报人信息已隐去〕"

/*
 * Appends `text` (the message's subject or own words) to out with what tells
 * who wrote it replaced by HIDDEN_MARK:
 *
 * - From, Sender, Reply-To, Return-Path: addresses, their local parts, names;
 * - telephones, mail addresses, WeChat, QQ, identity cards, unless the words
 *   next to them say that they are somebody else's (老板电话…);
 * - what follows 我是, 我叫, 本人, 我家住, 联系人 … and the fields of a form
 *   that belong to the one who reports;
 * - lines like a signature at the end, and names and numbers found so
 *   wherever else they stand.
 *
 * What these rules do not know by name is judged as labelled letters teach it
 * (hide/judge.h).  Names, numbers and places of the matter stay.  When
 * in doubt it is hidden: the office sees the whole.  Pure; out goes bad when
 * memory runs out.
 */
void hide_citizen(const struct message *m, const char *text, struct buf *out);
/* n texts of one message, each to its own buffer: the message is searched
 * once, and what one of them tells is hidden in those behind it too. */
void hide_citizen_all(const struct message *m, const char *const *texts,
    size_t n, struct buf *outs);

/* Somebody known from elsewhere: the reporter of the clue's first message.
 * Strings may be "". */
struct hide_person {
	const char *address, *name, *reply_to, *signature;
	const char *text; /* a letter of his: how he names himself there */
};
/* The same, and these are hidden too: a further mail may come from another
 * address, or speak of its writer in the third person. */
void hide_citizen_also(const struct message *m,
    const struct hide_person *others, size_t n_others, const char *text,
    struct buf *out);

/* The same as places: ascending, not overlapping struct hide_piece in *out
 * (bytes of `text`). */
struct hide_piece {
	size_t from, to;
};
void hide_citizen_find(
    const struct message *m, const char *text, struct buf *out);

#endif
