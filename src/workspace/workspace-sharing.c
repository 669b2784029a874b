/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "workspace-sharing.h"

struct _WorkspaceSharing
{
  GObject parent_instance;

  char *patient_id;
  char *shown;
  gboolean possible;
};

typedef enum
{
  PROP_POSSIBLE = 1,
  PROP_SHOWN,
} WorkspaceSharingProperty;

enum
{
  SIGNAL_SHOW,
  N_SIGNALS
};

static GParamSpec *properties[PROP_SHOWN + 1];
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (WorkspaceSharing, workspace_sharing, G_TYPE_OBJECT)

static void
workspace_sharing_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  WorkspaceSharing *self = WORKSPACE_SHARING (object);

  switch ((WorkspaceSharingProperty) id)
    {
    case PROP_POSSIBLE:
      g_value_set_boolean (value, self->possible);
      return;
    case PROP_SHOWN:
      g_value_set_string (value, self->shown);
      return;
    }
  G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
workspace_sharing_finalize (GObject *object)
{
  WorkspaceSharing *self = WORKSPACE_SHARING (object);

  g_free (self->patient_id);
  g_free (self->shown);

  G_OBJECT_CLASS (workspace_sharing_parent_class)->finalize (object);
}

static void
workspace_sharing_class_init (WorkspaceSharingClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GParamFlags flags = G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;

  object_class->get_property = workspace_sharing_get_property;
  object_class->finalize = workspace_sharing_finalize;
  properties[PROP_POSSIBLE] = g_param_spec_boolean ("possible", NULL, NULL, FALSE, flags);
  properties[PROP_SHOWN] = g_param_spec_string ("shown", NULL, NULL, NULL, flags);
  g_object_class_install_properties (object_class, G_N_ELEMENTS (properties), properties);
  signals[SIGNAL_SHOW] = g_signal_new ("show", WORKSPACE_TYPE_SHARING, G_SIGNAL_RUN_LAST, 0, NULL,
                                       NULL, NULL, G_TYPE_NONE, 1, WORKSPACE_TYPE_CARD);
}

static void
workspace_sharing_init (WorkspaceSharing *self)
{
}

/* (transfer none): the one of this patient's window */
WorkspaceSharing *
workspace_sharing_of (WorkspacePatient *patient)
{
  WorkspaceSharing *self = g_object_get_data (G_OBJECT (patient), "workspace-sharing");

  if (self != NULL)
    return self;
  self = g_object_new (WORKSPACE_TYPE_SHARING, NULL);
  self->patient_id = g_strdup (workspace_patient_get_id (patient));
  g_object_set_data_full (G_OBJECT (patient), "workspace-sharing", self, g_object_unref);
  return self;
}

gboolean
workspace_sharing_is_possible (WorkspaceSharing *self)
{
  return self->possible;
}

/* (nullable) */
const char *
workspace_sharing_get_shown (WorkspaceSharing *self)
{
  return self->shown;
}

/**
 * workspace_sharing_show:
 *
 * Shows @card to the patient. Another patient's is never shown (H23).
 *
 * Returns: FALSE where there is no call, or it is another patient's
 */
gboolean
workspace_sharing_show (WorkspaceSharing *self, WorkspaceCard *card)
{
  if (!self->possible || g_strcmp0 (workspace_card_get_patient_id (card), self->patient_id) != 0)
    return FALSE;
  g_signal_emit (self, signals[SIGNAL_SHOW], 0, card);
  return TRUE;
}

/* For whoever has the call. @shown: (nullable): the title of what is shown */
void
workspace_sharing_set (WorkspaceSharing *self, gboolean possible, const char *shown)
{
  if (self->possible != possible)
    {
      self->possible = possible;
      g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_POSSIBLE]);
    }
  if (g_set_str (&self->shown, shown))
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_SHOWN]);
}
