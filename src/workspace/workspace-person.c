/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "workspace-person.h"

#include <glib/gi18n.h>

#include "fhir-date.h"
#include "fhir-name.h"

struct _WorkspacePerson
{
  GObject parent_instance;

  char *id;
  char *name;
  char *born;
  char *sex;
  char *identifier;
  char *address;
  char *mark;
  const char *mark_icon;
  gboolean recent;
};

typedef enum
{
  PROP_NAME = 1,
  PROP_BORN,
  PROP_SEX,
  PROP_IDENTIFIER,
  PROP_ADDRESS,
  PROP_MARK,
  PROP_MARK_ICON,
} WorkspacePersonProperty;

static GParamSpec *properties[PROP_MARK_ICON + 1];

G_DEFINE_FINAL_TYPE (WorkspacePerson, workspace_person, G_TYPE_OBJECT)

static void
workspace_person_finalize (GObject *object)
{
  WorkspacePerson *self = WORKSPACE_PERSON (object);

  g_free (self->id);
  g_free (self->name);
  g_free (self->born);
  g_free (self->sex);
  g_free (self->identifier);
  g_free (self->address);
  g_free (self->mark);
  G_OBJECT_CLASS (workspace_person_parent_class)->finalize (object);
}

static void
workspace_person_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  WorkspacePerson *self = WORKSPACE_PERSON (object);

  switch ((WorkspacePersonProperty) id)
    {
    case PROP_NAME:
      g_value_set_string (value, self->name);
      break;
    case PROP_BORN:
      g_value_set_string (value, self->born);
      break;
    case PROP_SEX:
      g_value_set_string (value, self->sex);
      break;
    case PROP_IDENTIFIER:
      g_value_set_string (value, self->identifier);
      break;
    case PROP_ADDRESS:
      g_value_set_string (value, self->address);
      break;
    case PROP_MARK:
      g_value_set_string (value, self->mark);
      break;
    case PROP_MARK_ICON:
      g_value_set_string (value, self->mark_icon);
      break;
    }
}

static void
workspace_person_class_init (WorkspacePersonClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;

  object_class->finalize = workspace_person_finalize;
  object_class->get_property = workspace_person_get_property;

  properties[PROP_NAME] = g_param_spec_string ("name", NULL, NULL, NULL, flags);
  properties[PROP_BORN] = g_param_spec_string ("born", NULL, NULL, NULL, flags);
  properties[PROP_SEX] = g_param_spec_string ("sex", NULL, NULL, NULL, flags);
  properties[PROP_IDENTIFIER] = g_param_spec_string ("identifier", NULL, NULL, NULL, flags);
  properties[PROP_ADDRESS] = g_param_spec_string ("address", NULL, NULL, NULL, flags);
  properties[PROP_MARK] = g_param_spec_string ("mark", NULL, NULL, NULL, flags);
  properties[PROP_MARK_ICON] = g_param_spec_string ("mark-icon", NULL, NULL, NULL, flags);
  g_object_class_install_properties (object_class, G_N_ELEMENTS (properties), properties);
}

static void
workspace_person_init (WorkspacePerson *self)
{
}

static char *
format_born (const char *birth_date, const char *today, GTimeZone *zone)
{
  if (!birth_date)
    return g_strdup (_ ("Birth date not known"));

  g_autofree char *date = fhir_date_format (birth_date, zone);
  g_autofree char *age = fhir_date_format_age (birth_date, today);
  return age ? g_strdup_printf ("%s (%s)", date, age) : g_steal_pointer (&date);
}

static const char *
sex_in_words (const char *code)
{
  if (g_strcmp0 (code, "female") == 0)
    return _ ("Female");
  if (g_strcmp0 (code, "male") == 0)
    return _ ("Male");
  if (g_strcmp0 (code, "other") == 0)
    return _ ("Other");
  return _ ("Not known");
}

/* An NHS number is read 3-3-4 (NHS CUI, PAB-0046). */
static char *
format_identifier (const char *system, const char *value)
{
  if (g_strcmp0 (system, "https://fhir.nhs.uk/Id/nhs-number") == 0 && strlen (value) == 10)
    return g_strdup_printf ("%.3s %.3s %s", value, value + 3, value + 6);
  return g_strdup (value);
}

/* The identifier that people know: the official or usual one, else the first that has a value. */
static char *
dup_identifier (FhirResource *patient)
{
  const char *first = NULL, *first_system = NULL;

  fhir_element_foreach (identifier, fhir_resource_path (patient, "identifier"))
    {
      const char *use = fhir_element_path_text (identifier, "use");
      const char *value = fhir_element_path_text (identifier, "value");
      const char *system = fhir_element_path_text (identifier, "system");
      const char *code = fhir_element_path_text (identifier, "type.coding.0.code");
      if (!value)
        continue;
      if (g_strcmp0 (use, "official") == 0 || g_strcmp0 (use, "usual") == 0 ||
          g_strcmp0 (code, "MR") == 0)
        return format_identifier (system, value);
      first_system = first ? first_system : system;
      first = first ? first : value;
    }
  return first ? format_identifier (first_system, first) : NULL;
}

static char *
dup_address (FhirResource *patient)
{
  const char *line = fhir_resource_path_text (patient, "address.0.line.0");
  const char *city = fhir_resource_path_text (patient, "address.0.city");

  if (line && city)
    return g_strdup_printf ("%s, %s", line, city);
  return g_strdup (line ? line : city);
}

/* @today: the clinic's date, for the age. */
WorkspacePerson *
workspace_person_new (FhirResource *patient, const char *today, GTimeZone *zone)
{
  WorkspacePerson *self = g_object_new (WORKSPACE_TYPE_PERSON, NULL);

  self->id = g_strdup (fhir_resource_get_id (patient));
  self->name = fhir_human_name_format (fhir_resource_path (patient, "name"));
  self->born = format_born (fhir_resource_path_text (patient, "birthDate"), today, zone);
  self->sex = g_strdup (sex_in_words (fhir_resource_path_text (patient, "gender")));
  self->identifier = dup_identifier (patient);
  self->address = dup_address (patient);
  return self;
}

/* What of this person's chart is on the computer, in a few words; before anybody sees @self.
 * @icon_name: a static string. */
void
workspace_person_take_mark (WorkspacePerson *self, char *mark, const char *icon_name)
{
  g_return_if_fail (WORKSPACE_IS_PERSON (self));

  g_free (self->mark);
  self->mark = mark;
  self->mark_icon = icon_name;
}

const char *
workspace_person_get_id (WorkspacePerson *self)
{
  return self->id;
}

const char *
workspace_person_get_name (WorkspacePerson *self)
{
  return self->name;
}

const char *
workspace_person_get_born (WorkspacePerson *self)
{
  return self->born;
}

const char *
workspace_person_get_sex (WorkspacePerson *self)
{
  return self->sex;
}

/* (nullable) */
const char *
workspace_person_get_identifier (WorkspacePerson *self)
{
  return self->identifier;
}

/* (nullable): street and town, to tell two of the same name apart. */
const char *
workspace_person_get_address (WorkspacePerson *self)
{
  return self->address;
}

/* (nullable): what of the chart is here, as "up to date" or "3 h old". */
const char *
workspace_person_get_mark (WorkspacePerson *self)
{
  return self->mark;
}

/* It stands in the list because its chart was opened lately. */
void
workspace_person_set_recent (WorkspacePerson *self, gboolean recent)
{
  g_return_if_fail (WORKSPACE_IS_PERSON (self));

  self->recent = recent;
}

gboolean
workspace_person_is_recent (WorkspacePerson *self)
{
  g_return_val_if_fail (WORKSPACE_IS_PERSON (self), FALSE);

  return self->recent;
}
