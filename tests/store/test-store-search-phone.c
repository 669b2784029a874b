/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store-search-phone.h"

#include "store-fixture.h"

typedef struct
{
  const char *typed;
  GString *ids;
} Typed;

static gboolean
search_phones (StoreConnection *connection, gpointer data, GError **error)
{
  Typed *self = data;
  g_autoptr (GPtrArray) found = store_search_phones (connection, "Patient", self->typed, 20, error);

  if (found != NULL)
    fixture_join_ids (found, self->ids);
  return found != NULL;
}

static void
put_phone (StoreFixture *fixture, const char *id, const char *first, const char *second)
{
  g_autofree char *json = g_strdup_printf (
      "{\"resourceType\":\"Patient\",\"id\":\"%s\",\"telecom\":[{\"system\":\"phone\",\"value\":"
      "\"%s\"},{\"system\":\"sms\",\"value\":\"%s\"}]}",
      id, first, second);

  fixture_put (fixture, json);
}

/* However a number was written down, and however it is typed. */
static void
test_phones (StoreFixture *fixture, gconstpointer data)
{
  static const struct
  {
    const char *typed, *ids;
  } cases[] = {
    { "07700 900123", "gb" },
    { "07700900123", "gb" },
    { "+44 7700 900-123", "gb" },
    { "0044 (0)7700 900123", "gb" },
    { "447700900123", "gb" },
    { "0770", "gb uk" },
    { "0018", "uk" },
    { "0000", "" },
    { "0770 09", "gb uk" },
    { "0123", "gb" },
    { "+44 20 7946 0018", "uk" },
    { "020 7946-0018", "uk" },
    { "+44 7700 900 555", "uk" },
    { "(555) 010-7788", "us" },
    { "+1 555 010 7788", "us" },
    { "٠٧٧٠٠٩٠٠١٢٣", "gb" },
    { "9001", "" },
    { "123", "" },
    { "07700 900124", "" },
    { "1961", "" },
    { "", "" },
    { "anna", "" },
  };

  fixture_put (fixture,
               "{\"resourceType\":\"Patient\",\"id\":\"none\",\"birthDate\":\"1961-03-12\","
               "\"identifier\":[{\"system\":\"urn:i\",\"value\":\"07700900123\"}]}");
  put_phone (fixture, "gb", "+44 (0)7700 900123", "+447700900123");
  put_phone (fixture, "uk", "020 7946 0018", "07700-900555");
  put_phone (fixture, "us", "555.010.7788", "anna1961@example.org");
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GString) ids = g_string_new (NULL);
      Typed typed = { cases[i].typed, ids };
      g_autoptr (GError) error = NULL;

      g_test_message ("%s", cases[i].typed);
      store_database_read (fixture->database, search_phones, &typed, &error);
      g_assert_no_error (error);
      g_assert_cmpstr (ids->str, ==, cases[i].ids);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  fixture_add ("/store/search/phones", NULL, test_phones);
  return g_test_run ();
}
