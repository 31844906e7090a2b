/* SPDX-License-Identifier: ISC */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <dirent.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/err.h"
#include "base/frame.h"
#include "base/spawn.h"

/* ---- the role that this program plays when it is run again -------------- */

/* One "fd=target " for each descriptor but stderr and the socket. */
static size_t
describe_fds(char *text, size_t size)
{
	DIR *dir = opendir("/proc/self/fd");
	size_t len = 0;
	struct dirent *d;
	char to[64];

	while (dir != NULL && (d = readdir(dir)) != NULL) {
		long fd = strtol(d->d_name, NULL, 10);
		ssize_t n =
		    readlinkat(dirfd(dir), d->d_name, to, sizeof(to) - 1);

		if (n < 0 || fd == dirfd(dir) || fd == 2 || fd == 3)
			continue;
		to[n] = '\0';
		len +=
		    (size_t)snprintf(text + len, size - len, "%ld=%s ", fd, to);
	}
	if (dir != NULL)
		(void)closedir(dir);
	return len;
}

static void
describe_myself(int sock)
{
	char text[2000];
	size_t len = describe_fds(text, sizeof(text));
	sigset_t mask;

	(void)sigprocmask(SIG_BLOCK, NULL, &mask);
	len += (size_t)snprintf(text + len, sizeof(text) - len,
	    "usr1=%d hup=%d", sigismember(&mask, SIGUSR1),
	    signal(SIGHUP, SIG_DFL) == SIG_IGN);
	for (char **e = environ; *e != NULL; e++) {
		if (strstr(*e, "SAN_OPTIONS=") == NULL &&
		    strncmp(*e, "PATH=", 5) != 0)
			len += (size_t)snprintf(
			    text + len, sizeof(text) - len, " %s", *e);
	}
	(void)!write(sock, text, len);
}

static int
have_a_child(int sock)
{
	int fds[2], pidfd;
	char line[16];
	pid_t pid;

	if (frame_pair(fds, NULL) < 0 ||
	    spawn_role("wait", fds[1], &pid, &pidfd, NULL) < 0)
		return 1;
	(void)snprintf(line, sizeof(line), "%d", pid);
	(void)!write(sock, line, strlen(line));
	return 0;
}

static int
play_role(const char *role, int sock)
{
	char c;

	if (strcmp(role, "--role=tell") == 0)
		describe_myself(sock);
	if (strcmp(role, "--role=parent") == 0 && have_a_child(sock) != 0)
		return 1;
	/* Waits to be killed or told. */
	(void)!read(sock, &c, 1);
	return 0;
}

/* ---- tests -------------------------------------------------------------- */

struct role {
	int sock;
	int pidfd;
	pid_t pid;
};

static struct role
run(const char *name)
{
	struct role r;
	struct err err;
	int fds[2];

	assert_int_equal(frame_pair(fds, &err), 0);
	if (spawn_role(name, fds[1], &r.pid, &r.pidfd, &err) < 0)
		fail_msg("%s", err.what);
	(void)close(fds[1]);
	r.sock = fds[0];
	return r;
}

static void
end(struct role *r)
{
	int status;

	(void)close(r->sock);
	assert_int_equal(waitpid(r->pid, &status, 0), r->pid);
	(void)close(r->pidfd);
}

static void
role_is_born_with_nothing(void **state)
{
	char text[2000];
	sigset_t usr1;
	struct role r;
	ssize_t n;
	int leak = open("/etc/passwd", O_RDONLY);

	(void)state;
	(void)setenv("SECRET", "of the parent", 1);
	(void)setenv("CLUED_TEST_X", "1", 1);
	(void)sigemptyset(&usr1);
	(void)sigaddset(&usr1, SIGUSR1);
	(void)sigprocmask(SIG_BLOCK, &usr1, NULL);
	(void)signal(SIGHUP, SIG_IGN);
	r = run("tell");
	n = read(r.sock, text, sizeof(text) - 1);
	assert_true(n > 0);
	text[n] = '\0';
	assert_string_equal(text, "0=/dev/null 1=/dev/null usr1=0 hup=0 "
				  "LANG=C.UTF-8 TZ=UTC"
#ifdef CLUED_TEST_HOOKS
				  " CLUED_TEST_X=1"
#endif
	);
	end(&r);
	(void)close(leak);
	(void)sigprocmask(SIG_UNBLOCK, &usr1, NULL);
}

static void
pidfd_tells_the_end(void **state)
{
	struct role r = run("wait");
	struct pollfd p = {r.pidfd, POLLIN, 0};

	(void)state;
	assert_int_equal(poll(&p, 1, 0), 0);
	(void)kill(r.pid, SIGKILL);
	assert_int_equal(poll(&p, 1, 120000), 1);
	end(&r);
}

/* Gone, or a zombie that nobody buries. */
static bool
is_dead(pid_t pid)
{
	char path[64], stat[256] = "";
	int fd;
	ssize_t n;

	(void)snprintf(path, sizeof(path), "/proc/%d/stat", pid);
	fd = open(path, O_RDONLY);
	if (fd < 0)
		return true;
	n = read(fd, stat, sizeof(stat) - 1);
	(void)close(fd);
	return n <= 0 || strstr(stat, ") Z") != NULL;
}

static void
role_dies_with_its_parent(void **state)
{
	struct role r = run("parent");
	char line[16] = "";
	pid_t grandchild;

	(void)state;
	assert_true(read(r.sock, line, sizeof(line) - 1) > 0);
	grandchild = (pid_t)strtol(line, NULL, 10);
	assert_false(is_dead(grandchild));
	(void)kill(r.pid, SIGKILL);
	end(&r);
	for (int i = 0; i < 12000 && !is_dead(grandchild); i++)
		(void)usleep(10000);
	assert_true(is_dead(grandchild));
}

static void
secrets(void **state)
{
	static const struct {
		const char *command;
		const char *secret; /* NULL: must fail */
		enum err_kind kind;
	} cases[] = {
	    {"echo hunter2", "hunter2", ERR_NONE},
	    {"printf 'a b\\r\\n'", "a b", ERR_NONE},
	    {"printf 'line\\n\\n'", "line\n", ERR_NONE},
	    {"printf %s 0123456789abcde", "0123456789abcde", ERR_NONE},
	    {"printf %s 0123456789abcdef", NULL, ERR_CONF},
	    {"yes", NULL, ERR_CONF},
	    {"true", NULL, ERR_CONF},
	    {"printf 'a\\0b'", NULL, ERR_CONF},
	    {"echo no; exit 3", NULL, ERR_CONF},
	    {"echo no; kill -9 $$", NULL, ERR_CONF},
	    {"echo $SECRET$HOME.", ".", ERR_NONE},
	    {"echo late; sleep 300", NULL, ERR_LATER},
	    {"exec >&-; sleep 300", NULL, ERR_LATER},
	    {"sleep 300 & echo kept open", NULL, ERR_LATER},
	};
	/* Only who is late is waited for in vain. */
	const int soon_ms = 400, patient_ms = 120000;
	int64_t start = clock_mono_ms();

	(void)state;
	(void)setenv("SECRET", "of the parent", 1);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char out[16] = "untouched";
		struct err err = {0};
		int rc = spawn_secret(cases[i].command,
		    cases[i].kind == ERR_LATER ? soon_ms : patient_ms, out,
		    sizeof(out), &err);

		if (cases[i].secret == NULL) {
			assert_int_equal(rc, -1);
			assert_int_equal(err.kind, cases[i].kind);
			assert_string_equal(out, "");
		} else {
			assert_int_equal(rc, 0);
			assert_string_equal(out, cases[i].secret);
		}
	}
	assert_true(clock_mono_ms() - start < 200000);
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(role_is_born_with_nothing),
	    cmocka_unit_test(pidfd_tells_the_end),
	    cmocka_unit_test(role_dies_with_its_parent),
	    cmocka_unit_test(secrets),
	};

	if (argc == 2 && strncmp(argv[1], "--role=", 7) == 0)
		return play_role(argv[1], SPAWN_SOCKET);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
