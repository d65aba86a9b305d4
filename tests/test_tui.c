/* What the terminal shows and what keys do, through a pseudo-terminal. */
#define _DEFAULT_SOURCE /* MAP_ANONYMOUS */
#include "heed_test.h"
#include "scratch.h"
#include "tui_child.h"

static const char *const terminals[] = {"vt100", "xterm", "xterm-256color", "linux",
                                        "screen-256color"};
enum { TERMINALS = sizeof terminals / sizeof *terminals };

static void quit(struct child *c)
{
    child_type(c, "q");
    int status = child_wait(c);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 10 + TUI_QUIT);
}

static void test_keys_arrive(void **state)
{
    (void)state;
    static const struct {
        const char *bytes, *shown;
    } keys[] = {
        {"\033OA", "key=UP;"},       {"\033[B", "key=DOWN;"},  {"\033OC", "key=RIGHT;"},
        {"\033OD", "key=LEFT;"},     {"\033[5~", "key=PGUP;"}, {"\033[6~", "key=PGDN;"},
        {"\033[1~", "key=HOME;"},    {"\033[4~", "key=END;"},  {"\033[3~", "key=DELETE;"},
        {"\r", "key=ENTER;"},        {"\t", "key=TAB;"},       {"\033[Z", "key=BACKTAB;"},
        {"\177", "key=BACKSPACE;"},  {"\033", "key=ESCAPE;"},  {"x", "key=U+0078;"},
        {"\303\251", "key=U+00E9;"}, {"?", "key=U+003F;"},     {"A", "key=U+0041;"},
    };
    for (int t = 0; t < TERMINALS; t++) {
        struct setup s = SETUP(terminals[t]);
        struct child c;
        child_start(&c, &s);
        assert_sees(&c, "size=80x24");
        for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
            child_type(&c, keys[i].bytes);
            assert_sees(&c, keys[i].shown);
        }
        /* One key each: no letter of a sequence was taken for a typed one. */
        assert_int_equal(atomic_load(&shared->keys), sizeof keys / sizeof *keys);
        child_type(&c, "\033[1;7P\033[99~z"); /* unknown sequences are swallowed whole */
        assert_sees(&c, "key=U+007A; count=19;");
        if (strncmp(terminals[t], "xterm", 5) != 0) { /* a mouse that it does not have is no Enter */
            child_type(&c, "\033[<0;5;3M\033[<0;5;3mz");
            assert_sees(&c, "key=U+007A; count=20;");
        }
        quit(&c);
        assert_string_equal(c.screen.unknown, "");
        child_close(&c);
    }
}

static void test_a_burst_of_keys_is_complete(void **state)
{
    (void)state;
    struct setup s = SETUP("xterm-256color");
    struct child c;
    child_start(&c, &s);
    assert_sees(&c, "size=80x24");
    int frames = atomic_load(&shared->frames);
    char many[1001];
    memset(many, 'x', 1000);
    many[1000] = '\0';
    child_type(&c, many);
    assert_sees(&c, "count=1000;");
    assert_true(atomic_load(&shared->frames) - frames < 300); /* not one for each key */
    quit(&c);
    child_close(&c);
}

static void test_mouse(void **state)
{
    (void)state;
    struct setup s = SETUP("xterm-256color");
    s.options.mouse = true;
    struct child c;
    child_start(&c, &s);
    assert_sees(&c, "size=80x24");
    assert_true(c.screen.mouse);
    child_type(&c, "\033[<0;5;3M\033[<0;5;3m");
    assert_sees(&c, "key=MOUSE1@4,2;");
    child_type(&c, "\033[<65;80;24M");
    assert_sees(&c, "key=MOUSE5@79,23;");
    quit(&c);
    assert_given_back(&c, true);
    child_close(&c);
}

/* After a button was let go news is shown as before, without another key: of every button, and of those that
   mean nothing here. */
static void test_a_click_holds_nothing_up(void **state)
{
    (void)state;
    static const char *const clicks[] = {"\033[<0;5;3M", "\033[<0;5;3m", "\033[<1;5;3M", "\033[<1;5;3m",
                                         "\033[<2;5;3m", "\033[<66;5;3M", "\033[<8;5;3m"};
    struct setup s = SETUP("xterm-256color");
    s.options.mouse = true;
    s.helper = HELP_PROBE;
    struct child c;
    child_start(&c, &s);
    assert_sees(&c, "probe=-1;");
    for (int i = 0; i < (int)(sizeof clicks / sizeof *clicks); i++) {
        char expect[32];
        snprintf(expect, sizeof expect, "probe=%d;", i + 1);
        child_type(&c, clicks[i]);
        clock_sleep(0.05);
        atomic_store(&shared->go, i + 1);
        assert_sees(&c, expect);
    }
    quit(&c);
    child_close(&c);
}

static void test_resize(void **state)
{
    (void)state;
    struct setup s = SETUP("xterm-256color");
    struct child c;
    child_start(&c, &s);
    assert_sees(&c, "size=80x24");
    static const int sizes[][2] = {{300, 100}, {1, 1}, {80, 24}, {2, 50}, {200, 2}, {40, 10}};
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        char expect[32];
        int w = sizes[i][0], h = sizes[i][1];
        child_size(&c, w, h);
        snprintf(expect, sizeof expect, "size=%dx%d", w, h);
        expect[w < (int)strlen(expect) ? w : (int)strlen(expect)] = '\0';
        assert_sees(&c, w * h == 1 ? "#" : expect);
        while (child_read(&c, 0.05)) {
        }
        assert_int_equal(c.screen.cells[h - 1][w - 1].code, '#'); /* the very last cell */
    }
    child_type(&c, "x");
    assert_sees(&c, "key=U+0078;");
    quit(&c);
    assert_given_back(&c, true);
    child_close(&c);
}

/* The number that a role must have on the screen. Of 8 colours bright black is no foreground. */
static int expected_color(const struct theme *theme, int role, int colors, bool foreground)
{
    struct color k = theme->roles[role];
    int grey = foreground ? 7 : 0;
    return colors == 256 ? theme_to_256(k) : k.ansi == 8 ? grey : k.ansi & 7;
}

/* All 62 * 62 pairs of roles at once: more pairs than 8 colours have numbers for, and more than
 * 255. */
static void check_pattern(const char *term, int colors)
{
    struct setup s = SETUP(term);
    s.w = 200;
    s.h = 50;
    struct child c;
    child_start(&c, &s);
    assert_sees(&c, "size=200x50");
    child_type(&c, "p");
    while (child_read(&c, 0.5)) {
    }
    struct theme theme;
    test_theme(&theme);
    for (int i = 0; i < s.w * s.h; i++) {
        struct cell want = pattern_cell(i % s.w, i / s.w, s.w);
        struct screen_cell got = c.screen.cells[i / s.w][i % s.w];
        int bg = expected_color(&theme, want.bg, colors, false);
        int fg = expected_color(&theme, want.fg, colors, true);
        if (want.fg == want.bg) { /* nothing to be seen but the background */
            assert_true(got.code == ' ' && got.bg == bg && !got.underline);
            continue;
        }
        if (got.reverse !=
            ((want.attr & CELL_REVERSE) != 0)) { /* a pair used the other way round */
            int swap = got.fg;
            got.fg = got.bg;
            got.bg = swap;
        }
        assert_int_equal(got.bg, bg);
        assert_int_equal(got.code, want.code);
        /* Of eight colours bold makes the bright ones, but nothing paler on a light ground. */
        bool dark = theme_coarse_contrast(theme.roles[want.bg]) == 7;
        assert_int_equal(got.bold, colors == 8 && dark && theme.roles[want.fg].ansi > 8);
        assert_int_equal(got.underline, (want.attr & CELL_UNDERLINE) != 0);
        if (fg != bg) {
            assert_int_equal(got.fg, fg);
        } else {
            assert_int_not_equal(got.fg, bg); /* text stays readable */
        }
    }
    quit(&c);
    assert_given_back(&c, true);
    child_close(&c);
}

static void test_every_pair_256(void **state)
{
    (void)state;
    check_pattern("xterm-256color", 256);
}

static void test_every_pair_8(void **state)
{
    (void)state;
    check_pattern("xterm", 8);
}

static void test_direct_color(void **state)
{
    (void)state;
    char folder[SCRATCH_PATH], command[1024];
    assert_int_equal(scratch_folder(folder), 0);
    snprintf(command, sizeof command,
             "printf 'xterm-direct|direct,\\n\\tRGB, colors#0x1000000, pairs#0x10000, "
             "setaf=\\\\E[38;2;%%%%p1%%%%{65536}%%%%/%%%%d;%%%%p1%%%%{256}%%%%/%%%%{255}%%%%&%%%%d;"
             "%%%%p1%%%%{255}%%%%&%%%%dm, "
             "setab=\\\\E[48;2;%%%%p1%%%%{65536}%%%%/%%%%d;%%%%p1%%%%{256}%%%%/%%%%{255}%%%%&%%%%d;"
             "%%%%p1%%%%{255}%%%%&%%%%dm, use=xterm-256color,\\n' | tic -x -o '%s' - 2>/dev/null",
             folder);
    assert_int_equal(system(command), 0);
    struct setup s = SETUP("xterm-256color");
    s.colorterm = "truecolor";
    s.terminfo = folder;
    struct child c;
    child_start(&c, &s);
    assert_sees(&c, "colors=16777216;");
    assert_int_equal(c.screen.cells[2][0].fg, 1 << 24 | 0x00ff00);
    assert_int_equal(c.screen.cells[2][0].bg, 1 << 24 | 0x000100); /* black beside the palette */
    quit(&c);
    child_close(&c);
    snprintf(command, sizeof command, "rm -r '%s'", folder);
    assert_int_equal(system(command), 0);
}

static void test_color_and_glyph_ladder(void **state)
{
    (void)state;
    static const struct {
        struct setup setup;
        int forced;
        const char *shown;
        int fg;
        const char *glyphs;
    } cases[] = {
        {SETUP("xterm-256color"), -1, "colors=256; glyphs=3;", 231, "\u2580\u28ff\u00e9"},
        {SETUP("xterm"), -1, "colors=8; glyphs=3;", 7, "\u2580\u28ff\u00e9"},
        {SETUP("linux"), -1, "colors=8; glyphs=2;", 7, NULL},
        {SETUP("vt100"), -1, "colors=0; glyphs=0;", SCREEN_DEFAULT, NULL},
        {SETUP("screen-256color"), -1, "colors=256; glyphs=3;", 231, "\u2580\u28ff\u00e9"},
        {SETUP("xterm-256color"), 16, "colors=16; glyphs=3;", 15, NULL},
        {SETUP("xterm-256color"), 0, "colors=0; glyphs=3;", SCREEN_DEFAULT, NULL},
        {SETUP("xterm"), 256, "colors=8; glyphs=3;", 7, NULL},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct setup s = cases[i].setup;
        s.options.colors = cases[i].forced;
        struct child c;
        child_start(&c, &s);
        assert_sees(&c, cases[i].shown);
        assert_int_equal(c.screen.cells[0][0].code, 's');
        assert_int_equal(c.screen.cells[0][0].fg, cases[i].fg);
        assert_int_equal(c.screen.cells[1][0].bold, true);
        if (cases[i].glyphs) {
            assert_sees(&c, cases[i].glyphs);
        }
        quit(&c);
        assert_string_equal(c.screen.unknown, "");
        child_close(&c);
    }
    struct setup plain = SETUP("xterm-256color"), ascii = SETUP("xterm-256color");
    plain.no_color = "1";
    ascii.locale = "C";
    struct child c;
    child_start(&c, &plain);
    assert_sees(&c, "colors=0; glyphs=3;");
    quit(&c);
    child_close(&c);
    child_start(&c, &ascii);
    assert_sees(&c, "colors=256; glyphs=0;");
    quit(&c);
    child_close(&c);
}

static void test_new_theme_recolours(void **state)
{
    (void)state;
    struct setup s = SETUP("xterm-256color");
    struct child c;
    child_start(&c, &s);
    assert_sees(&c, "size=80x24");
    child_type(&c, "t");
    assert_sees(&c, "count=1;");
    assert_int_equal(c.screen.cells[0][0].fg, 21); /* #0000ff */
    assert_int_equal(c.screen.cells[2][0].fg, 46);
    quit(&c);
    child_close(&c);
}

static void test_unchanged_frames_cost_nothing(void **state)
{
    (void)state;
    struct setup s = SETUP("xterm-256color");
    s.options.frames_per_second = 50;
    s.helper = HELP_RACE_FLOOD;
    struct child c;
    child_start(&c, &s);
    assert_sees(&c, "race=0;");
    while (atomic_load(&shared->frames) < 5) {
        child_read(&c, 0.01);
    }
    long bytes = c.screen.bytes;
    int frames = atomic_load(&shared->frames);
    while (atomic_load(&shared->frames) < frames + 20) {
        child_read(&c, 0.01);
    }
    assert_int_equal(c.screen.bytes, bytes);
    quit(&c);
    child_close(&c);
}

static int frames_in_a_second(struct child *c)
{
    int frames = atomic_load(&shared->frames);
    for (double until = clock_now() + 1; clock_now() < until;) {
        child_read(c, 0.01);
    }
    return atomic_load(&shared->frames) - frames;
}

static void test_frames_are_capped(void **state)
{
    (void)state;
    struct setup s = SETUP("xterm-256color");
    s.helper = HELP_RACE_FLOOD;
    struct child c;
    child_start(&c, &s);
    assert_sees(&c, "race=0;");
    int quiet = frames_in_a_second(&c) + frames_in_a_second(&c);
    assert_in_range(quiet, 1, 5); /* numbers twice a second */
    child_type(&c, "b");
    assert_sees(&c, "count=1;");
    int busy = frames_in_a_second(&c);
    assert_in_range(busy, 15, 32);
    quit(&c);
    child_close(&c);
}

static void test_nothing_new_draws_nothing(void **state)
{
    (void)state;
    struct setup s = SETUP("xterm-256color");
    struct child c;
    child_start(&c, &s);
    assert_sees(&c, "race=-1;");
    assert_int_equal(frames_in_a_second(&c), 0);
    quit(&c);
    child_close(&c);
}

static void test_an_answer_is_shown_at_once(void **state)
{
    (void)state;
    struct setup s = SETUP("xterm-256color");
    s.options.frames_per_second = 1;
    s.helper = HELP_PROBE;
    struct child c;
    child_start(&c, &s);
    assert_sees(&c, "probe=-1;");
    double best = 1;
    for (int i = 1; i <= 9; i++) {
        char expect[32];
        snprintf(expect, sizeof expect, "probe=%d;", i);
        clock_sleep(0.05);
        atomic_store(&shared->go, i);
        assert_sees(&c, expect);
        double took = clock_now() - (double)atomic_load(&shared->published_ns) * 1e-9;
        best = took < best ? took : best;
        assert_true(took < 0.5); /* without the wake pipe it is a second */
    }
    assert_true(best < 0.010);
    quit(&c);
    child_close(&c);
}

static void test_a_full_queue_is_said(void **state)
{
    (void)state;
    struct setup s = SETUP("xterm-256color");
    s.fill_queue = true;
    struct child c;
    child_start(&c, &s);
    assert_sees(&c, "size=80x24");
    child_type(&c, "f");
    assert_sees(&c, "that key was not taken");
    for (double until = clock_now() + 3; clock_now() < until;) {
        child_read(&c, 0.05);
    }
    assert_false(screen_has(&c.screen, "that key")); /* expires without another event */
    quit(&c);
    child_close(&c);
}

static void test_ctrl_l_repairs_the_screen(void **state)
{
    (void)state;
    struct setup s = SETUP("xterm-256color");
    struct child c;
    child_start(&c, &s);
    assert_sees(&c, "size=80x24");
    assert_int_equal(write(c.slave, "\033[Hgarbage", 10), 10);
    assert_sees(&c, "garbage");
    child_type(&c, "\f");
    assert_sees(&c, "size=80x24");
    assert_false(screen_has(&c.screen, "garbage"));
    quit(&c);
    child_close(&c);
}

static void test_a_missing_terminal_is_named(void **state)
{
    (void)state;
    static const struct {
        const char *term, *said;
    } cases[] = {{NULL, "TERM: not set"},
                 {"", "TERM: not set"},
                 {"dumb", "TERM=dumb: this terminal cannot place its cursor"},
                 {"no-such-terminal", "TERM=no-such-terminal: no such terminal is described"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct setup s = SETUP(cases[i].term);
        s.w = 200; /* the message stands on one row */
        struct child c;
        child_start(&c, &s);
        int status = child_wait(&c);
        assert_int_equal(WEXITSTATUS(status), 100 - ERR_USAGE);
        assert_sees(&c, cases[i].said);
        assert_sees(&c, "use heed train, heed watch --plain or heed render");
        assert_int_equal(c.screen.entered, 0);
        child_close(&c);
    }
}

static void test_check_names_the_redirected_stream(void **state)
{
    (void)state;
    setenv("TERM", "xterm", 1);
    int out = dup(1), in = dup(0), null = open("/dev/null", O_RDWR);
    struct failure why = {0};
    dup2(null, 1);
    int err = tui_check(&why);
    dup2(out, 1);
    assert_int_equal(err, ERR_USAGE);
    assert_non_null(strstr(why.text, "standard output: not a terminal"));
    assert_non_null(strstr(why.text, "heed train"));
    /* Output is a terminal, input is not, and the process has no terminal of its own. */
    int fd, slave;
    assert_int_equal(openpty(&fd, &slave, NULL, NULL, NULL), 0);
    fflush(NULL);
    pid_t pid = fork();
    if (pid == 0) {
        setsid();
        dup2(slave, 1);
        dup2(null, 0);
        bool named = tui_check(&why) == ERR_USAGE &&
                     strstr(why.text, "standard input: not a terminal") != NULL;
        _exit(named ? 0 : 1);
    }
    int status;
    waitpid(pid, &status, 0);
    assert_int_equal(status, 0);
    dup2(in, 0);
    close(fd), close(slave), close(null), close(out), close(in);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_keys_arrive),
        cmocka_unit_test(test_a_burst_of_keys_is_complete),
        cmocka_unit_test(test_mouse),
        cmocka_unit_test(test_a_click_holds_nothing_up),
        cmocka_unit_test(test_resize),
        cmocka_unit_test(test_every_pair_256),
        cmocka_unit_test(test_every_pair_8),
        cmocka_unit_test(test_direct_color),
        cmocka_unit_test(test_color_and_glyph_ladder),
        cmocka_unit_test(test_new_theme_recolours),
        cmocka_unit_test(test_unchanged_frames_cost_nothing),
        cmocka_unit_test(test_frames_are_capped),
        cmocka_unit_test(test_nothing_new_draws_nothing),
        cmocka_unit_test(test_an_answer_is_shown_at_once),
        cmocka_unit_test(test_a_full_queue_is_said),
        cmocka_unit_test(test_ctrl_l_repairs_the_screen),
        cmocka_unit_test(test_a_missing_terminal_is_named),
        cmocka_unit_test(test_check_names_the_redirected_stream),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
