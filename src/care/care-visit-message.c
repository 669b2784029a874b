/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "care-visit-message.h"

#include <json-glib/json-glib.h>
#include <string.h>

/* The messages of a visit's signalling channel. Both ends and the hub read and write them here, so
 * that the three can not disagree. What comes from a socket is hostile until it has been parsed. */

#define MAX_DEPTH   4
#define MAX_EPOCH   G_MAXINT32
#define MAX_MLINE   64
#define MAX_MINUTES (7 * 24 * 60)
#define MAX_MARK    64
#define MAX_NAME    256
#define MAX_INSTANT 40
#define MAX_SERVERS 2048

typedef enum
{
  FIELD_ROLE = 1 << 0,
  FIELD_EPOCH = 1 << 1,
  FIELD_PRESENT = 1 << 2,
  FIELD_AUDIO_VIDEO = 1 << 3,
  FIELD_ON = 1 << 4,
  FIELD_MLINE = 1 << 5,
  FIELD_SDP = 1 << 6,
  FIELD_CANDIDATE = 1 << 7,
  FIELD_TEXT = 1 << 8,
  FIELD_AT = 1 << 9,
  FIELD_ID = 1 << 10,
  FIELD_FROM = 1 << 11,
  FIELD_BY = 1 << 12,
  FIELD_ESTIMATE = 1 << 13,
  FIELD_ICE = 1 << 14,
  FIELD_SAID = 1 << 15,
  FIELD_TO = 1 << 16,
  FIELD_PERSON = 1 << 17,
  FIELD_REASON = 1 << 20,
  FIELD_WORDING = 1 << 22,
  FIELD_CONSENT = 1 << 23,
  FIELD_KINDS = 1 << 24,
  FIELD_VALUES = 1 << 25,
  FIELD_WHY_NOT = 1 << 26,
} Field;

#define CLINICIAN (1u << CARE_VISIT_ROLE_CLINICIAN)
#define PATIENT   (1u << CARE_VISIT_ROLE_PATIENT)
#define OTHERS    (1u << CARE_VISIT_ROLE_GUEST | 1u << CARE_VISIT_ROLE_INTERPRETER)
#define ADDRESSED (FIELD_TO | FIELD_FROM)

static const struct
{
  const char *name;
  guint required;
  guint optional;
  guint senders; /* none: only the hub */
} schema[] = {
  [CARE_SIGNAL_HELLO] = { "hello", FIELD_ROLE, FIELD_EPOCH, CLINICIAN | PATIENT | OTHERS },
  [CARE_SIGNAL_PEER] = { "peer", FIELD_PRESENT, FIELD_EPOCH, 0 },
  [CARE_SIGNAL_WAITING] = { "waiting", 0, 0, PATIENT },
  [CARE_SIGNAL_ADMIT] = { "admit", 0, FIELD_TO, CLINICIAN },
  [CARE_SIGNAL_HOLD] = { "hold", 0, FIELD_TO, CLINICIAN },
  [CARE_SIGNAL_OFFER] = { "offer", FIELD_EPOCH | FIELD_SDP, ADDRESSED, CLINICIAN },
  [CARE_SIGNAL_ANSWER] = { "answer", FIELD_EPOCH | FIELD_SDP, ADDRESSED, PATIENT | OTHERS },
  [CARE_SIGNAL_CANDIDATE] = { "candidate", FIELD_EPOCH | FIELD_MLINE | FIELD_CANDIDATE, ADDRESSED,
                              CLINICIAN | PATIENT | OTHERS },
  [CARE_SIGNAL_RENEW] = { "renew", FIELD_EPOCH, ADDRESSED, CLINICIAN | PATIENT | OTHERS },
  [CARE_SIGNAL_CHAT] = { "chat", FIELD_TEXT, FIELD_AT | FIELD_ID | FIELD_FROM,
                         CLINICIAN | PATIENT },
  [CARE_SIGNAL_MEDIA] = { "media", FIELD_AUDIO_VIDEO, FIELD_FROM | FIELD_WHY_NOT,
                          CLINICIAN | PATIENT | OTHERS },
  [CARE_SIGNAL_SLATE] = { "slate", FIELD_ON, 0, CLINICIAN },
  [CARE_SIGNAL_HANGUP] = { "hangup", 0, FIELD_FROM, CLINICIAN | PATIENT | OTHERS },
  [CARE_SIGNAL_ENDED] = { "ended", 0, 0, CLINICIAN },
  [CARE_SIGNAL_PHONE] = { "phone", FIELD_ON, 0, CLINICIAN },
  [CARE_SIGNAL_MEDICINES] = { "medicines", 0, 0, 0 },
  [CARE_SIGNAL_ESTIMATE] = { "estimate", FIELD_ESTIMATE, FIELD_SAID, 0 },
  [CARE_SIGNAL_WHO] = { "who", FIELD_BY, 0, 0 },
  [CARE_SIGNAL_DISTRUST] = { "distrust", FIELD_TEXT, FIELD_EPOCH, CLINICIAN },
  [CARE_SIGNAL_PERSON] = { "person", FIELD_ROLE | FIELD_PRESENT | FIELD_PERSON, FIELD_BY, 0 },
  [CARE_SIGNAL_CONNECT] = { "connect", FIELD_ROLE | FIELD_EPOCH, 0, 0 },
  [CARE_SIGNAL_PART] = { "part", FIELD_ROLE, 0, 0 },
  [CARE_SIGNAL_ALONE] = { "alone", FIELD_ON, FIELD_FROM, CLINICIAN | PATIENT },
  [CARE_SIGNAL_DISMISS] = { "dismiss", FIELD_TO, 0, CLINICIAN | PATIENT },
  [CARE_SIGNAL_QUIET] = { "quiet", FIELD_TO, 0, CLINICIAN },
  [CARE_SIGNAL_PING] = { "ping", 0, FIELD_ID, CLINICIAN | PATIENT | OTHERS },
  [CARE_SIGNAL_PONG] = { "pong", 0, FIELD_ID, CLINICIAN | PATIENT | OTHERS },
  [CARE_SIGNAL_AWAY] = { "away", FIELD_REASON, FIELD_AT, PATIENT },
  [CARE_SIGNAL_PICTURE] = { "picture", FIELD_ID | FIELD_ON, 0, CLINICIAN },
  [CARE_SIGNAL_AGREE] = { "agree", FIELD_ID | FIELD_ON, FIELD_WORDING | FIELD_CONSENT | FIELD_TEXT,
                          PATIENT },
  [CARE_SIGNAL_MEASURE] = { "measure", FIELD_ID | FIELD_KINDS, 0, CLINICIAN },
  [CARE_SIGNAL_MEASURED] = { "measured", FIELD_ID | FIELD_VALUES, FIELD_AT, PATIENT },
  [CARE_SIGNAL_TAKEN] = { "taken", FIELD_ID, 0, CLINICIAN },
  [CARE_SIGNAL_REFUSED] = { "error", FIELD_TEXT, FIELD_BY, 0 },
  [CARE_SIGNAL_ICE] = { "ice", 0, FIELD_ICE, 0 },
};

static const char *const role_names[] = { NULL, "clinician", "patient", "guest", "interpreter" };
static const char *const state_names[] = { "waiting", "in", "aside" };

G_DEFINE_QUARK (care - visit - error - quark, care_visit_error)

/* Counts brackets outside strings before the parser sees them: a frame of brackets alone would
 * make it recurse 65,536 deep. */
static gboolean
is_shallow (const char *text, gsize length)
{
  gboolean in_string = FALSE;
  int depth = 0;

  for (gsize i = 0; i < length; i++)
    {
      if (in_string && text[i] == '\\')
        i++;
      else if (text[i] == '"')
        in_string = !in_string;
      else if (!in_string && (text[i] == '{' || text[i] == '['))
        {
          if (++depth > MAX_DEPTH)
            return FALSE;
        }
      else if (!in_string && (text[i] == '}' || text[i] == ']'))
        depth--;
    }
  return TRUE;
}

static JsonNode *
find_member (JsonObject *object, const char *name, gboolean required, GError **error)
{
  JsonNode *node = json_object_get_member (object, name);

  if (node != NULL && !JSON_NODE_HOLDS_VALUE (node))
    {
      g_set_error (error, CARE_VISIT_ERROR, CARE_VISIT_ERROR_SCHEMA, "“%s” is not a value", name);
      return NULL;
    }
  if (node == NULL && required)
    g_set_error (error, CARE_VISIT_ERROR, CARE_VISIT_ERROR_SCHEMA, "“%s” is missing", name);
  return node;
}

static gboolean
read_string (JsonObject *object,
             const char *name,
             gboolean required,
             gsize limit,
             char **out,
             GError **error)
{
  g_autoptr (GError) local = NULL;
  JsonNode *node = find_member (object, name, required, &local);
  const char *text;

  if (node == NULL)
    {
      if (local == NULL)
        return TRUE;
      g_propagate_error (error, g_steal_pointer (&local));
      return FALSE;
    }
  if (json_node_get_value_type (node) != G_TYPE_STRING)
    {
      g_set_error (error, CARE_VISIT_ERROR, CARE_VISIT_ERROR_SCHEMA, "“%s” is not a text", name);
      return FALSE;
    }
  text = json_node_get_string (node);
  if (strlen (text) > limit)
    {
      g_set_error (error, CARE_VISIT_ERROR, CARE_VISIT_ERROR_SIZE, "“%s” is too long", name);
      return FALSE;
    }
  *out = g_strdup (text);
  return TRUE;
}

static gboolean
read_number (JsonObject *object,
             const char *name,
             gboolean required,
             gint64 limit,
             guint *out,
             GError **error)
{
  g_autoptr (GError) local = NULL;
  JsonNode *node = find_member (object, name, required, &local);

  if (node == NULL)
    {
      if (local == NULL)
        return TRUE;
      g_propagate_error (error, g_steal_pointer (&local));
      return FALSE;
    }
  if (json_node_get_value_type (node) != G_TYPE_INT64 || json_node_get_int (node) < 0 ||
      json_node_get_int (node) > limit)
    {
      g_set_error (error, CARE_VISIT_ERROR, CARE_VISIT_ERROR_SCHEMA,
                   "“%s” is not a whole number from 0 to %" G_GINT64_FORMAT, name, limit);
      return FALSE;
    }
  *out = (guint) json_node_get_int (node);
  return TRUE;
}

static gboolean
read_boolean (JsonObject *object, const char *name, gboolean *out, GError **error)
{
  JsonNode *node = find_member (object, name, TRUE, error);

  if (node == NULL)
    return FALSE;
  if (json_node_get_value_type (node) != G_TYPE_BOOLEAN)
    {
      g_set_error (error, CARE_VISIT_ERROR, CARE_VISIT_ERROR_SCHEMA, "“%s” is not true or false",
                   name);
      return FALSE;
    }
  *out = json_node_get_boolean (node);
  return TRUE;
}

static gboolean
read_role (
    JsonObject *object, const char *name, gboolean required, CareVisitRole *out, GError **error)
{
  g_autofree char *text = NULL;

  if (!read_string (object, name, required, MAX_MARK, &text, error))
    return FALSE;
  for (guint role = CARE_VISIT_ROLE_CLINICIAN; role <= CARE_VISIT_ROLE_INTERPRETER; role++)
    if (g_strcmp0 (text, role_names[role]) == 0)
      *out = role;
  if (text == NULL || *out != CARE_VISIT_ROLE_NONE)
    return TRUE;
  g_set_error (error, CARE_VISIT_ERROR, CARE_VISIT_ERROR_SCHEMA, "“%s” is not a role", name);
  return FALSE;
}

/* The texts of a message, in the order in which they are written. */
static const struct
{
  guint field;
  const char *name;
  gsize limit;
  gsize at;
} texts[] = {
#define TEXT(field, name, limit) { field, #name, limit, G_STRUCT_OFFSET (CareVisitMessage, name) }
  TEXT (FIELD_SDP, sdp, CARE_VISIT_MAX_SDP),
  TEXT (FIELD_CANDIDATE, candidate, CARE_VISIT_MAX_CANDIDATE),
  TEXT (FIELD_TEXT, text, CARE_VISIT_MAX_CHAT),
  TEXT (FIELD_AT, at, MAX_INSTANT),
  TEXT (FIELD_ID, id, MAX_MARK),
  TEXT (FIELD_BY, by, MAX_NAME),
  TEXT (FIELD_ICE, stun, MAX_SERVERS),
  TEXT (FIELD_ICE, turn, MAX_SERVERS),
  TEXT (FIELD_ICE, user, MAX_NAME),
  TEXT (FIELD_ICE, password, MAX_NAME),
  TEXT (FIELD_PERSON, name, MAX_NAME),
  TEXT (FIELD_PERSON, number, MAX_NAME),
  TEXT (FIELD_PERSON, language, MAX_NAME),
  TEXT (FIELD_PERSON, relation, MAX_NAME),
  TEXT (FIELD_REASON, reason, MAX_MARK),
  TEXT (FIELD_WHY_NOT, no_audio, MAX_MARK),
  TEXT (FIELD_WHY_NOT, no_video, MAX_MARK),
  TEXT (FIELD_WORDING, wording, MAX_MARK),
  TEXT (FIELD_CONSENT, consent, MAX_NAME),
  TEXT (FIELD_KINDS, kinds, MAX_NAME),
  TEXT (FIELD_VALUES, values, CARE_VISIT_MAX_VALUES),
#undef TEXT
};

#define TEXT_OF(message, i) G_STRUCT_MEMBER (char *, message, texts[i].at)

static gboolean
read_texts (
    CareVisitMessage *self, JsonObject *object, guint required, guint wanted, GError **error)
{
  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    if ((wanted & texts[i].field) &&
        !read_string (object, texts[i].name, (required & texts[i].field & ~FIELD_PERSON) != 0,
                      texts[i].limit, &TEXT_OF (self, i), error))
      return FALSE;
  return TRUE;
}

/* Why a patient is away is one of a few facts, and never a text of theirs. */
static gboolean
check_reason (CareVisitMessage *self, GError **error)
{
  static const char *const reasons[] = { "hidden", "microphone", "camera", "back", NULL };

  if (g_strv_contains (reasons, self->reason))
    return TRUE;
  g_set_error_literal (error, CARE_VISIT_ERROR, CARE_VISIT_ERROR_SCHEMA,
                       "“reason” is none that is known");
  return FALSE;
}

/* A code that this version does not know is none: the picture is away, and nobody knows why. */
static void
clean_why_not (char **code)
{
  static const char *const codes[] = { "denied", "denied-system", "none", "taken",
                                       "in-app", "insecure",      NULL };

  if (*code != NULL && !g_strv_contains (codes, *code))
    g_clear_pointer (code, g_free);
}

static gboolean
read_state (JsonObject *object, CareVisitPersonState *out, GError **error)
{
  g_autofree char *text = NULL;

  if (!read_string (object, "state", TRUE, MAX_MARK, &text, error))
    return FALSE;
  for (guint state = 0; state < G_N_ELEMENTS (state_names); state++)
    if (g_str_equal (text, state_names[state]))
      {
        *out = state;
        return TRUE;
      }
  g_set_error_literal (error, CARE_VISIT_ERROR, CARE_VISIT_ERROR_SCHEMA,
                       "“state” is not a person's state");
  return FALSE;
}

static gboolean
read_fields (CareVisitMessage *self, JsonObject *object, GError **error)
{
  guint required = schema[self->type].required;
  guint wanted = required | schema[self->type].optional;

  if ((wanted & FIELD_ROLE) && !read_role (object, "role", TRUE, &self->role, error))
    return FALSE;
  if ((wanted & FIELD_FROM) && !read_role (object, "from", FALSE, &self->role, error))
    return FALSE;
  if ((wanted & FIELD_TO) &&
      !read_role (object, "to", (required & FIELD_TO) != 0, &self->to, error))
    return FALSE;
  if ((wanted & FIELD_PERSON) && !read_state (object, &self->state, error))
    return FALSE;
  if ((wanted & FIELD_EPOCH) &&
      !read_number (object, "epoch", (required & FIELD_EPOCH) != 0, MAX_EPOCH, &self->epoch, error))
    return FALSE;
  if ((wanted & FIELD_MLINE) &&
      !read_number (object, "mline", TRUE, MAX_MLINE, &self->mline, error))
    return FALSE;
  if ((wanted & FIELD_PRESENT) && !read_boolean (object, "present", &self->present, error))
    return FALSE;
  if ((wanted & FIELD_SAID) && json_object_has_member (object, "said") &&
      !read_boolean (object, "said", &self->said, error))
    return FALSE;
  if ((wanted & FIELD_ON) && !read_boolean (object, "on", &self->on, error))
    return FALSE;
  if ((wanted & FIELD_ICE) && !read_boolean (object, "relay", &self->relay, error))
    return FALSE;
  if ((wanted & FIELD_AUDIO_VIDEO) && (!read_boolean (object, "audio", &self->audio, error) ||
                                       !read_boolean (object, "video", &self->video, error)))
    return FALSE;
  if ((wanted & FIELD_ESTIMATE) &&
      (!read_number (object, "minutes", TRUE, MAX_MINUTES, &self->minutes, error) ||
       !read_boolean (object, "late", &self->late, error) ||
       !read_boolean (object, "open", &self->open, error)))
    return FALSE;
  if (!read_texts (self, object, required, wanted, error))
    return FALSE;
  clean_why_not (&self->no_audio);
  clean_why_not (&self->no_video);
  return !(wanted & FIELD_REASON) || check_reason (self, error);
}

static gboolean
find_type (const char *name, CareVisitMessageType *out)
{
  for (gsize i = 0; i < G_N_ELEMENTS (schema); i++)
    if (g_strcmp0 (schema[i].name, name) == 0)
      {
        *out = i;
        return TRUE;
      }
  return FALSE;
}

static JsonObject *
parse_object (JsonParser *parser, const char *text, gsize length, GError **error)
{
  g_autoptr (GError) local = NULL;
  JsonNode *root;

  if (length > CARE_VISIT_MAX_FRAME)
    {
      g_set_error_literal (error, CARE_VISIT_ERROR, CARE_VISIT_ERROR_SIZE,
                           "The message is larger than 64 KiB");
      return NULL;
    }
  if (!is_shallow (text, length))
    {
      g_set_error_literal (error, CARE_VISIT_ERROR, CARE_VISIT_ERROR_SYNTAX,
                           "The message is nested too deep");
      return NULL;
    }
  json_parser_set_strict (parser, TRUE);
  if (memchr (text, 0, length) != NULL || !g_utf8_validate (text, length, NULL) ||
      !json_parser_load_from_data (parser, text, length, &local))
    {
      g_set_error_literal (error, CARE_VISIT_ERROR, CARE_VISIT_ERROR_SYNTAX,
                           "The message is not JSON");
      return NULL;
    }
  root = json_parser_get_root (parser);
  if (root == NULL || !JSON_NODE_HOLDS_OBJECT (root))
    {
      g_set_error_literal (error, CARE_VISIT_ERROR, CARE_VISIT_ERROR_SYNTAX,
                           "The message is not an object");
      return NULL;
    }
  return json_node_get_object (root);
}

/**
 * care_visit_message_new:
 *
 * Returns: (transfer full): an empty message of @type
 */
CareVisitMessage *
care_visit_message_new (CareVisitMessageType type)
{
  CareVisitMessage *self = g_new0 (CareVisitMessage, 1);

  self->type = type;
  return self;
}

CareVisitMessage *
care_visit_message_copy (const CareVisitMessage *self)
{
  CareVisitMessage *copy = g_memdup2 (self, sizeof *self);

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    TEXT_OF (copy, i) = g_strdup (TEXT_OF (self, i));
  return copy;
}

void
care_visit_message_free (CareVisitMessage *self)
{
  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    g_free (TEXT_OF (self, i));
  g_free (self);
}

/**
 * care_visit_message_parse:
 * @text: one text frame
 * @length: its bytes, or -1 where it ends with a zero
 * @error: CARE_VISIT_ERROR; its message never repeats what the frame said
 *
 * Members that the type does not have are passed over, so that a later version may add some.
 *
 * Returns: (transfer full) (nullable): the message
 */
CareVisitMessage *
care_visit_message_parse (const char *text, gssize length, GError **error)
{
  g_autoptr (JsonParser) parser = json_parser_new ();
  g_autoptr (CareVisitMessage) self = NULL;
  g_autofree char *name = NULL;
  CareVisitMessageType type;
  JsonObject *object;

  object = parse_object (parser, text, length < 0 ? strlen (text) : (gsize) length, error);
  if (object == NULL || !read_string (object, "type", TRUE, MAX_MARK, &name, error))
    return NULL;
  if (!find_type (name, &type))
    {
      g_set_error_literal (error, CARE_VISIT_ERROR, CARE_VISIT_ERROR_UNKNOWN,
                           "There is no such type of message");
      return NULL;
    }
  self = care_visit_message_new (type);
  if (!read_fields (self, object, error))
    return NULL;
  return g_steal_pointer (&self);
}

static void
add_string (JsonBuilder *builder, gboolean wanted, const char *name, const char *text)
{
  if (!wanted || text == NULL)
    return;
  json_builder_set_member_name (builder, name);
  json_builder_add_string_value (builder, text);
}

static void
add_number (JsonBuilder *builder, gboolean wanted, const char *name, guint number)
{
  if (!wanted)
    return;
  json_builder_set_member_name (builder, name);
  json_builder_add_int_value (builder, number);
}

static void
add_boolean (JsonBuilder *builder, gboolean wanted, const char *name, gboolean value)
{
  if (!wanted)
    return;
  json_builder_set_member_name (builder, name);
  json_builder_add_boolean_value (builder, value);
}

/**
 * care_visit_message_serialise:
 *
 * Returns: (transfer full): the message as one text frame
 */
char *
care_visit_message_serialise (const CareVisitMessage *self)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  g_autoptr (JsonNode) root = NULL;
  guint fields = schema[self->type].required | schema[self->type].optional;

  json_builder_begin_object (builder);
  add_string (builder, TRUE, "type", schema[self->type].name);
  add_string (builder, fields & FIELD_ROLE, "role", role_names[self->role]);
  add_string (builder, fields & FIELD_FROM, "from", role_names[self->role]);
  add_string (builder, fields & FIELD_TO, "to", role_names[self->to]);
  add_string (builder, fields & FIELD_PERSON, "state", state_names[self->state]);
  add_number (builder, fields & FIELD_EPOCH, "epoch", self->epoch);
  add_boolean (builder, fields & FIELD_PRESENT, "present", self->present);
  add_boolean (builder, fields & FIELD_AUDIO_VIDEO, "audio", self->audio);
  add_boolean (builder, fields & FIELD_AUDIO_VIDEO, "video", self->video);
  add_boolean (builder, fields & FIELD_ON, "on", self->on);
  add_number (builder, fields & FIELD_MLINE, "mline", self->mline);
  add_number (builder, fields & FIELD_ESTIMATE, "minutes", MIN (self->minutes, MAX_MINUTES));
  add_boolean (builder, fields & FIELD_ESTIMATE, "late", self->late);
  add_boolean (builder, fields & FIELD_ESTIMATE, "open", self->open);
  add_boolean (builder, fields & FIELD_SAID, "said", self->said);
  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    add_string (builder, fields & texts[i].field, texts[i].name, TEXT_OF (self, i));
  add_boolean (builder, fields & FIELD_ICE, "relay", self->relay);
  json_builder_end_object (builder);
  root = json_builder_get_root (builder);
  return json_to_string (root, FALSE);
}

/**
 * care_visit_role_name:
 *
 * Returns: (nullable): "clinician", "patient", "guest", "interpreter", or NULL for none
 */
const char *
care_visit_role_name (CareVisitRole role)
{
  return role_names[role];
}

/**
 * care_visit_role_from_name:
 *
 * Returns: the role, or NONE where @name (nullable) is the name of none
 */
CareVisitRole
care_visit_role_from_name (const char *name)
{
  for (guint role = CARE_VISIT_ROLE_CLINICIAN; role < G_N_ELEMENTS (role_names); role++)
    if (g_strcmp0 (name, role_names[role]) == 0)
      return role;
  return CARE_VISIT_ROLE_NONE;
}

/**
 * care_visit_message_may_send:
 *
 * Returns: whether who has @role may send a message of @type that names nobody to the hub; the
 *   patient never offers to the clinician, the clinician never answers, and some messages only the
 *   hub makes
 */
gboolean
care_visit_message_may_send (CareVisitRole role, CareVisitMessageType type)
{
  return (schema[type].senders & (1u << role)) != 0;
}
