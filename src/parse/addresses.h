/* SPDX-License-Identifier: ISC */
#ifndef PARSE_ADDRESSES_H
#define PARSE_ADDRESSES_H

#include <stddef.h>

struct arena;
struct charset_hint;
struct charset_result;
struct mail_address;

/*
 * Address lists (RFC 5322 section 3.4 and its obsolete forms) out of raw header
 * values, tolerant: groups are opened, comments become names, brackets and
 * quotes may be missing, names may be raw 8-bit or encoded, also inside
 * quotes, an address may be empty.
 */

/* Adds the addresses of one raw header value to list[*n_inout], at most up to
 * `size` entries in all.  Names and addresses go to the arena: valid UTF-8,
 * one line, no control characters, within MAX_NAME_BYTES and
 * MAX_ADDRESS_BYTES; the domain is in lower case; an address that is too long
 * or has blanks or control characters in it is "".  An entry with neither name
 * nor address is dropped.  Returns -1 only when memory is out. */
int addresses_parse(const char *raw, size_t len,
    const struct charset_hint *hint, struct arena *arena,
    struct mail_address *list, size_t size, size_t *n_inout,
    struct charset_result *result_out);

#endif
