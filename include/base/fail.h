/* What went wrong, for the person: one line of text beside a negative code. */
#ifndef HEED_BASE_FAIL_H
#define HEED_BASE_FAIL_H

/* Functions that can fail return 0 or one of these. */
enum err {
    ERR_USAGE = -1,  /* the person's words or settings are off: exit code 2 */
    ERR_INPUT = -2,  /* a file's content is wrong */
    ERR_IO = -3,     /* the system refused: errno stands in the text */
    ERR_MEMORY = -4, /* an allocation failed */
    ERR_NUMBER = -5  /* a NaN or an infinity where a number was due */
};

enum { FAILURE_TEXT = 512 };

/* The message of a failure: "which file or key: why: what to do". Never holds a control character. */
struct failure {
    enum err code;
    char text[FAILURE_TEXT];
};

/* Write the message and return `code`, so that a caller can `return fail(why, ERR_INPUT, ...)`.
   Control characters and malformed UTF-8 in the text are escaped as \xNN. `why` may be NULL. */
int fail(struct failure *why, enum err code, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* As fail(ERR_IO), with ": <strerror(errno)>" appended. */
int fail_errno(struct failure *why, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* The exit code a failure asks for: 2 for ERR_USAGE, else 1. */
int fail_exit_code(const struct failure *why);

#endif
