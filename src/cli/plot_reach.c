/* Figures of what lies beyond training: copies by distance, long rows, and a sweep's ladder. */
#include "cli/plot_fill.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "train/board.h"

static int add_distances(struct plot *p, int i)
{
    const struct reach *r = &p->newest[i].reach;
    int code = 0;

    for (int k = 0; k < r->count && code == 0; k++) {
        struct figure_point point = {.x = r->at[k], .y = score_value(r->acc[k])};
        if (r->acc[k].count == 0)
            continue;
        score_wilson(r->acc[k], &point.low, &point.high);
        code = figure_add_point(&p->figure.series[i], point);
    }
    return code;
}

static void say_distances(struct plot *p, int i)
{
    const struct reach *r = &p->newest[i].reach;
    struct score in = reach_inside(r), out = reach_outside(r);
    char inside[32], outside[32];

    text_thousands(inside, sizeof inside, in.count);
    text_thousands(outside, sizeof outside, out.count);
    figure_caption(&p->figure,
                   "%s: P_in %.3f (n %s), P_out %.3f (n %s), reconstructed; trained on distances "
                   "%d to %d; shade: 95 %% Wilson interval.",
                   p->race.names[i], score_value(in), inside, score_value(out), outside, r->low,
                   r->high);
}

static int add_rows(struct plot *p, int i)
{
    const struct collapse *c = &p->newest[i].collapse;
    int code = 0;

    for (int k = 0; k < c->count && code == 0; k++)
        code = figure_add_point(&p->figure.series[i],
                                (struct figure_point){.x = c->at[k],
                                                      .y = c->difference[k] / c->difference[0],
                                                      .low = NAN,
                                                      .high = NAN});
    return code;
}

int plot_fill_reach(struct plot *p)
{
    bool distance = p->args->what == PLOT_DISTANCE;
    int code = 0;

    for (int i = 0; i < p->race.count && code == 0; i++) {
        if (!p->newest[i].valid || !p->shown[i])
            continue;
        code = distance ? add_distances(p, i) : add_rows(p, i);
        if (code == 0 && distance && p->newest[i].reach.count > 0)
            say_distances(p, i);
    }
    if (!distance) {
        p->figure.reference = NAN;
        figure_caption(&p->figure,
                       "Last position's vector behind the final norm, of a row of n and the same with "
                       "its first symbol changed (reconstructed): in each chunk of a head's width the "
                       "largest difference, the mean over chunks, relative to the shortest n.");
    }
    return code;
}

/* --- a sweep --------------------------------------------------------------------------------- */

/* Rows and columns of the figure: the first two axes that are compared, or one across. Further ones
   tell panels apart. */
static void find_axes(const struct sweep *s, int axis[2])
{
    int found = 0;

    axis[0] = axis[1] = -1;
    for (int i = 0; i < s->axis_count && found < 2; i++)
        if (s->axis[i].role == SWEEP_VARIED)
            axis[found++] = i;
    if (found == 1) {
        axis[1] = axis[0];
        axis[0] = -1;
    }
}

/* Which choice of the values that are neither rows nor columns. */
static int slice_of(const struct sweep *s, const struct sweep_group *g, const int axis[2])
{
    int slice = 0;

    for (int i = 0; i < s->axis_count; i++)
        if (g->place[i] >= 0 && i != axis[0] && i != axis[1])
            slice = slice * s->axis[i].count + g->place[i];
    return slice;
}

/* "announce yes"; "" where rows and columns are all that is compared. */
static void name_slice(const struct sweep *s, const struct sweep_group *g, const int axis[2],
                       char out[NAME_TEXT])
{
    size_t used = 0;

    out[0] = '\0';
    for (int i = 0; i < s->axis_count && used < NAME_TEXT; i++)
        if (g->place[i] >= 0 && i != axis[0] && i != axis[1])
            used += (size_t)snprintf(out + used, NAME_TEXT - used, "%s%s %s", used ? ", " : "",
                                     sweep_axis_name(s, i), s->axis[i].value[g->place[i]]);
}

static void name_cells(struct figure *f, const struct sweep *s, const int axis[2])
{
    f->rows = axis[0] >= 0 ? s->axis[axis[0]].count : 1;
    f->columns = axis[1] >= 0 ? s->axis[axis[1]].count : 1;
    for (int i = 0; i < f->rows && axis[0] >= 0; i++)
        text_copy(f->row[i], sizeof f->row[i], s->axis[axis[0]].value[i]);
    for (int i = 0; i < f->columns && axis[1] >= 0; i++)
        text_copy(f->column[i], sizeof f->column[i], s->axis[axis[1]].value[i]);
    if (axis[0] >= 0)
        text_copy(f->y_label, sizeof f->y_label, sweep_axis_name(s, axis[0]));
    if (axis[1] >= 0)
        text_copy(f->x_label, sizeof f->x_label, sweep_axis_name(s, axis[1]));
}

/* The panel of a contestant, a new one for its first group of a slice, whose panels begin with
   `first`; NULL without memory or room. */
static float *panel_of(struct figure *f, int first, const char *contestant, const char *slice)
{
    for (int i = first; i < f->panel_count; i++)
        if (strcmp(f->panels[i].title, contestant) == 0)
            return f->panels[i].values;
    float *values = f->panel_count < FIGURE_PANELS ? figure_add_grid(f, contestant) : NULL;
    if (values)
        text_copy(f->panels[f->panel_count - 1].below, NAME_TEXT, slice);
    return values;
}

static void fill_cell(struct figure *f, const struct sweep_group *g, const int axis[2],
                      float *values)
{
    int cells = f->rows * f->columns;
    int row = axis[0] >= 0 ? g->place[axis[0]] : 0, column = axis[1] >= 0 ? g->place[axis[1]] : 0;
    int at = row * f->columns + column;

    values[at] = (float)g->mean;
    values[cells + at] = (float)g->low;
    values[2 * cells + at] = (float)g->high;
}

/* A row of panels: the contestants of a slice, and of two what the second has over the first. */
static int add_slice(struct figure *f, const struct sweep *s, const struct sweep_group *groups,
                     int count, const int axis[2], int slice)
{
    int first = f->panel_count;
    char name[NAME_TEXT] = "";

    for (int g = 0; g < count; g++) {
        if (slice_of(s, &groups[g], axis) != slice)
            continue;
        name_slice(s, &groups[g], axis, name);
        float *values = panel_of(f, first, groups[g].contestant, name);
        if (!values)
            return ERR_MEMORY;
        fill_cell(f, &groups[g], axis, values);
    }
    f->panel_columns = f->panel_count - first;
    if (f->panel_columns != 2)
        return 0;
    float *difference = panel_of(f, f->panel_count, "the second less the first", name);
    if (!difference)
        return ERR_MEMORY;
    f->panels[first + 2].is_difference = true;
    for (int i = 0; i < f->rows * f->columns; i++)
        difference[i] = f->panels[first + 1].values[i] - f->panels[first].values[i];
    f->panel_columns = 3;
    return 0;
}

/* Every slice has the same contestants: a race is an axis that is not compared. */
static int add_groups(struct figure *f, const struct sweep *s, const struct sweep_group *groups,
                      int count, const int axis[2])
{
    int code = 0, slices = 0;

    for (int g = 0; g < count; g++)
        slices = slice_of(s, &groups[g], axis) >= slices ? slice_of(s, &groups[g], axis) + 1 : slices;
    for (int slice = 0; slice < slices && code == 0; slice++)
        code = add_slice(f, s, groups, count, axis, slice);
    return code;
}

static void caption(struct figure *f, const struct board *b, const struct sweep_group *groups,
                    int count)
{
    int rates = 0, seeds = 0, left = 0;
    int64_t n = 0;

    for (int g = 0; g < count; g++) {
        rates = groups[g].rates > rates ? groups[g].rates : rates;
        seeds = groups[g].seeds > seeds ? groups[g].seeds : seeds;
        n = groups[g].count > n ? groups[g].count : n;
        left += groups[g].provisional;
    }
    figure_caption(f, "%s: %d of %d runs ended. Accuracy on %lld held-out numbers of each run, at "
                   "each contestant's best of %d learning rates, mean over %d seed%s.",
                   b->folder, board_ended(b), b->sweep.runs, (long long)n, rates, seeds,
                   seeds == 1 ? "" : "s");
    if (left)
        figure_caption(f, "%d cells are of runs that have not all ended.", left);
}

int plot_fill_sweep(struct figure *f, const char *folder, struct failure *why)
{
    struct board b;
    struct sweep_group *groups = NULL;
    int axis[2], count, code = board_read(&b, folder, why);

    if (code < 0)
        return code;
    f->kind = FIGURE_GRID;
    text_copy(f->title, sizeof f->title, "Accuracy over the settings that are compared");
    code = board_refresh(&b, why);
    find_axes(&b.sweep, axis);
    if (code == 0 && !(groups = calloc((size_t)b.count + 1, sizeof *groups)))
        code = fail(why, ERR_MEMORY, "%s: out of memory", folder);
    if (code == 0) {
        name_cells(f, &b.sweep, axis);
        count = sweep_groups(&b.sweep, b.results, b.count, groups);
        if (count < 0 || add_groups(f, &b.sweep, groups, count, axis) < 0)
            code = fail(why, ERR_MEMORY, "%s: no memory, or more than the %d maps of a figure",
                        folder, FIGURE_PANELS);
        else
            caption(f, &b, groups, count);
    }
    free(groups);
    board_release(&b);
    return code;
}
