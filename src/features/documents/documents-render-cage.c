/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "documents-render-cage.h"

#include <errno.h>
#include <fcntl.h>
#include <glib.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

/* A PDF is a program for its reader. Whoever takes over this process by one finds no network, no
 * other program, no file that can be written, little memory and little time: what it can still do
 * is draw. Fonts have to be opened while it draws, so reading stays allowed. */

#define MEMORY_MAX ((rlim_t) 1536 * 1024 * 1024)
#define SECONDS_MAX                                                                                \
  300 /* of processor time in all; one page has its own, shorter limit outside                     \
       */

/* The shadow of AddressSanitizer takes more addresses than there is memory; gcc and clang name it
 * each in its way. */
#ifdef __SANITIZE_ADDRESS__
#define WITH_SHADOW
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define WITH_SHADOW
#endif
#endif

#if defined(__x86_64__)
#define ARCHITECTURE AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define ARCHITECTURE AUDIT_ARCH_AARCH64
#endif

static const int refused[] = {
  SYS_socket,
  SYS_socketpair,
  SYS_connect,
  SYS_bind,
  SYS_listen,
  SYS_execve,
  SYS_execveat,
  SYS_ptrace,
  SYS_process_vm_readv,
  SYS_process_vm_writev,
  SYS_kill,
  SYS_tkill,
  SYS_io_uring_setup,
  SYS_bpf,
  SYS_perf_event_open,
  SYS_keyctl,
  SYS_add_key,
  SYS_request_key,
  SYS_mount,
  SYS_umount2,
  SYS_unshare,
  SYS_setns,
  SYS_userfaultfd,
  SYS_pidfd_getfd,
  SYS_pidfd_open,
  SYS_unlinkat,
  SYS_renameat,
  SYS_renameat2,
  SYS_mkdirat,
  SYS_linkat,
  SYS_symlinkat,
  SYS_truncate,
  SYS_ftruncate,
  SYS_fchmodat,
  SYS_fchownat,
  SYS_mknodat,
  SYS_open_by_handle_at,
#ifdef SYS_fork
  SYS_fork,
  SYS_vfork,
  SYS_unlink,
  SYS_rename,
  SYS_mkdir,
  SYS_rmdir,
  SYS_link,
  SYS_symlink,
  SYS_chmod,
  SYS_chown,
  SYS_creat,
  SYS_mknod,
#endif
};

#define LOAD(field)  BPF_STMT (BPF_LD | BPF_W | BPF_ABS, offsetof (struct seccomp_data, field))
#define ANSWER(what) BPF_STMT (BPF_RET | BPF_K, (what))
#define REFUSE(code) ANSWER (SECCOMP_RET_ERRNO | (code))
#define WRITES       (O_WRONLY | O_RDWR | O_CREAT | O_TRUNC)

static void
add (GArray *filter, struct sock_filter step)
{
  g_array_append_val (filter, step);
}

/* If @call is made: the argument at @offset must have one of @bits (@wanted) or none of them. */
static void
check_bits (GArray *filter, guint call, guint offset, guint bits, gboolean wanted, int code)
{
  guint32 refusal = SECCOMP_RET_ERRNO | (guint) code;

  add (filter, (struct sock_filter) BPF_JUMP (BPF_JMP | BPF_JEQ | BPF_K, call, 0, 4));
  add (filter, (struct sock_filter) BPF_STMT (BPF_LD | BPF_W | BPF_ABS, offset));
  add (filter, (struct sock_filter) BPF_JUMP (BPF_JMP | BPF_JSET | BPF_K, bits, 0, 1));
  add (filter, (struct sock_filter) ANSWER (wanted ? SECCOMP_RET_ALLOW : refusal));
  add (filter, (struct sock_filter) ANSWER (wanted ? refusal : SECCOMP_RET_ALLOW));
}

#ifdef ARCHITECTURE
static GArray *
make_filter (void)
{
  GArray *filter = g_array_new (FALSE, FALSE, sizeof (struct sock_filter));

  add (filter, (struct sock_filter) LOAD (arch));
  add (filter, (struct sock_filter) BPF_JUMP (BPF_JMP | BPF_JEQ | BPF_K, ARCHITECTURE, 1, 0));
  add (filter, (struct sock_filter) ANSWER (SECCOMP_RET_KILL_PROCESS));
  add (filter, (struct sock_filter) LOAD (nr));
#ifdef __x86_64__ /* the same calls by other numbers */
  add (filter, (struct sock_filter) BPF_JUMP (BPF_JMP | BPF_JGE | BPF_K, 0x40000000, 0, 1));
  add (filter, (struct sock_filter) REFUSE (ENOSYS));
#endif
  for (gsize i = 0; i < G_N_ELEMENTS (refused); i++)
    {
      add (filter,
           (struct sock_filter) BPF_JUMP (BPF_JMP | BPF_JEQ | BPF_K, (guint) refused[i], 0, 1));
      add (filter, (struct sock_filter) REFUSE (EPERM));
    }
  /* their flags stand in memory, where a filter cannot look: the older calls are used then */
  for (gsize i = 0; i < 2; i++)
    {
      add (filter, (struct sock_filter) BPF_JUMP (BPF_JMP | BPF_JEQ | BPF_K,
                                                  i ? SYS_openat2 : SYS_clone3, 0, 1));
      add (filter, (struct sock_filter) REFUSE (ENOSYS));
    }
  check_bits (filter, SYS_clone, offsetof (struct seccomp_data, args[0]), CLONE_THREAD, TRUE,
              EPERM);
  check_bits (filter, SYS_openat, offsetof (struct seccomp_data, args[2]), WRITES, FALSE, EACCES);
#ifdef SYS_open
  check_bits (filter, SYS_open, offsetof (struct seccomp_data, args[1]), WRITES, FALSE, EACCES);
#endif
  add (filter, (struct sock_filter) ANSWER (SECCOMP_RET_ALLOW));
  return filter;
}
#endif

static void
limit (int what, rlim_t value)
{
  struct rlimit both = { value, value };

  if (setrlimit (what, &both) != 0)
    g_error ("no limit could be set: %s", g_strerror (errno));
}

void
documents_render_cage (void)
{
  limit (RLIMIT_CORE, 0);
  limit (RLIMIT_CPU, SECONDS_MAX);
  limit (RLIMIT_FSIZE, 0);
#ifndef WITH_SHADOW
  limit (RLIMIT_AS, MEMORY_MAX);
#endif
  if (prctl (PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
    g_error ("privileges could not be given up: %s", g_strerror (errno));
#ifdef ARCHITECTURE
  {
    g_autoptr (GArray) filter = make_filter ();
    struct sock_fprog program = { (unsigned short) filter->len, (gpointer) filter->data };

    if (prctl (PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) != 0)
      g_error ("the calls could not be limited: %s", g_strerror (errno));
  }
#endif
}
