/* The terminal program on a stage: what live, step and watch share. */
#ifndef HEED_CLI_SCREEN_H
#define HEED_CLI_SCREEN_H

#include "cli/preferences.h"
#include "cli/stage.h"
#include "tui/tui.h"
#include "view/ui.h"

#define SCREEN_OPTIONS                                                                             \
    OPTION_PAGE_SPEC, OPTION_THEME_SPEC, OPTION_GLYPHS_SPEC, OPTION_COLORS_SPEC, OPTION_FPS_SPEC,  \
        OPTION_KBPS_SPEC, OPTION_MOUSE_SPECS

struct screen {
    struct ui *ui;
    struct tui_options options;
    bool keeps_page; /* the page it ends on is the next live start's first */
    bool directs;    /* other races can be begun from it */
};

/* Everything that can be refused early: terminal, page, theme. What was not said on the command line
   is as heed.ini has it; `page` is where heed step, or a preset, begins, whatever was remembered;
   PAGE_COUNT: with what was. With `setup` the settings can be edited and races begun, and the page it
   ends on is remembered; without, nothing is trained. Nothing is drawn yet. */
int screen_open(struct screen *s, const struct args *args, enum ui_page page,
                const struct ui_setup *setup, struct failure *why);
/* Start the session, show it until the person quits, end the session, and leave the last screen, a
   summary and the command `again` (NULL: none) with the run's folder. Returns an exit code. */
int screen_run(struct screen *s, struct stage *stage, const char *again, struct failure *why);
/* What a shell shows for the signal that ended the program. */
int screen_exit_code(enum tui_end end);
/* Also of a zeroed struct. */
void screen_close(struct screen *s);

#endif
