/* A block of memory handed out in 64-byte-aligned pieces and freed as a whole. */
#ifndef HEED_BASE_ARENA_H
#define HEED_BASE_ARENA_H

#include <stddef.h>

enum { ARENA_ALIGN = 64 };

struct arena {
    unsigned char *base;
    size_t size, used;
    size_t mapped; /* bytes from the kernel, not yet touched; 0: base is from the heap */
};

/* Reserve `size` bytes, zeroed. Returns 0 or ERR_MEMORY. A zeroed struct may be released. */
int arena_init(struct arena *a, size_t size);
void arena_release(struct arena *a);
/* The next piece, zeroed, aligned; NULL when the arena is full (callers count first). */
void *arena_take(struct arena *a, size_t size);
/* `size` rounded up to what arena_take uses for it. */
size_t arena_need(size_t size);

/* One aligned, zeroed heap block; free() it. NULL on failure or if count * size overflows. */
void *aligned_zeroed(size_t count, size_t size);

#endif
