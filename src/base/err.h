/* SPDX-License-Identifier: ISC */
#ifndef BASE_ERR_H
#define BASE_ERR_H

/*
 * Errors.  Functions return 0 or -1 (1 = "found" where finding is the
 * question).  The first finder fills kind, origin, code and what; callers
 * only add where, by err_at().  Kind alone decides what the core does next,
 * in one function; library rooms never log.
 */

enum err_kind {
	ERR_NONE = 0,
	ERR_NOW,    /* try again at once, on a fresh connection */
	ERR_LATER,  /* back off, try again: network, server, disk full */
	ERR_INPUT,  /* these bytes are bad: quarantine or refuse them */
	ERR_CONF,   /* a person must change something: pause and alarm */
	ERR_BUG,    /* we are wrong: stop */
	ERR_SYSTEM, /* the machine refuses: no memory, no descriptors */
};

enum err_origin {
	ERR_OWN = 0,
	ERR_ERRNO,  /* code is an errno */
	ERR_ETPAN,  /* code is a MAILIMAP_ERROR_* */
	ERR_CURL,   /* code is a CURLcode */
	ERR_SMTP,   /* code is an SMTP reply, RFC 5321 section 4.2 */
	ERR_SQLITE, /* code is an extended SQLite result code */
};

struct err {
	enum err_kind kind;
	enum err_origin origin;
	int code;
	char what[320];  /* what happened and what to do, printable UTF-8 */
	char where[160]; /* outermost caller first: "poll INBOX: select" */
};

/* Fills *err (NULL is allowed) and returns -1.  The text is made printable:
 * control bytes and bad UTF-8 become '?'. */
int err_set(struct err *err, enum err_kind kind, enum err_origin origin,
    int code, const char *fmt, ...) __attribute__((format(printf, 5, 6)));

/* err_set() with origin ERR_ERRNO: appends strerror(code) to the text and
 * derives the kind from the errno (ENOSPC, EINTR, … → later; EACCES, ENOENT
 * → configuration; the rest → system). */
int err_errno(struct err *err, int code, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

/* Adds "fmt: " in front of err->where; returns -1. */
int err_at(struct err *err, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

/* "now", "later", "input", … for logs. */
const char *err_kind_name(enum err_kind kind);

/* Writes "where: what" into out; always terminated.  Returns out. */
const char *err_text(const struct err *err, char *out, unsigned long size);

#endif
