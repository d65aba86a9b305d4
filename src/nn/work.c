#include "nn/work.h"

#include <assert.h>
#include <stdint.h>
#include <stdlib.h>
#include "base/fail.h"

static void want(struct work *w, real **to, size_t count, bool kept)
{
    if (w->count == w->capacity) {
        int capacity = w->capacity ? 2 * w->capacity : 64;
        struct work_want *wants = realloc(w->wants, (size_t)capacity * sizeof *wants);
        if (!wants) {
            w->broken = true;
            return;
        }
        w->wants = wants;
        w->capacity = capacity;
    }
    w->wants[w->count++] = (struct work_want){to, count, kept};
}

void work_want(struct work *w, real **to, size_t count)
{
    want(w, to, count, false);
}

void work_want_kept(struct work *w, real **to, size_t count)
{
    want(w, to, count, true);
}

/* Bytes of the wants; kept and passing ones apart. False if they overflow. */
static bool add_up(const struct work *w, size_t total[2])
{
    total[false] = total[true] = 0;
    for (int i = 0; i < w->count; i++) {
        const struct work_want *one = &w->wants[i];
        if (one->count > SIZE_MAX / 16 / sizeof(real))
            return false;
        size_t need = arena_need(one->count * sizeof(real));
        if (need > SIZE_MAX / 4 - total[one->kept])
            return false;
        total[one->kept] += need;
    }
    return true;
}

static void place(struct work *w, struct arena *arena, bool kept)
{
    for (int i = 0; i < w->count; i++) {
        if (w->wants[i].kept == kept)
            *w->wants[i].to = arena_take(arena, w->wants[i].count * sizeof(real));
    }
}

int work_take(struct work *w, struct work_share *share)
{
    size_t total[2];
    if (w->broken || !add_up(w, total) || total[0] + total[1] > SIZE_MAX / 4)
        return ERR_MEMORY;
    if (arena_init(&w->arena, share ? total[true] : total[false] + total[true]))
        return ERR_MEMORY;
    place(w, &w->arena, true);
    if (!share) {
        place(w, &w->arena, false);
    } else if (!share->arena.base) {
        share->need = total[false] > share->need ? total[false] : share->need;
    } else {
        assert(total[false] <= share->arena.size);
        share->arena.used = 0;
        place(w, &share->arena, false);
    }
    free(w->wants);
    w->wants = NULL;
    w->count = w->capacity = 0;
    return 0;
}

void work_release(struct work *w)
{
    arena_release(&w->arena);
    free(w->wants);
    *w = (struct work){0};
}

int work_share_open(struct work_share *share)
{
    if (arena_init(&share->arena, share->need))
        return ERR_MEMORY;
    share->gradients = aligned_zeroed(share->most_gradients, sizeof(real));
    return share->gradients ? 0 : ERR_MEMORY;
}

void work_share_release(struct work_share *share)
{
    arena_release(&share->arena);
    free(share->gradients);
    *share = (struct work_share){0};
}
