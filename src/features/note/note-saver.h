/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "care-context.h"

G_BEGIN_DECLS

/* Writes the texts of one author about one patient to disk. A text is kept, with the visit it
 * belongs to, until it is there: whoever writes on about another visit loses nothing. */
typedef struct _NoteSaver NoteSaver;

/* A text of @encounter_id is on disk; @error: why it is not, and is tried again. */
typedef void (*NoteSaved) (gpointer user_data, const char *encounter_id, const GError *error);

NoteSaver *
note_saver_new (CareContext *context, const char *patient_id, NoteSaved saved, gpointer user_data);
void note_saver_close (NoteSaver *self);
void note_saver_put (NoteSaver *self, const char *encounter_id, const char *text);
gboolean note_saver_drop (NoteSaver *self, const char *encounter_id);
const char *note_saver_get_text (NoteSaver *self, const char *encounter_id);

G_END_DECLS
