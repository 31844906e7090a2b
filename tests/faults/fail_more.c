/* SPDX-License-Identifier: ISC */
/*
 * The calls of libc that do nothing else here than fail or be made.  Those
 * that programs make by their number are known by name too: pidfd_open,
 * seccomp, landlock.
 */
#include "fail.h"

#include <dirent.h>
#include <dlfcn.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/syscall.h>
#include <sys/timerfd.h>
#include <unistd.h>

/* An object pointer may hold a function (POSIX). */
#define NEXT(next, name) \
	do { \
		if ((next) == NULL) \
			*(void **)(&(next)) = dlsym(RTLD_NEXT, name); \
	} while (0)

#define CALL_AS(known, type, bad, name, params, args) \
	type name params \
	{ \
		static type(*next) params; \
		NEXT(next, #name); \
		return fail_errno(known) ? bad : next args; \
	}
#define CALL(type, bad, name, params, args) \
	CALL_AS(#name, type, bad, name, params, args)

CALL(int, -1, access, (const char *path, int how), (path, how))
CALL(int, -1, fchmod, (int fd, mode_t mode), (fd, mode))
CALL(int, -1, link, (const char *from, const char *to), (from, to))
CALL(int, -1, flock, (int fd, int how), (fd, how))
CALL(int, -1, mkostemp, (char *path, int flags), (path, flags))
CALL(char *, NULL, mkdtemp, (char *path), (path))
CALL(DIR *, NULL, opendir, (const char *path), (path))
CALL(int, -1, dup2, (int from, int to), (from, to))
CALL(int, -1, close_range, (unsigned first, unsigned last, int flags),
    (first, last, flags))
CALL(int, -1, execve,
    (const char *path, char *const argv[], char *const env[]),
    (path, argv, env))
CALL(int, -1, execveat,
    (int dir, const char *path, char *const argv[], char *const env[],
	int flags),
    (dir, path, argv, env, flags))
CALL(int, -1, setrlimit, (__rlimit_resource_t what, const struct rlimit *r),
    (what, r))
CALL(int, -1, epoll_create1, (int flags), (flags))
CALL(int, -1, epoll_wait,
    (int set, struct epoll_event *events, int most, int wait_ms),
    (set, events, most, wait_ms))
CALL(int, -1, timerfd_create, (int clock, int flags), (clock, flags))
CALL(int, -1, timerfd_settime,
    (int fd, int flags, const struct itimerspec *at, struct itimerspec *old),
    (fd, flags, at, old))
CALL(int, -1, signalfd, (int fd, const sigset_t *set, int flags),
    (fd, set, flags))
CALL(int, -1, getsockopt,
    (int fd, int level, int name, void *to, socklen_t *n),
    (fd, level, name, to, n))
CALL(int, -1, setsockopt,
    (int fd, int level, int name, const void *from, socklen_t n),
    (fd, level, name, from, n))
CALL(int, 11, pthread_create,
    (pthread_t * to, const pthread_attr_t *how, void *(*run)(void *),
	void *arg),
    (to, how, run, arg))
CALL(int, -1, stat, (const char *path, struct stat *to), (path, to))
CALL(int, -1, lstat, (const char *path, struct stat *to), (path, to))
CALL(int, -1, fstat, (int fd, struct stat *to), (fd, to))
CALL(int, -1, statvfs, (const char *path, struct statvfs *to), (path, to))
CALL(FILE *, NULL, fopen, (const char *path, const char *how), (path, how))
CALL(FILE *, NULL, fdopen, (int fd, const char *how), (fd, how))
CALL(int, EOF, fflush, (FILE * f), (f))
CALL_AS("stat", int, -1, stat64, (const char *path, struct stat64 *to),
    (path, to))
CALL_AS("lstat", int, -1, lstat64, (const char *path, struct stat64 *to),
    (path, to))
CALL_AS("fstat", int, -1, fstat64, (int fd, struct stat64 *to), (fd, to))
CALL_AS("fopen", FILE *, NULL, fopen64, (const char *path, const char *how),
    (path, how))

/* It is closed all the same. */
int
fclose(FILE *f)
{
	static int (*next)(FILE *);
	int rc;

	NEXT(next, "fclose");
	rc = next(f);
	return fail_errno("fclose") ? EOF : rc;
}

/* What makes something, or takes a lock: giving one up never fails. */
static bool
control_fails(int op, const void *arg)
{
	switch (op) {
	case F_DUPFD:
	case F_DUPFD_CLOEXEC:
	case F_ADD_SEALS:
	case F_SETFL:
		return fail_errno("fcntl");
	case F_SETLK:
	case F_SETLKW:
		return ((const struct flock *)arg)->l_type != F_UNLCK &&
		       fail_errno("fcntl_lock");
	default:
		return false;
	}
}

#define CONTROL(name) \
	int name(int fd, int op, ...) \
	{ \
		static int (*next)(int, int, ...); \
		void *arg; \
		va_list ap; \
		va_start(ap, op); \
		arg = va_arg(ap, void *); \
		va_end(ap); \
		NEXT(next, #name); \
		return control_fails(op, arg) ? -1 : next(fd, op, arg); \
	}
CONTROL(fcntl)
CONTROL(fcntl64)

int
prctl(int op, ...)
{
	static int (*next)(int, ...);
	unsigned long a[4];
	va_list ap;

	va_start(ap, op);
	for (size_t i = 0; i < 4; i++)
		a[i] = va_arg(ap, unsigned long);
	va_end(ap);
	NEXT(next, "prctl");
	return fail_errno("prctl") ? -1 : next(op, a[0], a[1], a[2], a[3]);
}

static const char *
name_of(long number)
{
	switch (number) {
	case SYS_pidfd_open:
		return "pidfd_open";
	case SYS_seccomp:
		return "seccomp";
	case SYS_landlock_create_ruleset:
	case SYS_landlock_add_rule:
	case SYS_landlock_restrict_self:
		return "landlock";
	default:
		return NULL;
	}
}

long
syscall(long number, ...)
{
	static long (*next)(long, ...);
	const char *name = name_of(number);
	long a[6];
	va_list ap;

	va_start(ap, number);
	for (size_t i = 0; i < 6; i++)
		a[i] = va_arg(ap, long);
	va_end(ap);
	NEXT(next, "syscall");
	if (name != NULL && fail_errno(name))
		return -1;
	return next(number, a[0], a[1], a[2], a[3], a[4], a[5]);
}
