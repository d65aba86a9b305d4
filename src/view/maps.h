/* Attention maps as Train, Attention and Step draw them. */
#ifndef HEED_VIEW_MAPS_H
#define HEED_VIEW_MAPS_H

#include "view/ui_state.h"

/* A copy with maps of its own and its second picture, NULL without memory; and its end. */
struct probe_snapshot *maps_keep(const struct probe_snapshot *p);
void maps_forget(struct probe_snapshot *p);
/* Make what Attention shows: the frozen picture if there is one, or the difference of two
   contestants if that is chosen and there are two. Once a drawing. */
const struct probe_snapshot *maps_shown(struct ui *ui, const struct probe_snapshot *live);
/* Why there is no difference, NULL if there is one. */
const char *maps_no_difference(const struct probe_snapshot *p, char *out, size_t size);
/* The picture that Attention shows, as made by the newest maps_shown. */
const struct probe_snapshot *maps_probe(const struct ui *ui, const struct probe_snapshot *live);
/* Why a picture is not ready, with its contestant's name once. */
const char *maps_message(const struct probe_snapshot *p, char *out, size_t size);
/* Why there is no map, NULL if there is one. */
const char *maps_missing(const struct probe_snapshot *p, char *out, size_t size);
/* Chosen layer and head, within the maps that the picture holds (there is one: maps_missing). */
void maps_chosen(const struct ui *ui, const struct probe_snapshot *p, int *layer, int *head);
/* Whether the picture holds this map: large ones come a few at a time. */
bool maps_has(const struct probe_snapshot *p, int layer, int head);
/* How many keys a query sees: those up to itself, or in an image all. */
int maps_keys(const struct probe_snapshot *p, int query);
/* Weights and scores of one map that it holds, positions^2 each. */
const float *maps_weight(const struct probe_snapshot *p, int layer, int head);
const float *maps_score(const struct probe_snapshot *p, int layer, int head);
/* The cursor on one map's weights: without a choice the newest query, and its strongest key. */
void maps_cursor(const struct ui *ui, const struct probe_snapshot *p, const float *w, int *row,
                 int *column);
/* Symbols of the window's positions as labels; arrays of `positions`. */
void maps_labels(const struct probe_snapshot *p, const char **labels, uint8_t *roles);
/* Half the colour scale of a map: a round number that holds every query with eight keys or more and
   a quarter of the window before it. The first queries share their weight among few keys, so their
   cells may lie beyond it. It stays as long as the values fill half of it. */
double maps_range(const struct probe_snapshot *p, int layer, int head, enum heat_mode mode,
                  const struct heat_memory *last);
/* The same of the largest magnitude among those queries. */
double maps_range_of(double largest, enum heat_mode mode, const struct heat_memory *last);
/* A map's extremes, found anew with each picture alone. Valid until the next call. */
const struct map_extent *maps_extent(struct ui *ui, const struct probe_snapshot *p, int layer,
                                     int head, enum heat_mode mode);
/* How to draw a map without cursor and labels on an automatic scale. */
struct heat_options maps_options(struct ui *ui, const struct probe_snapshot *p, int layer, int head,
                                 enum heat_mode mode, struct heat_memory *memory);
/* One map and where the person looks in it. */
struct map_sight {
    const struct probe_snapshot *probe;
    int layer, head;
    int row, column; /* -1: no key */
    enum heat_mode mode;
    double range;
    struct heat_memory *memory;
};
/* The chosen map of a picture as Attention shows it: at the cursor, on the scale of the page. */
struct map_sight maps_sight(struct ui *ui, const struct probe_snapshot *p);
/* A large map with labels, crosshair and frame; returns where its cells are. */
struct heat_place maps_large_draw(struct frame *f, struct rect r, const struct map_sight *s);
/* The sight's query as signed bars, each under its column of the map at `place`. */
void maps_row_draw(struct frame *f, struct rect r, const struct heat_place *place,
                   const struct map_sight *s);
/* The query and key that a click on a map drawn into `at` means; false: none. */
bool maps_large_at(struct ui *ui, const struct map_sight *s, struct rect at, int x, int y, int *row,
                   int *column);
/* The second contestant's picture where two maps stand side by side, NULL where not. */
const struct probe_snapshot *maps_beside(const struct ui *ui, const struct probe_snapshot *p);
/* "query 17 "R"  key 12 "8"  z -2.31  w -0.41" and the scale. */
void maps_line_draw(struct frame *f, struct rect r);
/* A framed small map of the chosen head. */
void maps_small_draw(struct frame *f, struct rect r);
/* Small maps in a grid, the page that holds the chosen one if not all fit; beside them, or instead
   of them, the cursor's row in every head. all: even if the maps must be cut. */
void maps_grid_draw(struct frame *f, struct rect r, bool all);
/* The newest query's row in every head, as bars with entropy, distance and the like; columns that they
   need. */
void maps_newest_draw(struct frame *f, struct rect r);
int maps_newest_width(const struct probe_snapshot *p);
/* Rows of a small map with its frame on this canvas. */
int maps_small_height(const struct canvas *c, int positions);
/* One row of a map as coloured cells, `step` columns a key; keys first..first+count-1. range 0: the
   row's own largest value. */
void maps_strip_draw(struct canvas *c, int x, int y, int step, const struct probe_snapshot *p,
                     int layer, int head, int row, int first, int count);
/* Choose a map, here and in the prober, which may have to fetch it. */
void maps_set(struct event *e, int layer, int head);
/* HEAD and LAYER. */
void maps_choose(struct event *e, const struct probe_snapshot *p);

#endif
