/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app-clinic-window.h"
#include "app-patients.h"

G_BEGIN_DECLS

typedef enum
{
  APP_LINK_UNKNOWN,
  APP_LINK_PAGE,    /* of the clinic window */
  APP_LINK_PATIENT, /* by the id of the record */
  APP_LINK_NEW_VISIT,
  APP_LINK_OPEN_FILE,      /* asks which */
  APP_LINK_FROM_ELSEWHERE, /* a file of this computer, or a health link */
} AppLinkKind;

#define APP_LINK_NEW_VISIT_URI "bedside:new-visit"
#define APP_LINK_OPEN_FILE_URI "bedside:open-file"

AppLinkKind app_link_read (const char *uri, char **target);
void app_link_follow (const char *uri,
                      AppClinicWindow *window,
                      AppPatients *patients,
                      WorkspaceSession *session);

G_END_DECLS
