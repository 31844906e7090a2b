/* SPDX-License-Identifier: ISC */
#ifndef CORE_ARCHIVE_H
#define CORE_ARCHIVE_H

#include <stdbool.h>
#include <stdint.h>


struct arena;
struct err;
struct store;

/*
 * Backups of the whole store as a folder:
 *
 *   clued.db        the store as of one moment
 *   clued.db.key    the ledger's key, and every other key beside the store
 *   MANIFEST        what is there, with sizes and SHA-256
 *
 * The folder (0700, files 0600) gets its name last, when everything in it was
 * read back, checked and synced: one that has its name is whole.
 */
struct archive_facts {
	int64_t made_s;   /* as of this moment */
	int64_t messages, clues, events;
	int64_t waiting;  /* letters that had not gone yet */
	uint64_t size_bytes;
	unsigned n_files;
	char head[65];    /* of the ledger */
};

/* `store` may be written to by others meanwhile; store_path is where it lies.
 * `dir` must not exist, or be an empty folder: ERR_CONF otherwise. */
int archive_make(struct store *store, const char *store_path, const char *dir,
    int64_t now_s, struct archive_facts *out, struct err *err);

/* Checks every file against the MANIFEST, the store's pages, references and
 * ledger; ERR_INPUT says what is wrong.  Nothing is changed. */
int archive_check(
    const char *dir, struct archive_facts *out, struct err *err);

/*
 * Puts a backup in the place of the store, after the check, of a copy beside
 * it.  A store that is there is refused (ERR_CONF) unless `force`; then it is
 * kept under "<store>.before-TIME" (*kept_out, in the arena; "" = there was
 * none).  Nobody may work on the store meanwhile (core/lock.h).
 */
int archive_restore(const char *dir, const char *store_path, bool force,
    int64_t now_s, struct arena *a, struct archive_facts *out,
    const char **kept_out, struct err *err);

#endif
