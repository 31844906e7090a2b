/* SPDX-License-Identifier: ISC */
/*
 * SQLite's own way to the disk with failures: the first database that is
 * opened makes this the default virtual file system, wrapped around the one
 * that was.  The calls' names are vfs_open, vfs_delete, vfs_access, vfs_read,
 * vfs_short (a read that finds the end of the file), vfs_write, vfs_torn (half
 * of it is written), vfs_truncate, vfs_sync, vfs_size, vfs_lock, vfs_shm_map
 * and vfs_shm_lock.  What gives something up never fails.
 */
#include "fail.h"

#include <dlfcn.h>
#include <string.h>

#include <sqlite3.h>

struct file {
	sqlite3_file base;
	sqlite3_file *real; /* stands behind this struct */
};

static sqlite3_vfs *real_vfs;

static sqlite3_file *
real_of(sqlite3_file *f)
{
	return ((struct file *)f)->real;
}

#define REAL(f, method) real_of(f)->pMethods->method

static int
on_close(sqlite3_file *f)
{
	return REAL(f, xClose)(real_of(f));
}

static int
on_read(sqlite3_file *f, void *to, int n, sqlite3_int64 at)
{
	int code;

	if (fail_now("vfs_read", &code))
		return code;
	if (fail_now("vfs_short", &code)) {
		memset(to, 0, (size_t)n);
		return SQLITE_IOERR_SHORT_READ;
	}
	return REAL(f, xRead)(real_of(f), to, n, at);
}

static int
on_write(sqlite3_file *f, const void *from, int n, sqlite3_int64 at)
{
	int code;

	if (fail_now("vfs_write", &code))
		return code;
	if (fail_now("vfs_torn", &code)) {
		(void)REAL(f, xWrite)(real_of(f), from, n / 2, at);
		return code;
	}
	return REAL(f, xWrite)(real_of(f), from, n, at);
}

static int
on_truncate(sqlite3_file *f, sqlite3_int64 n)
{
	int code;

	return fail_now("vfs_truncate", &code)
	    ? code
	    : REAL(f, xTruncate)(real_of(f), n);
}

static int
on_sync(sqlite3_file *f, int flags)
{
	int code;

	return fail_now("vfs_sync", &code) ? code
					   : REAL(f, xSync)(real_of(f), flags);
}

static int
on_size(sqlite3_file *f, sqlite3_int64 *n_out)
{
	int code;

	return fail_now("vfs_size", &code)
	    ? code
	    : REAL(f, xFileSize)(real_of(f), n_out);
}

static int
on_lock(sqlite3_file *f, int level)
{
	int code;

	return fail_now("vfs_lock", &code) ? code
					   : REAL(f, xLock)(real_of(f), level);
}

static int
on_unlock(sqlite3_file *f, int level)
{
	return REAL(f, xUnlock)(real_of(f), level);
}

static int
on_check_lock(sqlite3_file *f, int *out)
{
	return REAL(f, xCheckReservedLock)(real_of(f), out);
}

static int
on_control(sqlite3_file *f, int op, void *arg)
{
	return REAL(f, xFileControl)(real_of(f), op, arg);
}

static int
on_sector(sqlite3_file *f)
{
	return REAL(f, xSectorSize)(real_of(f));
}

static int
on_traits(sqlite3_file *f)
{
	return REAL(f, xDeviceCharacteristics)(real_of(f));
}

static int
on_shm_map(sqlite3_file *f, int page, int size, int extend,
    void volatile **out)
{
	int code;

	return fail_now("vfs_shm_map", &code)
	    ? code
	    : REAL(f, xShmMap)(real_of(f), page, size, extend, out);
}

static int
on_shm_lock(sqlite3_file *f, int offset, int n, int flags)
{
	int code;

	if ((flags & SQLITE_SHM_LOCK) != 0 && fail_now("vfs_shm_lock", &code))
		return code;
	return REAL(f, xShmLock)(real_of(f), offset, n, flags);
}

static void
on_shm_barrier(sqlite3_file *f)
{
	REAL(f, xShmBarrier)(real_of(f));
}

static int
on_shm_unmap(sqlite3_file *f, int delete_it)
{
	return REAL(f, xShmUnmap)(real_of(f), delete_it);
}

static int
on_open(sqlite3_vfs *vfs, const char *name, sqlite3_file *f, int flags,
    int *flags_out)
{
	static const sqlite3_io_methods methods = {
	    .iVersion = 2,
	    .xClose = on_close,
	    .xRead = on_read,
	    .xWrite = on_write,
	    .xTruncate = on_truncate,
	    .xSync = on_sync,
	    .xFileSize = on_size,
	    .xLock = on_lock,
	    .xUnlock = on_unlock,
	    .xCheckReservedLock = on_check_lock,
	    .xFileControl = on_control,
	    .xSectorSize = on_sector,
	    .xDeviceCharacteristics = on_traits,
	    .xShmMap = on_shm_map,
	    .xShmLock = on_shm_lock,
	    .xShmBarrier = on_shm_barrier,
	    .xShmUnmap = on_shm_unmap,
	};
	struct file *it = (struct file *)f;
	int rc, code;

	(void)vfs;
	f->pMethods = NULL;
	it->real = (sqlite3_file *)(it + 1);
	if (fail_now("vfs_open", &code))
		return code;
	rc = real_vfs->xOpen(real_vfs, name, it->real, flags, flags_out);
	if (it->real->pMethods != NULL)
		f->pMethods = &methods;
	return rc;
}

static int
on_delete(sqlite3_vfs *vfs, const char *name, int sync)
{
	int code;

	(void)vfs;
	return fail_now("vfs_delete", &code)
	    ? code
	    : real_vfs->xDelete(real_vfs, name, sync);
}

static int
on_access(sqlite3_vfs *vfs, const char *name, int flags, int *out)
{
	int code;

	(void)vfs;
	return fail_now("vfs_access", &code)
	    ? code
	    : real_vfs->xAccess(real_vfs, name, flags, out);
}

static void
wrap_vfs(void)
{
	static sqlite3_vfs vfs;

	if (real_vfs != NULL)
		return;
	real_vfs = sqlite3_vfs_find(NULL);
	if (real_vfs == NULL)
		return;
	vfs = *real_vfs;
	vfs.zName = "failing";
	vfs.szOsFile = (int)sizeof(struct file) + real_vfs->szOsFile;
	vfs.pNext = NULL;
	vfs.xOpen = on_open;
	vfs.xDelete = on_delete;
	vfs.xAccess = on_access;
	(void)sqlite3_vfs_register(&vfs, 1);
}

int
sqlite3_open_v2(
    const char *path, sqlite3 **db_out, int flags, const char *vfs)
{
	static int (*next)(const char *, sqlite3 **, int, const char *);

	if (next == NULL) /* an object pointer may hold it (POSIX) */
		*(void **)(&next) = dlsym(RTLD_NEXT, "sqlite3_open_v2");
	wrap_vfs();
	return next(path, db_out, flags, vfs);
}
