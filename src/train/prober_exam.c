/* What heads are for, measured between the prober's other work; heads left out of what is shown. */
#include "train/prober_state.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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
    /* Of the whole model, whatever is left out of the pictures. */
    bool less = p->cut && p->cut_of == p->focus;
    if (exam_new(&p->exam, p->race, p->focus, less ? p->uncut : p->models[p->focus]->weights,
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

static size_t weight_bytes(const struct model *m)
{
    return m->params.total * sizeof *m->weights;
}

void prober_cut_again(struct prober *p, int i)
{
    struct model *m = p->models[i];
    if (!p->cut || i != p->cut_of)
        return;
    memcpy(p->uncut, m->weights, weight_bytes(m));
    for (int head = 0; head < EXAM_HEADS; head++)
        if (p->cut & (uint64_t)1 << head)
            exam_change_head(m, head, 'o', NULL);
}

/* All heads of whoever lacks some. */
static void lift(struct prober *p)
{
    struct model *m = p->models[p->cut_of];
    if (p->cut)
        memcpy(m->weights, p->uncut, weight_bytes(m));
    p->cut = 0;
    free(p->uncut);
    p->uncut = NULL;
}

void prober_cut(struct prober *p, int layer, int head)
{
    int i = p->focus;
    struct model *m = p->models[i];
    uint64_t cut = p->cut_of == i ? p->cut : 0;
    lift(p);
    if (layer < 0)
        return;
    int number = m ? layer * m->config.model.heads + head : EXAM_HEADS;
    if (!has_weights(p, i) || layer >= model_attention_layers(m) || head < 0 ||
        head >= m->config.model.heads || number >= EXAM_HEADS)
        return;
    cut ^= (uint64_t)1 << number;
    if (cut && !(p->uncut = malloc(weight_bytes(m)))) {
        text_copy(p->message, sizeof p->message, "no memory to leave a head out");
        return;
    }
    p->cut = cut;
    p->cut_of = i;
    prober_cut_again(p, i);
}
