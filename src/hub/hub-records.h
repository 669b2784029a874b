/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "fhir-resource.h"
#include "hub-join.h"

G_BEGIN_DECLS

/* The clinic's records as visits and patients' pages need them: in this hub's own store, or in
 * another FHIR server that the hub stands in front of. One lives for one HubRecordsWork, on the
 * thread that runs it, and may wait.
 *
 * Own store: a work that writes is one transaction, and its audit rows are in it. Another server:
 * each write goes out by itself, with the version that it was read in; where somebody was faster
 * the whole work runs again, so a work sets each of its answers anew. Errors are STORE_ERROR
 * (NOT_FOUND, GONE, CONFLICT) and HUB_ERROR in both. */
typedef gboolean (*HubRecordsWork) (HubRecords *records, gpointer data, GError **error);

typedef struct
{
  FhirResource *(*get) (HubRecords *self, const char *type, const char *id, GError **error);
  GPtrArray *(*search) (HubRecords *self, const char *type, const char *query, GError **error);
  /* @before: NULL where there is none; the id that @after has is then a wish. @id: (out) (optional)
   * @changed: (out): FALSE where the same stands there already */
  gboolean (*put) (HubRecords *self,
                   FhirResource *before,
                   FhirResource *after,
                   char **id,
                   gboolean *changed,
                   GError **error);
  gboolean (*audit) (HubRecords *self,
                     const char *action,
                     const char *who,
                     const char *patient,
                     const char *reference,
                     const char *detail,
                     GError **error);
  /* @join has its appointment, its patient and its end; gives the token */
  char *(*make_link) (HubRecords *self, HubJoin *join, GError **error);
  HubJoin *(*load_link) (HubRecords *self, const char *token, GError **error);
  gboolean (*save_link) (HubRecords *self, HubJoin *join, GError **error);
  gboolean (*end_links) (HubRecords *self,
                         const char *appointment,
                         HubJoinEnded *ended,
                         GError **error);
} HubRecordsInterface;

struct _HubRecords
{
  const HubRecordsInterface *interface;
  BaseClock *clock;
};

#define HUB_RECORDS_IDENTIFIER "https://bedside.health/fhir/identifier/hub"

FhirResource *hub_records_get (HubRecords *self, const char *type, const char *id, GError **error);
gboolean hub_records_find (
    HubRecords *self, const char *type, const char *id, FhirResource **out, GError **error);
GPtrArray *
hub_records_search (HubRecords *self, const char *type, const char *query, GError **error);
gboolean hub_records_put (HubRecords *self,
                          FhirResource *before,
                          FhirResource *after,
                          const char *who,
                          const char *patient,
                          const char *detail,
                          char **id,
                          GError **error);
gboolean hub_records_put_once (HubRecords *self,
                               FhirResource *resource,
                               const char *who,
                               const char *patient,
                               const char *detail,
                               GError **error);
gboolean hub_records_audit (HubRecords *self,
                            const char *action,
                            const char *who,
                            const char *patient,
                            const char *reference,
                            const char *detail,
                            GError **error);

/* For the main loop. @data must last until @callback. */
void hub_records_run_async (HubServer *server,
                            gboolean writes,
                            HubRecordsWork work,
                            gpointer data,
                            GAsyncReadyCallback callback,
                            gpointer user_data);
gboolean hub_records_run_finish (GAsyncResult *result, GError **error);
gboolean hub_records_run (
    HubServer *server, gboolean writes, HubRecordsWork work, gpointer data, GError **error);

G_END_DECLS
