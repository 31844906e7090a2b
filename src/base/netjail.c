/* SPDX-License-Identifier: ISC */
#include "base/netjail.h"

#include <sched.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <seccomp.h>

#include "base/err.h"
#include "base/sandbox.h"

#define LEN(a) (sizeof(a) / sizeof((a)[0]))

/* Names, certificates, and the modules that glibc loads to look names up. */
#define READ_PATHS                                                            \
	"/etc/ssl", "/usr/share/ca-certificates",                             \
	    "/usr/local/share/ca-certificates", "/etc/gnutls",                \
	    "/etc/resolv.conf", "/run/systemd/resolve", "/run/resolvconf",    \
	    "/run/NetworkManager", "/etc/hosts", "/etc/nsswitch.conf",        \
	    "/etc/host.conf", "/etc/gai.conf", "/etc/services",               \
	    "/etc/localtime", "/usr/share/zoneinfo", "/etc/ld.so.cache",      \
	    "/usr/lib", "/lib", "/lib64", "/dev/urandom",                     \
	    "/proc/sys/crypto/fips_enabled"

/* pthread_create() of glibc: libcurl resolves in a thread; no processes. */
#define THREAD_FLAGS                                                          \
	(CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SYSVSEM | CLONE_SIGHAND |  \
	    CLONE_THREAD | CLONE_SETTLS | CLONE_PARENT_SETTID |               \
	    CLONE_CHILD_CLEARTID)

#define CALL(name)                                                            \
	{                                                                     \
		SCMP_SYS(name), 0, 0, { 0 }                                   \
	}

static const struct sandbox_rule rules[] = {
    /* Network; AF_NETLINK: getaddrinfo() sorts by our own addresses. */
    {SCMP_SYS(socket), 3, 0, {AF_INET, AF_INET6, AF_NETLINK}},
    /* libcurl wakes its resolver thread over a pair. */
    {SCMP_SYS(socketpair), 1, 0, {AF_UNIX}},
    CALL(connect), CALL(bind), CALL(shutdown), CALL(getsockname),
    CALL(getpeername), CALL(getsockopt), CALL(setsockopt), CALL(sendto),
    CALL(sendmsg), CALL(sendmmsg), CALL(recvfrom), CALL(recvmsg),
    CALL(poll), CALL(ppoll), CALL(select), CALL(pselect6), CALL(fcntl),
    CALL(ioctl), CALL(eventfd2), CALL(pipe2),
    /* Files, as far as Landlock lets them be read. */
    CALL(read), CALL(write), CALL(readv), CALL(writev), CALL(pread64),
    CALL(close), CALL(open), CALL(openat), CALL(stat), CALL(fstat),
    CALL(lstat), CALL(newfstatat), CALL(statx), CALL(lseek), CALL(access),
    CALL(faccessat), CALL(faccessat2), CALL(readlink), CALL(readlinkat),
    CALL(getdents64), CALL(fadvise64),
    /* Memory; munlock at the end of the secret. */
    CALL(brk), CALL(mmap), CALL(munmap), CALL(mremap), CALL(mprotect),
    CALL(madvise), CALL(munlock),
    /* Threads and signals. */
    {SCMP_SYS(clone), 1, 0, {THREAD_FLAGS}}, CALL(futex),
    CALL(set_robust_list), CALL(rseq), CALL(sched_yield),
    CALL(sched_getaffinity), CALL(rt_sigaction), CALL(rt_sigprocmask),
    CALL(rt_sigreturn), CALL(sigaltstack), CALL(gettid), CALL(getpid),
    CALL(exit), CALL(exit_group), CALL(restart_syscall),
    /* Time, chance, and what libraries ask of the system. */
    CALL(clock_gettime), CALL(clock_getres), CALL(gettimeofday), CALL(time),
    CALL(nanosleep), CALL(clock_nanosleep), CALL(getrandom), CALL(uname),
    CALL(sysinfo), CALL(getrlimit), CALL(getuid),
    CALL(geteuid), CALL(getgid), CALL(getegid),
    /* Its own limits, not those of others. */
    {SCMP_SYS(prlimit64), 1, 0, {0}}};

static const struct sandbox_rule memfd_rules[] = {
    CALL(memfd_create), CALL(ftruncate)};

/* The lists, and signals to nobody but ourselves. */
static int
filter(const struct netjail *jail, struct err *err)
{
	struct sandbox_rule all[LEN(rules) + LEN(memfd_rules) + 1];
	size_t n = LEN(rules);

	memcpy(all, rules, sizeof(rules));
	if (jail->makes_memfds) {
		memcpy(&all[n], memfd_rules, sizeof(memfd_rules));
		n += LEN(memfd_rules);
	}
	all[n++] = (struct sandbox_rule){
	    SCMP_SYS(tgkill), 1, 0, {getpid()}};
	return sandbox_seccomp(all, n, false, err);
}

int
netjail_enter(const struct netjail *jail, struct err *err)
{
	const char *const paths[] = {READ_PATHS,
	    jail->ca_file[0] != '\0' ? jail->ca_file : NULL, NULL};
	bool have_landlock;

	if (sandbox_limits(jail->memory_bytes, 0, jail->n_files, err) < 0 ||
	    sandbox_landlock(paths, &have_landlock, err) < 0 ||
	    filter(jail, err) < 0)
		return err_at(err, "sandbox");
	return 0;
}
