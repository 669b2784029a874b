/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "care-paper.h"

#include "care-cosign.h"
#include "care-fixture.h"
#include "care-reconcile.h"
#include "care-row.h"

#define PATIENT                                                                                    \
  "{'resourceType':'Patient','id':'p','name':[{'family':'Smith','given':['Jane']}],'birthDate':"   \
  "'1961-03-12','managingOrganization':{'reference':'Organization/c'}%s}"

static void
put_patient (StoreConnection *connection, const char *more)
{
  g_autofree char *patient = g_strdup_printf (PATIENT, more);

  care_fixture_put (connection, "{'resourceType':'Organization','id':'c','name':'Harbour Clinic',"
                                "'telecom':[{'system':'phone','value':'020 7946 0000'}]}");
  care_fixture_put (connection, patient);
  care_fixture_put (connection, "{'resourceType':'Patient','id':'other','name':[{'family':'X'}]}");
}

static void
put_medicine (StoreConnection *connection,
              const char *id,
              const char *status,
              const char *name,
              const char *more)
{
  g_autofree char *json = g_strdup_printf (
      "{'resourceType':'MedicationRequest','id':'%s','status':'%s','intent':'order','subject':{"
      "'reference':'Patient/p'},'authoredOn':'2026-01-0%d','medicationCodeableConcept':{'text':"
      "'%s'}%s}",
      id, status, 1 + id[0] % 9, name, more);

  care_fixture_put (connection, json);
}

#define TWICE                                                                                      \
  ",'dosageInstruction':[{'timing':{'repeat':{'frequency':2,'period':1,'periodUnit':'d'}},"        \
  "'route':{'coding':[{'system':'http://snomed.info/sct','code':'26643006','display':'oral'}]},"   \
  "'method':{'text':'Take'},'doseAndRate':[{'doseQuantity':{'value':1,'unit':'tablet'}}]}]"

#define TWICE_BUT_THRICE                                                                           \
  ",'dosageInstruction':[{'text':'3 tablets thrice a day','timing':{'repeat':{'frequency':2,"      \
  "'period':1,'periodUnit':'d'}},'route':{'coding':[{'system':'http://snomed.info/sct','code':"    \
  "'26643006','display':'oral'}]},'method':{'text':'Take'},'doseAndRate':[{'doseQuantity':{"       \
  "'value':1,'unit':'tablet'}}]}]"

/* All words of a document, a line a part and " | " between cells. */
static char *
words_of (const CarePaper *paper)
{
  g_autoptr (GString) out = g_string_new (NULL);

  for (guint i = 0; i < paper->blocks->len; i++)
    {
      const CareBlock *block = paper->blocks->pdata[i];

      if (block->text)
        g_string_append_printf (out, "%s%s\n", block->kind == CARE_BLOCK_HEADING ? "# " : "",
                                block->text);
      for (guint n = 0; block->rows && n < block->rows->len; n++)
        {
          g_autofree char *row = g_strjoinv (" | ", block->rows->pdata[n]);
          g_assert_cmpuint (g_strv_length (block->rows->pdata[n]), ==,
                            g_strv_length (block->columns));
          g_string_append_printf (out, "%s\n", row);
        }
    }
  return g_string_free_and_steal (g_steal_pointer (&out));
}

static CarePaper *
load (StoreConnection *connection, CareFixture *self, CarePaperKind kind, const char *reference)
{
  g_autoptr (GError) error = NULL;
  CarePaper *paper = care_paper_load (connection, self->doctor, kind, "p", reference, &error);

  g_assert_no_error (error);
  return paper;
}

static void
assert_has (const char *words, const char *wanted)
{
  if (!strstr (words, wanted))
    g_error ("“%s” is not in:\n%s", wanted, words);
}

static void
assert_lacks (const char *words, const char *unwanted)
{
  if (strstr (words, unwanted))
    g_error ("“%s” is in:\n%s", unwanted, words);
}

/* An empty chart says of each part that nothing is recorded, never that there is nothing. */
static gboolean
read_empty (StoreConnection *connection, gpointer data, GError **error)
{
  g_autoptr (CarePaper) paper = NULL;
  g_autofree char *words = NULL;

  put_patient (connection, "");
  paper = load (connection, data, CARE_PAPER_SUMMARY, NULL);
  words = words_of (paper);
  g_assert_cmpstr (paper->name, ==, "SMITH, Jane");
  g_assert_cmpstr (paper->born, ==, "12-Mar-1961");
  g_assert_cmpstr (paper->clinic, ==, "Harbour Clinic");
  assert_has (words, "# Allergies\nAllergies not recorded");
  assert_has (words, "# Problems\nProblems not recorded");
  assert_has (words, "No current medicine is recorded. That does not mean");
  return TRUE;
}

static void
test_empty (CareFixture *self, gconstpointer data)
{
  care_fixture_write (self, read_empty);
}

/* What is taken, what is suspended and what may not be shown stand apart; what was stopped is no
 * current medicine. */
static gboolean
read_medicines (StoreConnection *connection, gpointer data, GError **error)
{
  g_autoptr (CarePaper) paper = NULL;
  g_autofree char *words = NULL;
  const char *active, *suspended, *hidden;

  put_patient (connection, "");
  put_medicine (connection, "a", "active", "Ramipril 5 mg", TWICE);
  put_medicine (connection, "b", "on-hold", "Warfarin 3 mg", "");
  put_medicine (connection, "c", "stopped", "Codeine 30 mg", TWICE);
  put_medicine (connection, "d", "active", "Opaque 1 mg",
                ",'modifierExtension':[{'url':'http://x.invalid','valueBoolean':true}]");
  paper = load (connection, data, CARE_PAPER_MEDICINES, NULL);
  words = words_of (paper);
  active = strstr (words, "amipril 5 mg | ");
  suspended = strstr (words, "arfarin 3 mg | dosage not recorded");
  hidden = strstr (words, "# Entries that Bedside cannot show safely");
  g_assert_true (active && suspended && hidden && active < suspended && suspended < hidden);
  assert_has (words, "# Suspended: not to be taken now");
  assert_lacks (words, "odeine");
  assert_lacks (words, "paque");
  return TRUE;
}

static void
test_medicines (CareFixture *self, gconstpointer data)
{
  care_fixture_write (self, read_medicines);
}

static void
put_note (StoreConnection *connection,
          const char *id,
          const char *patient,
          const char *state,
          const char *more,
          const char *text)
{
  g_autofree char *data = g_base64_encode ((const guint8 *) text, strlen (text));
  g_autofree char *json = g_strdup_printf (
      "{'resourceType':'DocumentReference','id':'%s','status':'current','docStatus':'%s','subject':"
      "{'reference':'Patient/%s'},'date':'2026-11-2%uT09:00:00Z','description':'Visit note',"
      "'author':[{'reference':'Practitioner/doctor','display':'Dr Ada Stone'}],'type':{'coding':[{"
      "'system':'http://loinc.org','code':'11506-3'}]},"
      "'content':[{'attachment':{'contentType':'text/plain; "
      "charset=utf-8','data':'%s'}}],'context':{'encounter':[{'reference':'Encounter/e'}]}%s}",
      id, state, patient, (guint) (id[0] - 'a'), data, more);

  care_fixture_put (connection, json);
}

static gboolean
read_note (StoreConnection *connection, gpointer data, GError **error)
{
  g_autoptr (CarePaper) paper = NULL, draft = NULL, open = NULL, foreign = NULL;
  g_autofree char *words = NULL, *draft_words = NULL, *group = NULL;
  g_autoptr (GError) refused = NULL, others = NULL;

  put_patient (connection, "");
  put_note (connection, "a", "p", "final", "", "Knee pain.\n\nRest.");
  put_note (connection, "b", "p", "final",
            ",'relatesTo':[{'code':'appends','target':{'reference':'DocumentReference/a'}}]",
            "X-ray was clear.");
  put_note (connection, "c", "other", "final", "", "Somebody else");
  put_note (connection, "d", "p", "preliminary", "", "Perhaps.");
  g_assert_true (store_draft_save (connection, "note:e:Practitioner/doctor", "note", "p",
                                   "Practitioner/doctor", "e", "Half a", error));
  g_assert_true (store_draft_save (connection, "note:e:Practitioner/other", "note", "p",
                                   "Practitioner/other", "e", "Not mine", error));

  g_assert_true (care_cosign_ask (connection, ((CareFixture *) data)->doctor, "DocumentReference/a",
                                  "Practitioner/other", "Dr Ben Hill", &group, error));
  paper = load (connection, data, CARE_PAPER_NOTE, "DocumentReference/a");
  words = words_of (paper);
  g_assert_null (paper->draft);
  assert_has (words, "Signed by Dr Ada Stone, 20-Nov-2026");
  assert_has (words,
              "\nKnee pain.\n\nRest.\n\nCo-signature asked of Dr Ben Hill, 22-Nov-2026 09:00. "
              "Not co-signed.\n# Addendum\nSigned by Dr Ada Stone, 21-Nov-2026");
  assert_has (words, "X-ray was clear.");

  draft = load (connection, data, CARE_PAPER_NOTE, "note:e:Practitioner/doctor");
  draft_words = words_of (draft);
  g_assert_cmpstr (draft->draft, ==, "DRAFT, not signed");
  assert_has (draft_words, "Half a");
  open = load (connection, data, CARE_PAPER_NOTE, "DocumentReference/d");
  g_assert_cmpstr (open->draft, ==, "DRAFT, not signed");

  g_assert_null (care_paper_load (connection, ((CareFixture *) data)->doctor, CARE_PAPER_NOTE, "p",
                                  "DocumentReference/c", &refused));
  g_assert_error (refused, CARE_ERROR, CARE_ERROR_STATE);
  g_assert_null (care_paper_load (connection, ((CareFixture *) data)->doctor, CARE_PAPER_NOTE, "p",
                                  "note:e:Practitioner/other", &others));
  g_assert_error (others, CARE_ERROR, CARE_ERROR_AUTHOR);
  return TRUE;
}

/* A note is printed with what was added to it, a draft says so, and neither another patient's nor
 * another author's is printed here. */
static void
test_note (CareFixture *self, gconstpointer data)
{
  care_fixture_write (self, read_note);
}

static void
put_visit (StoreConnection *connection)
{
  care_fixture_put (
      connection,
      "{'resourceType':'Encounter','id':'e','status':'finished','class':{'code':'VR'},'subject':{"
      "'reference':'Patient/p'},'period':{'start':'2026-11-21T10:00:00Z'},'participant':[{"
      "'individual':{'display':'Dr Ada Stone'}}],'reasonCode':[{'text':'Cough'}]}");
  care_fixture_put (
      connection,
      "{'resourceType':'Condition','id':'k','subject':{'reference':'Patient/p'},'encounter':{"
      "'reference':'Encounter/e'},'code':{'text':'Acute bronchitis'}}");
  care_fixture_put (connection, "{'resourceType':'Condition','id':'l','subject':{'reference':"
                                "'Patient/p'},'code':{'text':'Old gout'}}");
  care_fixture_put (
      connection,
      "{'resourceType':'Observation','id':'o','status':'final','subject':{'reference':'Patient/p'"
      "},'encounter':{'reference':'Encounter/e'},'effectiveDateTime':'2026-11-21','code':{'text':"
      "'Temperature'},'valueQuantity':{'value':38.10,'unit':'Cel','code':'Cel'}}");
  care_fixture_put (
      connection,
      "{'resourceType':'Appointment','id':'ap','status':'booked','start':'2026-12-24T09:30:00Z',"
      "'participant':[{'actor':{'reference':'Patient/p'},'status':'accepted'},{'actor':{"
      "'reference':'Practitioner/doctor','display':'Dr Ada Stone'},'status':'accepted'}]}");
  care_fixture_put (
      connection,
      "{'resourceType':'Appointment','id':'past','status':'booked','start':'2026-10-24T09:30:00Z',"
      "'participant':[{'actor':{'reference':'Patient/p'},'status':'accepted'}]}");
  put_medicine (connection, "a", "active", "Ramipril 5 mg", TWICE);
  put_medicine (connection, "s", "stopped", "Codeine 30 mg",
                ",'encounter':{'reference':'Encounter/e'},'statusReason':{'text':'Drowsy'}");
  /* ended before it came here: not in this visit, as far as one can know */
  put_medicine (connection, "old", "stopped", "Morphine 5 mg", "");
  put_medicine (connection, "was", "active", "Tramadol 50 mg", TWICE);
  put_medicine (connection, "was", "stopped", "Tramadol 50 mg", TWICE);
  put_note (connection, "n", "p", "final", "",
            "S: cough\n\nFor the patient: Drink enough.\nRest at home.\n\nWhen to call:\nIf you "
            "cough blood.\n\nPlan: think of asbestos");
}

static gboolean
read_after_visit (StoreConnection *connection, gpointer data, GError **error)
{
  g_autoptr (CarePaper) paper = NULL;
  g_autofree char *words = NULL;

  put_patient (connection, "");
  put_visit (connection);
  paper = load (connection, data, CARE_PAPER_AFTER_VISIT, "Encounter/e");
  words = words_of (paper);
  g_assert_cmpstr (paper->language, ==, "en");
  assert_has (words, "Date | 21 November 2026, 10:00\nWith | Dr Ada Stone\nReason | Cough");
  assert_has (words, "Drink enough.\nRest at home.\n");
  assert_has (words, "Acute bronchitis");
  assert_lacks (words, "gout");
  assert_has (words, "Temperature | 38.10 °C\n");
  assert_has (words, "amipril 5 mg | Take 1 tablet, 2 times a day, by mouth.\n");
  assert_has (words, "odeine 30 mg | Drowsy");
  assert_has (words, "ramadol 50 mg | reason not recorded");
  assert_lacks (words, "orphine");
  assert_has (words, "24 December 2026, 09:30 | Dr Ada Stone");
  assert_lacks (words, "October");
  assert_has (words, "# When to call\nIf you cough blood.\nThe clinic’s number: 020 7946 0000");
  assert_lacks (words, "asbestos");
  return TRUE;
}

/* The sheet for the patient says what the record says of this visit, and of the note only what was
 * written for the patient. */
static void
test_after_visit (CareFixture *self, gconstpointer data)
{
  care_fixture_write (self, read_after_visit);
}

static gboolean
read_spanish (StoreConnection *connection, gpointer data, GError **error)
{
  g_autoptr (CarePaper) paper = NULL;
  g_autofree char *words = NULL;

  put_patient (connection, ",'communication':[{'language':{'coding':[{'code':'es-MX'}]}}]");
  put_visit (connection);
  put_medicine (connection, "h", "active", "Half tablets",
                ",'dosageInstruction':[{'text':'Half'}]");
  put_medicine (connection, "j", "active", "Torn tablets", TWICE_BUT_THRICE);
  put_medicine (connection, "k", "active", "Dark tablets",
                ",'modifierExtension':[{'url':'http://x.invalid','valueBoolean':true}]");
  paper = load (connection, data, CARE_PAPER_AFTER_VISIT, "Encounter/e");
  words = words_of (paper);
  g_assert_cmpstr (paper->language, ==, "es");
  g_assert_cmpstr (paper->title, ==, "Resumen de su visita");
  assert_has (words, "Ningún traductor ha revisado");
  assert_has (words, "Tome 1 comprimido, 2 veces al día, por la boca.\nEn la historia: ");
  assert_has (words, " | En la historia: Half\n");
  /* text and codes differ: what was written stands, and nothing is made of the codes alone */
  assert_has (words, "orn tablets | En la historia: ");
  assert_has (words, "que aquí no se puede mostrar con seguridad");
  assert_has (words, "24 de diciembre de 2026");
  assert_lacks (words, "once");
  return TRUE;
}

/* In the patient's language where there are words in it, and a dosage in it only when it is whole
 * (hazard H20). */
static void
test_spanish (CareFixture *self, gconstpointer data)
{
  care_fixture_write (self, read_spanish);
}

static gboolean
read_other_language (StoreConnection *connection, gpointer data, GError **error)
{
  g_autoptr (CarePaper) paper = NULL;
  g_autofree char *words = NULL;

  put_patient (connection,
               ",'communication':[{'language':{'coding':[{'code':'fr'}]}},{'preferred':true,"
               "'language':{'coding':[{'code':'so'}],'text':'Somali'}}]");
  put_visit (connection);
  paper = load (connection, data, CARE_PAPER_AFTER_VISIT, "Encounter/e");
  words = words_of (paper);
  g_assert_cmpstr (paper->language, ==, "en");
  assert_has (words, "Preferred language: Somali. Bedside has no words in it");
  return TRUE;
}

static void
test_other_language (CareFixture *self, gconstpointer data)
{
  care_fixture_write (self, read_other_language);
}

/* A visit of which little is known says so part by part and makes nothing up. */
static gboolean
read_bare_visit (StoreConnection *connection, gpointer data, GError **error)
{
  g_autoptr (CarePaper) paper = NULL;
  g_autofree char *words = NULL;

  care_fixture_put (connection, "{'resourceType':'Patient','id':'p'}");
  care_fixture_put (connection, "{'resourceType':'Encounter','id':'e','status':'finished','class':{"
                                "'code':'VR'},'subject':{'reference':'Patient/p'}}");
  paper = load (connection, data, CARE_PAPER_AFTER_VISIT, "Encounter/e");
  words = words_of (paper);
  assert_has (words, "Reason | not recorded");
  assert_has (words, "Your record has no diagnosis of this visit.");
  assert_has (words, "Your record has no measurement of this visit.");
  assert_has (words, "Your record lists no medicine that you take now.");
  assert_has (words, "Your record does not say when to call. Ask your clinician.");
  assert_has (words, "The clinic’s number is not in your record.");
  return TRUE;
}

static void
test_bare_visit (CareFixture *self, gconstpointer data)
{
  care_fixture_write (self, read_bare_visit);
}

static void
put_hospital_statement (StoreConnection *connection, const char *id, const char *name)
{
  g_autofree char *json = g_strdup_printf (
      "{'resourceType':'MedicationStatement','id':'%s','status':'active',"
      "'medicationCodeableConcept':{'text':'%s'},'dosage':[{'text':'1 a day'}],"
      "'informationSource':{'reference':'Organization/x','display':'City Hospital'},'subject':{"
      "'reference':'Patient/p'}}",
      id, name);

  care_fixture_put (connection, json);
}

/* What whoever goes through the list answers of an entry; the rest is continued, but for what the
 * sources differ on, which stays stopped. */
static void
reconcile (StoreConnection *connection,
           CareFixture *self,
           const char *reference,
           CareReconcileAct act,
           const char *text)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (CareMedicines) medicines =
      care_medicines_load (connection, "p", self->clock, NULL, &error);
  g_autoptr (CareReconciliation) answers = care_reconciliation_new (self->doctor, "p");
  GListModel *rows;
  g_autofree char *body = NULL;

  g_assert_no_error (error);
  care_reconciliation_set_medicines (answers, medicines);
  rows = care_reconciliation_get_rows (answers);
  for (guint i = 0; i < g_list_model_get_n_items (rows); i++)
    {
      g_autoptr (CareMedicine) row = g_list_model_get_item (rows, i);
      gboolean is_it = care_medicine_has_reference (row, reference);

      care_reconciliation_set_act (answers, row,
                                   is_it                             ? act
                                   : care_medicine_is_conflict (row) ? CARE_RECONCILE_STOP
                                                                     : CARE_RECONCILE_CONTINUE);
      if (!is_it && care_medicine_is_conflict (row))
        care_reconciliation_set_reason (answers, row, "Bleeding");
      if (is_it && act == CARE_RECONCILE_CHANGE)
        care_reconciliation_set_dosage (answers, row, text);
      else if (is_it && act == CARE_RECONCILE_CONTINUE)
        care_reconciliation_set_holds (answers, row, text);
      else if (is_it)
        care_reconciliation_set_reason (answers, row, text);
    }
  body = care_reconciliation_dup_body (answers);
  care_reconcile_sign (connection, self->doctor, "p", body, NULL, NULL, &error);
  g_assert_no_error (error);
}

static gboolean
read_hospital_medicine (StoreConnection *connection, gpointer data, GError **error)
{
  g_autoptr (CarePaper) stopped = NULL, changed = NULL, again = NULL;
  g_autofree char *words = NULL, *later = NULL, *last = NULL;
  const char *end;

  put_patient (connection, "");
  put_visit (connection);
  put_hospital_statement (connection, "w", "Warfarin 3 mg");
  put_hospital_statement (connection, "g", "Digoxin 62.5 mcg");
  reconcile (connection, data, "MedicationStatement/w", CARE_RECONCILE_STOP, "Bleeding");
  stopped = load (connection, data, CARE_PAPER_AFTER_VISIT, "Encounter/e");
  words = words_of (stopped);
  end = strstr (words, "# Stopped");
  g_assert_nonnull (end);
  assert_has (end, "arfarin 3 mg | Bleeding\n");
  assert_lacks (end, "igoxin");
  *strstr (words, "# Stopped") = '\0';
  assert_has (words, "igoxin 62.5 mcg | 1 a day");
  assert_lacks (words, "arfarin");

  reconcile (connection, data, "MedicationStatement/g", CARE_RECONCILE_CHANGE, "every other day");
  changed = load (connection, data, CARE_PAPER_AFTER_VISIT, "Encounter/e");
  later = words_of (changed);
  assert_has (later, "igoxin 62.5 mcg | every other day");
  assert_lacks (later, "1 a day");
  assert_has (later, "arfarin 3 mg | Bleeding\n"); /* by the list before */

  /* nobody here looked at what the hospital sent since */
  base_clock_advance (((CareFixture *) data)->clock, G_TIME_SPAN_HOUR);
  put_hospital_statement (connection, "w", "Warfarin 1 mg");
  again = load (connection, data, CARE_PAPER_AFTER_VISIT, "Encounter/e");
  last = words_of (again);
  assert_has (last, "arfarin 1 mg | 1 a day");
  return TRUE;
}

/* What another organisation's record still says does not undo what was decided here: no sheet names
 * a stopped medicine among those to take. */
static void
test_hospital_medicine (CareFixture *self, gconstpointer data)
{
  care_fixture_write (self, read_hospital_medicine);
}

static gboolean
read_said_twice (StoreConnection *connection, gpointer data, GError **error)
{
  g_autoptr (CarePaper) paper = NULL;
  g_autofree char *words = NULL;

  put_patient (connection, "");
  put_visit (connection);
  for (guint i = 1; i <= 2; i++)
    {
      g_autofree char *json = g_strdup_printf (
          "{'resourceType':'MedicationStatement','id':'m%u','status':'active',"
          "'medicationCodeableConcept':{'text':'Metformin'},'dosage':[{'text':'%u a day'}],"
          "'informationSource':{'reference':'Patient/p'},'subject':{'reference':'Patient/p'}}",
          i, i);

      care_fixture_put (connection, json);
    }
  reconcile (connection, data, "MedicationStatement/m1", CARE_RECONCILE_CONTINUE,
             "MedicationStatement/m2");
  paper = load (connection, data, CARE_PAPER_AFTER_VISIT, "Encounter/e");
  words = words_of (paper);
  assert_has (words, "etformin | 2 a day");
  assert_lacks (words, "1 a day");
  assert_lacks (strstr (words, "# Stopped"), "etformin");
  return TRUE;
}

/* An entry that gave way to another of the same medicine is nothing to take no more. */
static void
test_said_twice (CareFixture *self, gconstpointer data)
{
  care_fixture_write (self, read_said_twice);
}

static void
put_own_order (StoreConnection *connection, const char *status)
{
  g_autofree char *json = g_strdup_printf (
      "{'resourceType':'MedicationRequest','id':'ours','status':'%s','intent':'order','authoredOn':"
      "'2026-01-05','identifier':[{'system':'" CARE_SYSTEM_PRESCRIPTION_ID
      "','value':'ours'}],'medicationCodeableConcept':{'text':'Warfarin'},'dosageInstruction':[{"
      "'text':'at night'}],'subject':{'reference':'Patient/p'}}",
      status);

  care_fixture_put (connection, json);
}

static gboolean
read_own_order (StoreConnection *connection, gpointer data, GError **error)
{
  g_autoptr (CarePaper) paper = NULL, later = NULL;
  g_autofree char *words = NULL, *again = NULL;

  put_patient (connection, "");
  put_visit (connection);
  put_own_order (connection, "active");
  put_hospital_statement (connection, "w", "Warfarin");
  reconcile (connection, data, "MedicationRequest/ours", CARE_RECONCILE_CONTINUE,
             "MedicationRequest/ours");
  paper = load (connection, data, CARE_PAPER_AFTER_VISIT, "Encounter/e");
  words = words_of (paper);
  assert_has (words, "arfarin | at night");
  assert_lacks (words, "1 a day"); /* as the hospital says it */

  /* who ends our order has not decided on the other one */
  put_own_order (connection, "stopped");
  later = load (connection, data, CARE_PAPER_AFTER_VISIT, "Encounter/e");
  again = words_of (later);
  assert_has (again, "arfarin | 1 a day");
  return TRUE;
}

/* What is continued as our order says is not taken a second time, as the hospital does. */
static void
test_own_order (CareFixture *self, gconstpointer data)
{
  care_fixture_write (self, read_own_order);
}

static gboolean
read_planned_end (StoreConnection *connection, gpointer data, GError **error)
{
  g_autoptr (CarePaper) paper = NULL;
  g_autofree char *words = NULL;

  put_patient (connection, "");
  put_visit (connection);
  put_medicine (connection, "pl", "stopped", "Zopiclone 7.5 mg",
                ",'dosageInstruction':[{'text':'at night','timing':{'repeat':{'boundsPeriod':{"
                "'start':'2026-01-01','end':'2026-12-24'}}}}]");
  paper = load (connection, data, CARE_PAPER_AFTER_VISIT, "Encounter/e");
  words = words_of (paper);
  assert_lacks (words, "opiclone");
  return TRUE;
}

/* When it was planned to end is not when it was ended. */
static void
test_planned_end (CareFixture *self, gconstpointer data)
{
  care_fixture_write (self, read_planned_end);
}

/* Notes and visits to choose from: no addenda, nothing of others, no visit that has not begun. */
static gboolean
read_lists (StoreConnection *connection, gpointer data, GError **error)
{
  put_patient (connection, "");
  put_visit (connection);
  put_note (connection, "b", "p", "final",
            ",'relatesTo':[{'code':'appends','target':{'reference':'DocumentReference/n'}}]", "x");
  care_fixture_put (connection, "{'resourceType':'Encounter','id':'f','status':'planned','class':{"
                                "'code':'VR'},'subject':{'reference':'Patient/p'}}");
  return store_draft_save (connection, "note:e:Practitioner/doctor", "note", "p",
                           "Practitioner/doctor", "e", "Half a", error);
}

typedef struct
{
  GAsyncResult *result;
} Answer;

static void
answer_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  ((Answer *) user_data)->result = g_object_ref (result);
}

static GAsyncResult *
wait_for (Answer *answer)
{
  while (!answer->result)
    g_main_context_iteration (NULL, TRUE);
  return answer->result;
}

static GListModel *
list_of (CareFixture *self, CarePaperKind kind)
{
  Answer answer = { NULL };
  g_autoptr (GError) error = NULL;
  GListModel *list;

  care_paper_list_async (self->doctor, kind, "p", NULL, answer_cb, &answer);
  list = care_paper_list_finish (wait_for (&answer), &error);
  g_assert_no_error (error);
  g_object_unref (answer.result);
  return list;
}

static void
test_lists (CareFixture *self, gconstpointer data)
{
  g_autoptr (GListModel) notes = NULL, visits = NULL, none = NULL;
  g_autoptr (CareRow) visit = NULL;

  care_fixture_write (self, read_lists);
  notes = list_of (self, CARE_PAPER_NOTE);
  visits = list_of (self, CARE_PAPER_AFTER_VISIT);
  none = list_of (self, CARE_PAPER_SUMMARY);
  g_assert_cmpuint (g_list_model_get_n_items (notes), ==, 2);
  g_assert_cmpuint (g_list_model_get_n_items (visits), ==, 1);
  g_assert_cmpuint (g_list_model_get_n_items (none), ==, 0);
  visit = g_list_model_get_item (visits, 0);
  g_assert_cmpstr (care_row_get_reference (visit), ==, "Encounter/e");
}

static gboolean
record_one (StoreConnection *connection, gpointer data, GError **error)
{
  CareFixture *self = data;

  return care_paper_record (connection, self->doctor, "print", "p", NULL, "summary", error);
}

static gboolean
count_audit (StoreConnection *connection, gpointer data, GError **error)
{
  gint64 rows = 0;

  g_assert_true (store_audit_verify (connection, &rows, error));
  g_assert_cmpint (rows, ==, 1);
  return TRUE;
}

/* Each leaves a row in the audit chain, and once the sign-in has run out nothing leaves. */
static void
test_record (CareFixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  care_fixture_write (self, record_one);
  care_context_set_signed_in (self->doctor, base_clock_now (self->clock) - 80 * G_TIME_SPAN_HOUR);
  error = care_fixture_try (self, record_one);
  g_assert_error (error, CARE_ERROR, CARE_ERROR_LEASE);
  care_fixture_read (self, count_audit);
}

int
main (int argc, char *argv[])
{
  static const struct
  {
    const char *path;
    void (*test) (CareFixture *self, gconstpointer data);
  } tests[] = {
    { "/care/paper/empty-chart-says-not-recorded", test_empty },
    { "/care/paper/medicines-are-not-mixed", test_medicines },
    { "/care/paper/note-addenda-and-draft", test_note },
    { "/care/paper/after-visit-from-the-record", test_after_visit },
    { "/care/paper/after-visit-in-spanish", test_spanish },
    { "/care/paper/after-visit-without-the-language", test_other_language },
    { "/care/paper/after-visit-makes-nothing-up", test_bare_visit },
    { "/care/paper/after-visit-hospital-medicine", test_hospital_medicine },
    { "/care/paper/after-visit-said-twice", test_said_twice },
    { "/care/paper/after-visit-own-order", test_own_order },
    { "/care/paper/after-visit-planned-end", test_planned_end },
    { "/care/paper/lists", test_lists },
    { "/care/paper/recorded-or-refused", test_record },
  };

  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (tests); i++)
    g_test_add (tests[i].path, CareFixture, NULL, care_fixture_set_up, tests[i].test,
                care_fixture_tear_down);
  return g_test_run ();
}
