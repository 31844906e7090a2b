/* SPDX-License-Identifier: ISC */
/*
 * The sandboxes of the roles as they are, against what a captured process
 * would try.  Each act runs in a process of its own.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <fcntl.h>
#include <linux/bpf.h>
#include <netdb.h>
#include <netinet/in.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/err.h"
#include "base/netjail.h"
#include "base/sandbox.h"
#include "parse/child.h"
#include "parse/jail.h"

#define LEN(a) (sizeof(a) / sizeof((a)[0]))

static char victim[] = "/tmp/clued-jail-XXXXXX"; /* a folder of ours */
static pid_t parent; /* asked before: getppid() is not for everybody */

/* -- forbidden acts: the return value of the call that must fail -------- */

static char *
inside(const char *name)
{
	static char path[128];

	(void)snprintf(path, sizeof(path), "%s/%s", victim, name);
	return path;
}

static long
read_a_file(void)
{
	return open(inside("file"), O_RDONLY);
}

static long
read_passwords(void)
{
	return open("/etc/passwd", O_RDONLY);
}

static long
read_another_process(void)
{
	char path[64];

	(void)snprintf(
	    path, sizeof(path), "/proc/%d/environ", (int)parent);
	return open(path, O_RDONLY);
}

static long
write_a_file(void)
{
	return open(inside("file"), O_WRONLY);
}

static long
make_a_file(void)
{
	return open(inside("new"), O_CREAT | O_WRONLY, 0600);
}

static long
remove_a_file(void)
{
	return unlink(inside("file"));
}

static long
rename_a_file(void)
{
	return syscall(
	    SYS_renameat2, AT_FDCWD, inside("file"), AT_FDCWD, victim, 0);
}

static long
link_a_file(void)
{
	return syscall(SYS_linkat, AT_FDCWD, inside("file"), AT_FDCWD,
	    "/tmp/clued-jail-link", 0);
}

static long
change_a_mode(void)
{
	return chmod(inside("file"), 0777);
}

static long
make_a_folder(void)
{
	return mkdir(inside("folder"), 0700);
}

static long
run_a_program(void)
{
	char *argv[] = {"true", NULL};

	return execve("/bin/true", argv, argv);
}

static long
start_a_process(void)
{
	long pid = syscall(SYS_clone, SIGCHLD, 0, 0, 0, 0);

	if (pid == 0)
		_exit(0);
	return pid;
}

static long
fork_a_process(void)
{
	long pid = syscall(SYS_fork);

	if (pid == 0)
		_exit(0);
	return pid;
}

static long
kill_the_parent(void)
{
	return kill(parent, 0);
}

static long
kill_a_thread_of_another(void)
{
	return syscall(SYS_tgkill, parent, parent, 0);
}

static long
kill_by_tkill(void)
{
	return syscall(SYS_tkill, parent, 0);
}

static long
queue_a_signal(void)
{
	return syscall(SYS_rt_sigqueueinfo, parent, SIGURG, NULL);
}

static long
open_a_pidfd(void)
{
	return syscall(SYS_pidfd_open, parent, 0);
}

static long
trace(void)
{
	return ptrace(PTRACE_SEIZE, parent, NULL, NULL);
}

static long
write_into_another(void)
{
	char x = 0;
	struct iovec here = {&x, 1}, there = {&x, 1};

	return process_vm_writev(parent, &here, 1, &there, 1, 0);
}

static long
limit_another(void)
{
	struct rlimit r = {0, 0};

	return prlimit(parent, RLIMIT_NOFILE, NULL, &r);
}

static long
open_a_unix_socket(void)
{
	return socket(AF_UNIX, SOCK_STREAM, 0);
}

static long
open_a_packet_socket(void)
{
	return socket(AF_PACKET, SOCK_RAW, 0);
}

static long
open_a_tcp_socket(void)
{
	return socket(AF_INET, SOCK_STREAM, 0);
}

static long
listen_on_a_port(void)
{
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	return fd < 0 ? -1 : listen(fd, 1);
}

static long
become_somebody(void)
{
	return syscall(SYS_setresuid, 65534, 65534, 65534);
}

static long
leave_the_namespaces(void)
{
	return unshare(CLONE_NEWUSER);
}

static long
change_the_root(void)
{
	return chroot("/tmp");
}

static long
set_the_clock(void)
{
	struct timespec ts = {1, 0};

	return clock_settime(CLOCK_REALTIME, &ts);
}

static long
load_a_program_into_the_kernel(void)
{
	return syscall(SYS_bpf, BPF_PROG_LOAD, NULL, 0);
}

static long
make_a_ring(void)
{
	return syscall(SYS_io_uring_setup, 1, NULL);
}

static long
read_a_key(void)
{
	return syscall(SYS_keyctl, 0, -3, 0);
}

static long
map_code(void)
{
	return mmap(NULL, 4096, PROT_READ | PROT_WRITE | PROT_EXEC,
		   MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) == MAP_FAILED
		   ? -1
		   : 0;
}

static long
make_a_memfd(void)
{
	return memfd_create("x", 0);
}

/* For whom an act is forbidden. */
enum { FETCH = 1, SEND = 2, ZYGOTE = 4, CHILD = 8 };
#define ALL (FETCH | SEND | ZYGOTE | CHILD)
#define NET (FETCH | SEND)
#define PARSE (ZYGOTE | CHILD)

static const struct act {
	const char *name;
	long (*fn)(void);
	unsigned whom;
	bool sanitizer; /* ASan's reports need the call: not forbidden there */
} acts[] = {
    {"read a file", read_a_file, ALL, false},
    {"read passwords", read_passwords, ALL, false},
    {"read another process", read_another_process, ALL, false},
    {"write a file", write_a_file, ALL, false},
    {"make a file", make_a_file, ALL, false},
    {"remove a file", remove_a_file, ALL, false},
    {"rename a file", rename_a_file, ALL, false},
    {"link a file", link_a_file, ALL, false},
    {"change a mode", change_a_mode, ALL, false},
    {"make a folder", make_a_folder, ALL, false},
    {"run a program", run_a_program, ALL, false},
    {"start a process", start_a_process, NET | CHILD, false},
    {"fork a process", fork_a_process, NET | CHILD, false},
    {"kill the parent", kill_the_parent, ALL, false},
    {"kill another's thread", kill_a_thread_of_another, ALL, true},
    {"kill by tkill", kill_by_tkill, ALL, false},
    {"queue a signal", queue_a_signal, ALL, false},
    {"open a pidfd", open_a_pidfd, NET | CHILD, false},
    {"trace", trace, ALL, false},
    {"write into another process", write_into_another, ALL, false},
    {"limit another process", limit_another, ALL, true},
    {"open a Unix socket", open_a_unix_socket, ALL, false},
    {"open a packet socket", open_a_packet_socket, ALL, false},
    {"open a TCP socket", open_a_tcp_socket, PARSE, false},
    {"listen on a port", listen_on_a_port, ALL, false},
    {"become somebody", become_somebody, ALL, false},
    {"leave the namespaces", leave_the_namespaces, ALL, false},
    {"change the root", change_the_root, ALL, false},
    {"set the clock", set_the_clock, ALL, false},
    {"load a BPF program", load_a_program_into_the_kernel, ALL, false},
    {"make a ring", make_a_ring, ALL, false},
    {"read a key", read_a_key, ALL, false},
    {"map code", map_code, PARSE, true},
    {"make a memfd", make_a_memfd, SEND, false},
};

/* -- the jails ------------------------------------------------------------ */

static int
enter_net(bool makes_memfds)
{
	const struct netjail jail = {
	    .memory_bytes = 512UL << 20,
	    .n_files = 64,
	    .ca_file = "",
	    .makes_memfds = makes_memfds,
	};

	return netjail_enter(&jail, NULL);
}

static int
enter(unsigned whom)
{
	struct sandbox_filter *f;

	switch (whom) {
	case FETCH:
		return enter_net(true);
	case SEND:
		return enter_net(false);
	case ZYGOTE:
		return zygote_jail(NULL);
	default: /* as the zygote's fork does it */
		if (child_filter_new(&f, NULL) < 0 || zygote_jail(NULL) < 0)
			return -1;
		return sandbox_filter_load(f, NULL);
	}
}

/* What became of the act: 0 = it was done, 1 = refused, 2 = killed for it. */
static int
try_act(unsigned whom, long (*fn)(void))
{
	int status;
	pid_t pid = fork();

	if (pid == 0) {
		if (enter(whom) < 0)
			_exit(99);
		errno = 0;
		_exit(fn() < 0 && (errno == EPERM || errno == EACCES ||
				      errno == ENOSYS)
			      ? 1
			      : 0);
	}
	assert_true(pid > 0);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	if (WIFSIGNALED(status))
		return WTERMSIG(status) == SIGSYS ? 2 : 98;
	return WEXITSTATUS(status);
}

static bool
under_sanitizer(void)
{
#ifdef __SANITIZE_ADDRESS__
	return true;
#else
	return false;
#endif
}

static void
every_act_is_refused(void **state)
{
	static const struct {
		unsigned whom;
		const char *name;
	} jails[] = {{FETCH, "fetch"}, {SEND, "send"}, {ZYGOTE, "zygote"},
	    {CHILD, "child"}};
	int failures = 0;
	(void)state;

	for (size_t j = 0; j < LEN(jails); j++)
		for (size_t i = 0; i < LEN(acts); i++) {
			int rc;

			if ((acts[i].whom & jails[j].whom) == 0 ||
			    (acts[i].sanitizer && under_sanitizer()))
				continue;
			rc = try_act(jails[j].whom, acts[i].fn);
			if (rc == 1 || rc == 2)
				continue;
			(void)fprintf(stderr, "%s could %s (%d)\n",
			    jails[j].name, acts[i].name, rc);
			failures++;
		}
	assert_int_equal(failures, 0);
}

/* -- and what they need still works ---------------------------------------- */

static void *
thread(void *arg)
{
	return arg;
}

static long
be_a_client(void)
{
	struct addrinfo *found = NULL;
	pthread_t t;
	int fd;

	if (pthread_create(&t, NULL, thread, NULL) != 0 ||
	    pthread_join(t, NULL) != 0)
		return 1;
	if (getaddrinfo("localhost", "993", NULL, &found) != 0)
		return 2;
	freeaddrinfo(found);
	fd = socket(AF_INET, SOCK_STREAM, 0);
	if (fd < 0)
		return 3;
	if (open("/etc/hosts", O_RDONLY) < 0 && errno != ENOENT)
		return 4;
	return 0;
}

static long
be_killed(void)
{
	return raise(SIGKILL);
}

static void
what_is_needed_works(void **state)
{
	(void)state;
	assert_int_equal(try_act(FETCH, be_a_client), 0);
	assert_int_equal(try_act(SEND, be_a_client), 0);
	assert_int_equal(try_act(FETCH, make_a_memfd), 0);
	assert_int_equal(try_act(ZYGOTE, make_a_memfd), 0);
	assert_int_equal(try_act(CHILD, make_a_memfd), 0);
	assert_int_equal(try_act(FETCH, be_killed), 98);
}

static int
make_victim(void **state)
{
	int fd;
	(void)state;

	parent = getpid();
	assert_non_null(mkdtemp(victim));
	fd = open(inside("file"), O_CREAT | O_WRONLY, 0666);
	assert_true(fd >= 0);
	(void)close(fd);
	return 0;
}

static int
remove_victim(void **state)
{
	struct stat st;
	int rc = stat(inside("file"), &st);

	(void)state;
	(void)unlink(inside("file"));
	/* A folder that is not empty: something was made in it. */
	if (rmdir(victim) < 0 || rc < 0)
		return -1;
	return (st.st_mode & 0777) == 0777 ? -1 : 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(every_act_is_refused),
	    cmocka_unit_test(what_is_needed_works),
	};

	return cmocka_run_group_tests_name(
	    "jails", tests, make_victim, remove_victim);
}
