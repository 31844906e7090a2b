/* SPDX-License-Identifier: ISC */
/*
 * Stands where the core stands: starts the send process, gives it letters and
 * prints what it answers.  Commands on stdin, words parted by TABs:
 *
 *   start  host port tls ca_file connect_to auth user secret helo timeout_ms
 *          check            (numbers for tls and auth as in send/wire.h)
 *   letter id mail_from rcpt_to file
 *   burst  n mail_from rcpt_to file     n letters, timed
 *   ahead  n mail_from rcpt_to file     n letters, none waits for an answer
 *   raw    type hex                     any frame
 *   stop
 *
 * Answers on stdout, one JSON object a line.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/frame.h"
#include "base/memfd.h"
#include "base/spawn.h"
#include "base/str.h"
#include "send/role.h"
#include "send/wire.h"

#define MAX_WORDS 16
#define AHEAD 16 /* letters under way in a burst */

static int sock = -1;
static uint32_t halts;

static _Noreturn void
die(const char *what)
{
	(void)fprintf(stderr, "send_driver: %s\n", what);
	exit(2);
}

static uint64_t
number(const char *s)
{
	int64_t n;

	if (str_int64(s, 0, INT64_MAX, &n) < 0)
		die("no number");
	return (uint64_t)n;
}

static void
put_frame(uint32_t type, struct buf *b, int fd)
{
	struct err err;

	if (frame_send(sock, type, b, &fd, fd >= 0 ? 1 : 0, &err) < 0)
		(void)printf("{\"error\": \"%s\"}\n", err.what);
	buf_done(b);
}

static void
start(char **w)
{
	struct send_start s = {.host = w[1], .port = (uint32_t)number(w[2]),
	    .tls = (enum send_tls)number(w[3]), .ca_file = w[4],
	    .connect_to = w[5], .auth = (enum send_auth)number(w[6]),
	    .user = w[7], .secret = w[8], .helo = w[9],
	    .timeout_ms = (uint32_t)number(w[10]), .check = number(w[11])};
	struct buf b = BUF_INIT;

	send_put_start(&b, &s);
	put_frame(SEND_START, &b, -1);
}

static int
sealed(const char *path)
{
	static char data[MAX_LETTER_BYTES + 1];
	int in = open(path, O_RDONLY | O_CLOEXEC), out;
	size_t len = 0;
	struct err err;
	ssize_t n;

	while (in >= 0 && len < sizeof(data) &&
	    (n = read(in, data + len, sizeof(data) - len)) > 0)
		len += (size_t)n;
	if (in < 0 || memfd_put(data, len, &out, &err) < 0)
		die("cannot read the letter");
	(void)close(in);
	return out;
}

static void
letter(uint64_t id, char **w, int fd)
{
	struct send_letter l = {id, w[2], w[3], halts};
	struct buf b = BUF_INIT;

	send_put_letter(&b, &l);
	put_frame(SEND_LETTER, &b, fd);
}

static int
result(struct send_result *out, struct arena *arena)
{
	static unsigned char buffer[FRAME_BUFFER];
	struct frame f;
	struct err err;
	int rc = frame_recv(sock, buffer, &f, &err);

	if (rc <= 0)
		return rc;
	if (f.type != SEND_RESULT ||
	    send_get_result(f.body, f.len, arena, out, &err) < 0)
		die("no proper SEND_RESULT");
	return 1;
}

static int
show_result(void)
{
	static const char *const names[] = {
	    "ok", "retry", "failed", "refused", "unknown",
	    "back"};
	struct arena ARENA_AUTO *arena = arena_new();
	struct buf BUF_AUTO what = BUF_INIT;
	struct send_result r;

	if (result(&r, arena) <= 0)
		return 0;
	halts += send_halts(&r);
	json_add_cstr(&what, r.what);
	(void)printf("{\"letter\": %llu, \"outcome\": \"%s\", \"code\": %d, "
		     "\"pause_s\": %u, \"what\": %s}\n",
	    (unsigned long long)r.letter, names[r.outcome], r.code, r.pause_s,
	    buf_str(&what));
	return 1;
}

static void
burst(char **w)
{
	uint64_t n = number(w[1]), sent = 0, ok = 0, done = 0;
	struct arena ARENA_AUTO *arena = arena_new();
	int64_t began = clock_mono_ms();
	int fd = sealed(w[4]);
	struct send_result r;

	while (done < n) {
		for (; sent < n && sent < done + AHEAD; sent++)
			letter(sent + 1, w, fd);
		if (result(&r, arena) <= 0)
			break;
		done++;
		ok += r.outcome == SEND_OK;
	}
	(void)close(fd);
	(void)printf("{\"done\": %llu, \"ok\": %llu, \"ms\": %lld}\n",
	    (unsigned long long)done, (unsigned long long)ok,
	    (long long)(clock_mono_ms() - began));
}

static void
ahead(char **w)
{
	uint64_t n = number(w[1]);
	int fd = sealed(w[4]);

	for (uint64_t i = 1; i <= n; i++)
		letter(i, w, fd);
	(void)close(fd);
}

static void
raw(char **w)
{
	struct buf b = BUF_INIT;
	size_t len = strlen(w[2]);
	unsigned v;

	for (size_t i = 0; i + 1 < len; i += 2) {
		if (sscanf(w[2] + i, "%2x", &v) != 1)
			die("no hex");
		buf_addc(&b, (char)v);
	}
	put_frame((uint32_t)number(w[1]), &b, -1);
}

static void
obey(char *line)
{
	char *w[MAX_WORDS] = {NULL};
	struct buf b = BUF_INIT;
	int n = 0, fd;

	for (char *word; n < MAX_WORDS && (word = strsep(&line, "\t")) != NULL;)
		w[n++] = word;
	if (n == 12 && strcmp(w[0], "start") == 0) {
		start(w);
	} else if (n == 5 && strcmp(w[0], "letter") == 0) {
		fd = sealed(w[4]);
		letter(number(w[1]), w, fd);
		(void)close(fd);
	} else if (n == 5 && strcmp(w[0], "burst") == 0) {
		burst(w);
	} else if (n == 5 && strcmp(w[0], "ahead") == 0) {
		ahead(w);
	} else if (n == 3 && strcmp(w[0], "raw") == 0) {
		raw(w);
	} else if (n == 1 && strcmp(w[0], "stop") == 0) {
		put_frame(SEND_STOP, &b, -1);
	} else {
		die("no such command");
	}
}

/* Until the send process ends or stdin does. */
static void
talk(void)
{
	struct pollfd p[2] = {{0, POLLIN, 0}, {sock, POLLIN, 0}};
	char *line = NULL;
	size_t size = 0;
	ssize_t n;

	for (;;) {
		if (poll(p, 2, -1) < 0 && errno != EINTR)
			die("poll");
		if (p[1].revents != 0 && show_result() == 0)
			break;
		if (p[0].revents == 0)
			continue;
		n = getline(&line, &size, stdin);
		if (n <= 0)
			break;
		if (line[n - 1] == '\n')
			line[n - 1] = '\0';
		obey(line);
	}
	free(line);
}

int
main(int argc, char **argv)
{
	struct err err;
	int fds[2], pidfd, status = 0;
	pid_t pid;

	if (argc == 2 && strcmp(argv[1], "--role=send") == 0)
		return send_main(SPAWN_SOCKET);
	/* One line a read, so that poll() knows of all of them. */
	(void)setvbuf(stdin, NULL, _IONBF, 0);
	(void)setvbuf(stdout, NULL, _IOLBF, 0);
	if (frame_pair(fds, &err) < 0 ||
	    spawn_role("send", fds[1], &pid, &pidfd, &err) < 0)
		die(err.what);
	(void)close(fds[1]);
	sock = fds[0];
	(void)printf("{\"pid\": %d}\n", (int)pid);
	talk();
	(void)close(sock);
	if (waitpid(pid, &status, 0) != pid)
		die("waitpid");
	(void)printf("{\"exit\": %d}\n",
	    WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status));
	return 0;
}
