/* Cleans standard input to standard output. Arguments are options: filter profile=page keep=legal */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unfurnish.h>

/* Says what went wrong, frees the error, and gives the exit status. */
static int fail(unf_error *error) {
    unf_str message = unf_error_message(error);
    fprintf(stderr, "filter: %.*s\n", (int)message.len, message.data);
    unf_error_free(error);
    return 2;
}

/* Reads a file to its end; NULL if there is no memory or an error. */
static char *read_all(FILE *file, size_t *length) {
    size_t capacity = 1 << 16;
    char *text = (char *)malloc(capacity);
    *length = 0;
    while (text != NULL) {
        *length += fread(text + *length, 1, capacity - *length, file);
        if (*length < capacity) break;
        char *larger = (char *)realloc(text, capacity *= 2);
        if (larger == NULL) free(text);
        text = larger;
    }
    if (text != NULL && ferror(file)) {
        free(text);
        text = NULL;
    }
    return text;
}

int main(int argc, char **argv) {
    unf_builder *builder = unf_builder_new();
    unf_cleaner *cleaner = NULL;
    unf_cleaned *cleaned = NULL;
    unf_error *error = NULL;
    unf_status status = UNF_OK;

    for (int i = 1; i < argc && status == UNF_OK; i++) {
        const char *equals = strchr(argv[i], '=');
        size_t key = equals != NULL ? (size_t)(equals - argv[i]) : strlen(argv[i]);
        const char *value = equals != NULL ? equals + 1 : "";
        status = unf_builder_set(builder, argv[i], key, value, strlen(value), &error);
    }
    if (status == UNF_OK) status = unf_builder_build(builder, &cleaner, &error);
    unf_builder_free(builder);
    if (status != UNF_OK) return fail(error);

    size_t length = 0;
    char *text = read_all(stdin, &length);
    int exit_status = 1;
    if (text != NULL && unf_cleaner_clean(cleaner, text, length, &cleaned) == UNF_OK) {
        unf_str out = unf_cleaned_text(cleaned);
        if (fwrite(out.data, 1, out.len, stdout) == out.len && fflush(stdout) == 0) exit_status = 0;
    }
    free(text);
    unf_cleaned_free(cleaned);
    unf_cleaner_free(cleaner);
    return exit_status;
}
