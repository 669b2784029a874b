/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "workspace-feature.h"
#include "workspace-session.h"

/* Which of a session's features answers. */

/* (transfer none) (nullable): the feature that composes @keyword. */
WorkspaceFeature *
workspace_session_find_composer (WorkspaceSession *self, const char *keyword)
{
  GListModel *features = workspace_session_get_features (self);

  g_return_val_if_fail (WORKSPACE_IS_SESSION (self), NULL);

  for (guint i = 0; i < g_list_model_get_n_items (features); i++)
    {
      g_autoptr (WorkspaceFeature) feature = g_list_model_get_item (features, i);
      if (workspace_feature_composes (feature, keyword))
        return feature;
    }
  return NULL;
}

/**
 * workspace_session_find_next_offer_of:
 * @after: (nullable): the id of an offer that claims it and does not show this one; NULL: none yet
 *
 * Several features may claim one kind of record, and know only when they have read whether this one
 * is theirs. They are asked in the order of the features.
 *
 * Returns: (transfer none) (nullable): the id of the next patient offer that claims @reference
 */
const char *
workspace_session_find_next_offer_of (WorkspaceSession *self,
                                      const char *reference,
                                      const char *after)
{
  GListModel *features = workspace_session_get_features (self);
  gboolean passed = after == NULL;

  g_return_val_if_fail (WORKSPACE_IS_SESSION (self), NULL);

  for (guint i = 0; i < g_list_model_get_n_items (features); i++)
    {
      g_autoptr (WorkspaceFeature) feature = g_list_model_get_item (features, i);
      const char *offer = workspace_feature_claims (feature, reference);

      if (offer && passed)
        return offer;
      passed = passed || g_strcmp0 (offer, after) == 0;
    }
  return NULL;
}

/* (transfer none) (nullable): the id of the patient offer that is first asked for @reference. */
const char *
workspace_session_find_offer_of (WorkspaceSession *self, const char *reference)
{
  return workspace_session_find_next_offer_of (self, reference, NULL);
}
