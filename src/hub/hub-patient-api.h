/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>

#include "hub-visit.h"
#include "store-content.h"

G_BEGIN_DECLS

typedef enum
{
  HUB_PATIENT_STATE,
  HUB_PATIENT_VERIFY,
  HUB_PATIENT_DETAILS,
  HUB_PATIENT_DEVICE_TEST,
  HUB_PATIENT_LANGUAGE,
  HUB_PATIENT_CONSENT,
  HUB_PATIENT_WAIT,
  HUB_PATIENT_LEAVE,
  HUB_PATIENT_MEDICINES,
  HUB_PATIENT_CHOICE,
  HUB_PATIENT_AFTER,
  HUB_PATIENT_SURVEY,
  HUB_PATIENT_ICE,
  HUB_PATIENT_PROBE,
  HUB_PATIENT_INVITE,
  HUB_PATIENT_CALL_ME,
  HUB_PATIENT_CALL_STATE,
  HUB_PATIENT_TAKING,
  HUB_PATIENT_RENEWAL,
  HUB_PATIENT_CODE,
} HubPatientAction;

/* One request of the patient's page: filled in on the main loop, worked on by a thread of the
 * records, answered on the main loop. */
typedef struct
{
  HubPatientAction action;
  char *token;   /* the link's */
  char *hash;    /* of it */
  char *session; /* of the session's cookie; NULL without one */
  JsonNode *body;
  gboolean test_hooks;
  StoreContent *content; /* the server's; NULL without one */

  guint status;
  char *text;      /* the answer, JSON */
  char *cookie;    /* a new session */
  char *invited;   /* the token of a new invitation of a guest; NULL: none was made */
  gboolean known;  /* whether the session is the patient's */
  char *encounter; /* the visit of that session */
  gboolean over;   /* whether that visit has ended */
  gint64 seconds;  /* until the link ends */
} HubPatientCall;

gboolean hub_patient_call_writes (HubPatientAction action);
gboolean hub_patient_call_run (HubRecords *records, gpointer call, GError **error);
void hub_patient_call_fail (HubPatientCall *self, const GError *error);
void hub_patient_call_free (HubPatientCall *self);

G_END_DECLS
