/* heed [PRESET|FILE|RUN] */
#include "cli/args.h"
#include "cli/screen.h"
#include "cli/setup.h"
#include "cli/target.h"

static const struct option_spec options[] = {
    OPTION_SET_SPEC,
    OPTION_OUTPUT_SPEC("RUN", "folder to write (a fresh one under $XDG_STATE_HOME/heed/runs)"),
    OPTION_NO_FILES_SPEC,
    {"setup", 0, OPTION_FLAG, OPTION_AT(setup), NULL, NULL, 0, 0,
     "begin with the settings as a form; R starts the race"},
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

static int check_words(const struct args *args, const struct target *target, struct failure *why)
{
    bool goes_on = target->kind == TARGET_RUN && !args->setup;

    if (goes_on && (args->output || args->no_files))
        return fail(why, ERR_USAGE,
                    "%s: is a run, which goes on in its own folder: leave out %s", target->word,
                    args->output ? "-o" : "--no-files");
    if (args->output && args->no_files)
        return fail(why, ERR_USAGE, "--no-files: contradicts -o %s", args->output);
    return 0;
}

/* Where it begins: the page that a preset or a file names, if the command line names that one. */
static enum ui_page first_page(const struct target *target, const struct plan *plan)
{
    enum ui_page page;
    bool named = target->word && ui_page_by_name(plan->page, &page, NULL) == 0;
    return named ? page : PAGE_COUNT;
}

static int run(const struct args *args, struct failure *why)
{
    struct stage stage = {0};
    char folder[FSIO_PATH];
    struct session_options o = {.mode = SESSION_TRAIN,
                                .no_files = args->no_files,
                                .folder = target_typed(args->output, folder),
                                .until = args->until};
    struct target target;
    struct plan plan = {0};
    struct ui_setup setup;
    struct screen screen = {0};
    int rc = target_find(args->word_count ? args->words[0] : NULL, &target, why);

    if (rc < 0 || (rc = check_words(args, &target, why)) < 0)
        return rc;
    /* In a form, a run's settings are those of a new one. */
    if (target.kind == TARGET_RUN && !args->setup) {
        o.resume = true;
        o.folder = target.word;
    }
    rc = target_plan(args, &target, o.resume, &plan, &stage.race, why);
    setup_fill(&setup, &plan, args->setup);
    if (rc == 0)
        rc = screen_open(&screen, args, first_page(&target, &plan), &setup, why);
    plan_release(&plan);
    if (rc == 0)
        rc = args->setup ? stage_prepare(&stage, args, &o, why) : stage_open(&stage, args, &o, why);
    if (rc == 0)
        rc = screen_run(&screen, &stage, "heed ", why);
    stage_close(&stage);
    screen_close(&screen);
    if (rc >= 0 && target.kind == TARGET_PRESET)
        target_tell_namesake(target.word, "preset");
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
        "file begins a new run; a run's folder goes on from its checkpoints. A preset's name is the preset, "
        "whatever else is called so: ./iarc is the file or folder. It begins with the page that --page "
        "says, else with that of the preset or file, else with the one that it was left on last, or Train "
        "where this race has nothing for that one. Press ? for the keys, q to leave.",
    .least = 0,
    .most = 1,
    .options = options,
    .run = run,
};
