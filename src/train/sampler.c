#include "train/sampler.h"

#include <assert.h>
#include <math.h>
#include "task/images.h"

int sampler_init(struct sampler *s, int pixels, int images)
{
    *s = (struct sampler){.images = images};
    return batch_init_images(&s->batch, 1, pixels, images);
}

void sampler_release(struct sampler *s)
{
    batch_release(&s->batch);
    *s = (struct sampler){0};
}

void sampler_begin(struct sampler *s, uint64_t seed, int64_t first, int steps)
{
    assert(steps >= 1 && steps <= SAMPLER_STEPS_MOST);
    s->steps = steps;
    s->done = 0;
    for (int i = 0; i < s->images; i++) {
        struct rng rng;
        float *x = s->batch.image + (size_t)i * (size_t)s->batch.pixels;
        rng_seed(&rng, seed, RNG_SAMPLE, (uint64_t)(first + i));
        for (int p = 0; p < s->batch.pixels; p++) {
            x[p] = (float)rng_normal(&rng);
            s->batch.noise[(size_t)i * (size_t)s->batch.pixels + (size_t)p] = 0;
        }
    }
}

int sampler_time(const struct sampler *s, int done)
{
    if (done == s->steps)
        return 0;
    return (int)lround(IMAGE_TIMES * (s->steps - done - 0.5) / s->steps);
}

/* x and x_0 of `count` numbers from the noise `eps` that the model sees. */
static void denoise(int count, float *x, float *clean, const real *eps, int time, int next)
{
    double signal = noise_signal(time), left = noise_signal(next);
    double kept = sqrt(signal), added = sqrt(1 - signal);
    double keep = sqrt(left), add = sqrt(1 - left);
    for (int p = 0; p < count; p++) {
        double below = ((double)x[p] - added * (double)eps[p]) / kept;
        below = below < -1 ? -1 : below > 1 ? 1 : below;
        double noise = ((double)x[p] - kept * below) / added;
        clean[p] = (float)below;
        x[p] = (float)(keep * below + add * noise);
    }
}

void sampler_step(struct sampler *s, struct model *model)
{
    int time = sampler_time(s, s->done), next = sampler_time(s, s->done + 1);
    for (int i = 0; i < s->images; i += model->max_sequences) {
        struct batch some = s->batch;
        size_t at = (size_t)i * (size_t)some.pixels;
        some.sequences =
            s->images - i < model->max_sequences ? s->images - i : model->max_sequences;
        some.image += at;
        some.noise += at;
        some.time += i;
        for (int b = 0; b < some.sequences; b++)
            some.time[b] = time;
        model_forward_batch(model, &some);
        denoise(some.sequences * some.pixels, some.image, some.noise, model->logits, time, next);
    }
    s->done++;
}
