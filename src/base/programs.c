/* SPDX-License-Identifier: ISC */
#include "base/programs.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/err.h"
#include "base/spawn.h"
#include "build_id.h"

/* Above what a child's dup2() writes over (spawn.c). */
#define FIRST_FD 16

static struct program {
	const char *role;
	int fd;  /* 0 = not looked for */
	int why; /* the errno, if fd < 0; OTHER_BUILD */
} programs[] = {{"fetch", 0, 0}, {"parse", 0, 0}, {"send", 0, 0}};
#define N_PROGRAMS (sizeof(programs) / sizeof(programs[0]))
#define OTHER_BUILD (-1)

/* Stands in each program, and is what it wants to hear. */
static const char build_option[] = "--build=" BUILD_ID;

const char *
programs_build_option(void)
{
	return build_option;
}

/* ---- who runs them ------------------------------------------------------ */

/* The folder of the running program, without a slash at its end: -1 and errno.
 * What was replaced meanwhile has " (deleted)" behind its name, not before. */
static int
own_folder(char out[PATH_MAX])
{
	ssize_t n = readlink("/proc/self/exe", out, PATH_MAX);
	char *slash;

	if (n < 0)
		return -1;
	if (n == PATH_MAX) {
		errno = ENAMETOOLONG;
		return -1;
	}
	out[n] = '\0';
	slash = strrchr(out, '/');
	if (slash == NULL) {
		errno = ENOENT;
		return -1;
	}
	*slash = '\0';
	return 0;
}

/* Its roles' folder.  -1 and errno. */
static int
open_folder(void)
{
	char path[PATH_MAX];
	int own, fd;

	if (own_folder(path) < 0)
		return -1;
	own = open(path[0] != '\0' ? path : "/",
	    O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (own < 0)
		return -1;
	fd = openat(own, CLUED_ROLES, O_PATH | O_DIRECTORY | O_CLOEXEC);
	(void)close(own);
	return fd;
}

/* 0, OTHER_BUILD, or an errno. */
static int
check_build(int fd)
{
	struct stat st;
	void *data;
	bool ours;

	if (fstat(fd, &st) < 0)
		return errno;
	if (!S_ISREG(st.st_mode) || st.st_size == 0)
		return OTHER_BUILD;
	data = mmap(
	    NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
	if (data == MAP_FAILED)
		return errno;
	ours = memmem(data, (size_t)st.st_size, build_option,
		   sizeof(build_option)) != NULL;
	(void)munmap(data, (size_t)st.st_size);
	return ours ? 0 : OTHER_BUILD;
}

/* A descriptor out of the way; 0, or why there is none. */
static int
open_program(int folder, const char *role, int *fd_out)
{
	int low = openat(folder, role, O_RDONLY | O_CLOEXEC), why;

	*fd_out = -1;
	if (low < 0)
		return errno;
	why = check_build(low);
	if (why == 0) {
		*fd_out = fcntl(low, F_DUPFD_CLOEXEC, FIRST_FD);
		why = *fd_out < 0 ? errno : 0;
	}
	(void)close(low);
	return why;
}

static int
say_missing(const struct program *p, struct err *err)
{
	char own[PATH_MAX];

	if (own_folder(own) < 0)
		return err_errno(err, errno, "read /proc/self/exe");
	if (p->why == OTHER_BUILD)
		return err_set(err, ERR_SYSTEM, ERR_OWN, 0,
		    "%s/%s/%s is of another build: install all of clued anew",
		    own, CLUED_ROLES, p->role);
	return err_errno(
	    err, p->why, "open %s/%s/%s", own, CLUED_ROLES, p->role);
}

int
programs_find(struct err *err)
{
	int folder = open_folder(), why = errno, rc = 0;

	for (size_t i = 0; i < N_PROGRAMS; i++) {
		struct program *p = &programs[i];

		p->fd = -1;
		p->why = folder < 0 ? why
				    : open_program(folder, p->role, &p->fd);
		if (p->fd < 0 && rc == 0)
			rc = say_missing(p, err);
	}
	if (folder >= 0)
		(void)close(folder);
	return rc;
}

int
programs_open(const char *role, struct err *err)
{
	for (size_t i = 0; i < N_PROGRAMS; i++) {
		const struct program *p = &programs[i];

		if (p->fd == 0)
			return PROGRAMS_SELF;
		if (strcmp(p->role, role) == 0)
			return p->fd >= 0 ? p->fd : say_missing(p, err);
	}
	return err_set(err, ERR_BUG, ERR_OWN, 0, "no role %s", role);
}

/* ---- they --------------------------------------------------------------- */

bool
programs_begin(int argc, char **argv, const char *role)
{
	const char *given =
	    argc == 3 && strncmp(argv[1], "--role=", 7) == 0 ? argv[1] + 7 : "";
	char name[16];
	struct stat st;

	if (strcmp(given, role) != 0 || fstat(SPAWN_SOCKET, &st) < 0 ||
	    !S_ISSOCK(st.st_mode)) {
		(void)fprintf(stderr,
		    "This is the %s process of clued(8), which runs it.\n",
		    role);
		return false;
	}
	if (strcmp(argv[2], build_option) != 0) {
		(void)fprintf(stderr,
		    "clued: the %s program is of another build: install all "
		    "of clued anew, then start it again\n",
		    role);
		return false;
	}
	(void)snprintf(name, sizeof(name), "clued-%s", role);
	(void)prctl(PR_SET_NAME, name);
	return true;
}
