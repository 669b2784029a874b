/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fhir-said.h"

#include <glib/gi18n.h>
#include <string.h>

/* A Bedside hub says its reasons in English, on the wire and in the record. Its sentences are their
 * own codes: those that stand here are read in the reader's language, and what is not known, as
 * another server's words, stays as it is. Where %s stands, something is put in: a number, or
 * another of these sentences. test-fhir-said finds each of them in the hub. */

static const char *const sentences[] = {
  /* links and invitations */
  N_ ("Only a booked appointment that names its patient can be joined"),
  N_ ("Join links are made by the clinic"),
  N_ ("Invitations are made by clinicians"),
  N_ ("This visit is not one to invite anybody to"),
  N_ ("This visit has ended"),
  N_ ("There is no such visit"),
  N_ ("This visit was opened too often: wait a quarter of a minute"),
  N_ ("Too many visits are open"),
  /* the second factor */
  N_ ("These six digits are not right. Wait for the next ones, and see that the clocks of the "
      "telephone and of this computer are right."),
  N_ ("These six digits were used already. Wait for the next ones."),
  N_ ("Too many wrong digits: the second factor is closed for a quarter of an hour. Then try "
      "again."),
  N_ ("The password is wrong."),
  N_ ("This is a controlled drug: sign it with the six digits of the second factor."),
  N_ ("This prescriber has set up no second factor at this server. Set it up in Preferences, then "
      "sign this prescription again."),
  N_ ("These digits of the second factor signed another list: each controlled drug is signed with "
      "digits of its own, for one patient. Sign it again."),
  N_ ("The digits of the second factor do not fit this prescription: sign it again with the digits "
      "that the telephone shows now."),
  /* sending */
  N_ ("Links are sent by the clinic"),
  N_ ("A text message needs a telephone number of 5 to 15 digits"),
  N_ ("This is no e-mail address"),
  N_ ("Ask the patient first whether messages may go there"),
  N_ ("The patient does not agree to text messages, so none is sent"),
  N_ ("The patient does not agree to e-mail, so none is sent"),
  N_ ("Nobody has asked the patient yet whether text messages may go to this number"),
  N_ ("Nobody has asked the patient yet whether e-mail may go to this address"),
  N_ ("This appointment names no patient"),
  N_ ("No telephone number that takes text messages is recorded"),
  N_ ("No e-mail address is recorded"),
  N_ ("Many messages went to this patient within the hour. Call them instead, or show them the "
      "link"),
  N_ ("This hub has no way to send messages. Show the link and pass it on yourself, or ask the "
      "administrator to set one up"),
  N_ ("This hub has no way to send text messages"),
  N_ ("This hub has no way to send e-mail"),
  /* what became of a message */
  N_ ("The message was deleted."),
  N_ ("The visit is not to be held any more."),
  N_ ("A newer link was made, and this one opens nothing any more."),
  N_ ("The patient has another number now."),
  N_ ("The patient has another e-mail address now."),
  N_ ("No agreement of the patient to be written to stands in the record."),
  N_ ("The patient does not agree to be written to any more."),
  N_ ("This hub has no way for such messages any more."),
  N_ ("The mail server does not take the clinic's sign-in."),
  N_ ("The mail server cannot prove who it is, so nothing was sent."),
  N_ ("The mail server refused it (%s): the address may be wrong."),
  N_ ("The mail server cannot take it just now."),
  N_ ("The mail server could not be reached."),
  N_ ("The message service cannot take it just now (HTTP %s)."),
  N_ ("The message service refused it (HTTP %s): the number may be wrong."),
  N_ ("The message service could not be reached."),
  N_ ("The message service reports that it did not arrive: the number may be wrong, or the "
      "telephone off."),
  N_ ("The clinic's program could not send it just now."),
  N_ ("The clinic's program refused it (exit status %s)."),
  N_ ("Given up after %s tries. %s"),
};

/* (transfer full) (nullable): what stands in @said where @pattern has %s, a GStrv */
static GStrv
match (const char *pattern, const char *said)
{
  g_auto (GStrv) parts = g_strsplit (pattern, "%s", -1);
  g_autoptr (GStrvBuilder) found = g_strv_builder_new ();
  const char *at = said;

  if (!g_str_has_prefix (at, parts[0]))
    return NULL;
  at += strlen (parts[0]);
  for (gsize i = 1; parts[i] != NULL; i++)
    {
      gboolean last = parts[i + 1] == NULL;
      const char *next = *parts[i] != '\0' ? strstr (at, parts[i]) : at + strlen (at);

      if (next == NULL || (last && next[strlen (parts[i])] != '\0'))
        return NULL;
      g_strv_builder_take (found, g_strndup (at, (gsize) (next - at)));
      at = next + strlen (parts[i]);
    }
  return *at == '\0' ? g_strv_builder_end (found) : NULL;
}

static char *
put_in (const char *sentence, GStrv found)
{
  g_auto (GStrv) parts = g_strsplit (sentence, "%s", -1);
  g_autoptr (GString) text = g_string_new (parts[0]);

  for (gsize i = 1; parts[i] != NULL; i++)
    {
      g_autofree char *inner = found[i - 1] != NULL ? fhir_said_dup (found[i - 1]) : g_strdup ("");

      g_string_append (text, inner);
      g_string_append (text, parts[i]);
      if (found[i - 1] == NULL)
        break; /* a translation that has more of them than there are */
    }
  return g_string_free_and_steal (g_steal_pointer (&text));
}

/**
 * fhir_said_dup:
 * @said: what a server said
 *
 * Returns: (transfer full): the same in the reader's language, where a Bedside hub said it
 */
char *
fhir_said_dup (const char *said)
{
  for (gsize i = 0; i < G_N_ELEMENTS (sentences); i++)
    {
      g_auto (GStrv) found = match (sentences[i], said);

      if (found != NULL)
        return put_in (_ (sentences[i]), found);
    }
  return g_strdup (said);
}
