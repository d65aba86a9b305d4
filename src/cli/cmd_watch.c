/* heed watch RUN */
#include "cli/args.h"
#include "cli/cli.h"
#include "cli/progress.h"
#include "cli/screen.h"
#include "cli/wait.h"

#include <errno.h>
#include <stdio.h>
#include <unistd.h>

static const struct option_spec options[] = {
    {"plain", 0, OPTION_FLAG, OPTION_AT(plain), NULL, NULL, 0, 0,
     "one readable line per interval on standard output, for pipes and screen readers"},
    OPTION_INTERVAL_SPEC,
    OPTION_ISA_SPEC,
    SCREEN_OPTIONS,
    OPTION_HELP_SPEC,
    OPTION_END_SPEC,
};

/* Lines until the run has ended, a signal comes, or nobody reads them any more. */
static int watch_plain(struct stage *stage, const struct args *args, struct failure *why)
{
    struct ending ending;
    struct progress progress;
    const struct race_snapshot *race = NULL;
    int signal = 0, refused = 0, rc;

    ending_block(&ending);
    if ((rc = stage_start(stage, why)) < 0)
        return rc;
    progress_init(&progress, stdout, args->interval, true);
    while (!signal && !refused) {
        signal = ending_wait(&ending, 0.1);
        race = stage_race(stage, NULL);
        errno = EIO;
        progress_show(&progress, race);
        refused = ferror(stdout) ? errno : 0;
        if (session_done(stage->session) ||
            (race && (race->state == RACE_FINISHED || race->state == RACE_STOPPED)))
            break;
    }
    if (!refused) {
        errno = EIO;
        progress_end(&progress, stage_race(stage, NULL));
        refused = ferror(stdout) ? errno : 0;
    }
    ending_restore(&ending);
    rc = stage_stop(stage, why);
    if (rc == 0 && refused) {
        errno = refused;
        rc = out_failed(why);
    }
    return rc < 0 ? rc : signal ? EXIT_BY_SIGNAL + signal : 0;
}

static int run(const struct args *args, struct failure *why)
{
    struct stage stage = {0};
    struct session_options o = {.mode = SESSION_WATCH, .folder = args->words[0], .until = -1};
    struct ui *ui = NULL;
    int rc;

    if ((rc = stage_read_run(&stage, args->words[0], why)) < 0)
        return rc;
    if (!args->plain && !isatty(STDOUT_FILENO))
        return fail(why, ERR_USAGE,
                    "standard output: is no terminal: heed watch %s --plain prints lines",
                    args->words[0]);
    if (!args->plain && (rc = screen_open(&ui, args, PAGE_TRAIN, true, why)) < 0)
        return rc;
    if ((rc = stage_open(&stage, args, &o, why)) == 0)
        rc = args->plain ? watch_plain(&stage, args, why)
                         : screen_run(ui, &stage, args, "heed watch ", why);
    stage_close(&stage);
    ui_free(ui);
    return rc;
}

const struct subcommand command_watch = {
    .name = "watch",
    .words = "RUN",
    .summary = "follow a run that another process trains",
    .description = "Show a run from its files alone while another terminal or machine trains it: "
                   "the curves as they grow, and the attention of the newest checkpoints. With "
                   "--plain one readable line per interval is printed until the run ends. Nothing "
                   "is written.",
    .least = 1,
    .most = 1,
    .options = options,
    .run = run,
};
