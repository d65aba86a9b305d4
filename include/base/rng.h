/* Random numbers that depend on a seed, a stream and a counter, and on nothing else. */
#ifndef HEED_BASE_RNG_H
#define HEED_BASE_RNG_H

#include <stdint.h>

/* One purpose, one stream: training data never disturbs evaluation or initial weights. */
enum rng_stream {
    RNG_INIT = 1, /* initial weights */
    RNG_TRAIN,    /* training windows; counter = step * batch + sequence */
    RNG_EVAL,     /* the held-out stream */
    RNG_STEP,     /* the stepper's sequences */
    RNG_TEST,     /* tests */
    RNG_SAMPLE,   /* what a model writes; noise that images begin as, counter = number of the image */
    RNG_RESAMPLE,  /* bootstrap of tables */
    RNG_CLASSIFY  /* the classifier that judges samples */
};

struct rng {
    uint64_t s[4];
};

/* xoshiro256** (Blackman and Vigna 2018), seeded by splitmix64 of (seed, stream, counter). */
void rng_seed(struct rng *rng, uint64_t seed, enum rng_stream stream, uint64_t counter);
uint64_t rng_u64(struct rng *rng);
/* Uniform in 0..bound-1 without bias; bound >= 1. */
uint32_t rng_below(struct rng *rng, uint32_t bound);
/* Uniform in [0, 1), 53 bits. */
double rng_uniform(struct rng *rng);
/* Standard normal: the quantile of one uniform number, so that there is no hidden state. */
double rng_normal(struct rng *rng);
/* The x with Phi(x) = p, 0 < p < 1, to about 1e-15. */
double rng_quantile(double p);

#endif
