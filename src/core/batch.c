#include "core/batch.h"

#include <assert.h>
#include <stdlib.h>
#include "base/arena.h"
#include "base/fail.h"

int batch_init(struct batch *b, int positions, int sequences)
{
    assert(positions > 0 && sequences > 0);
    size_t count = (size_t)positions * (size_t)sequences;
    *b = (struct batch){.positions = positions, .sequences = sequences};
    b->tokens = aligned_zeroed(count, sizeof *b->tokens);
    b->targets = aligned_zeroed(count, sizeof *b->targets);
    b->scored = aligned_zeroed(count, sizeof *b->scored);
    b->number = aligned_zeroed(count, sizeof *b->number);
    b->subtask = aligned_zeroed(count, sizeof *b->subtask);
    b->since = aligned_zeroed(count, sizeof *b->since);
    if (b->tokens && b->targets && b->scored && b->number && b->subtask && b->since)
        return 0;
    batch_release(b);
    return ERR_MEMORY;
}

void batch_release(struct batch *b)
{
    free(b->tokens);
    free(b->targets);
    free(b->scored);
    free(b->number);
    free(b->subtask);
    free(b->since);
    *b = (struct batch){0};
}
