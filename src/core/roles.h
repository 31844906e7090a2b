/* SPDX-License-Identifier: ISC */
#ifndef CORE_ROLES_H
#define CORE_ROLES_H

/* What a re-executed process does (`--role=NAME`, spawn.h): runs the role
 * over SPAWN_SOCKET and returns its exit status; 2 for an unknown name.  Both
 * programs call it first thing in main(). */
int roles_main(const char *name);

#endif
