/* heed check-terminal */
#include "cli/args.h"
#include "cli/cli.h"
#include "cli/preferences.h"

#include <langinfo.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tui/tui.h"
#include "view/canvas.h"
#include "view/theme.h"
#include "view/widgets.h"

enum { CARD_WIDTH = 78, CARD_HEIGHT = 32, LEFT = 14 };

static const struct option_spec options[] = {
    OPTION_THEME_SPEC, OPTION_GLYPHS_SPEC, OPTION_COLORS_SPEC, OPTION_HELP_SPEC, OPTION_END_SPEC,
};

static const char *color_words(int colors)
{
    return colors == 0    ? "none"
           : colors == 8  ? "8"
           : colors == 16 ? "16"
           : colors < 257 ? "256"
                          : "direct (24 bit)";
}

static int draw_environment(struct canvas *c, int y, int colors, enum glyphs glyphs)
{
    static const char *const glyph_words[] = {"ASCII", "blocks", "half blocks", "braille"};
    static const char *const names[] = {"TERM", "COLORTERM", "NO_COLOR"};

    for (int i = 0; i < 3; i++) {
        const char *value = getenv(names[i]);
        char shown[48];
        text_escape(shown, sizeof shown, value ? value : "(not set)");
        canvas_text(c, 1, y, names[i], ROLE_DIM, 0);
        canvas_text_fit(c, LEFT, y++, CARD_WIDTH - LEFT, shown, ROLE_TEXT, 0);
    }
    canvas_text(c, 1, y, "characters", ROLE_DIM, 0);
    canvas_textf(c, LEFT, y++, ROLE_TEXT, 0, "%s, drawn with %s", nl_langinfo(CODESET),
                 glyph_words[glyphs]);
    canvas_text(c, 1, y, "colours", ROLE_DIM, 0);
    canvas_text(c, LEFT, y++, color_words(colors), ROLE_TEXT, 0);
    return y;
}

static void draw_ramp(struct canvas *c, int y, const char *label, uint8_t first,
                      enum heat_mode mode)
{
    canvas_text(c, 1, y, label, ROLE_DIM, 0);
    if (c->colors < 256) { /* shades and signs carry the meaning, as in the maps */
        heat_scale_draw(c, LEFT, y, 3 * RAMP_LEVELS, mode, 1);
        return;
    }
    for (int i = 0; i < RAMP_LEVELS; i++)
        canvas_fill(c, (struct rect){LEFT + 3 * i, y, 3, 1}, ' ', ROLE_TEXT, (uint8_t)(first + i));
}

static int draw_colors(struct canvas *c, int y)
{
    canvas_text(c, 1, y, "curves", ROLE_DIM, 0);
    for (int i = 0; i < 8; i++)
        canvas_textf(c, LEFT + 6 * i, y, (uint8_t)(ROLE_SERIES_0 + i), CELL_BOLD, "%d ###", i + 1);
    canvas_text(c, 1, ++y, "control", ROLE_DIM, 0);
    for (int i = 0; i < 8; i++)
        canvas_textf(c, LEFT + 6 * i, y, (uint8_t)(ROLE_CONTROL_0 + i), 0, "%c", "IARCRCSX"[i]);
    canvas_text(c, 1, ++y, "good, bad", ROLE_DIM, 0);
    canvas_text(c, LEFT, y, "right", ROLE_GOOD, 0);
    canvas_text(c, LEFT + 8, y, "wrong", ROLE_BAD, 0);
    canvas_text(c, LEFT + 16, y, "careful", ROLE_WARN, 0);
    canvas_text(c, LEFT + 26, y, "reverse", ROLE_TEXT, CELL_REVERSE);
    canvas_text(c, LEFT + 36, y, "bold", ROLE_TEXT, CELL_BOLD);
    canvas_text(c, LEFT + 43, y, "underline", ROLE_TEXT, CELL_UNDERLINE);
    return y + 1;
}

/* Halves of a cell in two colours: they must meet without a gap, and line up. */
static void draw_halves(struct canvas *c, int x, int y)
{
    canvas_text(c, x, y, "▀▄▀▄▌▐", ROLE_TEXT, 0);
    for (int i = 0; i < RAMP_LEVELS && c->colors >= 256; i++)
        canvas_put(c, x + 8 + i, y, 0x2580, (uint8_t)(ROLE_SEQUENTIAL_0 + i),
                   (uint8_t)(ROLE_SEQUENTIAL_0 + RAMP_LEVELS - 1 - i), 0);
}

/* A line for each --glyphs, with what it adds. A terminal that takes ASCII alone is sent nothing else. */
static int draw_glyphs(struct canvas *c, int y)
{
    static const char *const names[] = {"ascii", "block", "half", "braille"};
    static const char *const samples[] = {
        ".:-=+*#%@  ^ v < >", "▁▂▃▄▅▆▇█  ▏▎▍▌▋▊▉█  ░▒▓  ╭─┬─╮  ▁─▔╱│╲", "",
        "⣀⣀⡠⠤⠤⠔⠒⠒⠒⠉⠉⠉  ⠁⠂⠄⡀⢀⠠⠐⠈  ● ▲ ◆ ■"};
    enum glyphs used = c->glyphs, last = used == GLYPHS_ASCII ? GLYPHS_ASCII : GLYPHS_BRAILLE;

    for (enum glyphs g = GLYPHS_ASCII; g <= last; g++, y++) {
        canvas_text(c, 1, y, names[g], g == used ? ROLE_ACCENT : ROLE_DIM,
                    g == used ? CELL_BOLD : 0);
        canvas_text(c, LEFT, y, samples[g], ROLE_TEXT, 0);
        if (g == GLYPHS_HALF)
            draw_halves(c, LEFT, y);
        if (g == used)
            canvas_text(c, CARD_WIDTH - 8, y, "in use", ROLE_ACCENT, CELL_BOLD);
    }
    return y;
}

/* Why the terminal program would not begin here; nothing where it would. */
static int draw_refusal(struct canvas *c, int y)
{
    struct failure why;

    if (!isatty(STDOUT_FILENO) || tui_check(&why) == 0)
        return y;
    for (const char *rest = why.text; *rest; y++) {
        int used = (int)strlen(rest);
        if (used > CARD_WIDTH - 2)
            for (used = CARD_WIDTH - 2; used > 1 && rest[used] != ' ';)
                used--;
        canvas_textf(c, 1, y, ROLE_BAD, 0, "%.*s", used, rest);
        rest += used;
        rest += *rest == ' ';
    }
    return y;
}

static int draw_color_advice(struct canvas *c, int y, int colors)
{
    const char *no_color = getenv("NO_COLOR"), *promise = getenv("COLORTERM");

    if (colors == 0 && no_color && no_color[0])
        canvas_text(c, 1, y++, "NO_COLOR is obeyed; --colors 256 overrides it.", ROLE_WARN, 0);
    else if (colors < 256)
        canvas_text(c, 1, y++, "Ramps smooth with --colors 256? Then export TERM=xterm-256color.",
                    ROLE_WARN, 0);
    else if (colors == 256 && promise &&
             (!strcmp(promise, "truecolor") || !strcmp(promise, "24bit")))
        canvas_text(c, 1, y++,
                    "COLORTERM promises 24 bit: install ncurses-term, which describes it.",
                    ROLE_WARN, 0);
    else if (colors == 256)
        canvas_text(c, 1, y++, "Ramps smoother with --colors direct? Export COLORTERM=truecolor.",
                    ROLE_TEXT, 0);
    else
        canvas_text(c, 1, y++, "Ramps grey, flat or in wrong colours? Use --colors 256.", ROLE_TEXT,
                    0);
    return y;
}

static int draw_advice(struct canvas *c, int y, int colors, enum glyphs glyphs)
{
    const char *term = getenv("TERM");
    bool utf8 = strcmp(nl_langinfo(CODESET), "UTF-8") == 0;

    if (!term || !term[0])
        canvas_text(c, 1, y++, "TERM is not set: export TERM=xterm-256color, or heed cannot draw.",
                    ROLE_WARN, 0);
    else
        y = draw_refusal(c, y);
    if (!utf8)
        canvas_text(c, 1, y++, "The locale is not UTF-8: export LC_ALL=C.UTF-8 for finer curves.",
                    ROLE_WARN, 0);
    y = draw_color_advice(c, y, colors);
    if (glyphs == GLYPHS_BRAILLE)
        canvas_text(c, 1, y++, "Braille shows as boxes or gaps? Use --glyphs half, block or ascii.",
                    ROLE_TEXT, 0);
    else if (glyphs == GLYPHS_HALF)
        canvas_text(c, 1, y++,
                    "Halves do not meet? --glyphs block. Braille whole? --glyphs braille.",
                    ROLE_TEXT, 0);
    else if (glyphs == GLYPHS_BLOCK)
        canvas_text(c, 1, y++,
                    "Blocks do not line up? --glyphs ascii. Halves meet? --glyphs half.",
                    ROLE_TEXT, 0);
    else if (utf8)
        canvas_text(c, 1, y++, "--glyphs braille shows the finer ones: whole? Then use that.",
                    ROLE_TEXT, 0);
    canvas_text(c, 1, y++, "Two neighbouring steps of a ramp look alike? Use another --theme.",
                ROLE_TEXT, 0);
    canvas_text(c, 1, y++,
                "To keep a choice: glyphs, colors, theme in heed.ini, see heed-config(5).",
                ROLE_DIM, 0);
    return y;
}

static int run(const struct args *args, struct failure *why)
{
    struct canvas canvas = {0};
    struct theme theme;
    struct text out = {0};
    struct preferences p;
    int colors, glyphs, y, rc;

    preferences_read(&p);
    if (p.problem[0])
        fprintf(stderr, "heed: %s\n", p.problem);
    if ((rc = theme_load(&theme, args->theme ? args->theme : p.theme, why)) < 0)
        return rc;
    tui_detect(&colors, &glyphs);
    int said = args_color_count(args->colors < 0 ? p.colors : args->colors);
    colors = said < 0 ? colors : said;
    glyphs = args->glyphs >= 0 ? args->glyphs : p.glyphs > 0 ? p.glyphs - 1 : glyphs;
    if (canvas_resize(&canvas, CARD_WIDTH, CARD_HEIGHT) < 0)
        return fail(why, ERR_MEMORY, "check-terminal: out of memory");
    canvas.colors = colors;
    canvas.glyphs = (enum glyphs)glyphs;
    canvas_clear(&canvas);
    y = draw_environment(&canvas, 1, colors, (enum glyphs)glyphs) + 1;
    draw_ramp(&canvas, y++, "signed", ROLE_DIVERGING_0, HEAT_SIGNED);
    draw_ramp(&canvas, y++, "positive", ROLE_SEQUENTIAL_0, HEAT_POSITIVE);
    y = draw_colors(&canvas, y) + 1;
    y = draw_glyphs(&canvas, y) + 1;
    y = draw_advice(&canvas, y, colors, (enum glyphs)glyphs);
    canvas.height = y + 1; /* rows below stay undrawn */
    const char *term = getenv("TERM");
    bool dumb = !term || strcmp(term, "dumb") == 0;
    if ((isatty(STDOUT_FILENO) && !dumb) || args_colors(args) > 0)
        canvas_write_ansi(&canvas, &theme, &out);
    else
        canvas_write_text(&canvas, &out);
    canvas_release(&canvas);
    rc = out_text(&out, why);
    text_release(&out);
    return rc;
}

const struct subcommand command_check_terminal = {
    .name = "check-terminal",
    .words = "",
    .summary = "a test card: colours, ramps, characters, and advice",
    .description =
        "Print what heed found out about this terminal, a test card drawn with it, and what to "
        "change if something looks wrong.",
    .least = 0,
    .most = 0,
    .options = options,
    .run = run,
};
