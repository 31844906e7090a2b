/* SPDX-License-Identifier: ISC */
#include "store/chain.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <sodium.h>

#include "base/err.h"

static int
write_key(int fd, const unsigned char key[STORE_KEY_BYTES], const char *path,
    struct err *err)
{
	ssize_t n = write(fd, key, STORE_KEY_BYTES);

	if (n < 0)
		return err_errno(err, errno, "write %s", path);
	if (n != STORE_KEY_BYTES)
		return err_errno(err, ENOSPC, "write %s", path);
	if (fsync(fd) < 0)
		return err_errno(err, errno, "sync %s", path);
	return 0;
}

/* The name must be on the disk before anything is that needs the key. */
static int
sync_folder(const char *path, struct err *err)
{
	const char *slash = strrchr(path, '/');
	char *folder = strndup(path, (size_t)(slash - path) + 1);
	int fd, rc = 0;

	if (folder == NULL)
		return db_no_memory(err);
	fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0 || fsync(fd) < 0)
		rc = err_errno(err, errno, "sync %s", folder);
	if (fd >= 0)
		(void)close(fd);
	free(folder);
	return rc;
}

/* Whole or not at all, and never over one that is there (1): two programs may
 * make the same store at once, and one may die meanwhile. */
static int
put_key(const unsigned char key[STORE_KEY_BYTES], const char *path,
    struct err *err)
{
	char *fresh = NULL;
	int fd, rc;

	if (asprintf(&fresh, "%s.XXXXXX", path) < 0)
		return db_no_memory(err);
	fd = mkostemp(fresh, O_CLOEXEC); /* mode 0600 */
	if (fd < 0) {
		rc = err_errno(err, errno, "make %s", fresh);
		free(fresh);
		return rc;
	}
	rc = write_key(fd, key, fresh, err);
	(void)close(fd);
	if (rc == 0 && link(fresh, path) < 0)
		rc = errno == EEXIST
			? 1
			: err_errno(err, errno, "make %s", path);
	(void)unlink(fresh);
	free(fresh);
	if (rc >= 0 && sync_folder(path, err) < 0) {
		if (rc == 0)
			(void)unlink(path);
		rc = -1;
	}
	return rc;
}

static int
make_key(const char *path, struct err *err)
{
	unsigned char key[STORE_KEY_BYTES];
	int rc;

	randombytes_buf(key, sizeof(key));
	rc = put_key(key, path, err);
	explicit_bzero(key, sizeof(key));
	return rc;
}

static int
read_key(struct store *s, int fd, const char *path, struct err *err)
{
	unsigned char key[STORE_KEY_BYTES + 1];
	ssize_t n = read(fd, key, sizeof(key));
	int rc = 0;

	if (s->mode == STORE_CREATE && fchmod(fd, 0600) < 0)
		rc = err_errno(err, errno, "close %s to others", path);
	else if (n < 0)
		rc = err_errno(err, errno, "read %s", path);
	else if (n != STORE_KEY_BYTES)
		rc = err_set(err, ERR_CONF, ERR_OWN, 0,
		    "store: %s does not hold a key of %d bytes; restore it "
		    "from the backup of the store", path, STORE_KEY_BYTES);
	else
		memcpy(s->key, key, STORE_KEY_BYTES);
	explicit_bzero(key, sizeof(key));
	s->has_key = rc == 0;
	return rc;
}

int
chain_key_load(struct store *s, bool make, struct err *err)
{
	char *path = NULL;
	int fd, rc = 0;

	if (s->has_key)
		return 0;
	if (asprintf(&path, "%s.key", s->path) < 0)
		return db_no_memory(err);
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	if (fd < 0 && errno == ENOENT && make) {
		rc = make_key(path, err);
		fd = rc < 0 ? -1 : open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	}
	if (rc >= 0 && fd < 0)
		rc = err_errno(err, errno,
		    "store: the ledger's key %s cannot be read; restore it "
		    "from the backup of the store", path);
	if (fd >= 0) {
		rc = read_key(s, fd, path, err);
		(void)close(fd);
	}
	free(path);
	return rc;
}

int
chain_key_copy(struct store *s, const char *store_path, struct err *err)
{
	char *path = NULL;
	int rc;

	if (asprintf(&path, "%s.key", store_path) < 0)
		return db_no_memory(err);
	rc = put_key(s->key, path, err);
	if (rc == 1)
		rc = err_set(err, ERR_CONF, ERR_OWN, 0,
		    "%s is already there; name another place", path);
	free(path);
	return rc;
}
