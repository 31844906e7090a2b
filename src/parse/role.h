/* SPDX-License-Identifier: ISC */
#ifndef PARSE_ROLE_H
#define PARSE_ROLE_H

/* The parser zygote: parse_init(), sandbox, then forks children on demand
 * over `sock`; returns the exit status when the socket closes. */
int parse_zygote_main(int sock);

#endif
