/* The numbers of a figure as comma-separated values (RFC 4180, but with plain line ends). */
#include <math.h>
#include "view/figure.h"

/* Every field of words is quoted: names may hold commas. */
static void add_field(struct text *out, const char *s)
{
    text_add(out, "\"");
    for (; *s; s++) {
        if (*s == '"')
            text_add(out, "\"");
        text_add_bytes(out, s, 1);
    }
    text_add(out, "\"");
}

static void add_number(struct text *out, double value)
{
    text_add(out, ",");
    if (isfinite(value))
        text_addf(out, "%.9g", value);
}

static void add_series(const struct figure *f, struct text *out)
{
    bool bars = f->kind == FIGURE_BARS;
    text_add(out, "series,");
    add_field(out, f->x_label);
    text_add(out, ",");
    add_field(out, f->y_label);
    text_add(out, ",low,high\n");
    for (int i = 0; i < f->series_count; i++) {
        for (int k = 0; k < f->series[i].count; k++) {
            const struct figure_point *p = &f->series[i].points[k];
            add_field(out, f->series[i].label);
            if (bars) {
                text_add(out, ",");
                add_field(out, f->group[(int)p->x]);
            } else {
                add_number(out, p->x);
            }
            add_number(out, p->y);
            add_number(out, p->low);
            add_number(out, p->high);
            text_add(out, "\n");
        }
    }
}

static void add_panels(const struct figure *f, struct text *out)
{
    text_add(out, "map,part,query,key,query_token,key_token,weight\n");
    for (int i = 0; i < f->panel_count; i++) {
        for (int query = 0; query < f->side; query++) {
            for (int key = 0; key <= query; key++) {
                add_field(out, f->panels[i].title);
                text_add(out, ",");
                add_field(out, f->panels[i].below);
                text_addf(out, ",%d,%d,", query, key);
                add_field(out, f->token[query]);
                text_add(out, ",");
                add_field(out, f->token[key]);
                add_number(out, (double)f->panels[i].values[query * f->side + key]);
                text_add(out, "\n");
            }
        }
    }
}

static void add_grid(const struct figure *f, struct text *out)
{
    int cells = f->rows * f->columns;
    text_add(out, "map,");
    add_field(out, f->y_label);
    text_add(out, ",");
    add_field(out, f->x_label);
    text_add(out, ",value,low,high\n");
    for (int i = 0; i < f->panel_count; i++)
        for (int at = 0; at < cells; at++) {
            add_field(out, f->panels[i].title);
            text_add(out, ",");
            add_field(out, f->row[at / f->columns]);
            text_add(out, ",");
            add_field(out, f->column[at % f->columns]);
            for (int k = 0; k < 3; k++)
                add_number(out, (double)f->panels[i].values[k * cells + at]);
            text_add(out, "\n");
        }
}

void figure_csv(const struct figure *f, struct text *out)
{
    if (f->kind == FIGURE_MAPS)
        add_panels(f, out);
    else if (f->kind == FIGURE_GRID)
        add_grid(f, out);
    else
        add_series(f, out);
}
