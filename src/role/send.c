/* SPDX-License-Identifier: ISC */
#include "base/programs.h"
#include "base/spawn.h"
#include "send/role.h"

int
main(int argc, char **argv)
{
	if (!programs_begin(argc, argv, "send"))
		return 2;
	return send_main(SPAWN_SOCKET);
}
