/* Cleans one text and says what went. */
#include <stdio.h>
#include <string.h>
#include <unfurnish.h>

int main(void) {
    const char *text = "The vote is on Friday.\n\nALSO READ: Ten hotels with a view\n\nTurnout will be high.\n";
    unf_cleaner *cleaner = NULL;
    unf_cleaned *cleaned = NULL;
    unf_removal removal;
    if (unf_cleaner_new(&cleaner, NULL) != UNF_OK) return 1;
    if (unf_cleaner_clean(cleaner, text, strlen(text), &cleaned) != UNF_OK) return 1;
    unf_str out = unf_cleaned_text(cleaned);
    fwrite(out.data, 1, out.len, stdout);
    for (size_t i = 0; unf_cleaned_removal(cleaned, i, &removal) == UNF_OK; i++)
        fprintf(stderr, "%.*s: %.*s", (int)removal.rule.len, removal.rule.data,
                (int)(removal.end - removal.start), text + removal.start);
    unf_cleaned_free(cleaned);
    unf_cleaner_free(cleaner);
    return 0;
}
