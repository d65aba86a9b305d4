/* The terminal loop in a child process on a pseudo-terminal, with a small ui of its own and a feed
   that the test fills. Include heed_test.h before. */
#ifndef HEED_TESTS_TUI_CHILD_H
#define HEED_TESTS_TUI_CHILD_H

#include <errno.h>
#include <fcntl.h>
#include <locale.h>
#include <poll.h>
#include <pthread.h>
#include <pty.h>
#include <signal.h>
#include <stdatomic.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>
#include "base/clock.h"
#include "base/thread.h"
#include "screen.h"
#include "tui/tui.h"

/* --- the ui ---------------------------------------------------------------------------------- */

/* What parent and child both see. */
struct shared {
    atomic_int frames, keys, go;
    atomic_long published_ns; /* when the newest probe picture was published */
};
static struct shared *shared;

struct ui {
    struct theme theme;
    int serial, count;
    char key[64], said[80];
    double said_until;
    bool quit, busy, pattern;
};

static inline const char *ui_key_word(uint32_t key)
{
    static const char *const words[] = {"UP",      "DOWN",      "LEFT",   "RIGHT", "HOME",
                                        "END",     "PGUP",      "PGDN",   "ENTER", "TAB",
                                        "BACKTAB", "BACKSPACE", "DELETE", "ESCAPE"};
    return key > KEY_CODE_BASE && key < UI_KEY_MOUSE ? words[key - UI_KEY_UP] : NULL;
}

/* Every cell another pair of roles. */
static inline struct cell pattern_cell(int x, int y, int width)
{
    int i = y * width + x;
    uint8_t fg = (uint8_t)(i % ROLE_COUNT), bg = (uint8_t)(i / ROLE_COUNT % ROLE_COUNT);
    uint8_t attr = (uint8_t)(i % 7 == 0 ? CELL_UNDERLINE : i % 11 == 0 ? CELL_REVERSE : 0);
    return (struct cell){(uint32_t)('!' + i % 90), fg, bg, attr};
}

void ui_draw(struct ui *ui, struct canvas *c, const struct race_snapshot *race,
             const struct probe_snapshot *probe)
{
    atomic_fetch_add(&shared->frames, 1);
    if (clock_now() > ui->said_until) {
        ui->said[0] = '\0';
    }
    if (ui->pattern) {
        for (int y = 0; y < c->height; y++) {
            for (int x = 0; x < c->width; x++) {
                struct cell cell = pattern_cell(x, y, c->width);
                canvas_put(c, x, y, cell.code, cell.fg, cell.bg, cell.attr);
            }
        }
        return;
    }
    canvas_textf(c, 0, 0, ROLE_TEXT, 0, "size=%dx%d", c->width, c->height);
    canvas_textf(c, 0, 1, ROLE_ACCENT, CELL_BOLD, "key=%s; count=%d;", ui->key, ui->count);
    canvas_textf(c, 0, 2, ROLE_GOOD, 0, "race=%lld; probe=%lld;",
                 race ? (long long)race->serial : -1, probe ? (long long)probe->serial : -1);
    canvas_textf(c, 0, 3, ROLE_BAD, 0, "colors=%d; glyphs=%d; %s", c->colors, (int)c->glyphs,
                 ui->said);
    canvas_text(c, 0, 4, "\u2580\u28ff\u00e9", ROLE_TEXT, 0);
    canvas_put(c, c->width - 1, c->height - 1, '#', ROLE_TEXT, ROLE_BACKGROUND, 0);
}

int ui_key(struct ui *ui, uint32_t key, const struct ui_mouse *mouse,
           const struct race_snapshot *race, const struct probe_snapshot *probe,
           struct command *outbox, int capacity)
{
    (void)race, (void)probe, (void)capacity;
    atomic_fetch_add(&shared->keys, 1);
    ui->count++;
    if (key == UI_KEY_MOUSE) {
        snprintf(ui->key, sizeof ui->key, "MOUSE%d@%d,%d", mouse->button, mouse->x, mouse->y);
    } else if (ui_key_word(key)) {
        snprintf(ui->key, sizeof ui->key, "%s", ui_key_word(key));
    } else {
        snprintf(ui->key, sizeof ui->key, "U+%04X", (unsigned)key);
    }
    ui->quit |= key == 'q';
    ui->pattern ^= key == 'p';
    ui->busy ^= key == 'b';
    if (key == 't') {
        ui->theme.roles[ROLE_TEXT] = (struct color){0, 0, 255, 4};
        ui->serial++;
    }
    outbox[0] = (struct command){.kind = COMMAND_FOCUS, .index = ui->count};
    return key == 'f';
}

int ui_tick(struct ui *ui, const struct race_snapshot *race, const struct probe_snapshot *probe,
            struct command *outbox, int capacity)
{
    (void)ui, (void)race, (void)probe, (void)outbox, (void)capacity;
    return 0;
}

bool ui_wants_quit(const struct ui *ui)
{
    return ui->quit;
}

bool ui_wants_all_maps(const struct ui *ui)
{
    (void)ui;
    return false;
}

bool ui_probe_is_aside(const struct ui *ui)
{
    (void)ui;
    return false;
}

bool ui_is_busy(const struct ui *ui)
{
    return ui->busy;
}

const struct theme *ui_theme(const struct ui *ui, int *serial)
{
    *serial = ui->serial;
    return &ui->theme;
}

void ui_say(struct ui *ui, const char *text)
{
    snprintf(ui->said, sizeof ui->said, "%s", text);
    ui->said_until = clock_now() + 0.5;
}

void ui_traffic(struct ui *ui, double bytes_per_second)
{
    (void)ui, (void)bytes_per_second;
}

void ui_csv(const struct ui *ui, const struct race_snapshot *race,
            const struct probe_snapshot *probe, struct text *out)
{
    (void)ui, (void)race, (void)probe, (void)out;
}

bool ui_wants_export(struct ui *ui)
{
    (void)ui;
    return false;
}

void ui_sweep(struct ui *ui, const struct sweep_picture *sweep)
{
    (void)ui, (void)sweep;
}

/* The real ones would take this small ui for the real one. */
enum ui_file ui_wants_file(struct ui *ui, const char **name)
{
    (void)ui, (void)name;
    return UI_FILE_NONE;
}

void ui_sequence_write(const struct probe_snapshot *probe, struct text *out)
{
    (void)probe, (void)out;
}

void ui_settings_write(const struct ui *ui, struct text *out)
{
    (void)ui, (void)out;
}

int ui_sequence_read(struct ui *ui, const char *text, const struct probe_snapshot *probe,
                     struct command *outbox, int capacity, struct failure *why)
{
    (void)ui, (void)text, (void)probe, (void)outbox, (void)capacity;
    return fail(why, ERR_INPUT, "no sequence in this test");
}

const struct wish *ui_wants(struct ui *ui)
{
    (void)ui;
    return NULL;
}

void ui_notice(struct ui *ui, const char *line, bool busy)
{
    (void)busy;
    ui_say(ui, line);
}

void ui_lost(struct ui *ui, const struct command *command)
{
    (void)ui, (void)command;
}

/* --- the child ------------------------------------------------------------------------------- */

enum helper {
    HELP_NONE,
    HELP_CRASH,      /* a thread that writes where nothing is, when told to */
    HELP_RACE_FLOOD, /* a race picture every millisecond, all alike to look at */
    HELP_PROBE,      /* a probe picture each time it is told to */
};

struct setup {
    const char *term, *colorterm, *no_color, *locale, *terminfo;
    struct tui_options options;
    enum helper helper;
    bool fill_queue, ignore_hangup, job; /* job: under a small shell that job control works with */
    int w, h;
    char *const *program; /* run this instead of the small ui */
};
#define SETUP(name)                                                                                \
    {                                                                                              \
        .term = name, .locale = "C.UTF-8", .options = {-1, -1, false, 10}, .w = 80, .h = 24        \
    }

struct child {
    pid_t pid;
    int fd,
        slave; /* the test's end, and the terminal itself, kept open so that it can be looked at */
    int shell; /* socket to the small shell */
    struct termios before;
    struct screen screen;
};

static inline void *helper_main(void *arg)
{
    struct feed *feed = ((void **)arg)[0];
    enum helper kind = *(const enum helper *)((void **)arg)[1];
    for (long serial = 1; kind != HELP_NONE; serial++) {
        while (kind != HELP_RACE_FLOOD && atomic_load(&shared->go) < serial) {
            clock_sleep(0.0005);
        }
        if (kind == HELP_CRASH) {
            volatile uintptr_t nowhere = 16;
            *(volatile int *)nowhere = 1;
        } else if (kind == HELP_RACE_FLOOD) {
            exchange_back(&feed->race);
            exchange_publish(&feed->race);
            clock_sleep(0.001);
        } else {
            ((struct probe_snapshot *)exchange_back(&feed->probe))->serial = serial;
            atomic_store(&shared->published_ns, (long)(clock_now() * 1e9));
            exchange_publish(&feed->probe);
        }
    }
    return NULL;
}

static inline void test_theme(struct theme *t)
{
    for (int i = 0; i < ROLE_COUNT; i++) {
        int v = i * 37 % 256;
        t->roles[i] = (struct color){(uint8_t)v, (uint8_t)(255 - v), (uint8_t)(i * 91 % 256),
                                     (int8_t)(i % 16)};
    }
    t->roles[ROLE_TEXT] = (struct color){255, 255, 255, 15};
    t->roles[ROLE_BACKGROUND] = (struct color){0, 0, 0, 0};
    t->roles[ROLE_GOOD] = (struct color){0, 255, 0, 10};
}

static inline int child_run(const struct setup *s)
{
    struct failure why = {0};
    struct feed feed;
    struct race_config race = {.count = 0};
    if (feed_init(&feed, &race, &why) < 0) {
        return 90;
    }
    for (int i = 0; s->fill_queue && i < COMMAND_QUEUE; i++) {
        feed_send(&feed, (struct command){.kind = COMMAND_FOCUS});
    }
    struct ui ui = {0};
    test_theme(&ui.theme);
    pthread_t thread;
    enum helper kind = s->helper;
    void *arg[2] = {&feed, &kind};
    sigset_t old;
    thread_block_signals(&old);
    if (kind != HELP_NONE) {
        pthread_create(&thread, NULL, helper_main, arg);
    }
    pthread_sigmask(SIG_SETMASK, &old, NULL);
    struct text last = {0};
    enum tui_end end;
    int err = tui_run(&ui, &feed, &s->options, &end, &last, &why);
    if (err < 0) {
        printf("%s\n", why.text);
        feed_release(&feed);
        return 100 - err;
    }
    printf("[last:%.40s]\n", text_string(&last));
    fflush(stdout);
    text_release(&last);
    if (kind != HELP_NONE) {
        _exit(10 + end); /* the thread still uses the feed */
    }
    feed_release(&feed);
    return 10 + (int)end;
}

static inline void set_or_unset(const char *name, const char *value)
{
    value ? setenv(name, value, 1) : unsetenv(name);
}

static inline void child_environment(const struct setup *s)
{
    struct rlimit none = {0, 0};
    setrlimit(RLIMIT_CORE, &none);
    set_or_unset("TERM", s->term);
    set_or_unset("COLORTERM", s->colorterm);
    set_or_unset("NO_COLOR", s->no_color);
    if (s->terminfo) {
        setenv("TERMINFO", s->terminfo, 1);
    }
    unsetenv("LINES");
    unsetenv("COLUMNS");
    setenv("LC_ALL", s->locale, 1);
    setlocale(LC_ALL, "");
    static const int plain[] = {SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGABRT, SIGQUIT, SIGTSTP};
    for (size_t i = 0; i < sizeof plain / sizeof *plain; i++) {
        signal(plain[i], SIG_DFL); /* no sanitizer's report in between */
    }
    if (s->ignore_hangup) {
        signal(SIGHUP, SIG_IGN);
    }
}

/* A shell with one job: tells 'S' when the job stopped, continues it when told 'C', ends with it.
 */
static inline void small_shell(const struct setup *s, int line)
{
    signal(SIGTTOU, SIG_IGN);
    pid_t job = fork();
    if (job == 0) {
        setpgid(0, 0);
        tcsetpgrp(0, getpid());
        signal(SIGTTOU, SIG_DFL);
        exit(child_run(s));
    }
    setpgid(job, job);
    tcsetpgrp(0, job);
    char c;
    if (write(line, &job, sizeof job) != sizeof job) {
        _exit(91);
    }
    for (int status; waitpid(job, &status, WUNTRACED) == job;) {
        if (!WIFSTOPPED(status)) {
            _exit(WIFEXITED(status) ? WEXITSTATUS(status) : 92);
        }
        tcsetpgrp(0, getpid());
        if (write(line, "S", 1) != 1 || read(line, &c, 1) != 1) {
            _exit(93);
        }
        tcsetpgrp(0, job);
        kill(-job, SIGCONT);
    }
    _exit(94);
}

/* Start tui_run in a child on a terminal of its own; for a job, c->pid is the shell and the job's
   number is returned. */
static inline pid_t child_start(struct child *c, const struct setup *s)
{
    /* Fresh memory: the child of a test that failed may still write to its own. */
    shared = mmap(NULL, sizeof *shared, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    assert_true(shared != MAP_FAILED);
    struct winsize size = {.ws_col = (unsigned short)s->w, .ws_row = (unsigned short)s->h};
    assert_int_equal(openpty(&c->fd, &c->slave, NULL, NULL, &size), 0);
    tcgetattr(c->slave, &c->before);
    c->before.c_cc[VERASE] = 'Z'; /* so that a restored default cannot pass for the real thing */
    c->before.c_iflag |= IXON;
    tcsetattr(c->slave, TCSANOW, &c->before);
    tcgetattr(c->slave, &c->before);
    screen_reset(&c->screen, s->w, s->h);
    c->screen.bce = s->term && strncmp(s->term, "screen", 6) != 0 && strcmp(s->term, "vt100") != 0;
    int line[2];
    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, line), 0);
    fflush(NULL);
    c->pid = fork();
    assert_true(c->pid >= 0);
    if (c->pid == 0) {
        setsid();
        ioctl(c->slave, TIOCSCTTY, 0);
        for (int i = 0; i < 3; i++) {
            dup2(c->slave, i);
        }
        close(c->fd);
        close(c->slave);
        close(line[0]);
        child_environment(s);
        if (s->program) {
            execv(s->program[0], s->program);
            _exit(127);
        }
        if (s->job) {
            small_shell(s, line[1]);
        }
        exit(child_run(s));
    }
    close(line[1]);
    c->shell = line[0];
    pid_t job = c->pid;
    if (s->job) {
        assert_int_equal(read(c->shell, &job, sizeof job), sizeof job);
    }
    return job;
}

/* Let the screen take in what comes within `seconds`; returns false when nothing did. */
static inline bool child_read(struct child *c, double seconds)
{
    struct pollfd in = {.fd = c->fd, .events = POLLIN};
    char bytes[8192];
    if (poll(&in, 1, (int)(seconds * 1000)) <= 0 || !(in.revents & POLLIN)) {
        return false;
    }
    ssize_t n = read(c->fd, bytes, sizeof bytes);
    if (n > 0) {
        screen_feed(&c->screen, bytes, (size_t)n);
    }
    return n > 0;
}

static inline void child_show(const struct child *c)
{
    char row[SCREEN_W * 4 + 8];
    for (int y = 0; y < c->screen.h && y < 8; y++) {
        screen_row(&c->screen, y, row, sizeof row);
        print_error("|%.100s|\n", row);
    }
}

static inline bool child_sees(struct child *c, const char *text, double seconds)
{
    double until = clock_now() + seconds;
    while (!screen_has(&c->screen, text) && clock_now() < until) {
        child_read(c, 0.05);
    }
    if (!screen_has(&c->screen, text)) {
        print_error("\"%s\" does not come; on screen:\n", text);
        child_show(c);
        return false;
    }
    return true;
}
#define assert_sees(child, text) assert_true(child_sees(child, text, 5))

static inline void child_type(struct child *c, const char *keys)
{
    assert_int_equal(write(c->fd, keys, strlen(keys)), strlen(keys));
}

static inline void child_size(struct child *c, int w, int h)
{
    struct winsize size = {.ws_col = (unsigned short)w, .ws_row = (unsigned short)h};
    screen_size(&c->screen, w, h);
    assert_int_equal(ioctl(c->fd, TIOCSWINSZ, &size), 0);
}

/* Wait for the end; the status as of waitpid. Everything the child wrote is on the screen then. */
static inline int child_wait(struct child *c)
{
    int status = 0;
    double until = clock_now() + 8;
    pid_t done = 0;
    while ((done = waitpid(c->pid, &status, WNOHANG)) == 0 && clock_now() < until) {
        child_read(c, 0.01);
    }
    if (done == 0) {
        print_error("the child does not end\n");
        child_show(c);
        kill(c->pid, SIGKILL);
        waitpid(c->pid, &status, 0);
        status = -1;
    }
    while (child_read(c, 0)) {
    }
    return status;
}

static inline void child_close(struct child *c)
{
    close(c->fd);
    close(c->slave);
    close(c->shell);
}

static inline bool same_modes(const struct termios *a, const struct termios *b)
{
    return a->c_iflag == b->c_iflag && a->c_oflag == b->c_oflag && a->c_cflag == b->c_cflag &&
           a->c_lflag == b->c_lflag && memcmp(a->c_cc, b->c_cc, sizeof a->c_cc) == 0;
}

/* The terminal is as it was found. */
static inline void assert_given_back(struct child *c, bool has_alternate)
{
    struct termios now;
    tcgetattr(c->slave, &now);
    assert_true(same_modes(&now, &c->before));
    assert_false(c->screen.alternate);
    assert_false(c->screen.cursor_hidden);
    assert_false(c->screen.mouse);
    assert_false(c->screen.keypad);
    assert_int_equal(c->screen.pen.fg, SCREEN_DEFAULT);
    assert_int_equal(c->screen.pen.bg, SCREEN_DEFAULT);
    assert_int_equal(c->screen.entered, c->screen.left);
    assert_int_equal(c->screen.left > 0, has_alternate);
    assert_string_equal(c->screen.unknown, "");
}

#endif
