/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hub-patient-directory.h"

#include <math.h>
#include <string.h>

#include "fhir-concept.h"
#include "hub-reply.h"

/* The pharmacies that a patient may choose from, with what they say of themselves: where they are,
 * when they are open, and how they hand over. The clinic is never one of them. How far away they
 * are the page reckons for itself: nobody tells the hub where the patient is. */

#define DELIVERY_EXTENSION "https://bedside.health/fhir/StructureDefinition/pharmacy-delivery"
#define MAX_LISTED         200
#define MAX_HOURS          30
#define AT_ONCE            40 /* pharmacies in one query */

const char *const hub_supply_modes[] = { HUB_SUPPLY_PICK_UP, HUB_SUPPLY_DELIVERY, HUB_SUPPLY_MAIL,
                                         NULL };

static const char *const week[] = { "mon", "tue", "wed", "thu", "fri", "sat", "sun", NULL };

/* What is known of one pharmacy; resources are borrowed. */
typedef struct
{
  FhirResource *organization;
  GPtrArray *places, *services;
} Pharmacy;

static void
pharmacy_free (gpointer data)
{
  Pharmacy *self = data;

  g_ptr_array_unref (self->places);
  g_ptr_array_unref (self->services);
  g_free (self);
}

char *
hub_patient_dup_address (const FhirElement *address)
{
  g_autoptr (GString) text = g_string_new (NULL);
  const char *const parts[] = { "city", "state", "postalCode" };
  const char *whole = fhir_element_path_text (address, "text");

  if (address == NULL)
    return NULL;
  if (whole != NULL)
    return g_strdup (whole);
  fhir_element_foreach (line, fhir_element_get (address, "line"))
    g_string_append_printf (text, "%s%s", text->len > 0 ? ", " : "", fhir_element_get_text (line));
  for (gsize i = 0; i < G_N_ELEMENTS (parts); i++)
    {
      const char *part = fhir_element_path_text (address, parts[i]);

      if (part != NULL)
        g_string_append_printf (text, "%s%s", text->len > 0 ? ", " : "", part);
    }
  return g_string_free_and_steal (g_steal_pointer (&text));
}

const char *
hub_patient_pharmacy_phone (FhirResource *pharmacy)
{
  fhir_element_foreach (telecom, fhir_resource_path (pharmacy, "telecom"))
    if (g_strcmp0 (fhir_element_path_text (telecom, "system"), "phone") == 0)
      return fhir_element_path_text (telecom, "value");
  return NULL;
}

static gboolean
has_type (FhirResource *organization, const char *code)
{
  fhir_element_foreach (type, fhir_resource_path (organization, "type"))
    if (fhir_concept_has_code (type, HUB_ORGANIZATION_TYPE, code))
      return TRUE;
  return FALSE;
}

/**
 * hub_patient_is_listed:
 *
 * Returns: whether it is a pharmacy that patients may choose: one that works, and not the clinic
 */
gboolean
hub_patient_is_listed (FhirResource *organization)
{
  return has_type (organization, "pharmacy") && !has_type (organization, "clinic") &&
         g_strcmp0 (fhir_resource_path_text (organization, "active"), "false") != 0;
}

/* ---- how it hands over ---- */

/* @said: (out): whether it says so itself */
static gboolean
service_offers (FhirResource *service, const char *mode, gboolean *said)
{
  gboolean offers = FALSE;

  fhir_element_foreach (characteristic, fhir_resource_path (service, "characteristic"))
    {
      *said |= fhir_concept_get_code (characteristic, HUB_SUPPLY_MODE_SYSTEM) != NULL;
      offers |= fhir_concept_has_code (characteristic, HUB_SUPPLY_MODE_SYSTEM, mode);
    }
  return offers;
}

/* Of one that says nothing, what most do; it refuses what it cannot do. */
static gboolean
offers (const Pharmacy *self, const char *mode)
{
  gboolean said = FALSE, found = FALSE;

  for (guint i = 0; i < self->services->len; i++)
    found |= service_offers (self->services->pdata[i], mode, &said);
  if (said)
    return found;
  fhir_element_foreach (extension, fhir_resource_path (self->organization, "extension"))
    if (g_strcmp0 (fhir_element_path_text (extension, "url"), DELIVERY_EXTENSION) == 0 &&
        !fhir_element_is_true (fhir_element_get (extension, "valueBoolean")))
      return g_str_equal (mode, HUB_SUPPLY_PICK_UP);
  return !g_str_equal (mode, HUB_SUPPLY_MAIL);
}

/* ---- what belongs to it ---- */

static void
hand_out (HubRecords *records,
          const char *type,
          const char *query,
          const char *path,
          GHashTable *by_reference,
          GPtrArray *keep)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) found = hub_records_search (records, type, query, &error);

  /* A list without hours is better than none. */
  if (found == NULL)
    g_message ("Opening hours and places of pharmacies are left out: %s", error->message);
  for (guint i = 0; found != NULL && i < found->len; i++)
    {
      FhirResource *resource = found->pdata[i];
      const char *owner = fhir_resource_path_text (resource, path);
      Pharmacy *pharmacy = owner != NULL ? g_hash_table_lookup (by_reference, owner) : NULL;

      if (pharmacy == NULL ||
          g_strcmp0 (fhir_resource_path_text (resource, "active"), "false") == 0 ||
          g_strcmp0 (fhir_resource_path_text (resource, "status"), "inactive") == 0)
        continue;
      g_ptr_array_add (g_str_equal (type, "Location") ? pharmacy->places : pharmacy->services,
                       resource);
      g_ptr_array_add (keep, fhir_resource_ref (resource));
    }
}

/* (transfer full): each with its places and services. @keep: takes what they borrow */
static GPtrArray *
gather (HubRecords *records, GPtrArray *organizations, GPtrArray *keep)
{
  GPtrArray *pharmacies = g_ptr_array_new_with_free_func (pharmacy_free);
  g_autoptr (GHashTable) by_reference =
      g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (GString) names = g_string_new ("organization=");

  for (guint i = 0; i < organizations->len; i++)
    {
      Pharmacy *pharmacy = g_new0 (Pharmacy, 1);
      char *reference = fhir_resource_dup_reference (organizations->pdata[i]);

      pharmacy->organization = organizations->pdata[i];
      pharmacy->places = g_ptr_array_new ();
      pharmacy->services = g_ptr_array_new ();
      g_ptr_array_add (pharmacies, pharmacy);
      g_hash_table_insert (by_reference, reference, pharmacy);
      g_string_append_printf (names, "%s%s", i % AT_ONCE > 0 ? "," : "", reference);
      if (i % AT_ONCE < AT_ONCE - 1 && i + 1 < organizations->len)
        continue;
      hand_out (records, "Location", names->str, "managingOrganization.reference", by_reference,
                keep);
      hand_out (records, "HealthcareService", names->str, "providedBy.reference", by_reference,
                keep);
      g_string_assign (names, "organization=");
    }
  return pharmacies;
}

/* ---- opening hours ---- */

/* "08:30:00" is "08:30"; NULL for what is no time of day */
static char *
dup_hour (const char *time)
{
  guint hour, minute;

  if (time == NULL || strlen (time) < 5 || !g_ascii_isdigit (time[0]) ||
      !g_ascii_isdigit (time[1]) || time[2] != ':' || !g_ascii_isdigit (time[3]) ||
      !g_ascii_isdigit (time[4]))
    return NULL;
  hour = (guint) (time[0] - '0') * 10 + (guint) (time[1] - '0');
  minute = (guint) (time[3] - '0') * 10 + (guint) (time[4] - '0');
  return hour * 60 + minute <= 24 * 60 && minute < 60 ? g_strndup (time, 5) : NULL;
}

static void
write_span (const FhirElement *span, const char *opens, const char *closes, JsonBuilder *out)
{
  gboolean whole = fhir_element_is_true (fhir_element_get (span, "allDay"));
  g_autofree char *from =
      whole ? g_strdup ("00:00") : dup_hour (fhir_element_path_text (span, opens));
  g_autofree char *to =
      whole ? g_strdup ("24:00") : dup_hour (fhir_element_path_text (span, closes));

  if (from == NULL || to == NULL)
    return;
  json_builder_begin_object (out);
  json_builder_set_member_name (out, "days");
  json_builder_begin_array (out);
  fhir_element_foreach (day, fhir_element_get (span, "daysOfWeek"))
    if (fhir_element_get_text (day) != NULL && g_strv_contains (week, fhir_element_get_text (day)))
      json_builder_add_string_value (out, fhir_element_get_text (day));
  json_builder_end_array (out);
  hub_reply_add_text (out, "from", from);
  hub_reply_add_text (out, "to", to);
  json_builder_end_object (out);
}

static void
write_spans (const FhirElement *spans, const char *opens, const char *closes, JsonBuilder *out)
{
  guint count = 0;

  json_builder_set_member_name (out, "hours");
  json_builder_begin_array (out);
  fhir_element_foreach (span, spans)
    if (count++ < MAX_HOURS)
      write_span (span, opens, closes, out);
  json_builder_end_array (out);
}

/* The counter's own hours before those of the house. */
static void
write_hours (const Pharmacy *self, JsonBuilder *out)
{
  for (guint i = 0; i < self->services->len; i++)
    {
      const FhirElement *spans = fhir_resource_path (self->services->pdata[i], "availableTime");

      if (fhir_element_get_length (spans) == 0)
        continue;
      write_spans (spans, "availableStartTime", "availableEndTime", out);
      hub_reply_add_text (out, "exceptions",
                          fhir_resource_path_text (self->services->pdata[i],
                                                   "availabilityExceptions"));
      return;
    }
  for (guint i = 0; i < self->places->len; i++)
    {
      const FhirElement *spans = fhir_resource_path (self->places->pdata[i], "hoursOfOperation");

      if (fhir_element_get_length (spans) == 0)
        continue;
      write_spans (spans, "openingTime", "closingTime", out);
      hub_reply_add_text (out, "exceptions",
                          fhir_resource_path_text (self->places->pdata[i],
                                                   "availabilityExceptions"));
      return;
    }
}

/* ---- the list ---- */

static void
write_position (const Pharmacy *self, JsonBuilder *out)
{
  for (guint i = 0; i < self->places->len; i++)
    {
      const FhirElement *position = fhir_resource_path (self->places->pdata[i], "position");
      double latitude = fhir_element_get_double (fhir_element_get (position, "latitude"), NAN);
      double longitude = fhir_element_get_double (fhir_element_get (position, "longitude"), NAN);

      if (!(fabs (latitude) <= 90) || !(fabs (longitude) <= 180))
        continue;
      json_builder_set_member_name (out, "latitude");
      json_builder_add_double_value (out, latitude);
      json_builder_set_member_name (out, "longitude");
      json_builder_add_double_value (out, longitude);
      return;
    }
}

static void
write_pharmacy (const Pharmacy *self, JsonBuilder *out)
{
  FhirResource *organization = self->organization;
  const FhirElement *place = fhir_resource_path (organization, "address.0");
  g_autofree char *address = NULL;

  if (place == NULL && self->places->len > 0)
    place = fhir_resource_path (self->places->pdata[0], "address");
  address = hub_patient_dup_address (place);
  json_builder_begin_object (out);
  hub_reply_add_text (out, "id", fhir_resource_get_id (organization));
  hub_reply_add_text (out, "name", fhir_resource_path_text (organization, "name"));
  hub_reply_add_text (out, "address", address);
  hub_reply_add_text (out, "city", fhir_element_path_text (place, "city"));
  hub_reply_add_text (out, "postalCode", fhir_element_path_text (place, "postalCode"));
  hub_reply_add_text (out, "phone", hub_patient_pharmacy_phone (organization));
  write_position (self, out);
  write_hours (self, out);
  json_builder_set_member_name (out, "modes");
  json_builder_begin_array (out);
  for (gsize i = 0; hub_supply_modes[i] != NULL; i++)
    if (offers (self, hub_supply_modes[i]))
      json_builder_add_string_value (out, hub_supply_modes[i]);
  json_builder_end_array (out);
  json_builder_end_object (out);
}

static gboolean
is_in (GPtrArray *organizations, const char *id)
{
  for (guint i = 0; i < organizations->len; i++)
    if (g_strcmp0 (fhir_resource_get_id (organizations->pdata[i]), id) == 0)
      return TRUE;
  return FALSE;
}

/* (transfer full) (nullable): the first ones, and @preferred wherever it stands.
 *
 * @omitted: (out): how many more there are */
static GPtrArray *
find_listed (HubRecords *records, const char *preferred, guint *omitted, GError **error)
{
  g_autoptr (GPtrArray) all = hub_records_search (records, "Organization",
                                                  "type=" HUB_ORGANIZATION_TYPE "|pharmacy", error);
  g_autoptr (GPtrArray) listed =
      g_ptr_array_new_with_free_func ((GDestroyNotify) fhir_resource_unref);
  g_autoptr (FhirResource) last = NULL;

  *omitted = 0;
  if (all == NULL)
    return NULL;
  if (preferred != NULL && !is_in (all, preferred))
    last = hub_records_get (records, "Organization", preferred, NULL);
  if (last != NULL)
    g_ptr_array_add (all, g_steal_pointer (&last));
  for (guint i = 0; i < all->len; i++)
    if (!hub_patient_is_listed (all->pdata[i]))
      continue;
    else if (listed->len < MAX_LISTED ||
             g_strcmp0 (fhir_resource_get_id (all->pdata[i]), preferred) == 0)
      g_ptr_array_add (listed, fhir_resource_ref (all->pdata[i]));
    else
      ++*omitted;
  return g_steal_pointer (&listed);
}

/**
 * hub_patient_write_pharmacies:
 * @preferred: (nullable): id of one that is among them in any case, while it is listed
 * @out: in an object
 *
 * Adds `pharmacies`, and `pharmaciesOmitted`: how many more there are.
 */
gboolean
hub_patient_write_pharmacies (HubRecords *records,
                              const char *preferred,
                              JsonBuilder *out,
                              GError **error)
{
  guint omitted;
  g_autoptr (GPtrArray) listed = find_listed (records, preferred, &omitted, error);
  g_autoptr (GPtrArray) keep =
      g_ptr_array_new_with_free_func ((GDestroyNotify) fhir_resource_unref);
  g_autoptr (GPtrArray) pharmacies = NULL;

  if (listed == NULL)
    return FALSE;
  pharmacies = gather (records, listed, keep);
  json_builder_set_member_name (out, "pharmacies");
  json_builder_begin_array (out);
  for (guint i = 0; i < pharmacies->len; i++)
    write_pharmacy (pharmacies->pdata[i], out);
  json_builder_end_array (out);
  json_builder_set_member_name (out, "pharmaciesOmitted");
  json_builder_add_int_value (out, omitted);
  return TRUE;
}

/**
 * hub_patient_offers:
 *
 * Returns: whether a listed pharmacy hands over in this way
 */
gboolean
hub_patient_offers (HubRecords *records, FhirResource *pharmacy, const char *mode)
{
  g_autoptr (GPtrArray) one = g_ptr_array_new ();
  g_autoptr (GPtrArray) keep =
      g_ptr_array_new_with_free_func ((GDestroyNotify) fhir_resource_unref);
  g_autoptr (GPtrArray) pharmacies = NULL;

  g_ptr_array_add (one, pharmacy);
  pharmacies = gather (records, one, keep);
  return offers (pharmacies->pdata[0], mode);
}
