/* SPDX-License-Identifier: ISC */
#include "ctl/file.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/memfd.h"

static int
read_all(int fd, struct buf *b, size_t max, struct err *err)
{
	char block[65536];
	ssize_t n;

	for (;;) {
		n = read(fd, block, sizeof(block));
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return err_errno(err, errno, "read");
		if (n == 0)
			return 0;
		if ((size_t)n > max - b->len)
			return err_set(err, ERR_INPUT, ERR_OWN, 0,
			    "longer than %zu bytes", max);
		buf_add(b, block, (size_t)n);
		if (buf_bad(b))
			return err_set(err, ERR_SYSTEM, ERR_OWN, 0,
			    "out of memory");
	}
}

int
file_load(const char *path, size_t max, struct buf *out, struct err *err)
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
file_to_memfd(const char *path, size_t max, int *fd_out, struct err *err)
{
	BUF_AUTO struct buf b = BUF_INIT;

	if (file_load(path, max, &b, err) < 0)
		return -1;
	return memfd_put(buf_str(&b), b.len, fd_out, err);
}
