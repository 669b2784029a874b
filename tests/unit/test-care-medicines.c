/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "care-medicines.h"

#include "care-fixture.h"

/* Medicines by source: which entries are one medicine, what of it differs, what is known of the
 * supply, and what an empty list means. The clinic's day is 22-Nov-2026. */

#define PATIENT "'subject':{'reference':'Patient/p'}"
#define LISINOPRIL_10                                                                              \
  "'medicationCodeableConcept':{'coding':[{'system':'http://www.nlm.nih.gov/research/umls/"        \
  "rxnorm','code':'314076','display':'lisinopril 10 MG Oral Tablet'}]}"
#define TABLET(times)                                                                              \
  "[{'timing':{'repeat':{'frequency':" times ",'period':1,'periodUnit':'d'}},'route':{'text':"     \
  "'oral'},'doseAndRate':[{'doseQuantity':{'value':1,'unit':'tablet'}}]}]"
#define OURS                                                                                       \
  "'identifier':[{'system':'" CARE_SYSTEM_PRESCRIPTION_ID "','value':'a'}],'intent':'order',"      \
  "'requester':{'reference':'Practitioner/doctor','display':'Dr Ada Stone'}," PATIENT
#define BY_PATIENT "'informationSource':{'reference':'Patient/p'}," PATIENT

static const char *const *resources;
static CareMedicines *medicines;
static gboolean with_content = TRUE;

static gboolean
put_work (StoreConnection *connection, gpointer data, GError **error)
{
  care_fixture_put (connection, "{'resourceType':'Patient','id':'p'}");
  for (gsize i = 0; resources[i]; i++)
    care_fixture_put (connection, resources[i]);
  return TRUE;
}

static gboolean
load_work (StoreConnection *connection, gpointer data, GError **error)
{
  CareFixture *fixture = data;

  g_clear_object (&medicines);
  medicines =
      care_medicines_load (connection, "p", fixture->clock,
                           with_content ? CLINICAL_CONTENT (fixture->content) : NULL, error);
  return medicines != NULL;
}

static void
load (CareFixture *fixture, const char *const *list)
{
  resources = list;
  care_fixture_write (fixture, put_work);
  care_fixture_read (fixture, load_work);
}

static guint
count_rows (void)
{
  return g_list_model_get_n_items (care_medicines_get_rows (medicines));
}

/* The row which has this entry. */
static CareMedicine *
row_of (const char *reference)
{
  GListModel *rows = care_medicines_get_rows (medicines);

  for (guint i = 0; i < g_list_model_get_n_items (rows); i++)
    {
      g_autoptr (CareMedicine) row = g_list_model_get_item (rows, i);

      if (care_medicine_has_reference (row, reference))
        return row;
    }
  g_error ("no row has %s", reference);
}

#define OUR_LISINOPRIL                                                                             \
  "{'resourceType':'MedicationRequest','id':'a','status':'active','authoredOn':'2026-01-05',"      \
  "'dosageInstruction':" TABLET ("1") "," LISINOPRIL_10 "," OURS "}"

/* What differs is named, what agrees is not, and both sides stand in one row: ours first. */
static void
test_conflict (CareFixture *fixture, gconstpointer data)
{
  const char *const list[] = {
    OUR_LISINOPRIL,
    "{'resourceType':'MedicationStatement','id':'s','status':'active','dateAsserted':'2026-11-01',"
    "'medicationCodeableConcept':{'text':'Lisinopril 5 mg tablets'},'dosage':" TABLET (
        "2") "," BY_PATIENT "}",
    NULL
  };
  g_autofree char *difference = NULL, *words = NULL;
  CareMedicine *row;

  load (fixture, list);
  g_assert_cmpuint (count_rows (), ==, 1);
  row = row_of ("MedicationStatement/s");
  g_assert_cmpuint (care_medicine_get_n_sides (row), ==, 2);
  g_assert_cmpstr (care_medicine_get_side (row, 0)->source, ==, "Our prescription");
  g_assert_cmpstr (care_medicine_get_side (row, 0)->who, ==, "Dr Ada Stone");
  g_assert_cmpstr (care_medicine_get_side (row, 1)->source, ==, "Reported by the patient");
  g_assert_cmpint (care_medicine_get_agreement (row, CARE_ASPECT_DOSE), ==, CARE_AGREEMENT_DIFFERS);
  g_assert_cmpint (care_medicine_get_agreement (row, CARE_ASPECT_FREQUENCY), ==,
                   CARE_AGREEMENT_DIFFERS);
  g_assert_cmpint (care_medicine_get_agreement (row, CARE_ASPECT_ROUTE), ==, CARE_AGREEMENT_SAME);
  g_assert_cmpint (care_medicine_get_agreement (row, CARE_ASPECT_STATUS), ==, CARE_AGREEMENT_SAME);
  difference = care_medicine_dup_difference (row);
  g_assert_cmpstr (difference, ==, "Sources differ: dose, frequency");
  words = care_medicine_dup_words (row);
  g_assert_nonnull (strstr (words, "Sources differ: dose, frequency"));
  g_assert_cmpuint (care_medicines_get_n_conflicts (medicines), ==, 1);
}

/* Twice five milligrams at once is ten: the amount counts, not how it is packed. */
static void
test_same_amount (CareFixture *fixture, gconstpointer data)
{
  const char *const list[] = {
    OUR_LISINOPRIL,
    "{'resourceType':'MedicationStatement','id':'s','status':'active',"
    "'medicationCodeableConcept':{'text':'lisinopril 5 mg tablet'},'dosage':[{'timing':{'repeat':"
    "{'frequency':1,'period':1,'periodUnit':'d'}},'route':{'text':'Oral'},'doseAndRate':[{"
    "'doseQuantity':{'value':2,'unit':'tablet'}}]}],'informationSource':{'reference':"
    "'Organization/x','display':'City Hospital'}," PATIENT "}",
    NULL
  };

  load (fixture, list);
  g_assert_cmpuint (count_rows (), ==, 1);
  g_assert_cmpstr (care_medicine_get_side (row_of ("MedicationStatement/s"), 1)->source, ==,
                   "Record of City Hospital");
  g_assert_false (care_medicine_is_conflict (row_of ("MedicationStatement/s")));
  g_assert_null (care_medicine_dup_difference (row_of ("MedicationStatement/s")));
}

/* Words alone cannot be compared, and that is said: it is never taken for the same. */
static void
test_unsure (CareFixture *fixture, gconstpointer data)
{
  const char *const list[] = { OUR_LISINOPRIL,
                               "{'resourceType':'MedicationStatement','id':'s','status':'active',"
                               "'medicationCodeableConcept':{'text':'lisinopril'},'dosage':[{'text'"
                               ":'one in the morning'}]," BY_PATIENT "}",
                               NULL };
  g_autofree char *difference = NULL;

  load (fixture, list);
  g_assert_cmpuint (count_rows (), ==, 1);
  g_assert_false (care_medicine_is_conflict (row_of ("MedicationStatement/s")));
  difference = care_medicine_dup_difference (row_of ("MedicationStatement/s"));
  g_assert_cmpstr (difference, ==, "Several sources. Not compared: dose, route, frequency");
}

/* Stopped here and still taken, or prescribed here and not taken, is a conflict; a dose that was
 * raised here is history. */
static void
test_status (CareFixture *fixture, gconstpointer data)
{
  const char *const list[] = {
    "{'resourceType':'MedicationRequest','id':'old','status':'stopped','authoredOn':'2024-01-05',"
    "'statusReason':{'text':'Dose raised'},'dosageInstruction':" TABLET ("1") "," LISINOPRIL_10
                                                                              "," OURS "}",
    OUR_LISINOPRIL,
    "{'resourceType':'MedicationStatement','id':'s','status':'not-taken','statusReason':[{'text':"
    "'Cough'}],'medicationCodeableConcept':{'text':'Lisinopril'}," BY_PATIENT "}",
    NULL
  };
  CareMedicine *row;

  load (fixture, list);
  g_assert_cmpuint (count_rows (), ==, 2);
  row = row_of ("MedicationRequest/a");
  g_assert_true (care_medicine_has_reference (row, "MedicationStatement/s"));
  g_assert_false (care_medicine_has_reference (row, "MedicationRequest/old"));
  g_assert_cmpint (care_medicine_get_agreement (row, CARE_ASPECT_STATUS), ==,
                   CARE_AGREEMENT_DIFFERS);
  /* of what is not taken there is no dose to compare */
  g_assert_cmpint (care_medicine_get_agreement (row, CARE_ASPECT_DOSE), ==, CARE_AGREEMENT_SAME);
  g_assert_true (care_medicine_is_current (row));
  g_assert_cmpstr (care_medicine_get_side (row, 1)->why, ==, "Cough");
  row = row_of ("MedicationRequest/old");
  g_assert_false (care_medicine_is_current (row));
  g_assert_false (care_medicine_is_conflict (row));
  g_assert_cmpstr (care_medicine_get_side (row, 0)->why, ==, "Dose raised");
  g_assert_null (care_medicine_get_side (row, 0)->stopped_by);
}

/* When it ended and by whom: an order by the change that stopped it, a statement by its own end, a
 * course by that of its dosage; where nobody wrote it, that is said. */
static void
test_ended (CareFixture *fixture, gconstpointer data)
{
  static const char *const list[] = {
    "{'resourceType':'MedicationRequest','id':'order','status':'stopped','statusReason':{'text':"
    "'Angioedema'},'medicationCodeableConcept':{'text':'Ramipril'}," OURS "}",
    "{'resourceType':'Provenance','id':'first','target':[{'reference':'MedicationRequest/order'}],"
    "'recorded':'2025-01-04T09:00:00Z','activity':{'coding':[{'code':'CREATE'}]},'agent':[{'who':{"
    "'display':'Dr Ben Hill'}}]}",
    "{'resourceType':'Provenance','id':'last','target':[{'reference':'MedicationRequest/order'}],"
    "'recorded':'2025-06-03T09:00:00Z','activity':{'coding':[{'code':'UPDATE'}]},'agent':[{'who':{"
    "'display':'Dr Ada Stone'}}]}",
    "{'resourceType':'MedicationStatement','id':'statement','status':'stopped',"
    "'medicationCodeableConcept':{'text':'Digoxin'},'effectivePeriod':{'start':'2024-01-05','end':"
    "'2025-06-01'}," BY_PATIENT "}",
    "{'resourceType':'MedicationRequest','id':'course','status':'completed',"
    "'medicationCodeableConcept':{'text':'Amoxicillin'},'dosageInstruction':[{'timing':{'repeat':{"
    "'boundsPeriod':{'end':'2026-02-07'}}}},{'timing':{'repeat':{'boundsPeriod':{'end':"
    "'2026-02-05'}}}}]," OURS "}",
    "{'resourceType':'MedicationRequest','id':'unknown','status':'stopped',"
    "'medicationCodeableConcept':{'text':'Warfarin'},'dosageInstruction':[{'timing':{'repeat':{"
    "'boundsPeriod':{'end':'2026-12-24'}}}}]," OURS "}",
    NULL
  };
  g_autofree char *heard = NULL, *course = NULL, *unknown = NULL;
  const CareMedicineSide *side;

  load (fixture, list);
  side = care_medicine_get_side (row_of ("MedicationRequest/order"), 0);
  g_assert_cmpstr (side->until, ==, "03-Jun-2025");
  g_assert_cmpstr (side->stopped_by, ==, "Dr Ada Stone");
  heard = care_medicine_dup_words (row_of ("MedicationRequest/order"));
  g_assert_nonnull (strstr (heard, "Angioedema, Stopped 03-Jun-2025, by Dr Ada Stone"));
  side = care_medicine_get_side (row_of ("MedicationStatement/statement"), 0);
  g_assert_cmpstr (side->until, ==, "01-Jun-2025");
  course =
      care_medicine_side_dup_end (care_medicine_get_side (row_of ("MedicationRequest/course"), 0));
  g_assert_cmpstr (course, ==, "until 07-Feb-2026");
  unknown =
      care_medicine_side_dup_end (care_medicine_get_side (row_of ("MedicationRequest/unknown"), 0));
  g_assert_cmpstr (unknown, ==, "When it was stopped is not recorded");
}

/* A combination is not one of its parts; a name that merely looks alike is another medicine. */
static void
test_never_fuzzy (CareFixture *fixture, gconstpointer data)
{
  const char *const list[] = {
    OUR_LISINOPRIL,
    "{'resourceType':'MedicationStatement','id':'combined','status':'active',"
    "'medicationCodeableConcept':{'text':'Lisinopril and hydrochlorothiazide'}," BY_PATIENT "}",
    "{'resourceType':'MedicationStatement','id':'x','status':'active','medicationCodeableConcept':"
    "{'text':'Qwertol forte'}," BY_PATIENT "}",
    "{'resourceType':'MedicationStatement','id':'y','status':'active','medicationCodeableConcept':"
    "{'text':' qwertol  FORTE'},'informationSource':{'display':'Her son'}," PATIENT "}",
    "{'resourceType':'MedicationStatement','id':'z','status':'active','medicationCodeableConcept':"
    "{'text':'Qwertol fort'}," BY_PATIENT "}",
    NULL
  };

  load (fixture, list);
  g_assert_cmpuint (count_rows (), ==, 4);
  g_assert_cmpuint (care_medicine_get_n_sides (row_of ("MedicationRequest/a")), ==, 1);
  g_assert_true (
      care_medicine_has_reference (row_of ("MedicationStatement/x"), "MedicationStatement/y"));
  with_content = FALSE;
  care_fixture_read (fixture, load_work);
  with_content = TRUE;
  g_assert_cmpuint (count_rows (), ==, 4);
}

/* Name, dose, route, frequency, in this order; tall-man letters from the list that names its
 * source. */
static void
test_line (CareFixture *fixture, gconstpointer data)
{
  const char *const list[] = {
    OUR_LISINOPRIL,
    "{'resourceType':'MedicationStatement','id':'s','status':'active','medicationCodeableConcept':"
    "{'text':'Prednisone 5 mg'}," BY_PATIENT "}",
    NULL
  };
  g_autofree char *line = NULL, *other = NULL;

  load (fixture, list);
  line = clinical_line_dup_text (care_medicine_get_side (row_of ("MedicationRequest/a"), 0)->line);
  g_assert_cmpstr (line, ==,
                   "lisinopril – oral tablet – DOSE\xc2\xa0"
                   "1 tablet of 10 mg – oral – once a day");
  other =
      clinical_line_dup_text (care_medicine_get_side (row_of ("MedicationStatement/s"), 0)->line);
  g_assert_cmpstr (other, ==, "predniSONE 5 mg – dosage not recorded");
}

/* Nothing of an entry with an unknown modifier is shown, compared or joined. */
static void
test_withheld (CareFixture *fixture, gconstpointer data)
{
  const char *const list[] = {
    OUR_LISINOPRIL,
    "{'resourceType':'MedicationStatement','id':'odd','status':'active','modifierExtension':[{"
    "'url':'http://example.org/not','valueBoolean':true}],'medicationCodeableConcept':{'text':"
    "'Lisinopril'}," BY_PATIENT "}",
    NULL
  };
  g_autofree char *words = NULL;

  load (fixture, list);
  g_assert_cmpuint (count_rows (), ==, 2);
  g_assert_cmpuint (care_medicines_get_n_withheld (medicines), ==, 1);
  g_assert_cmpint (care_medicine_get_state (row_of ("MedicationStatement/odd")), ==,
                   CARE_MEDICINE_WITHHELD);
  words = care_medicine_dup_words (row_of ("MedicationStatement/odd"));
  g_assert_null (strstr (words, "isinopril"));
  g_assert_nonnull (strstr (words, "modifier"));
}

/* ---- what is never called the same ---- */

#define DOSAGE(value, unit, repeat, rest)                                                          \
  "[{'timing':{'repeat':{" repeat "'period':1,'periodUnit':'d'}},'route':{'text':'oral'},"         \
  "'doseAndRate':[{'doseQuantity':{'value':" value ",'unit':'" unit "'}}]" rest "}]"
#define STATEMENT(id, medicine, dosage, rest)                                                      \
  "{'resourceType':'MedicationStatement','id':'" id                                                \
  "','status':'active','medicationCodeableConcept':" medicine ",'dosage':" dosage "," rest         \
  "," PATIENT "}"
#define BY_HER  "'informationSource':{'reference':'Patient/p'}"
#define BY_CITY "'informationSource':{'reference':'Organization/x','display':'City Hospital'}"
#define RXNORM(code, text)                                                                         \
  "{'text':'" text "','coding':[{'system':'http://www.nlm.nih.gov/research/umls/rxnorm','code':"   \
  "'" code "'}]}"
#define TWICE "'frequency':2,"

/* What two entries on one medicine of two sources are found to be in one aspect. */
static CareAgreement
agreement (CareFixture *fixture, const char *a, const char *b, CareAspect aspect)
{
  const char *const list[] = { a, b, NULL };

  load (fixture, list);
  g_assert_cmpuint (count_rows (), ==, 1);
  return care_medicine_get_agreement (row_of ("MedicationStatement/a"), aspect);
}

#define assert_agreement(a, b, aspect, expected)                                                   \
  g_assert_cmpint (agreement (fixture, a, b, CARE_ASPECT_##aspect), ==, CARE_AGREEMENT_##expected)

/* Of a millilitre, a puff or a tablet nobody knows how much it holds unless the product is one. */
static void
test_amount_of_product (CareFixture *fixture, gconstpointer data)
{
  assert_agreement (STATEMENT ("a", "{'text':'Morphine solution 10 mg/5 mL'}",
                               DOSAGE ("2.5", "mL", TWICE, ""), BY_HER),
                    STATEMENT ("b", "{'text':'Morphine solution 100 mg/5 mL'}",
                               DOSAGE ("2.5", "mL", TWICE, ""), BY_CITY),
                    DOSE, UNSURE);
  assert_agreement (STATEMENT ("a", "{'text':'Morphine solution'}", DOSAGE ("2.5", "mL", TWICE, ""),
                               BY_HER),
                    STATEMENT ("b", "{'text':'Morphine solution'}", DOSAGE ("2.5", "mL", TWICE, ""),
                               BY_CITY),
                    DOSE, UNSURE);
  assert_agreement (STATEMENT ("a", "{'text':'Morphine solution'}", DOSAGE ("2.5", "mL", TWICE, ""),
                               BY_HER),
                    STATEMENT ("b", "{'text':'Morphine solution'}", DOSAGE ("5", "mL", TWICE, ""),
                               BY_CITY),
                    DOSE, DIFFERS);
  assert_agreement (STATEMENT ("a", RXNORM ("245314", "Albuterol"),
                               DOSAGE ("2", "puffs", TWICE, ""), BY_HER),
                    STATEMENT ("b", RXNORM ("351137", "Albuterol"),
                               DOSAGE ("2", "puffs", TWICE, ""), BY_CITY),
                    DOSE, UNSURE);
  assert_agreement (STATEMENT ("a", RXNORM ("245314", "Albuterol"),
                               DOSAGE ("2", "puffs", TWICE, ""), BY_HER),
                    STATEMENT ("b", RXNORM ("245314", "Albuterol"), DOSAGE ("2", "Puff", TWICE, ""),
                               BY_CITY),
                    DOSE, SAME);
  assert_agreement (STATEMENT ("a", "{'text':'Lisinopril 5 mg'}", DOSAGE ("1", "Tablet", TWICE, ""),
                               BY_HER),
                    STATEMENT ("b", "{'text':'Lisinopril 10 mg'}", DOSAGE ("1", "tab", TWICE, ""),
                               BY_CITY),
                    DOSE, DIFFERS);
  assert_agreement (STATEMENT ("a", "{'text':'Lisinopril'}", "[{'text':'one a day'}]", BY_HER),
                    STATEMENT ("b", "{'text':'Lisinopril'}", "[{'text':'one a day'}]", BY_CITY),
                    DOSE, UNSURE);
  assert_agreement (STATEMENT ("a", "{'text':'Lisinopril 5 mg'}", "[{'text':'one a day'}]", BY_HER),
                    STATEMENT ("b", "{'text':'Lisinopril 5 mg'}", "[{'text':'one a day'}]",
                               BY_CITY),
                    DOSE, SAME);
}

/* The same milligrams in a form that gives them off otherwise are not the same dose. */
static void
test_form (CareFixture *fixture, gconstpointer data)
{
  assert_agreement (STATEMENT ("a", RXNORM ("861007", "Metformin 500 mg"),
                               DOSAGE ("1", "tablet", TWICE, ""), BY_HER),
                    STATEMENT ("b", RXNORM ("860975", "Metformin 500 mg"),
                               DOSAGE ("1", "tablet", TWICE, ""), BY_CITY),
                    DOSE, UNSURE);
  assert_agreement (STATEMENT ("a", "{'text':'Morphine MR 10 mg'}",
                               DOSAGE ("1", "tablet", TWICE, ""), BY_HER),
                    STATEMENT ("b", "{'text':'Morphine 10 mg'}", DOSAGE ("1", "tablet", TWICE, ""),
                               BY_CITY),
                    DOSE, UNSURE);
  assert_agreement (STATEMENT ("a", RXNORM ("861007", "Metformin 500 mg"),
                               DOSAGE ("2", "tablet", TWICE, ""), BY_HER),
                    STATEMENT ("b", RXNORM ("861004", "Metformin 1000 mg"),
                               DOSAGE ("1", "tablet", TWICE, ""), BY_CITY),
                    DOSE, SAME);
}

/* Regularly is not as required; a time or an end that one source alone says is not compared. */
static void
test_frequency (CareFixture *fixture, gconstpointer data)
{
#define FREQUENCY(id, repeat, rest, by)                                                            \
  STATEMENT (id, "{'text':'Lisinopril 5 mg'}",                                                     \
             DOSAGE ("1", "tablet", "'frequency':4," repeat, rest), by)
  assert_agreement (FREQUENCY ("a", "", ",'asNeededBoolean':true", BY_HER),
                    FREQUENCY ("b", "", "", BY_CITY), FREQUENCY, DIFFERS);
  /* and it can be seen which is which */
  g_assert_cmpstr (care_medicine_get_side (row_of ("MedicationStatement/b"), 0)->frequency, ==,
                   "4 times a day");
  g_assert_cmpstr (care_medicine_get_side (row_of ("MedicationStatement/a"), 1)->frequency, ==,
                   "4 times a day, as required");
  assert_agreement (FREQUENCY ("a", "'when':['MORN'],", "", BY_HER),
                    FREQUENCY ("b", "'when':['NIGHT'],", "", BY_CITY), FREQUENCY, DIFFERS);
  assert_agreement (FREQUENCY ("a", "'when':['MORN'],", "", BY_HER),
                    FREQUENCY ("b", "", "", BY_CITY), FREQUENCY, UNSURE);
  assert_agreement (FREQUENCY ("a", "'boundsDuration':{'value':7,'code':'d'},", "", BY_HER),
                    FREQUENCY ("b", "", "", BY_CITY), FREQUENCY, UNSURE);
  assert_agreement (FREQUENCY ("a", "'boundsDuration':{'value':7,'code':'d'},", "", BY_HER),
                    FREQUENCY ("b", "'boundsDuration':{'value':2,'code':'wk'},", "", BY_CITY),
                    FREQUENCY, DIFFERS);
  assert_agreement (FREQUENCY ("a", "", ",'asNeededCodeableConcept':{'text':'pain'}", BY_HER),
                    FREQUENCY ("b", "", ",'asNeededCodeableConcept':{'text':'aches'}", BY_CITY),
                    FREQUENCY, UNSURE);
  assert_agreement (FREQUENCY ("a", "'when':['MORN'],", "", BY_HER),
                    FREQUENCY ("b", "'when':['MORN'],", "", BY_CITY), FREQUENCY, SAME);
}

/* The dose of one entry and the frequency of another are said by nobody. */
static void
test_closest_pair (CareFixture *fixture, gconstpointer data)
{
  const char *const list[] = {
    STATEMENT ("a", "{'text':'Metformin'}", DOSAGE ("500", "mg", TWICE, ""), BY_HER),
    STATEMENT ("a2", "{'text':'Metformin'}", DOSAGE ("1000", "mg", "'frequency':1,", ""), BY_HER),
    STATEMENT ("b", "{'text':'Metformin'}", DOSAGE ("500", "mg", "'frequency':1,", ""), BY_CITY),
    NULL
  };

  load (fixture, list);
  g_assert_cmpuint (count_rows (), ==, 1);
  g_assert_true (care_medicine_is_conflict (row_of ("MedicationStatement/a")));
  g_assert_true (care_medicine_is_twice (row_of ("MedicationStatement/a")));
}

/* A medicine without a name is one of its own, unless it refers to the same. */
static void
test_unnamed_medicine (CareFixture *fixture, gconstpointer data)
{
#define UNNAMED(id, medicine)                                                                      \
  "{'resourceType':'MedicationRequest','id':'" id "','status':'active','medicationReference':"     \
  "{'reference':'" medicine "'},'requester':{'reference':'Organization/x','display':'City "        \
  "Hospital'}," PATIENT "}"
  const char *const list[] = { UNNAMED ("a", "Medication/1"), UNNAMED ("b", "Medication/2"),
                               UNNAMED ("c", "Medication/2"), UNNAMED ("e", "#x"),
                               UNNAMED ("f", "#x"),           NULL };

  load (fixture, list);
  g_assert_cmpuint (count_rows (), ==, 4);
  g_assert_true (
      care_medicine_has_reference (row_of ("MedicationRequest/b"), "MedicationRequest/c"));
  g_assert_cmpstr (care_medicine_get_name (row_of ("MedicationRequest/a")), ==,
                   "Medicine without a name");
}

/* Two that nobody named are not one source; one that is referred to is, though it is not here. */
static void
test_unnamed_source (CareFixture *fixture, gconstpointer data)
{
#define BY(id) "'informationSource':{'reference':'Organization/" id "'}"
#define NAME(id, value, by)                                                                        \
  STATEMENT (id, "{'text':'Metformin'}", DOSAGE (value, "mg", TWICE, ""), by)
  const char *const two[] = { NAME ("a", "5", BY ("x")), NAME ("b", "10", BY ("y")), NULL };
  const char *const one[] = { NAME ("a", "5", BY ("x")), NAME ("b", "10", BY ("x")), NULL };
  const char *const nobody[] = { NAME ("a", "5", "'note':[{'text':'x'}]"),
                                 NAME ("b", "10", "'note':[{'text':'x'}]"), NULL };

  load (fixture, two);
  g_assert_true (care_medicine_is_conflict (row_of ("MedicationStatement/a")));
  g_assert_false (care_medicine_is_twice (row_of ("MedicationStatement/a")));
  load (fixture, one);
  g_assert_false (care_medicine_is_conflict (row_of ("MedicationStatement/a")));
  g_assert_true (care_medicine_is_twice (row_of ("MedicationStatement/a")));
  load (fixture, nobody);
  g_assert_true (care_medicine_is_conflict (row_of ("MedicationStatement/a")));
  g_assert_false (care_medicine_is_twice (row_of ("MedicationStatement/a")));
}

/* What is forbidden and taken is a conflict, whoever says either; a prohibition that ended is over
 * and contradicts nobody. */
static void
test_prohibition (CareFixture *fixture, gconstpointer data)
{
#define PROHIBITION(status)                                                                        \
  "{'resourceType':'MedicationRequest','id':'no','status':'" status                                \
  "','doNotPerform':true,'authoredOn':'2026-01-06'," LISINOPRIL_10 "," OURS "}"
#define TAKEN STATEMENT ("s", "{'text':'Lisinopril'}", DOSAGE ("10", "mg", TWICE, ""), BY_HER)
  const char *const taken[] = { PROHIBITION ("active"), TAKEN, NULL };
  const char *const ordered[] = { PROHIBITION ("active"), OUR_LISINOPRIL, NULL };
  const char *const over[] = { PROHIBITION ("stopped"), TAKEN, NULL };
  const char *const before[] = {
    PROHIBITION ("stopped"),
    "{'resourceType':'MedicationRequest','id':'old','status':'stopped','authoredOn':'2024-01-05'"
    "," LISINOPRIL_10 "," OURS "}",
    TAKEN, NULL
  };
  g_autofree char *line = NULL;

  load (fixture, taken);
  g_assert_cmpint (care_medicine_get_agreement (row_of ("MedicationRequest/no"),
                                                CARE_ASPECT_STATUS),
                   ==, CARE_AGREEMENT_DIFFERS);
  g_assert_true (care_medicine_is_current (row_of ("MedicationRequest/no")));
  g_assert_true (
      care_medicine_has_reference (row_of ("MedicationRequest/no"), "MedicationStatement/s"));
  load (fixture, over);
  g_assert_cmpint (care_medicine_get_state (row_of ("MedicationRequest/no")), ==,
                   CARE_MEDICINE_STOPPED);
  line = clinical_line_dup_text (care_medicine_get_side (row_of ("MedicationRequest/no"), 0)->line);
  g_assert_true (g_str_has_suffix (line, "not to be given"));
  g_assert_false (care_medicine_is_conflict (row_of ("MedicationStatement/s")));
  load (fixture, before);
  g_assert_true (care_medicine_is_conflict (row_of ("MedicationStatement/s")));
  g_assert_true (
      care_medicine_has_reference (row_of ("MedicationStatement/s"), "MedicationRequest/old"));
  load (fixture, ordered);
  g_assert_cmpint (care_medicine_get_agreement (row_of ("MedicationRequest/no"),
                                                CARE_ASPECT_STATUS),
                   ==, CARE_AGREEMENT_DIFFERS);
  g_assert_true (
      care_medicine_has_reference (row_of ("MedicationRequest/no"), "MedicationRequest/a"));
  g_assert_false (care_medicine_is_twice (row_of ("MedicationRequest/no")));
}

/* ---- what an empty list means ---- */

static void
test_absence (CareFixture *fixture, gconstpointer data)
{
  const char *const nothing[] = { NULL };
  const char *const past[] = {
    "{'resourceType':'MedicationStatement','id':'old','status':'completed',"
    "'medicationCodeableConcept':{'text':'Amoxicillin'}," BY_PATIENT "}",
    NULL
  };
  const char *const none[] = {
    "{'resourceType':'MedicationStatement','id':'none','status':'active','dateAsserted':"
    "'2026-10-02','medicationCodeableConcept':{'coding':[{'system':'http://hl7.org/fhir/uv/ips/"
    "CodeSystem/absent-unknown-uv-ips','code':'no-known-medications'}]}," BY_PATIENT "}",
    NULL
  };
  const char *const contradiction[] = { OUR_LISINOPRIL, NULL };

  load (fixture, nothing);
  g_assert_cmpstr (care_medicines_get_absence (medicines), ==, "Medicines not recorded");
  g_assert_false (care_medicines_is_recorded (medicines));
  g_assert_cmpstr (care_medicines_get_reconciled (medicines), ==, "Not reconciled yet");
  load (fixture, past);
  g_assert_cmpstr (care_medicines_get_absence (medicines), ==,
                   "No current medicines recorded, only past ones");
  load (fixture, none);
  g_assert_cmpstr (care_medicines_get_absence (medicines), ==,
                   "No known medicines (recorded 02-Oct-2026)");
  g_assert_cmpuint (count_rows (), ==, 1);
  load (fixture, contradiction);
  g_assert_nonnull (strstr (care_medicines_get_absence (medicines), "The record also says"));
}

/* ---- supply ---- */

#define ORDER(id, times, supply)                                                                   \
  "{'resourceType':'MedicationRequest','id':'" id "','status':'active','authoredOn':'2026-10-01'," \
  "'medicationCodeableConcept':{'text':'Medicine " id                                              \
  "'},'dosageInstruction':" TABLET (times) "," supply "," OURS "}"
#define DISPENSE(id, rest)                                                                         \
  "{'resourceType':'MedicationDispense','id':'d" id "','status':'completed',"                      \
  "'medicationCodeableConcept':{'text':'Medicine " id "'},'authorizingPrescription':[{"            \
  "'reference':'MedicationRequest/" id "'}]," rest "," PATIENT "}"

static void
assert_supply (const char *id, const char *text, const char *repeats)
{
  g_autofree char *reference = g_strconcat ("MedicationRequest/", id, NULL);
  const CareMedicineSupply *supply = care_medicine_get_supply (row_of (reference));

  g_assert_cmpstr (supply->text, ==, text);
  g_assert_cmpstr (supply->repeats, ==, repeats);
}

static void
test_supply (CareFixture *fixture, gconstpointer data)
{
  const char *const list[] = {
    ORDER ("a", "1", "'dispenseRequest':{'numberOfRepeatsAllowed':3}"),
    DISPENSE ("a", "'whenHandedOver':'2026-11-12','daysSupply':{'value':28,'unit':'days'}"),
    ORDER ("b", "2", "'dispenseRequest':{'numberOfRepeatsAllowed':1}"),
    DISPENSE ("b", "'whenHandedOver':'2026-11-12T10:00:00Z','quantity':{'value':30,'unit':"
                   "'tablets'}"),
    ORDER ("c", "1", "'dispenseRequest':{'numberOfRepeatsAllowed':0}"),
    DISPENSE ("c", "'whenHandedOver':'2026-10-01','daysSupply':{'value':28,'unit':'days'}"),
    ORDER ("e", "1", "'dispenseRequest':{'quantity':{'value':28,'unit':'tablet'}}"),
    ORDER ("f", "1", "'note':[{'text':'x'}]"),
    ORDER ("g", "1", "'dispenseRequest':{'numberOfRepeatsAllowed':2}"),
    DISPENSE ("g", "'whenHandedOver':'2026-11','quantity':{'value':1,'unit':'box'}"),
    NULL
  };

  load (fixture, list);
  assert_supply ("a", "Handed out 12-Nov-2026 for 28 days: 18 days left", "3 repeats left");
  assert_supply ("b", "Handed out 12-Nov-2026 for 15 days: runs out soon, 5 days left",
                 "1 repeat left");
  g_assert_true (care_medicine_get_supply (row_of ("MedicationRequest/b"))->soon);
  assert_supply ("c", "Handed out 01-Oct-2026 for 28 days: that supply ended 24 days ago",
                 "No repeats");
  g_assert_true (care_medicine_get_supply (row_of ("MedicationRequest/c"))->over);
  /* what was prescribed was not therefore handed out */
  assert_supply ("e",
                 "Prescribed 01-Oct-2026 for 28 days; whether it was handed out is not recorded",
                 "Repeats not recorded");
  g_assert_false (care_medicine_get_supply (row_of ("MedicationRequest/e"))->has_days_left);
  assert_supply ("f", "Supply not recorded", "Repeats not recorded");
  assert_supply ("g", "Handed out Nov-2026; for how many days is not recorded", "2 repeats left");
}

/* What is taken as required lasts for nobody knows how long; a fill that nobody ordered stays. */
static void
test_supply_unknown (CareFixture *fixture, gconstpointer data)
{
  const char *const list[] = {
    "{'resourceType':'MedicationRequest','id':'prn','status':'active','authoredOn':'2026-10-01',"
    "'medicationCodeableConcept':{'text':'Medicine prn'},'dosageInstruction':[{'asNeededBoolean':"
    "true,'timing':{'repeat':{'frequency':1,'period':1,'periodUnit':'d'}},'doseAndRate':[{"
    "'doseQuantity':{'value':1,'unit':'tablet'}}]}]," OURS "}",
    DISPENSE ("prn", "'whenHandedOver':'2026-11-12','quantity':{'value':6,'unit':'tablet'}"),
    "{'resourceType':'MedicationDispense','id':'lone','status':'completed','whenHandedOver':"
    "'2026-11-12','medicationCodeableConcept':{'text':'Ointment'}," PATIENT "}",
    "{'resourceType':'MedicationDispense','id':'mill','status':'completed','whenHandedOver':"
    "'2026-11-12','daysSupply':{'value':1e11,'code':'d'},'performer':[{'actor':{'display':"
    "'Mill Pharmacy'}}],'medicationCodeableConcept':{'text':'Cream'}," PATIENT "}",
    "{'resourceType':'MedicationDispense','id':'odd','status':'completed','whenHandedOver':"
    "'2026-11-12','modifierExtension':[{'url':'http://example.org/not','valueBoolean':true}],"
    "'medicationCodeableConcept':{'text':'Ointment'}," PATIENT "}",
    NULL
  };

  load (fixture, list);
  assert_supply ("prn", "Handed out 12-Nov-2026; for how many days is not recorded",
                 "Repeats not recorded");
  g_assert_cmpint (care_medicine_get_state (row_of ("MedicationDispense/lone")), ==,
                   CARE_MEDICINE_SUPPLIED);
  g_assert_false (care_medicine_is_current (row_of ("MedicationDispense/lone")));
  g_assert_cmpstr (care_medicine_get_side (row_of ("MedicationDispense/lone"), 0)->source, ==,
                   "Record of another organisation, which is not named");
  g_assert_cmpstr (care_medicine_get_side (row_of ("MedicationDispense/mill"), 0)->source, ==,
                   "Record of Mill Pharmacy");
  g_assert_cmpstr (care_medicine_get_supply (row_of ("MedicationDispense/mill"))->text, ==,
                   "Handed out 12-Nov-2026; for how many days is not recorded");
  g_assert_cmpint (care_medicine_get_state (row_of ("MedicationDispense/odd")), ==,
                   CARE_MEDICINE_WITHHELD);
}

/* A pharmacy that turned it away is loud; one that is done says since when there is a supply. */
static void
test_pharmacy (CareFixture *fixture, gconstpointer data)
{
#define TASK(id, status, rest)                                                                     \
  "{'resourceType':'Task','id':'t" id "','status':'" status "','intent':'order','code':{"          \
  "'coding':[{'system':'" CARE_SYSTEM_TASK "','code':'dispense'}]},'focus':{'reference':"          \
  "'MedicationRequest/" id "'},'owner':{'display':'Mill Pharmacy'},'for':{'reference':"            \
  "'Patient/p'}" rest "}"
  const char *const list[] = {
    ORDER ("a", "1", "'dispenseRequest':{'quantity':{'value':28,'unit':'tablet'}}"),
    TASK ("a", "completed", ",'lastModified':'2026-11-20T15:00:00Z'"),
    ORDER ("b", "1", "'dispenseRequest':{'quantity':{'value':28,'unit':'tablet'}}"),
    TASK ("b", "rejected", ",'statusReason':{'text':'not in stock'}"), NULL
  };
  const CareMedicineSupply *supply;

  load (fixture, list);
  /* that it was handed out is recorded, and not how much */
  assert_supply ("a", "Handed out 20-Nov-2026; for how many days is not recorded",
                 "Repeats not recorded");
  g_assert_false (care_medicine_get_supply (row_of ("MedicationRequest/a"))->has_days_left);
  g_assert_false (care_medicine_get_supply (row_of ("MedicationRequest/a"))->loud);
  supply = care_medicine_get_supply (row_of ("MedicationRequest/b"));
  g_assert_true (supply->loud);
  g_assert_nonnull (strstr (supply->pharmacy, "NOT SUPPLIED BY Mill Pharmacy, TELL THE PATIENT"));
}

static void
add (const char *path, void (*test) (CareFixture *, gconstpointer))
{
  g_test_add (path, CareFixture, NULL, care_fixture_set_up, test, care_fixture_tear_down);
}

int
main (int argc, char *argv[])
{
  int failed;

  g_test_init (&argc, &argv, NULL);
  add ("/care/medicines/conflict", test_conflict);
  add ("/care/medicines/same-amount", test_same_amount);
  add ("/care/medicines/unsure", test_unsure);
  add ("/care/medicines/status", test_status);
  add ("/care/medicines/ended", test_ended);
  add ("/care/medicines/never-fuzzy", test_never_fuzzy);
  add ("/care/medicines/line", test_line);
  add ("/care/medicines/withheld", test_withheld);
  add ("/care/medicines/amount-of-product", test_amount_of_product);
  add ("/care/medicines/form", test_form);
  add ("/care/medicines/frequency", test_frequency);
  add ("/care/medicines/closest-pair", test_closest_pair);
  add ("/care/medicines/unnamed-medicine", test_unnamed_medicine);
  add ("/care/medicines/unnamed-source", test_unnamed_source);
  add ("/care/medicines/prohibition", test_prohibition);
  add ("/care/medicines/absence", test_absence);
  add ("/care/medicines/supply", test_supply);
  add ("/care/medicines/supply-unknown", test_supply_unknown);
  add ("/care/medicines/pharmacy", test_pharmacy);
  failed = g_test_run ();
  g_clear_object (&medicines);
  return failed;
}
