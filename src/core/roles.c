/* SPDX-License-Identifier: ISC */
#include "core/roles.h"

#include <string.h>

#include "base/spawn.h"
#include "fetch/role.h"
#include "intake/told.h"
#include "parse/role.h"
#include "send/role.h"

/* Behind the parser's glass intake does its share of each message too. */
static int
parse_main(int sock)
{
	static const struct parse_more more = {told_init, told_write};

	return parse_zygote_main(sock, &more);
}

int
roles_main(const char *name)
{
	static const struct {
		const char *name;
		int (*run)(int sock);
	} roles[] = {
	    {"fetch", fetch_main},
	    {"parse", parse_main},
	    {"send", send_main},
	};

	for (size_t i = 0; i < sizeof(roles) / sizeof(roles[0]); i++)
		if (strcmp(name, roles[i].name) == 0)
			return roles[i].run(SPAWN_SOCKET);
	return 2;
}
