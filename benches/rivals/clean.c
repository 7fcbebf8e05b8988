/* unfurnish from C: clean CORPUS... */

#define _POSIX_C_SOURCE 200809L
#include "corpus.h"
#include <unfurnish.h>

static unf_cleaner *cleaner;

static void clean_all(void *context) {
    const struct corpus *corpus = context;
    for (size_t i = 0; i < corpus->documents; i++) {
        unf_cleaned *cleaned = NULL;
        if (unf_cleaner_clean(cleaner, corpus->document[i], corpus->length[i], &cleaned) != UNF_OK)
            fail("cannot clean", corpus->name);
        unf_cleaned_free(cleaned);
    }
}

/* CRC-32, bit by bit: it is computed once and not measured. */
static uint32_t crc32(uint32_t crc, const char *data, size_t length) {
    crc = ~crc;
    for (size_t i = 0; i < length; i++) {
        crc ^= (unsigned char)data[i];
        for (int bit = 0; bit < 8; bit++) crc = crc >> 1 ^ (crc & 1 ? 0xEDB88320u : 0);
    }
    return ~crc;
}

static uint32_t answer(const struct corpus *corpus) {
    uint32_t crc = 0;
    for (size_t i = 0; i < corpus->documents; i++) {
        unf_cleaned *cleaned = NULL;
        if (unf_cleaner_clean(cleaner, corpus->document[i], corpus->length[i], &cleaned) != UNF_OK)
            fail("cannot clean", corpus->name);
        unf_str text = unf_cleaned_text(cleaned);
        crc = crc32(crc, text.data, text.len);
        unf_cleaned_free(cleaned);
    }
    return crc;
}

int main(int count, char **paths) {
    if (unf_cleaner_new(&cleaner, NULL) != UNF_OK) fail("cannot build", "the default cleaner");
    for (int i = 1; i < count; i++) {
        struct corpus corpus = read_corpus(paths[i]);
        char hash[16];
        snprintf(hash, sizeof hash, "%08x", answer(&corpus));
        print_row(&corpus, "article, C", best_time(clean_all, &corpus), hash);
        free_corpus(&corpus);
    }
    unf_cleaner_free(cleaner);
    return 0;
}
