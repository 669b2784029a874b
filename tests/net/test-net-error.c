/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "net-error.h"

#include <string.h>

static void
test_statuses (void)
{
  static const struct
  {
    guint status;
    NetError code;
  } table[] = {
    { 400, NET_ERROR_REFUSED },   { 401, NET_ERROR_UNAUTHORIZED }, { 403, NET_ERROR_FORBIDDEN },
    { 404, NET_ERROR_NOT_FOUND }, { 409, NET_ERROR_CONFLICT },     { 410, NET_ERROR_GONE },
    { 412, NET_ERROR_CONFLICT },  { 413, NET_ERROR_REFUSED },      { 422, NET_ERROR_REFUSED },
    { 429, NET_ERROR_THROTTLED }, { 500, NET_ERROR_SERVER },       { 503, NET_ERROR_SERVER },
    { 302, NET_ERROR_PROTOCOL },  { 100, NET_ERROR_PROTOCOL },     { 600, NET_ERROR_PROTOCOL },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (table); i++)
    {
      g_autoptr (GError) error = net_error_new_from_response (table[i].status, NULL, NULL);
      g_autofree char *code = g_strdup_printf ("%u", table[i].status);

      g_assert_error (error, NET_ERROR, (int) table[i].code);
      /* Never a bare code: a sentence, and the number is not in it. */
      g_assert_null (strstr (error->message, code));
      g_assert_nonnull (strchr (error->message, ' '));
    }
  g_assert_null (net_error_new_from_response (200, NULL, NULL));
  g_assert_null (net_error_new_from_response (201, NULL, NULL));
}

static void
test_outcome_is_told (void)
{
  g_autoptr (FhirResource) outcome = fhir_resource_parse (
      "{\"resourceType\":\"OperationOutcome\",\"issue\":[{\"severity\":\"error\",\"code\":"
      "\"required\","
      "\"details\":{\"text\":\"The dose is missing\"},\"diagnostics\":\"at line 3\"}]}",
      -1, NULL);
  g_autoptr (GError) error = net_error_new_from_response (422, NULL, outcome);

  g_assert_error (error, NET_ERROR, NET_ERROR_REFUSED);
  g_assert_nonnull (strstr (error->message, "The dose is missing"));
}

/* Some servers say 400 where 413 is meant; and what a server does not offer was not done. */
static void
test_too_large (void)
{
  g_autoptr (FhirResource) outcome = fhir_resource_parse (
      "{\"resourceType\":\"OperationOutcome\",\"issue\":[{\"severity\":\"error\",\"code\":"
      "\"invalid\",\"details\":{\"text\":\"File too large\"}}]}",
      -1, NULL);
  g_autoptr (GError) plain = net_error_new_from_response (413, NULL, NULL);
  g_autoptr (GError) said = net_error_new_from_response (400, NULL, outcome);
  g_autoptr (GError) other = net_error_new_from_response (400, NULL, NULL);
  g_autoptr (GError) missing = net_error_new_from_response (501, NULL, NULL);

  g_assert_true (net_error_is_too_large (plain));
  g_assert_true (net_error_is_too_large (said));
  g_assert_false (net_error_is_too_large (other));
  g_assert_cmpuint (net_error_get_status (said), ==, 400);
  g_assert_false (net_error_is_answer_lost (missing));
}

static void
test_retry_after (void)
{
  g_autoptr (GError) seconds = net_error_new_from_response (429, "7", NULL);
  g_autoptr (GError) busy = net_error_new_from_response (503, "3", NULL);
  g_autoptr (GError) past =
      net_error_new_from_response (429, "Wed, 21 Oct 2015 07:28:00 GMT", NULL);
  g_autoptr (GError) huge = net_error_new_from_response (429, "99999999999", NULL);
  g_autoptr (GError) nonsense = net_error_new_from_response (429, "soon", NULL);
  g_autoptr (GError) copy = g_error_copy (seconds);

  g_assert_cmpuint (net_error_get_retry_after (seconds), ==, 7);
  g_assert_cmpuint (net_error_get_retry_after (copy), ==, 7);
  g_assert_error (busy, NET_ERROR, NET_ERROR_THROTTLED);
  g_assert_false (net_error_is_answer_lost (busy));
  g_assert_cmpuint (net_error_get_retry_after (past), ==, 0);
  g_assert_cmpuint (net_error_get_retry_after (huge), ==, 3600);
  g_assert_cmpuint (net_error_get_retry_after (nonsense), ==, 0);
}

static void
test_transport (void)
{
  g_autoptr (GError) refused =
      g_error_new_literal (G_IO_ERROR, G_IO_ERROR_CONNECTION_REFUSED, "refused");
  g_autoptr (GError) cancelled =
      g_error_new_literal (G_IO_ERROR, G_IO_ERROR_CANCELLED, "cancelled");
  g_autoptr (GError) certificate =
      g_error_new_literal (G_TLS_ERROR, G_TLS_ERROR_BAD_CERTIFICATE, "bad");
  g_autoptr (GError) before = net_error_new_from_transport (refused, FALSE);
  g_autoptr (GError) after = net_error_new_from_transport (refused, TRUE);
  g_autoptr (GError) stopped = net_error_new_from_transport (cancelled, TRUE);
  g_autoptr (GError) stranger = net_error_new_from_transport (certificate, TRUE);

  g_assert_error (before, NET_ERROR, NET_ERROR_OFFLINE);
  g_assert_false (net_error_is_answer_lost (before));
  g_assert_true (net_error_is_answer_lost (after));
  g_assert_error (stopped, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_error (stranger, NET_ERROR, NET_ERROR_PROTOCOL);
  g_assert_false (net_error_is_answer_lost (stranger));
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/net/error/statuses", test_statuses);
  g_test_add_func ("/net/error/outcome-is-told", test_outcome_is_told);
  g_test_add_func ("/net/error/too-large", test_too_large);
  g_test_add_func ("/net/error/retry-after", test_retry_after);
  g_test_add_func ("/net/error/transport", test_transport);
  return g_test_run ();
}
