/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "workspace-commands.h"

#include <adwaita.h>
#include <glib/gi18n.h>

#include "fhir-index.h"

#include "workspace-feature.h"

/**
 * WorkspaceCommandItem:
 *
 * Every action has a name, keys and a place in the palette: all three are made from one list, which
 * this file gathers from the shell's own commands and the features' offers and commands.
 */

struct _WorkspaceCommandItem
{
  GObject parent_instance;

  char *title;
  char *subtitle;
  char *action;
  char *accelerator;
  char *icon_name;
  char *folded;
};

G_DEFINE_FINAL_TYPE (WorkspaceCommandItem, workspace_command_item, G_TYPE_OBJECT)

/* What both windows and the clinic window can do without any feature. */
static const WorkspaceCommand shell_commands[] = {
  { WORKSPACE_SCOPE_BOTH, "win.palette", N_ ("Find a Patient or a Command"), "<Control>k" },
  { WORKSPACE_SCOPE_BOTH, "win.keys", N_ ("Show the Keys"), "question" },
  { WORKSPACE_SCOPE_BOTH, "win.toggle-pages", N_ ("Show or Hide the Pages"), "F9" },
  { WORKSPACE_SCOPE_CLINIC, "win.search", N_ ("Search on This Page"), "<Control>f" },
  { WORKSPACE_SCOPE_CLINIC, "win.find", N_ ("Search All Records"), "<Control><Shift>f" },
  { WORKSPACE_SCOPE_PATIENT, "win.find", N_ ("Search This Patient’s Record"), "<Control>f" },
  { WORKSPACE_SCOPE_PATIENT, "win.search", N_ ("Search on This Page"), "<Control><Alt>f" },
  { WORKSPACE_SCOPE_PATIENT, "app.clinic", N_ ("Go to the Clinic Window"), "<Control>Home" },
  { WORKSPACE_SCOPE_BOTH, "app.sync", N_ ("Send and Fetch Now"), "<Control>r" },
  { WORKSPACE_SCOPE_BOTH, "app.help('')", N_ ("Help for What Is Shown"), "F1" },
  { WORKSPACE_SCOPE_BOTH, "app.help::privacy", N_ ("Privacy"), NULL },
  { WORKSPACE_SCOPE_BOTH, "app.preferences", N_ ("Preferences"), "<Control>comma" },
  { WORKSPACE_SCOPE_BOTH, "app.preferences-of::visit-camera", N_ ("Preferences: Camera and Sound"),
    NULL },
  { WORKSPACE_SCOPE_BOTH, "app.preferences-of::visit-echo-cancellation",
    N_ ("Preferences: How You Sound"), NULL },
  { WORKSPACE_SCOPE_BOTH, "app.preferences-of::visit-mirror", N_ ("Preferences: Pictures"), NULL },
  { WORKSPACE_SCOPE_BOTH, "app.preferences-of::content-file", N_ ("Preferences: Clinical Content"),
    NULL },
  { WORKSPACE_SCOPE_BOTH, "app.second-factor", N_ ("Preferences: Second Factor"), NULL },
  { WORKSPACE_SCOPE_BOTH, "app.report", N_ ("Diagnostic Report"), NULL },
  { WORKSPACE_SCOPE_BOTH, "app.lock", N_ ("Lock or Switch Clinician"), "<Control><Alt>l" },
  { WORKSPACE_SCOPE_BOTH, "app.about", N_ ("About Bedside"), NULL },
  { WORKSPACE_SCOPE_BOTH, "window.close", N_ ("Close This Window"), "<Control>w" },
  { WORKSPACE_SCOPE_BOTH, "app.quit", N_ ("Quit"), "<Control>q" },
};

typedef enum
{
  PROP_TITLE = 1,
  PROP_SUBTITLE,
  PROP_KEYS,
  PROP_ICON_NAME,
} WorkspaceCommandItemProperty;

static GParamSpec *properties[PROP_ICON_NAME + 1];

static void
workspace_command_item_finalize (GObject *object)
{
  WorkspaceCommandItem *self = WORKSPACE_COMMAND_ITEM (object);

  g_free (self->title);
  g_free (self->subtitle);
  g_free (self->action);
  g_free (self->accelerator);
  g_free (self->icon_name);
  g_free (self->folded);
  G_OBJECT_CLASS (workspace_command_item_parent_class)->finalize (object);
}

static void
workspace_command_item_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  WorkspaceCommandItem *self = WORKSPACE_COMMAND_ITEM (object);

  switch ((WorkspaceCommandItemProperty) id)
    {
    case PROP_TITLE:
      g_value_set_string (value, self->title);
      break;
    case PROP_SUBTITLE:
      g_value_set_string (value, self->subtitle);
      break;
    case PROP_KEYS:
      g_value_take_string (value, workspace_command_item_dup_keys (self));
      break;
    case PROP_ICON_NAME:
      g_value_set_string (value, self->icon_name);
      break;
    }
}

static void
workspace_command_item_class_init (WorkspaceCommandItemClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;

  object_class->finalize = workspace_command_item_finalize;
  object_class->get_property = workspace_command_item_get_property;

  properties[PROP_TITLE] = g_param_spec_string ("title", NULL, NULL, NULL, flags);
  properties[PROP_SUBTITLE] = g_param_spec_string ("subtitle", NULL, NULL, NULL, flags);
  properties[PROP_KEYS] = g_param_spec_string ("keys", NULL, NULL, NULL, flags);
  properties[PROP_ICON_NAME] = g_param_spec_string ("icon-name", NULL, NULL, NULL, flags);
  g_object_class_install_properties (object_class, G_N_ELEMENTS (properties), properties);
}

static void
workspace_command_item_init (WorkspaceCommandItem *self)
{
}

/* @action is detailed, as "win.show::medicines"; @title is already translated. */
WorkspaceCommandItem *
workspace_command_item_new (const char *title,
                            const char *subtitle,
                            const char *action,
                            const char *accelerator,
                            const char *icon_name)
{
  WorkspaceCommandItem *self = g_object_new (WORKSPACE_TYPE_COMMAND_ITEM, NULL);
  g_autofree char *words = NULL;

  self->title = g_strdup (title);
  self->subtitle = g_strdup (subtitle);
  self->action = g_strdup (action);
  self->accelerator = g_strdup (accelerator);
  self->icon_name = g_strdup (icon_name);
  words = g_strjoin (" ", title, subtitle, NULL);
  self->folded = fhir_fold (words);
  return self;
}

const char *
workspace_command_item_get_title (WorkspaceCommandItem *self)
{
  return self->title;
}

const char *
workspace_command_item_get_subtitle (WorkspaceCommandItem *self)
{
  return self->subtitle;
}

const char *
workspace_command_item_get_action (WorkspaceCommandItem *self)
{
  return self->action;
}

const char *
workspace_command_item_get_accelerator (WorkspaceCommandItem *self)
{
  return self->accelerator;
}

/* (transfer full) (nullable): the accelerator as people read it, "Ctrl+K". */
char *
workspace_command_item_dup_keys (WorkspaceCommandItem *self)
{
  guint key = 0;
  GdkModifierType modifiers = 0;

  if (!self->accelerator || !gtk_accelerator_parse (self->accelerator, &key, &modifiers))
    return NULL;
  return gtk_accelerator_get_label (key, modifiers);
}

/* TRUE when each word of @typed begins somewhere in the title, whatever case and accents. */
gboolean
workspace_command_item_matches (WorkspaceCommandItem *self, const char *typed)
{
  g_autofree char *folded = fhir_fold (typed);
  g_auto (GStrv) words = g_strsplit_set (folded, " \t", -1);

  for (char **word = words; *word; word++)
    if (**word && !strstr (self->folded, *word))
      return FALSE;
  return TRUE;
}

static void
add_command (GListStore *list, WorkspaceScope scope, const WorkspaceCommand *command)
{
  if (command->scope != WORKSPACE_SCOPE_BOTH && command->scope != scope)
    return;
  g_autoptr (WorkspaceCommandItem) item =
      workspace_command_item_new (_ (command->title), NULL, command->action, command->accelerator,
                                  NULL);
  g_list_store_append (list, item);
}

static void
add_offer (GListStore *list, WorkspaceScope scope, const WorkspaceOffer *offer)
{
  gboolean of_clinic = offer->place == WORKSPACE_PLACE_CLINIC;

  if (of_clinic != (scope == WORKSPACE_SCOPE_CLINIC) || offer->place == WORKSPACE_PLACE_SIDE_TOP)
    return;
  g_autofree char *action = g_strdup_printf ("win.show::%s", offer->id);
  g_autofree char *title = g_strdup_printf (_ ("Show %s"), _ (offer->title));
  g_autoptr (WorkspaceCommandItem) item =
      workspace_command_item_new (title, NULL, action, offer->accelerator, offer->icon_name);
  g_list_store_append (list, item);
}

/* (transfer full): of WorkspaceCommandItem: what can be done in a window of @scope. */
GListStore *
workspace_commands_list (WorkspaceSession *session, WorkspaceScope scope)
{
  GListModel *features = workspace_session_get_features (session);
  GListStore *list = g_list_store_new (WORKSPACE_TYPE_COMMAND_ITEM);

  for (guint i = 0; i < g_list_model_get_n_items (features); i++)
    {
      g_autoptr (WorkspaceFeature) feature = g_list_model_get_item (features, i);
      gsize n_offers = 0, n_commands = 0;
      const WorkspaceOffer *offers = workspace_feature_get_offers (feature, &n_offers);
      const WorkspaceCommand *commands = workspace_feature_get_commands (feature, &n_commands);

      for (gsize n = 0; n < n_offers; n++)
        add_offer (list, scope, &offers[n]);
      for (gsize n = 0; n < n_commands; n++)
        add_command (list, scope, &commands[n]);
    }
  for (gsize n = 0; n < G_N_ELEMENTS (shell_commands); n++)
    add_command (list, scope, &shell_commands[n]);
  return list;
}

/* The pages of the clinic window, to be opened there from another window: they have no keys here.
 */
void
workspace_commands_add_clinic_pages (GListStore *list, WorkspaceSession *session)
{
  GListModel *features = workspace_session_get_features (session);

  for (guint i = 0; i < g_list_model_get_n_items (features); i++)
    {
      g_autoptr (WorkspaceFeature) feature = g_list_model_get_item (features, i);
      gsize n_offers = 0;
      const WorkspaceOffer *offers = workspace_feature_get_offers (feature, &n_offers);

      for (gsize n = 0; n < n_offers; n++)
        {
          g_autofree char *action = g_strdup_printf ("app.clinic-page::%s", offers[n].id);
          g_autofree char *title =
              g_strdup_printf (_ ("Show %s in the Clinic Window"), _ (offers[n].title));
          g_autoptr (WorkspaceCommandItem) item =
              workspace_command_item_new (title, NULL, action, NULL, offers[n].icon_name);

          if (offers[n].place == WORKSPACE_PLACE_CLINIC)
            g_list_store_append (list, item);
        }
    }
}

/* What the clinic named itself and can be done by that name: it has no keys. */
void
workspace_commands_add_named (GListStore *list, WorkspaceSession *session, WorkspaceScope scope)
{
  GListModel *features = workspace_session_get_features (session);

  for (guint i = 0; i < g_list_model_get_n_items (features); i++)
    {
      g_autoptr (WorkspaceFeature) feature = g_list_model_get_item (features, i);

      workspace_feature_add_to_palette (feature, scope, list);
    }
}

/* ---- accelerators ---- */

typedef struct
{
  GtkShortcutAction *named;
  WorkspaceUsage *usage;
  char *action; /* detailed */
} Key;

static void
key_free (gpointer data)
{
  Key *key = data;

  g_object_unref (key->named);
  g_object_unref (key->usage);
  g_free (key->action);
  g_free (key);
}

/* What opens the palette would stand first in it, and what ends the window is sought by nobody. */
static gboolean
is_worth_noting (const char *action)
{
  static const char *const others[] = { "win.palette", "win.keys", "window.close",
                                        "app.quit",    "app.lock", NULL };

  return !g_strv_contains (others, action);
}

/* As the named action does it: FALSE where it cannot be done now. */
static gboolean
key_cb (GtkWidget *widget, GVariant *target, gpointer user_data)
{
  Key *key = user_data;

  if (!gtk_shortcut_action_activate (key->named, 0, widget, target))
    return FALSE;
  if (is_worth_noting (key->action))
    workspace_usage_note (key->usage, key->action);
  return TRUE;
}

/* What is done by its keys counts as what is chosen in the palette does. */
static GtkShortcutAction *
key_action_new (WorkspaceSession *session,
                const char *name,
                const char *action,
                GtkShortcutFunc func)
{
  Key *key = g_new0 (Key, 1);

  key->named = gtk_named_action_new (name);
  key->usage = g_object_ref (workspace_session_get_usage (session));
  key->action = g_strdup (action);
  return gtk_callback_action_new (func, key, key_free);
}

/* A letter with Alt is some button's mnemonic as well, in one language or another; where both were
 * asked at once, GTK would only move the focus. So these come first, but leave the letters to a
 * dialog that is open. */
static gboolean
is_like_mnemonic (const char *accelerator)
{
  guint key;
  GdkModifierType modifiers;

  return gtk_accelerator_parse (accelerator, &key, &modifiers) && modifiers == GDK_ALT_MASK &&
         g_unichar_isalpha (gdk_keyval_to_unicode (key));
}

static gboolean
has_dialog (GtkWidget *window)
{
  AdwDialog *dialog = NULL;

  if (ADW_IS_APPLICATION_WINDOW (window))
    dialog = adw_application_window_get_visible_dialog (ADW_APPLICATION_WINDOW (window));
  else if (ADW_IS_WINDOW (window))
    dialog = adw_window_get_visible_dialog (ADW_WINDOW (window));
  return dialog != NULL;
}

static gboolean
letter_cb (GtkWidget *widget, GVariant *target, gpointer user_data)
{
  return !has_dialog (widget) && key_cb (widget, target, user_data);
}

/* Makes the accelerators of @scope work in @window, and nowhere else. */
void
workspace_commands_install (GtkWidget *window, WorkspaceSession *session, WorkspaceScope scope)
{
  g_autoptr (GListStore) list = workspace_commands_list (session, scope);
  GtkEventController *keys = gtk_shortcut_controller_new ();
  GtkEventController *letters = gtk_shortcut_controller_new ();

  gtk_shortcut_controller_set_scope (GTK_SHORTCUT_CONTROLLER (keys), GTK_SHORTCUT_SCOPE_GLOBAL);
  gtk_event_controller_set_propagation_phase (letters, GTK_PHASE_CAPTURE);
  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (list)); i++)
    {
      g_autoptr (WorkspaceCommandItem) item = g_list_model_get_item (G_LIST_MODEL (list), i);
      g_autofree char *name = NULL;
      g_autoptr (GVariant) target = NULL;
      gboolean letter;

      if (!item->accelerator || !g_action_parse_detailed_name (item->action, &name, &target, NULL))
        continue;
      letter = is_like_mnemonic (item->accelerator);
      GtkShortcut *shortcut =
          gtk_shortcut_new (gtk_shortcut_trigger_parse_string (item->accelerator),
                            key_action_new (session, name, item->action,
                                            letter ? letter_cb : key_cb));
      gtk_shortcut_set_arguments (shortcut, target);
      gtk_shortcut_controller_add_shortcut (GTK_SHORTCUT_CONTROLLER (letter ? letters : keys),
                                            shortcut);
    }
  gtk_widget_add_controller (window, keys);
  gtk_widget_add_controller (window, letters);
}
