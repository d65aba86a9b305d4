/* Tasks: streams of symbols with a rule. */
#ifndef HEED_TASK_TASK_H
#define HEED_TASK_TASK_H

#include <stdbool.h>
#include <stdint.h>
#include "base/fail.h"
#include "base/fsio.h"
#include "base/rng.h"
#include "core/alphabet.h"
#include "core/batch.h"
#include "core/config.h"

struct task;
struct task_mark;
struct task_file;

struct task_ops {
    const char *name, *help;
    bool reconstructed; /* some definition is ours, not the paper's */
    /* Autos of config.task that a file decides; NULL: there are none. */
    int (*resolve)(struct config *config, struct failure *why);
    int (*init)(struct task *task, const struct config *config, struct failure *why);
    /* Of a task that is made from a file: read it again, and its name in a run's folder. */
    int (*read_file)(struct task *task, struct task_file *file, struct failure *why);
    const char *copy;
    /* The same of the labels that belong to it. */
    int (*read_labels)(struct task *task, struct task_file *file, struct failure *why);
    const char *labels_copy;
    void (*release)(struct task *task);
    /* Begin a stream somewhere in its stationary middle. */
    void (*begin)(const struct task *task, void *stream, struct rng *rng);
    /* The same in what is held out: at its beginning, with a generator anywhere. NULL: as begin. */
    void (*begin_test)(const struct task *task, void *stream, struct rng *rng);
    /* The same as begin with another range of distances between the tokens of a pair. */
    void (*begin_distance)(const struct task *task, void *stream, struct rng *rng, int low,
                           int high);
    /* The next symbol, and what is known about it. */
    int (*next)(const struct task *task, void *stream, struct rng *rng, struct task_mark *mark);
    /* Many of them: the window of column b that begins with `first`, all but the scores of the masked
       symbols; returns the symbol that follows. NULL: by `next`. */
    int (*window)(const struct task *task, void *stream, struct rng *rng, int first,
                  struct batch *batch, int b);
    /* The rule's answer to a history of n symbols; see task_answer. */
    void (*answer)(const struct task *task, const int16_t *symbols, int n, struct task_mark *mark);
    /* What the stream might do after this history, control tokens included. */
    int (*go_on)(const struct task *task, const int16_t *symbols, int n, struct rng *rng);
    /* Of a task of images, in place of the five above: image `index` of RNG_TRAIN's or of RNG_EVAL's,
       without noise; returns its label. Seeds the generator and leaves it for the noise. */
    int (*image)(const struct task *task, enum rng_stream stream, uint64_t index, struct rng *rng,
                 float *pixels);
};

/* What is known about one symbol of a stream, or about the one to come. */
struct task_mark {
    int answer;        /* the rule's number; -1 if the history does not determine it */
    uint8_t number;    /* 1: a number ruled by a control token: counts in acc */
    uint8_t scored;    /* 1: counts in the loss */
    uint8_t subtask;   /* control in force (its own letter, C for context), 255 none */
    uint8_t since;     /* numbers of the segment before this one, at most 255 */
    int copied_from;   /* index in the history that the rule reads last; -1 if unknown */
    int distance;      /* numbers between the two tokens of the pair in force; 0: there is no pair */
};

struct task {
    const struct task_ops *ops;
    struct config config;
    const char *folder; /* of the run it belongs to, while it is made; NULL: none */
    struct alphabet alphabet;
    double chance;      /* accuracy of guessing a number: 1/N */
    double all_ceiling; /* best possible accuracy over every scored symbol; NaN: unknown */
    bool fresh;         /* every window is a sequence of its own, not a part of one stream */
    bool every_position; /* accuracy counts at every position of a window, not at its last alone */
    int64_t test_windows; /* that are held out; 0: any number */
    int mask;           /* the first symbols of a window, never scored */
    int distance_low, distance_high; /* of training; 0: the task has no pairs */
    int pixels, labels; /* of a task of images, else 0 */
    bool asks_of_row; /* `row` says how rows are asked about */
    struct {
        int open, same, other, close; /* symbols: open same same ... close; one same becomes other */
    } row;
    size_t stream_size; /* bytes of a stream's state */
    void *state;
};

const struct task_ops *const *task_registry(void);
int task_new(struct task **out, const struct config *config, struct failure *why);
/* A task from the text of a rule file, heed-rules(5); `name` stands in messages. ERR_INPUT names line,
   column and what was expected. */
int task_from_rules(struct task **out, const char *text, const char *name,
                    const struct config *config, struct failure *why);
void task_free(struct task *task);
/* Replace the autos of config->task that the task's file decides. */
int task_resolve(struct config *config, struct failure *why);
/* A batch for `sequences` windows of `positions` symbols, or images. 0 or ERR_MEMORY. */
int task_batch(const struct task *task, struct batch *batch, int positions, int sequences);

/* The same for a run: the files that the task is made from are the copies in `folder`, where there are any.
   NULL or "": no folder. */
int task_new_in(struct task **out, const struct config *config, const char *folder,
                struct failure *why);
/* Keep copies of the files that the task was made from in a run's folder, if there are any. */
int task_keep_file(struct task *task, const char *folder, struct failure *why);

/* The content of that file, with a NUL after it. */
struct task_file {
    char name[FSIO_PATH]; /* for messages */
    char *data;
    size_t size;
};
/* For tasks: read the run's copy, else what the program brings, else `path`, at most `limit` bytes. A
   file that task.digest does not tell of: ERR_INPUT. The task's config gets the digest. */
int task_file_read(struct task *task, const char *path, const char *brought, size_t limit,
                   struct task_file *file, struct failure *why);
/* The same of the labels' file and task.labels_digest. */
int task_labels_read(struct task *task, const char *path, size_t limit, struct task_file *file,
                     struct failure *why);
void task_file_release(struct task_file *file);

/* Begin a stream in what is held out; `anywhere` or, of a text, at its beginning. */
void task_begin_test(const struct task *task, void *stream, struct rng *rng, bool anywhere);

/* Training windows of one step: window b, or image, time and noise b, depends on (seed, step * B + b)
   alone. Of images the time is uniform over 1..IMAGE_TIMES. */
void task_sample(const struct task *task, int64_t step, struct batch *batch);
/* The share of one member of a team. */
void task_sample_part(const struct task *task, int64_t step, struct batch *batch, int part,
                      int parts);

/* The fixed held-out stream of a seed, in consecutive windows that do not overlap; of a task with
   `fresh` every window is the next sequence. Of a task of images they are the held-out ones, in order,
   with noise of each level in turn. */
struct task_reader {
    const struct task *task;
    struct rng rng;
    void *stream;
    int32_t pending; /* symbol already drawn, the first of the next window */
    uint64_t image;  /* the next one, of a task of images */
    int low, high;   /* distances of pairs; 0: those of training */
};
int task_reader_init(struct task_reader *r, const struct task *task, enum rng_stream stream);
/* The same with pairs low..high numbers apart (both at least 1), to see how far a model generalises. */
int task_reader_init_distance(struct task_reader *r, const struct task *task,
                              enum rng_stream stream, int low, int high);
void task_reader_release(struct task_reader *r);
/* The next batch->sequences windows. Target (T-1, b) is the first symbol of the next window. */
void task_read(struct task_reader *r, struct batch *batch);

/* What the rule says comes after a history the person may have edited: pure, any symbols allowed. */
void task_answer(const struct task *task, const int16_t *symbols, int n, struct task_mark *mark);
int task_go_on(const struct task *task, const int16_t *symbols, int n, struct rng *rng);

#endif
