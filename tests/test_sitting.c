/* Several races in one sitting: what is begun, saved, opened and refused while a screen looks on. */
#include "heed_test.h"
#include "scratch.h"
#include "base/clock.h"
#include "cli/setup.h"
#include "cli/stage.h"
#include "store/checkpoint.h"

static struct stage stage; /* the threads of a test that fails go on with it */
static struct desk_news news;
static const struct args args = {.isa = "auto"};

static void must(int code, const struct failure *why)
{
    if (code < 0)
        fail_msg("%s", why->text);
}

/* A small race; `extra` are assignments, ending with NULL. */
static void make_race(struct race_config *race, const char *const *extra)
{
    static const char *const common[] = {"task.context=16",      "train.batch=4",
                                         "train.eval_windows=8", "model.dim=8",
                                         "model.hidden=8",       "train.steps=100000",
                                         "train.threads=1",      NULL};
    struct plan plan = {0};
    struct failure why;
    for (int i = 0; common[i]; i++)
        must(plan_add_flag(&plan, common[i], &why), &why);
    for (; *extra; extra++)
        must(plan_add_flag(&plan, *extra, &why), &why);
    must(plan_build(&plan, race, &why), &why);
    must(race_resolve(race, &why), &why);
    plan_release(&plan);
}

#define RACE(race, ...) make_race(race, (const char *const[]){__VA_ARGS__, NULL})

/* As heed --setup: a feed, no race. */
static void sit_down(const char *folder, bool no_files)
{
    struct session_options o = {
        .mode = SESSION_TRAIN, .folder = folder, .no_files = no_files, .until = -1};
    struct failure why;
    stage = (struct stage){0};
    news = (struct desk_news){0};
    RACE(&stage.race, "race=lstm");
    must(stage_prepare(&stage, &args, &o, &why), &why);
    must(stage_start(&stage, &why), &why);
    must(stage_direct(&stage, &why), &why);
}

/* Ask, wait until it is done, and return the last line about it. */
static const char *ask(enum wish_kind kind, const struct race_config *race, const char *folder)
{
    static struct wish wish;
    wish = (struct wish){.kind = kind};
    if (race)
        wish.race = *race;
    text_copy(wish.folder, sizeof wish.folder, folder ? folder : "");
    for (int i = 0; i < 5000 && !desk_ask(&stage.feed.desk, &wish); i++)
        clock_sleep(0.002);
    for (int i = 0; i < 5000; i++) {
        if (desk_heard(&stage.feed.desk, &news) && !news.busy)
            return news.line;
        clock_sleep(0.002);
    }
    fail_msg("the wish was never fulfilled");
    return NULL;
}

static void ask_hears(enum wish_kind kind, const struct race_config *race, const char *folder,
                      const char *wanted)
{
    const char *line = ask(kind, race, folder);
    assert_contains(line, wanted);
}

/* The newest picture of race `number` once it has come to `step`. */
static const struct race_snapshot *wait_race(int number, int64_t step)
{
    for (int i = 0; i < 5000; i++) {
        const struct race_snapshot *race = stage_race(&stage, NULL);
        if (race && race->number == number && race->step >= step)
            return race;
        clock_sleep(0.002);
    }
    fail_msg("race %d never comes to step %d", number, (int)step);
    return NULL;
}

static const struct probe_snapshot *wait_probe(int number)
{
    for (int i = 0; i < 5000; i++) {
        const struct probe_snapshot *probe = stage_probe(&stage);
        if (probe && probe->number == number && probe->ready)
            return probe;
        clock_sleep(0.002);
    }
    fail_msg("no picture of race %d's inside", number);
    return NULL;
}

static void stand_up(void)
{
    struct failure why;
    must(stage_stop(&stage, &why), &why);
    stage_close(&stage);
}

static int64_t saved_step(const char *folder, const char *contestant)
{
    char path[FSIO_PATH];
    struct checkpoint c;
    struct failure why;
    must(run_checkpoint_path(folder, contestant, path, &why), &why);
    must(checkpoint_read(&c, path, &why), &why);
    int64_t step = c.step;
    checkpoint_release(&c);
    return step;
}

static void nothing_begins_by_itself(void **state)
{
    (void)state;
    sit_down(in_scratch("idle"), false);
    clock_sleep(0.05);
    assert_null(stage_race(&stage, NULL));
    stand_up();
    assert_false(fsio_is_folder(in_scratch("idle")));
}

/* A start from the form writes what `heed train` with the same settings writes, to the bit. */
static void a_start_is_what_the_command_line_starts(void **state)
{
    (void)state;
    struct race_config race;
    struct failure why;
    const char *folder = in_scratch("form"), *other = in_scratch("line");
    RACE(&race, "race=transformer-cog,lstm", "train.steps=30", "train.seed=5");
    sit_down(folder, false);
    ask_hears(WISH_START, &race, NULL, "begun: ");
    for (int i = 0; i < 5000 && wait_race(1, 0)->state != RACE_FINISHED; i++)
        clock_sleep(0.002);
    assert_int_equal(wait_race(1, 30)->state, RACE_FINISHED);
    stand_up();

    struct stage line = {.race = race};
    struct session_options o = {.mode = SESSION_TRAIN, .folder = other, .until = -1};
    must(stage_open(&line, &args, &o, &why), &why);
    must(stage_start(&line, &why), &why);
    for (int i = 0; i < 5000 && !session_done(line.session); i++)
        clock_sleep(0.002);
    must(stage_stop(&line, &why), &why);
    stage_close(&line);

    char *a = get_file(in_scratch("form/config.ini"), NULL);
    char *b = get_file(in_scratch("line/config.ini"), NULL);
    assert_string_equal(a, b);
    free(a);
    free(b);
    for (int i = 0; i < race.count; i++) {
        struct checkpoint one, two;
        char path[FSIO_PATH];
        must(run_checkpoint_path(folder, race.names[i], path, &why), &why);
        must(checkpoint_read(&one, path, &why), &why);
        must(run_checkpoint_path(other, race.names[i], path, &why), &why);
        must(checkpoint_read(&two, path, &why), &why);
        struct model *m[2];
        struct team *team;
        must(team_new(&team, 1, &why), &why);
        for (int k = 0; k < 2; k++) {
            must(model_new(&m[k], &race.contestants[i], 20, 1, false, kern_best(), team, &why),
                 &why);
            must(checkpoint_apply(k ? &two : &one, m[k], NULL, &why), &why);
        }
        assert_memory_equal(m[0]->weights, m[1]->weights, m[0]->params.total * sizeof(real));
        model_free(m[0]);
        model_free(m[1]);
        team_free(team);
        checkpoint_release(&one);
        checkpoint_release(&two);
    }
}

/* Another cast with larger maps: the old run is saved, the new one has a folder of its own. */
static void a_restart_keeps_the_old_run(void **state)
{
    (void)state;
    struct race_config race;
    const char *folder = in_scratch("again"), *second = in_scratch("again-2");
    sit_down(folder, false);
    RACE(&race, "race=lstm");
    ask(WISH_START, &race, NULL);
    wait_race(1, 5);
    RACE(&race, "race=transformer-dpa,mlp", "task.context=40", "model.layers=3");
    ask_hears(WISH_START, &race, NULL, "again-2");
    const struct race_snapshot *now = wait_race(2, 3);
    assert_int_equal(now->count, 2);
    assert_string_equal(now->contestants[0].name, "transformer-dpa");
    const struct probe_snapshot *probe = wait_probe(2);
    assert_int_equal(probe->layers, 3);
    assert_int_equal(probe->heads, 4);
    assert_int_equal(probe->positions, 40);
    assert_int_equal(probe->map_floats, 3 * 4 * 40 * 40); /* the slots have grown */
    assert_true(saved_step(folder, "lstm") >= 5);
    stand_up();
    assert_true(saved_step(second, "mlp") >= 3);
    /* Opened again later, it goes on from where it was. */
    int64_t saved = saved_step(folder, "lstm");
    sit_down(NULL, true);
    ask_hears(WISH_OPEN, NULL, folder, "opened: ");
    assert_true(wait_race(1, saved + 3)->step > saved);
    ask_hears(WISH_OPEN, NULL, second, "opened: ");
    assert_int_equal(wait_race(2, 0)->count, 2);
    assert_true(saved_step(folder, "lstm") > saved);
    stand_up();
}

static void what_cannot_be_leaves_the_race_alone(void **state)
{
    (void)state;
    struct race_config race;
    const char *folder = in_scratch("alone");
    char path[FSIO_PATH];
    struct failure why;
    sit_down(folder, false);
    RACE(&race, "race=lstm", "train.checkpoint_seconds=1000");
    ask(WISH_START, &race, NULL);
    wait_race(1, 2);
    ask_hears(WISH_OPEN, NULL, in_scratch("nowhere"), "nowhere: no such folder");
    ask_hears(WISH_OPEN, NULL, folder, "is open already");
    put_file(in_scratch("plain"), "x", 1);
    ask_hears(WISH_OPEN, NULL, in_scratch("plain"), "no such folder");
    /* What is not on disk cannot be left: a folder stands where the checkpoint should. */
    must(run_checkpoint_path(folder, "lstm", path, &why), &why);
    assert_int_equal(remove(path), 0);
    assert_int_equal(mkdir(path, 0700), 0);
    put_file(in_scratch("alone/lstm/checkpoint.safetensors/x"), "x", 1);
    const char *line = ask(WISH_START, &race, NULL);
    assert_contains(line, "checkpoint.safetensors");
    int64_t step = wait_race(1, 0)->step;
    assert_true(wait_race(1, step + 3)->step > step); /* it goes on */
    assert_false(fsio_is_folder(in_scratch("alone-2")));
    assert_int_equal(remove(in_scratch("alone/lstm/checkpoint.safetensors/x")), 0);
    assert_int_equal(remove(path), 0);
    ask_hears(WISH_START, &race, NULL, "begun: ");
    stand_up();
}

/* Pictures of a race on images have no place in one on symbols. */
static void images_end_with_their_race(void **state)
{
    (void)state;
    struct race_config race;
    sit_down(NULL, true);
    RACE(&race, "race=uvit-dpa", "task.kind=images", "task.side=8", "model.patch=2",
         "model.heads=2");
    ask_hears(WISH_START, &race, NULL, "begun: ");
    assert_non_null(wait_probe(1)->gallery);
    RACE(&race, "race=transformer-dpa");
    ask_hears(WISH_START, &race, NULL, "begun: ");
    /* Each of the three slots has served the images. */
    for (int64_t serial = 0, seen = 0; seen < 4;) {
        const struct probe_snapshot *probe = wait_probe(2);
        assert_null(probe->gallery);
        assert_null(probe->second->gallery);
        seen += probe->serial != serial;
        serial = probe->serial;
    }
    stand_up();
}

/* One wish at a time, and none once the sitting is over. */
static void wishes_are_not_piled_up(void **state)
{
    (void)state;
    static struct wish wish = {.kind = WISH_OPEN};
    sit_down(NULL, true);
    text_copy(wish.folder, sizeof wish.folder, in_scratch("nowhere"));
    int taken = 0;
    for (int i = 0; i < 100; i++)
        taken += desk_ask(&stage.feed.desk, &wish);
    assert_true(taken >= 1 && taken < 100);
    desk_close(&stage.feed.desk);
    assert_false(desk_ask(&stage.feed.desk, &wish));
    stand_up();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_begins_by_itself),
        cmocka_unit_test(a_start_is_what_the_command_line_starts),
        cmocka_unit_test(a_restart_keeps_the_old_run),
        cmocka_unit_test(what_cannot_be_leaves_the_race_alone),
        cmocka_unit_test(images_end_with_their_race),
        cmocka_unit_test(wishes_are_not_piled_up),
    };
    return cmocka_run_group_tests(tests, scratch_make, scratch_remove);
}
