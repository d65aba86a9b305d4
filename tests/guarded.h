/* Arrays that end where memory ends: a read or write beyond them is a fault, a write before them is
   found by guarded_intact. Include heed_test.h before. */
#ifndef HEED_TESTS_GUARDED_H
#define HEED_TESTS_GUARDED_H

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include "base/real.h"

enum { GUARDED_BYTES = 1 << 20, GUARDED_CANARY = 0xa5 };

struct guarded {
    unsigned char *base;
    size_t size, page, used;
};

static inline void guarded_init(struct guarded *g)
{
    g->page = (size_t)sysconf(_SC_PAGESIZE);
    g->size = (GUARDED_BYTES + g->page - 1) / g->page * g->page;
    void *base = NULL;
    assert_int_equal(posix_memalign(&base, g->page, g->size + g->page), 0);
    g->base = base;
    assert_int_equal(mprotect(g->base + g->size, g->page, PROT_NONE), 0);
}

static inline void guarded_release(struct guarded *g)
{
    assert_int_equal(mprotect(g->base + g->size, g->page, PROT_READ | PROT_WRITE), 0);
    free(g->base);
}

/* `count` reals that end at the guard page; whatever was taken before is forgotten. */
static inline real *guarded_take(struct guarded *g, size_t count)
{
    g->used = count * sizeof(real);
    assert_true(g->used + 256 <= g->size);
    memset(g->base + g->size - g->used - 256, GUARDED_CANARY, 256);
    return (real *)(void *)(g->base + g->size - g->used);
}

static inline bool guarded_intact(const struct guarded *g)
{
    for (size_t i = 1; i <= 256; i++)
        if (g->base[g->size - g->used - i] != GUARDED_CANARY)
            return false;
    return true;
}

#endif
