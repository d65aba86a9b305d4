/* Grey images on a canvas, and how well their noise is found. Private to view. */
#ifndef HEED_VIEW_PICTURES_H
#define HEED_VIEW_PICTURES_H

#include "view/ui_state.h"

/* Whether a race is on images; false for NULL. */
bool pictures_race(const struct race_snapshot *race);

/* A row of the screen holds two rows of pixels. pool: pixels along a side that become one. */
struct picture_size {
    int pool, w, h; /* columns and rows of the screen that an image takes */
};
struct picture_size picture_size(int side, int pool);
/* One image (side, side), -1 black to 1 white, at x, y: by colours in half blocks, where there are few
   by shades. */
void picture_draw(struct canvas *c, int x, int y, const float *pixels, int side, int pool);

/* Which images of how many contestants stand where: pure. */
struct picture_layout {
    struct rect block[2];      /* of each contestant, with its title row */
    struct picture_size size;
    int columns, rows, shown;  /* images of a block; shown 0: no room */
    struct rect maps, levels;  /* attention and loss; w or h 0: not shown */
};
void layout_pictures(struct picture_layout *l, struct rect body, int side, int contestants);

/* Held-out loss of every contestant by the level of noise, with n. */
void levels_draw(struct frame *f, struct rect r);

#endif
