/* Grey images on a canvas, and what the page Images says about them. Private to view. */
#ifndef HEED_VIEW_PICTURES_H
#define HEED_VIEW_PICTURES_H

#include "view/ui_state.h"

/* Whether a race is on images; false for NULL. */
bool pictures_race(const struct race_snapshot *race);

/* How large an image stands: a column of the screen is as wide as half a row is high. */
struct picture_size {
    int pool; /* pixels along a side that become one, or 1 */
    int zoom; /* columns, and half rows, of a pixel, or 1 */
    int w, h; /* columns and rows of the screen that an image takes */
};
struct picture_size picture_size(int side, int pool, int zoom);
/* One image (side, side), -1 black to 1 white, at x, y: by colours in half blocks or, without them, whole
   cells, where there are few by shades. */
void picture_draw(struct canvas *c, int x, int y, const float *pixels, int side,
                  const struct picture_size *size);
/* A frame of signs around the patch at `column`, `row` of an image or a map, of which a patch is `wide`
   columns and `high` rows of the screen; what is in it stays where it is wider than two columns. */
void picture_mark(struct canvas *c, int x, int y, int wide, int high);

/* --- pictures_layout.c: which parts stand where, from sizes alone ------------------------------- */

/* Images in columns and rows. */
struct picture_grid {
    struct picture_size size;
    int columns, rows, shown; /* shown 0: no room */
};

struct picture_layout {
    struct picture_grid samples;   /* of one contestant */
    struct picture_grid real, past;
    struct rect labels;            /* what each column's noise is called */
    struct rect block[2];          /* of each contestant: a title row, then its samples */
    struct rect map[2], levels[2]; /* narrow: beside them its attention and its losses */
    struct rect maps, losses;      /* wide: both contestants' in a panel each */
    struct rect quality, reals;
    struct rect pasts[2];          /* the chosen image on its way */
    struct rect looks, level_line; /* a row each, where there are no panels */
};
/* For images of `side` pixels by one or two contestants. Parts of no width or height are not shown. */
void layout_pictures(struct picture_layout *l, struct rect body, int side, int contestants);

/* --- pictures_maps.c: attention over patches ----------------------------------------------------- */

/* Patches along a side; 0 for NULL. */
int pictures_across(const struct gallery *g);
/* The second contestant's picture, if there is one with images. */
const struct probe_snapshot *pictures_second(const struct probe_snapshot *p);
/* The chosen head of both contestants as large as fits, its scale, then other heads. */
void pictures_maps_draw(struct frame *f, struct rect r);
/* One contestant's head, `on` heads after the chosen one, under its name and its scale. */
void pictures_map_draw(struct frame *f, struct rect r, const struct probe_snapshot *p, int on);
/* "patch 3,4 looks most at 2,4: .21 · time token: .08 · layer 2 head 1 cog" */
void pictures_looks_draw(struct frame *f, struct rect r);

/* --- pictures_loss.c: how good they are --------------------------------------------------------- */

/* Held-out loss of every contestant by the level of noise, with n. */
void pictures_losses_draw(struct frame *f, struct rect r);
/* One contestant's as a row for each level, under a title row. */
void pictures_levels_draw(struct frame *f, struct rect r, int contestant);
/* All in one row. */
void pictures_level_line_draw(struct frame *f, struct rect r);
/* Frechet distances between those of held-out images and of noise, a row each under a title row; one
   row for all in little room. */
void pictures_quality_draw(struct frame *f, struct rect r);

#endif
