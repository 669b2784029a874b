/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store-content-index.h"

#include <string.h>

#include "store-content-words.h"

/* Drug search: every typed word must begin a word of the drug. Where that finds few drugs, words
 * within one or two slips of a typed one count too, after all that match as typed. Scores are whole
 * numbers and do not depend on how far a word is typed, so that what stays on the list keeps its
 * order while one types on. */

#define MAX_TOKENS  8
#define MAX_TOKEN   32
#define MAX_WORD    64
#define FEW         5 /* drugs that match as typed: below it slips are looked for */
#define FIELD_MASK  ((1u << STORE_CONTENT_FIELD_BITS) - 1)
#define EXACT_SCORE 1000
#define SLIP_COST   300

typedef struct
{
  guint text, length; /* in the letters */
  guint first, count; /* in the places */
} Word;

struct _StoreContentIndex
{
  GString *letters; /* the words, each with a '\0' */
  GArray *words;    /* Word, sorted by their bytes */
  GArray *places;   /* guint32: drug << 2 | field */
  gint16 *ranks;    /* by drug, from 1 */
  guint size;
};

static const int field_scores[] = { 3000, 2000, 1000, 0 };

/* What prescribers write for words that the formulary writes out. */
static const struct
{
  const char *typed, *stands_for;
} short_forms[] = {
  { "er", "extended" },   { "xr", "extended" },        { "xl", "extended" },
  { "sr", "extended" },   { "cr", "extended" },        { "dr", "delayed" },
  { "ec", "delayed" },    { "odt", "disintegrating" }, { "mdi", "metered" },
  { "dpi", "powder" },    { "tabs", "tablet" },        { "amp", "injection" },
  { "soln", "solution" }, { "liq", "solution" },       { "supp", "suppository" },
};

/* ---- loading ------------------------------------------------------------------------------- */

static gboolean
take_word (StoreContentIndex *self, const char *text, gsize length, const guint8 *data, gsize bytes)
{
  Word word = { (guint) self->letters->len, (guint) length, self->places->len,
                (guint) (bytes / 4) };

  if (length == 0 || length > 1000 || bytes % 4 != 0 || strlen (text) != length ||
      (self->words->len > 0 &&
       strcmp (self->letters->str + g_array_index (self->words, Word, self->words->len - 1).text,
               text) >= 0))
    return FALSE;
  g_string_append_len (self->letters, text, (gssize) length + 1);
  for (gsize i = 0; i < bytes; i += 4)
    {
      guint32 place;

      memcpy (&place, data + i, sizeof place);
      place = GUINT32_FROM_LE (place);
      if (place >> STORE_CONTENT_FIELD_BITS == 0 || place >> STORE_CONTENT_FIELD_BITS > self->size)
        return FALSE;
      g_array_append_val (self->places, place);
    }
  g_array_append_val (self->words, word);
  return TRUE;
}

static gboolean
load_words (StoreContentIndex *self, StoreContentFile *file)
{
  sqlite3_stmt *statement =
      store_content_file_prepare (file, "SELECT word, places FROM search_word ORDER BY row");
  int code = SQLITE_ERROR;
  gboolean good = statement != NULL;

  while (good && (code = sqlite3_step (statement)) == SQLITE_ROW)
    {
      const char *text = (const char *) sqlite3_column_text (statement, 0);
      gsize length = (gsize) sqlite3_column_bytes (statement, 0);
      const guint8 *data = sqlite3_column_blob (statement, 1);

      good = text != NULL &&
             take_word (self, text, length, data, (gsize) sqlite3_column_bytes (statement, 1));
    }
  sqlite3_finalize (statement);
  return good && code == SQLITE_DONE;
}

static gboolean
load_ranks (StoreContentIndex *self, StoreContentFile *file)
{
  sqlite3_stmt *statement =
      store_content_file_prepare (file, "SELECT ranks FROM search_rank WHERE row = 1");
  gboolean good = statement != NULL && sqlite3_step (statement) == SQLITE_ROW;

  if (good)
    {
      const guint8 *data = sqlite3_column_blob (statement, 0);
      gsize bytes = (gsize) sqlite3_column_bytes (statement, 0);

      good = bytes % 2 == 0;
      self->size = (guint) (bytes / 2);
      self->ranks = g_new0 (gint16, self->size + 1);
      for (guint i = 0; i < self->size; i++)
        self->ranks[i + 1] = (gint16) (data[2 * i] | data[2 * i + 1] << 8);
    }
  sqlite3_finalize (statement);
  return good;
}

/*
 * store_content_index_load:
 *
 * Returns: (transfer full) (nullable): NULL where the words of the file are not what they should be
 */
StoreContentIndex *
store_content_index_load (StoreContentFile *file, GError **error)
{
  StoreContentIndex *self = g_new0 (StoreContentIndex, 1);

  self->letters = g_string_sized_new (1 << 17);
  self->words = g_array_sized_new (FALSE, FALSE, sizeof (Word), 10000);
  self->places = g_array_sized_new (FALSE, FALSE, sizeof (guint32), 120000);
  if (load_ranks (self, file) && load_words (self, file))
    return self;
  store_content_set_corrupt ("its words", error);
  store_content_index_free (self);
  return NULL;
}

void
store_content_index_free (StoreContentIndex *self)
{
  g_string_free (self->letters, TRUE);
  g_array_unref (self->words);
  g_array_unref (self->places);
  g_free (self->ranks);
  g_free (self);
}

guint
store_content_index_get_size (StoreContentIndex *self)
{
  return self->size;
}

/* ---- one typed word ------------------------------------------------------------------------ */

static const char *
text_of (StoreContentIndex *self, guint at)
{
  return self->letters->str + g_array_index (self->words, Word, at).text;
}

static guint
first_at_or_after (StoreContentIndex *self, const char *prefix)
{
  guint low = 0, high = self->words->len;

  while (low < high)
    {
      guint middle = (low + high) / 2;

      if (strcmp (text_of (self, middle), prefix) < 0)
        low = middle + 1;
      else
        high = middle;
    }
  return low;
}

static void
raise_scores (StoreContentIndex *self, const Word *word, int more, gint32 *scores)
{
  const guint32 *places = &g_array_index (self->places, guint32, word->first);

  for (guint i = 0; i < word->count; i++)
    {
      gint32 *score = &scores[places[i] >> STORE_CONTENT_FIELD_BITS];

      *score = MAX (*score, field_scores[places[i] & FIELD_MASK] + more);
    }
}

/* A whole number stands before those that it only begins: 5 before 50. */
static gboolean
score_beginnings (StoreContentIndex *self, const char *token, gint32 *scores)
{
  gsize length = strlen (token);
  gboolean any = FALSE;

  for (guint i = first_at_or_after (self, token); i < self->words->len; i++)
    {
      const char *text = text_of (self, i);
      gboolean whole_number = g_ascii_isdigit (*token) && text[length] == '\0';

      if (!g_str_has_prefix (text, token))
        break;
      any = TRUE;
      if (scores != NULL)
        raise_scores (self, &g_array_index (self->words, Word, i), whole_number ? EXACT_SCORE : 0,
                      scores);
    }
  return any;
}

static void
score_token (StoreContentIndex *self, const char *token, gint32 *scores)
{
  score_beginnings (self, token, scores);
  for (gsize i = 0; i < G_N_ELEMENTS (short_forms); i++)
    if (g_str_equal (token, short_forms[i].typed))
      score_beginnings (self, short_forms[i].stands_for, scores);
}

/* ---- slips --------------------------------------------------------------------------------- */

/* One row a letter of the word; rows of the letters that two neighbours in the sorted list share
 * are computed once. */
typedef struct
{
  const char *typed;
  guint n, most;
  guint8 rows[MAX_WORD + 1][MAX_TOKEN + 1];
  guint8 least[MAX_WORD + 1]; /* of the row */
  guint8 best[MAX_WORD + 1];  /* of the last column, up to this row */
} Slips;

static void
slips_start (Slips *self, const char *typed, guint most)
{
  self->typed = typed;
  self->n = (guint) strlen (typed);
  self->most = most;
  for (guint j = 0; j <= self->n; j++)
    self->rows[0][j] = (guint8) j;
  self->least[0] = 0;
  self->best[0] = (guint8) self->n;
}

static void
slips_row (Slips *self, const char *word, guint i)
{
  guint8 *now = self->rows[i], *last = self->rows[i - 1], least;

  now[0] = least = (guint8) i;
  for (guint j = 1; j <= self->n; j++)
    {
      guint cost = word[i - 1] == self->typed[j - 1] ? 0 : 1;
      guint value = MIN (MIN (last[j] + 1u, now[j - 1] + 1u), last[j - 1] + cost);

      if (i > 1 && j > 1 && word[i - 1] == self->typed[j - 2] && word[i - 2] == self->typed[j - 1])
        value = MIN (value, self->rows[i - 2][j - 2] + 1u);
      now[j] = (guint8) value;
      least = MIN (least, now[j]);
    }
  self->least[i] = least;
  self->best[i] = MIN (self->best[i - 1], now[self->n]);
}

static guint
shared_letters (const char *a, const char *b)
{
  guint i = 0;

  while (a[i] != '\0' && a[i] == b[i])
    i++;
  return i;
}

/* The least number of slips (a letter missing, added, wrong or swapped with its neighbour) between
 * what was typed and any beginning of @word, for one word after the other. @from: how many rows
 * stand from the word before. */
static guint
slips_of (Slips *self, const char *word, guint length, guint from, guint *rows)
{
  guint end = MIN (MIN (length, self->n + self->most), MAX_WORD);
  guint i = MIN (from, *rows);

  for (; i < end; i++)
    {
      slips_row (self, word, i + 1);
      /* a swap reaches back two rows: past two that are too far, nothing comes near again */
      if (self->least[i + 1] > self->most && self->least[i] > self->most)
        {
          *rows = i + 1;
          return self->best[i + 1];
        }
    }
  *rows = end;
  return self->best[end];
}

static guint
most_slips (const char *token)
{
  gsize length = strlen (token);

  return g_ascii_isdigit (*token) ? 0 : length >= 7 ? 2 : length >= 4 ? 1 : 0;
}

/* Digits are never guessed at: 50 is not nearly 500. */
static void
score_slips (StoreContentIndex *self, const char *token, gint32 *scores)
{
  guint most = most_slips (token), rows = 0;
  const char *before = "";
  Slips slips;

  if (most == 0)
    return;
  slips_start (&slips, token, most);
  for (guint i = 0; i < self->words->len; i++)
    {
      const Word *word = &g_array_index (self->words, Word, i);
      const char *text = self->letters->str + word->text;
      guint shared = shared_letters (before, text), found;

      before = text;
      if (g_ascii_isdigit (*text))
        {
          rows = 0;
          continue;
        }
      found = slips_of (&slips, text, word->length, shared, &rows);
      if (found <= most)
        raise_scores (self, word, -SLIP_COST * (int) found, scores);
    }
}

/* ---- the search ---------------------------------------------------------------------------- */

/* "500mg" is typed as one word: it is parted where it begins no word as it is. */
static void
add_tokens (StoreContentIndex *self, const char *word, GPtrArray *tokens)
{
  if (!g_ascii_isdigit (*word) || score_beginnings (self, word, NULL))
    {
      if (tokens->len < MAX_TOKENS)
        g_ptr_array_add (tokens, g_strndup (word, MAX_TOKEN));
      return;
    }
  while (*word != '\0' && tokens->len < MAX_TOKENS)
    {
      gsize digits = strspn (word, "0123456789.");
      gsize length = digits > 0 ? digits : strcspn (word, "0123456789");

      g_ptr_array_add (tokens, g_strndup (word, MIN (length, MAX_TOKEN)));
      word += length;
    }
}

static GPtrArray *
tokens_of (StoreContentIndex *self, const char *text)
{
  GPtrArray *tokens = g_ptr_array_new_with_free_func (g_free);
  g_autofree char *folded = store_content_fold (text);
  char *rest = NULL;

  for (char *word = strtok_r (folded, " ", &rest); word; word = strtok_r (NULL, " ", &rest))
    add_tokens (self, word, tokens);
  return tokens;
}

typedef struct
{
  guint32 first;
  gint32 score;
  gint16 rank;
  guint drug;
} Hit;

static int
compare_hits (gconstpointer a, gconstpointer b)
{
  const Hit *x = a, *y = b;

  if (x->first != y->first)
    return x->first < y->first ? 1 : -1;
  if (x->score + x->rank != y->score + y->rank)
    return x->score + x->rank < y->score + y->rank ? 1 : -1;
  return x->drug < y->drug ? -1 : 1;
}

typedef void (*ScoreToken) (StoreContentIndex *self, const char *token, gint32 *scores);

static void
score_both (StoreContentIndex *self, const char *token, gint32 *scores)
{
  score_slips (self, token, scores);
  score_token (self, token, scores);
}

/* The best few of many, in order: most hits are worse than the last of a full list. */
static void
keep_hit (GArray *best, guint limit, const Hit *hit)
{
  guint low = 0, high = best->len;

  if (best->len == limit && compare_hits (hit, &g_array_index (best, Hit, limit - 1)) > 0)
    return;
  while (low < high)
    {
      guint middle = (low + high) / 2;

      if (compare_hits (&g_array_index (best, Hit, middle), hit) < 0)
        low = middle + 1;
      else
        high = middle;
    }
  if (best->len == limit)
    g_array_set_size (best, limit - 1);
  g_array_insert_val (best, low, *hit);
}

/* The best drugs that every token matches; those of @taken are left out. @all: how many match */
static GArray *
collect (StoreContentIndex *self,
         GPtrArray *tokens,
         ScoreToken score,
         const guint32 *first,
         const guint8 *taken,
         guint limit,
         guint *all)
{
  GArray *best = g_array_new (FALSE, FALSE, sizeof (Hit));
  g_autofree gint32 *total = g_new0 (gint32, self->size + 1);
  g_autofree gint32 *scores = g_new (gint32, self->size + 1);

  *all = 0;
  for (guint t = 0; t < tokens->len; t++)
    {
      memset (scores, 0, (self->size + 1) * sizeof *scores);
      score (self, tokens->pdata[t], scores);
      for (guint i = 1; i <= self->size; i++)
        total[i] = scores[i] > 0 && total[i] >= 0 ? total[i] + scores[i] : -1;
    }
  for (guint i = 1; tokens->len > 0 && i <= self->size; i++)
    if (total[i] > 0 && !taken[i])
      {
        Hit hit = { first != NULL ? first[i] : 0, total[i], self->ranks[i], i };

        keep_hit (best, limit, &hit);
        (*all)++;
      }
  return best;
}

static void
add_hits (GArray *out, GArray *hits, guint8 *taken)
{
  for (guint i = 0; i < hits->len; i++)
    {
      guint drug = g_array_index (hits, Hit, i).drug;

      taken[drug] = 1;
      g_array_append_val (out, drug);
    }
}

static gboolean
may_have_slips (GPtrArray *tokens)
{
  for (guint i = 0; i < tokens->len; i++)
    if (most_slips (tokens->pdata[i]) > 0)
      return TRUE;
  return FALSE;
}

/*
 * store_content_index_search:
 * @text: what was typed
 * @limit: at most so many
 * @exact: (out): how many of them match as typed; what follows nearly does
 *
 * Returns: (transfer full) (element-type guint): rows of the formulary, best first: one's own, then
 *   single ingredients before combinations, common forms before rare ones, then by strength; what
 *   only nearly matches comes last
 */
GArray *
store_content_index_search (
    StoreContentIndex *self, const char *text, const guint32 *first, guint limit, guint *exact)
{
  g_autoptr (GPtrArray) tokens = tokens_of (self, text);
  g_autofree guint8 *taken = g_new0 (guint8, self->size + 1);
  g_autoptr (GArray) hits = NULL, nearly = NULL;
  GArray *out = g_array_new (FALSE, FALSE, sizeof (guint));
  guint all;

  *exact = 0;
  if (limit == 0)
    return out;
  hits = collect (self, tokens, score_token, first, taken, limit, &all);
  add_hits (out, hits, taken);
  *exact = out->len;
  if (all >= FEW || out->len >= limit || !may_have_slips (tokens))
    return out;
  nearly = collect (self, tokens, score_both, first, taken, limit - out->len, &all);
  add_hits (out, nearly, taken);
  return out;
}
