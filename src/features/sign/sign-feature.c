/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sign-feature.h"

#include <glib/gi18n.h>

#include "sign-page.h"

/* What was prepared for a prescriber's signature: a page of the clinic window. */

struct _SignFeature
{
  WorkspaceFeature parent_instance;
};

G_DEFINE_FINAL_TYPE (SignFeature, sign_feature, WORKSPACE_TYPE_FEATURE)

static const WorkspaceOffer offers[] = {
  { WORKSPACE_PLACE_CLINIC, "sign", N_ ("To Sign"), "document-properties-symbolic", "<Alt>s", 32 },
};

static GtkWidget *
create_clinic_page (WorkspaceFeature *feature,
                    const WorkspaceOffer *offer,
                    WorkspaceSession *session)
{
  return sign_page_new (session);
}

static void
sign_feature_class_init (SignFeatureClass *klass)
{
  WorkspaceFeatureClass *feature_class = WORKSPACE_FEATURE_CLASS (klass);

  feature_class->id = "sign";
  feature_class->offers = offers;
  feature_class->n_offers = G_N_ELEMENTS (offers);
  feature_class->create_clinic_page = create_clinic_page;
}

static void
sign_feature_init (SignFeature *self)
{
}
