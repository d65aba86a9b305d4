/* Step: one sequence, one symbol at a time; what the rule says, what the model expects and where it
   looks. */
#include "view/step.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include "view/maps.h"
#include "view/timeline.h"
#include "view/step_tokens.h"

const char *step_ordinal(int n, char out[ORDINAL_TEXT])
{
    int last = n % 10;
    const char *end = n / 10 % 10 == 1 || last > 3 || last == 0 ? "th"
                      : last == 1                               ? "st"
                      : last == 2                               ? "nd"
                                                                : "rd";
    snprintf(out, ORDINAL_TEXT, "%d%s", n, end);
    return out;
}

/* Whether a control token may come too: the sequence has one after its first symbol. */
static bool has_controls(const struct probe_snapshot *p)
{
    for (int at = 1; at < p->length; at++)
        if (p->alphabet.control[p->sequence[at]] >= 0)
            return true;
    return false;
}

/* "5th number after R, or a control token"; less of it in few columns. */
static void place_text(const struct probe_snapshot *p, int columns, char *out, size_t size)
{
    const char *token = p->alphabet.name[p->alphabet.control_id[p->next_subtask]];
    const char *also = has_controls(p) ? ", or a control token" : "";
    char place[ORDINAL_TEXT];
    step_ordinal(p->next_since + 1, place);
    snprintf(out, size, "%s number after %s%s", place, token, also);
    if (canvas_columns(out) > columns)
        snprintf(out, size, "%s after %s%s", place, token, also);
}

static void rule_draw(struct frame *f, struct rect r)
{
    struct canvas *c = f->canvas;
    const struct probe_snapshot *p = f->probe;
    const struct alphabet *a = &p->alphabet;
    bool rule = p->next_subtask < a->subtasks;
    char line[160];

    if (r.h >= 5)
        r = canvas_box(c, r, "what comes next", "");
    struct rect old = canvas_clip(c, r);
    int x = r.x + 1 + canvas_text(c, r.x + 1, r.y, "rule   ", ROLE_DIM, 0);
    if (rule)
        x += canvas_text(c, x, r.y, a->name[a->control_id[p->next_subtask]],
                         chrome_symbol_role(a, a->control_id[p->next_subtask]), CELL_BOLD) +
             1;
    if (p->next_answer >= 0)
        canvas_text(c, x, r.y, step_symbol_name(a, p->next_answer), ROLE_TEXT, CELL_BOLD);
    else
        canvas_text_fit(c, x, r.y, r.x + r.w - x, rule ? "asks for no number here" : "no control token yet",
                        ROLE_DIM, 0);
    x = r.x + 1 + canvas_text(c, r.x + 1, r.y + 1, "model  ", ROLE_DIM, 0);
    x += canvas_text(c, x, r.y + 1, step_symbol_name(a, p->predicted),
                     chrome_symbol_role(a, p->predicted), CELL_BOLD) +
         1;
    if (p->next_answer >= 0) {
        bool right = p->predicted == p->next_answer;
        x +=
            canvas_text(c, x, r.y + 1, right ? "✓" : "✗", right ? ROLE_GOOD : ROLE_BAD, CELL_BOLD) +
            1;
    }
    if (p->predicted >= 0 && p->predicted < a->count) {
        format_share(line, sizeof line, (double)p->probability[p->predicted]);
        canvas_text(c, x, r.y + 1, line, ROLE_TEXT, 0);
    }
    if (rule && r.h >= 4) {
        snprintf(line, sizeof line, "%s%s", a->subtask_help[p->next_subtask],
                 a->subtask_reconstructed[p->next_subtask] ? " (reconstructed)" : "");
        int used =
            chrome_wrap(c, (struct rect){r.x + 1, r.y + 2, r.w - 2, r.h - 2}, line, ROLE_TEXT);
        place_text(p, r.w - 2, line, sizeof line);
        if (used < r.h - 2)
            canvas_text_fit(c, r.x + 1, r.y + 2 + used, r.w - 2, line, ROLE_DIM, 0);
    }
    c->clip = old;
}

void step_bars_draw(struct frame *f, struct rect r)
{
    struct canvas *c = f->canvas;
    const struct probe_snapshot *p = f->probe;
    bool taken[MAX_SYMBOLS] = {false};
    int width = step_symbol_columns(&p->alphabet);
    int rows = r.h > p->alphabet.count ? p->alphabet.count : r.h;

    for (int row = 0; row < rows; row++) {
        int best = -1;
        for (int i = 0; i < p->alphabet.count; i++)
            if (!taken[i] && (best < 0 || p->probability[i] > p->probability[best]))
                best = i;
        taken[best] = true;
        const char *name = p->alphabet.name[best];
        char share[16];
        double probability = (double)p->probability[best];
        bool answer = best == p->next_answer;
        int x = r.x + 1, bar = ui_clamp(r.w - width - 12, 0, 48);
        canvas_text(c, x + width - canvas_columns(name), r.y + row, name,
                    chrome_symbol_role(&p->alphabet, best), CELL_BOLD);
        canvas_bar(c, x + width + 1, r.y + row, bar, probability,
                   answer ? ROLE_GOOD : chrome_series_role(p->contestant));
        format_share(share, sizeof share, probability);
        canvas_text(c, x + width + 2 + bar, r.y + row, share, ROLE_TEXT, 0);
        if (answer)
            canvas_text(c, x + width + 7 + bar, r.y + row, "✓", ROLE_GOOD, CELL_BOLD);
        ui_hit(f->ui, (struct rect){r.x, r.y + row, r.w, 1}, HIT_SYMBOL, best, 0);
    }
}

static void top_draw(struct frame *f, struct rect r)
{
    const struct probe_snapshot *p = f->probe;
    int rows = r.h >= 5 ? r.h - 2 : r.h;
    char right[48];

    rows = rows > p->alphabet.count ? p->alphabet.count : rows;
    snprintf(right, sizeof right, "top %d of %d", rows, p->alphabet.count);
    if (r.h >= 5)
        r = canvas_box(f->canvas, r, "the model expects", right);
    chrome_part(f, r, step_bars_draw);
}

/* Accuracy by numbers since the control token, with the counts under the bars. */
static void since_bars(struct frame *f, struct rect r)
{
    const struct probe_snapshot *p = f->probe;
    double share[MAX_SINCE];
    char counts[MAX_SINCE][48];
    const char *labels[MAX_SINCE];
    uint8_t roles[MAX_SINCE];
    int n = 0;

    for (int k = 0; k < MAX_SINCE; k++) {
        struct score s = p->score_since[k];
        share[k] = s.count > 0 ? score_value(s) : 0;
        snprintf(counts[k], sizeof counts[k], s.count > 0 ? "%lld/%lld" : "-", (long long)s.right,
                 (long long)s.count);
        labels[k] = counts[k];
        roles[k] = s.count < STEP_FEW ? ROLE_DIM : ROLE_TEXT;
        n = s.count > 0 ? k + 1 : n;
    }
    const char *title = "accuracy on the 1st, 2nd, ... number after a switch";
    canvas_text_fit(f->canvas, r.x, r.y, r.w,
                    canvas_columns(title) <= r.w ? title : "1st, 2nd, ... number after a switch",
                    ROLE_DIM, 0);
    rect_cut_top(&r, 2);
    if (r.w >= 7 * n)
        bars_draw(f->canvas, r, share, n, 1, labels, roles, -1);
    else
        step_profile_draw(f->canvas, r.x, r.y, r.x + r.w, p);
}

int step_profile_draw(struct canvas *c, int x, int y, int end, const struct probe_snapshot *p)
{
    for (int k = 0; k < MAX_SINCE; k++) {
        struct score s = p->score_since[k];
        if (s.count == 0)
            continue;
        char text[48], place[ORDINAL_TEXT + 1];
        snprintf(text, sizeof text, "%lld/%lld", (long long)s.right, (long long)s.count);
        step_ordinal(k + 1, place);
        strcat(place, k == MAX_SINCE - 1 ? "+" : "");
        if (x + canvas_columns(place) + 3 + canvas_columns(text) > end) {
            canvas_text(c, x - 1 < end ? x - 1 : end - 1, y, "…", ROLE_DIM, 0);
            break;
        }
        x += canvas_text(c, x, y, place, ROLE_DIM, 0) + 1;
        x += canvas_text(c, x, y, text,
                         s.count < STEP_FEW    ? ROLE_DIM
                         : s.right < s.count ? ROLE_WARN
                                             : ROLE_GOOD,
                         0) +
             2;
    }
    return x;
}

double step_recent(const struct probe_snapshot *p, int most, int *count)
{
    int right = 0;
    *count = 0;
    for (int at = p->length - 1; at >= 0 && *count < most; at--) {
        if (p->hit[at] < 0)
            continue;
        ++*count;
        right += p->hit[at];
    }
    return *count > 0 ? (double)right / *count : NAN;
}

/* The score as it ran: each column the share of right answers among the 16 numbers up to it. */
static void running_draw(struct frame *f, struct rect r)
{
    const struct probe_snapshot *p = f->probe;
    double share[64];
    int asked[64 + 16], n = 0, count, used;
    char text[16];

    for (int at = p->length - 1; at >= 0 && n < 64 + 16; at--)
        if (p->hit[at] >= 0)
            asked[n++] = p->hit[at];
    format_share(text, sizeof text, step_recent(p, 16, &count));
    if (count == 0)
        return;
    used = canvas_textf(f->canvas, r.x, r.y, ROLE_DIM, 0, "last %d: %s ", count, text);
    int columns = ui_clamp(r.w - used, 0, n < 32 ? n : 32);
    for (int k = 0; k < columns; k++) {
        int first = columns - 1 - k, right = 0, many = 0; /* asked[0] is the newest */
        for (; many < 16 && first + many < n; many++)
            right += asked[first + many];
        share[k] = (double)right / many;
    }
    spark_draw(f->canvas, r.x + used, r.y, share, columns, chrome_series_role(p->contestant));
}

/* What to press where no place was asked yet. */
static void unasked_draw(struct canvas *c, int x, int y, int width)
{
    static const char *const texts[] = {
        "nothing asked yet: step on (s, m, Enter, p), or g asks at every place",
        "nothing asked yet: step on, or g asks everywhere", "nothing asked yet: g asks",
        "nothing asked yet"};
    int k = 0;
    while (k < 3 && canvas_columns(texts[k]) > width)
        k++;
    canvas_text_fit(c, x, y, width, texts[k], ROLE_DIM, 0);
}

int step_score_text(struct canvas *c, int x, int y, int end, const struct probe_snapshot *p, bool interval)
{
    char share[16], low_text[16], high_text[16];
    double low, high;

    if (p->score.count == 0) {
        unasked_draw(c, x, y, end - x);
        return end;
    }
    score_wilson(p->score, &low, &high);
    format_share(share, sizeof share, score_value(p->score));
    format_share(low_text, sizeof low_text, low);
    format_share(high_text, sizeof high_text, high);
    x += canvas_textf(c, x, y, ROLE_TEXT, CELL_BOLD, "%lld/%lld", (long long)p->score.right,
                      (long long)p->score.count);
    x += canvas_textf(c, x + 2, y, ROLE_DIM, 0, "%s", share) + 2;
    if (interval)
        x += canvas_textf(c, x + 2, y, ROLE_DIM, 0, "(95 %%: %s to %s)", low_text, high_text) + 2;
    return x;
}

void step_score_draw(struct frame *f, struct rect r)
{
    struct canvas *c = f->canvas;
    const struct probe_snapshot *p = f->probe;

    if (r.h >= 4)
        r = canvas_box(c, r, "this session", "numbers only");
    struct rect old = canvas_clip(c, r);
    int x = r.x + 1 + canvas_text(c, r.x + 1, r.y, "score ", ROLE_DIM, 0);
    x = step_score_text(c, x, r.y, r.x + r.w, p, true) + 3;
    if (r.x + r.w - x >= 16)
        running_draw(f, (struct rect){x, r.y, r.x + r.w - x, 1});
    if (p->score.count == 0) {
        c->clip = old;
        return;
    }
    if (r.h >= 8) {
        since_bars(f, (struct rect){r.x + 1, r.y + 2, r.w - 2, r.h - 2});
        c->clip = old;
        return;
    }
    x = r.x + 1 + canvas_text(c, r.x + 1, r.y + 1, "after a switch  ", ROLE_DIM, 0);
    step_profile_draw(c, x, r.y + 1, r.x + r.w, p);
    c->clip = old;
}

/* What the control tokens mean; under it, where there is room, the page's keys. */
static void rules_draw(struct frame *f, struct rect r)
{
    const struct alphabet *a = &f->probe->alphabet;
    struct canvas *c = f->canvas;
    int row = 0;
    const struct ui_command *commands = f->ui->commands;

    r = canvas_box(c, r, "control tokens", "their letters inject them");
    for (int i = 0; i < a->subtasks && row < r.h; i++) {
        char line[128];
        int left = a->subtasks - 1 - i; /* a row for each of the others */
        snprintf(line, sizeof line, "%s%s", a->subtask_help[i],
                 a->subtask_reconstructed[i] ? " (reconstructed)" : "");
        canvas_text(c, r.x + 1, r.y + row, a->name[a->control_id[i]],
                    chrome_symbol_role(a, a->control_id[i]), CELL_BOLD);
        int used = chrome_wrap(c, (struct rect){r.x + 4, r.y + row, r.w - 5, r.h - row - left}, line,
                               ROLE_TEXT);
        ui_hit(f->ui, (struct rect){r.x, r.y + row, r.w, used}, HIT_SYMBOL, a->control_id[i], 0);
        row += used;
    }
    row++;
    for (int i = 0; i < ACTION_COUNT && row < r.h; i++) {
        char keys[64];
        bool writes = i == ACTION_TYPE || i == ACTION_TEMPERATURE; /* of a text alone */
        if (commands[i].pages != ON_STEP || (writes && a->kind == ALPHABET_WORDS))
            continue;
        command_show_keys(&commands[i], true, keys, sizeof keys);
        canvas_text_fit(c, r.x + 1, r.y + row, 10, keys, ROLE_ACCENT, 0);
        row += chrome_wrap(c, (struct rect){r.x + 12, r.y + row, r.w - 13, r.h - row}, commands[i].help,
                           ROLE_DIM);
    }
}

/* What the page waits for or does just now, "" if nothing; *role: how it is told. */
static void doing_text(const struct frame *f, char *out, size_t size, uint8_t *role)
{
    const struct probe_snapshot *p = f->probe;
    const struct ui *ui = f->ui;
    char typed[16] = "_";

    *out = '\0';
    *role = ROLE_WARN;
    if (ui->step.typing) {
        snprintf(out, size, "typing: characters, Enter for a new line, Backspace, Esc ends");
    } else if (ui->step.edit != EDIT_NONE && p->cursor >= ui->step.back) {
        if (ui->step.typed >= 0)
            snprintf(typed, sizeof typed, "%d_", ui->step.typed);
        snprintf(out, size, "%s %s by %s   (← → another, type a symbol, Esc)",
                 ui->step.edit == EDIT_BRANCH ? "branch: replace" : "replace",
                 step_symbol_name(&p->alphabet, p->sequence[p->cursor - ui->step.back]), typed);
    } else if (ui->step.spells) {
        snprintf(out, size, "symbol %s_  (its name, Enter, Esc)", ui->step.word);
    } else if (ui->step.typed >= 0) {
        snprintf(out, size, "number %d_  (Enter, or a second digit)", ui->step.typed);
    } else if (p->message[0] && ui_is_answered(ui, p)) {
        snprintf(out, size, "%s", p->message);
    } else if (ui->step.play) {
        step_play_text(ui, p, out, size);
        *role = ROLE_GOOD;
    }
}

/* Whose weights, what is going on, and where in the sequence: as much of the last as there is room for. */
static void status_draw(struct frame *f, struct rect r)
{
    const struct probe_snapshot *p = f->probe;
    char line[256], step[32];
    uint8_t role;
    int x = r.x + 1, end = r.x + r.w;

    x += canvas_text_fit(f->canvas, x, r.y, end - x, p->name, chrome_series_role(p->contestant),
                         CELL_BOLD) +
         2;
    doing_text(f, line, sizeof line, &role);
    if (*line)
        x += canvas_text_fit(f->canvas, x, r.y, end - x, line, role, CELL_BOLD) + 2;
    text_thousands(step, sizeof step, p->weights_step);
    const char *wait = ui_is_answered(f->ui, p) ? "" : "  …";
    snprintf(line, sizeof line, "weights of step %s  ·  symbol %d of %d%s", step, p->cursor, p->length,
             wait);
    if (canvas_columns(line) > end - x)
        snprintf(line, sizeof line, "symbol %d of %d%s", p->cursor, p->length, wait);
    if (canvas_columns(line) <= end - x)
        canvas_text(f->canvas, x, r.y, line, ROLE_DIM, 0);
}

static void draw(struct frame *f, struct rect body)
{
    const struct probe_snapshot *p = f->probe;
    char text[LOG_TEXT + NAME_TEXT + 8];
    struct layout l;

    if (!p || !p->ready) {
        maps_missing(p, text, sizeof text);
        chrome_notice(f, body, text, p && *p->message ? ROLE_BAD : ROLE_DIM);
        return;
    }
    if (p->second_kind != SECOND_NONE) {
        layout_step_pair(&l, body);
        chrome_part(f, l.part[STEP_STATUS], status_draw);
        step_pair_draw(f, body);
        timeline_draw(f, l.part[STEP_TOKENS]);
        return;
    }
    int maps = p->positions > 0 ? p->layers * p->heads : 0;
    bool reads = step_is_text(&p->alphabet);
    layout_step(&l, body, p->context, maps, p->alphabet.subtasks, reads);
    chrome_part(f, l.part[STEP_STATUS], status_draw);
    chrome_part(f, l.part[STEP_TOKENS], step_tokens_draw);
    timeline_draw(f, l.part[STEP_TOKENS]);
    chrome_part(f, l.part[STEP_RULE], reads ? step_text_next_draw : rule_draw);
    chrome_part(f, l.part[STEP_TOP], top_draw);
    chrome_part(f, l.part[STEP_HELP], rules_draw);
    chrome_part(f, l.part[STEP_SCORE], reads ? step_text_draw : step_score_draw);
    chrome_part(f, l.part[STEP_MAP], maps_small_draw);
}

static const struct term terms[] = {
    {"rule R 4", "the control token in force, and the number that it asks for"},
    {"↑", "the symbol that the rule reads"},
    {"1.2", "a head, layer.head: its attention from here as a line, each line to its own largest weight"},
    {"w on ↑", "the weight of each head from here on that symbol"},
    {"sees the last 32 of 64", "symbols before those, left of the dotted line, are out of the model's window"},
    {"9 hidden: .27 of |w|", "symbols of the window left of the screen, and their share of the weights, without signs"},
    {".221", "weight that the longest bar stands for"},
    {"symbol 41 of 41", "how many symbols stand before the cursor"},
    {"score 27/29", "numbers that the model got right, of those it was asked for"},
    {"1st 4/6", "of them, those that came first after a control token; dim: under 5"},
    {"last 16: 1.00", "share of the newest 16, and how it ran"},
    {NULL, NULL},
};

const struct view_ops view_step = {"step", "Step", draw, step_act, NULL, terms};
