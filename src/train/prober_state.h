/* What the prober's thread keeps; private to prober*.c. */
#ifndef HEED_TRAIN_PROBER_STATE_H
#define HEED_TRAIN_PROBER_STATE_H

#include <pthread.h>
#include "train/exam.h"
#include "train/look.h"
#include "train/past.h"
#include "train/prober.h"

enum { CHANGES = 16 * 64 }; /* the most layers times the most heads */

/* What one picture shows. */
struct sight {
    struct stepper *stepper;
    int contestant;
    int predicted; /* after the cursor, -1 without weights */
};

struct prober {
    const struct race *race;
    int number; /* of the race */
    struct weight_box *box;
    struct feed *feed;
    struct team *team; /* of one: the prober's own thread */
    struct model *models[MAX_CONTESTANTS];
    int64_t weights_step[MAX_CONTESTANTS]; /* -1: none yet */
    struct stepper sequences[2], *stepper, *branch;
    enum probe_second kind; /* whether sights[1] is shown */
    int focus, versus;      /* versus -1: none */
    struct look_choice map; /* shown in any case */
    bool all_maps;          /* somebody looks at the others as well */
    struct sight sights[2];
    bool owes; /* both sights are to be asked at the same places, once there are weights */
    int16_t loading[PROBE_HISTORY]; /* a sequence that comes in parts */
    int loaded;
    int64_t request, serial;
    double refresh_at;
    int asked;   /* contestant whose weights were asked for, -1: none */
    bool second; /* ask for the second contestant's next */
    struct past past;
    struct exam *exam;       /* NULL: nobody asked */
    /* What is done to each contestant's heads in what is shown, as a model takes it; of the first
       EXAM_HEADS alone. */
    unsigned char change[MAX_CONTESTANTS][CHANGES];
    char exam_message[LOG_TEXT]; /* why there is none */
    char message[LOG_TEXT];
    pthread_t thread;
    bool started;
};

static inline bool has_weights(const struct prober *p, int contestant)
{
    return p->weights_step[contestant] >= 0;
}

/* A contestant's model is built when it is first looked at. False without memory. */
bool prober_open_model(struct prober *p, int i);
/* Weights of the chosen step for who is shown and has others. Who saved none then has none. */
void prober_go_back(struct prober *p);
/* The newest weights again, as soon as the trainer hands them out: not the old ones meanwhile. */
void prober_go_live(struct prober *p);
/* Ask again where a guess saw a symbol that is another one now. Who has no weights here is forgotten. */
void prober_settle(struct prober *p, struct stepper *s);
/* Begin to measure what the focused contestant's heads are for; index -1: forget it. */
void prober_examine(struct prober *p, int index);
/* A portion of that; true: there is something new to show. */
bool prober_exam_go_on(struct prober *p);
/* Change a head of the focused contestant (layer * heads + head) in what is shown, or take that change
   back; head -1: all heads of all contestants are whole again. */
void prober_change_head(struct prober *p, int head, enum head_change change);
void prober_change_show(const struct prober *p, struct probe_snapshot *out);
void prober_exam_show(const struct prober *p, struct exam_report *out);
/* Ask who is shown at every place, from the newest backwards, for as long as nobody would mind waiting. */
void prober_ask_everywhere(struct prober *p);
/* Ask both sights at the newest T places and wherever one of them was asked, unless they were, so that they can
   be compared at once; the newest alone where that takes long. Waits for the weights of both. */
void prober_ask_both(struct prober *p);

#endif
