#include "view/ui.h"

#include <string.h>
#include "base/clock.h"
#include "view/ui_state.h"

static const double message_seconds = 4, seconds_a_letter = 0.03;

void ui_say(struct ui *ui, const char *text)
{
    ui->logged = false;
    text_escape(ui->message, sizeof ui->message, text);
    ui->message_until =
        clock_now() + message_seconds + (double)strlen(ui->message) * seconds_a_letter;
}

void ui_sweep(struct ui *ui, const struct sweep_picture *sweep)
{
    ui->sweep = sweep;
}

void ui_traffic(struct ui *ui, double bytes_per_second)
{
    ui->traffic = bytes_per_second;
}

bool ui_wants_quit(const struct ui *ui)
{
    return ui->wants_quit;
}

bool ui_is_busy(const struct ui *ui)
{
    return ui->step.play && ui->page == PAGE_STEP;
}

bool ui_probe_is_aside(const struct ui *ui)
{
    return ui->page == PAGE_TRAIN;
}

bool ui_wants_all_maps(const struct ui *ui)
{
    static const bool one[PAGE_COUNT] = {[PAGE_TRAIN] = true, [PAGE_COMPARE] = true, [PAGE_RUN] = true,
                                         [PAGE_MEASURE] = true, [PAGE_PROBE] = true};
    return !one[ui->page];
}

const struct theme *ui_theme(const struct ui *ui, int *serial)
{
    *serial = ui->theme_serial;
    return &ui->theme;
}

bool ui_wants_export(struct ui *ui)
{
    bool wanted = ui->wants_export;
    ui->wants_export = false;
    return wanted;
}

int ui_focus(const struct ui *ui, const struct race_snapshot *race,
             const struct probe_snapshot *probe)
{
    int focus = ui->focus >= 0 ? ui->focus : probe ? probe->contestant : 0;
    return race && race->count > 0 ? ui_clamp(focus, 0, race->count - 1) : 0;
}

bool ui_is_answered(const struct ui *ui, const struct probe_snapshot *probe)
{
    return probe && probe->request >= ui->request;
}
