/* SPDX-License-Identifier: ISC */
#include "base/programs.h"
#include "base/spawn.h"
#include "fetch/role.h"

int
main(int argc, char **argv)
{
	if (!programs_begin(argc, argv, "fetch"))
		return 2;
	return fetch_main(SPAWN_SOCKET);
}
