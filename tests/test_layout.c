/* Every page at every size: nothing overlaps, nothing leaves the canvas, too small says so. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include "base/rng.h"
#include "cli/matching.h"
#include "fixture_snapshot.h"
#include "view/learn.h"
#include "view/ui_state.h"
#include <cmocka.h>

static struct ui *new_ui(enum ui_page page)
{
    struct ui_options options = {.page = page, .matching = &cli_matching};
    struct failure why;
    struct ui *ui;
    assert_int_equal(theme_load(&options.theme, "dark", &why), 0);
    assert_int_equal(ui_new(&ui, &options, &why), 0);
    return ui;
}

static bool inside(struct rect r, struct rect outer)
{
    return r.w == 0 || r.h == 0 ||
           (r.x >= outer.x && r.y >= outer.y && r.w > 0 && r.h > 0 &&
            r.x + r.w <= outer.x + outer.w && r.y + r.h <= outer.y + outer.h);
}

static bool disjoint(const struct layout *l, struct rect body)
{
    for (int i = 0; i < LAYOUT_PARTS; i++) {
        if (!inside(l->part[i], body))
            return false;
        for (int j = 0; j < i; j++) {
            struct rect both = rect_common(l->part[i], l->part[j]);
            if (both.w > 0 && both.h > 0)
                return false;
        }
    }
    return true;
}

static void layouts_are_disjoint(void **state)
{
    (void)state;
    for (int w = 0; w <= 300; w++)
        for (int h = 0; h <= 100; h++) {
            struct rect body = {3, 2, w, h};
            struct layout l;
            for (int n = 1; n <= 8; n += 7) {
                layout_train(&l, body, n, 4, 32, n == 1);
                assert_true(disjoint(&l, body));
                layout_attention(&l, body, 8 * n, n, 4 * n + 2, w % 2);
                assert_true(disjoint(&l, body));
                layout_step(&l, body, 32, n == 1 ? 0 : 2 * n, 4, n == 2);
                assert_true(disjoint(&l, body));
                layout_step_pair(&l, body);
                assert_true(disjoint(&l, body));
                layout_compare(&l, body, n, 1 + w % 3, w % 2);
                assert_true(disjoint(&l, body));
                layout_run(&l, body, &(struct run_wants){n, 9 - n, w % 3, w % 7, n, 30 * n, h % 2});
                assert_true(disjoint(&l, body));
                layout_learn(&l, body, 4 * n + w % 5, 2 * n, 1 + h % 3, n);
                assert_true(disjoint(&l, body));
            }
        }
}

/* Draw on a canvas exactly as large as its cells: the sanitiser sees what leaves it. */
static void draw_at(struct ui *ui, int width, int height, enum glyphs glyphs, int colors,
                    const struct race_snapshot *race, const struct probe_snapshot *probe)
{
    struct canvas c = {.glyphs = glyphs, .colors = colors};
    assert_int_equal(canvas_resize(&c, width, height), 0);
    ui_draw(ui, &c, race, probe);
    assert_int_equal(c.clip.w, width);
    assert_int_equal(c.clip.h, height);
    for (int i = 0; i < width * height; i++) {
        assert_true(c.cells[i].code >= 0x20 && c.cells[i].fg < ROLE_COUNT);
        if (glyphs == GLYPHS_ASCII)
            assert_true(c.cells[i].code < 0x7f);
    }
    for (int i = 0; i < ui->hit_count; i++)
        assert_true(inside(ui->hits[i].at, (struct rect){0, 0, width, height}));
    canvas_release(&c);
}

/* One of many states of a page. */
static void choose(struct ui *ui, struct rng *rng)
{
#define ONE_IN(n) (rng_below(rng, n) == 0)
    ui->help = ONE_IN(11);
    ui->asks_quit = ONE_IN(13);
    ui->file.open = ONE_IN(17);
    ui->file.kind = (enum ui_file)(UI_FILE_WRITE_SEQUENCE + (int)rng_below(rng, 3));
    ui->map.all = ONE_IN(4);
    ui->map.difference = ONE_IN(3);
    ui->map.overview = ONE_IN(3);
    ui->step.typed = ONE_IN(7) ? 1 : -1;
    ui->step.edit = (enum step_edit)rng_below(rng, 3);
    ui->step.back = 1 + (int)rng_below(rng, 40);
    ui->curves.measure = (int)rng_below(rng, MEASURE_SUBTASK_0 + 4);
    ui->curves.log_x = ONE_IN(4);
    ui->curves.log_share = ONE_IN(6);
    ui->curves.highlight = ONE_IN(5);
    ui->curves.follow = ONE_IN(3);
    ui->curves.x_high = ONE_IN(8) ? 5000 : 0;
    ui->compare.bars = ONE_IN(7);
    if (ui->learn.count > 0) {
        learn_show(ui, (int)rng_below(rng, (uint32_t)ui->learn.count));
        ui->learn.press = (int)rng_below(rng, (uint32_t)learn_lesson(ui)->presses);
        ui->learn.widget = (int)rng_below(rng, (uint32_t)learn_lesson(ui)->widgets);
        ui->learn.query.angle = (double)rng_below(rng, 360);
        ui->learn.scroll = (int)rng_below(rng, 9);
    }
#undef ONE_IN
}

/* From 1x1 to 300x100: each page up to 90x30, beyond it one page a size in turn. */
static void draws_at_every_size(void **state)
{
    (void)state;
    static const int colors[] = {0, 8, 16, 256, 1 << 24};
    struct race_snapshot *race = fixture_race();
    struct probe_snapshot *probes[] = {fixture_probe(1, false), fixture_probe(2, true),
                                       fixture_probe(0, false), fixture_probe(1, true),
                                       fixture_probe(2, false)};
    enum { PROBES = sizeof probes / sizeof *probes };
    struct ui *ui[PAGE_COUNT];
    struct rng rng;
    for (int i = 0; i < PROBES; i++) { /* steps 0, 1, 2, ... of the past */
        probes[i]->timeline_count = 9 * i;
        for (int k = 0; k < 9 * i; k++)
            probes[i]->timeline[k] = k;
        probes[i]->past = i % 2 ? -1 : 5;
    }
    probes[1]->map_first = 3;
    probes[1]->map_count = 2;
    fixture_pair(probes[3], SECOND_VERSUS);
    fixture_pair(probes[4], SECOND_BRANCH);
    for (int page = 0; page < PAGE_COUNT; page++)
        ui[page] = new_ui((enum ui_page)page);
    rng_seed(&rng, 1, RNG_TEST, 0);

    for (int h = 1; h <= 100; h++)
        for (int w = 1; w <= 300; w++)
            for (int page = 0; page < PAGE_COUNT; page++) {
                if ((h > 30 || w > 90) && page != (w + h) % PAGE_COUNT)
                    continue;
                choose(ui[page], &rng);
                draw_at(ui[page], w, h, (enum glyphs)rng_below(&rng, 3), colors[rng_below(&rng, 5)],
                        race, probes[rng_below(&rng, PROBES)]);
            }
    for (int page = 0; page < PAGE_COUNT; page++)
        ui_free(ui[page]);
    for (int i = 0; i < PROBES; i++)
        fixture_free(NULL, probes[i]);
    fixture_free(race, NULL);
}

static void too_small_is_said(void **state)
{
    (void)state;
    static const struct {
        int w, h;
        const char *text;
    } cases[] = {{1, 1, "\n"}, {4, 1, "20x6\n"}, {19, 3, "\n  heed needs 20x6\n\n"}};
    struct race_snapshot *race = fixture_race();

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct canvas c = {.glyphs = GLYPHS_BRAILLE, .colors = 256};
        struct ui *ui = new_ui(PAGE_TRAIN);
        struct text got = {0};
        assert_int_equal(canvas_resize(&c, cases[i].w, cases[i].h), 0);
        ui_draw(ui, &c, race, NULL);
        canvas_write_text(&c, &got);
        assert_string_equal(text_string(&got), cases[i].text);
        text_release(&got);
        ui_free(ui);
        canvas_release(&c);
    }
    fixture_free(race, NULL);
}

/* Eight contestants at 80x24: the table, and a map where the switches have no room. */
static void many_leave_a_map(void **state)
{
    (void)state;
    struct layout l;
    struct rect body = {0, 2, 80, 21};

    layout_train(&l, body, 8, 4, 32, true);
    assert_int_equal(l.part[TRAIN_NOW].h, 11);
    assert_int_equal(l.part[TRAIN_SWITCH].h, 0);
    assert_int_equal(l.part[TRAIN_MAP].h, 10);
    body.h = 18;
    layout_train(&l, body, 8, 4, 32, true);
    assert_int_equal(l.part[TRAIN_NOW].h, 18);
    assert_int_equal(l.part[TRAIN_MAP].h, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(many_leave_a_map),
        cmocka_unit_test(layouts_are_disjoint),
        cmocka_unit_test(draws_at_every_size),
        cmocka_unit_test(too_small_is_said),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
