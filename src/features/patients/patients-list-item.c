/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "patients-list-item.h"

#include <string.h>

struct _PatientsListItem
{
  GObject parent_instance;

  gint64 number;
  char *id, *name;
  gboolean asked; /* its person is read, or being read */
  WorkspacePerson *person;
};

enum
{
  PROP_PERSON = 1,
};

static GParamSpec *person_property;

G_DEFINE_FINAL_TYPE (PatientsListItem, patients_list_item, G_TYPE_OBJECT)

static void
patients_list_item_finalize (GObject *object)
{
  PatientsListItem *self = PATIENTS_LIST_ITEM (object);

  g_free (self->id);
  g_free (self->name);
  g_clear_object (&self->person);
  G_OBJECT_CLASS (patients_list_item_parent_class)->finalize (object);
}

static void
patients_list_item_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  g_value_set_object (value, PATIENTS_LIST_ITEM (object)->person);
}

static void
patients_list_item_class_init (PatientsListItemClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = patients_list_item_finalize;
  G_OBJECT_CLASS (klass)->get_property = patients_list_item_get_property;
  person_property = g_param_spec_object ("person", NULL, NULL, WORKSPACE_TYPE_PERSON,
                                         G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_property (G_OBJECT_CLASS (klass), PROP_PERSON, person_property);
}

static void
patients_list_item_init (PatientsListItem *self)
{
}

PatientsListItem *
patients_list_item_new (const StorePerson *person)
{
  PatientsListItem *self = g_object_new (PATIENTS_TYPE_LIST_ITEM, NULL);

  self->number = person->number;
  self->id = g_strdup (person->id);
  self->name = g_strdup (person->name);
  return self;
}

gint64
patients_list_item_get_number (PatientsListItem *self)
{
  return self->number;
}

const char *
patients_list_item_get_id (PatientsListItem *self)
{
  return self->id;
}

/* As lists are sorted: by name, then by number. 0 only for the same person under the same name. */
int
patients_list_item_compare (PatientsListItem *self, const StorePerson *person)
{
  int order = strcmp (self->name, person->name);

  return order != 0 ? order : (self->number > person->number) - (self->number < person->number);
}

gboolean
patients_list_item_get_asked (PatientsListItem *self)
{
  return self->asked;
}

void
patients_list_item_set_asked (PatientsListItem *self, gboolean asked)
{
  self->asked = asked;
}

/* (transfer none) (nullable) */
WorkspacePerson *
patients_list_item_get_person (PatientsListItem *self)
{
  return self->person;
}

void
patients_list_item_set_person (PatientsListItem *self, WorkspacePerson *person)
{
  if (g_set_object (&self->person, person))
    g_object_notify_by_pspec (G_OBJECT (self), person_property);
}
