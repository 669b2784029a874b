/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "care-visit-message.h"

#include <string.h>

static void
test_every_type_comes_back (void)
{
  for (guint type = CARE_SIGNAL_HELLO; type <= CARE_SIGNAL_ICE; type++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (CareVisitMessage) message = care_visit_message_new (type);
      g_autoptr (CareVisitMessage) again = NULL;
      g_autofree char *text = NULL;
      g_autofree char *text_again = NULL;

      message->role = CARE_VISIT_ROLE_PATIENT;
      message->to = CARE_VISIT_ROLE_GUEST;
      message->epoch = 7;
      message->present = message->video = message->on = TRUE;
      message->mline = 1;
      message->sdp = g_strdup ("v=0\r\na=\"x\"\r\n");
      message->candidate = g_strdup ("candidate:1 1 udp 1 10.0.0.1 9 typ host");
      message->text = g_strdup ("Grüße, 痛い “now” \\ \n");
      message->at = g_strdup ("2026-11-22T09:00:00Z");
      message->id = g_strdup ("m-1");
      message->turn = g_strdup ("turn:a:1?transport=udp turns:b");
      message->user = g_strdup ("1:x");
      message->password = g_strdup ("+/=");
      message->relay = TRUE;
      message->by = g_strdup ("Dr Ada Stone");
      message->reason = g_strdup ("hidden");
      message->wording = g_strdup ("de/1");
      message->consent = g_strdup ("Consent/c");
      message->kinds = g_strdup ("pulse weight");
      message->values = g_strdup ("pulse=72 /min");
      text = care_visit_message_serialise (message);
      again = care_visit_message_parse (text, -1, &error);
      g_assert_no_error (error);
      g_assert_cmpint (again->type, ==, type);
      text_again = care_visit_message_serialise (again);
      g_assert_cmpstr (text, ==, text_again);
    }
}

static void
test_fields_are_read (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (CareVisitMessage) candidate = NULL;
  g_autoptr (CareVisitMessage) media = NULL;

  candidate = care_visit_message_parse (
      "{\"type\":\"candidate\",\"epoch\":3,\"mline\":1,\"candidate\":\"\",\"later\":[1]}", -1,
      &error);
  g_assert_no_error (error);
  g_assert_cmpuint (candidate->epoch, ==, 3);
  g_assert_cmpuint (candidate->mline, ==, 1);
  g_assert_cmpstr (candidate->candidate, ==, "");
  media =
      care_visit_message_parse ("{\"type\":\"media\",\"audio\":true,\"video\":false}", -1, &error);
  g_assert_no_error (error);
  g_assert_true (media->audio);
  g_assert_false (media->video);
}

static void
test_bad_input_is_refused (void)
{
  const struct
  {
    const char *text;
    CareVisitError code;
  } cases[] = {
    { "", CARE_VISIT_ERROR_SYNTAX },
    { "{", CARE_VISIT_ERROR_SYNTAX },
    { "[]", CARE_VISIT_ERROR_SYNTAX },
    { "7", CARE_VISIT_ERROR_SYNTAX },
    { "{\"type\":\"ping\"} x", CARE_VISIT_ERROR_SYNTAX },
    { "{'type':'ping'}", CARE_VISIT_ERROR_SYNTAX },
    { "{\"type\":\"ping\",\"x\":[[[[[1]]]]]}", CARE_VISIT_ERROR_SYNTAX },
    { "{\"type\":\"\xff\"}", CARE_VISIT_ERROR_SYNTAX },
    { "{}", CARE_VISIT_ERROR_SCHEMA },
    { "{\"type\":7}", CARE_VISIT_ERROR_SCHEMA },
    { "{\"type\":null}", CARE_VISIT_ERROR_SCHEMA },
    { "{\"type\":[\"ping\"]}", CARE_VISIT_ERROR_SCHEMA },
    { "{\"type\":\"reboot\"}", CARE_VISIT_ERROR_UNKNOWN },
    { "{\"type\":\"Offer\",\"epoch\":1,\"sdp\":\"\"}", CARE_VISIT_ERROR_UNKNOWN },
    { "{\"type\":\"hello\"}", CARE_VISIT_ERROR_SCHEMA },
    { "{\"type\":\"hello\",\"role\":\"admin\"}", CARE_VISIT_ERROR_SCHEMA },
    { "{\"type\":\"offer\",\"sdp\":\"v=0\"}", CARE_VISIT_ERROR_SCHEMA },
    { "{\"type\":\"offer\",\"epoch\":\"1\",\"sdp\":\"v=0\"}", CARE_VISIT_ERROR_SCHEMA },
    { "{\"type\":\"offer\",\"epoch\":-1,\"sdp\":\"v=0\"}", CARE_VISIT_ERROR_SCHEMA },
    { "{\"type\":\"offer\",\"epoch\":1.5,\"sdp\":\"v=0\"}", CARE_VISIT_ERROR_SCHEMA },
    { "{\"type\":\"offer\",\"epoch\":99999999999,\"sdp\":\"v=0\"}", CARE_VISIT_ERROR_SCHEMA },
    { "{\"type\":\"offer\",\"epoch\":1,\"sdp\":{}}", CARE_VISIT_ERROR_SCHEMA },
    { "{\"type\":\"candidate\",\"epoch\":1,\"mline\":65,\"candidate\":\"\"}",
      CARE_VISIT_ERROR_SCHEMA },
    { "{\"type\":\"media\",\"audio\":1,\"video\":true}", CARE_VISIT_ERROR_SCHEMA },
    { "{\"type\":\"chat\",\"text\":null}", CARE_VISIT_ERROR_SCHEMA },
    { "{\"type\":\"distrust\"}", CARE_VISIT_ERROR_SCHEMA },
    { "{\"type\":\"who\",\"by\":[]}", CARE_VISIT_ERROR_SCHEMA },
    { "{\"type\":\"estimate\",\"minutes\":5,\"late\":true,\"open\":false,\"said\":1}",
      CARE_VISIT_ERROR_SCHEMA },
    { "{\"type\":\"away\"}", CARE_VISIT_ERROR_SCHEMA },
    { "{\"type\":\"away\",\"reason\":\"call me a doctor\"}", CARE_VISIT_ERROR_SCHEMA },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (CareVisitMessage) message = care_visit_message_parse (cases[i].text, -1, &error);

      g_test_message ("case %" G_GSIZE_FORMAT, i);
      g_assert_null (message);
      g_assert_error (error, CARE_VISIT_ERROR, (int) cases[i].code);
    }
}

static void
assert_too_large (const char *before, gsize count, const char *after)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (CareVisitMessage) message = NULL;
  g_autoptr (GString) text = g_string_new (before);

  for (gsize i = 0; i < count; i++)
    g_string_append_c (text, 'x');
  g_string_append (text, after);
  message = care_visit_message_parse (text->str, text->len, &error);
  g_assert_null (message);
  g_assert_error (error, CARE_VISIT_ERROR, CARE_VISIT_ERROR_SIZE);
}

static void
test_oversize_is_refused (void)
{
  assert_too_large ("{\"type\":\"chat\",\"text\":\"", CARE_VISIT_MAX_CHAT + 1, "\"}");
  assert_too_large ("{\"type\":\"offer\",\"epoch\":1,\"sdp\":\"", CARE_VISIT_MAX_SDP + 1, "\"}");
  assert_too_large ("{\"type\":\"ping\",\"more\":\"", CARE_VISIT_MAX_FRAME, "\"}");
  assert_too_large ("{\"type\":\"ping\",\"id\":\"", 65, "\"}");
}

static void
test_deep_nesting_is_refused (void)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *text = g_malloc (60000);

  memset (text, '[', 60000);
  g_assert_null (care_visit_message_parse (text, 60000, &error));
  g_assert_error (error, CARE_VISIT_ERROR, CARE_VISIT_ERROR_SYNTAX);
}

static void
test_roles_may_send_their_own (void)
{
  g_assert_true (care_visit_message_may_send (CARE_VISIT_ROLE_CLINICIAN, CARE_SIGNAL_OFFER));
  g_assert_false (care_visit_message_may_send (CARE_VISIT_ROLE_PATIENT, CARE_SIGNAL_OFFER));
  g_assert_false (care_visit_message_may_send (CARE_VISIT_ROLE_PATIENT, CARE_SIGNAL_ADMIT));
  g_assert_false (care_visit_message_may_send (CARE_VISIT_ROLE_PATIENT, CARE_SIGNAL_ENDED));
  g_assert_true (care_visit_message_may_send (CARE_VISIT_ROLE_PATIENT, CARE_SIGNAL_ANSWER));
  g_assert_false (care_visit_message_may_send (CARE_VISIT_ROLE_CLINICIAN, CARE_SIGNAL_ANSWER));
  g_assert_false (care_visit_message_may_send (CARE_VISIT_ROLE_CLINICIAN, CARE_SIGNAL_PEER));
  g_assert_false (care_visit_message_may_send (CARE_VISIT_ROLE_PATIENT, CARE_SIGNAL_MEDICINES));
  g_assert_false (care_visit_message_may_send (CARE_VISIT_ROLE_PATIENT, CARE_SIGNAL_PHONE));
  g_assert_true (care_visit_message_may_send (CARE_VISIT_ROLE_CLINICIAN, CARE_SIGNAL_PHONE));
  g_assert_false (care_visit_message_may_send (CARE_VISIT_ROLE_NONE, CARE_SIGNAL_HELLO));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/care-visit-message/every-type-comes-back", test_every_type_comes_back);
  g_test_add_func ("/care-visit-message/fields-are-read", test_fields_are_read);
  g_test_add_func ("/care-visit-message/bad-input-is-refused", test_bad_input_is_refused);
  g_test_add_func ("/care-visit-message/oversize-is-refused", test_oversize_is_refused);
  g_test_add_func ("/care-visit-message/deep-nesting-is-refused", test_deep_nesting_is_refused);
  g_test_add_func ("/care-visit-message/roles-may-send-their-own", test_roles_may_send_their_own);
  return g_test_run ();
}
