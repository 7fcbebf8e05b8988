/* Tests of the C API, C99 and C++17: test VECTORS, a file made by vectors.py. */
#define _POSIX_C_SOURCE 200809L
#include <unfurnish.h>
#include <unfurnish.h> /* twice is once */

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int checks = 0;
static int failures = 0;

#define CHECK(condition) check((condition) ? 1 : 0, #condition, __LINE__)

static void check(int holds, const char *what, int line) {
    checks++;
    if (!holds) {
        failures++;
        fprintf(stderr, "test.c:%d: %s\n", line, what);
    }
}

static int is(unf_str view, const char *text, size_t length) {
    return view.len == length && memcmp(view.data, text, length) == 0;
}

static int is_c(unf_str view, const char *text) { return is(view, text, strlen(text)); }

static const char LINK_IN[] = "The vote is on Friday.\n\nALSO READ: Ten hotels\n\nTurnout will be high.";
static const char LINK_OUT[] = "The vote is on Friday.\n\nTurnout will be high.";
#define LINK_LEN (sizeof LINK_IN - 1)

static unf_cleaner *new_cleaner(void) {
    unf_cleaner *cleaner = NULL;
    unf_error *error = NULL;
    CHECK(unf_cleaner_new(&cleaner, &error) == UNF_OK);
    CHECK(cleaner != NULL && error == NULL);
    return cleaner;
}

/* -- Versions and names ------------------------------------------------------------------------ */

static void test_versions(void) {
    char version[64];
    snprintf(version, sizeof version, "%d.%d.%d", UNF_VERSION_MAJOR, UNF_VERSION_MINOR,
             UNF_VERSION_PATCH);
    CHECK(strcmp(unf_version(), version) == 0);
    CHECK(strcmp(unf_version(), UNF_VERSION) == 0);
    CHECK(unf_version_number() == UNF_VERSION_NUMBER);
    CHECK(UNF_VERSION_NUMBER
          == UNF_VERSION_MAJOR * 65536 + UNF_VERSION_MINOR * 256 + UNF_VERSION_PATCH);
    int major = 0, minor = 0, update = 0;
    CHECK(sscanf(unf_unicode_version(), "%d.%d.%d", &major, &minor, &update) == 3);
    CHECK(major >= 15);
    CHECK(strlen(unf_rules_version()) == 16);
    CHECK(strspn(unf_rules_version(), "0123456789abcdef") == 16);
}

static void test_names(void) {
    CHECK(strcmp(unf_category_name(UNF_CATEGORY_NEWSLETTER), "newsletter") == 0);
    CHECK(strcmp(unf_category_name(UNF_CATEGORY_BIO), "bio") == 0);
    CHECK(unf_category_name(UNF_CATEGORY_BIO + 1) == NULL);
    CHECK(unf_category_name(UINT32_MAX) == NULL);
    CHECK(strcmp(unf_status_name(UNF_OK), "UNF_OK") == 0);
    CHECK(strcmp(unf_status_name(UNF_ERR_PANIC), "UNF_ERR_PANIC") == 0);
    CHECK(strcmp(unf_status_name(UNF_ERR_FILE), "UNF_ERR_FILE") == 0);
    CHECK(unf_status_name(UNF_ERR_FILE + 1) == NULL);
}

/* -- NULL for every pointer of every function --------------------------------------------------- */

static void test_null_frees(void) {
    unf_builder_free(NULL);
    unf_cleaner_free(NULL);
    unf_cleaned_free(NULL);
    unf_batch_free(NULL);
    unf_error_free(NULL);
}

static void test_null_getters(void) {
    CHECK(is(unf_cleaned_text(NULL), "", 0));
    CHECK(unf_cleaned_text(NULL).data != NULL);
    CHECK(!unf_cleaned_abstained(NULL));
    CHECK(unf_cleaned_invalid_sequences(NULL) == 0);
    CHECK(unf_cleaned_removal_count(NULL) == 0);
    CHECK(unf_cleaned_edit_count(NULL) == 0);
    CHECK(unf_batch_rows(NULL) == 0);
    CHECK(is(unf_batch_data(NULL), "", 0));
    CHECK(unf_batch_offsets(NULL) == NULL);
    CHECK(unf_batch_flags(NULL) == NULL);
    CHECK(unf_batch_changed(NULL) == 0);
    CHECK(unf_batch_abstained(NULL) == 0);
    CHECK(unf_batch_failed(NULL) == 0);
    CHECK(unf_error_status(NULL) == UNF_ERR_NULL);
    CHECK(is(unf_error_message(NULL), "", 0));
}

static void test_null_builder(void) {
    unf_builder *builder = unf_builder_new();
    unf_cleaner *cleaner = NULL;
    CHECK(builder != NULL);
    CHECK(unf_builder_set(NULL, "profile", 7, "page", 4, NULL) == UNF_ERR_NULL);
    CHECK(unf_builder_set(builder, NULL, 7, "page", 4, NULL) == UNF_ERR_NULL);
    CHECK(unf_builder_set(builder, "profile", 7, NULL, 4, NULL) == UNF_ERR_NULL);
    CHECK(unf_builder_set(builder, NULL, 0, NULL, 0, NULL) == UNF_ERR_OPTION);
    CHECK(unf_builder_set(builder, "remove", 6, NULL, 0, NULL) == UNF_OK);
    CHECK(unf_builder_set(builder, "profile", SIZE_MAX, "page", 4, NULL) == UNF_ERR_LENGTH);
    CHECK(unf_builder_set(builder, "profile", 7, "page", SIZE_MAX, NULL) == UNF_ERR_LENGTH);
    CHECK(unf_builder_rules_toml(NULL, "", 0, NULL) == UNF_ERR_NULL);
    CHECK(unf_builder_rules_toml(builder, NULL, 1, NULL) == UNF_ERR_NULL);
    CHECK(unf_builder_rules_toml(builder, "", SIZE_MAX, NULL) == UNF_ERR_LENGTH);
    unf_status none = unf_builder_rules_toml(builder, NULL, 0, NULL);
    CHECK(none == UNF_OK || none == UNF_ERR_RULE_PACK);
    CHECK(unf_builder_rules_file(NULL, "", 0, NULL) == UNF_ERR_NULL);
    CHECK(unf_builder_rules_file(builder, NULL, 1, NULL) == UNF_ERR_NULL);
    CHECK(unf_builder_rules_file(builder, "", SIZE_MAX, NULL) == UNF_ERR_LENGTH);
    CHECK(unf_builder_rules_file(builder, NULL, 0, NULL) == UNF_ERR_FILE);
    CHECK(unf_builder_build(NULL, &cleaner, NULL) == UNF_ERR_NULL);
    CHECK(unf_builder_build(builder, NULL, NULL) == UNF_ERR_NULL);
    CHECK(cleaner == NULL);
    CHECK(unf_cleaner_new(NULL, NULL) == UNF_ERR_NULL);
    unf_builder_free(builder);
}

static void test_null_clean(void) {
    unf_cleaner *cleaner = new_cleaner();
    unf_cleaned *cleaned = NULL;
    unf_removal removal;
    unf_edit edit;
    char buffer[4];
    size_t needed = 77;

    CHECK(unf_cleaner_clean(NULL, "a", 1, &cleaned) == UNF_ERR_NULL);
    CHECK(unf_cleaner_clean(cleaner, NULL, 1, &cleaned) == UNF_ERR_NULL);
    CHECK(unf_cleaner_clean(cleaner, "a", 1, NULL) == UNF_ERR_NULL);
    CHECK(unf_cleaner_clean(cleaner, "a", SIZE_MAX, &cleaned) == UNF_ERR_LENGTH);
    CHECK(cleaned == NULL);
    CHECK(unf_cleaner_clean(cleaner, NULL, 0, &cleaned) == UNF_OK);
    CHECK(is(unf_cleaned_text(cleaned), "", 0));
    CHECK(unf_cleaned_text(cleaned).data != NULL);
    CHECK(unf_cleaned_removal(NULL, 0, &removal) == UNF_ERR_NULL);
    CHECK(unf_cleaned_removal(cleaned, 0, NULL) == UNF_ERR_NULL);
    CHECK(unf_cleaned_removal(cleaned, 0, &removal) == UNF_ERR_INDEX);
    CHECK(unf_cleaned_removal(cleaned, SIZE_MAX, &removal) == UNF_ERR_INDEX);
    CHECK(unf_cleaned_edit(NULL, 0, &edit) == UNF_ERR_NULL);
    CHECK(unf_cleaned_edit(cleaned, 0, NULL) == UNF_ERR_NULL);
    CHECK(unf_cleaned_edit(cleaned, 0, &edit) == UNF_ERR_INDEX);
    CHECK(unf_cleaned_edit(cleaned, SIZE_MAX, &edit) == UNF_ERR_INDEX);
    unf_cleaned_free(cleaned);

    CHECK(unf_cleaner_clean_into(NULL, "a", 1, buffer, 4, &needed) == UNF_ERR_NULL);
    CHECK(unf_cleaner_clean_into(cleaner, NULL, 1, buffer, 4, &needed) == UNF_ERR_NULL);
    CHECK(unf_cleaner_clean_into(cleaner, "a", 1, NULL, 4, &needed) == UNF_ERR_NULL);
    CHECK(unf_cleaner_clean_into(cleaner, "a", 1, buffer, 4, NULL) == UNF_ERR_NULL);
    CHECK(unf_cleaner_clean_into(cleaner, "a", SIZE_MAX, buffer, 4, &needed) == UNF_ERR_LENGTH);
    CHECK(needed == 77);
    CHECK(unf_cleaner_clean_into(cleaner, NULL, 0, NULL, 0, &needed) == UNF_OK);
    CHECK(needed == 0);
    CHECK(unf_cleaner_clean_into(cleaner, "a", 1, NULL, 0, &needed) == UNF_ERR_BUFFER);
    CHECK(needed == 1);
    unf_cleaner_free(cleaner);
}

static void test_null_batch(void) {
    unf_cleaner *cleaner = new_cleaner();
    unf_batch *batch = NULL;
    const int32_t o32[] = {0, 1};
    const int64_t o64[] = {0, 1};
    const int32_t empty[] = {0, 0, 0};
    CHECK(unf_cleaner_clean_batch32(NULL, "a", 1, o32, 1, &batch, NULL) == UNF_ERR_NULL);
    CHECK(unf_cleaner_clean_batch32(cleaner, NULL, 1, o32, 1, &batch, NULL) == UNF_ERR_NULL);
    CHECK(unf_cleaner_clean_batch32(cleaner, "a", 1, NULL, 1, &batch, NULL) == UNF_ERR_NULL);
    CHECK(unf_cleaner_clean_batch32(cleaner, "a", 1, o32, 1, NULL, NULL) == UNF_ERR_NULL);
    CHECK(unf_cleaner_clean_batch32(cleaner, "a", SIZE_MAX, o32, 1, &batch, NULL)
          == UNF_ERR_LENGTH);
    CHECK(unf_cleaner_clean_batch32(cleaner, "a", 1, o32, SIZE_MAX, &batch, NULL)
          == UNF_ERR_LENGTH);
    CHECK(unf_cleaner_clean_batch64(NULL, "a", 1, o64, 1, &batch, NULL) == UNF_ERR_NULL);
    CHECK(unf_cleaner_clean_batch64(cleaner, NULL, 1, o64, 1, &batch, NULL) == UNF_ERR_NULL);
    CHECK(unf_cleaner_clean_batch64(cleaner, "a", 1, NULL, 1, &batch, NULL) == UNF_ERR_NULL);
    CHECK(unf_cleaner_clean_batch64(cleaner, "a", 1, o64, 1, NULL, NULL) == UNF_ERR_NULL);
    CHECK(unf_cleaner_clean_batch64(cleaner, "a", SIZE_MAX, o64, 1, &batch, NULL)
          == UNF_ERR_LENGTH);
    CHECK(unf_cleaner_clean_batch64(cleaner, "a", 1, o64, SIZE_MAX / 8, &batch, NULL)
          == UNF_ERR_LENGTH);
    CHECK(batch == NULL);
    CHECK(unf_cleaner_clean_batch64(cleaner, NULL, 0, NULL, 0, &batch, NULL) == UNF_OK);
    CHECK(unf_batch_rows(batch) == 0 && unf_batch_offsets(batch)[0] == 0);
    unf_batch_free(batch);
    batch = NULL;
    CHECK(unf_cleaner_clean_batch32(cleaner, NULL, 0, empty, 2, &batch, NULL) == UNF_OK);
    CHECK(unf_batch_rows(batch) == 2 && unf_batch_offsets(batch)[2] == 0);
    CHECK(is(unf_batch_data(batch), "", 0));
    unf_batch_free(batch);
    unf_cleaner_free(cleaner);
}

/* -- Arrow ------------------------------------------------------------------------------------- */

static int released = 0;

static void release_schema(struct ArrowSchema *schema) { schema->release = NULL; }

static void release_array(struct ArrowArray *array) {
    free((void *)array->buffers[1]);
    free((void *)array->buffers[2]);
    free(array->private_data);
    array->release = NULL;
    released++;
}

static struct ArrowSchema utf8(void) {
    struct ArrowSchema schema;
    memset(&schema, 0, sizeof schema);
    schema.format = "u";
    schema.name = "";
    schema.release = release_schema;
    return schema;
}

/* Three rows, the second null, behind one that is not to be read. */
static struct ArrowArray three_rows(void) {
    static const uint8_t valid[] = {0xb};
    const int32_t end = 3 + (int32_t)LINK_LEN;
    const int32_t ends[] = {0, 3, end, end + 2, end + 4};
    struct ArrowArray array;
    memset(&array, 0, sizeof array);
    const void **buffers = (const void **)malloc(3 * sizeof *buffers);
    int32_t *offsets = (int32_t *)malloc(sizeof ends);
    char *data = (char *)malloc((size_t)end + 4);
    memcpy(offsets, ends, sizeof ends);
    memcpy(data, "abc", 3);
    memcpy(data + 3, LINK_IN, LINK_LEN);
    memcpy(data + end, "--z\xff", 4);
    buffers[0] = valid;
    buffers[1] = offsets;
    buffers[2] = data;
    array.length = 3;
    array.null_count = 1;
    array.offset = 1;
    array.n_buffers = 3;
    array.buffers = buffers;
    array.private_data = buffers;
    array.release = release_array;
    return array;
}

static int rows_are_clean(const struct ArrowArray *array) {
    const uint8_t *valid = (const uint8_t *)array->buffers[0];
    const int32_t *offsets = (const int32_t *)array->buffers[1];
    const char *data = (const char *)array->buffers[2];
    const int32_t end = (int32_t)sizeof LINK_OUT - 1;
    return array->length == 3 && array->offset == 0 && array->null_count == 1 && valid[0] == 5
           && offsets[0] == 0 && offsets[1] == end && offsets[2] == end && offsets[3] == end + 4
           && memcmp(data, LINK_OUT, (size_t)end) == 0
           && memcmp(data + end, "z\xef\xbf\xbd", 4) == 0;
}

static void test_arrow(void) {
    unf_cleaner *cleaner = new_cleaner();
    unf_error *error = NULL;
    struct ArrowSchema schema = utf8();
    struct ArrowArray array = three_rows(), out;
    released = 0;
    CHECK(unf_cleaner_clean_arrow(cleaner, &array, &schema, NULL, 0, &out, &error) == UNF_OK);
    CHECK(error == NULL && released == 1 && array.release == NULL && schema.release != NULL);
    CHECK(rows_are_clean(&out));
    out.release(&out);
    CHECK(out.release == NULL);

    CHECK(unf_cleaner_clean_arrow(cleaner, &array, &schema, NULL, 0, &out, &error)
          == UNF_ERR_ARROW);
    unf_error_free(error);
    schema.format = "l";
    array = three_rows();
    CHECK(unf_cleaner_clean_arrow(cleaner, &array, &schema, NULL, 0, &out, NULL) == UNF_ERR_TYPE);
    CHECK(released == 2 && array.release == NULL);
    unf_cleaner_free(cleaner);
}

static void test_null_arrow(void) {
    unf_cleaner *cleaner = new_cleaner();
    struct ArrowSchema schema = utf8();
    struct ArrowArray array = three_rows(), out;
    struct ArrowArrayStream stream;
    memset(&stream, 0, sizeof stream);
    released = 0;
    CHECK(unf_cleaner_clean_arrow(NULL, &array, &schema, NULL, 0, &out, NULL) == UNF_ERR_NULL);
    array = three_rows();
    CHECK(unf_cleaner_clean_arrow(cleaner, &array, NULL, NULL, 0, &out, NULL) == UNF_ERR_NULL);
    array = three_rows();
    CHECK(unf_cleaner_clean_arrow(cleaner, &array, &schema, NULL, 1, &out, NULL) == UNF_ERR_NULL);
    array = three_rows();
    CHECK(unf_cleaner_clean_arrow(cleaner, &array, &schema, "a", SIZE_MAX, &out, NULL)
          == UNF_ERR_LENGTH);
    array = three_rows();
    CHECK(unf_cleaner_clean_arrow(cleaner, &array, &schema, NULL, 0, NULL, NULL) == UNF_ERR_NULL);
    CHECK(released == 5);
    CHECK(unf_cleaner_clean_arrow(cleaner, NULL, &schema, NULL, 0, &out, NULL) == UNF_ERR_NULL);
    CHECK(unf_cleaner_clean_arrow_stream(NULL, &stream, NULL, 0, &stream, NULL) == UNF_ERR_NULL);
    CHECK(unf_cleaner_clean_arrow_stream(cleaner, NULL, NULL, 0, &stream, NULL) == UNF_ERR_NULL);
    CHECK(unf_cleaner_clean_arrow_stream(cleaner, &stream, NULL, 1, &stream, NULL)
          == UNF_ERR_NULL);
    CHECK(unf_cleaner_clean_arrow_stream(cleaner, &stream, "a", SIZE_MAX, &stream, NULL)
          == UNF_ERR_LENGTH);
    CHECK(unf_cleaner_clean_arrow_stream(cleaner, &stream, NULL, 0, NULL, NULL) == UNF_ERR_NULL);
    CHECK(unf_cleaner_clean_arrow_stream(cleaner, &stream, NULL, 0, &stream, NULL)
          == UNF_ERR_ARROW);
    unf_cleaner_free(cleaner);
}

/* A stream that gives three_rows() some times, then fails, and frees nothing. */
static int left = 0;

static int next_schema(struct ArrowArrayStream *stream, struct ArrowSchema *out) {
    (void)stream;
    *out = utf8();
    return 0;
}

static int next_rows(struct ArrowArrayStream *stream, struct ArrowArray *out) {
    (void)stream;
    if (left-- == 0) return 5;
    *out = three_rows();
    return 0;
}

static const char *last_error(struct ArrowArrayStream *stream) {
    (void)stream;
    return "the disk is gone";
}

static void release_stream(struct ArrowArrayStream *stream) { stream->release = NULL; }

static void test_arrow_stream(void) {
    unf_cleaner *cleaner = new_cleaner();
    struct ArrowArrayStream in = {next_schema, next_rows, last_error, release_stream, NULL}, out;
    struct ArrowSchema schema;
    struct ArrowArray array;
    released = 0;
    left = 3;
    CHECK(unf_cleaner_clean_arrow_stream(cleaner, &in, NULL, 0, &out, NULL) == UNF_OK);
    unf_cleaner_free(cleaner);
    CHECK(in.release == NULL);
    CHECK(out.get_schema(&out, &schema) == 0 && strcmp(schema.format, "u") == 0);
    schema.release(&schema);
    for (int i = 1; i <= 3; i++) {
        CHECK(out.get_next(&out, &array) == 0);
        CHECK(out.get_last_error(&out) == NULL);
        CHECK(released == i && rows_are_clean(&array));
        array.release(&array);
    }
    CHECK(out.get_next(&out, &array) == 5);
    CHECK(strstr(out.get_last_error(&out), "the disk is gone") != NULL);
    out.release(&out);
    CHECK(out.release == NULL);
}

/* -- What the functions do ---------------------------------------------------------------------- */

static void test_errors(void) {
    unf_builder *builder = unf_builder_new();
    unf_cleaner *cleaner = NULL;
    unf_error *error = NULL;

    CHECK(unf_builder_set(builder, "profile", 7, "article", 7, &error) == UNF_OK);
    CHECK(error == NULL);
    CHECK(unf_builder_set(builder, "nonsense", 8, "1", 1, &error) == UNF_ERR_OPTION);
    CHECK(error != NULL);
    CHECK(unf_error_status(error) == UNF_ERR_OPTION);
    CHECK(unf_error_message(error).len > 0);
    unf_error_free(error);

    error = NULL;
    CHECK(unf_builder_rules_toml(builder, "[[rule", 6, &error) == UNF_ERR_RULE_PACK);
    CHECK(unf_error_status(error) == UNF_ERR_RULE_PACK);
    unf_error_free(error);
    CHECK(unf_builder_rules_toml(builder, "\xff", 1, NULL) == UNF_ERR_RULE_PACK);

    error = NULL;
    CHECK(unf_builder_set(builder, "disable", 7, "xx/none", 7, &error) == UNF_OK);
    CHECK(unf_builder_build(builder, &cleaner, NULL) == UNF_ERR_UNKNOWN_RULE);
    CHECK(unf_builder_build(builder, &cleaner, &error) == UNF_ERR_UNKNOWN_RULE);
    CHECK(cleaner == NULL);
    CHECK(unf_error_status(error) == UNF_ERR_UNKNOWN_RULE);
    unf_error_free(error);
    unf_builder_free(builder);
}

/* Handles may be freed in any order, and a builder be used again. */
static void test_lifetimes(void) {
    unf_builder *builder = unf_builder_new();
    unf_cleaner *first = NULL, *second = NULL;
    unf_cleaned *cleaned = NULL;
    unf_removal removal;
    CHECK(unf_builder_build(builder, &first, NULL) == UNF_OK);
    CHECK(unf_builder_set(builder, "keep", 4, "related", 7, NULL) == UNF_OK);
    CHECK(unf_builder_build(builder, &second, NULL) == UNF_OK);
    unf_builder_free(builder);

    char *text = (char *)malloc(LINK_LEN);
    memcpy(text, LINK_IN, LINK_LEN);
    CHECK(unf_cleaner_clean(first, text, LINK_LEN, &cleaned) == UNF_OK);
    free(text);
    unf_cleaner_free(first);
    CHECK(is_c(unf_cleaned_text(cleaned), LINK_OUT));
    CHECK(unf_cleaned_removal_count(cleaned) == 1);
    CHECK(unf_cleaned_removal(cleaned, 0, &removal) == UNF_OK);
    CHECK(removal.start == 24 && removal.end == 47);
    CHECK(is_c(removal.rule, "en/related/also-read"));
    CHECK(removal.category == UNF_CATEGORY_RELATED);
    unf_cleaned_free(cleaned);

    CHECK(unf_cleaner_clean(second, LINK_IN, LINK_LEN, &cleaned) == UNF_OK);
    CHECK(is(unf_cleaned_text(cleaned), LINK_IN, LINK_LEN));
    CHECK(unf_cleaned_removal_count(cleaned) == 0);
    CHECK(!unf_cleaned_abstained(cleaned));
    unf_cleaned_free(cleaned);
    unf_cleaner_free(second);
}

/* Any bytes are a text. */
static void test_bytes(void) {
    unf_cleaner *cleaner = new_cleaner();
    unf_cleaned *cleaned = NULL;
    CHECK(unf_cleaner_clean(cleaner, "a\xff" "b", 3, &cleaned) == UNF_OK);
    CHECK(is(unf_cleaned_text(cleaned), "a\xef\xbf\xbd" "b", 5));
    unf_cleaned_free(cleaned);
    for (int first = 0; first < 256; first++) {
        /* On the heap, at its exact length, so that a sanitizer sees a read beyond. */
        char *text = (char *)malloc(2);
        text[0] = (char)first;
        text[1] = (char)0xe2;
        CHECK(unf_cleaner_clean(cleaner, text, 2, &cleaned) == UNF_OK);
        free(text);
        CHECK(unf_cleaned_text(cleaned).len >= 3);
        unf_cleaned_free(cleaned);
    }
    unf_cleaner_free(cleaner);
}

static void test_clean_into(void) {
    unf_cleaner *cleaner = new_cleaner();
    const size_t expected = sizeof LINK_OUT - 1;
    for (size_t capacity = 0; capacity < LINK_LEN; capacity++) {
        char *buffer = (char *)malloc(capacity + 1);
        size_t needed = 0;
        memset(buffer, '#', capacity + 1);
        unf_status status =
            unf_cleaner_clean_into(cleaner, LINK_IN, LINK_LEN, buffer, capacity, &needed);
        CHECK(status == (capacity < expected ? UNF_ERR_BUFFER : UNF_OK));
        CHECK(needed == expected);
        CHECK(buffer[status == UNF_OK ? expected : 0] == '#');
        CHECK(status != UNF_OK || memcmp(buffer, LINK_OUT, expected) == 0);
        free(buffer);
    }
    unf_cleaner_free(cleaner);
}

static void test_batch(void) {
    unf_cleaner *cleaner = new_cleaner();
    unf_batch *batch = NULL;
    unf_error *error = NULL;
    char data[LINK_LEN + 8];
    memcpy(data, "abc", 3);
    memcpy(data + 3, LINK_IN, LINK_LEN);
    memcpy(data + 3 + LINK_LEN, "z\xff!!!", 5);
    const int64_t end = 3 + (int64_t)LINK_LEN;
    /* The first row does not begin at 0, the last does not end at the end. */
    const int64_t offsets[] = {1, 3, 3, end, end + 2};
    CHECK(unf_cleaner_clean_batch64(cleaner, data, sizeof data, offsets, 4, &batch, &error)
          == UNF_OK);
    CHECK(error == NULL);
    CHECK(unf_batch_rows(batch) == 4);
    const int64_t *bounds = unf_batch_offsets(batch);
    const uint8_t *flags = unf_batch_flags(batch);
    unf_str all = unf_batch_data(batch);
    const int64_t out = (int64_t)sizeof LINK_OUT - 1;
    CHECK(bounds[0] == 0 && bounds[1] == 2 && bounds[2] == 2 && bounds[3] == 2 + out);
    CHECK(bounds[4] == 2 + out + 4 && (size_t)bounds[4] == all.len);
    CHECK(memcmp(all.data, "bc", 2) == 0);
    CHECK(memcmp(all.data + 2, LINK_OUT, sizeof LINK_OUT - 1) == 0);
    CHECK(memcmp(all.data + bounds[3], "z\xef\xbf\xbd", 4) == 0);
    CHECK(flags[0] == 0 && flags[1] == 0);
    CHECK(flags[2] == UNF_ROW_CHANGED && flags[3] == UNF_ROW_CHANGED);
    CHECK(unf_batch_changed(batch) == 2);
    CHECK(unf_batch_abstained(batch) == 0 && unf_batch_failed(batch) == 0);
    unf_batch_free(batch);

    batch = NULL;
    const int32_t falling[] = {0, 2, 1}, negative[] = {-1, 0, 1}, beyond[] = {0, 1, 4};
    const int32_t *const bad[] = {falling, negative, beyond};
    for (int i = 0; i < 3; i++) {
        error = NULL;
        CHECK(unf_cleaner_clean_batch32(cleaner, "abc", 3, bad[i], 2, &batch, &error)
              == UNF_ERR_OFFSETS);
        CHECK(batch == NULL);
        CHECK(unf_error_status(error) == UNF_ERR_OFFSETS);
        unf_error_free(error);
    }
    unf_cleaner_free(cleaner);
}

/* -- Threads ------------------------------------------------------------------------------------ */

/* All that may be done with one cleaner at once. The threads of valgrind take turns, and are slow. */
#ifndef ROUNDS
#define ROUNDS 500
#endif
#define THREADS 8

static void *clean_often(void *argument) {
    const unf_cleaner *cleaner = (const unf_cleaner *)argument;
    const size_t expected = sizeof LINK_OUT - 1;
    size_t right = 0;
    for (int i = 0; i < ROUNDS; i++) {
        unf_cleaned *cleaned = NULL;
        unf_removal removal;
        if (unf_cleaner_clean(cleaner, LINK_IN, LINK_LEN, &cleaned) == UNF_OK
            && is_c(unf_cleaned_text(cleaned), LINK_OUT)
            && unf_cleaned_removal(cleaned, 0, &removal) == UNF_OK
            && is_c(removal.rule, "en/related/also-read"))
            right++;
        unf_cleaned_free(cleaned);

        char buffer[LINK_LEN];
        size_t needed = 0;
        if (unf_cleaner_clean_into(cleaner, LINK_IN, LINK_LEN, buffer, LINK_LEN, &needed) == UNF_OK
            && needed == expected && memcmp(buffer, LINK_OUT, expected) == 0)
            right++;

        const int32_t offsets[] = {0, 24, (int32_t)LINK_LEN};
        unf_batch *batch = NULL;
        if (unf_cleaner_clean_batch32(cleaner, LINK_IN, LINK_LEN, offsets, 2, &batch, NULL) == UNF_OK
            && unf_batch_offsets(batch)[1] == 24)
            right++;
        unf_batch_free(batch);

        unf_cleaned *failed = NULL;
        if (unf_cleaner_clean(cleaner, NULL, 1, &failed) == UNF_ERR_NULL) right++;
    }
    return (void *)right;
}

static void test_threads(void) {
    unf_cleaner *cleaner = new_cleaner();
    pthread_t threads[THREADS];
    for (int i = 0; i < THREADS; i++)
        CHECK(pthread_create(&threads[i], NULL, clean_often, cleaner) == 0);
    for (int i = 0; i < THREADS; i++) {
        void *right = NULL;
        CHECK(pthread_join(threads[i], &right) == 0);
        CHECK((size_t)right == 4 * ROUNDS);
    }
    unf_cleaner_free(cleaner);
}

/* -- Vectors ------------------------------------------------------------------------------------ */

typedef struct {
    char tag[16];
    const char *data;
    size_t length;
} field;

static const char *cursor, *end_of_file;

/* The next field, if it has this tag or any will do. */
static int next(field *out, const char *tag) {
    if (cursor >= end_of_file) return 0;
    size_t length = 0;
    if (sscanf(cursor, "%15s %zu", out->tag, &length) != 2) abort();
    if (tag != NULL && strcmp(out->tag, tag) != 0) return 0;
    out->data = strchr(cursor, '\n') + 1;
    out->length = length;
    cursor = out->data + length + 1;
    return 1;
}

static size_t number(field text) { return (size_t)strtoul(text.data, NULL, 10); }

static void test_vectors(const char *path) {
    FILE *file = fopen(path, "rb");
    if (file == NULL) {
        perror(path);
        exit(2);
    }
    fseek(file, 0, SEEK_END);
    size_t size = (size_t)ftell(file);
    rewind(file);
    char *content = (char *)malloc(size + 1);
    if (fread(content, 1, size, file) != size) exit(2);
    fclose(file);
    content[size] = 0;
    cursor = content;
    end_of_file = content + size;

    int cases = 0;
    field name, key, value, text, input, expected;
    while (next(&name, "name")) {
        int before = failures;
        unf_builder *builder = unf_builder_new();
        unf_cleaner *cleaner = NULL;
        unf_cleaned *cleaned = NULL;
        while (next(&key, "key") && next(&value, "value"))
            CHECK(unf_builder_set(builder, key.data, key.length, value.data, value.length, NULL)
                  == UNF_OK);
        if (next(&text, "rules"))
            CHECK(unf_builder_rules_toml(builder, text.data, text.length, NULL) == UNF_OK);
        CHECK(unf_builder_build(builder, &cleaner, NULL) == UNF_OK);
        CHECK(next(&input, "input") && next(&expected, "output"));
        CHECK(unf_cleaner_clean(cleaner, input.data, input.length, &cleaned) == UNF_OK);
        CHECK(is(unf_cleaned_text(cleaned), expected.data, expected.length));
        CHECK(unf_cleaned_invalid_sequences(cleaned) == 0);
        size_t count = 0;
        for (field start, end, rule, category; next(&start, "start"); count++) {
            unf_removal removal;
            CHECK(next(&end, "end") && next(&rule, "rule") && next(&category, "category"));
            if (unf_cleaned_removal(cleaned, count, &removal) != UNF_OK) {
                CHECK(!"a removal is missing");
                continue;
            }
            const char *named = unf_category_name(removal.category);
            CHECK(removal.start == number(start) && removal.end == number(end));
            CHECK(is(removal.rule, rule.data, rule.length));
            CHECK(strlen(named) == category.length && !memcmp(named, category.data, category.length));
        }
        CHECK(unf_cleaned_removal_count(cleaned) == count);
        CHECK(next(&text, "abstained"));
        CHECK(unf_cleaned_abstained(cleaned) == (number(text) == 1));
        /* The account: undoing edits and removals gives the length of the input. */
        size_t length = unf_cleaned_text(cleaned).len;
        for (size_t i = 0; i < unf_cleaned_edit_count(cleaned); i++) {
            unf_edit edit;
            CHECK(unf_cleaned_edit(cleaned, i, &edit) == UNF_OK);
            CHECK(edit.start <= edit.end);
            length = length + (edit.end - edit.start) - edit.replacement.len;
        }
        for (size_t i = 0; i < count; i++) {
            unf_removal removal;
            if (unf_cleaned_removal(cleaned, i, &removal) != UNF_OK) break;
            length += removal.end - removal.start;
        }
        CHECK(length == input.length);
        unf_cleaned_free(cleaned);
        unf_cleaner_free(cleaner);
        unf_builder_free(builder);
        if (failures > before)
            fprintf(stderr, "  in the vector: %.*s\n", (int)name.length, name.data);
        cases++;
    }
    CHECK(cursor == end_of_file);
    CHECK(cases > 10);
    free(content);
    printf("%d vectors, ", cases);
}

int main(int argc, char **argv) {
    if (argc != 2) {
        fprintf(stderr, "usage: test VECTORS\n");
        return 2;
    }
    test_versions();
    test_names();
    test_null_frees();
    test_null_getters();
    test_null_builder();
    test_null_clean();
    test_null_batch();
    test_null_arrow();
    test_arrow();
    test_arrow_stream();
    test_errors();
    test_lifetimes();
    test_bytes();
    test_clean_into();
    test_batch();
    test_threads();
    test_vectors(argv[1]);
    printf("%d checks, %d failed\n", checks, failures);
    return failures > 0;
}
