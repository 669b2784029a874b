/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "documents-received.h"

#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "care-document.h"
#include "documents-file.h"
#include "documents-head.h"

static DocumentsReceived *
read_bytes (GBytes *bytes, GError **error)
{
  g_autoptr (GDateTime) start = g_date_time_new_utc (2026, 11, 22, 9, 0, 0);
  g_autoptr (BaseClock) clock = base_clock_new_at (start);

  return documents_received_read (bytes, "file", clock, error);
}

static DocumentsReceived *
read_text (const char *text)
{
  g_autoptr (GBytes) bytes = g_bytes_new (text, strlen (text));
  g_autoptr (GError) error = NULL;
  DocumentsReceived *received = read_bytes (bytes, &error);

  g_assert_no_error (error);
  return received;
}

/* JSON with ' for " */
static DocumentsReceived *
read_json (const char *json)
{
  g_auto (GStrv) parts = g_strsplit (json, "'", -1);
  g_autofree char *text = g_strjoinv ("\"", parts);

  return read_text (text);
}

static void
assert_refused (const char *text, gssize length, const char *sentence)
{
  g_autoptr (GBytes) bytes = g_bytes_new (text, length < 0 ? strlen (text) : (gsize) length);
  g_autoptr (GError) error = NULL;
  g_autoptr (DocumentsReceived) received = read_bytes (bytes, &error);

  g_assert_null (received);
  g_assert_nonnull (error);
  if (!strstr (error->message, sentence))
    g_error ("“%s” does not say “%s”", error->message, sentence);
}

/* ---- C-CDA ---- */

#define HEAD                                                                                       \
  "<code code='34133-9' displayName='Summary of episode note'/><title>Summary\n of care</title>"   \
  "<effectiveTime value='20141015103026-0500'/><confidentialityCode code='R'/>"
#define EVE                                                                                        \
  "<recordTarget><patientRole><id extension='98765432' root='1.3.6.1.4.1.16517.1'/>"               \
  "<id root='2e8ea2d0-0b9c-4ad4-9e5d-3b0b7e1d1a2c'/><id nullFlavor='NI'/><patient>"                \
  "<name use='L'><prefix>Dr</prefix><given>Eve</given><given>Anne</given><family>Betterhalf"       \
  "</family></name><administrativeGenderCode code='F'/><birthTime "                                \
  "value='197505011530'/></patient>"                                                               \
  "</patientRole></recordTarget>"
#define AUTHOR                                                                                     \
  "<author><assignedAuthor><assignedPerson><name><given>Heartly</given><family>Sixer</family>"     \
  "</name></assignedPerson><representedOrganization><name>Good Health</name>"                      \
  "</representedOrganization></assignedAuthor></author>"                                           \
  "<author><assignedAuthor><assignedPerson><name>Somebody Else</name></assignedPerson>"            \
  "</assignedAuthor></author>"
#define BODY                                                                                       \
  "<component><structuredBody><component><section><title>Allergies</title><text>Penicillin"        \
  "</text></section></component></structuredBody></component>"
#define CDA(inside)                                                                                \
  "<?xml version='1.0'?><ClinicalDocument xmlns='urn:hl7-org:v3'>" inside "</ClinicalDocument>"

static void
test_cda (void)
{
  g_autoptr (DocumentsReceived) received = read_text (CDA (HEAD EVE AUTHOR BODY));
  g_autofree char *plain = documents_narrative_dup_plain (received->narrative);
  FhirResource *eve = received->subject;

  g_assert_cmpstr (received->title, ==, "Summary of care");
  g_assert_cmpstr (received->author, ==, "Heartly Sixer · Good Health");
  g_assert_cmpstr (received->date, ==, "2014-10-15T10:30:26-05:00");
  g_assert_cmpuint (received->n_subjects, ==, 1);
  g_assert_cmpstr (fhir_resource_path_text (eve, "name.0.family"), ==, "Betterhalf");
  g_assert_cmpstr (fhir_resource_path_text (eve, "name.0.given.0"), ==, "Eve");
  g_assert_cmpstr (fhir_resource_path_text (eve, "name.0.given.1"), ==, "Anne");
  g_assert_cmpstr (fhir_resource_path_text (eve, "name.0.prefix.0"), ==, "Dr");
  g_assert_cmpstr (fhir_resource_path_text (eve, "birthDate"), ==, "1975-05-01");
  g_assert_cmpstr (fhir_resource_path_text (eve, "gender"), ==, "female");
  g_assert_cmpstr (fhir_resource_path_text (eve, "identifier.0.system"), ==,
                   "urn:oid:1.3.6.1.4.1.16517.1");
  g_assert_cmpstr (fhir_resource_path_text (eve, "identifier.0.value"), ==, "98765432");
  g_assert_cmpstr (fhir_resource_path_text (eve, "identifier.1.value"), ==,
                   "2e8ea2d0-0b9c-4ad4-9e5d-3b0b7e1d1a2c");
  g_assert_null (fhir_resource_path (eve, "identifier.2"));
  g_assert_nonnull (strstr (received->notice, "restricted"));
  g_assert_nonnull (strstr (plain, "Penicillin"));
}

/* What the head does not say is absent, and what stands in the body is not of the head. */
static void
test_cda_bare (void)
{
  g_autoptr (DocumentsReceived) bare = read_text (
      CDA ("<component><structuredBody><component><section><title>Only this</title><text>x</text>"
           "</section></component></structuredBody><recordTarget><patientRole/></recordTarget>"
           "</component>"));
  g_autoptr (DocumentsReceived) two = read_text (CDA (HEAD EVE EVE BODY));
  g_autoptr (DocumentsReceived) text_name = read_text (
      CDA ("<recordTarget><patientRole><patient><name>Eve Betterhalf</name></patient></patientRole>"
           "</recordTarget>" BODY));

  g_assert_null (bare->subject);
  g_assert_null (bare->title);
  g_assert_null (bare->author);
  g_assert_cmpuint (bare->n_subjects, ==, 0);
  g_assert_cmpuint (two->n_subjects, ==, 2);
  g_assert_null (fhir_resource_path (two->subject, "name.1"));
  g_assert_cmpstr (fhir_resource_path_text (text_name->subject, "name.0.text"), ==,
                   "Eve Betterhalf");
}

static void
test_dates (void)
{
  static const struct
  {
    const char *digits, *date;
  } cases[] = {
    { "20141015103026-0500", "2014-10-15T10:30:26-05:00" },
    { "201410151030+0000", "2014-10-15T10:30:00+00:00" },
    { "20141015103026.123+0930", "2014-10-15T10:30:26+09:30" },
    { "20141015103026", "2014-10-15" },
    { "201410", "2014-10" },
    { "2014", "2014" },
    { "20141015103026-05", "2014-10-15" },
    { "", NULL },
    { "201", NULL },
    { "x", NULL },
    { NULL, NULL },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *date = documents_head_dup_date (cases[i].digits);

      g_assert_cmpstr (date, ==, cases[i].date);
    }
}

/* Neither fetched nor swollen; damaged is said. */
static void
test_cda_hostile (void)
{
  g_autoptr (GString) deep = g_string_new ("<ClinicalDocument>");

  assert_refused (
      "<!DOCTYPE r [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><ClinicalDocument><title>&x;"
      "</title></ClinicalDocument>",
      -1, "damaged");
  assert_refused ("<!DOCTYPE r [<!ENTITY a 'aaaaaaaaaa'><!ENTITY b '&a;&a;&a;&a;&a;'>]>"
                  "<ClinicalDocument><title>&b;</title></ClinicalDocument>",
                  -1, "damaged");
  assert_refused ("<ClinicalDocument><title>Caf\xe9</title></ClinicalDocument>", -1, "damaged");
  assert_refused ("<ClinicalDocument><title>cut off", -1, "damaged");
  assert_refused ("\xff\xfe<\0C\0l\0i\0", 10, "no clinical document");
  for (guint i = 0; i < 200 * 1000; i++)
    g_string_append (deep, "<recordTarget>");
  assert_refused (deep->str, -1, "damaged");
}

/* ---- other kinds ---- */

static void
test_other_kinds (void)
{
  g_autoptr (DocumentsReceived) link = read_text ("shlink:/eyJ1cmwi\n");
  g_autoptr (DocumentsReceived) viewed = read_text ("https://viewer.example/#shlink:/eyJ1cmwi");

  g_assert_cmpstr (link->link, ==, "shlink:/eyJ1cmwi");
  g_assert_cmpstr (viewed->link, ==, "shlink:/eyJ1cmwi");
  assert_refused ("", 0, "empty");
  assert_refused ("%PDF-1.4", -1, "picture or a PDF");
  assert_refused ("<page/>", -1, "no clinical document");
  assert_refused ("say shlink:/eyJ1cmwi", -1, "no clinical document");
  assert_refused ("say shlink:/eyJ1cmwi", -1, "no clinical document");
  assert_refused ("hello", -1, "no clinical document");
  assert_refused ("\0\0\0\0", 4, "no clinical document");
  assert_refused ("<?xml version='1.0'?><Bundle xmlns=\"http://hl7.org/fhir\"/>", -1, "in XML");
  assert_refused ("{\"verifiableCredential\":[\"eyJ\"]}", -1, "health card");
  assert_refused ("{\"a\":1}", -1, "no FHIR record");
  assert_refused ("{\"resourceType\":", -1, "no FHIR record");
}

/* ---- FHIR ---- */

#define JANE_URL "'urn:uuid:0f5c7d5e-0000-4000-8000-000000000001'"
#define JANE                                                                                       \
  "{'fullUrl':" JANE_URL                                                                           \
  ",'resource':{'resourceType':'Patient','name':[{'family':'Smith','given':['"                     \
  "Jane']}],'birthDate':'1961-03-12','gender':'female'}}"
#define ALLERGY                                                                                    \
  "{'fullUrl':'urn:uuid:0f5c7d5e-0000-4000-8000-000000000002','resource':{'resourceType':"         \
  "'AllergyIntolerance','code':{'text':'Penicillin'},'clinicalStatus':{'coding':[{'code':'active'" \
  "}]},'patient':{'reference':" JANE_URL "}}}"
#define BUNDLE(type, entries)                                                                      \
  "{'resourceType':'Bundle','type':'" type                                                         \
  "','timestamp':'2026-01-02T03:04:05Z','entry':[" entries "]}"

static void
test_document (void)
{
  g_autoptr (DocumentsReceived) received = read_json (BUNDLE (
      "document",
      "{'fullUrl':'urn:uuid:0f5c7d5e-0000-4000-8000-000000000009','resource':{'resourceType':"
      "'Composition','title':'Patient summary','date':'2026-01-01','status':'final','type':{'text':"
      "'IPS'},'subject':{'reference':" JANE_URL "},'author':[{'reference':'Practitioner/p'}],"
      "'section':[{'title':'Allergies','text':{'status':'generated','div':'<div>No <b>aspirin</b>"
      "<script>alert(1)</script></div>'},'section':[{'title':'Inner','text':{'div':'<div>in'}}]}]}}"
      ",{'fullUrl':'https://a.example/Practitioner/"
      "p','resource':{'resourceType':'Practitioner','id':"
      "'p','name':[{'family':'Sixer','given':['Heartly']}]}}," JANE "," ALLERGY
      ",{'fullUrl':'urn:uuid:0f5c7d5e-0000-4000-8000-000000000003','resource':{'resourceType':"
      "'MedicationStatement','status':'active','medicationCodeableConcept':{'text':'Ramipril 5 mg'}"
      ",'subject':{'reference':" JANE_URL "},'effectiveDateTime':'2025-06-01'}}"));
  g_autofree char *plain = documents_narrative_dup_plain (received->narrative);

  g_test_message ("%s", plain);
  g_assert_cmpstr (received->title, ==, "Patient summary");
  g_assert_cmpstr (received->author, ==, "Heartly Sixer");
  g_assert_cmpstr (received->date, ==, "2026-01-01");
  g_assert_cmpuint (received->n_subjects, ==, 1);
  g_assert_cmpstr (fhir_resource_path_text (received->subject, "name.0.family"), ==, "Smith");
  g_assert_nonnull (strstr (plain, "Allergies\nNo aspirin\nInner\nThe words of this section are"));
  g_assert_null (strstr (plain, "alert"));
  g_assert_nonnull (strstr (plain, "Allergies (1)\nPenicillin"));
  g_assert_nonnull (strstr (plain, "Medicines (1)\nRamipril 5 mg"));
  g_assert_null (received->notice);
}

static void
test_bundles (void)
{
  g_autoptr (DocumentsReceived) two =
      read_json (BUNDLE ("collection", JANE "," ALLERGY ",{'fullUrl':'urn:x:2','resource':{"
                                            "'resourceType':'Patient','name':[{'text':'Bob'}]}}"));
  g_autoptr (DocumentsReceived) pointing = read_json (
      BUNDLE ("collection", JANE ",{'resource':{'resourceType':'Condition','code':{'text'"
                                 ":'Gout'},'subject':{'reference':'Patient/another'}}}"));
  g_autoptr (DocumentsReceived) nested =
      read_json (BUNDLE ("collection", JANE ",{'resource':" BUNDLE ("collection", ALLERGY) "}"));
  g_autoptr (DocumentsReceived) nobody =
      read_json (BUNDLE ("collection",
                         "{'resource':{'resourceType':'Medication','code':{'text':'Ramipril'}}}"));
  g_autoptr (DocumentsReceived) broken =
      read_json (BUNDLE ("collection", JANE "," ALLERGY ",{'resource':{'resourceType':'Nothing'}},"
                                            "{'resource':7}"));
  g_autoptr (DocumentsReceived) single = read_json (
      "{'resourceType':'Condition','code':{'text':'Gout'},'subject':{'reference':'Patient/7'}}");
  g_autofree char *gout = documents_narrative_dup_plain (single->narrative);

  g_assert_cmpuint (two->n_subjects, ==, 2);
  g_assert_null (two->subject);
  g_assert_nonnull (strstr (two->notice, "records of 2 patients"));
  g_assert_cmpuint (pointing->n_subjects, ==, 2);
  g_assert_nonnull (strstr (nested->notice, "1 other bundle"));
  g_assert_cmpuint (nobody->n_subjects, ==, 0);
  g_assert_nonnull (strstr (broken->notice, "2 entries in it cannot be read"));
  g_assert_cmpuint (single->n_subjects, ==, 1);
  g_assert_null (single->subject);
  g_assert_nonnull (strstr (gout, "Gout"));
}

/* Two servers may both have a Patient/1, and two entries without an id are two. */
static void
test_same_names (void)
{
  g_autoptr (DocumentsReceived) two = read_json (BUNDLE (
      "collection",
      "{'fullUrl':'https://a.example/Patient/1','resource':{'resourceType':'Patient','id':'1'"
      ",'name':[{'text':'A'}]}},{'fullUrl':'https://b.example/Patient/1','resource':{"
      "'resourceType':'Patient','id':'1','name':[{'text':'B'}]}}"));
  g_autoptr (DocumentsReceived) twice = read_json (BUNDLE ("history", JANE "," ALLERGY "," JANE));

  g_assert_cmpuint (two->n_subjects, ==, 2);
  g_assert_cmpuint (twice->n_subjects, ==, 1);
}

static void
test_many (void)
{
  g_autoptr (GString) entries = g_string_new (JANE);
  g_autofree char *json = NULL, *deep = g_strnfill (20000, '[');
  g_autofree char *nested = g_strconcat ("{\"resourceType\":\"Bundle\",\"entry\":", deep, NULL);
  g_autoptr (DocumentsReceived) many = NULL;

  for (guint i = 0; i < 5003; i++)
    g_string_append (entries, ",{'resource':{'resourceType':'Organization'}}");
  json = g_strdup_printf ("{'resourceType':'Bundle','entry':[%s]}", entries->str);
  many = read_json (json);
  g_assert_nonnull (strstr (many->notice, "4 entries more are not shown"));
  assert_refused (nested, -1, "damaged, or no FHIR record");
}

/* ---- files ---- */

static void
assert_file_refused (const char *path, const char *sentence)
{
  g_autoptr (GFile) file = g_file_new_for_path (path);
  g_autofree char *name = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) bytes = documents_file_read (file, &name, NULL, &error);

  g_assert_null (bytes);
  g_assert_nonnull (name);
  if (!strstr (error->message, sentence))
    g_error ("%s: “%s” does not say “%s”", path, error->message, sentence);
}

static void
test_files (void)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *folder = g_dir_make_tmp ("bedside-received-XXXXXX", &error);
  g_autofree char *loop = g_build_filename (folder, "loop", NULL);
  g_autofree char *pipe = g_build_filename (folder, "pipe", NULL);
  g_autofree char *large = g_build_filename (folder, "large.xml", NULL);
  g_autofree char *good = g_build_filename (folder, "good\xff.cda", NULL), *name = NULL;
  g_autofree char *gone = g_build_filename (folder, "gone", NULL);
  g_autoptr (GFile) file = g_file_new_for_path (good);
  g_autoptr (GBytes) bytes = NULL;

  g_assert_no_error (error);
  g_assert_cmpint (symlink (loop, loop), ==, 0);
  g_assert_cmpint (mkfifo (pipe, 0600), ==, 0);
  g_assert_true (g_file_set_contents (large, "<", 1, NULL));
  g_assert_cmpint (truncate (large, (off_t) CARE_ATTACHMENT_MAX + 1), ==, 0);
  g_assert_true (g_file_set_contents (good, "<ClinicalDocument/>", -1, NULL));
  assert_file_refused (folder, "is a folder");
  assert_file_refused (loop, "back to itself");
  assert_file_refused (pipe, "is not a file");
  assert_file_refused ("/dev/zero", "is not a file");
  assert_file_refused (large, "larger than 40 MB");
  assert_file_refused (gone, "There is no file");
  bytes = documents_file_read (file, &name, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (g_bytes_get_size (bytes), ==, strlen ("<ClinicalDocument/>"));
  g_assert_true (g_utf8_validate (name, -1, NULL));
  g_assert_cmpint (g_chmod (good, 0), ==, 0);
  if (g_access (good, R_OK) != 0)
    assert_file_refused (good, "may not read");
  g_unlink (loop);
  g_unlink (pipe);
  g_unlink (large);
  g_unlink (good);
  g_assert_cmpint (g_rmdir (folder), ==, 0);
}

/* ---- the real ones ---- */

static void
read_real (const char *path)
{
  g_autofree char *contents = NULL;
  gsize length = 0;
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (DocumentsReceived) received = NULL;

  g_assert_true (g_file_get_contents (path, &contents, &length, NULL));
  bytes = g_bytes_new (contents, length);
  received = read_bytes (bytes, &error);
  if (error)
    g_error ("%s: %s", path, error->message);
  g_test_message ("%s: %s, %u, %s", path, received->title, received->n_subjects, received->author);
  g_assert_cmpuint (received->narrative->blocks->len, >, 0);
}

/* Every whole document of HL7's own examples names one patient with a birth date. */
static void
test_examples (void)
{
  const char *project = g_getenv ("BEDSIDE_PROJECT");
  static const char *const kinds[] = {
    "CCD/CCD 2/CCD",
    "Consultation Note/Consultation_Note",
    "Discharge Summary/Discharge_Summary",
    "Referral Note/Referral_Note",
    "Care Plan/Care_Plan",
    "Progress Note/Progress_Note",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (kinds); i++)
    {
      g_autofree char *name = g_strconcat (kinds[i], ".xml", NULL);
      g_autofree char *path = g_build_filename (project, "..", "shared", "data", "ccda-examples",
                                                "Documents", name, NULL);
      g_autofree char *contents = NULL;
      gsize length = 0;
      g_autoptr (GBytes) bytes = NULL;
      g_autoptr (DocumentsHead) head = NULL;

      if (!g_file_get_contents (path, &contents, &length, NULL))
        {
          g_test_skip ("the shared examples are not on this machine");
          return;
        }
      bytes = g_bytes_new (contents, length);
      head = documents_head_read (bytes, NULL);
      g_test_message ("%s: %s of %s", name, head->title, head->author);
      g_assert_cmpuint (head->n_subjects, ==, 1);
      g_assert_nonnull (fhir_resource_path_text (head->subject, "name.0.family"));
      g_assert_nonnull (fhir_resource_path_text (head->subject, "birthDate"));
      g_assert_nonnull (head->date);
      g_assert_nonnull (head->title);
      read_real (path);
    }
}

/* A whole record of the population, some thousand entries. */
static void
test_population (void)
{
  const char *project = g_getenv ("BEDSIDE_PROJECT");
  g_autofree char *folder =
      g_build_filename (project, "..", "shared", "data", "fhir-population", NULL);
  g_autoptr (GDir) files = g_dir_open (folder, 0, NULL);
  guint n = 0;

  for (const char *name = files ? g_dir_read_name (files) : NULL; name && n < 2;
       name = g_dir_read_name (files))
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);

      if (g_str_has_suffix (name, ".json"))
        {
          read_real (path);
          n++;
        }
    }
  if (n == 0)
    g_test_skip ("the shared population is not on this machine");
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/documents/received/cda", test_cda);
  g_test_add_func ("/documents/received/cda-bare", test_cda_bare);
  g_test_add_func ("/documents/received/dates", test_dates);
  g_test_add_func ("/documents/received/cda-hostile", test_cda_hostile);
  g_test_add_func ("/documents/received/other-kinds", test_other_kinds);
  g_test_add_func ("/documents/received/document", test_document);
  g_test_add_func ("/documents/received/bundles", test_bundles);
  g_test_add_func ("/documents/received/same-names", test_same_names);
  g_test_add_func ("/documents/received/many", test_many);
  g_test_add_func ("/documents/received/files", test_files);
  g_test_add_func ("/documents/received/examples", test_examples);
  g_test_add_func ("/documents/received/population", test_population);
  return g_test_run ();
}
