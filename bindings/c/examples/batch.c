/* Cleans many files in one call: batch FILE… writes the texts one after the other to standard output,
 * and to standard error what happened to each. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unfurnish.h>

/* Texts in the layout of Arrow: all of them in one buffer, and where each begins. The end of the last
 * is one more offset. */
typedef struct {
    char *data;
    size_t length, capacity;
    int64_t *offsets;
} column;

/* Appends a file to the buffer. */
static int append(column *texts, const char *path) {
    FILE *file = fopen(path, "rb");
    if (file == NULL) return 0;
    for (size_t got = 1; got > 0; texts->length += got) {
        if (texts->length == texts->capacity) {
            size_t capacity = 2 * texts->capacity + 4096;
            char *larger = (char *)realloc(texts->data, capacity);
            if (larger == NULL) break;
            texts->data = larger;
            texts->capacity = capacity;
        }
        got = fread(texts->data + texts->length, 1, texts->capacity - texts->length, file);
    }
    int whole = feof(file) && !ferror(file);
    fclose(file);
    return whole;
}

int main(int argc, char **argv) {
    const size_t rows = (size_t)argc - 1;
    column texts = {NULL, 0, 0, (int64_t *)calloc(rows + 1, sizeof(int64_t))};
    unf_cleaner *cleaner = NULL;
    unf_batch *batch = NULL;
    unf_error *error = NULL;

    if (texts.offsets == NULL) return 1;
    for (size_t i = 0; i < rows; i++) {
        if (!append(&texts, argv[i + 1])) {
            perror(argv[i + 1]);
            return 1;
        }
        texts.offsets[i + 1] = (int64_t)texts.length;
    }

    unf_status status = unf_cleaner_new(&cleaner, &error);
    if (status == UNF_OK)
        status = unf_cleaner_clean_batch64(cleaner, texts.data, texts.length, texts.offsets, rows,
                                           &batch, &error);
    if (status != UNF_OK) {
        unf_str message = unf_error_message(error);
        fprintf(stderr, "batch: %.*s\n", (int)message.len, message.data);
    }

    /* The result is laid out like the input. If the call failed, it has no rows. */
    unf_str cleaned = unf_batch_data(batch);
    const int64_t *offsets = unf_batch_offsets(batch);
    const uint8_t *flags = unf_batch_flags(batch);
    for (size_t i = 0; i < unf_batch_rows(batch); i++)
        fprintf(stderr, "%s: %s\n", argv[i + 1],
                flags[i] & UNF_ROW_ABSTAINED ? "too little would have been left"
                : flags[i] & UNF_ROW_CHANGED ? "cleaned"
                                             : "as it was");
    if (batch != NULL) fwrite(cleaned.data, 1, (size_t)offsets[unf_batch_rows(batch)], stdout);

    unf_error_free(error);
    unf_batch_free(batch);
    unf_cleaner_free(cleaner);
    free(texts.data);
    free(texts.offsets);
    return status != UNF_OK || fflush(stdout) != 0;
}
