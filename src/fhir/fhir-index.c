/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fhir-index.h"

#include <string.h>

#include "fhir-index-private.h"
#include "fhir-private.h"
#include "fhir-search-parameter-private.h"

/* The paths of all parameters of a type, joined where they begin alike, so that each member of a
 * resource is looked up once. Made when the first resource of the type is indexed, kept for good.
 */
typedef struct
{
  char *name;
  gsize name_length;
  char *filter_member; /* (nullable): only items whose member is the value */
  char *filter_value;
  GPtrArray *children; /* of Node */
  GArray *leaves;      /* of FhirIndexLeaf */
} Node;

/* Whether one of some members is there and not false: Patient.deceased. */
typedef struct
{
  const char *parameter;
  GPtrArray *members; /* of char* */
} Presence;

typedef struct
{
  Node *root;
  GPtrArray *presences; /* of Presence */
} Plan;

static Node *
node_new (const char *name, gsize length)
{
  Node *self = g_new0 (Node, 1);

  self->name = g_strndup (name, length);
  self->name_length = length;
  self->children = g_ptr_array_new ();
  self->leaves = g_array_new (FALSE, FALSE, sizeof (FhirIndexLeaf));
  return self;
}

static Node *
node_child (Node *self, const char *name, gsize length, const char *filter, gsize filter_length)
{
  const char *equals = filter != NULL ? memchr (filter, '=', filter_length) : NULL;
  g_autofree char *member = NULL, *value = NULL;
  Node *child;

  if (equals != NULL)
    {
      member = g_strndup (filter, (gsize) (equals - filter));
      value = g_strndup (equals + 1, filter_length - (gsize) (equals + 1 - filter));
    }
  for (guint i = 0; i < self->children->len; i++)
    {
      child = self->children->pdata[i];
      if (child->name_length == length && memcmp (child->name, name, length) == 0 &&
          g_strcmp0 (child->filter_member, member) == 0 &&
          g_strcmp0 (child->filter_value, value) == 0)
        return child;
    }
  child = node_new (name, length);
  child->filter_member = g_steal_pointer (&member);
  child->filter_value = g_steal_pointer (&value);
  g_ptr_array_add (self->children, child);
  return child;
}

static void
plan_add_presence (Plan *plan, const FhirSearchParameter *parameter, const char *member)
{
  Presence *presence = NULL;

  for (guint i = 0; i < plan->presences->len && presence == NULL; i++)
    if (((Presence *) plan->presences->pdata[i])->parameter == parameter->code)
      presence = plan->presences->pdata[i];
  if (presence == NULL)
    {
      presence = g_new0 (Presence, 1);
      presence->parameter = parameter->code;
      presence->members = g_ptr_array_new ();
      g_ptr_array_add (plan->presences, presence);
    }
  g_ptr_array_add (presence->members, g_strdup (member));
}

/* @path is "name[system=email].part:Type"; a filter that begins with @ is a type of reference. */
static void
plan_add_path (Plan *plan, const FhirSearchParameter *parameter, const char *path)
{
  FhirIndexLeaf leaf = { .parameter = parameter->code, .type = parameter->type };
  Node *node = plan->root;
  const char *at = path;

  while (*at != ':')
    {
      gsize length = strcspn (at, ".[:"), filter_length = 0;
      const char *filter = NULL, *name = at;

      at += length;
      if (*at == '[')
        {
          filter = at + 1;
          filter_length = strcspn (filter, "]");
          at = filter + filter_length + 1;
        }
      if (filter != NULL && *filter == '@')
        leaf.target = g_strndup (filter + 1, filter_length - 1);
      node = node_child (node, name, length, filter, filter_length);
      if (*at == '.')
        at++;
    }
  leaf.convert = fhir_index_converter (parameter->type, at + 1);
  if (parameter->type == FHIR_SEARCH_REFERENCE)
    leaf.identifier_parameter = g_strconcat (parameter->code, ":identifier", NULL);
  /* The words of a “combo-” parameter are those of the two that it joins. */
  if (parameter->type == FHIR_SEARCH_TOKEN && !g_str_has_prefix (parameter->code, "combo-"))
    leaf.text_parameter = g_strconcat (parameter->code, ":text", NULL);
  g_array_append_val (node->leaves, leaf);
}

static void
plan_add_composite (Plan *plan, const FhirSearchParameter *parameter)
{
  const FhirComposite *composite =
      fhir_search_parameter_get_composite (parameter->resource_type, parameter->code);

  /* The others are found by the rows of the two parameters that they join. */
  if (composite != NULL && composite->token == NULL)
    plan_add_path (plan, parameter,
                   composite->second_type == FHIR_SEARCH_QUANTITY ? "component:Quantity"
                                                                  : "component:CodeableConcept");
}

static void
plan_add_parameters (Plan *plan, const char *resource_type)
{
  gsize count;
  const FhirSearchParameter *list = fhir_search_parameter_list (resource_type, &count);

  for (gsize i = 0; i < count; i++)
    {
      g_auto (GStrv) paths = g_strsplit (list[i].paths, "|", -1);

      if (list[i].type == FHIR_SEARCH_COMPOSITE)
        plan_add_composite (plan, &list[i]);

      for (char **path = paths; *path != NULL; path++)
        if (**path == '?')
          {
            *strchr (*path, ':') = '\0';
            plan_add_presence (plan, &list[i], *path + 1);
          }
        else
          plan_add_path (plan, &list[i], *path);
    }
}

static const Plan *
plan_for (const char *resource_type)
{
  static GMutex lock;
  static GHashTable *plans;
  Plan *plan;

  g_mutex_lock (&lock);
  if (plans == NULL)
    plans = g_hash_table_new (g_str_hash, g_str_equal);
  plan = g_hash_table_lookup (plans, resource_type);
  if (plan == NULL)
    {
      plan = g_new0 (Plan, 1);
      plan->root = node_new ("", 0);
      plan->presences = g_ptr_array_new ();
      plan_add_parameters (plan, "*");
      plan_add_parameters (plan, resource_type);
      g_hash_table_insert (plans, g_strdup (resource_type), plan);
    }
  g_mutex_unlock (&lock);
  return plan;
}

static void
visit (const Node *node, yyjson_val *item, GPtrArray *values)
{
  if (node->filter_member != NULL &&
      !yyjson_equals_str (yyjson_obj_get (item, node->filter_member), node->filter_value))
    return;
  for (guint i = 0; i < node->leaves->len; i++)
    {
      const FhirIndexLeaf *leaf = &g_array_index (node->leaves, FhirIndexLeaf, i);

      leaf->convert (leaf, ELEMENT (item), values);
    }
  for (guint i = 0; i < node->children->len; i++)
    {
      const Node *child = node->children->pdata[i];
      yyjson_val *value = yyjson_obj_getn (item, child->name, child->name_length);

      if (yyjson_is_arr (value))
        {
          fhir_element_foreach (next, ELEMENT (value))
            visit (child, VALUE (next), values);
        }
      else if (value != NULL)
        visit (child, value, values);
    }
}

/**
 * fhir_index_values:
 *
 * Finds the values by which the official R4 search parameters find @resource. Elements that are not
 * of their type's shape are passed over.
 *
 * Returns: (transfer full) (element-type FhirIndexValue): the values, freed with the array
 */
GPtrArray *
fhir_index_values (FhirResource *resource)
{
  const Plan *plan = plan_for (fhir_resource_get_type (resource));
  GPtrArray *values = g_ptr_array_new_full (32, (GDestroyNotify) fhir_index_value_free);
  const FhirElement *root = fhir_resource_get_root (resource);

  visit (plan->root, VALUE (root), values);
  for (guint i = 0; i < plan->presences->len; i++)
    {
      const Presence *presence = plan->presences->pdata[i];
      gboolean there = FALSE;

      for (guint j = 0; j < presence->members->len; j++)
        {
          const char *text =
              fhir_element_get_text (fhir_element_get (root, presence->members->pdata[j]));

          there = there || (text != NULL && !g_str_equal (text, "false"));
        }
      fhir_index_add_boolean (presence->parameter, there, values);
    }
  return values;
}

static gboolean
check_leaves (const Node *node, yyjson_val *item, const char *path, GError **error)
{
  const char *member = "";
  const char *text = NULL;

  for (guint i = 0; i < node->leaves->len && text == NULL; i++)
    text = fhir_index_find_date_fault (&g_array_index (node->leaves, FhirIndexLeaf, i),
                                       ELEMENT (item), &member);
  if (text == NULL)
    return TRUE;
  g_set_error (error, FHIR_ERROR, FHIR_ERROR_VALUE,
               "“%s%s%s” is “%.40s”: there is no such date. Write it as 2026, 2026-11, 2026-11-09 "
               "or 2026-11-09T14:05:00Z",
               path, *member != '\0' ? "." : "", member, text);
  return FALSE;
}

static gboolean
check_dates (const Node *node, yyjson_val *item, const char *path, GError **error)
{
  if (node->filter_member != NULL &&
      !yyjson_equals_str (yyjson_obj_get (item, node->filter_member), node->filter_value))
    return TRUE;
  if (!check_leaves (node, item, path, error))
    return FALSE;
  for (guint i = 0; i < node->children->len; i++)
    {
      const Node *child = node->children->pdata[i];
      yyjson_val *value = yyjson_obj_getn (item, child->name, child->name_length);
      g_autofree char *here =
          value != NULL ? g_strconcat (path, *path != '\0' ? "." : "", child->name, NULL) : NULL;

      /* A server writes its own meta. */
      if (value == NULL || strcmp (here, "meta") == 0)
        continue;
      if (!yyjson_is_arr (value) && !check_dates (child, value, here, error))
        return FALSE;
      if (yyjson_is_arr (value))
        fhir_element_foreach (next, ELEMENT (value))
          if (!check_dates (child, VALUE (next), here, error))
            return FALSE;
    }
  return TRUE;
}

/**
 * fhir_index_check_dates:
 *
 * Returns: whether each date by which @resource is found is one that there is; else
 *   FHIR_ERROR_VALUE that names the element
 */
gboolean
fhir_index_check_dates (FhirResource *resource, GError **error)
{
  const Plan *plan = plan_for (fhir_resource_get_type (resource));

  return check_dates (plan->root, VALUE (fhir_resource_get_root (resource)), "", error);
}
