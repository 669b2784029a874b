/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "care-search.h"

#include "care-fixture.h"
#include "store-search-text.h"

#include <string.h>

/* ---- the words around ---- */

static void
test_marks (void)
{
  static const struct
  {
    const char *text, *typed, *marked;
  } cases[] = {
    { "Heart failure", "fail hear", "Hear|fail" },
    { "The heart of it", "art", "" },
    { "Ménière disease", "MENIERE", "Ménière" },
    { "Non-insulin (insulin)", "insulin", "insulin|insulin" },
    { "Søren, sœur", "soren soeur", "Søren|sœur" },
    { "昨日から頭痛が続く", "頭痛", "頭痛" },
    { "Ｋ 5.1", "k", "Ｋ" },
    { "두통이 있다", "두통", "두통" },
    { "صداع شديد", "صداع", "صداع" },
    { "", "x", "" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_auto (GStrv) words = store_search_split_words (cases[i].typed);
      g_autoptr (GArray) marks =
          care_search_find_marks (cases[i].text, (const char *const *) words);
      g_autoptr (GString) marked = g_string_new (NULL);

      for (guint m = 0; m < marks->len; m++)
        {
          const CareSearchMark *mark = &g_array_index (marks, CareSearchMark, m);

          g_string_append_printf (marked, "%s%.*s", m > 0 ? "|" : "",
                                  (int) (mark->end - mark->start), cases[i].text + mark->start);
        }
      g_assert_cmpstr (marked->str, ==, cases[i].marked);
    }
}

static void
test_context (void)
{
  static const char *const words[] = { "ramipril", NULL };
  static const char long_text[] =
      "She was seen in the clinic on Monday with her daughter, and told us that she had stopped "
      "ramipril\nbecause of a dry cough that kept her awake, and that she feels better since, and "
      "would rather not take anything like it again.";
  g_autofree char *context = care_search_dup_context (long_text, words);
  g_autofree char *whole = care_search_dup_context ("Stop ramipril.", words);
  g_autofree char *none = care_search_dup_context ("Stop digoxin.", words);

  g_assert_cmpstr (context, ==,
                   "… her daughter, and told us that she had stopped ramipril because of a dry "
                   "cough that kept her awake, and that she feels better since, and would …");
  g_assert_cmpstr (whole, ==, "Stop ramipril.");
  g_assert_null (none);
}

/* ---- hits ---- */

static gboolean
put_records (StoreConnection *connection, gpointer fixture, GError **error)
{
  static const char *const records[] = {
    "{'resourceType':'Patient','id':'p','name':[{'family':'Smith','given':['Jane']}]}",
    "{'resourceType':'Patient','id':'q','name':[{'family':'Jones','given':['Bob']}]}",
    "{'resourceType':'Condition','id':'old','subject':{'reference':'Patient/p'},'code':{'text':"
    "'Cough, chronic'},'onsetDateTime':'2019-03'}",
    "{'resourceType':'Communication','id':'m','status':'completed','subject':{'reference':"
    "'Patient/p'},'sent':'2026-11-20T08:00:00Z','payload':[{'contentString':'I have a cough'}]}",
    "{'resourceType':'MedicationStatement','id':'s','status':'stopped','subject':{'reference':"
    "'Patient/p'},'medicationCodeableConcept':{'text':'Ramipril'},'effectivePeriod':{'start':"
    "'2024-01-05','end':'2025-06-01'},'statusReason':[{'text':'Dry cough'}],'note':[{'text':"
    "'Stopped for a dry cough'}]}",
    "{'resourceType':'Condition','id':'wrong','verificationStatus':{'coding':[{'code':"
    "'entered-in-error'}]},'subject':{'reference':'Patient/p'},'code':{'text':'Whooping cough'}}",
    "{'resourceType':'Procedure','id':'odd','status':'completed','subject':{'reference':"
    "'Patient/p'},'code':{'text':'Cough assist'},'performedDateTime':'2020','modifierExtension':[{"
    "'url':'urn:x','valueBoolean':true}]}",
    "{'resourceType':'Condition','id':'his','subject':{'reference':'Patient/q'},'code':{'text':"
    "'Cough'},'onsetDateTime':'2021-03'}",
    "{'resourceType':'Condition','id':'nobody','subject':{'reference':'Patient/not-here'},'code':{"
    "'text':'Cough'}}",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (records); i++)
    care_fixture_put (connection, records[i]);
  return TRUE;
}

static char *
dup_references (CareSearch *search)
{
  g_autoptr (GPtrArray) references = g_ptr_array_new ();
  GListModel *hits = care_search_get_hits (search);

  for (guint i = 0; i < g_list_model_get_n_items (hits); i++)
    {
      g_autoptr (CareHit) hit = g_list_model_get_item (hits, i);

      g_ptr_array_add (references, (gpointer) care_hit_get_reference (hit));
    }
  g_ptr_array_add (references, NULL);
  return g_strjoinv (" ", (char **) references->pdata);
}

static CareSearch *
search (StoreConnection *connection, gpointer fixture, const char *patient, const char *typed)
{
  g_autoptr (GError) error = NULL;
  CareSearch *found =
      care_search_load (connection, patient, typed, ((CareFixture *) fixture)->clock, &error);

  g_assert_no_error (error);
  return found;
}

static gboolean
check_hits (StoreConnection *connection, gpointer fixture, GError **error)
{
  g_autoptr (CareSearch) hers = search (connection, fixture, "p", "COUGH");
  g_autoptr (CareSearch) all = search (connection, fixture, NULL, "cough");
  g_autofree char *references = dup_references (hers), *of_all = dup_references (all);

  /* newest first; nothing of another patient, nothing that was an error */
  g_assert_cmpstr (references, ==,
                   "Communication/m MedicationStatement/s Procedure/odd Condition/old");
  g_assert_cmpstr (of_all, ==,
                   "Communication/m MedicationStatement/s Condition/his Procedure/odd "
                   "Condition/old");
  g_assert_false (care_search_get_more (hers));

  g_autoptr (CareHit) message = g_list_model_get_item (care_search_get_hits (hers), 0);
  g_autoptr (CareHit) medicine = g_list_model_get_item (care_search_get_hits (hers), 1);
  g_autoptr (CareHit) odd = g_list_model_get_item (care_search_get_hits (hers), 2);
  g_assert_cmpstr (care_hit_get_context (message), ==, "I have a cough");
  g_assert_cmpstr (care_hit_get_kind (message), ==, "Messages");
  g_assert_cmpstr (care_hit_get_date (message), ==, "20-Nov-2026 08:00");
  g_assert_cmpstr (care_hit_get_patient_id (message), ==, "p");
  g_assert_cmpstr (care_hit_get_patient (message), ==, "SMITH, Jane");
  g_assert_cmpstr (care_hit_get_title (medicine), ==, "Ramipril");
  g_assert_cmpstr (care_hit_get_context (medicine), ==, "Stopped · Dry cough");
  g_autoptr (CareHit) problem = g_list_model_get_item (care_search_get_hits (hers), 3);
  g_assert_cmpstr (care_hit_get_context (problem), ==, "Began");
  /* what may mean the opposite is there, and says nothing */
  g_assert_null (strstr (care_hit_get_title (odd), "assist"));
  return TRUE;
}

static gboolean
put_stopped (StoreConnection *connection, gpointer fixture, GError **error)
{
  static const char *const records[] = {
    "{'resourceType':'Patient','id':'p','name':[{'family':'Smith','given':['Jane']}]}",
    "{'resourceType':'MedicationRequest','id':'r','status':'stopped','intent':'order','subject':{"
    "'reference':'Patient/p'},'medicationCodeableConcept':{'text':'Ramipril'},'authoredOn':"
    "'2024-01-05','statusReason':{'text':'Angioedema'}}",
    "{'resourceType':'Provenance','id':'why','target':[{'reference':'MedicationRequest/r'}],"
    "'recorded':'2025-06-03T09:00:00Z','activity':{'coding':[{'code':'UPDATE'}]},'agent':[{'who':{"
    "'display':'Dr Ada Stone'}}]}",
    "{'resourceType':'Immunization','id':'no','status':'not-done','patient':{'reference':"
    "'Patient/p'},'vaccineCode':{'text':'Zoster'},'occurrenceDateTime':'2026-01-05','statusReason':"
    "{'coding':[{'display':'Immunosuppressed'}]}}",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (records); i++)
    care_fixture_put (connection, records[i]);
  return TRUE;
}

static gboolean
check_stopped (StoreConnection *connection, gpointer fixture, GError **error)
{
  g_autoptr (CareSearch) found = search (connection, fixture, "p", "angio");
  g_autoptr (CareSearch) by_name = search (connection, fixture, "p", "ramipril");
  g_autoptr (CareSearch) not_done = search (connection, fixture, "p", "immunosup");
  g_autofree char *references = dup_references (found), *other = dup_references (not_done);
  g_autoptr (CareHit) hit = g_list_model_get_item (care_search_get_hits (found), 0);
  g_autoptr (CareHit) named = g_list_model_get_item (care_search_get_hits (by_name), 0);

  g_assert_cmpstr (references, ==, "MedicationRequest/r");
  g_assert_cmpstr (care_hit_get_title (hit), ==, "Ramipril");
  g_assert_cmpstr (care_hit_get_context (hit), ==, "Stopped · Angioedema");
  g_assert_cmpstr (care_hit_get_date (hit), ==, "03-Jun-2025 09:00");
  g_assert_cmpstr (care_hit_get_date (named), ==, "05-Jan-2024");
  g_assert_cmpstr (other, ==, "Immunization/no");
  return TRUE;
}

/* A medicine is found by why it was stopped, on the day it was. */
static void
test_stopped (CareFixture *fixture, gconstpointer data)
{
  care_fixture_write (fixture, put_stopped);
  care_fixture_read (fixture, check_stopped);
}

static void
test_hits (CareFixture *fixture, gconstpointer data)
{
  care_fixture_write (fixture, put_records);
  care_fixture_read (fixture, check_hits);
}

/* ---- who was read ---- */

static gboolean
load_all (StoreConnection *connection, gpointer data, GError **error)
{
  CareSearch **found = data;
  g_autoptr (BaseClock) clock = base_clock_new ();

  *found = care_search_load (connection, NULL, "cough", clock, error);
  return *found != NULL;
}

static gboolean
count_audit (StoreConnection *connection, gpointer data, GError **error)
{
  gint64 rows = 0;

  g_assert_true (store_audit_verify (connection, &rows, error));
  g_assert_cmpint (rows, ==, 2);
  return TRUE;
}

/* One row for each patient of whom something was shown, however many hits. */
static void
test_audit (CareFixture *fixture, gconstpointer data)
{
  g_autoptr (CareSearch) all = NULL;

  care_fixture_write (fixture, put_records);
  g_assert_true (store_database_read (fixture->database, load_all, &all, NULL));
  care_search_audit (all, fixture->doctor);
  /* four hold it: the fixture and its contexts; each row holds it until it is written */
  while (G_OBJECT (fixture->database)->ref_count > 4)
    g_main_context_iteration (NULL, TRUE);
  care_fixture_read (fixture, count_audit);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/care-search/marks", test_marks);
  g_test_add_func ("/care-search/context", test_context);
  g_test_add ("/care-search/hits", CareFixture, NULL, care_fixture_set_up, test_hits,
              care_fixture_tear_down);
  g_test_add ("/care-search/stopped", CareFixture, NULL, care_fixture_set_up, test_stopped,
              care_fixture_tear_down);
  g_test_add ("/care-search/audit", CareFixture, NULL, care_fixture_set_up, test_audit,
              care_fixture_tear_down);
  return g_test_run ();
}
