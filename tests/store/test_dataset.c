/* SPDX-License-Identifier: GPL-3.0-or-later */
/* `store_test_dataset write FILE` only writes the example: test_xarray.py looks at it with xarray. */
#include "base/file.h"
#include "example.h"
#include "store/dataset.h"
#include "store/reader.h"
#include "store/seal.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

enum { ROWS = 24 };

/* A small sweep: two depths, four widths, three seeds; point 5 failed, and one has a momentum that others
 * have not. */
struct sweep {
    struct rit_point point[ROWS];
    struct rit_result result[ROWS];
    struct rit_row row[ROWS];
};

static struct sweep *new_sweep(void)
{
    struct sweep *s = calloc(1, sizeof *s);
    RIT_CHECK(s != NULL);
    for (int i = 0; i < ROWS; i++) {
        char text[16];
        rit_point_init(&s->point[i], rit_registry());
        snprintf(text, sizeof text, "%d", i / 12 + 1);
        rit_point_set(&s->point[i], "model.depth", text);
        snprintf(text, sizeof text, "%d", 10 * (i / 3 % 4 + 1));
        rit_point_set(&s->point[i], "model.width", text);
        snprintf(text, sizeof text, "%d", i % 3 + 1);
        rit_point_set(&s->point[i], "seed", text);
        s->result[i] = example_result((uint64_t)i + 1);
        if (i == 9)
            rit_point_set(&s->point[i], "batch.kind", "chorales");
        s->row[i] = (struct rit_row){.point = &s->point[i], .result = &s->result[i]};
    }
    rit_outcome_release(&s->result[5].outcome);
    s->result[5].outcome.end = RIT_END_FAILED;
    snprintf(s->result[5].outcome.reason, sizeof s->result[5].outcome.reason,
             "no memory, \303\244 \303"); /* cut UTF-8 */
    snprintf(s->result[7].provenance.host, sizeof s->result[7].provenance.host, "node2");
    const char *dim[] = {"threshold", "block"};
    size_t length[] = {2, 3};
    struct rit_variable *v =
        rit_outcome_add(&s->result[2].outcome, "drift", "1", "of row 2 only", 2, dim, length);
    for (int k = 0; k < 6; k++)
        v->data[k] = k;
    return s;
}

static void free_sweep(struct sweep *s)
{
    for (int i = 0; i < ROWS; i++)
        rit_result_release(&s->result[i]);
    free(s);
}

static struct rit_hash hash_of(const struct sweep *s, int n)
{
    struct rit_hash content[ROWS];
    for (int i = 0; i < n; i++)
        content[i] = rit_result_content(s->row[i].result);
    return rit_dataset_hash(content, n);
}

static const struct rit_dataset_about about = {.config = "grid:\n  depth: [1, 2]\n", .planned = 30};

static void write_sweep(const char *path, const struct rit_row *rows, int n)
{
    struct rit_error err;
    if (rit_dataset_write(path, rows, n, &about, &err) != RIT_OK)
        fail_msg("%s", err.text);
}

static const struct rit_array *find(const struct rit_dataset *dataset, const char *name)
{
    const struct rit_array *array = rit_dataset_find(dataset, name);
    if (!array)
        fail_msg("no variable %s", name);
    return array;
}

static void test_what_is_read_is_what_was_written(void **state)
{
    char path[600];
    snprintf(path, sizeof path, "%s/phase-diagram.h5", (const char *)*state);
    struct sweep *s = new_sweep();
    write_sweep(path, s->row, ROWS);
    struct rit_dataset d;
    struct rit_error err;
    if (rit_dataset_read(path, &d, &err) != RIT_OK)
        fail_msg("%s", err.text);

    assert_int_equal(d.points, ROWS);
    assert_int_equal(d.planned, 30);
    assert_string_equal(d.config, about.config);
    struct rit_hash hash = hash_of(s, ROWS);
    char hex[RIT_HASH_HEX];
    rit_hash_hex(&hash, 64, hex);
    assert_string_equal(d.content_hash, hex);

    const struct rit_array *depth = find(&d, "depth"), *width = find(&d, "width"), *seed = find(&d, "seed");
    const struct rit_array *end = find(&d, "end"), *nll = find(&d, "nll"), *grid = find(&d, "grid_tau");
    const struct rit_array *identity = find(&d, "identity"), *drift = find(&d, "drift");
    assert_string_equal(nll->unit, "bit");
    assert_int_equal(nll->dims, 2);
    assert_string_equal(nll->dim[0], "point");
    assert_string_equal(nll->dim[1], "grid_tau");
    assert_int_equal(nll->length[1], 10);
    assert_int_equal(grid->dims, 1);
    assert_string_equal(grid->dim[0], "grid_tau");
    assert_int_equal(grid->count, 10);
    assert_true(grid->value[9] == 0.01 * (1 << 9));
    assert_string_equal(find(&d, "reason")->text[5], "no memory, \303\244 ?");
    assert_string_equal(find(&d, "reason")->text[6], "");
    assert_string_equal(find(&d, "host")->text[7], "node2");
    assert_string_equal(find(&d, "batch_kind")->text[3], "full");
    assert_string_equal(find(&d, "batch_kind")->text[9], "chorales");
    assert_string_equal(find(&d, "batch_kind")->parameter, "batch.kind");
    assert_int_equal(find(&d, "batch_kind")->dims, 1);
    assert_int_equal(find(&d, "cost_name")->dims, 0); /* the same everywhere */
    assert_string_equal(find(&d, "cost_name")->text[0], "nll");
    assert_int_equal(drift->dims, 3);
    assert_true(drift->value[2 * 6 + 4] == 4.0 && isnan(drift->value[3 * 6 + 4]));
    assert_string_equal(find(&d, "observe_learning_time")->text[0], "true");
    for (int i = 0; i < ROWS; i++) {
        const struct rit_outcome *o = &s->result[i].outcome;
        rit_hash_hex(&s->result[i].identity, 64, hex);
        assert_string_equal(identity->text[i], hex);
        assert_true(depth->value[i] == i / 12 + 1 && width->value[i] == 10 * (i / 3 % 4 + 1));
        assert_true(seed->value[i] == i % 3 + 1);
        assert_true(end->value[i] == (double)o->end);
        const struct rit_variable *v = rit_outcome_find(o, "nll");
        for (size_t k = 0; k < 10; k++) {
            double got = nll->value[10 * (size_t)i + k];
            assert_true(v && k < v->count ? got == v->data[k] : isnan(got));
        }
    }
    rit_dataset_release(&d);
    free_sweep(s);
}

/* The bytes of file number i of these rows. */
static struct rit_buffer file_of(void *const *state, int i, const struct rit_row *rows)
{
    char path[600];
    struct rit_buffer bytes = {0};
    snprintf(path, sizeof path, "%s/%d.h5", (const char *)*state, i);
    write_sweep(path, rows, ROWS);
    assert_int_equal(rit_file_read(path, 1 << 24, &bytes, NULL), RIT_OK);
    return bytes;
}

static void assert_equal_and_release(struct rit_buffer *a, struct rit_buffer *b)
{
    assert_int_equal(a->size, b->size);
    assert_memory_equal(a->data, b->data, a->size);
    rit_buffer_release(a);
    rit_buffer_release(b);
}

static void test_equal_results_give_equal_files(void **state)
{
    struct sweep *s = new_sweep();
    struct rit_buffer first = file_of(state, 0, s->row), second = file_of(state, 1, s->row);
    assert_equal_and_release(&first, &second);
    free_sweep(s);
}

/* One point for all rows and what each changes, against a point for each. The batch decides what applies. */
static void test_rows_may_share_a_point(void **state)
{
    static const char *const key[] = {"model.depth", "model.width", "seed", "batch.kind"};
    struct sweep *s = new_sweep();
    struct rit_buffer own = file_of(state, 0, s->row);
    for (int row = 0; row < ROWS; row++) {
        s->row[row].point = &s->point[0];
        s->row[row].changes = 4;
        for (int k = 0; k < 4; k++) {
            int param = rit_param_find(rit_registry(), key[k]);
            s->row[row].change[k].param = param;
            s->row[row].change[k].value = &s->point[row].value[param];
        }
    }
    struct rit_buffer shared = file_of(state, 1, s->row);
    assert_equal_and_release(&own, &shared);
    free_sweep(s);
}

static void test_the_hash_knows_neither_order_nor_host(void **state)
{
    (void)state;
    struct sweep *s = new_sweep();
    struct rit_hash before = hash_of(s, ROWS);
    struct rit_row swapped = s->row[0];
    s->row[0] = s->row[20];
    s->row[20] = swapped;
    snprintf(s->result[3].provenance.host, sizeof s->result[3].provenance.host, "elsewhere");
    s->result[3].provenance.seconds = 77.0;
    snprintf(s->result[5].outcome.reason, sizeof s->result[5].outcome.reason, "another reason");
    struct rit_hash after = hash_of(s, ROWS);
    assert_true(rit_hash_equal(&before, &after));
    s->result[3].outcome.variable[1]->data[0] += 0x1p-54;
    after = hash_of(s, ROWS);
    assert_false(rit_hash_equal(&before, &after));
    after = hash_of(s, ROWS - 1);
    assert_false(rit_hash_equal(&before, &after));
    free_sweep(s);
}

static void test_damage_is_seen_before_hdf5_sees_it(void **state)
{
    char path[600];
    snprintf(path, sizeof path, "%s/phase-diagram.h5", (const char *)*state);
    struct sweep *s = new_sweep();
    write_sweep(path, s->row, ROWS);
    struct rit_buffer bytes = {0};
    assert_int_equal(rit_file_read(path, 1 << 24, &bytes, NULL), RIT_OK);
    struct rit_dataset d;
    struct rit_error err;
    int flips = 0;
    size_t all = bytes.size - 2 * RIT_SEAL_TRAILER; /* from here on every byte; of the others a few */
    for (size_t at = 0; at < bytes.size; at += at < 128 || at >= all ? 1 : 197, flips++) {
        bytes.data[at] ^= 16;
        example_write(path, bytes.data, bytes.size);
        bytes.data[at] ^= 16;
        assert_int_equal(rit_dataset_read(path, &d, &err), RIT_BAD_INPUT);
        assert_non_null(strstr(err.text, "damaged"));
    }
    example_write(path, bytes.data, bytes.size / 2);
    assert_int_equal(rit_dataset_read(path, &d, &err), RIT_BAD_INPUT);
    print_message("%d of %zu bytes of a dataset flipped in turn: all seen\n", flips, bytes.size);
    assert_int_equal(rit_dataset_read("/nowhere/x.h5", &d, &err), RIT_IO);
    rit_buffer_release(&bytes);
    free_sweep(s);
}

/* Before the trailer there was a block of 512 bytes in front. */
static void test_older_files_are_read(void **state)
{
    char path[600], hex[RIT_HASH_HEX], block[RIT_SEAL_BLOCK] = "";
    snprintf(path, sizeof path, "%s/phase-diagram.h5", (const char *)*state);
    struct sweep *s = new_sweep();
    struct rit_buffer bytes = {0}, old = {0};
    struct rit_dataset d;
    assert_int_equal(rit_dataset_build("new", s->row, ROWS, &about, &bytes, NULL), RIT_OK);
    bytes.size -= RIT_SEAL_TRAILER;
    struct rit_hash sum = rit_hash_of(bytes.data, bytes.size);
    rit_hash_hex(&sum, 2 * RIT_HASH_BYTES, hex);
    snprintf(block, sizeof block, "ritardando phase-diagram 1\nsha256 %s\n", hex);
    rit_pack_bytes(&old, block, sizeof block);
    rit_pack_bytes(&old, bytes.data, bytes.size);
    assert_int_equal(rit_dataset_parse("old", old.data, old.size, &d, NULL), RIT_OK);
    assert_int_equal(d.points, ROWS);
    rit_dataset_release(&d);
    old.data[600] ^= 1;
    assert_int_equal(rit_dataset_parse("old", old.data, old.size, &d, NULL), RIT_BAD_INPUT);
    rit_buffer_release(&bytes);
    rit_buffer_release(&old);
    free_sweep(s);
}

static void test_no_points_yet(void **state)
{
    char path[600];
    snprintf(path, sizeof path, "%s/phase-diagram.h5", (const char *)*state);
    write_sweep(path, NULL, 0);
    struct rit_dataset d;
    assert_int_equal(rit_dataset_read(path, &d, NULL), RIT_OK);
    assert_int_equal(d.points, 0);
    assert_int_equal(find(&d, "end")->count, 0);
    rit_dataset_release(&d);
}

/* An axis over a parameter of the grid itself: the coordinates are no longer common to all points. */
static void test_coordinates_that_clash(void **state)
{
    char path[600];
    snprintf(path, sizeof path, "%s/phase-diagram.h5", (const char *)*state);
    struct sweep *s = new_sweep();
    s->result[4].outcome.variable[2]->data[1] = 0.03; /* threshold */
    write_sweep(path, s->row, ROWS);
    struct rit_dataset d;
    assert_int_equal(rit_dataset_read(path, &d, NULL), RIT_OK);
    assert_null(rit_dataset_find(&d, "threshold"));
    const struct rit_array *own = find(&d, "threshold_of_point");
    assert_int_equal(own->dims, 2);
    assert_true(own->value[2 * 4 + 1] == 0.03 && own->value[2 * 3 + 1] == 0.05);
    rit_dataset_release(&d);
    free_sweep(s);
}

/* Values meet by the names of their places, whatever the order in their rows. */
static void test_labels_meet_by_name(void **state)
{
    (void)state;
    static const char *const dim[] = {"weight_class"}, *const deep[] = {"all", "K", "J2"},
                             *const biased[] = {"all", "b1", "K"};
    static const double first[] = {1, 2, 3}, second[] = {10, 30, 20};
    const size_t three = 3;
    struct sweep *s = new_sweep();
    rit_outcome_put(&s->result[1].outcome, "noise", "1", "", 1, dim, &three, first);
    rit_outcome_label(&s->result[1].outcome, "weight_class", 3, deep);
    rit_outcome_put(&s->result[2].outcome, "noise", "1", "", 1, dim, &three, second);
    rit_outcome_label(&s->result[2].outcome, "weight_class", 3, biased);
    struct rit_buffer bytes = {0};
    struct rit_dataset d;
    assert_int_equal(rit_dataset_build("labels", s->row, ROWS, &about, &bytes, NULL), RIT_OK);
    assert_int_equal(rit_dataset_parse("labels", bytes.data, bytes.size, &d, NULL), RIT_OK);
    const struct rit_array *class = find(&d, "weight_class"), *noise = find(&d, "noise");
    static const char *const all[] = {"all", "K", "J2", "b1"};
    assert_int_equal(class->count, 4);
    for (int i = 0; i < 4; i++)
        assert_string_equal(class->text[i], all[i]);
    const double *one = noise->value + 4, *two = noise->value + 8;
    assert_true(one[0] == 1 && one[1] == 2 && one[2] == 3 && isnan(one[3]));
    assert_true(two[0] == 10 && two[1] == 20 && isnan(two[2]) && two[3] == 30);
    rit_dataset_release(&d);
    rit_buffer_release(&bytes);
    free_sweep(s);
}

static void test_results_that_do_not_fit_together(void **state)
{
    char path[600];
    snprintf(path, sizeof path, "%s/phase-diagram.h5", (const char *)*state);
    struct sweep *s = new_sweep();
    rit_outcome_add(&s->result[1].outcome, "drift", "1", "", 0, NULL, NULL);
    struct rit_error err;
    assert_int_equal(rit_dataset_write(path, s->row, ROWS, &about, &err), RIT_BAD_INPUT);
    assert_non_null(strstr(err.text, "drift has other dimensions"));
    assert_int_not_equal(access(path, F_OK), 0);
    free_sweep(s);
}

int main(int argc, char **argv)
{
    if (argc == 3 && strcmp(argv[1], "write") == 0) {
        struct sweep *s = new_sweep();
        struct rit_error err;
        enum rit_status status = rit_dataset_write(argv[2], s->row, ROWS, &about, &err);
        if (status != RIT_OK)
            fprintf(stderr, "%s\n", err.text);
        free_sweep(s);
        return status;
    }
    const struct CMUnitTest tests[] = {
        IN_FOLDER(test_what_is_read_is_what_was_written),
        IN_FOLDER(test_equal_results_give_equal_files),
        IN_FOLDER(test_rows_may_share_a_point),
        cmocka_unit_test(test_the_hash_knows_neither_order_nor_host),
        IN_FOLDER(test_damage_is_seen_before_hdf5_sees_it),
        IN_FOLDER(test_older_files_are_read),
        IN_FOLDER(test_no_points_yet),
        IN_FOLDER(test_coordinates_that_clash),
        IN_FOLDER(test_results_that_do_not_fit_together),
        cmocka_unit_test(test_labels_meet_by_name),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
