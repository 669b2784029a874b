/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hub-directory.h"
#include "hub-export.h"
#include "hub-fhir.h"
#include "hub-front.h"
#include "hub-guest.h"
#include "hub-ice.h"
#include "hub-introspect.h"
#include "hub-invite-door.h"
#include "hub-join.h"
#include "hub-notify.h"
#include "hub-oauth.h"
#include "hub-patient.h"
#include "hub-second-factor.h"
#include "hub-server.h"
#include "hub-signal.h"
#include "hub-subscription.h"
#include "hub-supply-wait.h"

/* What the hub consists of, one line each. */
const HubModule hub_modules[] = {
  hub_oauth_attach,        hub_introspect_attach, hub_fhir_attach,          hub_export_attach,
  hub_subscription_attach, hub_join_attach,       hub_signal_attach,        hub_patient_attach,
  hub_notify_attach,       hub_ice_attach,        hub_invite_door_attach,   hub_guest_attach,
  hub_supply_wait_attach,  hub_directory_attach,  hub_second_factor_attach, NULL,
};

/* And what of it stands in front of another server. */
const HubModule hub_upstream_modules[] = {
  hub_front_attach, hub_join_attach,        hub_signal_attach, hub_patient_attach,
  hub_ice_attach,   hub_invite_door_attach, hub_guest_attach,  NULL,
};
