/* Reads the corpora that the harness wrote, measures, and prints rows; for both C programs. */

#ifndef UNFURNISH_RIVALS_CORPUS_H
#define UNFURNISH_RIVALS_CORPUS_H

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

struct corpus {
    char name[256];
    char *data;            /* the file; the documents lie in it */
    const char **document; /* where each begins */
    uint32_t *length;
    size_t documents, bytes;
};

static void fail(const char *message, const char *about) {
    fprintf(stderr, "%s: %s\n", message, about);
    exit(1);
}

static char *read_file(const char *path, size_t *size) {
    FILE *file = fopen(path, "rb");
    if (!file || fseek(file, 0, SEEK_END) != 0) fail("cannot open", path);
    long end = ftell(file);
    rewind(file);
    char *data = malloc((size_t)end + 1);
    if (!data || fread(data, 1, (size_t)end, file) != (size_t)end) fail("cannot read", path);
    fclose(file);
    data[end] = 0;
    *size = (size_t)end;
    return data;
}

static struct corpus read_corpus(const char *path) {
    struct corpus corpus = {0};
    const char *slash = strrchr(path, '/');
    snprintf(corpus.name, sizeof corpus.name, "%s", slash ? slash + 1 : path);
    char *dot = strrchr(corpus.name, '.');
    if (dot) *dot = 0;
    size_t size, room = 0;
    corpus.data = read_file(path, &size);
    for (size_t at = 0; at + 4 <= size;) {
        const unsigned char *l = (const unsigned char *)corpus.data + at;
        uint32_t length = l[0] | (uint32_t)l[1] << 8 | (uint32_t)l[2] << 16 | (uint32_t)l[3] << 24;
        if (corpus.documents == room) {
            room = room ? 2 * room : 1024;
            corpus.document = realloc(corpus.document, room * sizeof *corpus.document);
            corpus.length = realloc(corpus.length, room * sizeof *corpus.length);
            if (!corpus.document || !corpus.length) fail("no memory for", path);
        }
        corpus.document[corpus.documents] = corpus.data + at + 4;
        corpus.length[corpus.documents++] = length;
        corpus.bytes += length;
        at += 4 + length;
    }
    return corpus;
}

static void free_corpus(struct corpus *corpus) {
    free(corpus->data);
    free(corpus->document);
    free(corpus->length);
}

/* What this thread has computed so far. */
static double nanoseconds(void) {
    struct timespec now;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return now.tv_sec * 1e9 + now.tv_nsec;
}

/* The best run, of as many as src/clock.rs makes. */
static double best_time(void (*run)(void *), void *context) {
    double best = 1e300, spent = 0;
    for (int runs = 0; spent < 2e9 && (runs < 3 || spent < 4e8); runs++) {
        double start = nanoseconds();
        run(context);
        double took = nanoseconds() - start;
        if (took < best) best = took;
        spent += took;
    }
    return best;
}

static void print_row(const struct corpus *corpus, const char *what, double ns, const char *answer) {
    printf("%s\t%s\t%zu\t%zu\t%.0f\t%s\n", corpus->name, what, corpus->documents, corpus->bytes, ns, answer);
    fflush(stdout);
}

#endif
