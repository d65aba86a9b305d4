/* heed train [PRESET|FILE|RUN] */
#include "cli/args.h"
#include "cli/cli.h"
#include "cli/progress.h"
#include "cli/report.h"
#include "cli/stage.h"
#include "cli/target.h"
#include "cli/wait.h"

#include <string.h>

static const struct option_spec options[] = {
    OPTION_SET_SPEC,
    OPTION_OUTPUT_SPEC("RUN", "folder to write (a fresh one under $XDG_STATE_HOME/heed/runs)"),
    OPTION_NO_FILES_SPEC,
    OPTION_STEPS_SPEC,
    OPTION_UNTIL_SPEC,
    OPTION_SEED_SPEC,
    OPTION_THREADS_SPEC,
    OPTION_ISA_SPEC,
    {"resume", 0, OPTION_FLAG, OPTION_AT(resume), NULL, NULL, 0, 0,
     "go on with RUN from its checkpoints"},
    OPTION_JSON_SPEC("at the end, the final evaluation as one JSON object (as heed eval --json)"),
    {"plain", 0, OPTION_FLAG, OPTION_AT(plain), NULL, NULL, 0, 0,
     "lines instead of a progress bar, on a terminal too"},
    OPTION_INTERVAL_SPEC,
    OPTION_HELP_SPEC,
    OPTION_END_SPEC,
};

/* Where to write, and whether that goes on with what is there; *folder may be `typed`. */
static int choose_folder(const struct args *args, struct target *target, const char **folder,
                         char typed[FSIO_PATH], struct failure *why)
{
    const char *word = args->word_count ? args->words[0] : NULL;
    const char *output = target_typed(args->output, typed);
    int rc;

    if (args->no_files && (output || args->resume))
        return fail(why, ERR_USAGE, "--no-files: contradicts %s: leave one out",
                    output ? "-o" : "--resume");
    if (args->no_files && args->json)
        return fail(why, ERR_USAGE,
                    "--no-files: contradicts --json, which evaluates the run's checkpoints: leave "
                    "one out");
    bool path = args->resume && !word && output;
    word = path ? output : word;
    rc = path ? target_find_path(word, target, why) : target_find(word, target, why);
    if (rc < 0)
        return rc;
    *folder = output;
    if (args->resume) {
        if (target->kind == TARGET_PRESET && word && target_is_run(word))
            return fail(why, ERR_USAGE, "--resume: %s is a preset's name: write ./%s for the run", word,
                        word);
        if (target->kind != TARGET_RUN)
            return fail(why, ERR_USAGE,
                        "--resume: needs the run's folder: heed train RUN --resume");
        if (output && strcmp(output, word) != 0)
            return fail(why, ERR_USAGE,
                        "--resume: goes on in %s and cannot write to %s: leave out -o", word,
                        output);
        *folder = word;
    } else if (target->kind == TARGET_RUN) {
        return fail(
            why, ERR_USAGE,
            "%s: holds a run: --resume goes on with it, heed train %s/config.ini repeats it", word,
            word);
    }
    return 0;
}

/* Until the training ends by itself (0) or a signal comes (its number). */
static int follow(struct stage *stage, const struct args *args, const struct ending *ending)
{
    struct progress progress;
    int signal = 0;

    progress_init(&progress, stderr, args->interval, args->plain);
    while (!signal && !session_done(stage->session)) {
        signal = ending_wait(ending, 0.1);
        progress_show(&progress, stage_race(stage, NULL));
    }
    progress_end(&progress, stage_race(stage, NULL));
    return signal;
}

static int failed_contestants(const struct race_snapshot *race)
{
    int failed = 0;

    for (int i = 0; race && i < race->count; i++)
        failed += race->contestants[i].failed;
    return failed;
}

static void say_begin(const char *folder)
{
    char shown[4 * FSIO_PATH];

    if (!folder[0]) /* nothing is kept */
        return;
    text_escape(shown, sizeof shown, folder);
    fprintf(stderr, "run: %s\n", shown);
}

static void say_end(const struct race_snapshot *race, const char *folder, bool more)
{
    struct text t = {0};

    if (race)
        report_summary(race, &t);
    if (folder[0]) {
        text_add(&t, more ? "goes on with: heed train " : "see it with: heed step ");
        report_quoted(folder, &t);
        text_add(&t, more ? " --resume\n" : "\n");
    } else {
        text_add(&t, "nothing was kept: -o RUN in place of --no-files keeps it\n");
    }
    fputs(text_string(&t), stderr);
    text_release(&t);
}

static int finish(struct stage *stage, const struct args *args, int signal, struct failure *why)
{
    const struct race_snapshot *race;
    const char *folder = session_folder(stage->session);
    struct text out = {0};
    int rc = stage_stop(stage, why);

    race = stage_race(stage, NULL);
    say_end(race, folder, race && race->step < race->config.train.steps);
    if (rc == 0 && !signal && args->json) {
        rc = report_evaluation(args, folder, 0, &out, why);
        if (rc == 0)
            rc = out_text(&out, why);
        text_release(&out);
    }
    if (rc < 0)
        return rc;
    return signal ? EXIT_BY_SIGNAL + signal : failed_contestants(race) > 0;
}

static int run(const struct args *args, struct failure *why)
{
    struct stage stage = {0};
    struct session_options o = {.mode = SESSION_TRAIN,
                                .unwatched = true,
                                .no_files = args->no_files,
                                .resume = args->resume,
                                .until = args->until};
    struct target target;
    struct ending ending;
    char typed[FSIO_PATH];
    int signal, rc;

    if ((rc = choose_folder(args, &target, &o.folder, typed, why)) < 0 ||
        (rc = target_race(args, &target, args->resume, &stage.race, why)) < 0)
        return rc;
    if (target.kind == TARGET_PRESET)
        target_tell_namesake(target.word, "preset");
    ending_block(&ending);
    if ((rc = stage_open(&stage, args, &o, why)) == 0 && (rc = stage_start(&stage, why)) == 0) {
        say_begin(session_folder(stage.session));
        signal = follow(&stage, args, &ending);
        ending_restore(&ending);
        rc = finish(&stage, args, signal, why);
    }
    stage_close(&stage);
    return rc;
}

const struct subcommand command_train = {
    .name = "train",
    .words = "[PRESET|FILE|RUN]",
    .summary = "train without a screen",
    .description =
        "Train the race of a preset (heed list presets), a settings file or, with --resume, a "
        "run's folder, and write the run's files. Progress goes to standard error: a bar on a "
        "terminal, else a line every few seconds.\n\n"
        "INT, TERM and HUP write checkpoints, say how to go on, and end with 128 plus the signal's "
        "number. With --until N and --resume a schedule is run in pieces that give the same bits "
        "as one. A run that goes on may change train.threads and train.checkpoint_seconds only. A "
        "contestant whose loss or gradient is no number stops with a message while the others go "
        "on; the exit code is then 1.",
    .least = 0,
    .most = 1,
    .options = options,
    .run = run,
};
