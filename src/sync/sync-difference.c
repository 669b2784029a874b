/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sync-difference.h"

#include <string.h>

#include "fhir-builder.h"

/* What two sides of a record differ in, element by element. An element is taken whole, so that a
 * number never meets another side's unit (HAZARDS.md, H3); only lists whose items can be told apart
 * by what they are, never by where they stand, are compared item by item. */

/* How the items of a list are told apart: the texts at these paths together. A list that is not
 * here, or in which two items answer alike, is one element. */
static const struct
{
  const char *name;
  const char *paths[4];
} identities[] = {
  { "extension", { "url" } },
  { "identifier", { "system", "type.coding.0.code", "use" } },
  { "telecom", { "system", "use", "rank" } },
  { "name", { "use", "period.start" } },
  { "address", { "use", "type", "period.start" } },
  { "contact", { "relationship.0.coding.0.code", "relationship.0.text" } },
  { "communication", { "language.coding.0.code", "language.text" } },
  { "link", { "other.reference", "target.reference" } },
  { "generalPractitioner", { "reference" } },
  { "participant", { "individual.reference", "actor.reference", "type.0.coding.0.code" } },
  { "statusHistory", { "status", "period.start" } },
  { "location", { "location.reference" } },
  { "diagnosis", { "condition.reference" } },
  { "input", { "type.coding.0.code", "type.text" } },
  { "output", { "type.coding.0.code", "type.text" } },
  { "note", { "time", "authorReference.reference", "authorString" } },
  { "dosageInstruction", { "sequence" } },
  { "component", { "code.coding.0.code", "code.text" } },
  { "item", { "linkId" } },
};

/* Elements of which a resource has one in one of several types. */
static const char *const choices_of_type[] = { "deceased",  "multipleBirth", "value",
                                               "onset",     "abatement",     "effective",
                                               "timing",    "medication",    "occurrence",
                                               "performed", "scheduled",     "serviced",
                                               "collected", "reported",      NULL };

/* A list of @side as its items, with what tells them apart. */
typedef struct
{
  const FhirElement *list;
  GPtrArray *keys;    /* char*, in the list's order */
  GHashTable *by_key; /* → FhirElement */
} Items;

static void
items_clear (Items *items)
{
  g_ptr_array_unref (items->keys);
  g_hash_table_unref (items->by_key);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Items, items_clear)

static void
difference_free (gpointer data)
{
  SyncDifference *difference = data;

  g_free (difference->path);
  g_free (difference->name);
  g_free (difference->key);
  g_free (difference->listed);
  g_free (difference);
}

static gboolean
is_equal (const FhirElement *a, const FhirElement *b)
{
  return (a == NULL || b == NULL) ? a == b : fhir_element_equal (a, b);
}

/* "deceased[x]" for "deceasedBoolean"; the name itself for what has one type. A sibling
 * "_birthDate" belongs to "birthDate". */
static char *
dup_element_name (const char *member)
{
  if (*member == '_')
    member++;
  for (gsize i = 0; choices_of_type[i] != NULL; i++)
    {
      gsize length = strlen (choices_of_type[i]);

      if (strncmp (member, choices_of_type[i], length) == 0 && g_ascii_isupper (member[length]))
        return g_strconcat (choices_of_type[i], "[x]", NULL);
    }
  return g_strdup (member);
}

/* A narrative made of the rest says nothing of its own; one that an author wrote does. */
static gboolean
is_generated (FhirResource *resource)
{
  const char *status = fhir_resource_path_text (resource, "text.status");

  return g_strcmp0 (status, "additional") != 0 && g_strcmp0 (status, "extensions") != 0;
}

static gboolean
is_administrative (FhirResource *resource, const char *member)
{
  return strcmp (member, "meta") == 0 || strcmp (member, "id") == 0 ||
         strcmp (member, "resourceType") == 0 ||
         (strcmp (member, "text") == 0 && is_generated (resource));
}

static void
collect_names (FhirResource *resource, GPtrArray *names)
{
  FhirMemberIter iter;
  const char *member;
  const FhirElement *value;

  if (resource == NULL)
    return;
  fhir_member_iter_init (&iter, fhir_resource_get_root (resource));
  while (fhir_member_iter_next (&iter, &member, &value))
    {
      char *name = dup_element_name (member);

      if (is_administrative (resource, name) ||
          g_ptr_array_find_with_equal_func (names, name, g_str_equal, NULL))
        g_free (name);
      else
        g_ptr_array_add (names, name);
    }
}

/* The members of @resource that make up the element @name: "birthDate" and "_birthDate", or
 * whichever of "value[x]" it has. */
static GPtrArray *
list_members (FhirResource *resource, const char *name)
{
  GPtrArray *members = g_ptr_array_new ();
  FhirMemberIter iter;
  const char *member;
  const FhirElement *value;

  if (resource == NULL)
    return members;
  fhir_member_iter_init (&iter, fhir_resource_get_root (resource));
  while (fhir_member_iter_next (&iter, &member, &value))
    {
      g_autofree char *element = dup_element_name (member);

      if (strcmp (element, name) == 0)
        g_ptr_array_add (members, (gpointer) member);
    }
  return members;
}

static const FhirElement *
get_element (FhirResource *resource, const char *name)
{
  g_autoptr (GPtrArray) members = NULL;

  if (resource == NULL)
    return NULL;
  if (strchr (name, '.') != NULL)
    return fhir_resource_path (resource, name);
  members = list_members (resource, name);
  for (guint i = 0; i < members->len; i++)
    if (*(const char *) members->pdata[i] != '_')
      return fhir_element_get (fhir_resource_get_root (resource), members->pdata[i]);
  return members->len > 0 ? fhir_element_get (fhir_resource_get_root (resource), members->pdata[0])
                          : NULL;
}

static gboolean
element_is_equal (FhirResource *a, FhirResource *b, const char *name)
{
  g_autoptr (GPtrArray) left = NULL;
  g_autoptr (GPtrArray) right = NULL;

  if (strchr (name, '.') != NULL)
    return is_equal (get_element (a, name), get_element (b, name));
  left = list_members (a, name);
  right = list_members (b, name);
  if (left->len != right->len)
    return FALSE;
  for (guint i = 0; i < left->len; i++)
    {
      const char *member = left->pdata[i];

      if (!is_equal (fhir_element_get (fhir_resource_get_root (a), member),
                     fhir_element_get (fhir_resource_get_root (b), member)))
        return FALSE;
    }
  return TRUE;
}

/**
 * sync_difference_is_same:
 *
 * Returns: whether both say the same; the server's bookkeeping and a narrative made of the rest do
 * not count
 */
gboolean
sync_difference_is_same (FhirResource *a, FhirResource *b)
{
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);

  collect_names (a, names);
  collect_names (b, names);
  for (guint i = 0; i < names->len; i++)
    if (!element_is_equal (a, b, names->pdata[i]))
      return FALSE;
  return TRUE;
}

static const char *const *
find_identity (const char *name)
{
  for (gsize i = 0; i < G_N_ELEMENTS (identities); i++)
    if (strcmp (identities[i].name, name) == 0)
      return identities[i].paths;
  return NULL;
}

static char *
dup_identity (const FhirElement *item, const char *const *paths)
{
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < 4 && paths[i] != NULL; i++)
    {
      const char *part = fhir_element_path_text (item, paths[i]);

      if (part != NULL)
        g_string_append_printf (text, "%s%s", text->len > 0 ? "|" : "", part);
    }
  return g_string_free_and_steal (g_steal_pointer (&text));
}

/* FALSE where the items cannot be told apart. */
static gboolean
read_items (FhirResource *resource, const char *name, Items *items)
{
  g_autoptr (GPtrArray) members = list_members (resource, name);
  const char *const *paths = find_identity (name);

  *items = (Items) { .keys = g_ptr_array_new_with_free_func (g_free),
                     .by_key = g_hash_table_new (g_str_hash, g_str_equal) };
  if (members->len == 0)
    return TRUE;
  items->list = get_element (resource, name);
  if (paths == NULL || members->len > 1 || *(const char *) members->pdata[0] == '_' ||
      fhir_element_get_kind (items->list) != FHIR_KIND_ARRAY)
    return FALSE;
  fhir_element_foreach (item, items->list)
    {
      char *key = dup_identity (item, paths);

      g_ptr_array_add (items->keys, key);
      if (!g_hash_table_insert (items->by_key, key, (gpointer) item))
        return FALSE;
    }
  return TRUE;
}

/* What both have stands in the same order in both. */
static gboolean
order_agrees (const Items *a, const Items *b)
{
  guint next = 0;

  for (guint i = 0; i < a->keys->len; i++)
    {
      guint at;

      if (!g_hash_table_contains (b->by_key, a->keys->pdata[i]))
        continue;
      if (!g_ptr_array_find_with_equal_func (b->keys, a->keys->pdata[i], g_str_equal, &at) ||
          at < next)
        return FALSE;
      next = at + 1;
    }
  return TRUE;
}

static void
append_json (GChecksum *checksum, const FhirElement *element)
{
  g_autofree char *json = element != NULL ? fhir_element_dup_json (element) : g_strdup ("");

  g_checksum_update (checksum, (const guchar *) json, (gssize) strlen (json) + 1);
}

static void
add_difference (GPtrArray *differences, SyncDifference difference, const char *listed)
{
  g_autoptr (GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);
  SyncDifference *added = g_memdup2 (&difference, sizeof difference);

  append_json (checksum, difference.mine);
  append_json (checksum, difference.theirs);
  added->name = g_strdup (difference.name);
  added->listed = g_strdup (listed);
  added->path = listed != NULL && *listed != '\0'
                    ? g_strdup_printf ("%s[%s]", difference.name, listed)
                    : g_strdup (difference.name);
  added->key = g_strdup_printf ("%s#%.12s", added->path, g_checksum_get_string (checksum));
  g_ptr_array_add (differences, added);
}

static void
add_item (
    GPtrArray *differences, const char *name, const char *key, const Items *sides, gboolean based)
{
  SyncDifference difference = { .name = (char *) name,
                                .base = g_hash_table_lookup (sides[0].by_key, key),
                                .mine = g_hash_table_lookup (sides[1].by_key, key),
                                .theirs = g_hash_table_lookup (sides[2].by_key, key) };

  if (is_equal (difference.mine, difference.theirs))
    return;
  difference.mine_changed = !based || !is_equal (difference.base, difference.mine);
  difference.theirs_changed = !based || !is_equal (difference.base, difference.theirs);
  add_difference (differences, difference, key);
}

/* FALSE where the list has to be taken whole. */
static gboolean
add_items (GPtrArray *differences,
           const char *name,
           FhirResource *base,
           FhirResource *mine,
           FhirResource *theirs)
{
  g_auto (Items) first = { 0 };
  g_auto (Items) left = { 0 };
  g_auto (Items) right = { 0 };
  gboolean told_apart = read_items (base, name, &first);
  guint begin = differences->len;

  told_apart &= read_items (mine, name, &left);
  told_apart &= read_items (theirs, name, &right);
  if (!told_apart || !order_agrees (&left, &right) || !order_agrees (&first, &left) ||
      !order_agrees (&first, &right))
    return FALSE;
  for (guint i = 0; i < left.keys->len; i++)
    add_item (differences, name, left.keys->pdata[i], (Items[]) { first, left, right },
              base != NULL);
  for (guint i = 0; i < right.keys->len; i++)
    if (!g_hash_table_contains (left.by_key, right.keys->pdata[i]))
      add_item (differences, name, right.keys->pdata[i], (Items[]) { first, left, right },
                base != NULL);
  return differences->len > begin;
}

/**
 * sync_difference_list:
 * @base: (nullable): what both started from, where it is known
 *
 * Returns: (transfer full): SyncDifference of everything that @mine and @theirs do not say alike
 */
GPtrArray *
sync_difference_list (FhirResource *base, FhirResource *mine, FhirResource *theirs)
{
  GPtrArray *differences = g_ptr_array_new_with_free_func (difference_free);
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);

  collect_names (mine, names);
  collect_names (theirs, names);
  g_ptr_array_add (names, g_strdup ("meta.security"));
  g_ptr_array_add (names, g_strdup ("meta.tag"));
  for (guint i = 0; i < names->len; i++)
    {
      const char *name = names->pdata[i];

      if (element_is_equal (mine, theirs, name) ||
          add_items (differences, name, base, mine, theirs))
        continue;
      add_difference (differences,
                      (SyncDifference) { .name = (char *) name,
                                         .base = get_element (base, name),
                                         .mine = get_element (mine, name),
                                         .theirs = get_element (theirs, name),
                                         .mine_changed =
                                             base == NULL || !element_is_equal (base, mine, name),
                                         .theirs_changed = base == NULL ||
                                                           !element_is_equal (base, theirs, name) },
                      NULL);
    }
  return differences;
}

static SyncSide
chosen (GHashTable *choices, const SyncDifference *difference)
{
  return GPOINTER_TO_INT (g_hash_table_lookup (choices, difference->key));
}

static void
take_element (FhirBuilder *builder, FhirResource *mine, FhirResource *theirs, const char *name)
{
  g_autoptr (GPtrArray) gone = list_members (theirs, name);
  g_autoptr (GPtrArray) come = list_members (mine, name);

  if (strchr (name, '.') != NULL)
    {
      fhir_builder_remove (builder, name);
      fhir_builder_set_element (builder, name, get_element (mine, name));
      return;
    }
  for (guint i = 0; i < gone->len; i++)
    fhir_builder_remove (builder, gone->pdata[i]);
  for (guint i = 0; i < come->len; i++)
    fhir_builder_set_element (builder, come->pdata[i],
                              fhir_element_get (fhir_resource_get_root (mine), come->pdata[i]));
}

static const SyncDifference *
find_difference (GPtrArray *differences, const char *name, const char *listed)
{
  for (guint i = 0; i < differences->len; i++)
    {
      const SyncDifference *difference = differences->pdata[i];

      if (strcmp (difference->name, name) == 0 && g_strcmp0 (difference->listed, listed) == 0)
        return difference;
    }
  return NULL;
}

static void
append_item (FhirBuilder *builder, const char *name, const FhirElement *item)
{
  g_autofree char *path =
      g_strdup_printf ("%s.%" G_GSIZE_FORMAT, name, fhir_builder_get_length (builder, name));

  fhir_builder_set_element (builder, path, item);
}

/* The list in their order, with the chosen items of mine in it, then those that only I have. */
static void
combine_list (FhirBuilder *builder,
              FhirResource *mine,
              FhirResource *theirs,
              const char *name,
              GPtrArray *differences,
              GHashTable *choices)
{
  g_auto (Items) left = { 0 };
  g_auto (Items) right = { 0 };

  read_items (mine, name, &left);
  read_items (theirs, name, &right);
  fhir_builder_remove (builder, name);
  for (guint i = 0; i < right.keys->len; i++)
    {
      const char *key = right.keys->pdata[i];
      const SyncDifference *difference = find_difference (differences, name, key);
      gboolean ours = difference != NULL && chosen (choices, difference) == SYNC_SIDE_MINE;

      append_item (builder, name, g_hash_table_lookup (ours ? left.by_key : right.by_key, key));
    }
  for (guint i = 0; i < left.keys->len; i++)
    {
      const char *key = left.keys->pdata[i];
      const SyncDifference *difference = find_difference (differences, name, key);

      if (!g_hash_table_contains (right.by_key, key) && difference != NULL &&
          chosen (choices, difference) == SYNC_SIDE_MINE)
        append_item (builder, name, difference->mine);
    }
}

/**
 * sync_difference_combine:
 * @differences: of these two, from sync_difference_list()
 * @choices: key of a difference → SyncSide; theirs where it is not named
 *
 * A generated narrative is left out where anything of mine is taken: it would tell another story.
 *
 * Returns: (transfer full): @theirs with what was chosen of @mine in it
 */
FhirResource *
sync_difference_combine (FhirResource *mine,
                         FhirResource *theirs,
                         GPtrArray *differences,
                         GHashTable *choices)
{
  g_autoptr (FhirBuilder) builder = fhir_builder_new_from (theirs);
  g_autoptr (GHashTable) lists = g_hash_table_new (g_str_hash, g_str_equal);
  gboolean taken = FALSE;

  for (guint i = 0; i < differences->len; i++)
    {
      const SyncDifference *difference = differences->pdata[i];

      if (chosen (choices, difference) != SYNC_SIDE_MINE)
        continue;
      taken = TRUE;
      if (difference->listed == NULL)
        take_element (builder, mine, theirs, difference->name);
      else if (g_hash_table_add (lists, difference->name))
        combine_list (builder, mine, theirs, difference->name, differences, choices);
    }
  if (taken && is_generated (theirs))
    fhir_builder_remove (builder, "text");
  return fhir_builder_end (builder);
}
