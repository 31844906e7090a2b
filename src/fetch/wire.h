/* SPDX-License-Identifier: ISC */
#ifndef FETCH_WIRE_H
#define FETCH_WIRE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/limits.h"

struct arena;
struct buf;
struct frame;

/*
 * Frames between core and a fetch process.  One process a mailbox.
 *
 *   core → fetch   FETCH_START   struct fetch_start
 *                  FETCH_KNOWN   struct fetch_known (answer to FETCH_FOLDER)
 *                  FETCH_ACK     struct fetch_ack (committed: may be marked)
 *                  FETCH_POLL    (poll now; SIGUSR1 of the daemon)
 *                  FETCH_STOP    (log out and exit 0)
 *   fetch → core   FETCH_FOLDER  struct fetch_folder (selected; core answers)
 *                  FETCH_TAKEN   struct fetch_taken + 1 fd: raw bytes, sealed
 *                  FETCH_SERVER  i64: its certificate ends then (UTC
 *                                seconds), after each connection by TLS
 *                  FETCH_ROUND   u32 messages (one pass over all folders is
 *                                over and everything sent was acknowledged)
 *                  FETCH_TROUBLE struct fetch_trouble (fetch backs off itself
 *                                and goes on; ERR_CONF: waits for FETCH_POLL
 *                                or a long while)
 *
 * Every FETCH_TAKEN is acknowledged once, whatever its marks; only messages
 * whose bytes were taken are marked on the server.  Between FETCH_FOLDER and
 * FETCH_ROUND the messages of a folder come in two ascending runs, each UID
 * once: those at or above `next`, without gaps, then those of `again`.
 *
 * A fetch process that dies is started again by the core and begins at
 * FETCH_START; nothing is lost, for only FETCH_ACK ends a message's way.
 */
enum fetch_frame {
	FETCH_START = 1, FETCH_KNOWN, FETCH_ACK, FETCH_POLL, FETCH_STOP,
	FETCH_FOLDER, FETCH_TAKEN, FETCH_ROUND, FETCH_TROUBLE,
	FETCH_SERVER,
};

enum fetch_tls { FETCH_TLS_IMPLICIT, FETCH_TLS_STARTTLS, FETCH_TLS_NONE };
enum fetch_auth { FETCH_AUTH_LOGIN, FETCH_AUTH_PLAIN, FETCH_AUTH_XOAUTH2 };
/* What is done on the server after the commit. */
enum fetch_mark { FETCH_MARK_NOTHING, FETCH_MARK_KEYWORD, FETCH_MARK_MOVE };

struct fetch_folder_conf {
	const char *name; /* UTF-8; sent as modified UTF-7, RFC 3501 5.1.3 */
	bool junk;
};

struct fetch_start {
	const char *host;
	uint32_t port;
	enum fetch_tls tls;
	const char *ca_file;    /* "" = the system's bundle */
	const char *connect_to; /* "" or "addr:port" (CURLOPT_CONNECT_TO) */
	const char *user;
	const char *secret;     /* password, authorisation code or token */
	enum fetch_auth auth;
	bool send_id;           /* ID (RFC 2971) after log-in if offered */
	const struct fetch_folder_conf *folders;
	uint32_t n_folders;
	enum fetch_mark mark;
	const char *mark_with;  /* keyword or folder */
	uint32_t poll_s;        /* between polls; also the IDLE safety net */
	bool idle;              /* use IDLE where offered */
	uint32_t timeout_ms;    /* hard limit of each network step */
	uint64_t max_message_bytes;
	int64_t since_s;        /* older INTERNALDATE is not taken; 0 = all */
	bool once;              /* one round, then exit 0 (1 = trouble) */
	bool check;             /* doctor: connect, log in, select, report */
};

struct fetch_folder {
	uint32_t folder; /* index into fetch_start.folders */
	uint32_t uidvalidity;
	uint32_t uidnext; /* 0 = not told */
	uint32_t exists;
};

/* What the core has of that folder: every UID below `next` is done with,
 * except those in `again`, which are to be taken (again). */
struct fetch_known {
	uint32_t folder;
	uint32_t uidvalidity;
	uint32_t next;
	const uint32_t *again; /* ascending, all below next */
	uint32_t n_again;
	const uint32_t *done; /* ascending, all at or above next: not again */
	uint32_t n_done;
};

struct fetch_taken {
	uint32_t folder;
	uint32_t uidvalidity;
	uint32_t uid;
	int64_t internal_s;   /* INTERNALDATE in UTC seconds; 0 = unreadable */
	uint64_t size_bytes;  /* RFC822.SIZE as the server says */
	bool seen;            /* \Seen: somebody read it in webmail */
	bool oversize;        /* only the beginning was taken */
	bool skipped;         /* older than since_s: no fd, journal only */
	bool missing;         /* BODY[] NIL or gone: no fd, try again later */
};

struct fetch_ack {
	uint32_t folder;
	uint32_t uidvalidity;
	const uint32_t *uids; /* ascending; at most MAX_WINDOW_MESSAGES */
	uint32_t n_uids;
};

struct fetch_trouble {
	enum err_kind kind;
	enum err_origin origin;
	int32_t code;
	const char *what;  /* printable; the remedy in it */
	uint32_t retry_s;  /* when fetch tries again by itself; 0 = now */
};

/* Writer and reader of each, side by side in wire.c.  Readers return -1 with
 * ERR_INPUT on any breach; strings and arrays live in the arena. */
void fetch_put_start(struct buf *b, const struct fetch_start *s);
int fetch_get_start(const void *d, size_t len, struct arena *a,
    struct fetch_start *out, struct err *err);
void fetch_put_folder(struct buf *b, const struct fetch_folder *f);
int fetch_get_folder(const void *d, size_t len, struct fetch_folder *out,
    struct err *err);
/* The known list may be long: it travels in a sealed memfd if larger than a
 * frame.  fetch_send_known() decides, fetch_open_known() reads either; the
 * frame's descriptors stay the caller's (frame_close_fds()). */
int fetch_send_known(int sock, const struct fetch_known *k, struct err *err);
int fetch_open_known(const struct frame *f, struct arena *a,
    struct fetch_known *out, struct err *err);
void fetch_put_known(struct buf *b, const struct fetch_known *k);
int fetch_get_known(const void *d, size_t len, struct arena *a,
    struct fetch_known *out, struct err *err);
void fetch_put_taken(struct buf *b, const struct fetch_taken *t);
int fetch_get_taken(const void *d, size_t len, struct fetch_taken *out,
    struct err *err);
void fetch_put_ack(struct buf *b, const struct fetch_ack *k);
int fetch_get_ack(const void *d, size_t len, struct arena *a,
    struct fetch_ack *out, struct err *err);
void fetch_put_round(struct buf *b, uint32_t messages);
int fetch_get_round(
    const void *d, size_t len, uint32_t *messages_out, struct err *err);
void fetch_put_server(struct buf *b, int64_t certificate_until_s);
int fetch_get_server(const void *d, size_t len,
    int64_t *certificate_until_s_out, struct err *err);
void fetch_put_trouble(struct buf *b, const struct fetch_trouble *t);
int fetch_get_trouble(const void *d, size_t len, struct arena *a,
    struct fetch_trouble *out, struct err *err);

#endif
