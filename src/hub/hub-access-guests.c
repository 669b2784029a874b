/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hub-access.h"

#include "base-id.h"
#include "hub-access-private.h"

/* Guests: who another server says that a token stands for. They live in memory, for as long as that
 * answer is good. */

#define MAX_GUESTS 5000
#define KEPT_US    (24 * (gint64) 3600 * G_USEC_PER_SEC) /* a visit may outlive its token */

typedef struct
{
  HubUser *user;
  gint64 expires;
} HubGuest;

void
hub_guest_free (gpointer data)
{
  HubGuest *guest = data;

  hub_user_unref (guest->user);
  g_free (guest);
}

HubAccess *
hub_access_new_for_guests (BaseClock *clock)
{
  HubAccess *self = g_object_new (HUB_TYPE_ACCESS, NULL);

  self->clock = g_object_ref (clock);
  return self;
}

static gboolean
has_ended (gpointer hash, gpointer guest, gpointer now)
{
  return ((HubGuest *) guest)->expires + KEPT_US <= *(gint64 *) now;
}

/**
 * hub_access_admit_guest:
 * @expires: microseconds since 1970, when it has to be asked again
 */
void
hub_access_admit_guest (HubAccess *self, const char *token, HubUser *user, gint64 expires)
{
  HubGuest *guest = g_new (HubGuest, 1);
  gint64 now = base_clock_now (self->clock);

  guest->user = hub_user_ref (user);
  guest->expires = expires;
  g_hash_table_foreach_remove (self->guests, has_ended, &now);
  if (g_hash_table_size (self->guests) >= MAX_GUESTS)
    g_hash_table_remove_all (self->guests);
  g_hash_table_replace (self->guests, base_sha256_hex (token, -1), guest);
}

/**
 * hub_access_dismiss_guest:
 *
 * The other server takes the token no longer: who came with it goes.
 */
void
hub_access_dismiss_guest (HubAccess *self, const char *token)
{
  g_autofree char *hash = base_sha256_hex (token, -1);
  HubGuest *guest = g_hash_table_lookup (self->guests, hash);
  g_autofree char *name = guest != NULL ? g_strdup (guest->user->name) : NULL;

  if (guest == NULL)
    return;
  g_hash_table_remove (self->guests, hash);
  g_signal_emit_by_name (self, "user-changed", name);
}

/**
 * hub_access_find_guest:
 *
 * Returns: (transfer full) (nullable): whom @token stands for
 */
HubUser *
hub_access_find_guest (HubAccess *self, const char *token)
{
  g_autofree char *hash = base_sha256_hex (token, -1);
  const HubGuest *guest = g_hash_table_lookup (self->guests, hash);

  return guest != NULL && guest->expires > base_clock_now (self->clock) ? hub_user_ref (guest->user)
                                                                        : NULL;
}

/* A visit outlives what the other server said last about a token, but not its refusal. */
gboolean
hub_access_guest_may_stay (HubAccess *self, HubUser *user)
{
  GHashTableIter iter;
  gpointer guest;

  g_hash_table_iter_init (&iter, self->guests);
  while (g_hash_table_iter_next (&iter, NULL, &guest))
    if (g_str_equal (((HubGuest *) guest)->user->name, user->name) &&
        ((HubGuest *) guest)->user->role == user->role)
      return TRUE;
  return FALSE;
}
