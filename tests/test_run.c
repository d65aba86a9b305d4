/* A run's folder: made once, written by one, found again. */
#include "heed_test.h"
#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <sys/wait.h>
#include "base/text.h"
#include "scratch.h"
#include "store/run.h"

static struct race_config race; /* lstm and mlp, seed 77 */

static int make_race(void **state)
{
    struct plan plan = {0};
    struct failure why = {0};
    int result = plan_add_flag(&plan, "race=lstm,mlp", &why);
    if (result == 0)
        result = plan_add_flag(&plan, "train.seed=77", &why);
    if (result == 0)
        result = plan_add_flag(&plan, "mlp.train.learning_rate=0.1", &why);
    if (result == 0)
        result = plan_build(&plan, &race, &why);
    plan_release(&plan);
    strcpy(race.preset, "my race");
    if (result < 0)
        print_error("%s\n", why.text);
    return result < 0 ? result : scratch_make(state);
}

static void a_new_run_is_complete(void **state)
{
    (void)state;
    struct run run;
    struct failure why = {0};
    assert_int_equal(run_create(&run, in_scratch("new/deep/"), &race, &why), 0);
    assert_string_equal(run.folder, in_scratch("new/deep"));
    assert_true(fsio_is_folder(in_scratch("new/deep/lstm")));
    assert_true(fsio_is_folder(in_scratch("new/deep/mlp/timeline")));
    assert_true(fsio_is_file(in_scratch("new/deep/metrics.jsonl")));
    char *text = get_file(in_scratch("new/deep/config.ini"), NULL);
    assert_int_equal(strncmp(text, "; Written by heed " HEED_VERSION ": ", 22), 0);
    free(text);
    char pid[32];
    snprintf(pid, sizeof pid, "%ld\n", (long)getpid());
    text = get_file(in_scratch("new/deep/lock"), NULL);
    assert_string_equal(text, pid);
    free(text);
    run_close(&run);
    run_close(&run); /* twice is harmless */
}

static void settings_come_back(void **state)
{
    (void)state;
    struct run run;
    struct failure why = {0};
    struct race_config *again = calloc(1, sizeof *again);
    assert_int_equal(run_create(&run, in_scratch("settings"), &race, &why), 0);
    run_close(&run);
    assert_int_equal(run_read_config(in_scratch("settings"), again, &why), 0);
    assert_int_equal(again->count, 2);
    for (int i = 0; i < 2; i++) {
        struct text before = {0}, after = {0};
        assert_string_equal(again->names[i], race.names[i]);
        config_write(&race.contestants[i], &before);
        config_write(&again->contestants[i], &after);
        assert_string_equal(text_string(&before), text_string(&after));
        text_release(&before);
        text_release(&after);
    }
    assert_true(again->contestants[1].train.learning_rate == 0.1);
    assert_int_equal(again->contestants[0].train.seed, 77);
    free(again);
}

static void no_run_is_overwritten(void **state)
{
    (void)state;
    struct run run;
    struct failure why = {0};
    assert_int_equal(run_create(&run, in_scratch("first"), &race, &why), 0);
    run_close(&run);
    char *before = get_file(in_scratch("first/config.ini"), NULL);
    assert_int_equal(run_create(&run, in_scratch("first"), &race, &why), ERR_USAGE);
    assert_contains(why.text, "first: already holds a run: choose another folder with -o, or go on "
                              "with --resume");
    assert_int_equal(run.lock_fd, -1);
    char *after = get_file(in_scratch("first/config.ini"), NULL);
    assert_string_equal(before, after);
    free(before);
    free(after);
    /* Records without settings are a run as well; an empty folder is none. */
    mkdir(in_scratch("records"), 0700);
    put_file(in_scratch("records/metrics.jsonl"), "{}\n", 3);
    assert_int_equal(run_create(&run, in_scratch("records"), &race, &why), ERR_USAGE);
    mkdir(in_scratch("empty"), 0700);
    assert_int_equal(run_create(&run, in_scratch("empty"), &race, &why), 0);
    run_close(&run);
}

static void one_writer_only(void **state)
{
    (void)state;
    struct run run, second;
    struct failure why = {0};
    char who[32];
    snprintf(who, sizeof who, "process %ld is writing", (long)getpid());
    assert_int_equal(run_create(&run, in_scratch("locked"), &race, &why), 0);
    assert_int_equal(run_open(&second, in_scratch("locked"), &why), ERR_IO);
    assert_contains(why.text, who);
    assert_contains(why.text, "stop it first, or follow it with `heed watch`");
    assert_int_equal(run_create(&second, in_scratch("locked"), &race, &why), ERR_IO);
    assert_contains(why.text, who);
    run_close(&run);
    assert_int_equal(run_open(&second, in_scratch("locked/"), &why), 0);
    assert_string_equal(second.folder, in_scratch("locked"));
    run_close(&second);
}

static void a_killed_writer_holds_no_lock(void **state)
{
    (void)state;
    struct run run;
    struct failure why = {0};
    int ready[2];
    assert_int_equal(pipe(ready), 0);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        if (run_create(&run, in_scratch("killed"), &race, &why) < 0 || write(ready[1], "x", 1) != 1)
            _exit(1);
        for (;;)
            pause();
    }
    close(ready[1]);
    char byte;
    assert_int_equal(read(ready[0], &byte, 1), 1);
    close(ready[0]);
    assert_int_equal(run_open(&run, in_scratch("killed"), &why), ERR_IO);
    char who[32];
    snprintf(who, sizeof who, "process %ld is writing", (long)child);
    assert_contains(why.text, who);
    kill(child, SIGKILL);
    waitpid(child, NULL, 0);
    assert_int_equal(run_open(&run, in_scratch("killed"), &why), 0);
    run_close(&run);
}

static void runs_without_a_name_get_one(void **state)
{
    (void)state;
    struct run a, b;
    struct failure why = {0};
    setenv("XDG_STATE_HOME", in_scratch("state"), 1);
    assert_int_equal(run_create(&a, NULL, &race, &why), 0);
    assert_int_equal(run_create(&b, NULL, &race, &why), 0);
    assert_string_not_equal(a.folder, b.folder);
    const char *start = in_scratch("state/heed/runs/my_race-2");
    assert_int_equal(strncmp(a.folder, start, strlen(start)), 0);
    assert_contains(a.folder, "-s77");
    /* my_race-YYYYMMDD-HHMMSS-s77 */
    assert_int_equal(strlen(strrchr(a.folder, '/')), strlen("/my_race-20260102-030405-s77"));
    run_close(&a);
    run_close(&b);
}

/* What a person without rights sees: the superuser may write anywhere, so a child gives them up. */
static void unwritable_folder_is_named(void **state)
{
    (void)state;
    struct run run;
    struct failure why = {0};
    assert_int_equal(mkdir(in_scratch("closed"), 0500), 0);
    chmod(scratch, 0755);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        if (geteuid() == 0 && (setgid(65534) != 0 || setuid(65534) != 0))
            _exit(2);
        if (geteuid() != 65534 && chmod(in_scratch("closed"), 0500) != 0)
            _exit(3);
        if (run_create(&run, in_scratch("closed"), &race, &why) != ERR_IO ||
            !strstr(why.text, "closed: the folder cannot be written: Permission denied: choose "
                              "another with -o"))
            _exit(4);
        if (run_create(&run, in_scratch("closed/inner"), &race, &why) != ERR_IO ||
            !strstr(why.text, "closed/inner: cannot be created: Permission denied: choose"))
            _exit(5);
        _exit(0);
    }
    int status;
    waitpid(child, &status, 0);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 0);
    put_file(in_scratch("file"), "x", 1);
    assert_int_equal(run_create(&run, in_scratch("file/run"), &race, &why), ERR_IO);
    assert_contains(why.text, "file/run: cannot be created: Not a directory: a part of the path");
}

static void no_run_there(void **state)
{
    (void)state;
    struct run run;
    struct failure why = {0};
    struct race_config *got = calloc(1, sizeof *got);
    assert_int_equal(run_open(&run, in_scratch("nowhere"), &why), ERR_IO);
    assert_contains(why.text, "nowhere: no such folder: name the folder of a run");
    mkdir(in_scratch("other"), 0700);
    assert_int_equal(run_read_config(in_scratch("other"), got, &why), ERR_IO);
    assert_contains(why.text, "other: holds no run, for it has no config.ini: name a folder that "
                              "`heed train` wrote");
    assert_int_equal(access(in_scratch("other/lock"), F_OK), -1); /* looking leaves nothing */
    free(got);
}

static void broken_settings_are_named(void **state)
{
    (void)state;
    struct failure why = {0};
    struct race_config *got = calloc(1, sizeof *got);
    mkdir(in_scratch("broken"), 0700);
    put_file(in_scratch("broken/config.ini"), "[model]\ndim = 8\nwhat is this\n", 29);
    assert_true(run_read_config(in_scratch("broken"), got, &why) < 0);
    assert_contains(why.text, "broken/config.ini:3");
    put_file(in_scratch("broken/config.ini"), "[model]\ndimm = 8\n", 17);
    assert_true(run_read_config(in_scratch("broken"), got, &why) < 0);
    assert_contains(why.text, "broken/config.ini");
    assert_contains(why.text, "model.dim");
    put_file(in_scratch("broken/config.ini"), "[model]\n\0dim = 8\n", 17);
    assert_int_equal(run_read_config(in_scratch("broken"), got, &why), ERR_INPUT);
    assert_contains(why.text, "holds a zero byte");
    put_file(in_scratch("broken/config.ini"), "; nothing\n", 10); /* not the default race */
    assert_int_equal(run_read_config(in_scratch("broken"), got, &why), ERR_INPUT);
    assert_contains(why.text, "holds no setting: it is damaged");
    free(got);
}

static void checkpoints_stay_in_the_folder(void **state)
{
    (void)state;
    char path[FSIO_PATH];
    struct failure why = {0};
    assert_int_equal(run_checkpoint_path("R", "lstm", path, &why), 0);
    assert_string_equal(path, "R/lstm/checkpoint.safetensors");
    static const char *const bad[] = {"", "..", ".hidden", "a/b", "/etc"};
    for (int i = 0; i < 5; i++) {
        assert_int_equal(run_checkpoint_path("R", bad[i], path, &why), ERR_USAGE);
        assert_contains(why.text, "is no contestant's name");
    }
}

static void timeline_is_log_spaced(void **state)
{
    (void)state;
    static const int64_t due[] = {0, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10000};
    int found = 0;
    for (int64_t step = 0; step <= 10000; step++) {
        if (!run_timeline_due(step))
            continue;
        assert_int_equal(step, due[found]);
        found++;
    }
    assert_int_equal(found, 11);
    assert_true(run_timeline_due(5000000000));
    assert_false(run_timeline_due(5000000001));
}

/* Many that begin in the same second: each gets a folder, none is told that another writes it. */
static void runs_that_begin_together_have_a_folder_each(void **state)
{
    (void)state;
    enum { STARTERS = 8, ROUNDS = 10 };
    setenv("XDG_STATE_HOME", in_scratch("together"), 1);
    for (int round = 0; round < ROUNDS; round++) {
        int start[2];
        assert_int_equal(pipe(start), 0);
        for (int i = 0; i < STARTERS; i++) {
            if (fork() > 0)
                continue;
            struct run run;
            struct failure why = {0};
            char byte;
            close(start[1]);
            (void)!read(start[0], &byte, 1); /* until the other end closes */
            int code = run_create(&run, NULL, &race, &why);
            if (code < 0)
                print_error("%s\n", why.text);
            _exit(code < 0);
        }
        close(start[0]);
        close(start[1]);
        for (int i = 0; i < STARTERS; i++) {
            int status;
            assert_true(wait(&status) > 0);
            assert_int_equal(status, 0);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_new_run_is_complete),
        cmocka_unit_test(settings_come_back),
        cmocka_unit_test(no_run_is_overwritten),
        cmocka_unit_test(one_writer_only),
        cmocka_unit_test(a_killed_writer_holds_no_lock),
        cmocka_unit_test(runs_without_a_name_get_one),
        cmocka_unit_test(unwritable_folder_is_named),
        cmocka_unit_test(no_run_there),
        cmocka_unit_test(broken_settings_are_named),
        cmocka_unit_test(checkpoints_stay_in_the_folder),
        cmocka_unit_test(timeline_is_log_spaced),
        cmocka_unit_test(runs_that_begin_together_have_a_folder_each),
    };
    return cmocka_run_group_tests(tests, make_race, scratch_remove);
}
