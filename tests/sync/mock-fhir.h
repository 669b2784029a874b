/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "fhir-resource.h"

/* A FHIR server of the size of a test: resources in a hash table, transactions that are all or
 * nothing, and what real servers do differently, to be switched on. Lives on the thread and main
 * context that made it. Tests are named after what they switch on. */

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
  const char *statement; /* CapabilityStatement, instead of one that says little */
  gboolean silent;       /* has none */

  /* How other servers behave; all off: as the hub does. */
  gboolean uuid_versions;
  gboolean no_if_match_on_delete; /* a stale version deletes all the same */
  gboolean no_if_match;           /* nor does it keep anybody from overwriting */
  guint no_new_ids;          /* status that a PUT to a new id gets; the id of a POST is dropped */
  gboolean no_if_none_exist; /* a second POST makes a second record */
  gboolean wrong_record;     /* If-None-Exist finds whatever there is of the type */
  gboolean no_transactions;  /* a bundle is answered with 404 */
  gboolean batch_only;       /* a transaction is done entry by entry */
  gboolean bare_answers;     /* 201 without a body, a relative Location, `ETag: 1` */
  gboolean wrong_etags;      /* the header names a version that never was */
  const char *refuse_parameter; /* a search with this in it is answered with 400 */
  gboolean no_filters;          /* every search answers with everything of the type */
  gboolean history;             /* of a type, with its deletions */
  gboolean counts;              /* _summary=count */
  gboolean integer_versions;    /* each record counts its own, from 1 */
  gboolean vread;               /* old versions can be read */
  const char *generation;       /* the name of its records: others are not spoken of */
  int lag;                      /* seconds that what is written now is older than it should be */
  gboolean dates;               /* answers say what time it is by the clock that stamps */
  const char *hide;             /* id that no search shows, though it is there */
  gboolean no_gone;             /* a deleted record was never there: 404 */
  gsize max_body;               /* a larger one is refused with `too_large` */
  guint too_large;
  guint expire_next;      /* so many next links are answered with 410, then they work again */
  gboolean doubled_pages; /* each page begins with the last of the page before */
  GRand *losses;          /* where set: of a hundred requests so many are done and not answered */
  guint lost_percent;
  guint throttle;        /* so many requests of any kind are answered 429 with `retry_after` */
  gboolean slow_uploads; /* a large body is read only when `mock_fhir_read_on()` says so */
  gboolean slow_orders;  /* a bundle is answered only when `mock_fhir_read_on()` says so */

  MockFault fault;
  guint fault_count; /* how many writes it hits; G_MAXUINT: all */
  guint status;
  const char *retry_after;
  const char *refuse_type; /* a transaction that holds this type is refused with 422 */
  const char *next_link;   /* instead of a real one */
  MockHook before_transaction;
  gpointer hook_data;

  guint transactions; /* bundles that came, whatever became of them */
  guint writes;       /* and other writes */
  guint requests;
  guint patches;   /* PATCH is never used */
  guint uploads;   /* large bodies whose headers came */
  gsize uploaded;  /* bytes of them that were read */
  GPtrArray *urls; /* "GET Patient?…" of each request, in order */
  GPtrArray *log;  /* "POST MedicationRequest/…" of each write that was done, in order */
};

MockFhir *mock_fhir_new (void);
void mock_fhir_free (MockFhir *self);
char *mock_fhir_dup_url (MockFhir *self);
void mock_fhir_set_reachable (MockFhir *self, gboolean reachable);
void mock_fhir_put (MockFhir *self, const char *json);
void mock_fhir_delete (MockFhir *self, const char *type, const char *id);
FhirResource *mock_fhir_get (MockFhir *self, const char *type, const char *id);
guint mock_fhir_count (MockFhir *self, const char *type);
GPtrArray *mock_fhir_list (MockFhir *self, const char *type);
guint mock_fhir_count_requests (MockFhir *self, const char *prefix);
void mock_fhir_empty (MockFhir *self);
void mock_fhir_back_up (MockFhir *self);
void mock_fhir_restore (MockFhir *self);
void mock_fhir_read_on (MockFhir *self);
void mock_fhir_answer_on (MockFhir *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MockFhir, mock_fhir_free)
