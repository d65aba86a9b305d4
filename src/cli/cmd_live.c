/* heed [PRESET|FILE|RUN] */
#include "cli/args.h"
#include "cli/screen.h"
#include "cli/target.h"

static const struct option_spec options[] = {
    OPTION_SET_SPEC,
    OPTION_OUTPUT_SPEC("RUN", "folder to write (a fresh one under $XDG_STATE_HOME/heed/runs)"),
    {"no-files", 0, OPTION_FLAG, OPTION_AT(no_files), NULL, NULL, 0, 0,
     "train without a folder: nothing is kept"},
    OPTION_STEPS_SPEC,
    OPTION_UNTIL_SPEC,
    OPTION_SEED_SPEC,
    OPTION_THREADS_SPEC,
    OPTION_ISA_SPEC,
    SCREEN_OPTIONS,
    {"version", 0, OPTION_FLAG, OPTION_AT(version), NULL, NULL, 0, 0, "show the version and exit"},
    OPTION_HELP_SPEC,
    OPTION_END_SPEC,
};

static int run(const struct args *args, struct failure *why)
{
    struct stage stage = {0};
    struct session_options o = {.mode = SESSION_TRAIN,
                                .no_files = args->no_files,
                                .folder = args->output,
                                .until = args->until};
    struct target target;
    struct screen screen = {0};
    int rc = target_find(args->word_count ? args->words[0] : NULL, &target, why);

    if (rc < 0)
        return rc;
    if (target.kind == TARGET_RUN) {
        if (args->output || args->no_files)
            return fail(why, ERR_USAGE,
                        "%s: is a run, which goes on in its own folder: leave out %s", target.word,
                        args->output ? "-o" : "--no-files");
        o.resume = true;
        o.folder = target.word;
    }
    if (args->output && args->no_files)
        return fail(why, ERR_USAGE, "--no-files: contradicts -o %s", args->output);
    if ((rc = target_race(args, &target, o.resume, &stage.race, why)) < 0 ||
        (rc = screen_open(&screen, args, PAGE_COUNT, false, why)) < 0)
        return rc;
    if ((rc = stage_open(&stage, args, &o, why)) == 0)
        rc = screen_run(&screen, &stage, "heed ", why);
    stage_close(&stage);
    screen_close(&screen);
    return rc;
}

const struct subcommand command_live = {
    .name = "",
    .words = "[PRESET|FILE|RUN]",
    .summary = "the terminal program",
    .description =
        "Train small attention models and watch, live, what they learn: accuracy curves, "
        "attention maps, and a sequence to step through token by token. Without a word: the "
        "preset iarc, four models side by side. A preset's name (heed list presets) or a settings "
        "file begins a new run; a run's folder goes on from its checkpoints. Press ? for the "
        "keys, q to leave.",
    .least = 0,
    .most = 1,
    .options = options,
    .run = run,
};
