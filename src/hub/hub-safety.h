/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>

#include "clinical-content.h"

G_BEGIN_DECLS

/* The checks of prescribing on the command line: for scripts, and for a whole panel of patients. */
typedef struct
{
  const char *drugs;     /* "RXCUI,…" */
  const char *allergies; /* "CODE|TEXT,…", or NULL */
  const char *age;       /* years, or NULL */
  const char *weight;    /* kg, or NULL */
  const char *egfr;      /* mL/min, or NULL */
  gboolean pregnant;
} HubSafetyQuestion;

JsonNode *hub_safety_ask (ClinicalContent *content,
                          const HubSafetyQuestion *question,
                          const char *today,
                          GError **error);
JsonNode *
hub_safety_panel (ClinicalContent *content, const char *folder, const char *today, GError **error);
JsonNode *hub_safety_overrides (const char *folder, GError **error);
gboolean hub_safety_is_grave (JsonNode *result);
char *hub_safety_to_text (JsonNode *result);

G_END_DECLS
