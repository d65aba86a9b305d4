/* Attention maps of checkpoints, for a figure. */
#include "cli/plot_fill.h"

#include <stdio.h>
#include <string.h>

#include "core/batch.h"
#include "kern/kern.h"
#include "train/race.h"

/* The window that all maps show: the first of the held-out stream. */
static int read_window(struct plot *p, struct batch *window, struct failure *why)
{
    struct task_reader reader;
    const struct alphabet *alphabet = &p->task->alphabet;
    struct figure *f = &p->figure;
    f->side = p->task->config.task.context;
    if (batch_init(window, f->side, 1) < 0)
        return fail(why, ERR_MEMORY, "out of memory: no window of %d symbols", f->side);
    if (task_reader_init(&reader, p->task, RNG_EVAL) < 0)
        return fail(why, ERR_MEMORY, "out of memory: no held-out stream");
    task_read(&reader, window);
    task_reader_release(&reader);
    for (int t = 0; t < f->side; t++) {
        text_copy(f->token[t], SYMBOL_TEXT, alphabet->name[window->tokens[t]]);
        f->token_is_control[t] = alphabet->control[window->tokens[t]] >= 0;
    }
    return 0;
}

static int add_maps(struct plot *p, int i, const struct batch *window, const struct kern *kern,
                    struct failure *why)
{
    struct figure *f = &p->figure;
    struct loaded loaded;
    int code = loaded_open(&loaded, p->runs.folder[p->runs.run[i]], p->runs.name[i], kern, 1, 1,
                           why);
    if (code < 0)
        return code;
    struct model *m = loaded.model;
    int heads = m->config.model.heads;
    p->step[i] = loaded.checkpoint.step;
    model_forward(m, window->tokens, f->side, 1);
    for (int l = 0; l < model_attention_layers(m) && code == 0; l++) {
        f->is_signed = f->is_signed || model_layer_attention(m, l)->is_signed;
        for (int h = 0; h < heads && code == 0; h++) {
            char below[NAME_TEXT];
            snprintf(below, sizeof below, "layer %d, head %d", l + 1, h + 1);
            float *map = f->panel_count < FIGURE_PANELS
                             ? figure_add_panel(f, p->race.names[i], below)
                             : NULL;
            if (map)
                m->ops->attention(m, l, h, 0, map, NULL);
            else
                code = fail(why, ERR_USAGE,
                            "%s: more maps than the %d of a figure: choose one with --contestant",
                            p->race.names[i], FIGURE_PANELS);
        }
    }
    if (f->panel_columns < heads)
        f->panel_columns = heads < 4 ? heads : 4;
    loaded_release(&loaded);
    return code;
}

int plot_fill_maps(struct plot *p, struct failure *why)
{
    struct figure *f = &p->figure;
    struct batch window = {0};
    const struct kern *kern;
    int code = kern_by_name(p->args->isa, &kern, why);
    if (code == 0)
        code = read_window(p, &window, why);
    f->kind = FIGURE_MAPS;
    text_copy(f->title, sizeof f->title, "Attention weights");
    for (int i = 0; i < p->race.count && code == 0; i++) {
        if (p->shown[i] && cast_has_attention(p->race.contestants[i].model.kind))
            code = add_maps(p, i, &window, kern, why);
        else
            p->shown[i] = false; /* has no maps: the caption is silent on it */
    }
    batch_release(&window);
    if (code == 0 && f->panel_count == 0)
        code = fail(why, ERR_USAGE, "--what attention: none of these contestants has attention: "
                                    "choose another");
    if (code == 0)
        figure_caption(f, "Weights of the newest checkpoints on the first held-out window.");
    return code;
}
