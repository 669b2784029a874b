/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hub-notify.h"

#include <string.h>

#include "hub-notify-mail.h"
#include "hub-notify-queue.h"
#include "hub-notify-words.h"
#include "store-resource.h"
#include "store-setting.h"
#include "visit-clinic.h"

/* How long a message is tried, and what it says; the ways themselves are in test_messages.py. */

static guint tries;

static void
send_never (HubNotifyBackEnd *self, const HubNotice *notice, GTask *task)
{
  tries++;
  g_task_return_pointer (task, hub_notify_result_new (HUB_NOTIFY_LATER, 0, "Nobody is there."),
                         (GDestroyNotify) hub_notify_result_free);
}

static void
free_never (HubNotifyBackEnd *self)
{
  g_free (self);
}

static const HubNotifyInterface never = { .name = "never", .send = send_never, .free = free_never };

static void
use_way (VisitClinic *clinic, gboolean at_booking)
{
  HubNotifyConfig *config = hub_notify_config_new_demo ();
  HubNotifyBackEnd *way = g_new0 (HubNotifyBackEnd, 1);

  config->at_booking = at_booking;
  way->interface = &never;
  hub_notify_back_end_free (config->back_ends[CARE_CHANNEL_SMS]);
  config->back_ends[CARE_CHANNEL_SMS] = way;
  hub_notify_set_config (clinic->server, config);
  hub_notify_config_unref (config);
  hub_notify_attach (clinic->server);
}

static void
use_never (VisitClinic *clinic)
{
  use_way (clinic, FALSE);
}

static char *
send_link (VisitClinic *clinic)
{
  g_autofree char *url = g_strconcat (hub_server_get_base_url (clinic->server),
                                      "/fhir/Appointment/a1/$send-link", NULL);
  const char *body = "{\"resourceType\":\"Parameters\",\"parameter\":[{\"name\":\"channel\","
                     "\"valueCode\":\"sms\"},{\"name\":\"to\",\"valueString\":\"+447700900123\"},"
                     "{\"name\":\"consent\",\"valueBoolean\":true}]}";
  g_autoptr (FhirResource) message = NULL;
  g_autofree char *answer = NULL;
  guint status;

  answer = visit_clinic_ask (clinic, "POST", url, clinic->reception, body, &status);
  g_test_message ("%s", answer);
  g_assert_cmpuint (status, ==, 200);
  message = fhir_resource_parse (answer, -1, NULL);
  return g_strdup (fhir_resource_get_id (message));
}

/* Until the message's reason holds @words. */
static FhirResource *
wait_reason (VisitClinic *clinic, const char *id, const char *words)
{
  gint64 end = g_get_monotonic_time () + 60 * G_USEC_PER_SEC;

  for (;;)
    {
      g_autoptr (FhirResource) message = visit_clinic_get (clinic, "Communication", id);
      const char *reason = fhir_resource_path_text (message, "statusReason.text");

      if (reason != NULL && strstr (reason, words) != NULL)
        return g_steal_pointer (&message);
      if (g_get_monotonic_time () > end)
        g_error ("waited for “%s”: %s", words, fhir_resource_get_text (message, NULL));
      g_main_context_iteration (NULL, FALSE);
      g_usleep (1000);
    }
}

static void
wait_tries (guint wanted)
{
  gint64 end = g_get_monotonic_time () + 60 * G_USEC_PER_SEC;

  while (tries < wanted)
    {
      g_assert_cmpint (g_get_monotonic_time (), <, end);
      g_main_context_iteration (NULL, FALSE);
      g_usleep (1000);
    }
}

/* The visit begins in five minutes: two hours after that nobody needs the message. */
static void
test_gives_up (void)
{
  g_autoptr (VisitClinic) clinic = visit_clinic_new ();
  g_autoptr (FhirResource) waiting = NULL;
  g_autoptr (FhirResource) ended = NULL;
  g_autofree char *id = NULL;

  tries = 0;
  use_never (clinic);
  id = send_link (clinic);
  waiting = wait_reason (clinic, id, "Nobody is there.");
  g_assert_cmpstr (fhir_resource_path_text (waiting, "status"), ==, "preparation");
  g_assert_cmpuint (tries, ==, 1);
  base_clock_advance (clinic->clock, 10 * G_TIME_SPAN_SECOND);
  hub_notify_look (clinic->server);
  for (guint i = 0; i < 50; i++)
    {
      g_main_context_iteration (NULL, FALSE);
      g_usleep (2000);
    }
  g_assert_cmpuint (tries, ==, 1); /* not before its time */
  base_clock_advance (clinic->clock, G_TIME_SPAN_MINUTE);
  hub_notify_look (clinic->server);
  wait_tries (2);
  base_clock_advance (clinic->clock, 3 * G_TIME_SPAN_HOUR);
  hub_notify_look (clinic->server);
  ended = wait_reason (clinic, id, "Given up after");
  g_assert_cmpstr (fhir_resource_path_text (ended, "status"), ==, "not-done");
  g_assert_nonnull (
      strstr (fhir_resource_path_text (ended, "statusReason.text"), "Nobody is there."));
  g_assert_null (fhir_resource_path_text (ended, "sent"));
}

static gboolean
delete_work (StoreConnection *connection, gpointer data, GError **error)
{
  g_auto (StorePut) put = { 0 };

  return store_resource_delete (connection, "Communication", data, NULL, &put, error);
}

static gboolean
count_work (StoreConnection *connection, gpointer data, GError **error)
{
  g_autoptr (GPtrArray) rows = hub_notify_queue_list (connection, error);

  *(guint *) data = rows != NULL ? rows->len : G_MAXUINT;
  return rows != NULL;
}

static void
wait_queue (VisitClinic *clinic, guint wanted)
{
  gint64 end = g_get_monotonic_time () + 60 * G_USEC_PER_SEC;
  guint count = G_MAXUINT;

  while (count != wanted)
    {
      g_assert_true (store_database_read (clinic->store, count_work, &count, NULL));
      if (g_get_monotonic_time () > end)
        g_error ("%u messages are in the queue, not %u", count, wanted);
      g_main_context_iteration (NULL, FALSE);
      g_usleep (1000);
    }
}

/* One that was deleted is not tried again, and keeps no other one waiting. */
static void
test_a_deleted_message_ends (void)
{
  g_autoptr (VisitClinic) clinic = visit_clinic_new ();
  g_autoptr (FhirResource) waiting = NULL;
  g_autoptr (FhirResource) other = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *gone = NULL;
  g_autofree char *id = NULL;

  tries = 0;
  use_never (clinic);
  gone = send_link (clinic);
  waiting = wait_reason (clinic, gone, "Nobody is there.");
  store_database_write (clinic->store, BASE_LANE_PERSON, delete_work, gone, &error);
  g_assert_no_error (error);
  base_clock_advance (clinic->clock, 2 * G_TIME_SPAN_MINUTE);
  id = send_link (clinic);
  g_assert_cmpstr (id, !=, gone);
  other = wait_reason (clinic, id, "Nobody is there.");
  g_assert_cmpuint (tries, ==, 2);
  wait_queue (clinic, 1);
}

static gboolean
read_sent_work (StoreConnection *connection, gpointer data, GError **error)
{
  *(char **) data = store_setting_get (connection, "notices-of/a1");
  return TRUE;
}

/* The same click twice is one message, unless the first one's link opens nothing any more. */
static void
test_a_dead_message_is_sent_anew (void)
{
  g_autoptr (VisitClinic) clinic = visit_clinic_new ();
  g_autofree char *first = NULL;
  g_autofree char *again = NULL;
  g_autofree char *url = NULL;
  g_autofree char *anew = NULL;
  g_autofree char *kept = NULL;

  use_never (clinic);
  first = send_link (clinic);
  again = send_link (clinic);
  g_assert_cmpstr (again, ==, first);
  url = hub_join_create (clinic->server, "a1", NULL, NULL);
  g_assert_nonnull (url);
  anew = send_link (clinic);
  g_assert_cmpstr (anew, !=, first);
  g_assert_true (store_database_read (clinic->store, read_sent_work, &kept, NULL));
  g_assert_nonnull (strstr (kept, anew));
  g_assert_null (strstr (kept, "7700900123"));
}

/* Whoever cannot sign is not let try for long. */
static void
test_unsigned_reports_are_few (void)
{
  g_autoptr (VisitClinic) clinic = visit_clinic_new ();
  g_autofree char *url =
      g_strconcat (hub_server_get_base_url (clinic->server), "/notify/state", NULL);
  guint refused = 0;
  guint status = 0;

  use_never (clinic);
  /* More than two minutes' worth: a new minute may begin meanwhile. */
  for (guint i = 0; i < 70 && status != 429; i++)
    {
      g_free (visit_clinic_ask (clinic, "POST", url, NULL, "{}", &status));
      refused += status == 401;
    }
  g_assert_cmpuint (status, ==, 429);
  g_assert_cmpuint (refused, >=, 30);
}

static void
test_tries_ever_less_often (void)
{
  gint64 before = 0;

  for (guint i = 1; i < 200; i++)
    {
      gint64 delay = hub_notify_queue_delay ("a", i);

      g_assert_cmpint (delay, >=, MAX (before, 30 * G_TIME_SPAN_SECOND));
      g_assert_cmpint (delay, <=, 75 * G_TIME_SPAN_MINUTE);
      before = delay;
    }
  g_assert_cmpint (before, >=, G_TIME_SPAN_HOUR);
}

/* In each language the facts are there, and a clinic that is named like one is not one. */
static void
test_words (void)
{
  static const char *const languages[] = { "en", "de", "fr", "es", "ja" };
  g_autoptr (GDateTime) start = g_date_time_new_utc (2026, 11, 22, 9, 5, 0);
  const HubNotifyFacts facts = { "Praxis {link}", "+49 40 1", start, "https://x/join/T" };
  const HubNotifyFacts bare = { NULL, NULL, NULL, "https://x/join/T" };

  for (gsize i = 0; i < G_N_ELEMENTS (languages); i++)
    for (int brief = 0; brief < 2; brief++)
      {
        g_autofree char *text = hub_notify_words_text (languages[i], brief, &facts);
        g_autofree char *least = hub_notify_words_text (languages[i], brief, &bare);
        g_autofree char *subject = hub_notify_words_subject (languages[i], &facts);
        g_auto (GStrv) links = g_strsplit (text, "https://x/join/T", -1);

        g_test_message ("%s", text);
        g_assert_cmpuint (g_strv_length (links), ==, 2);
        g_assert_nonnull (strstr (text, "Praxis {link}"));
        g_assert_nonnull (strstr (text, "+49 40 1"));
        g_assert_nonnull (strstr (text, "09:05 (UTC)") ?: strstr (text, "09:05 Uhr (UTC)"));
        g_assert_nonnull (strstr (least, "https://x/join/T"));
        g_assert_null (strchr (least, '{'));
        g_assert_null (strchr (subject, '\n'));
      }
  g_assert_cmpstr (hub_notify_words_language ("de-CH"), ==, "de");
  g_assert_cmpstr (hub_notify_words_language ("deu"), ==, "en");
  g_assert_cmpstr (hub_notify_words_language (NULL), ==, "en");
}

/* Whatever stands in a subject, the mail has the headers that it should have, and no more. */
static void
test_no_header_is_slipped_in (void)
{
  HubNotice notice = { .id = "n1",
                       .to = "a@b.example",
                       .subject = "x\r\nBcc: evil@b.example",
                       .text = ".\nBcc: me\n",
                       .language = "en" };
  g_autofree char *mail = hub_notify_mail (&notice, "c@d.example", "Praxis\r\nX: 1");
  g_auto (GStrv) lines = g_strsplit (mail, "\r\n", -1);

  for (gsize i = 0; lines[i] != NULL; i++)
    {
      g_assert_false (g_str_has_prefix (lines[i], "Bcc"));
      g_assert_false (g_str_has_prefix (lines[i], "X:"));
      g_assert_false (g_str_has_prefix (lines[i], "."));
      g_assert_cmpuint (strlen (lines[i]), <=, 78);
    }
}

static void
test_addresses (void)
{
  static const char *const bad[] = { "a",       "a@b",     "@b.c", "a@b.c\r\nX: 1", "a@b.c>",
                                     "a b@c.d", "a@b@c.d", "a@.b", "\"a\"@b.c",     "" };
  g_autofree char *number = care_channel_dup_valid (CARE_CHANNEL_SMS, " +44 (0) 7700-900.123 ");
  g_autofree char *mail = care_channel_dup_valid (CARE_CHANNEL_EMAIL, " jöhn@b.example ");

  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autofree char *valid = care_channel_dup_valid (CARE_CHANNEL_EMAIL, bad[i]);

      g_test_message ("%s", bad[i]);
      g_assert_null (valid);
    }
  g_assert_cmpstr (number, ==, "+4407700900123");
  g_assert_cmpstr (mail, ==, "jöhn@b.example");
  g_assert_null (care_channel_dup_valid (CARE_CHANNEL_SMS, "1234"));
  g_assert_null (care_channel_dup_valid (CARE_CHANNEL_SMS, "+44 7700 900123 ext 4"));
  g_assert_null (care_channel_dup_valid (CARE_CHANNEL_SMS, "1234567890123456"));
  g_assert_true (care_channel_same (CARE_CHANNEL_EMAIL, "A@b.example", "a@B.example"));
  g_assert_false (care_channel_same (CARE_CHANNEL_SMS, NULL, NULL));
}

/* ---- at booking ---- */

static void
book (VisitClinic *clinic, const char *id, const char *status, const char *start)
{
  g_autofree char *json = g_strdup_printf (
      "{\"resourceType\":\"Appointment\",\"id\":\"%s\",\"status\":\"%s\",\"start\":"
      "\"2026-11-%s:00Z\",\"participant\":[{\"actor\":{\"reference\":\"Patient/p1\"},\"status\":"
      "\"accepted\"}]}",
      id, status, start);

  visit_clinic_put (clinic, json);
}

static guint
count_messages (VisitClinic *clinic)
{
  g_autoptr (GPtrArray) ids = visit_clinic_find (clinic, "Communication", "");

  return ids->len;
}

typedef struct
{
  VisitClinic *clinic;
  guint messages;
} Wanted;

static gboolean
has_messages (gpointer data)
{
  Wanted *wanted = data;

  return count_messages (wanted->clinic) == wanted->messages;
}

static void
expect_messages (VisitClinic *clinic, guint messages)
{
  Wanted wanted = { clinic, messages };

  if (!visit_clinic_spin (has_messages, &wanted))
    g_error ("%u messages, and not %u", count_messages (clinic), messages);
}

/* What was asked of the store so far is done, and nothing came of it. */
static void
expect_no_more (VisitClinic *clinic, guint messages)
{
  for (guint i = 0; i < 5; i++)
    {
      visit_clinic_put (clinic, "{\"resourceType\":\"Basic\",\"id\":\"flush\",\"code\":{\"text\":"
                                "\"x\"}}");
      while (g_main_context_iteration (NULL, FALSE))
        ;
    }
  g_assert_cmpuint (count_messages (clinic), ==, messages);
}

/* Without the patient's word nothing goes out; with it once for each time of the visit. */
static void
test_at_booking (void)
{
  g_autoptr (VisitClinic) clinic = visit_clinic_new ();
  g_autofree char *id = NULL;

  use_way (clinic, TRUE);
  book (clinic, "b1", "booked", "22T15:00");
  expect_no_more (clinic, 0);
  id = send_link (clinic); /* the patient agrees, at another visit */
  expect_messages (clinic, 1);
  book (clinic, "b2", "booked", "22T16:00");
  expect_messages (clinic, 2);
  book (clinic, "b2", "booked", "22T16:00");
  expect_no_more (clinic, 2);
  book (clinic, "b2", "booked", "23T09:00"); /* moved */
  expect_messages (clinic, 3);
  book (clinic, "b2", "cancelled", "23T10:00");
  book (clinic, "b3", "booked", "22T09:00"); /* it has begun */
  book (clinic, "b4", "proposed", "22T17:00");
  expect_no_more (clinic, 3);
}

static void
test_not_at_booking (void)
{
  g_autoptr (VisitClinic) clinic = visit_clinic_new ();
  g_autofree char *id = NULL;

  use_way (clinic, FALSE);
  id = send_link (clinic);
  expect_messages (clinic, 1);
  book (clinic, "b2", "booked", "22T16:00");
  expect_no_more (clinic, 1);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/hub-notify/at-booking", test_at_booking);
  g_test_add_func ("/hub-notify/not-at-booking", test_not_at_booking);
  g_test_add_func ("/hub-notify/gives-up", test_gives_up);
  g_test_add_func ("/hub-notify/a-deleted-message-ends", test_a_deleted_message_ends);
  g_test_add_func ("/hub-notify/a-dead-message-is-sent-anew", test_a_dead_message_is_sent_anew);
  g_test_add_func ("/hub-notify/unsigned-reports-are-few", test_unsigned_reports_are_few);
  g_test_add_func ("/hub-notify/tries-ever-less-often", test_tries_ever_less_often);
  g_test_add_func ("/hub-notify/words", test_words);
  g_test_add_func ("/hub-notify/no-header-is-slipped-in", test_no_header_is_slipped_in);
  g_test_add_func ("/hub-notify/addresses", test_addresses);
  return g_test_run ();
}
