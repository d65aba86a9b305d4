/* The terminal program on a stage: what live, step and watch share. */
#ifndef HEED_CLI_SCREEN_H
#define HEED_CLI_SCREEN_H

#include "cli/stage.h"
#include "view/ui.h"

#define SCREEN_OPTIONS                                                                             \
    OPTION_PAGE_SPEC, OPTION_THEME_SPEC, OPTION_GLYPHS_SPEC, OPTION_COLORS_SPEC, OPTION_FPS_SPEC,  \
        OPTION_MOUSE_SPEC

/* Everything that can be refused early: terminal, page, theme. Nothing is drawn yet. */
int screen_open(struct ui **ui, const struct args *args, enum ui_page page, bool stepping_only,
                struct failure *why);
/* Start the session, show it until the person quits, end the session, and leave the last screen, a
   summary and the command `again` (NULL: none) with the run's folder. Returns an exit code. */
int screen_run(struct ui *ui, struct stage *stage, const struct args *args, const char *again,
               struct failure *why);

#endif
