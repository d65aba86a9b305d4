#include "cli/sweep_follow.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/clock.h"
#include "cli/cli.h"
#include "cli/report.h"
#include "cli/screen.h"
#include "cli/sweep_report.h"
#include "cli/wait.h"
#include "train/sweep_watch.h"

static int put_count(const struct board *b, int ended, int damaged, struct failure *why)
{
    printf("%d of %d runs ended", ended, b->sweep.runs);
    if (damaged)
        printf(", %d damaged", damaged);
    printf("\n");
    fflush(stdout);
    return ferror(stdout) ? out_failed(why) : 0;
}

/* A line when a run has ended, then the summary. A damaged result is told of at the end: the other runs
   have theirs all the same. */
static int follow_plain(struct sweep_watch *w, const struct args *args, struct failure *why)
{
    struct board *b = &w->board;
    struct ending ending;
    struct text out = {0};
    struct failure damage = {0};
    double shown = 0;
    int signal = 0, rc = 0, told = -1;

    ending_block(&ending);
    while (!signal && rc == 0) {
        int read = board_refresh(b, &damage);
        int ended = board_ended(b), damaged = read < 0 ? board_damaged(b) : 0;
        if (ended + damaged != told && clock_now() - shown >= args->interval) {
            rc = put_count(b, ended, damaged, why);
            told = ended + damaged;
            shown = clock_now();
        }
        if (ended + damaged == b->sweep.runs)
            break;
        signal = ending_wait(&ending, 0.5);
    }
    ending_restore(&ending);
    if (rc == 0)
        rc = sweep_report(b, false, &out, why);
    if (rc == 0)
        rc = out_text(&out, why);
    text_release(&out);
    if (rc == 0 && !signal && board_damaged(b)) {
        *why = damage;
        rc = damage.code;
    }
    return rc < 0 ? rc : signal ? EXIT_BY_SIGNAL + signal : 0;
}

static int leave(const char *folder, const struct board *b, struct text *last, struct failure *why)
{
    int rc = sweep_report(b, false, last, why);

    text_add(last, "again: heed watch ");
    report_quoted(folder, last);
    text_add(last, "\n");
    return rc < 0 ? rc : out_text(last, why);
}

static int follow_screen(struct sweep_watch *w, const struct args *args, struct failure *why)
{
    struct race_config *none = calloc(1, sizeof *none);
    struct feed feed = {0};
    struct screen screen = {0};
    struct text last = {0};
    enum tui_end end = TUI_QUIT;
    int rc;

    if (!none)
        return fail(why, ERR_MEMORY, "out of memory");
    if ((rc = screen_open(&screen, args, PAGE_MEASURE, NULL, why)) == 0 &&
        (rc = feed_init(&feed, none, why)) == 0) {
        feed.sweep = &w->pictures;
        if ((rc = sweep_watch_start(w, why)) == 0)
            rc = tui_run(screen.ui, &feed, &screen.options, &end, &last, why);
    }
    if (rc == 0 && end != TUI_HANGUP)
        rc = leave(args->words[0], &w->board, &last, why);
    text_release(&last);
    screen_close(&screen);
    feed_release(&feed);
    free(none);
    return rc < 0 ? rc : screen_exit_code(end);
}

int sweep_follow(const struct args *args, const char *folder, struct failure *why)
{
    struct sweep_watch *w;
    int rc;

    if (args->word_count > 1)
        return fail(why, ERR_USAGE, "%s: is a sweep, which is followed alone: leave out the other words",
                    folder);
    if (!args->plain && !isatty(STDOUT_FILENO))
        return fail(why, ERR_USAGE,
                    "standard output: is no terminal: heed watch %s --plain prints lines", folder);
    if (!(w = calloc(1, sizeof *w)))
        return fail(why, ERR_MEMORY, "out of memory");
    if ((rc = sweep_watch_open(w, folder, why)) == 0)
        rc = args->plain ? follow_plain(w, args, why) : follow_screen(w, args, why);
    sweep_watch_close(w);
    free(w);
    return rc;
}
