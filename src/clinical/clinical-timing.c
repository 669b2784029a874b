/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "clinical-timing.h"

#include <string.h>

/* Words for the codes of FHIR's Timing: event timing (http://hl7.org/fhir/event-timing and HL7 v3
 * TimingEvent), units of time (UCUM) and days of the week, in five languages. The translations are
 * source: unverified. */

typedef const char *Words[CLINICAL_N_LANGUAGES]; /* en, de, es, fr, ja */

static const struct
{
  const char *code;
  Words words;
} events[] = {
  { "MORN", { "in the morning", "morgens", "por la mañana", "le matin", "朝" } },
  { "MORN.early",
    { "in the early morning", "am frühen Morgen", "a primera hora de la mañana", "tôt le matin",
      "早朝" } },
  { "MORN.late",
    { "in the late morning", "am späten Vormittag", "al final de la mañana", "en fin de matinée",
      "昼前" } },
  { "NOON", { "at noon", "mittags", "al mediodía", "à midi", "正午" } },
  { "AFT", { "in the afternoon", "nachmittags", "por la tarde", "l’après-midi", "午後" } },
  { "AFT.early",
    { "in the early afternoon", "am frühen Nachmittag", "a primera hora de la tarde",
      "en début d’après-midi", "午後の早い時間" } },
  { "AFT.late",
    { "in the late afternoon", "am späten Nachmittag", "al final de la tarde",
      "en fin d’après-midi", "夕方前" } },
  { "EVE", { "in the evening", "abends", "al anochecer", "le soir", "夕方" } },
  { "EVE.early",
    { "in the early evening", "am frühen Abend", "al principio de la noche", "en début de soirée",
      "夕方の早い時間" } },
  { "EVE.late",
    { "in the late evening", "am späten Abend", "al final de la noche", "en fin de soirée",
      "夜遅く" } },
  { "NIGHT", { "at night", "nachts", "por la noche", "la nuit", "夜" } },
  { "PHS",
    { "after going to sleep", "nach dem Einschlafen", "después de dormirse",
      "après l’endormissement", "入眠後" } },
  { "HS", { "at bedtime", "vor dem Schlafengehen", "al acostarse", "au coucher", "就寝前" } },
  { "WAKE", { "on waking", "beim Aufwachen", "al despertarse", "au réveil", "起床時" } },
  { "C", { "with meals", "zu den Mahlzeiten", "con las comidas", "pendant les repas", "食事中" } },
  { "CM",
    { "with breakfast", "zum Frühstück", "con el desayuno", "pendant le petit-déjeuner",
      "朝食中" } },
  { "CD", { "with lunch", "zum Mittagessen", "con el almuerzo", "pendant le déjeuner", "昼食中" } },
  { "CV",
    { "with the evening meal", "zum Abendessen", "con la cena", "pendant le dîner", "夕食中" } },
  { "AC",
    { "before meals", "vor den Mahlzeiten", "antes de las comidas", "avant les repas", "食前" } },
  { "ACM",
    { "before breakfast", "vor dem Frühstück", "antes del desayuno", "avant le petit-déjeuner",
      "朝食前" } },
  { "ACD",
    { "before lunch", "vor dem Mittagessen", "antes del almuerzo", "avant le déjeuner",
      "昼食前" } },
  { "ACV",
    { "before the evening meal", "vor dem Abendessen", "antes de la cena", "avant le dîner",
      "夕食前" } },
  { "PC",
    { "after meals", "nach den Mahlzeiten", "después de las comidas", "après les repas", "食後" } },
  { "PCM",
    { "after breakfast", "nach dem Frühstück", "después del desayuno", "après le petit-déjeuner",
      "朝食後" } },
  { "PCD",
    { "after lunch", "nach dem Mittagessen", "después del almuerzo", "après le déjeuner",
      "昼食後" } },
  { "PCV",
    { "after the evening meal", "nach dem Abendessen", "después de la cena", "après le dîner",
      "夕食後" } },
};

static const struct
{
  const char *code;
  Words one, many;
} time_units[] = {
  { "s",
    { "second", "Sekunde", "segundo", "seconde", "秒" },
    { "seconds", "Sekunden", "segundos", "secondes", "秒" } },
  { "min",
    { "minute", "Minute", "minuto", "minute", "分" },
    { "minutes", "Minuten", "minutos", "minutes", "分" } },
  { "h",
    { "hour", "Stunde", "hora", "heure", "時間" },
    { "hours", "Stunden", "horas", "heures", "時間" } },
  { "d", { "day", "Tag", "día", "jour", "日" }, { "days", "Tage", "días", "jours", "日" } },
  { "wk",
    { "week", "Woche", "semana", "semaine", "週間" },
    { "weeks", "Wochen", "semanas", "semaines", "週間" } },
  { "mo",
    { "month", "Monat", "mes", "mois", "か月" },
    { "months", "Monate", "meses", "mois", "か月" } },
  { "a", { "year", "Jahr", "año", "an", "年" }, { "years", "Jahre", "años", "ans", "年" } },
};

/* Spanish names a day that comes again in the plural, French with its article. */
static const struct
{
  const char *code;
  Words words;
} days[] = {
  { "mon", { "Monday", "Montag", "lunes", "le lundi", "月曜日" } },
  { "tue", { "Tuesday", "Dienstag", "martes", "le mardi", "火曜日" } },
  { "wed", { "Wednesday", "Mittwoch", "miércoles", "le mercredi", "水曜日" } },
  { "thu", { "Thursday", "Donnerstag", "jueves", "le jeudi", "木曜日" } },
  { "fri", { "Friday", "Freitag", "viernes", "le vendredi", "金曜日" } },
  { "sat", { "Saturday", "Samstag", "sábados", "le samedi", "土曜日" } },
  { "sun", { "Sunday", "Sonntag", "domingos", "le dimanche", "日曜日" } },
};

/**
 * clinical_timing_event_in:
 * @code: (nullable): a FHIR event timing code
 *
 * Returns: (nullable): "before meals"; NULL for an unknown code
 */
const char *
clinical_timing_event_in (const char *code, ClinicalLanguage language)
{
  for (gsize i = 0; code && i < G_N_ELEMENTS (events); i++)
    if (g_str_equal (events[i].code, code))
      return events[i].words[language];
  return NULL;
}

/**
 * clinical_timing_unit_in:
 * @code: (nullable): a UCUM unit of time
 * @plural: whether of more than one
 *
 * Returns: (nullable): "hours"; NULL for an unknown code
 */
const char *
clinical_timing_unit_in (const char *code, gboolean plural, ClinicalLanguage language)
{
  for (gsize i = 0; code && i < G_N_ELEMENTS (time_units); i++)
    if (g_str_equal (time_units[i].code, code))
      return plural ? time_units[i].many[language] : time_units[i].one[language];
  return NULL;
}

/**
 * clinical_timing_day_in:
 * @code: (nullable): a FHIR day of the week
 *
 * Returns: (nullable): "Monday"; NULL for an unknown code
 */
const char *
clinical_timing_day_in (const char *code, ClinicalLanguage language)
{
  for (gsize i = 0; code && i < G_N_ELEMENTS (days); i++)
    if (g_str_equal (days[i].code, code))
      return days[i].words[language];
  return NULL;
}

/* The same in English. */
const char *
clinical_timing_event_text (const char *code)
{
  return clinical_timing_event_in (code, CLINICAL_LANGUAGE_EN);
}

const char *
clinical_timing_unit_text (const char *code, gboolean plural)
{
  return clinical_timing_unit_in (code, plural, CLINICAL_LANGUAGE_EN);
}

const char *
clinical_timing_day_text (const char *code)
{
  return clinical_timing_day_in (code, CLINICAL_LANGUAGE_EN);
}

/**
 * clinical_text_is_one:
 * @literal: a decimal
 *
 * Returns: whether it is exactly one, however many zeros it was written with
 */
gboolean
clinical_text_is_one (const char *literal)
{
  return g_strcmp0 (literal, "1") == 0 || (literal && g_str_has_prefix (literal, "1.") &&
                                           strspn (literal + 2, "0") == strlen (literal + 2));
}

/**
 * clinical_text_join:
 * @items: (element-type utf8): texts
 *
 * Returns: (transfer full): "a, b and c"
 */
char *
clinical_text_join (GPtrArray *items)
{
  GString *out = g_string_new (NULL);

  for (guint i = 0; i < items->len; i++)
    g_string_append_printf (out, "%s%s",
                            i == 0                ? ""
                            : i + 1 == items->len ? " and "
                                                  : ", ",
                            (const char *) items->pdata[i]);
  return g_string_free_and_steal (out);
}
