/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hub-notify-words.h"

#include <string.h>

/* The words of a message, in the patient's language and not in the hub's: so they stand in a table
 * here. A message is read on locked screens and by whoever shares a telephone: it has the clinic's
 * name, the time, the link and a number to call, and no word about why, with whom or for whom. The
 * facts have no member for any of these, so no caller can put one in. */

typedef struct
{
  const char *language;
  const char *clinic;  /* where its name is not recorded */
  const char *subject; /* CLINIC, TIME */
  const char *untimed; /* CLINIC */
  const char *brief;   /* CLINIC, TIME, LINK */
  const char *brief_untimed;
  const char *brief_phone; /* PHONE */
  const char *text;        /* CLINIC, TIME, LINK */
  const char *text_untimed;
  const char *text_phone; /* PHONE */
  const char *text_none;
  const char *form; /* of a day, month by name */
  const char *months[12];
} Words;

static const Words table[] = {
  {
      "en",
      "Your clinic",
      "{clinic}: your video visit on {time}",
      "{clinic}: your video visit",
      "{clinic}: your video visit is on {time}. Open this link then: {link}",
      "{clinic}: your video visit. Open this link: {link}",
      "Help: {phone}",
      "Hello,\n\nyour video visit with {clinic} is on {time}.\n\nOpen this link a few minutes "
      "before, on a telephone or computer with a camera:\n{link}\n\nThe link is for you alone: "
      "please do not pass it on. You can try your camera and sound there at any time.",
      "Hello,\n\nyou have a video visit with {clinic}.\n\nOpen this link on a telephone or "
      "computer with a camera:\n{link}\n\nThe link is for you alone: please do not pass it on. "
      "You can try your camera and sound there at any time.",
      "If it does not work, call us: {phone}.",
      "If it does not work, call us on the number you have from us.",
      "{day} {month} {year}, {hour}",
      { "January", "February", "March", "April", "May", "June", "July", "August", "September",
        "October", "November", "December" },
  },
  {
      "de",
      "Ihre Praxis",
      "{clinic}: Ihre Videosprechstunde am {time}",
      "{clinic}: Ihre Videosprechstunde",
      "{clinic}: Ihre Videosprechstunde ist am {time}. Öffnen Sie dann diesen Link: {link}",
      "{clinic}: Ihre Videosprechstunde. Öffnen Sie diesen Link: {link}",
      "Hilfe: {phone}",
      "Guten Tag,\n\nIhre Videosprechstunde bei {clinic} ist am {time}.\n\nÖffnen Sie einige "
      "Minuten vorher diesen Link, auf einem Telefon oder Computer mit Kamera:\n{link}\n\nDer "
      "Link ist nur für Sie: Bitte geben Sie ihn nicht weiter. Kamera und Ton können Sie dort "
      "jederzeit ausprobieren.",
      "Guten Tag,\n\nSie haben eine Videosprechstunde bei {clinic}.\n\nÖffnen Sie diesen Link auf "
      "einem Telefon oder Computer mit Kamera:\n{link}\n\nDer Link ist nur für Sie: Bitte geben "
      "Sie ihn nicht weiter. Kamera und Ton können Sie dort jederzeit ausprobieren.",
      "Wenn es nicht gelingt, rufen Sie uns an: {phone}.",
      "Wenn es nicht gelingt, rufen Sie uns unter der Nummer an, die Sie von uns haben.",
      "{day}. {month} {year}, {hour} Uhr",
      { "Januar", "Februar", "März", "April", "Mai", "Juni", "Juli", "August", "September",
        "Oktober", "November", "Dezember" },
  },
  {
      "fr",
      "Votre cabinet",
      "{clinic} : votre consultation vidéo du {time}",
      "{clinic} : votre consultation vidéo",
      "{clinic} : votre consultation vidéo est le {time}. Ouvrez alors ce lien : {link}",
      "{clinic} : votre consultation vidéo. Ouvrez ce lien : {link}",
      "Aide : {phone}",
      "Bonjour,\n\nvotre consultation vidéo avec {clinic} est le {time}.\n\nOuvrez ce lien "
      "quelques minutes avant, sur un téléphone ou un ordinateur avec caméra :\n{link}\n\nCe "
      "lien est pour vous seul(e) : merci de ne pas le transmettre. Vous pouvez y essayer votre "
      "caméra et le son à tout moment.",
      "Bonjour,\n\nvous avez une consultation vidéo avec {clinic}.\n\nOuvrez ce lien sur un "
      "téléphone ou un ordinateur avec caméra :\n{link}\n\nCe lien est pour vous seul(e) : merci "
      "de ne pas le transmettre. Vous pouvez y essayer votre caméra et le son à tout moment.",
      "Si cela ne fonctionne pas, appelez-nous : {phone}.",
      "Si cela ne fonctionne pas, appelez-nous au numéro que vous avez de nous.",
      "{day} {month} {year} à {hour}",
      { "janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre",
        "octobre", "novembre", "décembre" },
  },
  {
      "es",
      "Su clínica",
      "{clinic}: su videoconsulta del {time}",
      "{clinic}: su videoconsulta",
      "{clinic}: su videoconsulta es el {time}. Abra entonces este enlace: {link}",
      "{clinic}: su videoconsulta. Abra este enlace: {link}",
      "Ayuda: {phone}",
      "Hola:\n\nSu videoconsulta con {clinic} es el {time}.\n\nAbra este enlace unos minutos "
      "antes, en un teléfono o un ordenador con cámara:\n{link}\n\nEl enlace es solo para usted: "
      "no lo comparta, por favor. Allí puede probar la cámara y el sonido en cualquier momento.",
      "Hola:\n\nTiene una videoconsulta con {clinic}.\n\nAbra este enlace en un teléfono o un "
      "ordenador con cámara:\n{link}\n\nEl enlace es solo para usted: no lo comparta, por favor. "
      "Allí puede probar la cámara y el sonido en cualquier momento.",
      "Si no funciona, llámenos: {phone}.",
      "Si no funciona, llámenos al número que tiene de nosotros.",
      "{day} de {month} de {year}, {hour}",
      { "enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre",
        "octubre", "noviembre", "diciembre" },
  },
  {
      "ja",
      "クリニック",
      "{clinic}：ビデオ診療のご案内（{time}）",
      "{clinic}：ビデオ診療のご案内",
      "{clinic}：ビデオ診療は{time}です。時間になりましたらこちらを開いてください：{link}",
      "{clinic}：ビデオ診療のご案内です。こちらを開いてください：{link}",
      "お困りのときは：{phone}",
      "こんにちは。\n\n{clinic}のビデオ診療は{time}です。\n\n数分前に、カメラの付いた電話または"
      "パソコンで次のリンクを開いてください。\n{link}\n\nこのリンクはご本人専用です。ほかの方に"
      "渡さないでください。カメラと音声はいつでも試せます。",
      "こんにちは。\n\n{clinic}のビデオ診療のご案内です。\n\nカメラの付いた電話またはパソコンで"
      "次のリンクを開いてください。\n{link}\n\nこのリンクはご本人専用です。ほかの方に渡さないで"
      "ください。カメラと音声はいつでも試せます。",
      "うまくいかないときは、お電話ください：{phone}",
      "うまくいかないときは、お手元の番号にお電話ください。",
      "{year}年{month}{day}日 {hour}",
      { "1月", "2月", "3月", "4月", "5月", "6月", "7月", "8月", "9月", "10月", "11月", "12月" },
  },
};

static const Words *
find (const char *language)
{
  for (gsize i = 0; i < G_N_ELEMENTS (table); i++)
    if (g_str_equal (table[i].language, language))
      return &table[i];
  return &table[0];
}

/**
 * hub_notify_words_language:
 * @wanted: (nullable): a BCP 47 tag, as in "de-CH"
 *
 * Returns: the language that a message is written in: English where there is no other
 */
const char *
hub_notify_words_language (const char *wanted)
{
  gsize length = wanted != NULL ? strcspn (wanted, "-_") : 0;

  for (gsize i = 0; i < G_N_ELEMENTS (table); i++)
    if (length == strlen (table[i].language) &&
        g_ascii_strncasecmp (wanted, table[i].language, length) == 0)
      return table[i].language;
  return table[0].language;
}

static void
append_value (GString *out, const char *name, gsize length, const char *const *values)
{
  for (; values[0] != NULL; values += 2)
    if (strlen (values[0]) == length && strncmp (values[0], name, length) == 0)
      {
        g_string_append (out, values[1]);
        return;
      }
}

/* @values: name and value in turn. What a value holds is not looked into again: a clinic may be
 * named "{link}". */
static char *
fill_in (const char *form, const char *const *values)
{
  GString *out = g_string_new (NULL);

  while (*form != '\0')
    {
      const char *end = *form == '{' ? strchr (form, '}') : NULL;

      if (end == NULL)
        {
          g_string_append_c (out, *form++);
          continue;
        }
      append_value (out, form + 1, (gsize) (end - form - 1), values);
      form = end + 1;
    }
  return g_string_free_and_steal (out);
}

/**
 * hub_notify_words_time:
 *
 * Returns: (transfer full): day and hour with the zone's name, as `Europe/Berlin` is another hour
 *   for somebody who travels
 */
char *
hub_notify_words_time (const char *language, GDateTime *start)
{
  const Words *words = find (language);
  g_autofree char *day = g_strdup_printf ("%d", g_date_time_get_day_of_month (start));
  g_autofree char *year = g_strdup_printf ("%d", g_date_time_get_year (start));
  g_autofree char *hour =
      g_strdup_printf ("%02d:%02d", g_date_time_get_hour (start), g_date_time_get_minute (start));
  const char *const values[] = {
    "day",  day,  "month", words->months[g_date_time_get_month (start) - 1], "year", year,
    "hour", hour, NULL
  };
  g_autofree char *text = fill_in (words->form, values);

  return g_strdup_printf ("%s (%s)", text, g_date_time_get_timezone_abbreviation (start));
}

static char *
fill (const Words *words, const char *timed, const char *untimed, const HubNotifyFacts *facts)
{
  g_autofree char *time =
      facts->start != NULL ? hub_notify_words_time (words->language, facts->start) : NULL;
  const char *const values[] = { "clinic", facts->clinic != NULL ? facts->clinic : words->clinic,
                                 "link",   facts->link != NULL ? facts->link : "",
                                 "phone",  facts->phone != NULL ? facts->phone : "",
                                 "time",   time != NULL ? time : "",
                                 NULL };

  return fill_in (time != NULL ? timed : untimed, values);
}

/* Returns: (transfer full): one line */
char *
hub_notify_words_subject (const char *language, const HubNotifyFacts *facts)
{
  const Words *words = find (language);

  return fill (words, words->subject, words->untimed, facts);
}

/**
 * hub_notify_words_text:
 * @brief: for a channel that is paid by the character
 *
 * Returns: (transfer full): the message
 */
char *
hub_notify_words_text (const char *language, gboolean brief, const HubNotifyFacts *facts)
{
  const Words *words = find (language);
  g_autofree char *text = fill (words, brief ? words->brief : words->text,
                                brief ? words->brief_untimed : words->text_untimed, facts);
  const char *form = brief ? words->brief_phone : words->text_phone;
  g_autofree char *help =
      facts->phone != NULL ? fill (words, form, form, facts) : g_strdup (words->text_none);

  if (brief)
    return facts->phone != NULL ? g_strdup_printf ("%s\n%s", text, help) : g_steal_pointer (&text);
  return g_strdup_printf ("%s\n\n%s\n", text, help);
}
