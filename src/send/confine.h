/* SPDX-License-Identifier: ISC */
#ifndef SEND_CONFINE_H
#define SEND_CONFINE_H

struct err;

/* Shuts the send process in, for good: it may look names up, talk TCP, read
 * certificates and libraries, and nothing else. */
int confine(const char *ca_file, struct err *err);

#endif
