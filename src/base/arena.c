#include "base/arena.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include "base/fail.h"

size_t arena_need(size_t size)
{
    return (size + ARENA_ALIGN - 1) / ARENA_ALIGN * ARENA_ALIGN;
}

void *aligned_zeroed(size_t count, size_t size)
{
    if (size && count > (SIZE_MAX - ARENA_ALIGN) / size)
        return NULL;
    size_t bytes = arena_need(count * size);
    if (bytes == 0)
        bytes = ARENA_ALIGN;
    void *p = aligned_alloc(ARENA_ALIGN, bytes);
    if (p)
        memset(p, 0, bytes);
    return p;
}

int arena_init(struct arena *a, size_t size)
{
    a->base = aligned_zeroed(size, 1);
    a->size = a->base ? size : 0;
    a->used = 0;
    return a->base ? 0 : ERR_MEMORY;
}

void arena_release(struct arena *a)
{
    free(a->base);
    *a = (struct arena){0};
}

void *arena_take(struct arena *a, size_t size)
{
    size_t need = arena_need(size);
    if (need < size || need > a->size - a->used)
        return NULL;
    void *p = a->base + a->used;
    a->used += need;
    return p;
}
