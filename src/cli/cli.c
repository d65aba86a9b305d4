#include "cli/cli.h"

#include <errno.h>
#include <fcntl.h>
#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/fsio.h"
#include "cli/args.h"
#include "cli/help.h"

int out_text(const struct text *t, struct failure *why)
{
    if (t->broken)
        return fail(why, ERR_MEMORY, "standard output: out of memory");
    errno = 0;
    if (fwrite(text_string(t), 1, t->length, stdout) == t->length && fflush(stdout) == 0)
        return 0;
    return out_failed(why);
}

int out_failed(struct failure *why)
{
    /* The reader has gone (heed list | head): end as a filter does, without a word. */
    if (errno == EPIPE) {
        signal(SIGPIPE, SIG_DFL);
        raise(SIGPIPE);
    }
    return fail_errno(why, "standard output");
}

int out_file(const char *path, const struct text *t, struct failure *why)
{
    if (!path || strcmp(path, "-") == 0)
        return out_text(t, why);
    if (t->broken)
        return fail(why, ERR_MEMORY, "%s: out of memory", path);
    return fsio_replace(path, text_string(t), t->length, why);
}

static int print_help(const struct subcommand *c, struct failure *why)
{
    struct text t = {0};
    int rc;

    help_command(c, &t);
    rc = out_text(&t, why);
    text_release(&t);
    return rc;
}

static int print_version(struct failure *why)
{
    struct text t = {0};
    int rc;

    text_add(&t, "heed " HEED_VERSION "\n");
    rc = out_text(&t, why);
    text_release(&t);
    return rc;
}

/* A closed standard stream must not be taken for the next file that is opened: its number goes to
   something that refuses, as a closed one does. */
static void fill_closed_streams(void)
{
    for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
        if (fcntl(fd, F_GETFD) < 0 && errno == EBADF)
            (void)!open("/dev/null", fd == STDIN_FILENO ? O_WRONLY : O_RDONLY);
}

int cli_main(int argc, char **argv)
{
    struct args args;
    struct failure why = {0};
    int rc;

    fill_closed_streams();
    /* Only the characters: numbers in files keep their decimal point everywhere. */
    setlocale(LC_CTYPE, "");
    signal(SIGPIPE, SIG_IGN);
    rc = args_parse(&args, argc, argv, &why);
    if (rc == 0 && args.version)
        rc = print_version(&why);
    else if (rc == 0 && args.help)
        rc = print_help(args.command, &why);
    else if (rc == 0)
        rc = args.command->run(&args, &why);
    args_release(&args);
    if (rc < 0) {
        fprintf(stderr, "heed: %s\n", why.text);
        return fail_exit_code(&why);
    }
    return rc;
}
