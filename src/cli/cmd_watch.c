/* heed watch RUN... */
#include "cli/args.h"
#include "cli/cli.h"
#include "cli/progress.h"
#include "cli/report.h"
#include "cli/screen.h"
#include "cli/sweep_follow.h"
#include "cli/wait.h"

#include <errno.h>
#include <stdio.h>
#include <unistd.h>

#include "store/sweep_folder.h"

static const struct option_spec options[] = {
    {"plain", 0, OPTION_FLAG, OPTION_AT(plain), NULL, NULL, 0, 0,
     "one readable line per interval on standard output, for pipes and screen readers"},
    OPTION_INTERVAL_SPEC,
    OPTION_ISA_SPEC,
    SCREEN_OPTIONS,
    OPTION_HELP_SPEC,
    OPTION_END_SPEC,
};

/* What was told since the last look: a run that went quiet, a file that cannot be read. The lines of the
   start are not news: *told is -1 then. */
static void print_news(const struct race_snapshot *race, int64_t *told)
{
    if (!race)
        return;
    if (*told < 0)
        *told = race->log_total;
    if (race->log_total - *told > LOG_LINES)
        *told = race->log_total - LOG_LINES;
    for (; *told < race->log_total; ++*told)
        printf("%s\n", race->log[*told % LOG_LINES]);
    fflush(stdout);
}

/* Lines until the run has ended, a signal comes, or nobody reads them any more. */
static int watch_plain(struct stage *stage, const struct args *args, struct failure *why)
{
    struct ending ending;
    struct progress progress;
    const struct race_snapshot *race = NULL;
    int signal = 0, refused = 0, rc;
    int64_t told = -1;

    ending_block(&ending);
    if ((rc = stage_start(stage, why)) < 0)
        return rc;
    progress_init(&progress, stdout, args->interval, true);
    while (!signal && !refused) {
        signal = ending_wait(&ending, 0.1);
        race = stage_race(stage, NULL);
        errno = EIO;
        print_news(race, &told);
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

/* The command that shows the same again. */
static int tell_again(const struct args *args, struct failure *why)
{
    struct text line = {0};
    int rc;

    text_add(&line, "again: heed watch");
    for (int i = 0; i < args->word_count; i++) {
        text_add(&line, " ");
        report_quoted(args->words[i], &line);
    }
    text_add(&line, "\n");
    rc = out_text(&line, why);
    text_release(&line);
    return rc;
}

static int run(const struct args *args, struct failure *why)
{
    struct stage stage = {0};
    struct gathering runs;
    struct session_options o = {.mode = SESSION_WATCH, .gathering = &runs, .until = -1};
    struct screen screen = {0};
    int rc;

    for (int i = 0; i < args->word_count; i++)
        if (sweep_is_folder(args->words[i]))
            return sweep_follow(args, args->words[i], why);
    for (int i = 0; i < args->word_count; i++)
        if ((rc = stage_read_run(&stage, args->words[i], why)) < 0)
            return rc;
    if ((rc = gathering_read(&runs, args->words, args->word_count, &stage.race, why)) < 0)
        return rc;
    if (!args->plain && !isatty(STDOUT_FILENO))
        return fail(why, ERR_USAGE,
                    "standard output: is no terminal: heed watch %s%s --plain prints lines",
                    args->words[0], args->word_count > 1 ? " ..." : "");
    if (!args->plain && (rc = screen_open(&screen, args, PAGE_TRAIN, NULL, why)) < 0)
        return rc;
    if ((rc = stage_open(&stage, args, &o, why)) == 0)
        rc = args->plain ? watch_plain(&stage, args, why)
                         : screen_run(&screen, &stage, NULL, why);
    if (rc == 0 && !args->plain)
        rc = tell_again(args, why);
    stage_close(&stage);
    screen_close(&screen);
    return rc;
}

const struct subcommand command_watch = {
    .name = "watch",
    .words = "RUN...|DIR",
    .summary = "follow runs that other processes train",
    .description =
        "Show runs from their files alone while other terminals or machines train them: the curves "
        "as they grow, and the attention of the newest checkpoints. Several runs of one task stand "
        "side by side as one race; a contestant's name that two runs use is written RUN/NAME. A "
        "run that is silent for ten seconds is told of, and so is one that goes on. "
        "With --plain one readable line per interval is printed until all have ended, and one for "
        "each run that falls silent or goes on. "
        "Nothing is written.\n\n"
        "The folder of a sweep (heed sweep) is followed on the page Measure: accuracy over the "
        "settings that it compares, as its runs end and while they train.",
    .least = 1,
    .most = ARGS_WORDS,
    .options = options,
    .run = run,
};
