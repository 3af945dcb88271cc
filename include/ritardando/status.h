/* SPDX-License-Identifier: GPL-3.0-or-later */
/**
 * Status of a call, and the sentence that explains a failure to the user.
 *
 * Three kinds of failure are kept apart:
 *   - a bug of ours: RIT_CHECK stops the program, in every build;
 *   - the world (bad file, full disk): a status is returned and handed up, with one clear sentence;
 *   - a finding (a network that diverged or never learned): not an error at all, a recorded result.
 * Only src/cli turns a status into an exit code; the numbers are those of sysexits.h.
 */
#ifndef RITARDANDO_STATUS_H
#define RITARDANDO_STATUS_H

enum rit_status {
    RIT_OK = 0,
    RIT_SOME_FAILED = 1, /* the sweep is complete but some points failed */
    RIT_USAGE = 64,      /* the command line is wrong */
    RIT_BAD_INPUT = 65,  /* a config, data or result file is wrong */
    RIT_IO = 74,         /* a file could not be read or written */
    RIT_STOPPED = 75,    /* stopped cleanly before the end; the same command continues */
};

enum { RIT_ERROR_TEXT = 4096 };

/** What went wrong, in words: `status` repeats what the call returned. The caller owns it. */
struct rit_error {
    enum rit_status status;
    char text[RIT_ERROR_TEXT];
};

/**
 * Write a formatted sentence into `err` (which may be NULL) and return `status`, so that a failing
 * function ends with `return rit_fail(err, RIT_IO, "...", ...)`.
 */
enum rit_status rit_fail(struct rit_error *err, enum rit_status status, const char *format, ...)
    __attribute__((format(printf, 3, 4), cold));

#ifdef __clang_analyzer__ /* which does not look into other files: what failed did not succeed */
#define rit_fail(err, status, ...) ((void)(rit_fail)(err, status, __VA_ARGS__), (status))
#endif

/** Append a further line to what `err` already says (for "all errors at once"); keeps the first status. */
enum rit_status rit_fail_also(struct rit_error *err, enum rit_status status, const char *format, ...)
    __attribute__((format(printf, 3, 4), cold));

/** Hand a failure up. */
#define RIT_TRY(call)                                                                                        \
    do {                                                                                                     \
        enum rit_status rit_try_status_ = (call);                                                            \
        if (rit_try_status_ != RIT_OK)                                                                       \
            return rit_try_status_;                                                                          \
    } while (0)

/** A condition that only a bug of ours can break. Never compiled out. */
#define RIT_CHECK(condition)                                                                                 \
    do {                                                                                                     \
        if (!(condition))                                                                                    \
            rit_bug(__FILE__, __LINE__, #condition);                                                         \
    } while (0)

/** Print the broken condition, call the hook (MPI_Abort under mpirun) and abort. Does not return. */
void rit_bug(const char *file, int line, const char *condition) __attribute__((noreturn, cold));

/** Set what rit_bug calls before it aborts; NULL for nothing. */
void rit_bug_hook(void (*hook)(void));

#endif
