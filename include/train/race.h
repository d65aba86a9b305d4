/* Several contestants trained in turn on the same batches. */
#ifndef HEED_TRAIN_RACE_H
#define HEED_TRAIN_RACE_H

#include "core/snapshot.h"
#include "model/model.h"
#include "model/optim.h"
#include "store/run.h"
#include "task/task.h"
#include "train/reach.h"

struct contestant {
    char name[NAME_TEXT];
    struct model *model;
    struct optim optim;
    int64_t step;     /* updates done */
    double seconds;   /* own training time */
    double loss, grad_norm, learning_rate; /* newest step */
    struct collapse_room *rows; /* NULL: nothing to measure there */
    bool failed;
    char failure[LOG_TEXT];
};

/* What is asked between two batches of an evaluation, which may be a long one: whether it goes on. */
struct interlude {
    bool (*go_on)(void *arg); /* NULL: it does */
    void *arg;
};
enum { EVALUATION_ENDED = 1 };

struct race {
    struct race_config config; /* resolved */
    struct task *task;
    struct team *team;
    const struct kern *kern;
    struct work_share work; /* of the models: they take turns */
    struct batch batch, eval_batch;
    int64_t batch_step; /* step whose windows stand in batch, -1: none */
    struct interlude interlude; /* in race_evaluate */
    int count;
    struct contestant contestants[MAX_CONTESTANTS];
};
/* The least step of the contestants that have not failed; the greatest of all if every one has. */
int64_t race_step(const struct race *race);

/* Resolve every auto (model_resolve, threads) and check the race as a whole: shared settings equal,
   names distinct. ERR_USAGE naming the key. */
int race_resolve(struct race_config *race, struct failure *why);
/* Build task, threads and models with their initial weights; without `training` neither gradients nor
   optimisers. */
int race_new(struct race **out, const struct race_config *resolved, const struct kern *kern,
             bool training, struct failure *why);
void race_free(struct race *race);
/* One update of contestant i on the batch of its step. A NaN or infinity in loss or gradient marks it
   failed, with the step, and changes nothing: returns ERR_NUMBER. */
int race_train_one(struct race *race, int i, struct failure *why);
/* Mark it failed: "<name> stopped at step <n>: <what> is not finite". Returns ERR_NUMBER. */
int contestant_stop(struct contestant *c, const char *what, struct failure *why);
/* The held-out stream of the race's seed, from its beginning, `windows` windows. Touches no training
   state. Deterministic. EVALUATION_ENDED if race->interlude said so: *out says nothing. */
int race_evaluate(struct race *race, int i, int64_t windows, struct evaluation *out,
                  struct failure *why);
/* As race_evaluate, for a model that stands alone. batch: T positions and at least one sequence. */
int evaluate_model(struct model *model, const struct task *task, int64_t windows,
                   const struct batch *batch, const struct interlude *interlude,
                   struct evaluation *out, struct failure *why);
/* The same for a task of images, which evaluate_model hands over: `images` of those held out. */
int evaluate_images(struct model *model, const struct task *task, int64_t images,
                    const struct batch *batch, const struct interlude *interlude,
                    struct evaluation *out, struct failure *why);
/* Whether an evaluation goes on; true without an interlude. */
bool interlude_go_on(const struct interlude *interlude);
/* When to evaluate next after `step`: denser at the start, then every train.eval_every. */
int64_t race_next_evaluation(const struct config *config, int64_t step);

/* One contestant of a run, loaded from its checkpoint for eval, predict, step. */
struct loaded {
    struct checkpoint checkpoint;
    struct task *task;
    struct team *team;
    struct model *model;
};
int loaded_open(struct loaded *l, const char *folder, const char *contestant, const struct kern *k,
                int threads, int max_sequences, struct failure *why);
void loaded_release(struct loaded *l);

#endif
