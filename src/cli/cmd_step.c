/* heed step RUN */
#include "cli/args.h"
#include "cli/screen.h"

static const struct option_spec options[] = {
    OPTION_ISA_SPEC,
    SCREEN_OPTIONS,
    OPTION_HELP_SPEC,
    OPTION_END_SPEC,
};

static int run(const struct args *args, struct failure *why)
{
    struct stage stage = {0};
    struct session_options o = {.mode = SESSION_STEP, .folder = args->words[0], .until = -1};
    struct screen screen = {0};
    int rc;

    if ((rc = stage_read_run(&stage, args->words[0], why)) < 0 ||
        (rc = screen_open(&screen, args, PAGE_STEP, NULL, why)) < 0)
        return rc;
    if ((rc = stage_open(&stage, args, &o, why)) == 0)
        rc = screen_run(&screen, &stage, "heed step ", why);
    stage_close(&stage);
    screen_close(&screen);
    return rc;
}

const struct subcommand command_step = {
    .name = "step",
    .words = "RUN",
    .summary = "step through a sequence with a run's trained models",
    .description =
        "Open a run's checkpoints without training: grow a sequence one token at a time, inject "
        "control tokens, and see what each model predicts and attends to. Nothing is written.",
    .least = 1,
    .most = 1,
    .options = options,
    .run = run,
};
