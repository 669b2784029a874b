/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "care-second-factor.h"

#include <string.h>

#include "base-id.h"
#include "base-totp.h"
#include "care-fixture.h"
#include "care-prescription-group.h"
#include "care-prescription-renewal.h"
#include "care-signature.h"
#include "care-supply-ask.h"
#include "care-to-sign.h"
#include "fhir-builder.h"

#define ID        "0193531e-0000-7000-8000-000000000001"
#define OTHER     "0193531e-0000-7000-8000-000000000002"
#define DIAZEPAM  "197591"
#define IBUPROFEN "197806"
#define SECRET    "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
#define TODAY     "2026-11-30"

/* Controlled drugs, which are signed with six digits, too. */

typedef struct
{
  CareFixture care;
  char *secret; /* that this computer keeps */
  const char *drug, *other_patient;
  GError *error;
} Fixture;

static BaseKey *
make_key (gpointer data, GError **error)
{
  return base_key_new (error);
}

static gboolean
load_secret (gpointer data, char **secret, GError **error)
{
  *secret = g_strdup (((Fixture *) data)->secret);
  return TRUE;
}

static gboolean
save_secret (gpointer data, const char *secret, GError **error)
{
  g_set_str (&((Fixture *) data)->secret, secret);
  return TRUE;
}

static gboolean
put_patients (StoreConnection *connection, gpointer data, GError **error)
{
  care_fixture_put (connection, "{'resourceType':'Patient','id':'p','birthDate':'1980-03-01',"
                                "'name':[{'family':'Smith','given':['Jane']}]}");
  care_fixture_put (connection, "{'resourceType':'Patient','id':'q','birthDate':'1971-05-02',"
                                "'name':[{'family':'Adams','given':['Bob']}]}");
  return TRUE;
}

static void
set_up (Fixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  care_fixture_set_up (&self->care, data);
  self->secret = g_strdup (SECRET);
  self->drug = DIAZEPAM;
  care_context_set_key_source (self->care.doctor, make_key, NULL, NULL);
  care_context_set_secret_place (self->care.doctor, load_secret, save_secret, self, NULL);
  g_assert_true (care_context_load_key (self->care.doctor, &error));
  care_fixture_write (&self->care, put_patients);
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  care_fixture_tear_down (&self->care, data);
  g_free (self->secret);
}

static CarePrescriptionDraft *
draft_of (Fixture *self, const char *id, const char *patient, const char *author)
{
  const StoreDrug *drug = store_content_get_drug (self->care.content, self->drug);
  CarePrescriptionDraft *draft = care_prescription_draft_new (id, patient, author, NULL);

  care_prescription_draft_set_drug (draft, drug->rxcui, drug->name, drug->ingredients,
                                    drug->ingredient_codes, drug->strength, drug->form, drug->route,
                                    NULL);
  g_object_set (draft, "dose-value", "1", "frequency", 2, "duration-days", 7, "quantity", "14",
                NULL);
  return draft;
}

static char *
dup_code (Fixture *self, int later)
{
  return base_totp_dup_code (SECRET, base_totp_step (base_clock_now (self->care.clock)) + later);
}

static void
wait_for_the_next (Fixture *self)
{
  base_clock_advance (self->care.clock, 2 * BASE_TOTP_STEP_US);
}

/* (transfer full) */
static CareSecondFactor *
accept (Fixture *self, GError **error)
{
  g_autofree char *code = dup_code (self, 0);

  return care_second_factor_accept (self->care.doctor, code, error);
}

static gboolean
sign_one (StoreConnection *connection, gpointer data, GError **error)
{
  Fixture *self = data;
  g_autoptr (CarePrescriptionDraft) draft = draft_of (self, ID, "p", "Practitioner/doctor");

  return care_prescription_sign (connection, self->care.doctor, draft,
                                 CLINICAL_CONTENT (self->care.content), NULL, NULL, error);
}

static gboolean
sign_other (StoreConnection *connection, gpointer data, GError **error)
{
  Fixture *self = data;
  g_autoptr (CarePrescriptionDraft) draft =
      draft_of (self, OTHER, self->other_patient ? self->other_patient : "p",
                "Practitioner/doctor");

  return care_prescription_sign (connection, self->care.doctor, draft,
                                 CLINICAL_CONTENT (self->care.content), NULL, NULL, error);
}

static gboolean
sign_both (StoreConnection *connection, gpointer data, GError **error)
{
  Fixture *self = data;
  g_autoptr (GPtrArray) drafts = g_ptr_array_new_with_free_func (g_object_unref);

  g_ptr_array_add (drafts, draft_of (self, ID, "p", "Practitioner/doctor"));
  self->drug = IBUPROFEN;
  g_ptr_array_add (drafts, draft_of (self, OTHER, "p", "Practitioner/doctor"));
  self->drug = DIAZEPAM;
  return care_prescription_sign_group (connection, self->care.doctor, drafts,
                                       CLINICAL_CONTENT (self->care.content), NULL, error);
}

static GError *
try (Fixture *self, StoreWork work, CareSecondFactor *factor)
{
  GError *error = NULL;

  care_context_set_factor (self->care.doctor, factor);
  store_database_write (self->care.database, BASE_LANE_PERSON, work, self, &error);
  care_context_set_factor (self->care.doctor, NULL);
  return error;
}

static gboolean
nothing_is_there (StoreConnection *connection, gpointer data, GError **error)
{
  g_assert_cmpuint (care_fixture_count (connection, "MedicationRequest", ""), ==, 0);
  g_assert_cmpuint (care_fixture_count (connection, "Provenance", ""), ==, 0);
  return TRUE;
}

static void
test_asked (Fixture *self, gconstpointer data)
{
  g_autoptr (GError) controlled = try (self, sign_one, NULL), none = NULL;

  g_assert_error (controlled, CARE_ERROR, CARE_ERROR_FACTOR);
  g_assert_nonnull (strstr (controlled->message, "CONTROLLED DRUG: diazepam"));
  care_fixture_read (&self->care, nothing_is_there);
  self->drug = IBUPROFEN;
  none = try (self, sign_one, NULL);
  g_assert_no_error (none);
}

static CareJws *
get_proof (StoreConnection *connection, const char *id)
{
  g_autoptr (FhirResource) request = care_fixture_get (connection, "MedicationRequest", id);
  g_autoptr (GPtrArray) found = care_signature_list_factors (connection, request);

  g_assert_cmpint (care_signature_check (connection, request, FALSE), ==, CARE_SIGNATURE_GOOD);
  return found->len == 1 ? g_ptr_array_steal_index (found, 0) : NULL;
}

static gboolean
is_proved (StoreConnection *connection, gpointer data, GError **error)
{
  Fixture *self = data;
  g_autoptr (CareJws) jws = get_proof (connection, ID);
  gint64 step = base_totp_step (base_clock_now (self->care.clock));

  g_assert_nonnull (jws);
  g_assert_cmpint (jws->factor->step, ==, step);
  g_assert_true (base_totp_fits (SECRET, step, jws->factor->code));
  g_assert_cmpstr (jws->factor->list[0], ==, ID);
  g_assert_null (jws->factor->list[1]);
  return TRUE;
}

static void
test_signed (Fixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL, again = NULL, other = NULL, both = NULL;
  g_autoptr (CareSecondFactor) factor = accept (self, &error), twice = NULL;

  g_assert_no_error (error);
  error = try (self, sign_one, factor);
  g_assert_no_error (error);
  care_fixture_read (&self->care, is_proved);
  /* the list is closed, and the code is used up */
  other = try (self, sign_other, factor);
  g_assert_error (other, CARE_ERROR, CARE_ERROR_FACTOR);
  both = try (self, sign_both, factor);
  g_assert_error (both, CARE_ERROR, CARE_ERROR_FACTOR);
  g_assert_nonnull (strstr (both->message, "used already"));
  twice = accept (self, &again);
  g_assert_error (again, CARE_ERROR, CARE_ERROR_FACTOR);
  g_assert_null (twice);
}

static gboolean
both_are_proved (StoreConnection *connection, gpointer data, GError **error)
{
  g_autoptr (CareJws) one = get_proof (connection, ID), two = get_proof (connection, OTHER);
  const char *const list[] = { ID, OTHER, NULL };

  g_assert_nonnull (one);
  g_assert_nonnull (two);
  g_assert_true (g_strv_equal ((const char *const *) one->factor->list, list));
  g_assert_true (g_strv_equal ((const char *const *) two->factor->list, list));
  return TRUE;
}

static void
test_one_list (Fixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (CareSecondFactor) factor = accept (self, &error);

  g_assert_no_error (error);
  error = try (self, sign_both, factor);
  g_assert_no_error (error);
  care_fixture_read (&self->care, both_are_proved);
}

static void
test_few_tries (Fixture *self, gconstpointer data)
{
  g_autofree char *wrong = dup_code (self, 5);
  g_autoptr (GError) locked = NULL, opened = NULL;

  for (int i = 0; i < BASE_TOTP_TRIES; i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (care_second_factor_accept (self->care.doctor, wrong, &error));
      g_assert_error (error, CARE_ERROR, CARE_ERROR_FACTOR);
    }
  g_assert_null (accept (self, &locked));
  g_assert_error (locked, CARE_ERROR, CARE_ERROR_FACTOR);
  g_assert_nonnull (strstr (locked->message, "quarter of an hour"));
  base_clock_advance (self->care.clock, BASE_TOTP_LOCK_US);
  {
    g_autoptr (CareSecondFactor) factor = accept (self, &opened);

    g_assert_no_error (opened);
    g_assert_nonnull (factor);
  }
}

static void
test_not_set_up (Fixture *self, gconstpointer data)
{
  g_autofree char *code = dup_code (self, 0), *next = NULL;
  g_autofree char *other = base_totp_new_secret (), *shown = NULL;
  g_autoptr (GError) none = NULL, wrong = NULL, good = NULL, no_old = NULL, with_old = NULL;

  g_clear_pointer (&self->secret, g_free);
  g_assert_null (accept (self, &none));
  g_assert_error (none, CARE_ERROR, CARE_ERROR_FACTOR);
  g_assert_nonnull (strstr (none->message, "Preferences"));
  g_assert_false (
      care_second_factor_enrol (self->care.doctor, SECRET, "000000", NULL, FALSE, &wrong));
  g_assert_error (wrong, CARE_ERROR, CARE_ERROR_FACTOR);
  g_assert_null (self->secret);
  g_assert_true (care_second_factor_enrol (self->care.doctor, SECRET, code, NULL, FALSE, &good));
  g_assert_no_error (good);
  g_assert_cmpstr (self->secret, ==, SECRET);
  /* another takes its place only for who has it, or whom the server knows */
  wait_for_the_next (self);
  shown = base_totp_dup_code (other, base_totp_step (base_clock_now (self->care.clock)));
  g_assert_false (care_second_factor_enrol (self->care.doctor, other, shown, NULL, FALSE, &no_old));
  g_assert_error (no_old, CARE_ERROR, CARE_ERROR_FACTOR);
  next = dup_code (self, 0);
  g_assert_true (
      care_second_factor_enrol (self->care.doctor, other, shown, next, FALSE, &with_old));
  g_assert_no_error (with_old);
  g_assert_cmpstr (self->secret, ==, other);
}

/* ---- what is to be signed of more than one patient ---- */

static gboolean
prepare (StoreConnection *connection, gpointer data, GError **error)
{
  Fixture *self = data;
  const char *const ids[] = { ID, OTHER }, *const patients[] = { "p", "q" };

  for (guint i = 0; i < 2; i++)
    {
      g_autoptr (CarePrescriptionDraft) draft =
          draft_of (self, ids[i], patients[i], "Practitioner/nurse");

      if (!care_prescription_save (connection, self->care.nurse, draft, error) ||
          !care_to_sign_hand_over (connection, self->care.nurse, draft, "Practitioner/doctor",
                                   "Dr Ada Stone", error))
        return FALSE;
    }
  return TRUE;
}

/* @other_patient: sign only theirs */
static gboolean
sign_prepared (StoreConnection *connection, gpointer data, GError **error)
{
  Fixture *self = data;
  ClinicalContent *content = CLINICAL_CONTENT (self->care.content);
  g_autoptr (GPtrArray) items = care_to_sign_list (connection, self->care.doctor, content, error);
  g_autoptr (GStrvBuilder) tasks = g_strv_builder_new (), seen = g_strv_builder_new ();
  g_auto (GStrv) all = NULL, read = NULL;

  for (guint i = 0; i < items->len; i++)
    {
      const CareToSign *item = items->pdata[i];

      g_assert_cmpint (item->controlled->state, ==, CLINICAL_CONTROLLED);
      if (self->other_patient && g_strcmp0 (self->other_patient, item->patient_id) != 0)
        continue;
      g_strv_builder_add (tasks, item->task);
      g_strv_builder_add (seen, item->seen);
    }
  all = g_strv_builder_end (tasks);
  read = g_strv_builder_end (seen);
  return care_to_sign_sign (connection, self->care.doctor, (const char *const *) all,
                            (const char *const *) read, content, NULL, error);
}

static void
test_two_patients (Fixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL, without = NULL, at_once = NULL, one = NULL, two = NULL;
  g_autoptr (CareSecondFactor) first = NULL, second = NULL;

  care_fixture_write (&self->care, prepare);
  without = try (self, sign_prepared, NULL);
  g_assert_error (without, CARE_ERROR, CARE_ERROR_FACTOR);
  first = accept (self, &error);
  at_once = try (self, sign_prepared, first);
  g_assert_error (at_once, CARE_ERROR, CARE_ERROR_FACTOR);
  g_assert_nonnull (strstr (at_once->message, "one patient at a time"));
  care_fixture_read (&self->care, nothing_is_there);
  self->other_patient = "p";
  one = try (self, sign_prepared, first);
  g_assert_no_error (one);
  self->other_patient = "q";
  two = try (self, sign_prepared, first);
  g_assert_error (two, CARE_ERROR, CARE_ERROR_FACTOR);
  g_clear_error (&two);
  wait_for_the_next (self);
  second = accept (self, &error);
  two = try (self, sign_prepared, second);
  g_assert_no_error (two);
}

/* ---- what was held ---- */

static gboolean
hold (StoreConnection *connection, gpointer data, GError **error)
{
  g_autoptr (GPtrArray) entries = store_journal_list (connection, NULL, 100, NULL);

  for (guint i = 0; i < entries->len; i++)
    if (!store_journal_set_state (connection, ((StoreJournalEntry *) entries->pdata[i])->sequence,
                                  "held", "review: the chart changed", error))
      return FALSE;
  return TRUE;
}

static gboolean
sign_again (StoreConnection *connection, gpointer data, GError **error)
{
  Fixture *self = data;
  g_autoptr (GPtrArray) entries = store_journal_list (connection, "held", 100, NULL);

  for (guint i = 0; i < entries->len; i++)
    {
      const StoreJournalEntry *entry = entries->pdata[i];

      if (g_str_equal (entry->type, "MedicationRequest"))
        return care_prescription_renew (connection, self->care.doctor, entry->group,
                                        CLINICAL_CONTENT (self->care.content), NULL, error);
    }
  g_assert_not_reached ();
}

static gboolean
is_proved_twice (StoreConnection *connection, gpointer data, GError **error)
{
  g_autoptr (FhirResource) request = care_fixture_get (connection, "MedicationRequest", ID);
  g_autoptr (GPtrArray) found = care_signature_list_factors (connection, request);

  g_assert_cmpuint (found->len, ==, 2);
  return TRUE;
}

static void
test_signed_again (Fixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL, without = NULL;
  g_autoptr (CareSecondFactor) first = accept (self, &error), second = NULL;

  error = try (self, sign_one, first);
  g_assert_no_error (error);
  care_fixture_write (&self->care, hold);
  without = try (self, sign_again, NULL);
  g_assert_error (without, CARE_ERROR, CARE_ERROR_FACTOR);
  wait_for_the_next (self);
  second = accept (self, &error);
  error = try (self, sign_again, second);
  g_assert_no_error (error);
  care_fixture_read (&self->care, is_proved_twice);
}

/* ---- renewals ---- */

#define OLD                                                                                        \
  "{'resourceType':'MedicationRequest','id':'%s','status':'active','intent':'order',"              \
  "'authoredOn':'2026-01-05','identifier':[{'system':'" CARE_SYSTEM_PRESCRIPTION_ID                \
  "','value':'%s'}],'requester':{'reference':'Practitioner/doctor'},"                              \
  "'medicationCodeableConcept':{'coding':[{'system':'" CARE_SYSTEM_RXNORM                          \
  "','code':'197591'}],'text':'diazepam 5 MG Oral Tablet'},'dosageInstruction':[{'timing':{"       \
  "'repeat':{'frequency':1,'period':1,'periodUnit':'d'}},'route':{'text':'oral'},'doseAndRate':["  \
  "{'doseQuantity':{'value':1,'unit':'tablet'}}]}],'dispenseRequest':{'numberOfRepeatsAllowed':"   \
  "3,'quantity':{'value':28,'unit':'tablet'}},'subject':{'reference':'Patient/%s'}}"
#define ASKED                                                                                      \
  "{'resourceType':'Task','id':'ask-%s','status':'requested','intent':'proposal','code':{"         \
  "'coding':[{'system':'https://bedside.health/fhir/task','code':'renewal'}]},'focus':{"           \
  "'reference':'MedicationRequest/%s'},'for':{'reference':'Patient/%s'},'requester':{"             \
  "'reference':'Patient/%s'},'authoredOn':'2026-11-20T09:00:00Z'}"

static gboolean
ask_for_two (StoreConnection *connection, gpointer data, GError **error)
{
  for (const char *const *who = (const char *const[]) { "p", "q", NULL }; *who; who++)
    {
      g_autofree char *order = g_strdup_printf (OLD, *who, *who, *who);
      g_autofree char *task = g_strdup_printf (ASKED, *who, *who, *who, *who);

      care_fixture_put (connection, order);
      care_fixture_put (connection, task);
    }
  return TRUE;
}

/* @other_patient: only theirs */
static gboolean
approve (StoreConnection *connection, gpointer data, GError **error)
{
  Fixture *self = data;
  ClinicalContent *content = CLINICAL_CONTENT (self->care.content);
  g_autoptr (GPtrArray) asks =
      care_supply_ask_list (connection, self->care.clock, NULL, content, error);
  g_autoptr (GPtrArray) approvals =
      g_ptr_array_new_with_free_func ((GDestroyNotify) care_supply_approval_free);

  for (guint i = 0; i < asks->len; i++)
    {
      const CareSupplyAsk *ask = asks->pdata[i];
      CareSupplyApproval *approval = g_new0 (CareSupplyApproval, 1);

      g_assert_cmpint (ask->controlled->state, ==, CLINICAL_CONTROLLED);
      if (self->other_patient && g_strcmp0 (self->other_patient, ask->patient_id) != 0)
        {
          g_free (approval);
          continue;
        }
      approval->task_id = g_strdup (ask->task_id);
      approval->seen = g_strdup (ask->seen);
      g_ptr_array_add (approvals, approval);
    }
  return care_supply_ask_approve (connection, self->care.doctor, approvals, content, error);
}

static void
test_renewals (Fixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL, without = NULL, at_once = NULL;
  g_autoptr (CareSecondFactor) factor = NULL;

  care_fixture_write (&self->care, ask_for_two);
  without = try (self, approve, NULL);
  g_assert_error (without, CARE_ERROR, CARE_ERROR_FACTOR);
  factor = accept (self, &error);
  at_once = try (self, approve, factor);
  g_assert_error (at_once, CARE_ERROR, CARE_ERROR_FACTOR);
  self->other_patient = "p";
  error = try (self, approve, factor);
  g_assert_no_error (error);
}

/* ---- which drugs ---- */

static ClinicalControlledState
look (ClinicalContent *content, const char *code, const char *today)
{
  g_autoptr (GPtrArray) ingredients =
      code ? clinical_content_ingredients_of_drug (content, code) : NULL;
  g_autoptr (ClinicalControlled) self = clinical_controlled_new (content, "it", ingredients, today);

  g_assert_nonnull (self->sentence);
  return self->state;
}

static void
test_which_drugs (Fixture *self, gconstpointer data)
{
  ClinicalContent *content = CLINICAL_CONTENT (self->care.content);
  g_autoptr (GPtrArray) diazepam = clinical_content_ingredients_of_drug (content, DIAZEPAM);
  g_autoptr (ClinicalControlled) nowhere = clinical_controlled_new (NULL, "it", diazepam, TODAY);
  g_autoptr (ClinicalControlled) found = clinical_controlled_new (content, "it", diazepam, TODAY);

  g_assert_cmpint (nowhere->state, ==, CLINICAL_CONTROLLED_NOT_CHECKED);
  g_assert_cmpint (found->state, ==, CLINICAL_CONTROLLED);
  g_assert_cmpstr (found->schedule, ==, "IV");
  g_assert_cmpint (look (content, IBUPROFEN, TODAY), ==, CLINICAL_CONTROLLED_NOT_LISTED);
  g_assert_cmpint (look (content, NULL, TODAY), ==, CLINICAL_CONTROLLED_NOT_CHECKED);
  /* past its date what stands there stands, and nothing is said of what does not */
  g_assert_cmpint (look (content, DIAZEPAM, "2099-01-01"), ==, CLINICAL_CONTROLLED);
  g_assert_cmpint (look (content, IBUPROFEN, "2099-01-01"), ==, CLINICAL_CONTROLLED_NOT_CHECKED);
}

/* ---- what was signed ---- */

static void
test_covered_by_the_signature (void)
{
  g_autoptr (BaseKey) key = base_key_new (NULL);
  const char *const list[] = { ID, OTHER, NULL };
  g_autoptr (CareJwsFactor) factor = care_jws_factor_new (12, "123456", list);
  g_autofree char *text = care_jws_sign (key, "2026-11-30T09:00:00Z", factor, "{}", NULL);
  g_auto (GStrv) parts = g_strsplit (text, ".", -1);
  g_autoptr (GBytes) header = base_unbase64url (parts[0]);
  g_autoptr (CareJws) jws = care_jws_parse (text), changed = NULL, other = NULL;
  g_autofree char *json = g_strndup (g_bytes_get_data (header, NULL), g_bytes_get_size (header));
  g_autofree char *again = NULL, *forged = NULL, *broken = NULL;

  g_assert_true (care_jws_verify (jws, key, "{}"));
  g_assert_cmpint (jws->factor->step, ==, 12);
  g_assert_cmpstr (jws->factor->code, ==, "123456");
  memcpy (strstr (json, "123456"), "654321", 6);
  again = base_base64url ((const guint8 *) json, strlen (json));
  forged = g_strconcat (again, "..", parts[2], NULL);
  changed = care_jws_parse (forged);
  g_assert_nonnull (changed);
  g_assert_false (care_jws_verify (changed, key, "{}"));
  /* what is not whole is no signature */
  memcpy (strstr (json, "654321"), "65432x", 6);
  g_free (again);
  again = base_base64url ((const guint8 *) json, strlen (json));
  broken = g_strconcat (again, "..", parts[2], NULL);
  other = care_jws_parse (broken);
  g_assert_null (other);
}

#define ADD(name, test) g_test_add (name, Fixture, NULL, set_up, test, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("/care-second-factor/asked", test_asked);
  ADD ("/care-second-factor/signed", test_signed);
  ADD ("/care-second-factor/one-list", test_one_list);
  ADD ("/care-second-factor/few-tries", test_few_tries);
  ADD ("/care-second-factor/not-set-up", test_not_set_up);
  ADD ("/care-second-factor/two-patients", test_two_patients);
  ADD ("/care-second-factor/signed-again", test_signed_again);
  ADD ("/care-second-factor/renewals", test_renewals);
  ADD ("/care-second-factor/which-drugs", test_which_drugs);
  g_test_add_func ("/care-second-factor/covered-by-the-signature", test_covered_by_the_signature);
  return g_test_run ();
}
