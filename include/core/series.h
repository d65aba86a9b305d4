/* Measures over a run, kept in constant memory. */
#ifndef HEED_CORE_SERIES_H
#define HEED_CORE_SERIES_H

#include <stdbool.h>
#include <stdint.h>
#include "core/alphabet.h"

enum { SERIES_BUCKETS = 512 };

/* All samples of steps [i * span, (i + 1) * span): no spike is lost. samples = 0: a gap. */
struct bucket {
    float low, high, mean;
    float seconds;    /* training seconds at the last sample */
    uint32_t samples; /* finite ones */
    uint32_t lost;    /* NaN or infinite ones */
};

struct series {
    int64_t span;    /* steps per bucket, a power of two */
    int64_t samples; /* in all, finite or not */
    int64_t last_step;
    double last;     /* newest value */
    int count;       /* buckets in use: 1 + the last used index */
    struct bucket buckets[SERIES_BUCKETS];
};

void series_reset(struct series *s);
/* Steps must not decrease. When the last bucket is passed, neighbours merge and span doubles. */
void series_add(struct series *s, int64_t step, double seconds, double value);
/* Many samples at once, as a run's file keeps them. */
struct spread {
    double mean, low, high;
    int64_t samples, lost; /* finite ones; NaN or infinite ones */
};
void spread_add(struct spread *s, double value);
/* Add them as if they had all been taken at `step`. */
void series_merge(struct series *s, int64_t step, double seconds, const struct spread *many);
/* Forget everything after `step` as far as buckets allow (a resumed run). */
void series_rewind(struct series *s, int64_t step);

/* Right answers among counted ones. */
struct score {
    int64_t right, count;
};
/* right / count, NaN if count = 0. */
double score_value(struct score s);
/* 95 % interval of Wilson (1927); [0, 1] if count = 0. */
void score_wilson(struct score s, double *low, double *high);

enum { MAX_LEVELS = 8 };
enum { MAX_REACH = 20 };

/* How far copying carries: accuracy at distances between the tokens of a pair, each in windows where
   every pair is that far apart. */
struct reach {
    int count;     /* 0: the task has no pairs, or it was not measured */
    int low, high; /* the distances of training */
    int windows;   /* at each, where it is known beforehand */
    int at[MAX_REACH];
    struct score acc[MAX_REACH]; /* numbers, at every position */
};
/* All distances inside the range of training, or outside it (P_in, P_out). Every one: their sum. */
struct score reach_inside(const struct reach *r);
struct score reach_outside(const struct reach *r);

/* Whether long rows of the same number still tell a changed one (Lv 2024): the representation
   difference of a row of n and the same with one symbol changed. */
struct collapse {
    int count; /* 0: the task asks about no row, or it was not measured */
    int at[MAX_REACH];
    double difference[MAX_REACH];
};

/* One evaluation on the held-out stream: accuracy at the last position of full windows (of a text at
   every one), loss at every position. Both leave out what is not scored. Of images,
   the noise found in those held out. */
struct evaluation {
    bool valid;
    int64_t step;
    int64_t windows;
    double loss;         /* mean cross-entropy in nats, NaN if nothing is scored; of images the mean
                            squared error of their noise */
    int64_t loss_count;  /* symbols or images that it is the mean of */
    struct score acc;    /* numbers only */
    struct score all;    /* every scored symbol */
    double all_ceiling;  /* best possible for `all` */
    struct score subtask[MAX_SUBTASKS];
    struct score since[MAX_SINCE]; /* switch cost: by numbers since the control token */
    double loss_error;             /* of images: standard error of `loss` */
    double level_loss[MAX_LEVELS]; /* of images, by the level of noise, least first */
    int64_t level_count[MAX_LEVELS];
    struct reach reach;
    struct collapse collapse;
};
/* Whether images were looked at: then there is a loss, and nothing that could be right or wrong. */
bool evaluation_of_images(const struct evaluation *e);

/* A loss in bits: of a text, bits a character (or byte). */
double loss_bits(double nats);

#endif
