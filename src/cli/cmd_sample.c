/* heed sample TASK|RUN */
#include "cli/args.h"
#include "cli/cli.h"
#include "cli/sample_run.h"
#include "cli/target.h"

#include <jansson.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/fsio.h"
#include "core/config.h"
#include "task/task.h"
#include "train/sampler.h"

enum { SYMBOLS = 200, A_LINE = 20 };

static const struct option_spec options[] = {
    {"symbols", 'n', OPTION_INT, OPTION_AT(windows), "N", NULL, 1, 1e6, "how many symbols (200), or images (64)"},
    OPTION_SET_SPEC,
    OPTION_SEED_SPEC,
    {"prompt", 0, OPTION_TEXT, OPTION_AT(prompt), "TEXT", NULL, 0, 0,
     "RUN: what the model goes on from; - reads it from standard input"},
    {"temperature", 0, OPTION_REAL, OPTION_AT(temperature), "X", NULL, 0, 100,
     "RUN: draw from softmax(logits / X); 0: the most probable (sample.temperature)"},
    {"top-k", 0, OPTION_INT, OPTION_AT(top_k), "K", NULL, 0, MAX_SYMBOLS,
     "RUN: draw from the K most probable symbols only; 0: all (sample.top_k)"},
    OPTION_CONTESTANT_SPEC("RUN: who writes (the first of the run), or draws (all)"),
    {"denoise", 0, OPTION_INT, OPTION_AT(denoise), "STEPS", NULL, 1, SAMPLER_STEPS_MOST,
     "RUN on images: steps from noise to image (50)"},
    OPTION_OUTPUT_SPEC("FILE", "RUN on images: a picture, named .png, .svg or .txt"),
    OPTION_JSON_SPEC("one JSON object: symbols, and what is known about each"),
    OPTION_TEAM_SPEC,
    OPTION_ISA_SPEC,
    OPTION_HELP_SPEC,
    OPTION_END_SPEC,
};

/* A stream with its marks. */
struct sample {
    struct task *task;
    struct task_reader reader;
    int count;
    int *symbols;
    struct task_mark *marks;
};

static int read_settings(const struct args *args, struct config *config, struct failure *why)
{
    struct plan plan = {0};
    struct race_config *race = calloc(1, sizeof *race);
    int rc = race ? 0 : fail(why, ERR_MEMORY, "sample: out of memory");

    if (rc == 0)
        rc = plan_add(&plan, "task.kind", args->words[0], "TASK", why);
    for (int i = 0; i < args->assignment_count && rc == 0; i++) {
        const struct assignment *a = &args->assignments[i];
        rc = a->key ? plan_add(&plan, a->key, a->value, a->flag, why)
                    : plan_add_flag(&plan, a->value, why);
    }
    if (rc == 0)
        rc = plan_build(&plan, race, why);
    if (rc == 0)
        *config = race->contestants[0];
    plan_release(&plan);
    free(race);
    return rc;
}

/* As much of the held-out stream as is asked for; of a task with sequences of their own, one. */
static int draw(struct sample *s, struct failure *why)
{
    s->symbols = calloc((size_t)s->count, sizeof *s->symbols);
    s->marks = calloc((size_t)s->count, sizeof *s->marks);
    if (!s->symbols || !s->marks || task_reader_init(&s->reader, s->task, RNG_EVAL) < 0)
        return fail(why, ERR_MEMORY, "sample: out of memory");
    struct rng *rng = &s->reader.rng;
    rng_seed(rng, (uint64_t)s->task->config.train.seed, RNG_EVAL, 0);
    task_begin_test(s->task, s->reader.stream, rng, false);
    for (int i = 0; i < s->count; i++) {
        s->symbols[i] = s->task->ops->next(s->task, s->reader.stream, rng, &s->marks[i]);
        if (i < s->task->mask)
            s->marks[i].scored = s->marks[i].number = 0;
    }
    return 0;
}

/* Numbers that the rule answers stand with a mark: = right, a bare number is one that no rule
 * gives. */
static void write_lines(const struct sample *s, struct text *out)
{
    const struct alphabet *a = &s->task->alphabet;
    int column = 0;

    if (a->kind != ALPHABET_WORDS) {
        alphabet_write(a, s->symbols, s->count, out);
        text_add(out, "\n");
        return;
    }
    for (int i = 0; i < s->count; i++) {
        bool control = a->control[s->symbols[i]] >= 0;
        if (i > 0 && (control ? column > 0 : column == A_LINE)) {
            text_add(out, "\n");
            column = 0;
        }
        if (!control && column == 0 && i > 0)
            text_add(out, "   ");
        text_addf(out, "%s%s%s", column && i ? " " : "", s->marks[i].number ? "=" : "",
                  a->name[s->symbols[i]]);
        column++;
    }
    text_addf(out,
              "\n\n%d symbols of %s, seed %lld; =number: the rule's answer, which counts; chance "
              "%.4f, best possible over every scored symbol %.4f\n",
              s->count, s->task->ops->name, (long long)s->task->config.train.seed, s->task->chance,
              s->task->all_ceiling);
}

static json_t *mark_json(const struct sample *s, int i)
{
    const struct alphabet *a = &s->task->alphabet;
    const struct task_mark *m = &s->marks[i];
    bool ruled = m->subtask < a->subtasks;
    json_t *o = json_object();

    json_object_set_new(o, "symbol", json_string(a->name[s->symbols[i]]));
    json_object_set_new(o, "id", json_integer(s->symbols[i]));
    json_object_set_new(o, "control", json_boolean(a->control[s->symbols[i]] >= 0));
    json_object_set_new(o, "answer",
                        m->answer >= 0 ? json_string(a->name[m->answer]) : json_null());
    json_object_set_new(o, "counts", json_boolean(m->number));
    json_object_set_new(o, "scored", json_boolean(m->scored));
    json_object_set_new(o, "rule",
                        ruled ? json_string(a->name[a->control_id[m->subtask]]) : json_null());
    json_object_set_new(o, "since", json_integer(m->since));
    json_object_set_new(o, "distance", m->distance ? json_integer(m->distance) : json_null());
    return o;
}

static int write_json(const struct sample *s, struct text *out, struct failure *why)
{
    json_t *root = json_object(), *stream = json_array();
    char *line;

    for (int i = 0; i < s->count; i++)
        json_array_append_new(stream, mark_json(s, i));
    json_object_set_new(root, "task", json_string(s->task->ops->name));
    json_object_set_new(root, "seed", json_integer(s->task->config.train.seed));
    json_object_set_new(root, "reconstructed", json_boolean(s->task->ops->reconstructed));
    json_object_set_new(root, "chance", json_real(s->task->chance));
    json_object_set_new(root, "all_ceiling", isfinite(s->task->all_ceiling) ? json_real(s->task->all_ceiling) : json_null());
    json_object_set_new(root, "stream", stream);
    line = json_dumps(root, JSON_COMPACT | JSON_REAL_PRECISION(9));
    json_decref(root);
    if (!line)
        return fail(why, ERR_MEMORY, "--json: out of memory");
    text_addf(out, "%s\n", line);
    free(line);
    return 0;
}

static int refuse_run_options(const struct args *args, struct failure *why)
{
    const char *given = args->prompt             ? "prompt"
                        : args->contestant       ? "contestant"
                        : args->temperature >= 0 ? "temperature"
                        : args->top_k >= 0       ? "top-k"
                        : args->denoise          ? "denoise"
                                                 : NULL;
    if (!given)
        return 0;
    if (target_is_run(args->words[0]))
        return fail(why, ERR_USAGE, "--%s: is of a run, and %s is a task's name: write ./%s for the run",
                    given, args->words[0], args->words[0]);
    return fail(why, ERR_USAGE, "--%s: is of a run, and %s is no run's folder: name one", given,
                args->words[0]);
}

static bool is_task(const char *word)
{
    for (const struct task_ops *const *t = task_registry(); *t; t++)
        if (strcmp((*t)->name, word) == 0)
            return true;
    return false;
}

static int run(const struct args *args, struct failure *why)
{
    struct config config;
    struct sample s = {.count = args->windows ? (int)args->windows : SYMBOLS};
    struct text out = {0};
    int rc;

    if (!is_task(args->words[0]) && fsio_is_folder(args->words[0]))
        return sample_run(args, why);
    if ((rc = refuse_run_options(args, why)) < 0)
        return rc;
    rc = read_settings(args, &config, why);
    if (rc == 0)
        rc = task_new(&s.task, &config, why);
    if (rc == 0 && target_is_run(args->words[0])) /* a file of that name is nothing to sample from */
        target_tell_namesake(args->words[0], "task");
    if (rc == 0 && s.task->pixels) {
        rc = sample_real(args, s.task, why);
        task_free(s.task);
        return rc;
    }
    if (rc == 0 && args->output)
        rc = fail(why, ERR_USAGE, "-o %s: is a picture of images, %s has symbols: leave it out",
                  args->output, args->words[0]);
    if (rc == 0)
        rc = draw(&s, why);
    if (rc == 0 && args->json)
        rc = write_json(&s, &out, why);
    else if (rc == 0)
        write_lines(&s, &out);
    if (rc == 0)
        rc = out_text(&out, why);
    task_reader_release(&s.reader);
    task_free(s.task);
    free(s.symbols);
    free(s.marks);
    text_release(&out);
    return rc;
}

const struct subcommand command_sample = {
    .name = "sample",
    .words = "TASK|RUN",
    .summary = "a task's stream with its answers, or what a run writes",
    .description =
        "With a run's folder: let one contestant go on from --prompt, a text or symbols divided by "
        "spaces, and print both. Each symbol is drawn from what the model expects after the "
        "task.context symbols before it; the same --seed gives the same text. Control characters "
        "other than newline and tab, format characters that are not seen, and bytes that are no UTF-8, are printed "
        "as \\xNN.\n\n"
        "With the folder of a run on images: draw images out of noise, by DDIM in --denoise steps. "
        "The same --seed gives every contestant the same noise. Without -o they are printed, two "
        "characters a pixel.\n\n"
        "With the name of a task: print the beginning of a task's held-out stream, one line for each control token. =number "
        "is what the rule asks for there, and counts in the accuracy; a bare number is random. "
        "JSON holds for each symbol what the rule answers (null: nothing determines it), whether "
        "it "
        "counts, the control token in force, how many numbers ago that came, and the distance of "
        "a pair of tokens. A rule file of your own: heed sample rules -s task.rules=my.rules. A task's name is the task, whatever "
        "else is called so: ./iarc is the run's folder.",
    .least = 1,
    .most = 1,
    .options = options,
    .run = run,
};
