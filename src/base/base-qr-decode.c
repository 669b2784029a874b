/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base-qr-private.h"
#include "base-qr-read.h"

#include <string.h>

/* From modules to text, after ISO/IEC 18004:2015. What the modules say comes from anybody: every
 * length is that of the version, and every count is held against what is left to read. */

#define MOST_CHECK_WORDS 30
#define MOST_WORDS       3706 /* of version 40 */
#define N_LEVELS         4

/* By level L, M, Q, H and version: table 9. All of them are tried by the tests. */
static const guint8 n_check_words[N_LEVELS][BASE_QR_LARGEST_VERSION + 1] = {
  { 0,  7,  10, 15, 20, 26, 18, 20, 24, 30, 18, 20, 24, 26, 30, 22, 24, 28, 30, 28, 28,
    28, 28, 30, 30, 26, 28, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30 },
  { 0,  10, 16, 26, 18, 24, 16, 18, 22, 22, 26, 30, 22, 22, 24, 24, 28, 28, 26, 26, 26,
    26, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28 },
  { 0,  13, 22, 18, 26, 18, 24, 18, 22, 20, 24, 28, 26, 24, 20, 30, 24, 28, 28, 26, 30,
    28, 30, 30, 30, 30, 28, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30 },
  { 0,  17, 28, 22, 16, 22, 28, 26, 26, 24, 28, 24, 28, 22, 24, 24, 30, 28, 28, 26, 28,
    30, 24, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30 },
};
static const guint8 n_blocks[N_LEVELS][BASE_QR_LARGEST_VERSION + 1] = {
  { 0, 1, 1, 1,  1,  1,  2,  2,  2,  2,  4,  4,  4,  4,  4,  6,  6,  6,  6,  7, 8,
    8, 9, 9, 10, 12, 12, 12, 13, 14, 15, 16, 17, 18, 19, 19, 20, 21, 22, 24, 25 },
  { 0,  1,  1,  1,  2,  2,  4,  4,  4,  5,  5,  5,  8,  9,  9,  10, 10, 11, 13, 14, 16,
    17, 17, 18, 20, 21, 23, 25, 26, 28, 29, 31, 33, 35, 37, 38, 40, 43, 45, 47, 49 },
  { 0,  1,  1,  2,  2,  4,  4,  6,  6,  8,  8,  8,  10, 12, 16, 12, 17, 16, 18, 21, 20,
    23, 23, 25, 27, 29, 34, 34, 35, 38, 40, 43, 45, 48, 51, 53, 56, 59, 62, 65, 68 },
  { 0,  1,  1,  2,  4,  4,  4,  5,  6,  8,  8,  11, 11, 16, 16, 18, 16, 19, 21, 25, 25,
    25, 34, 30, 32, 35, 37, 40, 42, 45, 48, 51, 54, 57, 60, 63, 66, 70, 74, 77, 81 },
};

/* ---- what is the same in every code of a version ---- */

/**
 * base_qr_alignments:
 * @centres: (out): columns, and rows as well, of the small squares' centres
 *
 * Returns: how many there are
 */
guint
base_qr_alignments (guint version, guint8 centres[BASE_QR_MOST_ALIGNMENTS])
{
  guint count = version < 2 ? 0 : version / 7 + 2;
  guint step = 0;

  if (count == 0)
    return 0;
  step = version == 32 ? 26 : (version * 4 + count * 2 + 1) / (count * 2 - 2) * 2;
  centres[0] = 6;
  for (guint i = count - 1, at = BASE_QR_WIDTH (version) - 7; i > 0; i--, at -= step)
    centres[i] = (guint8) at;
  return count;
}

/* Whether a small square has its centre there: three corners have large ones instead. */
gboolean
base_qr_has_alignment (guint version, guint x, guint y)
{
  guint far = BASE_QR_WIDTH (version) - 7;

  return !((x == 6 && y == 6) || (x == 6 && y == far) || (x == far && y == 6));
}

static void
mark_fixed (guint version, guint8 *fixed)
{
  guint width = BASE_QR_WIDTH (version);
  guint8 centres[BASE_QR_MOST_ALIGNMENTS];
  guint count = base_qr_alignments (version, centres);

  memset (fixed, 0, (gsize) width * width);
  for (guint y = 0; y < width; y++)
    for (guint x = 0; x < width; x++)
      if (x == 6 || y == 6 || (x < 9 && y < 9) || (x >= width - 8 && y < 9) ||
          (x < 9 && y >= width - 8) ||
          (version >= 7 && ((x >= width - 11 && y < 6) || (y >= width - 11 && x < 6))))
        fixed[y * width + x] = 1;
  for (guint i = 0; i < count; i++)
    for (guint j = 0; j < count; j++)
      for (guint y = 0; y < 5 && base_qr_has_alignment (version, centres[i], centres[j]); y++)
        memset (fixed + (centres[j] + y - 2) * width + centres[i] - 2, 1, 5);
}

static guint
count_words (guint version)
{
  guint modules = (16 * version + 128) * version + 64;
  guint alignments = version / 7 + 2;

  if (version >= 2)
    modules -= (25 * alignments - 10) * alignments - 55;
  if (version >= 7)
    modules -= 36;
  return modules / 8;
}

/* ---- how it is written ---- */

static guint
make_format (guint data)
{
  guint rest = data;

  for (guint i = 0; i < 10; i++)
    rest = (rest << 1) ^ ((rest >> 9) * 0x537);
  return ((data << 10) | rest) ^ 0x5412;
}

static guint
count_bits (guint value)
{
  return (guint) __builtin_popcount (value);
}

/* It stands there twice, with enough to spare for three wrong modules in one of them. */
static gboolean
read_format (const guint8 *modules, guint width, guint *level, guint *mask)
{
  static const guint8 levels[N_LEVELS] = { 1, 0, 3, 2 };
  guint first = 0, second = 0, best = 4, found = 0;

  for (guint i = 0; i < 15; i++)
    {
      guint y = i < 6 ? i : i < 8 ? i + 1 : 8;
      guint x = i < 8 ? 8 : i == 8 ? 7 : 14 - i;

      first |= (guint) modules[y * width + x] << i;
      second |= (guint) (i < 8 ? modules[8 * width + width - 1 - i]
                               : modules[(width - 15 + i) * width + 8])
                << i;
    }
  for (guint data = 0; data < 32; data++)
    {
      guint format = make_format (data);
      guint wrong = MIN (count_bits (format ^ first), count_bits (format ^ second));

      if (wrong < best)
        {
          best = wrong;
          found = data;
        }
    }
  *level = levels[found >> 3];
  *mask = found & 7;
  return best < 4;
}

static gboolean
is_masked (guint mask, guint x, guint y)
{
  switch (mask)
    {
    case 0:
      return (x + y) % 2 == 0;
    case 1:
      return y % 2 == 0;
    case 2:
      return x % 3 == 0;
    case 3:
      return (x + y) % 3 == 0;
    case 4:
      return (x / 3 + y / 2) % 2 == 0;
    case 5:
      return x * y % 2 + x * y % 3 == 0;
    case 6:
      return (x * y % 2 + x * y % 3) % 2 == 0;
    default:
      return ((x + y) % 2 + x * y % 3) % 2 == 0;
    }
}

/* In pairs of columns from the right, up and down by turns, past the column of the clock. */
static void
read_words (const guint8 *modules, guint version, guint mask, guint8 *words)
{
  guint width = BASE_QR_WIDTH (version), n_bits = count_words (version) * 8, bit = 0;
  g_autofree guint8 *fixed = g_malloc ((gsize) width * width);

  mark_fixed (version, fixed);
  memset (words, 0, MOST_WORDS);
  for (guint pair = 0; pair < (width - 1) / 2; pair++)
    for (guint i = 0; i < 2 * width; i++)
      {
        guint right = width - 1 - 2 * pair;
        guint column = (right <= 6 ? right - 1 : right) - i % 2;
        guint row = pair % 2 == 0 ? width - 1 - i / 2 : i / 2;

        if (fixed[row * width + column] || bit >= n_bits)
          continue;
        if (modules[row * width + column] ^ is_masked (mask, column, row))
          words[bit / 8] |= (guint8) (0x80 >> bit % 8);
        bit++;
      }
}

/* ---- what is damaged: Reed and Solomon over 256 values ---- */

typedef struct
{
  guint8 power[510], logarithm[256];
} Field;

static const Field *
get_field (void)
{
  static Field field;
  static gsize made;

  if (g_once_init_enter (&made))
    {
      for (guint i = 0, value = 1; i < 255; i++)
        {
          field.power[i] = field.power[i + 255] = (guint8) value;
          field.logarithm[value] = (guint8) i;
          value = value & 0x80 ? (value << 1) ^ 0x11d : value << 1;
        }
      g_once_init_leave (&made, 1);
    }
  return &field;
}

static guint8
multiply (const Field *field, guint8 a, guint8 b)
{
  return a == 0 || b == 0 ? 0 : field->power[field->logarithm[a] + field->logarithm[b]];
}

static guint8
divide (const Field *field, guint8 a, guint8 b)
{
  return a == 0 ? 0 : field->power[field->logarithm[a] + 255 - field->logarithm[b]];
}

/* @terms: the lowest first */
static guint8
evaluate (const Field *field, const guint8 *terms, guint n_terms, guint8 x)
{
  guint8 sum = 0;

  for (guint i = n_terms; i > 0; i--)
    sum = multiply (field, sum, x) ^ terms[i - 1];
  return sum;
}

/* Returns: whether nothing is wrong */
static gboolean
find_syndromes (const Field *field, const guint8 *block, guint length, guint n_check, guint8 *out)
{
  gboolean clean = TRUE;

  for (guint i = 0; i < n_check; i++)
    {
      out[i] = 0;
      for (guint at = 0; at < length; at++)
        out[i] = multiply (field, out[i], field->power[i]) ^ block[at];
      clean = clean && out[i] == 0;
    }
  return clean;
}

/* Berlekamp and Massey: where the errors are, as a polynomial. Returns: how many */
static guint
find_locator (const Field *field, const guint8 *syndromes, guint n_check, guint8 *locator)
{
  guint8 before[MOST_CHECK_WORDS + 1] = { 1 }, kept[MOST_CHECK_WORDS + 1], scale = 1;
  guint count = 0, shift = 1;

  memset (locator, 0, MOST_CHECK_WORDS + 1);
  locator[0] = 1;
  for (guint round = 0; round < n_check; round++, shift++)
    {
      guint8 wrong = syndromes[round], factor;

      for (guint i = 1; i <= count; i++)
        wrong ^= multiply (field, locator[i], syndromes[round - i]);
      if (wrong == 0)
        continue;
      memcpy (kept, locator, sizeof kept);
      factor = divide (field, wrong, scale);
      for (guint i = shift; i <= n_check; i++)
        locator[i] ^= multiply (field, factor, before[i - shift]);
      if (2 * count > round)
        continue;
      count = round + 1 - count;
      memcpy (before, kept, sizeof before);
      scale = wrong;
      shift = 0;
    }
  return count;
}

/* Chien and Forney. Returns: whether all that was wrong is right now */
static gboolean
correct (guint8 *block, guint length, guint n_check)
{
  const Field *field = get_field ();
  guint8 syndromes[MOST_CHECK_WORDS], locator[MOST_CHECK_WORDS + 1];
  guint8 values[MOST_CHECK_WORDS] = { 0 }, slope[MOST_CHECK_WORDS + 1] = { 0 };
  guint count;

  if (find_syndromes (field, block, length, n_check, syndromes))
    return TRUE;
  count = find_locator (field, syndromes, n_check, locator);
  if (count > n_check / 2)
    return FALSE;
  for (guint i = 0; i < n_check; i++)
    for (guint j = 0; j <= MIN (i, count); j++)
      values[i] ^= multiply (field, syndromes[i - j], locator[j]);
  for (guint i = 1; i <= count; i += 2)
    slope[i - 1] = locator[i];
  for (guint at = 0; at < length; at++)
    {
      guint power = length - 1 - at;
      guint8 inverse = field->power[255 - power], below;

      if (evaluate (field, locator, count + 1, inverse) != 0)
        continue;
      below = evaluate (field, slope, count + 1, inverse);
      if (below == 0)
        return FALSE;
      block[at] ^= multiply (field, field->power[power],
                             divide (field, evaluate (field, values, n_check, inverse), below));
    }
  return find_syndromes (field, block, length, n_check, syndromes);
}

/* The blocks lie interleaved. @data: (out): their words one after another, without the check words
 *
 * Returns: how many; 0 where a block cannot be put right */
static guint
put_right (const guint8 *words, guint version, guint level, guint8 *data)
{
  guint blocks = n_blocks[level][version], check = n_check_words[level][version];
  guint total = count_words (version), length = total / blocks - check;
  guint n_short = blocks - total % blocks, n_data = total - blocks * check, written = 0;

  for (guint i = 0; i < blocks; i++)
    {
      guint8 block[256];
      guint mine = i < n_short ? length : length + 1;

      for (guint at = 0; at < length; at++)
        block[at] = words[at * blocks + i];
      if (mine > length)
        block[length] = words[length * blocks + i - n_short];
      for (guint at = 0; at < check; at++)
        block[mine + at] = words[n_data + at * blocks + i];
      if (!correct (block, mine + check, check))
        return 0;
      memcpy (data + written, block, mine);
      written += mine;
    }
  return written;
}

/* ---- what it says ---- */

typedef struct
{
  const guint8 *data;
  guint n_bits, at;
} Bits;

static gboolean
take (Bits *bits, guint count, guint *value)
{
  *value = 0;
  if (bits->n_bits - bits->at < count)
    return FALSE;
  for (; count > 0; count--, bits->at++)
    *value = *value << 1 | (bits->data[bits->at / 8] >> (7 - bits->at % 8) & 1);
  return TRUE;
}

static gboolean
take_digits (Bits *bits, guint count, GString *text)
{
  while (count > 0)
    {
      guint digits = MIN (count, 3), value, limit = digits == 3 ? 1000 : digits == 2 ? 100 : 10;

      if (!take (bits, digits * 3 + 1, &value) || value >= limit)
        return FALSE;
      g_string_append_printf (text, "%0*u", (int) digits, value);
      count -= digits;
    }
  return TRUE;
}

static gboolean
take_letters (Bits *bits, guint count, GString *text)
{
  static const char letters[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:";
  guint value;

  for (; count >= 2; count -= 2)
    {
      if (!take (bits, 11, &value) || value >= 45 * 45)
        return FALSE;
      g_string_append_c (text, letters[value / 45]);
      g_string_append_c (text, letters[value % 45]);
    }
  if (count == 0)
    return TRUE;
  if (!take (bits, 6, &value) || value >= 45)
    return FALSE;
  g_string_append_c (text, letters[value]);
  return TRUE;
}

static gboolean
take_bytes (Bits *bits, guint count, GString *text)
{
  guint value;

  for (; count > 0; count--)
    {
      if (!take (bits, 8, &value))
        return FALSE;
      g_string_append_c (text, (char) value);
    }
  return TRUE;
}

/* Which character set: only text in UTF-8 passes in the end, whatever is said here. */
static gboolean
skip_character_set (Bits *bits)
{
  guint first, rest;

  if (!take (bits, 8, &first))
    return FALSE;
  return first < 0x80 || take (bits, first < 0xc0 ? 8 : 16, &rest);
}

/* Returns: TEXT at the end of it */
static BaseQrFinding
take_segments (Bits *bits, guint version, GString *text)
{
  static const struct
  {
    guint8 mode, lengths[3];
    gboolean (*func) (Bits *bits, guint count, GString *text);
  } modes[] = {
    { 1, { 10, 12, 14 }, take_digits },
    { 2, { 9, 11, 13 }, take_letters },
    { 4, { 8, 16, 16 }, take_bytes },
  };
  guint mode, count, size = version < 10 ? 0 : version < 27 ? 1 : 2;

  while (take (bits, 4, &mode) && mode != 0)
    {
      gsize i = 0;

      if (mode == 7)
        {
          if (!skip_character_set (bits))
            return BASE_QR_BROKEN;
          continue;
        }
      while (i < G_N_ELEMENTS (modes) && modes[i].mode != mode)
        i++;
      if (i == G_N_ELEMENTS (modes))
        return BASE_QR_FOREIGN;
      if (!take (bits, modes[i].lengths[size], &count) || !modes[i].func (bits, count, text))
        return BASE_QR_BROKEN;
    }
  return BASE_QR_TEXT;
}

/**
 * base_qr_decode:
 * @modules: @width times @width, 1 where it is dark, else 0
 * @width: modules on a side; a width that no version has holds no code
 * @text: (out) (transfer full): with TEXT: UTF-8, of one byte or more, none of them zero
 */
BaseQrFinding
base_qr_decode (const guint8 *modules, guint width, char **text)
{
  guint version = (width - 17) / 4, level, mask, length;
  g_autofree guint8 *words = NULL, *data = NULL;
  g_autoptr (GString) said = g_string_new (NULL);
  BaseQrFinding finding;

  *text = NULL;
  if (width < BASE_QR_WIDTH (1) || width > BASE_QR_LARGEST_WIDTH || width % 4 != 1)
    return BASE_QR_NONE;
  if (!read_format (modules, width, &level, &mask))
    return BASE_QR_BROKEN;
  words = g_malloc (MOST_WORDS);
  data = g_malloc (MOST_WORDS);
  read_words (modules, version, mask, words);
  length = put_right (words, version, level, data);
  if (length == 0)
    return BASE_QR_BROKEN;
  finding = take_segments (&(Bits) { data, length * 8, 0 }, version, said);
  if (finding != BASE_QR_TEXT)
    return finding;
  if (said->len == 0 || !g_utf8_validate (said->str, (gssize) said->len, NULL))
    return BASE_QR_FOREIGN;
  *text = g_string_free_and_steal (g_steal_pointer (&said));
  return BASE_QR_TEXT;
}
