/* What the trainer and the prober tell the screen: self-contained pictures of one moment. */
#ifndef HEED_CORE_SNAPSHOT_H
#define HEED_CORE_SNAPSHOT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "base/fail.h"
#include "core/alphabet.h"
#include "core/config.h"
#include "core/heads.h"
#include "core/series.h"

enum race_state {
    RACE_READY, /* nothing has begun: the settings are being chosen */
    RACE_STARTING, RACE_RUNNING, RACE_PAUSED, RACE_FINISHED, RACE_STOPPED,
    RACE_WATCHING, /* followed through its files */
    RACE_QUIET,    /* followed, and nothing new for a while */
    RACE_FAILED
};

enum metric {
    METRIC_ACC,           /* evaluation accuracy, numbers only */
    METRIC_LOSS,          /* training loss of each step */
    METRIC_GRAD_NORM, METRIC_LEARNING_RATE, METRIC_TOKENS_PER_SECOND,
    METRIC_EVAL_LOSS,
    METRIC_BITS,          /* of a text: held-out loss in bits a character */
    METRIC_SUBTASK_0,     /* + subtask index: evaluation accuracy of that subtask */
    METRIC_COUNT = METRIC_SUBTASK_0 + MAX_SUBTASKS
};

enum { LOG_LINES = 64, LOG_TEXT = 160, PATH_SHOWN = 256 };

/* A file of a run as it was found last. */
struct file_view {
    int64_t bytes;   /* -1: not there */
    int64_t written; /* seconds since 1970 */
};

struct contestant_view {
    char name[NAME_TEXT];
    char model[KIND_TEXT], attention[KIND_TEXT]; /* attention "" where the model has none */
    struct config config; /* its own settings, resolved; race_snapshot.config is contestant 0's */
    double own_rate;      /* the learning rate that the run's settings say; config has that of now */
    int64_t parameters, step;
    double learning_rate, grad_norm, loss; /* of the newest step */
    double steps_per_second;               /* this contestant's own training time only */
    double train_seconds;                  /* its own, summed */
    int64_t step_at_90;                    /* first evaluation with acc >= 0.9; -1: not yet */
    double seconds_at_90;
    struct evaluation eval;    /* the newest */
    /* Where every evaluation measures beyond the training: places, no values; count 0: nowhere. */
    struct reach reach;
    struct collapse rows;
    bool failed;
    char failure[LOG_TEXT];
    struct file_view checkpoint;
    struct series metric[METRIC_COUNT];
};

struct race_snapshot {
    int64_t serial; /* grows with every publication */
    int number;     /* of the race: another one after every start in one sitting */
    enum race_state state;
    char preset[KIND_TEXT], folder[PATH_SHOWN], message[LOG_TEXT];
    char unsaved[FAILURE_TEXT]; /* why the newest files could not be written; "": they stand */
    struct config config; /* the first contestant's: task, seed, schedule */
    struct alphabet alphabet;
    int64_t step, steps;
    int64_t next_evaluation; /* the step that it comes after, at most `steps` */
    double seconds, seconds_left; /* left < 0: unknown */
    double steps_per_second;      /* of the whole race, recent */
    double chance;                /* accuracy of guessing a number */
    int quiet_runs;       /* watching: runs that should go on and say nothing */
    double quiet_seconds; /* since the one of them that is silent longest was heard */
    struct file_view settings, metrics; /* config.ini, metrics.jsonl; of several runs: not there */
    char kernels[16];     /* instruction set that computes in this process */
    int threads;          /* that train here; 0: none, the run is only read */
    int64_t resident;     /* bytes of memory that this process holds; 0: not known */
    int count;
    struct contestant_view contestants[MAX_CONTESTANTS];
    int64_t log_total; /* lines ever written; line k stands at [k % LOG_LINES] */
    char log[LOG_LINES][LOG_TEXT];
};

enum { PROBE_HISTORY = 4096, PROBE_TOP = 5, PROBE_TIMELINE = 48 };

/* What each head of a contestant is for, measured on held-out windows of one moment's weights. */
enum {
    EXAM_HEADS = 64,
    EXAM_WINDOWS = 512,
    EXAM_PARTS = 1 + MAX_SUBTASKS, /* all windows, then those of each subtask */
    LENS_ROWS = 2 * 16 + 1         /* of model_lens, for the most layers */
};
/* Windows that were answered right in one of two ways alone: whole, or with a head changed. */
struct exam_change {
    int64_t lost, won;
};
struct exam_head {
    /* Of the window's last position, means over the windows: entropy in nats of the weights without
       their signs, made to sum to 1; how many places back they lie, weighted so; the share of them with
       a minus; weight on the control token in force, on the symbol before the newest, and on the symbol
       that the rule reads last. */
    double entropy, distance, negative, control, previous, source;
    struct exam_change changed[HEAD_CHANGES]; /* by enum head_change */
};
struct exam_part {
    struct score whole;        /* windows that end before a number, and those answered right */
    int64_t controls, sources; /* windows that have such symbols */
    struct exam_head head[EXAM_HEADS];
    int64_t lens_right[LENS_ROWS]; /* windows answered right as read from each row of model_lens */
};
struct exam_report {
    bool asked;         /* false: nothing was measured yet */
    bool done;
    int contestant;     /* -1: none */
    int64_t step;       /* of the weights */
    int layers, heads, count; /* count: heads in the report, of the first layers */
    int lens;                 /* rows of model_lens */
    bool has_signs[EXAM_HEADS]; /* HEAD_POSITIVE changes something */
    struct exam_part part[EXAM_PARTS];
    char message[LOG_TEXT]; /* why there is no report */
};
/* Accuracy with the change less that without it, and half of its 95 % interval: the windows are the same,
   so only those that differ count (Agresti and Min 2005: half a window more of each kind, so that no
   difference in few windows is not taken for none in all). NaN if n = 0. */
double exam_change_value(struct exam_change c, int64_t n, double *half);
/* What a row of model_lens is read after: "embedding", "attention 1", "layer 1", "attention 2", ... */
enum { LENS_PLACE = 24 };
void lens_place(int row, char out[LENS_PLACE]);

/* What a second picture shows beside the first. */
enum probe_second {
    SECOND_NONE,
    SECOND_VERSUS, /* another contestant on the same sequence */
    SECOND_BRANCH  /* the same contestant on the sequence with a symbol changed */
};

enum { IMAGES_SHOWN = 8, IMAGES_PAST = 7, IMAGE_PIXELS = 64 * 64 };

/* How good one contestant's samples are: the Frechet distance of their features from real images'. */
struct quality_report {
    bool asked, done;
    int64_t step;            /* of the weights */
    int samples, of;         /* sampled so far, of how many */
    int denoise;             /* steps from noise to each */
    double distance;         /* of the samples; NaN until done */
    double floor, ceiling;   /* of as many held-out real images, of as many of noise; NaN: not yet */
    int reference;           /* training images that all are compared with */
    double accuracy;         /* of the classifier whose features these are, on held-out images */
    int64_t judged;          /* how many those were */
    char message[LOG_TEXT];  /* why there is none */
};

/* Images that one contestant draws out of noise. */
struct gallery {
    int side, patch; /* pixels along an image and along a patch */
    int step, steps; /* done, of how many: IMAGES_SHOWN finished images if equal */
    int time;        /* of the noise that is left, IMAGE_TIMES to 0 */
    int looked;      /* of the noise that was there when the maps were made */
    int64_t noise;   /* number of the noise that the first one began as */
    int chosen;      /* the image that the maps show */
    float image[IMAGES_SHOWN][IMAGE_PIXELS]; /* as they are now; side^2 in use, -1 black to 1 white */
    float clean[IMAGES_SHOWN][IMAGE_PIXELS]; /* what the contestant takes to be below the noise */
    /* The chosen one on its way: after past_step[k] steps, past_time[k] of noise left. past_count of
       them have come. */
    int past_count, past_step[IMAGES_PAST], past_time[IMAGES_PAST];
    float past[IMAGES_PAST][IMAGE_PIXELS];
    /* The first training images, without noise, and what is to be seen on them. */
    int real_count;
    float real[IMAGES_SHOWN][IMAGE_PIXELS];
    char real_label[IMAGES_SHOWN][SYMBOL_TEXT];
    struct quality_report quality;
};

/* One sequence through one contestant, with everything seen inside. */
struct probe_snapshot {
    enum probe_second second_kind;
    struct probe_snapshot *second; /* filled if second_kind says so; has no second of its own */
    int64_t serial;
    int number;      /* of the race it belongs to */
    int64_t request; /* the newest command that this picture answers */
    int contestant;  /* index in the race */
    char name[NAME_TEXT];
    int64_t weights_step; /* training step of the weights used */
    /* Steps whose weights were saved, ascending, for COMMAND_TIMELINE; past: the one that was chosen,
       -1: the newest weights are shown, as they come. */
    int timeline_count;
    int64_t timeline[PROBE_TIMELINE], past;
    bool ready;           /* false: no weights yet, or the contestant failed: see message */
    char message[LOG_TEXT];
    struct alphabet alphabet;

    /* The whole sequence that is being stepped through, oldest first; the window is the T symbols
       that end at `cursor` (exclusive). `grown` symbols were added by the person at the end. */
    int length, cursor, start; /* start: the window's first index; cursor - start = positions */
    int context;               /* T: the most symbols that the model sees */
    int longest;               /* symbols that the sequence may have */
    bool fresh;                /* windows are sequences of their own, so longest = T */
    int which;                 /* number of the sequence, 0 the first */
    int16_t sequence[PROBE_HISTORY];
    int16_t answer[PROBE_HISTORY];  /* the rule's number at this place; -1: not determined */
    uint8_t subtask[PROBE_HISTORY]; /* rule in force at this place, 255 none */
    uint8_t since[PROBE_HISTORY];
    int8_t hit[PROBE_HISTORY];      /* model right (1) or wrong (0) when it stepped here; -1: not asked */
    int next_answer;                /* the rule's number after the cursor, -1 if not determined */
    int next_subtask, next_since;
    int copied_from;                /* index the rule reads (R: the number to copy), -1 if none */
    bool copies;                    /* the rule's number is the one that stands there */
    struct score score, score_since[MAX_SINCE]; /* of this session, numbers only */
    struct exam_report exam;
    /* What is done to heads of each contestant in all this (enum head_change), by layer * heads + head;
       nothing to those beyond. */
    uint8_t change[MAX_CONTESTANTS][EXAM_HEADS];

    /* What the head makes of the stream on its way, at the window's last position: model_lens. */
    int lens; /* rows; 0: the model has none */
    struct lens_row {
        int16_t symbol[PROBE_TOP]; /* likeliest first; fewer than V: -1 */
        float share[PROBE_TOP];
        float answer; /* probability of the rule's number; NaN where it determines none */
    } lens_row[LENS_ROWS];

    /* Prediction after the last position of the window. */
    int predicted;
    float probability[MAX_SYMBOLS]; /* (V) */

    /* Attention: map_count * positions^2 floats each, [map][query][key]; weight is 0 above the
       diagonal. Map k is of layer (map_first + k) / heads, head (map_first + k) % heads. All
       layers * heads of them unless they are too large together: then those around the one that
       COMMAND_MAP chose. layers = 0 if the model has none. positions: symbols in the window, fewer
       than T near the beginning of a sequence. */
    int positions, layers, heads;
    int map_first, map_count;
    char layer_attention[16][KIND_TEXT]; /* variant of each layer (cog keeps dpa at its ends) */
    bool layer_signs[16];                /* whose weights can be negative */
    bool signed_weights;                 /* some layer's */
    size_t map_floats, map_room;         /* in use; in each buffer, as large as was looked at */
    float *weight, *score_z;             /* probe_map_capacity of the race at most */
    struct gallery *gallery; /* of a race on images, in place of a sequence; else NULL */
};

/* Floats in each map buffer of a probe: the largest layers * heads * T^2 over the contestants that
   have attention, but at most PROBE_MAP_LIMIT (16 MiB a buffer), which holds any single map. Where a
   model would need more, the prober shows as many whole maps around the chosen one as fit. */
enum { PROBE_MAP_LIMIT = 4 << 20 };
size_t probe_map_capacity(const struct race_config *race);
/* What of it is needed now: everything where `all` heads are looked at, or where that is little
   (PROBE_MAPS_AT_ONCE, 4 MiB); else a single map. */
enum { PROBE_MAPS_AT_ONCE = 1 << 20 };
size_t probe_map_need(const struct race_config *race, bool all);

#endif
