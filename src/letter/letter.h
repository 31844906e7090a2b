/* SPDX-License-Identifier: ISC */
#ifndef LETTER_LETTER_H
#define LETTER_LETTER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;
struct buf;
struct conf;
struct err;
struct smtp_conf;
struct template;
struct zone;

/*
 * Templates → drafts, which wait in the outbox → RFC 5322 letters.
 * CRLF, lines ≤ 78 where text is ours, base64 bodies, RFC 2047 B words cut at
 * characters, RFC 2231 names; Auto-Submitted on every one (RFC 3834);
 * multipart/alternative (plain + simple HTML), in multipart/mixed when there
 * are attachments.  Whatever a value holds, no header can be injected.
 */

struct letter_attachment {
	const char *name; /* neutral: "photo-1.jpg" */
	const char *type; /* "image/jpeg" */
	const void *data;
	size_t len;
};

/* X-Mailer of every letter; intake/signs.c knows it. */
#define LETTER_MAILER "clued"

/* What {priority} is in a priority letter. */
#define LETTER_PRIORITY_MARK "【优先】"
/* What it is for a major matter. */
#define LETTER_MAJOR_MARK "【重大】"

/*
 * A template's {field} and its value; text, never HTML.  The fields:
 * number, domain, area, why, people_why, priority, due_accept, due_feedback,
 * due_conclude, subject, text, received, photos, held, office, officer,
 * deadline, due, left, count, list, cause, reply_help; dispatched, state,
 * over (time past the end), copy (who else gets it), next (what may be
 * replied), code (to ask with), related (clues on the same matter), progress
 * (the state in coarse words), question (to a citizen), period (of a form).
 * text, held, list, cause, question and reply_help may have several lines; the
 * others become one.  Fields
 * that are not given are empty, but officer (to_name), office (conf), priority
 * (the mark) and reply_help (letter_reply_help()).
 */
struct letter_field { const char *name; const char *value; };

struct letter_request {
	const struct smtp_conf *account; /* who writes; NULL: conf->smtp */
	const char *template_id; /* "notice", "reminder", "expired", … ; in
	                          * letter_notice() NULL or "" is "notice" */
	const char *to_addr;
	const char *to_name;     /* "" allowed */
	const char *message_id;  /* letter_message_id(), no brackets */
	const char *in_reply_to; /* "" if none */
	const char *references;  /* blank-separated ids without brackets; "" */
	const char *code;        /* token_make(): ends the subject; "", NULL */
	const char *auto_submitted; /* "auto-generated" or "auto-replied" */
	int64_t date_s;
	bool priority;           /* Importance: high, X-Priority: 1 */
	const struct letter_field *fields;
	size_t n_fields;
	const struct letter_attachment *attachments;
	size_t n_attachments;
};

/* Appends the whole letter to out; on failure out is as before.  ERR_CONF for
 * an unknown template or a mistake in it, ERR_BUG for a field that no template
 * can have, ERR_INPUT for an address that is not printable ASCII or too long a
 * letter (MAX_LETTER_BYTES). */
int letter_compose(const struct conf *conf, const struct letter_request *r,
    struct buf *out, struct err *err);

/* The same, not yet put into headers and parts: what waits in the outbox.  It
 * is the letter in full and asks the configuration nothing any more. */
int letter_draft(const struct conf *conf, const struct letter_request *r,
    struct buf *out, struct err *err);
/* What was stored → the letter as it is sent, the same bytes each time; one
 * that was stored whole stays as it is.  ERR_BUG for a damaged draft. */
int letter_whole(
    const void *bytes, size_t len, struct buf *out, struct err *err);

/* A fresh Message-ID: token_message_id() without a code. */
char *letter_message_id(const struct conf *conf, struct arena *a);

/* Whether letters may be sent to (or from) this address: dot-atom @ host name
 * in printable ASCII.  Others are refused, not guessed at. */
bool letter_is_address(const char *address);

/* "2026-11-24 17:30（周二）": how letters write a time. */
#define LETTER_TIME_SIZE 48
void letter_time(
    const struct zone *zone, int64_t utc_s, char out[LETTER_TIME_SIZE]);

/* What an officer may reply, several lines with an example. */
const char *letter_reply_help(void);

/* Reads a template at load, into the arena; `text` must outlive it.  Every
 * {field} known for its id ("ack…" and "receipt…" go to citizens and may not
 * tell officers and reasons), a subject line, a blank line, a text, sections
 * {?field}…{/field} closed.  ERR_CONF as "file:line: …". */
int letter_read_template(const char *id, const char *text, const char *file,
    struct arena *a, const struct template **out, struct err *err);

/* What a notice to an officer says; letter_notice() turns it into fields.
 * Nothing in here identifies the citizen. */
struct notice_facts {
	const char *number;       /* LY-2026-000123 */
	const char *domain_title;
	const char *area_name;    /* "" = 未识别 */
	const char *why;          /* "渣土车（+2.0） 强揽（+3.0）" */
	const char *people_why;   /* how it came to this officer; no accused */
	bool priority;
	int64_t due_s[3];         /* accept, feedback, conclude */
	const char *subject;      /* the tip's */
	const char *text;         /* the tip's own words, cleaned by intake */
	const char *related;      /* other clues on the matter; "", NULL */
	int64_t received_s;
	size_t n_photos;          /* sent along */
	const char *held;         /* list of attachments held back; "" */
};
int letter_notice(const struct conf *conf, const struct notice_facts *facts,
    const struct letter_request *head, struct buf *out, struct err *err);
/* As letter_draft(). */
int letter_notice_draft(const struct conf *conf,
    const struct notice_facts *facts, const struct letter_request *head,
    struct buf *out, struct err *err);

#endif
