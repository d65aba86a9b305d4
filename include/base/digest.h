/* What a file's content is recognised by. */
#ifndef HEED_BASE_DIGEST_H
#define HEED_BASE_DIGEST_H

#include <stddef.h>

enum { DIGEST_TEXT = 40 };

/* "<bytes>-<16 hexadecimal digits>", the digits of FNV-1a (Fowler, Noll, Vo) in 64 bits: it tells a
   changed file, not a forged one. */
void digest_of(const void *data, size_t size, char out[DIGEST_TEXT]);

#endif
