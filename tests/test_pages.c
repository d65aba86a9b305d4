/* What the pages look like: goldens, every size, every kind of terminal, unfinished and broken
   states. HEED_WRITE_GOLDEN=1 writes the goldens anew. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include "cli/matching.h"
#include "fixture_snapshot.h"
#include "view/maps.h"
#include <cmocka.h>

enum { OUTBOX = 16 };

static struct ui *new_ui(enum ui_page page)
{
    struct ui_options options = {.page = page, .matching = &cli_matching};
    struct failure why;
    struct ui *ui;
    assert_int_equal(theme_load(&options.theme, "dark", &why), 0);
    assert_int_equal(ui_new(&ui, &options, &why), 0);
    return ui;
}

static void press(struct ui *ui, const char *keys, const struct race_snapshot *race,
                  const struct probe_snapshot *probe)
{
    struct command out[OUTBOX];
    for (; *keys; keys++)
        ui_key(ui, *keys == '\n' ? UI_KEY_ENTER : (uint32_t)(unsigned char)*keys, NULL, race, probe,
               out, OUTBOX);
    ui->message[0] = 0;
}

/* --- goldens --------------------------------------------------------------------------------- */

struct golden {
    const char *name, *keys;
    enum ui_page page;
    int width, height;
    enum glyphs glyphs;
    int colors, layers;
    enum probe_second second;
};

static const struct golden goldens[] = {
    {"train_80x24", "", PAGE_TRAIN, 80, 24, GLYPHS_BRAILLE, 256, 1},
    {"train_120x36_block", "", PAGE_TRAIN, 120, 36, GLYPHS_BLOCK, 16, 1},
    {"train_80x24_ascii", "", PAGE_TRAIN, 80, 24, GLYPHS_ASCII, 0, 1},
    {"train_200x60", "", PAGE_TRAIN, 200, 60, GLYPHS_BRAILLE, 256, 1},
    {"train_120x36_ascii", "", PAGE_TRAIN, 120, 36, GLYPHS_ASCII, 0, 1},
    {"train_200x60_ascii", "", PAGE_TRAIN, 200, 60, GLYPHS_ASCII, 0, 1},
    {"train_acc_120x36", "vL", PAGE_TRAIN, 120, 36, GLYPHS_BRAILLE, 256, 1},
    {"train_speed_80x24_ascii", "vvvvv", PAGE_TRAIN, 80, 24, GLYPHS_ASCII, 0, 1},
    {"train_switch_120x36_block", "vvvvvvv", PAGE_TRAIN, 120, 36, GLYPHS_BLOCK, 16, 1},
    {"train_subtask_200x60", "Vl+<", PAGE_TRAIN, 200, 60, GLYPHS_BRAILLE, 256, 1},
    {"attention_80x24_ascii", "", PAGE_ATTENTION, 80, 24, GLYPHS_ASCII, 0, 2},
    {"attention_120x50_plain", "", PAGE_ATTENTION, 120, 50, GLYPHS_BRAILLE, 0, 2},
    {"attention_lstm_80x24", "", PAGE_ATTENTION, 80, 24, GLYPHS_BRAILLE, 256, 0},
    {"attention_all_200x60", "a", PAGE_ATTENTION, 200, 60, GLYPHS_BRAILLE, 0, 2},
    {"step_80x24", "", PAGE_STEP, 80, 24, GLYPHS_BRAILLE, 256, 1},
    {"step_80x24_ascii", "1", PAGE_STEP, 80, 24, GLYPHS_ASCII, 0, 2},
    {"step_lstm_100x30", "", PAGE_STEP, 100, 30, GLYPHS_BRAILLE, 256, 0},
    {"step_200x60", "", PAGE_STEP, 200, 60, GLYPHS_BRAILLE, 0, 2},
    {"step_120x36", "", PAGE_STEP, 120, 36, GLYPHS_BRAILLE, 256, 1},
    {"step_120x36_ascii", "", PAGE_STEP, 120, 36, GLYPHS_ASCII, 0, 1},
    {"step_200x60_ascii", "", PAGE_STEP, 200, 60, GLYPHS_ASCII, 0, 1},
    {"step_branch_80x24", "", PAGE_STEP, 80, 24, GLYPHS_BRAILLE, 256, 1, SECOND_BRANCH},
    {"step_branch_120x36_ascii", "r", PAGE_STEP, 120, 36, GLYPHS_ASCII, 0, 2, SECOND_BRANCH},
    {"step_versus_200x60", "", PAGE_STEP, 200, 60, GLYPHS_BRAILLE, 256, 1, SECOND_VERSUS},
    {"step_write_80x24", "o", PAGE_STEP, 80, 24, GLYPHS_BRAILLE, 256, 1},
    {"attention_less_80x24_ascii", "d", PAGE_ATTENTION, 80, 24, GLYPHS_ASCII, 0, 1, SECOND_VERSUS},
    {"attention_less_120x50", "d", PAGE_ATTENTION, 120, 50, GLYPHS_BRAILLE, 0, 2, SECOND_VERSUS},
    {"attention_less_200x60", "da", PAGE_ATTENTION, 200, 60, GLYPHS_BRAILLE, 0, 2, SECOND_VERSUS},
    {"compare_80x24", "", PAGE_COMPARE, 80, 24, GLYPHS_BRAILLE, 256, 1},
    {"compare_bars_80x24", "b", PAGE_COMPARE, 80, 24, GLYPHS_BRAILLE, 256, 1},
    {"compare_120x36_ascii", "H", PAGE_COMPARE, 120, 36, GLYPHS_ASCII, 0, 1},
    {"compare_200x60", "S", PAGE_COMPARE, 200, 60, GLYPHS_BRAILLE, 256, 1},
    {"compare_160x45", "s", PAGE_COMPARE, 160, 45, GLYPHS_BRAILLE, 256, 1},
    {"compare_80x24_ascii", "", PAGE_COMPARE, 80, 24, GLYPHS_ASCII, 0, 1},
    {"compare_120x36", "", PAGE_COMPARE, 120, 36, GLYPHS_BRAILLE, 256, 1},
    {"compare_200x60_ascii", "", PAGE_COMPARE, 200, 60, GLYPHS_ASCII, 0, 1},
    {"run_80x24", "", PAGE_RUN, 80, 24, GLYPHS_BRAILLE, 256, 1},
    {"run_120x36_ascii", "[[[", PAGE_RUN, 120, 36, GLYPHS_ASCII, 0, 1},
    {"run_200x60", "", PAGE_RUN, 200, 60, GLYPHS_BRAILLE, 256, 1},
    {"run_160x45", "d", PAGE_RUN, 160, 45, GLYPHS_BRAILLE, 256, 1},
    {"run_80x24_ascii", "", PAGE_RUN, 80, 24, GLYPHS_ASCII, 0, 1},
    {"run_120x36", "", PAGE_RUN, 120, 36, GLYPHS_BRAILLE, 256, 1},
    {"run_200x60_ascii", "", PAGE_RUN, 200, 60, GLYPHS_ASCII, 0, 1},
    {"learn_80x24", "", PAGE_LEARN, 80, 24, GLYPHS_BRAILLE, 256, 1},
    {"learn_turned_120x36_ascii", "\n\n\n", PAGE_LEARN, 120, 36, GLYPHS_ASCII, 0, 1},
    {"learn_200x60", "v", PAGE_LEARN, 200, 60, GLYPHS_BRAILLE, 256, 1},
    {"learn_80x24_ascii", "", PAGE_LEARN, 80, 24, GLYPHS_ASCII, 0, 1},
    {"learn_120x36", "", PAGE_LEARN, 120, 36, GLYPHS_BRAILLE, 256, 1},
    {"learn_200x60_ascii", "", PAGE_LEARN, 200, 60, GLYPHS_ASCII, 0, 1},
    {"learn_map_80x24", "n", PAGE_LEARN, 80, 24, GLYPHS_BRAILLE, 256, 1},
    {"learn_map_120x36", "n", PAGE_LEARN, 120, 36, GLYPHS_BLOCK, 16, 2},
    {"learn_token_80x24_ascii", "nn", PAGE_LEARN, 80, 24, GLYPHS_ASCII, 0, 1},
    {"learn_token_120x36", "nn\n", PAGE_LEARN, 120, 36, GLYPHS_BRAILLE, 256, 1},
    {"learn_switch_80x24", "nnn", PAGE_LEARN, 80, 24, GLYPHS_BRAILLE, 256, 1},
    {"learn_positions_80x24", "nnnn", PAGE_LEARN, 80, 24, GLYPHS_BRAILLE, 256, 1},
    {"learn_ladder_120x36_ascii", "nnnnn\n", PAGE_LEARN, 120, 36, GLYPHS_ASCII, 0, 1},
    {"learn_collapse_80x24", "p", PAGE_LEARN, 80, 24, GLYPHS_BRAILLE, 256, 1},
    {"learn_rows_120x36", "p\n\n\n\n\n", PAGE_LEARN, 120, 36, GLYPHS_BRAILLE, 256, 1},
    {"help_80x24", "?", PAGE_STEP, 80, 24, GLYPHS_BRAILLE, 256, 1},
    {"quit_80x24", "q", PAGE_TRAIN, 80, 24, GLYPHS_BRAILLE, 256, 1},
};

static char *read_all(const char *path)
{
    FILE *file = fopen(path, "rb");
    static char text[256 * 1024];
    if (!file)
        return NULL;
    text[fread(text, 1, sizeof text - 1, file)] = 0;
    fclose(file);
    return text;
}

/* Where two texts part, for the message. */
static void say_difference(const char *name, const char *want, const char *got)
{
    int line = 1;
    while (*want && *want == *got) {
        line += *want == '\n';
        want++;
        got++;
    }
    fail_msg("tests/golden/page_%s.txt, line %d: expected \"%.60s\", drawn \"%.60s\"", name, line,
             want, got);
}

static void draws_goldens(void **state)
{
    (void)state;
    bool write = getenv("HEED_WRITE_GOLDEN") != NULL;

    for (size_t i = 0; i < sizeof goldens / sizeof *goldens; i++) {
        const struct golden *g = &goldens[i];
        struct race_snapshot *race = fixture_race();
        struct probe_snapshot *probe = fixture_probe(g->layers, g->layers == 2);
        if (g->second != SECOND_NONE)
            fixture_pair(probe, g->second);
        struct canvas c = {.glyphs = g->glyphs, .colors = g->colors};
        struct ui *ui = new_ui(g->page);
        struct text got = {0};
        char path[160];

        assert_int_equal(canvas_resize(&c, g->width, g->height), 0);
        ui_draw(ui, &c, race, probe);
        press(ui, g->keys, race, probe);
        ui_draw(ui, &c, race, probe);
        canvas_write_text(&c, &got);
        snprintf(path, sizeof path, "tests/golden/page_%s.txt", g->name);
        if (write) {
            FILE *file = fopen(path, "wb");
            assert_non_null(file);
            fputs(text_string(&got), file);
            fclose(file);
        }
        const char *want = read_all(path);
        if (!want)
            fail_msg("%s is missing", path);
        if (strcmp(want, text_string(&got)) != 0)
            say_difference(g->name, want, text_string(&got));
        text_release(&got);
        ui_free(ui);
        canvas_release(&c);
        fixture_free(race, probe);
    }
}

/* Whether everything the page has to say is somewhere, at the smallest size that promises it. */
static void small_screens_are_useful(void **state)
{
    (void)state;
    static const char *const words[PAGE_COUNT][4] = {
        [PAGE_TRAIN] = {"accuracy", "lstm", ".949", "chance"},
        [PAGE_ATTENTION] = {"query 32", "key", "w +0", "signed"},
        [PAGE_STEP] = {"rule   R 4", "model  4", "copied from here", "score 27/29"},
        [PAGE_IMAGES] = {"Images", "this race is on symbols", "Attention", "Step"},
        [PAGE_COMPARE] = {"acc", "95 %", ".932-.962", "lstm"},
        [PAGE_RUN] = {"model.kind", "transformer", "rate", "log"},
        [PAGE_MEASURE] = {"beyond", "delay-copy", "count-ones", "sweep"},
        [PAGE_LEARN] = {"The geometry of matching", "Enter 1/6", "signed-ea", "-.39"},
        [PAGE_PROBE] = {"Enter measures what each head of", "512 or more", "without each head", "Probe"},
    };
    struct race_snapshot *race = fixture_race();
    struct probe_snapshot *probe = fixture_probe(1, false);

    for (int page = 0; page < PAGE_COUNT; page++) {
        struct canvas c = {.glyphs = GLYPHS_BRAILLE, .colors = 256};
        struct ui *ui = new_ui((enum ui_page)page);
        struct text got = {0};
        assert_int_equal(canvas_resize(&c, 80, 24), 0);
        ui_draw(ui, &c, race, probe);
        canvas_write_text(&c, &got);
        for (int i = 0; i < 4; i++)
            if (!strstr(text_string(&got), words[page][i]))
                fail_msg("page %s at 80x24 does not show \"%s\"", ui_page_name((enum ui_page)page),
                         words[page][i]);
        text_release(&got);
        ui_free(ui);
        canvas_release(&c);
    }
    fixture_free(race, probe);
}

/* --- states that are not the usual one ------------------------------------------------------- */

static char *drawn(struct ui *ui, int w, int h, const struct race_snapshot *race,
                   const struct probe_snapshot *probe, struct text *got)
{
    struct canvas c = {.glyphs = GLYPHS_BRAILLE, .colors = 256};
    assert_int_equal(canvas_resize(&c, w, h), 0);
    ui_draw(ui, &c, race, probe);
    text_reset(got);
    canvas_write_text(&c, got);
    canvas_release(&c);
    return got->data;
}

static void nothing_there_yet(void **state)
{
    (void)state;
    struct text got = {0};
    for (int page = 0; page < PAGE_COUNT; page++) {
        struct ui *ui = new_ui((enum ui_page)page);
        const char *text = drawn(ui, 100, 30, NULL, NULL, &got);
        assert_non_null(strstr(text, "starting"));
        assert_true(strstr(text, "waiting for the first picture") || strstr(text, "starting: ") ||
                    page == PAGE_LEARN); /* whose first lesson needs no race */
        ui_free(ui);
    }
    text_release(&got);
}

static void no_evaluation_yet(void **state)
{
    (void)state;
    struct race_snapshot *race = fixture_race();
    struct text got = {0};
    struct ui *ui = new_ui(PAGE_TRAIN);

    for (int i = 0; i < race->count; i++)
        memset(&race->contestants[i].eval, 0, sizeof race->contestants[i].eval);
    const char *text = drawn(ui, 120, 36, race, NULL, &got);
    assert_null(strstr(text, "nan"));
    assert_null(strstr(text, "n=0"));
    ui_set_page(ui, PAGE_COMPARE);
    text = drawn(ui, 120, 36, race, NULL, &got);
    assert_null(strstr(text, "nan"));
    assert_null(strstr(text, "1.00"));
    ui_free(ui);
    text_release(&got);
    fixture_free(race, NULL);
}

static void failures_are_shown(void **state)
{
    (void)state;
    struct race_snapshot *race = fixture_race();
    struct probe_snapshot *probe = fixture_probe(1, false);
    struct text got = {0};
    static const enum ui_page pages[] = {PAGE_TRAIN, PAGE_COMPARE, PAGE_RUN};

    race->contestants[1].failed = true;
    snprintf(race->contestants[1].failure, LOG_TEXT, "NaN in the loss at step 812");
    for (int i = 0; i < 3; i++) {
        struct ui *ui = new_ui(pages[i]);
        ui->focus = 1;
        assert_non_null(strstr(drawn(ui, 100, 40, race, probe, &got), "NaN in the loss"));
        ui_free(ui);
    }
    struct ui *ui = new_ui(PAGE_STEP);
    probe->ready = false;
    snprintf(probe->message, LOG_TEXT, "stopped at step 812");
    assert_non_null(strstr(drawn(ui, 100, 40, race, probe, &got), "dpa: stopped at step 812"));
    ui_set_page(ui, PAGE_ATTENTION);
    assert_non_null(strstr(drawn(ui, 100, 40, race, probe, &got), "dpa: stopped at step 812"));
    ui_free(ui);
    text_release(&got);
    fixture_free(race, probe);
}

static void states_are_named(void **state)
{
    (void)state;
    static const struct {
        enum race_state state;
        const char *word;
    } words[] = {{RACE_PAUSED, "paused"},     {RACE_FINISHED, "finished"},
                 {RACE_STOPPED, "stopped"},   {RACE_WATCHING, "watching"},
                 {RACE_QUIET, "quiet"},       {RACE_FAILED, "failed"},
                 {RACE_STARTING, "starting"}, {RACE_RUNNING, "▶ step 12,340 / 20,000"}};
    struct race_snapshot *race = fixture_race();
    struct text got = {0};
    struct ui *ui = new_ui(PAGE_TRAIN);

    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        race->state = words[i].state;
        assert_non_null(strstr(drawn(ui, 100, 30, race, NULL, &got), words[i].word));
    }
    race->state = RACE_WATCHING; /* of runs that are watched it is said who is silent */
    race->quiet_runs = 2;
    race->quiet_seconds = 133;
    assert_non_null(strstr(drawn(ui, 100, 30, race, NULL, &got), "▶ watching, 2 quiet for 2:13"));
    race->state = RACE_QUIET;
    assert_non_null(strstr(drawn(ui, 100, 30, race, NULL, &got), "○ quiet for 2:13"));
    ui_free(ui);
    text_release(&got);
    fixture_free(race, NULL);
}

static void reconstructed_rules_say_so(void **state)
{
    (void)state;
    struct race_snapshot *race = fixture_race();
    struct probe_snapshot *probe = fixture_probe(1, false);
    struct text got = {0};
    struct ui *ui = new_ui(PAGE_STEP);

    assert_non_null(strstr(drawn(ui, 120, 24, race, probe, &got), "(reconstructed)"));
    probe->alphabet.subtask_reconstructed[2] = false;
    assert_null(strstr(drawn(ui, 120, 24, race, probe, &got), "(reconstructed)"));
    press(ui, "?", race, probe);
    const char *help = drawn(ui, 120, 60, race, probe, &got);
    assert_non_null(strstr(help, "mod N (reconstructed)"));
    ui_free(ui);
    text_release(&got);
    fixture_free(race, probe);
}

static void help_lists_every_command(void **state)
{
    (void)state;
    int count;
    const struct ui_command *commands = ui_commands(&count);
    struct race_snapshot *race = fixture_race();
    struct text got = {0};

    for (int page = 0; page < PAGE_COUNT; page++) {
        struct ui *ui = new_ui((enum ui_page)page);
        press(ui, "?", race, NULL);
        const char *text = drawn(ui, 160, 80, race, NULL, &got);
        for (int i = 0; i < count; i++) {
            char start[32];
            text_copy(start, sizeof start, commands[i].help);
            bool shown = strstr(text, start) != NULL;
            assert_int_equal(shown, (commands[i].pages & 1u << page) != 0);
        }
        ui_free(ui);
    }
    text_release(&got);
    fixture_free(race, NULL);
}

/* The words of a line that asks or tells have their place before the hints. */
static void messages_and_questions(void **state)
{
    (void)state;
    struct race_snapshot *race = fixture_race();
    struct text got = {0};
    struct ui *ui = new_ui(PAGE_TRAIN);

    ui_say(ui, "export written\033[2J");
    const char *text = drawn(ui, 100, 24, race, NULL, &got);
    assert_non_null(strstr(text, "export written\\x1b[2J"));
    ui->message[0] = 0;
    press(ui, "q", race, NULL);
    text = drawn(ui, 140, 24, race, NULL, &got);
    assert_non_null(strstr(text, "heed /home/ada/runs/iarc-s1 goes on"));
    race->folder[0] = 0;
    text = drawn(ui, 140, 24, race, NULL, &got);
    assert_non_null(strstr(text, "keeps no files"));
    ui_free(ui);
    text_release(&got);
    fixture_free(race, NULL);
}

static void markers_match_the_curves(void **state)
{
    (void)state;
    for (int ascii = 0; ascii < 2; ascii++) {
        struct canvas c = {.glyphs = ascii ? GLYPHS_ASCII : GLYPHS_BRAILLE};
        for (int i = 0; i < MAX_CONTESTANTS; i++) {
            uint32_t code;
            text_decode(chrome_marker(&c, i), &code);
            assert_int_equal(code, curve_marker(&c, i));
        }
    }
}

/* Of many contestants nothing stands between the table and the map, whatever the task. */
static void the_map_follows_the_table(void **state)
{
    (void)state;
    for (int switches = 0; switches < 2; switches++) {
        struct ui_options options = {.page = PAGE_TRAIN};
        struct canvas canvas = {.glyphs = GLYPHS_BRAILLE};
        struct race_snapshot *race = fixture_race();
        struct probe_snapshot *probe = fixture_probe(1, false);
        struct failure why;
        struct ui *ui;
        race->count = MAX_CONTESTANTS;
        for (int i = 0; i < race->count; i++) {
            race->contestants[i] = race->contestants[i % 4];
            for (int k = 0; k < MAX_SINCE - 1 && !switches; k++)
                race->contestants[i].eval.since[k].count = 0;
            race->contestants[i].eval.since[MAX_SINCE - 1] = (struct score){50, 100};
        }
        assert_int_equal(ui_new(&ui, &options, &why), 0);
        assert_int_equal(canvas_resize(&canvas, 80, 24), 0);
        ui_draw(ui, &canvas, race, probe);
        int at = 0;
        while (at < ui->hit_count && ui->hits[at].kind != HIT_OPEN_MAP)
            at++;
        assert_true(at < ui->hit_count);
        /* Title, tabs, the table with a frame and a line. */
        assert_int_equal(ui->hits[at].at.y, 2 + MAX_CONTESTANTS + 3);
        ui_free(ui);
        canvas_release(&canvas);
        fixture_free(race, probe);
    }
}

static void map_range_holds_late_queries(void **state)
{
    (void)state;
    struct probe_snapshot *p = fixture_probe(1, false);
    struct heat_memory last = {.mode = HEAT_SIGNED};
    int n = p->positions;

    for (int i = 0; i < n * n; i++)
        p->weight[i] = 0;
    p->weight[0] = 1; /* one key: always 1 */
    p->weight[20 * n + 3] = -0.26f;
    assert_true(fabs(maps_range(p, 0, 0, HEAT_SIGNED, NULL) - 0.3) < 1e-12);
    assert_true(fabs(maps_range(p, 0, 0, HEAT_SQUARED, NULL) - 0.07) < 1e-12);
    last.range = 0.5; /* still half full: it stays */
    assert_true(maps_range(p, 0, 0, HEAT_SIGNED, &last) == 0.5);
    last.range = 1;
    assert_true(fabs(maps_range(p, 0, 0, HEAT_SIGNED, &last) - 0.3) < 1e-12);
    fixture_free(NULL, p);
}

static void short_names(void **state)
{
    (void)state;
    char out[NAME_TEXT];
    chrome_short_name(out, sizeof out, "transformer-dpa", 20);
    assert_string_equal(out, "transformer-dpa");
    chrome_short_name(out, sizeof out, "transformer-dpa", 12);
    assert_string_equal(out, "transf·dpa");
    chrome_short_name(out, sizeof out, "a-long-run/transformer-dpa", 26);
    assert_string_equal(out, "a-long-run/transformer-dpa");
    chrome_short_name(out, sizeof out, "a-long-run/transformer-dpa", 20);
    assert_string_equal(out, "a-long-run/t·dpa");
    chrome_short_name(out, sizeof out, "a-long-run/transformer-dpa", 12);
    assert_string_equal(out, "a-lon…/t·dpa");
    chrome_short_name(out, sizeof out, "a-long-run/lstm", 7);
    assert_string_equal(out, "a…/lstm");
    chrome_short_name(out, sizeof out, "a-long-run/transformer-dpa", 6);
    assert_string_equal(out, "…/t·dpa");
    chrome_short_name(out, sizeof out, "cisformer-signed-ea", 11);
    assert_string_equal(out, "c·signed-ea");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(draws_goldens),
        cmocka_unit_test(small_screens_are_useful),
        cmocka_unit_test(nothing_there_yet),
        cmocka_unit_test(no_evaluation_yet),
        cmocka_unit_test(failures_are_shown),
        cmocka_unit_test(states_are_named),
        cmocka_unit_test(reconstructed_rules_say_so),
        cmocka_unit_test(help_lists_every_command),
        cmocka_unit_test(messages_and_questions),
        cmocka_unit_test(markers_match_the_curves),
        cmocka_unit_test(the_map_follows_the_table),
        cmocka_unit_test(map_range_holds_late_queries),
        cmocka_unit_test(short_names),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
