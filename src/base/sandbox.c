/* SPDX-License-Identifier: ISC */
#include "base/sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/landlock.h>
#include <linux/seccomp.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <seccomp.h>

#include "base/err.h"
#include "base/sandbox_check.h"

/* gcc and clang say it differently. */
#if defined(__SANITIZE_ADDRESS__)
#define UNDER_ASAN 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define UNDER_ASAN 1
#endif
#endif
#ifndef UNDER_ASAN
#define UNDER_ASAN 0
#endif

#if UNDER_ASAN
#include <sanitizer/lsan_interface.h>

/* Asked by LeakSanitizer at exit: it would ptrace, which no filter allows. */
int
__lsan_is_turned_off(void)
{
	return prctl(PR_GET_SECCOMP, 0, 0, 0, 0) == SECCOMP_MODE_FILTER;
}
#endif

static int
no_new_privs(struct err *err)
{
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
		return err_errno(err, errno, "PR_SET_NO_NEW_PRIVS");
	return 0;
}

/* ---- limits ------------------------------------------------------------- */

/* Lowers both limits; never above what the administrator left us. */
static int
lower(__rlimit_resource_t what, rlim_t value, const char *name, struct err *err)
{
	struct rlimit r;

	if (getrlimit(what, &r) < 0)
		return err_errno(err, errno, "getrlimit %s", name);
	if (r.rlim_max == RLIM_INFINITY || value < r.rlim_max)
		r.rlim_max = value;
	r.rlim_cur = r.rlim_max;
	if (setrlimit(what, &r) < 0)
		return err_errno(err, errno, "setrlimit %s", name);
	return 0;
}

int
sandbox_limits(
    size_t memory_bytes, unsigned cpu_s, unsigned n_files, struct err *err)
{
	if (no_new_privs(err) < 0)
		return -1;
	if (!UNDER_ASAN && memory_bytes != 0 &&
	    lower(RLIMIT_AS, memory_bytes, "RLIMIT_AS", err) < 0)
		return -1;
	if (cpu_s != 0 && lower(RLIMIT_CPU, cpu_s, "RLIMIT_CPU", err) < 0)
		return -1;
	if (lower(RLIMIT_NOFILE, n_files, "RLIMIT_NOFILE", err) < 0 ||
	    lower(RLIMIT_CORE, 0, "RLIMIT_CORE", err) < 0)
		return -1;
	if (!UNDER_ASAN && prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) < 0)
		return err_errno(err, errno, "PR_SET_DUMPABLE");
	return 0;
}

/* ---- Landlock ----------------------------------------------------------- */

/* Newer than the headers of Debian 12. */
#define ACCESS_TRUNCATE (1ULL << 14)
#define ACCESS_IOCTL_DEV (1ULL << 15)

/* What a kernel of this ABI can forbid (landlock(7)). */
static uint64_t
handled_access(long abi)
{
	uint64_t all = LANDLOCK_ACCESS_FS_REFER - 1;

	if (abi >= 2)
		all |= LANDLOCK_ACCESS_FS_REFER;
	if (abi >= 3)
		all |= ACCESS_TRUNCATE;
	if (abi >= 5)
		all |= ACCESS_IOCTL_DEV;
	return all;
}

static int
allow_reading(int ruleset, const char *path, struct err *err)
{
	struct landlock_path_beneath_attr rule = {
	    .allowed_access =
		LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_EXECUTE};
	struct stat st;
	long rc;

	rule.parent_fd = open(path, O_PATH | O_CLOEXEC);
	if (rule.parent_fd < 0)
		return errno == ENOENT || errno == ENOTDIR
			   ? 0
			   : err_errno(err, errno, "open %s", path);
	if (fstat(rule.parent_fd, &st) == 0 && S_ISDIR(st.st_mode))
		rule.allowed_access |= LANDLOCK_ACCESS_FS_READ_DIR;
	rc = syscall(SYS_landlock_add_rule, ruleset, LANDLOCK_RULE_PATH_BENEATH,
	    &rule, 0);
	if (rc < 0)
		(void)err_errno(err, errno, "Landlock rule for %s", path);
	(void)close(rule.parent_fd);
	return rc < 0 ? -1 : 0;
}

static int
restrict_self(int ruleset, const char *const *paths, struct err *err)
{
	for (; *paths != NULL; paths++) {
		if (allow_reading(ruleset, *paths, err) < 0)
			return -1;
	}
	if (syscall(SYS_landlock_restrict_self, ruleset, 0) < 0)
		return err_errno(err, errno, "landlock_restrict_self");
	return 0;
}

int
sandbox_landlock(const char *const *read_paths, bool *have_out, struct err *err)
{
	long abi = syscall(SYS_landlock_create_ruleset, NULL, 0,
	    LANDLOCK_CREATE_RULESET_VERSION);
	struct landlock_ruleset_attr attr = {handled_access(abi)};
	int ruleset, rc;

	if (no_new_privs(err) < 0)
		return -1;
	/* ENOSYS: not built in; EOPNOTSUPP: switched off at boot. */
	*have_out = abi >= 1;
	if (abi < 1)
		return 0;
	ruleset =
	    (int)syscall(SYS_landlock_create_ruleset, &attr, sizeof(attr), 0);
	if (ruleset < 0)
		return err_errno(err, errno, "landlock_create_ruleset");
	rc = restrict_self(ruleset, read_paths, err);
	(void)close(ruleset);
	return rc;
}

/* ---- seccomp ------------------------------------------------------------ */

struct sandbox_filter {
	unsigned short n;
	struct sock_filter code[];
};

#if UNDER_ASAN
/* What ASan and UBSan call to print a report and to map shadow memory. */
static const int sanitizer_calls[] = {SCMP_SYS(mmap), SCMP_SYS(munmap),
    SCMP_SYS(mprotect), SCMP_SYS(madvise), SCMP_SYS(write), SCMP_SYS(read),
    SCMP_SYS(open), SCMP_SYS(openat), SCMP_SYS(close), SCMP_SYS(fstat),
    SCMP_SYS(newfstatat), SCMP_SYS(readlink), SCMP_SYS(readlinkat),
    SCMP_SYS(getpid), SCMP_SYS(gettid), SCMP_SYS(tgkill), SCMP_SYS(prctl),
    SCMP_SYS(sigaltstack), SCMP_SYS(rt_sigaction), SCMP_SYS(rt_sigprocmask),
    SCMP_SYS(sched_yield), SCMP_SYS(nanosleep), SCMP_SYS(clock_nanosleep),
    SCMP_SYS(getrlimit), SCMP_SYS(prlimit64), SCMP_SYS(sched_getaffinity),
    SCMP_SYS(getrusage), SCMP_SYS(uname), SCMP_SYS(process_vm_readv),
    SCMP_SYS(pipe2), SCMP_SYS(msync), SCMP_SYS(getuid), SCMP_SYS(geteuid),
    SCMP_SYS(ioctl), SCMP_SYS(stat), SCMP_SYS(lstat), SCMP_SYS(getppid)};

static int
add_sanitizer_calls(scmp_filter_ctx ctx, struct err *err)
{
	size_t n = sizeof(sanitizer_calls) / sizeof(sanitizer_calls[0]);
	int rc = 0;

	for (size_t i = 0; i < n && rc == 0; i++)
		rc = seccomp_rule_add(
		    ctx, SCMP_ACT_ALLOW, sanitizer_calls[i], 0);
	return rc < 0 ? err_errno(err, -rc, "seccomp rules for ASan") : 0;
}
#else
static int
add_sanitizer_calls(scmp_filter_ctx ctx, struct err *err)
{
	(void)ctx, (void)err;
	return 0;
}
#endif

/* The kernel looks at the low half of an int argument only; what a caller
 * left in the high half of the register must not decide. */
static struct scmp_arg_cmp
compare(const struct sandbox_rule *r, int i)
{
	uint64_t v = (uint64_t)r->values[i];

	if (v <= UINT32_MAX || r->values[i] < 0)
		return (struct scmp_arg_cmp){
		    r->arg, SCMP_CMP_MASKED_EQ, UINT32_MAX, v & UINT32_MAX};
	return (struct scmp_arg_cmp){r->arg, SCMP_CMP_EQ, v, 0};
}

static int
add_rule(scmp_filter_ctx ctx, const struct sandbox_rule *r)
{
	struct scmp_arg_cmp cmp;
	int rc = 0;

	if (r->n_values == 0)
		return seccomp_rule_add(ctx, SCMP_ACT_ALLOW, r->syscall, 0);
	for (int i = 0; i < r->n_values && rc == 0; i++) {
		cmp = compare(r, i);
		rc = seccomp_rule_add_array(
		    ctx, SCMP_ACT_ALLOW, r->syscall, 1, &cmp);
	}
	return rc;
}

static int
add_rules(scmp_filter_ctx ctx, const struct sandbox_rule *rules, size_t n,
    struct err *err)
{
	int rc =
	    seccomp_rule_add(ctx, SCMP_ACT_ERRNO(ENOSYS), SCMP_SYS(clone3), 0);

	for (size_t i = 0; i < n && rc == 0; i++) {
		if (rules[i].syscall < 0 ||
		    rules[i].syscall == SCMP_SYS(clone3))
			continue;
		if (rules[i].arg > 5 || rules[i].n_values > 4)
			return err_set(err, ERR_BUG, ERR_OWN, 0,
			    "seccomp rule %zu is malformed", i);
		rc = add_rule(ctx, &rules[i]);
		if (rc == -EEXIST)
			rc = 0;
	}
	if (rc < 0)
		return err_errno(err, -rc, "seccomp rule");
	return add_sanitizer_calls(ctx, err);
}

/* libseccomp 2.5 can give the program to a descriptor only. */
static struct sandbox_filter *
read_program(int fd, struct err *err)
{
	struct sandbox_filter *f;
	struct stat st;
	size_t bytes, n;

	if (fstat(fd, &st) < 0) {
		(void)err_errno(err, errno, "seccomp program");
		return NULL;
	}
	bytes = (size_t)st.st_size;
	n = bytes / sizeof(f->code[0]);
	if (n == 0 || n > BPF_MAXINSNS ||
	    (f = malloc(sizeof(*f) + bytes)) == NULL) {
		(void)err_set(err, ERR_SYSTEM, ERR_OWN, 0,
		    "no memory for a seccomp program of %zu bytes", bytes);
		return NULL;
	}
	f->n = (unsigned short)n;
	if (pread(fd, f->code, bytes, 0) != (ssize_t)bytes) {
		(void)err_errno(err, errno, "read seccomp program");
		sandbox_filter_free(&f);
	}
	return f;
}

static struct sandbox_filter *
export_program(scmp_filter_ctx ctx, struct err *err)
{
	int fd = memfd_create("seccomp", MFD_CLOEXEC);
	struct sandbox_filter *f = NULL;
	int rc;

	if (fd < 0) {
		(void)err_errno(err, errno, "memfd_create");
		return NULL;
	}
	rc = seccomp_export_bpf(ctx, fd);
	if (rc < 0)
		(void)err_errno(err, -rc, "seccomp_export_bpf");
	else
		f = read_program(fd, err);
	(void)close(fd);
	return f;
}

int
sandbox_filter_new(const struct sandbox_rule *rules, size_t n_rules, bool kill,
    struct sandbox_filter **filter_out, struct err *err)
{
	struct sandbox_filter *f = NULL;
	scmp_filter_ctx ctx =
	    seccomp_init(kill ? SCMP_ACT_KILL_PROCESS : SCMP_ACT_ERRNO(EPERM));

	if (ctx == NULL)
		return err_set(
		    err, ERR_SYSTEM, ERR_OWN, 0, "seccomp_init failed");
	/* A binary tree instead of a list: the filter runs at each call. */
	(void)seccomp_attr_set(ctx, SCMP_FLTATR_CTL_OPTIMIZE, 2);
	if (add_rules(ctx, rules, n_rules, err) == 0)
		f = export_program(ctx, err);
	seccomp_release(ctx);
	if (f != NULL &&
	    sandbox_check(f->code, f->n, rules, n_rules,
		kill ? SECCOMP_RET_KILL_PROCESS : SECCOMP_RET_ERRNO | EPERM,
		UNDER_ASAN, err) < 0)
		sandbox_filter_free(&f);
	if (f == NULL)
		return -1;
	*filter_out = f;
	return 0;
}

int
sandbox_filter_load(const struct sandbox_filter *filter, struct err *err)
{
	struct sock_fprog program = {
	    filter->n, (struct sock_filter *)(uintptr_t)filter->code};
	long rc;

	if (no_new_privs(err) < 0)
		return -1;
	rc = syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER,
	    SECCOMP_FILTER_FLAG_TSYNC, &program);
	if (rc > 0)
		return err_set(err, ERR_SYSTEM, ERR_OWN, 0,
		    "thread %ld does not take the seccomp filter", rc);
	if (rc < 0)
		return err_errno(err, errno, "load seccomp filter");
	return 0;
}

void
sandbox_filter_free(struct sandbox_filter **filter)
{
	free(*filter);
	*filter = NULL;
}

int
sandbox_seccomp(const struct sandbox_rule *rules, size_t n_rules, bool kill,
    struct err *err)
{
	struct sandbox_filter *f;
	int rc;

	if (sandbox_filter_new(rules, n_rules, kill, &f, err) < 0)
		return -1;
	rc = sandbox_filter_load(f, err);
	sandbox_filter_free(&f);
	return rc;
}
