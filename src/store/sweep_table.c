/* The tables of a sweep, as CSV (RFC 4180) and as JSON. */
#include "store/sweep_folder.h"

#include <jansson.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "store/paths.h"

static const char *const states[] = {[SWEEP_WAITING] = "waiting",
                                     [SWEEP_RUNNING] = "running",
                                     [SWEEP_DONE] = "done",
                                     [SWEEP_FAILED] = "failed",
                                     [SWEEP_DAMAGED] = "damaged"};

/* Whether a result is one of those that its group's accuracy is the mean of. */
static const struct sweep_group *group_of(const struct sweep *s, const struct sweep_result *r,
                                          const struct sweep_group *groups, int count)
{
    for (int g = 0; g < count; g++) {
        bool same = strcmp(groups[g].contestant, r->contestant) == 0;
        for (int i = 0; i < s->axis_count && same; i++)
            same = groups[g].place[i] < 0 || groups[g].place[i] == sweep_place(s, r->run, i);
        if (same)
            return &groups[g];
    }
    return NULL;
}

/* --- CSV ------------------------------------------------------------------------------------- */

static void csv_cell(struct text *out, const char *cell)
{
    if (!strpbrk(cell, "\",\n\r")) {
        text_add(out, cell);
        return;
    }
    text_add(out, "\"");
    for (; *cell; cell++)
        text_add_bytes(out, *cell == '"' ? "\"\"" : cell, *cell == '"' ? 2 : 1);
    text_add(out, "\"");
}

/* ",0.5"; an empty field where there is no number. */
static void csv_number(struct text *out, double x, int digits)
{
    text_add(out, ",");
    if (isfinite(x))
        text_addf(out, "%.*g", digits, x);
}

static void csv_row(const struct sweep *s, const struct sweep_result *r,
                    const struct sweep_group *g, struct text *out)
{
    char name[SWEEP_NAME];
    double low = NAN, high = NAN;
    sweep_run_name(s, r->run, name);
    csv_cell(out, name);
    text_addf(out, ",%s", r->contestant);
    for (int i = 0; i < s->axis_count; i++) {
        text_add(out, ",");
        csv_cell(out, s->axis[i].value[sweep_place(s, r->run, i)]);
    }
    if (r->acc.count > 0)
        score_wilson(r->acc, &low, &high);
    text_addf(out, ",%s,%lld,%lld,%lld", states[r->state], (long long)r->seed, (long long)r->step,
              (long long)r->steps);
    csv_number(out, r->learning_rate, 15);
    csv_number(out, score_value(r->acc), 6);
    csv_number(out, low, 6);
    csv_number(out, high, 6);
    text_addf(out, ",%lld", (long long)r->acc.count);
    csv_number(out, r->loss, 6);
    text_addf(out, ",%s", g && r->learning_rate == g->rate ? "yes" : "no");
    text_addf(out, ",%d,%lld", g ? g->rates : 0, (long long)r->parameters);
    csv_number(out, r->seconds, 4);
    text_add(out, "\n");
}

static void write_csv(const struct sweep *s, const struct sweep_result *results, int count,
                      const struct sweep_group *groups, int group_count, struct text *out)
{
    text_add(out, "run,contestant");
    for (int i = 0; i < s->axis_count; i++) {
        text_add(out, ",");
        csv_cell(out, s->axis[i].key);
    }
    text_add(out, ",state,seed_used,step,steps,rate_used,acc,acc_low,acc_high,acc_n,loss,best_rate,"
                  "of_rates,parameters,seconds\n");
    for (int i = 0; i < count; i++)
        csv_row(s, &results[i], group_of(s, &results[i], groups, group_count), out);
}

/* --- JSON ------------------------------------------------------------------------------------ */

static json_t *number(double x)
{
    return isfinite(x) ? json_real(x) : json_null();
}

static json_t *row_json(const struct sweep *s, const struct sweep_result *r)
{
    char name[SWEEP_NAME];
    double low = NAN, high = NAN;
    json_t *axes = json_object(), *tasks = json_object();
    sweep_run_name(s, r->run, name);
    for (int i = 0; i < s->axis_count; i++)
        json_object_set_new(axes, s->axis[i].key,
                            json_string(s->axis[i].value[sweep_place(s, r->run, i)]));
    for (int i = 0; i < r->subtasks; i++)
        json_object_set_new(tasks, r->subtask[i], number(score_value(r->subtask_acc[i])));
    if (r->acc.count > 0)
        score_wilson(r->acc, &low, &high);
    return json_pack("{s:s, s:s, s:o, s:s, s:I, s:I, s:I, s:o, s:o, s:o, s:o, s:I, s:I, s:o, s:o, "
                     "s:I, s:o}",
                     "run", name, "contestant", r->contestant, "axes", axes, "state",
                     states[r->state], "seed", (json_int_t)r->seed, "step", (json_int_t)r->step,
                     "steps", (json_int_t)r->steps, "learning_rate", number(r->learning_rate), "acc",
                     number(score_value(r->acc)), "acc_low", number(low), "acc_high", number(high),
                     "acc_n", (json_int_t)r->acc.count, "windows", (json_int_t)r->windows, "loss",
                     number(r->loss), "tasks", tasks, "parameters", (json_int_t)r->parameters,
                     "seconds", number(r->seconds));
}

static json_t *group_json(const struct sweep *s, const struct sweep_group *g)
{
    json_t *axes = json_object();
    for (int i = 0; i < s->axis_count; i++)
        if (g->place[i] >= 0)
            json_object_set_new(axes, s->axis[i].key, json_string(s->axis[i].value[g->place[i]]));
    return json_pack("{s:s, s:o, s:b, s:o, s:o, s:o, s:s, s:I, s:i, s:o, s:i, s:o, s:I, s:i, s:i, "
                     "s:i, s:o}",
                     "contestant", g->contestant, "axes", axes, "provisional", g->provisional, "acc",
                     number(g->mean), "low", number(g->low), "high", number(g->high), "interval",
                     g->seeds > 1 ? "bootstrap over seeds" : "Wilson", "acc_n",
                     (json_int_t)g->count, "seeds", g->seeds, "learning_rate", number(g->rate),
                     "best_of_rates", g->rates, "best_of_seeds", number(g->best), "best_seed",
                     (json_int_t)g->best_seed, "done", g->done, "failed", g->failed, "results",
                     g->results, "seconds", number(g->seconds));
}

static int write_json(const struct sweep *s, const struct sweep_result *results, int count,
                      const struct sweep_group *groups, int group_count, struct text *out,
                      struct failure *why)
{
    json_t *rows = json_array(), *summary = json_array();
    for (int i = 0; i < count; i++)
        json_array_append_new(rows, row_json(s, &results[i]));
    for (int g = 0; g < group_count; g++)
        json_array_append_new(summary, group_json(s, &groups[g]));
    json_t *root = json_pack("{s:o, s:o}", "summary", summary, "results", rows);
    char *text = root ? json_dumps(root, JSON_INDENT(1) | JSON_REAL_PRECISION(15)) : NULL;
    json_decref(root);
    if (!text)
        return fail(why, ERR_MEMORY, "table.json: no memory to write it");
    text_addf(out, "%s\n", text);
    free(text);
    return 0;
}

/* --- files ----------------------------------------------------------------------------------- */

static int put_file(const char *folder, const char *name, const struct text *t, struct failure *why)
{
    char path[FSIO_PATH];
    int code = fsio_join(path, folder, name, why);
    if (code == 0 && t->broken)
        code = fail(why, ERR_MEMORY, "%s: no memory to write it", path);
    return code < 0 ? code : fsio_replace(path, text_string(t), t->length, why);
}

int sweep_write_table(const char *folder, const struct sweep *s,
                      const struct sweep_result *results, int count, struct failure *why)
{
    struct text csv = {0}, json = {0};
    struct sweep_group *groups = calloc((size_t)count + 1, sizeof *groups);
    int group_count = groups ? sweep_groups(s, results, count, groups) : ERR_MEMORY;
    int code = group_count;
    if (code < 0)
        code = fail(why, ERR_MEMORY, "%s: no memory for the table", folder);
    if (code >= 0) {
        write_csv(s, results, count, groups, group_count, &csv);
        code = write_json(s, results, count, groups, group_count, &json, why);
    }
    if (code == 0)
        code = put_file(folder, "table.csv", &csv, why);
    if (code == 0)
        code = put_file(folder, "table.json", &json, why);
    text_release(&csv);
    text_release(&json);
    free(groups);
    return code;
}
