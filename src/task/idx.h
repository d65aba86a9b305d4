/* Files in IDX format, as MNIST's are: unsigned bytes, big-endian sizes (LeCun 1998). */
#ifndef HEED_TASK_IDX_H
#define HEED_TASK_IDX_H

#include <stdbool.h>
#include <stddef.h>
#include "base/fail.h"

enum { IDX_BYTES = 1 << 28, IDX_LABELS = 64 };

struct idx {
    char *data; /* the whole file */
    int count, side;
    const unsigned char *bytes; /* (count, side, side), or (count) labels */
};

/* Square images of 4 to 64 pixels a side, at least 10; or labels 0 to IDX_LABELS - 1. ERR_INPUT or
   ERR_IO says what is wrong in one line; nothing is then held. */
int idx_read_images(struct idx *idx, const char *path, struct failure *why);
/* The same from bytes in memory, which it takes over; `name` stands in messages. */
int idx_parse(struct idx *idx, char *data, size_t size, bool images, const char *name,
              struct failure *why);
void idx_release(struct idx *idx);

#endif
