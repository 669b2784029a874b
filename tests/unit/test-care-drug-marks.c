/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "care-drug-marks.h"

#include "care-fixture.h"

static void
put_order (StoreConnection *connection,
           const char *id,
           const char *who,
           const char *code,
           const char *intent,
           const char *status)
{
  g_autofree char *text =
      g_strdup_printf ("{'resourceType':'MedicationRequest','id':'%s','status':'%s','intent':'%s',"
                       "'subject':{'reference':'Patient/jane'},'requester':{'reference':'%s'},"
                       "'authoredOn':'2026-11-0%c','medicationCodeableConcept':{'coding':[{'system'"
                       ":'" CARE_SYSTEM_RXNORM "','code':'%s'}]}}",
                       id, status, intent, who, id[1], code);

  care_fixture_put (connection, text);
}

static gboolean
put_orders (StoreConnection *connection, gpointer data, GError **error)
{
  CareFixture *self = data;
  const char *doctor = care_context_get_user_reference (self->doctor),
             *other = care_context_get_user_reference (self->other);

  care_fixture_put (connection, "{'resourceType':'Patient','id':'jane'}");
  put_order (connection, "a1", doctor, "308191", "order", "active");
  put_order (connection, "a2", doctor, "308191", "order", "completed");
  put_order (connection, "a3", doctor, "861007", "order", "active");
  put_order (connection, "a4", doctor, "861007", "plan", "active");
  put_order (connection, "a5", doctor, "197361", "order", "entered-in-error");
  put_order (connection, "a6", other, "314076", "order", "active");
  care_fixture_put (connection, "{'resourceType':'MedicationRequest','id':'a7','status':'active',"
                                "'intent':'order','subject':{'reference':'Patient/jane'},"
                                "'medicationCodeableConcept':{'text':'a herb'}}");
  return TRUE;
}

static guint
count_of (CareDrugMarks *marks, const char *code)
{
  return GPOINTER_TO_UINT (g_hash_table_lookup (marks->counts, code));
}

/* One's own orders alone, and no plan and no mistake. */
static gboolean
check_counts (StoreConnection *connection, gpointer data, GError **error)
{
  g_autoptr (CareDrugMarks) marks =
      care_drug_marks_read (connection, ((CareFixture *) data)->doctor, error);

  g_assert_nonnull (marks);
  g_assert_cmpuint (count_of (marks, "308191"), ==, 2);
  g_assert_cmpuint (count_of (marks, "861007"), ==, 1);
  g_assert_cmpuint (g_hash_table_size (marks->counts), ==, 2);
  g_assert_cmpuint (g_hash_table_size (marks->favourites), ==, 0);
  return TRUE;
}

static void
test_counts (CareFixture *self, gconstpointer data)
{
  care_fixture_write (self, put_orders);
  care_fixture_read (self, check_counts);
}

static gboolean
set_stars (StoreConnection *connection, gpointer data, GError **error)
{
  CareFixture *self = data;

  return care_drug_marks_set_favourite (connection, self->doctor, "861007", TRUE, error) &&
         care_drug_marks_set_favourite (connection, self->doctor, "314076", TRUE, error) &&
         care_drug_marks_set_favourite (connection, self->doctor, "314076", TRUE, error) &&
         care_drug_marks_set_favourite (connection, self->other, "197361", TRUE, error) &&
         care_drug_marks_set_favourite (connection, self->doctor, "308192", TRUE, error) &&
         care_drug_marks_set_favourite (connection, self->doctor, "308192", FALSE, error);
}

static gboolean
check_stars (StoreConnection *connection, gpointer data, GError **error)
{
  static const char *const order[] = { "861007", "314076", "308191" };
  g_autoptr (CareDrugMarks) marks =
      care_drug_marks_read (connection, ((CareFixture *) data)->doctor, error);
  g_autoptr (GPtrArray) first = care_drug_marks_dup_first (marks, 10),
                        one = care_drug_marks_dup_first (marks, 1);

  g_assert_cmpuint (g_hash_table_size (marks->favourites), ==, 2);
  g_assert_true (g_hash_table_contains (marks->favourites, "314076"));
  g_assert_cmpuint (first->len, ==, G_N_ELEMENTS (order));
  for (guint i = 0; i < first->len; i++)
    g_assert_cmpstr (first->pdata[i], ==, order[i]);
  g_assert_cmpuint (one->len, ==, 1);
  return TRUE;
}

/* Each has their own, set twice is set once, and they outlive the program. */
static void
test_favourites (CareFixture *self, gconstpointer data)
{
  care_fixture_write (self, put_orders);
  care_fixture_write (self, set_stars);
  care_fixture_close (self);
  care_fixture_open (self);
  care_fixture_read (self, check_stars);
}

static gboolean
set_badly (StoreConnection *connection, gpointer data, GError **error)
{
  return care_drug_marks_set_favourite (connection, ((CareFixture *) data)->doctor,
                                        "308191308191308191308191308191308191308191308191", TRUE,
                                        error);
}

static gboolean
set_many (StoreConnection *connection, gpointer data, GError **error)
{
  for (guint i = 0; i < 501; i++)
    {
      g_autofree char *code = g_strdup_printf ("%u", i);

      if (!care_drug_marks_set_favourite (connection, ((CareFixture *) data)->doctor, code, TRUE,
                                          error))
        return FALSE;
    }
  return TRUE;
}

static void
test_limits (CareFixture *self, gconstpointer data)
{
  g_autoptr (GError) bad = care_fixture_try (self, set_badly),
                     many = care_fixture_try (self, set_many);

  g_assert_error (bad, CARE_ERROR, CARE_ERROR_STATE);
  g_assert_error (many, CARE_ERROR, CARE_ERROR_STATE);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
#define ADD(name, test)                                                                            \
  g_test_add ("/care/drug-marks/" name, CareFixture, NULL, care_fixture_set_up, test,              \
              care_fixture_tear_down)
  ADD ("counts", test_counts);
  ADD ("favourites", test_favourites);
  ADD ("limits", test_limits);
  return g_test_run ();
}
