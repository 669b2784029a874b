/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base-fleet-private.h"

#include <glib/gi18n.h>
#include <string.h>

/* What each setting of the administrator's file may be, said in words where it is something else.
 */

#define LONGEST_LINE  200
#define MOST_NETWORKS 64

static const char *const unlock_ways[] = { "code", "sign-in", NULL };
static const char *const themes[] = { "system", "light", "dark", NULL };
/* those of po/LINGUAS */
static const char *const languages[] = { "en", "de", "es", "fr", "ja", NULL };

const BaseFleetSetting base_fleet_settings[BASE_FLEET_N_KEYS] = {
  [BASE_FLEET_ADMINISTRATOR_NAME] = { "administrator", "name", BASE_FLEET_LINE, 0, 0, NULL },
  [BASE_FLEET_ADMINISTRATOR_CONTACT] = { "administrator", "contact", BASE_FLEET_LINE, 0, 0, NULL },
  [BASE_FLEET_SERVER_URL] = { "server", "url", BASE_FLEET_URL, 0, 0, NULL },
  [BASE_FLEET_AUTHORITY] = { "server", "authority", BASE_FLEET_PATH, 0, 0, NULL },
  [BASE_FLEET_CLIENT_ID] = { "sign-in", "client-id", BASE_FLEET_TOKEN, 0, 0, NULL },
  [BASE_FLEET_UNLOCK] = { "sign-in", "unlock", BASE_FLEET_CHOICE, 0, 0, unlock_ways },
  [BASE_FLEET_LOCK_MINUTES] = { "policy", "lock-minutes", BASE_FLEET_WHOLE, 1, 120, NULL },
  [BASE_FLEET_LEASE_DAYS] = { "policy", "lease-days", BASE_FLEET_WHOLE, 1, 14, NULL },
  [BASE_FLEET_NETWORKS] = { "policy", "networks", BASE_FLEET_SUBNETS, 0, 0, NULL },
  [BASE_FLEET_THEME] = { "policy", "theme", BASE_FLEET_CHOICE, 0, 0, themes },
  [BASE_FLEET_LANGUAGE] = { "policy", "language", BASE_FLEET_CHOICE, 0, 0, languages },
};

static char *
check_line (const char *value)
{
  if (g_utf8_strlen (value, -1) > LONGEST_LINE)
    return g_strdup_printf (_ ("This is longer than %d characters. Shorten it."), LONGEST_LINE);
  for (const char *at = value; *at; at = g_utf8_next_char (at))
    if (g_unichar_iscntrl (g_utf8_get_char (at)))
      return g_strdup (_ ("This holds a character that cannot be shown. Write plain text."));
  return NULL;
}

static char *
check_token (const char *value)
{
  for (const char *at = value; *at; at++)
    if (!g_ascii_isgraph (*at))
      return g_strdup (_ ("Write letters, digits and signs without spaces."));
  return strlen (value) > LONGEST_LINE ? check_line (value) : NULL;
}

static gboolean
is_this_machine (const char *host)
{
  g_autoptr (GInetAddress) address = g_inet_address_new_from_string (host);

  return g_str_equal (host, "localhost") || (address && g_inet_address_get_is_loopback (address));
}

/* A password or a token in the address would be read by everybody who may read the file. */
static char *
check_url (const char *value)
{
  g_autoptr (GUri) uri = g_uri_parse (value, G_URI_FLAGS_NONE, NULL);
  const char *host = uri ? g_uri_get_host (uri) : NULL;

  if (!host || !*host)
    return g_strdup_printf (_ ("“%s” is not an address. Write it as https://hub.example/."), value);
  if (g_uri_get_userinfo (uri) || g_uri_get_query (uri) || g_uri_get_fragment (uri))
    return g_strdup (_ ("Leave out the name, the password, and what follows “?” or “#”."));
  if (g_str_equal (g_uri_get_scheme (uri), "https") ||
      (g_str_equal (g_uri_get_scheme (uri), "http") && is_this_machine (host)))
    return NULL;
  return g_strdup (_ ("Records travel to this address, so it has to begin with https://."));
}

/* Nothing is read here: the file is looked for where the administrator's file lies. */
static char *
check_path (const char *value)
{
  if (*value == '~' || g_str_has_suffix (value, "/") || strstr (value, "://"))
    return g_strdup (_ ("Write the whole path of a file, as /etc/bedside/authority.pem, or the "
                        "name of a file beside this one."));
  return check_line (value);
}

static char *
check_whole (const BaseFleetSetting *setting, const char *value)
{
  guint64 number = 0;

  if (g_ascii_string_to_unsigned (value, 10, setting->least, setting->most, &number, NULL))
    return NULL;
  return g_strdup_printf (_ ("“%s” is not a whole number from %u to %u."), value, setting->least,
                          setting->most);
}

static char *
check_choice (const BaseFleetSetting *setting, const char *value)
{
  g_autofree char *choices = NULL;

  if (g_strv_contains (setting->choices, value))
    return NULL;
  choices = g_strjoinv (", ", (char **) setting->choices);
  return g_strdup_printf (_ ("“%s” is none of these: %s."), value, choices);
}

/* GLib takes any number of bits, and complains only when it has built the mask. */
static GInetAddressMask *
read_network (const char *text)
{
  const char *slash = strchr (text, '/');
  guint64 bits;

  return slash && g_ascii_string_to_unsigned (slash + 1, 10, 0, 128, &bits, NULL)
             ? g_inet_address_mask_new_from_string (text, NULL)
             : NULL;
}

static char *
add_network (GPtrArray *networks, const char *text)
{
  g_autoptr (GInetAddressMask) mask = read_network (text);

  if (!mask)
    return g_strdup_printf (
        _ ("“%s” is not a network. Write its first address and how many bits all of its addresses "
           "share, as 192.0.2.0/24."),
        text);
  if (g_inet_address_mask_get_length (mask) == 0)
    return g_strdup_printf (_ ("“%s” is every network there is. Leave the line out to allow all."),
                            text);
  if (networks->len == MOST_NETWORKS)
    return g_strdup_printf (_ ("These are more than %d networks. Join some of them."),
                            MOST_NETWORKS);
  g_ptr_array_add (networks, g_steal_pointer (&mask));
  return NULL;
}

/* (transfer full) (nullable): GInetAddressMask; NULL with @problem set. */
GPtrArray *
base_fleet_read_networks (const char *value, char **problem)
{
  g_autoptr (GPtrArray) networks = g_ptr_array_new_with_free_func (g_object_unref);
  g_auto (GStrv) parts = g_strsplit (value, ";", -1);

  for (char **part = parts; *part && !*problem; part++)
    if (*g_strstrip (*part))
      *problem = add_network (networks, *part);
  if (!*problem && networks->len == 0)
    *problem = g_strdup (_ ("No network is named. Leave the line out to allow all."));
  return *problem ? NULL : g_steal_pointer (&networks);
}

/* (transfer full) (nullable): what is wrong with @value, or NULL. */
char *
base_fleet_check_value (const BaseFleetSetting *setting, const char *value)
{
  g_autoptr (GPtrArray) networks = NULL;
  char *problem = NULL;

  if (!*value)
    return g_strdup (_ ("Nothing stands behind “=”. Write a value, or leave the line out."));
  switch (setting->kind)
    {
    case BASE_FLEET_LINE:
      return check_line (value);
    case BASE_FLEET_TOKEN:
      return check_token (value);
    case BASE_FLEET_URL:
      return check_url (value);
    case BASE_FLEET_PATH:
      return check_path (value);
    case BASE_FLEET_WHOLE:
      return check_whole (setting, value);
    case BASE_FLEET_CHOICE:
      return check_choice (setting, value);
    case BASE_FLEET_SUBNETS:
      networks = base_fleet_read_networks (value, &problem);
      return problem;
    }
  g_return_val_if_reached (NULL);
}
