/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hub-join.h"

#include "base-id.h"
#include "fhir-date.h"
#include "fhir-reference.h"
#include "hub-gate.h"
#include "hub-records-local.h"
#include "hub-records.h"
#include "hub-reply.h"
#include "hub-signal.h"

/* Join links. How they are kept is the records' business: hub-records-local.c has a setting for
 * each, hub-upstream-link.c signs them. A link lasts until a day after the appointment's start:
 * long enough to choose a pharmacy afterwards. One for a patient's medicines belongs to no
 * appointment: it is good for some weeks, and for nothing but them. */

#define JOIN_LINK      "$join-link"
#define MEDICINES_LINK "$medicines-link"
#define LIFETIME       (24 * G_TIME_SPAN_HOUR)
/* The clinic's own choice: long enough to run out of a month's supply. */
#define MEDICINES_DAYS     35
#define MOST_DAYS          90
#define MEDICINES_DAYS_KEY "hub-medicines-days"

const char *const hub_join_names[HUB_JOIN_TEXTS] = {
  "appointment", "patient",    "encounter", "location", "callback",
  "camera",      "microphone", "speaker",   "network",  "summary",
  "why",         "measure",    "browser",   "language", "consents",
};

char **
hub_join_text (HubJoin *join, gsize index)
{
  char **const fields[] = { &join->appointment, &join->patient,  &join->encounter,  &join->location,
                            &join->callback,    &join->camera,   &join->microphone, &join->speaker,
                            &join->network,     &join->summary,  &join->why,        &join->measure,
                            &join->browser,     &join->language, &join->consents };

  return fields[index];
}

HubJoin *
hub_join_new (const char *hash)
{
  HubJoin *join = g_new0 (HubJoin, 1);

  join->hash = g_strdup (hash);
  join->sessions = g_ptr_array_new_with_free_func (g_free);
  return join;
}

void
hub_join_free (HubJoin *join)
{
  for (gsize i = 0; i < HUB_JOIN_TEXTS; i++)
    g_free (*hub_join_text (join, i));
  g_ptr_array_unref (join->sessions);
  g_clear_pointer (&join->task, fhir_resource_unref);
  g_free (join->hash);
  g_free (join);
}

/**
 * hub_join_hash:
 * @secret: a link's token or a session's cookie
 *
 * Returns: (transfer full): what is stored in its place
 */
char *
hub_join_hash (const char *secret)
{
  return base_sha256_hex (secret, -1);
}

/**
 * hub_join_load:
 * @error: HUB_ERROR 404 alike for a link that never was and one that has expired
 *
 * Returns: (transfer full) (nullable): the link
 */
HubJoin *
hub_join_load (HubRecords *records, const char *token, GError **error)
{
  return records->interface->load_link (records, token, error);
}

gboolean
hub_join_save (HubRecords *records, HubJoin *join, GError **error)
{
  return records->interface->save_link (records, join, error);
}

gboolean
hub_join_has_session (HubJoin *join, const char *session_hash)
{
  for (guint i = 0; session_hash != NULL && i < join->sessions->len; i++)
    if (base_equal_constant_time (join->sessions->pdata[i], session_hash))
      return TRUE;
  return FALSE;
}

/**
 * hub_join_add_session:
 *
 * Returns: (transfer full): the cookie of a new session; the oldest of too many ends
 */
char *
hub_join_add_session (HubJoin *join)
{
  char *cookie = base_id_new_token ();

  if (join->sessions->len >= HUB_JOIN_SESSIONS)
    g_ptr_array_remove_index (join->sessions, 0);
  g_ptr_array_add (join->sessions, hub_join_hash (cookie));
  return cookie;
}

/**
 * hub_join_dup_patient:
 *
 * Returns: (transfer full) (nullable): the id of the patient that @appointment names
 */
char *
hub_join_dup_patient (FhirResource *appointment)
{
  fhir_element_foreach (participant, fhir_resource_path (appointment, "participant"))
    {
      const char *reference = fhir_element_path_text (participant, "actor.reference");
      g_autofree char *type = NULL;
      g_autofree char *id = NULL;

      if (reference != NULL && fhir_reference_split (reference, &type, &id) &&
          g_strcmp0 (type, "Patient") == 0)
        return g_steal_pointer (&id);
    }
  return NULL;
}

static gint64
expiry_of (FhirResource *appointment, gint64 now)
{
  const char *start = fhir_resource_path_text (appointment, "start");
  FhirDate date;
  gint64 low = now;
  gint64 high = now;

  if (start != NULL && fhir_date_parse (start, &date))
    fhir_date_bounds (&date, &low, &high);
  return MAX (low, now) + LIFETIME;
}

/**
 * hub_join_create_in:
 * @records: in a work that writes
 * @appointment: id of a booked Appointment with a patient
 * @expires: (out) (nullable): when the link ends, in microseconds since 1970
 * @error: STORE_ERROR, or HUB_ERROR 409 where the appointment is not one to join
 *
 * Returns: (transfer full) (nullable): the token, which is kept nowhere else
 */
char *
hub_join_create_in (HubRecords *records, const char *appointment, gint64 *expires, GError **error)
{
  const char *const open[] = { "booked", "arrived", "checked-in", "pending", NULL };
  g_autoptr (FhirResource) resource = hub_records_get (records, "Appointment", appointment, error);
  g_autofree char *reference = g_strconcat ("Appointment/", appointment, NULL);
  g_autofree char *token = NULL;
  g_autoptr (HubJoin) join = hub_join_new (NULL);
  const char *status;

  if (resource == NULL)
    return NULL;
  status = fhir_resource_path_text (resource, "status");
  join->appointment = g_strdup (appointment);
  join->patient = hub_join_dup_patient (resource);
  if (status == NULL || !g_strv_contains (open, status) || join->patient == NULL)
    {
      g_set_error_literal (error, HUB_ERROR, 409,
                           "Only a booked appointment that names its patient can be joined");
      return NULL;
    }
  join->expires = expiry_of (resource, base_clock_now (records->clock));
  token = records->interface->make_link (records, join, error);
  if (token == NULL ||
      !hub_records_audit (records, "write", "hub", join->patient, reference, "join link", error))
    return NULL;
  if (expires != NULL)
    *expires = join->expires;
  return g_steal_pointer (&token);
}

void
hub_join_ended_clear (HubJoinEnded *ended)
{
  g_clear_pointer (&ended->sessions, g_ptr_array_unref);
  g_clear_pointer (&ended->encounters, g_ptr_array_unref);
}

/**
 * hub_join_end_links:
 * @ended: (out): what is to be closed by hub_signal_end_links() once this was written
 *
 * All links of an appointment end, with their sessions: they went where they should not have.
 */
gboolean
hub_join_end_links (HubRecords *records,
                    const char *appointment,
                    HubJoinEnded *ended,
                    GError **error)
{
  hub_join_ended_clear (ended);
  ended->sessions = g_ptr_array_new_with_free_func (g_free);
  ended->encounters = g_ptr_array_new_with_free_func (g_free);
  if (records->interface->end_links != NULL)
    return records->interface->end_links (records, appointment, ended, error);
  g_set_error_literal (error, HUB_ERROR, 501, "In front of another server links end by themselves");
  return FALSE;
}

/* ---- for the medicines ---- */

/* Whether it leads to a patient's medicines alone, and to no visit. */
gboolean
hub_join_is_for_medicines (HubJoin *join)
{
  return join->appointment == NULL;
}

/* @days: how long such a link is good; 0: as is usual */
void
hub_join_set_medicines_days (HubServer *server, int days)
{
  g_object_set_data (G_OBJECT (server), MEDICINES_DAYS_KEY,
                     GINT_TO_POINTER (CLAMP (days, 0, MOST_DAYS)));
}

static int
medicines_days (HubServer *server)
{
  int days = GPOINTER_TO_INT (g_object_get_data (G_OBJECT (server), MEDICINES_DAYS_KEY));

  return days > 0 ? days : MEDICINES_DAYS;
}

/**
 * hub_join_end_medicines:
 * @ended: (out): as of hub_join_end_links()
 *
 * All links to the medicines of a patient end: one at a time is enough, and the one before may be
 * lost.
 */
gboolean
hub_join_end_medicines (HubRecords *records,
                        const char *patient,
                        HubJoinEnded *ended,
                        GError **error)
{
  hub_join_ended_clear (ended);
  ended->sessions = g_ptr_array_new_with_free_func (g_free);
  ended->encounters = g_ptr_array_new_with_free_func (g_free);
  if (hub_records_local_get_connection (records) != NULL)
    return hub_records_local_end_medicines (records, patient, ended, error);
  g_set_error_literal (error, HUB_ERROR, 501,
                       "In front of another server there are links to visits only");
  return FALSE;
}

/* Who cannot type a date of birth that the record knows sees nothing (hazard H7). */
static gboolean
may_have_link (FhirResource *patient, GError **error)
{
  const FhirElement *active = fhir_resource_path (patient, "active");

  if (fhir_resource_path (patient, "deceasedDateTime") == NULL &&
      !fhir_element_is_true (fhir_resource_path (patient, "deceasedBoolean")) &&
      (active == NULL || fhir_element_is_true (active)) &&
      fhir_resource_path_text (patient, "birthDate") != NULL)
    return TRUE;
  g_set_error_literal (error, HUB_ERROR, 409,
                       "Only a living patient of the clinic whose date of birth is recorded gets a "
                       "link to their medicines");
  return FALSE;
}

static char *
create_medicines_in (
    HubRecords *records, const char *patient, int days, gint64 *expires, GError **error)
{
  g_autoptr (FhirResource) resource = hub_records_get (records, "Patient", patient, error);
  g_autoptr (HubJoin) join = hub_join_new (NULL);
  g_autofree char *token = NULL;

  if (resource == NULL || !may_have_link (resource, error))
    return NULL;
  join->patient = g_strdup (patient);
  join->expires = base_clock_now (records->clock) + days * G_TIME_SPAN_DAY;
  token = records->interface->make_link (records, join, error);
  if (token == NULL ||
      !hub_records_audit (records, "write", "hub", patient, "Patient", "medicines link", error))
    return NULL;
  *expires = join->expires;
  return g_steal_pointer (&token);
}

typedef struct
{
  char *appointment;
  char *patient; /* of whom, where there is no appointment */
  int days;
  char *token;
  gint64 expires;
  gboolean ended; /* whatever was made before is good for nothing */
  HubJoinEnded closing;
} Creation;

static void
creation_free (gpointer data)
{
  Creation *creation = data;

  g_free (creation->appointment);
  g_free (creation->patient);
  g_free (creation->token);
  hub_join_ended_clear (&creation->closing);
  g_free (creation);
}

static gboolean
create_medicines_work (HubRecords *records, Creation *creation, GError **error)
{
  creation->ended = TRUE;
  if (!hub_join_end_medicines (records, creation->patient, &creation->closing, error))
    return FALSE;
  g_free (creation->token);
  creation->token =
      create_medicines_in (records, creation->patient, creation->days, &creation->expires, error);
  return creation->token != NULL;
}

/* A new link is asked for because the old one is lost, or in the wrong hands. In front of another
 * server a link is signed and cannot be taken back: the answer says so. */
static gboolean
create_work (HubRecords *records, gpointer data, GError **error)
{
  Creation *creation = data;

  if (creation->appointment == NULL)
    return create_medicines_work (records, creation, error);
  creation->ended = records->interface->end_links != NULL;
  if (creation->ended &&
      !hub_join_end_links (records, creation->appointment, &creation->closing, error))
    return FALSE;
  g_free (creation->token);
  creation->token = hub_join_create_in (records, creation->appointment, &creation->expires, error);
  return creation->token != NULL;
}

/**
 * hub_join_dup_url:
 *
 * Returns: (transfer full): the link that a patient opens
 */
char *
hub_join_dup_url (HubServer *server, const char *token)
{
  return g_strconcat (hub_server_get_public_url (server), "/join/", token, NULL);
}

static char *
create_now (HubServer *server, Creation *creation, gint64 *expires, GError **error)
{
  g_autofree char *token = NULL;

  if (!hub_records_run (server, TRUE, create_work, creation, error))
    {
      hub_join_ended_clear (&creation->closing);
      return NULL;
    }
  hub_signal_end_links (server, &creation->closing);
  hub_join_ended_clear (&creation->closing);
  token = creation->token;
  if (expires != NULL)
    *expires = creation->expires;
  return hub_join_dup_url (server, token);
}

/**
 * hub_join_create:
 * @server: a started server
 * @expires: (out) (nullable): when the link ends, in microseconds since 1970
 *
 * Waits for the records: for set-up and tests, not for a handler.
 *
 * Returns: (transfer full) (nullable): the link that a patient opens
 */
char *
hub_join_create (HubServer *server, const char *appointment, gint64 *expires, GError **error)
{
  Creation creation = { .appointment = (char *) appointment };

  return create_now (server, &creation, expires, error);
}

/* As hub_join_create(), to the medicines of @patient. */
char *
hub_join_create_medicines (HubServer *server, const char *patient, gint64 *expires, GError **error)
{
  Creation creation = { .patient = (char *) patient, .days = medicines_days (server) };

  return create_now (server, &creation, expires, error);
}

/* ---- POST /fhir/Appointment/{id}/$join-link, /fhir/Patient/{id}/$medicines-link ---- */

typedef struct
{
  HubServer *server;
  SoupServerMessage *message;
  Creation *creation;
} Operation;

static char *
dup_parameters (const char *url, const Creation *creation)
{
  g_autoptr (GDateTime) time = g_date_time_new_from_unix_utc_usec (creation->expires);
  g_autofree char *instant = g_date_time_format (time, "%Y-%m-%dT%H:%M:%SZ");

  /* Neither part can hold a character that JSON escapes. */
  return g_strdup_printf ("{\"resourceType\":\"Parameters\",\"parameter\":["
                          "{\"name\":\"url\",\"valueUrl\":\"%s\"},"
                          "{\"name\":\"expires\",\"valueInstant\":\"%s\"},"
                          "{\"name\":\"others-ended\",\"valueBoolean\":%s}]}",
                          url, instant, creation->ended ? "true" : "false");
}

static void
end_operation (Operation *operation)
{
  soup_server_message_unpause (operation->message);
  creation_free (operation->creation);
  g_object_unref (operation->message);
  g_free (operation);
}

static void
operation_done_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  Operation *operation = data;
  g_autoptr (GError) error = NULL;

  if (!hub_records_run_finish (result, &error))
    hub_reply_error (operation->message, error);
  else
    {
      g_autofree char *url = hub_join_dup_url (operation->server, operation->creation->token);

      hub_signal_end_links (operation->server, &operation->creation->closing);
      hub_reply_text (operation->message, 200, HUB_FHIR_JSON,
                      dup_parameters (url, operation->creation));
    }
  soup_message_headers_replace (soup_server_message_get_response_headers (operation->message),
                                "Cache-Control", "no-store");
  end_operation (operation);
}

/* (transfer full) (nullable): the id of what a link is asked for */
static char *
id_of_path (const char *path, const char *type, const char *operation)
{
  g_auto (GStrv) parts = g_strsplit (path, "/", -1);

  if (g_strv_length (parts) != 5 || !g_str_equal (parts[1], "fhir") ||
      !g_str_equal (parts[2], type) || !g_str_equal (parts[4], operation) ||
      !fhir_id_is_valid (parts[3]))
    return NULL;
  return g_strdup (parts[3]);
}

static gboolean
may_create (HubServer *server, SoupServerMessage *message)
{
  g_autoptr (HubUser) user = hub_access_authenticate (hub_server_get_access (server), message);

  if (user == NULL)
    {
      hub_reply_outcome (message, 401, "Sign in to make a join link");
      return FALSE;
    }
  if (user->role != HUB_ROLE_PRESCRIBER && user->role != HUB_ROLE_NURSE &&
      user->role != HUB_ROLE_RECEPTION && user->role != HUB_ROLE_ADMIN)
    {
      hub_reply_outcome (message, 403, "Join links are made by the clinic");
      return FALSE;
    }
  return TRUE;
}

static void
start_operation (Operation *operation)
{
  hub_records_run_async (operation->server, TRUE, create_work, operation->creation,
                         operation_done_cb, operation);
}

static void
asked_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  Operation *operation = data;
  g_autoptr (GError) error = NULL;

  if (!hub_gate_ask_finish (result, &error))
    {
      hub_reply_error (operation->message, error);
      end_operation (operation);
    }
  else if (may_create (operation->server, operation->message))
    start_operation (operation);
  else
    end_operation (operation);
}

static void
handle_operation (HubServer *server, SoupServerMessage *message, const char *path)
{
  g_autofree char *appointment = id_of_path (path, "Appointment", JOIN_LINK);
  g_autofree char *patient = id_of_path (path, "Patient", MEDICINES_LINK);
  gboolean asks = hub_gate_must_ask (server, message);
  Operation *operation;

  if (appointment == NULL && patient == NULL)
    return;
  if (g_strcmp0 (soup_server_message_get_method (message), "POST") != 0)
    {
      hub_reply_outcome (message, 405, "This operation is called with POST");
      return;
    }
  if (!asks && !may_create (server, message))
    return;
  operation = g_new0 (Operation, 1);
  operation->server = server;
  operation->message = g_object_ref (message);
  operation->creation = g_new0 (Creation, 1);
  operation->creation->appointment = g_steal_pointer (&appointment);
  operation->creation->patient = g_steal_pointer (&patient);
  operation->creation->days = medicines_days (server);
  soup_server_message_pause (message);
  if (asks)
    hub_gate_ask_async (server, message, asked_cb, operation);
  else
    start_operation (operation);
}

static void
got_headers_cb (SoupServerMessage *message, gpointer data)
{
  const char *path = g_uri_get_path (soup_server_message_get_uri (message));

  if (g_str_has_suffix (path, "/" JOIN_LINK) || g_str_has_suffix (path, "/" MEDICINES_LINK))
    handle_operation (data, message, path);
}

static void
request_started_cb (SoupServer *soup, SoupServerMessage *message, gpointer data)
{
  g_signal_connect (message, "got-headers", G_CALLBACK (got_headers_cb), data);
}

/**
 * hub_join_attach:
 *
 * The operation stands under the path of the FHIR server, which has its one handler already; so it
 * is answered as soon as a request's headers are there, and the handler then finds it answered.
 */
void
hub_join_attach (HubServer *server)
{
  g_signal_connect (hub_server_get_soup (server), "request-started",
                    G_CALLBACK (request_started_cb), server);
}
