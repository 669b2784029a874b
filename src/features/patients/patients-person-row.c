/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "patients-person-row.h"

#include <glib/gi18n.h>

#include "workspace-line-layout.h"
#include "workspace-readiness.h"

struct _PatientsPersonRow
{
  GtkBox parent_instance;

  WorkspacePerson *person;
};

enum
{
  PROP_PERSON = 1,
};

static GParamSpec *person_property;

G_DEFINE_FINAL_TYPE (PatientsPersonRow, patients_person_row, GTK_TYPE_BOX)

static char *
describe (GObject *item, const char *born, const char *sex, const char *identifier)
{
  return g_strjoin ("  ", born ? born : "", sex ? sex : "", identifier, NULL);
}

static gboolean
has_text (GObject *object, const char *text)
{
  return text && *text;
}

static char *
describe_mark (GObject *object, const char *mark)
{
  return g_strdup_printf (_ ("The chart on this computer: %s"), mark ? mark : "");
}

/* A chart that is up to date needs no more than its sign. */
static gboolean
is_worth_words (GObject *object, const char *icon_name)
{
  return g_strcmp0 (icon_name, workspace_readiness_icon_name (WORKSPACE_READINESS_FRESH)) != 0;
}

static void
patients_person_row_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  g_value_set_object (value, PATIENTS_PERSON_ROW (object)->person);
}

static void
patients_person_row_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  PatientsPersonRow *self = PATIENTS_PERSON_ROW (object);

  if (g_set_object (&self->person, g_value_get_object (value)))
    g_object_notify_by_pspec (object, person_property);
}

static void
patients_person_row_dispose (GObject *object)
{
  gtk_widget_dispose_template (GTK_WIDGET (object), PATIENTS_TYPE_PERSON_ROW);
  g_clear_object (&PATIENTS_PERSON_ROW (object)->person);
  G_OBJECT_CLASS (patients_person_row_parent_class)->dispose (object);
}

static void
patients_person_row_class_init (PatientsPersonRowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  g_type_ensure (WORKSPACE_TYPE_PERSON);
  g_type_ensure (WORKSPACE_TYPE_LINE_LAYOUT);
  G_OBJECT_CLASS (klass)->dispose = patients_person_row_dispose;
  G_OBJECT_CLASS (klass)->get_property = patients_person_row_get_property;
  G_OBJECT_CLASS (klass)->set_property = patients_person_row_set_property;
  person_property =
      g_param_spec_object ("person", NULL, NULL, WORKSPACE_TYPE_PERSON,
                           G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);
  g_object_class_install_property (G_OBJECT_CLASS (klass), PROP_PERSON, person_property);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/health/bedside/features/patients/patients-person-row.ui");
  gtk_widget_class_bind_template_callback (widget_class, describe);
  gtk_widget_class_bind_template_callback (widget_class, has_text);
  gtk_widget_class_bind_template_callback (widget_class, describe_mark);
  gtk_widget_class_bind_template_callback (widget_class, is_worth_words);
}

static void
patients_person_row_init (PatientsPersonRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/* (transfer full): a line as those hear it who do not see it. */
char *
patients_person_row_describe (
    GObject *item, const char *born, const char *sex, const char *identifier, const char *mark)
{
  return g_strjoin ("  ", born ? born : "", sex ? sex : "", identifier ? identifier : "", mark,
                    NULL);
}
