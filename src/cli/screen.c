#include "cli/screen.h"

#include <signal.h>
#include <stdio.h>

#include "cli/cli.h"
#include "cli/report.h"
#include "tui/tui.h"

int screen_open(struct ui **ui, const struct args *args, enum ui_page page, bool stepping_only,
                struct failure *why)
{
    struct ui_options o = {.page = page, .stepping_only = stepping_only};
    int rc;

    if (args->page && (rc = ui_page_by_name(args->page, &o.page, why)) < 0)
        return rc;
    if ((rc = theme_load(&o.theme, args->theme, why)) < 0 || (rc = tui_check(why)) < 0)
        return rc;
    return ui_new(ui, &o, why);
}

static int leave(struct stage *stage, const char *again, struct text *last, struct failure *why)
{
    const struct race_snapshot *race = stage_race(stage, NULL);
    const char *folder = session_folder(stage->session);

    if (race)
        report_summary(race, last);
    if (again && folder[0]) {
        text_addf(last, "again: %s", again);
        report_quoted(folder, last);
        text_add(last, "\n");
    }
    return out_text(last, why);
}

int screen_run(struct ui *ui, struct stage *stage, const struct args *args, const char *again,
               struct failure *why)
{
    struct tui_options o = {.colors = args_colors(args),
                            .glyphs = args->glyphs,
                            .mouse = !args->no_mouse,
                            .frames_per_second = args->fps};
    struct text last = {0};
    struct failure unsaved;
    enum tui_end end = TUI_QUIT;
    int rc, stopped;

    if ((rc = stage_start(stage, why)) < 0)
        return rc;
    rc = tui_run(ui, &stage->feed, &o, &end, &last, why);
    stopped = stage_stop(stage, &unsaved);
    if (rc == 0 && stopped < 0) {
        *why = unsaved;
        rc = stopped;
    }
    if (rc == 0 && end != TUI_HANGUP)
        rc = leave(stage, again, &last, why);
    text_release(&last);
    if (rc < 0 || end == TUI_QUIT)
        return rc;
    return EXIT_BY_SIGNAL + (end == TUI_HANGUP ? SIGHUP : SIGTERM);
}
