/* What heads are for, measured between the prober's other work. */
#include "train/prober_state.h"

#include <stdio.h>

void prober_examine(struct prober *p, int index)
{
    struct failure why;
    exam_free(p->exam);
    p->exam = NULL;
    p->exam_message[0] = '\0';
    if (index < 0)
        return;
    if (!has_weights(p, p->focus)) {
        snprintf(p->exam_message, sizeof p->exam_message, "%s has no weights yet",
                 p->race->contestants[p->focus].name);
        return;
    }
    if (exam_new(&p->exam, p->race, p->focus, p->models[p->focus]->weights,
                 p->weights_step[p->focus], p->team, &why) < 0)
        text_copy(p->exam_message, sizeof p->exam_message, why.text);
}

bool prober_exam_go_on(struct prober *p)
{
    return p->exam && !exam_done(p->exam) && exam_go_on(p->exam);
}

void prober_exam_show(const struct prober *p, struct exam_report *out)
{
    if (p->exam)
        *out = *exam_report(p->exam);
    else
        *out = (struct exam_report){.contestant = -1};
    text_copy(out->message, sizeof out->message, p->exam_message);
}
