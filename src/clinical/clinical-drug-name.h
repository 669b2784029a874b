/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "clinical-types.h"

G_BEGIN_DECLS

char *clinical_drug_name (const char *name);
char *clinical_drug_name_plain (const char *name);

G_END_DECLS
