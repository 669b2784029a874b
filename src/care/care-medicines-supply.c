/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "care-medicines-private.h"

#include <glib/gi18n.h>
#include <math.h>
#include <string.h>

#include "care-prescription-private.h"
#include "care-supply.h"
#include "clinical-dosage.h"
#include "fhir-date.h"
#include "fhir-quantity.h"
#include "store-resource.h"
#include "store-search.h"

/* What is known of the supply of a medicine: when it was handed out, for how many days, how often
 * it may be again, and where the prescription is. What nobody recorded is "not recorded": an amount
 * that was prescribed is not one that was handed out. */

/* Over a hundred years nobody means: such a number is a mistake, and says nothing. */
#define MOST_DAYS 36500.0
/* A week is a policy of Bedside, not a rule of medicine: time to see a pharmacy. */
#define SOON_DAYS 7
#define DAY_US    ((gint64) 24 * 60 * 60 * G_USEC_PER_SEC)

void
care_medicine_supply_free (CareMedicineSupply *self)
{
  g_free (self->text);
  g_free (self->repeats);
  g_free (self->pharmacy);
  g_free (self);
}

const char *
care_dispense_date (FhirResource *dispense)
{
  return fhir_resource_path_text (dispense, "whenHandedOver");
}

static gboolean
is_handed_over (FhirResource *dispense)
{
  return !care_chart_is_opaque (dispense) && care_dispense_date (dispense) &&
         g_strcmp0 (fhir_resource_path_text (dispense, "status"), "completed") == 0;
}

static FhirResource *
find_last (GPtrArray *dispenses, guint *n)
{
  FhirResource *last = NULL;

  *n = 0;
  for (guint i = 0; i < dispenses->len; i++)
    {
      FhirResource *dispense = dispenses->pdata[i];

      if (!is_handed_over (dispense))
        continue;
      ++*n;
      if (!last || care_chart_time (care_dispense_date (dispense)) >
                       care_chart_time (care_dispense_date (last)))
        last = dispense;
    }
  return last;
}

/* Days of a Duration in days or weeks; 0 where there is none, or it is something else. */
static double
days_of_duration (const FhirElement *duration)
{
  const char *code = fhir_element_path_text (duration, "code");
  const char *unit = code ? code : fhir_element_path_text (duration, "unit");
  double value = fhir_element_get_double (fhir_element_get (duration, "value"), 0);

  if (!unit || value <= 0)
    return 0;
  if (g_str_equal (unit, "d") || g_str_has_prefix (unit, "day"))
    return value;
  return g_str_equal (unit, "wk") || g_str_has_prefix (unit, "week") ? value * 7 : 0;
}

static gboolean
is_same_unit (const char *a, const char *b)
{
  gsize length = a && b ? MIN (strlen (a), strlen (b)) : 0;

  /* "tablet" and "tablets" */
  return length > 1 && g_ascii_strncasecmp (a, b, length) == 0 &&
         (a[length] == '\0' || g_str_equal (a + length, "s")) &&
         (b[length] == '\0' || g_str_equal (b + length, "s"));
}

/* 0 where it cannot be meant. */
static double
plausible (double days)
{
  return days <= MOST_DAYS ? days : 0;
}

/* How many days an amount lasts by the dosage, where both count the same thing and it is not taken
 * as required; 0 where that cannot be said. */
static double
days_of_quantity (const FhirElement *quantity, FhirResource *order)
{
  const FhirElement *dosages = fhir_resource_path (order, "dosageInstruction")
                                   ? fhir_resource_path (order, "dosageInstruction")
                                   : fhir_resource_path (order, "dosage");
  double amount = fhir_element_get_double (fhir_element_get (quantity, "value"), 0);
  g_autofree char *unit = quantity ? fhir_quantity_dup_unit (quantity) : NULL;
  g_autoptr (ClinicalDosage) dosage =
      fhir_element_get_length (dosages) == 1
          ? clinical_dosage_from_fhir (fhir_element_at (dosages, 0), NULL)
          : NULL;
  double dose = dosage ? g_ascii_strtod (dosage->dose_value, NULL) : 0, hours;

  if (amount <= 0 || dose <= 0 || dosage->as_needed || dosage->frequency <= 0 ||
      dosage->period <= 0 || !is_same_unit (unit, dosage->dose_unit))
    return 0;
  hours = g_strcmp0 (dosage->period_unit, "h") == 0    ? 1
          : g_strcmp0 (dosage->period_unit, "d") == 0  ? 24
          : g_strcmp0 (dosage->period_unit, "wk") == 0 ? 24 * 7
                                                       : 0;
  return floor (amount / (dose * dosage->frequency) * dosage->period * hours / 24);
}

static double
days_of_dispense (FhirResource *dispense, FhirResource *order)
{
  double days = days_of_duration (fhir_resource_path (dispense, "daysSupply"));
  const FhirElement *quantity = fhir_resource_path (dispense, "quantity");

  if (days <= 0)
    days = days_of_quantity (quantity, dispense);
  return plausible (days > 0 || !order ? days : days_of_quantity (quantity, order));
}

static double
days_of_order (FhirResource *order)
{
  double days =
      days_of_duration (fhir_resource_path (order, "dispenseRequest.expectedSupplyDuration"));

  if (days <= 0)
    days = days_of_quantity (fhir_resource_path (order, "dispenseRequest.quantity"), order);
  return plausible (days);
}

/* Counted in the clinic's days: what was handed out today for 28 days has 28 left. */
static void
count_days (CareMedicineSupply *self, CareChart *chart, const char *day, double days)
{
  if (strlen (day) < 10) /* a month or a year */
    return;
  self->has_days_left = TRUE;
  self->days_left =
      (int) (days - (double) ((care_chart_time (chart->today) - care_chart_time (day)) / DAY_US));
  self->over = self->days_left <= 0;
  self->soon = !self->over && self->days_left <= SOON_DAYS;
}

static char *
say_days (CareMedicineSupply *self, const char *date, int days)
{
  int left = self->days_left;
  g_autofree char *supply = g_strdup_printf (ngettext ("Handed out %s for %d day",
                                                       "Handed out %s for %d days", (gulong) days),
                                             date, days);

  if (left < 0)
    return g_strdup_printf (ngettext ("%s: that supply ended %d day ago",
                                      "%s: that supply ended %d days ago", (gulong) -left),
                            supply, -left);
  if (left == 0)
    return g_strdup_printf (_ ("%s: that supply ends today"), supply);
  return self->soon
             ? g_strdup_printf (ngettext ("%s: runs out soon, %d day left",
                                          "%s: runs out soon, %d days left", (gulong) left),
                                supply, left)
             : g_strdup_printf (ngettext ("%s: %d day left", "%s: %d days left", (gulong) left),
                                supply, left);
}

static void
say_handed_out (CareMedicineSupply *self, CareChart *chart, const char *when, double days)
{
  g_autofree char *day = care_medicine_dup_day (chart, when);
  g_autofree char *date = fhir_date_format (day, chart->zone);

  if (days >= 1)
    count_days (self, chart, day, days);
  self->text = self->has_days_left
                   ? say_days (self, date, (int) days)
                   : g_strdup_printf (_ ("Handed out %s; for how many days is not recorded"), date);
}

/* The patient's Task at a pharmacy, once it says that it is done. */
static char *
find_pharmacy_done (CareChart *chart, const char *reference)
{
  g_autofree char *query =
      g_strdup_printf ("focus=%s&code=%s|dispense", reference, CARE_SYSTEM_TASK);
  g_autoptr (GPtrArray) ids = store_search_ids (chart->connection, "Task", query, NULL);
  g_autoptr (FhirResource) task =
      ids && ids->len > 0
          ? store_resource_get (chart->connection, "Task", ids->pdata[ids->len - 1], NULL)
          : NULL;

  if (!task || care_chart_is_opaque (task) ||
      g_strcmp0 (fhir_resource_path_text (task, "status"), "completed") != 0)
    return NULL;
  return g_strdup (fhir_resource_path_text (task, "lastModified"));
}

static void
say_repeats (CareMedicineSupply *self, FhirResource *order, guint n_handed, gboolean known)
{
  gint64 allowed =
      MIN (fhir_element_get_integer (fhir_resource_path (order,
                                                         "dispenseRequest.numberOfRepeatsAllowed"),
                                     -1),
           G_MAXINT);
  gint64 left = allowed - MAX ((gint64) n_handed - 1, 0);

  if (allowed < 0)
    self->repeats = g_strdup (_ ("Repeats not recorded"));
  else if (allowed == 0)
    self->repeats = g_strdup (_ ("No repeats"));
  else if (!known)
    self->repeats =
        g_strdup_printf (ngettext ("%d repeat allowed; how many were used is not recorded",
                                   "%d repeats allowed; how many were used is not recorded",
                                   (gulong) allowed),
                         (int) allowed);
  else if (left <= 0)
    self->repeats = g_strdup (_ ("No repeats left"));
  else
    self->repeats =
        g_strdup_printf (ngettext ("%d repeat left", "%d repeats left", (gulong) left), (int) left);
}

/* The last order that is still one: a supply that ended with it is of no interest. */
static const CareMedicineFact *
find_order (GPtrArray *facts)
{
  const CareMedicineFact *last = NULL;

  for (guint i = 0; i < facts->len; i++)
    {
      const CareMedicineFact *fact = facts->pdata[i];

      if (fact->side.is_order && care_medicine_state_is_current (fact->side.state) &&
          (!last || fact->sort > last->sort))
        last = fact;
    }
  return last;
}

static void
say_delivery (CareMedicineSupply *self, CareChart *chart, FhirResource *order)
{
  g_autoptr (CareDelivery) delivery = NULL;

  if (!care_chart_is_ours (order))
    return;
  delivery =
      care_delivery_of (chart->connection, order, chart->journal, base_clock_now (chart->clock));
  self->pharmacy = g_strdup (delivery->text);
  self->loud = care_delivery_state_is_loud (delivery->state);
}

static void
say_prescribed (CareMedicineSupply *self, const CareMedicineFact *order)
{
  double days = order ? days_of_order (order->resource) : 0;

  if (days >= 1)
    self->text = g_strdup_printf (
        ngettext ("Prescribed %s for %d day; whether it was handed out is not recorded",
                  "Prescribed %s for %d days; whether it was handed out is not recorded",
                  (gulong) days),
        order->side.since ? order->side.since : _ ("on a day not recorded"), (int) days);
  else
    self->text = g_strdup (_ ("Supply not recorded"));
}

/* Ended here, and the pharmacy may still hand it out, or has. */
static gboolean
is_open_at_pharmacy (CareChart *chart, FhirResource *order)
{
  g_autoptr (CareDelivery) delivery =
      care_delivery_of (chart->connection, order, chart->journal, base_clock_now (chart->clock));

  return delivery->state == CARE_DELIVERY_CANCEL_ASKED ||
         delivery->state == CARE_DELIVERY_CANCEL_FAILED;
}

/* Stopped here, and no server knows yet, or no pharmacy agreed: it may still be handed out. */
static gboolean
is_unsent_end (CareChart *chart, const CareMedicineFact *fact)
{
  const char *id = fhir_resource_get_id (fact->resource);

  if (fact->side.state != CARE_MEDICINE_STOPPED || !care_chart_is_ours (fact->resource))
    return FALSE;
  for (guint i = 0; i < chart->journal->len; i++)
    {
      const StoreJournalEntry *entry = chart->journal->pdata[i];

      if (g_str_equal (entry->type, "MedicationRequest") && g_str_equal (entry->id, id))
        return TRUE;
    }
  return is_open_at_pharmacy (chart, fact->resource);
}

static CareMedicineSupply *
supply_of_unsent_end (CareChart *chart, const CareMedicineFact *fact)
{
  CareMedicineSupply *self = g_new0 (CareMedicineSupply, 1);

  self->text = g_strdup (_ ("No further supply"));
  say_delivery (self, chart, fact->resource);
  self->loud = TRUE;
  return self;
}

/**
 * care_medicine_supply_of:
 * @facts: (element-type CareMedicineFact): of one medicine
 * @dispenses: (element-type FhirResource): of the same
 *
 * Returns: (transfer full) (nullable): what is known of its supply; NULL where it is over and
 *   nothing was handed out
 */
CareMedicineSupply *
care_medicine_supply_of (CareMedicineReader *reader, GPtrArray *facts, GPtrArray *dispenses)
{
  const CareMedicineFact *order = find_order (facts), *first = facts->pdata[0];
  g_autofree char *done = NULL;
  CareMedicineSupply *self;
  FhirResource *last;
  guint n = 0;

  last = find_last (dispenses, &n);
  if (!order && first->side.is_order && is_unsent_end (reader->chart, first))
    return supply_of_unsent_end (reader->chart, first);
  if (!last && !order && !care_medicine_state_is_current (first->side.state) &&
      first->side.state != CARE_MEDICINE_SUPPLIED)
    return NULL;
  self = g_new0 (CareMedicineSupply, 1);
  if (!last && order)
    done = find_pharmacy_done (reader->chart, order->side.reference);
  if (last)
    say_handed_out (self, reader->chart, care_dispense_date (last),
                    days_of_dispense (last, order ? order->resource : first->resource));
  else if (done)
    say_handed_out (self, reader->chart, done, 0); /* that it was handed out, not how much */
  else
    say_prescribed (self, order);
  if (order)
    {
      say_repeats (self, order->resource, n, last != NULL);
      say_delivery (self, reader->chart, order->resource);
    }
  return self;
}
