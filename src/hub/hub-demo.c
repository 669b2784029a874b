/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hub-demo.h"

#include <gio/gio.h>
#include <stdlib.h>
#include <string.h>

#include "base-id.h"
#include "care-types.h"
#include "hub-demo-private.h"

/* The demo clinic is told in demo/, in days before today, and turned into FHIR here and in
 * hub-demo-chart.c, -around.c, -photo.c, -sensor.c, -inbox.c and -day.c. The same seed and the same
 * day give the same bytes; only the day in progress (who waits, since when) and the glucose sensors
 * follow the clock.
 */

#define FOLDER "/health/bedside/hub/demo/"

/* One file after the other, as if they were one. */
static GKeyFile *
load_files (const char *const *names, GError **error)
{
  g_autoptr (GString) text = g_string_new (NULL);
  g_autoptr (GKeyFile) file = g_key_file_new ();

  for (; *names != NULL; names++)
    {
      g_autofree char *path = g_strconcat (FOLDER, *names, NULL);
      g_autoptr (GBytes) bytes = g_resources_lookup_data (path, 0, error);

      if (bytes == NULL)
        return NULL;
      g_string_append_len (text, g_bytes_get_data (bytes, NULL), (gssize) g_bytes_get_size (bytes));
      g_string_append_c (text, '\n');
    }
  if (!g_key_file_load_from_data (file, text->str, text->len, G_KEY_FILE_NONE, error))
    return NULL;
  return g_steal_pointer (&file);
}

GKeyFile *
hub_demo_load_file (const char *name, GError **error)
{
  const char *const names[] = { name, NULL };

  return load_files (names, error);
}

/* The clinic's people and the pharmacies around it. */
static GKeyFile *
load_house (GError **error)
{
  return hub_demo_load_file ("clinic.ini", error);
}

static GKeyFile *
load_all (GError **error)
{
  static const char *const names[] = { "clinic.ini",    "neighbours.ini", "children.ini",
                                       "long-term.ini", "cancer.ini",     NULL };

  return load_files (names, error);
}

/**
 * hub_demo_id:
 * @kind: what it is, as in "patient"
 * @key: its name in clinic.ini
 *
 * Returns: (transfer full): a logical id that tells nothing about whom it stands for
 */
char *
hub_demo_id (const char *seed, const char *kind, const char *key)
{
  g_autofree char *text = g_strdup_printf ("%s/%s/%s", seed, kind, key);
  g_autofree char *digest = base_sha256_hex (text, -1);

  digest[12] = '8';
  digest[16] = 'a';
  return g_strdup_printf ("%.8s-%.4s-%.4s-%.4s-%.12s", digest, digest + 8, digest + 12, digest + 16,
                          digest + 20);
}

/* Those that other folders of the same hub know too keep their id; the others begin with a time
 * where many are made, so that they are stored one after the other. */
char *
hub_demo_dup_id (HubDemo *demo, const char *kind, const char *key)
{
  static const char *const shared[] = { "staff", "pharmacy", "clinic", NULL };
  char *id = hub_demo_id (demo->seed, kind, key);

  if (demo->ordered_ms == 0)
    return id;
  if (g_strv_contains (shared, kind))
    {
      g_free (id);
      return hub_demo_id (HUB_DEMO_SEED, kind, key);
    }
  memcpy (id + strlen ("xxxxxxxx-xxxx-"), "7", 1);
  g_autofree char *rest = id;
  return g_strdup_printf ("%08x-%04x%s", (guint32) (demo->ordered_ms >> 16),
                          (guint32) (demo->ordered_ms & 0xffff), rest + strlen ("xxxxxxxx-xxxx"));
}

/* Who looks after the patient in hand. */
char *
hub_demo_doctor (HubDemo *demo)
{
  return hub_demo_reference (demo, "Practitioner", "staff",
                             demo->doctor != NULL ? demo->doctor : "doctor");
}

/* @days from today as a date. */
char *
hub_demo_day (HubDemo *demo, int days)
{
  g_autoptr (GDateTime) day = g_date_time_add_days (demo->now, days);

  return g_date_time_format (day, "%Y-%m-%d");
}

/* @days from today at @minutes past midnight, with the clinic's offset. */
char *
hub_demo_instant (HubDemo *demo, int days, int minutes)
{
  g_autofree char *date = hub_demo_day (demo, days);
  int year = atoi (date), month = atoi (date + 5), day = atoi (date + 8);
  GTimeZone *zone = g_date_time_get_timezone (demo->now);
  g_autoptr (GDateTime) time =
      g_date_time_new (zone, year, month, day, minutes / 60, minutes % 60, 0);

  return g_date_time_format (time, "%Y-%m-%dT%H:%M:%S%:z");
}

/* @minutes from now, with seconds. */
char *
hub_demo_now (HubDemo *demo, int minutes)
{
  g_autoptr (GDateTime) time = g_date_time_add_minutes (demo->now, minutes);

  return g_date_time_format (time, "%Y-%m-%dT%H:%M:%S%:z");
}

char *
hub_demo_reference (HubDemo *demo, const char *type, const char *kind, const char *key)
{
  g_autofree char *id = hub_demo_dup_id (demo, kind, key);

  return g_strconcat (type, "/", id, NULL);
}

/* The fields of the key STEM NUMBER, padded with empty ones up to @least; NULL after the last. */
char **
hub_demo_fields (HubDemo *demo, const char *group, const char *stem, guint number, guint least)
{
  g_autofree char *key = g_strdup_printf ("%s%u", stem, number);
  g_autofree char *value = g_key_file_get_value (demo->file, group, number == 0 ? stem : key, NULL);
  g_autoptr (GStrvBuilder) padded = g_strv_builder_new ();
  g_auto (GStrv) fields = NULL;

  if (value == NULL)
    return NULL;
  fields = g_strsplit (value, "|", -1);
  g_strv_builder_addv (padded, (const char **) fields);
  for (guint i = g_strv_length (fields); i < least; i++)
    g_strv_builder_add (padded, "");
  return g_strv_builder_end (padded);
}

/* A builder of a resource with its lasting id. */
FhirBuilder *
hub_demo_builder (
    HubDemo *demo, const char *type, const char *group, const char *part, guint number)
{
  g_autofree char *key = g_strdup_printf ("%s/%s/%u", group, part, number);
  g_autofree char *id = hub_demo_dup_id (demo, type, key);

  return fhir_builder_new (type, id);
}

/* Takes @builder. */
void
hub_demo_add (HubDemo *demo, FhirBuilder *builder)
{
  g_ptr_array_add (demo->resources, fhir_builder_end (builder));
  fhir_builder_free (builder);
}

static void
add_name_at (FhirBuilder *builder, const char *path, char **parts, const char *use)
{
  static const char *const members[] = { "family", "given.0", "prefix.0" };

  for (guint i = 0; parts[i] != NULL && i < G_N_ELEMENTS (members); i++)
    {
      g_autofree char *member = g_strconcat (path, ".", members[i], NULL);

      if (*parts[i] != '\0')
        fhir_builder_set (builder, member, parts[i]);
    }
  if (use != NULL)
    {
      g_autofree char *member = g_strconcat (path, ".use", NULL);

      fhir_builder_set (builder, member, use);
    }
}

void
hub_demo_add_name (FhirBuilder *builder, GKeyFile *file, const char *group)
{
  g_auto (GStrv) name = g_key_file_get_string_list (file, group, "name", NULL, NULL);
  g_auto (GStrv) latin = g_key_file_get_string_list (file, group, "name-latin", NULL, NULL);

  add_name_at (builder, "name.0", latin != NULL ? latin : name, "official");
  if (latin != NULL)
    {
      add_name_at (builder, "name.1", name, "usual");
      fhir_builder_set_many (builder, "name.1.extension.0.url",
                             "http://hl7.org/fhir/StructureDefinition/iso21090-EN-representation",
                             "name.1.extension.0.valueCode", "IDE", NULL);
    }
}

static void
add_contact (HubDemo *demo, FhirBuilder *builder, const char *group)
{
  g_autofree char *phone = g_key_file_get_string (demo->file, group, "phone", NULL);
  g_auto (GStrv) address = g_key_file_get_string_list (demo->file, group, "address", NULL, NULL);

  if (phone != NULL)
    fhir_builder_set_many (builder, "telecom.0.system", "phone", "telecom.0.value", phone, NULL);
  if (address != NULL && g_strv_length (address) == 3)
    fhir_builder_set_many (builder, "address.0.line.0", address[0], "address.0.city", address[1],
                           "address.0.postalCode", address[2], NULL);
}

/* "mon tue wed 08:30 18:30;sat 09:00 13:00": when the pharmacy is open, as a service that it has.
 */
static void
add_hours (HubDemo *demo, const char *group, const char *kind, const char *key)
{
  g_auto (GStrv) hours = g_key_file_get_string_list (demo->file, group, "hours", NULL, NULL);
  g_autofree char *provider = hub_demo_reference (demo, "Organization", kind, key);
  g_autofree char *name = g_key_file_get_string (demo->file, group, "name", NULL);
  FhirBuilder *builder;

  if (hours == NULL)
    return;
  builder = hub_demo_builder (demo, "HealthcareService", group, "counter", 0);
  fhir_builder_set_boolean (builder, "active", TRUE);
  fhir_builder_set_many (builder, "providedBy.reference", provider, "name", name,
                         "availabilityExceptions", "Closed on public holidays", NULL);
  for (guint i = 0; hours[i] != NULL; i++)
    {
      g_auto (GStrv) words = g_strsplit (hours[i], " ", -1);
      guint days = g_strv_length (words) - 2;

      for (guint day = 0; day < days; day++)
        {
          g_autofree char *path = g_strdup_printf ("availableTime.%u.daysOfWeek.%u", i, day);

          fhir_builder_set (builder, path, words[day]);
        }
      g_autofree char *start = g_strdup_printf ("availableTime.%u.availableStartTime", i);
      g_autofree char *end = g_strdup_printf ("availableTime.%u.availableEndTime", i);
      g_autofree char *from = g_strconcat (words[days], ":00", NULL);
      g_autofree char *to = g_strconcat (words[days + 1], ":00", NULL);

      fhir_builder_set_many (builder, start, from, end, to, NULL);
    }
  hub_demo_add (demo, builder);
}

/* "51.5 -0.1": where the pharmacy is, so that the nearest may come first. */
static void
add_place (HubDemo *demo, const char *group, const char *kind, const char *key)
{
  g_autofree char *place = g_key_file_get_string (demo->file, group, "place", NULL);
  g_autofree char *owner = hub_demo_reference (demo, "Organization", kind, key);
  g_autofree char *name = g_key_file_get_string (demo->file, group, "name", NULL);
  g_auto (GStrv) degrees = place != NULL ? g_strsplit (place, " ", 2) : NULL;
  FhirBuilder *builder;

  if (degrees == NULL || g_strv_length (degrees) != 2)
    return;
  builder = hub_demo_builder (demo, "Location", group, "place", 0);
  fhir_builder_set_many (builder, "status", "active", "name", name, "mode", "instance", NULL);
  fhir_builder_set_decimal (builder, "position.longitude", degrees[1]);
  fhir_builder_set_decimal (builder, "position.latitude", degrees[0]);
  fhir_builder_set (builder, "managingOrganization.reference", owner);
  hub_demo_add (demo, builder);
}

static void
add_organization (HubDemo *demo, const char *group, const char *kind, const char *key)
{
  g_autofree char *id = hub_demo_dup_id (demo, kind, key);
  g_autofree char *name = g_key_file_get_string (demo->file, group, "name", NULL);
  g_autofree char *delivery = g_key_file_get_value (demo->file, group, "delivery", NULL);
  FhirBuilder *builder = fhir_builder_new ("Organization", id);

  fhir_builder_set_boolean (builder, "active", TRUE);
  fhir_builder_set (builder, "name", name);
  fhir_builder_set_coding (builder, "type.0", "https://bedside.health/fhir/organization-type", kind,
                           NULL);
  add_contact (demo, builder, group);
  if (delivery != NULL)
    {
      fhir_builder_set (builder, "extension.0.url",
                        "https://bedside.health/fhir/StructureDefinition/pharmacy-delivery");
      fhir_builder_set_boolean (builder, "extension.0.valueBoolean", g_str_equal (delivery, "yes"));
    }
  hub_demo_add (demo, builder);
  add_hours (demo, group, kind, key);
  add_place (demo, group, kind, key);
}

/* Who may answer a critical result is told by what they do here. */
static void
add_role (HubDemo *demo, const char *group, const char *key)
{
  g_autofree char *id = hub_demo_dup_id (demo, "staff-role", key);
  g_autofree char *person = hub_demo_reference (demo, "Practitioner", "staff", key);
  g_autofree char *role = g_key_file_get_string (demo->file, group, "role", NULL);
  FhirBuilder *builder = fhir_builder_new ("PractitionerRole", id);

  fhir_builder_set_boolean (builder, "active", TRUE);
  fhir_builder_set (builder, "practitioner.reference", person);
  fhir_builder_set_coding (builder, "code.0", CARE_SYSTEM_ROLE, role, NULL);
  hub_demo_add (demo, builder);
}

static void
add_staff (HubDemo *demo, const char *group, const char *key)
{
  g_autofree char *id = hub_demo_dup_id (demo, "staff", key);
  g_autofree char *gender = g_key_file_get_string (demo->file, group, "gender", NULL);
  FhirBuilder *builder = fhir_builder_new ("Practitioner", id);

  fhir_builder_set_boolean (builder, "active", TRUE);
  hub_demo_add_name (builder, demo->file, group);
  fhir_builder_set (builder, "gender", gender);
  add_contact (demo, builder, group);
  hub_demo_add (demo, builder);
  add_role (demo, group, key);
}

/* The language, and whether somebody has to translate. */
static void
add_language (HubDemo *demo, FhirBuilder *builder, const char *group)
{
  g_autofree char *language = g_key_file_get_string (demo->file, group, "language", NULL);
  g_autofree char *interpreter = g_key_file_get_value (demo->file, group, "interpreter", NULL);

  fhir_builder_set_coding (builder, "communication.0.language", "urn:ietf:bcp:47", language, NULL);
  fhir_builder_set_boolean (builder, "communication.0.preferred", TRUE);
  if (g_strcmp0 (interpreter, "yes") != 0)
    return;
  fhir_builder_set (builder, "extension.0.url",
                    "http://hl7.org/fhir/StructureDefinition/patient-interpreterRequired");
  fhir_builder_set_boolean (builder, "extension.0.valueBoolean", TRUE);
}

/* Whom to ring: relationship;family;given;phone. */
static void
add_next_of_kin (HubDemo *demo, FhirBuilder *builder, const char *group)
{
  g_auto (GStrv) kin = g_key_file_get_string_list (demo->file, group, "contact", NULL, NULL);

  if (kin == NULL || g_strv_length (kin) != 4)
    return;
  fhir_builder_set_many (builder, "contact.0.relationship.0.text", kin[0], "contact.0.name.family",
                         kin[1], "contact.0.name.given.0", kin[2], "contact.0.telecom.0.system",
                         "phone", "contact.0.telecom.0.value", kin[3], NULL);
}

static char *
birth_date_of (HubDemo *demo, const char *group)
{
  g_autofree char *age = g_key_file_get_string (demo->file, group, "age", NULL);
  g_autoptr (GDateTime) this_day = g_date_time_add_years (demo->now, -atoi (age));
  g_autoptr (GDateTime) birth = g_date_time_add_days (this_day, -atoi (strchr (age, ' ') + 1));

  return g_date_time_format (birth, "%Y-%m-%d");
}

static void
add_person (HubDemo *demo, const char *group, const char *id)
{
  g_autofree char *identifier = g_key_file_get_string (demo->file, group, "identifier", NULL);
  g_autofree char *gender = g_key_file_get_string (demo->file, group, "gender", NULL);
  g_autofree char *died = g_key_file_get_value (demo->file, group, "died", NULL);
  g_autofree char *birth_date = birth_date_of (demo, group);
  g_autofree char *doctor = hub_demo_doctor (demo);
  FhirBuilder *builder = fhir_builder_new ("Patient", id);

  fhir_builder_set_many (builder, "identifier.0.system",
                         "https://bedside.health/fhir/demo-patient-number", "identifier.0.value",
                         identifier, "gender", gender, "birthDate", birth_date, NULL);
  fhir_builder_set_boolean (builder, "active", TRUE);
  hub_demo_add_name (builder, demo->file, group);
  add_contact (demo, builder, group);
  add_language (demo, builder, group);
  add_next_of_kin (demo, builder, group);
  hub_demo_add_photo (demo, builder, group);
  fhir_builder_set (builder, "generalPractitioner.0.reference", doctor);
  if (died != NULL)
    {
      g_autofree char *when = hub_demo_instant (demo, atoi (died), 4 * 60 + 35);

      fhir_builder_set (builder, "deceasedDateTime", when);
    }
  hub_demo_add (demo, builder);
}

/* One group of the kind "patient KEY", with all that belongs to it. */
void
hub_demo_add_patient (HubDemo *demo, const char *group, const char *key)
{
  g_autofree char *id = hub_demo_dup_id (demo, "patient", key);
  g_autofree char *patient = g_strconcat ("Patient/", id, NULL);

  g_free (demo->doctor);
  demo->doctor = g_key_file_get_value (demo->file, group, "doctor", NULL);
  add_person (demo, group, id);
  hub_demo_add_chart (demo, group, patient);
  hub_demo_add_around (demo, group, patient);
  hub_demo_add_sensor (demo, group, patient);
  hub_demo_add_inbox (demo, group, patient);
  hub_demo_add_day (demo, group, patient);
}

/* The clinic itself, its people and the pharmacies around it: one group of the file. */
static void
add_house (HubDemo *demo, const char *group)
{
  const char *key = strchr (group, ' ');

  key = key != NULL ? key + 1 : group;
  if (g_str_equal (group, "clinic"))
    add_organization (demo, group, "clinic", key);
  else if (g_str_has_prefix (group, "pharmacy "))
    add_organization (demo, group, "pharmacy", key);
  else if (g_str_has_prefix (group, "staff "))
    add_staff (demo, group, key);
}

/**
 * hub_demo_resources:
 * @clock: says what today is, and what is in progress
 * @seed: another seed gives other ids
 *
 * Returns: (transfer full) (nullable): the clinic's resources, each after what it refers to
 */
GPtrArray *
hub_demo_resources (BaseClock *clock, const char *seed, GError **error)
{
  g_autoptr (GKeyFile) file = load_all (error);
  g_autoptr (GDateTime) now = base_clock_dup_now (clock);
  g_autoptr (GPtrArray) resources =
      g_ptr_array_new_with_free_func ((GDestroyNotify) fhir_resource_unref);
  HubDemo demo = { .file = file, .seed = seed, .now = now, .resources = resources };
  g_auto (GStrv) groups = NULL;

  if (file == NULL)
    return NULL;
  groups = g_key_file_get_groups (file, NULL);
  for (char **group = groups; *group != NULL; group++)
    if (g_str_has_prefix (*group, "patient "))
      hub_demo_add_patient (&demo, *group, *group + strlen ("patient "));
    else
      add_house (&demo, *group);
  g_free (demo.doctor);
  return g_steal_pointer (&resources);
}

/**
 * hub_demo_staff:
 *
 * Returns: (transfer full) (nullable): the login names of the demo's staff, NULL-terminated
 */
char **
hub_demo_staff (GError **error)
{
  g_autoptr (GKeyFile) file = load_house (error);
  g_autoptr (GStrvBuilder) names = g_strv_builder_new ();
  g_auto (GStrv) groups = NULL;

  if (file == NULL)
    return NULL;
  groups = g_key_file_get_groups (file, NULL);
  for (char **group = groups; *group != NULL; group++)
    if (g_str_has_prefix (*group, "staff "))
      g_strv_builder_add (names, *group + strlen ("staff "));
  return g_strv_builder_end (names);
}

static char *
staff_value (const char *key, const char *name)
{
  g_autoptr (GKeyFile) file = load_house (NULL);
  g_autofree char *group = g_strconcat ("staff ", key, NULL);

  return file != NULL ? g_key_file_get_string (file, group, name, NULL) : NULL;
}

/**
 * hub_demo_staff_role:
 *
 * Returns: (transfer full) (nullable): "prescriber", "nurse" or "reception"
 */
char *
hub_demo_staff_role (const char *key)
{
  return staff_value (key, "role");
}

/**
 * hub_demo_staff_name:
 *
 * Returns: (transfer full) (nullable): as in "Dr Adaeze Okafor"
 */
char *
hub_demo_staff_name (const char *key)
{
  g_autofree char *name = staff_value (key, "name");
  g_auto (GStrv) parts = name != NULL ? g_strsplit (name, ";", 3) : NULL;

  if (parts == NULL || g_strv_length (parts) < 2)
    return NULL;
  return parts[2] != NULL ? g_strdup_printf ("%s %s %s", parts[2], parts[1], parts[0])
                          : g_strdup_printf ("%s %s", parts[1], parts[0]);
}
