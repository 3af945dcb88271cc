/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Stands in for libFuzzer where the compiler has none: feeds the files of a corpus folder to the target. */
#include "base/file.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int replay(const char *folder)
{
    DIR *files = opendir(folder);
    if (!files) {
        perror(folder);
        return -1;
    }
    int n = 0;
    for (struct dirent *entry = readdir(files); entry; entry = readdir(files)) {
        char path[4096];
        struct rit_buffer bytes = {.data = NULL};
        struct rit_error err;
        snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
        if (entry->d_name[0] == '.')
            continue;
        if (rit_file_read(path, 64 << 20, &bytes, &err) != RIT_OK) {
            fprintf(stderr, "%s\n", err.text);
            closedir(files);
            return -1;
        }
        LLVMFuzzerTestOneInput(bytes.data, bytes.size);
        rit_buffer_release(&bytes);
        n++;
    }
    closedir(files);
    return n;
}

int main(int argc, char **argv)
{
    int n = 0;
    for (int i = 1; i < argc; i++) {
        int more = argv[i][0] == '-' ? 0 : replay(argv[i]); /* an option is libFuzzer's */
        if (more < 0)
            return 1;
        n += more;
    }
    printf("%d files replayed\n", n);
    return n > 0 ? 0 : 1; /* an empty corpus tests nothing */
}
