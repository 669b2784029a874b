/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app-link.h"

/* Anybody can write a link: only what is written exactly so is one. */
static void
test_read (void)
{
  static const struct
  {
    const char *uri;
    AppLinkKind kind;
    const char *target;
  } cases[] = {
    { "bedside:page/today", APP_LINK_PAGE, "today" },
    { "BEDSIDE:patient/a-1.B", APP_LINK_PATIENT, "a-1.B" },
    { "bedside:new-visit", APP_LINK_NEW_VISIT, NULL },
    { "bedside:open-file", APP_LINK_OPEN_FILE, NULL },
    { "bedside:open-file/etc", APP_LINK_UNKNOWN, NULL },
    { "bedside:lock", APP_LINK_UNKNOWN, NULL },
    { "bedside:", APP_LINK_UNKNOWN, NULL },
    { "bedside:new-visit?patient=1", APP_LINK_UNKNOWN, NULL },
    { "bedside:new-visit/", APP_LINK_UNKNOWN, NULL },
    { "bedside://patient/1", APP_LINK_UNKNOWN, NULL },
    { "bedside:patient/", APP_LINK_UNKNOWN, NULL },
    { "bedside:patient/1/Observation", APP_LINK_UNKNOWN, NULL },
    { "bedside:patient/../key", APP_LINK_UNKNOWN, NULL },
    { "bedside:patient/1%2f2", APP_LINK_UNKNOWN, NULL },
    { "bedside:patient/1#sign", APP_LINK_UNKNOWN, NULL },
    { "bedside:patient/1\n2", APP_LINK_UNKNOWN, NULL },
    { "bedside:patient/J\xc3\xbcrgen", APP_LINK_UNKNOWN, NULL },
    { "bedside:patient/\xff", APP_LINK_UNKNOWN, NULL },
    { "bedside:page/Today", APP_LINK_UNKNOWN, NULL },
    { "bedside:sign/1", APP_LINK_UNKNOWN, NULL },
    { "file:///tmp/a.cda", APP_LINK_FROM_ELSEWHERE, "file:///tmp/a.cda" },
    { "shlink:/eyJ1cmwi", APP_LINK_FROM_ELSEWHERE, "shlink:/eyJ1cmwi" },
    { "https://example.org/a.cda", APP_LINK_UNKNOWN, NULL },
    { "sftp://example.org/a.cda", APP_LINK_UNKNOWN, NULL },
    { "", APP_LINK_UNKNOWN, NULL },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *target = NULL;

      g_test_message ("%s", cases[i].uri);
      g_assert_cmpint (app_link_read (cases[i].uri, &target), ==, cases[i].kind);
      g_assert_cmpstr (target, ==, cases[i].target);
    }
}

/* An id of FHIR has up to 64 letters; what is longer is not read to its end. */
static void
test_length (void)
{
  g_autofree char *longest = g_strnfill (64, 'a');
  g_autofree char *huge = g_strnfill (10 * 1000 * 1000, 'a');
  g_autofree char *good = g_strconcat ("bedside:patient/", longest, NULL);
  g_autofree char *one_more = g_strconcat (good, "a", NULL);
  g_autofree char *endless = g_strconcat ("bedside:patient/", huge, NULL);
  g_autofree char *endless_file = g_strconcat ("file:///", huge, NULL);
  g_autofree char *target = NULL;

  g_assert_cmpint (app_link_read (endless_file, &target), ==, APP_LINK_UNKNOWN);
  g_assert_cmpint (app_link_read (one_more, &target), ==, APP_LINK_UNKNOWN);
  g_assert_cmpint (app_link_read (endless, &target), ==, APP_LINK_UNKNOWN);
  g_assert_cmpint (app_link_read (good, &target), ==, APP_LINK_PATIENT);
  g_assert_cmpstr (target, ==, longest);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/app/link/read", test_read);
  g_test_add_func ("/app/link/length", test_length);
  return g_test_run ();
}
