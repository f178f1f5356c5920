// SPDX-License-Identifier: Apache-2.0
#include "base/file_bytes.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <string>

#include "facet/error.hpp"

namespace facet::detail {
namespace {

class Descriptor {
 public:
  explicit Descriptor(int descriptor) : descriptor_(descriptor) {}
  ~Descriptor() {
    if (descriptor_ >= 0) ::close(descriptor_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;

  [[nodiscard]] int get() const { return descriptor_; }

 private:
  int descriptor_;
};

int open_file(const std::filesystem::path& path) {
  // Without O_NONBLOCK a pipe would wait for a writer.
  const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (descriptor >= 0) return descriptor;
  if (errno == ENOENT || errno == ENOTDIR) throw Error(ErrorCode::not_found, "no such file");
  throw Error(ErrorCode::io, "cannot be opened");
}

}  // namespace

SharedBytes read_file_bytes(const std::filesystem::path& path, std::uint64_t largest) {
  const Descriptor file(open_file(path));
  struct stat status = {};
  if (::fstat(file.get(), &status) != 0) throw Error(ErrorCode::io, "cannot be read");
  if (!S_ISREG(status.st_mode)) throw Error(ErrorCode::bad_model, "not a file");
  if (static_cast<std::uint64_t>(status.st_size) > largest) {
    throw Error(ErrorCode::bad_model,
                "larger than any model facet reads (" + std::to_string(largest >> 20) + " MiB)");
  }
  const auto whole = static_cast<std::size_t>(status.st_size);
  const auto bytes = std::make_shared_for_overwrite<std::byte[]>(whole);
  std::span<std::byte> rest(bytes.get(), whole);
  while (!rest.empty()) {
    const ::ssize_t size = ::read(file.get(), rest.data(), rest.size());
    if (size < 0 && errno == EINTR) continue;
    if (size < 0) throw Error(ErrorCode::io, "cannot be read");
    if (size == 0) throw Error(ErrorCode::io, "was cut off while it was read");
    rest = rest.subspan(static_cast<std::size_t>(size));
  }
  return {bytes, {bytes.get(), whole}};
}

SharedBytes copied_bytes(std::span<const std::byte> bytes) {
  const auto copy = std::make_shared_for_overwrite<std::byte[]>(bytes.size());
  std::copy(bytes.begin(), bytes.end(), copy.get());
  return {copy, {copy.get(), bytes.size()}};
}

}  // namespace facet::detail
