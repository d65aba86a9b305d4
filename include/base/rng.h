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
/* The three that a stream draws from for every segment stand here, so that no call is needed. */
static inline uint64_t rng_u64(struct rng *rng)
{
    uint64_t *s = rng->s, times_5 = s[1] * 5;
    uint64_t result = (times_5 << 7 | times_5 >> 57) * 9, t = s[1] << 17;
    s[2] ^= s[0];
    s[3] ^= s[1];
    s[1] ^= s[2];
    s[0] ^= s[3];
    s[2] ^= t;
    s[3] = s[3] << 45 | s[3] >> 19;
    return result;
}

/* Uniform in 0..bound-1 without bias; bound >= 1. */
static inline uint32_t rng_below(struct rng *rng, uint32_t bound)
{
    /* Lemire 2019: multiply, and reject the few products that would be biased. */
    uint64_t m = (rng_u64(rng) >> 32) * bound;
    if ((uint32_t)m < bound) {
        uint32_t threshold = -bound % bound;
        while ((uint32_t)m < threshold)
            m = (rng_u64(rng) >> 32) * bound;
    }
    return (uint32_t)(m >> 32);
}

/* Uniform in [0, 1), 53 bits. */
static inline double rng_uniform(struct rng *rng)
{
    return (double)(rng_u64(rng) >> 11) * 0x1p-53;
}

/* Standard normal: the quantile of one uniform number, so that there is no hidden state. */
double rng_normal(struct rng *rng);
/* The x with Phi(x) = p, 0 < p < 1, to about 1e-15. */
double rng_quantile(double p);

#endif
