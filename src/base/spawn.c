/* SPDX-License-Identifier: ISC */
#include "base/spawn.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/err.h"
#include "base/programs.h"
#include "base/str.h"

/* Descriptors above every target of dup2() below. */
#define HIGH_FD 10
#define ENV_MAX 24

/* ---- between fork and exec: only async-signal-safe calls ---------------- */

/* Standard input, output, error, the socket, and one for tests. */
#define MAX_PLACED 5

struct plan {
	const char *path;
	int program; /* where there is one, instead of the path */
	const char *const *argv;
	const char *const *env;
	/* become 0 … n_fds - 1; -1 = /dev/null, KEEP = as it is */
	int fds[MAX_PLACED];
	unsigned n_fds;
	pid_t parent;
	bool own_session;
	int report; /* the errno of a failure goes here */
};

#define KEEP (-2)

static void
reset_signals(void)
{
	sigset_t none;

	for (int s = 1; s < NSIG; s++)
		(void)signal(s, SIG_DFL);
	(void)sigemptyset(&none);
	(void)sigprocmask(SIG_SETMASK, &none, NULL);
}

/* Makes the lowest descriptors what the plan says.  Sources are moved out of
 * the way first. */
static int
place_fds(const struct plan *p)
{
	int high[MAX_PLACED];

	for (unsigned i = 0; i < p->n_fds; i++) {
		if (p->fds[i] == KEEP)
			continue;
		high[i] = p->fds[i] >= 0
			      ? fcntl(p->fds[i], F_DUPFD_CLOEXEC, HIGH_FD)
			      : open("/dev/null", O_RDWR | O_CLOEXEC);
		if (high[i] >= 0 && high[i] < HIGH_FD)
			high[i] = fcntl(high[i], F_DUPFD_CLOEXEC, HIGH_FD);
		if (high[i] < 0)
			return -1;
	}
	for (unsigned i = 0; i < p->n_fds; i++) {
		if (p->fds[i] != KEEP && dup2(high[i], (int)i) < 0)
			return -1;
	}
	return close_range(p->n_fds, ~0U, CLOSE_RANGE_CLOEXEC);
}

static int
run_program(const struct plan *p)
{
	char *const *argv = (char *const *)(uintptr_t)p->argv;
	char *const *env = (char *const *)(uintptr_t)p->env;

	return p->program >= 0
	    ? execveat(p->program, "", argv, env, AT_EMPTY_PATH)
	    : execve(p->path, argv, env);
}

static void __attribute__((noreturn)) run_plan(struct plan *p)
{
	int code;

	p->report = fcntl(p->report, F_DUPFD_CLOEXEC, HIGH_FD);
	reset_signals();
	if (p->own_session)
		(void)setsid();
	if (prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0) == 0 &&
	    place_fds(p) == 0) {
		/* The parent may have died before the request was heard. */
		if (getppid() != p->parent)
			_exit(126);
		(void)run_program(p);
	}
	code = errno;
	(void)!write(p->report, &code, sizeof(code));
	_exit(127);
}

/* ---- the parent's side -------------------------------------------------- */

static bool
passed_on(const char *var)
{
#ifdef CLUED_TEST_HOOKS
	if (str_starts(var, "CLUED_TEST_") ||
	    str_starts(var, "ASAN_OPTIONS=") ||
	    str_starts(var, "UBSAN_OPTIONS=") ||
	    str_starts(var, "LSAN_OPTIONS="))
		return true;
#endif
	(void)var;
	return false;
}

/* Fills env (ENV_MAX entries, NULL at the end). */
static void
small_env(const char **env)
{
	size_t n = 0;

	env[n++] = "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:"
		   "/sbin:/bin";
	env[n++] = "LANG=C.UTF-8";
	env[n++] = "TZ=UTC";
	for (char **e = environ; *e != NULL && n < ENV_MAX - 2; e++) {
		if (passed_on(*e))
			env[n++] = *e;
#ifdef CLUED_TEST_HOOKS
		/* A library that roles shall load in front of libc. */
		if (str_starts(*e, "CLUED_TEST_LD_PRELOAD="))
			env[n++] = *e + strlen("CLUED_TEST_");
#endif
	}
	env[n] = NULL;
}

/* Waits for the child's exec: its report pipe closes, or brings an errno. */
static int
await_exec(int report, const char *path, struct err *err)
{
	int code = 0;
	ssize_t n;

	do
		n = read(report, &code, sizeof(code));
	while (n < 0 && errno == EINTR);
	if (n == (ssize_t)sizeof(code))
		return err_errno(err, code, "run %s", path);
	return 0;
}

static void
reap(pid_t pid, int *status_out)
{
	int status = 0;

	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		continue;
	if (status_out != NULL)
		*status_out = status;
}

static int
start(struct plan *p, pid_t *pid_out, struct err *err)
{
	int report[2];
	pid_t pid;
	int rc;

	if (pipe2(report, O_CLOEXEC) < 0)
		return err_errno(err, errno, "pipe");
	p->parent = getpid();
	p->report = report[1];
	pid = fork();
	if (pid == 0)
		run_plan(p);
	(void)close(report[1]);
	if (pid < 0) {
		(void)close(report[0]);
		return err_errno(err, errno, "fork");
	}
	rc = await_exec(report[0], p->path, err);
	(void)close(report[0]);
	if (rc < 0) {
		reap(pid, NULL);
		return -1;
	}
	*pid_out = pid;
	return 0;
}

static int
open_pidfd(pid_t pid, int *pidfd_out, struct err *err)
{
	/* The child is ours and not yet waited for: no race for the number. */
	int fd = (int)syscall(SYS_pidfd_open, pid, 0);

	if (fd < 0) {
		(void)err_errno(err, errno, "pidfd_open");
		(void)kill(pid, SIGKILL);
		reap(pid, NULL);
		return -1;
	}
	*pidfd_out = fd;
	return 0;
}

#ifdef CLUED_TEST_HOOKS
/* valgrind 3.19 knows no pidfd_open(2): the end of a pipe that the child
 * inherits tells of its end. */
static int
spawn_without_pidfd(struct plan *plan, pid_t *pid_out, int *pidfd_out,
    struct err *err)
{
	int ends[2], rc;

	if (pipe2(ends, O_CLOEXEC) < 0)
		return err_errno(err, errno, "pipe");
	plan->fds[plan->n_fds++] = ends[1];
	rc = start(plan, pid_out, err);
	(void)close(ends[1]);
	if (rc < 0)
		(void)close(ends[0]);
	else
		*pidfd_out = ends[0];
	return rc;
}
#endif

int
spawn_role(const char *role, int socket, pid_t *pid_out, int *pidfd_out,
    struct err *err)
{
	char option[64];
	const char *env[ENV_MAX];
	const char *argv[] = {
	    program_invocation_name, option, programs_build_option(), NULL};
	struct plan plan = {.path = role,
	    .program = programs_open(role, err),
	    .argv = argv,
	    .env = env,
	    .fds = {-1, -1, KEEP, socket},
	    .n_fds = 4};
	pid_t pid;

	if (plan.program == -1)
		return -1;
	(void)snprintf(option, sizeof(option), "--role=%s", role);
	if (plan.program == PROGRAMS_SELF) {
		plan.path = "/proc/self/exe";
		argv[2] = NULL;
	}
	small_env(env);
#ifdef CLUED_TEST_HOOKS
	if (getenv("CLUED_TEST_NO_PIDFD") != NULL)
		return spawn_without_pidfd(&plan, pid_out, pidfd_out, err);
#endif
	if (start(&plan, &pid, err) < 0 || open_pidfd(pid, pidfd_out, err) < 0)
		return err_at(err, "start role %s", role);
	*pid_out = pid;
	return 0;
}

/* ---- secrets ------------------------------------------------------------ */

/* 1 = readable (or closed), 0 = the deadline passed. */
static int
wait_for(int fd, int64_t deadline)
{
	struct pollfd p = {fd, POLLIN, 0};
	int64_t left;
	int n;

	do {
		left = deadline - clock_mono_ms();
		if (left <= 0)
			return 0;
		n = poll(&p, 1, left > INT32_MAX ? INT32_MAX : (int)left);
	} while (n < 0 && errno == EINTR);
	return n > 0;
}

/* Reads to the end of file. */
static int
read_secret(int fd, int64_t deadline, char *out, size_t size, size_t *len_out,
    struct err *err)
{
	size_t len = 0;
	ssize_t n;

	while (len < size) {
		if (wait_for(fd, deadline) == 0)
			return err_set(err, ERR_LATER, ERR_ERRNO, ETIMEDOUT,
			    "the secret's command took too long");
		n = read(fd, out + len, size - len);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return err_errno(err, errno, "read secret");
		if (n == 0) {
			*len_out = len;
			return 0;
		}
		len += (size_t)n;
	}
	return err_set(err, ERR_CONF, ERR_OWN, 0,
	    "the secret's command printed more than %zu bytes", size - 1);
}

static int
check_secret(char *out, size_t len, struct err *err)
{
	if (len > 0 && out[len - 1] == '\n')
		len--;
	if (len > 0 && out[len - 1] == '\r')
		len--;
	out[len] = '\0';
	if (len == 0 || strlen(out) != len)
		return err_set(err, ERR_CONF, ERR_OWN, 0,
		    "the secret's command printed %s",
		    len == 0 ? "nothing" : "a NUL byte");
	return 0;
}

static int
check_status(int status, struct err *err)
{
	if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
		return 0;
	if (WIFEXITED(status))
		return err_set(err, ERR_CONF, ERR_OWN, 0,
		    "the secret's command ended with status %d",
		    WEXITSTATUS(status));
	return err_set(err, ERR_CONF, ERR_OWN, 0,
	    "the secret's command was killed by signal %d", WTERMSIG(status));
}

/* Waits for the end, by force at the deadline; the whole session dies. */
static int
finish(pid_t pid, int64_t deadline, struct err *err)
{
	int pidfd = -1, in_time, status;

	if (open_pidfd(pid, &pidfd, err) < 0)
		return -1;
	in_time = wait_for(pidfd, deadline);
	(void)close(pidfd);
	(void)kill(-pid, SIGKILL);
	reap(pid, &status);
	if (!in_time)
		return err_set(err, ERR_LATER, ERR_ERRNO, ETIMEDOUT,
		    "the secret's command took too long");
	return check_status(status, err);
}

static int
collect(pid_t pid, int fd, int64_t deadline, char *out, size_t size,
    struct err *err)
{
	size_t len = 0;

	if (read_secret(fd, deadline, out, size, &len, err) < 0) {
		(void)finish(pid, 0, NULL);
		return -1;
	}
	if (finish(pid, deadline, err) < 0)
		return -1;
	return check_secret(out, len, err);
}

int
spawn_secret(const char *command, int timeout_ms, char *out, unsigned long size,
    struct err *err)
{
	const char *env[ENV_MAX];
	const char *const argv[] = {"sh", "-c", command, NULL};
	struct plan plan = {.path = "/bin/sh",
	    .program = -1,
	    .argv = argv,
	    .env = env,
	    .fds = {-1, -1, KEEP},
	    .n_fds = 3,
	    .own_session = true};
	int64_t deadline = clock_mono_ms() + timeout_ms;
	int output[2], rc;
	pid_t pid;

	if (pipe2(output, O_CLOEXEC) < 0)
		return err_errno(err, errno, "pipe");
	small_env(env);
	plan.fds[1] = output[1];
	rc = start(&plan, &pid, err);
	(void)close(output[1]);
	if (rc == 0)
		rc = collect(pid, output[0], deadline, out, size, err);
	(void)close(output[0]);
	if (rc < 0)
		explicit_bzero(out, size);
	return rc;
}
