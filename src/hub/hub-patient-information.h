/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>

#include "fhir-resource.h"
#include "hub-server.h"
#include "store-content.h"

G_BEGIN_DECLS

void hub_patient_set_content (HubServer *server, StoreContent *content);
StoreContent *hub_patient_get_content (HubServer *server);
void hub_patient_write_information (StoreContent *content,
                                    FhirResource *request,
                                    const char *language,
                                    const char *today,
                                    JsonBuilder *out);

G_END_DECLS
