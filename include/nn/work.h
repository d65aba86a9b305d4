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
    bool kept;
};

struct work {
    struct arena arena;
    struct work_want *wants;
    int count, capacity;
    bool broken; /* a wish could not be noted; work_take reports it */
};

/* One block for models that never work at the same time, as large as the largest of them needs: first
   each says what it needs (work_take on a share without a block), then the block is opened. */
struct work_share {
    struct arena arena;
    size_t need;
    real *gradients; /* one block of these too: they live from a step's beginning to its end */
    size_t most_gradients;
};

/* `*to` shall get `count` zeroed numbers; `to` must stay valid until work_take. In a share, another
   model may write over them between a backward and the next forward. */
void work_want(struct work *w, real **to, size_t count);
/* The same for numbers that are kept for good. */
void work_want_kept(struct work *w, real **to, size_t count);
/* Allocate all that was wanted, in `share` if it is not NULL (without a block yet: only note the need,
   pointers stay NULL but for the kept ones). 0 or ERR_MEMORY. */
int work_take(struct work *w, struct work_share *share);
/* A zeroed struct may be released. */
void work_release(struct work *w);
/* The block, for all the needs noted. 0 or ERR_MEMORY. */
int work_share_open(struct work_share *share);
/* After its members. */
void work_share_release(struct work_share *share);

#endif
