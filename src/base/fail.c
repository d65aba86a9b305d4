#include "base/fail.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include "base/text.h"

static void write_text(struct failure *why, enum err code, const char *raw)
{
    why->code = code;
    text_escape(why->text, sizeof why->text, raw);
}

int fail(struct failure *why, enum err code, const char *format, ...)
{
    if (why) {
        char raw[FAILURE_TEXT];
        va_list args;
        va_start(args, format);
        vsnprintf(raw, sizeof raw, format, args);
        va_end(args);
        write_text(why, code, raw);
    }
    return code;
}

int fail_errno(struct failure *why, const char *format, ...)
{
    int number = errno;
    if (why) {
        char raw[FAILURE_TEXT];
        va_list args;
        va_start(args, format);
        int n = vsnprintf(raw, sizeof raw, format, args);
        va_end(args);
        if (n >= 0 && (size_t)n < sizeof raw)
            snprintf(raw + n, sizeof raw - (size_t)n, ": %s", strerror(number));
        write_text(why, ERR_IO, raw);
    }
    return ERR_IO;
}

int fail_exit_code(const struct failure *why)
{
    return why->code == ERR_USAGE ? 2 : 1;
}
