/* SPDX-License-Identifier: ISC */
#include "base/programs.h"
#include "base/spawn.h"
#include "intake/told.h"
#include "parse/role.h"

/* Behind the parser's glass intake does its share of each message too. */
int
main(int argc, char **argv)
{
	static const struct parse_more more = {told_init, told_write};

	if (!programs_begin(argc, argv, "parse"))
		return 2;
	return parse_zygote_main(SPAWN_SOCKET, &more);
}
