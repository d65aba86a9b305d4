/* What the person has chosen on Learn. Private to view. */
#ifndef HEED_VIEW_LEARN_STATE_H
#define HEED_VIEW_LEARN_STATE_H

#include "view/lesson.h"

struct learn_state {
    struct lesson *list; /* NULL: not read yet */
    int count, at;       /* lessons, and the one that is shown */
    int widget, press;   /* of it: shown, and next */
    int scroll, most;    /* rows of its text above what is shown; at most, at the newest drawing */
    int first;           /* variants of the list before the one that comes first */
    struct lesson_arrow query;
    int tau, base; /* level of the ladder */
    struct {       /* what the model expected before the newest press */
        bool is;
        int contestant, answer, subtask;
        float probability[MAX_SYMBOLS];
    } before;
};

#endif
