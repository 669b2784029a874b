/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "today-send-dialog.h"

#include <glib/gi18n.h>

#include "care-link.h"
#include "fhir-builder.h"
#include "net-fhir-client.h"

#include "today-link.h"
#include "workspace-link.h"
#include "workspace-text.h"

/* Sends the link to a visit, and shows what became of the messages before. What is typed in place
 * of the recorded number or address goes to the hub with the patient's word, and the hub corrects
 * the contact, writes the consent and sends in one step; so the number that is wrong is wrong for
 * the last time. */

typedef struct
{
  AdwEntryRow *row;
  AdwSwitchRow *agrees;
  GtkWidget *button;
  char *shown; /* as it was filled in */
} Way;

struct _TodaySendDialog
{
  AdwDialog parent_instance;

  GtkWidget *page;
  WorkspaceSession *session;
  CareDayRow *day_row;
  CareLink *link; /* NULL until it was read */
  NetFhirClient *client;
  GCancellable *cancellable;
  guint reload_source;
  gboolean is_busy, is_filling;

  Way ways[CARE_N_CHANNELS];
  GtkLabel *what_label;
  GtkListBox *sent_list;
  GtkLabel *state_label;
};

G_DEFINE_FINAL_TYPE (TodaySendDialog, today_send_dialog, ADW_TYPE_DIALOG)

static GTimeZone *
zone_of (TodaySendDialog *self)
{
  return workspace_session_get_zone (self->session);
}

/* (transfer full) */
static char *
dup_text (Way *way)
{
  return g_strstrip (g_strdup (gtk_editable_get_text (GTK_EDITABLE (way->row))));
}

/* Whether what is typed is another number or address than the recorded one. */
static gboolean
is_other (TodaySendDialog *self, CareChannel channel)
{
  g_autofree char *text = dup_text (&self->ways[channel]);

  return !care_channel_same (channel, text, self->link->ways[channel].address);
}

static gboolean
is_agreed (TodaySendDialog *self, CareChannel channel)
{
  return !is_other (self, channel) &&
         self->link->ways[channel].consent->state == CARE_CONSENT_GIVEN;
}

static void
say (TodaySendDialog *self, const char *text, gboolean problem)
{
  gtk_label_set_label (self->state_label, text ? text : "");
  gtk_widget_set_visible (GTK_WIDGET (self->state_label), text != NULL);
  if (problem)
    gtk_widget_add_css_class (GTK_WIDGET (self->state_label), "error");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (self->state_label), "error");
}

static void
update (TodaySendDialog *self)
{
  for (gsize i = 0; self->link && i < CARE_N_CHANNELS; i++)
    {
      Way *way = &self->ways[i];
      g_autofree char *text = dup_text (way);
      g_autofree char *valid = care_channel_dup_valid ((CareChannel) i, text);
      g_autofree char *about =
          valid && is_other (self, (CareChannel) i)
              ? g_strdup (_ ("Ask the patient first: nothing is sent without their word."))
              : care_link_describe_way ((CareChannel) i, &self->link->ways[i], zone_of (self));

      adw_action_row_set_subtitle (ADW_ACTION_ROW (way->agrees), about);
      gtk_widget_set_sensitive (GTK_WIDGET (way->agrees), valid != NULL && !self->is_busy);
      gtk_widget_set_sensitive (way->button, valid != NULL && !self->is_busy &&
                                                 adw_switch_row_get_active (way->agrees));
    }
}

/* Another number is another question to the patient. */
static void
edited_cb (TodaySendDialog *self)
{
  if (!self->link || self->is_filling)
    return;
  for (gsize i = 0; i < CARE_N_CHANNELS; i++)
    {
      Way *way = &self->ways[i];
      g_autofree char *text = dup_text (way);

      if (g_strcmp0 (text, way->shown) == 0)
        continue;
      g_set_str (&way->shown, text);
      adw_switch_row_set_active (way->agrees, is_agreed (self, (CareChannel) i));
    }
  update (self);
}

/* ---- what is recorded ---- */

static void
add_row (TodaySendDialog *self, const char *title, const char *subtitle, gboolean bad)
{
  GtkWidget *row = adw_action_row_new ();

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
  if (subtitle)
    adw_action_row_set_subtitle (ADW_ACTION_ROW (row), subtitle);
  if (bad)
    gtk_widget_add_css_class (row, "error");
  gtk_list_box_append (self->sent_list, row);
}

static void
show_messages (TodaySendDialog *self)
{
  GPtrArray *messages = self->link->messages;

  gtk_list_box_remove_all (self->sent_list);
  for (guint i = 0; i < messages->len; i++)
    {
      CareLinkMessage *message = messages->pdata[i];
      g_autofree char *words = care_link_describe_message (message, zone_of (self));
      gboolean bad = g_strcmp0 (message->status, "not-done") == 0 ||
                     g_strcmp0 (message->status, "stopped") == 0;

      add_row (self, words, message->address, bad);
    }
  if (messages->len == 0)
    add_row (self, _ ("No message was sent for this visit"), NULL, FALSE);
}

/* What the patient has said meanwhile counts, whatever the switch says here. */
static void
take_consent (TodaySendDialog *self, CareLink *before, CareChannel channel)
{
  CareConsentState now = self->link->ways[channel].consent->state;

  if (before && before->ways[channel].consent->state != now && !is_other (self, channel))
    adw_switch_row_set_active (self->ways[channel].agrees, now == CARE_CONSENT_GIVEN);
}

/* Whether the record has another number or address now than when it was last read here. */
static gboolean
has_moved (TodaySendDialog *self, CareLink *before, CareChannel channel)
{
  return before &&
         g_strcmp0 (before->ways[channel].address, self->link->ways[channel].address) != 0;
}

/* A line that somebody is writing in stays theirs, but the patient's word was about another number.
 * One that nobody has touched follows the record: else the old number would be put back. */
static void
fill (TodaySendDialog *self, CareLink *before)
{
  self->is_filling = TRUE;
  for (gsize i = 0; i < CARE_N_CHANNELS; i++)
    {
      Way *way = &self->ways[i];
      const char *there = self->link->ways[i].address ? self->link->ways[i].address : "";

      gboolean moved = has_moved (self, before, (CareChannel) i);
      const char *was = moved && before->ways[i].address ? before->ways[i].address : "";

      take_consent (self, before, (CareChannel) i);
      if (way->shown && !moved)
        continue;
      if (!way->shown || g_str_equal (way->shown, was))
        {
          gtk_editable_set_text (GTK_EDITABLE (way->row), there);
          g_set_str (&way->shown, there);
        }
      adw_switch_row_set_active (way->agrees, is_agreed (self, (CareChannel) i));
    }
  self->is_filling = FALSE;
}

static void
read_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (TodaySendDialog) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (CareLink) link = care_link_read_finish (result, &error);

  if (!link)
    {
      if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        say (self, error->message, TRUE);
      return;
    }
  g_autoptr (CareLink) before = g_steal_pointer (&self->link);
  self->link = g_steal_pointer (&link);
  show_messages (self);
  fill (self, before);
  update (self);
}

static void
reload (gpointer user_data)
{
  TodaySendDialog *self = user_data;

  self->reload_source = 0;
  care_link_read_async (workspace_session_get_context (self->session),
                        care_day_row_get_patient_id (self->day_row),
                        care_day_row_get_appointment (self->day_row), self->cancellable, read_cb,
                        g_object_ref (self));
}

static void
changed_cb (TodaySendDialog *self)
{
  if (self->reload_source == 0)
    self->reload_source = g_timeout_add_once (50, reload, self);
}

/* ---- sending ---- */

static void
sent_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (TodaySendDialog) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (NetAnswer) answer =
      net_fhir_client_send_finish (NET_FHIR_CLIENT (source), result, &error);

  self->is_busy = FALSE;
  if (answer)
    say (self, _ ("The message is on its way. What becomes of it appears above by itself."), FALSE);
  else
    say (self, error->message, TRUE);
  update (self);
}

/* (transfer full): Parameters of $send-link */
static FhirResource *
new_body (TodaySendDialog *self, CareChannel channel)
{
  g_autoptr (FhirBuilder) builder = fhir_builder_new ("Parameters", NULL);
  g_autofree char *text = dup_text (&self->ways[channel]);

  fhir_builder_set_many (builder, "parameter.0.name", "channel", "parameter.0.valueCode",
                         care_channel_get_name (channel), NULL);
  if (!is_agreed (self, channel))
    {
      fhir_builder_set_many (builder, "parameter.1.name", "to", "parameter.1.valueString", text,
                             "parameter.2.name", "consent", NULL);
      fhir_builder_set_boolean (builder, "parameter.2.valueBoolean", TRUE);
    }
  return fhir_builder_end (builder);
}

static void
send (TodaySendDialog *self, CareChannel channel)
{
  g_autofree char *path =
      g_strdup_printf ("Appointment/%s/$send-link", care_day_row_get_appointment (self->day_row));
  g_autoptr (GError) error = NULL;
  g_autoptr (FhirResource) body = NULL;

  if (!gtk_widget_get_sensitive (self->ways[channel].button))
    return;
  g_clear_object (&self->client);
  self->client = workspace_link_dup_client (self->session, &error);
  if (!self->client)
    {
      g_autofree char *words =
          g_strdup_printf (_ ("The clinic’s server sends the messages, and is not there: %s"),
                           error->message);
      say (self, words, TRUE);
      return;
    }
  body = new_body (self, channel);
  const NetRequest request = { .method = "POST", .path = path, .body = body };
  self->is_busy = TRUE;
  say (self, NULL, FALSE);
  update (self);
  net_fhir_client_send_async (self->client, &request, NULL, sent_cb, g_object_ref (self));
}

static void
send_sms_cb (TodaySendDialog *self)
{
  send (self, CARE_CHANNEL_SMS);
}

static void
send_email_cb (TodaySendDialog *self)
{
  send (self, CARE_CHANNEL_EMAIL);
}

static void
show_cb (TodaySendDialog *self)
{
  g_autoptr (TodaySendDialog) kept = g_object_ref (self);

  adw_dialog_close (ADW_DIALOG (self));
  today_link_make (kept->page, kept->session, kept->day_row);
}

/* ---- object ---- */

static void
today_send_dialog_dispose (GObject *object)
{
  TodaySendDialog *self = TODAY_SEND_DIALOG (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_handle_id (&self->reload_source, g_source_remove);
  gtk_widget_dispose_template (GTK_WIDGET (self), TODAY_TYPE_SEND_DIALOG);
  for (gsize i = 0; i < CARE_N_CHANNELS; i++)
    g_clear_pointer (&self->ways[i].shown, g_free);
  g_clear_pointer (&self->link, care_link_free);
  g_clear_object (&self->client);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->day_row);
  g_clear_object (&self->session);
  g_clear_object (&self->page);
  G_OBJECT_CLASS (today_send_dialog_parent_class)->dispose (object);
}

static void
bind_way (GtkWidgetClass *klass,
          CareChannel channel,
          const char *row,
          const char *agrees,
          const char *button)
{
  gssize at = G_STRUCT_OFFSET (TodaySendDialog, ways) + (gssize) channel * (gssize) sizeof (Way);

  gtk_widget_class_bind_template_child_full (klass, row, FALSE, at + G_STRUCT_OFFSET (Way, row));
  gtk_widget_class_bind_template_child_full (klass, agrees, FALSE,
                                             at + G_STRUCT_OFFSET (Way, agrees));
  gtk_widget_class_bind_template_child_full (klass, button, FALSE,
                                             at + G_STRUCT_OFFSET (Way, button));
}

static void
today_send_dialog_class_init (TodaySendDialogClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = today_send_dialog_dispose;
  gtk_widget_class_set_template_from_resource (
      widget_class, "/health/bedside/features/today/today-send-dialog.ui");
  bind_way (widget_class, CARE_CHANNEL_SMS, "sms_row", "sms_agrees_row", "sms_button");
  bind_way (widget_class, CARE_CHANNEL_EMAIL, "email_row", "email_agrees_row", "email_button");
  gtk_widget_class_bind_template_child (widget_class, TodaySendDialog, what_label);
  gtk_widget_class_bind_template_child (widget_class, TodaySendDialog, sent_list);
  gtk_widget_class_bind_template_child (widget_class, TodaySendDialog, state_label);
  gtk_widget_class_bind_template_callback (widget_class, edited_cb);
  gtk_widget_class_bind_template_callback (widget_class, update);
  gtk_widget_class_bind_template_callback (widget_class, send_sms_cb);
  gtk_widget_class_bind_template_callback (widget_class, send_email_cb);
  gtk_widget_class_bind_template_callback (widget_class, show_cb);
}

static void
today_send_dialog_init (TodaySendDialog *self)
{
  self->cancellable = g_cancellable_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
  workspace_text_fit (GTK_WIDGET (self));
  for (gsize i = 0; i < CARE_N_CHANNELS; i++)
    {
      gtk_widget_set_sensitive (GTK_WIDGET (self->ways[i].agrees), FALSE);
      gtk_widget_set_sensitive (self->ways[i].button, FALSE);
    }
}

AdwDialog *
today_send_dialog_new (GtkWidget *page, WorkspaceSession *session, CareDayRow *row)
{
  TodaySendDialog *self = g_object_new (TODAY_TYPE_SEND_DIALOG, NULL);
  g_autofree char *what =
      g_strdup_printf ("%s, %s", care_day_row_get_name (row), care_day_row_get_time (row));

  self->page = g_object_ref (page);
  self->session = g_object_ref (session);
  self->day_row = g_object_ref (row);
  gtk_label_set_label (self->what_label, what);
  g_signal_connect_object (workspace_session_get_database (session), "changed",
                           G_CALLBACK (changed_cb), self, G_CONNECT_SWAPPED);
  reload (self);
  return ADW_DIALOG (self);
}
