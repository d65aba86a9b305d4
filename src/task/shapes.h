/* Drawn shapes: small grey images that need no file. */
#ifndef HEED_TASK_SHAPES_H
#define HEED_TASK_SHAPES_H

#include "base/rng.h"

enum shape { SHAPE_DISC, SHAPE_RING, SHAPE_SQUARE, SHAPE_TRIANGLE, SHAPE_CROSS, SHAPE_BAR, SHAPES };

/* A shape of random kind, place, size, turn and brightness on black, its edge smoothed over a pixel:
   pixels (side, side), -1 black to 1 white. Returns its kind. */
enum shape shape_draw(struct rng *rng, int side, float *pixels);
const char *shape_name(enum shape kind);

#endif
