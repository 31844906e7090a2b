/* SPDX-License-Identifier: ISC */
#include "base/memfd.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/err.h"

#define SEALS (F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE)

int
memfd_seal(int fd, struct err *err)
{
	if (fcntl(fd, F_ADD_SEALS, SEALS) < 0)
		return err_errno(err, errno, "seal memfd");
	return 0;
}

static int
write_all(int fd, const char *data, size_t len, struct err *err)
{
	ssize_t n;

	while (len > 0) {
		n = write(fd, data, len);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return err_errno(err, n < 0 ? errno : EIO,
			    "write memfd");
		data += n;
		len -= (size_t)n;
	}
	return 0;
}

int
memfd_put(const void *data, size_t len, int *fd_out, struct err *err)
{
	int fd = memfd_create("message", MFD_CLOEXEC | MFD_ALLOW_SEALING);

	if (fd < 0)
		return err_errno(err, errno, "memfd_create");
	if (write_all(fd, data, len, err) < 0 || memfd_seal(fd, err) < 0) {
		(void)close(fd);
		return -1;
	}
	*fd_out = fd;
	return 0;
}

int
memfd_map(int fd, size_t max, struct memmap *map_out, struct err *err)
{
	struct stat st;
	void *at = NULL;
	int seals = fcntl(fd, F_GET_SEALS);

	if (seals < 0 || (seals & SEALS) != SEALS)
		return err_set(err, ERR_INPUT, ERR_OWN, 0,
		    "descriptor is no sealed memfd");
	if (fstat(fd, &st) < 0)
		return err_errno(err, errno, "fstat memfd");
	if (st.st_size < 0 || (size_t)st.st_size > max)
		return err_set(err, ERR_INPUT, ERR_OWN, 0,
		    "memfd of %lld bytes, at most %zu wanted",
		    (long long)st.st_size, max);
	if (st.st_size > 0) {
		at = mmap(NULL, (size_t)st.st_size, PROT_READ,
		    MAP_PRIVATE, fd, 0);
		if (at == MAP_FAILED)
			return err_errno(err, errno, "map memfd");
	}
	map_out->data = at;
	map_out->len = (size_t)st.st_size;
	return 0;
}

void
memfd_unmap(struct memmap *map)
{
	if (map->data != NULL)
		(void)munmap((void *)(size_t)map->data, map->len);
	map->data = NULL;
	map->len = 0;
}

/* What is smaller is not worth the call. */
#define LEAST_DROPPED (64UL << 10)

void
memfd_drop(const void *data, size_t from, size_t len)
{
	const uintptr_t page = 4096;
	uintptr_t begin = ((uintptr_t)data + from + page - 1) / page * page;
	uintptr_t end = ((uintptr_t)data + from + len) / page * page;

	if (len >= LEAST_DROPPED && begin < end)
		(void)madvise((void *)begin, end - begin, MADV_DONTNEED);
}
