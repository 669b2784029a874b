/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store-content-names.h"

#include <string.h>

#include "store-content-words.h"

struct _StoreContentNames
{
  GHashTable *by_code; /* ingredient's code -> name */
  GHashTable
      *by_name;  /* folded name of an ingredient or brand -> GPtrArray of ClinicalIngredient */
  guint longest; /* name, in words */
};

StoreContentNames *
store_content_names_new (void)
{
  StoreContentNames *self = g_new0 (StoreContentNames, 1);

  self->by_code = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self->by_name =
      g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) g_ptr_array_unref);
  return self;
}

void
store_content_names_free (StoreContentNames *self)
{
  g_hash_table_unref (self->by_code);
  g_hash_table_unref (self->by_name);
  g_free (self);
}

static guint
count_words (const char *folded)
{
  guint words = 1;

  for (; *folded; folded++)
    words += *folded == ' ';
  return words;
}

/* Remembers that @name in a text means @code. */
static void
add_name (StoreContentNames *self, const char *name, const char *code, const char *ingredient)
{
  g_autofree char *folded = store_content_fold (name);
  g_autoptr (ClinicalIngredient) one = clinical_ingredient_new (code, ingredient);
  GPtrArray *list = g_hash_table_lookup (self->by_name, folded);

  if (strlen (folded) < 3)
    return;
  if (!list)
    {
      list = g_ptr_array_new_with_free_func ((GDestroyNotify) clinical_ingredient_free);
      self->longest = MAX (self->longest, count_words (folded));
      g_hash_table_insert (self->by_name, g_steal_pointer (&folded), list);
    }
  for (guint i = 0; i < list->len; i++)
    if (clinical_ingredient_is_same (list->pdata[i], one))
      return;
  g_ptr_array_add (list, g_steal_pointer (&one));
}

/* @ingredients, @codes: parallel, "a|b"; @brands: "A|B" or "" */
void
store_content_names_add_drug (StoreContentNames *self,
                              const char *ingredients,
                              const char *codes,
                              const char *brands)
{
  g_auto (GStrv) names = g_strsplit (ingredients, "|", -1);
  g_auto (GStrv) numbers = g_strsplit (codes, "|", -1);
  g_auto (GStrv) marks = g_strsplit (brands, "|", -1);

  for (guint i = 0; names[i] && numbers[i]; i++)
    {
      add_name (self, names[i], numbers[i], names[i]);
      for (guint j = 0; marks[j]; j++)
        if (strlen (marks[j]) >= 4)
          add_name (self, marks[j], numbers[i], names[i]);
    }
}

/* @kind: "IN" for an ingredient; a salt is known by its code alone */
void
store_content_names_add_ingredient (StoreContentNames *self,
                                    const char *code,
                                    const char *name,
                                    const char *kind)
{
  g_hash_table_insert (self->by_code, g_strdup (code), g_strdup (name));
  if (g_str_equal (kind, "IN"))
    add_name (self, name, code, name);
}

const char *
store_content_names_get_ingredient (StoreContentNames *self, const char *code)
{
  return g_hash_table_lookup (self->by_code, code);
}

/* The list of the longest name that begins at word @at; *length gets its words. */
static GPtrArray *
find_at (StoreContentNames *self, char **words, guint at, guint count, guint *length)
{
  for (*length = MIN (self->longest, count - at); *length > 0; (*length)--)
    {
      g_autoptr (GString) name = g_string_new (words[at]);
      GPtrArray *list;

      for (guint j = 1; j < *length; j++)
        g_string_append_printf (name, " %s", words[at + j]);
      list = g_hash_table_lookup (self->by_name, name->str);
      if (list)
        return list;
    }
  *length = 1;
  return NULL;
}

/* The longest names win: "penicillin G" is not also whatever "penicillin" may be. */
void
store_content_names_find (StoreContentNames *self, const char *text, GPtrArray *out)
{
  g_autofree char *folded = store_content_fold (text);
  g_auto (GStrv) words = g_strsplit (folded, " ", -1);
  guint count = g_strv_length (words), length;

  for (guint i = 0; i < count; i += length)
    {
      GPtrArray *list = find_at (self, words, i, count, &length);

      for (guint j = 0; list && j < list->len; j++)
        {
          const ClinicalIngredient *one = list->pdata[j];

          g_ptr_array_add (out, clinical_ingredient_new (one->code, one->name));
        }
    }
}
