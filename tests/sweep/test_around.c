/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a sweep knows of the world around it: processes, the clock of the job, and what it tells people. */
#include "testing.h"

#include "sweep/peer.h"
#include "sweep/progress.h"
#include "sweep/roster.h"
#include "sweep/walltime.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static void test_a_dead_neighbour_is_seen(void **state)
{
    (void)state;
    struct rit_peer self = rit_peer_self(), child;
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    pid_t pid = fork();
    if (pid == 0) {
        child = rit_peer_self();
        if (write(ends[1], &child, sizeof child) == (ssize_t)sizeof child)
            pause();
        _exit(0);
    }
    assert_int_equal(read(ends[0], &child, sizeof child), sizeof child);
    assert_int_equal(child.pid, pid);
    assert_true(rit_peer_is_near(&self, &child));
    assert_false(rit_peer_is_dead(&self, &child));
    assert_false(rit_peer_is_dead(&self, &self));
    kill(pid, SIGKILL);
    siginfo_t info;
    assert_int_equal(waitid(P_PID, (id_t)pid, &info, WEXITED | WNOWAIT), 0);
    assert_true(rit_peer_is_dead(&self, &child)); /* nobody has buried it yet */
    assert_int_equal(waitpid(pid, NULL, 0), pid);
    assert_true(rit_peer_is_dead(&self, &child));

    struct rit_peer later = self; /* another process with our number */
    later.started += 1;
    assert_true(rit_peer_is_dead(&self, &later));
    struct rit_peer far = child; /* on another machine nothing is known */
    strcpy(far.machine, "elsewhere");
    assert_false(rit_peer_is_near(&self, &far));
    assert_false(rit_peer_is_dead(&self, &far));
    close(ends[0]);
    close(ends[1]);
}

static void test_wall_time_of_a_job(void **state)
{
    (void)state;
    time_t now = time(NULL);
    char end[64];
    struct tm local;
    time_t later = now + 5000;
    strftime(end, sizeof end, "%Y-%m-%dT%H:%M:%S\n", localtime_r(&later, &local));
    double moment;
    assert_true(rit_walltime_read(end, &moment));
    rit_assert_near(moment, (double)later, 0);
    assert_true(rit_walltime_read(" 1772366400\n", &moment));
    rit_assert_near(moment, 1772366400., 0);
    static const char *const none[] = {"",          "0",         "NONE",    "N/A\n",
                                       "UNLIMITED", "unlimited", "Unknown", "INFINITE"};
    for (size_t i = 0; i < sizeof none / sizeof none[0]; i++)
        assert_true(rit_walltime_read(none[i], &moment) && isinf(moment));
    static const char *const strange[] = {"12:30:00", "Tomorr 12:30",         "-5",
                                          "1e9",      "2026-03-01T12:00:00Z", "soon"};
    for (size_t i = 0; i < sizeof strange / sizeof strange[0]; i++)
        assert_false(rit_walltime_read(strange[i], &moment));

    char job[32];
    static const char *const jobs[][2] = {
        {"12", "12"}, {"12_3", "12_3"}, {"12+1", "12+1"}, {"12.batch", "12"}, {"12_3.0", "12_3"}};
    for (size_t i = 0; i < sizeof jobs / sizeof jobs[0]; i++) {
        assert_true(rit_walltime_job(jobs[i][0], job));
        assert_string_equal(job, jobs[i][1]);
    }
    static const char *const no_jobs[] = {"",        "x", "12_", "_3", "12 3", "1; echo 2030-01-01T00:00:00",
                                          "12_[1-3]"};
    for (size_t i = 0; i < sizeof no_jobs / sizeof no_jobs[0]; i++)
        assert_false(rit_walltime_job(no_jobs[i], job));

    snprintf(end, sizeof end, "%lld", (long long)now + 100);
    setenv("SLURM_JOB_END_TIME", end, 1);
    struct rit_walltime walltime = rit_walltime_begin();
    assert_true(walltime.limit <= walltime.began + 100 && walltime.limit >= walltime.began + 90);
    unsetenv("SLURM_JOB_END_TIME");
    unsetenv("SLURM_JOB_ID");
    assert_true(isinf(rit_walltime_begin().limit));
    setenv("SLURM_JOB_ID", "1; echo 2030-01-01T00:00:00", 1); /* never handed to a shell */
    assert_true(isinf(rit_walltime_begin().limit));
    unsetenv("SLURM_JOB_ID");
}

static void test_what_people_read(void **state)
{
    (void)state;
    char text[200];
    struct rit_tally tally = {
        .points = 96, .done = 41, .kept = 11, .running = 8, .work_left = 30, .work_done = 10};
    rit_progress_text(&tally, 60, text, sizeof text);
    assert_string_equal(text, "41/96 done, 8 running, 30.0/min, 1 min 50 s to 3 min 0 s left");
    tally.work_left = 18;
    rit_progress_text(&tally, 60, text, sizeof text);
    assert_string_equal(text, "41/96 done, 8 running, 30.0/min, about 1 min 50 s left");
    tally.work_left = 30;
    tally.failed = 2;
    tally.lost = 1;
    rit_progress_text(&tally, 3600 * 20, text, sizeof text);
    assert_string_equal(text,
                        "41/96 done, 2 failed, 8 running, 1 lost, 1.5/h, 36 h 40 min to 2 days 12 h left");
    tally = (struct rit_tally){.points = 5};
    rit_progress_text(&tally, 1e-3, text, sizeof text);
    assert_string_equal(text, "0/5 done, 0 running");
    rit_progress_text(&tally, 1, text, 10); /* cut, not overrun */
    assert_string_equal(text, "0/5 done,");

    static const struct {
        double seconds;
        const char *text;
    } durations[] = {{0.4, "0 s"},     {59, "59 s"},        {192, "3 min 12 s"},
                     {1500, "25 min"}, {7300, "2 h 1 min"}, {200000, "2 days 7 h"}};
    for (size_t i = 0; i < sizeof durations / sizeof durations[0]; i++) {
        rit_progress_duration(durations[i].seconds, text, sizeof text);
        assert_string_equal(text, durations[i].text);
    }
}

static void test_shares(void **state)
{
    (void)state;
    struct rit_error err = {0};
    int share, shares, count[7] = {0};
    assert_true(rit_share_parse("3/7", &share, &shares, &err) && share == 3 && shares == 7);
    static const char *const wrong[] = {"7/7", "-1/7", "1", "1/0", "1/7x", "", "a/b"};
    for (int i = 0; i < 7; i++) {
        assert_false(rit_share_parse(wrong[i], &share, &shares, &err));
        assert_int_equal(err.status, RIT_USAGE);
    }
    for (int i = 0; i < 7000; i++) {
        struct rit_hash identity = rit_hash_of(&i, sizeof i);
        count[rit_share_of(&identity, 7)]++;
        assert_int_equal(rit_share_of(&identity, 1), 0);
    }
    for (int i = 0; i < 7; i++)
        assert_in_range(count[i], 850, 1150);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_dead_neighbour_is_seen),
        cmocka_unit_test(test_wall_time_of_a_job),
        cmocka_unit_test(test_what_people_read),
        cmocka_unit_test(test_shares),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
