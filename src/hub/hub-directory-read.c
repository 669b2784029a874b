/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hub-directory-private.h"

#include <math.h>
#include <string.h>

#include "fhir-builder.h"
#include "hub-patient-directory.h"
#include "hub-patient-private.h"
#include "hub-reply.h"

/* A pharmacy's listing, read from what somebody outside has posted, and written as FHIR. Every
 * member is known and checked; what is not known is refused by name, so that nobody believes it was
 * taken. */

#define MAX_SPANS 21
#define WHO       "directory"

static const char *const week[] = { "mon", "tue", "wed", "thu", "fri", "sat", "sun" };

G_STATIC_ASSERT (G_N_ELEMENTS (week) == G_N_ELEMENTS (((HubListingHours *) NULL)->days));

static void
hours_free (gpointer data)
{
  HubListingHours *self = data;

  g_free (self->from);
  g_free (self->to);
  g_free (self);
}

void
hub_listing_free (HubListing *self)
{
  char *texts[] = { self->name, self->registration, self->phone,       self->email,
                    self->line, self->city,         self->postal_code, self->country };

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    g_free (texts[i]);
  g_clear_pointer (&self->hours, g_ptr_array_unref);
  g_free (self);
}

static gboolean
refuse (GError **error, const char *form, const char *name)
{
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
  g_set_error (error, HUB_ERROR, 422, form, name);
#pragma GCC diagnostic pop
  return FALSE;
}

/* ---- members ---- */

static gboolean
knows_all (JsonObject *object, const char *const *names, GError **error)
{
  g_autoptr (GList) members = json_object_get_members (object);

  for (GList *member = members; member != NULL; member = member->next)
    if (!g_strv_contains (names, member->data))
      {
        g_autofree char *shown = g_utf8_make_valid (member->data, MIN (strlen (member->data), 40));

        return refuse (error, "The member “%s” is not known here", shown);
      }
  return TRUE;
}

/* One line of words. @out stays NULL where an @optional one is not there. */
static gboolean
read_text (
    JsonObject *object, const char *name, glong most, gboolean optional, char **out, GError **error)
{
  JsonNode *node = json_object_get_member (object, name);
  const char *text = node != NULL && JSON_NODE_HOLDS_VALUE (node) &&
                             json_node_get_value_type (node) == G_TYPE_STRING
                         ? json_node_get_string (node)
                         : NULL;
  g_autofree char *clean = hub_patient_plain_text (text, most);

  if (node == NULL && optional)
    return TRUE;
  if (clean == NULL || g_utf8_strlen (clean, -1) < 2 || strpbrk (clean, "\r\n\t") != NULL)
    return refuse (error, "“%s” has to be a line of words, and not a long one", name);
  *out = g_steal_pointer (&clean);
  return TRUE;
}

static gboolean
is_phone (const char *text)
{
  guint digits = 0;

  for (const char *at = text; *at != '\0'; at++)
    if (g_ascii_isdigit (*at))
      digits++;
    else if (strchr (" -./()", *at) == NULL && !(*at == '+' && at == text))
      return FALSE;
  return digits >= 5 && digits <= 15;
}

static gboolean
is_email (const char *text)
{
  const char *at = strchr (text, '@');

  return at != NULL && at != text && at[1] != '\0' && strchr (at + 1, '@') == NULL &&
         strpbrk (text, " <>\"'(),;:\\") == NULL;
}

/* ---- address and place ---- */

static JsonObject *
object_at (JsonObject *object, const char *name)
{
  JsonNode *node = json_object_get_member (object, name);

  return node != NULL && JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
}

static gboolean
read_address (HubListing *self, JsonObject *body, GError **error)
{
  static const char *const names[] = { "line", "city", "postalCode", "country", NULL };
  JsonObject *address = object_at (body, "address");

  if (address == NULL)
    return refuse (error, "“%s” has to have a line, a city and a postalCode", "address");
  return knows_all (address, names, error) &&
         read_text (address, "line", 120, FALSE, &self->line, error) &&
         read_text (address, "city", 80, FALSE, &self->city, error) &&
         read_text (address, "postalCode", 20, FALSE, &self->postal_code, error) &&
         read_text (address, "country", 60, TRUE, &self->country, error);
}

static gboolean
read_degrees (JsonObject *position, const char *name, double most, double *out, GError **error)
{
  JsonNode *node = json_object_get_member (position, name);
  GType type = node != NULL && JSON_NODE_HOLDS_VALUE (node) ? json_node_get_value_type (node)
                                                            : G_TYPE_INVALID;

  *out = type == G_TYPE_DOUBLE || type == G_TYPE_INT64 ? json_node_get_double (node) : NAN;
  return fabs (*out) <= most || refuse (error, "“%s” has to be a number of degrees", name);
}

static gboolean
read_position (HubListing *self, JsonObject *body, GError **error)
{
  static const char *const names[] = { "latitude", "longitude", NULL };
  JsonObject *position = object_at (body, "position");

  self->has_position = json_object_has_member (body, "position");
  if (!self->has_position)
    return TRUE;
  if (position == NULL)
    return refuse (error, "“%s” has to have latitude and longitude", "position");
  return knows_all (position, names, error) &&
         read_degrees (position, "latitude", 90, &self->latitude, error) &&
         read_degrees (position, "longitude", 180, &self->longitude, error);
}

/* ---- hours, and how it hands over ---- */

static JsonArray *
array_at (JsonObject *object, const char *name, guint most)
{
  JsonNode *node = json_object_get_member (object, name);
  JsonArray *array =
      node != NULL && JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;

  return array != NULL && json_array_get_length (array) > 0 && json_array_get_length (array) <= most
             ? array
             : NULL;
}

/* The place of a word in a list; -1 where it is none of it, or no word. */
static int
word_at (JsonArray *array, guint index, const char *const *words, guint count)
{
  JsonNode *node = json_array_get_element (array, index);
  const char *text =
      JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == G_TYPE_STRING
          ? json_node_get_string (node)
          : NULL;

  for (guint i = 0; text != NULL && i < count; i++)
    if (g_str_equal (words[i], text))
      return (int) i;
  return -1;
}

static gboolean
read_modes (HubListing *self, JsonObject *body, GError **error)
{
  JsonArray *supply = array_at (body, "supply", G_N_ELEMENTS (self->modes));

  for (guint i = 0; supply != NULL && i < json_array_get_length (supply); i++)
    {
      int mode = word_at (supply, i, hub_supply_modes, G_N_ELEMENTS (self->modes));

      if (mode < 0)
        supply = NULL;
      else
        self->modes[mode] = TRUE;
    }
  return supply != NULL ||
         refuse (error, "“%s” has to name pick-up, delivery or mail, each once", "supply");
}

static gboolean
is_time (const char *text, gboolean ends)
{
  return text != NULL && strlen (text) == 5 && g_ascii_isdigit (text[0]) &&
         g_ascii_isdigit (text[1]) && text[2] == ':' && g_ascii_isdigit (text[3]) &&
         g_ascii_isdigit (text[4]) && text[3] < '6' &&
         (strcmp (text, "24:00") < 0 || (ends && g_str_equal (text, "24:00")));
}

static gboolean
read_span (JsonNode *node, HubListingHours *span, GError **error)
{
  static const char *const names[] = { "days", "from", "to", NULL };
  JsonObject *object = JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
  JsonArray *days = object != NULL ? array_at (object, "days", G_N_ELEMENTS (week)) : NULL;
  gboolean good = days != NULL;

  if (object != NULL && !knows_all (object, names, error))
    return FALSE;
  for (guint i = 0; good && i < json_array_get_length (days); i++)
    {
      int day = word_at (days, i, week, G_N_ELEMENTS (week));

      good = day >= 0;
      if (good)
        span->days[day] = TRUE;
    }
  if (good && (!read_text (object, "from", 5, FALSE, &span->from, error) ||
               !read_text (object, "to", 5, FALSE, &span->to, error)))
    return FALSE;
  good = good && is_time (span->from, FALSE) && is_time (span->to, TRUE) &&
         strcmp (span->from, span->to) < 0;
  return good || refuse (error,
                         "Each of “%s” has to have days, as in mon, and from before to, as in "
                         "09:00; what goes past midnight is two of them",
                         "hours");
}

static gboolean
read_hours (HubListing *self, JsonObject *body, GError **error)
{
  JsonArray *hours = array_at (body, "hours", MAX_SPANS);

  self->hours = g_ptr_array_new_with_free_func (hours_free);
  if (hours == NULL)
    return refuse (error, "“%s” has to be a list of when it is open", "hours");
  for (guint i = 0; i < json_array_get_length (hours); i++)
    {
      HubListingHours *span = g_new0 (HubListingHours, 1);

      g_ptr_array_add (self->hours, span);
      if (!read_span (json_array_get_element (hours, i), span, error))
        return FALSE;
    }
  return TRUE;
}

/**
 * hub_listing_read:
 * @node: (nullable): what was posted
 * @error: HUB_ERROR 422, with what has to be otherwise
 *
 * Returns: (transfer full) (nullable)
 */
HubListing *
hub_listing_read (JsonNode *node, GError **error)
{
  static const char *const names[] = { "name",     "registration", "phone", "email", "address",
                                       "position", "supply",       "hours", NULL };
  g_autoptr (HubListing) self = g_new0 (HubListing, 1);
  JsonObject *body =
      node != NULL && JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;

  if (body == NULL)
    {
      refuse (error, "Post an object of the media type %s", "application/json");
      return NULL;
    }
  if (!knows_all (body, names, error) ||
      !read_text (body, "name", 100, FALSE, &self->name, error) ||
      !read_text (body, "registration", 60, FALSE, &self->registration, error) ||
      !read_text (body, "phone", 40, FALSE, &self->phone, error) ||
      !read_text (body, "email", 200, TRUE, &self->email, error) ||
      !read_address (self, body, error) || !read_position (self, body, error) ||
      !read_modes (self, body, error) || !read_hours (self, body, error))
    return NULL;
  if (!is_phone (self->phone) || (self->email != NULL && !is_email (self->email)))
    {
      refuse (error, "“%s” cannot be reached as it stands",
              is_phone (self->phone) ? "email" : "phone");
      return NULL;
    }
  return g_steal_pointer (&self);
}

/* ---- as FHIR ---- */

static void
set_address (FhirBuilder *builder, HubListing *self, const char *path)
{
  const struct
  {
    const char *name, *value;
  } parts[] = { { "line.0", self->line },
                { "city", self->city },
                { "postalCode", self->postal_code },
                { "country", self->country } };

  for (gsize i = 0; i < G_N_ELEMENTS (parts); i++)
    {
      g_autofree char *at = g_strdup_printf ("%s.%s", path, parts[i].name);

      fhir_builder_set (builder, at, parts[i].value);
    }
}

static gboolean
put (HubRecords *records, FhirBuilder *builder, GError **error)
{
  g_autoptr (FhirResource) resource = fhir_builder_end (builder);

  return hub_records_put_once (records, resource, WHO, NULL, "listed pharmacy", error);
}

static gboolean
put_organization (HubRecords *records, HubListing *self, const char *id, GError **error)
{
  g_autoptr (FhirBuilder) builder = fhir_builder_new ("Organization", id);

  fhir_builder_set_many (builder, "identifier.0.system", HUB_RECORDS_IDENTIFIER,
                         "identifier.0.value", id, "identifier.1.type.text", "Registration",
                         "identifier.1.value", self->registration, NULL);
  fhir_builder_set_boolean (builder, "active", TRUE);
  fhir_builder_set_coding (builder, "type.0", HUB_ORGANIZATION_TYPE, "pharmacy", NULL);
  fhir_builder_set_many (builder, "name", self->name, "telecom.0.system", "phone",
                         "telecom.0.value", self->phone, NULL);
  set_address (builder, self, "address.0");
  return put (records, builder, error);
}

static gboolean
put_place (HubRecords *records, HubListing *self, const char *id, const char *owner, GError **error)
{
  g_autoptr (FhirBuilder) builder = fhir_builder_new ("Location", id);
  char degrees[G_ASCII_DTOSTR_BUF_SIZE];

  fhir_builder_set_many (builder, "identifier.0.system", HUB_RECORDS_IDENTIFIER,
                         "identifier.0.value", id, "status", "active", "name", self->name, "mode",
                         "instance", NULL);
  set_address (builder, self, "address");
  if (self->has_position)
    {
      fhir_builder_set_decimal (builder, "position.longitude",
                                g_ascii_formatd (degrees, sizeof degrees, "%.6f", self->longitude));
      fhir_builder_set_decimal (builder, "position.latitude",
                                g_ascii_formatd (degrees, sizeof degrees, "%.6f", self->latitude));
    }
  fhir_builder_set (builder, "managingOrganization.reference", owner);
  return put (records, builder, error);
}

/* FHIR's time has no 24:00. */
static char *
dup_time (const char *text)
{
  return g_str_equal (text, "24:00") ? g_strdup ("23:59:00") : g_strconcat (text, ":00", NULL);
}

static void
set_hours (FhirBuilder *builder, HubListing *self)
{
  for (guint i = 0; i < self->hours->len; i++)
    {
      const HubListingHours *span = self->hours->pdata[i];
      g_autofree char *opens = g_strdup_printf ("availableTime.%u.availableStartTime", i);
      g_autofree char *closes = g_strdup_printf ("availableTime.%u.availableEndTime", i);
      g_autofree char *from = dup_time (span->from);
      g_autofree char *to = dup_time (span->to);
      guint count = 0;

      for (gsize day = 0; day < G_N_ELEMENTS (week); day++)
        if (span->days[day])
          {
            g_autofree char *path = g_strdup_printf ("availableTime.%u.daysOfWeek.%u", i, count++);

            fhir_builder_set (builder, path, week[day]);
          }
      fhir_builder_set_many (builder, opens, from, closes, to, NULL);
    }
}

static gboolean
put_service (HubRecords *records,
             HubListing *self,
             const char *id,
             const char *owner,
             const char *place,
             GError **error)
{
  g_autoptr (FhirBuilder) builder = fhir_builder_new ("HealthcareService", id);
  guint count = 0;

  fhir_builder_set_many (builder, "identifier.0.system", HUB_RECORDS_IDENTIFIER,
                         "identifier.0.value", id, NULL);
  fhir_builder_set_boolean (builder, "active", TRUE);
  fhir_builder_set_many (builder, "providedBy.reference", owner, "location.0.reference", place,
                         "name", self->name, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (self->modes); i++)
    if (self->modes[i])
      {
        g_autofree char *path = g_strdup_printf ("characteristic.%u", count++);

        fhir_builder_set_coding (builder, path, HUB_SUPPLY_MODE_SYSTEM, hub_supply_modes[i], NULL);
      }
  set_hours (builder, self);
  return put (records, builder, error);
}

/**
 * hub_listing_put:
 * @id: of the sign-up: the same one twice is the same pharmacy
 *
 * Writes Organization, Location and HealthcareService.
 *
 * Returns: (transfer full) (nullable): the Organization's id
 */
char *
hub_listing_put (HubRecords *records, HubListing *self, const char *id, GError **error)
{
  g_autofree char *organization = g_strconcat ("pharmacy-", id, NULL);
  g_autofree char *owner = g_strconcat ("Organization/", organization, NULL);
  g_autofree char *place = g_strconcat ("place-", id, NULL);
  g_autofree char *location = g_strconcat ("Location/", place, NULL);
  g_autofree char *service = g_strconcat ("counter-", id, NULL);

  if (!put_organization (records, self, organization, error) ||
      !put_place (records, self, place, owner, error) ||
      !put_service (records, self, service, owner, location, error))
    return NULL;
  return g_steal_pointer (&organization);
}
