/* Evaluation of a run on images: loss by the level of noise, and the quality of samples. */
#include "cli/report.h"
#include "cli/json.h"

#include <jansson.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "task/images.h"
#include "train/quality.h"
#include "train/race.h"

struct drawn {
    const char *name;
    int64_t parameters, step;
    struct evaluation eval;
    double distance; /* of its samples; NaN without */
};

/* A whole evaluation. */
struct show {
    const struct args *args;
    const char *folder;
    const struct kern *kern;
    int samples, count;
    struct drawn drawn[MAX_CONTESTANTS];
    bool judged;          /* there is a measure of quality */
    char unjudged[256];   /* or why there is none */
    struct quality quality;
};

/* The measure: distances of samples, of held-out real images and of noise. */
static int open_judge(struct show *s, const struct task *task, struct failure *why)
{
    struct failure cause;
    int rc = quality_init(&s->quality, task, s->kern, s->samples, &cause);
    if (rc == ERR_USAGE) {
        text_copy(s->unjudged, sizeof s->unjudged, cause.text);
        return 0;
    }
    while (rc == 0 && (rc = quality_prepare(&s->quality)) == 1)
        rc = 0;
    if (rc < 0)
        return fail(why, rc, "eval: out of memory");
    s->samples = s->quality.samples;
    s->judged = true;
    return 0;
}

static void judge_samples(struct show *s, struct loaded *l, struct drawn *d)
{
    quality_begin(&s->quality, (uint64_t)l->checkpoint.config.train.seed);
    while (quality_draw(&s->quality, l->model))
        ;
    d->distance = quality_distance(&s->quality);
}

static int measure(struct show *s, struct drawn *d, struct failure *why)
{
    struct loaded l;
    struct batch batch = {0};
    int rc = loaded_open(&l, s->folder, d->name, s->kern, (int)s->args->threads, QUALITY_AT_ONCE, why);
    if (rc < 0)
        return rc;
    const struct config *c = &l.checkpoint.config;
    d->parameters = model_parameters(l.model);
    d->step = l.checkpoint.step;
    d->distance = NAN;
    if (task_batch(l.task, &batch, c->task.context, QUALITY_AT_ONCE) < 0)
        rc = fail(why, ERR_MEMORY, "%s: out of memory", d->name);
    else
        rc = evaluate_model(l.model, l.task,
                            s->args->windows ? s->args->windows : c->train.eval_windows, &batch, NULL,
                            &d->eval, why);
    bool finite = rc != ERR_NUMBER;
    if (rc == ERR_NUMBER) /* the others' numbers stand beside it */
        rc = 0;
    if (rc == 0 && s->samples > 0 && !s->judged && !s->unjudged[0])
        rc = open_judge(s, l.task, why);
    if (rc == 0 && s->judged && finite)
        judge_samples(s, &l, d);
    batch_release(&batch);
    loaded_release(&l);
    return rc;
}

static json_t *drawn_json(const struct show *s, const struct drawn *d)
{
    json_t *levels = json_array(), *counts = json_array();
    for (int i = 0; i < MAX_LEVELS; i++) {
        json_array_append_new(levels, number(d->eval.level_loss[i]));
        json_array_append_new(counts, json_integer(d->eval.level_count[i]));
    }
    return json_pack("{s:s, s:I, s:I, s:I, s:o, s:o, s:o, s:o, s:o, s:i}", "name", d->name,
                     "parameters", (json_int_t)d->parameters, "step", (json_int_t)d->step,
                     "windows", (json_int_t)d->eval.windows, "loss", number(d->eval.loss),
                     "loss_error", number(d->eval.loss_error), "levels", levels, "levels_n", counts,
                     "frechet", number(d->distance), "frechet_n", s->judged ? s->samples : 0);
}

static int add_json(const struct show *s, struct text *out, struct failure *why)
{
    char shown[512];
    json_t *list = json_array(), *root;
    text_escape(shown, sizeof shown, s->folder);
    for (int i = 0; i < s->count; i++)
        json_array_append_new(list, drawn_json(s, &s->drawn[i]));
    root = json_pack("{s:s, s:o, s:o, s:o, s:i}", "run", shown, "contestants", list,
                     "frechet_held_out", number(s->judged ? s->quality.floor : NAN),
                     "frechet_noise", number(s->judged ? s->quality.ceiling : NAN),
                     "frechet_reference_n", s->judged ? QUALITY_REFERENCE : 0);
    char *line = root ? json_dumps(root, JSON_COMPACT) : NULL;
    json_decref(root);
    if (!line)
        return fail(why, ERR_MEMORY, "%s: out of memory for the JSON text", s->folder);
    text_addf(out, "%s\n", line);
    free(line);
    return 0;
}

static void add_table(const struct show *s, struct text *out)
{
    text_addf(out, "%-20s %10s %8s  %-17s", "contestant", "parameters", "step", "loss [95 %]");
    for (int i = 0; i < MAX_LEVELS; i++)
        text_addf(out, "  noise%d", i + 1);
    text_addf(out, "%s\n", s->judged ? "   Frechet" : "");
    for (int i = 0; i < s->count; i++) {
        const struct drawn *d = &s->drawn[i];
        text_addf(out, "%-20s %10lld %8lld  %7.4f +- %.4f", d->name, (long long)d->parameters,
                  (long long)d->step, d->eval.loss, 1.96 * d->eval.loss_error);
        for (int k = 0; k < MAX_LEVELS; k++)
            text_addf(out, " %7.4f", d->eval.level_loss[k]);
        if (s->judged)
            text_addf(out, " %9.3f", d->distance);
        text_add(out, "\n");
    }
    text_addf(out, "loss: mean squared error of the noise in %lld held-out images; noise1 the least "
                   "noise, each of %lld or more\n",
              (long long)s->drawn[0].eval.windows, (long long)s->drawn[0].eval.level_count[7]);
    if (s->judged)
        text_addf(out,
                  "Frechet: distance of %d samples (DDIM, %d steps) from %d training images; held-out "
                  "images %.3f, noise %.3f\nin %d features of a classifier that names %.1f %% of %lld "
                  "held-out images rightly\n",
                  s->samples, SAMPLER_STEPS, QUALITY_REFERENCE, s->quality.floor,
                  s->quality.ceiling, JUDGE_FEATURES, 100 * s->quality.judge.accuracy,
                  (long long)s->quality.judge.judged);
    else if (s->unjudged[0])
        text_addf(out, "Frechet: not measured: %s\n", s->unjudged);
}

int report_images(const struct args *args, const char *folder, const struct race_config *race,
                  int first, int count, int samples, struct text *out, struct failure *why)
{
    const struct kern *kern;
    int rc = kern_by_name(args->isa, &kern, why);
    struct show *s = rc < 0 ? NULL : calloc(1, sizeof *s);
    if (!s)
        return rc < 0 ? rc : fail(why, ERR_MEMORY, "%s: out of memory", folder);
    *s = (struct show){
        .args = args, .folder = folder, .kern = kern, .samples = samples, .count = count};
    for (int i = 0; i < count && rc == 0; i++) {
        s->drawn[i].name = race->names[first + i];
        rc = measure(s, &s->drawn[i], why);
    }
    if (rc == 0 && args->json)
        rc = add_json(s, out, why);
    else if (rc == 0)
        add_table(s, out);
    if (s->judged)
        quality_release(&s->quality);
    free(s);
    return rc;
}
