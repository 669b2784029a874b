/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "clinical-phrase.h"

#include "fhir-text.h"

#include <string.h>

/* The sentences of a dosage in five languages, each whole: nothing of one language is put into
 * another (hazard H20). Numbers are digits; the English word for 1 time never stands in Spanish,
 * where it is eleven. The translations are source: unverified. */

typedef const char *Words[CLINICAL_N_LANGUAGES]; /* en, de, es, fr, ja */

static const Words phrases[CLINICAL_N_PHRASES] = {
  [CLINICAL_PHRASE_AMOUNT] = { "{0} {1}", "{0} {1}", "{0} {1}", "{0} {1}", "{0} {1}" },
  [CLINICAL_PHRASE_RANGE] = { "{0} to {1}", "{0} bis {1}", "{0} a {1}", "{0} à {1}", "{0}～{1}" },
  [CLINICAL_PHRASE_AT_LEAST] = { "at least {0}", "mindestens {0}", "al menos {0}", "au moins {0}",
                                 "{0}以上" },
  [CLINICAL_PHRASE_UP_TO] = { "up to {0}", "bis zu {0}", "hasta {0}", "jusqu’à {0}", "{0}まで" },
  [CLINICAL_PHRASE_DOSE] = { "{0}", "{0}", "{0}", "{0}", "1回{0}" },
  [CLINICAL_PHRASE_METHOD] = { "{0} {1}", "{0}: {1}", "{0} {1}", "{0} {1}", "{0}：{1}" },
  [CLINICAL_PHRASE_RATIO_ONE] = { "{0} per {1}", "{0} je {1}", "{0} por {1}", "{0} par {1}",
                                  "1{1}あたり{0}" },
  [CLINICAL_PHRASE_RATIO_MANY] = { "{0} every {1}", "{0} je {1}", "{0} cada {1}", "{0} par {1}",
                                   "{1}あたり{0}" },
  [CLINICAL_PHRASE_RATE] = { "at a rate of {0}", "mit einer Rate von {0}", "a una velocidad de {0}",
                             "au débit de {0}", "{0}の速度で" },
  [CLINICAL_PHRASE_OVER] = { "over {0}", "über {0}", "a lo largo de {0}", "sur {0}", "{0}かけて" },
  [CLINICAL_PHRASE_OVER_MAX] = { "over {0} (maximum {1})", "über {0} (höchstens {1})",
                                 "a lo largo de {0} (máximo {1})", "sur {0} (au maximum {1})",
                                 "{0}かけて（最長{1}）" },
  [CLINICAL_PHRASE_ONCE] = { "once", "1-mal", "1 vez", "1 fois", "1回" },
  [CLINICAL_PHRASE_TWICE] = { "twice", "2-mal", "2 veces", "2 fois", "2回" },
  [CLINICAL_PHRASE_TIMES] = { "{0} times", "{0}-mal", "{0} veces", "{0} fois", "{0}回" },
  [CLINICAL_PHRASE_TIMES_RANGE] = { "{0} to {1} times", "{0}- bis {1}-mal", "{0} a {1} veces",
                                    "{0} à {1} fois", "{0}～{1}回" },
  [CLINICAL_PHRASE_TIMES_UP_TO] = { "up to {0} times", "bis zu {0}-mal", "hasta {0} veces",
                                    "jusqu’à {0} fois", "{0}回まで" },
  [CLINICAL_PHRASE_EVERY] = { "every {0}", "alle {0}", "cada {0}", "tous les {0}", "{0}ごと" },
  [CLINICAL_PHRASE_EVERY_FEMININE] = { "every {0}", "alle {0}", "cada {0}", "toutes les {0}",
                                       "{0}ごと" },
  [CLINICAL_PHRASE_TIMES_EVERY] = { "{0} {1}", "{0} {1}", "{0} {1}", "{0} {1}", "{1}に{0}" },
  [CLINICAL_PHRASE_NOT_DAILY] = { "{0} (not every day)", "{0} (nicht jeden Tag)",
                                  "{0} (no todos los días)", "{0} (pas tous les jours)",
                                  "{0}（毎日ではありません）" },
  [CLINICAL_PHRASE_OFFSET] = { "{0} {1}", "{0} {1}", "{0} {1}", "{0} {1}", "{1}{0}" },
  [CLINICAL_PHRASE_BEFORE_BED] = { "before bedtime", "vor dem Schlafengehen", "antes de acostarse",
                                   "avant le coucher", "就寝前" },
  [CLINICAL_PHRASE_AFTER_WAKING] = { "after waking", "nach dem Aufwachen", "después de despertarse",
                                     "après le réveil", "起床後" },
  [CLINICAL_PHRASE_ON_DAYS] = { "on {0}", "am {0}", "los {0}", "{0}", "{0}" },
  [CLINICAL_PHRASE_AT_TIME] = { "at {0}", "um {0} Uhr", "a las {0}", "à {0}", "{0}に" },
  [CLINICAL_PHRASE_AT_ONE] = { "at {0}", "um {0} Uhr", "a la {0}", "à {0}", "{0}に" },
  [CLINICAL_PHRASE_DAYS_TIMES] = { "{0} {1}", "{0} {1}", "{0} {1}", "{0} {1}", "{0}の{1}" },
  [CLINICAL_PHRASE_NEEDED] = { "as required", "bei Bedarf", "si es necesario", "si besoin",
                               "必要時" },
  [CLINICAL_PHRASE_NEEDED_FOR] = { "as required for {0}", "bei Bedarf ({0})",
                                   "si es necesario ({0})", "si besoin ({0})", "必要時（{0}）" },
  [CLINICAL_PHRASE_NEEDED_PLAIN] = { "only if you need it", "nur wenn nötig", "solo si lo necesita",
                                     "seulement si besoin", "必要なときだけ" },
  [CLINICAL_PHRASE_NEEDED_FOR_PLAIN] = { "only if you need it for {0}", "nur wenn nötig ({0})",
                                         "solo si lo necesita ({0})", "seulement si besoin ({0})",
                                         "必要なときだけ（{0}）" },
  [CLINICAL_PHRASE_FOR] = { "for {0}", "{0} lang", "durante {0}", "pendant {0}", "{0}" },
  [CLINICAL_PHRASE_FOR_UP_TO] = { "for up to {0}", "höchstens {0} lang", "durante un máximo de {0}",
                                  "pendant {0} au maximum", "最長{0}" },
  [CLINICAL_PHRASE_FOR_AT_LEAST] = { "for at least {0}", "mindestens {0} lang",
                                     "durante al menos {0}", "pendant au moins {0}",
                                     "少なくとも{0}" },
  [CLINICAL_PHRASE_FROM_TO] = { "from {0} to {1}", "vom {0} bis zum {1}",
                                "desde el {0} hasta el {1}", "du {0} au {1}", "{0}から{1}まで" },
  [CLINICAL_PHRASE_FROM] = { "from {0}", "ab dem {0}", "desde el {0}", "à partir du {0}",
                             "{0}から" },
  [CLINICAL_PHRASE_UNTIL] = { "until {0}", "bis zum {0}", "hasta el {0}", "jusqu’au {0}",
                              "{0}まで" },
  [CLINICAL_PHRASE_COUNT_ONE] = { "{0} time in all", "insgesamt {0}-mal", "{0} vez en total",
                                  "{0} fois au total", "合計{0}回" },
  [CLINICAL_PHRASE_COUNT] = { "{0} times in all", "insgesamt {0}-mal", "{0} veces en total",
                              "{0} fois au total", "合計{0}回" },
  [CLINICAL_PHRASE_ON_DATES] = { "on {0}", "am {0}", "el {0}", "le {0}", "{0}に" },
  [CLINICAL_PHRASE_MAX] = { "up to a maximum of {0}", "höchstens {0}", "hasta un máximo de {0}",
                            "au maximum {0}", "最大で{0}" },
  [CLINICAL_PHRASE_MAX_DOSE] = { "up to a maximum of {0} per dose", "höchstens {0} auf einmal",
                                 "hasta un máximo de {0} por toma", "au maximum {0} par prise",
                                 "1回最大{0}" },
  [CLINICAL_PHRASE_MAX_LIFETIME] = { "up to a maximum of {0} in the patient's lifetime",
                                     "höchstens {0} im ganzen Leben",
                                     "hasta un máximo de {0} en toda la vida",
                                     "au maximum {0} au cours de la vie", "生涯で最大{0}" },
  [CLINICAL_PHRASE_FREE] = { "{0}", "„{0}“ (so geschrieben)", "«{0}» (tal como está escrito)",
                             "« {0} » (tel qu’écrit)", "「{0}」（原文のまま）" },
  [CLINICAL_PHRASE_AND] = { " and ", " und ", " y ", " et ", "、" },
  [CLINICAL_PHRASE_COMMA] = { ", ", ", ", ", ", ", ", "、" },
  [CLINICAL_PHRASE_STEP_AND] = { "{0}, and {1}", "{0}, und {1}", "{0}, y {1}", "{0}, et {1}",
                                 "{0}、同時に{1}" },
  [CLINICAL_PHRASE_STEP_THEN] = { "{0}, then {1}", "{0}, dann {1}", "{0}, luego {1}",
                                  "{0}, puis {1}", "{0}、その後{1}" },
  [CLINICAL_PHRASE_STEP_AND_PLAIN] = { "{0} And also: {1}", "{0} Und außerdem: {1}",
                                       "{0} Y además: {1}", "{0} Et aussi : {1}",
                                       "{0}あわせて：{1}" },
  [CLINICAL_PHRASE_STEP_THEN_PLAIN] = { "{0} Then: {1}", "{0} Danach: {1}", "{0} Después: {1}",
                                        "{0} Ensuite : {1}", "{0}その後：{1}" },
  [CLINICAL_PHRASE_STOP] = { ".", ".", ".", ".", "。" },
  [CLINICAL_PHRASE_USE_PLAIN] = { "Use", NULL, NULL, NULL, NULL },
};

/* {0}: how many times */
static const struct
{
  const char *unit;
  Words per, each;
} rhythms[] = {
  { "s",
    { "{0} a second", "{0} in der Sekunde", "{0} por segundo", "{0} par seconde", "1秒に{0}" },
    { NULL } },
  { "min",
    { "{0} a minute", "{0} in der Minute", "{0} por minuto", "{0} par minute", "1分に{0}" },
    { NULL } },
  { "h",
    { "{0} an hour", "{0} in der Stunde", "{0} por hora", "{0} par heure", "1時間に{0}" },
    { "hourly", "stündlich", "cada hora", "toutes les heures", "毎時" } },
  { "d",
    { "{0} a day", "{0} am Tag", "{0} al día", "{0} par jour", "1日{0}" },
    { "daily", "täglich", "cada día", "chaque jour", "毎日" } },
  { "wk",
    { "{0} a week", "{0} in der Woche", "{0} a la semana", "{0} par semaine", "週{0}" },
    { "weekly", "wöchentlich", "cada semana", "chaque semaine", "毎週" } },
  { "mo",
    { "{0} a month", "{0} im Monat", "{0} al mes", "{0} par mois", "月{0}" },
    { "monthly", "monatlich", "cada mes", "chaque mois", "毎月" } },
  { "a",
    { "{0} a year", "{0} im Jahr", "{0} al año", "{0} par an", "年{0}" },
    { "yearly", "jährlich", "cada año", "chaque année", "毎年" } },
};

const char *
clinical_phrase_get (const ClinicalSpeaker *self, ClinicalPhrase phrase)
{
  return phrases[phrase][self->language];
}

static char *
fill (const char *template, const char *a, const char *b)
{
  GString *out = g_string_new (NULL);

  for (const char *c = template; *c; c++)
    if (*c == '{' && (c[1] == '0' || c[1] == '1') && c[2] == '}')
      {
        g_string_append (out, c[1] == '0' ? a : b);
        c += 2;
      }
    else
      g_string_append_c (out, *c);
  return g_string_free_and_steal (out);
}

/**
 * clinical_phrase_fill:
 * @b: (nullable): for {1}
 *
 * Returns: (transfer full): the part of the sentence
 */
char *
clinical_phrase_fill (const ClinicalSpeaker *self,
                      ClinicalPhrase phrase,
                      const char *a,
                      const char *b)
{
  return fill (phrases[phrase][self->language], a, b ? b : "");
}

/**
 * clinical_phrase_per:
 * @unit: a UCUM unit of time
 * @times: "3 times"
 *
 * Returns: (transfer full) (nullable): "3 times a day"; NULL for another unit
 */
char *
clinical_phrase_per (const ClinicalSpeaker *self, const char *unit, const char *times)
{
  for (gsize i = 0; i < G_N_ELEMENTS (rhythms); i++)
    if (g_str_equal (rhythms[i].unit, unit))
      return fill (rhythms[i].per[self->language], times, "");
  return NULL;
}

/**
 * clinical_phrase_each:
 *
 * Returns: (nullable): "daily"; NULL where there is no such word
 */
const char *
clinical_phrase_each (const ClinicalSpeaker *self, const char *unit)
{
  for (gsize i = 0; i < G_N_ELEMENTS (rhythms); i++)
    if (g_str_equal (rhythms[i].unit, unit))
      return rhythms[i].each[self->language];
  return NULL;
}

/* Spanish says "e" before the sound of i. */
static const char *
last_joint (const ClinicalSpeaker *self, const char *next)
{
  gboolean i_sound = *next == 'i' || *next == 'I' || g_str_has_prefix (next, "hi");

  if (self->language == CLINICAL_LANGUAGE_ES && i_sound && !g_str_has_prefix (next, "hie"))
    return " e ";
  return phrases[CLINICAL_PHRASE_AND][self->language];
}

/**
 * clinical_phrase_join:
 * @items: (element-type utf8): texts
 *
 * Returns: (transfer full): "a, b and c"
 */
char *
clinical_phrase_join (const ClinicalSpeaker *self, GPtrArray *items)
{
  GString *out = g_string_new (NULL);

  for (guint i = 0; i < items->len; i++)
    {
      const char *item = items->pdata[i];

      if (i > 0)
        g_string_append (out, i + 1 == items->len ? last_joint (self, item)
                                                  : phrases[CLINICAL_PHRASE_COMMA][self->language]);
      g_string_append (out, item);
    }
  return g_string_free_and_steal (out);
}

/**
 * clinical_phrase_free_text:
 * @text: (nullable): as somebody wrote it, in whatever language
 *
 * Returns: (transfer full) (nullable): the text in quotation marks with the word that it stays as
 * it was written; NULL where nothing is left of it once signs that cannot be seen are gone
 */
char *
clinical_phrase_free_text (const ClinicalSpeaker *self, const char *text)
{
  g_autofree char *tidy = fhir_text_tidy (text);

  return tidy ? clinical_phrase_fill (self, CLINICAL_PHRASE_FREE, tidy, NULL) : NULL;
}
