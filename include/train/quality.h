/* How good images out of noise are: their Frechet distance from images of training, beside that of real
   images that are held out and of noise. Measured in small portions. */
#ifndef HEED_TRAIN_QUALITY_H
#define HEED_TRAIN_QUALITY_H

#include "train/judge.h"
#include "train/sampler.h"

enum { QUALITY_SAMPLES = 512, QUALITY_REFERENCE = 4096, QUALITY_AT_ONCE = 32 };

struct quality {
    const struct task *task; /* there until it is ready */
    struct judge judge;
    int samples;             /* as many as were wanted, or as are held out */
    int64_t looked;          /* reference images so far */
    struct moments reference, drawn;
    bool ready;              /* floor and ceiling are there */
    double floor, ceiling;   /* distances of held-out images and of noise */
    struct sampler sampler;
    uint64_t seed;
    int done;                /* samples */
};

/* ERR_USAGE: the task has no labels to train a classifier on; ERR_MEMORY. */
int quality_init(struct quality *q, const struct task *task, const struct kern *kern, int samples,
                 struct failure *why);
void quality_release(struct quality *q);
/* A portion of what comes first: the classifier, the real images, the noise. 1: more is to come, 0: ready,
   or ERR_MEMORY. */
int quality_prepare(struct quality *q);
/* When ready: begin with a model's samples, from the first noise of this seed. */
void quality_begin(struct quality *q, uint64_t seed);
/* One step of SAMPLER_STEPS for some samples more; false when all are there. The model takes any number
   of images at a time. */
bool quality_draw(struct quality *q, struct model *model);
/* Of all samples. */
double quality_distance(const struct quality *q);

#endif
