/* SPDX-License-Identifier: ISC */
#ifndef FETCH_MARK_H
#define FETCH_MARK_H

struct err;
struct fetch_known;
struct peer;
struct session;

/*
 * What is done to the server's copy after the core's commit: a keyword, or a
 * move by MOVE (RFC 6851).  Never EXPUNGE: it would take along what other
 * people deleted.
 */

/* Whether the selected folder and the server allow it at all: 0, or -1 with
 * SCOPE_FOLDER and the remedy. */
int mark_check(struct session *s, struct err *err);
/* Whether the folder that mail is moved to is there; for a check only, the
 * command would disturb a round. */
int mark_check_target(struct session *s, struct err *err);

/* Marks what the core acknowledged in the selected folder.  -1: s->scope is
 * SCOPE_FOLDER when the server will not (the rest goes on), else the
 * connection is lost; what was not marked stays to be marked. */
int mark_acknowledged(struct session *s, struct peer *p, struct err *err);

/* The same for what was acknowledged in an earlier life of this process and
 * not marked any more: messages that the core is done with, newer than
 * since_s, without the mark. */
int mark_leftovers(struct session *s, struct peer *p,
    const struct fetch_known *known, struct err *err);

#endif
