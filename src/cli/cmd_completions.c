/* heed completions SHELL */
#include "cli/args.h"
#include "cli/cli.h"
#include "cli/completion_words.h"

#include <stdio.h>
#include <string.h>

static const struct option_spec options[] = {
    OPTION_HELP_SPEC,
    OPTION_END_SPEC,
};

/* The name of a command in scripts: the terminal program itself is "". */
#define EACH_COMMAND(c) const struct subcommand *const *c = commands(); *c; c++

/* Words within quotes: nothing in the tables holds one but help, which is escaped. */
static void add_quoted(struct text *out, const char *s, const char *specials)
{
    for (; *s; s++) {
        if (*s == '\'')
            text_add(out, "'\\''");
        else if (strchr(specials, *s))
            text_addf(out, "\\%c", *s);
        else
            text_add_bytes(out, s, 1);
    }
}

/* --- bash ------------------------------------------------------------------------------------ */

static void bash_value(const struct subcommand *c, const struct option_spec *o, struct text *out)
{
    struct text words = {0};
    unsigned kinds = completion_of_option(o, &words);

    text_addf(out, "    '%s --%s'", c->name, o->name);
    if (o->letter)
        text_addf(out, "|'%s -%c'", c->name, o->letter);
    text_addf(out, ") echo '%s%s%s%s%s' ;;\n", o->type == OPTION_ASSIGN ? "@settings" : "",
              kinds & COMPLETE_FILES ? "@files" : "", text_string(&words),
              kinds & COMPLETE_THEMES ? " @themes" : "",
              kinds & COMPLETE_CONTESTANTS ? " @contestants" : "");
    text_release(&words);
}

static void bash_tables(struct text *out)
{
    text_add(out, "_heed_options() {\n    case $1 in\n");
    for (EACH_COMMAND(c)) {
        text_addf(out, "    '%s') echo '", (*c)->name);
        for (const struct option_spec *o = (*c)->options; o->name; o++)
            text_addf(out, "%s--%s", o == (*c)->options ? "" : " ", o->name);
        text_add(out, "' ;;\n");
    }
    text_add(out, "    esac\n}\n\n# What follows an option; fails for one that takes no value.\n"
                  "_heed_value() {\n    case \"$1 $2\" in\n");
    for (EACH_COMMAND(c)) {
        for (const struct option_spec *o = (*c)->options; o->name; o++)
            if (o->type != OPTION_FLAG)
                bash_value(*c, o, out);
    }
    text_add(out, "    *) return 1 ;;\n    esac\n}\n\n_heed_words() {\n    case $1 in\n");
    for (EACH_COMMAND(c)) {
        struct text words = {0};
        unsigned kinds = completion_of_words(*c, &words);
        text_addf(out, "    '%s') echo '%s%s' ;;\n", (*c)->name,
                  kinds & COMPLETE_FILES ? "@files" : "", text_string(&words));
        text_release(&words);
    }
    text_add(out, "    esac\n}\n\n");
}

static const char bash_body[] =
    "_heed_own_themes() {\n"
    "    local file\n"
    "    for file in \"${XDG_CONFIG_HOME:-$HOME/.config}\"/heed/themes/*.theme; do\n"
    "        file=${file##*/}\n"
    "        [[ $file == [*]* || $file == *[[:space:]]* ]] || echo \" ${file%.theme}\"\n"
    "    done\n"
    "}\n\n"
    "# The contestants of every run among the words.\n"
    "_heed_contestants() {\n"
    "    local word file\n"
    "    for word; do\n"
    "        word=${word/#\\~\\//$HOME/}\n"
    "        [[ -f $word/config.ini ]] || continue\n"
    "        for file in \"${word%/}\"/*/checkpoint.safetensors; do\n"
    "            file=${file%/*}\n"
    "            [[ $file == *'*' ]] || echo \" ${file##*/}\"\n"
    "        done\n"
    "    done\n"
    "}\n\n"
    "_heed() {\n"
    "    local line=${COMP_LINE:0:COMP_POINT} command= cur prev word glue= choice='' given\n"
    "    local -a words\n"
    "    read -ra words <<<\"$line\"\n"
    "    [[ $line == *[[:space:]] ]] && words+=('')\n"
    "    cur=${words[${#words[@]}-1]} prev=${words[${#words[@]}-2]} given=$cur\n"
    "    if ((${#words[@]} > 2)); then\n"
    "        for word in $_heed_commands; do\n"
    "            [[ ${words[1]} == \"$word\" ]] && command=$word\n"
    "        done\n"
    "    fi\n"
    "    if [[ $cur == --*=* ]]; then\n"
    "        prev=${cur%%=*} cur=${cur#*=}\n"
    "    fi\n"
    "    if [[ $prev == -* ]] && choice=$(_heed_value \"$command\" \"$prev\"); then\n"
    "        :\n"
    "    elif [[ $cur == -* ]]; then\n"
    "        choice=$(_heed_options \"$command\")\n"
    "    else\n"
    "        choice=$(_heed_words \"$command\")\n"
    "        ((${#words[@]} == 2)) && choice+=\" $_heed_commands\"\n"
    "    fi\n"
    "    COMPREPLY=()\n"
    "    choice=${choice/@themes/$(_heed_own_themes)}\n"
    "    choice=${choice/@contestants/$(_heed_contestants \"${words[@]}\")}\n"
    "    if [[ $choice == *@files* ]]; then\n"
    "        compopt -o filenames\n"
    "        mapfile -t COMPREPLY < <(compgen -f -- \"$cur\")\n"
    "        choice=${choice/@files/}\n"
    "    elif [[ $choice == *@settings* ]]; then\n"
    "        if [[ $cur == *=* && \" $_heed_paths \" == *\" ${cur%%=*}= \"* ]]; then\n"
    "            choice=\n"
    "            compopt -o filenames\n"
    "            mapfile -t COMPREPLY < <(compgen -P \"${cur%%=*}=\" -f -- \"${cur#*=}\")\n"
    "        elif [[ $cur == *=* ]]; then\n"
    "            choice=$_heed_assignments\n"
    "        else\n"
    "            choice=$_heed_keys\n"
    "            compopt -o nospace\n"
    "        fi\n"
    "    fi\n"
    "    for word in $choice; do\n"
    "        [[ $word == \"$cur\"* ]] && COMPREPLY+=(\"$word\")\n"
    "    done\n"
    "    # Readline replaces what stands after the last '=' only, where that divides words.\n"
    "    if [[ $COMP_WORDBREAKS == *=* && $given == *=* && $cur == *=* ]]; then\n"
    "        glue=${cur%\"${cur##*=}\"}\n"
    "        COMPREPLY=(\"${COMPREPLY[@]#\"$glue\"}\")\n"
    "    fi\n"
    "}\n"
    "complete -F _heed heed\n";

static void write_bash(struct text *out)
{
    struct text keys = {0}, assignments = {0}, paths = {0};

    completion_of_settings(&keys, &assignments, &paths);
    text_add(out, "# bash completion for heed; written by `heed completions bash`\n\n"
                  "_heed_commands='");
    for (const struct subcommand *const *c = commands() + 1; *c; c++)
        text_addf(out, "%s%s", c == commands() + 1 ? "" : " ", (*c)->name);
    text_addf(out, "'\n_heed_keys='%s'\n_heed_assignments='%s'\n_heed_paths='%s'\n\n",
              text_string(&keys) + 1, text_string(&assignments) + 1, text_string(&paths) + 1);
    bash_tables(out);
    text_add(out, bash_body);
    text_release(&keys);
    text_release(&assignments);
    text_release(&paths);
}

/* --- zsh ------------------------------------------------------------------------------------- */

/* ":what:action" of _arguments. */
static void zsh_action(const char *what, bool settings, unsigned kinds, const char *words,
                       struct text *out)
{
    text_add(out, ":");
    add_quoted(out, what, ":[]");
    if (settings)
        text_add(out, ":_heed_settings");
    else if (kinds & COMPLETE_CONTESTANTS)
        text_add(out, ":_heed_contestants");
    else if (kinds && *words)
        text_addf(out,
                  ":{_alternative \"words\\:word\\:(%s)\" %s\"files\\:file\\:_files\"}", words + 1,
                  kinds & COMPLETE_THEMES ? "\"own\\:word\\:_heed_own_themes\" " : "");
    else if (kinds)
        text_add(out, ":_files");
    else if (*words)
        text_addf(out, ":(%s)", words + 1);
    else
        text_add(out, ": ");
}

static void zsh_option(const struct option_spec *o, struct text *out)
{
    struct text words = {0};
    unsigned kinds = completion_of_option(o, &words);
    bool repeats = o->type == OPTION_ASSIGN;
    bool takes = o->type != OPTION_FLAG;

    text_add(out, "            ");
    if (o->letter && repeats)
        text_addf(out, "'*'{-%c+,--%s=}", o->letter, o->name);
    else if (o->letter)
        text_addf(out, "'(-%c --%s)'{-%c%s,--%s%s}", o->letter, o->name, o->letter,
                  takes ? "+" : "", o->name, takes ? "=" : "");
    else
        text_addf(out, "--%s%s", o->name, takes ? "=" : "");
    text_add(out, "'[");
    add_quoted(out, o->help, "[]:");
    text_add(out, "]");
    if (takes)
        zsh_action(o->value, repeats, kinds, text_string(&words), out);
    text_add(out, "' \\\n");
    text_release(&words);
}

static void zsh_command(const struct subcommand *c, struct text *out)
{
    struct text words = {0};
    unsigned kinds = completion_of_words(c, &words);

    text_addf(out, "    '%s')\n        _arguments \\\n", c->name);
    for (const struct option_spec *o = c->options; o->name; o++)
        zsh_option(o, out);
    text_add(out, "            '*");
    zsh_action(c->most ? c->words : "no more words", false, kinds, text_string(&words), out);
    text_add(out, "'\n        ;;\n");
    text_release(&words);
}

static const char zsh_functions[] =
    "_heed_own_themes() {\n"
    "    local -a own\n"
    "    own=(${XDG_CONFIG_HOME:-$HOME/.config}/heed/themes/*.theme(N:t:r))\n"
    "    compadd -- $own\n}\n\n"
    "# The contestants of every run among the words.\n"
    "_heed_contestants() {\n"
    "    local word\n    local -a found\n"
    "    for word in $words; do\n"
    "        [[ -f ${~word}/config.ini ]] || continue\n"
    "        found+=(${~word}/*/checkpoint.safetensors(N:h:t))\n"
    "    done\n"
    "    compadd -- $found\n}\n\n"
    "_heed() {\n    local command=\n    local -a names\n    names=(\n";

static void write_zsh(struct text *out)
{
    struct text keys = {0}, assignments = {0}, paths = {0};

    completion_of_settings(&keys, &assignments, &paths);
    text_addf(out,
              "#compdef heed\n# zsh completion for heed; written by `heed completions zsh`\n\n"
              "_heed_settings() {\n"
              "    local -a paths\n    paths=(%s)\n"
              "    if [[ $PREFIX == *=* && ${paths[(Ie)${PREFIX%%%%=*}=]} -gt 0 ]]; then\n"
              "        compset -P '*='\n        _files\n"
              "    elif [[ $PREFIX == *=* ]]; then\n        compadd -- %s\n"
              "    else\n        compadd -S '' -- %s\n    fi\n}\n\n",
              text_string(&paths), text_string(&assignments) + 1, text_string(&keys) + 1);
    text_add(out, zsh_functions);
    for (const struct subcommand *const *c = commands() + 1; *c; c++) {
        text_addf(out, "        '%s:", (*c)->name);
        add_quoted(out, (*c)->summary, "");
        text_add(out, "'\n");
    }
    text_add(out, "    )\n"
                  "    (( CURRENT == 2 )) && [[ $PREFIX != -* ]] && _describe command names\n"
                  "    if (( CURRENT > 2 && ${names[(I)${(b)words[2]}:*]} )); then\n"
                  "        command=$words[2]\n"
                  "        shift words\n"
                  "        (( CURRENT-- ))\n"
                  "    fi\n"
                  "    case $command in\n");
    for (EACH_COMMAND(c))
        zsh_command(*c, out);
    text_add(out, "    esac\n}\n\n_heed \"$@\"\n");
    text_release(&keys);
    text_release(&assignments);
    text_release(&paths);
}

/* --- fish ------------------------------------------------------------------------------------ */

static void fish_condition(const struct subcommand *c, struct text *out)
{
    if (c->name[0])
        text_addf(out, "complete -c heed -n '__heed_command %s'", c->name);
    else
        text_add(out, "complete -c heed -n __heed_no_command");
}

/* fish has \' within single quotes. */
static void fish_help(const char *help, struct text *out)
{
    text_add(out, " -d '");
    for (; *help; help++)
        text_addf(out, *help == '\'' || *help == '\\' ? "\\%c" : "%c", *help);
    text_add(out, "'\n");
}

static void fish_option(const struct subcommand *c, const struct option_spec *o, struct text *out)
{
    struct text words = {0};
    unsigned kinds = completion_of_option(o, &words);

    if (kinds & COMPLETE_THEMES)
        text_add(&words, " (__heed_own_themes)");
    if (kinds & COMPLETE_CONTESTANTS)
        text_add(&words, " (__heed_contestants)");
    fish_condition(c, out);
    text_addf(out, " -l %s", o->name);
    if (o->letter)
        text_addf(out, " -s %c", o->letter);
    if (o->type == OPTION_ASSIGN)
        text_add(out, " -x -a '(__heed_settings)'");
    else if (o->type != OPTION_FLAG)
        text_add(out, kinds & COMPLETE_FILES ? " -r -F" : " -x");
    if (words.length)
        text_addf(out, " -a '%s'", text_string(&words) + 1);
    fish_help(o->help, out);
    text_release(&words);
}

static const char fish_functions[] =
    "function __heed_own_themes\n"
    "    set -l folder $XDG_CONFIG_HOME\n"
    "    test -n \"$folder\"; or set folder ~/.config\n"
    "    for file in $folder/heed/themes/*.theme\n"
    "        string replace -r '.*/(.*)\\.theme$' '$1' -- $file\n"
    "    end\nend\n\n"
    "# The contestants of every run among the words.\n"
    "function __heed_contestants\n"
    "    for word in (commandline -opc)\n"
    "        set word (string replace -r '^~/' \"$HOME/\" -- $word)\n"
    "        test -f $word/config.ini; or continue\n"
    "        for file in $word/*/checkpoint.safetensors\n"
    "            string replace -r '.*/(.*)/.*' '$1' -- $file\n"
    "        end\n    end\nend\n\n"
    "complete -c heed -f\n";

static void write_fish(struct text *out)
{
    struct text keys = {0}, assignments = {0}, paths = {0};

    completion_of_settings(&keys, &assignments, &paths);
    text_add(out, "# fish completion for heed; written by `heed completions fish`\n\n"
                  "set -g __heed_commands");
    for (const struct subcommand *const *c = commands() + 1; *c; c++)
        text_addf(out, " %s", (*c)->name);
    text_addf(out,
              "\n\nfunction __heed_command\n"
              "    set -l words (commandline -opc)\n"
              "    test (count $words) -gt 1; and test \"$words[2]\" = $argv[1]\nend\n\n"
              "function __heed_no_command\n"
              "    set -l words (commandline -opc)\n"
              "    test (count $words) -lt 2; or not contains -- $words[2] $__heed_commands\nend\n\n"
              "function __heed_first_word\n"
              "    test (count (commandline -opc)) -lt 2\nend\n\n"
              "function __heed_settings\n"
              "    set -l word (commandline -ct)\n"
              "    for key in%s\n"
              "        if string match -q -- \"$key*\" $word\n"
              "            complete -C \"'' \"(string replace -- $key '' $word) | "
              "string replace -r '^' $key\n"
              "            return\n"
              "        end\n"
              "    end\n"
              "    printf '%%s\\n' %s%s\nend\n\n",
              text_string(&paths), text_string(&keys) + 1, text_string(&assignments));
    text_add(out, fish_functions);
    for (const struct subcommand *const *c = commands() + 1; *c; c++) {
        text_addf(out, "complete -c heed -n __heed_first_word -a %s", (*c)->name);
        fish_help((*c)->summary, out);
    }
    for (EACH_COMMAND(c)) {
        struct text words = {0};
        bool files = completion_of_words(*c, &words) & COMPLETE_FILES;
        for (const struct option_spec *o = (*c)->options; o->name; o++)
            fish_option(*c, o, out);
        if (files || words.length) {
            fish_condition(*c, out);
            text_addf(out, "%s%s%s%s\n", files ? " -F" : "", words.length ? " -a '" : "",
                      words.length ? text_string(&words) + 1 : "", words.length ? "'" : "");
        }
        text_release(&words);
    }
    text_release(&keys);
    text_release(&assignments);
    text_release(&paths);
}

/* --- the command ----------------------------------------------------------------------------- */

static int run(const struct args *args, struct failure *why)
{
    static const char *const shells[] = {"bash", "zsh", "fish"};
    static void (*const writers[])(struct text *) = {write_bash, write_zsh, write_fish};
    struct text out = {0};
    char hint[128];

    for (int i = 0; i < 3; i++) {
        if (strcmp(args->words[0], shells[i]) != 0)
            continue;
        writers[i](&out);
        int rc = out.broken ? fail(why, ERR_MEMORY, "out of memory") : out_text(&out, why);
        text_release(&out);
        return rc;
    }
    args_suggest(args->words[0], shells, 3, hint, sizeof hint);
    return fail(why, ERR_USAGE, "%s: must be bash, zsh or fish%s", args->words[0], hint);
}

const struct subcommand command_completions = {
    .name = "completions",
    .words = "bash|zsh|fish",
    .summary = "what a shell needs to complete heed's words",
    .description =
        "Write the completion of commands, options, settings, presets, themes and files for a "
        "shell, from the same tables as this help. `make install` puts all three where shells look "
        "for them; without it, `source <(heed completions bash)`, `heed completions zsh > "
        "DIR/_heed` with DIR in $fpath, or `heed completions fish > "
        "~/.config/fish/completions/heed.fish`.",
    .least = 1,
    .most = 1,
    .options = options,
    .run = run,
};
