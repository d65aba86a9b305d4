/* How good sampled images are: the distance of their features from real images' features. */
#ifndef HEED_TRAIN_JUDGE_H
#define HEED_TRAIN_JUDGE_H

#include "kern/kern.h"
#include "task/task.h"

enum { JUDGE_FEATURES = 32 };

/* Mean and covariance of features, gathered image by image. */
struct moments {
    int64_t count;
    double sum[JUDGE_FEATURES], products[JUDGE_FEATURES][JUDGE_FEATURES];
};

/* Two layers of tanh and a softmax that tell the task's labels apart; the second layer is the features.
   Trained here, on the task's training images, by Adam (Kingma 2015). */
struct judge {
    int pixels, labels;
    const struct kern *kern;
    uint64_t seed;
    float *block;        /* all below */
    float *images;       /* a batch */
    int steps;           /* of its training so far */
    float *weights, *gradients, *first, *second, *turned;
    float *rows[2][3];   /* what the layers say of a batch, and the gradients of that */
    double accuracy;     /* of the labels of held-out images */
    int64_t judged;      /* how many those were */
};

/* Train it: everything random comes from the task's seed. ERR_USAGE for a task whose images have fewer
   than two labels, ERR_MEMORY. */
int judge_init(struct judge *j, const struct task *task, const struct kern *kern,
               struct failure *why);
/* The same in portions: untrained; then `steps` of its training, and after the last the examination. False
   when nothing is left to learn. */
int judge_open(struct judge *j, const struct task *task, const struct kern *kern,
               struct failure *why);
bool judge_learn(struct judge *j, const struct task *task, int steps);
void judge_release(struct judge *j);
/* Add the features of images (count, pixels), -1 black to 1 white. */
void judge_look(struct judge *j, const float *images, int count, struct moments *m);
/* Of `count` real images, held out or of training, from number `first` on. 0 or ERR_MEMORY. */
int judge_real(struct judge *j, const struct task *task, bool held_out, int64_t first, int64_t count,
               struct moments *m);
/* Of normal noise, cut to the range of pixels. */
int judge_noise(struct judge *j, int64_t count, struct moments *m);

/* Frechet distance of the two normal distributions with these moments (Dowson and Landau 1982; of
   features of images: Heusel 2017): |a - b|^2 + tr(A + B - 2 (A B)^(1/2)). At least 2 images each. */
double frechet_distance(const struct moments *a, const struct moments *b);

#endif
