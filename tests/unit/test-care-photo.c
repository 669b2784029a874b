/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "care-photo.h"

#include "care-fixture.h"

#define OWN "https://hub.example/fhir"

typedef struct
{
  const char *photo;
  const char *expected; /* NULL: no picture */
} Case;

static const Case cases[] = {
  { "{'contentType':'image/png','data':'aGVsbG8='}", "hello" },
  { "{'data':'aGVsbG8='}", "hello" },
  { "{'contentType':'text/html','data':'aGVsbG8='}", NULL },
  { "{'contentType':'image/png','url':'Binary/b'}", "binary" },
  { "{'contentType':'image/png','url':'" OWN "/Binary/b'}", "binary" },
  { "{'contentType':'image/png','url':'https://hub.example/fhirother/Binary/b'}", NULL },
  { "{'contentType':'image/png','url':'https://elsewhere.example/fhir/Binary/b'}", NULL },
  { "{'contentType':'image/png','url':'" OWN "/Patient/p'}", NULL },
  { "{'contentType':'image/png','url':'Binary/none'}", NULL },
  { "{'contentType':'image/png','url':'Binary/page'}", NULL },
  { "{'contentType':'image/png','url':'https://elsewhere.example/a.png'},{'data':'aGVsbG8='}",
    "hello" },
  { "{'data':'!!!'}", NULL },
  { "7,null,[]", NULL },
};

static const char *asked;

static gboolean
put_case (StoreConnection *connection, gpointer data, GError **error)
{
  g_autofree char *patient =
      g_strdup_printf ("{'resourceType':'Patient','id':'p','photo':[%s]}", asked);

  care_fixture_put (connection, "{'resourceType':'Binary','id':'b','contentType':'image/jpeg',"
                                "'data':'YmluYXJ5'}");
  care_fixture_put (connection, "{'resourceType':'Binary','id':'page','contentType':'text/html',"
                                "'data':'YmluYXJ5'}");
  care_fixture_put (connection, patient);
  return TRUE;
}

static gboolean
load (StoreConnection *connection, gpointer data, GError **error)
{
  CareFixture *fixture = data;
  GBytes *bytes = care_photo_load (connection, "p", OWN, error);

  g_object_set_data_full (G_OBJECT (fixture->clock), "photo", bytes,
                          (GDestroyNotify) g_bytes_unref);
  return bytes != NULL;
}

/* Only bytes that are here, and only of our own server: no other host is a name for them. */
static void
test_where (CareFixture *fixture, gconstpointer data)
{
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      const char *expected = cases[i].expected ? cases[i].expected : "";
      GBytes *bytes;

      asked = cases[i].photo;
      care_fixture_write (fixture, put_case);
      care_fixture_read (fixture, load);
      bytes = g_object_get_data (G_OBJECT (fixture->clock), "photo");
      g_test_message ("%s", asked);
      g_assert_cmpmem (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), expected,
                       strlen (expected));
    }
}

/* A film is no portrait. */
static void
test_too_large (CareFixture *fixture, gconstpointer data)
{
  g_autofree guchar *bytes = g_malloc0 (CARE_PHOTO_MAX + 1);
  g_autofree char *data64 = g_base64_encode (bytes, CARE_PHOTO_MAX + 1);
  g_autofree char *photo = g_strdup_printf ("{'data':'%s'}", data64);
  GBytes *loaded;

  asked = photo;
  care_fixture_write (fixture, put_case);
  care_fixture_read (fixture, load);
  loaded = g_object_get_data (G_OBJECT (fixture->clock), "photo");
  g_assert_cmpuint (g_bytes_get_size (loaded), ==, 0);
  asked = NULL;
}

#define ADD(path, test)                                                                            \
  g_test_add (path, CareFixture, NULL, care_fixture_set_up, test, care_fixture_tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("/care/photo/where", test_where);
  ADD ("/care/photo/too-large", test_too_large);
  return g_test_run ();
}
