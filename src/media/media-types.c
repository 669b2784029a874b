/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "media-types.h"

G_DEFINE_ENUM_TYPE (MediaCallState,
                    media_call_state,
                    G_DEFINE_ENUM_VALUE (MEDIA_CALL_IDLE, "idle"),
                    G_DEFINE_ENUM_VALUE (MEDIA_CALL_CONNECTING, "connecting"),
                    G_DEFINE_ENUM_VALUE (MEDIA_CALL_CHECKING, "checking"),
                    G_DEFINE_ENUM_VALUE (MEDIA_CALL_LIVE, "live"),
                    G_DEFINE_ENUM_VALUE (MEDIA_CALL_RECONNECTING, "reconnecting"),
                    G_DEFINE_ENUM_VALUE (MEDIA_CALL_REFUSED, "refused"),
                    G_DEFINE_ENUM_VALUE (MEDIA_CALL_ENDED, "ended"))

G_DEFINE_ENUM_TYPE (MediaRung,
                    media_rung,
                    G_DEFINE_ENUM_VALUE (MEDIA_RUNG_PHONE, "phone"),
                    G_DEFINE_ENUM_VALUE (MEDIA_RUNG_AUDIO, "audio"),
                    G_DEFINE_ENUM_VALUE (MEDIA_RUNG_THUMBNAIL, "thumbnail"),
                    G_DEFINE_ENUM_VALUE (MEDIA_RUNG_SD, "sd"),
                    G_DEFINE_ENUM_VALUE (MEDIA_RUNG_HD, "hd"))
