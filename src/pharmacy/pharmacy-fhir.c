/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pharmacy-fhir.h"

#include <string.h>

#include "base-id.h"
#include "care-supply.h"
#include "fhir-builder.h"
#include "fhir-name.h"
#include "fhir-reference.h"
#include "net-error.h"

/* The pharmacy's end of the plain FHIR network. It keeps nothing of its own: what to do next comes
 * of what stands at the server, so a pharmacy that was killed goes on where it was. Each write
 * names the version that it answers; what is handed out and the end of its Task are one
 * transaction, under an id that comes of the Task, so that a lost answer makes nothing twice. */

#define TASK_CODE "https%3A%2F%2Fbedside.health%2Ffhir%2Ftask%7C"
#define OPEN      "requested,received,accepted,in-progress,on-hold,ready"

struct _PharmacyFhir
{
  GObject parent_instance;
  NetFhirClient *client;
  BaseClock *clock;
  char *owner; /* this pharmacy: Organization/id */
  gboolean lose_answers;
};

/* ---- reading ---- */

static FhirResource *
read_reference (PharmacyFhir *self, const char *reference, const char *expected, GCancellable *stop)
{
  g_autofree char *type = NULL, *id = NULL;

  if (!reference || !fhir_reference_split (reference, &type, &id) || strcmp (type, expected) != 0)
    return NULL;
  return net_fhir_client_read (self->client, type, id, stop, NULL);
}

/* Oldest first, and as many as a page holds: what is done makes room for the next. */
static FhirResource *
search_tasks (PharmacyFhir *self, const char *code, GCancellable *stop, GError **error)
{
  g_autofree char *query =
      g_strdup_printf ("owner=%s&code=%s%s&status=%s&_sort=authored-on&_count=100", self->owner,
                       TASK_CODE, code, OPEN);

  return net_fhir_client_search (self->client, "Task", query, FALSE, stop, error);
}

static PharmacyOrder *
read_order (PharmacyFhir *self, FhirResource *task, GCancellable *stop)
{
  PharmacyOrder *order = g_new0 (PharmacyOrder, 1);
  g_autoptr (FhirResource) patient =
      read_reference (self, fhir_resource_path_text (task, "for.reference"), "Patient", stop);

  order->task = fhir_resource_ref (task);
  order->request = read_reference (self, fhir_resource_path_text (task, "focus.reference"),
                                   "MedicationRequest", stop);
  order->patient = patient ? fhir_human_name_format (fhir_resource_path (patient, "name")) : NULL;
  return order;
}

static void
add_cancel (GPtrArray *orders, FhirResource *cancel)
{
  const char *focus = fhir_resource_path_text (cancel, "focus.reference");

  for (guint i = 0; i < orders->len; i++)
    {
      PharmacyOrder *order = orders->pdata[i];

      if (focus && !order->cancel &&
          g_strcmp0 (fhir_resource_path_text (order->task, "focus.reference"), focus) == 0)
        order->cancel = fhir_resource_ref (cancel);
    }
}

static GPtrArray *
list (BedsidePharmacyNetwork *network, GCancellable *stop, GError **error)
{
  PharmacyFhir *self = PHARMACY_FHIR (network);
  g_autoptr (FhirResource) tasks = search_tasks (self, CARE_SUPPLY_DISPENSE, stop, error);
  g_autoptr (FhirResource) cancels =
      tasks ? search_tasks (self, CARE_SUPPLY_CANCEL, stop, error) : NULL;
  GPtrArray *orders;

  if (!cancels)
    return NULL;
  orders = g_ptr_array_new_with_free_func ((GDestroyNotify) pharmacy_order_free);
  fhir_element_foreach (entry, fhir_resource_path (tasks, "entry"))
    {
      g_autoptr (FhirResource) task =
          fhir_resource_new_from_element (fhir_element_get (entry, "resource"), NULL);

      if (task && strcmp (fhir_resource_get_type (task), "Task") == 0)
        g_ptr_array_add (orders, read_order (self, task, stop));
    }
  fhir_element_foreach (entry, fhir_resource_path (cancels, "entry"))
    {
      g_autoptr (FhirResource) cancel =
          fhir_resource_new_from_element (fhir_element_get (entry, "resource"), NULL);

      if (cancel && strcmp (fhir_resource_get_type (cancel), "Task") == 0)
        add_cancel (orders, cancel);
    }
  return orders;
}

/* ---- saying ---- */

/* @kind: (nullable): what a prescriber is asked; else what was asked before stays */
static FhirResource *
with_status (PharmacyFhir *self,
             FhirResource *task,
             const char *status,
             const char *kind,
             const char *reason)
{
  g_autofree char *now = base_clock_dup_instant (self->clock);
  g_autoptr (FhirBuilder) builder = fhir_builder_new_from (task);

  fhir_builder_set_many (builder, "status", status, "lastModified", now, NULL);
  fhir_builder_remove (builder, "statusReason");
  fhir_builder_set (builder, "statusReason.text", reason);
  if (kind)
    {
      fhir_builder_remove (builder, "businessStatus");
      fhir_builder_set_coding (builder, "businessStatus", CARE_SYSTEM_TASK, kind, NULL);
    }
  return fhir_builder_end (builder);
}

/* As if its answer were lost: it is not read, and the same is sent once more, as who knows no
 * better does. That the server then refuses the old version is what has to happen. */
static gboolean
is_settled (PharmacyFhir *self, const GError *problem)
{
  return self->lose_answers && g_error_matches (problem, NET_ERROR, NET_ERROR_CONFLICT);
}

static gboolean
put (PharmacyFhir *self, FhirResource *task, GCancellable *stop, GError **error)
{
  const char *version = fhir_resource_get_version (task);
  g_autoptr (GError) problem = NULL;

  if (self->lose_answers)
    {
      g_autoptr (NetAnswer) lost = net_fhir_client_update (self->client, task, version, stop, NULL);
    }
  g_autoptr (NetAnswer) answer =
      net_fhir_client_update (self->client, task, version, stop, &problem);
  if (answer || is_settled (self, problem))
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&problem));
  return FALSE;
}

static gboolean
answer (BedsidePharmacyNetwork *network,
        const PharmacyOrder *order,
        PharmacyWord word,
        const char *reason,
        GCancellable *stop,
        GError **error)
{
  static const struct
  {
    const char *status, *kind;
  } words[] = {
    [PHARMACY_ACCEPT] = { "accepted" },
    [PHARMACY_HOLD] = { "on-hold" },
    [PHARMACY_READY] = { "ready" },
    [PHARMACY_REJECT] = { "rejected" },
    [PHARMACY_STOP] = { "completed" },
    [PHARMACY_NOT_STOP] = { "rejected" },
    [PHARMACY_ASK_DOSE] = { "on-hold", CARE_SUPPLY_KIND_DOSE },
    [PHARMACY_ASK_SUBSTITUTE] = { "on-hold", CARE_SUPPLY_KIND_SUBSTITUTE },
    [PHARMACY_ASK_STOCK] = { "on-hold", CARE_SUPPLY_KIND_STOCK },
  };
  PharmacyFhir *self = PHARMACY_FHIR (network);
  gboolean of_cancel = word == PHARMACY_STOP || word == PHARMACY_NOT_STOP;
  g_autoptr (FhirResource) task = with_status (self, of_cancel ? order->cancel : order->task,
                                               words[word].status, words[word].kind, reason);

  return put (self, task, stop, error);
}

/* The same id for the same part of the same order, however often it is said. */
static char *
dispense_id (FhirResource *task, gboolean rest)
{
  g_autofree char *seed = g_strdup_printf ("%s %s", fhir_resource_get_id (task),
                                           fhir_resource_path_text (task, "authoredOn"));
  g_autofree char *digest = base_sha256_hex (seed, -1);

  return g_strdup_printf ("handed-%.32s%s", digest, rest ? "-2" : "");
}

static void
set_amount (FhirBuilder *builder, FhirResource *request, double part)
{
  double ordered =
      fhir_element_get_double (fhir_resource_path (request, "dispenseRequest.quantity.value"), 0);
  char literal[G_ASCII_DTOSTR_BUF_SIZE];

  if (ordered <= 0)
    return; /* how much is not recorded: nothing is made up */
  fhir_builder_set_decimal (builder, "quantity.value",
                            g_ascii_formatd (literal, sizeof literal, "%.6g", ordered * part));
  fhir_builder_set (builder, "quantity.unit",
                    fhir_resource_path_text (request, "dispenseRequest.quantity.unit"));
}

static FhirResource *
make_dispense (PharmacyFhir *self, const PharmacyOrder *order, const PharmacySupply *supply)
{
  g_autofree char *id = dispense_id (order->task, supply->ends && supply->part < 1);
  g_autofree char *now = base_clock_dup_instant (self->clock);
  g_autoptr (FhirBuilder) builder = fhir_builder_new ("MedicationDispense", id);

  fhir_builder_set_many (builder, "status", "completed", "subject.reference",
                         fhir_resource_path_text (order->task, "for.reference"),
                         "authorizingPrescription.0.reference",
                         fhir_resource_path_text (order->task, "focus.reference"),
                         "performer.0.actor.reference", self->owner, "whenHandedOver", now, NULL);
  if (supply->substitute)
    fhir_builder_set (builder, "medicationCodeableConcept.text", supply->substitute);
  else
    fhir_builder_set_element (builder, "medicationCodeableConcept",
                              fhir_resource_path (order->request, "medicationCodeableConcept"));
  fhir_builder_set_boolean (builder, "substitution.wasSubstituted", supply->substitute != NULL);
  set_amount (builder, order->request, supply->part);
  return fhir_builder_end (builder);
}

static void
add_put (FhirBuilder *bundle, guint i, FhirResource *resource, const char *version)
{
  g_autofree char *at = g_strdup_printf ("entry.%u.resource", i);
  g_autofree char *method = g_strdup_printf ("entry.%u.request.method", i);
  g_autofree char *url = g_strdup_printf ("entry.%u.request.url", i);
  g_autofree char *match = g_strdup_printf ("entry.%u.request.ifMatch", i);
  g_autofree char *tag = version ? g_strdup_printf ("W/\"%s\"", version) : NULL;
  g_autofree char *reference = fhir_resource_dup_reference (resource);

  fhir_builder_set_element (bundle, at, fhir_resource_get_root (resource));
  fhir_builder_set (bundle, method, "PUT");
  fhir_builder_set (bundle, url, reference);
  fhir_builder_set (bundle, match, tag);
}

static gboolean
hand_out (BedsidePharmacyNetwork *network,
          const PharmacyOrder *order,
          const PharmacySupply *supply,
          GCancellable *stop,
          GError **error)
{
  PharmacyFhir *self = PHARMACY_FHIR (network);
  g_autoptr (FhirBuilder) builder = fhir_builder_new ("Bundle", NULL);
  g_autoptr (FhirResource) dispense = make_dispense (self, order, supply);
  g_autoptr (FhirResource) task =
      with_status (self, order->task, supply->ends ? "completed" : "on-hold",
                   supply->ends && supply->asks_renewal ? CARE_SUPPLY_KIND_RENEWAL : NULL,
                   supply->ends ? NULL : "a part was handed out, the rest is to come");
  g_autoptr (FhirResource) bundle = NULL;
  g_autoptr (FhirResource) reply = NULL;
  g_autoptr (GError) problem = NULL;

  fhir_builder_set (builder, "type", "transaction");
  add_put (builder, 0, dispense, NULL);
  add_put (builder, 1, task, fhir_resource_get_version (order->task));
  bundle = fhir_builder_end (builder);
  if (self->lose_answers)
    {
      g_autoptr (FhirResource) lost =
          net_fhir_client_transaction (self->client, bundle, stop, NULL);
    }
  reply = net_fhir_client_transaction (self->client, bundle, stop, &problem);
  if (reply || is_settled (self, problem))
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&problem));
  return FALSE;
}

/* The token stands in the body: an address may be logged. */
static gboolean
collect (BedsidePharmacyNetwork *network,
         const char *number,
         const char *token,
         GCancellable *stop,
         GError **error)
{
  PharmacyFhir *self = PHARMACY_FHIR (network);
  g_autofree char *path = g_strdup_printf ("MedicationRequest/%s/$collect", number);
  g_autoptr (FhirBuilder) builder = fhir_builder_new ("Parameters", NULL);
  g_autoptr (FhirResource) body = NULL;
  g_autoptr (NetAnswer) answer = NULL;
  NetRequest request = { .method = "POST", .path = path };

  fhir_builder_set_many (builder, "parameter.0.name", "token", "parameter.0.valueString", token,
                         NULL);
  body = fhir_builder_end (builder);
  request.body = body;
  if (self->lose_answers)
    {
      g_autoptr (NetAnswer) lost = net_fhir_client_send (self->client, &request, stop, NULL);
    }
  answer = net_fhir_client_send (self->client, &request, stop, error);
  return answer != NULL;
}

static void
pharmacy_fhir_network_init (BedsidePharmacyNetworkInterface *interface)
{
  interface->list = list;
  interface->answer = answer;
  interface->hand_out = hand_out;
  interface->collect = collect;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (PharmacyFhir,
                               pharmacy_fhir,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (BEDSIDE_TYPE_PHARMACY_NETWORK,
                                                      pharmacy_fhir_network_init))

static void
pharmacy_fhir_finalize (GObject *object)
{
  PharmacyFhir *self = PHARMACY_FHIR (object);

  g_clear_object (&self->client);
  g_clear_object (&self->clock);
  g_free (self->owner);
  G_OBJECT_CLASS (pharmacy_fhir_parent_class)->finalize (object);
}

static void
pharmacy_fhir_class_init (PharmacyFhirClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = pharmacy_fhir_finalize;
}

static void
pharmacy_fhir_init (PharmacyFhir *self)
{
}

/**
 * pharmacy_fhir_new:
 * @owner: the pharmacy itself, Organization/id
 */
PharmacyFhir *
pharmacy_fhir_new (NetFhirClient *client, BaseClock *clock, const char *owner)
{
  PharmacyFhir *self = g_object_new (PHARMACY_TYPE_FHIR, NULL);

  self->client = g_object_ref (client);
  self->clock = g_object_ref (clock);
  self->owner = g_strdup (owner);
  return self;
}

/**
 * pharmacy_fhir_set_lose_answers:
 *
 * For tests of the other side: every write is sent twice, as by who never heard its answer.
 */
void
pharmacy_fhir_set_lose_answers (PharmacyFhir *self, gboolean lose)
{
  self->lose_answers = lose;
}
