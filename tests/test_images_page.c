/* The page Images, and what the others show of a race on images. HEED_WRITE_GOLDEN=1 writes the
   goldens anew. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include "fixture_images.h"
#include "view/pictures.h"
#include <cmocka.h>

enum { OUTBOX = 16 };

struct screen {
    struct ui *ui;
    struct canvas canvas;
    struct race_snapshot *race;
    struct probe_snapshot *probe;
    struct command out[OUTBOX];
    struct text text;
};

static const char *look(struct screen *s)
{
    ui_draw(s->ui, &s->canvas, s->race, s->probe);
    text_reset(&s->text);
    canvas_write_text(&s->canvas, &s->text);
    return text_string(&s->text);
}

static void open_screen(struct screen *s, enum ui_page page, int w, int h, enum glyphs glyphs,
                        int colors, int step)
{
    struct ui_options options = {.page = page};
    *s = (struct screen){.race = fixture_drawing_race(), .probe = fixture_drawings(step)};
    s->canvas.glyphs = glyphs;
    s->canvas.colors = colors;
    assert_int_equal(theme_load(&options.theme, "dark", NULL), 0);
    assert_int_equal(ui_new(&s->ui, &options, NULL), 0);
    assert_int_equal(canvas_resize(&s->canvas, w, h), 0);
    look(s);
}

static void close_screen(struct screen *s)
{
    text_release(&s->text);
    ui_free(s->ui);
    canvas_release(&s->canvas);
    fixture_drawings_free(s->race, s->probe);
}

static int press(struct screen *s, uint32_t key)
{
    int sent = ui_key(s->ui, key, NULL, s->race, s->probe, s->out, OUTBOX);
    look(s);
    return sent;
}

static void sends(struct screen *s, uint32_t key, enum command_kind kind, int index)
{
    assert_int_equal(press(s, key), 1);
    assert_int_equal(s->out[0].kind, kind);
    assert_int_equal(s->out[0].index, index);
}

/* --- goldens --------------------------------------------------------------------------------- */

static const struct {
    const char *name;
    enum ui_page page;
    int width, height;
    enum glyphs glyphs;
    int colors, step;
} goldens[] = {
    {"images_80x24", PAGE_IMAGES, 80, 24, GLYPHS_BRAILLE, 0, 18},
    {"images_80x24_ascii", PAGE_IMAGES, 80, 24, GLYPHS_ASCII, 0, 25},
    {"images_120x36", PAGE_IMAGES, 120, 36, GLYPHS_BRAILLE, 0, 25},
    {"images_120x36_ascii", PAGE_IMAGES, 120, 36, GLYPHS_ASCII, 0, 18},
    {"images_200x60", PAGE_IMAGES, 200, 60, GLYPHS_BRAILLE, 0, 20},
    {"images_200x60_ascii", PAGE_IMAGES, 200, 60, GLYPHS_ASCII, 0, 25},
    {"images_train_120x36", PAGE_TRAIN, 120, 36, GLYPHS_BRAILLE, 256, 25},
    {"images_train_80x24_ascii", PAGE_TRAIN, 80, 24, GLYPHS_ASCII, 0, 25},
    {"images_compare_120x36", PAGE_COMPARE, 120, 36, GLYPHS_BRAILLE, 256, 25},
};

static void draws_goldens(void **state)
{
    (void)state;
    static char want[64 * 1024];
    for (size_t i = 0; i < sizeof goldens / sizeof *goldens; i++) {
        struct screen s;
        char path[160];
        open_screen(&s, goldens[i].page, goldens[i].width, goldens[i].height, goldens[i].glyphs,
                    goldens[i].colors, goldens[i].step);
        snprintf(path, sizeof path, "tests/golden/page_%s.txt", goldens[i].name);
        bool write = getenv("HEED_WRITE_GOLDEN") != NULL;
        FILE *file = fopen(path, write ? "wb" : "rb");
        assert_non_null(file);
        if (write) {
            fputs(look(&s), file);
        } else {
            want[fread(want, 1, sizeof want - 1, file)] = 0;
            if (strcmp(want, look(&s)) != 0)
                fail_msg("%s differs", path);
        }
        fclose(file);
        close_screen(&s);
    }
}

/* --- pictures ---------------------------------------------------------------------------------- */

/* A white pixel is the ramp's end, black its beginning, in the half of its cell. */
static void half_blocks(void **state)
{
    (void)state;
    float pixels[16];
    struct canvas c = {.glyphs = GLYPHS_HALF, .colors = 256};
    for (int i = 0; i < 16; i++)
        pixels[i] = i == 5 ? 1 : i == 8 ? 0 : -1;
    assert_int_equal(canvas_resize(&c, 6, 4), 0);
    struct picture_size one = picture_size(4, 1, 1), half = picture_size(4, 2, 1);
    struct picture_size twice = picture_size(4, 1, 2);
    picture_draw(&c, 1, 1, pixels, 4, &one);
    struct cell *cell = canvas_at(&c, 2, 1);
    assert_int_equal(cell->code, 0x2580);
    assert_int_equal(cell->fg, ROLE_SEQUENTIAL_0);
    assert_int_equal(cell->bg, ROLE_SEQUENTIAL_0 + RAMP_LEVELS - 1);
    cell = canvas_at(&c, 1, 2);
    assert_int_equal(cell->fg, ROLE_SEQUENTIAL_0 + 8);
    assert_int_equal(cell->bg, ROLE_SEQUENTIAL_0);
    c.glyphs = GLYPHS_BLOCK;
    picture_draw(&c, 1, 1, pixels, 4, &one);
    assert_int_equal(canvas_at(&c, 2, 1)->code, ' '); /* one colour for both pixels */
    assert_int_equal(canvas_at(&c, 2, 1)->bg, ROLE_SEQUENTIAL_0 + RAMP_LEVELS / 2);
    c.glyphs = GLYPHS_ASCII;
    picture_draw(&c, 1, 1, pixels, 4, &one);
    assert_int_equal(canvas_at(&c, 2, 1)->code, '+'); /* half of its cell is white */
    assert_int_equal(canvas_at(&c, 3, 1)->code, '.');
    c.glyphs = GLYPHS_HALF;
    c.colors = 0;
    picture_draw(&c, 1, 1, pixels, 4, &one);
    assert_int_equal(canvas_at(&c, 2, 1)->code, 0x2592); /* two of four shades */
    assert_int_equal(canvas_at(&c, 3, 1)->code, 0xb7);   /* black ends where the gap begins */
    c.colors = 256;
    picture_draw(&c, 1, 1, pixels, 4, &half); /* 2 x 2 pixels are one */
    assert_int_equal(canvas_at(&c, 1, 1)->fg, ROLE_SEQUENTIAL_0 + 4);
    assert_int_equal(canvas_at(&c, 1, 1)->bg, ROLE_SEQUENTIAL_0 + 2);
    assert_int_equal(twice.w, 8);
    assert_int_equal(twice.h, 4);
    assert_int_equal(canvas_resize(&c, 8, 4), 0);
    picture_draw(&c, 0, 0, pixels, 4, &twice); /* pixel 5 is columns 2 and 3 of row 1 */
    for (int x = 1; x < 5; x++) {
        int white = x == 2 || x == 3 ? RAMP_LEVELS - 1 : 0;
        assert_int_equal(canvas_at(&c, x, 1)->fg, ROLE_SEQUENTIAL_0 + white);
        assert_int_equal(canvas_at(&c, x, 1)->bg, ROLE_SEQUENTIAL_0 + white);
    }
    canvas_release(&c);
}

/* Parts lie inside the body and apart from each other at any size. */
static void layouts(void **state)
{
    (void)state;
    static const int sides[] = {4, 16, 28, 64};
    for (int w = 0; w < 220; w += 3)
        for (int h = 0; h < 70; h++)
            for (int k = 0; k < 8; k++) {
                struct picture_layout l;
                struct rect body = {2, 3, w, h};
                int count = 1 + k % 2;
                layout_pictures(&l, body, sides[k / 2], count);
                struct rect parts[] = {l.labels, l.block[0], l.block[1], l.map[0],  l.map[1],
                                       l.levels[0], l.levels[1], l.maps,  l.losses,  l.quality,
                                       l.reals,  l.pasts[0], l.pasts[1], l.looks, l.level_line};
                for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
                    struct rect r = rect_common(parts[i], body);
                    if (parts[i].w > 0 && parts[i].h > 0)
                        assert_true(r.w == parts[i].w && r.h == parts[i].h);
                    for (size_t j = 0; j < i; j++) {
                        r = rect_common(parts[i], parts[j]);
                        assert_true(r.w <= 0 || r.h <= 0);
                    }
                }
                const struct picture_grid *g = &l.samples;
                assert_true(g->shown <= IMAGES_SHOWN && g->shown <= g->columns * g->rows);
                assert_true(g->shown == 0 || g->columns * (g->size.w + 1) - 1 <= l.block[0].w);
                assert_true(g->shown == 0 || 1 + g->rows * (g->size.h + 1) - 1 <= l.block[0].h);
            }
}

/* Room is used: enlarged where several stand side by side, real images and ways where rows are left. */
static void room_is_used(void **state)
{
    (void)state;
    struct picture_layout l;
    layout_pictures(&l, (struct rect){0, 2, 80, 21}, 16, 2);
    assert_int_equal(l.samples.size.zoom, 1);
    assert_int_equal(l.samples.shown, 3);
    assert_int_equal(l.map[1].w, 16);
    layout_pictures(&l, (struct rect){0, 2, 120, 33}, 16, 2);
    assert_int_equal(l.samples.size.zoom, 1);
    assert_int_equal(l.samples.shown, 5);
    assert_int_equal(l.real.shown, 5);
    assert_int_equal(l.pasts[0].h, 0);
    layout_pictures(&l, (struct rect){0, 2, 120, 33}, 64, 2);
    assert_int_equal(l.real.size.pool, 4);
    assert_int_equal(l.real.shown, 5);
    layout_pictures(&l, (struct rect){0, 2, 200, 57}, 16, 2);
    assert_int_equal(l.samples.size.zoom, 2);
    assert_int_equal(l.samples.shown, 4);
    assert_int_equal(l.past.shown, IMAGES_PAST);
    assert_true(l.pasts[1].h > 0 && l.real.shown == 4 && l.quality.h == 3);
    layout_pictures(&l, (struct rect){0, 2, 300, 97}, 16, 2);
    assert_int_equal(l.samples.size.zoom, 3);
}

/* --- keys and words ------------------------------------------------------------------------------ */

static void keys(void **state)
{
    (void)state;
    struct screen s;
    open_screen(&s, PAGE_IMAGES, 120, 36, GLYPHS_BRAILLE, 256, 25);
    sends(&s, 'i', COMMAND_DRAW_CHOOSE, 2);
    sends(&s, 'I', COMMAND_DRAW_CHOOSE, 0);
    sends(&s, 'o', COMMAND_DRAW_NOISE, IMAGES_SHOWN);
    sends(&s, 'O', COMMAND_DRAW_NOISE, -IMAGES_SHOWN);
    sends(&s, UI_KEY_ENTER, COMMAND_DRAW_NOISE, 0);
    sends(&s, '+', COMMAND_DRAW_STEPS, 50);
    sends(&s, '-', COMMAND_DRAW_STEPS, 10);
    sends(&s, 'v', COMMAND_VERSUS, -1); /* of two, one stood beside the other already */
    assert_int_equal(press(&s, UI_KEY_RIGHT), 0);
    press(&s, UI_KEY_DOWN);
    assert_non_null(strstr(look(&s), "attention of patch 5,5"));
    for (int i = 0; i < 20; i++)
        press(&s, UI_KEY_DOWN);
    assert_non_null(strstr(look(&s), "attention of patch 5,8"));
    assert_false(s.ui->images.below);
    press(&s, 'b');
    assert_true(s.ui->images.below);
    assert_non_null(strstr(look(&s), "uvit-cog"));
    close_screen(&s);
}

/* A click on a sample chooses it and the patch there, on a large map the patch, on a small one the head. */
static void mouse(void **state)
{
    (void)state;
    struct screen s;
    open_screen(&s, PAGE_IMAGES, 120, 36, GLYPHS_BRAILLE, 256, 25);
    /* The third sample of the second contestant stands at 34, 13. */
    struct ui_mouse at = {34 + 11, 13 + 2, 1};
    int sent = ui_key(s.ui, UI_KEY_MOUSE, &at, s.race, s.probe, s.out, OUTBOX);
    assert_int_equal(sent, 1);
    assert_int_equal(s.out[0].kind, COMMAND_DRAW_CHOOSE);
    assert_int_equal(s.out[0].index, 2);
    assert_int_equal(s.ui->images.column, 5);
    assert_int_equal(s.ui->images.row, 2);
    /* The second contestant's large map: columns 102 to 117, rows 4 to 11. */
    at = (struct ui_mouse){102, 11, 1};
    assert_int_equal(ui_key(s.ui, UI_KEY_MOUSE, &at, s.race, s.probe, s.out, OUTBOX), 0);
    assert_int_equal(s.ui->images.column, 0);
    assert_int_equal(s.ui->images.row, 7);
    /* Head 2 stands under the scale. */
    at = (struct ui_mouse){90, 16, 1};
    assert_int_equal(ui_key(s.ui, UI_KEY_MOUSE, &at, s.race, s.probe, s.out, OUTBOX), 1);
    assert_int_equal(s.out[0].kind, COMMAND_MAP);
    assert_int_equal((int)s.out[0].value, 1);
    at = (struct ui_mouse){4, 12, 1}; /* a name */
    ui_key(s.ui, UI_KEY_MOUSE, &at, s.race, s.probe, s.out, OUTBOX);
    assert_int_equal(s.out[0].kind, COMMAND_FOCUS);
    assert_int_equal(s.out[0].index, 1);
    close_screen(&s);
}

/* Asked for, on its way, there with both ends and n, stopped. */
static void quality_is_told(void **state)
{
    (void)state;
    struct screen s;
    open_screen(&s, PAGE_IMAGES, 120, 36, GLYPHS_BRAILLE, 256, 10);
    assert_non_null(strstr(look(&s), "not measured: m measures it"));
    sends(&s, 'm', COMMAND_EXAMINE, 0);
    close_screen(&s);
    open_screen(&s, PAGE_IMAGES, 120, 36, GLYPHS_BRAILLE, 256, 20);
    assert_non_null(strstr(look(&s), "sampling, 192 of 512"));
    sends(&s, 'm', COMMAND_EXAMINE, -1);
    close_screen(&s);
    open_screen(&s, PAGE_IMAGES, 120, 36, GLYPHS_BRAILLE, 256, 25);
    assert_non_null(strstr(look(&s), "uvit-dpa    1.50"));
    assert_non_null(strstr(look(&s), "held-out images 0.10"));
    assert_non_null(strstr(look(&s), "n 512"));
    assert_null(strstr(look(&s), "█▶"));
    s.probe->gallery->quality.distance = 7; /* worse than noise */
    assert_non_null(strstr(look(&s), "█▶"));
    sends(&s, 'm', COMMAND_EXAMINE, 0);
    s.probe->gallery->quality.done = false;
    snprintf(s.probe->gallery->quality.message, LOG_TEXT, "no labels");
    assert_non_null(strstr(look(&s), "no labels"));
    close_screen(&s);
}

/* Digits and Tab know the pages that images have; those of symbols say where to look. */
static void pages_of_images(void **state)
{
    (void)state;
    static const struct {
        uint32_t key;
        enum ui_page page;
        const char *says;
    } keys[] = {{'1', PAGE_TRAIN, ""},
                {'2', PAGE_TRAIN, "on Images (9)"},
                {'3', PAGE_TRAIN, "on Images (9)"},
                {'9', PAGE_IMAGES, ""},
                {'4', PAGE_COMPARE, ""},
                {'6', PAGE_COMPARE, "no page Probe"},
                {'8', PAGE_COMPARE, "no page Measure"},
                {'5', PAGE_RUN, ""}};
    struct screen s;
    open_screen(&s, PAGE_STEP, 120, 36, GLYPHS_BRAILLE, 256, 25);
    assert_int_equal(s.ui->page, PAGE_IMAGES);
    for (size_t k = 0; k < sizeof keys / sizeof *keys; k++) {
        press(&s, keys[k].key);
        assert_int_equal(s.ui->page, keys[k].page);
        assert_non_null(strstr(s.ui->message, keys[k].says));
    }
    press(&s, UI_KEY_TAB);
    assert_int_equal(s.ui->page, PAGE_LEARN);
    press(&s, UI_KEY_TAB);
    assert_int_equal(s.ui->page, PAGE_IMAGES);
    press(&s, UI_KEY_TAB);
    assert_int_equal(s.ui->page, PAGE_TRAIN);
    press(&s, UI_KEY_ENTER); /* the chosen contestant's map */
    assert_int_equal(s.ui->page, PAGE_IMAGES);
    assert_null(strstr(look(&s), "Attention"));
    snprintf(s.race->config.task.kind, sizeof s.race->config.task.kind, "iarc");
    assert_non_null(strstr(look(&s), "this race is on symbols"));
    close_screen(&s);
}

static void states_are_told(void **state)
{
    (void)state;
    struct screen s;
    open_screen(&s, PAGE_IMAGES, 120, 36, GLYPHS_BRAILLE, 256, 10);
    assert_non_null(strstr(look(&s), "step 12,340 · DDIM step 10 of 25"));
    s.probe->second_kind = SECOND_NONE;
    assert_null(strstr(look(&s), "uvit-cog "));
    snprintf(s.probe->message, sizeof s.probe->message, "uvit-dpa has no weights yet");
    s.probe->weights_step = -1;
    s.probe->ready = false;
    assert_non_null(strstr(look(&s), "uvit-dpa has no weights yet"));
    s.race->contestants[0].eval.valid = s.race->contestants[1].eval.valid = false;
    assert_null(strstr(look(&s), "nan"));
    close_screen(&s);
    open_screen(&s, PAGE_TRAIN, 120, 36, GLYPHS_BRAILLE, 256, 25);
    assert_null(strstr(look(&s), "accuracy"));
    for (int i = 0; i < 12; i++) {
        press(&s, 'v');
        assert_null(strstr(look(&s), "switch cost"));
    }
    close_screen(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(draws_goldens),   cmocka_unit_test(half_blocks),
        cmocka_unit_test(layouts),         cmocka_unit_test(room_is_used),
        cmocka_unit_test(keys),
        cmocka_unit_test(mouse),           cmocka_unit_test(quality_is_told),
        cmocka_unit_test(pages_of_images), cmocka_unit_test(states_are_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
