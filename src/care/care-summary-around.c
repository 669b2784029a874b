/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "care-summary-private.h"

#include <glib/gi18n.h>

#include "care-entry-private.h"
#include "care-results-private.h"
#include "fhir-concept.h"
#include "fhir-date.h"
#include "fhir-name.h"
#include "fhir-reference.h"
#include "store-resource.h"

#include <string.h>

/* What stands around the record: alerts, goals, who cares for the patient, what somebody still has
 * to do, and the visits that are booked. */

static char *
show_date (CareChart *chart, const char *date)
{
  return date ? fhir_date_format (date, chart->zone) : NULL;
}

/* A day is over at its end, an instant at once. */
static gboolean
is_past (CareChart *chart, const char *when)
{
  FhirDate date;
  gint64 low, high;

  if (!when || !fhir_date_parse (when, &date))
    return FALSE;
  fhir_date_bounds (&date, &low, &high);
  return strlen (when) <= strlen ("YYYY-MM-DD") ? strncmp (when, chart->today, strlen (when)) < 0
                                                : high < base_clock_now (chart->clock);
}

static gboolean
is_later (CareChart *chart, const char *when)
{
  if (!when)
    return FALSE;
  return strlen (when) <= strlen ("YYYY-MM-DD")
             ? strncmp (when, chart->today, strlen (when)) > 0
             : care_chart_time (when) > base_clock_now (chart->clock);
}

/* ---- who ---- */

/* The person or organization that a Reference leads to, where that is here. */
static FhirResource *
read_named (CareChart *chart, const FhirElement *reference)
{
  g_autofree char *type = NULL, *id = NULL;
  const char *text = fhir_element_path_text (reference, "reference");

  return text && fhir_reference_split (text, &type, &id)
             ? store_resource_get (chart->connection, type, id, NULL)
             : NULL;
}

/* (transfer full) (nullable) */
static char *
name_in (FhirResource *resource)
{
  const FhirElement *name = fhir_resource_path (resource, "name");
  const char *plain = fhir_element_get_text (name);

  if (plain)
    return g_strdup (plain);
  return name ? fhir_human_name_format_plain (name) : NULL;
}

/* (transfer full) (nullable): of a person, an organization, or who has a role. */
static char *
name_of (CareChart *chart, const FhirElement *reference, FhirResource *who)
{
  const char *display = fhir_element_path_text (reference, "display");
  g_autofree char *name = who && !display ? name_in (who) : NULL;

  if (who && !display && !name)
    {
      const FhirElement *person = fhir_resource_path (who, "practitioner");
      g_autoptr (FhirResource) practitioner = read_named (chart, person);

      display = fhir_element_path_text (person, "display");
      name = practitioner && !display ? name_in (practitioner) : NULL;
    }
  return name ? g_steal_pointer (&name) : g_strdup (display);
}

/* ---- alerts ---- */

static const char *
category_of (FhirResource *flag)
{
  const FhirElement *all = fhir_resource_path (flag, "category");
  const char *first = NULL;

  fhir_element_foreach (category, all)
    {
      if (fhir_concept_has_code (category, NULL, CARE_ALERT_SAFETY))
        return CARE_ALERT_SAFETY;
      first = first ? first : fhir_concept_get_code (category, NULL);
    }
  return first;
}

/* In the words of the form. */
static char *
category_words (FhirResource *flag, const char *code)
{
  gsize n = 0;
  const CareField *fields = care_entry_kind_get_fields (CARE_ENTRY_ALERT, &n);

  for (gsize i = 0; code && i < n; i++)
    for (const CareFieldChoice *choice = fields[i].choices; choice && choice->code; choice++)
      if (g_str_equal (choice->code, code))
        return g_strdup (_ (choice->label));
  return care_chart_concept (flag, "category.0");
}

/* An alert whose status nobody understands is shown: a warning too many is seen, one too few is
 * not. */
static const char *
alert_group (CareChart *chart, FhirResource *flag)
{
  if (g_strcmp0 (fhir_resource_path_text (flag, "status"), "inactive") == 0 ||
      is_past (chart, fhir_resource_path_text (flag, "period.end")))
    return "Inactive";
  return is_later (chart, fhir_resource_path_text (flag, "period.start")) ? "Planned" : "Active";
}

/* Who says so, and where it was written when that was elsewhere. */
static char *
alert_source (CareChart *chart, FhirResource *flag)
{
  const FhirElement *author = fhir_resource_path (flag, "author");
  g_autoptr (FhirResource) who = read_named (chart, author);
  g_autofree char *name = name_of (chart, author, who);
  const char *source = fhir_resource_path_text (flag, "meta.source");

  if (source && name)
    return g_strdup_printf (_ ("%s · source: %s"), name, source);
  if (source)
    return g_strdup_printf (_ ("Author not recorded · source: %s"), source);
  return name ? g_strdup_printf (_ ("%s · source: the clinic’s record"), name)
              : g_strdup (_ ("Author not recorded · source: the clinic’s record"));
}

static CareRow *
alert_row (CareChart *chart, FhirResource *flag)
{
  g_autofree char *title = care_chart_concept (flag, "code");
  g_autofree char *reference = fhir_resource_dup_reference (flag);
  g_autofree char *source = alert_source (chart, flag);
  const char *start = fhir_resource_path_text (flag, "period.start");
  const char *category = category_of (flag);
  g_autofree char *words = category_words (flag, category), *date = show_date (chart, start);

  return care_row_new (care_chart_time (start), CARE_ROW_TITLE,
                       title ? title : _ ("Alert without a name"), CARE_ROW_SUBTITLE, words,
                       CARE_ROW_DATE, date, CARE_ROW_STATUS,
                       fhir_resource_path_text (flag, "status"), CARE_ROW_REFERENCE, reference,
                       CARE_ROW_GROUP, alert_group (chart, flag), CARE_ROW_DETAIL, source,
                       CARE_ROW_CODE, category, 0);
}

/* What concerns safety, then what may, then the rest. */
static int
rank_alert (CareRow *row)
{
  if (g_strcmp0 (care_row_get_text (row, CARE_ROW_CODE), CARE_ALERT_SAFETY) == 0)
    return 0;
  return g_strcmp0 (care_row_get_text (row, CARE_ROW_GROUP), "Not shown") == 0 ? 1 : 2;
}

static int
compare_newest (gconstpointer a, gconstpointer b, gpointer data)
{
  gint64 x = care_row_get_sort ((CareRow *) a), y = care_row_get_sort ((CareRow *) b);

  return (x < y) - (x > y);
}

static int
compare_soonest (gconstpointer a, gconstpointer b, gpointer data)
{
  return compare_newest (b, a, data);
}

static int
compare_alerts (gconstpointer a, gconstpointer b, gpointer data)
{
  int x = rank_alert ((CareRow *) a), y = rank_alert ((CareRow *) b);

  return x != y ? x - y : compare_newest (a, b, data);
}

/* ---- goals ---- */

static CareRow *
goal_row (CareChart *chart, FhirResource *goal)
{
  g_autofree char *title = care_chart_concept (goal, "description");
  g_autofree char *reference = fhir_resource_dup_reference (goal);
  const FhirElement *achieved = fhir_resource_path (goal, "achievementStatus");
  g_autofree char *state = achieved && !fhir_concept_has_code (achieved, NULL, "in-progress")
                               ? fhir_concept_dup_text (achieved)
                               : NULL;
  const char *start = fhir_resource_path_text (goal, "startDate");
  g_autofree char *due = show_date (chart, fhir_resource_path_text (goal, "target.0.dueDate"));
  g_autofree char *date = show_date (chart, start);
  g_autofree char *subtitle = due ? g_strdup_printf (_ ("due %s"), due) : NULL;

  if (care_entry_state_of (goal) == CARE_ENTRY_ERROR)
    return NULL;
  return care_row_new (care_chart_time (start), CARE_ROW_TITLE,
                       title ? title : _ ("Goal without a name"), CARE_ROW_SUBTITLE, subtitle,
                       CARE_ROW_DATE, date, CARE_ROW_STATUS,
                       fhir_resource_path_text (goal, "lifecycleStatus"), CARE_ROW_REFERENCE,
                       reference, CARE_ROW_DETAIL, state, CARE_ROW_GROUP,
                       care_entry_state_of (goal) == CARE_ENTRY_ACTIVE ? "Active" : "Inactive", 0);
}

/* ---- open tasks ---- */

static gboolean
is_open (FhirResource *task)
{
  static const char *const open[] = { "requested",   "received", "accepted", "ready",
                                      "in-progress", "on-hold",  NULL };
  const char *status = fhir_resource_path_text (task, "status");

  return status && g_strv_contains (open, status);
}

static const char *
priority_words (const char *priority)
{
  if (g_strcmp0 (priority, "stat") == 0)
    return _ ("at once");
  if (g_strcmp0 (priority, "asap") == 0)
    return _ ("as soon as possible");
  return g_strcmp0 (priority, "urgent") == 0 ? _ ("urgent") : NULL;
}

static CareRow *
task_row (CareChart *chart, FhirResource *task)
{
  g_autofree char *code = care_chart_concept (task, "code");
  g_autofree char *reference = fhir_resource_dup_reference (task);
  const FhirElement *owner = fhir_resource_path (task, "owner");
  const char *description = fhir_resource_path_text (task, "description");
  const char *authored = fhir_resource_path_text (task, "authoredOn");
  g_autofree char *date = show_date (chart, authored);
  g_autofree char *due =
      show_date (chart, fhir_resource_path_text (task, "restriction.period.end"));
  g_autofree char *subtitle = due ? g_strdup_printf (_ ("due %s"), due) : NULL;
  g_autoptr (FhirResource) who = NULL;
  g_autofree char *name = NULL;

  if (!is_open (task))
    return NULL;
  who = read_named (chart, owner);
  name = name_of (chart, owner, who);
  return care_row_new (care_chart_time (authored), CARE_ROW_TITLE,
                       description ? description
                       : code      ? code
                                   : _ ("Task without a description"),
                       CARE_ROW_SUBTITLE, subtitle, CARE_ROW_DATE, date, CARE_ROW_STATUS,
                       fhir_resource_path_text (task, "status"), CARE_ROW_SEVERITY,
                       priority_words (fhir_resource_path_text (task, "priority")),
                       CARE_ROW_REFERENCE, reference, CARE_ROW_DETAIL, name, CARE_ROW_GROUP, "Open",
                       0);
}

static int
rank_task (CareRow *row)
{
  return care_row_get_text (row, CARE_ROW_SEVERITY) ? 0 : 1;
}

static int
compare_tasks (gconstpointer a, gconstpointer b, gpointer data)
{
  int x = rank_task ((CareRow *) a), y = rank_task ((CareRow *) b);

  return x != y ? x - y : compare_newest (a, b, data);
}

/* ---- results that somebody was asked to look at ---- */

static void
add_asked (CareChart *chart, const char *named, guint depth)
{
  static const char *const lists[] = { "result", "hasMember" };
  g_autofree char *type = NULL, *id = NULL;
  g_autoptr (FhirResource) resource = NULL;
  char *reference;

  if (!named || !fhir_reference_split (named, &type, &id))
    return;
  reference = g_strconcat (type, "/", id, NULL);
  if (!g_hash_table_add (chart->asked, reference) || depth == 0)
    return;
  resource = store_resource_get (chart->connection, type, id, NULL);
  for (gsize i = 0; resource && i < G_N_ELEMENTS (lists); i++)
    fhir_element_foreach (member, fhir_resource_path (resource, lists[i]))
      add_asked (chart, fhir_element_path_text (member, "reference"), depth - 1);
}

/* A task to review a result, or a panel with its members. */
static void
note_review (CareChart *chart, FhirResource *task)
{
  if (!care_review_is_task (task))
    return;
  g_ptr_array_add (chart->reviews, fhir_resource_ref (task));
  if (care_review_is_open (task))
    add_asked (chart, fhir_resource_path_text (task, "focus.reference"), 2);
}

/* ---- visits that are booked ---- */

static char *
clinician_of (CareChart *chart, FhirResource *appointment)
{
  fhir_element_foreach (participant, fhir_resource_path (appointment, "participant"))
    {
      const FhirElement *actor = fhir_element_get (participant, "actor");
      const char *reference = fhir_element_path_text (actor, "reference");
      g_autoptr (FhirResource) who = NULL;

      if (!reference || !strstr (reference, "Practitioner"))
        continue;
      who = read_named (chart, actor);
      return name_of (chart, actor, who);
    }
  return NULL;
}

static CareRow *
booking_row (CareChart *chart, FhirResource *appointment)
{
  static const char *const states[] = { "proposed",   "pending",  "booked", "arrived",
                                        "checked-in", "waitlist", NULL };
  const char *status = fhir_resource_path_text (appointment, "status");
  const char *start = fhir_resource_path_text (appointment, "start");
  const char *end = fhir_resource_path_text (appointment, "end");
  const char *description = fhir_resource_path_text (appointment, "description");
  g_autofree char *reason = care_chart_concept (appointment, "reasonCode.0");
  g_autofree char *date = show_date (chart, start), *who = NULL, *reference = NULL;

  if (!status || !g_strv_contains (states, status) || !start || is_past (chart, end ? end : start))
    return NULL;
  who = clinician_of (chart, appointment);
  reference = fhir_resource_dup_reference (appointment);
  return care_row_new (care_chart_time (start), CARE_ROW_TITLE, _ ("Booked visit"),
                       CARE_ROW_SUBTITLE,
                       reason        ? reason
                       : description ? description
                                     : _ ("reason not recorded"),
                       CARE_ROW_DATE, date, CARE_ROW_STATUS, status, CARE_ROW_REFERENCE, reference,
                       CARE_ROW_GROUP, "Booked", CARE_ROW_DETAIL, who, 0);
}

/* ---- the care team ---- */

/* (transfer full) (nullable): the first telephone number that is still good, else the address. */
static char *
reach_in (FhirResource *who)
{
  const char *other = NULL;

  fhir_element_foreach (telecom, fhir_resource_path (who, "telecom"))
    {
      const char *system = fhir_element_path_text (telecom, "system");
      const char *value = fhir_element_path_text (telecom, "value");

      if (!value || g_strcmp0 (fhir_element_path_text (telecom, "use"), "old") == 0)
        continue;
      if (g_strcmp0 (system, "phone") == 0)
        return g_strdup (value);
      if (!other && (g_strcmp0 (system, "email") == 0 || g_strcmp0 (system, "sms") == 0))
        other = value;
    }
  return g_strdup (other);
}

/* Of a person who gave no number, that of where they work. */
static char *
reach_of (CareChart *chart, FhirResource *who)
{
  static const char *const instead[] = { "practitioner", "organization" };
  char *reach = who ? reach_in (who) : NULL;

  for (gsize i = 0; who && !reach && i < G_N_ELEMENTS (instead); i++)
    {
      g_autoptr (FhirResource) other = read_named (chart, fhir_resource_path (who, instead[i]));

      reach = other ? reach_in (other) : NULL;
    }
  return reach;
}

static gboolean
is_listed (GListStore *team, const char *reference, const char *role)
{
  GListModel *rows = G_LIST_MODEL (team);

  for (guint i = 0; i < g_list_model_get_n_items (rows); i++)
    {
      g_autoptr (CareRow) row = g_list_model_get_item (rows, i);

      if (g_strcmp0 (care_row_get_reference (row), reference) == 0 &&
          (!role || g_strcmp0 (care_row_get_text (row, CARE_ROW_SUBTITLE), role) == 0))
        return TRUE;
    }
  return FALSE;
}

static void
add_member (
    CareChart *chart, GListStore *team, const FhirElement *member, const char *role, gboolean named)
{
  const char *reference = fhir_element_path_text (member, "reference");
  g_autoptr (FhirResource) who = read_named (chart, member);
  g_autofree char *name = name_of (chart, member, who), *reach = reach_of (chart, who);
  g_autoptr (CareRow) row = NULL;

  if ((!reference && !name) || (reference && g_str_has_prefix (reference, "Patient/")) ||
      (reference && is_listed (team, reference, named ? role : NULL)))
    return;
  row = care_row_new (0, CARE_ROW_TITLE, name ? name : _ ("Name not on this computer"),
                      CARE_ROW_SUBTITLE, role ? role : _ ("role not recorded"), CARE_ROW_DETAIL,
                      reach ? reach : _ ("no number recorded"), CARE_ROW_CODE, reach,
                      CARE_ROW_REFERENCE, reference, CARE_ROW_GROUP, CARE_GROUP_TEAM, 0);
  g_list_store_append (team, row);
}

static void
add_team (CareChart *chart, GListStore *team, FhirResource *care_team)
{
  const char *status = fhir_resource_path_text (care_team, "status");

  if (care_chart_is_error (care_team) || g_strcmp0 (status, "inactive") == 0 ||
      g_strcmp0 (status, "suspended") == 0 || g_strcmp0 (status, "proposed") == 0 ||
      is_past (chart, fhir_resource_path_text (care_team, "period.end")))
    return;
  if (care_chart_is_opaque (care_team))
    {
      g_autoptr (CareRow) row = care_chart_opaque_row (chart, care_team, NULL);

      g_list_store_append (team, row);
      return;
    }
  fhir_element_foreach (participant, fhir_resource_path (care_team, "participant"))
    {
      const FhirElement *role = fhir_element_at (fhir_element_get (participant, "role"), 0);
      g_autofree char *words = role ? fhir_concept_dup_text (role) : NULL;

      if (!is_past (chart, fhir_element_path_text (participant, "period.end")))
        add_member (chart, team, fhir_element_get (participant, "member"), words, words != NULL);
    }
}

static gboolean
read_team (CareChart *chart, FhirResource *patient, GListStore *team, GError **error)
{
  g_autoptr (GPtrArray) teams =
      store_resource_list (chart->connection, chart->patient_id, "CareTeam", error);

  if (!teams)
    return FALSE;
  fhir_element_foreach (doctor, fhir_resource_path (patient, "generalPractitioner"))
    add_member (chart, team, doctor, _ ("General practitioner"), TRUE);
  for (guint i = 0; i < teams->len; i++)
    add_team (chart, team, teams->pdata[i]);
  return TRUE;
}

/* ---- all of it ---- */

static gboolean
read_kind (CareChart *chart,
           const char *type,
           CareChartMakeRow make,
           GCompareDataFunc compare,
           GListStore *rows,
           GError **error)
{
  g_autoptr (GPtrArray) resources =
      store_resource_list (chart->connection, chart->patient_id, type, error);

  for (guint i = 0; resources && i < resources->len; i++)
    {
      FhirResource *resource = resources->pdata[i];
      g_autoptr (CareRow) row = NULL;

      if (care_chart_is_error (resource))
        continue;
      if (g_str_equal (type, "Task"))
        note_review (chart, resource);
      row = care_chart_is_opaque (resource) ? care_chart_opaque_row (chart, resource, NULL)
                                            : make (chart, resource);
      if (row)
        g_list_store_append (rows, row);
    }
  g_list_store_sort (rows, compare, NULL);
  return resources != NULL;
}

/**
 * care_chart_read_around:
 * @lists: one of CareRow for each CareList
 *
 * Reads alerts (those of safety first), goals, the care team, open tasks (the urgent first) and the
 * visits to come (the next first), and notes in @chart who has looked at results or was asked to.
 */
gboolean
care_chart_read_around (CareChart *chart, FhirResource *patient, GListStore **lists, GError **error)
{
  return read_kind (chart, "Flag", alert_row, compare_alerts, lists[CARE_LIST_ALERTS], error) &&
         read_kind (chart, "Goal", goal_row, compare_newest, lists[CARE_LIST_GOALS], error) &&
         read_kind (chart, "Task", task_row, compare_tasks, lists[CARE_LIST_TASKS], error) &&
         read_kind (chart, "Appointment", booking_row, compare_soonest, lists[CARE_LIST_BOOKINGS],
                    error) &&
         read_team (chart, patient, lists[CARE_LIST_TEAM], error);
}
