/* SPDX-License-Identifier: ISC */
#include "core/lock.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/err.h"
#include "base/limits.h"
#include "core/archive_file.h"

static int
held(int fd, const char *path, struct err *err)
{
	char pid[24] = "";
	ssize_t n = pread(fd, pid, sizeof(pid) - 1, 0);

	pid[n > 0 ? strspn(pid, "0123456789") : 0] = '\0';
	return err_set(err, ERR_CONF, ERR_OWN, 0,
	    "another clued (process %s) works on this store; end it first "
	    "(%s)", pid[0] != '\0' ? pid : "unknown", path);
}

int
lock_store(const char *store_path, int *fd_out, bool *unclean_out,
    struct err *err)
{
	char path[MAX_PATH_BYTES + 8], pid[24];
	struct stat st;
	int fd, n;

	(void)snprintf(path, sizeof(path), "%s.lock", store_path);
	fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOCTTY | O_NOFOLLOW,
	    0600);
	if (fd < 0)
		return err_errno(err, errno, "open %s", path);
	if (file_give_away(path, err) < 0) {
		(void)close(fd);
		return -1;
	}
	if (flock(fd, LOCK_EX | LOCK_NB) < 0) {
		if (errno == EWOULDBLOCK)
			(void)held(fd, path, err);
		else
			(void)err_errno(err, errno, "lock %s", path);
		(void)close(fd);
		return -1;
	}
	*unclean_out = fstat(fd, &st) == 0 && st.st_size > 0;
	/* For whoever finds it locked; without it the lock holds as well. */
	n = snprintf(pid, sizeof(pid), "%d\n", (int)getpid());
	if (ftruncate(fd, 0) < 0 || pwrite(fd, pid, (size_t)n, 0) < 0)
		errno = 0;
	*fd_out = fd;
	return 0;
}

void
lock_leave(int fd)
{
	int rc = ftruncate(fd, 0);

	(void)rc; /* the next start looks through the store for nothing */
	(void)close(fd);
}
