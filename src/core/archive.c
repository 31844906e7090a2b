/* SPDX-License-Identifier: ISC */
#include "core/archive.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/hash.h"
#include "base/limits.h"
#include "core/archive_file.h"
#include "store/store.h"

#define DB "clued.db"
#define MANIFEST "MANIFEST"
#define HEAD_LINE "clued backup 1"

/* -- what a store has beside it -------------------------------------- */

/* Files that belong to no moment, or to SQLite. */
static bool
is_key_suffix(const char *suffix)
{
	static const char *const not_keys[] = {"lock", "wal", "shm", "key"};
	size_t len = strspn(suffix, "abcdefghijklmnopqrstuvwxyz");

	if (len == 0 || suffix[len] != '\0' || len > 16)
		return false;
	for (size_t i = 0; i < sizeof(not_keys) / sizeof(not_keys[0]); i++)
		if (strcmp(suffix, not_keys[i]) == 0)
			return false;
	return true;
}

/* Calls fn with each suffix of a key that lies beside the store ("token");
 * the ledger's own key is the store's affair. */
static int
for_keys(const char *store_path,
    int (*fn)(void *arg, const char *suffix, struct err *err), void *arg,
    struct err *err)
{
	const char *slash = strrchr(store_path, '/');
	const char *base = slash != NULL ? slash + 1 : store_path;
	char folder[MAX_PATH_BYTES + 1];
	size_t len = strlen(base);
	struct dirent *e;
	DIR *d;
	int rc = 0;

	(void)snprintf(folder, sizeof(folder), "%.*s",
	    slash != NULL ? (int)(slash - store_path + 1) : 1,
	    slash != NULL ? store_path : ".");
	d = opendir(folder);
	if (d == NULL)
		return err_errno(err, errno, "look into %s", folder);
	while (rc == 0 && (e = readdir(d)) != NULL)
		if (strncmp(e->d_name, base, len) == 0 &&
		    e->d_name[len] == '.' &&
		    is_key_suffix(e->d_name + len + 1))
			rc = fn(arg, e->d_name + len + 1, err);
	(void)closedir(d);
	return rc;
}

/* -- the manifest ------------------------------------------------------ */

struct manifest {
	struct arena *a;
	struct buf text;
	const char *dir;
	const char *store_path;
	struct archive_facts facts;
};

static int
add_file(struct manifest *m, const char *name, struct err *err)
{
	unsigned char sha256[SHA256_BYTES];
	char path[MAX_PATH_BYTES + 64], hex[SHA256_HEX];
	uint64_t size;

	(void)snprintf(path, sizeof(path), "%s/%s", m->dir, name);
	if (file_hash(path, sha256, &size, err) < 0)
		return -1;
	file_hex(sha256, hex);
	buf_addf(&m->text, "file %s %llu %s\n", hex, (unsigned long long)size,
	    name);
	m->facts.n_files++;
	m->facts.size_bytes += size;
	return 0;
}

static int
copy_key(void *arg, const char *suffix, struct err *err)
{
	struct manifest *m = arg;
	char from[MAX_PATH_BYTES + 64], to[MAX_PATH_BYTES + 64], name[64];

	(void)snprintf(name, sizeof(name), DB ".%s", suffix);
	(void)snprintf(from, sizeof(from), "%s.%s", m->store_path, suffix);
	(void)snprintf(to, sizeof(to), "%s/%s", m->dir, name);
	if (file_copy(from, to, err) < 0)
		return -1;
	return add_file(m, name, err);
}

/* Counts of the copy, which nobody writes to; opening it checks the key. */
static int
look_inside(const char *path, int64_t now_s, struct archive_facts *f,
    struct err *err)
{
	struct store *s;
	struct store_counts c;
	int rc;

	/* For writing, so that SQLite leaves no files of its own behind. */
	if (store_open(path, STORE_WRITE, &s, err) < 0)
		return -1;
	rc = store_check(s, err);
	if (rc == 0)
		rc = store_chain_check(s, &f->events, f->head, err);
	if (rc == 0)
		rc = store_counts(s, now_s, &c, err);
	store_close(&s);
	if (rc < 0)
		return -1;
	f->messages = c.messages;
	f->clues = c.clues;
	f->waiting = c.letters[LETTER_READY] + c.letters[LETTER_SENDING];
	return 0;
}

static int
fill(struct manifest *m, struct store *store, struct err *err)
{
	char path[MAX_PATH_BYTES + 64];

	(void)snprintf(path, sizeof(path), "%s/" DB, m->dir);
	if (store_backup(store, path, err) < 0 ||
	    look_inside(path, m->facts.made_s, &m->facts, err) < 0)
		return -1;
	buf_addf(&m->text, HEAD_LINE "\ntime %lld\n",
	    (long long)m->facts.made_s);
	if (add_file(m, DB, err) < 0 || add_file(m, DB ".key", err) < 0 ||
	    for_keys(m->store_path, copy_key, m, err) < 0)
		return -1;
	if (buf_bad(&m->text))
		return err_set(err, ERR_SYSTEM, ERR_OWN, 0, "out of memory");
	(void)snprintf(path, sizeof(path), "%s/" MANIFEST, m->dir);
	if (file_write(path, m->text.data, m->text.len, err) < 0)
		return -1;
	return file_sync_folder(m->dir, err);
}

/* The name comes last.  An empty folder of that name is replaced. */
static int
give_name(const char *from, const char *to, struct err *err)
{
	if (rename(from, to) == 0)
		return file_sync_folder_of(to, err);
	if (errno == ENOTEMPTY || errno == EEXIST || errno == ENOTDIR)
		return err_set(err, ERR_CONF, ERR_OWN, 0,
		    "%s is already there; name a new folder", to);
	return err_errno(err, errno, "make %s", to);
}

int
archive_make(struct store *store, const char *store_path, const char *dir,
    int64_t now_s, struct archive_facts *out, struct err *err)
{
	char fresh[MAX_PATH_BYTES + 16];
	struct manifest m = {.text = BUF_INIT,
	    .dir = fresh,
	    .store_path = store_path,
	    .facts = {.made_s = now_s}};
	int rc;

	if (file_fresh_folder(dir, fresh, sizeof(fresh), err) < 0)
		return err_at(err, "backup");
	rc = fill(&m, store, err);
	if (rc == 0)
		rc = give_name(fresh, dir, err);
	if (rc < 0)
		file_remove_folder(fresh);
	else
		*out = m.facts;
	buf_done(&m.text);
	return rc < 0 ? err_at(err, "backup") : 0;
}

/* -- checking ----------------------------------------------------------- */

static int
bad(struct err *err, const char *dir, const char *what)
{
	return err_set(err, ERR_INPUT, ERR_OWN, 0,
	    "%s is not a whole backup: %s", dir, what);
}

static bool
is_name(const char *name)
{
	if (strcmp(name, DB) == 0 || strcmp(name, DB ".key") == 0)
		return true;
	return strncmp(name, DB ".", strlen(DB ".")) == 0 &&
	    is_key_suffix(name + strlen(DB "."));
}

/* "file SHA256 SIZE NAME"; fn is called when the file is as it says. */
static int
check_line(const char *dir, char *line, struct archive_facts *f,
    int (*fn)(void *arg, const char *name, struct err *err), void *arg,
    struct err *err)
{
	char hex[SHA256_HEX], want[SHA256_HEX], name[64];
	char path[MAX_PATH_BYTES + 64];
	unsigned char sha256[SHA256_BYTES];
	unsigned long long size;
	uint64_t real;
	int end = 0;

	if (sscanf(line, "file %64[0-9a-f] %llu %63[a-z.]%n", want, &size, name,
		&end) != 3 ||
	    line[end] != '\0' || !is_name(name))
		return bad(err, dir, "a line of its MANIFEST is no file's");
	(void)snprintf(path, sizeof(path), "%s/%s", dir, name);
	if (file_hash(path, sha256, &real, err) < 0)
		return -1;
	file_hex(sha256, hex);
	if (real != size || strcmp(hex, want) != 0)
		return bad(err, dir, "a file is not what its MANIFEST says");
	f->n_files++;
	f->size_bytes += real;
	return fn != NULL ? fn(arg, name, err) : 0;
}

static int
check_lines(const char *dir, char *text, struct archive_facts *f,
    int (*fn)(void *arg, const char *name, struct err *err), void *arg,
    struct err *err)
{
	long long made_s;
	char *line, *rest = text;
	bool have_db = false, have_key = false;
	int n = 0;

	while ((line = strsep(&rest, "\n")) != NULL && rest != NULL) {
		if (n == 0 && strcmp(line, HEAD_LINE) != 0)
			return bad(err, dir, "it is of another kind");
		if (n == 1) {
			if (sscanf(line, "time %lld", &made_s) != 1)
				return bad(err, dir, "its time is missing");
			f->made_s = made_s;
		}
		if (n > 1 && check_line(dir, line, f, fn, arg, err) < 0)
			return -1;
		have_db |= n > 1 && strstr(line, " " DB) != NULL;
		have_key |= n > 1 && strstr(line, " " DB ".key") != NULL;
		n++;
	}
	return have_db && have_key ? 0 : bad(err, dir, "the store is missing");
}

static int
check_files(const char *dir, struct archive_facts *f,
    int (*fn)(void *arg, const char *name, struct err *err), void *arg,
    struct err *err)
{
	char path[MAX_PATH_BYTES + 64], text[8192];
	ssize_t n;

	memset(f, 0, sizeof(*f));
	(void)snprintf(path, sizeof(path), "%s/" MANIFEST, dir);
	n = file_read_small(path, text, sizeof(text), err);
	if (n < 0 && err->code == ENOENT)
		return bad(err, dir, "it has no MANIFEST");
	if (n < 0)
		return -1;
	return check_lines(dir, text, f, fn, arg, err);
}

/* -- a copy beside the store, which is looked into and moved ------------ */

struct copying {
	const char *from, *to;
};

static int
copy_one(void *arg, const char *name, struct err *err)
{
	const struct copying *c = arg;
	char from[MAX_PATH_BYTES + 64], to[MAX_PATH_BYTES + 64];

	(void)snprintf(from, sizeof(from), "%s/%s", c->from, name);
	(void)snprintf(to, sizeof(to), "%s/%s", c->to, name);
	return file_copy(from, to, err);
}

/* Copies while it compares, then looks into the copy. */
static int
copy_and_check(const char *dir, const char *fresh, struct archive_facts *f,
    struct err *err)
{
	struct copying c = {dir, fresh};
	char path[MAX_PATH_BYTES + 64];

	if (check_files(dir, f, copy_one, &c, err) < 0)
		return -1;
	(void)snprintf(path, sizeof(path), "%s/" DB, fresh);
	if (look_inside(path, f->made_s, f, err) < 0)
		return -1;
	return file_sync_folder(fresh, err);
}

int
archive_check(const char *dir, struct archive_facts *out, struct err *err)
{
	char fresh[MAX_PATH_BYTES + 16];
	int rc;

	/* Looking into a store writes beside it: not into the backup. */
	if (check_files(dir, out, NULL, NULL, err) < 0 ||
	    file_fresh_folder(dir, fresh, sizeof(fresh), err) < 0)
		return -1;
	rc = copy_and_check(dir, fresh, out, err);
	file_remove_folder(fresh);
	return rc;
}

struct moving {
	const char *store_path, *fresh, *kept;
};

/* The new file comes under its name, the old one keeps another. */
static int
move_one(const struct moving *m, const char *suffix, struct err *err)
{
	char old[MAX_PATH_BYTES + 64], kept[MAX_PATH_BYTES + 64];
	char fresh[MAX_PATH_BYTES + 64];

	(void)snprintf(old, sizeof(old), "%s%s", m->store_path, suffix);
	(void)snprintf(kept, sizeof(kept), "%s%s", m->kept, suffix);
	(void)snprintf(fresh, sizeof(fresh), "%s/" DB "%s", m->fresh, suffix);
	if (m->kept[0] != '\0' && link(old, kept) < 0 && errno != ENOENT)
		return err_errno(err, errno, "keep %s", old);
	if (access(fresh, F_OK) == 0) {
		if (rename(fresh, old) < 0)
			return err_errno(err, errno, "put %s in place", old);
		return file_give_away(old, err);
	}
	if (unlink(old) < 0 && errno != ENOENT)
		return err_errno(err, errno, "move %s", old);
	return 0;
}

static int
move_key(void *arg, const char *suffix, struct err *err)
{
	char dotted[24];

	(void)snprintf(dotted, sizeof(dotted), ".%s", suffix);
	return move_one(arg, dotted, err);
}

/* Keys first: a store without its key is refused, and clearly. */
static int
move_all(const struct moving *m, struct err *err)
{
	char fresh_db[MAX_PATH_BYTES + 64];
	struct moving copy = *m;

	(void)snprintf(fresh_db, sizeof(fresh_db), "%s/" DB, m->fresh);
	/* Those the store has, then those that only the backup has. */
	if (for_keys(m->store_path, move_key, &copy, err) < 0 ||
	    for_keys(fresh_db, move_key, &copy, err) < 0 ||
	    move_one(m, ".key", err) < 0 || move_one(m, "-wal", err) < 0 ||
	    move_one(m, "-shm", err) < 0 || move_one(m, "", err) < 0)
		return -1;
	return file_sync_folder_of(m->store_path, err);
}

/* What of the old store is in its log goes into its file, so that what is
 * kept is one file; a damaged one is kept as it is. */
static void
settle_old(const char *store_path)
{
	struct store *s;
	struct err err;

	if (store_open(store_path, STORE_WRITE, &s, &err) == 0)
		store_close(&s);
}

static int
is_there(void *arg, const char *suffix, struct err *err)
{
	(void)arg;
	(void)suffix;
	(void)err;
	return 1;
}

/* A name for the old store that nothing has: a restore may be tried again
 * within the second that it failed in. */
static int
name_old(const char *store_path, int64_t now_s, struct arena *a,
    const char **out, struct err *err)
{
	static const char *const ends[] = {"", ".key", "-wal", "-shm"};
	char path[MAX_PATH_BYTES + 64];
	int rc;

	for (;; now_s++) {
		*out = arena_printf(
		    a, "%s.before-%lld", store_path, (long long)now_s);
		if (*out == NULL)
			return err_set(
			    err, ERR_SYSTEM, ERR_OWN, 0, "out of memory");
		rc = for_keys(*out, is_there, NULL, err);
		for (size_t i = 0; rc == 0 && i < 4; i++) {
			(void)snprintf(
			    path, sizeof(path), "%s%s", *out, ends[i]);
			rc = access(path, F_OK) == 0;
		}
		if (rc != 1)
			return rc;
	}
}

int
archive_restore(const char *dir, const char *store_path, bool force,
    int64_t now_s, struct arena *a, struct archive_facts *out,
    const char **kept_out, struct err *err)
{
	char fresh[MAX_PATH_BYTES + 16];
	struct moving m = {store_path, fresh, ""};
	bool there = access(store_path, F_OK) == 0;
	int rc;

	if (there && !force)
		return err_set(err, ERR_CONF, ERR_OWN, 0,
		    "%s is there; --force puts the backup in its place and "
		    "keeps it under another name", store_path);
	if (there && name_old(store_path, now_s, a, &m.kept, err) < 0)
		return err_at(err, "restore");
	if (file_fresh_folder(store_path, fresh, sizeof(fresh), err) < 0)
		return err_at(err, "restore");
	rc = copy_and_check(dir, fresh, out, err);
	if (rc == 0 && there)
		settle_old(store_path);
	if (rc == 0)
		rc = move_all(&m, err);
	file_remove_folder(fresh);
	*kept_out = m.kept;
	return rc < 0 ? err_at(err, "restore") : 0;
}
