/* Cleans files in several threads with one cleaner: threads FILE… Each FILE is cleaned to FILE.clean. */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <unfurnish.h>

enum { THREADS = 4 };

/* What a thread works on: every THREADS-th file from the first on, so that none waits for another. */
typedef struct {
    const unf_cleaner *cleaner; /* const: any number of threads may use it */
    char **files;
    int first, count, failed;
} share;

/* Reads a file whole; NULL if that fails. */
static char *read_file(const char *path, size_t *length) {
    FILE *file = fopen(path, "rb");
    if (file == NULL) return NULL;
    char *text = NULL;
    long size = fseek(file, 0, SEEK_END) == 0 ? ftell(file) : -1;
    if (size >= 0 && fseek(file, 0, SEEK_SET) == 0) text = (char *)malloc((size_t)size + 1);
    if (text != NULL) *length = fread(text, 1, (size_t)size, file);
    if (text != NULL && (ferror(file) || *length != (size_t)size)) {
        free(text);
        text = NULL;
    }
    fclose(file);
    return text;
}

static int write_file(const char *path, unf_str text) {
    char name[4096];
    if (snprintf(name, sizeof name, "%s.clean", path) >= (int)sizeof name) return 0;
    FILE *file = fopen(name, "wb");
    if (file == NULL) return 0;
    int written = fwrite(text.data, 1, text.len, file) == text.len;
    return fclose(file) == 0 && written;
}

static void *work(void *argument) {
    share *mine = (share *)argument;
    for (int i = mine->first; i < mine->count; i += THREADS) {
        size_t length = 0;
        char *text = read_file(mine->files[i], &length);
        unf_cleaned *cleaned = NULL; /* each thread has its own results */
        int done = text != NULL
                   && unf_cleaner_clean(mine->cleaner, text, length, &cleaned) == UNF_OK
                   && write_file(mine->files[i], unf_cleaned_text(cleaned));
        if (!done) {
            perror(mine->files[i]);
            mine->failed++;
        }
        unf_cleaned_free(cleaned);
        free(text);
    }
    return NULL;
}

int main(int argc, char **argv) {
    unf_cleaner *cleaner = NULL;
    if (unf_cleaner_new(&cleaner, NULL) != UNF_OK) return 1;
    pthread_t threads[THREADS];
    share shares[THREADS];
    int failed = 0, started = 0;
    for (; started < THREADS; started++) {
        share mine = {cleaner, argv + 1, started, argc - 1, 0};
        shares[started] = mine;
        if (pthread_create(&threads[started], NULL, work, &shares[started]) != 0) break;
    }
    for (int i = 0; i < started; i++) {
        pthread_join(threads[i], NULL);
        failed += shares[i].failed;
    }
    unf_cleaner_free(cleaner); /* after the last call on it */
    return failed > 0 || started < THREADS;
}
