/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "visit-clinic.h"

#include "care-lobby.h"

#include <string.h>

/* What a clinic window is told of the waiting rooms. */

static void
expect_lobby (VisitSocket *lobby, const char *part)
{
  gint64 end = g_get_monotonic_time () + 30 * G_USEC_PER_SEC;

  while (g_get_monotonic_time () < end)
    {
      g_autofree char *text = g_queue_pop_head (&lobby->received);

      if (text != NULL && strstr (text, part) != NULL)
        return;
      if (text == NULL)
        {
          g_main_context_iteration (NULL, FALSE);
          g_usleep (1000);
        }
    }
  g_error ("The lobby never said %s", part);
}

static VisitSocket *
come (VisitClinic *clinic, const char *encounter, gboolean is_patient)
{
  g_autofree char *path = g_strdup_printf ("/visit/%s/signal", encounter);
  VisitSocket *socket = visit_socket_open (clinic, path, is_patient ? clinic->cookie : NULL,
                                           is_patient ? NULL : clinic->doctor);

  g_assert_no_error (socket->error);
  visit_socket_send (socket, is_patient ? "{\"type\":\"hello\",\"role\":\"patient\"}"
                                        : "{\"type\":\"hello\",\"role\":\"clinician\"}");
  g_free (visit_socket_expect (socket, "hello"));
  return socket;
}

/* The patient comes, writes twice, and somebody reads it. No word of it is told here. */
static void
test_unread (void)
{
  g_autoptr (VisitClinic) clinic = visit_clinic_new ();
  g_autofree char *encounter = visit_clinic_wait (clinic);
  g_autoptr (VisitSocket) lobby = visit_socket_open (clinic, "/lobby", NULL, clinic->nurse);
  g_autoptr (VisitSocket) patient = NULL;
  g_autoptr (VisitSocket) doctor = NULL;
  g_autofree char *one = NULL;

  g_assert_no_error (lobby->error);
  patient = come (clinic, encounter, TRUE);
  expect_lobby (lobby, "\"here\":true,\"unread\":0");
  visit_socket_send (patient, "{\"type\":\"chat\",\"text\":\"Marigold\",\"id\":\"1\"}");
  visit_socket_send (patient, "{\"type\":\"chat\",\"text\":\"and more\",\"id\":\"2\"}");
  expect_lobby (lobby, "\"here\":true,\"unread\":2");
  doctor = come (clinic, encounter, FALSE);
  visit_socket_send (doctor, "{\"type\":\"chat\",\"text\":\"I come\",\"id\":\"3\"}");
  g_free (visit_socket_expect (doctor, "ping"));
  visit_socket_send (doctor, "{\"type\":\"pong\"}");
  expect_lobby (lobby, "\"unread\":0");
  for (GList *item = lobby->received.head; item != NULL; item = item->next)
    g_assert_null (strstr (item->data, "Marigold"));
  g_clear_pointer (&patient, visit_socket_free);
  expect_lobby (lobby, "\"here\":false");
}

/* Who has a window open can be asked to take a visit over. */
static void
test_people (void)
{
  g_autoptr (VisitClinic) clinic = visit_clinic_new ();
  g_autoptr (VisitSocket) nurse = visit_socket_open (clinic, "/lobby", NULL, clinic->nurse);
  g_autoptr (VisitSocket) doctor = visit_socket_open (clinic, "/lobby", NULL, clinic->doctor);

  expect_lobby (nurse, "Practitioner/doctor");
  g_clear_pointer (&doctor, visit_socket_free);
  expect_lobby (nurse, "\"people\":[]");
  doctor = visit_socket_open (clinic, "/lobby", NULL, clinic->doctor);
  expect_lobby (nurse, "Practitioner/doctor");
  g_assert_true (hub_access_disable_user (clinic->access, "doctor"));
  visit_socket_expect_closed (doctor, SOUP_WEBSOCKET_CLOSE_POLICY_VIOLATION);
  expect_lobby (nurse, "\"people\":[]");
}

static void
test_strangers (void)
{
  g_autoptr (VisitClinic) clinic = visit_clinic_new ();
  g_autofree char *encounter = visit_clinic_wait (clinic);
  g_autoptr (VisitSocket) nobody = visit_socket_open (clinic, "/lobby", NULL, NULL);
  g_autoptr (VisitSocket) patient = visit_socket_open (clinic, "/lobby", clinic->cookie, NULL);
  g_autoptr (VisitSocket) desk = visit_socket_open (clinic, "/lobby", NULL, clinic->reception);
  g_autoptr (VisitSocket) talker = visit_socket_open (clinic, "/lobby", NULL, clinic->nurse);

  g_assert_nonnull (nobody->error);
  g_assert_nonnull (patient->error);
  g_assert_nonnull (desk->error);
  g_assert_no_error (talker->error);
  visit_socket_send (talker, "{}");
  visit_socket_expect_closed (talker, SOUP_WEBSOCKET_CLOSE_POLICY_VIOLATION);
}

static void
test_text (void)
{
  static const char *const bad[] = {
    "",
    "[]",
    "{}",
    "{\"visits\":[],\"people\":7}",
    "{\"visits\":[null],\"people\":[]}",
    "{\"visits\":[{\"visit\":1,\"here\":true,\"unread\":0}],\"people\":[]}",
    "{\"visits\":[{\"visit\":\"e\",\"here\":true,\"unread\":\"0\"}],\"people\":[]}",
    "{\"visits\":[],\"people\":[{}]}",
    "{\"visits\":[],\"people\":[null]}",
  };
  g_autoptr (CareLobby) lobby = care_lobby_new ();
  g_autoptr (CareLobby) again = NULL;
  g_autofree char *text = NULL;

  care_lobby_add_visit (lobby, "e", TRUE, 3);
  care_lobby_add_person (lobby, "Practitioner/a");
  care_lobby_add_person (lobby, "Practitioner/a");
  text = care_lobby_serialise (lobby);
  again = care_lobby_parse (text, -1);
  g_assert_cmpuint (care_lobby_find (again, "e")->unread, ==, 3);
  g_assert_null (care_lobby_find (again, "f"));
  g_assert_cmpuint (again->people->len, ==, 1);
  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++)
    g_assert_null (care_lobby_parse (bad[i], -1));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/hub-signal-lobby/unread", test_unread);
  g_test_add_func ("/hub-signal-lobby/people", test_people);
  g_test_add_func ("/hub-signal-lobby/strangers", test_strangers);
  g_test_add_func ("/hub-signal-lobby/text", test_text);
  return g_test_run ();
}
