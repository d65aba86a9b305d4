/* What heads are for, measured between the prober's other work; what is done to heads in all that is
   shown. */
#include "train/prober_state.h"

#include <stdio.h>
#include <string.h>
#include "base/clock.h"

/* How long asking again may take. */
static const double AGAIN_SECONDS = 1;

void prober_examine(struct prober *p, int index)
{
    struct failure why;
    const struct race *race = p->race;
    exam_free(p->exam);
    p->exam = NULL;
    p->exam_message[0] = '\0';
    if (index < 0)
        return;
    struct exam_subject s = {.config = &race->config.contestants[p->focus],
                             .task = race->task,
                             .kern = race->kern,
                             .name = race->contestants[p->focus].name,
                             .contestant = p->focus,
                             .step = p->weights_step[p->focus]};
    if (!has_weights(p, p->focus)) {
        snprintf(p->exam_message, sizeof p->exam_message, "%s has no weights yet", s.name);
        return;
    }
    s.weights = p->models[p->focus]->weights;
    if (exam_new(&p->exam, &s, p->team, &why) < 0)
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
    if (p->exam_message[0])
        text_copy(out->message, sizeof out->message, p->exam_message);
}

/* --- changed heads ------------------------------------------------------------------------------- */

/* Whoever is not changed runs as it trains. */
static void hand_over(struct prober *p, int i)
{
    if (!p->models[i])
        return;
    p->models[i]->changes = NULL;
    for (int k = 0; k < EXAM_HEADS; k++)
        if (p->change[i][k] != HEAD_WHOLE)
            p->models[i]->changes = p->change[i];
}

/* What contestant i said before at the places of a sequence, it is asked again: the newest first, and
   what would take too long is forgotten. */
static void ask_again(struct prober *p, struct stepper *s, int i)
{
    double end = clock_now() + AGAIN_SECONDS;
    for (int at = s->now.length - 1; at > 0; at--)
        if (s->guess[i][at] >= 0)
            stepper_guess(s, at, i,
                          has_weights(p, i) && clock_now() < end ? look_expect(p->models[i], s, at)
                                                                 : -1);
}

static void changed(struct prober *p, int i)
{
    hand_over(p, i);
    ask_again(p, p->stepper, i);
    if (p->kind == SECOND_BRANCH)
        ask_again(p, p->branch, i);
}

void prober_change_head(struct prober *p, int head, enum head_change change)
{
    int i = p->focus;
    struct model *m = p->models[i];
    if (head < 0) {
        for (i = 0; i < p->race->count; i++) {
            memset(p->change[i], HEAD_WHOLE, sizeof p->change[i]);
            if (p->models[i] && p->models[i]->changes)
                changed(p, i);
        }
        return;
    }
    int heads = m ? model_attention_layers(m) * m->config.model.heads : 0;
    if (head >= EXAM_HEADS || head >= heads || change <= HEAD_WHOLE || change >= HEAD_CHANGES)
        return;
    bool has = p->change[i][head] == change;
    p->change[i][head] = (unsigned char)(has ? HEAD_WHOLE : change);
    changed(p, i);
}

void prober_change_show(const struct prober *p, struct probe_snapshot *out)
{
    for (int i = 0; i < MAX_CONTESTANTS; i++)
        memcpy(out->change[i], p->change[i], EXAM_HEADS);
}
