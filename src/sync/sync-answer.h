/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "sync-settle.h"

G_BEGIN_DECLS

GPtrArray *sync_answer_read (FhirResource *answer, GPtrArray *items, guint *refused);

G_END_DECLS
