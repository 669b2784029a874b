/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "care-release.h"
#include "visit-files.h"

G_BEGIN_DECLS

/* What visit-files says of a file, and how private it is. */
CareSensitivity visit_files_get_sensitivity (MediaTransfer *transfer);
const char *visit_files_words_of_own (MediaWhy why);

G_END_DECLS
