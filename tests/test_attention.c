/* Attention: its pictures at three sizes and two sets of glyphs, maps that are too large, two
   contestants on one scale, the timeline. */
#include "stage.h"
#include "golden.h"
#include "view/maps.h"

enum { LONG = 256 };

/* One layer, four heads over `n` symbols: the fixture's sequence again and again. */
static void make_long(struct probe_snapshot *p, int n)
{
    int period = p->length;
    for (int i = period; i < n + 11; i++) {
        p->sequence[i] = p->sequence[i % period];
        p->hit[i] = -1;
    }
    p->length = p->cursor = n + 11;
    p->start = 11;
    p->positions = n;
    p->map_floats = (size_t)p->map_count * (size_t)n * (size_t)n;
    free(p->weight);
    free(p->score_z);
    p->weight = calloc(p->map_floats, sizeof *p->weight);
    p->score_z = calloc(p->map_floats, sizeof *p->score_z);
    if (!p->weight || !p->score_z)
        abort();
    fixture_maps(p, p->signed_weights);
}

static void open_at(struct stage *s, int width, int height, enum glyphs glyphs, int colors)
{
    stage_open(s, PAGE_ATTENTION, false);
    s->canvas.glyphs = glyphs;
    s->canvas.colors = colors;
    assert_int_equal(canvas_resize(&s->canvas, width, height), 0);
}

static bool shows(struct stage *s, const char *words)
{
    struct text all = {0};
    ui_draw(s->ui, &s->canvas, s->race, s->probe);
    canvas_write_text(&s->canvas, &all);
    bool there = strstr(text_string(&all), words) != NULL;
    text_release(&all);
    return there;
}

/* --- pictures ---------------------------------------------------------------------------------- */

struct view {
    const char *name, *keys;
    bool is_long;
    enum probe_second second;
    int colors; /* of all, -1: none with ASCII, else 256 */
};
static const struct view drawn_views[] = {
    {"single", "", false, SECOND_NONE, -1},     {"plain", "m", false, SECOND_NONE, 0},
    {"all", "a", false, SECOND_NONE, -1},       {"pair", "", false, SECOND_VERSUS, -1},
    {"less", "d", false, SECOND_VERSUS, -1},    {"long", "", true, SECOND_NONE, -1},
    {"overview", "o", true, SECOND_NONE, -1},   {"long_all", "a", true, SECOND_NONE, -1},
};

static void draw_golden(const struct view *v, int width, int height, bool ascii)
{
    struct stage s;
    char name[96];

    open_at(&s, width, height, ascii ? GLYPHS_ASCII : GLYPHS_BRAILLE,
            v->colors >= 0 ? v->colors : ascii ? 0 : 256);
    if (v->is_long)
        make_long(s.probe, LONG);
    if (v->second)
        fixture_pair(s.probe, v->second);
    s.probe->timeline_count = 8;
    for (int i = 0; i < 8; i++)
        s.probe->timeline[i] = (int64_t[]){0, 10, 20, 50, 100, 1000, 5000, 12000}[i];
    ui_draw(s.ui, &s.canvas, s.race, s.probe);
    for (const char *key = v->keys; *key; key++)
        press(&s, (uint32_t)*key);
    s.ui->message[0] = '\0';
    ui_draw(s.ui, &s.canvas, s.race, s.probe);
    snprintf(name, sizeof name, "attention_%s_%dx%d_%s", v->name, width, height,
             ascii ? "ascii" : "blocks");
    golden_check_page(&s.canvas, name);
    stage_close(&s);
}

static void draws_goldens(void **state)
{
    (void)state;
    static const int sizes[][2] = {{80, 24}, {120, 36}, {200, 60}};
    for (size_t v = 0; v < sizeof drawn_views / sizeof *drawn_views; v++)
        for (int i = 0; i < 3; i++)
            for (int ascii = 0; ascii < 2; ascii++)
                draw_golden(&drawn_views[v], sizes[i][0], sizes[i][1], ascii);
}

/* --- large maps -------------------------------------------------------------------------------- */

/* In the overview the one weight that is not small is seen in its cell, whatever lies beside it. */
static void pooling_keeps_the_largest(void **state)
{
    (void)state;
    struct stage s;
    open_at(&s, 120, 60, GLYPHS_ASCII, 0);
    make_long(s.probe, LONG);
    for (size_t i = 0; i < s.probe->map_floats; i++)
        s.probe->weight[i] = 0.01f;
    s.probe->weight[200 * LONG + 33] = -0.9f;
    s.probe->serial++;
    s.ui->map.row = 10;
    s.ui->map.column = 3;
    press(&s, 'o');
    struct map_sight sight = maps_sight(s.ui, s.probe);
    struct heat_options o = maps_options(s.ui, s.probe, 0, 0, HEAT_SIGNED, NULL);
    o.overview = true;
    o.cursor_row = 10;
    o.cursor_column = 3;
    struct heat_place place;
    struct canvas c = {.glyphs = GLYPHS_ASCII};
    assert_int_equal(canvas_resize(&c, 70, 40), 0);
    struct rect r = {0, 0, 70, 40};
    heat_place(&place, &c, r, LONG, &o);
    assert_int_equal(place.pool, 7); /* 37 cells a side: 36 would need 8 */
    heat_draw(&c, r, s.probe->weight, s.probe->score_z, LONG, &o);
    int x = place.cells.x + 33 / 7 * place.cell_w, y = place.cells.y + 200 / 7;
    assert_int_equal(c.cells[y * 70 + x].code, 'N');
    assert_int_equal(c.cells[y * 70 + x + place.cell_w].code, '.'); /* 0.01 of 1 */
    assert_true(sight.range == 1);
    assert_true(shows(&s, "weights, the one of largest magnitude"));
    canvas_release(&c);
    stage_close(&s);
}

/* Two of eight maps came: they are shown, the others are said to be missing, and a wanted one is
   asked for. */
static void a_part_of_the_maps(void **state)
{
    (void)state;
    struct stage s;
    open_at(&s, 120, 36, GLYPHS_ASCII, 0);
    s.probe->map_first = 4;
    s.probe->map_count = 2;
    ui_draw(s.ui, &s.canvas, s.race, s.probe);
    int layer, head;
    maps_chosen(s.ui, s.probe, &layer, &head);
    assert_int_equal(layer, 1); /* the nearest */
    assert_int_equal(head, 0);
    assert_ptr_equal(maps_weight(s.probe, 1, 1), s.probe->weight + 32 * 32);
    assert_false(maps_has(s.probe, 0, 3));
    assert_false(maps_has(s.probe, 1, 2));
    assert_true(shows(&s, "layer 2/2 head 1/4"));
    assert_true(shows(&s, "comes when chosen"));
    press(&s, ']'); /* from the first, which was wanted */
    assert_int_equal(s.sent, 1);
    assert_int_equal(s.out[0].kind, COMMAND_MAP);
    assert_int_equal(s.out[0].index, 0);
    assert_true(s.out[0].value == 1);
    for (int i = 0; i < 5; i++)
        press(&s, ']');
    assert_int_equal(s.out[0].index, 1);
    assert_true(s.out[0].value == 2);
    maps_chosen(s.ui, s.probe, &layer, &head);
    assert_int_equal(head, 1);
    s.probe->map_count = 0;
    assert_true(shows(&s, "not enough memory for a map"));
    stage_close(&s);
}

/* --- scales ------------------------------------------------------------------------------------ */

static void a_pair_has_one_scale(void **state)
{
    (void)state;
    struct stage s;
    open_at(&s, 160, 45, GLYPHS_BRAILLE, 256);
    fixture_pair(s.probe, SECOND_VERSUS);
    for (size_t i = 0; i < s.probe->map_floats; i++) {
        s.probe->weight[i] = 0.1f;
        s.probe->second->weight[i] = 0.25f;
    }
    s.probe->serial++;
    s.ui->map.memory.range = 0; /* of what was drawn before */
    ui_draw(s.ui, &s.canvas, s.race, s.probe);
    assert_true(fabs(maps_sight(s.ui, s.probe).range - 0.3) < 1e-9);
    assert_true(shows(&s, "signed, both"));
    assert_true(shows(&s, "transformer-dpa z"));
    s.probe->weight[20 * 32 + 3] = -0.45f;
    s.probe->serial++;
    ui_draw(s.ui, &s.canvas, s.race, s.probe);
    assert_true(maps_sight(s.ui, s.probe).range == 0.5);
    /* The second's 0.25 is half of that: the fourth level above zero. */
    const struct hit *second = NULL;
    for (int i = 0; i < s.ui->hit_count; i++)
        if (s.ui->hits[i].kind == HIT_CELL)
            second = &s.ui->hits[i];
    assert_true(second && second->at.x > 80);
    int level = 0;
    for (int x = second->at.x; x < second->at.x + second->at.w; x++) {
        const struct cell *cell = &s.canvas.cells[(second->at.y + 20) * 160 + x];
        level = cell->bg >= ROLE_DIVERGING_0 && cell->bg < ROLE_SEQUENTIAL_0 ? cell->bg : level;
    }
    assert_int_equal(level, ROLE_DIVERGING_0 + 12);
    press(&s, 'd');
    assert_null(maps_beside(s.ui, maps_probe(s.ui, s.probe)));
    stage_close(&s);
}

/* The scale is found once a picture, and again for the next one. */
static void extents_follow_the_picture(void **state)
{
    (void)state;
    struct stage s;
    open_at(&s, 80, 24, GLYPHS_BRAILLE, 256);
    struct probe_snapshot *p = s.probe;
    const struct map_extent *e = maps_extent(s.ui, p, 0, 1, HEAT_SQUARED);
    double high = e->high;
    assert_true(high > 0 && e->low == 0);
    p->weight[32 * 32 + 31 * 32 + 5] = 3;
    assert_true(maps_extent(s.ui, p, 0, 1, HEAT_SQUARED)->high == high);
    p->serial++;
    assert_true(maps_extent(s.ui, p, 0, 1, HEAT_SQUARED)->high == 9);
    assert_true(maps_extent(s.ui, p, 0, 1, HEAT_SQUARED)->late == 9);
    assert_true(maps_extent(s.ui, p, 0, 1, HEAT_NEGATIVE)->high < 3);
    stage_close(&s);
}

/* In an image every patch sees every other. */
static void images_see_all(void **state)
{
    (void)state;
    static struct gallery gallery;
    struct stage s;
    open_at(&s, 120, 60, GLYPHS_ASCII, 0);
    s.probe->weight[3 * 32 + 30] = 0.77f;
    s.probe->gallery = &gallery;
    s.probe->serial++;
    assert_true(maps_extent(s.ui, s.probe, 0, 0, HEAT_SIGNED)->high >= 0.77f);
    s.ui->map.row = 3;
    s.ui->map.column = 30;
    assert_true(shows(&s, "w +0.770"));
    s.probe->gallery = NULL;
    assert_true(shows(&s, "masked"));
    stage_close(&s);
}

/* --- the timeline ------------------------------------------------------------------------------ */

/* Of a contestant without attention no key changes what would not be seen. */
static void without_attention(void **state)
{
    (void)state;
    static const char keys[] = "mMaovdr[}";
    struct stage s;

    open_at(&s, 80, 24, GLYPHS_BRAILLE, 256);
    press(&s, 'a');
    assert_true(shows(&s, "a Enter one"));
    press(&s, 'a');
    assert_true(shows(&s, "a Enter all"));
    s.probe->layers = 0;
    enum heat_mode mode = s.ui->map.mode;
    bool overview = s.ui->map.overview;
    for (const char *k = keys; *k; k++) {
        s.ui->message[0] = 0;
        press(&s, (uint32_t)*k);
        assert_non_null(strstr(s.ui->message, " has no attention: c shows the next contestant"));
    }
    assert_int_equal(s.ui->map.mode, mode);
    assert_int_equal(s.ui->map.overview, overview);
    assert_false(s.ui->map.all || s.ui->map.difference);
    assert_int_equal(s.sent, 0);
    stage_close(&s);
}

static void expect_past(struct stage *s, uint32_t key, int index, double step)
{
    press(s, key);
    assert_int_equal(s->sent, 1);
    assert_int_equal(s->out[0].kind, COMMAND_TIMELINE);
    assert_int_equal(s->out[0].index, index);
    assert_true(s->out[0].value == step);
}

static void scrubbing_through_the_past(void **state)
{
    (void)state;
    struct stage s;
    open_at(&s, 120, 36, GLYPHS_ASCII, 0);
    press(&s, ',');
    assert_int_equal(s.sent, 0);
    assert_non_null(strstr(s.ui->message, "no weights were saved"));
    s.probe->timeline_count = 3;
    s.probe->timeline[1] = 10;
    s.probe->timeline[2] = 2000;
    assert_true(shows(&s, "- 0 10 2k [live] -"));
    expect_past(&s, ',', 0, 2000);
    expect_past(&s, ',', 0, 10); /* though the picture still shows the newest */
    s.probe->request = s.ui->request;
    s.probe->past = s.probe->weights_step = 10;
    assert_true(shows(&s, "- 0 [10] 2k live -"));
    assert_true(shows(&s, "past . t"));
    expect_past(&s, ',', 0, 0);
    s.probe->request = s.ui->request;
    s.probe->past = s.probe->weights_step = 0;
    expect_past(&s, ',', 0, 0); /* there is nothing before it */
    expect_past(&s, ';', 0, 10);
    expect_past(&s, 'l', -1, 0);
    s.probe->request = s.ui->request;
    s.probe->past = 2000;
    expect_past(&s, ';', -1, 0);
    /* A click on an entry; the maps that were kept would hide it. */
    press(&s, 'f');
    assert_non_null(s.ui->map.frozen);
    ui_draw(s.ui, &s.canvas, s.race, s.probe);
    for (int i = 0; i < s.ui->hit_count; i++)
        if (s.ui->hits[i].kind == HIT_TIMELINE && s.ui->hits[i].a == 1) {
            struct ui_mouse m = {s.ui->hits[i].at.x, s.ui->hits[i].at.y, 1};
            press_mouse(&s, &m);
            break;
        }
    assert_int_equal(s.sent, 1);
    assert_true(s.out[0].value == 10);
    assert_null(s.ui->map.frozen);
    stage_close(&s);
}

/* Too many for the edge: those round the shown one, with marks where there are more. */
static void a_long_timeline(void **state)
{
    (void)state;
    struct stage s;
    open_at(&s, 80, 24, GLYPHS_ASCII, 0);
    s.probe->timeline_count = 20;
    for (int i = 0; i < 20; i++)
        s.probe->timeline[i] = 100 + i;
    s.probe->past = 110;
    assert_true(shows(&s, "-<107 108 109 [110] 111 112 113>-"));
    stage_close(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(draws_goldens),
        cmocka_unit_test(pooling_keeps_the_largest),
        cmocka_unit_test(a_part_of_the_maps),
        cmocka_unit_test(a_pair_has_one_scale),
        cmocka_unit_test(extents_follow_the_picture),
        cmocka_unit_test(images_see_all),
        cmocka_unit_test(without_attention),
        cmocka_unit_test(scrubbing_through_the_past),
        cmocka_unit_test(a_long_timeline),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
