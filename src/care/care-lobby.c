/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "care-lobby.h"

#include <json-glib/json-glib.h>
#include <string.h>

#define MAX_TEXT   (512 * 1024)
#define MAX_UNREAD 100000

static void
visit_free (gpointer data)
{
  CareLobbyVisit *visit = data;

  g_free (visit->encounter);
  g_free (visit);
}

CareLobby *
care_lobby_new (void)
{
  CareLobby *self = g_new0 (CareLobby, 1);

  self->visits = g_ptr_array_new_with_free_func (visit_free);
  self->people = g_ptr_array_new_with_free_func (g_free);
  return self;
}

void
care_lobby_free (CareLobby *self)
{
  g_ptr_array_unref (self->visits);
  g_ptr_array_unref (self->people);
  g_free (self);
}

void
care_lobby_add_visit (CareLobby *self, const char *encounter, gboolean here, guint unread)
{
  CareLobbyVisit *visit = g_new0 (CareLobbyVisit, 1);

  visit->encounter = g_strdup (encounter);
  visit->here = here;
  visit->unread = unread;
  g_ptr_array_add (self->visits, visit);
}

/* Once, however many windows they have. */
void
care_lobby_add_person (CareLobby *self, const char *reference)
{
  if (!care_lobby_has_person (self, reference))
    g_ptr_array_add (self->people, g_strdup (reference));
}

const CareLobbyVisit *
care_lobby_find (const CareLobby *self, const char *encounter)
{
  for (guint i = 0; i < self->visits->len; i++)
    if (g_strcmp0 (((CareLobbyVisit *) self->visits->pdata[i])->encounter, encounter) == 0)
      return self->visits->pdata[i];
  return NULL;
}

gboolean
care_lobby_has_person (const CareLobby *self, const char *reference)
{
  for (guint i = 0; i < self->people->len; i++)
    if (g_strcmp0 (self->people->pdata[i], reference) == 0)
      return TRUE;
  return FALSE;
}

static gboolean
read_visit (CareLobby *self, JsonNode *node)
{
  JsonObject *object = JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
  JsonNode *visit = object != NULL ? json_object_get_member (object, "visit") : NULL;
  JsonNode *here = object != NULL ? json_object_get_member (object, "here") : NULL;
  JsonNode *unread = object != NULL ? json_object_get_member (object, "unread") : NULL;

  if (visit == NULL || here == NULL || unread == NULL ||
      json_node_get_value_type (visit) != G_TYPE_STRING ||
      json_node_get_value_type (here) != G_TYPE_BOOLEAN ||
      json_node_get_value_type (unread) != G_TYPE_INT64)
    return FALSE;
  care_lobby_add_visit (self, json_node_get_string (visit), json_node_get_boolean (here),
                        (guint) CLAMP (json_node_get_int (unread), 0, MAX_UNREAD));
  return TRUE;
}

static gboolean
read_person (CareLobby *self, JsonNode *node)
{
  if (json_node_get_value_type (node) != G_TYPE_STRING)
    return FALSE;
  care_lobby_add_person (self, json_node_get_string (node));
  return TRUE;
}

static gboolean
read_list (CareLobby *self,
           JsonObject *object,
           const char *name,
           gboolean (*read) (CareLobby *, JsonNode *))
{
  JsonNode *node = json_object_get_member (object, name);
  JsonArray *list =
      node != NULL && JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;

  if (list == NULL || json_array_get_length (list) > CARE_LOBBY_MAX_VISITS)
    return FALSE;
  for (guint i = 0; i < json_array_get_length (list); i++)
    {
      JsonNode *item = json_array_get_element (list, i);

      if (JSON_NODE_HOLDS_NULL (item) || !read (self, item))
        return FALSE;
    }
  return TRUE;
}

/**
 * care_lobby_parse:
 * @length: -1 where it ends with a zero
 *
 * Returns: (transfer full) (nullable): what the text says; NULL where it is not such a text
 */
CareLobby *
care_lobby_parse (const char *text, gssize length)
{
  g_autoptr (JsonParser) parser = json_parser_new ();
  g_autoptr (CareLobby) self = care_lobby_new ();
  gsize size = length < 0 ? strlen (text) : (gsize) length;
  JsonNode *root;

  json_parser_set_strict (parser, TRUE);
  if (size > MAX_TEXT || memchr (text, 0, size) != NULL || !g_utf8_validate (text, size, NULL) ||
      !json_parser_load_from_data (parser, text, size, NULL))
    return NULL;
  root = json_parser_get_root (parser);
  if (root == NULL || !JSON_NODE_HOLDS_OBJECT (root) ||
      !read_list (self, json_node_get_object (root), "visits", read_visit) ||
      !read_list (self, json_node_get_object (root), "people", read_person))
    return NULL;
  return g_steal_pointer (&self);
}

/**
 * care_lobby_serialise:
 *
 * Returns: (transfer full): as text; the same lobby is the same text
 */
char *
care_lobby_serialise (const CareLobby *self)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  g_autoptr (JsonNode) root = NULL;

  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "visits");
  json_builder_begin_array (builder);
  for (guint i = 0; i < MIN (self->visits->len, CARE_LOBBY_MAX_VISITS); i++)
    {
      const CareLobbyVisit *visit = self->visits->pdata[i];

      json_builder_begin_object (builder);
      json_builder_set_member_name (builder, "visit");
      json_builder_add_string_value (builder, visit->encounter);
      json_builder_set_member_name (builder, "here");
      json_builder_add_boolean_value (builder, visit->here);
      json_builder_set_member_name (builder, "unread");
      json_builder_add_int_value (builder, visit->unread);
      json_builder_end_object (builder);
    }
  json_builder_end_array (builder);
  json_builder_set_member_name (builder, "people");
  json_builder_begin_array (builder);
  for (guint i = 0; i < MIN (self->people->len, CARE_LOBBY_MAX_VISITS); i++)
    json_builder_add_string_value (builder, self->people->pdata[i]);
  json_builder_end_array (builder);
  json_builder_end_object (builder);
  root = json_builder_get_root (builder);
  return json_to_string (root, FALSE);
}
