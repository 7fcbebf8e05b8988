/* Hyperscan, or Vectorscan, finds all places of the cues: hyperscan NAME CUES CORPUS...
 * CUES has one cue in each line; rows are called NAME. */

#define _POSIX_C_SOURCE 200809L
#include "corpus.h"
#include <hs.h>

struct scan {
    const struct corpus *corpus;
    hs_database_t *database;
    hs_scratch_t *scratch;
    unsigned long long places;
};

static int count_place(unsigned id, unsigned long long from, unsigned long long to, unsigned flags, void *scan) {
    (void)id, (void)from, (void)to, (void)flags;
    ((struct scan *)scan)->places++;
    return 0;
}

static void scan_all(void *context) {
    struct scan *scan = context;
    scan->places = 0;
    for (size_t i = 0; i < scan->corpus->documents; i++)
        if (hs_scan(scan->database, scan->corpus->document[i], scan->corpus->length[i], 0, scan->scratch, count_place,
                    scan) != HS_SUCCESS)
            fail("cannot scan", scan->corpus->name);
}

static hs_database_t *compile(char *cues) {
    size_t count = 0;
    for (const char *c = cues; *c; c++) count += *c == '\n';
    const char **cue = calloc(count, sizeof *cue);
    size_t *length = calloc(count, sizeof *length);
    unsigned *flags = calloc(count, sizeof *flags), *ids = calloc(count, sizeof *ids);
    if (!cue || !length || !flags || !ids) fail("no memory for", "the cues");
    for (size_t i = 0; i < count; i++) {
        char *end = strchr(cues, '\n');
        cue[i] = cues;
        length[i] = (size_t)(end - cues);
        flags[i] = HS_FLAG_CASELESS;
        ids[i] = (unsigned)i;
        cues = end + 1;
    }
    hs_database_t *database = NULL;
    hs_compile_error_t *error = NULL;
    if (hs_compile_lit_multi(cue, flags, ids, length, (unsigned)count, HS_MODE_BLOCK, NULL, &database, &error) !=
        HS_SUCCESS)
        fail("cannot compile the cues", error->message);
    free(cue);
    free(length);
    free(flags);
    free(ids);
    return database;
}

int main(int count, char **arguments) {
    if (count < 4) fail("usage", "hyperscan NAME CUES CORPUS...");
    size_t size;
    char *cues = read_file(arguments[2], &size);
    struct scan scan = {0};
    double start = nanoseconds();
    scan.database = compile(cues);
    double compiled = nanoseconds() - start;
    size_t bytes = 0;
    if (hs_alloc_scratch(scan.database, &scan.scratch) != HS_SUCCESS) fail("no memory for", "scratch");
    hs_database_size(scan.database, &bytes);
    printf("note\t%s: version %s, compiled in %.0f ms to %.1f MB\n", arguments[1], hs_version(), compiled / 1e6, bytes / 1e6);
    for (int i = 3; i < count; i++) {
        struct corpus corpus = read_corpus(arguments[i]);
        char answer[32];
        scan.corpus = &corpus;
        double best = best_time(scan_all, &scan);
        snprintf(answer, sizeof answer, "%llu", scan.places);
        print_row(&corpus, arguments[1], best, answer);
        free_corpus(&corpus);
    }
    hs_free_scratch(scan.scratch);
    hs_free_database(scan.database);
    free(cues);
    return 0;
}
