/* SPDX-License-Identifier: ISC */
/* Secrets from files, systemd and commands. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/err.h"
#include "conf_world.h"

struct secret_case {
	const char *bytes;
	size_t len;
	const char *want; /* NULL: refused */
};
#define CASE(bytes, want)                                                      \
	{                                                                      \
		bytes, sizeof(bytes) - 1, want                                 \
	}

static const struct secret_case cases[] = {
    CASE("pass word", "pass word"),
    CASE("abc\n", "abc"),
    CASE("abc\r\n", "abc"),
    CASE(" abc ", " abc "),
    CASE("授权码\n", "授权码"),
    CASE("", NULL),
    CASE("\n", NULL),
    CASE("abc\n\n", NULL),
    CASE("abc\ndef\n", NULL),
    CASE("abc\rdef", NULL),
    CASE("abc\0def", NULL),
    CASE("abc\0", NULL),
    CASE("123456789012345678901234567890", "123456789012345678901234567890"),
    CASE("1234567890123456789012345678901\n", NULL),
    CASE("1234567890123456789012345678901", "1234567890123456789012345678901"),
    CASE("12345678901234567890123456789012", NULL),
};

static void
write_mode(const struct conf_world *w, const char *bytes, size_t len,
    mode_t mode, char path[256])
{
	world_path(w, "secret", path);
	(void)unlink(path);
	world_write_bytes(w, "secret", bytes, len);
	assert_int_equal(chmod(path, mode), 0);
}

static void
check_case(const struct secret_case *c, const struct secret_conf *secret)
{
	char out[32];
	struct err err;
	int rc;

	memset(out, 'x', sizeof(out));
	rc = conf_secret(NULL, secret, out, sizeof(out), &err);
	assert_int_equal(rc, c->want != NULL ? 0 : -1);
	if (rc == 0) {
		assert_string_equal(out, c->want);
		return;
	}
	assert_int_equal(err.kind, ERR_CONF);
	/* Nothing of it stays, and nothing of it is told. */
	for (size_t i = 0; i < sizeof(out); i++)
		assert_int_equal(out[i], 0);
	assert_null(strstr(err.what, "abc"));
	assert_null(strstr(err.what, "1234"));
}

static void
files(void **state)
{
	struct conf_world w;
	char path[256];
	struct secret_conf secret = {SECRET_FILE, path};
	(void)state;

	world_init(&w);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		write_mode(&w, cases[i].bytes, cases[i].len, 0600, path);
		check_case(&cases[i], &secret);
	}
	world_done(&w);
}

static void
modes(void **state)
{
	static const struct { mode_t mode; int rc; } table[] = {{0600, 0},
	    {0400, 0}, {0640, -1}, {0604, -1}, {0620, -1}, {0644, -1},
	    {0610, -1}};
	struct conf_world w;
	char path[256], out[32];
	struct secret_conf secret = {SECRET_FILE, path};
	struct err err;
	(void)state;

	world_init(&w);
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		write_mode(&w, "abc", 3, table[i].mode, path);
		assert_int_equal(
		    conf_secret(NULL, &secret, out, sizeof(out), &err),
		    table[i].rc);
	}
	(void)unlink(path);
	assert_int_equal(
	    conf_secret(NULL, &secret, out, sizeof(out), &err), -1);
	assert_int_equal(err.kind, ERR_CONF);
	assert_int_equal(mkfifo(path, 0600), 0);
	assert_int_equal(
	    conf_secret(NULL, &secret, out, sizeof(out), &err), -1);
	world_done(&w);
}

/* systemd's own files show group bits because of their ACL. */
static void
credentials(void **state)
{
	struct conf_world w;
	char path[256], out[32];
	const struct secret_conf secret = {SECRET_CREDENTIAL, "secret"};
	struct err err;
	(void)state;

	world_init(&w);
	write_mode(&w, "abc\n", 4, 0440, path);
	assert_int_equal(setenv("CREDENTIALS_DIRECTORY", w.dir, 1), 0);
	assert_int_equal(
	    conf_secret(NULL, &secret, out, sizeof(out), &err), 0);
	assert_string_equal(out, "abc");
	assert_int_equal(unsetenv("CREDENTIALS_DIRECTORY"), 0);
	assert_int_equal(
	    conf_secret(NULL, &secret, out, sizeof(out), &err), -1);
	assert_int_equal(err.kind, ERR_CONF);
	assert_non_null(strstr(err.what, "LoadCredential=secret"));
	world_done(&w);
}

static void
commands(void **state)
{
	char out[32];
	struct err err;
	struct secret_conf secret = {SECRET_COMMAND, "printf 'to''ken\\n'"};
	(void)state;

	assert_int_equal(
	    conf_secret(NULL, &secret, out, sizeof(out), &err), 0);
	assert_string_equal(out, "token");
	secret.value = "printf 'a\\nb\\n'";
	assert_int_equal(
	    conf_secret(NULL, &secret, out, sizeof(out), &err), -1);
	secret.value = "exit 3";
	assert_int_equal(
	    conf_secret(NULL, &secret, out, sizeof(out), &err), -1);
	secret.from = SECRET_NONE;
	assert_int_equal(
	    conf_secret(NULL, &secret, out, sizeof(out), &err), -1);
}

/* An SMTP server without log-in needs none. */
static void
without_log_in(void **state)
{
	struct smtp_conf smtp = {.secret = {SECRET_NONE, ""}};
	char out[20] = "old";
	struct err err;

	(void)state;
	smtp.smtp.auth = SEND_AUTH_NONE;
	assert_int_equal(
	    conf_smtp_secret(NULL, &smtp, out, sizeof(out), &err), 0);
	assert_string_equal(out, "");
	smtp.smtp.auth = SEND_AUTH_PLAIN;
	assert_int_equal(
	    conf_smtp_secret(NULL, &smtp, out, sizeof(out), &err), -1);
}

/* Found at load already, without reading it. */
static void
at_load(void **state)
{
	struct conf_world w;
	char path[256];
	(void)state;

	world_init(&w);
	world_edit(&w, "clued.conf", "command = \"printf secret\"",
	    "file = \"secret\"");
	write_mode(&w, "abc", 3, 0600, path);
	world_load(&w);
	assert_int_equal(w.rc, 0);
	assert_int_equal(w.mistakes.n, 0);
	assert_string_equal(w.conf->mailboxes[0].secret.value, path);
	assert_int_equal(chmod(path, 0640), 0);
	world_load(&w);
	assert_int_equal(w.rc, -1);
	assert_non_null(world_find(&w, "chmod 600"));
	world_done(&w);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(files),
	    cmocka_unit_test(modes),
	    cmocka_unit_test(credentials),
	    cmocka_unit_test(commands),
	    cmocka_unit_test(without_log_in),
	    cmocka_unit_test(at_load),
	};

	return cmocka_run_group_tests_name("conf_secret", tests, NULL, NULL);
}
