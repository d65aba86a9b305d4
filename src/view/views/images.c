/* Images: what contestants draw out of the same noise, step by step, and where a patch attends. */
#include "view/ui_state.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include "view/maps.h"
#include "view/pictures.h"

/* The second contestant's picture, if there is one with images. */
static const struct probe_snapshot *beside(const struct probe_snapshot *p)
{
    return p->second_kind == SECOND_VERSUS && p->second && p->second->gallery ? p->second : NULL;
}

/* Patches along a side. */
static int across(const struct gallery *g)
{
    return g->patch > 0 ? g->side / g->patch : 0;
}

/* "● uvit-dpa  step 1,200 · denoised 12 of 25, noise of t 520 left · 4 of 8"; less in little room. */
static void heading(struct frame *f, struct rect r, const struct probe_snapshot *p, int shown)
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
    if (p->message[0])
        snprintf(rest, sizeof rest, "%s", p->message);
    else if (g->step < g->steps)
        snprintf(rest, sizeof rest, "step %s · denoised %d of %d, noise of t %d left", step, g->step,
                 g->steps, g->time);
    else
        snprintf(rest, sizeof rest, "step %s · drawn in %d steps", step, g->steps);
    size_t n = strlen(rest);
    if (!p->message[0] && shown < IMAGES_SHOWN)
        snprintf(rest + n, sizeof rest - n, " · %d of %d", shown, IMAGES_SHOWN);
    if (!p->message[0] && canvas_columns(rest) > r.x + r.w - x - 2)
        snprintf(rest, sizeof rest, "step %s · %d of %d", step, g->step, g->steps);
    canvas_text_fit(c, x + 2, r.y, r.x + r.w - x - 2, rest, p->message[0] ? ROLE_WARN : ROLE_DIM,
                    0);
}

/* The cursor's patch, over the image that is chosen. */
static void mark_patch(struct frame *f, int x, int y, const struct gallery *g, int pool)
{
    int last = across(g) - 1;
    int left = ui_clamp(f->ui->images.column, 0, last) * g->patch / pool;
    int top = ui_clamp(f->ui->images.row, 0, last) * g->patch / pool / 2;
    int wide = g->patch / pool > 0 ? g->patch / pool : 1;
    int high = g->patch / pool / 2 > 0 ? g->patch / pool / 2 : 1;
    canvas_fill(f->canvas, (struct rect){x + left, y + top, wide, high}, '+', ROLE_CURSOR,
                ROLE_CURSOR_BACKGROUND);
}

static void block_draw(struct frame *f, const struct picture_layout *l, int k,
                       const struct probe_snapshot *p)
{
    const struct gallery *g = p->gallery;
    struct rect r = l->block[k], old = canvas_clip(f->canvas, r);
    heading(f, r, p, l->shown);
    for (int i = 0; i < l->shown && p->weights_step >= 0; i++) {
        int x = r.x + i % l->columns * (l->size.w + 1), y = r.y + 1 + i / l->columns * l->size.h;
        bool below = f->ui->images.below && g->step > 0;
        picture_draw(f->canvas, x, y, below ? g->clean[i] : g->image[i], g->side, l->size.pool);
        ui_hit(f->ui, (struct rect){x, y, l->size.w, l->size.h}, HIT_CELL, i, k);
        if (i == g->chosen && k == 0 && p->ready)
            mark_patch(f, x, y, g, l->size.pool);
    }
    f->canvas->clip = old;
}

/* --- attention over patches ---------------------------------------------------------------------- */

/* Row of the cursor's patch in the maps: the time's token comes first. */
static int query_of(const struct ui *ui, const struct gallery *g)
{
    int n = across(g);
    return 1 + ui_clamp(ui->images.row, 0, n - 1) * n + ui_clamp(ui->images.column, 0, n - 1);
}

/* One head's weights of the cursor's patch as a picture of patches; false: its map is not here. */
static bool head_draw(struct frame *f, struct rect r, const struct probe_snapshot *p, int layer,
                      int head, bool chosen)
{
    const struct gallery *g = p->gallery;
    int n = across(g);
    char left[KIND_TEXT + 24], right[24];
    if (!maps_has(p, layer, head) || n * n + 1 != p->positions)
        return false;
    const float *w = maps_weight(p, layer, head) + (size_t)query_of(f->ui, g) * p->positions;
    snprintf(left, sizeof left, "%s%d.%d", chosen ? "▸" : "", layer + 1, head + 1);
    format_share(right, sizeof right, (double)w[0]);
    canvas_text_fit(f->canvas, r.x, r.y, r.w, left, chosen ? ROLE_ACCENT : ROLE_DIM, 0);
    canvas_textf(f->canvas, r.x + 6, r.y, ROLE_DIM, 0, "t%s", right);
    rect_cut_top(&r, 1);
    struct heat_options o = {.mode = HEAT_SIGNED, .cursor_row = -1, .cursor_column = -1,
                             .compact = true};
    heat_draw(f->canvas, r, w + 1, NULL, n, &o);
    return true;
}

/* All heads of the chosen layer, from the chosen one on where they do not fit. */
static void maps_panel(struct frame *f, struct rect r)
{
    const struct probe_snapshot *p = f->probe;
    const struct gallery *g = p->gallery;
    char left[64], right[KIND_TEXT + 16];
    int layer, head, n = across(g), wide = 2 * n + 1, high = n + 1;
    maps_chosen(f->ui, p, &layer, &head);
    snprintf(left, sizeof left, "attention of patch %d,%d",
             ui_clamp(f->ui->images.column, 0, n - 1) + 1,
             ui_clamp(f->ui->images.row, 0, n - 1) + 1);
    snprintf(right, sizeof right, "layer %d %s", layer + 1, p->layer_attention[layer]);
    r = canvas_box(f->canvas, r, left, right);
    struct rect old = canvas_clip(f->canvas, r);
    int columns, boxes = layout_grid(r.w, r.h, wide < r.w ? wide : r.w, high, p->heads, &columns);
    if (boxes < 1)
        columns = boxes = 1;
    int first = ui_clamp(head - boxes + 1, 0, p->heads - boxes);
    for (int k = 0; k < boxes; k++) {
        struct rect at = {r.x + k % columns * wide, r.y + k / columns * high, wide - 1, high};
        at = rect_common(at, r);
        if (at.h > 1)
            head_draw(f, at, p, layer, first + k, first + k == head);
    }
    f->canvas->clip = old;
}

/* "patch 3,4 attends most to 2,4 .21 · time .08 · layer 2 head 1 cog" */
static void maps_line(struct frame *f, struct rect r)
{
    const struct probe_snapshot *p = f->probe;
    const struct gallery *g = p->gallery;
    int layer, head, n = across(g), best = 1;
    char share[16], time[16];
    maps_chosen(f->ui, p, &layer, &head);
    if (!maps_has(p, layer, head) || n * n + 1 != p->positions)
        return;
    const float *w = maps_weight(p, layer, head) + (size_t)query_of(f->ui, g) * p->positions;
    for (int k = 2; k < p->positions; k++)
        best = fabsf(w[k]) > fabsf(w[best]) ? k : best;
    format_share(share, sizeof share, (double)w[best]);
    format_share(time, sizeof time, (double)w[0]);
    char line[160];
    snprintf(line, sizeof line,
             "patch %d,%d looks most at %d,%d: %s · time token: %s · layer %d head %d %s",
             (query_of(f->ui, g) - 1) % n + 1, (query_of(f->ui, g) - 1) / n + 1,
             (best - 1) % n + 1, (best - 1) / n + 1, share, time, layer + 1, head + 1,
             p->layer_attention[layer]);
    canvas_text_fit(f->canvas, r.x, r.y, r.w, line, ROLE_TEXT, 0);
}

static void attention_draw(struct frame *f, struct rect r)
{
    const struct probe_snapshot *p = f->probe;
    if (!p->ready || p->layers == 0)
        return;
    if (r.h >= 4)
        maps_panel(f, r);
    else
        maps_line(f, r);
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
    const struct probe_snapshot *second = beside(p);
    layout_pictures(&l, body, p->gallery->side, second ? 2 : 1);
    if (l.shown == 0) {
        chrome_notice(f, body, "too small for an image", ROLE_WARN);
        return;
    }
    block_draw(f, &l, 0, p);
    if (second)
        block_draw(f, &l, 1, second);
    chrome_part(f, l.maps, attention_draw);
    chrome_part(f, l.levels, levels_draw);
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
        move(ui, e->key, across(g) - 1);
        break;
    case ACTION_IMAGE:
        event_send(e, COMMAND_DRAW_CHOOSE,
                   (g->chosen + (e->key == 'i' ? 1 : IMAGES_SHOWN - 1)) % IMAGES_SHOWN, 0);
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
    case ACTION_VERSUS:
        ui_next_versus(e);
        break;
    case ACTION_HEAD:
    case ACTION_LAYER:
        maps_choose(e, e->probe);
        break;
    default:
        break;
    }
}

/* A click on an image chooses its patch there. */
static void click(struct event *e, const struct ui_mouse *m, struct rect at)
{
    const struct gallery *g = e->probe ? e->probe->gallery : NULL;
    if (!g || g->side == 0 || at.w <= 0 || at.h <= 0)
        return;
    e->ui->images.column = (m->x - at.x) * across(g) / at.w;
    e->ui->images.row = (m->y - at.y) * across(g) / at.h;
}

static const struct term terms[] = {
    {"denoised 12 of 25", "steps of DDIM from pure noise to an image; the same noise for all"},
    {"noise of t 520", "time of the noise that is left: 1000 all, 0 none"},
    {"loss by noise", "mean squared error of the noise found in held-out images, n a level"},
    {"attention of patch", "weights of the cursor's patch over all patches, in each head"},
    {"t.08 at a map", "its weight on the token that tells the time"},
    {NULL, NULL},
};

const struct view_ops view_images = {"images", "Images", draw, act, click, terms};
