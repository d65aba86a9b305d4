/* How fast a training step is, beside what the machine can do. */
#ifndef HEED_TRAIN_BENCH_H
#define HEED_TRAIN_BENCH_H

#include <stdint.h>
#include "base/fail.h"
#include "core/config.h"
#include "kern/kern.h"
#include "model/model.h"

enum { BENCH_SETTINGS = 16 };

/* A model and its sizes, as assignments of -s, ending with NULL. */
struct bench_case {
    const char *name;
    const char *settings[BENCH_SETTINGS];
};

/* The table of cases. */
const struct bench_case *bench_cases(int *count);

/* The machine's own limits with a number of threads. */
struct bench_ceilings {
    double peak_gflops; /* fused multiply-adds of an instruction set, two operations each */
    double
        copy_gbs; /* 1e9 bytes a second, read and written ones, in blocks far beyond the caches */
};

struct bench_result {
    int64_t parameters;
    int steps;              /* measured ones */
    double ms_per_step;     /* their median */
    double tokens_per_step; /* T * B */
    double gflop_per_step;  /* bench_gflop */
    double resident_mb;     /* 1e6 bytes of the whole process after the steps; NaN: not to be had */
};

/* The products of one training step in 1e9 operations, a multiplication and an addition counted as
   two: 6 for each parameter of a matrix and each token that it meets (forward, gradient of the
   input, gradient of the weight), and those of attention in the form that it runs in
   (attention_products). By maps, as every variant but linear attention over long windows, a layer
   costs 12 C for each pair of a query with a key that it sees, so B T (T + 1) 6 C of causal ones.
   Embeddings are looked up, not multiplied; norms, activations and the optimiser are not counted. */
double bench_gflop(const struct model *model, int positions, int sequences);

/* Take both limits in about `seconds` and raise what stands in *best. ERR_MEMORY. */
int bench_ceilings(struct bench_ceilings *best, const struct kern *kern, int threads,
                   double seconds, struct failure *why);

/* Train the only contestant of a resolved race: after a warm-up, steps for `seconds`, at least
   BENCH_STEPS and at most BENCH_MOST. Each is a whole one: windows drawn, gradients zeroed,
   forward, loss, backward, clipping and the optimiser. Writes no file. */
enum { BENCH_STEPS = 30, BENCH_MOST = 1 << 17 };
int bench_train(struct bench_result *out, const struct race_config *race, const struct kern *kern,
                double seconds, struct failure *why);

#endif
