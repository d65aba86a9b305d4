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

int batch_init_images(struct batch *b, int positions, int pixels, int sequences)
{
    assert(positions > 0 && pixels > 0 && sequences > 0);
    size_t images = (size_t)sequences, count = (size_t)pixels * images;
    *b = (struct batch){.positions = positions, .sequences = sequences, .pixels = pixels};
    b->image = aligned_zeroed(count, sizeof *b->image);
    b->noise = aligned_zeroed(count, sizeof *b->noise);
    b->time = aligned_zeroed(images, sizeof *b->time);
    b->label = aligned_zeroed(images, sizeof *b->label);
    if (b->image && b->noise && b->time && b->label)
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
    free(b->image);
    free(b->noise);
    free(b->time);
    free(b->label);
    *b = (struct batch){0};
}
