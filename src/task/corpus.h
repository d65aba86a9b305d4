/* Texts: any file as a stream of characters, its end held out. */
#ifndef HEED_TASK_CORPUS_H
#define HEED_TASK_CORPUS_H

#include <stddef.h>
#include <stdint.h>
#include "base/fail.h"
#include "core/alphabet.h"

enum { TEXT_BYTES = 1 << 28 }; /* of a file at most */

/* A whole text as symbols, in its order. */
struct corpus {
    uint16_t *symbols;
    int64_t count; /* of them */
    int64_t train; /* the first so many are trained on, the others held out */
    double most;   /* share of the most frequent symbol */
};

/* Symbols of `size` bytes, terminated by a NUL that is not one of them; alphabet->kind says of what.
   The vocabulary is every character (or byte) that occurs, ascending; a byte order mark at the
   beginning is left out. The last `held_out` of the symbols, rounded down, are held out; each part must
   have at least `least`. ERR_INPUT names `name`, what is wrong and what to do. */
int corpus_read(struct corpus *corpus, struct alphabet *alphabet, const char *data, size_t size,
                double held_out, int least, const char *name, struct failure *why);
void corpus_release(struct corpus *corpus);

#endif
