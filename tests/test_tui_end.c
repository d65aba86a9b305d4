/* However the loop ends, the terminal is as it was found. */
#define _DEFAULT_SOURCE /* MAP_ANONYMOUS */
#include "heed_test.h"
#include "tui_child.h"
#include "tui/traffic.h"

static const char *const terminals[] = {"vt100", "xterm", "xterm-256color", "linux",
                                        "screen-256color"};
enum { TERMINALS = sizeof terminals / sizeof *terminals };

/* The Linux console has no alternate screen, nor has a VT100. */
static bool has_alternate(const char *term)
{
    return strcmp(term, "vt100") != 0 && strcmp(term, "linux") != 0;
}

static void test_quit_on_every_terminal(void **state)
{
    (void)state;
    for (int i = 0; i < TERMINALS; i++) {
        struct setup s = SETUP(terminals[i]);
        struct child c;
        child_start(&c, &s);
        assert_sees(&c, "size=80x24");
        struct termios during;
        tcgetattr(c.slave, &during);
        assert_false(same_modes(&during, &c.before));
        assert_int_equal(c.screen.alternate, has_alternate(terminals[i]));
        child_type(&c, "q");
        int status = child_wait(&c);
        assert_true(WIFEXITED(status));
        assert_int_equal(WEXITSTATUS(status), 10 + TUI_QUIT);
        assert_given_back(&c, has_alternate(terminals[i]));
        assert_sees(&c, "[last:size=80x24"); /* the last frame as text */
        child_close(&c);
    }
}

static void end_by(int number, int expected)
{
    struct setup s = SETUP("xterm-256color");
    s.options.mouse = true;
    struct child c;
    child_start(&c, &s);
    assert_sees(&c, "size=80x24");
    kill(c.pid, number);
    int status = child_wait(&c);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), expected);
    assert_given_back(&c, true);
    assert_sees(&c, "[last:size=80x24");
    child_close(&c);
}

static void test_int_term_hup(void **state)
{
    (void)state;
    end_by(SIGINT, 10 + TUI_INTERRUPTED);
    end_by(SIGTERM, 10 + TUI_TERMINATED);
    end_by(SIGHUP, 10 + TUI_HANGUP);
}

static void test_control_c_is_a_signal_and_control_s_is_none(void **state)
{
    (void)state;
    struct setup s = SETUP("xterm");
    struct child c;
    child_start(&c, &s);
    assert_sees(&c, "size=80x24");
    child_type(&c, "\023"); /* would stop the terminal */
    assert_sees(&c, "key=U+0013;");
    child_type(&c, "\003");
    int status = child_wait(&c);
    assert_int_equal(WEXITSTATUS(status), 10 + TUI_INTERRUPTED);
    assert_given_back(&c, true);
    child_close(&c);
}

static void crash_by(const char *term, int number)
{
    struct setup s = SETUP(term);
    s.options.mouse = true;
    struct child c;
    child_start(&c, &s);
    assert_sees(&c, "size=80x24");
    kill(c.pid, number);
    int status = child_wait(&c);
    assert_true(WIFSIGNALED(status));
    assert_int_equal(WTERMSIG(status), number);
    assert_given_back(&c, has_alternate(term));
    child_close(&c);
}

static void test_crashes(void **state)
{
    (void)state;
    static const int crashes[] = {SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGABRT, SIGQUIT};
    for (size_t i = 0; i < sizeof crashes / sizeof *crashes; i++) {
        crash_by("xterm-256color", crashes[i]);
    }
    for (int i = 0; i < TERMINALS; i++) {
        crash_by(terminals[i], SIGSEGV);
    }
}

static void test_a_crash_in_another_thread(void **state)
{
    (void)state;
    struct setup s = SETUP("xterm-256color");
    s.helper = HELP_CRASH;
    struct child c;
    child_start(&c, &s);
    assert_sees(&c, "size=80x24");
    atomic_store(&shared->go, 1);
    int status = child_wait(&c);
    assert_true(WIFSIGNALED(status));
    assert_int_equal(WTERMSIG(status), SIGSEGV);
    assert_given_back(&c, true);
    child_close(&c);
}

/* Close the terminal; the process may go on or not, but the loop ends by itself. */
static void vanish(bool ignore_hangup)
{
    struct setup s = SETUP("xterm-256color");
    s.ignore_hangup = ignore_hangup;
    struct child c;
    child_start(&c, &s);
    assert_sees(&c, "size=80x24");
    close(c.slave);
    close(c.fd);
    int status = 0;
    pid_t done = 0;
    for (double until = clock_now() + 5; done == 0 && clock_now() < until;) {
        done = waitpid(c.pid, &status, WNOHANG);
        clock_sleep(0.005);
    }
    if (done == 0) {
        kill(c.pid, SIGKILL);
        waitpid(c.pid, &status, 0);
    }
    assert_int_equal(done, c.pid);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 10 + TUI_HANGUP);
    close(c.shell);
}

static void test_a_vanished_terminal(void **state)
{
    (void)state;
    vanish(false);
    vanish(true);
}

static void test_stop_and_continue_under_a_shell(void **state)
{
    (void)state;
    for (int i = 0; i < TERMINALS; i++) {
        struct setup s = SETUP(terminals[i]);
        s.job = true;
        struct child c;
        child_start(&c, &s);
        assert_sees(&c, "size=80x24");
        child_type(&c, i % 2 ? "\032" : "x"); /* Control and Z, or a signal from outside */
        char said = 0;
        if (i % 2 == 0) {
            assert_sees(&c, "count=1;");
            kill(-tcgetpgrp(c.fd), SIGTSTP);
        }
        assert_int_equal(read(c.shell, &said, 1), 1);
        assert_int_equal(said, 'S');
        while (child_read(&c, 0.05)) {
        }
        assert_given_back(&c, has_alternate(terminals[i]));
        child_size(&c, 100, 30); /* resized while it slept */
        assert_int_equal(write(c.slave, "\033[Hgarbage", 10), 10);
        assert_int_equal(write(c.shell, "C", 1), 1);
        assert_sees(&c, "size=100x30");
        assert_false(screen_has(&c.screen, "garbage"));
        assert_int_equal(c.screen.alternate, has_alternate(terminals[i]));
        child_type(&c, "y");
        assert_sees(&c, "key=U+0079;");
        child_type(&c, "q");
        int status = child_wait(&c);
        assert_int_equal(WEXITSTATUS(status), 10 + TUI_QUIT);
        assert_given_back(&c, has_alternate(terminals[i]));
        child_close(&c);
    }
}

/* SIGSTOP gives no warning; the terminal is repaired on SIGCONT. */
static void test_kill_stop_and_cont(void **state)
{
    (void)state;
    struct setup s = SETUP("xterm-256color");
    struct child c;
    child_start(&c, &s);
    assert_sees(&c, "size=80x24");
    kill(c.pid, SIGSTOP);
    int status;
    assert_int_equal(waitpid(c.pid, &status, WUNTRACED), c.pid);
    assert_true(WIFSTOPPED(status));
    tcsetattr(c.slave, TCSANOW, &c.before); /* as a shell would */
    assert_int_equal(write(c.slave, "\033[?1049l\033[?25h\033[Hgarbage", 22), 22);
    while (child_read(&c, 0.05)) {
    }
    kill(c.pid, SIGCONT);
    assert_sees(&c, "size=80x24");
    while (child_read(&c, 0.05)) {
    }
    assert_false(screen_has(&c.screen, "garbage"));
    assert_true(c.screen.alternate);
    assert_true(c.screen.cursor_hidden);
    child_type(&c, "y"); /* no Enter: the modes are the program's again */
    assert_sees(&c, "key=U+0079;");
    child_type(&c, "q");
    assert_int_equal(WEXITSTATUS(child_wait(&c)), 10 + TUI_QUIT);
    assert_given_back(&c, true);
    child_close(&c);
}

/* Where no shell could continue it, the key to stop does no harm. */
static void test_stop_without_a_shell(void **state)
{
    (void)state;
    struct setup s = SETUP("xterm-256color");
    struct child c;
    child_start(&c, &s);
    assert_sees(&c, "size=80x24");
    child_type(&c, "\032");
    child_type(&c, "y");
    assert_sees(&c, "key=U+0079;");
    while (child_read(&c, 0.1)) {
    }
    assert_true(c.screen.alternate);
    child_type(&c, "q");
    assert_int_equal(WEXITSTATUS(child_wait(&c)), 10 + TUI_QUIT);
    assert_given_back(&c, true);
    child_close(&c);
}

/* A terminal that takes no more bytes: impatience is heard, and its modes are restored. */
static void test_a_stalled_terminal_can_be_left(void **state)
{
    (void)state;
#ifdef __SANITIZE_THREAD__
    skip(); /* it holds signals back while write() waits, and that is what this is about */
#endif
    struct setup s = SETUP("xterm-256color");
    s.w = 300;
    s.h = 100;
    struct child c;
    child_start(&c, &s);
    assert_sees(&c, "size=300x100");
    while (child_read(&c, 0.05)) {
    }
    child_type(&c, "p"); /* a frame larger than the terminal's buffer, which nobody reads */
    while (atomic_load(&shared->frames) < 2) {
        clock_sleep(0.001);
    }
    clock_sleep(0.2);
    int status = 0;
    for (int i = 0; i < 3; i++) {
        kill(c.pid, SIGTERM);
        clock_sleep(0.05);
    }
    pid_t done = 0;
    for (double until = clock_now() + 5; done == 0 && clock_now() < until;) {
        done = waitpid(c.pid, &status, WNOHANG);
        clock_sleep(0.005);
    }
    assert_int_equal(done, c.pid);
    assert_true(WIFSIGNALED(status));
    assert_int_equal(WTERMSIG(status), SIGTERM);
    struct termios now;
    tcgetattr(c.slave, &now);
    assert_true(same_modes(&now, &c.before));
    child_close(&c);
}

/* Bytes of about a second of pressing a key that changes every cell, 50 times; *took: the seconds. */
static long bytes_in_a_second(struct child *c, double *took)
{
    long bytes = c->screen.bytes;
    double begin = clock_now(), end = clock_now() + 1;
    for (double next = clock_now(); clock_now() < end; next += 0.02) {
        child_type(c, "p");
        while (clock_now() < next) {
            child_read(c, 0.002);
        }
    }
    *took = clock_now() - begin;
    return c->screen.bytes - bytes;
}

/* 400 kilobits are 50,000 bytes a second; a frame that was begun is sent whole. */
static void test_a_slow_line_gets_fewer_frames(void **state)
{
    (void)state;
    struct setup s = SETUP("xterm-256color");
    struct child c;
    child_start(&c, &s);
    assert_sees(&c, "race=-1;");
    long before = c.screen.bytes;
    child_type(&c, "p");
    for (double until = clock_now() + 0.3; clock_now() < until;) {
        child_read(&c, 0.02);
    }
    long frame = c.screen.bytes - before;
    assert_true(frame > 5000);
    double took;
    long fast = bytes_in_a_second(&c, &took);
    assert_true(fast > 4 * frame);
    child_type(&c, "q");
    child_wait(&c);
    child_close(&c);

    s.options.max_kbps = 400;
    child_start(&c, &s);
    assert_sees(&c, "race=-1;");
    long slow = bytes_in_a_second(&c, &took);
    assert_in_range(slow, 1, (long)(50000 * took) + 3 * frame);
    child_type(&c, "q");
    child_wait(&c);
    child_close(&c);
}

/* 4 kilobits are 500 bytes a second. */
static void test_a_frame_takes_its_time_of_a_slow_line(void **state)
{
    (void)state;
    struct traffic t;
    traffic_open(&t, 100);
    assert_false(traffic_count(&t, 500, 100, 4));
    assert_float_equal(t.took, 1, 1e-9);
    assert_float_equal(t.free, 101, 1e-9);
    assert_false(traffic_count(&t, 750, 100.5, 4));
    assert_float_equal(t.took, 0.5, 1e-9);
    assert_float_equal(t.free, 101.5, 1e-9);
    assert_true(traffic_count(&t, 750, 104, 4));
    assert_float_equal(t.took, 0, 1e-9);
    assert_float_equal(t.free, 104, 1e-9);
    assert_float_equal(t.rate, 750 / 4.0, 1e-9);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_frame_takes_its_time_of_a_slow_line),
        cmocka_unit_test(test_a_slow_line_gets_fewer_frames),
        cmocka_unit_test(test_quit_on_every_terminal),
        cmocka_unit_test(test_int_term_hup),
        cmocka_unit_test(test_control_c_is_a_signal_and_control_s_is_none),
        cmocka_unit_test(test_crashes),
        cmocka_unit_test(test_a_crash_in_another_thread),
        cmocka_unit_test(test_a_vanished_terminal),
        cmocka_unit_test(test_stop_and_continue_under_a_shell),
        cmocka_unit_test(test_kill_stop_and_cont),
        cmocka_unit_test(test_stop_without_a_shell),
        cmocka_unit_test(test_a_stalled_terminal_can_be_left),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
