/* SPDX-License-Identifier: ISC */
#include "ctl/file.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/memfd.h"

/* Reads until the end or until there are more than max bytes. */
static int
read_all(int fd, struct buf *b, size_t max, struct err *err)
{
	char block[65536];
	ssize_t n;

	while (b->len <= max) {
		n = read(fd, block, sizeof(block));
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return err_errno(err, errno, "read");
		if (n == 0)
			return 0;
		buf_add(b, block, (size_t)n);
		if (buf_bad(b))
			return err_set(err, ERR_SYSTEM, ERR_OWN, 0,
			    "out of memory");
	}
	return 0;
}

static int
read_path(const char *path, size_t max, struct buf *out, struct err *err)
{
	int fd = STDIN_FILENO, rc;

	if (strcmp(path, "-") != 0)
		fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return err_errno(err, errno, "open");
	rc = read_all(fd, out, max, err);
	if (fd != STDIN_FILENO)
		(void)close(fd);
	return rc;
}

int
file_load(const char *path, size_t max, struct buf *out, struct err *err)
{
	if (read_path(path, max, out, err) < 0)
		return -1;
	if (out->len > max)
		return err_set(err, ERR_INPUT, ERR_OWN, 0,
		    "longer than %zu bytes", max);
	return 0;
}

int
file_to_memfd(const char *path, size_t max, int *fd_out, struct err *err)
{
	BUF_AUTO struct buf b = BUF_INIT;

	if (file_load(path, max, &b, err) < 0)
		return -1;
	return memfd_put(buf_str(&b), b.len, fd_out, err);
}

int
file_to_memfd_cut(const char *path, size_t max, size_t head, int *fd_out,
    bool *cut_out, struct err *err)
{
	BUF_AUTO struct buf b = BUF_INIT;

	if (read_path(path, max, &b, err) < 0)
		return -1;
	*cut_out = b.len > max;
	return memfd_put(
	    buf_str(&b), *cut_out ? head : b.len, fd_out, err);
}
