/* SPDX-License-Identifier: ISC */
#ifndef FETCH_ROLE_H
#define FETCH_ROLE_H

/* The fetch process of one mailbox, talking over `sock`; returns the exit
 * status. */
int fetch_main(int sock);

#endif
