/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "documents-narrative.h"

#include <string.h>

#include "documents-content.h"

static DocumentsNarrative *
parse (const char *xml)
{
  g_autoptr (GBytes) bytes = g_bytes_new (xml, strlen (xml));
  g_autoptr (GError) error = NULL;
  DocumentsNarrative *narrative = documents_narrative_parse (bytes, &error);

  g_assert_no_error (error);
  return narrative;
}

static void
assert_plain (const char *xml, const char *expected)
{
  g_autoptr (DocumentsNarrative) narrative = parse (xml);
  g_autofree char *plain = documents_narrative_dup_plain (narrative);

  g_assert_cmpstr (plain, ==, expected);
}

#define CDA(section)                                                                               \
  "<?xml version='1.0'?><ClinicalDocument xmlns='urn:hl7-org:v3'><title>Summary</title>"           \
  "<recordTarget><patientRole><patient><name><given>Eve</given><family>Betterhalf</family></name>" \
  "<birthTime value='19750501'/></patient></patientRole></recordTarget><component>"                \
  "<structuredBody><component><section><title>Medicines</title><text>" section                     \
  "</text></section></component></structuredBody></component></ClinicalDocument>"

static void
test_cda (void)
{
  g_autoptr (DocumentsNarrative) narrative =
      parse (CDA ("<paragraph>Take  <content styleCode='Bold'>with\n food</content></paragraph>"
                  "<list><item>one<br/>two</item><item>three</item></list>"));
  g_autofree char *plain = documents_narrative_dup_plain (narrative);

  g_assert_cmpstr (plain, ==, "Summary\nMedicines\nTake with food\n• one\ntwo\n• three\n");
  g_assert_cmpstr (narrative->title, ==, "Summary");
  g_assert_cmpstr (narrative->subject, ==, "Eve Betterhalf");
  g_assert_cmpstr (narrative->born, ==, "19750501");
}

/* Each value has the head of its own column, whatever spans what. */
static void
test_table (void)
{
  assert_plain (CDA ("<table><thead><tr><th>Test</th><th>Value</th><th>Range</th></tr></thead>"
                     "<tbody><tr><td>Potassium</td><td>6.2</td><td>3.5-5.1</td></tr>"
                     "<tr><td rowspan='2'>Sodium</td><td>140</td><td></td></tr>"
                     "<tr><td>141</td><td>135-145</td></tr>"
                     "<tr><td>Culture</td><td colspan='2'>pending</td></tr></tbody></table>"),
                "Summary\nMedicines\n"
                "Potassium · Value: 6.2 · Range: 3.5-5.1\n"
                "Sodium · Value: 140\n"
                "Sodium · Value: 141 · Range: 135-145\n"
                "Culture · Value / Range: pending\n");
}

static void
test_two_rows_of_heads (void)
{
  assert_plain ("<table><tr><th rowspan='2'>Day</th><th colspan='2'>Pressure</th></tr>"
                "<tr><th>high</th><th>low</th></tr><tr><td>1</td><td>120</td><td>80</td></tr>"
                "</table>",
                "1 · Pressure high: 120 · Pressure low: 80\n");
}

/* What was crossed out does not read as if it stood. */
static void
test_deleted (void)
{
  assert_plain (CDA ("<paragraph><content revised='delete'>no allergy</content> penicillin"
                     "</paragraph>"),
                "Summary\nMedicines\n[deleted: no allergy] penicillin\n");
}

static void
test_no_scripts (void)
{
  assert_plain ("<div><p>before</p><script>alert (<b>1</b>)</script><style>p{}</style>"
                "<p>after<img src='http://example.invalid/x.png'/></p></div>",
                "before\nafter [a picture that is not shown]\n");
}

static void
test_hostile (void)
{
  static const char *const texts[] = {
    "<!DOCTYPE a [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><div>&x;</div>",
    "<div><p>open",
    "<div></p></div>",
    "",
    "\x01\x02",
    "<a><b></a></b>",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr (GBytes) bytes = g_bytes_new (texts[i], strlen (texts[i]));
      g_autoptr (GError) error = NULL;

      g_assert_null (documents_narrative_parse (bytes, &error));
      g_assert_nonnull (error);
    }
}

static void
test_deep (void)
{
  g_autoptr (GString) xml = g_string_new ("<div>");

  for (guint i = 0; i < 50000; i++)
    g_string_append (xml, "<list><item>");
  g_string_append (xml, "bottom");
  for (guint i = 0; i < 50000; i++)
    g_string_append (xml, "</item></list>");
  g_string_append (xml, "</div>");
  assert_plain (xml->str, "• bottom\n");
}

static void
test_latin_1 (void)
{
  assert_plain ("<?xml version='1.0' encoding='ISO-8859-1'?><div><p>M\xfcller</p></div>",
                "Müller\n");
}

static void
test_wrapped (void)
{
  g_autoptr (DocumentsNarrative) narrative =
      parse ("<ClinicalDocument><title>Letter</title><component><nonXMLBody>"
             "<text mediaType='application/pdf' representation='B64'>JVBE\nRi0x</text>"
             "</nonXMLBody></component></ClinicalDocument>");

  g_assert_cmpstr (narrative->body_type, ==, "application/pdf");
  g_assert_cmpmem (g_bytes_get_data (narrative->body, NULL), g_bytes_get_size (narrative->body),
                   "%PDF-1", 6);
}

/* Every C-CDA example that comes with the shared material can be read. */
static void
test_examples (void)
{
  g_autofree char *folder = g_build_filename (g_getenv ("BEDSIDE_PROJECT"), "..", "shared", "data",
                                              "ccda-examples", NULL);
  g_autoptr (GQueue) folders = g_queue_new ();
  guint read = 0;

  if (!g_file_test (folder, G_FILE_TEST_IS_DIR))
    {
      g_test_skip ("the shared examples are not on this machine");
      return;
    }
  g_queue_push_tail (folders, g_steal_pointer (&folder));
  while (!g_queue_is_empty (folders))
    {
      g_autofree char *path = g_queue_pop_head (folders);
      g_autoptr (GDir) directory = g_dir_open (path, 0, NULL);

      for (const char *name = g_dir_read_name (directory); name; name = g_dir_read_name (directory))
        {
          g_autofree char *child = g_build_filename (path, name, NULL);
          g_autoptr (GError) error = NULL;
          g_autofree char *text = NULL;
          gsize length;

          if (g_file_test (child, G_FILE_TEST_IS_DIR))
            g_queue_push_tail (folders, g_steal_pointer (&child));
          else if (g_str_has_suffix (name, ".xml") &&
                   g_file_get_contents (child, &text, &length, NULL) &&
                   strstr (text, "<ClinicalDocument"))
            {
              g_autoptr (GBytes) bytes = g_bytes_new (text, length);
              g_autoptr (DocumentsNarrative) narrative = documents_narrative_parse (bytes, &error);

              if (error)
                g_error ("%s: %s", child, error->message);
              if (strstr (text, "<section") && narrative->blocks->len <= 1 && !narrative->body)
                g_error ("%s: nothing read", child);
              read++;
            }
        }
    }
  g_test_message ("%u documents read", read);
  g_assert_cmpuint (read, >, 10);
}

/* ---- what is in a file ---- */

static DocumentsContent
content_of (const char *data, gsize length, const char *type)
{
  g_autoptr (GBytes) bytes = g_bytes_new (data, length);

  return documents_content_of (bytes, type);
}

static void
test_content (void)
{
  g_assert_cmpint (content_of ("%PDF-1.7", 8, "text/plain"), ==, DOCUMENTS_CONTENT_PDF);
  g_assert_cmpint (content_of ("junk\n%PDF-1.7", 13, NULL), ==, DOCUMENTS_CONTENT_PDF);
  g_assert_cmpint (content_of ("\xff\xd8\xff\xe0", 4, NULL), ==, DOCUMENTS_CONTENT_IMAGE);
  g_assert_cmpint (content_of ("<?xml version='1.0'?>", 21, "text/xml"), ==, DOCUMENTS_CONTENT_XML);
  g_assert_cmpint (content_of ("hello", 5, "text/plain; charset=utf-8"), ==,
                   DOCUMENTS_CONTENT_TEXT);
  g_assert_cmpint (content_of ("<html>", 6, "text/html"), ==, DOCUMENTS_CONTENT_OTHER);
  g_assert_cmpint (content_of ("{\\rtf1", 6, "application/rtf"), ==, DOCUMENTS_CONTENT_OTHER);
  g_assert_cmpint (content_of ("", 0, "text/plain"), ==, DOCUMENTS_CONTENT_OTHER);
}

static void
assert_text (const char *data, const char *type, const char *expected, gboolean guessed)
{
  g_autoptr (GBytes) bytes = g_bytes_new (data, strlen (data));
  gboolean is_guessed, is_cut;
  g_autofree char *text = documents_content_dup_text (bytes, type, &is_guessed, &is_cut);

  g_assert_cmpstr (text, ==, expected);
  g_assert_cmpint (is_guessed, ==, guessed);
  g_assert_false (is_cut);
}

static void
test_text (void)
{
  assert_text ("Müller\x1b[2J", "text/plain", "Müller [2J", FALSE);
  assert_text ("M\xfcller", "text/plain; charset=iso-8859-1", "Müller", FALSE);
  assert_text ("M\xfcller", "text/plain", "Müller", TRUE);
}

/* A text that is too long is cut between characters, and says so. */
static void
test_long_text (void)
{
  g_autoptr (GString) long_text = g_string_new ("a");
  g_autoptr (GBytes) bytes = NULL;
  gboolean is_guessed, is_cut;

  while (long_text->len < DOCUMENTS_TEXT_MAX + 10)
    g_string_append (long_text, "ü");
  bytes = g_bytes_new (long_text->str, long_text->len);
  g_autofree char *text =
      documents_content_dup_text (bytes, "text/plain; charset=utf-8", &is_guessed, &is_cut);
  g_assert_true (is_cut);
  g_assert_false (is_guessed);
  g_assert_true (g_utf8_validate (text, -1, NULL));
  /* and in no line that takes minutes to lay out */
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);
  for (char **line = lines; *line; line++)
    g_assert_cmpint (g_utf8_strlen (*line, -1), <=, 2000);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/documents/narrative/cda", test_cda);
  g_test_add_func ("/documents/narrative/table", test_table);
  g_test_add_func ("/documents/narrative/two-rows-of-heads", test_two_rows_of_heads);
  g_test_add_func ("/documents/narrative/deleted", test_deleted);
  g_test_add_func ("/documents/narrative/no-scripts", test_no_scripts);
  g_test_add_func ("/documents/narrative/hostile", test_hostile);
  g_test_add_func ("/documents/narrative/deep", test_deep);
  g_test_add_func ("/documents/narrative/latin-1", test_latin_1);
  g_test_add_func ("/documents/narrative/wrapped", test_wrapped);
  g_test_add_func ("/documents/narrative/examples", test_examples);
  g_test_add_func ("/documents/content/kinds", test_content);
  g_test_add_func ("/documents/content/text", test_text);
  g_test_add_func ("/documents/content/long-text", test_long_text);
  return g_test_run ();
}
