/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib/gstdio.h>
#include <libsoup/soup.h>

#include "app-founding.h"
#include "app-welcome.h"
#include "display-find.h"

/* The first start, as a person goes through it, with real servers and the real hub. */

#define PASSWORD "a password of tests"

typedef struct
{
  char *folder;
  GtkWidget *window;
  AppWelcome *welcome;
  SoupServer *soup;
  char *url;
  const char *body; /* NULL: it never answers */
  guint asked;
  char *server, *login;
  guint demos;
} Fixture;

static void
handler (SoupServer *soup,
         SoupServerMessage *message,
         const char *path,
         GHashTable *query,
         gpointer data)
{
  Fixture *fixture = data;
  g_autofree char *sign_in =
      g_strdup_printf ("{\"authorization_endpoint\":\"%s/a\",\"token_endpoint\":\"%s/t\","
                       "\"code_challenge_methods_supported\":[\"S256\"]}",
                       fixture->url, fixture->url);
  const char *body = strstr (path, "smart-configuration") ? sign_in : fixture->body;

  fixture->asked++;
  if (!fixture->body)
    {
      soup_server_message_pause (message);
      return;
    }
  soup_server_message_set_status (message, 200, NULL);
  soup_server_message_set_response (message, "application/fhir+json", SOUP_MEMORY_COPY, body,
                                    strlen (body));
}

static void
listen (Fixture *fixture)
{
  g_autoptr (GError) error = NULL;
  GSList *uris;

  fixture->soup = soup_server_new (NULL, NULL);
  soup_server_add_handler (fixture->soup, NULL, handler, fixture, NULL);
  soup_server_listen_local (fixture->soup, 0, SOUP_SERVER_LISTEN_IPV4_ONLY, &error);
  g_assert_no_error (error);
  uris = soup_server_get_uris (fixture->soup);
  fixture->url = g_strdup_printf ("http://127.0.0.1:%d", g_uri_get_port (uris->data));
  g_slist_free_full (uris, (GDestroyNotify) g_uri_unref);
}

static void
server_cb (AppWelcome *welcome, const char *server, gpointer data)
{
  g_set_str (&((Fixture *) data)->server, server);
}

static void
clinic_cb (AppWelcome *welcome, const char *login, gpointer data)
{
  g_set_str (&((Fixture *) data)->login, login);
}

static void
demo_cb (AppWelcome *welcome, gpointer data)
{
  ((Fixture *) data)->demos++;
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  g_autofree char *clinic = NULL;

  fixture->folder = g_dir_make_tmp ("bedside-welcome-XXXXXX", NULL);
  clinic = g_build_filename (fixture->folder, "clinic", NULL);
  listen (fixture);
  fixture->welcome = APP_WELCOME (app_welcome_new (clinic));
  g_signal_connect (fixture->welcome, "server", G_CALLBACK (server_cb), fixture);
  g_signal_connect (fixture->welcome, "clinic", G_CALLBACK (clinic_cb), fixture);
  g_signal_connect (fixture->welcome, "demo", G_CALLBACK (demo_cb), fixture);
  fixture->window = adw_window_new ();
  adw_window_set_content (ADW_WINDOW (fixture->window), GTK_WIDGET (fixture->welcome));
  gtk_window_set_default_size (GTK_WINDOW (fixture->window), 900, 800);
  gtk_window_present (GTK_WINDOW (fixture->window));
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GSubprocess) rm =
      g_subprocess_new (G_SUBPROCESS_FLAGS_NONE, NULL, "rm", "-rf", fixture->folder, NULL);

  g_subprocess_wait (rm, NULL, NULL);
  gtk_window_destroy (GTK_WINDOW (fixture->window));
  display_settle ();
  g_object_unref (fixture->soup);
  g_free (fixture->url);
  g_free (fixture->folder);
  g_free (fixture->server);
  g_free (fixture->login);
}

static void
choose (Fixture *fixture, const char *title)
{
  GtkWidget *label;

  display_assert_label (fixture->window, title);
  label = display_find_label (fixture->window, title);
  adw_action_row_activate (ADW_ACTION_ROW (gtk_widget_get_ancestor (label, ADW_TYPE_ACTION_ROW)));
}

static gboolean
is_entry (GtkWidget *widget, const char *title)
{
  return ADW_IS_ENTRY_ROW (widget) &&
         g_strcmp0 (adw_preferences_row_get_title (ADW_PREFERENCES_ROW (widget)), title) == 0;
}

static void
type (Fixture *fixture, const char *title, const char *text)
{
  gtk_editable_set_text (GTK_EDITABLE (display_wait_for (fixture->window, is_entry, title)), text);
}

static gboolean
is_ready_button (GtkWidget *widget, const char *text)
{
  return display_is_button (widget, text) && gtk_widget_get_sensitive (widget);
}

static void
press (Fixture *fixture, const char *text)
{
  g_signal_emit_by_name (display_wait_for (fixture->window, is_ready_button, text), "clicked");
}

static gboolean
was_asked (gpointer fixture)
{
  return ((Fixture *) fixture)->asked > 0;
}

/* A server that is none is explained; the right one says what works, and is used only then. */
static void
test_connect (Fixture *fixture, gconstpointer data)
{
  display_assert_label (fixture->window, "Welcome to Bedside");
  choose (fixture, "Connect to Our Server");
  display_wait_for (fixture->window, display_is_button, "Look at This Server");
  g_assert_false (gtk_widget_get_sensitive (
      display_wait_for (fixture->window, display_is_button, "Look at This Server")));
  fixture->body = "<!doctype html><title>Welcome</title>";
  type (fixture, "Address of the server", fixture->url);
  press (fixture, "Look at This Server");
  display_assert_label (fixture->window, "There is a web page at this address");
  display_assert_label (fixture->window, "Check the address");

  fixture->body = "{\"resourceType\":\"CapabilityStatement\",\"fhirVersion\":\"1.0.2\"}";
  press (fixture, "Try Again");
  display_assert_label (fixture->window, "DSTU2 (1.0.2)");

  fixture->body = "{\"resourceType\":\"CapabilityStatement\",\"fhirVersion\":\"4.0.1\","
                  "\"software\":{\"name\":\"bedside-hub\",\"version\":\"0.1.0\"}}";
  press (fixture, "Try Again");
  display_assert_label (fixture->window, "This is a FHIR R4 server.");
  display_assert_label (fixture->window, "Video visits work.");
  g_assert_null (fixture->server);
  press (fixture, "Use This Server");
  g_assert_cmpstr (fixture->server, ==, fixture->url);
}

/* A slow server is waited for in sight, and let go of; what comes afterwards is not believed. */
static void
test_cancel (Fixture *fixture, gconstpointer data)
{
  choose (fixture, "Connect to Our Server");
  type (fixture, "Address of the server", fixture->url);
  press (fixture, "Look at This Server");
  display_assert_label (fixture->window, "Asking the server");
  g_assert_true (display_spin (was_asked, fixture));
  press (fixture, "_Cancel");
  display_wait_for (fixture->window, is_ready_button, "Look at This Server");
  /* another letter ends a question as well */
  press (fixture, "Look at This Server");
  display_assert_label (fixture->window, "Asking the server");
  type (fixture, "Address of the server", "");
  g_assert_false (gtk_widget_get_sensitive (
      display_wait_for (fixture->window, display_is_button, "Look at This Server")));
  g_assert_null (fixture->server);
}

/* A link fills in an address. It asks nothing, and connects to nothing. */
static void
test_link (Fixture *fixture, gconstpointer data)
{
  g_autofree char *link = g_strconcat ("bedside:connect?server=", fixture->url, NULL);

  fixture->body = "{}";
  app_welcome_connect_to (fixture->welcome, link);
  display_wait_for (fixture->window, is_ready_button, "Look at This Server");
  g_assert_cmpuint (fixture->asked, ==, 0);
  g_assert_null (fixture->server);
  press (fixture, "Look at This Server");
  display_assert_label (fixture->window, "a FHIR server does not");
}

static void
test_demo (Fixture *fixture, gconstpointer data)
{
  choose (fixture, "Try the Demo Clinic");
  g_assert_cmpuint (fixture->demos, ==, 1);
}

/* What is missing is said; then a clinic is there, and its administrator's password is shown. */
static void
test_clinic (Fixture *fixture, gconstpointer data)
{
  choose (fixture, "Start a Small Clinic Here");
  type (fixture, "Name of the clinic", "Harbour Practice");
  display_assert_label (fixture->window, "The name is missing.");
  type (fixture, "Your name, as others read it", "Dr Ann Stone");
  type (fixture, "Name to sign in with", "Ann");
  display_assert_label (fixture->window, "small letters");
  type (fixture, "Name to sign in with", "ann");
  type (fixture, "Password", PASSWORD);
  display_assert_label (fixture->window, "not the same");
  g_assert_false (gtk_widget_get_sensitive (
      display_wait_for (fixture->window, display_is_button, "Start the Clinic")));
  type (fixture, "The password again", PASSWORD);
  press (fixture, "Start the Clinic");
  display_assert_label (fixture->window, "Administrator’s password");
  g_assert_null (fixture->login);
  press (fixture, "I Have Written It Down");
  g_assert_cmpstr (fixture->login, ==, "ann");
}

/* A clinic that is there is not founded over again: it is opened. */
static void
test_clinic_is_there (Fixture *fixture, gconstpointer data)
{
  g_autofree char *clinic = g_build_filename (fixture->folder, "clinic", NULL);

  g_assert_cmpint (g_mkdir (clinic, 0700), ==, 0);
  g_assert_true (app_founding_keep (clinic, "ann", NULL));
  choose (fixture, "Start a Small Clinic Here");
  g_assert_cmpstr (fixture->login, ==, "ann");
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  adw_init ();
#define ADD(name, test) g_test_add (name, Fixture, NULL, set_up, test, tear_down)
  ADD ("/app/welcome/connect", test_connect);
  ADD ("/app/welcome/cancel", test_cancel);
  ADD ("/app/welcome/link", test_link);
  ADD ("/app/welcome/demo", test_demo);
  ADD ("/app/welcome/clinic", test_clinic);
  ADD ("/app/welcome/clinic-is-there", test_clinic_is_there);
#undef ADD
  return g_test_run ();
}
