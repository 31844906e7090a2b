/* SPDX-License-Identifier: ISC */
/*
 * Plays the core for one fetch process: starts it, answers FETCH_FOLDER and
 * acknowledges, and prints every frame as one line of JSON.
 *
 *   fetch_driver host=H port=N user=U secret=S folder=F [folder=junk:F …]
 *       [tls=implicit|starttls|none] [auth=login|plain|xoauth2]
 *       [ca=FILE] [to=ADDR:PORT] [mark=keyword:K|move:F] [poll=S] [idle=1]
 *       [timeout=MS] [max=BYTES] [since=S] [once=1] [check=1] [id=0]
 *       [known=FOLDER:NEXT[:AGAIN,…[:DONE,…]]]   what the core has already
 *       [ack=MODE]     each (default) | group (up to 64) | none
 *       [slow=MS]      wait before each acknowledgement, as a busy core
 *       [quiet=1]      count instead of printing FETCH_TAKEN
 *       [save=FOLDER]  write the bodies to FOLDER/<folder>-<uid>.eml
 *
 * Commands on standard input: poll, stop, ack (all that is open), close.
 */
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/clock.h"
#include "base/frame.h"
#include "base/hash.h"
#include "base/memfd.h"
#include "base/spawn.h"
#include "base/str.h"
#include "fetch/role.h"
#include "fetch/uids.h"
#include "fetch/wire.h"

enum ack_mode { ACK_EACH, ACK_GROUP, ACK_NONE };

/* What the played core knows of a folder. */
struct folder {
	uint32_t uidvalidity, next;
	struct uids again, done, open;
};

struct driver {
	struct fetch_start start;
	struct fetch_folder_conf confs[MAX_FOLDERS];
	struct folder folders[MAX_FOLDERS];
	enum ack_mode ack;
	long slow_ms;
	bool quiet;
	const char *save;
	int sock;
	int pidfd;
	pid_t pid;
	unsigned long n_taken, n_bytes;
	int64_t from_ms;
};

static void __attribute__((noreturn, format(printf, 1, 2)))
die(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	(void)vfprintf(stderr, fmt, ap);
	va_end(ap);
	(void)fputc('\n', stderr);
	exit(2);
}

static void
print(struct buf *line)
{
	buf_addf(line, ",\"ms\":%lld}\n", (long long)clock_mono_ms());
	(void)fwrite(line->data, 1, line->len, stdout);
	(void)fflush(stdout);
}

/* ---- arguments ---------------------------------------------------------- */

static uint32_t
number(const char *s)
{
	int64_t v;

	if (str_int64(s, 0, UINT32_MAX, &v) < 0)
		die("no number: %s", s);
	return (uint32_t)v;
}

static void
add_list(struct uids *u, char *list)
{
	char *word, *rest = list;

	while (list != NULL && (word = strsep(&rest, ",")) != NULL) {
		if (*word != '\0')
			uids_add(u, number(word));
	}
	uids_sort(u);
}

/* FOLDER:NEXT[:AGAIN,…[:DONE,…]] */
static void
set_known(struct driver *d, char *value)
{
	char *which = strsep(&value, ":");
	char *next = strsep(&value, ":");
	struct folder *f = &d->folders[number(which) % MAX_FOLDERS];

	f->next = number(next);
	add_list(&f->again, strsep(&value, ":"));
	add_list(&f->done, value);
}

static uint32_t
choice(const char *value, const char *const *words)
{
	for (uint32_t i = 0; words[i] != NULL; i++) {
		if (strcmp(value, words[i]) == 0)
			return i;
	}
	die("unknown word: %s", value);
}

static void
set_mark(struct fetch_start *s, char *value)
{
	static const char *const words[] = {"nothing", "keyword", "move", NULL};

	s->mark = choice(strsep(&value, ":"), words);
	s->mark_with = value != NULL ? value : "";
}

static void
set_folder(struct driver *d, const char *value)
{
	struct fetch_folder_conf *c = &d->confs[d->start.n_folders++];

	c->junk = str_starts(value, "junk:");
	c->name = c->junk ? value + 5 : value;
}

static bool
set_server(struct fetch_start *s, const char *key, char *value)
{
	static const char *const tls[] = {"implicit", "starttls", "none", NULL};
	static const char *const auth[] = {"login", "plain", "xoauth2", NULL};

	if (strcmp(key, "host") == 0)
		s->host = value;
	else if (strcmp(key, "port") == 0)
		s->port = number(value);
	else if (strcmp(key, "tls") == 0)
		s->tls = choice(value, tls);
	else if (strcmp(key, "auth") == 0)
		s->auth = choice(value, auth);
	else if (strcmp(key, "ca") == 0)
		s->ca_file = value;
	else if (strcmp(key, "to") == 0)
		s->connect_to = value;
	else if (strcmp(key, "user") == 0)
		s->user = value;
	else if (strcmp(key, "secret") == 0)
		s->secret = value;
	else
		return false;
	return true;
}

static bool
set_habit(struct fetch_start *s, const char *key, char *value)
{
	if (strcmp(key, "mark") == 0)
		set_mark(s, value);
	else if (strcmp(key, "poll") == 0)
		s->poll_s = number(value);
	else if (strcmp(key, "idle") == 0)
		s->idle = number(value) != 0;
	else if (strcmp(key, "id") == 0)
		s->send_id = number(value) != 0;
	else if (strcmp(key, "timeout") == 0)
		s->timeout_ms = number(value);
	else if (strcmp(key, "max") == 0)
		s->max_message_bytes = number(value);
	else if (strcmp(key, "since") == 0)
		s->since_s = number(value);
	else if (strcmp(key, "once") == 0)
		s->once = number(value) != 0;
	else if (strcmp(key, "check") == 0)
		s->check = number(value) != 0;
	else
		return false;
	return true;
}

static bool
set_driver(struct driver *d, const char *key, char *value)
{
	static const char *const acks[] = {"each", "group", "none", NULL};

	if (strcmp(key, "folder") == 0)
		set_folder(d, value);
	else if (strcmp(key, "known") == 0)
		set_known(d, value);
	else if (strcmp(key, "ack") == 0)
		d->ack = choice(value, acks);
	else if (strcmp(key, "slow") == 0)
		d->slow_ms = number(value);
	else if (strcmp(key, "quiet") == 0)
		d->quiet = number(value) != 0;
	else if (strcmp(key, "save") == 0)
		d->save = value;
	else
		return false;
	return true;
}

static void
read_arguments(struct driver *d, int argc, char **argv)
{
	d->start = (struct fetch_start){.host = "localhost", .port = 993,
	    .ca_file = "", .connect_to = "", .user = "tips@example.com",
	    .secret = "secret", .send_id = true, .folders = d->confs,
	    .mark_with = "", .poll_s = 60, .timeout_ms = 10000,
	    .max_message_bytes = MAX_MESSAGE_BYTES};
	for (int i = 0; i < MAX_FOLDERS; i++)
		d->folders[i].next = 1;
	for (int i = 1; i < argc; i++) {
		char *value = argv[i], *key = strsep(&value, "=");

		if (value == NULL || (!set_server(&d->start, key, value) &&
					 !set_habit(&d->start, key, value) &&
					 !set_driver(d, key, value)))
			die("what is %s?", key);
	}
}

/* ---- acknowledging ------------------------------------------------------ */

static void
send_ack(struct driver *d, uint32_t folder, struct uids *list)
{
	BUF_AUTO struct buf b = BUF_INIT;
	struct fetch_ack ack;

	uids_sort(list);
	for (size_t at = 0; at < list->n; at += ack.n_uids) {
		ack = (struct fetch_ack){folder,
		    d->folders[folder].uidvalidity, list->v + at,
		    (uint32_t)(list->n - at)};
		if (ack.n_uids > MAX_WINDOW_MESSAGES)
			ack.n_uids = MAX_WINDOW_MESSAGES;
		buf_clear(&b);
		fetch_put_ack(&b, &ack);
		(void)frame_send(d->sock, FETCH_ACK, &b, NULL, 0, NULL);
	}
	uids_clear(list);
}

static void
send_open(struct driver *d)
{
	for (uint32_t i = 0; i < d->start.n_folders; i++)
		send_ack(d, i, &d->folders[i].open);
}

/* As the core's journal would: what is acknowledged is not asked for again,
 * what was missing is. */
static void
remember(struct folder *f, const struct fetch_taken *t)
{
	struct uids left = UIDS_INIT;

	for (size_t i = 0; i < f->again.n; i++) {
		if (f->again.v[i] != t->uid)
			uids_add(&left, f->again.v[i]);
	}
	uids_done(&f->again);
	f->again = left;
	if (t->missing)
		uids_add(&f->again, t->uid);
	uids_sort(&f->again);
	if (t->uid >= f->next)
		f->next = t->uid + 1;
}

/* ---- frames ------------------------------------------------------------- */

static void
on_folder(struct driver *d, const struct frame *frame)
{
	BUF_AUTO struct buf line = BUF_INIT;
	struct fetch_known k;
	struct fetch_folder f;
	struct folder *mine;
	struct err err;

	if (fetch_get_folder(frame->body, frame->len, &f, &err) < 0)
		die("%s", err.what);
	buf_addf(&line,
	    "{\"frame\":\"folder\",\"folder\":%u,\"uidvalidity\":%u,"
	    "\"uidnext\":%u,\"exists\":%u",
	    f.folder, f.uidvalidity, f.uidnext, f.exists);
	print(&line);
	mine = &d->folders[f.folder];
	if (mine->uidvalidity != 0 && mine->uidvalidity != f.uidvalidity) {
		mine->next = 1;
		uids_clear(&mine->again);
		uids_clear(&mine->done);
	}
	mine->uidvalidity = f.uidvalidity;
	k = (struct fetch_known){f.folder, f.uidvalidity, mine->next,
	    mine->again.v, (uint32_t)mine->again.n, mine->done.v,
	    (uint32_t)mine->done.n};
	if (!d->start.check && fetch_send_known(d->sock, &k, &err) < 0 &&
	    err.code != EPIPE)
		die("%s", err.what);
}

static void
save_body(const struct driver *d, const struct fetch_taken *t,
    const struct memmap *map)
{
	BUF_AUTO struct buf path = BUF_INIT;
	FILE *f;

	buf_addf(&path, "%s/%u-%u.eml", d->save, t->folder, t->uid);
	f = fopen(buf_str(&path), "we");
	if (f == NULL)
		die("cannot write %s", buf_str(&path));
	if (map->len > 0)
		(void)fwrite(map->data, 1, map->len, f);
	(void)fclose(f);
}

static void
print_taken(struct driver *d, const struct fetch_taken *t, const char *hex,
    size_t bytes, bool has_fd)
{
	BUF_AUTO struct buf line = BUF_INIT;

	d->n_taken++;
	d->n_bytes += bytes;
	if (d->quiet)
		return;
	buf_addf(&line,
	    "{\"frame\":\"taken\",\"folder\":%u,\"uidvalidity\":%u,"
	    "\"uid\":%u,\"internal\":%lld,\"size\":%llu,\"seen\":%d,"
	    "\"oversize\":%d,\"skipped\":%d,\"missing\":%d,\"fd\":%d,"
	    "\"bytes\":%zu,\"sha256\":\"%s\"",
	    t->folder, t->uidvalidity, t->uid, (long long)t->internal_s,
	    (unsigned long long)t->size_bytes, t->seen, t->oversize,
	    t->skipped, t->missing, has_fd, bytes, hex);
	print(&line);
}

static void
read_body(struct driver *d, const struct fetch_taken *t, struct frame *frame)
{
	unsigned char sha[SHA256_BYTES];
	char hex[SHA256_HEX] = "";
	struct memmap map = {NULL, 0};
	struct err err;

	if (frame->n_fds == 1) {
		if (memfd_map(frame->fds[0], MAX_MESSAGE_BYTES, &map, &err) < 0)
			die("%s", err.what);
		if (!d->quiet) {
			hash_sha256(map.data, map.len, sha);
			hex_put(sha, sizeof(sha), hex);
		}
		if (d->save != NULL)
			save_body(d, t, &map);
	}
	print_taken(d, t, hex, map.len, frame->n_fds == 1);
	memfd_unmap(&map);
}

static void
on_taken(struct driver *d, struct frame *frame)
{
	struct fetch_taken t;
	struct folder *f;
	struct err err;

	if (fetch_get_taken(frame->body, frame->len, &t, &err) < 0)
		die("%s", err.what);
	read_body(d, &t, frame);
	f = &d->folders[t.folder];
	remember(f, &t);
	uids_add(&f->open, t.uid);
	if (f->open.n > MAX_WINDOW_MESSAGES)
		die("%zu messages ahead", f->open.n);
	if (d->slow_ms > 0)
		(void)usleep((useconds_t)d->slow_ms * 1000);
	if (d->ack == ACK_EACH || (d->ack == ACK_GROUP && f->open.n >= 64))
		send_open(d);
}

static void
on_round(const struct driver *d, const struct frame *frame)
{
	BUF_AUTO struct buf line = BUF_INIT;
	uint32_t n;

	if (fetch_get_round(frame->body, frame->len, &n, NULL) < 0)
		die("bad FETCH_ROUND");
	for (uint32_t i = 0; i < d->start.n_folders; i++) {
		if (d->folders[i].open.n > 0)
			die("FETCH_ROUND before everything was acknowledged");
	}
	buf_addf(&line,
	    "{\"frame\":\"round\",\"messages\":%u,\"taken\":%lu,"
	    "\"bytes\":%lu,\"since_ms\":%lld",
	    n, d->n_taken, d->n_bytes,
	    (long long)(clock_mono_ms() - d->from_ms));
	print(&line);
}

static void
on_trouble(const struct frame *frame)
{
	ARENA_AUTO struct arena *a = arena_new();
	BUF_AUTO struct buf line = BUF_INIT;
	struct fetch_trouble t;
	struct err err;

	if (fetch_get_trouble(frame->body, frame->len, a, &t, &err) < 0)
		die("%s", err.what);
	buf_addf(&line,
	    "{\"frame\":\"trouble\",\"kind\":\"%s\",\"origin\":%d,"
	    "\"code\":%d,\"retry_s\":%u,\"what\":",
	    err_kind_name(t.kind), (int)t.origin, t.code, t.retry_s);
	json_add_cstr(&line, t.what);
	print(&line);
}

static void
on_frame(struct driver *d, struct frame *frame)
{
	switch (frame->type) {
	case FETCH_FOLDER:
		on_folder(d, frame);
		break;
	case FETCH_TAKEN:
		on_taken(d, frame);
		break;
	case FETCH_ROUND:
		on_round(d, frame);
		break;
	case FETCH_SERVER:
		break; /* of TLS only */
	case FETCH_TROUBLE:
		on_trouble(frame);
		break;
	default:
		die("frame of type %u", frame->type);
	}
	frame_close_fds(frame);
}

/* ---- life --------------------------------------------------------------- */

static void
on_command(struct driver *d, const char *word)
{
	if (strcmp(word, "poll") == 0)
		(void)frame_send(d->sock, FETCH_POLL, NULL, NULL, 0, NULL);
	else if (strcmp(word, "stop") == 0)
		(void)frame_send(d->sock, FETCH_STOP, NULL, NULL, 0, NULL);
	else if (strcmp(word, "ack") == 0)
		send_open(d);
	else if (strcmp(word, "close") == 0) {
		(void)close(d->sock);
		d->sock = -1;
	} else if (*word != '\0')
		die("what is %s?", word);
}

static bool
read_commands(struct driver *d)
{
	char text[256];
	ssize_t n = read(STDIN_FILENO, text, sizeof(text) - 1);
	char *rest = text, *word;

	if (n <= 0)
		return false;
	text[n] = '\0';
	while ((word = strsep(&rest, "\n")) != NULL)
		on_command(d, word);
	return true;
}

static int
report_exit(struct driver *d)
{
	BUF_AUTO struct buf line = BUF_INIT;
	struct rusage used = {.ru_maxrss = 0};
	int status = 0;

	(void)wait4(d->pid, &status, 0, &used);
	buf_addf(&line,
	    "{\"frame\":\"exit\",\"status\":%d,\"signal\":%d,\"taken\":%lu,"
	    "\"most_kb\":%ld",
	    WIFEXITED(status) ? WEXITSTATUS(status) : -1,
	    WIFSIGNALED(status) ? WTERMSIG(status) : 0, d->n_taken,
	    used.ru_maxrss);
	print(&line);
	return 0;
}

static int
play(struct driver *d)
{
	static unsigned char space[FRAME_BUFFER];
	struct pollfd p[3] = {{d->sock, POLLIN, 0}, {d->pidfd, POLLIN, 0},
	    {STDIN_FILENO, POLLIN, 0}};
	struct frame frame;
	struct err err;
	int r;

	for (;;) {
		p[0].fd = d->sock;
		/* A group that grows no more is acknowledged after 20 ms. */
		r = poll(p, 3, d->ack == ACK_GROUP ? 20 : -1);
		if (r == 0)
			send_open(d);
		if (p[2].revents != 0 && !read_commands(d))
			p[2].fd = -1;
		if (d->sock >= 0 && (p[0].revents & POLLIN) != 0) {
			r = frame_recv(d->sock, space, &frame, &err);
			if (r < 0)
				die("%s", err.what);
			if (r > 0) {
				on_frame(d, &frame);
				continue;
			}
		}
		if ((p[1].revents & POLLIN) != 0)
			return report_exit(d);
		if (d->sock >= 0 && (p[0].revents & (POLLIN | POLLHUP)) != 0)
			p[0].fd = d->sock = -1;
	}
}

int
main(int argc, char **argv)
{
	static struct driver d;
	BUF_AUTO struct buf b = BUF_INIT;
	struct err err;
	int pair[2];

	if (argc == 2 && strcmp(argv[1], "--role=fetch") == 0)
		return fetch_main(SPAWN_SOCKET);
	read_arguments(&d, argc, argv);
	if (frame_pair(pair, &err) < 0 ||
	    spawn_role("fetch", pair[1], &d.pid, &d.pidfd, &err) < 0)
		die("%s", err.what);
	(void)close(pair[1]);
	d.sock = pair[0];
	d.from_ms = clock_mono_ms();
	fetch_put_start(&b, &d.start);
	if (frame_send(d.sock, FETCH_START, &b, NULL, 0, &err) < 0)
		die("%s", err.what);
	return play(&d);
}
