/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "source/midi/folder.h"

#include "base/file.h"

#include <dirent.h>
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>

enum { DEEPEST = 16 }; /* folders in each other: links may go round */

static void add(struct rit_midi_files *files, const char *path)
{
    files->path = realloc(files->path, (size_t)(files->n + 1) * sizeof *files->path);
    RIT_CHECK(files->path);
    files->path[files->n] = strdup(path);
    RIT_CHECK(files->path[files->n]);
    files->n++;
}

static bool is_midi(const char *name)
{
    const char *dot = strrchr(name, '.');
    return dot && (strcasecmp(dot, ".mid") == 0 || strcasecmp(dot, ".midi") == 0);
}

static enum rit_status look_into(const char *folder, int depth, struct rit_midi_files *files,
                                 struct rit_error *err);

static enum rit_status look_at(const char *folder, const char *name, int depth, struct rit_midi_files *files,
                               struct rit_error *err)
{
    char path[RIT_PATH];
    struct stat about;
    if (name[0] == '.')
        return RIT_OK;
    RIT_TRY(rit_file_path(path, err, "%s/%s", folder, name));
    if (stat(path, &about) != 0)
        return is_midi(name) ? rit_fail(err, RIT_IO, "%s: %s", path, strerror(errno)) : RIT_OK;
    if (S_ISDIR(about.st_mode))
        return look_into(path, depth + 1, files, err);
    if (is_midi(name))
        add(files, path);
    return RIT_OK;
}

static enum rit_status look_into(const char *folder, int depth, struct rit_midi_files *files,
                                 struct rit_error *err)
{
    if (depth > DEEPEST)
        return rit_fail(err, RIT_BAD_INPUT, "%s: folders are nested deeper than %d", folder, DEEPEST);
    DIR *open = opendir(folder);
    if (!open)
        return rit_fail(err, RIT_IO, "%s: %s", folder, strerror(errno));
    enum rit_status status = RIT_OK;
    struct dirent *entry;
    for (errno = 0; status == RIT_OK && (entry = readdir(open)); errno = 0)
        status = look_at(folder, entry->d_name, depth, files, err);
    if (status == RIT_OK && errno)
        status = rit_fail(err, RIT_IO, "%s: %s", folder, strerror(errno));
    closedir(open);
    return status;
}

static int compare(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

enum rit_status rit_midi_find(const char *path, struct rit_midi_files *files, struct rit_error *err)
{
    struct stat about;
    *files = (struct rit_midi_files){0};
    if (stat(path, &about) != 0)
        return rit_fail(err, RIT_IO, "%s: %s", path, strerror(errno));
    if (!S_ISDIR(about.st_mode)) {
        add(files, path);
        return RIT_OK;
    }
    RIT_TRY(look_into(path, 1, files, err));
    if (files->n == 0)
        return rit_fail(err, RIT_BAD_INPUT, "%s: there is no file .mid or .midi in this folder", path);
    qsort(files->path, (size_t)files->n, sizeof *files->path, compare);
    return RIT_OK;
}

void rit_midi_files_release(struct rit_midi_files *files)
{
    for (int i = 0; i < files->n; i++)
        free(files->path[i]);
    free(files->path);
    *files = (struct rit_midi_files){0};
}
