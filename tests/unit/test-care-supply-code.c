/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "care-supply-code.h"

#include <locale.h>
#include <string.h>

#include "base-qr.h"
#include "care-fixture.h"
#include "care-journal.h"
#include "care-prescription.h"
#include "care-supply.h"

/* The code that a patient shows at a counter: what is one, what is none, whoever typed it; and what
 * the chart says of a prescription that was printed before it was sent. */

#define code_test(path, function)                                                                  \
  g_test_add (path, CareFixture, NULL, care_fixture_set_up, function, care_fixture_tear_down)

#define NUMBER "01a00000-0000-7000-8000-000000000001"
#define TOKEN  "0123456789abcdef01234567"

static char *code;

static void
test_there_and_back (void)
{
  g_autofree char *made = care_supply_code_make (NUMBER, TOKEN);
  g_autofree char *lower = g_ascii_strdown (made, -1);
  g_autoptr (GBytes) modules = NULL;
  guint width = 0;

  g_assert_true (g_str_has_prefix (made, "RX1/01A00000-0000-7000-8000-000000000001/0123456789"));
  for (int i = 0; i < 3; i++)
    {
      g_autofree char *typed = i == 2   ? g_strdup_printf ("%.10s %s", lower, lower + 10)
                               : i == 1 ? g_strdup_printf ("  %s\r\n", made)
                                        : g_strdup (made);
      g_autofree char *number = NULL, *token = NULL;
      g_autoptr (GError) error = NULL;

      g_assert_true (care_supply_code_parse (typed, &number, &token, &error));
      g_assert_no_error (error);
      g_assert_cmpstr (number, ==, NUMBER);
      g_assert_cmpstr (token, ==, TOKEN);
    }
  /* and it fits a square */
  modules = base_qr_new (made, &width);
  g_assert_nonnull (modules);
  g_assert_cmpuint (width, <, 60);
}

/* Any letter that is read as another is found: nobody gets another person's prescription. */
static void
test_a_wrong_letter (void)
{
  g_autofree char *made = care_supply_code_make (NUMBER, TOKEN);

  for (gsize i = 0; made[i] != '\0'; i++)
    for (const char *other = "0123456789ABCDEFRX/-"; *other; other++)
      {
        g_autofree char *wrong = g_strdup (made);
        g_autofree char *number = NULL, *token = NULL;

        if (made[i] == *other)
          continue;
        wrong[i] = *other;
        g_assert_false (care_supply_code_parse (wrong, &number, &token, NULL));
        g_assert_null (number);
        g_assert_null (token);
      }
}

static void
test_hostile (void)
{
  static const char *const none[] = {
    NULL,
    "",
    " ",
    "/",
    "///",
    "RX1",
    "RX1///",
    "RX1/a/b/00",
    "https://example.org/?RX1/" NUMBER "/" TOKEN "/00",
    "RX1/" NUMBER "/" TOKEN "/00/https://example.org",
    "javascript:alert(1)",
    "<script>alert(1)</script>",
    "RX1/<b>/" TOKEN "/11",
    "RX1/" NUMBER "?x=1/" TOKEN "/11",
    "RX1/../../etc/passwd/" TOKEN "/11",
    "RX2/" NUMBER "/" TOKEN "/11",
    "RX1/" NUMBER "/" TOKEN "0/11",
    "RX1/" NUMBER "/0123456789abcdef0123456g/11",
    "RX1/" NUMBER "/" TOKEN "/%d%s%n",
    "{\"urls\":[\"Task/1/$accept?ac=1\"]}",
    "RX1/" NUMBER "\xe2\x80\xae/" TOKEN "/11",
    "\xff\xfe\xff",
    "RX1/" NUMBER "/" TOKEN "/1\x01",
  };
  g_autofree char *long_one = g_strnfill (1000000, 'A');

  for (gsize i = 0; i < G_N_ELEMENTS (none); i++)
    {
      g_autofree char *number = NULL, *token = NULL;
      g_autoptr (GError) error = NULL;

      g_assert_false (care_supply_code_parse (none[i], &number, &token, &error));
      g_assert_error (error, CARE_ERROR, CARE_ERROR_MISSING);
      /* what was shown is not repeated: it stands in no page and no log */
      g_assert_null (strstr (error->message, "alert("));
    }
  g_assert_false (care_supply_code_parse (long_one, NULL, NULL, NULL));
}

/* ---- on paper ---- */

static gboolean
fill (StoreConnection *connection, gpointer data, GError **error)
{
  care_fixture_put (connection, "{'resourceType':'Patient','id':'p'}");
  care_fixture_put (connection,
                    "{'resourceType':'MedicationRequest','id':'m','status':'active',"
                    "'intent':'order','identifier':[{'system':'" CARE_SYSTEM_PRESCRIPTION_ID
                    "','value':'" NUMBER "'}],'subject':{'reference':'Patient/p'},"
                    "'medicationCodeableConcept':{'text':'Amlodipine 5 mg'}}");
  return TRUE;
}

static gboolean
print_work (StoreConnection *connection, gpointer data, GError **error)
{
  CareFixture *fixture = data;

  g_clear_pointer (&code, g_free);
  code = care_supply_code_print (connection, fixture->doctor, "m", error);
  return code != NULL;
}

static gboolean
void_work (StoreConnection *connection, gpointer data, GError **error)
{
  CareFixture *fixture = data;

  return care_supply_code_void (connection, fixture->doctor, code, error);
}

static gboolean
is_printed (StoreConnection *connection, gpointer data, GError **error)
{
  CareFixture *fixture = data;
  g_autoptr (CareDelivery) delivery =
      care_prescription_get_delivery (connection, "m", fixture->clock, error);

  g_assert_nonnull (delivery);
  g_assert_cmpstr (delivery->text, ==, "Sent, and printed: the paper is the same prescription");
  g_assert_cmpuint (care_fixture_count (connection, "Task",
                                        "code=https://bedside.health/fhir/task|collect"),
                    ==, 1);
  return TRUE;
}

static gboolean
is_not_printed (StoreConnection *connection, gpointer data, GError **error)
{
  CareFixture *fixture = data;
  g_autoptr (CareDelivery) delivery =
      care_prescription_get_delivery (connection, "m", fixture->clock, error);

  g_assert_nonnull (delivery);
  g_assert_cmpstr (delivery->text, ==, "Sent");
  return TRUE;
}

static gboolean
stop_work (StoreConnection *connection, gpointer data, GError **error)
{
  CareFixture *fixture = data;

  return care_prescription_cancel (connection, fixture->doctor, "m", "Wrong drug", error);
}

static void
test_printed (CareFixture *fixture, gconstpointer data)
{
  g_autofree char *first = NULL, *number = NULL, *token = NULL;
  g_autoptr (GError) error = NULL;

  care_fixture_write (fixture, fill);
  care_fixture_write (fixture, print_work);
  first = g_strdup (code);
  g_assert_true (care_supply_code_parse (first, &number, &token, NULL));
  g_assert_cmpstr (number, ==, NUMBER);
  care_fixture_read (fixture, is_printed);
  /* the same paper twice has the same code */
  care_fixture_write (fixture, print_work);
  g_assert_cmpstr (code, ==, first);
  care_fixture_read (fixture, is_printed);
  /* the printer's dialog was closed: nothing is on paper, and another code is made for the next */
  care_fixture_write (fixture, void_work);
  care_fixture_write (fixture, void_work);
  care_fixture_read (fixture, is_not_printed);
  care_fixture_write (fixture, print_work);
  g_assert_cmpstr (code, !=, first);
  care_fixture_write (fixture, stop_work);
  error = care_fixture_try (fixture, print_work);
  g_assert_error (error, CARE_ERROR, CARE_ERROR_STATE);
}

/* ---- printed before it is sent ---- */

static gboolean
sign_work (StoreConnection *connection, gpointer data, GError **error)
{
  CareFixture *fixture = data;
  const StoreDrug *drug = store_content_get_drug (fixture->content, "197806");
  g_autoptr (CarePrescriptionDraft) draft =
      care_prescription_draft_new (NUMBER, "p", "Practitioner/doctor", NULL);

  care_fixture_put (connection, "{'resourceType':'Patient','id':'p'}");
  care_fixture_put (connection, "{'resourceType':'Organization','id':'ph','name':'Mill Pharmacy'}");
  care_prescription_draft_set_drug (draft, drug->rxcui, drug->name, drug->ingredients,
                                    drug->ingredient_codes, drug->strength, drug->form, drug->route,
                                    NULL);
  g_object_set (draft, "dose-value", "1", "frequency", 2, "duration-days", 7, "quantity", "14",
                NULL);
  return care_prescription_sign (connection, fixture->doctor, draft,
                                 CLINICAL_CONTENT (fixture->content), NULL, NULL, error);
}

static gboolean
print_signed (StoreConnection *connection, gpointer data, GError **error)
{
  CareFixture *fixture = data;

  g_clear_pointer (&code, g_free);
  code = care_supply_code_print (connection, fixture->doctor, NUMBER, error);
  return code != NULL && care_prescription_release_due (connection, fixture->doctor, NULL, error);
}

/* The server has taken all that waited. */
static gboolean
acknowledge (StoreConnection *connection, gpointer data, GError **error)
{
  g_autoptr (GPtrArray) entries = care_journal_open (connection, error);

  for (guint i = 0; i < entries->len; i++)
    if (!store_journal_set_state (connection, ((StoreJournalEntry *) entries->pdata[i])->sequence,
                                  "done", NULL, error))
      return FALSE;
  return TRUE;
}

/* The pharmacy has shown the code of the paper, and handed it out. */
static gboolean
hand_out (StoreConnection *connection, gpointer data, GError **error)
{
  care_fixture_put (
      connection,
      "{'resourceType':'Task','id':'t','intent':'order','status':'completed',"
      "'code':{'coding':[{'system':'https://bedside.health/fhir/task','code':'dispense'}]},"
      "'focus':{'reference':'MedicationRequest/" NUMBER "'},'for':{'reference':'Patient/p'},"
      "'owner':{'reference':'Organization/ph'}}");
  care_fixture_put (connection,
                    "{'resourceType':'MedicationDispense','id':'d','status':'completed',"
                    "'subject':{'reference':'Patient/p'},'whenHandedOver':'2026-11-22T12:00:00Z',"
                    "'authorizingPrescription':[{'reference':'MedicationRequest/" NUMBER "'}],"
                    "'quantity':{'value':14,'unit':'tablets'}}");
  return TRUE;
}

static const char *expected;

static gboolean
says (StoreConnection *connection, gpointer data, GError **error)
{
  CareFixture *fixture = data;
  g_autoptr (CareDelivery) delivery =
      care_prescription_get_delivery (connection, NUMBER, fixture->clock, error);

  g_assert_nonnull (delivery);
  g_assert_cmpstr (delivery->text, ==, expected);
  return TRUE;
}

static void
expect (CareFixture *fixture, const char *text)
{
  expected = text;
  care_fixture_read (fixture, says);
}

/* H1 as before: printed, it still stands between the user and quit until a server has it. */
static gboolean
is_unsent (StoreConnection *connection, gpointer data, GError **error)
{
  CareFixture *fixture = data;
  g_autoptr (GListStore) rows = care_prescription_list_unsent (connection, fixture->clock, error);

  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (rows)), ==, 1);
  return TRUE;
}

static void
test_printed_before_it_is_sent (CareFixture *fixture, gconstpointer data)
{
  care_fixture_write (fixture, sign_work);
  base_clock_advance (fixture->clock, CARE_NOT_SENT_US);
  care_fixture_write (fixture, print_signed);
  expect (fixture, "NOT SENT YET. The patient has it on paper, with the same number");
  care_fixture_read (fixture, is_unsent);
  care_fixture_write (fixture, void_work);
  expect (fixture, "NOT SENT: TELL THE PATIENT");
  care_fixture_write (fixture, print_signed);
  care_fixture_write (fixture, acknowledge);
  expect (fixture, "Sent, and printed: the paper is the same prescription");
  care_fixture_write (fixture, hand_out);
  expect (fixture, "Handed out by Mill Pharmacy; nothing is left to hand out");
}

int
main (int argc, char **argv)
{
  setlocale (LC_ALL, "C.UTF-8");
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/care/supply-code/there-and-back", test_there_and_back);
  g_test_add_func ("/care/supply-code/a-wrong-letter", test_a_wrong_letter);
  g_test_add_func ("/care/supply-code/hostile", test_hostile);
  code_test ("/care/supply-code/printed", test_printed);
  code_test ("/care/supply-code/printed-before-it-is-sent", test_printed_before_it_is_sent);
  return g_test_run ();
}
