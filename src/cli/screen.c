#include "cli/screen.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "cli/cli.h"
#include "cli/matching.h"
#include "cli/report.h"

/* A remembered theme that is gone is a problem of the file; one that was asked for is an error. */
static int choose_theme(struct theme *out, const struct args *args, struct preferences *p,
                        struct failure *why)
{
    struct failure gone;

    if (args->theme)
        return theme_load(out, args->theme, why);
    if (theme_load(out, p->theme, &gone) == 0)
        return 0;
    if (!p->problem[0])
        snprintf(p->problem, sizeof p->problem, "%s%.400s",
                 gone.code == ERR_USAGE ? "heed.ini: " : "", gone.text);
    return theme_load_shipped(out, "dark", why);
}

int screen_open(struct screen *s, const struct args *args, enum ui_page page,
                const struct ui_setup *setup, struct failure *why)
{
    struct preferences p;
    int rc;

    preferences_read(&p);
    s->keeps_page = setup != NULL;
    struct ui_options o = {.page = page == PAGE_COUNT ? (enum ui_page)p.page : page,
                           .page_kept = page == PAGE_COUNT && !args->page,
                           .stepping_only = !setup,
                           .setup = setup,
                           .bindings = &p.keys,
                           .matching = &cli_matching};
    if (setup && setup->ready)
        o.page = PAGE_RUN;
    s->directs = setup != NULL;
    int colors = args->colors >= 0 ? args->colors : p.colors;
    s->options = (struct tui_options){
        .colors = args_color_count(colors),
        .glyphs = args->glyphs >= 0 ? args->glyphs : p.glyphs - 1,
        .mouse = args->mouse || (p.mouse && !args->no_mouse),
        .frames_per_second = args->fps > 0 ? args->fps : p.fps,
        .max_kbps = args->max_kbps >= 0 ? args->max_kbps : p.max_kbps,
    };
    if (args->mouse && args->no_mouse)
        return fail(why, ERR_USAGE, "--mouse: contradicts --no-mouse: leave one out");
    if (args->page && (rc = ui_page_by_name(args->page, &o.page, why)) < 0)
        return rc;
    if ((rc = choose_theme(&o.theme, args, &p, why)) < 0 || (rc = tui_check(why)) < 0 ||
        (rc = ui_new(&s->ui, &o, why)) < 0)
        return rc;
    if (p.problem[0])
        ui_say(s->ui, p.problem);
    return 0;
}

void screen_close(struct screen *s)
{
    ui_free(s->ui);
    s->ui = NULL;
}

/* The page, and the theme if a key changed it, are the next start's. */
static void remember(const struct screen *s, struct text *last)
{
    int serial;
    const struct theme *theme = ui_theme(s->ui, &serial);
    struct failure why;

    if (preferences_keep(serial > 0 ? theme->name : NULL,
                         s->keeps_page ? ui_page_name(ui_page_now(s->ui)) : NULL, &why) < 0)
        text_addf(last, "not remembered: %s\n", why.text);
}

/* The runs of this sitting that were put away for another. */
static void tell_earlier(const struct stage *stage, const char *again, struct text *last)
{
    char folder[FSIO_PATH];
    const char *at = text_string(&stage->earlier);

    for (size_t n; *at; at += n + 1) {
        n = strcspn(at, "\n");
        snprintf(folder, sizeof folder, "%.*s", (int)n, at);
        text_addf(last, "earlier: %s", again);
        report_quoted(folder, last);
        text_add(last, "\n");
    }
}

static int leave(struct stage *stage, const char *again, struct text *last, struct failure *why)
{
    const struct race_snapshot *race = stage_race(stage, NULL);
    const char *folder = stage->session ? session_folder(stage->session) : "";

    if (race)
        report_summary(race, last);
    if (again)
        tell_earlier(stage, again, last);
    if (again && folder[0]) {
        text_addf(last, "again: %s", again);
        report_quoted(folder, last);
        text_add(last, "\n");
    }
    return out_text(last, why);
}

int screen_exit_code(enum tui_end end)
{
    static const int signals[] = {
        [TUI_TERMINATED] = SIGTERM, [TUI_HANGUP] = SIGHUP, [TUI_INTERRUPTED] = SIGINT};
    return end == TUI_QUIT ? 0 : EXIT_BY_SIGNAL + signals[end];
}

int screen_run(struct screen *s, struct stage *stage, const char *again, struct failure *why)
{
    struct text last = {0};
    struct failure unsaved;
    enum tui_end end = TUI_QUIT;
    int rc, stopped;

    if ((rc = stage_start(stage, why)) < 0)
        return rc;
    if (s->directs && (rc = stage_direct(stage, why)) < 0)
        return rc;
    rc = tui_run(s->ui, &stage->feed, &s->options, &end, &last, why);
    stopped = stage_stop(stage, &unsaved);
    remember(s, &last);
    if (rc == 0 && stopped < 0) {
        *why = unsaved;
        rc = stopped;
    }
    if (rc == 0 && end != TUI_HANGUP)
        rc = leave(stage, again, &last, why);
    text_release(&last);
    return rc < 0 ? rc : screen_exit_code(end);
}
