/* SPDX-License-Identifier: ISC */
#include "conf/load.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/err.h"
#include "base/limits.h"
#include "base/spawn.h"

/* A token command may ask a server. */
#define COMMAND_TIMEOUT_MS 30000

/* -- files ----------------------------------------------------------------- */

/* NULL, or why a secret in such a file is none. */
static const char *
mode_fault(const struct stat *st)
{
	if (!S_ISREG(st->st_mode))
		return "is not a regular file";
	if ((st->st_mode & (S_IRWXG | S_IRWXO)) != 0)
		return "can be read or changed by others; chmod 600";
	if (st->st_uid != 0 && st->st_uid != geteuid() && geteuid() != 0)
		return "belongs to another user; chown it";
	return NULL;
}

/* private: the file's mode must keep others out.  systemd's credentials are
 * excepted: their folder is private, and an ACL shows up as group bits. */
static int
open_secret(const char *path, bool private, int *fd_out, struct err *err)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	const char *fault = NULL;
	struct stat st;

	if (fd < 0)
		return err_errno(err, errno, "cannot read secret %s", path);
	if (fstat(fd, &st) < 0)
		fault = "cannot be examined";
	else if (private)
		fault = mode_fault(&st);
	if (fault != NULL) {
		(void)close(fd);
		return err_set(
		    err, ERR_CONF, ERR_OWN, 0, "secret %s %s", path, fault);
	}
	*fd_out = fd;
	return 0;
}

/* Reads all of it; one byte is kept for the NUL. */
static int
read_secret(int fd, const char *path, char *out, size_t size, size_t *len_out,
    struct err *err)
{
	size_t len = 0;

	while (len < size) {
		ssize_t n = read(fd, out + len, size - len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return err_errno(
			    err, errno, "cannot read secret %s", path);
		if (n == 0)
			break;
		len += (size_t)n;
	}
	if (len == size)
		return err_set(err, ERR_CONF, ERR_OWN, 0,
		    "secret %s is longer than %zu bytes", path, size - 1);
	out[len] = '\0';
	*len_out = len;
	return 0;
}

static int
from_file(const char *path, bool private, char *out, size_t size,
    size_t *len_out, struct err *err)
{
	int rc, fd;

	if (open_secret(path, private, &fd, err) < 0)
		return -1;
	rc = read_secret(fd, path, out, size, len_out, err);
	(void)close(fd);
	return rc;
}

/* -- credentials ----------------------------------------------------------- */

/* -1 when systemd gave us none. */
static int
credential_path(const char *name, char *out, size_t size)
{
	const char *dir = getenv("CREDENTIALS_DIRECTORY");
	int n;

	if (dir == NULL || *dir != '/')
		return -1;
	n = snprintf(out, size, "%s/%s", dir, name);
	return n < 0 || (size_t)n >= size ? -1 : 0;
}

static int
from_credential(
    const char *name, char *out, size_t size, size_t *len_out, struct err *err)
{
	char path[4096];

	if (credential_path(name, path, sizeof(path)) < 0)
		return err_set(err, ERR_CONF, ERR_OWN, 0,
		    "secret: no credential \"%s\"; systemd hands it over "
		    "(LoadCredential=%s:…), by hand set "
		    "CREDENTIALS_DIRECTORY to the folder that holds it",
		    name, name);
	return from_file(path, false, out, size, len_out, err);
}

/* -- both ------------------------------------------------------------------ */

static int
read_any(const struct secret_conf *secret, char *out, size_t size,
    size_t *len_out, struct err *err)
{
	switch (secret->from) {
	case SECRET_FILE:
		return from_file(secret->value, true, out, size, len_out, err);
	case SECRET_CREDENTIAL:
		return from_credential(secret->value, out, size, len_out, err);
	case SECRET_COMMAND:
		if (spawn_secret(
			secret->value, COMMAND_TIMEOUT_MS, out, size, err) < 0)
			return -1;
		*len_out = strlen(out);
		return 0;
	case SECRET_NONE:
		break;
	}
	return err_set(err, ERR_CONF, ERR_OWN, 0, "no secret is configured");
}

/* CR and LF would end the protocol line that carries the secret. */
static int
check_secret(char *out, size_t len, struct err *err)
{
	if (len > 0 && out[len - 1] == '\n')
		out[--len] = '\0';
	if (len > 0 && out[len - 1] == '\r')
		out[--len] = '\0';
	if (len == 0)
		return err_set(
		    err, ERR_CONF, ERR_OWN, 0, "the secret is empty");
	if (memchr(out, '\0', len) != NULL || memchr(out, '\n', len) != NULL ||
	    memchr(out, '\r', len) != NULL)
		return err_set(err, ERR_CONF, ERR_OWN, 0,
		    "the secret holds a line end or a NUL byte; it must be "
		    "one line");
	return 0;
}

int
conf_secret(const struct conf *conf, const struct secret_conf *secret,
    char *out, size_t size, struct err *err)
{
	size_t len = 0;
	(void)conf;

	if (size == 0)
		return err_set(
		    err, ERR_BUG, ERR_OWN, 0, "no room for a secret");
	if (read_any(secret, out, size, &len, err) < 0 ||
	    check_secret(out, len, err) < 0) {
		explicit_bzero(out, size);
		return -1;
	}
	return 0;
}

int
conf_smtp_secret(const struct conf *conf, const struct smtp_conf *smtp,
    char *out, size_t size, struct err *err)
{
	if (smtp->smtp.auth != SEND_AUTH_NONE)
		return conf_secret(conf, &smtp->secret, out, size, err);
	if (size > 0)
		*out = '\0';
	return 0;
}

/* -- at load --------------------------------------------------------------- */

static void
cannot_look(struct load *l, const char *path, struct place at)
{
	char what[MAX_PATH_BYTES + 16];
	int code = errno;

	(void)snprintf(what, sizeof(what), "secret %s", path);
	load_errno(l, at, code, what);
}

static void
check_file(struct load *l, const char *path, struct place at)
{
	const char *fault;
	struct stat st;

	if (stat(path, &st) < 0) {
		/* Another user than the daemon's may not even look. */
		if (errno == EACCES)
			load_warning(l, at, "cannot look at secret %s: %s",
			    path, strerror(errno));
		else
			cannot_look(l, path, at);
		return;
	}
	fault = mode_fault(&st);
	if (fault != NULL)
		load_mistake(l, at, "secret %s %s", path, fault);
}

/* A name is one component of a path (systemd.exec(5), LoadCredential=). */
static bool
is_credential_name(const char *s)
{
	return *s != '.' && strchr(s, '/') == NULL && strchr(s, ':') == NULL;
}

static void
check_credential(struct load *l, const char *name, struct place at)
{
	char path[4096];

	if (!is_credential_name(name))
		load_mistake(
		    l, at, "credential: \"%s\" is not a name of systemd", name);
	else if (credential_path(name, path, sizeof(path)) == 0 &&
		 access(path, R_OK) < 0)
		load_warning(l, at, "cannot read credential %s: %s", path,
		    strerror(errno));
}

void
secret_check(struct load *l, const struct secret_conf *secret, struct place at)
{
	if (l->options->no_secrets)
		return;
	if (secret->from == SECRET_FILE)
		check_file(l, secret->value, at);
	else if (secret->from == SECRET_CREDENTIAL)
		check_credential(l, secret->value, at);
}
