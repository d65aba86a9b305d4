/* The settings that are listed, their values, and what a restart would change: of the form where there
   is one, else of the race that is drawn. */
#include "view/sheet.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

int sheet_count(const struct ui *ui, const struct race_snapshot *race)
{
    return ui->form ? ui->form->race.count : race ? race->count : 0;
}

const char *sheet_name(const struct ui *ui, const struct race_snapshot *race, int i)
{
    return ui->form ? ui->form->race.names[i] : race->contestants[i].name;
}

int sheet_in_race(const struct ui *ui, const struct race_snapshot *race, int i)
{
    for (int k = 0; race && k < race->count; k++)
        if (strcmp(race->contestants[k].name, sheet_name(ui, race, i)) == 0)
            return k;
    return -1;
}

int sheet_series(const struct ui *ui, const struct race_snapshot *race, int i)
{
    int at = sheet_in_race(ui, race, i);
    return at < 0 ? i : at;
}

/* As written, autos in place. */
static const struct config *config_of(const struct ui *ui, const struct race_snapshot *race, int i)
{
    return ui->form ? &ui->form->race.contestants[i] : &race->contestants[i].config;
}

int sheet_focus(const struct ui *ui, const struct race_snapshot *race,
                const struct probe_snapshot *probe)
{
    return ui->form ? ui->form->chosen : ui_focus(ui, race, probe);
}

bool sheet_reads(const struct ui *ui, const struct race_snapshot *race, int i,
                 const struct setting *s)
{
    return config_reads(config_of(ui, race, i), s);
}

void sheet_tidy(char *number)
{
    char *e = strstr(number, "e-0");
    if (e && e > number && e[-1] >= '0' && e[-1] <= '9' && e[3] >= '0' && e[3] <= '9')
        memmove(e + 2, e + 3, strlen(e + 2));
}

void sheet_figure(char *out, size_t size, double value, bool known)
{
    if (!known) {
        text_copy(out, size, "-");
    } else if (!isfinite(value) || fabs(value) >= 999.5) {
        format_short(out, size, value);
    } else {
        snprintf(out, size, "%.3g", value);
        sheet_tidy(out);
    }
}

void sheet_exact(const struct ui *ui, const struct race_snapshot *race, int i,
                 const struct setting *s, char *out, size_t size)
{
    const struct config *config = ui->form ? &ui->form->resolved.contestants[i]
                                           : config_of(ui, race, i);
    config_value(config, s, out, size);
    if (s->type == SETTING_REAL)
        sheet_tidy(out);
}

void sheet_value(const struct ui *ui, const struct race_snapshot *race, int i,
                 const struct setting *s, char *out, size_t size)
{
    char written[SETTING_TEXT];
    if (!sheet_reads(ui, race, i, s)) {
        text_copy(out, size, "-");
        return;
    }
    config_value(config_of(ui, race, i), s, written, sizeof written);
    sheet_exact(ui, race, i, s, out, size);
    bool chosen = strcmp(written, "auto") != 0 || strcmp(out, "auto") == 0;
    size_t room = SHEET_VALUE - (chosen ? 0 : strlen(" auto"));
    const struct race_config *form = ui->form ? &ui->form->resolved : NULL;
    const struct config *config = form ? &form->contestants[i] : config_of(ui, race, i);
    double value = s->type == SETTING_REAL ? *(const double *)((const char *)config + s->offset) : 0;
    if (s->type == SETTING_REAL && strlen(out) > room && value >= 0) {
        snprintf(out, size, "%.4g", value);
        sheet_tidy(out);
    }
    /* Where this task has no use for it, "auto" stays so. */
    if (!chosen && strlen(out) <= room)
        strcat(out, " auto");
}

/* Compared as it lies there: this is asked of every setting at every frame. */
static bool is_same(const struct config *a, const struct config *b, const struct setting *s)
{
    const char *one = (const char *)a + s->offset, *other = (const char *)b + s->offset;
    if (s->type == SETTING_NAME)
        return strcmp(one, other) == 0;
    size_t size = s->type == SETTING_REAL ? sizeof(double) : s->wide ? sizeof(int64_t) : sizeof(int);
    return memcmp(one, other, size) == 0;
}

bool sheet_differs(const struct ui *ui, const struct race_snapshot *race, const struct setting *s)
{
    int first = sheet_reader(ui, race, s);
    for (int i = first + 1; first >= 0 && i < sheet_count(ui, race); i++) {
        if (!sheet_reads(ui, race, i, s))
            continue;
        if (!is_same(config_of(ui, race, first), config_of(ui, race, i), s))
            return true;
        const struct race_config *form = ui->form ? &ui->form->resolved : NULL;
        if (form && !is_same(&form->contestants[first], &form->contestants[i], s))
            return true;
    }
    return false;
}

int sheet_reader(const struct ui *ui, const struct race_snapshot *race, const struct setting *s)
{
    for (int i = 0; i < sheet_count(ui, race); i++)
        if (sheet_reads(ui, race, i, s))
            return i;
    return -1;
}

bool sheet_own(const struct ui *ui, const struct race_snapshot *race, int i, const struct setting *s)
{
    char value[SETTING_TEXT], usual[SETTING_TEXT];
    const struct config *config = config_of(ui, race, i);
    if (!config_reads(config, s))
        return false;
    config_value(config, s, value, sizeof value);
    text_copy(usual, sizeof usual, s->initial);
    if (strcmp(s->initial, "auto") == 0 && strcmp(value, "auto") != 0) {
        /* A run's file has numbers where it began with autos. */
        if (!ui->form || !ui->form->has_automatic)
            return false;
        config_value(&ui->form->automatic.contestants[i], s, usual, sizeof usual);
    }
    return strcmp(value, usual) != 0;
}

bool sheet_changed(const struct ui *ui, const struct race_snapshot *race, const struct setting *s)
{
    for (int i = 0; i < sheet_count(ui, race); i++)
        if (sheet_own(ui, race, i, s))
            return true;
    return false;
}

static bool is_listed(const struct ui *ui, const struct race_snapshot *race, const struct setting *s)
{
    if (ui->run.find[0])
        return strstr(s->key, ui->run.find) || strstr(s->help, ui->run.find);
    if (ui->run.shown == SHOWN_ALL)
        return true;
    if (ui->run.shown == SHOWN_READ)
        return sheet_reader(ui, race, s) >= 0;
    return sheet_changed(ui, race, s) || sheet_differs(ui, race, s);
}

int sheet_rows(const struct ui *ui, const struct race_snapshot *race, int list[SHEET_ROWS])
{
    int count, n = 0;
    const struct setting *settings = config_settings(&count);
    if (ui->form && strstr("race", ui->run.find))
        list[n++] = SHEET_CAST;
    for (int i = 0; i < count && n < SHEET_ROWS; i++)
        if (is_listed(ui, race, &settings[i]))
            list[n++] = i;
    return n;
}

/* --- what a restart would change ------------------------------------------------------------- */

static bool cast_changes(const struct ui *ui, const struct race_snapshot *race)
{
    bool other = race->count != ui->form->race.count;
    for (int i = 0; i < race->count && !other; i++)
        other = strcmp(race->contestants[i].name, ui->form->race.names[i]) != 0;
    return other;
}

int sheet_first_change(const struct ui *ui, const struct race_snapshot *race,
                       const struct setting *s)
{
    for (int i = 0; ui->form && race && i < ui->form->race.count; i++) {
        int at = sheet_in_race(ui, race, i);
        const struct config *config = at < 0 ? NULL : &race->contestants[at].config;
        if (config && config_reads(config, s) && !is_same(config, &ui->form->resolved.contestants[i], s))
            return i;
    }
    return -1;
}

int sheet_changes(const struct ui *ui, const struct race_snapshot *race)
{
    int count, n = 0;
    const struct setting *settings = config_settings(&count);
    if (!ui->form || !race)
        return 0;
    for (int i = 0; i < count; i++)
        n += sheet_first_change(ui, race, &settings[i]) >= 0;
    return n + cast_changes(ui, race);
}

void sheet_change(const struct ui *ui, const struct race_snapshot *race, int setting, char *out,
                  size_t size)
{
    char now[SETTING_TEXT], then[SETTING_TEXT];
    int count, i;
    const struct setting *settings = config_settings(&count);

    out[0] = '\0';
    if (!ui->form || !race)
        return;
    if (setting == SHEET_CAST) {
        if (cast_changes(ui, race))
            snprintf(out, size, "R restarts with this cast");
        return;
    }
    i = sheet_first_change(ui, race, &settings[setting]);
    if (i < 0)
        return;
    config_value(&race->contestants[sheet_in_race(ui, race, i)].config, &settings[setting], now, sizeof now);
    config_value(&ui->form->resolved.contestants[i], &settings[setting], then, sizeof then);
    snprintf(out, size, "%s runs with %.80s, R restarts with %.80s", ui->form->race.names[i], now,
             then);
}
