/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "care-task.h"
#include "care-write.h"

G_BEGIN_DECLS

gboolean care_task_put (CareWrite *write,
                        const char *code,
                        const char *description,
                        const char *focus_reference,
                        const char *priority,
                        const char *due_date,
                        char **task_id,
                        GError **error);

G_END_DECLS
