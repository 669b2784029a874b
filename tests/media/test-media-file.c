/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "media-file.h"

#include <string.h>

static MediaFileKind
kind_of (const char *data, gsize size)
{
  g_autoptr (GBytes) bytes = g_bytes_new (data, size);

  return media_file_kind_of_bytes (bytes);
}

/* A file is what its bytes are. */
static void
test_kind (void)
{
  g_assert_cmpint (kind_of ("%PDF-1.7\n", 9), ==, MEDIA_FILE_PDF);
  g_assert_cmpint (kind_of ("\xff\xd8\xff\xe0", 4), ==, MEDIA_FILE_JPEG);
  g_assert_cmpint (kind_of ("\x89PNG\r\n\x1a\nx", 9), ==, MEDIA_FILE_PNG);
  g_assert_cmpint (kind_of ("Gr\xc3\xbc\xc3\x9f"
                            "e\r\n\tx",
                            11),
                   ==, MEDIA_FILE_TEXT);
  g_assert_cmpint (kind_of ("MZ\x90\x00\x03", 5), ==, MEDIA_FILE_NONE);
  g_assert_cmpint (kind_of ("a\0b", 3), ==, MEDIA_FILE_NONE);
  g_assert_cmpint (kind_of ("\x1b[2J", 4), ==, MEDIA_FILE_NONE);
  g_assert_cmpint (kind_of ("Gr\xfc\xdf"
                            "e",
                            5),
                   ==, MEDIA_FILE_NONE);
  g_assert_cmpint (kind_of ("", 0), ==, MEDIA_FILE_NONE);
}

static void
assert_name (const char *name, MediaFileKind kind, const char *clean)
{
  g_autofree char *found = media_file_clean_name (name, kind, "File");

  g_assert_cmpstr (found, ==, clean);
}

/* No path, no mark that turns a name around or hides in it, and the ending of what it is. */
static void
test_name (void)
{
  g_autofree char *endless = g_strnfill (3000, 'x');
  g_autofree char *cut = media_file_clean_name (endless, MEDIA_FILE_PDF, "File");

  assert_name ("letter.pdf", MEDIA_FILE_PDF, "letter.pdf");
  assert_name ("Brief Dr. Müller.PDF", MEDIA_FILE_PDF, "Brief Dr. Müller.pdf");
  assert_name ("knee.jpeg", MEDIA_FILE_JPEG, "knee.jpg");
  assert_name ("../../etc/passwd", MEDIA_FILE_TEXT, "passwd.txt");
  assert_name ("C:\\Users\\me\\scan.pdf", MEDIA_FILE_PDF, "scan.pdf");
  assert_name ("scan\xe2\x80\xae"
               "fdp.exe",
               MEDIA_FILE_PDF, "scanfdp.exe.pdf");
  assert_name ("a\xe2\x81\xa7"
               "b\xe2\x80\x8b"
               "c\nd.pdf",
               MEDIA_FILE_PDF, "abc d.pdf");
  assert_name ("invoice.pdf.png", MEDIA_FILE_PDF, "invoice.pdf.png.pdf");
  assert_name ("...hidden", MEDIA_FILE_TEXT, "hidden.txt");
  assert_name ("", MEDIA_FILE_PNG, "File.png");
  assert_name ("/", MEDIA_FILE_PNG, "File.png");
  assert_name ("\xe2\x80\xae.pdf", MEDIA_FILE_PDF, "File.pdf");
  assert_name ("診療.pdf", MEDIA_FILE_PDF, "診療.pdf");
  g_assert_cmpuint (strlen (cut), ==, MEDIA_FILE_MAX_NAME + strlen (".pdf"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/media/file/kind", test_kind);
  g_test_add_func ("/media/file/name", test_name);
  return g_test_run ();
}
