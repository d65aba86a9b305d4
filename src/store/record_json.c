#include "store/record_json.h"

#include <math.h>
#include <string.h>
#include "base/text.h"

static const char *const kinds[] = {[RECORD_STEP] = "step",
                                    [RECORD_EVAL] = "eval",
                                    [RECORD_RESUME] = "resume",
                                    [RECORD_FAILURE] = "failure"};
enum { KINDS = sizeof kinds / sizeof kinds[0] };
#define COUNT_LIMIT ((json_int_t)1 << 52)

/* --- writing --------------------------------------------------------------------------------- */

static void put(json_t *object, const char *key, json_t *value, bool *bad)
{
    if (json_object_set_new(object, key, value) != 0)
        *bad = true;
}

/* NaN and infinity are no JSON. */
static json_t *number(double x)
{
    return isfinite(x) ? json_real(x) : json_null();
}

/* <key>, <key>_right, <key>_n */
static void put_score(json_t *object, const char *const keys[3], struct score s, bool *bad)
{
    put(object, keys[0], number(score_value(s)), bad);
    put(object, keys[1], json_integer(s.right), bad);
    put(object, keys[2], json_integer(s.count), bad);
}

static void put_subtasks(json_t *line, const struct evaluation *e, const struct alphabet *alphabet,
                         bool *bad)
{
    json_t *value = json_object(), *right = json_object(), *count = json_object();
    for (int i = 0; i < alphabet->subtasks; i++) {
        const char *name = alphabet->name[alphabet->control_id[i]];
        put(value, name, number(score_value(e->subtask[i])), bad);
        put(right, name, json_integer(e->subtask[i].right), bad);
        put(count, name, json_integer(e->subtask[i].count), bad);
    }
    put(line, "tasks", value, bad);
    put(line, "tasks_right", right, bad);
    put(line, "tasks_n", count, bad);
}

static void put_switch(json_t *line, const struct evaluation *e, bool *bad)
{
    json_t *value = json_array(), *right = json_array(), *count = json_array();
    int used = MAX_SINCE;
    while (used > 0 && e->since[used - 1].count == 0)
        used--;
    for (int i = 0; i < used; i++)
        if (json_array_append_new(value, number(score_value(e->since[i]))) != 0 ||
            json_array_append_new(right, json_integer(e->since[i].right)) != 0 ||
            json_array_append_new(count, json_integer(e->since[i].count)) != 0)
            *bad = true;
    put(line, "switch", value, bad);
    put(line, "switch_right", right, bad);
    put(line, "switch_n", count, bad);
}

/* The loss on images, by the level of noise. */
static void put_levels(json_t *line, const struct evaluation *e, bool *bad)
{
    json_t *value = json_array(), *count = json_array();
    for (int i = 0; i < MAX_LEVELS; i++)
        if (json_array_append_new(value, number(e->level_loss[i])) != 0 ||
            json_array_append_new(count, json_integer(e->level_count[i])) != 0)
            *bad = true;
    put(line, "loss_error", number(e->loss_error), bad);
    put(line, "levels", value, bad);
    put(line, "levels_n", count, bad);
}

static void put_reach(json_t *line, const struct reach *r, bool *bad)
{
    json_t *reach = json_object(), *at = json_array(), *right = json_array(), *count = json_array();
    for (int i = 0; i < r->count; i++)
        if (json_array_append_new(at, json_integer(r->at[i])) != 0 ||
            json_array_append_new(right, json_integer(r->acc[i].right)) != 0 ||
            json_array_append_new(count, json_integer(r->acc[i].count)) != 0)
            *bad = true;
    put(reach, "trained", json_pack("[i, i]", r->low, r->high), bad);
    put(reach, "distance", at, bad);
    put(reach, "right", right, bad);
    put(reach, "n", count, bad);
    put(line, "reach", reach, bad);
}

static void put_collapse(json_t *line, const struct collapse *c, bool *bad)
{
    json_t *rows = json_object(), *at = json_array(), *difference = json_array();
    for (int i = 0; i < c->count; i++)
        if (json_array_append_new(at, json_integer(c->at[i])) != 0 ||
            json_array_append_new(difference, number(c->difference[i])) != 0)
            *bad = true;
    put(rows, "length", at, bad);
    put(rows, "difference", difference, bad);
    put(line, "representation", rows, bad);
}

static void put_evaluation(json_t *line, const struct evaluation *e,
                           const struct alphabet *alphabet, bool *bad)
{
    double low, high;
    score_wilson(e->acc, &low, &high);
    put(line, "windows", json_integer(e->windows), bad);
    put(line, "loss", number(e->loss), bad);
    put(line, "loss_n", json_integer(e->loss_count), bad);
    put(line, "bits", number(evaluation_of_images(e) ? (double)NAN : loss_bits(e->loss)), bad);
    put_score(line, (const char *const[]){"acc", "acc_right", "acc_n"}, e->acc, bad);
    put(line, "acc_low", number(low), bad);
    put(line, "acc_high", number(high), bad);
    put_score(line, (const char *const[]){"acc_all", "acc_all_right", "acc_all_n"}, e->all, bad);
    put(line, "acc_all_ceiling", number(e->all_ceiling), bad);
    put_subtasks(line, e, alphabet, bad);
    put_switch(line, e, bad);
    if (evaluation_of_images(e))
        put_levels(line, e, bad);
    if (e->reach.count > 0)
        put_reach(line, &e->reach, bad);
    if (e->collapse.count > 0)
        put_collapse(line, &e->collapse, bad);
}

static void put_steps(json_t *line, const struct record *r, bool *bad)
{
    put(line, "loss", number(r->loss.mean), bad);
    put(line, "loss_low", number(r->loss.low), bad);
    put(line, "loss_high", number(r->loss.high), bad);
    put(line, "loss_n", json_integer(r->loss.samples), bad);
    put(line, "loss_lost", json_integer(r->loss.lost), bad);
    put(line, "grad_norm", number(r->grad_norm.mean), bad);
    put(line, "grad_norm_low", number(r->grad_norm.low), bad);
    put(line, "grad_norm_high", number(r->grad_norm.high), bad);
    put(line, "grad_norm_n", json_integer(r->grad_norm.samples), bad);
    put(line, "grad_norm_lost", json_integer(r->grad_norm.lost), bad);
    put(line, "learning_rate", number(r->learning_rate), bad);
    put(line, "tokens_per_second", number(r->tokens_per_second), bad);
}

json_t *record_to_json(const struct record *r, const struct alphabet *alphabet)
{
    json_t *line = json_object();
    bool bad = line == NULL;
    char message[4 * LOG_TEXT];
    put(line, "kind", json_string(kinds[r->kind]), &bad);
    put(line, "contestant", json_string(r->contestant), &bad);
    put(line, "step", json_integer(r->step), &bad);
    put(line, "seconds", number(r->seconds), &bad);
    put(line, "race_seconds", number(r->race_seconds), &bad);
    switch (r->kind) {
    case RECORD_STEP:
        put_steps(line, r, &bad);
        break;
    case RECORD_EVAL:
        put_evaluation(line, &r->eval, alphabet, &bad);
        break;
    case RECORD_FAILURE:
        text_escape(message, sizeof message, r->message);
        put(line, "message", json_string(message), &bad);
        break;
    case RECORD_RESUME:
        break;
    }
    if (bad) {
        json_decref(line);
        return NULL;
    }
    return line;
}

/* --- reading --------------------------------------------------------------------------------- */

/* The object that is read, and the first field that was wrong. */
struct fields {
    json_t *object;
    const char *wrong;
};

static void mark(struct fields *f, const char *key)
{
    if (!f->wrong)
        f->wrong = key;
}

static int64_t get_count(struct fields *f, const char *key)
{
    json_t *value = json_object_get(f->object, key);
    json_int_t n = json_integer_value(value);
    if (!json_is_integer(value) || n < 0 || n > COUNT_LIMIT) {
        mark(f, key);
        return 0;
    }
    return n;
}

static double get_number(struct fields *f, const char *key)
{
    json_t *value = json_object_get(f->object, key);
    if (json_is_null(value))
        return NAN;
    if (!json_is_number(value))
        mark(f, key);
    return json_number_value(value);
}

/* Text without control characters that fits whole. */
static void get_text(struct fields *f, const char *key, char *out, size_t size)
{
    const char *value = json_string_value(json_object_get(f->object, key));
    char shown[4 * LOG_TEXT];
    if (!value) {
        mark(f, key);
        return;
    }
    text_escape(shown, sizeof shown, value);
    if (strcmp(shown, value) != 0 || strlen(value) >= size)
        mark(f, key);
    else
        strcpy(out, value);
}

static struct score get_score(struct fields *f, const char *right, const char *count)
{
    struct score s = {get_count(f, right), get_count(f, count)};
    if (s.right > s.count)
        mark(f, right);
    return s;
}

static void get_subtasks(struct fields *f, const struct alphabet *alphabet, struct evaluation *e)
{
    struct fields right = {.object = json_object_get(f->object, "tasks_right")};
    struct fields count = {.object = json_object_get(f->object, "tasks_n")};
    size_t subtasks = (size_t)alphabet->subtasks;
    if (json_object_size(right.object) != subtasks || json_object_size(count.object) != subtasks) {
        mark(f, "tasks_n");
        return;
    }
    for (int i = 0; i < alphabet->subtasks; i++) {
        const char *name = alphabet->name[alphabet->control_id[i]];
        e->subtask[i] = (struct score){get_count(&right, name), get_count(&count, name)};
        if (right.wrong || count.wrong || e->subtask[i].right > e->subtask[i].count)
            mark(f, "tasks_right");
    }
}

static void get_switch(struct fields *f, struct evaluation *e)
{
    json_t *right = json_object_get(f->object, "switch_right");
    json_t *count = json_object_get(f->object, "switch_n");
    size_t used = json_array_size(count);
    if (!json_is_array(right) || !json_is_array(count) || used > MAX_SINCE ||
        json_array_size(right) != used) {
        mark(f, "switch_n");
        return;
    }
    for (size_t i = 0; i < used; i++) {
        json_t *r = json_array_get(right, i), *n = json_array_get(count, i);
        struct score s = {json_integer_value(r), json_integer_value(n)};
        if (!json_is_integer(r) || !json_is_integer(n) || s.right < 0 || s.right > s.count ||
            s.count > COUNT_LIMIT)
            mark(f, "switch_right");
        else
            e->since[i] = s;
    }
}

static void get_levels(struct fields *f, struct evaluation *e)
{
    json_t *loss = json_object_get(f->object, "levels");
    json_t *count = json_object_get(f->object, "levels_n");
    if (json_array_size(loss) != MAX_LEVELS || json_array_size(count) != MAX_LEVELS) {
        mark(f, "levels");
        return;
    }
    e->loss_error = get_number(f, "loss_error");
    for (int i = 0; i < MAX_LEVELS; i++) {
        json_t *value = json_array_get(loss, (size_t)i), *n = json_array_get(count, (size_t)i);
        e->level_loss[i] = json_is_null(value) ? (double)NAN : json_number_value(value);
        e->level_count[i] = json_integer_value(n);
        if ((!json_is_null(value) && !json_is_number(value)) || !json_is_integer(n) ||
            e->level_count[i] < 0 || e->level_count[i] > COUNT_LIMIT)
            mark(f, "levels_n");
    }
}

/* A list of whole numbers at least 0, at most MAX_REACH; their number. */
static int get_list(struct fields *f, json_t *object, const char *key, int64_t out[MAX_REACH])
{
    json_t *list = json_object_get(object, key);
    size_t count = json_array_size(list);
    if (!json_is_array(list) || count > MAX_REACH) {
        mark(f, key);
        return 0;
    }
    for (size_t i = 0; i < count; i++) {
        json_t *value = json_array_get(list, i);
        out[i] = json_integer_value(value);
        if (!json_is_integer(value) || out[i] < 0 || out[i] > COUNT_LIMIT)
            mark(f, key);
    }
    return (int)count;
}

static void get_reach(struct fields *f, struct reach *r)
{
    json_t *object = json_object_get(f->object, "reach");
    int64_t trained[MAX_REACH] = {0}, at[MAX_REACH], right[MAX_REACH], count[MAX_REACH];
    if (!object)
        return;
    int n = get_list(f, object, "distance", at);
    if (get_list(f, object, "trained", trained) != 2 || get_list(f, object, "right", right) != n ||
        get_list(f, object, "n", count) != n) {
        mark(f, "reach");
        return;
    }
    r->low = (int)trained[0];
    r->high = (int)trained[1];
    r->count = n;
    for (int i = 0; i < n; i++) {
        r->at[i] = (int)at[i];
        r->acc[i] = (struct score){right[i], count[i]};
        if (right[i] > count[i] || at[i] > MAX_CONTEXT)
            mark(f, "reach");
    }
}

static void get_collapse(struct fields *f, struct collapse *c)
{
    json_t *object = json_object_get(f->object, "representation");
    json_t *list = json_object_get(object, "difference");
    int64_t at[MAX_REACH];
    if (!object)
        return;
    int n = get_list(f, object, "length", at);
    if (json_array_size(list) != (size_t)n) {
        mark(f, "representation");
        return;
    }
    c->count = n;
    for (int i = 0; i < n; i++) {
        json_t *value = json_array_get(list, (size_t)i);
        c->at[i] = (int)at[i];
        c->difference[i] = json_is_null(value) ? NAN : json_number_value(value);
        if (at[i] > MAX_CONTEXT || !(json_is_null(value) || json_is_number(value)))
            mark(f, "representation");
    }
}

static void get_evaluation(struct fields *f, const struct alphabet *alphabet, struct record *out)
{
    struct evaluation *e = &out->eval;
    e->valid = true;
    e->step = out->step;
    e->windows = get_count(f, "windows");
    e->loss = get_number(f, "loss");
    if (json_object_get(f->object, "loss_n")) /* heed 0.1.0 did not write it */
        e->loss_count = get_count(f, "loss_n");
    e->acc = get_score(f, "acc_right", "acc_n");
    e->all = get_score(f, "acc_all_right", "acc_all_n");
    e->all_ceiling = get_number(f, "acc_all_ceiling");
    get_subtasks(f, alphabet, e);
    get_switch(f, e);
    if (json_object_get(f->object, "levels"))
        get_levels(f, e);
    get_reach(f, &e->reach);
    get_collapse(f, &e->collapse);
}

static void get_steps(struct fields *f, struct record *out)
{
    if (out->step < 1) /* it tells of the steps up to this one */
        mark(f, "step");
    out->loss.mean = get_number(f, "loss");
    out->loss.low = get_number(f, "loss_low");
    out->loss.high = get_number(f, "loss_high");
    out->loss.samples = get_count(f, "loss_n");
    out->loss.lost = get_count(f, "loss_lost");
    out->grad_norm.mean = get_number(f, "grad_norm");
    out->grad_norm.low = get_number(f, "grad_norm_low");
    out->grad_norm.high = get_number(f, "grad_norm_high");
    out->grad_norm.samples = get_count(f, "grad_norm_n");
    out->grad_norm.lost = get_count(f, "grad_norm_lost");
    out->learning_rate = get_number(f, "learning_rate");
    out->tokens_per_second = get_number(f, "tokens_per_second");
}

const char *record_from_json(json_t *line, const struct alphabet *alphabet, struct record *out)
{
    struct fields f = {.object = line};
    memset(out, 0, sizeof *out);
    const char *kind = json_string_value(json_object_get(line, "kind"));
    int k = 0;
    while (k < KINDS && (!kind || strcmp(kinds[k], kind) != 0))
        k++;
    if (k == KINDS)
        return "kind";
    out->kind = k;
    get_text(&f, "contestant", out->contestant, sizeof out->contestant);
    out->step = get_count(&f, "step");
    out->seconds = get_number(&f, "seconds");
    out->race_seconds = get_number(&f, "race_seconds");
    if (k == RECORD_STEP)
        get_steps(&f, out);
    else if (k == RECORD_EVAL)
        get_evaluation(&f, alphabet, out);
    else if (k == RECORD_FAILURE)
        get_text(&f, "message", out->message, sizeof out->message);
    return f.wrong;
}
