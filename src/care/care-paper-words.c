/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "care-paper-words.h"

#include <string.h>

#include "fhir-date.h"

/* The words on a patient's sheet, in the patient's language and not in the user's: gettext knows
 * only the one. The translations are source: unverified, and the sheet says so. */

enum
{
  EN,
  DE,
  ES,
  FR,
  JA,
  N_LANGUAGES,
};

static const char *const languages[N_LANGUAGES] = { "en", "de", "es", "fr", "ja" };

static const char *const words[CARE_N_WORDS][N_LANGUAGES] = {
  [CARE_WORD_TITLE] = { "Summary of your visit", "Zusammenfassung Ihres Termins",
                        "Resumen de su visita", "Résumé de votre consultation", "診察のまとめ" },
  [CARE_WORD_INTRODUCTION] = { "This sheet is for you. It says what your record holds.",
                               "Dieses Blatt ist für Sie. Es sagt, was in Ihrer Akte steht.",
                               "Esta hoja es para usted. Dice lo que contiene su historia clínica.",
                               "Cette feuille est pour vous. Elle dit ce que contient votre "
                               "dossier.",
                               "この用紙はあなたのためのものです。記録にある内容を書いています。" },
  [CARE_WORD_UNVERIFIED] = { "",
                             "Kein Übersetzer hat die deutschen Wörter von Bedside geprüft. Was in "
                             "einer anderen Sprache in der Akte steht, bleibt, wie es ist.",
                             "Ningún traductor ha revisado las palabras de Bedside en español. Lo "
                             "que está escrito en otro idioma se deja como está.",
                             "Aucun traducteur n’a vérifié les mots français de Bedside. Ce qui "
                             "est écrit dans une autre langue reste tel quel.",
                             "Bedside "
                             "の日本語は翻訳者の確認を受けていません。記録が別の言語の場合は"
                             "そのまま載せています。" },
  [CARE_WORD_NOT_RECORDED] = { "not recorded", "nicht vermerkt", "no consta", "non noté",
                               "記録なし" },
  [CARE_WORD_VISIT] = { "Your visit", "Ihr Termin", "Su visita", "Votre consultation",
                        "今回の診察" },
  [CARE_WORD_DATE] = { "Date", "Datum", "Fecha", "Date", "日付" },
  [CARE_WORD_WITH] = { "With", "Mit", "Con", "Avec", "担当" },
  [CARE_WORD_REASON] = { "Reason", "Grund", "Motivo", "Motif", "理由" },
  [CARE_WORD_DISCUSSED] = { "What was discussed", "Was besprochen wurde", "De qué se habló",
                            "Ce dont nous avons parlé", "話し合ったこと" },
  [CARE_WORD_NOTHING_DISCUSSED] = { "Your record has no diagnosis of this visit.",
                                    "In Ihrer Akte steht keine Diagnose von diesem Termin.",
                                    "En su historia no consta ningún diagnóstico de esta visita.",
                                    "Votre dossier ne contient aucun diagnostic de cette "
                                    "consultation.",
                                    "この診察での診断は記録されていません。" },
  [CARE_WORD_FOUND] = { "What was found", "Was festgestellt wurde", "Qué se encontró",
                        "Ce qui a été constaté", "わかったこと" },
  [CARE_WORD_NOTHING_FOUND] = { "Your record has no measurement of this visit.",
                                "In Ihrer Akte steht kein Messwert von diesem Termin.",
                                "En su historia no consta ninguna medición de esta visita.",
                                "Votre dossier ne contient aucune mesure de cette consultation.",
                                "この診察での測定値は記録されていません。" },
  [CARE_WORD_MEASURED] = { "Measured", "Gemessen", "Medido", "Mesuré", "測定" },
  [CARE_WORD_VALUE] = { "Value", "Wert", "Valor", "Valeur", "値" },
  [CARE_WORD_MEDICINES] = { "Your medicines", "Ihre Medikamente", "Sus medicamentos",
                            "Vos médicaments", "あなたの薬" },
  [CARE_WORD_MEDICINE] = { "Medicine", "Medikament", "Medicamento", "Médicament", "薬" },
  [CARE_WORD_HOW] = { "How to take it", "Wie einnehmen", "Cómo tomarlo", "Comment le prendre",
                      "飲み方" },
  [CARE_WORD_FOR] = { "For", "Wofür", "Para qué", "Pour", "目的" },
  [CARE_WORD_NO_MEDICINE] = { "Your record lists no medicine that you take now. If you take any, "
                              "tell your clinician.",
                              "In Ihrer Akte steht kein Medikament, das Sie jetzt nehmen. Wenn Sie "
                              "eines nehmen, sagen Sie es bitte.",
                              "En su historia no consta ningún medicamento que tome ahora. Si toma "
                              "alguno, dígalo.",
                              "Votre dossier ne contient aucun médicament que vous prenez "
                              "maintenant. Si vous en prenez, dites-le.",
                              "現在飲んでいる薬は記録されていません。飲んでいる薬があれば伝えてくだ"
                              "さ"
                              "い。" },
  [CARE_WORD_NO_HOW] = { "Your record does not say how to take it. Ask before you take it.",
                         "In Ihrer Akte steht nicht, wie Sie es nehmen sollen. Fragen Sie vorher.",
                         "Su historia no dice cómo tomarlo. Pregunte antes de tomarlo.",
                         "Votre dossier ne dit pas comment le prendre. Demandez avant de le "
                         "prendre.",
                         "飲み方は記録されていません。飲む前に確認してください。" },
  [CARE_WORD_AS_WRITTEN] = { "%s", "In der Akte: %s", "En la historia: %s", "Dans le dossier : %s",
                             "記録の原文：%s" },
  [CARE_WORD_PAUSED] = { "Paused: do not take these now", "Pausiert: jetzt nicht nehmen",
                         "En pausa: no los tome ahora", "En pause : ne pas prendre maintenant",
                         "休止中：今は飲まないでください" },
  [CARE_WORD_STOPPED] = { "Stopped: do not take these any more", "Abgesetzt: nicht mehr nehmen",
                          "Suspendidos: no los tome más", "Arrêtés : ne plus prendre",
                          "中止：もう飲まないでください" },
  [CARE_WORD_NOTHING_STOPPED] = { "Your record has no medicine that was stopped in this visit.",
                                  "In Ihrer Akte steht kein Medikament, das bei diesem Termin "
                                  "abgesetzt wurde.",
                                  "En su historia no consta ningún medicamento suspendido en esta "
                                  "visita.",
                                  "Votre dossier ne contient aucun médicament arrêté lors de cette "
                                  "consultation.",
                                  "この診察で中止した薬は記録されていません。" },
  [CARE_WORD_WHY] = { "Why", "Warum", "Por qué", "Pourquoi", "理由" },
  [CARE_WORD_NO_WHY] = { "reason not recorded", "Grund nicht vermerkt", "no consta el motivo",
                         "motif non noté", "理由の記録なし" },
  [CARE_WORD_NEXT] = { "Next steps", "Wie es weitergeht", "Próximos pasos", "La suite",
                       "これからのこと" },
  [CARE_WORD_NOTHING_NEXT] = { "Your record has no next step of this visit.",
                               "In Ihrer Akte steht kein nächster Schritt von diesem Termin.",
                               "En su historia no consta ningún paso siguiente de esta visita.",
                               "Votre dossier ne contient aucune suite à cette consultation.",
                               "この診察での次の予定は記録されていません。" },
  [CARE_WORD_IN_PERSON] = { "You need to be seen in person.",
                            "Sie müssen persönlich untersucht werden.",
                            "Es necesario verle en persona.", "Vous devez être vu en personne.",
                            "対面での診察が必要です。" },
  [CARE_WORD_FOLLOW_UP] = { "A follow-up is planned for %s.",
                            "Eine Nachkontrolle ist für den %s vorgesehen.",
                            "Está prevista una visita de seguimiento para el %s.",
                            "Un suivi est prévu pour le %s.", "次の診察は %s の予定です。" },
  [CARE_WORD_NOT_COMPLETED] = { "The visit could not be completed.",
                                "Der Termin konnte nicht abgeschlossen werden.",
                                "La visita no se pudo completar.",
                                "La consultation n’a pas pu être terminée.",
                                "診察を最後まで行えませんでした。" },
  [CARE_WORD_EMERGENCY] = { "The visit ended as an emergency.", "Der Termin endete als Notfall.",
                            "La visita terminó como urgencia.",
                            "La consultation s’est terminée comme une urgence.",
                            "診察は緊急対応で終わりました。" },
  [CARE_WORD_VISITS] = { "Your next visits", "Ihre nächsten Termine", "Sus próximas visitas",
                         "Vos prochains rendez-vous", "次の予約" },
  [CARE_WORD_NO_VISITS] = { "No further visit is booked in your record.",
                            "In Ihrer Akte ist kein weiterer Termin gebucht.",
                            "En su historia no consta ninguna otra cita.",
                            "Aucun autre rendez-vous n’est noté dans votre dossier.",
                            "今後の予約は記録されていません。" },
  [CARE_WORD_CALL] = { "When to call", "Wann Sie anrufen sollen", "Cuándo llamar", "Quand appeler",
                       "連絡が必要なとき" },
  [CARE_WORD_NO_CALL] = { "Your record does not say when to call. Ask your clinician.",
                          "In Ihrer Akte steht nicht, wann Sie anrufen sollen. Fragen Sie danach.",
                          "Su historia no dice cuándo llamar. Pregúntelo.",
                          "Votre dossier ne dit pas quand appeler. Demandez-le.",
                          "いつ連絡するかは記録されていません。確認してください。" },
  [CARE_WORD_PHONE] = { "The clinic’s number: %s", "Nummer der Praxis: %s",
                        "Teléfono de la clínica: %s", "Numéro du cabinet : %s",
                        "診療所の電話番号：%s" },
  [CARE_WORD_NO_PHONE] = { "The clinic’s number is not in your record.",
                           "Die Nummer der Praxis steht nicht in Ihrer Akte.",
                           "El teléfono de la clínica no consta en su historia.",
                           "Le numéro du cabinet n’est pas dans votre dossier.",
                           "診療所の電話番号は記録されていません。" },
  [CARE_WORD_WITHHELD] = { "Your record has an entry that cannot be shown here safely. Ask about "
                           "it.",
                           "Ihre Akte enthält einen Eintrag, der hier nicht sicher gezeigt werden "
                           "kann. Fragen Sie danach.",
                           "Su historia contiene una anotación que aquí no se puede mostrar con "
                           "seguridad. Pregunte por ella.",
                           "Votre dossier contient une entrée qui ne peut pas être montrée ici "
                           "sans "
                           "risque. Posez la question.",
                           "安全に表示できない記録があります。確認してください。" },
  [CARE_WORD_CLINICIAN_SAID] = { "For the patient", "Für den Patienten", "Para el paciente",
                                 "Pour le patient", "患者さんへ" },
};

static gsize
index_of (const char *language)
{
  for (gsize i = 0; i < N_LANGUAGES; i++)
    if (g_str_equal (languages[i], language))
      return i;
  return EN;
}

/* (nullable): the language of @tag ("es-MX") as far as there are words in it. */
const char *
care_words_language (const char *tag)
{
  g_autofree char *first = tag ? g_ascii_strdown (tag, (gssize) strcspn (tag, "-_")) : NULL;

  for (gsize i = 0; first && i < N_LANGUAGES; i++)
    if (g_str_equal (languages[i], first))
      return languages[i];
  return NULL;
}

const char *
care_words_get (const char *language, CareWord word)
{
  return words[word][index_of (language)];
}

/* The decimal mark of who reads @language, whatever the one who prints writes. */
const char *
care_words_get_mark (const char *language)
{
  gsize index = index_of (language);

  return index == EN || index == JA ? "." : ",";
}

static char *
format_day (gsize language, int year, int month, int day)
{
  static const char *const months[][12] = {
    [EN] = { "January", "February", "March", "April", "May", "June", "July", "August", "September",
             "October", "November", "December" },
    [DE] = { "Januar", "Februar", "März", "April", "Mai", "Juni", "Juli", "August", "September",
             "Oktober", "November", "Dezember" },
    [ES] = { "enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre",
             "octubre", "noviembre", "diciembre" },
    [FR] = { "janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre",
             "octobre", "novembre", "décembre" },
  };

  switch (language)
    {
    case JA:
      return g_strdup_printf ("%d年%d月%d日", year, month, day);
    case DE:
      return g_strdup_printf ("%d. %s %d", day, months[DE][month - 1], year);
    case ES:
      return g_strdup_printf ("%d de %s de %d", day, months[ES][month - 1], year);
    default:
      return g_strdup_printf ("%d %s %d", day, months[language][month - 1], year);
    }
}

/**
 * care_words_date:
 * @date: a FHIR date; an instant is shown as @zone has it
 *
 * Returns: (transfer full): the month in letters; what is less than a day stays as it was written
 */
char *
care_words_date (const char *language, const char *date, GTimeZone *zone)
{
  gsize index = index_of (language);
  FhirDate parsed;
  gint64 low = 0, high = 0;

  if (!date || !fhir_date_parse (date, &parsed) || parsed.precision < FHIR_PRECISION_DAY)
    return g_strdup (date ? date : words[CARE_WORD_NOT_RECORDED][index]);
  if (parsed.precision == FHIR_PRECISION_DAY)
    return format_day (index, parsed.year, parsed.month, parsed.day);
  fhir_date_bounds (&parsed, &low, &high);
  g_autoptr (GDateTime) utc = g_date_time_new_from_unix_utc_usec (low);
  g_autoptr (GDateTime) local = g_date_time_to_timezone (utc, zone);
  g_autofree char *day =
      format_day (index, g_date_time_get_year (local), g_date_time_get_month (local),
                  g_date_time_get_day_of_month (local));
  return g_strdup_printf ("%s, %02d:%02d", day, g_date_time_get_hour (local),
                          g_date_time_get_minute (local));
}
