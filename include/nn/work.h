/* Workspace: layers say what they want, then everything is taken from one block. */
#ifndef HEED_NN_WORK_H
#define HEED_NN_WORK_H

#include <stdbool.h>
#include <stddef.h>
#include "base/arena.h"
#include "base/real.h"

struct work_want {
    real **to;
    size_t count;
};

struct work {
    struct arena arena;
    struct work_want *wants;
    int count, capacity;
    bool broken; /* a wish could not be noted; work_take reports it */
};

/* `*to` shall get `count` zeroed numbers; `to` must stay valid until work_take. */
void work_want(struct work *w, real **to, size_t count);
/* Allocate all that was wanted. 0 or ERR_MEMORY. */
int work_take(struct work *w);
/* A zeroed struct may be released. */
void work_release(struct work *w);

#endif
