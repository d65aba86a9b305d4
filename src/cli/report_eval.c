/* Evaluation of a run's checkpoints, as a table and as JSON. */
#include "cli/report.h"
#include "cli/json.h"
#include "cli/report_heads.h"
#include "cli/report_reach.h"

#include <jansson.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/batch.h"
#include "store/run.h"
#include "train/race.h"

enum { SEQUENCES = 64 };

/* One contestant's result with what names it. */
struct measured {
    const char *name;
    char model[KIND_TEXT], attention[KIND_TEXT];
    int64_t parameters, step;
    struct evaluation eval;
    struct beyond beyond;
    struct exam_report heads;
    struct config config;
    struct alphabet alphabet;
};

static int measure(const struct args *args, const char *folder, const char *name,
                   const struct kern *kern, struct measured *m, struct failure *why)
{
    struct loaded loaded = {0};
    struct batch batch = {0};
    int rc = loaded_open(&loaded, folder, name, kern, (int)args->threads, SEQUENCES, why);

    if (rc < 0)
        return rc;
    const struct config *config = &loaded.checkpoint.config;
    *m = (struct measured){.name = name,
                           .step = loaded.checkpoint.step,
                           .parameters = model_parameters(loaded.model),
                           .config = *config,
                           .alphabet = loaded.task->alphabet};
    text_copy(m->model, sizeof m->model, config->model.kind);
    if (loaded.model->ops->has_attention)
        text_copy(m->attention, sizeof m->attention, config->attn.kind);
    if (task_batch(loaded.task, &batch, config->task.context, SEQUENCES) < 0)
        rc = fail(why, ERR_MEMORY, "%s: out of memory", name);
    else
        rc = evaluate_model(loaded.model, loaded.task,
                            args->windows ? args->windows : config->train.eval_windows, &batch,
                            NULL, &m->eval, why);
    if (rc == 0)
        rc = beyond_measure(&loaded, kern, &batch, &m->beyond, why);
    if (rc == 0 && args->heads)
        rc = heads_measure(&loaded, name, kern, args->windows, &m->heads, why);
    /* Numbers that overflow have no accuracy; the others' stand beside them. */
    if (rc == ERR_NUMBER) {
        m->eval = (struct evaluation){.windows = m->eval.windows,
                                      .loss = NAN,
                                      .all_ceiling = m->eval.all_ceiling};
        rc = 0;
    }
    batch_release(&batch);
    loaded_release(&loaded);
    m->eval.step = m->step;
    return rc;
}

static json_t *measured_json(const struct measured *m, bool heads)
{
    json_t *tasks = json_object(), *since = json_array();
    double low, high;
    int last = MAX_SINCE;

    score_wilson(m->eval.acc, &low, &high);
    for (int i = 0; i < m->alphabet.subtasks; i++)
        json_object_set_new(tasks, m->alphabet.name[m->alphabet.control_id[i]],
                            number(score_value(m->eval.subtask[i])));
    while (last > 0 && m->eval.since[last - 1].count == 0)
        last--;
    for (int i = 0; i < last; i++)
        json_array_append_new(since, number(score_value(m->eval.since[i])));
    json_t *object =
        json_pack("{s:s, s:s, s:o, s:I, s:I, s:I, s:o, s:I, s:o, s:o, s:o, s:o, s:o, s:o, s:o, "
                     "s:o}",
                     "name", m->name, "model", m->model, "attention",
                     m->attention[0] ? json_string(m->attention) : json_null(), "parameters",
                     (json_int_t)m->parameters, "step", (json_int_t)m->step, "windows",
                     (json_int_t)m->eval.windows, "loss", number(m->eval.loss), "loss_n",
                     (json_int_t)m->eval.loss_count, "bits", number(loss_bits(m->eval.loss)), "acc",
                     number(score_value(m->eval.acc)), "acc_low", number(low), "acc_high",
                     number(high), "acc_all", number(score_value(m->eval.all)), "acc_all_ceiling",
                     number(m->eval.all_ceiling), "tasks", tasks, "switch", since);
    if (object)
        beyond_json(&m->beyond, object);
    if (object && heads)
        json_object_set_new(object, "heads", heads_json(&m->heads, &m->alphabet));
    return object;
}

static int add_json(const char *folder, const struct measured *m, int count, bool heads,
                    struct text *out, struct failure *why)
{
    char shown[FSIO_PATH];
    json_t *list = json_array(), *root;
    char *line;

    text_escape(shown, sizeof shown, folder);
    for (int i = 0; i < count; i++)
        json_array_append_new(list, measured_json(&m[i], heads));
    root = json_pack("{s:s, s:o}", "run", shown, "contestants", list);
    line = root ? json_dumps(root, JSON_COMPACT) : NULL;
    json_decref(root);
    if (!line)
        return fail(why, ERR_MEMORY, "%s: out of memory for the JSON text", folder);
    text_addf(out, "%s\n", line);
    free(line);
    return 0;
}

/* Of a text: bits a character stand first, for accuracy says less. */
static void add_text_table(const struct measured *m, int count, struct text *out)
{
    bool bytes = m[0].alphabet.kind == ALPHABET_BYTES;

    text_addf(out, "%-20s %10s %9s %9s  %7s  %-21s %9s\n", "contestant", "parameters", "step",
              bytes ? "bits/byte" : "bits/char", "loss", "accuracy [95 %]", "n");
    for (int i = 0; i < count; i++) {
        const struct evaluation *e = &m[i].eval;
        double low, high;
        score_wilson(e->acc, &low, &high);
        text_addf(out, "%-20s %10lld %9lld %9.4f  %7.4f  %.3f [%.3f, %.3f] %9lld\n", m[i].name,
                  (long long)m[i].parameters, (long long)m[i].step, loss_bits(e->loss), e->loss,
                  score_value(e->acc), low, high, (long long)e->loss_count);
    }
    text_addf(out, "%lld windows of held-out text, n %s; bits: loss / ln 2\n",
              (long long)m[0].eval.windows, bytes ? "bytes" : "characters");
}

static void add_table(const struct measured *m, int count, struct text *out)
{
    const struct alphabet *a = &m[0].alphabet;

    text_addf(out, "%-20s %10s %9s %7s  %-21s %6s", "contestant", "parameters", "step", "loss",
              "accuracy [95 %]", "all");
    for (int t = 0; t < a->subtasks; t++)
        text_addf(out, " %5s", a->name[a->control_id[t]]);
    text_add(out, "\n");
    for (int i = 0; i < count; i++) {
        const struct evaluation *e = &m[i].eval;
        double low, high;
        score_wilson(e->acc, &low, &high);
        text_addf(out, "%-20s %10lld %9lld %7.4f  %.3f [%.3f, %.3f] %6.3f", m[i].name,
                  (long long)m[i].parameters, (long long)m[i].step, e->loss, score_value(e->acc),
                  low, high, score_value(e->all));
        for (int t = 0; t < a->subtasks; t++) {
            if (e->subtask[t].count)
                text_addf(out, " %5.3f", score_value(e->subtask[t]));
            else
                text_addf(out, " %5s", "-");
        }
        text_add(out, "\n");
    }
    const struct evaluation *e = &m[0].eval;
    for (int i = 1; i < count; i++)
        if (e->acc.count == 0)
            e = &m[i].eval;
    text_addf(out, "%lld windows, %lld of them end in a number; all: every scored symbol, at best %.3f\n",
              (long long)e->windows, (long long)e->acc.count, e->all_ceiling);
}

static void add_beyond(const struct measured *m, int count, struct text *out)
{
    const struct beyond *beyond[MAX_CONTESTANTS];
    const char *names[MAX_CONTESTANTS];

    for (int i = 0; i < count; i++) {
        beyond[i] = &m[i].beyond;
        names[i] = m[i].name;
    }
    beyond_tables(beyond, names, count, out);
}

static int unknown_contestant(const struct race_config *race, const char *name, struct failure *why)
{
    const char *names[MAX_CONTESTANTS];
    char hint[128];

    for (int i = 0; i < race->count; i++)
        names[i] = race->names[i];
    args_suggest(name, names, race->count, hint, sizeof hint);
    return fail(why, ERR_USAGE, "--contestant %s: not in this run%s", name,
                hint[0] ? hint : ": heed eval RUN lists them");
}

int report_contestant(const struct race_config *race, const char *name, struct failure *why)
{
    for (int i = 0; i < race->count; i++)
        if (strcmp(race->names[i], name) == 0)
            return i;
    return unknown_contestant(race, name, why);
}

int report_evaluation(const struct args *args, const char *folder, int samples, struct text *out,
                      struct failure *why)
{
    struct race_config race;
    struct measured *m;
    const struct kern *kern;
    int rc, first = 0, count;

    if ((rc = run_read_config(folder, &race, why)) < 0 ||
        (rc = kern_by_name(args->isa, &kern, why)) < 0)
        return rc;
    count = race.count;
    if (args->contestant) {
        if ((first = report_contestant(&race, args->contestant, why)) < 0)
            return first;
        count = 1;
    }
    bool images = strcmp(race.contestants[0].task.kind, "images") == 0;
    if (images && args->heads)
        return fail(why, ERR_USAGE, "--heads: %s is on images, whose heads are not measured: leave it "
                    "out", folder);
    if (images)
        return report_images(args, folder, &race, first, count, samples, out, why);
    m = calloc((size_t)count, sizeof *m);
    if (!m)
        return fail(why, ERR_MEMORY, "%s: out of memory", folder);
    for (int i = 0; i < count && rc == 0; i++)
        rc = measure(args, folder, race.names[first + i], kern, &m[i], why);
    if (rc == 0 && args->json)
        rc = add_json(folder, m, count, args->heads, out, why);
    else if (rc == 0 && m[0].alphabet.kind != ALPHABET_WORDS)
        add_text_table(m, count, out);
    else if (rc == 0)
        add_table(m, count, out);
    if (rc == 0 && !args->json)
        add_beyond(m, count, out);
    for (int i = 0; i < count && rc == 0 && args->heads && !args->json; i++)
        heads_table(&m[i].heads, m[i].name, &m[i].config, &m[i].alphabet, out);
    free(m);
    return rc;
}
