/* The numbers behind each page: as many fields in every line, and those of the snapshot. */
#include "stage.h"
#include "fixture_sweep.h"
#include "view/maps.h"

struct csv {
    struct text text;
    int lines, fields; /* fields: of every line, -1 if they differ */
};

/* Fields are divided by commas outside quotes. */
static int count_fields(const char *line)
{
    int count = 1;
    bool quoted = false;
    for (; *line && *line != '\n'; line++) {
        quoted ^= *line == '"';
        count += !quoted && *line == ',';
    }
    return count;
}

static void csv_of(struct csv *c, const struct stage *s)
{
    *c = (struct csv){0};
    ui_csv(s->ui, s->race, s->probe, &c->text);
    for (const char *line = text_string(&c->text); *line; line = strchr(line, '\n') + 1) {
        int fields = count_fields(line);
        assert_non_null(strchr(line, '\n'));
        c->fields = c->lines == 0 || c->fields == fields ? fields : -1;
        c->lines++;
    }
}

static int lines_with(const struct csv *c, const char *words)
{
    int count = 0;
    for (const char *at = text_string(&c->text); (at = strstr(at, words)); at++)
        count++;
    return count;
}

static void curves_of_train(void **state)
{
    (void)state;
    struct stage s;
    struct csv c;
    stage_open(&s, PAGE_TRAIN, false);
    const struct series *acc = &s.race->contestants[0].metric[METRIC_ACC];
    const struct series *loss = &s.race->contestants[0].metric[METRIC_LOSS];
    int buckets = 0;
    for (int i = 0; i < acc->count; i++)
        buckets += acc->buckets[i].samples + acc->buckets[i].lost > 0;
    for (int i = 0; i < loss->count; i++)
        buckets += loss->buckets[i].samples + loss->buckets[i].lost > 0;
    csv_of(&c, &s);
    assert_int_equal(c.fields, 10);
    char name[NAME_TEXT + 4];
    snprintf(name, sizeof name, "\n\"%s\",", s.race->contestants[0].name);
    assert_int_equal(lines_with(&c, name), buckets);
    text_release(&c.text);
    s.ui->hidden[0] = true;
    csv_of(&c, &s);
    assert_int_equal(lines_with(&c, name), 0);
    assert_true(c.lines > 1);
    text_release(&c.text);
    s.ui->curves.measure = MEASURE_SWITCH;
    csv_of(&c, &s);
    assert_int_equal(c.fields, 6);
    text_release(&c.text);
    stage_close(&s);
}

static void weights_of_attention(void **state)
{
    (void)state;
    struct stage s;
    struct csv c;
    char line[160];
    stage_open(&s, PAGE_ATTENTION, false);
    const struct probe_snapshot *p = s.probe;
    int n = p->positions;
    csv_of(&c, &s);
    assert_int_equal(c.fields, 10);
    assert_int_equal(c.lines, 1 + n * (n + 1) / 2);
    int layer, head;
    maps_chosen(s.ui, p, &layer, &head);
    const float *w = maps_weight(p, layer, head), *z = maps_score(p, layer, head);
    snprintf(line, sizeof line, "\n\"%s\",%lld,%d,%d,%d,3,\"%s\",\"%s\",%.9g,%.9g\n", p->name,
             (long long)p->weights_step, layer + 1, head + 1, n,
             p->alphabet.name[p->sequence[p->start + n - 1]],
             p->alphabet.name[p->sequence[p->start + 2]], (double)z[(n - 1) * n + 2],
             (double)w[(n - 1) * n + 2]);
    assert_int_equal(lines_with(&c, line), 1);
    text_release(&c.text);
    s.probe->layers = 0;
    s.probe->map_count = 0;
    csv_of(&c, &s); /* a model without attention: the names alone */
    assert_int_equal(c.lines, 1);
    text_release(&c.text);
    stage_close(&s);
}

static void tables_of_the_others(void **state)
{
    (void)state;
    static const struct {
        enum ui_page page;
        int fields;
    } pages[] = {{PAGE_STEP, 6}, {PAGE_COMPARE, 16}, {PAGE_RUN, 0}, {PAGE_MEASURE, 7}, {PAGE_IMAGES, 9}, {PAGE_PROBE, 21},
                 {PAGE_LEARN, 9}};
    for (size_t i = 0; i < sizeof pages / sizeof *pages; i++) {
        struct stage s;
        struct csv c;
        int settings;
        stage_open(&s, pages[i].page, false);
        config_settings(&settings);
        const int lines[] = {1 + s.probe->length, 1 + s.race->count, 1 + settings, 1, 1, 1, 1 + 3 * 11};
        csv_of(&c, &s);
        assert_int_equal(c.fields, pages[i].fields ? pages[i].fields : 1 + s.race->count);
        assert_int_equal(c.lines, lines[i]);
        text_release(&c.text);
        stage_close(&s);
    }
}

static void measures(void **state)
{
    (void)state;
    struct stage s;
    struct csv c;
    stage_open(&s, PAGE_MEASURE, true);
    struct evaluation *e = &s.race->contestants[1].eval;
    e->reach = (struct reach){.count = 2, .at = {10, 40}, .acc = {{3, 4}, {1, 4}}};
    csv_of(&c, &s);
    assert_int_equal(c.lines, 3);
    assert_int_equal(c.fields, 7);
    assert_int_equal(lines_with(&c, ",\"accuracy\",40,0.25,"), 1);
    text_release(&c.text);

    struct sweep_picture *sweep = fixture_sweep(fixture_sweep_text);
    ui_sweep(s.ui, sweep);
    csv_of(&c, &s);
    assert_int_equal(c.lines, 1 + sweep->group_count);
    assert_int_equal(c.fields, 1 + 2 + 11); /* task.base and task.tau are compared */
    assert_int_equal(lines_with(&c, "contestant,\"task.base\",\"task.tau\",results,"), 1);
    assert_int_equal(lines_with(&c, "\n\"transformer-dpa\",\"4\",\"2\",9,9,0,0.003,3,"), 1);
    text_release(&c.text);
    fixture_sweep_free(sweep);
    stage_close(&s);
}

static void pixels_of_images(void **state)
{
    (void)state;
    static struct gallery gallery = {.side = 2, .patch = 1, .step = 7, .steps = 25};
    struct stage s;
    struct csv c;
    stage_open(&s, PAGE_IMAGES, false);
    gallery.image[1][2] = 0.5f;
    gallery.clean[1][2] = -0.25f;
    s.probe->gallery = &gallery;
    csv_of(&c, &s);
    assert_int_equal(c.lines, 1 + IMAGES_SHOWN * 4);
    assert_int_equal(lines_with(&c, ",7,25,2,2,1,0.5,-0.25\n"), 1);
    text_release(&c.text);
    s.probe->gallery = NULL;
    stage_close(&s);
}

static void heads_of_probe(void **state)
{
    (void)state;
    struct stage s;
    struct csv c;
    stage_open(&s, PAGE_PROBE, false);
    struct exam_report *e = &s.probe->exam;
    *e = (struct exam_report){.asked = true, .contestant = 0, .step = 70, .layers = 2, .heads = 2,
                              .count = 4, .has_signs = {false, false, true, true}};
    for (int i = 0; i < 2; i++) { /* no window of the other subtasks */
        struct exam_part *part = &e->part[i];
        part->whole = (struct score){60 - i, 90};
        part->controls = 80;
        part->sources = 20;
        for (int k = 1; k < 4; k += 2)
            part->head[k] = (struct exam_head){
                1.5, 2.5, 0.5, 0.25, -0.75, 0.125, {{0, 0}, {7, 1}, {6, 3}, {5, 2}}};
    }
    csv_of(&c, &s);
    assert_int_equal(c.lines, 9);
    assert_int_equal(c.fields, 21);
    assert_int_equal(
        lines_with(&c, ",70,\"all\",2,2,1.5,2.5,0.5,0.25,80,-0.75,0.125,20,7,1,6,3,5,2,60,90\n"), 1);
    assert_int_equal(
        lines_with(&c, ",70,\"I\",1,2,1.5,2.5,0.5,0.25,80,-0.75,0.125,20,7,1,,,5,2,59,90\n"), 1);
    text_release(&c.text);
    stage_close(&s);
}

static void without_snapshots(void **state)
{
    (void)state;
    for (int page = 0; page < PAGE_COUNT; page++) {
        struct stage s;
        struct text out = {0};
        stage_open(&s, (enum ui_page)page, false);
        ui_csv(s.ui, NULL, NULL, &out);
        const char *end = strchr(text_string(&out), '\n');
        assert_true(end && (end[1] == '\0' || page == PAGE_LEARN)); /* its first lesson needs no race */
        text_release(&out);
        stage_close(&s);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(curves_of_train),
        cmocka_unit_test(weights_of_attention),
        cmocka_unit_test(tables_of_the_others),
        cmocka_unit_test(measures),
        cmocka_unit_test(pixels_of_images),
        cmocka_unit_test(heads_of_probe),
        cmocka_unit_test(without_snapshots),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
