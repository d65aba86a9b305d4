#include "cli/report.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static void add_progress(const struct race_snapshot *race, struct text *out)
{
    char step[32], steps[32], left[32];

    text_thousands(step, sizeof step, race->step);
    text_thousands(steps, sizeof steps, race->steps);
    text_addf(out, "step %s / %s  %.0f %%", step, steps,
              race->steps > 0 ? floor(100.0 * (double)race->step / (double)race->steps) : 0.0);
    if (race->seconds_left >= 0 && race->state == RACE_RUNNING) {
        text_duration(left, sizeof left, race->seconds_left);
        text_addf(out, "  %s left", left);
    }
}

static void add_standing(const struct race_snapshot *race, const struct contestant_view *c,
                         struct text *out)
{
    text_addf(out, "%s ", c->name);
    if (c->failed)
        text_add(out, "failed");
    else if (c->eval.valid && evaluation_of_images(&c->eval))
        text_addf(out, "loss %.4f", c->eval.loss);
    else if (c->eval.valid && race->alphabet.kind != ALPHABET_WORDS)
        text_addf(out, "%.3f bits", loss_bits(c->eval.loss));
    else if (c->eval.valid)
        text_addf(out, "%.3f", score_value(c->eval.acc));
    else
        text_add(out, "-");
}

void report_line(const struct race_snapshot *race, struct text *out)
{
    add_progress(race, out);
    for (int i = 0; i < race->count; i++) {
        text_add(out, "  ");
        add_standing(race, &race->contestants[i], out);
    }
}

/* Who leads: by accuracy on words, else by loss. NULL: nobody was evaluated. */
static const struct contestant_view *leader(const struct race_snapshot *race)
{
    const struct contestant_view *best = NULL;

    for (int i = 0; i < race->count; i++) {
        const struct contestant_view *c = &race->contestants[i];
        bool words = race->alphabet.kind == ALPHABET_WORDS && !evaluation_of_images(&c->eval);
        if (c->failed || !c->eval.valid)
            continue;
        if (!best || (words ? score_value(c->eval.acc) > score_value(best->eval.acc)
                            : c->eval.loss < best->eval.loss))
            best = c;
    }
    return best;
}

void report_short_line(const struct race_snapshot *race, size_t columns, struct text *out)
{
    struct text whole = {0}, one = {0};
    const struct contestant_view *best = leader(race);
    size_t begin = out->length;

    report_line(race, &whole);
    add_progress(race, out);
    if (best) {
        text_add(&one, "  best of ");
        text_addf(&one, "%d: ", race->count);
        add_standing(race, best, &one);
    }
    if (whole.length <= columns)
        text_add(out, text_string(&whole) + (out->length - begin));
    else if (out->length - begin + one.length <= columns)
        text_add(out, text_string(&one));
    text_release(&whole);
    text_release(&one);
}

void report_summary(const struct race_snapshot *race, struct text *out)
{
    char step[32], n[32];
    int width = 0;

    for (int i = 0; i < race->count; i++) {
        int length = (int)strlen(race->contestants[i].name);
        width = length > width ? length : width;
    }
    for (int i = 0; i < race->count; i++) {
        const struct contestant_view *c = &race->contestants[i];
        text_thousands(step, sizeof step, c->step);
        text_addf(out, "%-*s  step %s", width, c->name, step);
        if (c->eval.valid && evaluation_of_images(&c->eval)) {
            text_thousands(n, sizeof n, c->eval.windows);
            text_addf(out, "  loss %.4f +- %.4f n %s", c->eval.loss, 1.96 * c->eval.loss_error, n);
        } else if (c->eval.valid) {
            double low, high;
            score_wilson(c->eval.acc, &low, &high);
            text_thousands(n, sizeof n, c->eval.acc.count);
            if (race->alphabet.kind != ALPHABET_WORDS)
                text_addf(out, "  %.3f bits a %s", loss_bits(c->eval.loss),
                          race->alphabet.kind == ALPHABET_BYTES ? "byte" : "character");
            text_addf(out, "  acc %.3f [%.3f, %.3f] n %s", score_value(c->eval.acc), low, high, n);
        }
        if (c->eval.valid && c->eval.step != c->step) {
            text_thousands(step, sizeof step, c->eval.step);
            text_addf(out, " at step %s", step);
        }
        if (c->failed)
            text_addf(out, "  failed: %s", c->failure);
        text_add(out, "\n");
    }
}

/* One character within $'...', which takes \xNN back: a terminal never gets a control character. */
static int add_escaped(const char *path, struct text *out)
{
    uint32_t code;
    char one[8], shown[4 * sizeof one];
    int n = text_decode(path, &code);

    memcpy(one, path, (size_t)n);
    one[n] = '\0';
    text_escape(shown, sizeof shown, one);
    if (code == '\'' || code == '\\')
        text_add(out, "\\");
    text_add(out, shown);
    return n;
}

void report_quoted(const char *path, struct text *out)
{
    static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
                                "-_./+,:@%=";
    char shown[4 * FSIO_PATH];

    if (path[0] && strspn(path, plain) == strlen(path)) {
        text_add(out, path);
        return;
    }
    text_escape(shown, sizeof shown, path);
    bool printable = strcmp(shown, path) == 0;
    text_add(out, printable ? "'" : "$'");
    for (int n; *path; path += n) {
        n = 1;
        if (!printable)
            n = add_escaped(path, out);
        else if (*path == '\'')
            text_add(out, "'\\''");
        else
            text_add_bytes(out, path, 1);
    }
    text_add(out, "'");
}
