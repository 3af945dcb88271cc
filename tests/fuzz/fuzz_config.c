/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Any bytes as a config: refused with a complaint, or a plan that survives printing. */
#include <ritardando/status.h>

#include "base/pack.h"
#include "config/config.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct rit_config config, again;
    struct rit_error err = {.status = RIT_OK};
    enum rit_status status = rit_config_parse("fuzz.yaml", (const char *)data, size, &config, &err);
    RIT_CHECK(err.status == status);
    if (status != RIT_OK) {
        RIT_CHECK(status == RIT_BAD_INPUT);
        RIT_CHECK(strncmp(err.text, "fuzz.yaml:", 10) == 0);
        return 0;
    }
    struct rit_buffer printed = {.data = NULL};
    rit_config_print(&config, &printed);
    status = rit_config_parse("again.yaml", (const char *)printed.data, printed.size, &again, &err);
    RIT_CHECK(status == RIT_OK);
    RIT_CHECK(rit_plan_count(&again) == rit_plan_count(&config));
    struct rit_point point;
    rit_plan_point(&config, rit_plan_count(&config) - 1, &point);
    rit_buffer_release(&printed);
    rit_config_release(&config);
    rit_config_release(&again);
    return 0;
}
