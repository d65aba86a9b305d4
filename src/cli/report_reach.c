#include "cli/report_reach.h"
#include "cli/json.h"

#include <string.h>

enum { WINDOWS = 32 };

static int measure_distances(struct loaded *l, const struct batch *batch, struct beyond *out,
                             struct failure *why)
{
    const struct config *c = &l->task->config;
    int code = 0, span = c->task.test_max - c->task.test_min;
    int each = span / REACH_POINTS + 1;

    out->low = l->task->distance_low;
    out->high = l->task->distance_high;
    out->windows = WINDOWS;
    for (int d = c->task.test_min; d <= c->task.test_max && code == 0; d += each) {
        out->at[out->count] = d;
        code = reach_measure(l->model, l->task, d, WINDOWS, batch, &out->acc[out->count], why);
        out->count++;
    }
    return code;
}

int beyond_measure(struct loaded *l, const struct kern *kern, const struct batch *batch,
                   struct beyond *out, struct failure *why)
{
    struct collapse_room *room;
    int code = 0;

    *out = (struct beyond){0};
    if (l->task->distance_low)
        code = measure_distances(l, batch, out, why);
    if (code == 0)
        code = collapse_open(&room, l->task, &l->checkpoint.config, kern, l->team, why);
    if (code == 0 && room) {
        collapse_evaluate(room, l->model->weights, NULL, &out->rows);
        collapse_close(room);
    }
    return code;
}

enum part { INSIDE = 1, OUTSIDE = 2 };

static struct score sum(const struct beyond *b, int parts)
{
    struct score s = {0};
    for (int i = 0; i < b->count; i++) {
        bool inside = b->at[i] >= b->low && b->at[i] <= b->high;
        if (!(parts & (inside ? INSIDE : OUTSIDE)))
            continue;
        s.right += b->acc[i].right;
        s.count += b->acc[i].count;
    }
    return s;
}

struct score beyond_inside(const struct beyond *b)
{
    return sum(b, INSIDE);
}

struct score beyond_outside(const struct beyond *b)
{
    return sum(b, OUTSIDE);
}

struct score beyond_all(const struct beyond *b)
{
    return sum(b, INSIDE | OUTSIDE);
}

/* --- tables ---------------------------------------------------------------------------------- */

static void add_share(struct text *out, const char *name, struct score s)
{
    double low, high;
    score_wilson(s, &low, &high);
    if (s.count)
        text_addf(out, "  %s %.3f [%.3f, %.3f] n %lld", name, score_value(s), low, high,
                  (long long)s.count);
    else
        text_addf(out, "  %s - n 0", name);
}

static void distances(const struct beyond *b, const char *name, struct text *out)
{
    text_addf(out, "\n%s, copies by distance (trained on %d to %d; %d windows each)\n%8s  %-21s %6s\n",
              name, b->low, b->high, b->windows, "distance", "accuracy [95 %]", "n");
    for (int i = 0; i < b->count; i++) {
        double low, high;
        score_wilson(b->acc[i], &low, &high);
        bool inside = b->at[i] >= b->low && b->at[i] <= b->high;
        if (b->acc[i].count)
            text_addf(out, "%8d%c %.3f [%.3f, %.3f]  %6lld\n", b->at[i], inside ? '*' : ' ',
                      score_value(b->acc[i]), low, high, (long long)b->acc[i].count);
        else
            text_addf(out, "%8d%c -                      %6d\n", b->at[i], inside ? '*' : ' ', 0);
    }
    text_add(out, "*: inside the range of training");
    add_share(out, "P_in", beyond_inside(b));
    add_share(out, "P_out", beyond_outside(b));
    add_share(out, "P", beyond_all(b));
    text_add(out, "\nP_in, P_out, P (reconstructed): copied numbers that are right, all distances of "
                  "a kind together\n");
}

static void add_rows(const struct collapse *c, const char *name, struct text *out)
{
    text_addf(out, "\n%s, representation difference of a row of n and the same with its first symbol "
                   "changed\n%8s  %10s  %s\n", name, "n", "difference", "of the shortest");
    for (int i = 0; i < c->count; i++)
        text_addf(out, "%8d  %10.3g  %.3f\n", c->at[i], c->difference[i],
                  c->difference[i] / c->difference[0]);
    text_add(out, "last position behind the final norm; per head-sized chunk the largest difference, "
                  "mean over chunks; which symbol is changed: (reconstructed)\n");
}

void beyond_tables(const struct beyond *const *b, const char *const *names, int count,
                   struct text *out)
{
    for (int i = 0; i < count; i++) {
        if (b[i]->count)
            distances(b[i], names[i], out);
        if (b[i]->rows.count)
            add_rows(&b[i]->rows, names[i], out);
    }
}

/* --- JSON ------------------------------------------------------------------------------------ */

static json_t *share_json(struct score s)
{
    double low, high;
    score_wilson(s, &low, &high);
    return json_pack("{s:o, s:o, s:o, s:I}", "acc", number(score_value(s)), "low", number(low),
                     "high", number(high), "n", (json_int_t)s.count);
}

static json_t *reach_json(const struct beyond *b)
{
    json_t *points = json_array();
    for (int i = 0; i < b->count; i++) {
        json_t *point = share_json(b->acc[i]);
        json_object_set_new(point, "distance", json_integer(b->at[i]));
        json_array_append_new(points, point);
    }
    return json_pack("{s:[i, i], s:i, s:o, s:o, s:o, s:o, s:s}", "trained", b->low, b->high,
                     "windows", b->windows, "distances", points, "p_in",
                     share_json(beyond_inside(b)), "p_out", share_json(beyond_outside(b)), "p",
                     share_json(beyond_all(b)), "definition", "reconstructed");
}

static json_t *rows_json(const struct collapse *c)
{
    json_t *points = json_array();
    for (int i = 0; i < c->count; i++)
        json_array_append_new(points, json_pack("{s:i, s:o, s:o}", "n", c->at[i], "difference",
                                                number(c->difference[i]), "relative",
                                                number(c->difference[i] / c->difference[0])));
    return points;
}

void beyond_json(const struct beyond *b, json_t *object)
{
    if (b->count)
        json_object_set_new(object, "reach", reach_json(b));
    if (b->rows.count)
        json_object_set_new(object, "representation", rows_json(&b->rows));
}
