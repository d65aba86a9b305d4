/* Images out of noise. */
#ifndef HEED_TRAIN_SAMPLER_H
#define HEED_TRAIN_SAMPLER_H

#include "model/model.h"

enum { SAMPLER_STEPS = 50, SAMPLER_STEPS_MOST = 1000 };

/* Denoising Diffusion Implicit Models (Song 2021, arXiv 2010.02502, eq. 12) with eta = 0: nothing but
   the first noise is random. With eps the noise seen in x at time t, the image below is taken to be
   x_0 = (x - sqrt(1 - abar_t) eps) / sqrt(abar_t), kept within -1..1; x at the next time s < t is
   sqrt(abar_s) x_0 + sqrt(1 - abar_s) eps', with the eps' that x_0 leaves of x. Of n steps each begins
   in the middle of its nth of the times, the first where there is a little signal to magnify. */
struct sampler {
    int images, steps, done; /* steps done, of how many */
    struct batch batch;      /* image: x; noise: x_0 */
};

/* For `images` of a model's size. 0 or ERR_MEMORY. */
int sampler_init(struct sampler *s, int pixels, int images);
void sampler_release(struct sampler *s);
/* x from normal noise: image i's depends on (seed, first + i) alone. 1 to SAMPLER_STEPS_MOST steps. */
void sampler_begin(struct sampler *s, uint64_t seed, int64_t first, int steps);
/* The time of the noise in x after `done` of the steps; 0 after all. */
int sampler_time(const struct sampler *s, int done);
/* One step, by as many images at a time as the model takes. */
void sampler_step(struct sampler *s, struct model *model);

#endif
