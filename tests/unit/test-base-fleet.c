/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base-fleet.h"

#include <string.h>

#define NAME "[administrator]\nname=IT of Riverside\n"
#define END  "[end]\n"

static const char whole[] = "# Riverside Clinic\r\n"
                            "[administrator]\n"
                            "name = IT of Riverside \n"
                            "contact=it@riverside.example\n"
                            "\n"
                            "[server]\n"
                            "url=https://hub.riverside.example/\n"
                            "authority=riverside.pem\n"
                            "[sign-in]\n"
                            "client-id=riverside\n"
                            "unlock=code\n"
                            "[policy]\n"
                            "lock-minutes=5\n"
                            "lease-days=7\n"
                            "networks=192.0.2.0/24; 2001:db8::/32\n"
                            "theme=dark\n"
                            "language=fr\n"
                            "[end]\n";

static BaseFleet *
parse (const char *text, GPtrArray *remarks)
{
  return base_fleet_parse (text, strlen (text), remarks);
}

static void
assert_allows (BaseFleet *fleet, const char *address, gboolean allowed)
{
  g_autoptr (GInetAddress) parsed = g_inet_address_new_from_string (address);

  g_assert_cmpint (base_fleet_allows (fleet, parsed), ==, allowed);
}

static void
test_whole (void)
{
  g_autoptr (GPtrArray) remarks = base_fleet_remarks_new ();
  g_autoptr (BaseFleet) fleet = parse (whole, remarks);

  g_assert_cmpuint (remarks->len, ==, 0);
  g_assert_nonnull (fleet);
  g_assert_cmpstr (base_fleet_get_text (fleet, BASE_FLEET_ADMINISTRATOR_NAME), ==,
                   "IT of Riverside");
  g_assert_cmpstr (base_fleet_get_text (fleet, BASE_FLEET_SERVER_URL), ==,
                   "https://hub.riverside.example/");
  g_assert_cmpstr (base_fleet_get_text (fleet, BASE_FLEET_AUTHORITY), ==, "riverside.pem");
  g_assert_cmpstr (base_fleet_get_text (fleet, BASE_FLEET_UNLOCK), ==, "code");
  g_assert_cmpuint (base_fleet_get_number (fleet, BASE_FLEET_LOCK_MINUTES), ==, 5);
  g_assert_cmpuint (base_fleet_get_number (fleet, BASE_FLEET_LEASE_DAYS), ==, 7);
  assert_allows (fleet, "192.0.2.77", TRUE);
  assert_allows (fleet, "192.0.3.1", FALSE);
  assert_allows (fleet, "2001:db8::5", TRUE);
  assert_allows (fleet, "2001:db9::5", FALSE);
}

/* What a file does not set is not set, and no file sets nothing. */
static void
test_partial (void)
{
  g_autoptr (GPtrArray) remarks = base_fleet_remarks_new ();
  g_autoptr (BaseFleet) fleet = parse (NAME END, remarks);

  g_assert_nonnull (fleet);
  g_assert_false (base_fleet_has (fleet, BASE_FLEET_THEME));
  g_assert_cmpuint (base_fleet_get_number (fleet, BASE_FLEET_LOCK_MINUTES), ==, 0);
  assert_allows (fleet, "198.51.100.1", TRUE);
  g_assert_false (base_fleet_has (NULL, BASE_FLEET_SERVER_URL));
  assert_allows (NULL, "198.51.100.1", TRUE);
}

/* Every cut of a whole file is refused: none is half of it. */
static void
test_cut (void)
{
  /* the line end behind [end] is no part of it */
  for (gsize length = 0; length < strlen (whole) - 1; length++)
    {
      g_autoptr (GPtrArray) remarks = base_fleet_remarks_new ();
      g_autoptr (BaseFleet) fleet = base_fleet_parse (whole, length, remarks);

      if (fleet)
        g_error ("taken when cut off behind byte %" G_GSIZE_FORMAT, length);
      g_assert_cmpuint (remarks->len, >, 0);
    }
}

typedef struct
{
  const char *name, *text;
  guint line;
  gboolean refused;
  const char *says;
} Case;

static const Case cases[] = {
  { "empty", "", 0, TRUE, "written only in part" },
  { "no-end", NAME, 2, TRUE, "written only in part" },
  { "no-administrator", "[policy]\ntheme=dark\n" END, 0, TRUE, "name= is missing" },
  { "no-name", "[administrator]\nname=\n" END, 2, TRUE, "Nothing stands behind" },
  { "unknown-key", NAME "[policy]\nlock-seconds=9\n" END, 4, FALSE,
    "“lock-seconds” is not known in [policy]" },
  { "known-keys-named", NAME "[policy]\nlocks=9\n" END, 4, FALSE, "lock-minutes, lease-days" },
  { "unknown-group", NAME "[polcy]\n" END, 3, FALSE, "[polcy] is not known" },
  { "below-unknown-group", NAME "[polcy]\ntheme=dark\n" END, 4, FALSE, "“theme” is not known" },
  { "key-twice", NAME "[policy]\ntheme=dark\ntheme=light\n" END, 5, TRUE, "first in line 4" },
  { "group-twice", NAME "[policy]\n[server]\n[policy]\n" END, 5, TRUE, "first in line 3" },
  { "end-twice", NAME END END, 4, TRUE, "follows [end]" },
  { "after-end", NAME END "[policy]\n", 4, TRUE, "follows [end]" },
  { "cut-group", NAME "[poli\n" END, 3, TRUE, "written as [policy]" },
  { "no-group-name", NAME "[]\n" END, 3, TRUE, "written as [policy]" },
  { "before-group", "theme=dark\n" NAME END, 1, TRUE, "before the first [group]" },
  { "no-equals", NAME "[policy]\ntheme dark\n" END, 4, TRUE, "neither a [group]" },
  { "no-key", NAME "[policy]\n=dark\n" END, 4, TRUE, "neither a [group]" },
  { "word-for-number", NAME "[policy]\nlock-minutes=ten\n" END, 4, TRUE,
    "“ten” is not a whole number from 1 to 120" },
  { "comment-behind", NAME "[policy]\nlock-minutes=10 # ten\n" END, 4, TRUE, "whole number" },
  { "too-small", NAME "[policy]\nlock-minutes=0\n" END, 4, TRUE, "from 1 to 120" },
  { "too-large", NAME "[policy]\nlock-minutes=121\n" END, 4, TRUE, "from 1 to 120" },
  { "negative", NAME "[policy]\nlease-days=-1\n" END, 4, TRUE, "from 1 to 14" },
  { "fraction", NAME "[policy]\nlease-days=1.5\n" END, 4, TRUE, "from 1 to 14" },
  { "huge", NAME "[policy]\nlease-days=99999999999999999999999\n" END, 4, TRUE, "from 1 to 14" },
  { "choice", NAME "[policy]\ntheme=dim\n" END, 4, TRUE, "none of these: system, light, dark" },
  { "language", NAME "[policy]\nlanguage=tlh\n" END, 4, TRUE, "en, de, es, fr, ja" },
  { "unlock", NAME "[sign-in]\nunlock=never\n" END, 4, TRUE, "code, sign-in" },
  { "client", NAME "[sign-in]\nclient-id=our own\n" END, 4, TRUE, "without spaces" },
  { "no-url", NAME "[server]\nurl=hub.example\n" END, 4, TRUE, "is not an address" },
  { "plain-http", NAME "[server]\nurl=http://hub.example/\n" END, 4, TRUE, "https://" },
  { "file-url", NAME "[server]\nurl=file://host/etc\n" END, 4, TRUE, "https://" },
  { "password-in-url", NAME "[server]\nurl=https://me:secret@hub.example/\n" END, 4, TRUE,
    "the password" },
  { "authority-at-home", NAME "[server]\nauthority=~/own.pem\n" END, 4, TRUE, "whole path" },
  { "authority-folder", NAME "[server]\nauthority=/etc/ssl/\n" END, 4, TRUE, "whole path" },
  { "authority-url", NAME "[server]\nauthority=https://hub.example/a.pem\n" END, 4, TRUE,
    "whole path" },
  { "no-mask", NAME "[policy]\nnetworks=192.0.2.1\n" END, 4, TRUE, "is not a network" },
  { "too-many-bits", NAME "[policy]\nnetworks=192.0.2.0/823\n" END, 4, TRUE, "is not a network" },
  { "bits-beyond", NAME "[policy]\nnetworks=192.0.2.1/24\n" END, 4, TRUE, "is not a network" },
  { "one-bad-network", NAME "[policy]\nnetworks=192.0.2.0/24;clinic\n" END, 4, TRUE,
    "“clinic” is not a network" },
  { "every-network", NAME "[policy]\nnetworks=0.0.0.0/0\n" END, 4, TRUE, "every network" },
  { "no-network", NAME "[policy]\nnetworks=;\n" END, 4, TRUE, "No network is named" },
  { "not-utf-8", NAME "[policy]\ntheme=\xff\n" END, 4, TRUE, "not text in UTF-8" },
  { "control", "[administrator]\nname=IT\033[2J\n" END, 2, TRUE, "cannot be shown" },
};

static void
test_case (gconstpointer data)
{
  const Case *one = data;
  g_autoptr (GPtrArray) remarks = base_fleet_remarks_new ();
  g_autoptr (BaseFleet) fleet = parse (one->text, remarks);
  gboolean found = FALSE;

  g_assert_cmpint (fleet == NULL, ==, one->refused);
  for (guint i = 0; i < remarks->len; i++)
    {
      const BaseFleetRemark *remark = remarks->pdata[i];

      g_test_message ("line %u: %s", remark->line, remark->text);
      found |= remark->line == one->line && remark->refused == one->refused &&
               strstr (remark->text, one->says);
    }
  g_assert_true (found);
}

/* All that is wrong is said at once, not one fault after the other. */
static void
test_all_at_once (void)
{
  g_autoptr (GPtrArray) remarks = base_fleet_remarks_new ();

  g_assert_null (parse ("[policy]\nlock-minutes=x\ncolour=red\ntheme=dim\n", remarks));
  g_assert_cmpuint (remarks->len, ==, 5);
}

static void
test_bytes (void)
{
  g_autoptr (GPtrArray) remarks = base_fleet_remarks_new ();
  g_autofree char *large = g_strnfill (BASE_FLEET_MOST_BYTES + 1, '#');

  g_assert_null (parse (large, remarks));
  g_assert_null (base_fleet_parse (NAME "\0" END, strlen (NAME) + 1 + strlen (END), remarks));
  g_assert_cmpuint (remarks->len, ==, 2);
  g_assert_cmpuint (((BaseFleetRemark *) remarks->pdata[1])->line, ==, 3);
}

/* The example that is shipped can be used as it is, and sets everything there is but the file of an
 * authority, which would have to lie beside it: that is a comment there. */
static void
test_example (void)
{
  g_autofree char *path =
      g_build_filename (g_getenv ("BEDSIDE_PROJECT"), "data", "fleet.conf.example", NULL);
  g_autoptr (GPtrArray) remarks = base_fleet_remarks_new ();
  g_autofree char *text = NULL;
  gsize length = 0;

  g_assert_true (g_file_get_contents (path, &text, &length, NULL));
  g_autoptr (BaseFleet) fleet = base_fleet_parse (text, length, remarks);
  g_assert_cmpuint (remarks->len, ==, 0);
  g_assert_nonnull (fleet);
  g_assert_nonnull (strstr (text, "\n#authority="));
  for (guint key = 0; key < BASE_FLEET_N_KEYS; key++)
    if (!base_fleet_has (fleet, key) && key != BASE_FLEET_AUTHORITY)
      g_error ("the example does not set %s", base_fleet_key_name (key));
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/base/fleet/whole", test_whole);
  g_test_add_func ("/base/fleet/partial", test_partial);
  g_test_add_func ("/base/fleet/cut", test_cut);
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *path = g_strconcat ("/base/fleet/bad/", cases[i].name, NULL);
      g_test_add_data_func (path, &cases[i], test_case);
    }
  g_test_add_func ("/base/fleet/all-at-once", test_all_at_once);
  g_test_add_func ("/base/fleet/bytes", test_bytes);
  g_test_add_func ("/base/fleet/example", test_example);
  return g_test_run ();
}
