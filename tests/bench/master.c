/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the master of a large sweep needs: `bench_master N FOLDER` keeps N results as large as those of aging
 * with four waiting times (54 kB, random numbers) in a run folder, finds them again as a resume does, and
 * makes their dataset. Prints seconds, and the largest memory of each of the two in a process of its own.
 */
#include "base/process.h"
#include "base/random.h"
#include "config/config.h"
#include "store/claim.h"
#include "store/dataset.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

static struct rit_result make(uint64_t number)
{
    struct rit_result r = {.identity = rit_hash_of(&number, sizeof number), .point = strdup("seed: 1\n")};
    RIT_CHECK(r.point);
    r.outcome.steps = number;
    r.outcome.tau = (double)number;
    snprintf(r.provenance.host, sizeof r.provenance.host, "bench");
    const char *dim[] = {"waiting_time", "lag", "weight_class"};
    size_t length[] = {4, 70, 6};
    struct rit_random random = rit_random_open(number, RIT_FOR_TEST, 0, 0);
    static const char *const name[] = {"displacement", "gamma", "delta", "overlap"};
    for (int v = 0; v < 4; v++) {
        struct rit_variable *variable =
            rit_outcome_add(&r.outcome, name[v], "1", "of the benchmark", 3, dim, length);
        for (size_t k = 0; k < variable->count; k++)
            variable->data[k] = rit_random_uniform(&random);
    }
    return r;
}

static void write_journal(const char *run, int n)
{
    struct rit_claim claim;
    struct rit_journal *journal;
    struct rit_error err;
    struct rit_buffer packed = {0};
    RIT_CHECK(rit_claim_take(run, &claim, &err) == RIT_OK);
    RIT_CHECK(rit_journal_open(&claim.fence, claim.writer, &journal, &err) == RIT_OK);
    for (int i = 0; i < n; i++) {
        struct rit_result r = make((uint64_t)i);
        packed.size = 0;
        rit_result_pack(&r, &packed);
        RIT_CHECK(rit_journal_append(journal, packed.data, packed.size, &err) == RIT_OK);
        rit_result_release(&r);
    }
    RIT_CHECK(rit_journal_sync(journal, &err) == RIT_OK);
    printf("%d results of %.1f kB, %.2f GB\n", n, (double)packed.size / 1e3, n * (double)packed.size / 1e9);
    rit_buffer_release(&packed);
    rit_journal_close(journal);
    rit_claim_release(&claim);
}

static void resume(const char *run, struct rit_results *results)
{
    struct rit_error err;
    if (rit_results_load(run, results, &err) != RIT_OK) {
        fprintf(stderr, "bench: %s\n", err.text);
        exit(1);
    }
}

static void resume_alone(const char *run)
{
    struct rit_results results;
    resume(run, &results);
    rit_results_release(&results);
}

static void make_dataset(const char *run)
{
    struct rit_results results;
    static struct rit_point point;
    char path[RIT_PATH];
    struct rit_error err;
    resume(run, &results);
    rit_point_init(&point, rit_registry());
    struct rit_row *rows = calloc((size_t)results.count + 1, sizeof *rows);
    RIT_CHECK(rows && rit_file_path(path, NULL, "%s/phase-diagram.h5", run) == RIT_OK);
    for (int i = 0; i < results.count; i++)
        rows[i] = (struct rit_row){.point = &point, .stored = &results.stored[i]};
    struct rit_dataset_about about = {.config = "", .planned = results.count, .results = &results};
    int fd = open(path, O_RDWR | O_CREAT | O_TRUNC, 0666);
    RIT_CHECK(fd >= 0 && rit_dataset_build_file(path, fd, rows, results.count, &about, &err) == RIT_OK);
    RIT_CHECK(fsync(fd) == 0 && close(fd) == 0);
    free(rows);
    rit_results_release(&results);
}

static void measure(const char *what, void (*work)(const char *run), const char *run)
{
    struct rusage usage;
    int status;
    double began = rit_seconds();
    fflush(stdout);
    pid_t child = fork();
    RIT_CHECK(child >= 0);
    if (child == 0) {
        work(run);
        _exit(0);
    }
    RIT_CHECK(wait4(child, &status, 0, &usage) == child && WIFEXITED(status) && WEXITSTATUS(status) == 0);
    printf("%-28s %7.1f s, %6.0f MB at most\n", what, rit_seconds() - began, (double)usage.ru_maxrss / 1e3);
}

int main(int argc, char **argv)
{
    int n = argc == 3 ? atoi(argv[1]) : 0;
    if (n < 1) {
        fprintf(stderr, "usage: bench_master N FOLDER\n");
        return 64;
    }
    write_journal(argv[2], n);
    measure("resume, every byte verified", resume_alone, argv[2]);
    measure("resume and dataset", make_dataset, argv[2]);
    return 0;
}
