/* What each head of a model is for: where it looks, and what becomes of the answers when it is changed;
   and what the head makes of the stream after every layer. Done in small portions, so that whoever does
   it can answer in between. */
#ifndef HEED_TRAIN_EXAM_H
#define HEED_TRAIN_EXAM_H

#include "core/snapshot.h"
#include "kern/kern.h"
#include "model/model.h"
#include "task/task.h"

struct exam;

/* Who is measured. Config, task and kern outlive the exam, the weights (params.total) are copied. */
struct exam_subject {
    const struct config *config;
    const struct task *task;
    const struct kern *kern;
    const char *name;
    int contestant; /* for the report */
    const real *weights;
    int64_t step;    /* of the weights */
    int64_t windows; /* held-out windows that end before a number, at least, or all that are held out; 0:
                        EXAM_WINDOWS */
};

/* ERR_USAGE: it has no attention, or the task is one of images. team: of the caller. */
int exam_new(struct exam **out, const struct exam_subject *subject, struct team *team,
             struct failure *why);
void exam_free(struct exam *e);
/* One portion more. True when the report has become another one. */
bool exam_go_on(struct exam *e);
bool exam_done(const struct exam *e);
const struct exam_report *exam_report(const struct exam *e);

#endif
