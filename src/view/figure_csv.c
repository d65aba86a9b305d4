/* The numbers of a figure as comma-separated values. */
#include "view/figure.h"

#include "view/csv.h"

static void add_series(const struct figure *f, struct text *out)
{
    bool bars = f->kind == FIGURE_BARS;
    text_add(out, "series,");
    csv_word(out, f->x_label);
    text_add(out, ",");
    csv_word(out, f->y_label);
    text_add(out, ",low,high\n");
    for (int i = 0; i < f->series_count; i++) {
        for (int k = 0; k < f->series[i].count; k++) {
            const struct figure_point *p = &f->series[i].points[k];
            csv_word(out, f->series[i].label);
            if (bars) {
                text_add(out, ",");
                csv_word(out, f->group[(int)p->x]);
            } else {
                csv_number(out, p->x);
            }
            csv_number(out, p->y);
            csv_number(out, p->low);
            csv_number(out, p->high);
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
                csv_word(out, f->panels[i].title);
                text_add(out, ",");
                csv_word(out, f->panels[i].below);
                text_addf(out, ",%d,%d,", query, key);
                csv_word(out, f->token[query]);
                text_add(out, ",");
                csv_word(out, f->token[key]);
                csv_number(out, (double)f->panels[i].values[query * f->side + key]);
                text_add(out, "\n");
            }
        }
    }
}

static void add_grid(const struct figure *f, struct text *out)
{
    int cells = f->rows * f->columns;
    text_add(out, "map,part,");
    csv_word(out, f->y_label);
    text_add(out, ",");
    csv_word(out, f->x_label);
    text_add(out, ",value,low,high\n");
    for (int i = 0; i < f->panel_count; i++)
        for (int at = 0; at < cells; at++) {
            csv_word(out, f->panels[i].title);
            text_add(out, ",");
            csv_word(out, f->panels[i].below);
            text_add(out, ",");
            csv_word(out, f->row[at / f->columns]);
            text_add(out, ",");
            csv_word(out, f->column[at % f->columns]);
            for (int k = 0; k < 3; k++)
                csv_number(out, (double)f->panels[i].values[k * cells + at]);
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
