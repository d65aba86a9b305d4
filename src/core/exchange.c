#include "core/exchange.h"

#include <unistd.h>

/* `middle` holds a slot that belongs to neither side, and whether the writer put it there since the
   reader last looked. Each side swaps its own slot for it in one atomic exchange: release hands
   over what was written, acquire makes what was received visible, so both directions need both. */
enum { FRESH = 4, SLOT = 3 };

/* The slot that the reader gives for the first picture it takes; until then its `front` is -1. */
enum { FIRST_FRONT = 2 };

void exchange_init(struct exchange *x, void *a, void *b, void *c, int wake_fd)
{
    x->slots[0] = a;
    x->slots[1] = b;
    x->slots[2] = c;
    x->back = 0;
    x->front = -1;
    x->wake_fd = wake_fd;
    atomic_init(&x->middle, 1);
}

void *exchange_back(struct exchange *x)
{
    return x->slots[x->back];
}

void exchange_publish(struct exchange *x)
{
    x->back = atomic_exchange_explicit(&x->middle, x->back | FRESH, memory_order_acq_rel) & SLOT;
    if (x->wake_fd >= 0) {
        /* A full pipe already wakes the reader: a lost byte loses nothing. */
        ssize_t written = write(x->wake_fd, "", 1);
        (void)written;
    }
}

const void *exchange_front(struct exchange *x, bool *fresh)
{
    *fresh = atomic_load_explicit(&x->middle, memory_order_relaxed) & FRESH;
    if (*fresh) {
        int own = x->front < 0 ? FIRST_FRONT : x->front;
        x->front = atomic_exchange_explicit(&x->middle, own, memory_order_acq_rel) & SLOT;
    }
    return x->front < 0 ? NULL : x->slots[x->front];
}
