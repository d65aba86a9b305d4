/* How well a model finds the noise in images that are held out. */
#include <math.h>
#include "task/images.h"
#include "train/race.h"

/* Of one image: its mean squared error. */
struct sums {
    double all, squares, level[MAX_LEVELS];
};

static void count_images(const struct model *model, const struct batch *batch, struct sums *s,
                         struct evaluation *out)
{
    for (int b = 0; b < batch->sequences; b++) {
        double loss = 0;
        size_t at = (size_t)b * (size_t)batch->pixels;
        for (int i = 0; i < batch->pixels; i++) {
            double error = (double)model->logits[at + i] - (double)batch->noise[at + i];
            loss += error * error / batch->pixels;
        }
        int level = noise_level(batch->time[b]);
        s->all += loss;
        s->squares += loss * loss;
        s->level[level] += loss;
        out->level_count[level]++;
    }
}

int evaluate_images(struct model *model, const struct task *task, int64_t images,
                    const struct batch *batch, const struct interlude *interlude,
                    struct evaluation *out, struct failure *why)
{
    struct task_reader reader;
    struct sums s = {0};
    *out = (struct evaluation){
        .windows = images, .loss_count = images, .all_ceiling = NAN};
    if (task_reader_init(&reader, task, RNG_EVAL) < 0)
        return fail(why, ERR_MEMORY, "no memory for the held-out images");
    bool goes_on = true;
    for (int64_t done = 0; done < images && goes_on;) {
        struct batch part = *batch;
        if (images - done < part.sequences)
            part.sequences = (int)(images - done);
        task_read(&reader, &part);
        model_forward_batch(model, &part);
        count_images(model, &part, &s, out);
        done += part.sequences;
        goes_on = interlude_go_on(interlude);
    }
    task_reader_release(&reader);
    if (!goes_on)
        return EVALUATION_ENDED;
    double n = (double)images, mean = s.all / n, spread = s.squares / n - mean * mean;
    out->loss = mean;
    out->loss_error = spread > 0 ? sqrt(spread / n) : 0;
    for (int level = 0; level < MAX_LEVELS; level++)
        if (out->level_count[level])
            out->level_loss[level] = s.level[level] / (double)out->level_count[level];
    out->valid = true;
    if (!isfinite(out->loss))
        return fail(why, ERR_NUMBER, "the loss on the held-out images is not finite");
    return 0;
}
