/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "chart-summary-page.h"

#include <glib/gi18n.h>

#include "care-medicines.h"
#include "workspace-line-layout.h"
#include "workspace-section.h"

/**
 * ChartSummaryPage:
 *
 * What one needs in the first minute, on one screen: problems, allergies, medicines, vital signs,
 * results, then goals, care team, open tasks, the visits before and the next. Each part shows its
 * first rows and says in words when there are none: "not recorded" is not "none known". Every row
 * opens what it names. What mostly stands below the window's edge is made when the first picture of
 * the page was drawn; the sources of the medicines are compared then, and lines on which they
 * differ say so.
 */

/* The parts that come after the first picture. */
typedef enum
{
  LATER_GOALS,
  LATER_TEAM,
  LATER_TASKS,
  LATER_BOOKINGS,
  LATER_VISITS,
} Later;
#define N_LATER (LATER_VISITS + 1)

struct _ChartSummaryPage
{
  WorkspaceChartPage parent_instance;

  WorkspaceSection *problems;
  WorkspaceSection *allergies;
  WorkspaceSection *medicines;
  WorkspaceSection *prescriptions;
  WorkspaceSection *vitals;
  WorkspaceSection *results;
  GtkLabel *reconciled_label;

  GtkBox *record_column;
  GtkBox *course_column;
  WorkspaceSection *later[N_LATER]; /* NULL until the first picture was drawn */
  guint frames;                     /* drawn since the first rows came */
  guint tick;                       /* what will make them */

  CareMedicines *compared; /* (nullable): the medicines with their sources, as last read */
  GListModel *shown;       /* (nullable): the lines of medicines */
  GCancellable *reading;
  GtkLabel *sources_label;
};

G_DEFINE_FINAL_TYPE (ChartSummaryPage, chart_summary_page, WORKSPACE_TYPE_CHART_PAGE)

static gboolean
is_active (gpointer item, gpointer user_data)
{
  const char *group = care_row_get_text (item, CARE_ROW_GROUP);

  return g_strcmp0 (group, "Active") == 0 || g_strcmp0 (group, "Not shown") == 0;
}

static void
show_active (WorkspaceSection *section, CareSummary *summary, CareList which, const char *absence)
{
  GtkFilter *filter = GTK_FILTER (gtk_custom_filter_new (is_active, NULL, NULL));
  g_autoptr (GtkFilterListModel) rows =
      gtk_filter_list_model_new (g_object_ref (care_summary_get_list (summary, which)), filter);

  workspace_section_set_rows (section, G_LIST_MODEL (rows), absence);
}

/* Critical ones first, those before the others that nobody has answered; then what somebody was
 * asked to look at, then what is out of range: on one screen, none of them must be below the edge.
 */
static int
weigh (CareRow *row)
{
  static const char *const groups[] = { CARE_GROUP_UNREAD, CARE_GROUP_WAITING,
                                        CARE_GROUP_CRITICAL };
  static const int weights[] = { 1, 4, 16 };
  const char *flag = care_row_get_text (row, CARE_ROW_FLAG);
  const char *group = care_row_get_text (row, CARE_ROW_GROUP);
  int weight = !flag || g_str_equal (flag, "N") ? 0 : strlen (flag) > 1 ? 8 : 2;

  for (gsize i = 0; i < G_N_ELEMENTS (groups); i++)
    if (g_strcmp0 (group, groups[i]) == 0)
      weight += weights[i];
  return weight;
}

static int
compare_flags (gconstpointer a, gconstpointer b, gpointer user_data)
{
  int weight_a = weigh ((CareRow *) a), weight_b = weigh ((CareRow *) b);
  gint64 time_a = care_row_get_sort ((CareRow *) a), time_b = care_row_get_sort ((CareRow *) b);

  if (weight_a != weight_b)
    return weight_b - weight_a;
  return (time_b > time_a) - (time_b < time_a);
}

static void
show_readings (ChartSummaryPage *self,
               WorkspaceSection *section,
               CareSummary *summary,
               CareList which,
               const char *absence)
{
  GtkSorter *sorter = GTK_SORTER (gtk_custom_sorter_new (compare_flags, NULL, NULL));
  g_autoptr (GtkSortListModel) rows =
      gtk_sort_list_model_new (g_object_ref (care_summary_get_list (summary, which)), sorter);

  workspace_section_set_trends (section, summary,
                                workspace_chart_page_get_zone (WORKSPACE_CHART_PAGE (self)));
  workspace_section_set_rows (section, G_LIST_MODEL (rows), absence);
}

/* ---- the medicines ---- */

/* The current ones, each with what its sources say differently. */
static GListModel *
mark_medicines (ChartSummaryPage *self, CareSummary *summary)
{
  GListModel *medicines = care_summary_get_list (summary, CARE_LIST_MEDICINES);
  GListStore *rows = g_list_store_new (CARE_TYPE_ROW);

  for (guint i = 0; i < g_list_model_get_n_items (medicines); i++)
    {
      g_autoptr (CareRow) row = g_list_model_get_item (medicines, i);
      CareMedicine *medicine =
          self->compared ? care_medicines_find_entry (self->compared, care_row_get_reference (row))
                         : NULL;
      g_autofree char *mark = medicine ? care_medicine_dup_mark (medicine) : NULL;
      g_autoptr (CareRow) marked = mark ? care_row_new_marked (row, mark) : NULL;

      if (is_active (row, NULL))
        g_list_store_append (rows, marked ? marked : row);
    }
  return G_LIST_MODEL (rows);
}

/* Rows that say the same are not made anew: one of them may have the focus. */
static gboolean
same_rows (GListModel *a, GListModel *b)
{
  guint n = g_list_model_get_n_items (a);

  if (n == 0 || n != g_list_model_get_n_items (b))
    return FALSE;
  for (guint i = 0; i < n; i++)
    {
      g_autoptr (CareRow) x = g_list_model_get_item (a, i), y = g_list_model_get_item (b, i);

      for (CareRowProperty part = CARE_ROW_TITLE; part < CARE_N_ROW_TEXTS; part++)
        if (g_strcmp0 (care_row_get_text (x, part), care_row_get_text (y, part)) != 0)
          return FALSE;
    }
  return TRUE;
}

static void
show_medicines (ChartSummaryPage *self, CareSummary *summary)
{
  const char *absence = care_summary_get_medicines_line (summary);
  guint n = self->compared ? care_medicines_get_n_conflicts (self->compared) : 0;
  g_autofree char *differ = g_strdup_printf (ngettext ("≠ Sources differ on %u medicine",
                                                       "≠ Sources differ on %u medicines", n),
                                             n);
  g_autoptr (GListModel) rows = mark_medicines (self, summary);

  if (!self->shown || !same_rows (self->shown, rows))
    workspace_section_set_rows (self->medicines, rows,
                                absence
                                    ? absence
                                    : _ ("None active; some are on hold, or of unknown status"));
  g_set_object (&self->shown, rows);
  workspace_chart_page_show_note (self->sources_label, n > 0 ? differ : NULL);
}

static void
compared_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (ChartSummaryPage) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (CareMedicines) compared = care_medicines_load_finish (result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED) || !self->medicines)
    return;
  g_set_object (&self->compared, compared);
  show_medicines (self, workspace_patient_get_summary (
                            workspace_chart_page_get_patient (WORKSPACE_CHART_PAGE (self))));
  if (!compared)
    workspace_chart_page_show_note (self->sources_label,
                                    _ ("The sources of the medicines could not be compared"));
}

/* Until the answer comes, the lines keep what the last one said. */
static void
compare_medicines (ChartSummaryPage *self)
{
  WorkspacePatient *patient = workspace_chart_page_get_patient (WORKSPACE_CHART_PAGE (self));
  WorkspaceSession *session = workspace_patient_get_session (patient);
  StoreContent *content = workspace_session_get_content (session);

  g_cancellable_cancel (self->reading);
  g_clear_object (&self->reading);
  self->reading = g_cancellable_new ();
  care_medicines_load_async (workspace_session_get_context (session),
                             workspace_patient_get_id (patient),
                             content ? CLINICAL_CONTENT (content) : NULL, self->reading,
                             compared_cb, g_object_ref (self));
}

/* ---- what comes after the first picture ---- */

static const struct
{
  const char *title, *page;
  guint limit;
  gboolean in_record;  /* else in the column of what happens */
  gboolean opens_here; /* its rows are nobody else's to show */
} later[N_LATER] = {
  [LATER_GOALS] = { N_ ("Goals"), "plans", 4, TRUE, FALSE },
  [LATER_TEAM] = { N_ ("Care Team"), "plans", 5, TRUE, TRUE },
  [LATER_TASKS] = { N_ ("Open Tasks"), "tasks", 4, FALSE, TRUE },
  [LATER_BOOKINGS] = { N_ ("Next Visit"), "visits", 2, FALSE, FALSE },
  [LATER_VISITS] = { N_ ("Visits"), "visits", 4, FALSE, FALSE },
};

/* No goal at all is another thing than none that is still pursued. */
static const char *
absence_of_goals (CareSummary *summary)
{
  return g_list_model_get_n_items (care_summary_get_list (summary, CARE_LIST_GOALS)) > 0
             ? _ ("No goal is pursued now")
             : _ ("Goals not recorded");
}

static void
show_later (ChartSummaryPage *self, CareSummary *summary)
{
  if (!self->later[0])
    return;
  show_active (self->later[LATER_GOALS], summary, CARE_LIST_GOALS, absence_of_goals (summary));
  workspace_section_set_rows (self->later[LATER_TEAM],
                              care_summary_get_list (summary, CARE_LIST_TEAM),
                              _ ("Care team not recorded"));
  workspace_section_set_rows (self->later[LATER_TASKS],
                              care_summary_get_list (summary, CARE_LIST_TASKS),
                              _ ("No open tasks"));
  workspace_section_set_rows (self->later[LATER_BOOKINGS],
                              care_summary_get_list (summary, CARE_LIST_BOOKINGS),
                              _ ("No visit is booked"));
  workspace_section_set_rows (self->later[LATER_VISITS],
                              care_summary_get_list (summary, CARE_LIST_VISITS),
                              _ ("No visits recorded"));
}

static gboolean
make_later_cb (GtkWidget *widget, GdkFrameClock *clock, gpointer data)
{
  ChartSummaryPage *self = CHART_SUMMARY_PAGE (widget);
  WorkspacePatient *patient = workspace_chart_page_get_patient (WORKSPACE_CHART_PAGE (self));
  CareSummary *summary = workspace_patient_get_summary (patient);

  if (self->frames++ == 0)
    return G_SOURCE_CONTINUE;
  for (gsize i = 0; i < N_LATER; i++)
    {
      self->later[i] =
          g_object_new (WORKSPACE_TYPE_SECTION, "title", _ (later[i].title), "page", later[i].page,
                        "limit", later[i].limit, "opens-here", later[i].opens_here, NULL);
      gtk_box_append (later[i].in_record ? self->record_column : self->course_column,
                      GTK_WIDGET (self->later[i]));
    }
  show_later (self, summary);
  compare_medicines (self);
  return G_SOURCE_REMOVE;
}

static void
chart_summary_page_show (WorkspaceChartPage *page, CareSummary *summary)
{
  ChartSummaryPage *self = CHART_SUMMARY_PAGE (page);
  GListModel *prescriptions = care_summary_get_list (summary, CARE_LIST_PRESCRIPTIONS);

  show_active (self->problems, summary, CARE_LIST_PROBLEMS,
               care_summary_get_problems_line (summary));
  show_active (self->allergies, summary, CARE_LIST_ALLERGIES,
               care_summary_get_allergies_line (summary));
  show_medicines (self, summary);
  gtk_label_set_label (self->reconciled_label, care_summary_get_reconciled_line (summary));
  show_readings (self, self->vitals, summary, CARE_LIST_VITALS, _ ("No vital signs recorded"));
  show_readings (self, self->results, summary, CARE_LIST_RESULTS, _ ("No results recorded"));
  workspace_section_set_rows (self->prescriptions, prescriptions, "");
  gtk_widget_set_visible (GTK_WIDGET (self->prescriptions),
                          g_list_model_get_n_items (prescriptions) > 0);
  if (self->tick == 0)
    self->tick = gtk_widget_add_tick_callback (GTK_WIDGET (self), make_later_cb, NULL, NULL);
  if (self->later[0])
    compare_medicines (self);
  show_later (self, summary);
}

/* The chart's age stands where it matters most, not in every part. */
static void
chart_summary_page_show_as_of (WorkspaceChartPage *page, const char *as_of)
{
  ChartSummaryPage *self = CHART_SUMMARY_PAGE (page);
  WorkspaceSection *sections[] = { self->allergies, self->medicines, self->results };

  for (gsize i = 0; i < G_N_ELEMENTS (sections); i++)
    g_object_set (sections[i], "as-of", as_of, NULL);
}

static void
chart_summary_page_dispose (GObject *object)
{
  ChartSummaryPage *self = CHART_SUMMARY_PAGE (object);

  g_cancellable_cancel (self->reading);
  g_clear_object (&self->reading);
  gtk_widget_dispose_template (GTK_WIDGET (object), CHART_TYPE_SUMMARY_PAGE);
  g_clear_object (&self->compared);
  g_clear_object (&self->shown);
  G_OBJECT_CLASS (chart_summary_page_parent_class)->dispose (object);
}

static void
chart_summary_page_class_init (ChartSummaryPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  g_type_ensure (WORKSPACE_TYPE_LINE_LAYOUT);
  g_type_ensure (WORKSPACE_TYPE_SECTION);
  G_OBJECT_CLASS (klass)->dispose = chart_summary_page_dispose;
  WORKSPACE_CHART_PAGE_CLASS (klass)->show = chart_summary_page_show;
  WORKSPACE_CHART_PAGE_CLASS (klass)->show_as_of = chart_summary_page_show_as_of;
  gtk_widget_class_set_template_from_resource (
      widget_class, "/health/bedside/features/chart/chart-summary-page.ui");
  gtk_widget_class_bind_template_child (widget_class, ChartSummaryPage, problems);
  gtk_widget_class_bind_template_child (widget_class, ChartSummaryPage, allergies);
  gtk_widget_class_bind_template_child (widget_class, ChartSummaryPage, medicines);
  gtk_widget_class_bind_template_child (widget_class, ChartSummaryPage, prescriptions);
  gtk_widget_class_bind_template_child (widget_class, ChartSummaryPage, vitals);
  gtk_widget_class_bind_template_child (widget_class, ChartSummaryPage, results);
  gtk_widget_class_bind_template_child (widget_class, ChartSummaryPage, record_column);
  gtk_widget_class_bind_template_child (widget_class, ChartSummaryPage, course_column);
  gtk_widget_class_bind_template_child (widget_class, ChartSummaryPage, reconciled_label);
  gtk_widget_class_bind_template_child (widget_class, ChartSummaryPage, sources_label);
}

static void
chart_summary_page_init (ChartSummaryPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}
