/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "care-fixture.h"

#include <locale.h>
#include <string.h>

#include "care-prescription-stage.h"
#include "care-prescription.h"
#include "care-supply.h"

#define supply_test(path, function)                                                                \
  g_test_add (path, CareFixture, NULL, care_fixture_set_up, function, care_fixture_tear_down)

#define ID "01a00000-0000-7000-8000-000000000001"

/* ---- the table of states, without a store ---- */

static void
test_states (void)
{
  static const struct
  {
    CareSupplyFacts facts;
    CareDeliveryState state;
  } cases[] = {
    { { .allowed = 1 }, CARE_DELIVERY_SENT },
    { { .dispense = CARE_SUPPLY_STEP_ASKED }, CARE_DELIVERY_CHOSEN },
    { { .dispense = CARE_SUPPLY_STEP_TAKEN }, CARE_DELIVERY_ACKNOWLEDGED },
    { { .dispense = CARE_SUPPLY_STEP_WAITS }, CARE_DELIVERY_ON_HOLD },
    { { .dispense = CARE_SUPPLY_STEP_READY }, CARE_DELIVERY_READY },
    { { .dispense = CARE_SUPPLY_STEP_REFUSED }, CARE_DELIVERY_REFUSED },
    { { .dispense = CARE_SUPPLY_STEP_GONE }, CARE_DELIVERY_SENT },
    { { .dispense = CARE_SUPPLY_STEP_READY, .not_collected = TRUE }, CARE_DELIVERY_NOT_COLLECTED },
    /* handed out, and nobody needs to be called any more */
    { { .handed_out = 1, .allowed = 3, .not_collected = TRUE }, CARE_DELIVERY_DISPENSED },
    { { .handed_out = 1 }, CARE_DELIVERY_DISPENSED }, /* repeats are not recorded */
    { { .handed_out = 1, .allowed = 1 }, CARE_DELIVERY_COMPLETED },
    { { .handed_out = 3, .allowed = 3 }, CARE_DELIVERY_COMPLETED },
    { { .handed_out = 4, .allowed = 3 }, CARE_DELIVERY_COMPLETED },
    { { .completed = TRUE }, CARE_DELIVERY_COMPLETED },
    { { .partly = TRUE, .allowed = 1, .dispense = CARE_SUPPLY_STEP_WAITS }, CARE_DELIVERY_PARTLY },
    { { .handed_out = 1, .partly = TRUE, .allowed = 3 }, CARE_DELIVERY_PARTLY },
    /* a repeat that a pharmacy turns away is not hidden by what was handed out before */
    { { .handed_out = 1, .allowed = 3, .dispense = CARE_SUPPLY_STEP_REFUSED },
      CARE_DELIVERY_REFUSED },
    { { .partly = TRUE, .allowed = 1, .dispense = CARE_SUPPLY_STEP_REFUSED },
      CARE_DELIVERY_REFUSED },
    { { .ended = TRUE }, CARE_DELIVERY_CANCELLED },
    { { .ended = TRUE, .cancel = CARE_SUPPLY_STEP_ASKED }, CARE_DELIVERY_CANCEL_ASKED },
    { { .ended = TRUE, .cancel = CARE_SUPPLY_STEP_TAKEN }, CARE_DELIVERY_CANCEL_ASKED },
    { { .ended = TRUE, .cancel = CARE_SUPPLY_STEP_DONE }, CARE_DELIVERY_CANCELLED },
    { { .ended = TRUE, .cancel = CARE_SUPPLY_STEP_REFUSED }, CARE_DELIVERY_CANCEL_FAILED },
    { { .ended = TRUE, .cancel = CARE_SUPPLY_STEP_DONE, .late = TRUE, .handed_out = 1 },
      CARE_DELIVERY_CANCEL_FAILED },
    /* stopped after it was taken for a while: nobody was asked */
    { { .ended = TRUE, .handed_out = 1, .allowed = 1 }, CARE_DELIVERY_CANCELLED },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_test_message ("case %" G_GSIZE_FORMAT ": %s", i,
                      care_delivery_state_get_nick (cases[i].state));
      g_assert_cmpint (care_supply_state (&cases[i].facts), ==, cases[i].state);
    }
}

static void
test_every_state_has_a_name (void)
{
  g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);

  for (int state = CARE_DELIVERY_RESTING; state <= CARE_DELIVERY_DECLINED; state++)
    {
      const char *nick = care_delivery_state_get_nick ((CareDeliveryState) state);

      g_assert_nonnull (nick);
      g_assert_nonnull (care_prescription_stage_get_word (nick));
      g_assert_true (g_hash_table_add (seen, (gpointer) nick));
    }
}

/* The whole way is one line; what ended has nothing after it. */
static void
test_stages (void)
{
  CareStages stages;

  g_assert_true (care_prescription_stages ("draft", &stages));
  g_assert_cmpuint (stages.at, ==, 0);
  g_assert_cmpuint (stages.n, ==, CARE_STAGES);
  g_assert_cmpstr (stages.words[1], ==, "Checked");
  g_assert_true (care_prescription_stages ("waiting", &stages));
  g_assert_cmpstr (stages.words[stages.at], ==, "Queued");
  g_assert_true (care_prescription_stages ("unknown", &stages));
  g_assert_cmpstr (stages.words[stages.at], ==, "Unknown, reconciling");
  g_assert_cmpstr (stages.words[stages.at + 1], ==, "Acknowledged");
  g_assert_true (care_prescription_stages ("cancelled", &stages));
  g_assert_cmpuint (stages.n, ==, stages.at + 1);
  g_assert_false (care_prescription_stages ("lost", &stages));
  g_assert_null (care_prescription_stage_get_word (NULL));
}

/* ---- counting what was handed out ---- */

static void
count (const char *order, const char *const *dispenses, CareSupplyFacts *facts)
{
  g_autoptr (GPtrArray) list =
      g_ptr_array_new_with_free_func ((GDestroyNotify) fhir_resource_unref);
  g_autofree char *text = g_strdup_printf (
      "{\"resourceType\":\"MedicationRequest\",\"id\":\"x\",\"dispenseRequest\":{%s}}", order);
  g_autoptr (FhirResource) request = fhir_resource_parse (text, -1, NULL);

  for (; *dispenses; dispenses++)
    {
      g_autofree char *json =
          g_strdup_printf ("{\"resourceType\":\"MedicationDispense\",\"id\":\"d\",%s}", *dispenses);

      g_ptr_array_add (list, fhir_resource_parse (json, -1, NULL));
    }
  *facts = (CareSupplyFacts) { 0 };
  care_supply_count (request, list, facts);
}

#define TABLETS(n) "\"status\":\"completed\",\"quantity\":{\"value\":" #n ",\"unit\":\"tablets\"}"
#define ORDER      "\"numberOfRepeatsAllowed\":1,\"quantity\":{\"value\":28,\"unit\":\"tablet\"}"

static void
test_counts_what_was_handed_out (void)
{
  static const struct
  {
    const char *order, *dispenses[4];
    guint handed_out, allowed;
    gboolean partly;
  } cases[] = {
    { ORDER, { NULL }, 0, 2, FALSE },
    { ORDER, { TABLETS (28) }, 1, 2, FALSE },
    { ORDER, { TABLETS (10) }, 0, 2, TRUE },
    { ORDER, { TABLETS (10), TABLETS (18) }, 1, 2, FALSE },
    { ORDER, { TABLETS (28), TABLETS (10) }, 1, 2, TRUE },
    /* not handed out yet */
    { ORDER, { "\"status\":\"preparation\"" }, 0, 2, FALSE },
    /* what cannot be compared counts as all of it: never less than may be with the patient */
    { ORDER, { "\"status\":\"completed\"" }, 1, 2, FALSE },
    { ORDER,
      { "\"status\":\"completed\",\"quantity\":{\"value\":5,\"unit\":\"ml\"}" },
      1,
      2,
      FALSE },
    { ORDER, { TABLETS (-3) }, 1, 2, FALSE },
    { ORDER, { TABLETS (1e300) }, 1000000, 2, TRUE },
    { "\"quantity\":{\"value\":0}", { TABLETS (28) }, 1, 0, FALSE },
    { "\"numberOfRepeatsAllowed\":-5", { NULL }, 0, 0, FALSE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      CareSupplyFacts facts;

      count (cases[i].order, cases[i].dispenses, &facts);
      g_test_message ("case %" G_GSIZE_FORMAT, i);
      g_assert_cmpuint (facts.handed_out, ==, cases[i].handed_out);
      g_assert_cmpuint (facts.allowed, ==, cases[i].allowed);
      g_assert_cmpint (facts.partly, ==, cases[i].partly);
    }
}

/* ---- with a store: what is read, what is said, what ending one asks for ---- */

static void
put_order (StoreConnection *connection, const char *status)
{
  g_autofree char *json = g_strdup_printf (
      "{'resourceType':'MedicationRequest','id':'" ID "','status':'%s','intent':'order',"
      "'identifier':[{'system':'" CARE_SYSTEM_PRESCRIPTION_ID "','value':'" ID "'}],"
      "'subject':{'reference':'Patient/p'},'requester':{'reference':'Practitioner/doctor'},"
      "'medicationCodeableConcept':{'text':'Amlodipine 5 mg'},'authoredOn':'2026-11-20T09:00:00Z',"
      "'dispenseRequest':{'numberOfRepeatsAllowed':0,'quantity':{'value':28,'unit':'tablet'}}}",
      status);

  care_fixture_put (connection, json);
}

static void
put_task (StoreConnection *connection, const char *id, const char *code, const char *rest)
{
  g_autofree char *json = g_strdup_printf (
      "{'resourceType':'Task','id':'%s','intent':'order',"
      "'code':{'coding':[{'system':'https://bedside.health/fhir/task','code':'%s'}]},"
      "'focus':{'reference':'MedicationRequest/" ID "'},'for':{'reference':'Patient/p'},"
      "'owner':{'reference':'Organization/ph'},'authoredOn':'2026-11-21T09:00:00Z',%s}",
      id, code, rest);

  care_fixture_put (connection, json);
}

static void
put_dispense (StoreConnection *connection, int tablets)
{
  g_autofree char *json = g_strdup_printf (
      "{'resourceType':'MedicationDispense','id':'d','status':'completed',"
      "'subject':{'reference':'Patient/p'},'whenHandedOver':'2026-11-21T12:00:00Z',"
      "'authorizingPrescription':[{'reference':'MedicationRequest/" ID "'}],"
      "'quantity':{'value':%d,'unit':'tablets'}}",
      tablets);

  care_fixture_put (connection, json);
}

static void
expect (StoreConnection *connection, CareFixture *fixture, const char *nick, const char *text)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (CareDelivery) delivery =
      care_prescription_get_delivery (connection, ID, fixture->clock, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (delivery->text, ==, text);
  g_assert_cmpstr (care_delivery_state_get_nick (delivery->state), ==, nick);
}

static gboolean
walk (StoreConnection *connection, gpointer data, GError **error)
{
  CareFixture *fixture = data;

  care_fixture_put (connection, "{'resourceType':'Patient','id':'p'}");
  care_fixture_put (connection, "{'resourceType':'Organization','id':'ph','name':'Mill Pharmacy'}");
  put_order (connection, "active");
  expect (connection, fixture, "sent", "Sent");
  put_task (connection, "t", "dispense", "'status':'requested'");
  expect (connection, fixture, "chosen", "Sent. The patient chose Mill Pharmacy");
  put_task (connection, "t", "dispense", "'status':'in-progress'");
  expect (connection, fixture, "acknowledged", "Mill Pharmacy has it and prepares it");
  put_task (connection, "t", "dispense",
            "'status':'on-hold','statusReason':{'text':'out\\nof stock'}");
  expect (connection, fixture, "on-hold", "Mill Pharmacy WAITS WITH IT: out of stock");
  put_task (connection, "t", "dispense",
            "'status':'on-hold','statusReason':{'text':'is it 10?'},'businessStatus':{'coding':[{"
            "'system':'https://bedside.health/fhir/task','code':'approved'}]}");
  expect (connection, fixture, "acknowledged", "Mill Pharmacy has it and prepares it");
  /* a no is an answer as well: the clinic is not waited for */
  put_task (connection, "t", "dispense",
            "'status':'on-hold','statusReason':{'text':'is it 10?'},'businessStatus':{'coding':[{"
            "'system':'https://bedside.health/fhir/task','code':'declined'}]}");
  expect (
      connection, fixture, "declined",
      "Mill Pharmacy asked: “is it 10?”. The answer was no. The pharmacy says what becomes of it");
  put_task (connection, "t", "dispense",
            "'status':'on-hold','statusReason':{'text':'is it 10?'},'businessStatus':{'coding':[{"
            "'system':'https://bedside.health/fhir/task','code':'declined'}]},"
            "'note':[{'text':'it is 5'}]");
  expect (connection, fixture, "declined",
          "Mill Pharmacy asked: “is it 10?”. The answer was no: “it is 5”. The pharmacy says what "
          "becomes of it");
  put_task (connection, "t", "dispense", "'status':'ready'");
  expect (connection, fixture, "ready", "Ready to be collected at Mill Pharmacy");
  put_task (connection, "t", "dispense",
            "'status':'ready','input':[{'type':{'text':'supply-mode'},'valueCode':'delivery'}]");
  expect (connection, fixture, "ready", "On its way to the patient from Mill Pharmacy");
  put_task (connection, "u", "never-collected", "'status':'requested'");
  expect (connection, fixture, "not-collected", "NOT COLLECTED AT Mill Pharmacy: CALL THE PATIENT");
  put_dispense (connection, 10);
  expect (connection, fixture, "partly-dispensed",
          "Mill Pharmacy handed out 10 of 28 tablets. The rest is to come");
  put_task (connection, "t", "dispense", "'status':'completed'");
  expect (connection, fixture, "partly-dispensed",
          "Mill Pharmacy handed out 10 of 28 tablets. The rest is due, and no pharmacy has been "
          "asked for it");
  put_task (connection, "t", "dispense",
            "'status':'rejected','statusReason':{'text':'out of stock'}");
  expect (connection, fixture, "refused",
          "Mill Pharmacy HANDED OUT 10 OF 28 tablets AND NOT THE REST, TELL THE PATIENT: out of "
          "stock");
  put_dispense (connection, 28);
  expect (connection, fixture, "completed",
          "Handed out by Mill Pharmacy; nothing is left to hand out");
  return TRUE;
}

static void
test_words_of_each_state (CareFixture *fixture, gconstpointer data)
{
  care_fixture_write (fixture, walk);
}

static gboolean
walk_cancelled (StoreConnection *connection, gpointer data, GError **error)
{
  CareFixture *fixture = data;

  care_fixture_put (connection, "{'resourceType':'Organization','id':'ph','name':'Mill Pharmacy'}");
  put_order (connection, "cancelled");
  expect (connection, fixture, "cancelled", "Cancelled");
  put_task (connection, "c", "cancel-supply", "'status':'requested'");
  expect (connection, fixture, "cancel-asked",
          "CANCELLED HERE. Mill Pharmacy WAS ASKED TO STOP IT AND HAS NOT ANSWERED");
  put_task (connection, "c", "cancel-supply", "'status':'completed'");
  expect (connection, fixture, "cancelled",
          "Cancelled. Mill Pharmacy agreed and hands out nothing more");
  put_task (connection, "c", "cancel-supply",
            "'status':'completed','businessStatus':{'coding':[{'system':"
            "'https://bedside.health/fhir/task','code':'not-taken'}]}");
  expect (connection, fixture, "cancelled", "Cancelled. No pharmacy had begun with it");
  put_task (connection, "c", "cancel-supply",
            "'status':'rejected','statusReason':{'text':'it was collected this morning'}");
  expect (connection, fixture, "cancel-failed",
          "CANCELLED HERE, BUT NOT AT Mill Pharmacy, CALL THE PATIENT: it was collected this "
          "morning");
  put_task (connection, "c", "cancel-supply", "'status':'completed'");
  put_dispense (connection, 28);
  expect (connection, fixture, "cancel-failed",
          "CANCELLED HERE, BUT HANDED OUT BY Mill Pharmacy: CALL THE PATIENT");
  return TRUE;
}

static void
test_words_of_a_cancellation (CareFixture *fixture, gconstpointer data)
{
  care_fixture_write (fixture, walk_cancelled);
}

/* How many Tasks of each kind a cancellation leaves, by what the pharmacy had done. */
static const struct
{
  const char *path;
  const char *task; /* of the pharmacy, or NULL */
  int handed_out;   /* tablets */
  guint asked, call;
  const char *words; /* a part of what is said before it is confirmed */
} grades[] = {
  { "/care/supply/cancel-no-pharmacy", NULL, 0, 0, 0, "No pharmacy has it" },
  { "/care/supply/cancel-not-taken", "'status':'requested'", 0, 1, 0, "has not begun with it" },
  { "/care/supply/cancel-with-the-pharmacy", "'status':'accepted'", 0, 1, 0, "are asked to stop" },
  { "/care/supply/cancel-partly-handed-out", "'status':'ready'", 10, 1, 0,
    "has handed out 10 of 28 tablets: they are asked not to hand out the rest" },
  { "/care/supply/cancel-turned-away", "'status':'rejected'", 0, 0, 0,
    "a pharmacy did not take it: it is cancelled here, and nobody is asked to stop it." },
  { "/care/supply/cancel-turned-away-after-a-part", "'status':'failed'", 10, 0, 1,
    "Cancelling does not bring it back" },
  { "/care/supply/cancel-handed-out", "'status':'completed'", 28, 0, 1,
    "Cancelling does not bring it back" },
};
static gsize grade;

static gboolean
cancel_graded (StoreConnection *connection, gpointer data, GError **error)
{
  CareFixture *fixture = data;
  g_autofree char *words = NULL;

  put_order (connection, "active");
  if (grades[grade].task)
    put_task (connection, "t", "dispense", grades[grade].task);
  if (grades[grade].handed_out > 0)
    put_dispense (connection, grades[grade].handed_out);
  words = care_supply_dup_cancel_words (connection, ID, error);
  g_assert_nonnull (words);
  g_assert_nonnull (strstr (words, grades[grade].words));
  /* twice is as once */
  return care_prescription_cancel (connection, fixture->doctor, ID, "Wrong drug", error) &&
         care_prescription_cancel (connection, fixture->doctor, ID, "Wrong drug", error);
}

static gboolean
check_graded (StoreConnection *connection, gpointer data, GError **error)
{
  g_autoptr (FhirResource) request = care_fixture_get (connection, "MedicationRequest", ID);

  g_assert_cmpstr (fhir_resource_path_text (request, "status"), ==, "cancelled");
  g_assert_cmpuint (care_fixture_count (connection, "Task",
                                        "code=https://bedside.health/fhir/task|cancel-supply"),
                    ==, grades[grade].asked);
  g_assert_cmpuint (care_fixture_count (connection, "Task",
                                        "code=https://bedside.health/fhir/task|call-patient"),
                    ==, grades[grade].call);
  return TRUE;
}

static void
test_cancel_is_graded (CareFixture *fixture, gconstpointer data)
{
  grade = GPOINTER_TO_SIZE (data);
  care_fixture_write (fixture, cancel_graded);
  care_fixture_read (fixture, check_graded);
}

static void
add_grades (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (grades); i++)
    g_test_add (grades[i].path, CareFixture, GSIZE_TO_POINTER (i), care_fixture_set_up,
                test_cancel_is_graded, care_fixture_tear_down);
}

int
main (int argc, char **argv)
{
  setlocale (LC_ALL, "C.UTF-8");
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/care/supply/stages", test_stages);
  g_test_add_func ("/care/supply/states", test_states);
  g_test_add_func ("/care/supply/every-state-has-a-name", test_every_state_has_a_name);
  g_test_add_func ("/care/supply/counts-what-was-handed-out", test_counts_what_was_handed_out);
  supply_test ("/care/supply/words-of-each-state", test_words_of_each_state);
  supply_test ("/care/supply/words-of-a-cancellation", test_words_of_a_cancellation);
  add_grades ();
  return g_test_run ();
}
