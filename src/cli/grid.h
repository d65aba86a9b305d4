/* Grey images in rows and columns, as a picture in a file. */
#ifndef HEED_CLI_GRID_H
#define HEED_CLI_GRID_H

#include "base/fail.h"
#include "base/text.h"

struct grid_picture {
    int side, count, columns; /* pixels along an image; images of a block, and how many in a row */
    int blocks;               /* side by side */
    const float *pixels;      /* (blocks, count, side, side), -1 black to 1 white */
};

/* One block, two characters a pixel, from " " for black to "@" for white. */
void grid_text(const struct grid_picture *g, int block, struct text *out);
/* GRID_SCALE units a pixel, images a pixel apart. */
void grid_svg(const struct grid_picture *g, struct text *out);
/* A grey PNG of the same size, through libpng. ERR_MEMORY or ERR_IO. */
int grid_png(const struct grid_picture *g, struct text *out, struct failure *why);

enum { GRID_SCALE = 4 };

#endif
