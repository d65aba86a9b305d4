#include "cli/progress.h"

#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/text.h"
#include "cli/report.h"

enum { BAR = 20, BAR_LEAST = 8, BRACKETS = 3 };

void progress_init(struct progress *p, FILE *stream, double interval, bool plain)
{
    *p = (struct progress){.stream = stream, .interval = interval, .last_step = -1};
    p->bar = !plain && isatty(fileno(stream));
}

static int columns(FILE *stream)
{
    struct winsize size;

    if (ioctl(fileno(stream), TIOCGWINSZ, &size) == 0 && size.ws_col > 1)
        return size.ws_col - 1;
    return 79;
}

/* The words first, the bar in what they leave. Names are ASCII, so bytes are columns. */
static void draw_bar(struct progress *p, const struct race_snapshot *race)
{
    struct text words = {0};
    char bar[BAR + 1] = "";
    double share = race->steps > 0 ? (double)race->step / (double)race->steps : 0;
    int room = columns(p->stream), left = room - BAR_LEAST - BRACKETS;

    report_short_line(race, left > 0 ? (size_t)left : 0, &words);
    left = room - BRACKETS - (int)words.length;
    left = left < BAR ? left : BAR;
    for (int i = 0; i < left; i++)
        bar[i] = i < (int)(share * left) ? '#' : '.';
    if (left >= BAR_LEAST)
        fprintf(p->stream, "\r[%s] %s\033[K", bar, text_string(&words));
    else
        fprintf(p->stream, "\r%.*s\033[K", room, text_string(&words));
    fflush(p->stream);
    text_release(&words);
}

static void put_line(struct progress *p, const struct race_snapshot *race)
{
    struct text t = {0};

    report_line(race, &t);
    fprintf(p->stream, "%s\n", text_string(&t));
    fflush(p->stream);
    text_release(&t);
    p->last_time = clock_now();
    p->last_step = race->step;
}

/* Files that cannot be written, once, and that they can again: nobody looks at a log here. */
static void tell_unsaved(struct progress *p, const struct race_snapshot *race)
{
    bool unsaved = race->unsaved[0] != '\0';

    if (unsaved == p->unsaved)
        return;
    fprintf(p->stream, "%s%s\n", p->bar ? "\r\033[K" : "",
            unsaved ? race->unsaved : "saved again");
    fflush(p->stream);
    p->unsaved = unsaved;
}

void progress_show(struct progress *p, const struct race_snapshot *race)
{
    if (!race)
        return;
    tell_unsaved(p, race);
    if (p->bar)
        draw_bar(p, race);
    else if (p->last_step < 0 ||
             (clock_now() - p->last_time >= p->interval && race->step != p->last_step))
        put_line(p, race);
}

void progress_end(struct progress *p, const struct race_snapshot *race)
{
    if (p->bar)
        fprintf(p->stream, "\r\033[K");
    if (race && (p->bar || race->step != p->last_step))
        put_line(p, race);
}
