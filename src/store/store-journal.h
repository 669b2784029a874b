/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "store-connection.h"

G_BEGIN_DECLS

typedef enum
{
  STORE_JOURNAL_CREATE,
  STORE_JOURNAL_UPDATE,
  STORE_JOURNAL_DELETE,
} StoreJournalVerb;

/* One local change that a server does not have yet. States: "waiting", "sending", "unknown" (the
 * answer was lost), "done", "refused", "held" (a person has to look). */
typedef struct
{
  gint64 sequence;
  char *group; /* entries of one group are sent in one transaction */
  StoreJournalVerb verb;
  char *type, *id, *patient, *base_version, *state, *reason;
  gint64 created_us;
  int attempts; /* how often it went to "sending" */
  int priority; /* higher goes first */
  char *lane;   /* order is kept within a lane: the patient's id, else "type/id" */
} StoreJournalEntry;

void store_journal_entry_free (StoreJournalEntry *self);
gboolean store_journal_append (StoreConnection *connection,
                               const char *group,
                               StoreJournalVerb verb,
                               const char *type,
                               const char *id,
                               const char *patient,
                               const char *base_version,
                               int priority,
                               gint64 *sequence,
                               GError **error);
GPtrArray *
store_journal_list (StoreConnection *connection, const char *state, guint limit, GError **error);
gboolean store_journal_set_state (StoreConnection *connection,
                                  gint64 sequence,
                                  const char *state,
                                  const char *reason,
                                  GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (StoreJournalEntry, store_journal_entry_free)

G_END_DECLS
