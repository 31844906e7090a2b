/* SPDX-License-Identifier: ISC */
/*
 * A library that makes system calls fail, to be loaded in front of libc:
 *
 *   LD_PRELOAD=fail.so CLUED_TEST_FAIL=fsync:3:5 clued …
 *
 * The third fsync() of the process answers errno 5 (EIO).  "fsync:3+:5": that
 * one and all that follow.  CLUED_TEST_FAIL_ROLE names the process: "core"
 * (the default), "send", "fetch".  With CLUED_TEST_FAIL_WHILE=FILE it happens
 * (and is counted) only while the file is there.  When it happens "fault
 * injected" goes to standard error.  "malloc" stands for calloc and realloc too.
 */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

static char wanted[32];
static long nth, count;
static int code;
static bool onwards, armed;
static const char *while_there;

static bool
is_my_role(void)
{
	const char *role = getenv("CLUED_TEST_FAIL_ROLE");
	char line[4096] = "", option[64];
	int fd = (int)syscall(
	    SYS_openat, AT_FDCWD, "/proc/self/cmdline", O_RDONLY, 0);
	ssize_t n = fd < 0 ? 0 : syscall(SYS_read, fd, line, sizeof(line) - 1);

	if (fd >= 0)
		(void)syscall(SYS_close, fd);
	for (ssize_t i = 0; i + 1 < n; i++)
		if (line[i] == '\0')
			line[i] = ' ';
	if (role == NULL || strcmp(role, "core") == 0)
		return strstr(line, "--role=") == NULL;
	(void)snprintf(option, sizeof(option), "--role=%s", role);
	return strstr(line, option) != NULL;
}

__attribute__((constructor)) static void
arm(void)
{
	const char *plan = getenv("CLUED_TEST_FAIL");
	char plus = 0;

	if (plan == NULL || !is_my_role())
		return;
	if (sscanf(plan, "%31[a-z0-9_]:%ld+:%d", wanted, &nth, &code) == 3)
		plus = '+';
	else if (sscanf(plan, "%31[a-z0-9_]:%ld:%d", wanted, &nth, &code) !=
	    3)
		return;
	onwards = plus == '+';
	while_there = getenv("CLUED_TEST_FAIL_WHILE");
	armed = true;
}

/* Whether this call is the one; sets errno. */
static bool
fails(const char *name)
{
	static const char said[] = "fault injected\n";
	long n;

	if (!armed || strcmp(name, wanted) != 0)
		return false;
	if (while_there != NULL &&
	    syscall(SYS_access, while_there, F_OK) < 0)
		return false;
	n = __atomic_add_fetch(&count, 1, __ATOMIC_RELAXED);
	if (n != nth && !(onwards && n > nth))
		return false;
	(void)!syscall(SYS_write, STDERR_FILENO, said, sizeof(said) - 1);
	errno = code;
	return true;
}

ssize_t
write(int fd, const void *data, size_t n)
{
	if (fd != STDERR_FILENO && fails("write"))
		return -1;
	return syscall(SYS_write, fd, data, n);
}

ssize_t
pwrite(int fd, const void *data, size_t n, off_t at)
{
	if (fails("pwrite"))
		return -1;
	return syscall(SYS_pwrite64, fd, data, n, at);
}

ssize_t
pwrite64(int fd, const void *data, size_t n, off64_t at)
{
	if (fails("pwrite"))
		return -1;
	return syscall(SYS_pwrite64, fd, data, n, at);
}

ssize_t
pread(int fd, void *data, size_t n, off_t at)
{
	if (fails("pread"))
		return -1;
	return syscall(SYS_pread64, fd, data, n, at);
}

ssize_t
pread64(int fd, void *data, size_t n, off64_t at)
{
	if (fails("pread"))
		return -1;
	return syscall(SYS_pread64, fd, data, n, at);
}

int
fsync(int fd)
{
	return fails("fsync") ? -1 : (int)syscall(SYS_fsync, fd);
}

int
fdatasync(int fd)
{
	return fails("fsync") ? -1 : (int)syscall(SYS_fdatasync, fd);
}

int
ftruncate(int fd, off_t n)
{
	return fails("ftruncate") ? -1 : (int)syscall(SYS_ftruncate, fd, n);
}

int
ftruncate64(int fd, off64_t n)
{
	return fails("ftruncate") ? -1 : (int)syscall(SYS_ftruncate, fd, n);
}

static int
open_as(int dir, const char *path, int flags, mode_t mode)
{
	if (fails("open"))
		return -1;
	return (int)syscall(SYS_openat, dir, path, flags, mode);
}

#define OPEN(name) \
	int name(const char *path, int flags, ...) \
	{ \
		va_list ap; \
		mode_t mode; \
		va_start(ap, flags); \
		mode = va_arg(ap, mode_t); \
		va_end(ap); \
		return open_as(AT_FDCWD, path, flags, mode); \
	}
OPEN(open)
OPEN(open64)

int __open_2(const char *path, int flags);
int
__open_2(const char *path, int flags)
{
	return open_as(AT_FDCWD, path, flags, 0);
}

int __open64_2(const char *path, int flags);
int
__open64_2(const char *path, int flags)
{
	return open_as(AT_FDCWD, path, flags, 0);
}

int
socket(int domain, int type, int protocol)
{
	return fails("socket")
		   ? -1
		   : (int)syscall(SYS_socket, domain, type, protocol);
}

int
socketpair(int domain, int type, int protocol, int pair[2])
{
	return fails("socket")
		   ? -1
		   : (int)syscall(SYS_socketpair, domain, type, protocol, pair);
}

int
pipe2(int ends[2], int flags)
{
	return fails("pipe") ? -1 : (int)syscall(SYS_pipe2, ends, flags);
}

ssize_t
sendmsg(int fd, const struct msghdr *msg, int flags)
{
	return fails("sendmsg") ? -1 : syscall(SYS_sendmsg, fd, msg, flags);
}

ssize_t
recvmsg(int fd, struct msghdr *msg, int flags)
{
	return fails("recvmsg") ? -1 : syscall(SYS_recvmsg, fd, msg, flags);
}

int
memfd_create(const char *name, unsigned flags)
{
	return fails("memfd_create")
		   ? -1
		   : (int)syscall(SYS_memfd_create, name, flags);
}

pid_t
fork(void)
{
	static pid_t (*next)(void);

	if (next == NULL) /* an object pointer may hold it (POSIX) */
		*(void **)(&next) = dlsym(RTLD_NEXT, "fork");
	return fails("fork") ? -1 : next();
}

void *
mmap(void *at, size_t n, int prot, int flags, int fd, off_t offset)
{
	if (fails("mmap"))
		return MAP_FAILED;
	return (void *)syscall(SYS_mmap, at, n, prot, flags, fd, offset);
}

void *
mmap64(void *at, size_t n, int prot, int flags, int fd, off64_t offset)
{
	if (fails("mmap"))
		return MAP_FAILED;
	return (void *)syscall(SYS_mmap, at, n, prot, flags, fd, offset);
}

/* glibc's own names: dlsym() itself allocates. */
extern void *__libc_malloc(size_t n);
extern void *__libc_calloc(size_t n, size_t size);
extern void *__libc_realloc(void *p, size_t n);

void *
malloc(size_t n)
{
	return fails("malloc") ? NULL : __libc_malloc(n);
}

void *
calloc(size_t n, size_t size)
{
	return fails("malloc") ? NULL : __libc_calloc(n, size);
}

void *
realloc(void *p, size_t n)
{
	return fails("malloc") ? NULL : __libc_realloc(p, n);
}
