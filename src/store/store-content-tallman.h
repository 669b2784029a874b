/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "clinical-tallman.h"

G_BEGIN_DECLS

ClinicalTallman *store_content_tallman_load (gpointer path);

G_END_DECLS
