/* SPDX-License-Identifier: ISC */
#include "parse/child.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/time.h>
#include <unistd.h>

#include <seccomp.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/frame.h"
#include "base/memfd.h"
#include "base/pack.h"
#include "base/sandbox.h"
#include "parse/hook.h"
#include "parse/message.h"
#include "parse/parse.h"
#include "parse/role.h"
#include "parse/wire.h"

/* Where a child has its socket; everything above is closed. */
#define CHILD_SOCKET 3

#define PROT_RW (PROT_READ | PROT_WRITE)

/* Read and answer, memory, time: nothing that makes a process, opens a file,
 * reaches another process or makes memory executable. */
static const struct sandbox_rule rules[] = {
    {SCMP_SYS(read), 0, 0, {0}},
    {SCMP_SYS(write), 0, 0, {0}},
    {SCMP_SYS(recvmsg), 0, 0, {0}},
    {SCMP_SYS(sendmsg), 0, 0, {0}},
    {SCMP_SYS(close), 0, 0, {0}},
    {SCMP_SYS(fstat), 0, 0, {0}},
    {SCMP_SYS(newfstatat), 1, 3, {AT_EMPTY_PATH}},
    {SCMP_SYS(lseek), 0, 0, {0}},
    {SCMP_SYS(fcntl), 4, 1, {F_ADD_SEALS, F_GET_SEALS, F_GETFL, F_GETFD}},
    {SCMP_SYS(memfd_create), 0, 0, {0}},
    {SCMP_SYS(ftruncate), 0, 0, {0}},
    {SCMP_SYS(mmap), 4, 2, {PROT_NONE, PROT_READ, PROT_WRITE, PROT_RW}},
    {SCMP_SYS(mprotect), 4, 2, {PROT_NONE, PROT_READ, PROT_WRITE, PROT_RW}},
    {SCMP_SYS(munmap), 0, 0, {0}},
    {SCMP_SYS(mremap), 0, 0, {0}},
    {SCMP_SYS(brk), 0, 0, {0}},
    {SCMP_SYS(madvise), 0, 0, {0}},
    {SCMP_SYS(futex), 0, 0, {0}},
    {SCMP_SYS(clock_gettime), 0, 0, {0}},
    {SCMP_SYS(getrandom), 0, 0, {0}},
    {SCMP_SYS(getrusage), 0, 0, {0}},
    /* Itself only: the CPU limit moves on with each message. */
    {SCMP_SYS(prlimit64), 1, 0, {0}},
    {SCMP_SYS(getrlimit), 0, 0, {0}},
    {SCMP_SYS(setrlimit), 0, 0, {0}},
    {SCMP_SYS(rt_sigreturn), 0, 0, {0}},
    {SCMP_SYS(restart_syscall), 0, 0, {0}},
    {SCMP_SYS(exit), 0, 0, {0}},
    {SCMP_SYS(exit_group), 0, 0, {0}},
};

int
child_filter_new(struct sandbox_filter **filter_out, struct err *err)
{
	return sandbox_filter_new(
	    rules, sizeof(rules) / sizeof(rules[0]), true, filter_out, err);
}

/* MAX_PARSER_CPU_S more than was used up to now; beyond it SIGXCPU kills. */
static void
arm_cpu_limit(void)
{
	struct rusage used;
	struct rlimit r;

	if (getrusage(RUSAGE_SELF, &used) < 0 || getrlimit(RLIMIT_CPU, &r) < 0)
		return;
	r.rlim_cur = (rlim_t)(used.ru_utime.tv_sec + used.ru_stime.tv_sec) +
		     hook_cpu_s(MAX_PARSER_CPU_S);
	if (r.rlim_cur > r.rlim_max)
		r.rlim_cur = r.rlim_max;
	(void)setrlimit(RLIMIT_CPU, &r);
}

/* ---- answers ------------------------------------------------------------ */

/* A job, and with what it is done. */
struct work {
	int sock;
	const struct parse_more *more;
	uint32_t job;
	bool files, wants_more;
	struct memmap raw;
};

static int
send_failure(const struct work *w, const struct err *failure)
{
	struct buf BUF_AUTO b = BUF_INIT;

	pack_u32(&b, w->job);
	parse_wire_put_err(&b, failure);
	return frame_send(w->sock, PARSE_FAILED, &b, NULL, 0, NULL);
}

static void
put_more(const struct work *w, const struct message *m, struct buf *out)
{
	struct buf BUF_AUTO more = BUF_INIT;

	if (w->wants_more)
		w->more->write(m, &more);
	hook_more(w->raw.data, w->raw.len, &more);
	out->bad |= buf_bad(&more);
	pack_bytes(out, more.data, more.len);
}

/* Inline where it fits, else in a sealed memfd. */
static int
send_message(const struct work *w, const struct message *m)
{
	struct buf BUF_AUTO b = BUF_INIT;
	const size_t head = sizeof(w->job);
	int fd, rc;

	pack_u32(&b, w->job);
	put_more(w, m, &b);
	parse_wire_put(&b, m);
	if (buf_bad(&b))
		_exit(PARSE_EXIT_MEMORY);
	if (b.len <= MAX_FRAME_BYTES)
		return frame_send(w->sock, PARSE_DONE, &b, NULL, 0, NULL);
	if (memfd_put(b.data + head, b.len - head, &fd, NULL) < 0)
		_exit(PARSE_EXIT_MEMORY);
	buf_cut(&b, head);
	rc = frame_send(w->sock, PARSE_DONE, &b, &fd, 1, NULL);
	(void)close(fd);
	return rc;
}

static int
parse_and_answer(const struct work *w)
{
	const struct memmap *raw = &w->raw;
	struct message *m;
	struct err err;
	int rc;

	hook_run(raw->data, raw->len);
	rc = w->files ? parse_message_files(raw->data, raw->len, &m, &err)
		      : parse_message(raw->data, raw->len, &m, &err);
	if (rc < 0) {
		/* Out of memory is for the core to judge: an earlier message
		 * may have eaten it. */
		if (err.kind == ERR_SYSTEM)
			_exit(PARSE_EXIT_MEMORY);
		return send_failure(w, &err);
	}
	rc = send_message(w, m);
	message_free(&m);
	return rc;
}

static int
do_job(struct work *w, const struct frame *f)
{
	struct unpack u;
	struct err err;
	int rc;

	unpack_init(&u, f->body, f->len);
	w->job = unpack_u32(&u);
	w->files = unpack_bool(&u);
	w->wants_more = unpack_bool(&u);
	if (f->type != PARSE_JOB || unpack_end(&u) < 0 || f->n_fds != 1 ||
	    (w->wants_more && w->more == NULL))
		return -1;
	arm_cpu_limit();
	if (memfd_map(f->fds[0], MAX_MESSAGE_BYTES, &w->raw, &err) < 0) {
		if (err.kind != ERR_INPUT)
			_exit(PARSE_EXIT_MEMORY);
		return send_failure(w, &err);
	}
	rc = parse_and_answer(w);
	memfd_unmap(&w->raw);
	return rc;
}

static void __attribute__((noreturn))
serve(int sock, const struct parse_more *more)
{
	unsigned char *buffer = malloc(FRAME_BUFFER);
	struct work w = {.sock = sock, .more = more};
	struct frame f;
	int rc = 0;

	if (buffer == NULL)
		_exit(PARSE_EXIT_MEMORY);
	while (rc == 0 && frame_recv(sock, buffer, &f, NULL) > 0) {
		rc = do_job(&w, &f);
		frame_close_fds(&f);
	}
	_exit(rc == 0 ? 0 : 1);
}

/* Libraries complain to stderr, with a stranger's bytes in it; /dev/null is
 * standard input already.  Sanitizers' reports must come through. */
static bool
hush(void)
{
#ifdef __SANITIZE_ADDRESS__
	return true;
#else
	return dup2(STDIN_FILENO, STDERR_FILENO) >= 0;
#endif
}

void
child_main(int sock, pid_t zygote, const struct sandbox_filter *filter,
    const struct parse_more *more)
{
	if (prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0) < 0 ||
	    getppid() != zygote || !hush() || dup2(sock, CHILD_SOCKET) < 0 ||
	    close_range(CHILD_SOCKET + 1, ~0U, 0) < 0 ||
	    sandbox_filter_load(filter, NULL) < 0)
		_exit(1);
	serve(CHILD_SOCKET, more);
}
