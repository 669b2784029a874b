/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "visit-clinic.h"

#include "store-audit.h"

#include <string.h>

/* What a visit's signalling does with those who mean it no good: whoever holds a patient's link is
 * anybody. */

typedef struct
{
  VisitClinic *clinic;
  char *path;
  VisitSocket *patient, *clinician;
} Visit;

static VisitSocket *
come (Visit *visit, gboolean is_patient, const char *hello)
{
  VisitSocket *socket =
      visit_socket_open (visit->clinic, visit->path, is_patient ? visit->clinic->cookie : NULL,
                         is_patient ? NULL : visit->clinic->doctor);

  g_assert_no_error (socket->error);
  visit_socket_send (socket, hello);
  g_free (visit_socket_expect (socket, "hello"));
  return socket;
}

static void
set_up (Visit *visit, gconstpointer data)
{
  g_autofree char *encounter = NULL;

  visit->clinic = visit_clinic_new ();
  encounter = visit_clinic_wait (visit->clinic);
  visit->path = g_strdup_printf ("/visit/%s/signal", encounter);
  visit->patient = come (visit, TRUE, "{\"type\":\"hello\",\"role\":\"patient\"}");
  visit->clinician = come (visit, FALSE, "{\"type\":\"hello\",\"role\":\"clinician\"}");
}

static void
tear_down (Visit *visit, gconstpointer data)
{
  g_clear_pointer (&visit->patient, visit_socket_free);
  g_clear_pointer (&visit->clinician, visit_socket_free);
  visit_clinic_free (visit->clinic);
  g_free (visit->path);
}

static void
expect_error (VisitSocket *socket, const char *part)
{
  g_autofree char *text = visit_socket_expect (socket, "error");

  while (strstr (text, part) == NULL)
    {
      g_free (text);
      text = visit_socket_expect (socket, "error");
    }
}

static char *
answer_with (guint candidates)
{
  g_autoptr (GString) text =
      g_string_new ("{\"type\":\"answer\",\"epoch\":1,\"sdp\":\"v=0\\r\\nm=video 9 X 96\\r\\n");

  for (guint i = 0; i < candidates; i++)
    g_string_append_printf (text, "a=candidate:%u 1 udp 1 10.0.0.1 9 typ host\\r\\n", i);
  g_string_append (text, "\"}");
  return g_string_free_and_steal (g_steal_pointer (&text));
}

/* A description with a thousand addresses would send the clinic's computer knocking at them all. */
static void
test_a_thousand_addresses (Visit *visit, gconstpointer data)
{
  g_autofree char *thousand = answer_with (1000);
  g_autofree char *ten = answer_with (10);

  g_assert_cmpuint (strlen (thousand), <, 60000);
  visit_socket_send (visit->patient, thousand);
  expect_error (visit->patient, "too many addresses");
  visit_socket_settle (visit->clinician);
  g_assert_false (visit_socket_has (visit->clinician, "answer"));
  visit_socket_send (visit->patient, ten);
  g_free (visit_socket_expect (visit->clinician, "answer"));
}

static guint
count_received (VisitSocket *socket, const char *type)
{
  guint count = 0;

  visit_socket_settle (socket);
  while (visit_socket_has (socket, type))
    {
      g_free (visit_socket_expect (socket, type));
      count++;
    }
  return count;
}

static void
send_many (VisitSocket *socket, guint count, const char *format, guint epoch)
{
  for (guint i = 0; i < count; i++)
    {
      g_autofree char *text = g_strdup_printf (format, epoch);

      visit_socket_send (socket, text);
    }
  visit_socket_settle (socket);
}

/* The same one by one; a fresh connection has a fresh allowance. */
static void
test_addresses_one_by_one (Visit *visit, gconstpointer data)
{
  const char *one = "{\"type\":\"candidate\",\"epoch\":%u,\"mline\":0,\"candidate\":\"c\"}";

  send_many (visit->patient, 250, one, 1);
  g_assert_true (visit_socket_has (visit->patient, "error"));
  g_assert_cmpuint (count_received (visit->clinician, "candidate"), ==, 200);
  send_many (visit->patient, 10, one, 2);
  g_assert_cmpuint (count_received (visit->clinician, "candidate"), ==, 10);
}

/* Each of them would make the clinic's computer build a whole connection. */
static void
test_renewals (Visit *visit, gconstpointer data)
{
  send_many (visit->patient, 40, "{\"type\":\"renew\",\"epoch\":%u}", 1);
  expect_error (visit->patient, "too often");
  g_assert_cmpuint (count_received (visit->clinician, "renew"), ==, 15);
  hub_signal_tick (visit->clinic->server);
  send_many (visit->patient, 1, "{\"type\":\"renew\",\"epoch\":%u}", 1);
  g_assert_cmpuint (count_received (visit->clinician, "renew"), ==, 1);
}

/* Who was thrown out for a flood has not got a fresh allowance by coming again. */
static void
test_a_flood_is_of_the_link (Visit *visit, gconstpointer data)
{
  for (guint i = 0; i < 500; i++)
    visit_socket_send (visit->patient, "{\"type\":\"ping\"}");
  visit_socket_expect_closed (visit->patient, SOUP_WEBSOCKET_CLOSE_POLICY_VIOLATION);
  g_assert_cmpstr (soup_websocket_connection_get_close_data (visit->patient->connection), ==,
                   "Too many messages");
  visit_socket_free (visit->patient);
  visit->patient = visit_socket_open (visit->clinic, visit->path, visit->clinic->cookie, NULL);
  g_assert_no_error (visit->patient->error);
  visit_socket_send (visit->patient, "{\"type\":\"ping\"}");
  visit_socket_expect_closed (visit->patient, SOUP_WEBSOCKET_CLOSE_POLICY_VIOLATION);
  hub_signal_tick (visit->clinic->server);
  visit_socket_free (visit->patient);
  visit->patient = come (visit, TRUE, "{\"type\":\"hello\",\"role\":\"patient\"}");
  visit_socket_settle (visit->clinician); /* who did nothing is still here */
}

/* Two pages that throw each other out, or one that comes without end: not let in for a while. */
static void
test_one_that_comes_too_often (Visit *visit, gconstpointer data)
{
  gboolean refused = FALSE;

  for (guint i = 0; i < 60 && !refused; i++)
    {
      VisitSocket *socket =
          visit_socket_open (visit->clinic, visit->path, visit->clinic->cookie, NULL);

      refused = socket->error != NULL;
      visit_socket_free (socket);
    }
  g_assert_true (refused);
  visit_socket_settle (visit->clinician); /* who did nothing is still here */
  hub_signal_tick (visit->clinic->server);
  visit_socket_free (visit->patient);
  visit->patient = come (visit, TRUE, "{\"type\":\"hello\",\"role\":\"patient\"}");
}

/* A message that names another visit, or another person, is one of this visit and of this socket.
 */
static void
test_another_visit_is_not_reached (Visit *visit, gconstpointer data)
{
  visit_socket_send (visit->patient, "{\"type\":\"chat\",\"text\":\"hi\",\"id\":\"1\",\"from\":"
                                     "\"clinician\",\"visit\":\"other\",\"encounter\":\"other\"}");
  {
    g_autofree char *chat = visit_socket_expect (visit->clinician, "chat");

    g_assert_nonnull (strstr (chat, "\"from\":\"patient\""));
    g_assert_null (strstr (chat, "other"));
  }
}

static gboolean
verify_audit (StoreConnection *connection, gpointer rows, GError **error)
{
  return store_audit_verify (connection, rows, error);
}

static gint64
count_audit (Visit *visit)
{
  gint64 rows = 0;

  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_true (store_database_read (visit->clinic->store, verify_audit, &rows, NULL));
  return rows;
}

/* Rows are written in batches, so they are waited for. */
static void
expect_audit (Visit *visit, gint64 rows)
{
  gint64 end = g_get_monotonic_time () + 30 * G_USEC_PER_SEC;

  while (count_audit (visit) < rows && g_get_monotonic_time () < end)
    g_usleep (5000);
  g_assert_cmpint (count_audit (visit), ==, rows);
}

/* The workstation refused a call: one row in the hub's chain for one connection, and only from the
 * clinic's side. */
static void
test_distrust_is_audited (Visit *visit, gconstpointer data)
{
  gint64 before = count_audit (visit);

  send_many (visit->clinician, 3,
             "{\"type\":\"distrust\",\"epoch\":%u,\"text\":\"showed ab, said cd\\nx\"}", 4);
  expect_audit (visit, before + 1);
  visit_socket_send (visit->patient, "{\"type\":\"distrust\",\"text\":\"me?\"}");
  expect_error (visit->patient, "not yours");
  send_many (visit->clinician, 1, "{\"type\":\"distrust\",\"epoch\":%u,\"text\":\"again\"}", 5);
  expect_audit (visit, before + 2);
  visit_socket_settle (visit->patient);
  g_assert_false (visit_socket_has (visit->patient, "distrust"));
}

int
main (int argc, char **argv)
{
  const struct
  {
    const char *name;
    void (*test) (Visit *visit, gconstpointer data);
  } tests[] = {
    { "/hub-signal-hostile/a-thousand-addresses", test_a_thousand_addresses },
    { "/hub-signal-hostile/addresses-one-by-one", test_addresses_one_by_one },
    { "/hub-signal-hostile/renewals", test_renewals },
    { "/hub-signal-hostile/a-flood-is-of-the-link", test_a_flood_is_of_the_link },
    { "/hub-signal-hostile/one-that-comes-too-often", test_one_that_comes_too_often },
    { "/hub-signal-hostile/another-visit-is-not-reached", test_another_visit_is_not_reached },
    { "/hub-signal-hostile/distrust-is-audited", test_distrust_is_audited },
  };

  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (tests); i++)
    g_test_add (tests[i].name, Visit, NULL, set_up, tests[i].test, tear_down);
  return g_test_run ();
}
