/* SPDX-License-Identifier: ISC */
#include "base/keyfile.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <sodium.h>

#include "base/err.h"

/* The longest key. */
#define KEY_BYTES 64

static int
write_key(int fd, const void *key, size_t len, const char *path,
    struct err *err)
{
	ssize_t n = write(fd, key, len);

	if (n < 0)
		return err_errno(err, errno, "write %s", path);
	if ((size_t)n != len)
		return err_errno(err, ENOSPC, "write %s", path);
	return fsync(fd) < 0 ? err_errno(err, errno, "sync %s", path) : 0;
}

/* The name must be on the disk before anything is that needs the key. */
static int
sync_folder(const char *path, struct err *err)
{
	const char *slash = strrchr(path, '/');
	char *folder =
	    slash == NULL ? strdup(".")
			  : strndup(path, (size_t)(slash - path) + 1);
	int fd = folder == NULL
		     ? -1
		     : open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int rc = 0;

	if (fd < 0 || fsync(fd) < 0)
		rc = err_errno(err, errno, "sync the folder of %s", path);
	if (fd >= 0)
		(void)close(fd);
	free(folder);
	return rc;
}

/* Never over one that is there: two programs may make it at once. */
static int
make_key(const char *path, size_t len, struct err *err)
{
	unsigned char key[KEY_BYTES];
	char *fresh = NULL;
	int fd, rc;

	if (sodium_init() < 0 || asprintf(&fresh, "%s.XXXXXX", path) < 0)
		return err_set(
		    err, ERR_SYSTEM, ERR_OWN, 0, "no memory or randomness");
	fd = mkostemp(fresh, O_CLOEXEC); /* mode 0600 */
	if (fd < 0) {
		rc = err_errno(err, errno, "make %s", fresh);
		free(fresh);
		return rc;
	}
	randombytes_buf(key, len);
	rc = write_key(fd, key, len, fresh, err);
	explicit_bzero(key, sizeof(key));
	(void)close(fd);
	if (rc == 0 && link(fresh, path) < 0 && errno != EEXIST)
		rc = err_errno(err, errno, "make %s", path);
	(void)unlink(fresh);
	free(fresh);
	return rc < 0 ? -1 : sync_folder(path, err);
}

static int
read_key(int fd, const char *path, void *out, size_t len, struct err *err)
{
	unsigned char key[KEY_BYTES + 1];
	ssize_t n = read(fd, key, len + 1);
	struct stat st;
	int rc = 0;

	if (n < 0 || fstat(fd, &st) < 0)
		rc = err_errno(err, errno, "read %s", path);
	else if ((st.st_mode & 077) != 0)
		rc = err_set(err, ERR_CONF, ERR_OWN, 0,
		    "%s can be read by others; chmod 600 it", path);
	else if ((size_t)n != len)
		rc = err_set(err, ERR_CONF, ERR_OWN, 0,
		    "%s does not hold a key of %zu bytes; restore it, or "
		    "remove it and a new one is made", path, len);
	else
		memcpy(out, key, len);
	explicit_bzero(key, sizeof(key));
	return rc;
}

int
keyfile_load(const char *path, bool make, void *key_out, size_t len,
    struct err *err)
{
	int fd, rc;

	if (len > KEY_BYTES)
		return err_set(err, ERR_BUG, ERR_OWN, 0, "key too long");
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	if (fd < 0 && errno == ENOENT && make) {
		if (make_key(path, len, err) < 0)
			return -1;
		fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	}
	if (fd < 0)
		return err_errno(err, errno, "open %s", path);
	rc = read_key(fd, path, key_out, len, err);
	(void)close(fd);
	return rc;
}
