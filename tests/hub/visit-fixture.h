/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "visit-clinic.h"

#include "hub-signal-room-private.h"

#include <string.h>

/* A visit with its two ends, for tests of the signalling: who comes, what is said, and how the hub
 * sees that both are gone. */

G_BEGIN_DECLS

static inline VisitSocket *
open_patient (VisitClinic *clinic, const char *encounter)
{
  g_autofree char *path = g_strdup_printf ("/visit/%s/signal", encounter);
  VisitSocket *socket = visit_socket_open (clinic, path, clinic->cookie, NULL);

  g_assert_no_error (socket->error);
  return socket;
}

static inline VisitSocket *
open_clinician (VisitClinic *clinic, const char *encounter)
{
  g_autofree char *path = g_strdup_printf ("/visit/%s/signal", encounter);
  VisitSocket *socket = visit_socket_open (clinic, path, NULL, clinic->doctor);

  g_assert_no_error (socket->error);
  return socket;
}

static inline void
greet (VisitSocket *socket, const char *role, guint epoch)
{
  g_autofree char *hello =
      g_strdup_printf ("{\"type\":\"hello\",\"role\":\"%s\",\"epoch\":%u}", role, epoch);
  g_autofree char *answer = NULL;

  visit_socket_send (socket, hello);
  answer = visit_socket_expect (socket, "hello");
  g_assert_nonnull (strstr (answer, role));
}

/* The next message of @type that has @part in it; others before it are passed over. */
static inline void
expect (VisitSocket *socket, const char *type, const char *part)
{
  g_autofree char *text = visit_socket_expect (socket, type);

  while (part != NULL && strstr (text, part) == NULL)
    {
      g_free (text);
      text = visit_socket_expect (socket, type);
    }
}

typedef struct
{
  VisitClinic *clinic;
  char *encounter;
  VisitSocket *patient, *clinician;
} Visit;

static inline void
visit_set_up (Visit *visit, gconstpointer data)
{
  visit->clinic = visit_clinic_new ();
  visit->encounter = visit_clinic_wait (visit->clinic);
  visit->patient = open_patient (visit->clinic, visit->encounter);
  greet (visit->patient, "patient", 0);
  visit_socket_send (visit->patient, "{\"type\":\"waiting\"}");
  visit->clinician = open_clinician (visit->clinic, visit->encounter);
  greet (visit->clinician, "clinician", 0);
}

static inline void
visit_tear_down (Visit *visit, gconstpointer data)
{
  g_clear_pointer (&visit->patient, visit_socket_free);
  g_clear_pointer (&visit->clinician, visit_socket_free);
  visit_clinic_free (visit->clinic);
  g_free (visit->encounter);
}

static inline void
set_status (Visit *visit, const char *status)
{
  g_autoptr (FhirResource) encounter =
      visit_clinic_get (visit->clinic, "Encounter", visit->encounter);
  g_autofree char *before =
      g_strdup_printf ("\"status\":\"%s\"", fhir_resource_path_text (encounter, "status"));
  g_autofree char *after = g_strdup_printf ("\"status\":\"%s\"", status);
  g_autoptr (GString) text = g_string_new (fhir_resource_get_text (encounter, NULL));

  g_string_replace (text, before, after, 0);
  visit_clinic_put (visit->clinic, text->str);
}

static inline void
turn_clock (Visit *visit, int hour, int minute)
{
  g_autoptr (GDateTime) now = g_date_time_new_utc (2026, 11, 22, hour, minute, 0);

  base_clock_advance (visit->clinic->clock,
                      g_date_time_to_unix_usec (now) - base_clock_now (visit->clinic->clock));
  hub_signal_tick (visit->clinic->server);
}

/* Whatever the store was given to write has been written when this returns. */
static inline void
flush (Visit *visit)
{
  visit_clinic_put (visit->clinic,
                    "{\"resourceType\":\"Basic\",\"id\":\"flush\",\"code\":{\"text\":\"x\"}}");
}

static inline guint
count_interrupted (Visit *visit)
{
  g_autoptr (GPtrArray) ids = NULL;

  flush (visit);
  ids = visit_clinic_find (visit->clinic, "Task",
                           "code=https://bedside.health/fhir/task|visit-interrupted");
  return ids->len;
}

static inline gboolean
has_interrupted (gpointer data)
{
  return count_interrupted (data) == 1;
}

/* What is lost is reported once, however long it takes to be written. */
static inline void
expect_interrupted (Visit *visit)
{
  visit_clinic_spin (has_interrupted, visit);
  g_assert_cmpuint (count_interrupted (visit), ==, 1);
}

static inline gboolean
is_begun (gpointer data)
{
  Visit *visit = data;
  HubSignalRoom *room = visit_clinic_find_room (visit->clinic, visit->encounter);

  return room != NULL && room->record == HUB_VISIT_IN_PROGRESS;
}

/* The visit is in progress, and the hub has read it. */
static inline void
begin (Visit *visit)
{
  set_status (visit, "in-progress");
  if (!visit_clinic_spin (is_begun, visit))
    g_error ("the hub has not read that the visit is in progress");
}

static inline void
tick (Visit *visit, guint count)
{
  for (guint i = 0; i < count; i++)
    hub_signal_tick (visit->clinic->server);
}

static inline gboolean
is_empty (gpointer data)
{
  Visit *visit = data;
  HubSignalRoom *room = visit_clinic_find_room (visit->clinic, visit->encounter);

  return room->peers[CARE_VISIT_ROLE_PATIENT] == NULL &&
         room->peers[CARE_VISIT_ROLE_CLINICIAN] == NULL;
}

/* Both sockets gone, and the hub has seen it. */
static inline void
lose_both (Visit *visit)
{
  visit_socket_send (visit->clinician, "{\"type\":\"admit\"}");
  expect (visit->patient, "admit", NULL);
  g_clear_pointer (&visit->clinician, visit_socket_free);
  expect (visit->patient, "peer", "\"present\":false");
  g_clear_pointer (&visit->patient, visit_socket_free);
  if (!visit_clinic_spin (is_empty, visit))
    g_error ("the hub has not seen that both are gone");
}

G_END_DECLS
