/* SPDX-License-Identifier: ISC */
#include "core/rehearse.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/err.h"
#include "conf/conf.h"
#include "core/check.h"
#include "route/route.h"

/* Longest that reading may take. */
#define MOST_S 60
/* Room beside what the rehearsal took. */
#define SPARE_BYTES (4UL << 20)

/* A line "name:   123 kB" of /proc/self/status; 0 = not known. */
static uint64_t
status_bytes(const char *name)
{
	FILE *f = fopen("/proc/self/status", "re");
	unsigned long kb = 0;
	char line[128];

	while (f != NULL && fgets(line, sizeof(line), f) != NULL)
		if (strncmp(line, name, strlen(name)) == 0) {
			(void)sscanf(line + strlen(name), ": %lu", &kb);
			break;
		}
	if (f != NULL)
		(void)fclose(f);
	return (uint64_t)kb << 10;
}

/* Tells how much the process grew; ends. */
static void __attribute__((noreturn)) rehearse(const char *path, int tell)
{
	const struct conf_options quiet = {.no_warnings = true};
	uint64_t before = status_bytes("VmSize"), grown;
	struct route *route;
	struct conf *conf;

	(void)alarm(MOST_S);
	if (check_load(path, &quiet, &conf, &route, stderr, NULL) < 0)
		_exit(1);
	grown = status_bytes("VmPeak") - before;
	_exit(write(tell, &grown, sizeof(grown)) == sizeof(grown) ? 0 : 1);
}

/* What was needed a moment ago must be there now. */
static int
is_room(uint64_t bytes, struct err *err)
{
	size_t n = (size_t)bytes + (size_t)bytes / 4 + SPARE_BYTES;
	void *at = mmap(NULL, n, PROT_READ | PROT_WRITE,
	    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (at == MAP_FAILED)
		return err_set(err, ERR_SYSTEM, ERR_OWN, 0,
		    "no memory to read the configuration (%zu MB)", n >> 20);
	(void)munmap(at, n);
	return 0;
}

static int
judge(int status, bool told, struct err *err)
{
	if (WIFSIGNALED(status))
		return err_set(err, ERR_SYSTEM, ERR_OWN, WTERMSIG(status),
		    "reading the configuration was ended by signal %s; is "
		    "there memory?", sigabbrev_np(WTERMSIG(status)));
	if (!told || WEXITSTATUS(status) != 0)
		return err_set(err, ERR_CONF, ERR_OWN, 0,
		    "the configuration is not good, or memory is out");
	return 0;
}

int
rehearse_load(const char *conf_path, struct err *err)
{
	uint64_t grown = 0;
	int ends[2], status = 0;
	bool told;
	pid_t pid;

	if (pipe2(ends, O_CLOEXEC) < 0)
		return err_errno(err, errno, "pipe");
	pid = fork();
	if (pid == 0)
		rehearse(conf_path, ends[1]);
	(void)close(ends[1]);
	if (pid < 0) {
		(void)close(ends[0]);
		return err_errno(err, errno, "fork");
	}
	told = read(ends[0], &grown, sizeof(grown)) == sizeof(grown);
	(void)close(ends[0]);
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		continue;
	return judge(status, told, err) < 0 ? -1 : is_room(grown, err);
}
