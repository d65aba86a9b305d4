#define _GNU_SOURCE /* memfd_create */
#include "tui/term.h"

#include <curses.h>
#include <errno.h>
#include <fcntl.h>
#include <langinfo.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <poll.h>
#include <unistd.h>
#include <wchar.h>
#include "tui/console.h"
#include "tui/describe.h"

enum { SIZE_MAX_CELLS = 1000, RUN = 64, ESCAPE_DELAY_MS = 25 };

static int start_screen(struct terminal *t, int colors, bool mouse, struct failure *why)
{
    char direct[64];
    const char *name = colors >= 1 << 24 ? describe_direct(direct, sizeof direct) : NULL;
    int err = describe_guard(&t->guard, name, mouse, why);
    if (err < 0) {
        return err;
    }
    signals_guard(&t->guard);
    t->screen = newterm(name, t->output, t->input);
    if (!t->screen) {
        signals_guard(NULL);
        return fail(why, ERR_IO,
                    "TERM=%s: the terminal cannot be opened: use heed train, heed watch "
                    "--plain or heed render",
                    name ? name : getenv("TERM"));
    }
    return 0;
}

static void set_modes(struct terminal *t, bool mouse)
{
    cbreak();
    noecho();
    nonl();
    intrflush(NULL, FALSE);
    typeahead(-1); /* a frame is sent whole or not at all */
    curs_set(0);
    leaveok(stdscr, TRUE);
    set_escdelay(ESCAPE_DELAY_MS);
    keypad(t->keys, TRUE);
    nodelay(t->keys, TRUE);
    /* Ctrl-S must not stall the program. */
    struct termios modes;
    if (tcgetattr(fileno(t->output), &modes) == 0) {
        modes.c_iflag &= ~(tcflag_t)(IXON | IXOFF);
        tcsetattr(fileno(t->output), TCSANOW, &modes);
        def_prog_mode();
    }
    if (mouse) {
        mouseinterval(0);
        /* Releases mean nothing here, but curses would wait, deaf to nodelay, for whatever comes after an event
           that nobody asked for. */
        mousemask(BUTTON1_PRESSED | BUTTON2_PRESSED | BUTTON3_PRESSED | BUTTON4_PRESSED |
                      BUTTON5_PRESSED | BUTTON1_RELEASED | BUTTON2_RELEASED | BUTTON3_RELEASED |
                      BUTTON4_RELEASED | BUTTON5_RELEASED,
                  NULL);
    }
}

/* A descriptor for curses beside standard output, and the file that takes its place during a frame. */
static int open_streams(struct terminal *t, struct failure *why)
{
    t->guard.fd = STDOUT_FILENO;
    if (tcgetattr(t->guard.fd, &t->guard.modes) < 0) {
        return fail_errno(why, "standard output");
    }
    fflush(NULL); /* what was printed before comes before */
    int own = fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 0);
    t->output = own < 0 ? NULL : fdopen(own, "w");
    if (!t->output) {
        int error = errno;
        if (own >= 0) {
            close(own);
        }
        errno = error;
        return fail_errno(why, "standard output");
    }
    t->frame = memfd_create("frame", MFD_CLOEXEC);
    return t->frame < 0 ? fail_errno(why, "the memory of a frame") : 0;
}

int term_open(struct terminal *t, int colors, bool mouse, struct failure *why)
{
    memset(t, 0, sizeof *t);
    t->frame = -1;
    t->theme_serial = -1;
    t->unicode = strcmp(nl_langinfo(CODESET), "UTF-8") == 0;
    t->console = console_is_named(getenv("TERM"));
    t->input = describe_input(&t->own_input);
    int err = t->input ? open_streams(t, why) : fail_errno(why, "/dev/tty");
    if (err == 0) {
        err = start_screen(t, colors, mouse, why);
    }
    if (err == 0) {
        t->keys = newpad(1, 1);
        err = t->keys ? palette_init(&t->palette, colors, why)
                      : fail(why, ERR_MEMORY, "terminal: out of memory");
    }
    if (err < 0) {
        term_close(t);
        return err;
    }
    set_modes(t, mouse);
    return 0;
}

void term_close(struct terminal *t)
{
    if (t->screen) {
        if (!t->suspended) {
            endwin();
        }
        if (t->keys) {
            delwin(t->keys);
        }
        delscreen(t->screen);
        tcsetattr(t->guard.fd, TCSADRAIN, &t->guard.modes);
        signals_guard(NULL);
    }
    if (t->own_input && t->input) {
        fclose(t->input);
    }
    if (t->output) {
        fclose(t->output);
    }
    if (t->frame >= 0) {
        close(t->frame);
    }
    free(t->raw);
    palette_release(&t->palette);
    free(t->shown);
    memset(t, 0, sizeof *t);
}

void term_suspend(struct terminal *t)
{
    if (!t->suspended) {
        endwin();
        signals_guard(NULL);
        t->suspended = true;
    }
}

void term_resume(struct terminal *t)
{
    if (t->suspended) {
        signals_guard(&t->guard);
        reset_prog_mode();
        t->suspended = false;
    }
    term_forget(t);
}

int term_measure(struct terminal *t, int *width, int *height, struct failure *why)
{
    struct winsize size = {0};
    int w = COLS, h = LINES;
    if (ioctl(fileno(t->output), TIOCGWINSZ, &size) == 0 && size.ws_col > 0 && size.ws_row > 0) {
        w = size.ws_col;
        h = size.ws_row;
    }
    w = w > SIZE_MAX_CELLS ? SIZE_MAX_CELLS : w;
    h = h > SIZE_MAX_CELLS ? SIZE_MAX_CELLS : h;
    size_t cells = (size_t)w * (size_t)h;
    if (cells > t->capacity) {
        struct cell *more = realloc(t->shown, cells * sizeof *more);
        if (!more) {
            return fail(why, ERR_MEMORY, "screen of %d x %d: out of memory", w, h);
        }
        t->shown = more;
        t->capacity = cells;
    }
    if (w != COLS || h != LINES) {
        resizeterm(h, w);
    }
    t->width = *width = w;
    t->height = *height = h;
    term_forget(t);
    return 0;
}

void term_forget(struct terminal *t)
{
    size_t cells = (size_t)t->width * (size_t)t->height;
    for (size_t i = 0; i < cells; i++) {
        t->shown[i] = (struct cell){0}; /* code 0 is in no canvas */
    }
    sgr_forget(&t->sgr);
    clearok(stdscr, TRUE);
}

bool term_is_ready(const struct terminal *t)
{
    struct pollfd out = {.fd = fileno(t->output), .events = POLLOUT};
    return poll(&out, 1, 0) == 1;
}

static bool same_cell(const struct cell *a, const struct cell *b)
{
    return a->code == b->code && a->fg == b->fg && a->bg == b->bg && a->attr == b->attr;
}

static void make_glyph(struct terminal *t, const struct cell *cell, cchar_t *out)
{
    uint32_t limit = t->unicode ? 0x10ffff : 0x7e;
    uint32_t code = t->console ? console_glyph(cell->code) : cell->code;
    bool printable = code >= ' ' && code <= limit && wcwidth((wchar_t)code) == 1;
    wchar_t text[2] = {printable ? (wchar_t)code : L'?', L'\0'};
    struct style style =
        palette_style(&t->palette, cell, t->shown, (size_t)t->width * (size_t)t->height);
    setcchar(out, text, style.attributes, 0, &style.pair);
}

/* Returns whether anything of row y was written. */
static bool show_row(struct terminal *t, const struct cell *row, int y)
{
    struct cell *shown = t->shown + (size_t)y * (size_t)t->width;
    bool changed = false;
    for (int x = 0; x < t->width;) {
        cchar_t run[RUN];
        int n = 0;
        for (; n < RUN && x + n < t->width; n++) {
            struct cell cell = palette_simplify(&t->palette, &row[x + n]);
            if (same_cell(&cell, &shown[x + n])) {
                break;
            }
            shown[x + n] = cell;
            make_glyph(t, &cell, &run[n]);
        }
        if (n > 0) {
            mvwadd_wchnstr(stdscr, y, x, run, n);
            changed = true;
        }
        x += n > 0 ? n : 1;
    }
    return changed;
}

static void write_whole(struct terminal *t, const char *bytes, size_t n)
{
    for (size_t done = 0; done < n;) {
        ssize_t part = write(t->guard.fd, bytes + done, n - done);
        if (part < 0 && errno == EAGAIN) {
            struct pollfd out = {.fd = t->guard.fd, .events = POLLOUT};
            poll(&out, 1, -1);
        } else if (part < 0 && errno != EINTR) {
            return; /* a terminal that is gone makes itself known by a signal */
        }
        done += part > 0 ? (size_t)part : 0;
        t->sent += part > 0 ? part : 0;
    }
}

/* Room for n bytes as curses sent them, and for what is left of them. */
static bool frame_fits(struct terminal *t, size_t n)
{
    if (n > t->raw_capacity) {
        size_t capacity = n * 2;
        char *more = realloc(t->raw, capacity + SGR_MOST(capacity));
        if (!more) {
            return false;
        }
        t->raw = more;
        t->raw_capacity = capacity;
    }
    return true;
}

/* Curses writes the frame into memory; the terminal gets it without what nobody would see. The guard
   keeps its own descriptor, so that a crash meanwhile still reaches the terminal. */
static void send_frame(struct terminal *t)
{
    int output = fileno(t->output);
    wnoutrefresh(stdscr);
    if (dup3(t->frame, output, O_CLOEXEC) < 0) {
        term_forget(t);
        return;
    }
    lseek(t->frame, 0, SEEK_SET);
    doupdate();
    dup3(t->guard.fd, output, O_CLOEXEC);
    off_t end = lseek(t->frame, 0, SEEK_CUR);
    size_t n = end > 0 ? (size_t)end : 0;
    if (!frame_fits(t, n) || pread(t->frame, t->raw, n, 0) != (ssize_t)n) {
        term_forget(t); /* the next frame is a whole one */
        return;
    }
    char *thin = t->raw + t->raw_capacity;
    write_whole(t, thin, sgr_thin(&t->sgr, t->raw, n, thin));
}

void term_show(struct terminal *t, const struct canvas *canvas, const struct theme *theme,
               int serial)
{
    if (serial != t->theme_serial) {
        palette_theme(&t->palette, theme);
        t->theme_serial = serial;
        for (size_t i = 0; i < (size_t)t->width * (size_t)t->height; i++) {
            t->shown[i].code = 0;
        }
    }
    t->palette.frame++;
    bool changed = false;
    for (int y = 0; y < t->height; y++) {
        changed |= show_row(t, canvas->cells + (size_t)y * (size_t)canvas->width, y);
    }
    if (changed) {
        send_frame(t);
    }
}
