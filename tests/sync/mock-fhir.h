/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "fhir-resource.h"

/* A FHIR server of the size of a test: resources in a hash table, transactions that are all or
 * nothing, and faults that can be switched on. Lives on the thread and main context that made it.
 */

typedef enum
{
  MOCK_FAULT_NONE,
  MOCK_FAULT_CUT_BEFORE, /* the connection is cut before anything is done */
  MOCK_FAULT_CUT_AFTER,  /* everything is done, then the connection is cut */
  MOCK_FAULT_HALF,       /* done, and half of the answer sent */
  MOCK_FAULT_STATUS,     /* nothing done, `status` answered */
} MockFault;

typedef struct _MockFhir MockFhir;

typedef void (*MockHook) (MockFhir *mock, gpointer data);

struct _MockFhir
{
  struct MockServer *server;
  guint page_size;
  gboolean numbered_ids; /* the server chooses ids */
  gboolean no_bodies;    /* answers to writes carry no resources */
  MockFault fault;
  guint fault_count; /* how many transactions it hits; G_MAXUINT: all */
  guint status;
  const char *retry_after;
  const char *refuse_type; /* a transaction that holds this type is refused with 422 */
  const char *next_link;   /* instead of a real one */
  MockHook before_transaction;
  gpointer hook_data;

  guint transactions; /* that came, whatever became of them */
  guint requests;
  GPtrArray *log; /* "POST MedicationRequest/…" of each write that was done, in order */
};

MockFhir *mock_fhir_new (void);
void mock_fhir_free (MockFhir *self);
char *mock_fhir_dup_url (MockFhir *self);
void mock_fhir_set_reachable (MockFhir *self, gboolean reachable);
void mock_fhir_put (MockFhir *self, const char *json);
void mock_fhir_delete (MockFhir *self, const char *type, const char *id);
FhirResource *mock_fhir_get (MockFhir *self, const char *type, const char *id);
guint mock_fhir_count (MockFhir *self, const char *type);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MockFhir, mock_fhir_free)
