/* SPDX-License-Identifier: ISC */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <seccomp.h>

#include "base/err.h"
#include "base/sandbox.h"
#include "base/sandbox_check.h"

#define LEN(a) (sizeof(a) / sizeof((a)[0]))

/* Runs fn in a child of its own and returns its wait status. */
static int
in_child(int (*fn)(void))
{
	int status;
	pid_t pid = fork();

	if (pid == 0)
		_exit(fn());
	assert_true(pid > 0);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	return status;
}

static int
exit_of(int (*fn)(void))
{
	int status = in_child(fn);

	assert_true(WIFEXITED(status));
	return WEXITSTATUS(status);
}

/* ---- limits ------------------------------------------------------------- */

static int
with_limits(void)
{
	struct rlimit r;

	if (sandbox_limits(256 << 20, 7, 20, NULL) < 0)
		return 1;
	if (getrlimit(RLIMIT_NOFILE, &r) < 0 || r.rlim_cur != 20 ||
	    r.rlim_max != 20)
		return 2;
	if (getrlimit(RLIMIT_CPU, &r) < 0 || r.rlim_cur != 7)
		return 3;
	if (getrlimit(RLIMIT_CORE, &r) < 0 || r.rlim_max != 0)
		return 4;
	if (prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) != 1)
		return 5;
#ifndef __SANITIZE_ADDRESS__
	if (prctl(PR_GET_DUMPABLE, 0, 0, 0, 0) != 0)
		return 6;
	if (mmap(NULL, 300 << 20, PROT_READ | PROT_WRITE,
		MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) != MAP_FAILED)
		return 7;
#endif
	/* A second, higher wish must not raise what was lowered. */
	if (sandbox_limits(0, 0, 1000, NULL) < 0 ||
	    getrlimit(RLIMIT_NOFILE, &r) < 0 || r.rlim_cur != 20)
		return 8;
	return 0;
}

static void
limits_are_set(void **state)
{
	(void)state;
	assert_int_equal(exit_of(with_limits), 0);
}

/* ---- Landlock ----------------------------------------------------------- */

static int
read_one_place(void)
{
	static const char *const paths[] = {
	    "/etc", "/no/such/place", "/proc/self/status", NULL};
	bool have;

	if (sandbox_landlock(paths, &have, NULL) < 0)
		return 1;
	if (!have)
		return 77;
	if (open("/etc/passwd", O_RDONLY) < 0)
		return 2;
	if (open("/usr/bin/env", O_RDONLY) >= 0 || errno != EACCES)
		return 3;
	if (open("/etc/passwd", O_WRONLY | O_APPEND) >= 0)
		return 4;
	if (open("/tmp/clued-test-landlock", O_CREAT | O_WRONLY, 0600) >= 0)
		return 5;
	if (open("/proc/self/status", O_RDONLY) < 0)
		return 6;
	return 0;
}

static int
read_nothing(void)
{
	static const char *const none[] = {NULL};
	bool have;

	if (sandbox_landlock(none, &have, NULL) < 0)
		return 1;
	if (!have)
		return 77;
	return open("/etc/passwd", O_RDONLY) < 0 && errno == EACCES ? 0 : 2;
}

static void
landlock_denies(void **state)
{
	int one = exit_of(read_one_place), none = exit_of(read_nothing);

	(void)state;
	if (one == 77 || none == 77)
		skip();
	assert_int_equal(one, 0);
	assert_int_equal(none, 0);
}

/* ---- seccomp ------------------------------------------------------------ */

#define BASICS \
	{SCMP_SYS(exit_group), 0, 0, {0}}, {SCMP_SYS(munmap), 0, 0, {0}}, \
	    {SCMP_SYS(brk), 0, 0, {0}}, \
	{ \
		SCMP_SYS(write), 0, 0, \
		{ \
			0 \
		} \
	}

static const struct sandbox_rule basics[] = {BASICS};

static int
killed_by_socket(void)
{
	if (sandbox_seccomp(basics, LEN(basics), true, NULL) < 0)
		return 1;
	(void)socket(AF_INET, SOCK_STREAM, 0);
	return 0;
}

static int
refused_socket(void)
{
	if (sandbox_seccomp(basics, LEN(basics), false, NULL) < 0)
		return 1;
	return socket(AF_INET, SOCK_STREAM, 0) < 0 && errno == EPERM ? 0 : 2;
}

static int
some_sockets(void)
{
	static const struct sandbox_rule rules[] = {BASICS,
	    {SCMP_SYS(socket), 2, 0, {AF_INET, AF_INET6}},
	    {SCMP_SYS(close), 0, 0, {0}},
	    /* AT_FDCWD is negative: the register holds it in two ways. */
	    {SCMP_SYS(faccessat), 1, 0, {AT_FDCWD}},
	    /* Not on this architecture: passed over. */
	    {SCMP_SYS(mmap2), 0, 0, {0}}};

	if (sandbox_seccomp(rules, LEN(rules), false, NULL) < 0)
		return 1;
	if (socket(AF_INET, SOCK_STREAM, 0) < 0)
		return 2;
	if (socket(AF_UNIX, SOCK_STREAM, 0) >= 0 || errno != EPERM)
		return 3;
	/* Rubbish in the upper half, which the kernel drops, must not matter */
	if (syscall(SYS_socket, 0x7700000000L | AF_INET, SOCK_STREAM, 0) < 0)
		return 4;
	if (syscall(SYS_faccessat, (long)AT_FDCWD, "/", F_OK) < 0)
		return 5;
	if (syscall(SYS_faccessat, 0xffffff9cL, "/", F_OK) < 0)
		return 6;
	if (syscall(SYS_faccessat, 5L, "/", F_OK) >= 0 || errno != EPERM)
		return 7;
	return 0;
}

static int
clone3_is_absent(void)
{
	static const struct sandbox_rule rules[] = {
	    BASICS, {SCMP_SYS(clone3), 0, 0, {0}}};

	if (sandbox_seccomp(rules, LEN(rules), true, NULL) < 0)
		return 1;
	return syscall(SYS_clone3, NULL, 0L) < 0 && errno == ENOSYS ? 0 : 2;
}

static int
two_loads_of_one_filter(void)
{
	struct sandbox_filter *f;

	if (sandbox_filter_new(basics, LEN(basics), false, &f, NULL) < 0)
		return 1;
	if (sandbox_filter_load(f, NULL) < 0)
		return 2;
	sandbox_filter_free(&f);
	return f == NULL && syscall(SYS_getpgid, 0) < 0 && errno == EPERM ? 0
									  : 3;
}

static void
seccomp_kills_or_refuses(void **state)
{
	int status = in_child(killed_by_socket);

	(void)state;
	assert_true(WIFSIGNALED(status));
	assert_int_equal(WTERMSIG(status), SIGSYS);
	assert_int_equal(exit_of(refused_socket), 0);
	assert_int_equal(exit_of(some_sockets), 0);
	assert_int_equal(exit_of(clone3_is_absent), 0);
	assert_int_equal(exit_of(two_loads_of_one_filter), 0);
}

static void
malformed_rule_is_a_bug(void **state)
{
	static const struct sandbox_rule bad[] = {
	    {SCMP_SYS(socket), 1, 6, {0}}};
	struct err err = {0};

	(void)state;
	assert_int_equal(sandbox_seccomp(bad, 1, true, &err), -1);
	assert_int_equal(err.kind, ERR_BUG);
}

/* ---- a program that says something else --------------------------------- */

#define X32_BIT 0x40000000
#define OTHER SECCOMP_RET_KILL_PROCESS
#define AT(field) ((unsigned)offsetof(struct seccomp_data, field))
#define LOAD(field) BPF_STMT(BPF_LD | BPF_W | BPF_ABS, AT(field))
#define IF(k, yes, no) BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, k, yes, no)
#define VERDICT(v) BPF_STMT(BPF_RET | BPF_K, v)

static const struct sandbox_rule some[] = {{SCMP_SYS(read), 0, 0, {0}},
    {SCMP_SYS(socket), 2, 0, {AF_INET, AF_INET6}}};

/* Without one of its steps, and with what it says of all other calls. */
static int
check_program(size_t without, uint32_t others, bool more, struct err *err)
{
	struct sock_filter program[] = {LOAD(arch),
	    IF(seccomp_arch_native(), 1, 0), VERDICT(OTHER), LOAD(nr),
	    BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, X32_BIT, 0, 1),
	    VERDICT(OTHER), IF(SCMP_SYS(read), 6, 0),
	    IF(SCMP_SYS(clone3), 0, 1), VERDICT(SECCOMP_RET_ERRNO | ENOSYS),
	    IF(SCMP_SYS(socket), 0, 4), LOAD(args[0]),
	    IF(AF_INET, 1, 0), IF(AF_INET6, 0, 1),
	    VERDICT(SECCOMP_RET_ALLOW), VERDICT(others)};
	size_t n = LEN(program);

	if (without < n)
		memmove(&program[without], &program[without + 1],
		    (--n - without) * sizeof(program[0]));
	return sandbox_check(
	    program, n, some, LEN(some), OTHER, more, err);
}

static void
wrong_program_is_found(void **state)
{
	struct err err = {0};

	(void)state;
	assert_int_equal(check_program(SIZE_MAX, OTHER, false, &err), 0);
	assert_int_equal(check_program(SIZE_MAX, OTHER, true, &err), 0);
	assert_int_equal(
	    check_program(SIZE_MAX, SECCOMP_RET_ALLOW, true, &err), 0);
	assert_int_equal(
	    check_program(SIZE_MAX, SECCOMP_RET_ALLOW, false, &err), -1);
	for (size_t i = 0; i < 15; i++) {
		err = (struct err){0};
		assert_int_equal(check_program(i, OTHER, false, &err), -1);
		assert_int_equal(err.kind, ERR_SYSTEM);
	}
	assert_int_equal(
	    sandbox_check(NULL, 0, some, LEN(some), OTHER, true, NULL), -1);
}

static void
malformed_program_is_none(void **state)
{
	static const struct sock_filter endless[] = {
	    BPF_JUMP(BPF_JMP | BPF_JA, UINT32_MAX - 4, 0, 0)};
	static const struct sock_filter beyond[] = {
	    BPF_STMT(BPF_LD | BPF_W | BPF_ABS, sizeof(struct seccomp_data)),
	    VERDICT(SECCOMP_RET_ALLOW)};
	static const struct sock_filter unknown[] = {
	    BPF_STMT(BPF_ALU | BPF_XOR | BPF_K, 1),
	    VERDICT(SECCOMP_RET_ALLOW)};
	struct seccomp_data call = {0};
	uint32_t verdict;

	(void)state;
	assert_int_equal(sandbox_run(endless, 1, &call, &verdict), -1);
	assert_int_equal(sandbox_run(beyond, 2, &call, &verdict), -1);
	assert_int_equal(sandbox_run(unknown, 2, &call, &verdict), -1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(limits_are_set),
	    cmocka_unit_test(landlock_denies),
	    cmocka_unit_test(seccomp_kills_or_refuses),
	    cmocka_unit_test(malformed_rule_is_a_bug),
	    cmocka_unit_test(wrong_program_is_found),
	    cmocka_unit_test(malformed_program_is_none),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
