/* Images: what contestants draw out of the same noise, step by step, and where a patch attends. */
#include "view/ui_state.h"

#include <stdio.h>
#include <string.h>
#include "view/maps.h"
#include "view/pictures.h"

/* "same noise" over the columns: the numbers of those that stand in each. */
static void labels_draw(struct frame *f, const struct picture_layout *l)
{
    const struct gallery *g = f->probe->gallery;
    for (int column = 0; column < l->samples.columns; column++) {
        char line[64];
        bool chosen = column == g->chosen % l->samples.columns && g->chosen < l->samples.shown;
        int used = snprintf(line, sizeof line, "%snoise ", chosen ? "▸" : "");
        for (int i = column; i < l->samples.shown && used < (int)sizeof line - 24; i += l->samples.columns)
            used += snprintf(line + used, sizeof line - (size_t)used, i == column ? "%lld" : ", %lld",
                             (long long)(g->noise + i + 1));
        if (l->block[1].h > 0 && l->samples.size.w >= 28)
            snprintf(line + used, sizeof line - (size_t)used, ", the same for both");
        canvas_text_fit(f->canvas, l->labels.x + column * (l->samples.size.w + 1), l->labels.y,
                        l->samples.size.w, line, chosen ? ROLE_ACCENT : ROLE_DIM, 0);
    }
    if (l->map[0].w > 0) {
        const struct race_snapshot *race = f->race;
        int n = pictures_across(g);
        char line[48];
        int used = g->chosen < l->samples.shown ? snprintf(line, sizeof line, "looks from ")
                                                : snprintf(line, sizeof line, "sample %d, ", g->chosen + 1);
        snprintf(line + used, sizeof line - (size_t)used, "%d,%d",
                 ui_clamp(f->ui->images.column, 0, n - 1) + 1, ui_clamp(f->ui->images.row, 0, n - 1) + 1);
        canvas_text_fit(f->canvas, l->map[0].x, l->labels.y, l->map[0].w, line, ROLE_DIM, 0);
        if (race->contestants[f->probe->contestant].eval.valid)
            canvas_text_fit(f->canvas, l->levels[0].x, l->labels.y, l->levels[0].w, "loss to t", ROLE_DIM,
                            0);
    }
}

/* "● uvit-dpa  step 1,200 · DDIM step 12 of 25 · noise of t 520 left"; less in little room. */
static void heading(struct frame *f, struct rect r, const struct probe_snapshot *p)
{
    const struct gallery *g = p->gallery;
    struct canvas *c = f->canvas;
    char step[32], rest[LOG_TEXT + 64];
    int x = r.x;
    x += canvas_text_fit(c, x, r.y, r.w, chrome_marker(c, p->contestant),
                         chrome_series_role(p->contestant), CELL_BOLD);
    x += 1 + canvas_text_fit(c, x + 1, r.y, r.x + r.w - x - 1, p->name,
                             chrome_series_role(p->contestant), CELL_BOLD);
    ui_hit(f->ui, (struct rect){r.x, r.y, x - r.x, 1}, HIT_CONTESTANT, p->contestant, 0);
    text_thousands(step, sizeof step, p->weights_step);
    int room = r.x + r.w - x - 2;
    for (int brief = 0; brief < 3; brief++) {
        const char *kind = f->ui->images.below && g->step > 0 ? " · below the noise" : "";
        if (p->message[0])
            snprintf(rest, sizeof rest, "%s", p->message);
        else if (brief == 0)
            snprintf(rest, sizeof rest, "step %s · DDIM step %d of %d, noise of t %d left%s", step, g->step,
                     g->steps, g->time, kind);
        else if (brief == 1)
            snprintf(rest, sizeof rest, "step %s · DDIM %d of %d, t %d%s", step, g->step, g->steps, g->time,
                     *kind ? " · below" : "");
        else
            snprintf(rest, sizeof rest, "%d of %d", g->step, g->steps);
        if (p->message[0] || canvas_columns(rest) <= room)
            break;
    }
    canvas_text_fit(c, x + 2, r.y, room, rest, p->message[0] ? ROLE_WARN : ROLE_DIM, 0);
}

/* The cursor's patch, over the image that is chosen. */
static void mark_patch(struct frame *f, int x, int y, const struct gallery *g,
                       const struct picture_size *size)
{
    int last = pictures_across(g) - 1, wide = g->patch * size->zoom / size->pool;
    int left = ui_clamp(f->ui->images.column, 0, last) * g->patch * size->zoom / size->pool;
    int top = ui_clamp(f->ui->images.row, 0, last) * g->patch * size->zoom / size->pool / 2;
    picture_mark(f->canvas, x + left, y + top, wide > 0 ? wide : 1, wide > 1 ? wide / 2 : 1);
}

static void block_draw(struct frame *f, const struct picture_layout *l, int k,
                       const struct probe_snapshot *p)
{
    const struct gallery *g = p->gallery;
    const struct picture_grid *grid = &l->samples;
    struct rect r = l->block[k], old = canvas_clip(f->canvas, r);
    heading(f, r, p);
    for (int i = 0; i < grid->shown && p->weights_step >= 0; i++) {
        int x = r.x + i % grid->columns * (grid->size.w + 1);
        int y = r.y + 1 + i / grid->columns * (grid->size.h + 1);
        bool below = f->ui->images.below && g->step > 0;
        picture_draw(f->canvas, x, y, below ? g->clean[i] : g->image[i], g->side, &grid->size);
        ui_hit(f->ui, (struct rect){x, y, grid->size.w, grid->size.h}, HIT_CELL, i, k);
        if (i == g->chosen && p->ready)
            mark_patch(f, x, y, g, &grid->size);
    }
    f->canvas->clip = old;
    if (l->map[k].w > 0)
        pictures_map_draw(f, l->map[k], p, 0);
    if (k == 0 && l->map[1].w > 0 && l->block[1].w == 0)
        pictures_map_draw(f, l->map[1], p, 1);
    if (l->levels[k].w > 0 && p->contestant < f->race->count)
        pictures_levels_draw(f, l->levels[k], p->contestant);
}

/* The chosen image after some of the steps. */
static void past_draw(struct frame *f, const struct picture_layout *l, int k,
                      const struct probe_snapshot *p)
{
    const struct gallery *g = p->gallery;
    const struct picture_grid *grid = &l->past;
    struct rect r = l->pasts[k], old = canvas_clip(f->canvas, r);
    for (int column = 0; column < grid->shown && p->weights_step >= 0; column++) {
        int entry = grid->shown > 1 ? column * (IMAGES_PAST - 1) / (grid->shown - 1) : IMAGES_PAST - 1;
        int x = r.x + column * (grid->size.w + 1);
        char line[64];
        int used = column ? 0 : snprintf(line, sizeof line, "%s ", chrome_marker(f->canvas, p->contestant));
        snprintf(line + used, sizeof line - (size_t)used, "after %d, t %d", g->past_step[entry],
                 g->past_time[entry]);
        canvas_text_fit(f->canvas, x, r.y, grid->size.w, line,
                        column ? ROLE_DIM : chrome_series_role(p->contestant), 0);
        if (entry < g->past_count)
            picture_draw(f->canvas, x, r.y + 1, g->past[entry], g->side, &grid->size);
    }
    f->canvas->clip = old;
}

static void reals_draw(struct frame *f, const struct picture_layout *l)
{
    const struct gallery *g = f->probe->gallery;
    struct rect r = l->reals;
    for (int i = 0; i < l->real.shown && i < g->real_count; i++) {
        int x = r.x + i * (l->real.size.w + 1);
        char line[64];
        snprintf(line, sizeof line, "real %s", g->real_label[i]);
        if (canvas_columns(line) > l->real.size.w && g->real_label[i][0])
            snprintf(line, sizeof line, "%s", g->real_label[i]);
        canvas_text_fit(f->canvas, x, r.y, l->real.size.w, line, ROLE_DIM, 0);
        picture_draw(f->canvas, x, r.y + 1, g->real[i], g->side, &l->real.size);
    }
}

/* --- the page ------------------------------------------------------------------------------------ */

static void draw(struct frame *f, struct rect body)
{
    const struct probe_snapshot *p = f->probe;
    struct picture_layout l;
    if (f->race && !pictures_race(f->race)) {
        chrome_notice(f, body, "this race is on symbols: see Attention and Step", ROLE_WARN);
        return;
    }
    if (!f->race || !p || !p->gallery || p->gallery->side == 0) {
        chrome_notice(f, body, p && p->message[0] ? p->message : "starting: nothing is drawn yet", ROLE_DIM);
        return;
    }
    const struct probe_snapshot *second = pictures_second(p);
    layout_pictures(&l, body, p->gallery->side, second ? 2 : 1);
    if (l.samples.shown == 0) {
        chrome_notice(f, body, "too small for an image", ROLE_WARN);
        return;
    }
    f->ui->images.shown = l.samples.shown;
    if (l.labels.h > 0)
        labels_draw(f, &l);
    for (int k = 0; k < (second ? 2 : 1); k++) {
        block_draw(f, &l, k, k ? second : p);
        if (l.pasts[k].h > 0)
            past_draw(f, &l, k, k ? second : p);
    }
    if (l.reals.h > 0)
        reals_draw(f, &l);
    chrome_part(f, l.maps, pictures_maps_draw);
    chrome_part(f, l.losses, pictures_losses_draw);
    chrome_part(f, l.quality, pictures_quality_draw);
    chrome_part(f, l.looks, pictures_looks_draw);
    chrome_part(f, l.level_line, pictures_level_line_draw);
}

static void move(struct ui *ui, uint32_t key, int last)
{
    ui->images.row = ui_clamp(ui->images.row, 0, last);
    ui->images.column = ui_clamp(ui->images.column, 0, last);
    if (key == UI_KEY_LEFT || key == UI_KEY_RIGHT)
        ui->images.column =
            ui_clamp(ui->images.column + (key == UI_KEY_LEFT ? -1 : 1), 0, last);
    else
        ui->images.row = ui_clamp(ui->images.row + (key == UI_KEY_UP ? -1 : 1), 0, last);
}

/* The next one of those that are in sight, or the one before. */
static void choose_image(struct event *e, const struct gallery *g)
{
    int shown = ui_clamp(e->ui->images.shown, 1, IMAGES_SHOWN);
    int chosen = g->chosen < shown ? g->chosen : e->key == 'i' ? shown - 1 : 0;
    event_send(e, COMMAND_DRAW_CHOOSE, (chosen + (e->key == 'i' ? 1 : shown - 1)) % shown, 0);
}

static void choose_steps(struct event *e, const struct gallery *g)
{
    static const int choices[] = {5, 10, 25, 50, 100, 250};
    enum { LAST = sizeof choices / sizeof *choices - 1 };
    int at = 0;
    char line[48];
    while (at < LAST && choices[at] < g->steps)
        at++;
    at = ui_clamp(at + (e->key == '-' ? -1 : 1), 0, LAST);
    event_send(e, COMMAND_DRAW_STEPS, choices[at], 0);
    snprintf(line, sizeof line, "%d steps from noise to image", choices[at]);
    ui_say(e->ui, line);
}

static void measure(struct event *e, const struct gallery *g)
{
    const struct probe_snapshot *second = pictures_second(e->probe);
    const struct quality_report *q[2] = {&g->quality, second ? &second->gallery->quality : NULL};
    bool goes_on = false;
    for (int k = 0; k < 2; k++)
        goes_on = goes_on || (q[k] && q[k]->asked && !q[k]->done && !q[k]->message[0]);
    event_send(e, COMMAND_EXAMINE, goes_on ? -1 : 0, 0);
    ui_say(e->ui, goes_on ? "the measurement was stopped" : "measuring with the weights of now");
}

/* The one that stands beside the chosen one without having been asked for counts as chosen. */
static void next_versus(struct event *e)
{
    const struct probe_snapshot *second = pictures_second(e->probe);
    if (e->ui->versus < 0 && second)
        e->ui->versus = second->contestant;
    ui_next_versus(e);
}

static void act(struct event *e)
{
    struct ui *ui = e->ui;
    const struct gallery *g = e->probe ? e->probe->gallery : NULL;
    if (!pictures_race(e->race) || !g || g->side == 0) {
        ui_say(ui, "nothing is drawn yet");
        return;
    }
    switch (e->action) {
    case ACTION_PATCH:
        move(ui, e->key, pictures_across(g) - 1);
        break;
    case ACTION_IMAGE:
        choose_image(e, g);
        break;
    case ACTION_NOISE:
        event_send(e, COMMAND_DRAW_NOISE, e->key == 'o' ? IMAGES_SHOWN : -IMAGES_SHOWN, 0);
        break;
    case ACTION_DRAW_AGAIN:
        event_send(e, COMMAND_DRAW_NOISE, 0, 0);
        break;
    case ACTION_DRAW_STEPS:
        choose_steps(e, g);
        break;
    case ACTION_BELOW:
        ui->images.below = !ui->images.below;
        ui_say(ui, ui->images.below ? "what each contestant takes to be below the noise"
                                    : "the images with the noise that is left");
        break;
    case ACTION_QUALITY:
        measure(e, g);
        break;
    case ACTION_VERSUS:
        next_versus(e);
        break;
    case ACTION_HEAD:
    case ACTION_LAYER:
        maps_choose(e, e->probe);
        break;
    default:
        break;
    }
}

/* A click on an image chooses it and its patch there; on a large map its patch alone. */
static void click(struct event *e, const struct ui_mouse *m, struct rect at)
{
    struct ui *ui = e->ui;
    const struct gallery *g = e->probe ? e->probe->gallery : NULL;
    if (!g || g->side == 0 || at.w <= 0 || at.h <= 0)
        return;
    ui->images.column = (m->x - at.x) * pictures_across(g) / at.w;
    ui->images.row = (m->y - at.y) * pictures_across(g) / at.h;
    for (int i = 0; i < ui->hit_count; i++) {
        const struct hit *h = &ui->hits[i];
        bool here = h->kind == HIT_CELL && h->at.x == at.x && h->at.y == at.y;
        if (here && h->a >= 0 && h->a != g->chosen)
            event_send(e, COMMAND_DRAW_CHOOSE, h->a, 0);
    }
}

static const struct term terms[] = {
    {"noise 3", "the noise that the images of a column begin as, the same for both contestants"},
    {"DDIM step 12 of 25", "of the way from pure noise to an image"},
    {"noise of t 520", "time of the noise that is left: 1000 all, 0 none"},
    {"below the noise", "what a contestant takes to be there when the noise is gone"},
    {"attention of patch", "weights of the cursor's patch over all patches, column and row"},
    {"time .15", "of a head: its weight on the token that tells how much noise there is"},
    {"after 8, t 680", "the chosen sample when 8 of the steps were done"},
    {"loss by noise", "mean squared error of the noise found in held-out images, n a level"},
    {"Frechet distance", "of samples from training images, in features of a classifier trained for it"},
    {"bar's left end", "the distance of held-out real images: the least to be expected; right: noise"},
    {NULL, NULL},
};

const struct view_ops view_images = {"images", "Images", draw, act, click, terms};
