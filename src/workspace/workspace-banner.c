/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "workspace-banner.h"

#include <glib/gi18n.h>

#include "workspace-alerts.h"
#include "workspace-open.h"
#include "workspace-photo.h"
#include "workspace-line-layout.h"
#include "workspace-readiness-button.h"

/**
 * WorkspaceBanner:
 *
 * Who this is, always in sight: picture, name, birth date and age, sex, identifier, allergies,
 * alerts, who speaks for the patient, how sure we are of who is on the other end, how old what we
 * show is, and whose voice is heard if it is another patient's. It never folds away. A missing item
 * says so in words (NHS CUI, PAB-0019).
 */

#define TICK_SECONDS 30

/* In pixels; drawn twice as large as shown, for screens of two pixels to one. */
#define PORTRAIT_SIZE 44
#define PHOTO_WIDTH   (2 * PORTRAIT_SIZE)

struct _WorkspaceBanner
{
  AdwBin parent_instance;

  WorkspacePatient *patient;
  guint tick_source;
  char *photo; /* (nullable): of which the picture was asked for */
  GCancellable *drawing;
  AdwAvatar *avatar; /* NULL until the first picture of the window was drawn */
  guint portrait_tick, frames;

  AdwBin *portrait;
  WorkspaceAlerts *alerts;
  GtkWidget *other_call;
  GtkLabel *other_call_label;
  GtkWidget *like_name;
  GtkWidget *withheld;
  GtkLabel *like_name_label;
  GtkLabel *name_label;
  GtkWidget *deceased_box;
  GtkLabel *deceased_label;
  GtkLabel *born_label;
  GtkLabel *sex_label;
  GtkLabel *identifier_label;
  GtkWidget *allergies_box;
  GtkWidget *allergies_icon;
  GtkLabel *allergies_label;
  GtkWidget *identity_box;
  GtkImage *identity_icon;
  GtkLabel *identity_label;
  GtkWidget *speakers_box;
  GtkLabel *speakers_label;
  WorkspaceReadinessButton *readiness;
  AdwBanner *conflict_banner;
};

G_DEFINE_FINAL_TYPE (WorkspaceBanner, workspace_banner, ADW_TYPE_BIN)

static void
set_class (GtkWidget *widget, const char *name, gboolean on)
{
  if (on)
    gtk_widget_add_css_class (widget, name);
  else
    gtk_widget_remove_css_class (widget, name);
}

static void
set_or_unknown (GtkLabel *label, const char *text)
{
  gtk_label_set_label (label, text && *text ? text : _ ("Not known"));
}

static char *
format_born (CareSummary *summary)
{
  const char *birth_date = care_summary_get_birth_date (summary);
  const char *age = care_summary_get_age (summary);

  return age ? g_strdup_printf ("%s (%s)", birth_date, age) : g_strdup (birth_date);
}

static void
update_allergies (WorkspaceBanner *self, CareSummary *summary)
{
  CareAllergyState state = care_summary_get_allergy_state (summary);

  if (state == CARE_ALLERGIES_NOT_RECORDED)
    gtk_label_set_label (self->allergies_label, _ ("Not recorded"));
  else
    set_or_unknown (self->allergies_label, care_summary_get_allergies_line (summary));
  gtk_widget_set_visible (self->allergies_icon, state != CARE_ALLERGIES_NONE_KNOWN);
  set_class (self->allergies_box, "chip-red", state == CARE_ALLERGIES_LISTED);
  set_class (self->allergies_box, "chip-amber", state == CARE_ALLERGIES_NOT_RECORDED);
}

static void
update_identity (WorkspaceBanner *self)
{
  const char *identity = workspace_patient_get_identity (self->patient);
  gboolean confirmed = g_strcmp0 (identity, "confirmed") == 0;
  const char *words = _ ("link only");

  if (confirmed)
    words = _ ("confirmed by clinician");
  else if (g_strcmp0 (identity, "date-of-birth-typed") == 0)
    words = _ ("date of birth typed");
  gtk_widget_set_visible (self->identity_box,
                          workspace_patient_get_encounter (self->patient) != NULL);
  gtk_label_set_label (self->identity_label, words);
  gtk_image_set_from_icon_name (self->identity_icon,
                                confirmed ? "object-select-symbolic" : "dialog-question-symbolic");
  set_class (self->identity_box, "chip-amber", !confirmed);
}

static void
update_readiness (WorkspaceBanner *self)
{
  workspace_readiness_button_update (self->readiness);
}

static void
update_call (WorkspaceBanner *self)
{
  g_autofree char *other = workspace_patient_dup_other_call (self->patient);

  gtk_widget_set_visible (self->other_call, other != NULL);
  if (other)
    {
      g_autofree char *name = workspace_patient_dup_name (self->patient);
      g_autofree char *text = g_strdup_printf (_ ("On call with %s – this is %s"), other, name);
      gtk_label_set_label (self->other_call_label, text);
    }
}

static void
go_to_call_cb (WorkspaceBanner *self)
{
  WorkspaceSession *session = workspace_patient_get_session (self->patient);
  const char *caller = workspace_session_get_call_patient (session);

  if (caller)
    workspace_session_open_patient (session, caller, "show", NULL);
}

/* Two open patients with like names: both banners say so and change colour. */
static void
update_like (WorkspaceBanner *self)
{
  WorkspaceSession *session = workspace_patient_get_session (self->patient);
  g_autofree char *like =
      workspace_open_dup_like (workspace_session_get_open (session), self->patient);
  gboolean before = gtk_widget_get_visible (self->like_name);
  g_autofree char *text =
      like
          ? g_strdup_printf (_ ("Like name: %s is open too. Signing here asks for the birth year."),
                             like)
          : NULL;

  gtk_widget_set_visible (self->like_name, like != NULL);
  set_class (GTK_WIDGET (self), "like-name-banner", like != NULL);
  gtk_label_set_label (self->like_name_label, text ? text : "");
  if (text && !before)
    gtk_accessible_announce (GTK_ACCESSIBLE (self), text,
                             GTK_ACCESSIBLE_ANNOUNCEMENT_PRIORITY_HIGH);
}

/* Whoever compares versions is a feature, and may not be there: then the outbox of another station
 * has to do, and no button stands here. */
static void
update_conflicts (WorkspaceBanner *self)
{
  guint n_conflicts = workspace_patient_get_conflicts (self->patient);
  g_autofree char *text = g_strdup_printf (
      ngettext ("Somebody else changed a record of this patient that you changed too.",
                "Somebody else changed %u records of this patient that you changed too.",
                n_conflicts),
      n_conflicts);

  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));

  adw_banner_set_title (self->conflict_banner, text);
  adw_banner_set_revealed (self->conflict_banner,
                           n_conflicts > 0 && G_IS_ACTION_GROUP (root) &&
                               g_action_group_has_action (G_ACTION_GROUP (root),
                                                          "compare-versions"));
}

/* ---- the picture ---- */

static void
photo_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (WorkspaceBanner) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GdkTexture) texture = workspace_photo_load_finish (result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED) || !self->avatar)
    return;
  /* one that cannot be drawn is none: initials say enough */
  adw_avatar_set_custom_image (self->avatar, GDK_PAINTABLE (texture));
}

static void
stop_photo (WorkspaceBanner *self)
{
  g_cancellable_cancel (self->drawing);
  g_clear_object (&self->drawing);
}

static void
update_photo (WorkspaceBanner *self, CareSummary *summary)
{
  if (!g_set_str (&self->photo, care_summary_get_photo (summary)))
    return;
  stop_photo (self);
  if (self->photo)
    {
      self->drawing = g_cancellable_new ();
      workspace_photo_load_async (self->patient, PHOTO_WIDTH, self->drawing, photo_cb,
                                  g_object_ref (self));
    }
  else
    adw_avatar_set_custom_image (self->avatar, NULL);
}

/* "SMITH, Jane (Mrs)" begins with J and S. */
static void
update_initials (WorkspaceBanner *self)
{
  g_autofree char *name = workspace_patient_dup_name (self->patient);
  const char *title = strstr (name, " (");
  g_autofree char *bare = g_strndup (name, title ? (gsize) (title - name) : strlen (name));
  g_auto (GStrv) parts = g_strsplit (bare, ", ", 2);
  g_autofree char *text =
      parts[0] && parts[1] ? g_strconcat (parts[1], " ", parts[0], NULL) : g_strdup (bare);

  adw_avatar_set_text (self->avatar, text);
}

/* The first picture of the window waits for neither initials nor the patient's picture. */
static gboolean
make_portrait_cb (GtkWidget *widget, GdkFrameClock *clock, gpointer data)
{
  WorkspaceBanner *self = WORKSPACE_BANNER (widget);

  if (self->frames++ < 2)
    return G_SOURCE_CONTINUE;
  self->portrait_tick = 0;
  self->avatar = g_object_new (ADW_TYPE_AVATAR, "size", PORTRAIT_SIZE, "show-initials", TRUE,
                               "accessible-role", GTK_ACCESSIBLE_ROLE_PRESENTATION, NULL);
  adw_bin_set_child (self->portrait, GTK_WIDGET (self->avatar));
  update_initials (self);
  update_photo (self, workspace_patient_get_summary (self->patient));
  return G_SOURCE_REMOVE;
}

static void
update_portrait (WorkspaceBanner *self, CareSummary *summary)
{
  if (self->avatar)
    {
      update_initials (self);
      update_photo (self, summary);
    }
  else if (self->portrait_tick == 0)
    self->portrait_tick =
        gtk_widget_add_tick_callback (GTK_WIDGET (self), make_portrait_cb, NULL, NULL);
}

static void
update (WorkspaceBanner *self)
{
  CareSummary *summary = workspace_patient_get_summary (self->patient);
  g_autofree char *name = workspace_patient_dup_name (self->patient);

  update_call (self);
  update_like (self);
  update_conflicts (self);
  update_identity (self);
  update_readiness (self);
  if (!summary)
    {
      gtk_label_set_label (self->name_label, "…");
      return;
    }

  g_autofree char *born = format_born (summary);
  const char *deceased = care_summary_get_deceased (summary);

  gtk_widget_set_visible (self->withheld, care_summary_is_withheld (summary));
  gtk_label_set_label (self->name_label, name);
  set_or_unknown (self->born_label, born);
  set_or_unknown (self->sex_label, care_summary_get_sex (summary));
  set_or_unknown (self->identifier_label, care_summary_get_identifier (summary));
  gtk_widget_set_visible (self->deceased_box, deceased != NULL);
  gtk_label_set_label (self->deceased_label, deceased ? deceased : "");
  gtk_widget_set_visible (self->speakers_box, care_summary_get_speakers (summary) != NULL);
  gtk_label_set_label (self->speakers_label, care_summary_get_speakers (summary));
  update_allergies (self, summary);
  workspace_alerts_show (self->alerts, summary);
  update_portrait (self, summary);
}

static gboolean
tick_cb (gpointer user_data)
{
  WorkspaceBanner *self = user_data;

  if (self->patient)
    update_readiness (self);
  return G_SOURCE_CONTINUE;
}

static void
workspace_banner_dispose (GObject *object)
{
  WorkspaceBanner *self = WORKSPACE_BANNER (object);

  g_clear_handle_id (&self->tick_source, g_source_remove);
  if (self->portrait_tick)
    gtk_widget_remove_tick_callback (GTK_WIDGET (self), self->portrait_tick);
  self->portrait_tick = 0;
  self->avatar = NULL;
  stop_photo (self);
  g_clear_object (&self->patient);
  gtk_widget_dispose_template (GTK_WIDGET (self), WORKSPACE_TYPE_BANNER);
  G_OBJECT_CLASS (workspace_banner_parent_class)->dispose (object);
}

static void
workspace_banner_finalize (GObject *object)
{
  g_free (WORKSPACE_BANNER (object)->photo);
  G_OBJECT_CLASS (workspace_banner_parent_class)->finalize (object);
}

static void
workspace_banner_class_init (WorkspaceBannerClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  g_type_ensure (WORKSPACE_TYPE_ALERTS);
  g_type_ensure (WORKSPACE_TYPE_READINESS_BUTTON);
  G_OBJECT_CLASS (klass)->dispose = workspace_banner_dispose;
  G_OBJECT_CLASS (klass)->finalize = workspace_banner_finalize;
  g_type_ensure (WORKSPACE_TYPE_LINE_LAYOUT);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/health/bedside/workspace/workspace-banner.ui");
  gtk_widget_class_bind_template_child (widget_class, WorkspaceBanner, portrait);
  gtk_widget_class_bind_template_child (widget_class, WorkspaceBanner, alerts);
  gtk_widget_class_bind_template_child (widget_class, WorkspaceBanner, other_call);
  gtk_widget_class_bind_template_child (widget_class, WorkspaceBanner, other_call_label);
  gtk_widget_class_bind_template_child (widget_class, WorkspaceBanner, like_name);
  gtk_widget_class_bind_template_child (widget_class, WorkspaceBanner, withheld);
  gtk_widget_class_bind_template_child (widget_class, WorkspaceBanner, like_name_label);
  gtk_widget_class_bind_template_child (widget_class, WorkspaceBanner, name_label);
  gtk_widget_class_bind_template_child (widget_class, WorkspaceBanner, deceased_box);
  gtk_widget_class_bind_template_child (widget_class, WorkspaceBanner, deceased_label);
  gtk_widget_class_bind_template_child (widget_class, WorkspaceBanner, born_label);
  gtk_widget_class_bind_template_child (widget_class, WorkspaceBanner, sex_label);
  gtk_widget_class_bind_template_child (widget_class, WorkspaceBanner, identifier_label);
  gtk_widget_class_bind_template_child (widget_class, WorkspaceBanner, allergies_box);
  gtk_widget_class_bind_template_child (widget_class, WorkspaceBanner, allergies_icon);
  gtk_widget_class_bind_template_child (widget_class, WorkspaceBanner, allergies_label);
  gtk_widget_class_bind_template_child (widget_class, WorkspaceBanner, identity_box);
  gtk_widget_class_bind_template_child (widget_class, WorkspaceBanner, identity_icon);
  gtk_widget_class_bind_template_child (widget_class, WorkspaceBanner, identity_label);
  gtk_widget_class_bind_template_child (widget_class, WorkspaceBanner, speakers_box);
  gtk_widget_class_bind_template_child (widget_class, WorkspaceBanner, speakers_label);
  gtk_widget_class_bind_template_child (widget_class, WorkspaceBanner, readiness);
  gtk_widget_class_bind_template_child (widget_class, WorkspaceBanner, conflict_banner);
  gtk_widget_class_bind_template_callback (widget_class, go_to_call_cb);
}

static void
workspace_banner_init (WorkspaceBanner *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  workspace_line_layout_spare (GTK_WIDGET (self->portrait));
  /* an identifier of digits in groups is read from left to right in every language (H38) */
  gtk_widget_set_direction (GTK_WIDGET (self->identifier_label), GTK_TEXT_DIR_LTR);
  self->tick_source = g_timeout_add_seconds (TICK_SECONDS, tick_cb, self);
}

/* Once: a banner belongs to one patient. */
void
workspace_banner_set_patient (WorkspaceBanner *self, WorkspacePatient *patient)
{
  g_return_if_fail (WORKSPACE_IS_BANNER (self));
  g_return_if_fail (self->patient == NULL);

  WorkspaceSession *session = workspace_patient_get_session (patient);
  self->patient = g_object_ref (patient);
  workspace_readiness_button_set_patient (self->readiness, patient);
  g_signal_connect_object (patient, "summary-changed", G_CALLBACK (update), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (session, "notify::call-patient", G_CALLBACK (update_call), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (workspace_session_get_open (session), "changed",
                           G_CALLBACK (update_like), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (session, "notify::sync-text", G_CALLBACK (update_readiness), self,
                           G_CONNECT_SWAPPED);
  update (self);
}
