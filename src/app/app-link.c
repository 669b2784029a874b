/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app-link.h"

#include <glib/gi18n.h>

#include "store-database.h"
#include "store-resource.h"

/* Links come from anybody: a web page, a mail, another program. They can open what a press could
 * open, and do nothing: nothing is written, sent or signed by one, and none is followed before
 * somebody is signed in and the records are open.
 *
 *   bedside:page/today      a page of the clinic window
 *   bedside:patient/ID      the window of a patient who is in the records
 *   bedside:new-visit       the form that books a visit, empty
 *   bedside:open-file       the question which file from elsewhere is to be shown
 *   file:/…, shlink:/…      what came from elsewhere, to be shown and put in no chart */

#define SCHEME       "bedside:"
#define LONGEST      128
#define LONGEST_FILE 8192
#define LONGEST_ID   64 /* FHIR R4, datatype id: [A-Za-z0-9\-\.]{1,64} */
#define PATIENT      "patient/"
#define PAGE         "page/"
#define NEW_VISIT    "new-visit"
#define OPEN_FILE    "open-file"
#define ID_LETTERS   "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-."
#define PAGE_LETTERS "abcdefghijklmnopqrstuvwxyz-"

static gboolean
is_made_of (const char *text, const char *letters)
{
  gsize length = strlen (text);

  return length > 0 && length <= LONGEST_ID && strspn (text, letters) == length;
}

/* Nothing that a server would have to be asked for. */
static gboolean
is_from_elsewhere (const char *uri)
{
  gsize length = strnlen (uri, LONGEST_FILE + 1);

  return length <= LONGEST_FILE && (g_ascii_strncasecmp (uri, "file:", strlen ("file:")) == 0 ||
                                    g_ascii_strncasecmp (uri, "shlink:", strlen ("shlink:")) == 0);
}

/**
 * app_link_read:
 * @uri: as it came, of any length
 * @target: (out) (transfer full) (nullable): the page's or the patient's id, or the address of what
 *   came from elsewhere
 *
 * Returns: what the link asks for; UNKNOWN for all that is not written exactly so
 */
AppLinkKind
app_link_read (const char *uri, char **target)
{
  const char *rest;

  *target = NULL;
  if (is_from_elsewhere (uri))
    {
      *target = g_strdup (uri);
      return APP_LINK_FROM_ELSEWHERE;
    }
  if (strnlen (uri, LONGEST + 1) > LONGEST ||
      g_ascii_strncasecmp (uri, SCHEME, strlen (SCHEME)) != 0)
    return APP_LINK_UNKNOWN;
  rest = uri + strlen (SCHEME);
  if (g_str_equal (rest, NEW_VISIT))
    return APP_LINK_NEW_VISIT;
  if (g_str_equal (rest, OPEN_FILE))
    return APP_LINK_OPEN_FILE;
  if (g_str_has_prefix (rest, PATIENT) && is_made_of (rest + strlen (PATIENT), ID_LETTERS))
    {
      *target = g_strdup (rest + strlen (PATIENT));
      return APP_LINK_PATIENT;
    }
  if (g_str_has_prefix (rest, PAGE) && is_made_of (rest + strlen (PAGE), PAGE_LETTERS))
    {
      *target = g_strdup (rest + strlen (PAGE));
      return APP_LINK_PAGE;
    }
  return APP_LINK_UNKNOWN;
}

/* ---- a patient ---- */

typedef struct
{
  GWeakRef window, patients;
  char *id;
  gboolean there;
} Asked;

static void
asked_free (gpointer data)
{
  Asked *asked = data;

  g_weak_ref_clear (&asked->window);
  g_weak_ref_clear (&asked->patients);
  g_free (asked->id);
  g_free (asked);
}

static gboolean
look_up_work (StoreConnection *connection, gpointer data, GError **error)
{
  Asked *asked = data;
  g_autoptr (FhirResource) patient = store_resource_get (connection, "Patient", asked->id, NULL);

  asked->there = patient != NULL;
  return TRUE;
}

static void
looked_up_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Asked *asked = user_data;
  g_autoptr (AppClinicWindow) window = g_weak_ref_get (&asked->window);
  g_autoptr (AppPatients) patients = g_weak_ref_get (&asked->patients);
  gboolean read = store_database_read_finish (STORE_DATABASE (source), result, NULL);

  if (window && patients && read && asked->there)
    app_patients_present (patients, asked->id);
  else if (window)
    app_clinic_window_add_toast (
        window, _ ("The link names a patient who is not in your records on this machine."));
  asked_free (asked);
}

static void
follow_to_patient (const char *id,
                   AppClinicWindow *window,
                   AppPatients *patients,
                   WorkspaceSession *session)
{
  Asked *asked = g_new0 (Asked, 1);

  g_weak_ref_init (&asked->window, window);
  g_weak_ref_init (&asked->patients, patients);
  asked->id = g_strdup (id);
  store_database_read_async (workspace_session_get_database (session), look_up_work, asked, NULL,
                             NULL, looked_up_cb, asked);
}

/**
 * app_link_follow:
 * @session: of whoever is signed in; only then are there @patients
 *
 * Shows what the link asks for, or says in @window why not.
 */
void
app_link_follow (const char *uri,
                 AppClinicWindow *window,
                 AppPatients *patients,
                 WorkspaceSession *session)
{
  g_autofree char *target = NULL;

  switch (app_link_read (uri, &target))
    {
    case APP_LINK_PAGE:
      app_clinic_window_show_page (window, target);
      break;
    case APP_LINK_PATIENT:
      follow_to_patient (target, window, patients, session);
      break;
    case APP_LINK_NEW_VISIT:
      app_clinic_window_show_page (window, "today");
      gtk_widget_activate_action (GTK_WIDGET (window), "win.book-visit", NULL);
      break;
    case APP_LINK_OPEN_FILE:
      if (!gtk_widget_activate_action (GTK_WIDGET (window), "win.open-file", NULL))
        app_clinic_window_add_toast (window, _ ("This Bedside opens no files from elsewhere."));
      break;
    case APP_LINK_FROM_ELSEWHERE:
      if (!gtk_widget_activate_action (GTK_WIDGET (window), "win.receive", "s", target))
        app_clinic_window_add_toast (window, _ ("This Bedside opens no files from elsewhere."));
      break;
    case APP_LINK_UNKNOWN:
    default:
      app_clinic_window_add_toast (window, _ ("Bedside does not know what this link asks for."));
      break;
    }
}
