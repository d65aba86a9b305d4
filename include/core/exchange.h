/* The two ways between threads: newest-wins pictures one way, a command queue the other. */
#ifndef HEED_CORE_EXCHANGE_H
#define HEED_CORE_EXCHANGE_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <pthread.h>

/* Triple buffer for one writer and one reader. Neither ever waits. */
struct exchange {
    void *slots[3];
    atomic_int middle;  /* slot index | 4 if it is fresh */
    int back, front;    /* writer's, reader's */
    int wake_fd;        /* a byte is written here on publication; -1: none */
};
void exchange_init(struct exchange *x, void *a, void *b, void *c, int wake_fd);
/* The writer's slot, to be filled completely. */
void *exchange_back(struct exchange *x);
void exchange_publish(struct exchange *x);
/* The newest published slot, valid until the next call; NULL before the first publication. *fresh
   tells whether it was not seen before. */
const void *exchange_front(struct exchange *x, bool *fresh);

enum command_kind {
    /* to the trainer */
    COMMAND_PAUSE, COMMAND_RESUME, COMMAND_SINGLE_STEP, COMMAND_SAVE, COMMAND_QUIT,
    COMMAND_LEARNING_RATE, /* index = contestant or -1 for all; value multiplies the present rate */
    COMMAND_PEAK_RATE,     /* the same; value becomes the rate, 0: that of the run's settings */
    COMMAND_CHECKPOINT_SECONDS, /* value = seconds between checkpoints from now on */
    COMMAND_KEEP,          /* save, and tell session_keep whether it worked */
    /* to the prober */
    COMMAND_FOCUS,        /* index = contestant */
    COMMAND_STEP_SYMBOL,  /* index = symbol: append it at the cursor */
    COMMAND_STEP_RULE,    /* append the rule's number */
    COMMAND_STEP_MODEL,   /* append the model's own prediction */
    COMMAND_STEP_STREAM,  /* append what the task's stream would do, control tokens included */
    COMMAND_STEP_WRITE,   /* append what the model draws; value = temperature, index = top_k */
    COMMAND_STEP_LEFT, COMMAND_STEP_RIGHT, /* move the cursor, index = how far */
    COMMAND_STEP_UNDO,
    COMMAND_STEP_RESTART, /* a fresh sequence, index = its number after the first one, from 1 */
    COMMAND_VERSUS,       /* index = contestant that runs beside the focused one; -1: none */
    COMMAND_STEP_REPLACE, /* index = symbol in place of the one `value` places before the cursor (1:
                             the newest); what follows stays */
    COMMAND_STEP_BRANCH,  /* begin a second sequence that differs as COMMAND_STEP_REPLACE would make it;
                             index = -1: drop it */
    COMMAND_STEP_EXCHANGE, /* the two sequences of a branch change places */
    COMMAND_STEP_ASK,      /* ask the model at every place of the sequence */
    COMMAND_STEP_LOAD,     /* symbols of a sequence from place `index` on; value 1: these are the last */
    COMMAND_MAP,           /* index = layer, value = head whose attention map must be among those shown */
    COMMAND_DRAW_NOISE,    /* images: other noise, index = how many images on; from the beginning */
    COMMAND_DRAW_CHOOSE,   /* index = image whose attention is shown */
    COMMAND_DRAW_STEPS,    /* index = steps from noise to image */
    COMMAND_TIMELINE,      /* show the weights saved at step `value`; index = -1: the newest, as they come */
    COMMAND_CHANGE_HEAD,   /* do `value` (enum head_change) to the focused contestant's head number `index`
                              (layer * heads + head) in what is shown, or take it back; index = -1: all
                              heads of all contestants are whole again */
    COMMAND_EXAMINE,       /* measure what the heads of the focused contestant are for; of images: how
                              good the samples are; index = -1: stop */
    COMMAND_MAPS,          /* index = 1: all heads are looked at, as far as they fit; 0: the chosen one alone,
                              where they are large. No picture answers it by its request */
    COMMAND_COUNT
};

enum { COMMAND_QUEUE = 256, COMMAND_SYMBOLS = 40 };

struct command {
    enum command_kind kind;
    int index;
    double value;
    int64_t request; /* the sender's serial, echoed in probe_snapshot.request */
    int count;       /* of symbols, for COMMAND_STEP_LOAD */
    int16_t symbols[COMMAND_SYMBOLS];
};

/* Any number of senders, one receiver. */
struct command_queue {
    pthread_mutex_t lock;
    pthread_cond_t filled;
    int head, count;
    struct command ring[COMMAND_QUEUE];
};
int command_queue_init(struct command_queue *q);
void command_queue_release(struct command_queue *q);
/* Returns false when the queue is full; the sender says so on screen. */
bool command_send(struct command_queue *q, struct command c);
/* Take the oldest; wait at most `seconds` (0: do not wait). Returns false if there is none. */
bool command_take(struct command_queue *q, struct command *out, double seconds);

#endif
