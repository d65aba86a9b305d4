/* What a task hands to a model: windows of symbols, position-major, or images. */
#ifndef HEED_CORE_BATCH_H
#define HEED_CORE_BATCH_H

#include <stdint.h>

/* All arrays are (T, B): element (t, b) at [t * sequences + b]. target (t, b) is the symbol that
   follows token (t, b). */
struct batch {
    int positions, sequences; /* T, B */
    int32_t *tokens, *targets;
    uint8_t *scored;  /* 1: counts in the loss */
    uint8_t *number;  /* 1: target counts in acc (a number ruled by a control token) */
    uint8_t *subtask; /* rule in force at the target (index), 255 if none */
    uint8_t *since;   /* numbers of the segment before the target (0 = first after the control) */

    /* Of an image task instead: B grey images, and none of the above. `image` is what a model reads,
       `noise` what it is to find in it: x_t = sqrt(abar_t) x_0 + sqrt(1 - abar_t) noise. */
    int pixels;           /* numbers in an image; 0: windows of symbols */
    float *image, *noise; /* (B, pixels) */
    int32_t *time;        /* (B): t of the noise, 1 (least) to IMAGE_TIMES */
    uint8_t *label;       /* (B): what is to be seen */
};

enum { IMAGE_TIMES = 1000 };

int batch_init(struct batch *b, int positions, int sequences); /* 0 or ERR_MEMORY */
/* `positions`: those of the models, for counting. */
int batch_init_images(struct batch *b, int positions, int pixels, int sequences);
void batch_release(struct batch *b);

#endif
