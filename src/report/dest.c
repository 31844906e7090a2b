/* SPDX-License-Identifier: ISC */
#include "report/dest.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/err.h"

static int
no_memory(struct err *err)
{
	return err_set(err, ERR_SYSTEM, ERR_OWN, 0, "out of memory");
}

static const char *
temp_folder(void)
{
	const char *folder = getenv("TMPDIR");

	return folder != NULL && folder[0] == '/' ? folder : "/tmp";
}

static int
make_temp(struct dest *d, int *fd_out, struct err *err)
{
	int n = d->path != NULL
		    ? asprintf(&d->temp, "%s.XXXXXX", d->path)
		    : asprintf(&d->temp, "%s/cluectl.XXXXXX", temp_folder());

	if (n < 0) {
		d->temp = NULL;
		return no_memory(err);
	}
	*fd_out = mkostemp(d->temp, O_CLOEXEC); /* mode 0600 */
	if (*fd_out >= 0)
		return 0;
	n = err_errno(
	    err, errno, "make %s", d->path != NULL ? d->path : d->temp);
	free(d->temp);
	d->temp = NULL;
	return n;
}

/* A rename would put a file in the place of a device. */
static int
check_place(const char *path, struct err *err)
{
	struct stat st;

	if (stat(path, &st) < 0 || S_ISREG(st.st_mode))
		return 0;
	return err_set(err, ERR_INPUT, ERR_OWN, 0,
	    "%s is not a regular file; leave -o out for standard output", path);
}

int
dest_open(const char *path, bool by_name, struct dest *dest, struct err *err)
{
	struct dest d = {0};
	int fd = -1;

	if (path == NULL && !by_name) {
		*dest = (struct dest){.file = stdout};
		return 0;
	}
	if (path != NULL && check_place(path, err) < 0)
		return -1;
	if (path != NULL && (d.path = strdup(path)) == NULL)
		return no_memory(err);
	if (make_temp(&d, &fd, err) < 0) {
		free(d.path);
		return -1;
	}
	if (by_name) {
		(void)close(fd);
	} else if ((d.file = fdopen(fd, "w")) == NULL) {
		(void)close(fd);
		dest_close(&d);
		return no_memory(err);
	}
	*dest = d;
	return 0;
}

static int
copy_to_stdout(struct dest *d, struct err *err)
{
	FILE *from = fopen(d->temp, "re");
	char piece[16384];
	size_t n;
	int rc = 0;

	if (from == NULL)
		return err_errno(err, errno, "read %s", d->temp);
	while ((n = fread(piece, 1, sizeof(piece), from)) > 0)
		if (fwrite(piece, 1, n, stdout) != n)
			break;
	if (ferror(from) || ferror(stdout) || fflush(stdout) != 0)
		rc = err_errno(err, errno, "write to standard output");
	(void)fclose(from);
	return rc;
}

static int
sync_file(const char *path, struct err *err)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	int rc = 0;

	if (fd < 0 || fsync(fd) < 0)
		rc = err_errno(err, errno, "write %s", path);
	if (fd >= 0)
		(void)close(fd);
	return rc;
}

int
dest_commit(struct dest *d, struct err *err)
{
	if (d->file != NULL && (ferror(d->file) || fflush(d->file) != 0))
		return err_errno(err, errno, "write %s",
		    d->path != NULL ? d->path : "to standard output");
	if (d->temp == NULL)
		return 0;
	if (d->path == NULL)
		return copy_to_stdout(d, err);
	if (sync_file(d->temp, err) < 0)
		return -1;
	if (rename(d->temp, d->path) < 0)
		return err_errno(err, errno, "make %s", d->path);
	free(d->temp);
	d->temp = NULL;
	return 0;
}

void
dest_close(struct dest *d)
{
	if (d->file != NULL && d->file != stdout)
		(void)fclose(d->file);
	if (d->temp != NULL)
		(void)unlink(d->temp);
	free(d->temp);
	free(d->path);
	*d = (struct dest){0};
}
