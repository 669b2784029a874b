/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* One-time passwords by the time (RFC 6238 over RFC 4226): HMAC-SHA-1, six digits, steps of thirty
 * seconds since 1970, and the step before and after count too. */
#define BASE_TOTP_DIGITS       6
#define BASE_TOTP_STEP_US      (G_GINT64_CONSTANT (30) * G_USEC_PER_SEC)
#define BASE_TOTP_SECRET_BYTES 20
#define BASE_TOTP_LEAST_BYTES  16 /* RFC 4226, section 4, R6: 128 bits at least */
/* So many wrong ones in a row close it for so long. */
#define BASE_TOTP_TRIES   5
#define BASE_TOTP_LOCK_US (G_GINT64_CONSTANT (900) * G_USEC_PER_SEC)

typedef enum
{
  BASE_TOTP_GOOD,
  BASE_TOTP_WRONG,
  BASE_TOTP_USED,   /* it, or a later one, was taken before */
  BASE_TOTP_LOCKED, /* too many wrong ones: whatever is typed */
} BaseTotpAnswer;

/* What is kept beside a secret, so that no code is taken twice and nobody guesses for long. */
typedef struct
{
  gint64 last_step;    /* the step of the last code that was taken; 0: none yet */
  guint wrong;         /* in a row */
  gint64 locked_until; /* µs since 1970 */
} BaseTotpGuard;

char *base_totp_new_secret (void);
gboolean base_totp_is_secret (const char *secret);
char *base_totp_dup_grouped (const char *secret);
char *base_totp_dup_uri (const char *secret, const char *issuer, const char *account);
gboolean base_totp_is_code (const char *text);
gint64 base_totp_step (gint64 now_us);
char *base_totp_dup_code (const char *secret, gint64 step);
gboolean base_totp_fits (const char *secret, gint64 step, const char *code);
BaseTotpAnswer base_totp_try (
    BaseTotpGuard *guard, const char *secret, const char *code, gint64 now_us, gint64 *step);
void base_totp_count_wrong (BaseTotpGuard *guard, gint64 now_us);
void base_totp_guard_read (BaseTotpGuard *guard, const char *text);
char *base_totp_guard_dup_text (const BaseTotpGuard *guard);

char *base_base32 (const guint8 *data, gsize length);
GBytes *base_unbase32 (const char *text);
char *base_hotp (const guint8 *secret, gsize length, guint64 counter, guint digits);

G_END_DECLS
