/* SPDX-License-Identifier: ISC */
#ifndef SEND_TARGET_H
#define SEND_TARGET_H

#include <stdbool.h>
#include <stddef.h>

struct buf;
struct curl_slist;
struct err;
struct send_start;

/* Where letters go and what may go there: checks, and forms for libcurl. */

/* Whether letters can be sent like this at all: names without characters that
 * would change a URL or a command, a secret where a log-in is wanted, no
 * plain connection but to this machine.  ERR_CONF with the remedy. */
int target_check(const struct send_start *conf, struct err *err);

/* "smtps://host:port/helo"; the path is libcurl's way to say EHLO's name. */
void target_url(const struct send_start *conf, struct buf *out);

/* CURLOPT_CONNECT_TO for conf->connect_to; NULL where it is "". */
int target_connect_to(
    const struct send_start *conf, struct curl_slist **out);

/* conf->ca_file, or the system's bundle. */
const char *target_ca_file(const struct send_start *conf);

/* Printable ASCII with a local part and a domain, and nothing that would end
 * or extend a command (libcurl passes CR LF through): no blank, < or >. */
bool target_address_ok(const char *address);

/* Only CR LF pairs, no NUL: a bare LF before a dot is where two servers may
 * differ about the end of a letter. */
bool target_lines_ok(const char *data, size_t len);

#endif
