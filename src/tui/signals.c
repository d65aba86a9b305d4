#include "tui/signals.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <string.h>
#include <unistd.h>

enum { CRASH_STACK = 65536, PATIENCE = 3 };

struct route {
    int number;
    unsigned bit;
};
static const struct route routes[] = {
    {SIGINT, SIGNAL_INTERRUPT}, {SIGTERM, SIGNAL_END},      {SIGHUP, SIGNAL_HANGUP},
    {SIGTSTP, SIGNAL_STOP}, {SIGCONT, SIGNAL_CONTINUE}, {SIGWINCH, SIGNAL_RESIZE},
};
enum { ROUTES = sizeof routes / sizeof *routes };

static const int crashes[] = {SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGABRT, SIGQUIT, SIGSYS, SIGXCPU};
enum { CRASHES = sizeof crashes / sizeof *crashes };

/* The program's only mutable globals: a handler has no other way to know anything. */
static volatile sig_atomic_t arrived[ROUTES];
static volatile sig_atomic_t unanswered; /* INT and TERM since the loop last looked */
static volatile sig_atomic_t guarded;
static struct terminal_guard guard_now;
static struct sigaction route_before[ROUTES], crash_before[CRASHES];
static stack_t stack_before;
static int pipe_ends[2] = {-1, -1};
static char crash_stack[CRASH_STACK];

/* Only async-signal-safe calls. What the terminal has not taken yet is thrown away, so that the
   restoring bytes get through to one that is stalled. */
static void give_back(void)
{
    if (!guarded) {
        return;
    }
    guarded = 0;
    tcflush(guard_now.fd, TCOFLUSH);
    size_t sent = 0;
    while (sent < guard_now.length) {
        ssize_t n = write(guard_now.fd, guard_now.bytes + sent, guard_now.length - sent);
        if (n <= 0) {
            break;
        }
        sent += (size_t)n;
    }
    tcsetattr(guard_now.fd, TCSANOW, &guard_now.modes);
}

static void on_signal(int number)
{
    int saved = errno;
    for (int i = 0; i < ROUTES; i++) {
        if (routes[i].number != number) {
            continue;
        }
        arrived[i] = 1;
        if (routes[i].bit & (SIGNAL_END | SIGNAL_INTERRUPT)) {
            unanswered = unanswered + 1;
        }
    }
    if (unanswered >= PATIENCE) {
        /* The loop is stuck, most likely writing to a stalled terminal. */
        give_back();
        signal(number, SIG_DFL);
        raise(number);
    }
    /* A full pipe already has the loop's attention. */
    ssize_t n = write(pipe_ends[1], "", 1);
    (void)n;
    errno = saved;
}

/* Handing over to the action found at the start: usually the default, a sanitizer's report if there
   is one. A fault repeats itself when the handler returns, with its true address. */
static void on_crash(int number, siginfo_t *info, void *context)
{
    (void)context;
    give_back();
    for (int i = 0; i < CRASHES; i++) {
        if (crashes[i] == number) {
            sigaction(number, &crash_before[i], NULL);
        }
    }
    if (info->si_code <= 0 || number == SIGQUIT || number == SIGXCPU) {
        raise(number);
    }
}

static int open_pipe(struct failure *why)
{
    if (pipe(pipe_ends) < 0) {
        return fail_errno(why, "signal pipe");
    }
    for (int i = 0; i < 2; i++) {
        if (fcntl(pipe_ends[i], F_SETFL, O_NONBLOCK) < 0 ||
            fcntl(pipe_ends[i], F_SETFD, FD_CLOEXEC) < 0) {
            return fail_errno(why, "signal pipe");
        }
    }
    return 0;
}

int signals_open(struct failure *why)
{
    int err = open_pipe(why);
    if (err < 0) {
        return err;
    }
    for (int i = 0; i < ROUTES; i++) {
        arrived[i] = 0;
        struct sigaction action = {.sa_handler = on_signal, .sa_flags = SA_RESTART};
        sigfillset(&action.sa_mask);
        sigaction(routes[i].number, NULL, &route_before[i]);
        if (route_before[i].sa_handler != SIG_IGN) {
            sigaction(routes[i].number, &action, NULL);
        }
    }
    unanswered = 0;
    stack_t stack = {.ss_sp = crash_stack, .ss_size = sizeof crash_stack};
    sigaltstack(&stack, &stack_before);
    for (int i = 0; i < CRASHES; i++) {
        struct sigaction action = {.sa_sigaction = on_crash, .sa_flags = SA_SIGINFO | SA_ONSTACK};
        sigemptyset(&action.sa_mask);
        sigaction(crashes[i], NULL, &crash_before[i]);
        if (crash_before[i].sa_handler != SIG_IGN) {
            sigaction(crashes[i], &action, NULL);
        }
    }
    return 0;
}

void signals_close(void)
{
    /* A terminal that goes away often sends more than one signal (its own hang-up, then the session
       leader's): what is left to be saved must survive the second. */
    sigset_t endings;
    sigemptyset(&endings);
    sigaddset(&endings, SIGINT);
    sigaddset(&endings, SIGTERM);
    sigaddset(&endings, SIGHUP);
    pthread_sigmask(SIG_BLOCK, &endings, NULL);
    guarded = 0;
    for (int i = 0; i < CRASHES; i++) {
        sigaction(crashes[i], &crash_before[i], NULL);
    }
    for (int i = 0; i < ROUTES; i++) {
        sigaction(routes[i].number, &route_before[i], NULL);
    }
    sigaltstack(&stack_before, NULL);
    for (int i = 0; i < 2; i++) {
        close(pipe_ends[i]);
        pipe_ends[i] = -1;
    }
}

void signals_guard(const struct terminal_guard *guard)
{
    guarded = 0;
    if (guard) {
        guard_now = *guard;
        guarded = 1;
    }
}

int signals_fd(void)
{
    return pipe_ends[0];
}

unsigned signals_take(void)
{
    char bytes[64];
    while (read(pipe_ends[0], bytes, sizeof bytes) > 0) {
    }
    unsigned bits = 0;
    for (int i = 0; i < ROUTES; i++) {
        if (arrived[i]) {
            arrived[i] = 0;
            bits |= routes[i].bit;
        }
    }
    unanswered = 0;
    return bits;
}

void signals_stop(void)
{
    struct sigaction ours, plain = {.sa_handler = SIG_DFL};
    sigaction(SIGTSTP, &plain, &ours);
    raise(SIGTSTP);
    sigaction(SIGTSTP, &ours, NULL);
    for (int i = 0; i < ROUTES; i++) {
        if (routes[i].bit == SIGNAL_CONTINUE) {
            arrived[i] = 0;
        }
    }
}
