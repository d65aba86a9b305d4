#include "tui/tui.h"

#include <errno.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <unistd.h>
#include "base/clock.h"
#include "tui/export.h"
#include "tui/input.h"
#include "tui/sequence.h"
#include "tui/signals.h"
#include "tui/term.h"
#include "tui/traffic.h"

enum { OUTBOX = 64, KEYS_AT_ONCE = 64, CONTROL_L = 12 };
static const double BUSY_SECONDS = 1.0 / 30, QUIET_SECONDS = 1.0 / 10, AFTER_KEY_SECONDS = 0.3;
/* Numbers that change faster are not read, only sent. */
static const double NUMBERS_SECONDS = 0.5, ASIDE_SECONDS = 0.3;
/* For so long after a key, in such steps, a line that was said to the person is looked at: it
   expires by itself. */
static const double SAID_SECONDS = 10, SAID_STEP_SECONDS = 1;

struct loop {
    struct terminal term;
    struct canvas canvas;
    struct ui *ui;
    struct feed *feed;
    const struct race_snapshot *race; /* as drawn last; NULL: none yet */
    const struct probe_snapshot *probe;
    struct desk_news news; /* of another race */
    double numbered, probed; /* when `race` and when `probe` was taken */
    int maps_number; /* race whose prober was told last how many maps are looked at */
    bool all_maps;   /* and what it was told; until then it is false */
    double kbps;                      /* 0: no limit */
    struct traffic traffic;
    double interval; /* seconds between frames when nothing hurries */
    double looked;   /* when a frame was last considered, and when drawn */
    double drawn;
    double pressed;    /* when the last key came */
    bool dirty;        /* a key, a new size or a new theme: draw without waiting */
    bool answered;     /* the prober published */
    bool was_animated; /* draw once more after an animation, so that its end is seen */
    bool blocked;      /* the terminal takes no bytes: wait until it does */
    bool more_keys;    /* some may wait inside ncurses, where poll cannot see them */
    bool ending;
    enum tui_end end;
};

static void finish(struct loop *l, enum tui_end end)
{
    l->ending = true;
    l->end = end;
}

static int take_size(struct loop *l, struct failure *why)
{
    int width, height;
    int err = term_measure(&l->term, &width, &height, why);
    if (err == 0 && canvas_resize(&l->canvas, width, height) < 0) {
        err = fail(why, ERR_MEMORY, "screen of %d x %d: out of memory", width, height);
    }
    l->dirty = true;
    return err;
}

/* When the next frame may be considered: at once, or a frame's time after the last one. */
static double next_look(const struct loop *l, double now)
{
    bool after_key = now - l->pressed < AFTER_KEY_SECONDS;
    double free = l->traffic.free; /* of a slow line; else long past */
    if (l->dirty || (l->answered && after_key)) {
        return free > now ? free : now;
    }
    bool hurried = after_key || l->answered || ui_is_busy(l->ui);
    double interval = hurried && l->interval > BUSY_SECONDS ? BUSY_SECONDS : l->interval;
    /* What comes by itself leaves a slow line as long as it took of it: keys find it free. */
    free += l->traffic.took;
    return free > l->looked + interval ? free : l->looked + interval;
}

static void send_commands(struct loop *l, const struct command *outbox, int count)
{
    /* After one that is lost the others are not sent either: they may build on it. */
    for (int i = 0; i < count; i++) {
        if (!feed_send(l->feed, outbox[i])) {
            ui_lost(l->ui, &outbox[i]);
            ui_say(l->ui, "busy: that key was not taken, press it again");
            return;
        }
    }
}

/* Large maps are filled, and kept room for, as they are looked at. */
static void tell_maps(struct loop *l)
{
    bool all = ui_wants_all_maps(l->ui);
    struct command c = {.kind = COMMAND_MAPS, .index = all};
    bool told = l->race && l->race->number == l->maps_number && l->all_maps;
    if (l->race && all != told && feed_send(l->feed, c)) {
        l->maps_number = l->race->number;
        l->all_maps = all;
    }
}

/* Draw if there is anything new. Only here are snapshots taken, so that keys always meet the ones
   that the person sees. */
static void look(struct loop *l, double now)
{
    l->blocked = !term_is_ready(&l->term);
    if (l->blocked) {
        return;
    }
    bool race_fresh = false, probe_fresh = false;
    bool after_key = now - l->pressed < AFTER_KEY_SECONDS;
    if (l->dirty || after_key || !l->race || now - l->numbered >= NUMBERS_SECONDS) {
        l->race = exchange_front(&l->feed->race, &race_fresh);
        l->numbered = race_fresh ? now : l->numbered;
    }
    if (l->dirty || after_key || !l->probe || !ui_probe_is_aside(l->ui) ||
        now - l->probed >= ASIDE_SECONDS) {
        l->probe = exchange_front(&l->feed->probe, &probe_fresh);
        l->probed = probe_fresh ? now : l->probed;
    }
    bool sweep_fresh = false;
    if (l->feed->sweep) {
        ui_sweep(l->ui, exchange_front(l->feed->sweep, &sweep_fresh));
    }
    tell_maps(l);
    bool animated = ui_is_busy(l->ui);
    l->looked = now;
    l->answered = false;
    if (animated) {
        struct command outbox[OUTBOX];
        send_commands(l, outbox, ui_tick(l->ui, l->race, l->probe, outbox, OUTBOX));
    }
    bool expires = now - l->pressed < SAID_SECONDS && now - l->drawn >= SAID_STEP_SECONDS;
    if (!l->dirty && !race_fresh && !probe_fresh && !sweep_fresh && !animated && !l->was_animated && !expires) {
        return;
    }
    l->drawn = now;
    l->dirty = false;
    l->was_animated = animated;
    canvas_clear(&l->canvas);
    ui_draw(l->ui, &l->canvas, l->race, l->probe);
    int serial;
    const struct theme *theme = ui_theme(l->ui, &serial);
    term_show(&l->term, &l->canvas, theme, serial);
    if (traffic_count(&l->traffic, l->term.sent, now, l->kbps)) {
        ui_traffic(l->ui, l->traffic.rate);
    }
}

static void press(struct loop *l, uint32_t key, const struct ui_mouse *mouse)
{
    struct command outbox[OUTBOX];
    l->dirty = true;
    if (key == CONTROL_L) {
        term_forget(&l->term);
        return;
    }
    send_commands(l, outbox, ui_key(l->ui, key, mouse, l->race, l->probe, outbox, OUTBOX));
    if (ui_wants_export(l->ui)) {
        char said[EXPORT_SAID];
        struct export_from from = {&l->canvas, l->ui, l->race, l->probe};
        export_page(&from, said, sizeof said);
        ui_say(l->ui, said);
    }
    const char *name;
    enum ui_file wanted = ui_wants_file(l->ui, &name);
    if (wanted != UI_FILE_NONE) {
        int count = sequence_file(l->ui, wanted, name, l->probe, outbox, OUTBOX);
        send_commands(l, outbox, count);
    }
    const struct wish *wish = ui_wants(l->ui);
    if (wish && !desk_ask(&l->feed->desk, wish)) {
        ui_notice(l->ui, "busy with another race: ask again once it is there", false);
    }
    if (ui_wants_quit(l->ui)) {
        finish(l, TUI_QUIT);
    }
}

/* Readable, yet no byte: the terminal is gone. */
static bool at_end(const struct loop *l)
{
    int waiting = 0;
    return ioctl(fileno(l->term.input), FIONREAD, &waiting) < 0 || waiting == 0;
}

static void read_keys(struct loop *l)
{
    if (!l->more_keys && at_end(l)) {
        finish(l, TUI_HANGUP);
        return;
    }
    uint32_t key;
    struct ui_mouse mouse = {0};
    int taken = 0;
    l->pressed = clock_now();
    while (taken < KEYS_AT_ONCE && !l->ending && input_next(&l->term, &key, &mouse)) {
        press(l, key, key == UI_KEY_MOUSE ? &mouse : NULL);
        taken++;
    }
    l->more_keys = taken == KEYS_AT_ONCE;
}

static int obey_signals(struct loop *l, struct failure *why)
{
    unsigned bits = signals_take();
    if (bits & SIGNAL_HANGUP) {
        finish(l, TUI_HANGUP);
    } else if (bits & SIGNAL_END) {
        finish(l, TUI_TERMINATED);
    } else if (bits & SIGNAL_INTERRUPT) {
        finish(l, TUI_INTERRUPTED);
    }
    if (l->ending) {
        return 0;
    }
    if (bits & SIGNAL_STOP) {
        term_suspend(&l->term);
        signals_stop();
    } else if (bits & SIGNAL_CONTINUE) {
        /* Stopped without warning (SIGSTOP): who knows what became of the terminal meanwhile. */
        term_suspend(&l->term);
    }
    if (bits & (SIGNAL_STOP | SIGNAL_CONTINUE)) {
        term_resume(&l->term);
    }
    bool measure = bits & (SIGNAL_STOP | SIGNAL_CONTINUE | SIGNAL_RESIZE);
    return measure ? take_size(l, why) : 0;
}

static void drain(int fd)
{
    char bytes[256];
    while (read(fd, bytes, sizeof bytes) > 0) {
    }
}

/* Wait for whatever comes first, and take it in. */
static int wait_for_news(struct loop *l, struct failure *why)
{
    double wait = next_look(l, clock_now()) - clock_now();
    bool at_once = wait <= 0 || l->more_keys;
    int timeout = l->blocked && !l->more_keys ? -1 : at_once ? 0 : (int)(wait * 1000) + 1;
    struct pollfd on[] = {
        {.fd = fileno(l->term.input), .events = POLLIN},
        {.fd = signals_fd(), .events = POLLIN},
        {.fd = l->feed->wake[0], .events = POLLIN},
        {.fd = l->blocked ? fileno(l->term.output) : -1, .events = POLLOUT},
    };
    if (poll(on, sizeof on / sizeof *on, timeout) < 0) {
        return errno == EINTR || errno == EAGAIN ? 0 : fail_errno(why, "waiting for the terminal");
    }
    l->blocked = l->blocked && on[3].revents == 0;
    if (on[1].revents) {
        int err = obey_signals(l, why);
        if (err < 0 || l->ending) {
            return err;
        }
    }
    if (on[2].revents) {
        drain(l->feed->wake[0]);
        l->answered = true;
        if (desk_heard(&l->feed->desk, &l->news)) {
            ui_notice(l->ui, l->news.line, l->news.busy);
            l->dirty = true;
        }
    }
    if ((on[0].revents & POLLIN) || l->more_keys) {
        read_keys(l);
    } else if (on[0].revents) {
        finish(l, TUI_HANGUP);
    }
    return 0;
}

static int run(struct loop *l, struct failure *why)
{
    int err = take_size(l, why);
    while (err == 0 && !l->ending) {
        double now = clock_now();
        if (!l->blocked && next_look(l, now) <= now) {
            look(l, now);
        }
        err = wait_for_news(l, why);
    }
    return err;
}

int tui_run(struct ui *ui, struct feed *feed, const struct tui_options *options, enum tui_end *end,
            struct text *last, struct failure *why)
{
    struct loop l = {
        .ui = ui, .feed = feed, .pressed = -SAID_SECONDS, .kbps = options->max_kbps};
    l.interval = options->frames_per_second > 0 ? 1 / options->frames_per_second : QUIET_SECONDS;
    int colors, glyphs;
    tui_detect(&colors, &glyphs);
    int err = tui_check(why);
    if (err < 0) {
        return err;
    }
    err = signals_open(why);
    if (err < 0) {
        return err;
    }
    traffic_open(&l.traffic, clock_now());
    err = term_open(&l.term, options->colors < 0 ? colors : options->colors, options->mouse, why);
    if (err == 0) {
        l.canvas.colors = l.term.palette.colors;
        l.canvas.glyphs = options->glyphs < 0 ? (enum glyphs)glyphs : (enum glyphs)options->glyphs;
        err = run(&l, why);
        term_close(&l.term);
        if (err == 0 && last) {
            /* Once more, without the question that was just answered. */
            ui_draw(ui, &l.canvas, l.race, l.probe);
            canvas_write_text(&l.canvas, last);
        }
    }
    signals_close();
    canvas_release(&l.canvas);
    *end = l.end;
    return err;
}
