/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store-content-index.h"

#include <string.h>

/* Drug search: every typed word must begin a word of the drug. Where a typed word begins none at
 * all, words within one or two slips of it are taken instead. */

#define MAX_TOKENS 8
#define MAX_TOKEN  32
#define FIELD_BITS 2

typedef enum
{
  FIELD_INGREDIENT,
  FIELD_BRAND,
  FIELD_REST,
} Field;

typedef struct
{
  char *text;
  GArray *postings; /* guint: drug << FIELD_BITS | field */
} Word;

struct _StoreContentIndex
{
  GArray *drugs; /* borrowed */
  GArray *words; /* Word, sorted */
  float *bias;   /* per drug: what ranks equal matches */
};

/* The forms that people mean when they do not say which, commonest first. */
static const char *const common_forms[] = { "Oral Tablet",
                                            "Oral Capsule",
                                            "Oral Suspension",
                                            "Oral Solution",
                                            "Delayed Release",
                                            "Extended Release",
                                            "Metered Dose",
                                            "Chewable Tablet",
                                            "Topical Cream",
                                            "Ophthalmic",
                                            "Nasal" };

/**
 * store_content_fold:
 * @text: a name
 *
 * Returns: (transfer full): its words in lower-case ASCII with one space between; decimals stay
 * whole
 */
char *
store_content_fold (const char *text)
{
  g_autofree char *ascii = g_str_to_ascii (text, "C");
  GString *out = g_string_new (NULL);

  for (const char *c = ascii; *c; c++)
    {
      gboolean point = *c == '.' && c > ascii && g_ascii_isdigit (c[-1]) && g_ascii_isdigit (c[1]);

      if (g_ascii_isalnum (*c) || point)
        g_string_append_c (out, g_ascii_tolower (*c));
      else if (out->len > 0 && out->str[out->len - 1] != ' ')
        g_string_append_c (out, ' ');
    }
  return g_strchomp (g_string_free_and_steal (out));
}

static void
add_words (GHashTable *table, const char *text, guint drug, Field field)
{
  g_autofree char *folded = store_content_fold (text);
  char *rest = folded;

  for (char *word = strtok_r (folded, " ", &rest); word; word = strtok_r (NULL, " ", &rest))
    {
      GArray *postings = g_hash_table_lookup (table, word);
      guint posting = drug << FIELD_BITS | field;

      if (!postings)
        {
          postings = g_array_new (FALSE, FALSE, sizeof (guint));
          g_hash_table_insert (table, g_strdup (word), postings);
        }
      if (postings->len == 0 || g_array_index (postings, guint, postings->len - 1) != posting)
        g_array_append_val (postings, posting);
    }
}

static int
compare_words (gconstpointer a, gconstpointer b)
{
  return strcmp (((const Word *) a)->text, ((const Word *) b)->text);
}

static float
form_bias (const StoreDrug *drug)
{
  for (gsize i = 0; i < G_N_ELEMENTS (common_forms); i++)
    if (g_str_has_prefix (drug->form, common_forms[i]))
      return 0.3f - 0.025f * (float) i;
  return 0.0f;
}

/* How many products an ingredient is in stands for how common it is. */
static void
compute_bias (StoreContentIndex *self)
{
  g_autoptr (GHashTable) products = g_hash_table_new (g_str_hash, g_str_equal);

  for (guint i = 0; i < self->drugs->len; i++)
    {
      const StoreDrug *drug = &g_array_index (self->drugs, StoreDrug, i);
      guint count = GPOINTER_TO_UINT (g_hash_table_lookup (products, drug->ingredients));

      g_hash_table_insert (products, drug->ingredients, GUINT_TO_POINTER (count + 1));
    }
  self->bias = g_new0 (float, self->drugs->len);
  for (guint i = 0; i < self->drugs->len; i++)
    {
      const StoreDrug *drug = &g_array_index (self->drugs, StoreDrug, i);
      guint count = GPOINTER_TO_UINT (g_hash_table_lookup (products, drug->ingredients));

      self->bias[i] = form_bias (drug) + 0.01f * (float) MIN (count, 30);
      for (const char *c = drug->ingredients; *c; c++)
        self->bias[i] -= *c == '|' ? 0.7f : 0.0f;
      if (!g_str_equal (drug->source, "confirmed"))
        self->bias[i] -= 0.2f;
    }
}

/**
 * store_content_index_new:
 * @drugs: (element-type StoreDrug): the formulary, which must outlive the index
 *
 * Returns: (transfer full): the index
 */
StoreContentIndex *
store_content_index_new (GArray *drugs)
{
  StoreContentIndex *self = g_new0 (StoreContentIndex, 1);
  g_autoptr (GHashTable) table = g_hash_table_new (g_str_hash, g_str_equal);
  GHashTableIter iter;
  gpointer text, postings;

  self->drugs = drugs;
  for (guint i = 0; i < drugs->len; i++)
    {
      const StoreDrug *drug = &g_array_index (drugs, StoreDrug, i);

      add_words (table, drug->ingredients, i, FIELD_INGREDIENT);
      if (drug->brand)
        add_words (table, drug->brand, i, FIELD_BRAND);
      add_words (table, drug->strength, i, FIELD_REST);
      add_words (table, drug->form, i, FIELD_REST);
      add_words (table, drug->route, i, FIELD_REST);
    }
  self->words = g_array_sized_new (FALSE, FALSE, sizeof (Word), g_hash_table_size (table));
  g_hash_table_iter_init (&iter, table);
  while (g_hash_table_iter_next (&iter, &text, &postings))
    g_array_append_val (self->words, ((Word) { text, postings }));
  g_array_sort (self->words, compare_words);
  compute_bias (self);
  return self;
}

void
store_content_index_free (StoreContentIndex *self)
{
  for (guint i = 0; i < self->words->len; i++)
    {
      g_free (g_array_index (self->words, Word, i).text);
      g_array_unref (g_array_index (self->words, Word, i).postings);
    }
  g_array_unref (self->words);
  g_free (self->bias);
  g_free (self);
}

static guint
first_at_or_after (StoreContentIndex *self, const char *prefix)
{
  guint low = 0, high = self->words->len;

  while (low < high)
    {
      guint middle = (low + high) / 2;

      if (strcmp (g_array_index (self->words, Word, middle).text, prefix) < 0)
        low = middle + 1;
      else
        high = middle;
    }
  return low;
}

/* The least number of slips (a letter missing, added, wrong or swapped with its neighbour) between
 * @typed and any beginning of @word; more than @most is not told apart. */
static guint
slips (const char *typed, const char *word, guint most)
{
  guint rows[3][MAX_TOKEN + 4];
  guint *before = rows[0], *last = rows[1], *now = rows[2];
  guint n = (guint) strlen (typed), m = MIN ((guint) strlen (word), n + most);

  for (guint j = 0; j <= m; j++)
    last[j] = j;
  for (guint i = 1; i <= n; i++)
    {
      guint *spare = before, least = i;

      now[0] = i;
      for (guint j = 1; j <= m; j++)
        {
          guint cost = typed[i - 1] == word[j - 1] ? 0 : 1;

          now[j] = MIN (MIN (last[j] + 1, now[j - 1] + 1), last[j - 1] + cost);
          if (i > 1 && j > 1 && typed[i - 1] == word[j - 2] && typed[i - 2] == word[j - 1])
            now[j] = MIN (now[j], before[j - 2] + 1);
          least = MIN (least, now[j]);
        }
      if (least > most)
        return most + 1;
      before = last;
      last = now;
      now = spare;
    }
  for (guint j = 0; j <= m; j++)
    last[0] = MIN (last[0], last[j]);
  return last[0];
}

static void
raise_scores (const Word *word, float weight, gboolean exact, float *scores)
{
  static const float of_field[] = { 3.0f, 2.0f, 1.0f };

  for (guint i = 0; i < word->postings->len; i++)
    {
      guint posting = g_array_index (word->postings, guint, i);
      float score = weight * of_field[posting & ((1 << FIELD_BITS) - 1)] + (exact ? 1.0f : 0.0f);

      scores[posting >> FIELD_BITS] = MAX (scores[posting >> FIELD_BITS], score);
    }
}

/* Digits are never guessed at: 50 is not nearly 500. */
static void
score_token (StoreContentIndex *self, const char *token, float *scores)
{
  gsize length = strlen (token);
  gboolean any = FALSE;
  guint most = length >= 7 ? 2 : length >= 4 ? 1 : 0;

  for (guint i = first_at_or_after (self, token); i < self->words->len; i++)
    {
      const Word *word = &g_array_index (self->words, Word, i);

      if (!g_str_has_prefix (word->text, token))
        break;
      any = TRUE;
      raise_scores (word, 1.0f, word->text[length] == '\0', scores);
    }
  if (any || most == 0 || g_ascii_isdigit (*token))
    return;
  for (guint i = 0; i < self->words->len; i++)
    {
      const Word *word = &g_array_index (self->words, Word, i);
      guint found = g_ascii_isdigit (*word->text) ? most + 1 : slips (token, word->text, most);

      if (found <= most)
        raise_scores (word, 0.8f - 0.25f * (float) found, FALSE, scores);
    }
}

typedef struct
{
  float score;
  guint drug;
  double strength;
  const char *name;
} Hit;

static int
compare_hits (gconstpointer a, gconstpointer b)
{
  const Hit *x = a, *y = b;

  if (x->score != y->score)
    return x->score < y->score ? 1 : -1;
  if (x->strength != y->strength)
    return x->strength > y->strength ? 1 : -1;
  return strcmp (x->name, y->name);
}

/* "500mg" is typed as one word: digits and letters are parted. */
static GPtrArray *
tokens_of (const char *text)
{
  GPtrArray *tokens = g_ptr_array_new_with_free_func (g_free);
  g_autofree char *folded = store_content_fold (text);

  for (const char *c = folded; *c && tokens->len < MAX_TOKENS;)
    {
      gboolean number = g_ascii_isdigit (*c);
      const char *end = c;

      while (*end && *end != ' ' &&
             (number ? g_ascii_isdigit (*end) || *end == '.' : !g_ascii_isdigit (*end) || end > c))
        end++;
      if (end > c)
        g_ptr_array_add (tokens, g_strndup (c, (gsize) MIN (end - c, MAX_TOKEN)));
      c = *end == ' ' ? end + 1 : end;
    }
  return tokens;
}

/**
 * store_content_index_search:
 * @text: what was typed
 * @limit: at most so many
 *
 * Returns: (transfer full) (element-type guint): places in the formulary, best first: single
 *   ingredients before combinations, common forms before rare ones, then by strength
 */
GArray *
store_content_index_search (StoreContentIndex *self, const char *text, guint limit)
{
  g_autoptr (GPtrArray) tokens = tokens_of (text);
  g_autoptr (GArray) hits = g_array_new (FALSE, FALSE, sizeof (Hit));
  g_autofree float *total = g_new0 (float, self->drugs->len);
  g_autofree float *scores = g_new (float, self->drugs->len);
  GArray *out = g_array_new (FALSE, FALSE, sizeof (guint));

  for (guint t = 0; t < tokens->len; t++)
    {
      memset (scores, 0, self->drugs->len * sizeof *scores);
      score_token (self, tokens->pdata[t], scores);
      for (guint i = 0; i < self->drugs->len; i++)
        total[i] = scores[i] > 0 && total[i] >= 0 ? total[i] + scores[i] : -1;
    }
  for (guint i = 0; tokens->len > 0 && i < self->drugs->len; i++)
    if (total[i] > 0)
      {
        const StoreDrug *drug = &g_array_index (self->drugs, StoreDrug, i);
        Hit hit = { total[i] + self->bias[i], i, g_ascii_strtod (drug->strength, NULL),
                    drug->name };

        g_array_append_val (hits, hit);
      }
  g_array_sort (hits, compare_hits);
  for (guint i = 0; i < MIN (limit, hits->len); i++)
    g_array_append_val (out, g_array_index (hits, Hit, i).drug);
  return out;
}
