#include "cli/sample_run.h"

#include "cli/cli.h"
#include "cli/report.h"
#include "cli/stage.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "base/fsio.h"
#include "train/draw.h"
#include "train/race.h"

enum { SYMBOLS = 200, PROMPT_LIMIT = 1 << 16 };

/* A prompt and what a contestant wrote after it. */
struct writing {
    struct loaded loaded;
    const char *name;
    struct drawing drawing;
    int64_t seed;
    int prompt, count; /* symbols of the prompt, and of all */
    int *ids;
};

/* --seed and -s train.seed=N; no other setting of a run can change. */
static int read_seed(const struct args *args, int64_t *seed, struct failure *why)
{
    struct config scratch;
    *seed = 1;
    for (int i = 0; i < args->assignment_count; i++) {
        const struct assignment *a = &args->assignments[i];
        if (!a->key || strcmp(a->key, "train.seed") != 0)
            return fail(why, ERR_USAGE,
                        "-s %s: a run keeps its settings: leave it out, or name a task instead of "
                        "the run",
                        a->value);
        int rc = config_set(&scratch, a->key, a->value, "--seed", why);
        if (rc < 0)
            return rc;
        *seed = scratch.train.seed;
    }
    return 0;
}

/* Without a prompt: a text begins with a new line, a stream with a window of the held-out one. */
static int begin_alone(struct writing *w, struct failure *why)
{
    const struct task *task = w->loaded.task;
    const struct alphabet *a = &task->alphabet;
    int line = a->kind == ALPHABET_WORDS ? -1 : alphabet_find_code(a, '\n');
    if (line >= 0 && !w->loaded.model->ops->last_only) {
        w->ids[w->prompt++] = line;
        return 0;
    }
    struct task_reader reader;
    struct batch batch;
    if (batch_init(&batch, task->config.task.context, 1) < 0)
        return fail(why, ERR_MEMORY, "sample: out of memory");
    if (task_reader_init(&reader, task, RNG_EVAL) < 0) {
        batch_release(&batch);
        return fail(why, ERR_MEMORY, "sample: out of memory");
    }
    task_read(&reader, &batch);
    for (int t = 0; t < batch.positions; t++)
        w->ids[w->prompt++] = batch.tokens[t];
    task_reader_release(&reader);
    batch_release(&batch);
    return 0;
}

static int begin(struct writing *w, const char *prompt, struct failure *why)
{
    int T = w->loaded.task->config.task.context;
    if (!prompt || !prompt[0])
        return begin_alone(w, why);
    struct failure inner;
    w->prompt = alphabet_parse(&w->loaded.task->alphabet, prompt, w->ids, PROMPT_LIMIT, &inner);
    if (w->prompt < 0)
        return fail(why, inner.code, "--prompt: %s", inner.text);
    if (w->prompt == 0)
        return fail(why, ERR_USAGE, "--prompt: is blank: give symbols, or leave it out");
    if (w->loaded.model->ops->last_only && w->prompt < T)
        return fail(why, ERR_USAGE, "--prompt: %d symbols, but %s needs a full window of %d",
                    w->prompt, w->name, T);
    return 0;
}

/* Each symbol is drawn after the window of at most T symbols before it. */
static void write_on(struct writing *w, int more)
{
    struct model *m = w->loaded.model;
    int T = w->loaded.task->config.task.context, V = m->symbols;
    struct rng rng;
    rng_seed(&rng, (uint64_t)w->seed, RNG_SAMPLE, 0);
    w->count = w->prompt;
    for (int i = 0; i < more; i++) {
        int32_t window[MAX_CONTEXT];
        int n = w->count < T ? w->count : T;
        for (int t = 0; t < n; t++)
            window[t] = w->ids[w->count - n + t];
        model_forward(m, window, n, 1);
        const real *last = m->logits + (size_t)(m->logit_positions - 1) * (size_t)V;
        w->ids[w->count++] = draw_symbol(&w->drawing, last, V, &rng);
    }
}

static json_t *ids_json(const int *ids, int count)
{
    json_t *list = json_array();
    for (int i = 0; i < count; i++)
        json_array_append_new(list, json_integer(ids[i]));
    return list;
}

static json_t *text_json(const struct writing *w, int first, int count)
{
    struct text t = {0};
    alphabet_write(&w->loaded.task->alphabet, w->ids + first, count, &t);
    json_t *value = json_string(text_string(&t));
    text_release(&t);
    return value;
}

static int add_json(const struct writing *w, struct text *out, struct failure *why)
{
    int more = w->count - w->prompt;
    json_t *root = json_pack(
        "{s:s, s:I, s:I, s:f, s:i, s:o, s:o, s:o, s:o}", "contestant", w->name, "step",
        (json_int_t)w->loaded.checkpoint.step, "seed", (json_int_t)w->seed, "temperature",
        w->drawing.temperature, "top_k", w->drawing.top_k, "prompt", text_json(w, 0, w->prompt),
        "prompt_ids", ids_json(w->ids, w->prompt), "text", text_json(w, w->prompt, more), "ids",
        ids_json(w->ids + w->prompt, more));
    char *line = root ? json_dumps(root, JSON_COMPACT | JSON_REAL_PRECISION(9)) : NULL;
    json_decref(root);
    if (!line)
        return fail(why, ERR_MEMORY, "--json: out of memory");
    text_addf(out, "%s\n", line);
    free(line);
    return 0;
}

static int write_out(struct writing *w, const struct args *args, const char *prompt,
                     struct failure *why)
{
    struct text out = {0};
    int more = args->windows ? (int)args->windows : SYMBOLS;
    int rc = begin(w, prompt, why);

    if (rc < 0)
        return rc;
    write_on(w, more);
    if (args->json) {
        rc = add_json(w, &out, why);
    } else {
        alphabet_write(&w->loaded.task->alphabet, w->ids, w->count, &out);
        text_add(&out, "\n");
    }
    if (rc == 0)
        rc = out_text(&out, why);
    text_release(&out);
    return rc;
}

int sample_run(const struct args *args, struct failure *why)
{
    struct stage stage = {0};
    struct writing w = {0};
    const struct kern *kern;
    char *read = NULL;
    size_t size;
    int rc, index = 0;

    if ((rc = stage_read_run(&stage, args->words[0], why)) < 0 ||
        (rc = kern_by_name(args->isa, &kern, why)) < 0 || (rc = read_seed(args, &w.seed, why)) < 0)
        return rc;
    if (strcmp(stage.race.contestants[0].task.kind, "images") == 0)
        return sample_images(args, &stage.race, kern, w.seed, why);
    if (args->denoise || args->output)
        return fail(why, ERR_USAGE, "--%s: is of a run on images, and %s writes symbols: leave it out",
                    args->denoise ? "denoise" : "output", args->words[0]);
    if (args->contestant && (index = report_contestant(&stage.race, args->contestant, why)) < 0)
        return index;
    w.name = stage.race.names[index];
    const struct config *config = &stage.race.contestants[index];
    w.drawing = (struct drawing){args->temperature < 0 ? config->sample.temperature : args->temperature,
                                 args->top_k < 0 ? config->sample.top_k : (int)args->top_k};
    w.ids = calloc((size_t)(args->windows ? args->windows : SYMBOLS) + PROMPT_LIMIT,
                   sizeof *w.ids);
    if (!w.ids)
        rc = fail(why, ERR_MEMORY, "sample: out of memory");
    if (rc == 0 && args->prompt && strcmp(args->prompt, "-") == 0)
        rc = fsio_read("-", PROMPT_LIMIT, &read, &size, why);
    if (rc == 0)
        rc = loaded_open(&w.loaded, args->words[0], w.name, kern, (int)args->threads, 1, why);
    if (rc == 0)
        rc = write_out(&w, args, read ? read : args->prompt, why);
    loaded_release(&w.loaded);
    free(w.ids);
    free(read);
    return rc;
}
