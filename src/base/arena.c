#define _DEFAULT_SOURCE /* madvise */
#include "base/arena.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include "base/fail.h"

/* Blocks from here on ask for huge pages: rows of one sequence lie pages apart. */
static const size_t HUGE_PAGE = (size_t)2 << 20, HUGE_FROM = (size_t)4 << 20;

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
    bool huge = bytes >= HUGE_FROM;
    if (huge && bytes > SIZE_MAX - HUGE_PAGE)
        return NULL;
    if (huge)
        bytes = (bytes + HUGE_PAGE - 1) / HUGE_PAGE * HUGE_PAGE;
    void *p = aligned_alloc(huge ? HUGE_PAGE : ARENA_ALIGN, bytes);
#ifdef MADV_HUGEPAGE
    if (p && huge)
        madvise(p, bytes, MADV_HUGEPAGE);
#endif
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
