/* SPDX-License-Identifier: ISC */
#include "core/archive_file.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/err.h"
#include "base/limits.h"
#include "base/str.h"

#define PIECE (256UL << 10)

static int
write_all(int fd, const char *data, size_t len, const char *path,
    struct err *err)
{
	while (len > 0) {
		ssize_t n = write(fd, data, len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return err_errno(err, errno, "write %s", path);
		data += n;
		len -= (size_t)n;
	}
	return 0;
}

/* Reads to the end; each piece goes to the hash or to the descriptor. */
static int
read_pieces(int fd, const char *path, struct hash_state *hash, int to,
    const char *to_path, uint64_t *size_out, struct err *err)
{
	char *piece = malloc(PIECE);
	ssize_t n = 0;
	int rc = 0;

	if (piece == NULL)
		return err_set(err, ERR_SYSTEM, ERR_OWN, 0, "out of memory");
	*size_out = 0;
	while (rc == 0 && (n = read(fd, piece, PIECE)) != 0) {
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0) {
			rc = err_errno(err, errno, "read %s", path);
			break;
		}
		*size_out += (uint64_t)n;
		if (hash != NULL)
			hash_add(hash, piece, (size_t)n);
		if (to >= 0)
			rc = write_all(to, piece, (size_t)n, to_path, err);
	}
	explicit_bzero(piece, PIECE); /* it may have been a key */
	free(piece);
	return rc;
}

static int
make(const char *path, struct err *err)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);

	return fd < 0 ? err_errno(err, errno, "make %s", path) : fd;
}

static int
sync_and_close(int fd, const char *path, int rc, struct err *err)
{
	if (rc == 0 && fsync(fd) < 0)
		rc = err_errno(err, errno, "sync %s", path);
	if (close(fd) < 0 && rc == 0)
		rc = err_errno(err, errno, "close %s", path);
	return rc;
}

int
file_copy(const char *from, const char *to, struct err *err)
{
	int in = open(from, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	int out = in < 0 ? -1 : make(to, err);
	uint64_t size;
	int rc;

	if (in < 0)
		return err_errno(err, errno, "open %s", from);
	if (out < 0) {
		(void)close(in);
		return -1;
	}
	rc = read_pieces(in, from, NULL, out, to, &size, err);
	(void)close(in);
	return sync_and_close(out, to, rc, err);
}

int
file_write(
    const char *path, const void *data, size_t len, struct err *err)
{
	int fd = make(path, err);

	if (fd < 0)
		return -1;
	return sync_and_close(
	    fd, path, write_all(fd, data, len, path, err), err);
}

ssize_t
file_read_small(const char *path, char *out, size_t size, struct err *err)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	ssize_t n;

	if (fd < 0)
		return err_errno(err, errno, "open %s", path);
	n = read(fd, out, size - 1);
	if (n < 0)
		(void)err_errno(err, errno, "read %s", path);
	else
		out[n] = '\0';
	(void)close(fd);
	return n;
}

int
file_hash(const char *path, unsigned char sha256_out[SHA256_BYTES],
    uint64_t *size_out, struct err *err)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	struct hash_state *hash;
	int rc;

	if (fd < 0)
		return err_errno(err, errno, "open %s", path);
	hash = hash_new();
	rc = hash == NULL
		 ? err_set(err, ERR_SYSTEM, ERR_OWN, 0, "out of memory")
		 : read_pieces(fd, path, hash, -1, NULL, size_out, err);
	if (hash != NULL)
		hash_end(&hash, sha256_out);
	(void)close(fd);
	return rc;
}

void
file_hex(
    const unsigned char sha256[SHA256_BYTES], char hex_out[SHA256_HEX])
{
	hex_put(sha256, SHA256_BYTES, hex_out);
}

int
file_fresh_folder(const char *path, char *out, size_t size, struct err *err)
{
	size_t len = strlen(path);

	while (len > 1 && path[len - 1] == '/')
		len--;
	if (snprintf(out, size, "%.*s.new-XXXXXX", (int)len, path) >= (int)size)
		return err_set(
		    err, ERR_CONF, ERR_OWN, 0, "the path is too long");
	if (mkdtemp(out) == NULL) /* mode 0700 */
		return err_errno(err, errno, "make %s", out);
	return 0;
}

void
file_remove_folder(const char *path)
{
	char name[MAX_PATH_BYTES + 300];
	DIR *d = opendir(path);
	struct dirent *e;

	while (d != NULL && (e = readdir(d)) != NULL) {
		if (e->d_name[0] == '.')
			continue;
		(void)snprintf(name, sizeof(name), "%s/%s", path, e->d_name);
		(void)unlink(name);
	}
	if (d != NULL)
		(void)closedir(d);
	(void)rmdir(path);
}

int
file_sync_folder(const char *path, struct err *err)
{
	int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int rc = 0;

	if (fd < 0)
		return err_errno(err, errno, "open %s", path);
	if (fsync(fd) < 0)
		rc = err_errno(err, errno, "sync %s", path);
	(void)close(fd);
	return rc;
}

static void
folder_of(const char *path, char *out, size_t size)
{
	size_t len = strlen(path);
	const char *slash;

	while (len > 1 && path[len - 1] == '/')
		len--;
	slash = memrchr(path, '/', len);
	(void)snprintf(out, size, "%.*s",
	    slash != NULL ? (int)(slash - path + 1) : 1,
	    slash != NULL ? path : ".");
}

int
file_sync_folder_of(const char *path, struct err *err)
{
	char folder[MAX_PATH_BYTES + 1];

	folder_of(path, folder, sizeof(folder));
	return file_sync_folder(folder, err);
}

int
file_give_away(const char *path, struct err *err)
{
	char folder[MAX_PATH_BYTES + 1];
	struct stat st;

	if (geteuid() != 0)
		return 0;
	folder_of(path, folder, sizeof(folder));
	if (stat(folder, &st) < 0 ||
	    lchown(path, st.st_uid, st.st_gid) < 0)
		return err_errno(err, errno, "give away %s", path);
	return 0;
}
