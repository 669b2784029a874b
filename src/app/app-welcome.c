/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app-welcome.h"

#include "app-founding.h"
#include "app-welcome-clinic.h"
#include "app-welcome-connect.h"

struct _AppWelcome
{
  AdwBin parent_instance;

  char *clinic_folder;

  AdwNavigationView *navigation;
  GtkListBox *choices;
};

enum
{
  SIGNAL_DEMO,
  SIGNAL_SERVER,
  SIGNAL_CLINIC,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (AppWelcome, app_welcome, ADW_TYPE_BIN)

static void
use_cb (AppWelcome *self, const char *server)
{
  g_signal_emit (self, signals[SIGNAL_SERVER], 0, server);
}

static void
founded_cb (AppWelcome *self, const char *login)
{
  g_signal_emit (self, signals[SIGNAL_CLINIC], 0, login);
}

static void
demo_cb (AppWelcome *self)
{
  g_signal_emit (self, signals[SIGNAL_DEMO], 0);
}

static void
connect_cb (AppWelcome *self)
{
  app_welcome_connect_to (self, NULL);
}

static void
clinic_cb (AppWelcome *self)
{
  g_autofree char *login = app_founding_dup_login (self->clinic_folder);
  AdwNavigationPage *page;

  if (login)
    {
      founded_cb (self, login);
      return;
    }
  page = app_welcome_clinic_new (self->clinic_folder);
  g_signal_connect_object (page, "founded", G_CALLBACK (founded_cb), self, G_CONNECT_SWAPPED);
  adw_navigation_view_push (self->navigation, page);
}

static void
app_welcome_dispose (GObject *object)
{
  AppWelcome *self = APP_WELCOME (object);

  adw_bin_set_child (ADW_BIN (self), NULL);
  gtk_widget_dispose_template (GTK_WIDGET (self), APP_TYPE_WELCOME);
  g_clear_pointer (&self->clinic_folder, g_free);
  G_OBJECT_CLASS (app_welcome_parent_class)->dispose (object);
}

static void
app_welcome_class_init (AppWelcomeClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = app_welcome_dispose;
  gtk_widget_class_set_template_from_resource (widget_class, "/health/bedside/app/app-welcome.ui");
  gtk_widget_class_bind_template_child (widget_class, AppWelcome, navigation);
  gtk_widget_class_bind_template_child (widget_class, AppWelcome, choices);
  gtk_widget_class_bind_template_callback (widget_class, connect_cb);
  gtk_widget_class_bind_template_callback (widget_class, demo_cb);
  gtk_widget_class_bind_template_callback (widget_class, clinic_cb);

  signals[SIGNAL_DEMO] = g_signal_new ("demo", APP_TYPE_WELCOME, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                       NULL, G_TYPE_NONE, 0);
  signals[SIGNAL_SERVER] = g_signal_new ("server", APP_TYPE_WELCOME, G_SIGNAL_RUN_LAST, 0, NULL,
                                         NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
  signals[SIGNAL_CLINIC] = g_signal_new ("clinic", APP_TYPE_WELCOME, G_SIGNAL_RUN_LAST, 0, NULL,
                                         NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
}

static void
app_welcome_init (AppWelcome *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/* (transfer floating): @clinic_folder: where a clinic of its own would lie */
GtkWidget *
app_welcome_new (const char *clinic_folder)
{
  AppWelcome *self = g_object_new (APP_TYPE_WELCOME, NULL);

  self->clinic_folder = g_strdup (clinic_folder);
  return GTK_WIDGET (self);
}

/* Goes to the page for a server's address. @address: (nullable): of a link; it is filled in, and a
 * person has to look at it and press the button */
void
app_welcome_connect_to (AppWelcome *self, const char *address)
{
  g_return_if_fail (APP_IS_WELCOME (self));

  AdwNavigationPage *page = app_welcome_connect_new (address);

  adw_navigation_view_pop_to_tag (self->navigation, "choose");
  g_signal_connect_object (page, "use", G_CALLBACK (use_cb), self, G_CONNECT_SWAPPED);
  adw_navigation_view_push (self->navigation, page);
}
