#include "view/boxes.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include "view/sheet.h"

/* --- contestants and system ------------------------------------------------------------------ */

/* "4.72 MB" */
static void format_bytes(char *out, size_t size, double v)
{
    static const char *const unit[] = {"B", "KB", "MB", "GB", "TB"};
    int k = 0;
    for (; v >= 999.5 && k < 4; k++)
        v /= 1000;
    snprintf(out, size, "%.3g %s", v, unit[k]);
}

/* "time 1:45 · avx2 · 2 threads · 41.2 MB of memory · screen 6.6 KB/s" */
static void system_text(const struct frame *f, char *out, size_t size)
{
    const struct race_snapshot *race = f->race;
    char clock[32], bytes[24];
    size_t used;

    text_duration(clock, sizeof clock, race->seconds);
    used = (size_t)snprintf(out, size, "time %s", clock);
    if (race->kernels[0])
        used += (size_t)snprintf(out + used, size - used, " · %s", race->kernels);
    if (race->threads > 0)
        used += (size_t)snprintf(out + used, size - used, " · %d thread%s", race->threads,
                                 race->threads == 1 ? "" : "s");
    else if (f->ui->stepping_only)
        used += (size_t)snprintf(out + used, size - used, " · nothing is trained here");
    format_bytes(bytes, sizeof bytes, (double)race->resident);
    if (race->resident > 0)
        used += (size_t)snprintf(out + used, size - used, " · %s of memory", bytes);
    format_bytes(bytes, sizeof bytes, f->ui->traffic);
    if (f->ui->traffic > 0)
        snprintf(out + used, size - used, " · screen %s/s", bytes);
}

/* Whether a value of contestant i is neither the default nor everybody's. */
static bool is_own(const struct frame *f, int i, const struct setting *s)
{
    return !strstr(s->key, ".kind") && sheet_differs(f->ui, f->race, s) && sheet_own(f->ui, f->race, i, s);
}

int contestants_own(const struct frame *f)
{
    int settings, count = sheet_count(f->ui, f->race);
    const struct setting *s = config_settings(&settings);
    for (int k = 0; k < settings; k++)
        for (int i = 0; i < count && sheet_differs(f->ui, f->race, &s[k]); i++)
            if (is_own(f, i, &s[k]))
                return f->race ? f->race->count : count;
    return 0;
}

/* "own: model.dim 16, train.clip 2" */
static void own_text(const struct frame *f, int i, char *out, size_t size)
{
    int count;
    const struct setting *settings = config_settings(&count);
    char value[SETTING_TEXT];
    size_t used = 0;

    for (int k = 0; k < count; k++) {
        if (used + 64 > size || !is_own(f, i, &settings[k]))
            continue;
        sheet_value(f->ui, f->race, i, &settings[k], value, sizeof value);
        used += (size_t)snprintf(out + used, size - used, "%s%s %.24s", used ? ", " : "own: ",
                                 settings[k].key, value);
    }
    if (used == 0)
        text_copy(out, size, "nothing of its own");
}

enum { NAME = 18, RATE = 9, FACTOR = 7, SPEED = 9, NORM = 9, PARAMETERS = 12 };

static void right_text(struct canvas *c, int *x, int y, int width, int end, const char *s,
                       uint8_t role)
{
    int columns = canvas_columns(s);
    if (*x + width <= end)
        canvas_text(c, *x + width - columns, y, s, role, 0);
    *x += width;
}

/* What a person has made of the schedule's rate. */
static bool has_factor(const struct race_snapshot *race)
{
    for (int i = 0; i < race->count; i++)
        if (race->contestants[i].config.train.learning_rate != race->contestants[i].own_rate)
            return true;
    return false;
}

static void figures_row(struct frame *f, struct rect r, const struct contestant_view *v)
{
    char factor[24] = "factor", times[32], rate[24] = "rate", speed[24] = "steps/s", norm[24] = "gradient", count[32] = "parameters";
    int x = r.x + NAME, end = r.x + r.w;
    uint8_t role = v ? ROLE_TEXT : ROLE_DIM;

    if (v) {
        sheet_figure(rate, sizeof rate, v->learning_rate, v->step > 0 && isfinite(v->learning_rate));
        sheet_figure(factor, sizeof factor, v->config.train.learning_rate / v->own_rate, true);
        sheet_figure(speed, sizeof speed, v->steps_per_second, v->steps_per_second > 0);
        sheet_figure(norm, sizeof norm, v->grad_norm, v->step > 0);
        text_thousands(count, sizeof count, v->parameters);
    }
    right_text(f->canvas, &x, r.y, RATE, end, rate, role);
    snprintf(times, sizeof times, "%s%s", v ? "x" : "", factor);
    if (has_factor(f->race))
        right_text(f->canvas, &x, r.y, FACTOR, end, times, v ? ROLE_WARN : role);
    right_text(f->canvas, &x, r.y, SPEED, end, speed, role);
    right_text(f->canvas, &x, r.y, NORM, end, norm, role);
    right_text(f->canvas, &x, r.y, PARAMETERS, end, count, role);
}

/* The form's place of contestant `at` of the race; of the form itself before the start; -1: not there. */
static int sheet_place(const struct frame *f, int at)
{
    for (int i = 0; f->race && i < sheet_count(f->ui, f->race); i++)
        if (sheet_in_race(f->ui, f->race, i) == at)
            return i;
    return f->race ? -1 : at;
}

/* What kind of a model it is. */
static const char *about_of(const struct frame *f, int i)
{
    char word[NAME_TEXT], member[NAME_TEXT];
    const char *help;
    cast_word(sheet_name(f->ui, NULL, i), member);
    for (int k = 0; f->ui->form && f->ui->form->setup.word("race", k, word, &help); k++)
        if (strcmp(word, member) == 0)
            return help;
    return "";
}

static void contestant_row(struct frame *f, struct rect r, int i, bool focus)
{
    const struct contestant_view *v = f->race ? &f->race->contestants[i] : NULL;
    const char *whole = v ? v->name : sheet_name(f->ui, NULL, i);
    uint8_t role = v && v->failed ? ROLE_BAD : chrome_series_role(i);
    char name[NAME_TEXT];

    chrome_short_name(name, sizeof name, whole, v ? NAME - 3 : r.w - 3);
    canvas_text(f->canvas, r.x, r.y, focus || f->ui->run.all ? "▸" : " ", ROLE_ACCENT, CELL_BOLD);
    canvas_text(f->canvas, r.x + 1, r.y, chrome_marker(f->canvas, i), role, CELL_BOLD);
    canvas_text_fit(f->canvas, r.x + 3, r.y, v ? NAME - 3 : r.w - 3, name, role,
                    focus ? CELL_BOLD : 0);
    if (v && v->failed)
        canvas_text_fit(f->canvas, r.x + NAME, r.y, r.w - NAME, v->failure, ROLE_BAD, 0);
    else if (v)
        figures_row(f, r, v);
}

void contestants_draw(struct frame *f, struct rect r)
{
    const struct race_snapshot *race = f->race;
    int count = race ? race->count : sheet_count(f->ui, race);
    int focus = race ? ui_focus(f->ui, race, f->probe) : sheet_focus(f->ui, race, f->probe);
    char line[320];

    r = canvas_box(f->canvas, r, race ? "now" : "who races",
                   !sitting_goes_on(race) || f->ui->stepping_only ? ""
                   : f->ui->run.all              ? "- + change every rate"
                                                 : "- + change its rate");
    bool own = contestants_own(f) && r.h >= 2 * count + (race ? 2 : 0), about = !race && r.h >= 4 * count;
    if (race) {
        system_text(f, line, sizeof line);
        struct rect top = r;
        top.h = r.h - 1 - (own ? 2 : 1) * count >= 2 ? 2 : 1;
        rect_cut_top(&r, chrome_wrap(f->canvas, top, line, ROLE_TEXT));
        if (r.h > count)
            figures_row(f, rect_cut_top(&r, 1), NULL);
    }
    int rows = own ? r.h / 2 : r.h, first = ui_clamp(focus - rows + 1, 0, count);
    for (int i = first; i < count && r.h > 0; i++) {
        contestant_row(f, rect_cut_top(&r, 1), i, i == focus);
        struct rect kind = {r.x + 3, r.y, r.w - 3, 2};
        if (about)
            rect_cut_top(&r, chrome_wrap(f->canvas, kind, about_of(f, i), ROLE_TEXT));
        if (!own)
            continue;
        int place = sheet_place(f, i);
        text_copy(line, sizeof line, "not in the form");
        if (place >= 0)
            own_text(f, place, line, sizeof line);
        struct rect words = {r.x + 3, r.y, r.w - 3, ui_clamp(r.h - 2 * (count - 1 - i), 1, 4)};
        rect_cut_top(&r, chrome_wrap(f->canvas, words, line, ROLE_DIM));
    }
}

/* --- files ----------------------------------------------------------------------------------- */

enum { SIZE_WIDTH = 8, MINUTES = 18, SECONDS = 21 };

/* Size and time at the right end of a row, and what it is for where there is room. */
static void file_row(struct frame *f, struct rect r, int x, const struct file_view *file,
                     const char *purpose)
{
    char size[24] = "not there", when[32] = "";
    bool wide = r.w >= 60;
    int time_width = wide ? SECONDS : MINUTES, end = r.x + r.w;
    time_t t = (time_t)file->written;
    struct tm local;

    if (file->bytes >= 0) {
        format_bytes(size, sizeof size, (double)file->bytes);
        if (localtime_r(&t, &local))
            strftime(when, sizeof when, wide ? "%Y-%m-%d %H:%M:%S" : "%Y-%m-%d %H:%M", &local);
    }
    int from = ui_clamp(x, r.x + 19, r.x + 46);
    canvas_text(f->canvas, from + SIZE_WIDTH - canvas_columns(size), r.y, size,
                file->bytes >= 0 ? ROLE_TEXT : ROLE_DIM, 0);
    canvas_text_fit(f->canvas, from + SIZE_WIDTH + 2, r.y, time_width, when, ROLE_DIM, 0);
    from += SIZE_WIDTH + time_width + 2;
    if (purpose && end - from >= canvas_columns(purpose))
        canvas_text_fit(f->canvas, from, r.y, end - from, purpose, ROLE_DIM, 0);
}

static void file_rows(struct frame *f, struct rect r)
{
    const struct race_snapshot *race = f->race;
    struct canvas *c = f->canvas;
    bool whole = r.w >= 100; /* names of checkpoints in full */
    char line[NAME_TEXT + 64];
    int x = r.x + (whole ? 46 : r.w >= 70 ? 26 : 0);
    const struct {
        const char *name, *purpose;
        const struct file_view *file;
    } common[] = {{"config.ini", "every setting", &race->settings},
                  {"metrics.jsonl", "the curves", &race->metrics}};

    for (int i = 0; i < 2 && r.h > 0; i++) {
        struct rect row = rect_cut_top(&r, 1);
        canvas_text(c, row.x, row.y, common[i].name, ROLE_TEXT, 0);
        file_row(f, row, x, common[i].file, common[i].purpose);
    }
    if (!whole && r.h > 0)
        canvas_text_fit(c, r.x, r.y, r.w, "of each: checkpoint.safetensors, timeline/", ROLE_DIM, 0);
    if (!whole)
        rect_cut_top(&r, 1);
    for (int i = 0; i < race->count && r.h > 0; i++) {
        struct rect row = rect_cut_top(&r, 1);
        snprintf(line, sizeof line, "%s%s", race->contestants[i].name,
                 whole ? "/checkpoint.safetensors" : "/");
        canvas_text(c, row.x, row.y, chrome_marker(c, i), chrome_series_role(i), CELL_BOLD);
        canvas_text_fit(c, row.x + 2, row.y, whole ? 43 : 22, line, chrome_series_role(i), 0);
        file_row(f, row, x, &race->contestants[i].checkpoint,
                 i == 0 ? "weights, optimiser" : NULL);
    }
    if (whole && r.h > 0)
        canvas_text_fit(c, r.x, r.y, r.w,
                        "each has timeline/ too: weights of earlier steps, for , and ; on "
                        "Attention, Step and Probe",
                        ROLE_DIM, 0);
}

void files_draw(struct frame *f, struct rect r)
{
    const struct race_snapshot *race = f->race;

    r = canvas_box(f->canvas, r, "files", race->folder[0] && sitting_goes_on(race) && !f->ui->stepping_only ? "w writes now" : "");
    if (!race->folder[0]) {
        chrome_notice(f, r, "this run keeps no files", ROLE_DIM);
        return;
    }
    struct rect old = canvas_clip(f->canvas, r), top = r;
    top.h = ui_clamp(r.h - race->count - (r.w >= 100 ? 2 : 3), 1, 8);
    rect_cut_top(&r, chrome_path(f->canvas, top, race->folder, ROLE_TEXT));
    file_rows(f, r);
    f->canvas->clip = old;
}

/* --- log ------------------------------------------------------------------------------------- */

static const char *log_line(const struct race_snapshot *race, int64_t i)
{
    return race->log[i % LOG_LINES];
}

static int rows_of(struct canvas *c, int width, const char *line)
{
    struct rect old = canvas_clip(c, (struct rect){0, 0, 0, 0});
    int rows = chrome_wrap(c, (struct rect){0, 0, width, LOG_TEXT}, line, ROLE_TEXT);
    c->clip = old;
    return rows > 0 ? rows : 1;
}

/* How far back it goes: until the oldest line that is kept is the first one in sight. */
static int64_t most_back(const struct frame *f, struct rect r)
{
    const struct race_snapshot *race = f->race;
    int64_t kept = race->log_total < LOG_LINES ? race->log_total : LOG_LINES, line = 0;
    for (int rows = 0; line < kept; line++)
        if ((rows += rows_of(f->canvas, r.w, log_line(race, race->log_total - kept + line))) > r.h)
            break;
    return line == 0 && kept > 0 ? kept - 1 : kept - line;
}

static void log_one(struct frame *f, struct rect r)
{
    const struct race_snapshot *race = f->race;
    char right[48];
    if (race->log_total == 0)
        return;
    snprintf(right, sizeof right, "  line %lld of %lld · v", (long long)(race->log_total - f->ui->run.back),
             (long long)race->log_total);
    int room = r.w - 2 - canvas_columns(right);
    int x = r.x + 1 + canvas_text_fit(f->canvas, r.x + 1, r.y, room, "log ", ROLE_DIM, 0);
    canvas_text_fit(f->canvas, x, r.y, room - 4, log_line(race, race->log_total - 1 - f->ui->run.back),
                    ROLE_TEXT, 0);
    canvas_text(f->canvas, r.x + r.w - 1 - canvas_columns(right), r.y, right, ROLE_DIM, 0);
}

void log_draw(struct frame *f, struct rect r)
{
    const struct race_snapshot *race = f->race;
    struct ui *ui = f->ui;
    char right[64];
    struct rect inside = r.h >= 3 ? (struct rect){r.x + 1, r.y + 1, r.w - 2, r.h - 2}
                                  : (struct rect){r.x, r.y, r.w, 1};
    int64_t most = most_back(f, inside);

    ui->run.back = ui->run.back > most ? most : ui->run.back;
    if (r.h < 3) {
        log_one(f, r);
        return;
    }
    int64_t last = race->log_total - ui->run.back;
    if (ui->run.back > 0)
        snprintf(right, sizeof right, "to line %lld of %lld", (long long)last,
                 (long long)race->log_total);
    else
        snprintf(right, sizeof right, race->log_total == 1 ? "1 line" : "%lld lines",
                 (long long)race->log_total);
    r = canvas_box(f->canvas, r, "log", right);
    /* From the first line on from where the last one is in sight. */
    int64_t oldest = race->log_total - (race->log_total < LOG_LINES ? race->log_total : LOG_LINES);
    int64_t from = last;
    for (int rows = 0; from > oldest; from--)
        if ((rows += rows_of(f->canvas, r.w, log_line(race, from - 1))) > r.h)
            break;
    from = from == last && last > oldest ? last - 1 : from;
    for (; from < last && r.h > 0; from++)
        rect_cut_top(&r, chrome_wrap(f->canvas, r, log_line(race, from), ROLE_TEXT));
}
