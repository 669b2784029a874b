/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "outbox-feature.h"

#include <glib/gi18n.h>

#include "outbox-page.h"

struct _OutboxFeature
{
  WorkspaceFeature parent_instance;
};

G_DEFINE_FINAL_TYPE (OutboxFeature, outbox_feature, WORKSPACE_TYPE_FEATURE)

static const WorkspaceOffer offers[] = {
  { WORKSPACE_PLACE_CLINIC, "outbox", N_ ("Outbox"), "bedside-outbox-symbolic", "<Alt>9", 90 },
};

static GtkWidget *
outbox_feature_create_clinic_page (WorkspaceFeature *feature,
                                   const WorkspaceOffer *offer,
                                   WorkspaceSession *session)
{
  return outbox_page_new (session);
}

static void
outbox_feature_class_init (OutboxFeatureClass *klass)
{
  WorkspaceFeatureClass *feature_class = WORKSPACE_FEATURE_CLASS (klass);

  feature_class->id = "outbox";
  feature_class->offers = offers;
  feature_class->n_offers = G_N_ELEMENTS (offers);
  feature_class->create_clinic_page = outbox_feature_create_clinic_page;
}

static void
outbox_feature_init (OutboxFeature *self)
{
}
