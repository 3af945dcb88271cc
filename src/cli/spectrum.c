/* SPDX-License-Identifier: GPL-3.0-or-later */
/* `mpirun -n K ritardando spectrum RUN POINT -o F.h5`: the eigenvalues of a large matrix of a trained point.
 */
#include "cli/command.h"
#include "cli/matrix/matrix.h"
#include "cli/stored/choice.h"
#include "cli/usage/usage.h"
#include "cli/words/words.h"

#include "base/file.h"
#include "base/process.h"
#include "spectrum/wide.h"
#include "store/eigenvalues.h"
#include "sweep/launcher.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int run(int argc, char **argv);

const struct rit_command rit_command_spectrum = {
    .name = "spectrum",
    .usage = "RUN POINT [--of hessian|kernel] [--unit I] [--at TAU] [--predict] [-o FILE.h5]",
    .summary =
        "write the eigenvalues of a point's whole Hessian or tangent kernel, made over all ranks of mpirun",
    .options = RIT_POINT_HELP
    "\n"
    "  --of hessian  second derivatives of the cost of the training block, along what the weights can do "
    "(the\n"
    "                default)\n"
    "  --of kernel   the tangent kernel J J^T of one output at all pairs of the block; of infinite width, "
    "tile by\n"
    "                tile\n"
    "  --unit I      which output (0, 1, ...; default: the middle one)\n"
    "  --at TAU      proper time; default: the end of the run\n"
    "  --predict     only say what it would take: memory and time\n"
    "  -o FILE.h5    docs/spectrum.md says what is in it\n"
    "\n"
    "What was made is kept in FILE.h5.columns until it is done: stopped or killed, the same command goes on, "
    "on\n"
    "any number of ranks. The last digits are those of the machine's LAPACK or ScaLAPACK.\n",
    .run = run,
};

struct request {
    const char *run, *point, *out;
    const struct rit_matrix *matrix;
    double tau; /* NaN: the end */
    int unit;   /* -1: the middle one */
    bool predict;
};

static enum rit_status read_request(int argc, char **argv, struct request *request, struct rit_error *err)
{
    *request = (struct request){.matrix = &rit_matrix_hessian, .tau = NAN, .unit = -1};
    for (int i = 1; i < argc; i++) {
        long unit = -1;
        if (strcmp(argv[i], "--at") == 0) {
            RIT_TRY(rit_words_number("--at", argv[++i], 0, 1e15, &request->tau, err));
        } else if (strcmp(argv[i], "--unit") == 0) {
            RIT_TRY(rit_words_whole("--unit", argv[++i], 0, 1023, &unit, err));
            request->unit = (int)unit;
        } else if (strcmp(argv[i], "--of") == 0) {
            bool kernel = strcmp(argv[++i], rit_matrix_kernel.name) == 0;
            if (!kernel && strcmp(argv[i], rit_matrix_hessian.name) != 0)
                return rit_fail(err, RIT_USAGE, "--of: '%s' is neither hessian nor kernel", argv[i]);
            request->matrix = kernel ? &rit_matrix_kernel : &rit_matrix_hessian;
        } else if (strcmp(argv[i], "--predict") == 0) {
            request->predict = true;
        } else if (strcmp(argv[i], "-o") == 0) {
            request->out = argv[++i];
        } else if (!request->run) {
            request->run = argv[i];
        } else {
            request->point = argv[i];
        }
    }
    if (request->unit >= 0 && request->matrix != &rit_matrix_kernel)
        return rit_fail(err, RIT_USAGE, "--unit: a Hessian is of all outputs; it goes with --of kernel");
    if (!request->out && !request->predict)
        return rit_fail(err, RIT_USAGE, "spectrum needs -o FILE.h5, or --predict");
    return RIT_OK;
}

/* What is in the making, on every rank. */
struct work {
    const struct request *request;
    struct rit_site *site;
    struct rit_mesh mesh;
    struct rit_arena arena;
    void *maker;
    struct rit_wide_matrix wide; /* where the site is: made tile by tile, not by columns */
    int side, rows, cols;        /* of the matrix, and of the columns that are made */
    double *value;               /* [side] */
};

/* The same for every output. */
static enum rit_status open_wide(struct work *work, struct rit_error *err)
{
    const struct rit_trail *trail = &work->site->trail;
    struct rit_wide wide;
    RIT_TRY(rit_model_of(&trail->point)->wide(&trail->point, trail->block.in.port, &wide, err));
    return rit_wide_matrix_open(work->mesh.comm, &wide, &trail->block, &work->wide, err);
}

static enum rit_status open_maker(struct work *work, struct rit_error *err)
{
    const struct request *request = work->request;
    int units = work->site->trail.block.asked.port.width,
        unit = request->unit < 0 ? units / 2 : request->unit;
    struct rit_arena measured = {0};
    if (unit >= units)
        return rit_fail(err, RIT_USAGE, "--unit: there are outputs 0 .. %d, and no %d", units - 1, unit);
    if (work->site->wide)
        return open_wide(work, err);
    request->matrix->open(work->site, unit, &measured);
    work->arena = rit_arena_new(measured.used);
    RIT_CHECK(work->arena.base);
    work->maker = request->matrix->open(work->site, unit, &work->arena);
    return RIT_OK;
}

/* Seconds that one column takes, with all ranks at work; the first only wakes the caches. */
static double time_column(const struct work *work)
{
    double *x = calloc((size_t)work->rows, sizeof *x), seconds = 0.0;
    RIT_CHECK(x);
    for (int k = 0; k < 3; k++) {
        MPI_Barrier(work->mesh.comm);
        double began = rit_seconds();
        work->request->matrix->make(work->maker, (int)((int64_t)work->cols * k / 3), x);
        seconds += k > 0 ? 0.5 * (rit_seconds() - began) : 0.0;
    }
    free(x);
    MPI_Allreduce(MPI_IN_PLACE, &seconds, 1, MPI_DOUBLE, MPI_MAX, work->mesh.comm);
    return seconds;
}

/* What the matrix takes beside itself, and the time until it is there. */
static enum rit_status price(struct work *work, struct rit_mesh_bill *bill, double *seconds,
                             struct rit_error *err)
{
    bool other = work->rows != work->side; /* columns of another form than the matrix */
    if (work->site->wide) {
        *seconds = rit_wide_matrix_seconds(&work->wide, &work->mesh);
        return rit_mesh_price(&work->mesh, work->side, RIT_MESH_VALUES, (double)work->wide.arena.size, bill,
                              err);
    }
    double beside = (double)work->site->arena.size + rit_columns_memory(work->rows, work->mesh.ranks);
    if (other)
        beside += 8.0 * work->rows * (double)work->cols / (work->mesh.rows * work->mesh.cols);
    *seconds = time_column(work) * work->cols / work->mesh.ranks;
    RIT_TRY(rit_mesh_price(&work->mesh, work->side, RIT_MESH_VALUES, beside, bill, err));
    if (other) /* J J^T */
        *seconds += 2.0 * work->side * (double)work->side * work->rows * bill->multiply;
    return RIT_OK;
}

static void print_head(const struct work *work, const char *form)
{
    char hex[13];
    rit_hash_hex(&work->site->trail.stored.identity, 12, hex);
    if (work->site->wide) {
        printf("kernel of infinite width of %s, at any time: side %d\n", hex, work->side);
        printf("tiles and eigenvalues on %s\n", form);
        return;
    }
    printf("%s of %s at tau = %g, step %llu: side %d, of %zu weights\n", work->request->matrix->name, hex,
           work->site->tau, (unsigned long long)work->site->step, work->side, work->site->layout->size);
    printf("columns on %d rank%s, eigenvalues on %s\n", work->mesh.ranks, work->mesh.ranks == 1 ? "" : "s",
           form);
}

static enum rit_status predict(struct work *work, struct rit_error *err)
{
    struct rit_mesh_bill bill;
    char form[64];
    double columns;
    RIT_TRY(price(work, &bill, &columns, err));
    rit_mesh_describe(&work->mesh, form, sizeof form);
    if (work->mesh.rank == 0) {
        print_head(work, form);
        printf("predicted: %.3g GB a rank of %.3g GB that it may have; %.1f to %.1f s for the matrix of %d "
               "columns, "
               "%.1f to %.1f s for the eigenvalues\n",
               bill.each / 1e9, bill.there / 1e9, columns, bill.crowd * columns, work->cols, bill.seconds,
               bill.most);
        printf("the shorter times on cores of their own; the longer ones where others want them, as many as "
               "now\n");
        fflush(stdout);
    }
    return RIT_OK;
}

/* All that decides the columns. */
static struct rit_hash owner_of(const struct work *work)
{
    const struct rit_site *site = work->site;
    struct rit_buffer bytes = {0};
    rit_pack_text(&bytes, work->request->matrix->name);
    rit_pack_u32(&bytes, (uint32_t)(work->request->unit + 1));
    rit_pack_bytes(&bytes, site->trail.stored.trajectory.byte, RIT_HASH_BYTES);
    rit_pack_u64(&bytes, site->step);
    rit_pack_bytes(&bytes, site->w, site->layout->size * sizeof *site->w);
    struct rit_hash hash = rit_hash_of(bytes.data, bytes.size);
    rit_buffer_release(&bytes);
    return hash;
}

static void print_levels(const struct work *work, const struct rit_levels_found *found, double floor)
{
    const char *unit = work->request->matrix->unit;
    printf("largest    %.8g, smallest %.8g %s\n", work->value[work->side - 1], work->value[0], unit);
    printf("bulk       %.4g .. %.4g %s\n", found->low, found->high, unit);
    printf("outliers   %d above, %d below\n", found->above, found->below);
    printf("negative   %d; within the floor of errors, %.2g: %d\n", found->negative, floor, found->null);
    printf("repeated   %d of the bulk, by symmetries\n", found->repeated);
    printf("spacings   <r> = %.4f +- %.4f (GOE %.4f, Poisson %.4f)\n", found->ratio, found->error,
           rit_ratio_goe, rit_ratio_poisson);
}

static enum rit_status hand_over(const struct work *work, double floor, struct rit_error *err)
{
    const struct rit_site *site = work->site;
    struct rit_levels_found found = rit_levels_of(work->side, work->value, floor);
    char library[64];
    rit_mesh_describe(&work->mesh, library, sizeof library);
    const char *unit = work->request->matrix->unit;
    const struct rit_eigenvalue_fact facts[] = {
        {"floor", unit, "modulus below which eigenvalues may be errors of the matrix", floor},
        {"spacing_ratio", "1",
         "mean ratio of neighbouring spacings in the bulk, repeated levels once: GOE 0.5307, Poisson 0.3863",
         found.ratio},
        {"spacing_ratio_error", "1", "its standard error", found.error},
        {"bulk_low", unit, "smallest eigenvalue of the bulk", found.low},
        {"bulk_high", unit, "largest eigenvalue of the bulk", found.high},
        {"outliers_above", "1", "eigenvalues beyond the bulk on its upper side", found.above},
        {"outliers_below", "1", "eigenvalues beyond the bulk on its lower side", found.below},
        {"negative", "1", "eigenvalues below zero by more than the floor", found.negative},
        {"null", "1", "eigenvalues within the floor", found.null},
        {"repeated", "1", "eigenvalues of the bulk that equal a neighbour, by a symmetry", found.repeated},
    };
    const struct rit_eigenvalue_sheet sheet = {
        .signature = {&site->trail.stored.identity, &site->trail.stored.trajectory, &site->trail.point},
        .of = work->request->matrix->name,
        .unit = unit,
        .library = library,
        .tau = site->tau,
        .step = (int64_t)site->step,
        .side = work->side,
        .value = work->value,
        .facts = sizeof facts / sizeof facts[0],
        .fact = facts};
    RIT_TRY(rit_eigenvalues_write(work->request->out, &sheet, err));
    print_levels(work, &found, floor);
    return RIT_OK;
}

/* The eigenvalues of the matrix, which took until now; and what becomes of them. */
static enum rit_status finish(struct work *work, struct rit_spread *matrix, double floor, double began,
                              struct rit_error *err)
{
    double filled = rit_seconds();
    enum rit_status status = rit_spread_eigen(matrix, work->value, NULL, err);
    if (status == RIT_OK && work->mesh.rank == 0) {
        printf("took: %.0f s for the matrix, %.0f s for the eigenvalues\n", filled - began,
               rit_seconds() - filled);
        status = hand_over(work, floor, err);
    }
    return rit_mesh_agree(work->mesh.comm, status, err);
}

static enum rit_status solve(struct work *work, struct rit_error *err)
{
    char path[RIT_PATH], told[RIT_COLUMNS_TEXT] = "";
    struct rit_spread made, product = {.data = NULL}, *matrix = &made;
    double floor;
    RIT_TRY(rit_file_path(path, err, "%s.columns", work->request->out));
    const struct rit_columns columns = {work->maker, work->request->matrix->make, path, owner_of(work)};
    RIT_TRY(rit_spread_new(&work->mesh, work->rows, work->cols, &made, err));
    enum rit_status status = RIT_OK;
    if (work->rows != work->side) {
        status = rit_spread_new(&work->mesh, work->side, work->side, &product, err);
        matrix = &product;
    }
    double began = rit_seconds();
    if (status == RIT_OK)
        status = rit_columns_fill(&made, &columns, told, err);
    if (work->mesh.rank == 0 && told[0])
        printf("%s\n", told);
    if (status == RIT_OK)
        status = work->request->matrix->finish(&made, matrix, &floor, err);
    if (status == RIT_OK)
        status = finish(work, matrix, floor, began, err);
    if (status == RIT_OK && work->mesh.rank == 0)
        rit_columns_forget(&columns);
    rit_spread_free(&made);
    rit_spread_free(&product);
    return status;
}

static enum rit_status solve_wide(struct work *work, struct rit_error *err)
{
    struct rit_spread kernel;
    double began = rit_seconds();
    RIT_TRY(rit_spread_new(&work->mesh, work->side, work->side, &kernel, err));
    enum rit_status status = rit_wide_matrix_fill(&work->wide, &kernel, err);
    if (status == RIT_OK) /* errors of rounding, as of any kernel */
        status = finish(work, &kernel, 0x1p-50 * rit_wide_matrix_trace(&kernel), began, err);
    rit_spread_free(&kernel);
    return status;
}

static enum rit_status work_on(const struct request *request, struct rit_site *site, struct rit_error *err)
{
    struct work work = {.request = request, .site = site, .side = request->matrix->side(site)};
    int ranks;
    MPI_Comm_size(MPI_COMM_WORLD, &ranks);
    work.rows = work.cols = work.side;
    if (!site->wide)
        request->matrix->columns(site, &work.rows, &work.cols);
    RIT_TRY(rit_mesh_open(MPI_COMM_WORLD, rit_mesh_holders(work.side, ranks), &work.mesh, err));
    work.value = calloc((size_t)work.side, sizeof *work.value);
    RIT_CHECK(work.value);
    enum rit_status status = open_maker(&work, err);
    if (status == RIT_OK)
        status = predict(&work, err);
    if (status == RIT_OK && !request->predict)
        status = site->wide ? solve_wide(&work, err) : solve(&work, err);
    rit_wide_matrix_close(&work.wide);
    free(work.value);
    free(work.arena.base);
    rit_mesh_close(&work.mesh);
    return status;
}

static void abort_everybody(void)
{
    MPI_Abort(MPI_COMM_WORLD, 70);
}

/* All ranks come to the same status; rank 0 speaks. */
static enum rit_status together(const struct request *request, bool *speaks, struct rit_error *err)
{
    static struct rit_site site;
    int rank, ranks;
    MPI_Init(NULL, NULL);
    rit_bug_hook(abort_everybody);
    MPI_Comm_rank(MPI_COMM_WORLD, &rank);
    MPI_Comm_size(MPI_COMM_WORLD, &ranks);
    *speaks = rank == 0;
    enum rit_status status = ranks == 1 ? rit_launcher_check_alone(1, err) : RIT_OK;
    if (status == RIT_OK) {
        status = rit_site_open(MPI_COMM_WORLD, request->run, request->point, request->tau,
                               request->matrix == &rit_matrix_kernel, &site, err);
        if (status == RIT_OK)
            status = work_on(request, &site, err);
        rit_site_close(&site);
    }
    rit_bug_hook(NULL);
    MPI_Finalize();
    return status;
}

static int run(int argc, char **argv)
{
    static struct request request;
    struct rit_error err = {0};
    bool speaks = true;
    rit_stop_on_signals();
    enum rit_status status = read_request(argc, argv, &request, &err);
    if (status == RIT_OK && rit_mesh_missing())
        status = rit_fail(&err, RIT_BAD_INPUT, "%s", rit_mesh_missing());
    if (status == RIT_OK && request.out && !request.predict)
        status = rit_file_check_place(request.out, &err);
    if (status == RIT_OK)
        status = together(&request, &speaks, &err);
    return status == RIT_OK ? RIT_OK : speaks ? rit_command_fail(&err) : (int)status;
}
