/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sweep/desk.h"

#include "base/file.h"

#include <unistd.h>

void rit_desk_tell(struct rit_conductor *c, int worker, const struct rit_message *message)
{
    c->out.size = 0;
    rit_message_pack(message, &c->out);
    c->post->send(c->post, worker + 1, c->out.data, c->out.size);
}

void rit_desk_release(struct rit_conductor *c, int worker)
{
    struct rit_tally tally;
    rit_master_tally(c->master, &tally);
    rit_desk_tell(
        c, worker,
        &(struct rit_message){.word = RIT_TELLS_RELEASE, .leave_at_once = c->recovery || tally.lost > 0});
}

void rit_desk_give_up(struct rit_conductor *c, const struct rit_error *err)
{
    if (c->over)
        return;
    RIT_DESK_SAY(c, "%s", err->text);
    c->status = err->status;
    c->over = true;
    for (int w = 0; w < c->workers; w++)
        rit_desk_release(c, w);
}

const char *rit_desk_label(const struct rit_conductor *c, int point, char *out, size_t size)
{
    out[0] = ' ';
    return rit_plan_label(&c->config, c->roster.plan[point], out + 1, size - 1) > 0 ? out : "";
}

enum rit_status rit_desk_stop_files(const struct rit_conductor *c, struct rit_error *err)
{
    static const char *const name[] = {"stop", "drain"};
    for (int i = 0; i < 2; i++) {
        char path[RIT_PATH];
        RIT_TRY(rit_file_path(path, err, "%s/%s", c->options->run, name[i]));
        if (access(path, F_OK) == 0)
            return rit_fail(err, RIT_STOPPED, "%s: this file lets nothing start here; remove it to go on",
                            path);
    }
    return RIT_OK;
}
