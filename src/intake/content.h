/* SPDX-License-Identifier: ISC */
#ifndef INTAKE_CONTENT_H
#define INTAKE_CONTENT_H

#include "base/hash.h"

struct message;

/* The decoded content's identity: a provider that adds headers when it moves
 * a mail between folders changes the raw bytes but not this.  -1 when memory
 * is out. */
int content_key(const struct message *m, unsigned char out[SHA256_BYTES]);

#endif
