/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "hub-patient-api.h"
#include "hub-records.h"

G_BEGIN_DECLS

#define HUB_PATIENT_WHO "patient by join link"

/* hub-patient.c */
void hub_patient_set_headers (SoupServerMessage *message);
gboolean hub_patient_is_cross_site (SoupServerMessage *message);
JsonNode *hub_patient_read_body (SoupServerMessage *message, guint depth);
void hub_patient_reply_error (SoupServerMessage *message, guint status, const char *error);
void hub_patient_reply_probe (HubServer *server, SoupServerMessage *message);
gboolean hub_patient_may_call (HubServer *server, const char *hash);
gboolean hub_patient_may_try (HubServer *server, SoupServerMessage *message);
gboolean hub_patient_knows_session (HubServer *server, const char *session);
char *hub_patient_dup_ice (HubServer *server, gboolean known);

/* hub-patient-echo.c */
void hub_patient_attach_echo (HubServer *server);

/* hub-patient-file.c */
GBytes *hub_patient_find_file (const char *name);
void hub_patient_reply_file (SoupServerMessage *message, guint status, const char *name);

/* hub-patient-try.c */
void hub_patient_attach_try (HubServer *server);

/* What the parts that answer a patient's page share. A body is hostile until it was read by these.
 */
/* hub-patient-api.c */
const char *hub_patient_body_text (HubPatientCall *self, const char *name);
JsonObject *hub_patient_body_object (HubPatientCall *self);
char *hub_patient_clean_text (const char *text, glong limit);
char *hub_patient_plain_text (const char *text, glong limit);
void hub_patient_answer (HubPatientCall *self, guint status, JsonBuilder *out);
void hub_patient_answer_error (HubPatientCall *self, guint status, const char *error);
gboolean
hub_patient_answer_state (HubRecords *records, HubPatientCall *self, HubJoin *join, GError **error);

/* hub-patient-check.c */
gboolean
hub_patient_device_test (HubRecords *records, HubPatientCall *self, HubJoin *join, GError **error);
gboolean
hub_patient_language (HubRecords *records, HubPatientCall *self, HubJoin *join, GError **error);

gboolean hub_patient_refuse_over (HubRecords *records, HubJoin *join, GError **error);
gboolean hub_patient_tell_clinic (HubRecords *records, HubJoin *join, GError **error);

/* hub-patient-taking.c */
gboolean hub_patient_find_current (
    HubRecords *records, HubPatientCall *self, HubJoin *join, FhirResource **out, GError **error);

/* hub-patient-consent.c */
gboolean
hub_patient_consent (HubRecords *records, HubPatientCall *self, HubJoin *join, GError **error);
void hub_patient_recall_consents (HubRecords *records, HubJoin *join);
void hub_patient_add_consents (HubJoin *join, JsonBuilder *out);

/* An answer to one request for a picture out of the call. */
typedef struct
{
  const char *encounter, *request;
  const char *language; /* in which it was asked */
  gint64 version;       /* of the wording */
  gboolean permit;
} HubPictureConsent;

gboolean hub_patient_put_picture_consent (HubRecords *records,
                                          const HubPictureConsent *consent,
                                          char **reference,
                                          GError **error);

/* hub-patient-invite.c */
gboolean
hub_patient_invite (HubRecords *records, HubPatientCall *self, HubJoin *join, GError **error);
void hub_patient_answer_invited (HubServer *server, HubPatientCall *self);

/* hub-patient-after.c */
gboolean
hub_patient_add_survey (HubRecords *records, HubJoin *join, JsonBuilder *out, GError **error);
gboolean
hub_patient_after (HubRecords *records, HubPatientCall *self, HubJoin *join, GError **error);
gboolean
hub_patient_survey (HubRecords *records, HubPatientCall *self, HubJoin *join, GError **error);

G_END_DECLS
