// Programs that try to see or to reach what is outside: each tells what it got, which is nothing.
#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <ostream>
#include <string>

#include <gtest/gtest.h>

#include "reward/sandbox.h"
#include "reward/testing/with_sandbox.h"

namespace rq::reward {
namespace {

struct Attempt {
  std::string name;
  std::string program;  // Python, which ends with exit code 0 and prints
  std::string standard_output;
};

std::ostream& operator<<(std::ostream& out, const Attempt& attempt) {
  return out << attempt.name;
}

const Attempt kAttempts[] = {
    {"TheHostsFiles",
     R"(
import os
for path in ["/etc", "/etc/shadow", "/root", "/home", "/work", "/var", "/run", "/sys", "/proc",
             "/proc/1/environ", "/proc/self/environ", "/proc/kcore", "/boot", "/mnt", "/usr/local",
             "/usr/src", "/usr/sbin", "/dev/mem", "/dev/sda", "/dev/kmsg", "/dev/fuse", "/dev/kvm"]:
  try: print(path, os.stat(path))
  except FileNotFoundError: pass
print(*sorted(os.listdir("/")), *sorted(os.listdir("/dev"))))",
     "bin dev lib lib64 program tmp usr null random shm urandom zero\n"},
    {"TheEnvironment",
     "import os\nprint(*sorted(os.environ))",
     "HOME LANG PATH PWD PYTHONDONTWRITEBYTECODE PYTHONHASHSEED PYTHONSAFEPATH\n"},
    {"WritingToTheSystem",
     R"(
import os
for path in ["/x", "/usr/x", "/usr/bin/x", "/usr/bin/python3", "/lib/x", "/dev/x", "/program"]:
  try: open(path, "a"); print("wrote", path)
  except OSError: pass
  try: os.chmod(path, 0o777); print("changed", path)
  except OSError: pass
try: os.rename("/program", "/tmp/program"); print("moved")
except OSError: pass
try: os.rmdir("/tmp"); print("removed")
except OSError: pass)",
     ""},
    {"Links",
     R"(
import os
os.symlink("/etc/shadow", "/tmp/a")
os.symlink("/usr/bin", "/tmp/b")
os.symlink("../../../../root", "/tmp/c")
for path in ["/tmp/a", "/tmp/c", "/tmp/../../etc/shadow"]:
  try: open(path); print("read", path)
  except FileNotFoundError: pass
try: open("/tmp/b/x", "w"); print("wrote")
except OSError as error: print(error.strerror)
try: os.link("/usr/bin/python3", "/tmp/d"); print("linked")
except OSError as error: print(error.strerror)
try: os.chroot("/tmp"); print("moved the root")
except OSError as error: print(error.strerror))",
     "Read-only file system\nInvalid cross-device link\nOperation not permitted\n"},
    {"TheNetwork",
     R"(
import socket
for family in [socket.AF_INET, socket.AF_INET6, socket.AF_UNIX, socket.AF_NETLINK, socket.AF_PACKET]:
  for kind in [socket.SOCK_STREAM, socket.SOCK_DGRAM, socket.SOCK_RAW]:
    try: socket.socket(family, kind); print("opened", family, kind)
    except PermissionError: pass
for address in [("127.0.0.1", 80), ("1.1.1.1", 53), ("example.com", 80)]:
  try: socket.create_connection(address, timeout=1); print("connected", address)
  except OSError: pass
a, b = socket.socketpair()
a.send(b"among themselves")
print(b.recv(100)))",
     "b'among themselves'\n"},
    {"Privileges",
     R"(
import os
print(os.getuid(), os.getgid())
for path in ["/usr/bin/su", "/usr/bin/mount", "/usr/bin/passwd"]:  # set-user-id programs
  if os.path.exists(path) and os.stat(path).st_uid == 0: print(path, "is root's")
for act in [lambda: os.setuid(0), lambda: os.setgid(0), lambda: os.setgroups([0])]:
  try: act(); print("became another")
  except OSError as error: print(error.strerror))",
     "65534 65534\n"
     "Function not implemented\nFunction not implemented\nFunction not implemented\n"},
    {"Killing",
     R"(
import os, signal
os.kill(os.getppid(), signal.SIGKILL)
os.kill(1, signal.SIGKILL)
if os.fork() == 0: signal.pause()
os.kill(-1, signal.SIGKILL)  # all but itself and the first
print(os.getppid(), os.wait()[1]))",
     "1 9\n"},
    {"OutlivingItsParent",
     R"(
import os, signal, time
if os.fork() == 0:
  os.setsid()
  if os.fork() == 0:
    for number in [signal.SIGTERM, signal.SIGHUP, signal.SIGINT]:
      signal.signal(number, signal.SIG_IGN)
    while True: time.sleep(1)
  os._exit(0)
os.wait()
print("the daemon runs"))",
     "the daemon runs\n"},
    {"TheTerminal",
     R"(
import os
for path in ["/dev/tty", "/dev/console", "/dev/pts/0"]:
  try: os.open(path, os.O_RDWR); print("opened", path)
  except OSError: pass
print(*(os.isatty(number) for number in range(3)), os.getsid(0) == 1))",
     "False False False True\n"},
};

class Attempted : public WithSandbox, public testing::WithParamInterface<Attempt> {};

TEST_P(Attempted, ReachesNothingOutside) {
  const Result result = run_python(GetParam().program);
  EXPECT_EQ(name_of(result.outcome), name_of(Outcome::kOk)) << result.standard_error;
  EXPECT_EQ(result.standard_output, GetParam().standard_output) << result.standard_error;
}

INSTANTIATE_TEST_SUITE_P(Programs, Attempted, testing::ValuesIn(kAttempts), [](const auto& test) {
  return test.param.name;
});

class Walls : public WithSandbox {};

TEST_F(Walls, NoDescriptorOfOursIsInherited) {
  const int ours = ::open("/dev/null", O_RDONLY);  // without O_CLOEXEC, as libraries do
  const int high = ::fcntl(ours, F_DUPFD, 50);
  const Result result = run_python(R"(
import os
for number in range(64):
  try: os.fstat(number); print(number, end=" ")
  except OSError: pass)");
  ::close(high);
  ::close(ours);
  EXPECT_EQ(result.standard_output, "0 1 2 ");
}

TEST_F(Walls, AProgramThatKillsItsWholeGroupKillsNobodyElse) {
  const Result result = run_python("import os\nos.kill(0, 9)");
  EXPECT_EQ(result.exit_code, 128 + SIGKILL) << name_of(result.outcome);
}

TEST_F(Walls, OurEnvironmentIsNotSeen) {
  ::setenv("RORQUAL_SECRET", "a key", 1);
  const Result result = run_python("import os\nprint(os.environ.get('RORQUAL_SECRET'))");
  ::unsetenv("RORQUAL_SECRET");
  EXPECT_EQ(result.standard_output, "None\n");
}

TEST_F(Walls, FilesOfOneRunAreSeenByNoOtherAndNotOutside) {
  const std::string name = "/tmp/rorqual_left_behind";
  EXPECT_EQ(run_python("open('" + name + "', 'w').write('x')").outcome, Outcome::kOk);
  EXPECT_EQ(run_python("import os\nprint(os.listdir('/tmp'))").standard_output, "[]\n");
  EXPECT_FALSE(std::filesystem::exists(name));
}

TEST_F(Walls, InputCannotBeChangedForOthersNorGrow) {
  const Result result = sandbox_->run({Language::kPython, R"(
import os
for act in [lambda: os.write(0, b"x"), lambda: os.ftruncate(0, 1 << 20)]:
  try: act(); print("changed")
  except OSError as error: print(error.strerror))"},
                                      "input");
  EXPECT_EQ(result.standard_output, "Operation not permitted\nOperation not permitted\n");
}

// Each call with arguments with which it would do something, were it allowed.
TEST_F(Walls, SystemCallsThatNoProgramNeedsAreRefused) {
  const Result result = sandbox_->run({Language::kCpp, R"(
#include <errno.h>
#include <initializer_list>
#include <linux/sched.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <unistd.h>

void expect(const char* name, int error, long result) {
  if (result != -1 || errno != error) printf("%s: %ld, %d\n", name, result, result == -1 ? errno : 0);
}

int main() {
  char bytes[4096] = {};
  iovec* const none = nullptr;
  expect("ptrace", EPERM, syscall(SYS_ptrace, PTRACE_TRACEME, 0, 0, 0));
  expect("process_vm_readv", EPERM, syscall(SYS_process_vm_readv, 1, none, 0, none, 0, 0));
  expect("mount", EPERM, syscall(SYS_mount, "none", "/tmp", "tmpfs", 0, 0));
  expect("umount2", EPERM, syscall(SYS_umount2, "/usr/bin", 2));
  expect("fsopen", EPERM, syscall(SYS_fsopen, "tmpfs", 0));
  expect("open_tree", EPERM, syscall(SYS_open_tree, -100, "/", 1));
  expect("pivot_root", EPERM, syscall(SYS_pivot_root, "/tmp", "/tmp"));
  expect("chroot", EPERM, syscall(SYS_chroot, "/tmp"));
  expect("open_by_handle_at", EPERM, syscall(SYS_open_by_handle_at, -100, bytes, 0));
  for (unsigned long flag : {CLONE_NEWUSER, CLONE_NEWNS, CLONE_NEWPID, CLONE_NEWNET, CLONE_NEWIPC,
                             CLONE_NEWUTS, CLONE_NEWCGROUP}) {
    expect("unshare", EPERM, syscall(SYS_unshare, flag));
    expect("clone", ENOSYS, syscall(SYS_clone, flag | SIGCHLD, 0, 0, 0, 0));
  }
  clone_args arguments = {};
  arguments.flags = CLONE_NEWUSER;
  expect("clone3", ENOSYS, syscall(SYS_clone3, &arguments, sizeof(arguments)));
  expect("setns", EPERM, syscall(SYS_setns, 0, 0));
  expect("keyctl", EPERM, syscall(SYS_keyctl, 0, -3, 0));
  expect("add_key", EPERM, syscall(SYS_add_key, "user", "x", "x", 1, -3));
  expect("bpf", EPERM, syscall(SYS_bpf, 0, bytes, 72));
  expect("perf_event_open", EPERM, syscall(SYS_perf_event_open, bytes, 0, -1, -1, 0));
  expect("userfaultfd", EPERM, syscall(SYS_userfaultfd, 1));
  expect("io_uring_setup", EPERM, syscall(SYS_io_uring_setup, 1, bytes));
  expect("kexec_load", EPERM, syscall(SYS_kexec_load, 0, 0, 0, 0));
  expect("init_module", EPERM, syscall(SYS_init_module, bytes, 0, ""));
  expect("reboot", EPERM, syscall(SYS_reboot, 0, 0, 0, 0));
  expect("socket", EPERM, syscall(SYS_socket, 2, 1, 0));
  expect("socketpair", ENOSYS, syscall(SYS_socketpair, 30, 1, 0, bytes));
  expect("seccomp", ENOSYS, syscall(SYS_seccomp, 1, 0, 0));
  expect("memfd_create", ENOSYS, syscall(SYS_memfd_create, "x", 0));
  expect("pidfd_getfd", ENOSYS, syscall(SYS_pidfd_getfd, 0, 0, 0));
  expect("kcmp", ENOSYS, syscall(SYS_kcmp, 1, 1, 0, 0, 0));
  expect("shmget", ENOSYS, syscall(SYS_shmget, 0, 4096, 01600));
  expect("mq_open", ENOSYS, syscall(SYS_mq_open, "x", 0102, 0600, 0));
  expect("personality", ENOSYS, syscall(SYS_personality, 0x40000));
  expect("prlimit64 of another", ENOSYS, syscall(SYS_prlimit64, 1, 0, 0, bytes));
  expect("TIOCSTI", ENOSYS, syscall(SYS_ioctl, 0, 0x5412, "x"));
  expect("one that is not there yet", ENOSYS, syscall(1000));
  puts("tried all");
})"},
                                      "");
  EXPECT_EQ(result.standard_output, "tried all\n") << result.standard_error;
}

#ifdef __x86_64__
TEST_F(Walls, ACallOfAnotherArchitectureEndsTheProgram) {
  const Result result = run_python(
      "import ctypes\n"
      "print(ctypes.CDLL(None).syscall(0x40000000 + 39))");  // getpid for 32-bit pointers
  EXPECT_EQ(result.exit_code, 128 + SIGSYS) << result.standard_output;
}
#endif

}  // namespace
}  // namespace rq::reward
