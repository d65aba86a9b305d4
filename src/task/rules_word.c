/* The words of a rule file, and complaints about them. */
#include "task/rules_parse.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/text.h"

bool word_is(const struct parser *p, const char *text)
{
    return (p->now.kind == WORD_NAME || p->now.kind == WORD_SIGN) && strcmp(p->now.text, text) == 0;
}

static int complain(struct parser *p, int line, int column, const char *complaint)
{
    return fail(p->why, ERR_INPUT, "%s:%d:%d: %s", p->name, line, column, complaint);
}

int word_complain(struct parser *p, const char *complaint)
{
    return complain(p, p->now.line, p->now.column, complaint);
}

int word_fail(struct parser *p, const char *expected)
{
    const char *found = p->now.text;
    if (p->now.kind == WORD_END)
        found = "the end of the file";
    else if (p->now.kind == WORD_LINE)
        found = "the end of the line";
    return fail(p->why, ERR_INPUT, "%s:%d:%d: expected %s, not %s", p->name, p->now.line,
                p->now.column, expected, found[0] ? found : "an empty string");
}

int word_skip(struct parser *p, const char *text)
{
    return word_is(p, text) ? word_next(p) : word_fail(p, text);
}

static bool in_name(char c)
{
    return isalnum((unsigned char)c) || c == '_' || c == '.' || c == '-';
}

/* The word's first `n` bytes at p->at become its text. */
static int take(struct parser *p, enum word_kind kind, size_t n)
{
    if (n >= WORD_TEXT)
        return complain(p, p->now.line, p->now.column, "expected a word of at most 63 bytes");
    p->now.kind = kind;
    memcpy(p->now.text, p->at, n);
    p->now.text[n] = '\0';
    p->at += n;
    return 0;
}

static int take_number(struct parser *p)
{
    size_t n = strspn(p->at, "0123456789");
    bool whole = p->at[n] != '.' || p->at[n + 1] == '.';
    if (!whole)
        n += 1 + strspn(p->at + n + 1, "0123456789");
    int code = take(p, whole ? WORD_INT : WORD_REAL, n);
    if (code)
        return code;
    p->now.real = strtod(p->now.text, NULL);
    if (p->now.real > INT32_MAX)
        return complain(p, p->now.line, p->now.column, "expected a number up to 2147483647");
    p->now.value = (int32_t)p->now.real;
    return 0;
}

static int take_string(struct parser *p)
{
    size_t n = strcspn(p->at + 1, "\"\n");
    p->at++;
    if (p->at[n] != '"')
        return complain(p, p->now.line, p->now.column, "expected a closing \" on this line");
    int code = take(p, WORD_STRING, n);
    if (code == 0)
        p->at++;
    return code;
}

/* A name: letters, digits, _ and dots; a - inside it only before a letter, as in count-ones. Two
   dots end it. */
static size_t name_length(const char *s)
{
    size_t n = 0;
    while (in_name(s[n]) && !(s[n] == '.' && s[n + 1] == '.') && s[n] != '-')
        n++;
    return n;
}

static void skip_blanks(struct parser *p)
{
    for (;;) {
        p->at += strspn(p->at, " \t\r");
        if (*p->at == '#')
            p->at += strcspn(p->at, "\n");
        if (*p->at != '\n' || p->nesting == 0)
            return;
        p->line_start = ++p->at;
        p->line++;
    }
}

/* What other languages write otherwise is answered with the word that is meant. */
static int unknown_sign(struct parser *p, char c)
{
    static const char meant[][8] = {"=`==`", "%`mod`", "&`and`", "|`or`", "!`not`"};
    int code = take(p, WORD_SIGN, 1);
    for (size_t i = 0; i < sizeof meant / sizeof meant[0] && code == 0; i++)
        if (meant[i][0] == c)
            return word_fail(p, meant[i] + 1);
    return code ? code : word_fail(p, "a word, a number or a sign of an expression");
}

int word_next(struct parser *p)
{
    static const char *const pairs[] = {"==", "!=", "<=", ">=", ".."};
    skip_blanks(p);
    p->now = (struct word){.line = p->line, .column = (int)(p->at - p->line_start) + 1};
    char c = *p->at;
    if (c == '\0') {
        p->now.kind = WORD_END;
        return 0;
    }
    if (c == '\n') {
        p->now.kind = WORD_LINE;
        p->line_start = ++p->at;
        p->line++;
        return 0;
    }
    if (c == '"')
        return take_string(p);
    if (isdigit((unsigned char)c))
        return take_number(p);
    if (isalpha((unsigned char)c) || c == '_')
        return take(p, WORD_NAME, name_length(p->at));
    for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; i++)
        if (strncmp(p->at, pairs[i], 2) == 0)
            return take(p, WORD_SIGN, 2);
    if (strchr("()+-*/?:,<>", c))
        return take(p, WORD_SIGN, 1);
    return unknown_sign(p, c);
}
