/* SPDX-License-Identifier: ISC */
#ifndef CORE_LETTERS_H
#define CORE_LETTERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;
struct attach_list;
struct clue_record;
struct err;
struct letter_attachment;
struct letter_field;
struct letter_record;
struct message;
struct notice_facts;
struct take_context;

/*
 * Letters that follow from what happened: composed at once and put into the
 * outbox inside the caller's transaction, so that a letter exists exactly
 * when its reason does.
 */

/* When an alarm is tried: it is due before any other, and leaves even when
 * sending is stopped (core/breaker.h). */
#define LETTER_ALARM_S (-1)

struct letters_notice {
	const struct clue_record *clue;
	int person;              /* who is told */
	const char *template_id; /* notice, triage, accused-to-discipline */
	const char *domain_title;
	const char *area_name;
	const char *why;
	const char *people_why;
	bool priority;
	const struct message *message; /* for its photos and attachments */
	const char *subject, *text;    /* the citizen hidden */
	const char *related; /* clues on the same matter that he may know */
	int64_t due_s[3];
	const struct letter_field *more; /* of the template, beside these */
	size_t n_more;
	bool urgent; /* goes before all letters that wait */
	int64_t now_s;
};
int letters_notice(const struct take_context *c,
    const struct letters_notice *n, struct arena *a, struct err *err);

/* A letter of a template and its fields to one person of the roster. */
struct letters_plain {
	const char *kind;        /* template id; what the outbox calls it */
	const char *template_id; /* another template; NULL = kind */
	int person;
	const struct letter_field *fields;
	size_t n_fields;
	const struct notice_facts *facts; /* a notice; NULL = fields alone */
	const struct letter_attachment *files;
	size_t n_files;
	const char *in_reply_to; /* answers this; NULL = nothing */
	const char *references;
	int64_t clue, deadline; /* rows; 0 = none */
	bool priority;
	int64_t now_s;
};
int letters_plain(const struct take_context *c, const struct letters_plain *l,
    struct arena *a, struct err *err);

/* The attachments that the office released, to the clue's officer. */
int letters_release(const struct take_context *c,
    const struct clue_record *clue, const struct attach_list *files,
    const char *still_held, int64_t now_s, struct arena *a, struct err *err);

/* Tells the office that a letter was finally refused or came back; silent for
 * letters to the office itself (no loop). */
int letters_failed(const struct take_context *c,
    const struct letter_record *letter, const char *what, int64_t now_s,
    struct arena *a, struct err *err);

/* Tells the office of a message that could not be read; at most one such
 * letter an hour, with the count in `cluectl status`. */
int letters_quarantined(const struct take_context *c, int64_t message,
    const char *why, int64_t now_s, struct arena *a, struct err *err);

#endif
