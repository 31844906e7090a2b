/* SPDX-License-Identifier: ISC */
/* The decoder on any bytes: what it gives must be a message that the core
 * accepts. */
#include <stdint.h>
#include <stdlib.h>

#include "base/buf.h"
#include "base/err.h"
#include "parse/message.h"
#include "parse/parse.h"
#include "parse/wire.h"

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* libytnef forgets attributes that come twice; its process is short-lived. */
const char *__lsan_default_suppressions(void);
const char *
__lsan_default_suppressions(void)
{
	return "leak:libytnef";
}

int
LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc, (void)argv;
	return parse_init(NULL) == 0 ? 0 : -1;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct message *m, *back;
	struct buf b = BUF_INIT;

	if (parse_message(data, size, &m, NULL) < 0)
		abort();
	parse_wire_put(&b, m);
	if (buf_bad(&b) || parse_wire_get(b.data, b.len, &back, NULL) < 0)
		abort();
	message_free(&m);
	message_free(&back);
	buf_done(&b);
	return 0;
}
