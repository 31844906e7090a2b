/* SPDX-License-Identifier: ISC */
#ifndef INTAKE_SIGNS_H
#define INTAKE_SIGNS_H

#include <stdbool.h>

struct message;

/* Single signs of what a message is; each says what it looks at. */

/* Behind all of a NULL-ended list that s begins with, again and again; letters
 * of either case. */
const char *signs_skip(const char *s, const char *const *list);

/* A letter of this program, of this office or another: it calls itself so and
 * is declared as automatic.  A person who forwards one writes with a mailer of
 * his own. */
bool sign_own_program(const struct message *m);
/* RFC 3834: Auto-Submitted with any keyword but "no". */
bool sign_auto_submitted(const struct message *m);
/* Precedence: bulk, list, junk. */
bool sign_bulk(const struct message *m);
/* From or Return-Path is a mail system's: MAILER-DAEMON, postmaster. */
bool sign_daemon_sender(const struct message *m);
/* From is an address that takes no answer: no-reply and its like. */
bool sign_no_reply_sender(const struct message *m);
/* The subject is the one of an automatic answer (自动回复：…, Out of
 * Office …). */
bool sign_auto_subject(const struct message *m);
/* A read receipt that is no RFC 8098: its subject (已读：…) and a short text
 * that says so. */
bool sign_receipt(const struct message *m);
/* A program that wants to be told that the sender is a person. */
bool sign_challenge(const struct message *m);
/* Subject or an attachment's name speaks of a monthly report. */
bool sign_report_name(const struct message *m);
/* The first line of the text begins with an officer's command. */
bool sign_command(const struct message *m);
/* The subject answers (回复：, Re:) or names a clue (LY-2026-000123). */
bool sign_answers(const struct message *m);
/* Text that anybody can read: a letter or a digit at least. */
bool sign_has_text(const char *s);
/* The subject says something of its own, without 回复： and 无主题. */
bool sign_has_subject(const struct message *m);
/* Words with which people turn to an authority: 举报, 投诉, 反映 … */
bool sign_plea(const struct message *m);
/* The same in the text alone: a receipt repeats our subject. */
bool sign_plea_text(const struct message *m);

#endif
