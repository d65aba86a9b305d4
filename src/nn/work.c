#include "nn/work.h"

#include <stdint.h>
#include <stdlib.h>
#include "base/fail.h"

void work_want(struct work *w, real **to, size_t count)
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
    w->wants[w->count++] = (struct work_want){to, count};
}

int work_take(struct work *w)
{
    size_t total = 0;
    for (int i = 0; i < w->count; i++) {
        if (w->wants[i].count > SIZE_MAX / 16 / sizeof(real))
            w->broken = true;
        size_t need = arena_need(w->wants[i].count * sizeof(real));
        if (need > SIZE_MAX / 4 - total)
            w->broken = true;
        if (w->broken)
            return ERR_MEMORY;
        total += need;
    }
    if (w->broken || arena_init(&w->arena, total))
        return ERR_MEMORY;
    for (int i = 0; i < w->count; i++)
        *w->wants[i].to = arena_take(&w->arena, w->wants[i].count * sizeof(real));
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
