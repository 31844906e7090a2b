/* SPDX-License-Identifier: ISC */
#ifndef SEND_ROLE_H
#define SEND_ROLE_H

/* The send process, talking over `sock`; returns the exit status. */
int send_main(int sock);

#endif
