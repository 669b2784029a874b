/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

/* The WorkspaceFeature types that this build has; ends with NULL. Made from the list of words in
 * meson.build: all that the shell knows of features. */
typedef GType (*FeatureType) (void);

extern const FeatureType feature_table[];

G_END_DECLS
