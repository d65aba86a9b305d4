#define _DEFAULT_SOURCE /* madvise, MAP_ANONYMOUS */
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

/* Zeroed pages that cost nothing until they are used: a start need not wait for megabytes. NULL: no
   memory. *mapped gets their bytes; the block begins where a huge page does. */
static void *map_pages(size_t size, size_t *mapped)
{
    if (size > SIZE_MAX - 2 * HUGE_PAGE)
        return NULL;
    size_t bytes = (size + HUGE_PAGE - 1) / HUGE_PAGE * HUGE_PAGE;
    unsigned char *all =
        mmap(NULL, bytes + HUGE_PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (all == MAP_FAILED)
        return NULL;
    size_t before = (HUGE_PAGE - (uintptr_t)all % HUGE_PAGE) % HUGE_PAGE;
    if (before)
        munmap(all, before);
    if (before < HUGE_PAGE)
        munmap(all + before + bytes, HUGE_PAGE - before);
#ifdef MADV_HUGEPAGE
    madvise(all + before, bytes, MADV_HUGEPAGE);
#endif
    *mapped = bytes;
    return all + before;
}

int arena_init(struct arena *a, size_t size)
{
    *a = (struct arena){0};
    a->base = size >= HUGE_FROM ? map_pages(size, &a->mapped) : aligned_zeroed(size, 1);
    a->size = a->base ? size : 0;
    return a->base ? 0 : ERR_MEMORY;
}

void arena_release(struct arena *a)
{
    if (a->mapped)
        munmap(a->base, a->mapped);
    else
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
