/* What a task hands to a model: windows of symbols, position-major. */
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
};

int batch_init(struct batch *b, int positions, int sequences); /* 0 or ERR_MEMORY */
void batch_release(struct batch *b);

#endif
