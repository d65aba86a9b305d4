/* The numbers behind a page as comma-separated values. */
#include "view/ui.h"

#include <math.h>
#include "view/csv.h"
#include "view/curves.h"
#include "view/learn.h"
#include "view/maps.h"
#include "view/ui_state.h"

/* ",value,low,high,n": a share with its 95 % interval. */
static void add_score(struct text *out, struct score s)
{
    double low = NAN, high = NAN;
    if (s.count > 0)
        score_wilson(s, &low, &high);
    csv_number(out, score_value(s));
    csv_number(out, low);
    csv_number(out, high);
    text_addf(out, ",%lld", (long long)s.count);
}

/* --- Train ----------------------------------------------------------------------------------- */

static void add_curve(const struct race_snapshot *race, int contestant, enum metric metric,
                      struct text *out)
{
    const struct contestant_view *v = &race->contestants[contestant];
    const struct series *s = &v->metric[metric];
    char name[64];

    curves_name(race, metric, name, sizeof name);
    for (int i = 0; i < s->count; i++) {
        const struct bucket *b = &s->buckets[i];
        bool empty = b->samples == 0;
        if (empty && b->lost == 0)
            continue;
        csv_word(out, v->name);
        text_add(out, ",");
        csv_word(out, name);
        text_addf(out, ",%lld,%lld", (long long)(i * s->span), (long long)((i + 1) * s->span - 1));
        csv_number(out, (double)b->seconds);
        csv_number(out, empty ? NAN : (double)b->mean);
        csv_number(out, empty ? NAN : (double)b->low);
        csv_number(out, empty ? NAN : (double)b->high);
        text_addf(out, ",%u,%u\n", b->samples, b->lost);
    }
}

static void add_profile(const struct ui *ui, const struct race_snapshot *race, struct text *out)
{
    text_add(out, "contestant,number_after_control_token,accuracy,low,high,n\n");
    for (int i = 0; i < race->count; i++) {
        for (int k = 0; k < MAX_SINCE && !ui->hidden[i]; k++) {
            struct score s = race->contestants[i].eval.since[k];
            if (s.count == 0)
                continue;
            csv_word(out, race->contestants[i].name);
            text_addf(out, ",%d", k + 1);
            add_score(out, s);
            text_add(out, "\n");
        }
    }
}

static void add_curves(const struct ui *ui, const struct race_snapshot *race, struct text *out)
{
    if (ui->curves.measure == MEASURE_SWITCH) {
        add_profile(ui, race, out);
        return;
    }
    text_add(out, "contestant,metric,first_step,last_step,seconds,mean,low,high,samples,lost\n");
    for (int i = 0; i < race->count; i++) {
        if (ui->hidden[i])
            continue;
        add_curve(race, i, curves_metric(ui->curves.measure), out);
        if (ui->curves.measure == MEASURE_BOTH)
            add_curve(race, i, METRIC_LOSS, out);
    }
}

/* --- Compare --------------------------------------------------------------------------------- */

static void add_contestants(const struct race_snapshot *race, struct text *out)
{
    const struct alphabet *a = &race->alphabet;

    text_add(out, "contestant,parameters,step,train_seconds,steps_per_second,loss,step_at_90,"
                  "seconds_at_90,accuracy,low,high,n");
    for (int k = 0; k < a->subtasks; k++) {
        text_add(out, ",");
        csv_word(out, a->name[a->control_id[k]]);
    }
    text_add(out, "\n");
    for (int i = 0; i < race->count; i++) {
        const struct contestant_view *v = &race->contestants[i];
        bool reached = v->step_at_90 >= 0;
        csv_word(out, v->name);
        text_addf(out, ",%lld,%lld", (long long)v->parameters, (long long)v->step);
        csv_number(out, v->train_seconds);
        csv_number(out, v->steps_per_second > 0 ? v->steps_per_second : NAN);
        csv_number(out, v->loss);
        csv_number(out, reached ? (double)v->step_at_90 : NAN);
        csv_number(out, reached ? v->seconds_at_90 : NAN);
        add_score(out, v->eval.acc);
        for (int k = 0; k < a->subtasks; k++)
            csv_number(out, score_value(v->eval.subtask[k]));
        text_add(out, "\n");
    }
}

/* --- Attention ------------------------------------------------------------------------------- */

static void add_map(const struct ui *ui, const struct probe_snapshot *live, struct text *out)
{
    const struct probe_snapshot *p = maps_probe(ui, live);
    char why[LOG_TEXT];
    const char *token[PROBE_HISTORY];
    uint8_t role[PROBE_HISTORY];
    int layer, head;

    text_add(out, "contestant,weights_step,layer,head,query,key,query_token,key_token,score,weight\n");
    if (!p || maps_missing(p, why, sizeof why))
        return;
    maps_chosen(ui, p, &layer, &head);
    if (!maps_has(p, layer, head))
        return;
    const float *w = maps_weight(p, layer, head), *z = maps_score(p, layer, head);
    maps_labels(p, token, role);
    for (int i = 0; i < p->positions * p->positions; i++) {
        int query = i / p->positions, key = i % p->positions;
        if (key > query && w[i] == 0) /* what comes later is not seen */
            continue;
        csv_word(out, p->name);
        text_addf(out, ",%lld,%d,%d,%d,%d,", (long long)p->weights_step, layer + 1, head + 1,
                  query + 1, key + 1);
        csv_word(out, token[query]);
        text_add(out, ",");
        csv_word(out, token[key]);
        csv_number(out, (double)z[i]);
        csv_number(out, (double)w[i]);
        text_add(out, "\n");
    }
}

/* --- Step ------------------------------------------------------------------------------------ */

static void add_sequence(const struct probe_snapshot *p, struct text *out)
{
    text_add(out, "place,token,rule,number_after_control_token,answer,right\n");
    for (int i = 0; p && i < p->length; i++) {
        const struct alphabet *a = &p->alphabet;
        text_addf(out, "%d,", i + 1);
        csv_word(out, a->name[p->sequence[i]]);
        text_add(out, ",");
        if (p->subtask[i] < a->subtasks)
            csv_word(out, a->name[a->control_id[p->subtask[i]]]);
        text_add(out, ",");
        if (p->answer[i] >= 0) {
            text_addf(out, "%d,", p->since[i] + 1);
            csv_word(out, a->name[p->answer[i]]);
        } else {
            text_add(out, ",");
        }
        text_add(out, ",");
        if (p->hit[i] >= 0)
            text_addf(out, "%d", p->hit[i]);
        text_add(out, "\n");
    }
}

/* --- Images ---------------------------------------------------------------------------------- */

static void add_gallery(const struct probe_snapshot *p, struct text *out)
{
    const struct gallery *g = p->gallery;
    for (int image = 0; g && image < IMAGES_SHOWN; image++) {
        for (int i = 0; i < g->side * g->side; i++) {
            csv_word(out, p->name);
            text_addf(out, ",%lld,%d,%d,%d,%d,%d", (long long)p->weights_step, g->step, g->steps,
                      image + 1, i / g->side + 1, i % g->side + 1);
            csv_number(out, (double)g->image[image][i]);
            csv_number(out, (double)g->clean[image][i]);
            text_add(out, "\n");
        }
    }
}

static void add_images(const struct probe_snapshot *p, struct text *out)
{
    text_add(out, "contestant,weights_step,denoised,of,image,row,column,value,clean\n");
    if (p)
        add_gallery(p, out);
    if (p && p->second_kind == SECOND_VERSUS && p->second)
        add_gallery(p->second, out);
}

/* --- Run ------------------------------------------------------------------------------------- */

static void add_settings(const struct race_snapshot *race, struct text *out)
{
    int count;
    const struct setting *s = config_settings(&count);
    char value[SETTING_TEXT];

    text_add(out, "setting");
    for (int i = 0; i < race->count; i++) {
        text_add(out, ",");
        csv_word(out, race->contestants[i].name);
    }
    text_add(out, "\n");
    for (int k = 0; k < count; k++) {
        text_add(out, s[k].key);
        for (int i = 0; i < race->count; i++) {
            text_add(out, ",");
            config_value(&race->contestants[i].config, &s[k], value, sizeof value);
            csv_word(out, value);
        }
        text_add(out, "\n");
    }
}

/* --- Measure --------------------------------------------------------------------------------- */

static void add_groups(const struct sweep_picture *p, struct text *out)
{
    const struct sweep *s = &p->sweep;

    text_add(out, "contestant");
    for (int i = 0; i < s->axis_count; i++) {
        if (s->axis[i].role != SWEEP_VARIED)
            continue;
        text_add(out, ",");
        csv_word(out, s->axis[i].key);
    }
    text_add(out, ",results,done,failed,learning_rate,seeds,accuracy,low,high,best,n,seconds\n");
    for (int k = 0; k < p->group_count; k++) {
        const struct sweep_group *g = &p->groups[k];
        csv_word(out, g->contestant);
        for (int i = 0; i < s->axis_count; i++) {
            if (s->axis[i].role != SWEEP_VARIED)
                continue;
            text_add(out, ",");
            csv_word(out, g->place[i] >= 0 ? s->axis[i].value[g->place[i]] : "");
        }
        text_addf(out, ",%d,%d,%d", g->results, g->done, g->failed);
        csv_number(out, g->rate);
        text_addf(out, ",%d", g->seeds);
        bool found = isfinite(g->mean);
        csv_number(out, g->mean);
        csv_number(out, found ? g->low : NAN);
        csv_number(out, found ? g->high : NAN);
        csv_number(out, found ? g->best : NAN);
        text_addf(out, ",%lld", (long long)g->count);
        csv_number(out, g->seconds);
        text_add(out, "\n");
    }
}

/* Copies by distance, or of rows their length and how different two are in the end. */
static void add_measures(const struct race_snapshot *race, struct text *out)
{
    text_add(out, "contestant,measure,distance_or_length,value,low,high,n\n");
    for (int i = 0; race && i < race->count; i++) {
        const struct evaluation *e = &race->contestants[i].eval;
        for (int k = 0; e->valid && k < e->reach.count; k++) {
            csv_word(out, race->contestants[i].name);
            text_addf(out, ",\"accuracy\",%d", e->reach.at[k]);
            add_score(out, e->reach.acc[k]);
            text_add(out, "\n");
        }
        for (int k = 0; e->valid && k < e->collapse.count; k++) {
            csv_word(out, race->contestants[i].name);
            text_addf(out, ",\"representation difference\",%d", e->collapse.at[k]);
            csv_number(out, e->collapse.difference[k]);
            text_add(out, ",,,\n");
        }
    }
}

/* --- Probe ----------------------------------------------------------------------------------- */

/* Of every head; the changes are windows that were right and are wrong without it, and the reverse. */
static void add_head(const struct exam_report *e, const struct exam_part *part, int k,
                     struct text *out)
{
    const struct exam_head *h = &part->head[k];
    csv_number(out, h->entropy);
    csv_number(out, h->distance);
    csv_number(out, h->negative);
    csv_number(out, h->control);
    text_addf(out, ",%lld", (long long)part->controls);
    csv_number(out, h->previous);
    csv_number(out, h->source);
    text_addf(out, ",%lld", (long long)part->sources);
    for (int i = 1; i < HEAD_CHANGES; i++) {
        bool none = i == HEAD_POSITIVE && !e->has_signs[k]; /* nothing was removed */
        if (none)
            text_add(out, ",,");
        else
            text_addf(out, ",%lld,%lld", (long long)h->changed[i].lost,
                      (long long)h->changed[i].won);
    }
    text_addf(out, ",%lld,%lld\n", (long long)part->whole.right, (long long)part->whole.count);
}

static void add_heads(const struct race_snapshot *race, const struct probe_snapshot *p,
                      struct text *out)
{
    text_add(out, "contestant,weights_step,windows,layer,head,entropy,distance,negative,control,"
                  "control_windows,previous,source,source_windows,removed_lost,removed_won,"
                  "positive_lost,positive_won,uniform_lost,uniform_won,right,n\n");
    const struct exam_report *e = p && race ? &p->exam : NULL;
    if (!e || !e->asked || e->contestant < 0 || e->contestant >= race->count || e->heads < 1)
        return;
    const struct alphabet *a = &race->alphabet;
    for (int i = 0; i < EXAM_PARTS && i <= a->subtasks; i++)
        for (int k = 0; k < e->count && e->part[i].whole.count > 0; k++) {
            csv_word(out, race->contestants[e->contestant].name);
            text_addf(out, ",%lld,", (long long)e->step);
            csv_word(out, i > 0 ? a->name[a->control_id[i - 1]] : "all");
            text_addf(out, ",%d,%d", k / e->heads + 1, k % e->heads + 1);
            add_head(e, &e->part[i], k, out);
        }
}

/* --- Learn ----------------------------------------------------------------------------------- */

/* The keys of a query in the plane, weighed by every variant; of a crowd at every length. */
static void add_matches(const struct ui *ui, const struct lesson_widget *w, struct text *out)
{
    double weight[UI_MATCH_KEYS], score[UI_MATCH_KEYS];
    struct ui_variant v;
    int variant;

    text_add(out, "variant,query_degrees,query_length,n,key,key_degrees,key_length,score,weight\n");
    for (int i = 0; ui->matching && (variant = learn_variant(ui, w, i, &v)) >= 0; i++) {
        bool crowd = w->kind == LESSON_CROWD;
        for (int n = crowd ? 2 : w->keys; n <= (crowd ? LEARN_CROWD : w->keys); n *= 2) {
            learn_weigh(ui, w, variant, n, weight, score);
            for (int j = 0; j < w->keys; j++) {
                csv_word(out, v.name);
                text_addf(out, ",%g,%g,%d,\"%c\",%g,%g", ui->learn.query.angle,
                          ui->learn.query.length, n, 'a' + j, w->key[j].angle, w->key[j].length);
                csv_number(out, score[j]);
                csv_number(out, weight[j]);
                text_add(out, "\n");
            }
        }
    }
}

/* What the widget shows. */
static void add_lesson(const struct ui *ui, const struct race_snapshot *race,
                       const struct probe_snapshot *probe, struct text *out)
{
    const struct lesson *l = learn_lesson(ui);
    enum lesson_widget_kind kind = l && !l->broken[0] ? learn_widget(ui)->kind : LESSON_LADDER;

    if (kind == LESSON_MATCH || kind == LESSON_CROWD)
        add_matches(ui, learn_widget(ui), out);
    else if (kind == LESSON_MAP)
        add_map(ui, probe, out);
    else if (kind == LESSON_STEP)
        add_sequence(probe, out);
    else if (kind == LESSON_ROWS || !race)
        add_measures(race, out);
    else if (kind == LESSON_SWITCH)
        add_profile(ui, race, out);
    else
        add_contestants(race, out);
}

void ui_csv(const struct ui *ui, const struct race_snapshot *race,
            const struct probe_snapshot *probe, struct text *out)
{
    if (ui->page == PAGE_ATTENTION)
        add_map(ui, probe, out);
    else if (ui->page == PAGE_STEP)
        add_sequence(probe, out);
    else if (ui->page == PAGE_PROBE)
        add_heads(race, probe, out);
    else if (ui->page == PAGE_IMAGES)
        add_images(probe, out);
    else if (ui->page == PAGE_LEARN)
        add_lesson(ui, race, probe, out);
    else if (ui->page == PAGE_MEASURE && ui->sweep)
        add_groups(ui->sweep, out);
    else if (ui->page == PAGE_MEASURE)
        add_measures(race, out);
    else if (!race)
        text_add(out, "contestant\n");
    else if (ui->page == PAGE_TRAIN)
        add_curves(ui, race, out);
    else if (ui->page == PAGE_COMPARE)
        add_contestants(race, out);
    else
        add_settings(race, out);
}
