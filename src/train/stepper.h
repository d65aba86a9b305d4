/* The sequence that a person steps through: symbols, the rule's marks, score, undo. */
#ifndef HEED_TRAIN_STEPPER_H
#define HEED_TRAIN_STEPPER_H

#include "core/snapshot.h"
#include "task/task.h"

enum { STEPPER_UNDO = 64 };

struct stepper_state {
    int length, cursor;
    int16_t sequence[PROBE_HISTORY];
};

/* Right answers at places that are no longer kept. */
struct stepper_tally {
    struct score all, since[MAX_SINCE];
};

struct stepper {
    const struct task *task;
    int context; /* T: the most symbols that a model sees */
    bool fresh;  /* the task's windows are sequences of their own: none is longer than T */
    struct rng rng;
    int begun; /* number of the sequence that stepper_begin chose */
    int which; /* number of the present one */
    struct stepper_state now;
    struct task_mark marks[PROBE_HISTORY + 1]; /* [i]: what the rule says of place i */
    /* What each contestant expected at a place; -1: it was not asked. Those of places
       stale_from..stale_to - 1 were asked before a symbol in their window changed. */
    int16_t guess[MAX_CONTESTANTS][PROBE_HISTORY];
    int stale_from, stale_to;
    struct stepper_tally past[MAX_CONTESTANTS];
    struct stepper_state undo[STEPPER_UNDO]; /* ring */
    int undo_count, undo_next;
};

/* As stepper_restart with the first of the sequences 0..31 whose window is lively: it holds at least
   half of the numbers. (IARC falls to 0 and stays there now and then.) Number 0 if none is. */
int stepper_begin(struct stepper *s, const struct task *task, struct failure *why);
/* Begin with 2 T symbols of the task's own stream, number `which`, the cursor at their end. A task whose
   windows are sequences of their own gives T symbols of one, and the cursor stands where the last of
   its answers begins, so that there is room to go on. */
int stepper_restart(struct stepper *s, const struct task *task, int which, struct failure *why);
/* The next sequence, keeping the score of those before it. */
int stepper_follow(struct stepper *s, struct failure *why);
/* True if no symbol can be added: the sequence has the T symbols that a window holds. */
bool stepper_is_full(const struct stepper *s);
/* Put `symbol` at the cursor, forgetting what stood after it, and move on. `predicted` is what
   contestant i expected there (-1: it was not asked): where the rule determines a number and a number
   was put, it is counted as right or wrong. The oldest symbols make room where that lacks; their score
   stays. False: the sequence is full. */
bool stepper_append(struct stepper *s, int symbol, int i, int predicted);
/* How many symbols before `place` a model sees: at most T. */
int stepper_window(const struct stepper *s, int place);
/* Contestant i expects this symbol at place `at` of the sequence; -1: it was not asked. */
void stepper_guess(struct stepper *s, int at, int i, int symbol);
/* Put another symbol at place `at`, keeping the cursor and what follows; the rule's answers are
   worked out anew, the guesses that saw the old symbol are stale. False: there is no such place. */
bool stepper_replace(struct stepper *s, int at, int symbol);
/* Another sequence, cursor at its end. ERR_USAGE if it is empty or longer than stepper_longest. */
int stepper_load(struct stepper *s, const int16_t *symbols, int count, struct failure *why);
/* The most symbols of a sequence: PROBE_HISTORY - 1, or T where windows are sequences of their own. */
int stepper_longest(const struct stepper *s);
/* Let the present state be one to which stepper_undo comes back. */
void stepper_keep(struct stepper *s);
/* Move the cursor, keeping a symbol before it. */
void stepper_move(struct stepper *s, int by);
/* Take the last change back; false if there is none. */
bool stepper_undo(struct stepper *s);
/* What the rule says comes at the cursor. */
const struct task_mark *stepper_next(const struct stepper *s);
/* Write sequence, marks and contestant i's score into the picture. */
void stepper_show(const struct stepper *s, int i, struct probe_snapshot *out);

#endif
