#include "reward/internal/system_calls.h"

#include <sched.h>
#include <seccomp.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdint>
#include <memory>
#include <sstream>
#include <string>
#include <vector>

#include "base/check.h"
#include "base/files.h"
#include "reward/internal/descriptor.h"

namespace rq::reward {
namespace {

// Names that this machine's architecture does not have are passed over.
constexpr const char* kAllowed =
    // files
    "access chdir chmod close close_range copy_file_range creat dup dup2 dup3 faccessat "
    "faccessat2 fadvise64 fallocate fchdir fchmod fchmodat fchown fchownat fcntl fdatasync flock "
    "fstat fstatfs fsync ftruncate futimesat getcwd getdents getdents64 lchown link linkat lseek "
    "lstat mkdir mkdirat newfstatat open openat openat2 pread64 preadv preadv2 pwrite64 pwritev "
    "pwritev2 read readahead readlink readlinkat readv rename renameat renameat2 rmdir sendfile "
    "splice stat statfs statx symlink symlinkat sync_file_range tee truncate umask unlink "
    "unlinkat utime utimensat utimes write writev chown "
    // memory
    "brk madvise membarrier mincore mmap mprotect mremap msync munmap "
    // processes and threads
    "arch_prctl execve execveat exit exit_group fork vfork futex get_robust_list get_thread_area "
    "getcpu getegid geteuid getgid getgroups getpgid getpgrp getpid getppid getpriority "
    "getresgid getresuid getrlimit getrusage getsid gettid getuid kill pidfd_open "
    "pidfd_send_signal prctl restart_syscall rseq sched_get_priority_max sched_get_priority_min "
    "sched_getaffinity sched_getparam sched_getscheduler sched_setaffinity sched_yield "
    "set_robust_list set_thread_area set_tid_address setpgid setpriority setrlimit setsid "
    "sysinfo tgkill times tkill uname wait4 waitid "
    // signals, time and waiting
    "alarm clock_getres clock_gettime clock_nanosleep epoll_create epoll_create1 epoll_ctl "
    "epoll_pwait epoll_pwait2 epoll_wait eventfd eventfd2 getitimer gettimeofday nanosleep pause "
    "pipe pipe2 poll ppoll pselect6 rt_sigaction rt_sigpending rt_sigprocmask rt_sigqueueinfo "
    "rt_sigreturn rt_sigsuspend rt_sigtimedwait rt_tgsigqueueinfo select setitimer sigaltstack "
    "signalfd signalfd4 time timer_create timer_delete timer_getoverrun timer_gettime "
    "timer_settime timerfd_create timerfd_gettime timerfd_settime getrandom "
    // both ends of a socketpair, the only socket there is
    "accept accept4 getpeername getsockname getsockopt recvfrom recvmmsg recvmsg sendmmsg "
    "sendmsg sendto setsockopt shutdown";

// Said to be forbidden rather than unknown: what a program tries on purpose.
constexpr const char* kForbidden =
    "add_key bpf chroot delete_module finit_module fsopen init_module io_uring_setup "
    "kexec_file_load kexec_load keyctl mount move_mount open_by_handle_at open_tree "
    "perf_event_open pivot_root process_vm_readv process_vm_writev ptrace reboot request_key "
    "setns socket swapoff swapon umount2 unshare userfaultfd";

constexpr std::uint64_t kNamespaces = CLONE_NEWCGROUP | CLONE_NEWIPC | CLONE_NEWNET | CLONE_NEWNS |
                                      CLONE_NEWPID | CLONE_NEWUSER | CLONE_NEWUTS;

// What programs ask of pipes and files; whatever else a device could be asked for is not.
constexpr auto kRequests = std::to_array<std::uint64_t>(
    {TCGETS, TIOCGWINSZ, TIOCGPGRP, FIONREAD, FIONBIO, FIOCLEX, FIONCLEX});

using Filter = std::unique_ptr<void, decltype(&seccomp_release)>;

void add(const Filter& filter,
         std::uint32_t action,
         const std::string& name,
         const std::vector<scmp_arg_cmp>& conditions = {}) {
  const int call = seccomp_syscall_resolve_name(name.c_str());
  if (call < 0) {
    return;  // this architecture has no such call
  }
  const int error = seccomp_rule_add_array(
      filter.get(), action, call, static_cast<unsigned>(conditions.size()), conditions.data());
  check(error == 0, "cannot filter the system call {}: error {}", name, -error);
}

void add_all(const Filter& filter, std::uint32_t action, const char* names) {
  std::istringstream words(names);
  for (std::string name; words >> name;) {
    add(filter, action, name);
  }
}

// Calls that are allowed with some arguments alone.
void add_conditional(const Filter& filter) {
  constexpr std::uint64_t kLow = 0xffffffff;  // the half of an argument that the kernel looks at
  add(filter, SCMP_ACT_ALLOW, "clone", {SCMP_A0(SCMP_CMP_MASKED_EQ, kNamespaces, 0)});
  add(filter, SCMP_ACT_ALLOW, "socketpair", {SCMP_A0(SCMP_CMP_MASKED_EQ, kLow, AF_UNIX)});
  // The limits of itself alone.
  add(filter, SCMP_ACT_ALLOW, "prlimit64", {SCMP_A0(SCMP_CMP_MASKED_EQ, kLow, 0)});
  for (const std::uint64_t request : kRequests) {
    add(filter, SCMP_ACT_ALLOW, "ioctl", {SCMP_A1(SCMP_CMP_MASKED_EQ, kLow, request)});
  }
}

}  // namespace

std::string system_call_filter() {
  const Filter filter(seccomp_init(SCMP_ACT_ERRNO(ENOSYS)), &seccomp_release);
  check(filter != nullptr, "libseccomp cannot make a filter of system calls here");
  seccomp_attr_set(filter.get(), SCMP_FLTATR_CTL_OPTIMIZE, 2);  // a tree instead of a list
  add_all(filter, SCMP_ACT_ALLOW, kAllowed);
  add_all(filter, SCMP_ACT_ERRNO(EPERM), kForbidden);
  add_conditional(filter);
  const Descriptor file = memory_file();
  const int error = seccomp_export_bpf(filter.get(), file.get());
  check(error == 0, "cannot write the filter of system calls: error {}", -error);
  return read_file(fmt::format("/proc/self/fd/{}", file.get()));
}

}  // namespace rq::reward
