/* Cross-entropy of logits against targets; squared error against numbers. */
#ifndef HEED_NN_LOSS_H
#define HEED_NN_LOSS_H

#include <stdint.h>
#include "base/real.h"
#include "base/team.h"
#include "kern/kern.h"

/* row_loss (rows) = -log softmax(logits)[target] in nats; dlogits (rows, V), if not NULL, is the
   gradient of the mean over scored rows, 0 in the others. Returns that mean, summed in double in
   row order; 0 if nothing is scored. *scored gets the number of scored rows. */
double loss_cross_entropy(const struct kern *k, struct team *team, int rows, int symbols,
                          real *row_loss, real *dlogits, const real *logits, const int32_t *targets,
                          const uint8_t *scored_rows, int *scored);
/* row_loss (rows) = mean (y - target)^2 over the width of a row; dy (rows, width), if not NULL, is the
   gradient of the mean over all rows. Returns that mean, summed in double in row order. */
double loss_squared_error(struct team *team, int rows, int width, real *row_loss, real *dy,
                          const real *y, const float *target);

#endif
