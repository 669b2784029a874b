/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "today-feature.h"

#include <glib/gi18n.h>

#include "today-page.h"

struct _TodayFeature
{
  WorkspaceFeature parent_instance;
};

G_DEFINE_FINAL_TYPE (TodayFeature, today_feature, WORKSPACE_TYPE_FEATURE)

static const WorkspaceOffer offers[] = {
  { WORKSPACE_PLACE_CLINIC, "today", N_ ("Today"), "bedside-today-symbolic", "<Alt>1", 10 },
};

static const WorkspaceCommand commands[] = {
  { WORKSPACE_SCOPE_CLINIC, "win.admit", N_ ("Open and Admit the Selected Patient"),
    "<Control>Return" },
  { WORKSPACE_SCOPE_CLINIC, "win.admit-next", N_ ("Open Who Is Next, and Admit Who Waits"),
    "<Control>n" },
  { WORKSPACE_SCOPE_PATIENT, "app.next-patient", N_ ("Open Who Is Next, and Admit Who Waits"),
    "<Control>n" },
  { WORKSPACE_SCOPE_CLINIC, "win.book-visit", N_ ("Book a Visit"), "<Control>b" },
  { WORKSPACE_SCOPE_CLINIC, "win.move-visit", N_ ("Move the Selected Visit"), "<Control>m" },
  { WORKSPACE_SCOPE_CLINIC, "win.send-link", N_ ("Send the Link to the Selected Visit"),
    "<Control><Shift>l" },
  { WORKSPACE_SCOPE_CLINIC, "win.link-visit", N_ ("A New Link to the Selected Visit"),
    "<Control><Alt>k" },
  { WORKSPACE_SCOPE_CLINIC, "win.cancel-visit", N_ ("Cancel the Selected Visit"),
    "<Control><Shift>c" },
  { WORKSPACE_SCOPE_CLINIC, "win.hand-over-visit", N_ ("Hand the Selected Visit Over"),
    "<Control>h" },
  { WORKSPACE_SCOPE_CLINIC, "win.missed-visit", N_ ("The Selected Patient Did Not Come"),
    "<Control><Shift>m" },
};

static GtkWidget *
today_feature_create_clinic_page (WorkspaceFeature *feature,
                                  const WorkspaceOffer *offer,
                                  WorkspaceSession *session)
{
  return today_page_new (session);
}

static void
today_feature_class_init (TodayFeatureClass *klass)
{
  WorkspaceFeatureClass *feature_class = WORKSPACE_FEATURE_CLASS (klass);

  feature_class->id = "today";
  feature_class->offers = offers;
  feature_class->n_offers = G_N_ELEMENTS (offers);
  feature_class->commands = commands;
  feature_class->n_commands = G_N_ELEMENTS (commands);
  feature_class->create_clinic_page = today_feature_create_clinic_page;
}

static void
today_feature_init (TodayFeature *self)
{
}
