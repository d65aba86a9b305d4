/* Any keys in any order, at any size: nothing leaves the canvas, and every page draws. */
#include "heed_test.h"

#include <string.h>
#include "base/embed.h"
#include "base/rng.h"
#include "cli/matching.h"
#include "cli/setup.h"
#include "fixture_images.h"
#include "fixture_snapshot.h"
#include "fixture_sweep.h"
#include "view/ui_state.h"

enum { KEYS_EACH = 3000, OUTBOX = 64, WIDEST = 300, HIGHEST = 100 };

struct show {
    struct ui *ui;
    struct canvas canvas;
    struct race_snapshot *race, *symbols, *images; /* the first is one of the others */
    struct probe_snapshot *probes[6], *drawings[6];
    struct sweep_picture *sweep; /* or NULL */
    struct rng rng;
    char pressed[64]; /* the last keys, for the message */
};

enum kind { TRAINING, PREPARING, WATCHING, DRAWING, OPENING /* one race after the other */, KINDS };

static void show_open(struct show *s, enum ui_page page, enum kind kind)
{
    struct ui_options options = {
        .page = page, .stepping_only = kind == WATCHING, .matching = &cli_matching};
    struct ui_setup setup;
    struct plan plan = {0};
    struct failure why;

    *s = (struct show){.symbols = fixture_race(),
                       .images = fixture_drawing_race(),
                       .probes = {NULL, fixture_probe(1, false), fixture_probe(2, true),
                                  fixture_probe(0, false), fixture_probe(1, true),
                                  fixture_probe(2, false)},
                       .drawings = {NULL, fixture_drawing(0, 0), fixture_drawing(9, 1),
                                    fixture_drawings(25), fixture_drawings(2),
                                    fixture_drawing(25, 0)}};
    s->race = kind == DRAWING ? s->images : s->symbols;
    fixture_pair(s->probes[4], SECOND_VERSUS);
    fixture_pair(s->probes[5], SECOND_BRANCH);
    assert_int_equal(theme_load_shipped(&options.theme, "dark", &why), 0);
    assert_int_equal(plan_add_ini(&plan, embedded_presets[0].text, "preset", &why), 0);
    setup_fill(&setup, &plan, kind == PREPARING);
    if (kind != WATCHING)
        options.setup = &setup;
    assert_int_equal(ui_new(&s->ui, &options, &why), 0);
    plan_release(&plan);
    if (kind == WATCHING && page == PAGE_MEASURE) {
        s->sweep = fixture_sweep(fixture_sweep_text);
        ui_sweep(s->ui, s->sweep);
    }
    rng_seed(&s->rng, 1000 + (uint64_t)page, RNG_TEST, kind);
}

static void show_close(struct show *s)
{
    for (int i = 1; i < 6; i++) {
        fixture_free(NULL, s->probes[i]);
        fixture_drawings_free(NULL, s->drawings[i]);
    }
    fixture_free(s->symbols, NULL);
    fixture_free(s->images, NULL);
    if (s->sweep)
        fixture_sweep_free(s->sweep);
    canvas_release(&s->canvas);
    ui_free(s->ui);
}

static int below(struct show *s, int n)
{
    return (int)rng_below(&s->rng, (uint32_t)n);
}

/* Often small, where there is least room. */
static void resize(struct show *s)
{
    static const int most[][2] = {{24, 10}, {90, 40}, {WIDEST, HIGHEST}, {WIDEST, 8}, {30, HIGHEST}};
    static const int colors[] = {0, 8, 16, 256, 1 << 24};
    int kind = below(s, 5);

    canvas_release(&s->canvas); /* exactly as large as its cells: the sanitizer sees what leaves it */
    s->canvas = (struct canvas){.glyphs = (enum glyphs)below(s, GLYPHS_BRAILLE + 1), .colors = colors[below(s, 5)]};
    assert_int_equal(
        canvas_resize(&s->canvas, 1 + below(s, most[kind][0]), 1 + below(s, most[kind][1])), 0);
}

/* Another race has begun: the pictures are of that one. */
static void open_other(struct show *s)
{
    int number = s->race->number + 1;
    s->race = s->race == s->symbols ? s->images : s->symbols;
    s->race->number = number;
    for (int i = 1; i < 6; i++)
        s->probes[i]->number = s->drawings[i]->number = number;
}

/* Every letter and sign, every key that has a name, and the mouse. */
static uint32_t any_key(struct show *s)
{
    int kind = below(s, 10);
    if (kind < 6)
        return (uint32_t)(' ' + below(s, '~' - ' ' + 1));
    return (uint32_t)(UI_KEY_UP + below(s, UI_KEY_MOUSE - UI_KEY_UP + 1));
}

static void press(struct show *s, const struct probe_snapshot *probe)
{
    uint32_t key = any_key(s);
    struct ui_mouse mouse = {below(s, s->canvas.width), below(s, s->canvas.height),
                             1 + below(s, 5)};
    struct command out[OUTBOX];

    memmove(s->pressed, s->pressed + 1, sizeof s->pressed - 2);
    s->pressed[sizeof s->pressed - 2] = key < 0x7f ? (char)key : (char)('A' + key - UI_KEY_UP);
    int sent = ui_key(s->ui, key, &mouse, s->race, probe, out, OUTBOX);
    assert_in_range(sent, 0, OUTBOX);
    sent = ui_tick(s->ui, s->race, probe, out, OUTBOX);
    assert_in_range(sent, 0, OUTBOX);
}

static void look(struct show *s, const struct probe_snapshot *probe, bool has_race)
{
    struct canvas *c = &s->canvas;
    ui_draw(s->ui, c, has_race ? s->race : NULL, probe);
    if (c->clip.w != c->width || c->clip.h != c->height)
        fail_msg("the clip stays narrow at %dx%d after ...%s", c->width, c->height, s->pressed);
    for (int i = 0; i < c->width * c->height; i++) {
        const struct cell *cell = &c->cells[i];
        bool good = cell->code >= 0x20 && cell->fg < ROLE_COUNT && cell->bg < ROLE_COUNT &&
                    (c->glyphs != GLYPHS_ASCII || cell->code < 0x7f);
        if (!good)
            fail_msg("cell %d,%d of %dx%d holds U+%04X after ...%s", i % c->width, i / c->width,
                     c->width, c->height, (unsigned)cell->code, s->pressed);
    }
}

static void any_key_on(enum ui_page page, enum kind kind)
{
    struct show s;
    show_open(&s, page, kind);
    memset(s.pressed, '_', sizeof s.pressed - 1);
    for (int i = 0; i < KEYS_EACH; i++) {
        const struct probe_snapshot *probe =
            s.race == s.images ? s.drawings[i / 50 % 6] : s.probes[i / 50 % 6];
        if (i % 3 == 0)
            resize(&s);
        press(&s, probe);
        look(&s, probe, i % 7 != 0);
        if (i % 40 == 0)
            ui_set_page(s.ui, page); /* the others have their own turn */
        if (kind == OPENING && i % 100 == 99)
            open_other(&s);
    }
    show_close(&s);
}

static void any_key_draws(void **state)
{
    (void)state;
    for (int page = 0; page < PAGE_COUNT; page++)
        for (int kind = 0; kind < KINDS; kind++)
            any_key_on((enum ui_page)page, (enum kind)kind);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(any_key_draws)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
