#include "cli/report_heads.h"
#include "cli/json.h"

#include <math.h>
#include <stdio.h>
#include "train/exam.h"

static const char *const change_names[HEAD_CHANGES] = {
    [HEAD_REMOVED] = "removed", [HEAD_POSITIVE] = "positive", [HEAD_UNIFORM] = "uniform"};

int heads_measure(struct loaded *l, const char *name, const struct kern *kern, int64_t windows,
                  struct exam_report *out, struct failure *why)
{
    struct exam_subject s = {.config = &l->checkpoint.config,
                             .task = l->task,
                             .kern = kern,
                             .name = name,
                             .weights = l->model->weights,
                             .step = l->checkpoint.step,
                             .windows = windows};
    struct exam *e;

    if (model_attention_layers(l->model) == 0)
        return 0;
    int rc = exam_new(&e, &s, l->team, why);
    if (rc < 0)
        return rc;
    while (!exam_done(e))
        exam_go_on(e);
    *out = *exam_report(e);
    exam_free(e);
    return 0;
}

static const char *part_name(const struct alphabet *a, int part)
{
    return part > 0 ? a->name[a->control_id[part - 1]] : "all";
}

/* --- JSON ------------------------------------------------------------------------------------------ */

static json_t *score_json(struct score s)
{
    double low = NAN, high = NAN;
    if (s.count > 0)
        score_wilson(s, &low, &high);
    return json_pack("{s:o, s:o, s:o}", "acc", number(s.count > 0 ? score_value(s) : NAN),
                     "acc_low", number(low), "acc_high", number(high));
}

static json_t *change_json(struct exam_change c, int64_t n)
{
    double half, value = exam_change_value(c, n, &half);
    return json_pack("{s:o, s:o, s:I, s:I}", "change", number(value), "half", number(half), "lost",
                     (json_int_t)c.lost, "won", (json_int_t)c.won);
}

static json_t *head_json(const struct exam_report *r, const struct exam_part *part, int k)
{
    const struct exam_head *h = &part->head[k];
    json_t *object =
        json_pack("{s:i, s:i, s:o, s:o, s:o, s:o, s:o, s:o}", "layer", k / r->heads + 1, "head",
                  k % r->heads + 1, "entropy", number(h->entropy), "distance", number(h->distance),
                  "negative", number(h->negative), "control", number(h->control), "previous",
                  number(h->previous), "source", number(h->source));
    for (int i = 1; i < HEAD_CHANGES && object; i++)
        json_object_set_new(object, change_names[i],
                            i == HEAD_POSITIVE && !r->has_signs[k]
                                ? json_null()
                                : change_json(h->changed[i], part->whole.count));
    return object;
}

static json_t *part_json(const struct exam_report *r, const struct alphabet *a, int i)
{
    const struct exam_part *part = &r->part[i];
    json_t *list = json_array(), *lens = json_array(), *object = score_json(part->whole);
    for (int k = 0; k < r->count; k++)
        json_array_append_new(list, head_json(r, part, k));
    for (int row = 0; row < r->lens; row++) {
        char place[LENS_PLACE];
        lens_place(row, place);
        json_t *read = score_json((struct score){part->lens_right[row], part->whole.count});
        json_object_set_new(read, "after", json_string(place));
        json_array_append_new(lens, read);
    }
    json_object_set_new(object, "windows", json_string(part_name(a, i)));
    json_object_set_new(object, "n", json_integer((json_int_t)part->whole.count));
    json_object_set_new(object, "control_n", json_integer((json_int_t)part->controls));
    json_object_set_new(object, "source_n", json_integer((json_int_t)part->sources));
    json_object_set_new(object, "stream", lens);
    json_object_set_new(object, "heads", list);
    return object;
}

json_t *heads_json(const struct exam_report *r, const struct alphabet *a)
{
    if (r->count == 0)
        return json_null();
    json_t *list = json_array();
    for (int i = 0; i <= a->subtasks; i++)
        if (i == 0 || r->part[i].whole.count > 0)
            json_array_append_new(list, part_json(r, a, i));
    return list;
}

/* --- text ------------------------------------------------------------------------------------------ */

/* " -.123 ±.031"; "-" where nothing was seen. */
static void add_change(struct exam_change c, int64_t n, struct text *out)
{
    double half, value = exam_change_value(c, n, &half);
    if (n > 0)
        text_addf(out, "  %+.4f ±%.4f", value + 0.0, half);
    else
        text_addf(out, "  %15s", "-");
}

static void add_weight(double v, struct text *out)
{
    if (isnan(v))
        text_addf(out, " %8s", "-");
    else
        text_addf(out, " %8.3f", v);
}

static void add_part(const struct exam_report *r, const struct alphabet *a, int i, struct text *out)
{
    const struct exam_part *part = &r->part[i];
    for (int k = 0; k < r->count; k++) {
        const struct exam_head *h = &part->head[k];
        char name[32];
        snprintf(name, sizeof name, "L%dH%d", k / r->heads + 1, k % r->heads + 1);
        text_addf(out, "%-8s %-7s %7lld", part_name(a, i), name, (long long)part->whole.count);
        text_addf(out, " %8.3f %8.2f", h->entropy, h->distance);
        add_weight(h->control, out);
        add_weight(h->previous, out);
        add_weight(h->source, out);
        add_change(h->changed[HEAD_REMOVED], part->whole.count, out);
        if (r->has_signs[k])
            add_change(h->changed[HEAD_POSITIVE], part->whole.count, out);
        else
            text_addf(out, "  %15s", "none");
        add_change(h->changed[HEAD_UNIFORM], part->whole.count, out);
        text_add(out, "\n");
    }
}

static void add_stream(const struct exam_report *r, const struct alphabet *a, struct text *out)
{
    text_addf(out, "%-12s", "read after");
    for (int i = 0; i <= a->subtasks; i++)
        text_addf(out, " %6s", part_name(a, i));
    text_add(out, "  accuracy of final norm and head on the stream there\n");
    for (int row = 0; row < r->lens; row++) {
        char place[LENS_PLACE];
        lens_place(row, place);
        text_addf(out, "%-12s", place);
        for (int i = 0; i <= a->subtasks; i++) {
            struct score s = {r->part[i].lens_right[row], r->part[i].whole.count};
            if (s.count > 0)
                text_addf(out, " %6.3f", score_value(s));
            else
                text_addf(out, " %6s", "-");
        }
        text_add(out, "\n");
    }
}

void heads_table(const struct exam_report *r, const char *name, const struct config *config,
                 const struct alphabet *a, struct text *out)
{
    double low, high;

    if (r->count == 0) {
        text_addf(out, "\n%s: %s\n", name,
                  cast_has_attention(config->model.kind)
                      ? "its numbers overflowed: there is nothing to measure of its heads"
                      : "no attention heads, and no residual stream to read between layers");
        return;
    }
    score_wilson(r->part[0].whole, &low, &high);
    text_addf(out, "\nheads of %s, attention %s, step %lld: accuracy %.3f [%.3f, %.3f], n=%lld\n", name,
              config->attn.kind, (long long)r->step, score_value(r->part[0].whole), low, high,
              (long long)r->part[0].whole.count);
    text_addf(out, "%-8s %-7s %7s %8s %8s %8s %8s %8s  %15s  %15s  %15s\n", "windows", "head", "n",
              "entropy", "back", "control", "previous", "read", "removed", "no negatives", "uniform");
    for (int i = 0; i <= a->subtasks; i++)
        if (r->part[i].whole.count > 0)
            add_part(r, a, i, out);
    if (r->count < r->layers * r->heads)
        text_addf(out, "the first %d of %d heads\n", r->count, r->layers * r->heads);
    add_stream(r, a, out);
}
