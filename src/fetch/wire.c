/* SPDX-License-Identifier: ISC */
#include "fetch/wire.h"

#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/frame.h"
#include "base/memfd.h"
#include "base/pack.h"
#include "base/str.h"

/* The longest wait that fetch announces is an hour; more is a mistake. */
#define MAX_RETRY_S 86400u

/* ---- pieces ------------------------------------------------------------- */

/* A string that must be there and may hold no control character: it goes into
 * an IMAP command or a URL. */
static const char *
get_text(struct unpack *u, struct arena *a, size_t max, bool utf8)
{
	char *s = unpack_str(u, a, max, utf8);

	if (s == NULL) {
		u->bad = true;
		return "";
	}
	for (const char *p = s; *p != '\0'; p++)
		u->bad |= (unsigned char)*p < 0x20 || *p == 0x7f;
	return s;
}

static uint32_t
get_range(struct unpack *u, uint32_t min, uint32_t max)
{
	uint32_t v = unpack_u32(u);

	u->bad |= v < min || v > max;
	return v;
}

static void
put_uids(struct buf *b, const uint32_t *uids, uint32_t n)
{
	pack_u32(b, n);
	for (uint32_t i = 0; i < n; i++)
		pack_u32(b, uids[i]);
}

/* A strictly ascending list inside [min, max]. */
static const uint32_t *
get_uids(struct unpack *u, struct arena *a, uint32_t n_max, uint32_t min,
    uint32_t max, uint32_t *n_out)
{
	uint32_t n = get_range(u, 0, n_max);
	uint64_t least = min;
	uint32_t *uids;

	*n_out = 0;
	if (u->bad || n > (size_t)(u->end - u->at) / sizeof(*uids) ||
	    (uids = arena_array(a, n + 1U, sizeof(*uids))) == NULL) {
		u->bad = true;
		return NULL;
	}
	for (uint32_t i = 0; i < n; i++) {
		uids[i] = unpack_u32(u);
		u->bad |= uids[i] < least || uids[i] > max;
		least = (uint64_t)uids[i] + 1;
	}
	if (!u->bad)
		*n_out = n;
	return uids;
}

static int
end(const struct unpack *u, const char *frame, struct err *err)
{
	if (unpack_end(u) == 0)
		return 0;
	return err_set(err, ERR_INPUT, ERR_OWN, 0,
	    "the frame FETCH_%s breaks its rules", frame);
}

/* ---- FETCH_START -------------------------------------------------------- */

void
fetch_put_start(struct buf *b, const struct fetch_start *s)
{
	pack_str(b, s->host);
	pack_u32(b, s->port);
	pack_u32(b, s->tls);
	pack_str(b, s->ca_file);
	pack_str(b, s->connect_to);
	pack_str(b, s->user);
	pack_str(b, s->secret);
	pack_u32(b, s->auth);
	pack_bool(b, s->send_id);
	pack_u32(b, s->n_folders);
	for (uint32_t i = 0; i < s->n_folders; i++) {
		pack_str(b, s->folders[i].name);
		pack_bool(b, s->folders[i].junk);
	}
	pack_u32(b, s->mark);
	pack_str(b, s->mark_with);
	pack_u32(b, s->poll_s);
	pack_bool(b, s->idle);
	pack_u32(b, s->timeout_ms);
	pack_u64(b, s->max_message_bytes);
	pack_i64(b, s->since_s);
	pack_bool(b, s->once);
	pack_bool(b, s->check);
}

static const struct fetch_folder_conf *
get_folders(struct unpack *u, struct arena *a, uint32_t *n_out)
{
	uint32_t n = get_range(u, 1, MAX_FOLDERS);
	struct fetch_folder_conf *folders;

	*n_out = 0;
	folders = arena_array(a, MAX_FOLDERS, sizeof(*folders));
	if (u->bad || folders == NULL) {
		u->bad = true;
		return NULL;
	}
	for (uint32_t i = 0; i < n; i++) {
		folders[i].name = get_text(u, a, MAX_FOLDER_BYTES, true);
		folders[i].junk = unpack_bool(u);
		u->bad |= folders[i].name[0] == '\0';
	}
	*n_out = n;
	return folders;
}

/* A host name or an address, as it may stand in a URL. */
static bool
host_ok(const char *host)
{
	static const char good[] = "abcdefghijklmnopqrstuvwxyz"
				   "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
				   ".-_:[]";

	return host[0] != '\0' && host[strspn(host, good)] == '\0';
}

/* An atom of RFC 3501 section 9, for a keyword. */
static bool
atom_ok(const char *s)
{
	for (const char *p = s; *p != '\0'; p++)
		if (*p <= 0x20 || *p >= 0x7f ||
		    strchr("(){%*\"\\]", *p) != NULL)
			return false;
	return s[0] != '\0';
}

static bool
start_ok(const struct fetch_start *s)
{
	if (!host_ok(s->host) ||
	    (s->connect_to[0] != '\0' && !host_ok(s->connect_to)))
		return false;
	if (s->user[0] == '\0' || s->max_message_bytes == 0 ||
	    s->max_message_bytes > MAX_MESSAGE_BYTES || s->since_s < 0 ||
	    s->since_s > MAX_SECOND)
		return false;
	if (s->mark == FETCH_MARK_KEYWORD)
		return atom_ok(s->mark_with);
	return s->mark == FETCH_MARK_NOTHING || s->mark_with[0] != '\0';
}

int
fetch_get_start(const void *d, size_t len, struct arena *a,
    struct fetch_start *out, struct err *err)
{
	struct fetch_start s = {0};
	struct unpack u;

	unpack_init(&u, d, len);
	s.host = get_text(&u, a, MAX_HOST_BYTES, true);
	s.port = get_range(&u, 1, 65535);
	s.tls = unpack_below(&u, FETCH_TLS_NONE + 1);
	s.ca_file = get_text(&u, a, MAX_PATH_BYTES, false);
	s.connect_to = get_text(&u, a, MAX_HOST_BYTES + 8, true);
	s.user = get_text(&u, a, MAX_USER_BYTES, true);
	s.secret = get_text(&u, a, MAX_SECRET_BYTES, false);
	s.auth = unpack_below(&u, FETCH_AUTH_XOAUTH2 + 1);
	s.send_id = unpack_bool(&u);
	s.folders = get_folders(&u, a, &s.n_folders);
	s.mark = unpack_below(&u, FETCH_MARK_MOVE + 1);
	s.mark_with = get_text(&u, a, MAX_FOLDER_BYTES, true);
	s.poll_s = get_range(&u, 1, 86400);
	s.idle = unpack_bool(&u);
	s.timeout_ms = get_range(&u, 1, 3600000);
	s.max_message_bytes = unpack_u64(&u);
	s.since_s = unpack_i64(&u);
	s.once = unpack_bool(&u);
	s.check = unpack_bool(&u);
	u.bad |= !u.bad && !start_ok(&s);
	if (end(&u, "START", err) < 0)
		return -1;
	*out = s;
	return 0;
}

/* ---- FETCH_FOLDER ------------------------------------------------------- */

void
fetch_put_folder(struct buf *b, const struct fetch_folder *f)
{
	pack_u32(b, f->folder);
	pack_u32(b, f->uidvalidity);
	pack_u32(b, f->uidnext);
	pack_u32(b, f->exists);
}

int
fetch_get_folder(
    const void *d, size_t len, struct fetch_folder *out, struct err *err)
{
	struct fetch_folder f;
	struct unpack u;

	unpack_init(&u, d, len);
	f.folder = unpack_below(&u, MAX_FOLDERS);
	f.uidvalidity = get_range(&u, 1, UINT32_MAX);
	f.uidnext = unpack_u32(&u);
	f.exists = unpack_u32(&u);
	if (end(&u, "FOLDER", err) < 0)
		return -1;
	*out = f;
	return 0;
}

/* ---- FETCH_KNOWN -------------------------------------------------------- */

void
fetch_put_known(struct buf *b, const struct fetch_known *k)
{
	pack_u32(b, k->folder);
	pack_u32(b, k->uidvalidity);
	pack_u32(b, k->next);
	put_uids(b, k->again, k->n_again);
	put_uids(b, k->done, k->n_done);
}

int
fetch_get_known(const void *d, size_t len, struct arena *a,
    struct fetch_known *out, struct err *err)
{
	struct fetch_known k = {0};
	struct unpack u;

	unpack_init(&u, d, len);
	k.folder = unpack_below(&u, MAX_FOLDERS);
	k.uidvalidity = get_range(&u, 1, UINT32_MAX);
	k.next = get_range(&u, 1, UINT32_MAX);
	if (!u.bad) {
		k.again = get_uids(
		    &u, a, MAX_KNOWN_UIDS, 1, k.next - 1, &k.n_again);
		k.done = get_uids(
		    &u, a, MAX_KNOWN_UIDS, k.next, UINT32_MAX, &k.n_done);
	}
	if (end(&u, "KNOWN", err) < 0)
		return -1;
	*out = k;
	return 0;
}

int
fetch_send_known(int sock, const struct fetch_known *k, struct err *err)
{
	BUF_AUTO struct buf b = BUF_INIT;
	int fd, r;

	fetch_put_known(&b, k);
	if (b.len <= MAX_FRAME_BYTES)
		return frame_send(sock, FETCH_KNOWN, &b, NULL, 0, err);
	if (buf_bad(&b))
		return err_set(err, ERR_SYSTEM, ERR_OWN, 0,
		    "no memory for a list of %u UIDs", k->n_done);
	if (memfd_put(b.data, b.len, &fd, err) < 0)
		return -1;
	r = frame_send(sock, FETCH_KNOWN, NULL, &fd, 1, err);
	(void)close(fd);
	return r;
}

int
fetch_open_known(const struct frame *f, struct arena *a,
    struct fetch_known *out, struct err *err)
{
	struct memmap map;
	int r;

	if (f->n_fds == 0)
		return fetch_get_known(f->body, f->len, a, out, err);
	if (f->n_fds != 1 || f->len != 0)
		return err_set(err, ERR_INPUT, ERR_OWN, 0,
		    "the frame FETCH_KNOWN has %zu bytes and %zu descriptors",
		    f->len, f->n_fds);
	if (memfd_map(f->fds[0], 20 + 8UL * MAX_KNOWN_UIDS, &map, err) < 0)
		return -1;
	r = fetch_get_known(map.data, map.len, a, out, err);
	memfd_unmap(&map);
	return r;
}

/* ---- FETCH_TAKEN -------------------------------------------------------- */

void
fetch_put_taken(struct buf *b, const struct fetch_taken *t)
{
	pack_u32(b, t->folder);
	pack_u32(b, t->uidvalidity);
	pack_u32(b, t->uid);
	pack_i64(b, t->internal_s);
	pack_u64(b, t->size_bytes);
	pack_bool(b, t->seen);
	pack_bool(b, t->oversize);
	pack_bool(b, t->skipped);
	pack_bool(b, t->missing);
}

int
fetch_get_taken(
    const void *d, size_t len, struct fetch_taken *out, struct err *err)
{
	struct fetch_taken t;
	struct unpack u;

	unpack_init(&u, d, len);
	t.folder = unpack_below(&u, MAX_FOLDERS);
	t.uidvalidity = get_range(&u, 1, UINT32_MAX);
	t.uid = get_range(&u, 1, UINT32_MAX);
	t.internal_s = unpack_i64(&u);
	t.size_bytes = unpack_u64(&u);
	t.seen = unpack_bool(&u);
	t.oversize = unpack_bool(&u);
	t.skipped = unpack_bool(&u);
	t.missing = unpack_bool(&u);
	u.bad |= t.internal_s < 0 || t.internal_s > MAX_SECOND;
	u.bad |= t.size_bytes > UINT32_MAX;
	u.bad |= t.oversize + t.skipped + t.missing > 1;
	if (end(&u, "TAKEN", err) < 0)
		return -1;
	*out = t;
	return 0;
}

/* ---- FETCH_ACK ---------------------------------------------------------- */

void
fetch_put_ack(struct buf *b, const struct fetch_ack *k)
{
	pack_u32(b, k->folder);
	pack_u32(b, k->uidvalidity);
	put_uids(b, k->uids, k->n_uids);
}

int
fetch_get_ack(const void *d, size_t len, struct arena *a,
    struct fetch_ack *out, struct err *err)
{
	struct fetch_ack k = {0};
	struct unpack u;

	unpack_init(&u, d, len);
	k.folder = unpack_below(&u, MAX_FOLDERS);
	k.uidvalidity = get_range(&u, 1, UINT32_MAX);
	k.uids = get_uids(
	    &u, a, MAX_WINDOW_MESSAGES, 1, UINT32_MAX, &k.n_uids);
	u.bad |= k.n_uids == 0;
	if (end(&u, "ACK", err) < 0)
		return -1;
	*out = k;
	return 0;
}

/* ---- FETCH_ROUND -------------------------------------------------------- */

void
fetch_put_round(struct buf *b, uint32_t messages)
{
	pack_u32(b, messages);
}

int
fetch_get_round(
    const void *d, size_t len, uint32_t *messages_out, struct err *err)
{
	struct unpack u;
	uint32_t messages;

	unpack_init(&u, d, len);
	messages = unpack_u32(&u);
	if (end(&u, "ROUND", err) < 0)
		return -1;
	*messages_out = messages;
	return 0;
}

/* ---- FETCH_SERVER ------------------------------------------------------- */

void
fetch_put_server(struct buf *b, int64_t certificate_until_s)
{
	pack_i64(b, certificate_until_s);
}

int
fetch_get_server(const void *d, size_t len,
    int64_t *certificate_until_s_out, struct err *err)
{
	struct unpack u;
	int64_t until_s;

	unpack_init(&u, d, len);
	until_s = unpack_i64(&u);
	u.bad |= until_s <= 0 || until_s > MAX_SECOND;
	if (end(&u, "SERVER", err) < 0)
		return -1;
	*certificate_until_s_out = until_s;
	return 0;
}

/* ---- FETCH_TROUBLE ------------------------------------------------------ */

void
fetch_put_trouble(struct buf *b, const struct fetch_trouble *t)
{
	pack_u32(b, t->kind);
	pack_u32(b, t->origin);
	pack_u32(b, (uint32_t)t->code);
	pack_str(b, t->what);
	pack_u32(b, t->retry_s);
}

static bool
printable(const char *s)
{
	const char *stop = s + strlen(s);
	uint32_t cp;

	while (s < stop) {
		s += utf8_next(s, stop, &cp);
		if (!cp_printable(cp))
			return false;
	}
	return true;
}

int
fetch_get_trouble(const void *d, size_t len, struct arena *a,
    struct fetch_trouble *out, struct err *err)
{
	struct fetch_trouble t = {0};
	struct unpack u;

	unpack_init(&u, d, len);
	t.kind = unpack_below(&u, ERR_SYSTEM + 1);
	t.origin = unpack_below(&u, ERR_SQLITE + 1);
	t.code = (int32_t)unpack_u32(&u);
	t.what = get_text(&u, a, sizeof(err->what) + sizeof(err->where), true);
	t.retry_s = get_range(&u, 0, MAX_RETRY_S);
	u.bad |= t.kind == ERR_NONE || !printable(t.what);
	if (end(&u, "TROUBLE", err) < 0)
		return -1;
	*out = t;
	return 0;
}
