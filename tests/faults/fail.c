/* SPDX-License-Identifier: ISC */
/*
 * A library that makes calls fail, to be loaded in front of libc and SQLite:
 *
 *   LD_PRELOAD=fail.so CLUED_TEST_FAIL=PAGE clued …
 *
 * PAGE is a file that the test maps as well (fault_page.py): it says which
 * call of which process fails how, may be changed while the processes run,
 * and tells what happened.  See fail.h.  "malloc" stands for calloc and
 * realloc too; fail_more.c has more of libc's calls, and fail_vfs.c those of
 * SQLite's virtual file system.
 */
#include "fail.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

static struct fail_page *page;
static char my_role[24];
static pid_t my_pid; /* who may not ask knows it from before */

/* "core", or what stands behind --role= */
static void
know_role(void)
{
	char line[4096] = "";
	const char *found;
	int fd = (int)syscall(
	    SYS_openat, AT_FDCWD, "/proc/self/cmdline", O_RDONLY, 0);
	ssize_t n = fd < 0 ? 0 : syscall(SYS_read, fd, line, sizeof(line) - 1);

	if (fd >= 0)
		(void)syscall(SYS_close, fd);
	for (ssize_t i = 0; i + 1 < n; i++)
		if (line[i] == '\0')
			line[i] = ' ';
	found = strstr(line, "--role=");
	(void)snprintf(my_role, sizeof(my_role), "%s",
	    found != NULL ? found + strlen("--role=") : "core");
	my_role[strcspn(my_role, " ")] = '\0';
}

__attribute__((constructor)) static void
arm(void)
{
	const char *path = getenv("CLUED_TEST_FAIL");
	void *at;
	int fd;

	if (path == NULL)
		return;
	know_role();
	my_pid = getpid();
	fail_stack_init();
	fd = (int)syscall(SYS_openat, AT_FDCWD, path, O_RDWR | O_CLOEXEC, 0);
	if (fd < 0)
		return;
	at = (void *)syscall(SYS_mmap, NULL, sizeof(*page),
	    PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	(void)syscall(SYS_close, fd);
	if (at != MAP_FAILED)
		page = at;
}

/* Whether no call failed yet that came from there; from now on one has. */
static bool
is_new(uint64_t stack)
{
	uint64_t found;

	for (size_t i = 0; i < FAIL_STACKS; i++) {
		found = 0;
		if (__atomic_compare_exchange_n(
			&page->stacks[(stack + i) % FAIL_STACKS], &found,
			stack, false, __ATOMIC_RELAXED, __ATOMIC_RELAXED)) {
			__atomic_add_fetch(
			    &page->n_stacks, 1, __ATOMIC_RELAXED);
			return true;
		}
		if (found == stack)
			return false;
	}
	return false;
}

/* What reads the configuration for us ends the process when memory is out; the
 * service manager starts it again, and a reload is tried in a child first. */
static bool
is_spared(const struct fail_trace *t)
{
	static const char *const names[] = {
	    "libconfig.", "libopencc.", "libglib-"};
	const char *name;

	for (size_t i = 0; i < FAIL_FRAMES; i++)
		for (size_t k = 0; k < sizeof(names) / sizeof(names[0]); k++) {
			name = t->frames[i].module;
			if (strncmp(name, names[k], strlen(names[k])) == 0)
				return strcmp(my_role, "core") == 0;
		}
	return false;
}

static bool
fails_as_new(struct fail_fault *f, int64_t n)
{
	struct fail_trace t;
	uint64_t stack;

	if (f->happened >= f->nth || n < f->from)
		return (f->how & FAIL_ONWARDS) != 0;
	stack = fail_stack(f->depth, &t);
	if ((f->parts != 0 && stack % f->parts != f->part) || is_spared(&t) ||
	    !is_new(stack))
		return (f->how & FAIL_ONWARDS) != 0 && f->happened > 0;
	if (__atomic_sub_fetch(&f->skip, 1, __ATOMIC_RELAXED) >= 0)
		return false;
	f->from = n;
	page->traces[__atomic_fetch_add(&page->n_traces, 1,
		__ATOMIC_RELAXED) % FAIL_TRACES] = t;
	return true;
}

static bool
fault_fails(struct fail_fault *f)
{
	int64_t n;

	if ((f->how & FAIL_AFTER) != 0 && page->faults[0].happened == 0)
		return false;
	n = __atomic_add_fetch(&f->count, 1, __ATOMIC_RELAXED);
	if ((f->how & FAIL_NEW) != 0)
		return fails_as_new(f, n);
	return n == f->nth || ((f->how & FAIL_ONWARDS) != 0 && n > f->nth);
}

/* No filter of a role lets it kill itself: the test does. */
static void
die(void)
{
	if (strcmp(my_role, "core") == 0)
		(void)kill(my_pid, SIGKILL);
	__atomic_store_n(&page->victim, my_pid, __ATOMIC_RELEASE);
	for (;;)
		__asm__ volatile("" ::: "memory");
}

bool
fail_now(const char *name, int *code_out)
{
	static _Thread_local bool inside;
	struct fail_fault *f;
	bool yes = false;

	if (page == NULL || inside)
		return false;
	inside = true; /* to look at the stack may itself need memory */
	for (size_t i = 0; i < FAIL_FAULTS && !yes; i++) {
		f = &page->faults[i];
		if (!__atomic_load_n(&f->armed, __ATOMIC_ACQUIRE) ||
		    strcmp(name, f->call) != 0 ||
		    strcmp(my_role, f->role) != 0 || !fault_fails(f))
			continue;
		__atomic_add_fetch(&f->happened, 1, __ATOMIC_RELAXED);
		if ((f->how & FAIL_KILL) != 0)
			die();
		*code_out = f->code;
		yes = (f->how & FAIL_MARK) == 0;
	}
	inside = false;
	return yes;
}

bool
fail_errno(const char *name)
{
	int code;

	if (!fail_now(name, &code))
		return false;
	errno = code;
	return true;
}

/* The name server is out of reach. */
int
getaddrinfo(const char *node, const char *service,
    const struct addrinfo *hints, struct addrinfo **out)
{
	static int (*next)(const char *, const char *,
	    const struct addrinfo *, struct addrinfo **);

	if (next == NULL)
		*(void **)(&next) = dlsym(RTLD_NEXT, "getaddrinfo");
	return fail_errno("getaddrinfo") ? EAI_AGAIN
				    : next(node, service, hints, out);
}

ssize_t
write(int fd, const void *data, size_t n)
{
	if (fd > STDERR_FILENO && fail_errno("write"))
		return -1;
	return syscall(SYS_write, fd, data, n);
}

ssize_t
read(int fd, void *data, size_t n)
{
	return fail_errno("read") ? -1 : syscall(SYS_read, fd, data, n);
}

/* What callers that were built with checks of sizes call. */
ssize_t __read_chk(int fd, void *data, size_t n, size_t room);
ssize_t
__read_chk(int fd, void *data, size_t n, size_t room)
{
	if (n > room)
		abort();
	return read(fd, data, n);
}

ssize_t
pwrite(int fd, const void *data, size_t n, off_t at)
{
	if (fail_errno("pwrite"))
		return -1;
	return syscall(SYS_pwrite64, fd, data, n, at);
}

ssize_t
pwrite64(int fd, const void *data, size_t n, off64_t at)
{
	if (fail_errno("pwrite"))
		return -1;
	return syscall(SYS_pwrite64, fd, data, n, at);
}

ssize_t
pread(int fd, void *data, size_t n, off_t at)
{
	if (fail_errno("pread"))
		return -1;
	return syscall(SYS_pread64, fd, data, n, at);
}

ssize_t
pread64(int fd, void *data, size_t n, off64_t at)
{
	if (fail_errno("pread"))
		return -1;
	return syscall(SYS_pread64, fd, data, n, at);
}

int
fsync(int fd)
{
	return fail_errno("fsync") ? -1 : (int)syscall(SYS_fsync, fd);
}

int
fdatasync(int fd)
{
	return fail_errno("fsync") ? -1 : (int)syscall(SYS_fdatasync, fd);
}

int
ftruncate(int fd, off_t n)
{
	return fail_errno("ftruncate") ? -1 : (int)syscall(SYS_ftruncate, fd, n);
}

int
ftruncate64(int fd, off64_t n)
{
	return fail_errno("ftruncate") ? -1 : (int)syscall(SYS_ftruncate, fd, n);
}

static int
open_as(int dir, const char *path, int flags, mode_t mode)
{
	if (fail_errno("open"))
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
	return fail_errno("socket")
		   ? -1
		   : (int)syscall(SYS_socket, domain, type, protocol);
}

int
socketpair(int domain, int type, int protocol, int pair[2])
{
	return fail_errno("socket")
		   ? -1
		   : (int)syscall(SYS_socketpair, domain, type, protocol, pair);
}

int
pipe2(int ends[2], int flags)
{
	return fail_errno("pipe") ? -1 : (int)syscall(SYS_pipe2, ends, flags);
}

ssize_t
sendmsg(int fd, const struct msghdr *msg, int flags)
{
	return fail_errno("sendmsg") ? -1 : syscall(SYS_sendmsg, fd, msg, flags);
}

ssize_t
recvmsg(int fd, struct msghdr *msg, int flags)
{
	return fail_errno("recvmsg") ? -1 : syscall(SYS_recvmsg, fd, msg, flags);
}

ssize_t
send(int fd, const void *data, size_t n, int flags)
{
	return fail_errno("send")
		   ? -1
		   : syscall(SYS_sendto, fd, data, n, flags, NULL, 0);
}

ssize_t
recv(int fd, void *data, size_t n, int flags)
{
	return fail_errno("recv")
		   ? -1
		   : syscall(SYS_recvfrom, fd, data, n, flags, NULL, NULL);
}

ssize_t __recv_chk(int fd, void *data, size_t n, size_t room, int flags);
ssize_t
__recv_chk(int fd, void *data, size_t n, size_t room, int flags)
{
	if (n > room)
		abort();
	return recv(fd, data, n, flags);
}

int
connect(int fd, const struct sockaddr *to, socklen_t n)
{
	return fail_errno("connect") ? -1 : (int)syscall(SYS_connect, fd, to, n);
}

int
poll(struct pollfd *fds, nfds_t n, int wait_ms)
{
	return fail_errno("poll") ? -1 : (int)syscall(SYS_poll, fds, n, wait_ms);
}

int __poll_chk(struct pollfd *fds, nfds_t n, int wait_ms, size_t room);
int
__poll_chk(struct pollfd *fds, nfds_t n, int wait_ms, size_t room)
{
	if (n * sizeof(*fds) > room)
		abort();
	return poll(fds, n, wait_ms);
}

int
epoll_ctl(int set, int op, int fd, struct epoll_event *event)
{
	return fail_errno("epoll_ctl")
		   ? -1
		   : (int)syscall(SYS_epoll_ctl, set, op, fd, event);
}

int
rename(const char *from, const char *to)
{
	return fail_errno("rename") ? -1 : (int)syscall(SYS_rename, from, to);
}

int
unlink(const char *path)
{
	return fail_errno("unlink") ? -1 : (int)syscall(SYS_unlink, path);
}

int
mkdir(const char *path, mode_t mode)
{
	return fail_errno("mkdir") ? -1 : (int)syscall(SYS_mkdir, path, mode);
}

int
memfd_create(const char *name, unsigned flags)
{
	return fail_errno("memfd_create")
		   ? -1
		   : (int)syscall(SYS_memfd_create, name, flags);
}

pid_t
fork(void)
{
	static pid_t (*next)(void);
	pid_t pid;

	if (next == NULL) /* an object pointer may hold it (POSIX) */
		*(void **)(&next) = dlsym(RTLD_NEXT, "fork");
	if (fail_errno("fork"))
		return -1;
	pid = next();
	if (pid == 0)
		my_pid = getpid();
	return pid;
}

void *
mmap(void *at, size_t n, int prot, int flags, int fd, off_t offset)
{
	if (fail_errno("mmap"))
		return MAP_FAILED;
	return (void *)syscall(SYS_mmap, at, n, prot, flags, fd, offset);
}

void *
mmap64(void *at, size_t n, int prot, int flags, int fd, off64_t offset)
{
	if (fail_errno("mmap"))
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
	return fail_errno("malloc") ? NULL : __libc_malloc(n);
}

void *
calloc(size_t n, size_t size)
{
	return fail_errno("malloc") ? NULL : __libc_calloc(n, size);
}

void *
realloc(void *p, size_t n)
{
	return fail_errno("malloc") ? NULL : __libc_realloc(p, n);
}
