/* SPDX-License-Identifier: ISC */
#include "parse/jail.h"

#include <fcntl.h>
#include <stdbool.h>
#include <sys/mman.h>

#include <seccomp.h>

#include "base/err.h"
#include "base/limits.h"
#include "base/sandbox.h"

#define PROT_RW (PROT_READ | PROT_WRITE)

/* The zygote touches no stranger's byte: it may fork, bury and kill, and what
 * its children need until they have a filter of their own. */
static const struct sandbox_rule rules[] = {
    {SCMP_SYS(read), 0, 0, {0}},
    {SCMP_SYS(write), 0, 0, {0}},
    {SCMP_SYS(recvmsg), 0, 0, {0}},
    {SCMP_SYS(sendmsg), 0, 0, {0}},
    {SCMP_SYS(poll), 0, 0, {0}},
    {SCMP_SYS(ppoll), 0, 0, {0}},
    {SCMP_SYS(close), 0, 0, {0}},
    {SCMP_SYS(close_range), 0, 0, {0}},
    {SCMP_SYS(dup2), 0, 0, {0}},
    {SCMP_SYS(dup3), 0, 0, {0}},
    {SCMP_SYS(fcntl), 0, 0, {0}},
    {SCMP_SYS(fstat), 0, 0, {0}},
    {SCMP_SYS(newfstatat), 1, 3, {AT_EMPTY_PATH}},
    {SCMP_SYS(lseek), 0, 0, {0}},
    {SCMP_SYS(memfd_create), 0, 0, {0}},
    {SCMP_SYS(ftruncate), 0, 0, {0}},
    {SCMP_SYS(mmap), 4, 2, {PROT_NONE, PROT_READ, PROT_WRITE, PROT_RW}},
    {SCMP_SYS(mprotect), 4, 2, {PROT_NONE, PROT_READ, PROT_WRITE, PROT_RW}},
    {SCMP_SYS(munmap), 0, 0, {0}},
    {SCMP_SYS(mremap), 0, 0, {0}},
    {SCMP_SYS(brk), 0, 0, {0}},
    {SCMP_SYS(madvise), 0, 0, {0}},
    {SCMP_SYS(futex), 0, 0, {0}},
    {SCMP_SYS(set_robust_list), 0, 0, {0}},
    {SCMP_SYS(clock_gettime), 0, 0, {0}},
    {SCMP_SYS(getrandom), 0, 0, {0}},
    {SCMP_SYS(getrusage), 0, 0, {0}},
    {SCMP_SYS(prlimit64), 1, 0, {0}},
    {SCMP_SYS(getrlimit), 0, 0, {0}},
    {SCMP_SYS(setrlimit), 0, 0, {0}},
    {SCMP_SYS(prctl), 0, 0, {0}},
    {SCMP_SYS(seccomp), 0, 0, {0}},
    {SCMP_SYS(clone), 0, 0, {0}},
    {SCMP_SYS(fork), 0, 0, {0}},
    {SCMP_SYS(wait4), 0, 0, {0}},
    {SCMP_SYS(waitid), 0, 0, {0}},
    {SCMP_SYS(pidfd_open), 0, 0, {0}},
    {SCMP_SYS(pidfd_send_signal), 0, 0, {0}},
    {SCMP_SYS(getpid), 0, 0, {0}},
    {SCMP_SYS(getppid), 0, 0, {0}},
    {SCMP_SYS(gettid), 0, 0, {0}},
    {SCMP_SYS(rt_sigaction), 0, 0, {0}},
    {SCMP_SYS(rt_sigprocmask), 0, 0, {0}},
    {SCMP_SYS(rt_sigreturn), 0, 0, {0}},
    {SCMP_SYS(restart_syscall), 0, 0, {0}},
    {SCMP_SYS(exit), 0, 0, {0}},
    {SCMP_SYS(exit_group), 0, 0, {0}},
};

int
zygote_jail(struct err *err)
{
	static const char *const no_paths[] = {NULL};
	bool have_landlock;

	if (sandbox_limits(MAX_PARSER_MEMORY, 0, MAX_PARSER_FILES, err) < 0 ||
	    sandbox_landlock(no_paths, &have_landlock, err) < 0 ||
	    sandbox_seccomp(
		rules, sizeof(rules) / sizeof(rules[0]), true, err) < 0)
		return err_at(err, "parser sandbox");
	return 0;
}
