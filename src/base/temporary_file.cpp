// SPDX-License-Identifier: Apache-2.0
#include "base/temporary_file.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <random>
#include <string_view>
#include <system_error>

#include "base/sha256.hpp"
#include "facet/error.hpp"

namespace facet::detail {
namespace {

constexpr std::string_view kStart = ".facet-";
constexpr std::string_view kEnd = ".part";
constexpr std::size_t kHashDigits = 16;
constexpr std::size_t kRandomDigits = 8;

// What a signal handler can reach must be global; nothing else may use it. Each slot owns a name.
constexpr std::size_t kSlots = 256;
std::array<std::atomic<char*>, kSlots> names_to_remove;
std::atomic<bool> stopping = false;

// Async-signal-safe.
void stop(int signal) {
  stopping = true;
  for (std::atomic<char*>& slot : names_to_remove) {
    const char* name = slot.exchange(nullptr);  // never freed: the program ends
    if (name != nullptr) ::unlink(name);
  }
  // The handler was reset when it was called.
  ::raise(signal);
}

// -1 where all slots are taken: then the next run removes what a signal leaves.
int remember(const std::filesystem::path& path) {
  char* name = ::strdup(path.c_str());
  if (name == nullptr) return -1;
  for (std::size_t i = 0; i < kSlots; ++i) {
    char* expected = nullptr;
    if (names_to_remove[i].compare_exchange_strong(expected, name)) {
      // Too late for the handler: it ends the program any moment.
      while (stopping) ::pause();
      return static_cast<int>(i);
    }
  }
  ::free(name);
  return -1;
}

void forget(int slot) {
  if (slot < 0) return;
  ::free(names_to_remove[static_cast<std::size_t>(slot)].exchange(nullptr));
}

std::string digits(std::uint32_t value) {
  std::string text(kRandomDigits, '0');
  for (char& c : text) {
    c = "0123456789abcdef"[value & 15U];
    value >>= 4U;
  }
  return text;
}

std::string hash_of(const std::string& name) {
  Sha256 hash;
  hash.update(std::as_bytes(std::span(name)));
  return hash.finish().substr(0, kHashDigits);
}

bool is_temporary_name(std::string_view name) {
  const auto is_digit = [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); };
  const std::size_t size = kStart.size() + kHashDigits + 1 + kRandomDigits + kEnd.size();
  if (name.size() != size || !name.starts_with(kStart) || !name.ends_with(kEnd)) return false;
  const std::string_view middle = name.substr(kStart.size(), kHashDigits + 1 + kRandomDigits);
  return middle[kHashDigits] == '-' && std::count_if(middle.begin(), middle.end(), is_digit) + 1 ==
                                           static_cast<std::ptrdiff_t>(middle.size());
}

bool has_name(int descriptor) {
  struct ::stat status {};
  return ::fstat(descriptor, &status) == 0 && status.st_nlink > 0;
}

}  // namespace

TemporaryFile::TemporaryFile(const std::filesystem::path& target) {
  constexpr int kAttempts = 16;
  for (int attempt = 0; attempt < kAttempts; ++attempt) {
    if (try_name(target)) return;
    if (errno != EEXIST) break;
  }
  throw Error(ErrorCode::io,
              target.string() + ": cannot be written: " + std::generic_category().message(errno));
}

// False with errno; EEXIST where another name may do.
bool TemporaryFile::try_name(const std::filesystem::path& target) {
  std::random_device random;
  path_ = target.parent_path() / (std::string(kStart) + hash_of(target.filename().string()) + "-" +
                                  digits(random()) + std::string(kEnd));
  slot_ = remember(path_);
  // Not mkstemp: the file shall get the permissions that the user's umask gives.
  descriptor_ = ::open(path_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
  if (descriptor_ < 0) {
    const int error = errno;
    forget(slot_);
    errno = error;
    return false;
  }
  // File systems without locks are served as well; their leftovers stay.
  const bool locked = ::flock(descriptor_, LOCK_EX | LOCK_NB) == 0 || errno != EWOULDBLOCK;
  if (locked && has_name(descriptor_)) return true;
  ::close(descriptor_);  // another run took it for a leftover
  descriptor_ = -1;
  forget(slot_);
  errno = EEXIST;
  return false;
}

TemporaryFile::~TemporaryFile() {
  if (descriptor_ >= 0) ::close(descriptor_);
  if (!path_.empty()) ::unlink(path_.c_str());
  forget(slot_);
}

void TemporaryFile::keep() {
  forget(slot_);
  slot_ = -1;
  path_.clear();
}

void remove_leftovers(const std::filesystem::path& folder) {
  std::error_code error;
  for (std::filesystem::directory_iterator entry(folder, error), end; !error && entry != end;
       entry.increment(error)) {
    const std::filesystem::path& path = entry->path();
    if (!is_temporary_name(path.filename().native())) continue;
    const int file = ::open(path.c_str(), O_RDWR | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK);
    if (file < 0) continue;
    if (::flock(file, LOCK_EX | LOCK_NB) == 0) ::unlink(path.c_str());
    ::close(file);
  }
}

void remove_temporary_files_when_stopped() {
  // A file that may not grow is an error of the write, as on a full disk.
  (void)::signal(SIGXFSZ, SIG_IGN);
  for (const int signal : {SIGINT, SIGTERM, SIGHUP, SIGPIPE}) {
    struct ::sigaction action {};
    if (::sigaction(signal, nullptr, &action) != 0 || action.sa_handler == SIG_IGN) continue;
    action = {};
    action.sa_handler = stop;
    action.sa_flags = static_cast<int>(SA_RESETHAND | SA_NODEFER);
    ::sigaction(signal, &action, nullptr);
  }
}

}  // namespace facet::detail
