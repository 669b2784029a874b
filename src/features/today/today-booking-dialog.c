/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "today-booking-dialog.h"

#include <glib/gi18n.h>
#include <string.h>

#include "care-appointment.h"
#include "care-form.h"
#include "care-row.h"
#include "fhir-date.h"
#include "workspace-form.h"
#include "workspace-person-search.h"

#include "today-busy.h"
#include "today-clinicians.h"
#include "today-words.h"
#include "workspace-text.h"

#define SHOWN   8
#define MINUTES 15

struct _TodayBookingDialog
{
  AdwDialog parent_instance;

  WorkspaceSession *session;
  WorkspacePersonSearch *search;
  CareDayRow *moved; /* NULL: a new visit */
  GListStore *clinicians;
  GCancellable *cancellable; /* of the question who is busy */
  char *patient_id;          /* NULL: none is chosen yet */
  char *date;                /* YYYY-MM-DD */
  char *conflict;            /* who is busy then, or NULL */
  char *kept_clinician;      /* nullable: of what was typed before */
  WorkspaceForm *form;       /* what is typed, kept until it is booked */
  gboolean asking, is_done;

  GtkButton *book_button;
  GtkWidget *again_box;
  GtkStack *patient_stack;
  GtkSearchEntry *patient_entry;
  GtkListBox *patient_list;
  GtkLabel *name_label;
  GtkWidget *change_button;
  AdwComboRow *clinician_row;
  AdwActionRow *day_row;
  GtkMenuButton *day_button;
  GtkCalendar *calendar;
  AdwEntryRow *time_row;
  AdwSpinRow *minutes_row;
  AdwEntryRow *reason_row;
  GtkWidget *conflict_box;
  GtkLabel *conflict_label;
  GtkCheckButton *over_button;
  GtkLabel *server_label;
  GtkLabel *problem_label;
};

enum
{
  SIGNAL_WRITTEN,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (TodayBookingDialog, today_booking_dialog, ADW_TYPE_DIALOG)

static CareContext *
context_of (TodayBookingDialog *self)
{
  return workspace_session_get_context (self->session);
}

/* ---- what is asked for ---- */

/* (transfer full): of the clinician row's choice. */
static char *
dup_clinician (TodayBookingDialog *self)
{
  g_autoptr (CareRow) row =
      g_list_model_get_item (G_LIST_MODEL (self->clinicians),
                             adw_combo_row_get_selected (self->clinician_row));

  return row ? g_strdup (care_row_get_text (row, CARE_ROW_REFERENCE)) : NULL;
}

static CareBooking
booking_of (TodayBookingDialog *self, const char *clinician, const char *reason)
{
  return (CareBooking) {
    .appointment = self->moved ? care_day_row_get_appointment (self->moved) : NULL,
    .patient_id = self->patient_id,
    .practitioner = clinician,
    .reason = reason,
    .start = today_words_instant (self->date, gtk_editable_get_text (GTK_EDITABLE (self->time_row)),
                                  workspace_session_get_zone (self->session)),
    .minutes = (int) adw_spin_row_get_value (self->minutes_row),
    .over_another = gtk_check_button_get_active (self->over_button),
  };
}

/* (nullable): what still has to be said. */
static const char *
get_problem (TodayBookingDialog *self, const CareBooking *booking)
{
  const char *time = gtk_editable_get_text (GTK_EDITABLE (self->time_row));

  if (!self->patient_id)
    return _ ("Choose the patient.");
  if (!booking->practitioner)
    return _ ("Choose who sees the patient.");
  if (!*time)
    return _ ("Write the time, as in 14:20.");
  if (booking->start == 0)
    return _ ("This is no time of that day. Write it as in 14:20.");
  if (booking->start < base_clock_now (workspace_session_get_clock (self->session)))
    return _ ("This time has passed.");
  return NULL;
}

static void
update (TodayBookingDialog *self)
{
  g_autofree char *clinician = dup_clinician (self);
  CareBooking booking = booking_of (self, clinician, NULL);
  const char *problem = get_problem (self, &booking);
  gboolean busy = !problem && self->conflict;

  gtk_label_set_label (self->problem_label, problem ? problem : "");
  gtk_widget_set_visible (GTK_WIDGET (self->problem_label), problem != NULL);
  gtk_label_set_label (self->conflict_label, busy ? self->conflict : "");
  gtk_widget_set_visible (self->conflict_box, busy);
  gtk_widget_set_sensitive (GTK_WIDGET (self->book_button), !problem && !self->asking &&
                                                                !self->is_done &&
                                                                (!busy || booking.over_another));
}

/* ---- who is busy then ---- */

static void
take_conflict (TodayBookingDialog *self, const char *conflict)
{
  if (conflict && g_strcmp0 (self->conflict, conflict) != 0)
    gtk_accessible_announce (GTK_ACCESSIBLE (self->conflict_label), conflict,
                             GTK_ACCESSIBLE_ANNOUNCEMENT_PRIORITY_MEDIUM);
  g_set_str (&self->conflict, conflict);
  self->asking = FALSE;
  update (self);
}

static void
say_server (TodayBookingDialog *self, const char *text)
{
  gtk_label_set_label (self->server_label, text ? text : "");
  gtk_widget_set_visible (GTK_WIDGET (self->server_label), text != NULL);
}

static void
server_asked_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (TodayBookingDialog) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autofree char *conflict = NULL;
  gboolean asked = today_busy_ask_finish (result, &conflict, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  if (!asked)
    say_server (self, _ ("The server could not be asked: only what is on this computer was "
                         "looked at. Somebody may have booked this time elsewhere."));
  else if (conflict)
    say_server (self, _ ("So the server says."));
  else
    say_server (self, _ ("The server was asked too: it knows of nothing else then."));
  take_conflict (self, conflict);
}

/* Nothing here stands against it: the server may know more. */
static void
ask_server (TodayBookingDialog *self)
{
  g_autofree char *clinician = dup_clinician (self);
  CareBooking booking = booking_of (self, clinician, NULL);

  say_server (self, _ ("Asking the server too…"));
  today_busy_ask_async (self->session, &booking, self->cancellable, server_asked_cb,
                        g_object_ref (self));
}

static void
asked_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (TodayBookingDialog) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autofree char *conflict = care_appointment_text_finish (result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  if (conflict || error)
    take_conflict (self, conflict ? conflict : error->message);
  else
    ask_server (self);
}

/* Another question takes back the leave to book over what the last one found. */
static void
ask (TodayBookingDialog *self)
{
  g_autofree char *clinician = dup_clinician (self);
  CareBooking booking = booking_of (self, clinician, NULL);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  gtk_check_button_set_active (self->over_button, FALSE);
  say_server (self, NULL);
  if (self->form)
    workspace_form_changed (self->form);
  self->asking = FALSE;
  g_clear_pointer (&self->conflict, g_free);
  if (!get_problem (self, &booking))
    {
      self->asking = TRUE;
      self->cancellable = g_cancellable_new ();
      care_appointment_conflict_async (context_of (self), &booking, self->cancellable, asked_cb,
                                       g_object_ref (self));
    }
  update (self);
}

/* ---- the patient ---- */

static void
take_patient (TodayBookingDialog *self, const char *id, const char *name)
{
  g_set_str (&self->patient_id, id);
  gtk_label_set_label (self->name_label, name);
  gtk_stack_set_visible_child_name (self->patient_stack, id ? "chosen" : "search");
  ask (self);
}

static void
found_cb (TodayBookingDialog *self)
{
  GListModel *people = workspace_person_search_get_model (self->search);

  gtk_list_box_remove_all (self->patient_list);
  gtk_widget_set_visible (GTK_WIDGET (self->patient_list), FALSE);
  if (!*gtk_editable_get_text (GTK_EDITABLE (self->patient_entry)))
    return;
  for (guint i = 0; i < g_list_model_get_n_items (people); i++)
    {
      g_autoptr (WorkspacePerson) person = g_list_model_get_item (people, i);
      g_autofree char *name = NULL, *born = NULL, *identifier = NULL;
      g_object_get (person, "name", &name, "born", &born, "identifier", &identifier, NULL);
      GtkWidget *row = adw_action_row_new ();
      g_autofree char *about = g_strjoin ("  ", born ? born : "", identifier, NULL);

      adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
      adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), name);
      adw_action_row_set_subtitle (ADW_ACTION_ROW (row), about);
      gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), TRUE);
      g_object_set_data_full (G_OBJECT (row), "person", g_object_ref (person), g_object_unref);
      gtk_list_box_append (self->patient_list, row);
      gtk_widget_set_visible (GTK_WIDGET (self->patient_list), TRUE);
    }
}

static void
patient_typed_cb (TodayBookingDialog *self)
{
  workspace_person_search_set_text (self->search,
                                    gtk_editable_get_text (GTK_EDITABLE (self->patient_entry)));
}

static void
patient_chosen_cb (TodayBookingDialog *self, GtkListBoxRow *row)
{
  WorkspacePerson *person = g_object_get_data (G_OBJECT (row), "person");
  g_autofree char *name = NULL;

  g_object_get (person, "name", &name, NULL);
  take_patient (self, workspace_person_get_id (person), name);
  gtk_widget_grab_focus (GTK_WIDGET (self->time_row));
}

static void
change_patient_cb (TodayBookingDialog *self)
{
  take_patient (self, NULL, "");
  gtk_widget_grab_focus (GTK_WIDGET (self->patient_entry));
}

/* ---- with whom, and when ---- */

static void
clinicians_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (TodayBookingDialog) self = user_data;
  g_autoptr (GtkStringList) names = gtk_string_list_new (NULL);
  const char *wanted = self->kept_clinician ? self->kept_clinician
                       : self->moved        ? care_day_row_get_practitioner (self->moved)
                                            : care_context_get_user_reference (context_of (self));
  g_autoptr (GListStore) rows = today_clinicians_load_finish (result, NULL);
  guint selected = 0, n_rows = rows ? g_list_model_get_n_items (G_LIST_MODEL (rows)) : 0;

  for (guint i = 0; i < n_rows; i++)
    {
      g_autoptr (CareRow) row = g_list_model_get_item (G_LIST_MODEL (rows), i);
      gtk_string_list_append (names, care_row_get_title (row));
      if (g_strcmp0 (care_row_get_text (row, CARE_ROW_REFERENCE), wanted) == 0)
        selected = i;
      g_list_store_append (self->clinicians, row);
    }
  adw_combo_row_set_model (self->clinician_row, G_LIST_MODEL (names));
  adw_combo_row_set_selected (self->clinician_row, selected);
  ask (self);
}

static void
show_day (TodayBookingDialog *self)
{
  g_autofree char *shown = fhir_date_format (self->date, NULL);

  adw_action_row_set_subtitle (self->day_row, shown);
}

static void
day_selected_cb (TodayBookingDialog *self)
{
  g_autoptr (GDateTime) day = gtk_calendar_get_date (self->calendar);

  g_free (self->date);
  self->date = g_date_time_format (day, "%Y-%m-%d");
  show_day (self);
  gtk_menu_button_popdown (self->day_button);
  ask (self);
}

/* ---- writing ---- */

static void
written_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (TodayBookingDialog) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autofree char *id = care_appointment_text_finish (result, &error);

  if (id)
    {
      workspace_form_forget (self->form);
      g_signal_emit (self, signals[SIGNAL_WRITTEN], 0, id);
      adw_dialog_force_close (ADW_DIALOG (self));
      return;
    }
  self->is_done = FALSE;
  g_set_str (&self->conflict,
             g_error_matches (error, CARE_ERROR, CARE_ERROR_BUSY) ? error->message : NULL);
  update (self);
  gtk_label_set_label (self->problem_label, error->message);
  gtk_widget_set_visible (GTK_WIDGET (self->problem_label), !self->conflict);
}

static void
book_cb (TodayBookingDialog *self)
{
  g_autofree char *clinician = dup_clinician (self);
  g_autofree char *reason =
      g_strstrip (g_strdup (gtk_editable_get_text (GTK_EDITABLE (self->reason_row))));
  CareBooking booking = booking_of (self, clinician, *reason ? reason : NULL);

  if (!gtk_widget_get_sensitive (GTK_WIDGET (self->book_button)))
    return;
  self->is_done = TRUE;
  update (self);
  care_appointment_write_async (context_of (self), &booking, NULL, written_cb, g_object_ref (self));
}

/* ---- what was typed before ---- */

static void
typed_cb (TodayBookingDialog *self)
{
  if (self->form)
    workspace_form_changed (self->form);
}

/* Nothing is kept of a form in which nobody was chosen and nothing was written. */
static GHashTable *
read_values (gpointer widget)
{
  TodayBookingDialog *self = widget;
  GHashTable *values = care_form_values_new ();
  const char *time = gtk_editable_get_text (GTK_EDITABLE (self->time_row));
  const char *reason = gtk_editable_get_text (GTK_EDITABLE (self->reason_row));
  g_autofree char *clinician = dup_clinician (self);
  g_autofree char *minutes =
      g_strdup_printf ("%d", (int) adw_spin_row_get_value (self->minutes_row));

  if (!*time && (self->moved || (!self->patient_id && !*reason)))
    return values;
  if (!self->moved)
    {
      care_form_set (values, "patient", self->patient_id);
      care_form_set (values, "name", gtk_label_get_label (self->name_label));
      care_form_set (values, "reason", reason);
    }
  care_form_set (values, "clinician", clinician);
  care_form_set (values, "date", self->date);
  care_form_set (values, "time", time);
  care_form_set (values, "minutes", minutes);
  return values;
}

static void
show_kept_clinician (TodayBookingDialog *self)
{
  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->clinicians)); i++)
    {
      g_autoptr (CareRow) row = g_list_model_get_item (G_LIST_MODEL (self->clinicians), i);

      if (g_strcmp0 (care_row_get_text (row, CARE_ROW_REFERENCE), self->kept_clinician) == 0)
        adw_combo_row_set_selected (self->clinician_row, i);
    }
}

/* A day that has passed meanwhile is not taken up again. */
static void
fill_values (gpointer widget, GHashTable *values)
{
  TodayBookingDialog *self = widget;
  const char *patient = g_hash_table_lookup (values, "patient");
  const char *name = g_hash_table_lookup (values, "name");
  const char *date = g_hash_table_lookup (values, "date");
  const char *time = g_hash_table_lookup (values, "time");
  const char *minutes = g_hash_table_lookup (values, "minutes");
  const char *reason = g_hash_table_lookup (values, "reason");
  g_autofree char *today = workspace_session_dup_today (self->session);

  g_set_str (&self->kept_clinician, g_hash_table_lookup (values, "clinician"));
  show_kept_clinician (self);
  if (date && strcmp (date, today) >= 0)
    {
      g_set_str (&self->date, date);
      show_day (self);
    }
  if (minutes)
    adw_spin_row_set_value (self->minutes_row, (double) g_ascii_strtoll (minutes, NULL, 10));
  gtk_editable_set_text (GTK_EDITABLE (self->time_row), time ? time : "");
  if (reason)
    gtk_editable_set_text (GTK_EDITABLE (self->reason_row), reason);
  gtk_widget_set_visible (self->again_box, TRUE);
  if (patient && name && !self->moved)
    take_patient (self, patient, name);
  else
    ask (self);
}

static void
anew_cb (TodayBookingDialog *self)
{
  gtk_editable_set_text (GTK_EDITABLE (self->time_row), "");
  gtk_widget_set_visible (self->again_box, FALSE);
  if (!self->moved)
    {
      gtk_editable_set_text (GTK_EDITABLE (self->reason_row), "");
      change_patient_cb (self);
    }
  workspace_form_forget (self->form);
}

/* ---- object ---- */

static void
today_booking_dialog_dispose (GObject *object)
{
  TodayBookingDialog *self = TODAY_BOOKING_DIALOG (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  if (self->form)
    workspace_form_close (self->form);
  g_clear_object (&self->form);
  gtk_widget_dispose_template (GTK_WIDGET (self), TODAY_TYPE_BOOKING_DIALOG);
  g_clear_object (&self->search);
  g_clear_object (&self->moved);
  g_clear_object (&self->clinicians);
  g_clear_object (&self->session);
  g_clear_pointer (&self->patient_id, g_free);
  g_clear_pointer (&self->date, g_free);
  g_clear_pointer (&self->conflict, g_free);
  g_clear_pointer (&self->kept_clinician, g_free);
  G_OBJECT_CLASS (today_booking_dialog_parent_class)->dispose (object);
}

static void
today_booking_dialog_class_init (TodayBookingDialogClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = today_booking_dialog_dispose;
  gtk_widget_class_set_template_from_resource (
      widget_class, "/health/bedside/features/today/today-booking-dialog.ui");
#define CHILD(name) gtk_widget_class_bind_template_child (widget_class, TodayBookingDialog, name)
  CHILD (book_button);
  CHILD (again_box);
  CHILD (patient_stack);
  CHILD (patient_entry);
  CHILD (patient_list);
  CHILD (name_label);
  CHILD (change_button);
  CHILD (clinician_row);
  CHILD (day_row);
  CHILD (day_button);
  CHILD (calendar);
  CHILD (time_row);
  CHILD (minutes_row);
  CHILD (reason_row);
  CHILD (conflict_box);
  CHILD (conflict_label);
  CHILD (over_button);
  CHILD (server_label);
  CHILD (problem_label);
#undef CHILD
  gtk_widget_class_bind_template_callback (widget_class, ask);
  gtk_widget_class_bind_template_callback (widget_class, update);
  gtk_widget_class_bind_template_callback (widget_class, patient_typed_cb);
  gtk_widget_class_bind_template_callback (widget_class, patient_chosen_cb);
  gtk_widget_class_bind_template_callback (widget_class, change_patient_cb);
  gtk_widget_class_bind_template_callback (widget_class, day_selected_cb);
  gtk_widget_class_bind_template_callback (widget_class, book_cb);
  gtk_widget_class_bind_template_callback (widget_class, typed_cb);
  gtk_widget_class_bind_template_callback (widget_class, anew_cb);

  signals[SIGNAL_WRITTEN] = g_signal_new ("written", TODAY_TYPE_BOOKING_DIALOG, G_SIGNAL_RUN_LAST,
                                          0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
}

static void
today_booking_dialog_init (TodayBookingDialog *self)
{
  self->clinicians = g_list_store_new (CARE_TYPE_ROW);
  gtk_widget_init_template (GTK_WIDGET (self));
  workspace_text_fit (GTK_WIDGET (self));
}

static void
fill_moved (TodayBookingDialog *self)
{
  const char *reason = care_day_row_get_reason (self->moved);

  adw_dialog_set_title (ADW_DIALOG (self), _ ("Move the Visit"));
  gtk_button_set_label (self->book_button, _ ("_Move"));
  gtk_widget_set_visible (self->change_button, FALSE);
  gtk_editable_set_text (GTK_EDITABLE (self->reason_row), reason ? reason : "");
  gtk_widget_set_visible (GTK_WIDGET (self->reason_row), FALSE);
  adw_spin_row_set_value (self->minutes_row, care_day_row_get_minutes (self->moved));
  take_patient (self, care_day_row_get_patient_id (self->moved),
                care_day_row_get_name (self->moved));
}

/* @date: the day that is looked at, YYYY-MM-DD; @moved: (nullable): the visit to be moved. */
AdwDialog *
today_booking_dialog_new (WorkspaceSession *session, const char *date, CareDayRow *moved)
{
  TodayBookingDialog *self = g_object_new (TODAY_TYPE_BOOKING_DIALOG, NULL);

  self->session = g_object_ref (session);
  self->date = g_strdup (date);
  self->search = workspace_person_search_new (session, SHOWN);
  g_signal_connect_object (self->search, "finished", G_CALLBACK (found_cb), self,
                           G_CONNECT_SWAPPED);
  adw_spin_row_set_value (self->minutes_row, MINUTES);
  show_day (self);
  if (g_set_object (&self->moved, moved))
    fill_moved (self);
  else
    update (self);
  adw_dialog_set_focus (ADW_DIALOG (self), GTK_WIDGET (moved ? GTK_WIDGET (self->time_row)
                                                             : GTK_WIDGET (self->patient_entry)));
  today_clinicians_load_async (workspace_session_get_database (session), NULL, clinicians_cb,
                               g_object_ref (self));
  self->form = workspace_form_new (context_of (self), "booking",
                                   moved ? care_day_row_get_appointment (moved) : NULL, read_values,
                                   fill_values, self);
  return ADW_DIALOG (self);
}
