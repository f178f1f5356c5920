// SPDX-License-Identifier: Apache-2.0
#include "format/mapped_file.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cerrno>
#include <string>

#include "facet/error.hpp"

namespace facet::detail {
namespace {

// Closes the file where the constructor that opened it throws.
class Descriptor {
 public:
  explicit Descriptor(int descriptor) : descriptor_(descriptor) {}
  ~Descriptor() {
    if (descriptor_ >= 0) ::close(descriptor_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;

  [[nodiscard]] int get() const { return descriptor_; }
  int release() {
    const int descriptor = descriptor_;
    descriptor_ = -1;
    return descriptor;
  }

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

bool same_moment(const timespec& a, const timespec& b) {
  return a.tv_sec == b.tv_sec && a.tv_nsec == b.tv_nsec;
}

}  // namespace

MappedFile::MappedFile(const std::filesystem::path& path, std::uint64_t largest) {
  Descriptor file(open_file(path));
  if (::fstat(file.get(), &status_) != 0) throw Error(ErrorCode::io, "cannot be read");
  if (!S_ISREG(status_.st_mode)) throw Error(ErrorCode::bad_model, "not a file");
  if (static_cast<std::uint64_t>(status_.st_size) > largest) {
    throw Error(ErrorCode::bad_model,
                "larger than any model facet reads (" + std::to_string(largest >> 20) + " MiB)");
  }
  size_ = static_cast<std::size_t>(status_.st_size);
  if (size_ > 0) {
    void* mapped = ::mmap(nullptr, size_, PROT_READ, MAP_PRIVATE | MAP_POPULATE, file.get(), 0);
    if (mapped == MAP_FAILED) throw Error(ErrorCode::io, "cannot be read");
    data_ = static_cast<const std::byte*>(mapped);
  }
  descriptor_ = file.release();
}

MappedFile::~MappedFile() {
  if (data_ != nullptr) ::munmap(const_cast<std::byte*>(data_), size_);
  ::close(descriptor_);
}

void MappedFile::check_unchanged() const {
  struct stat now = {};
  // Not the time of the last change of status: that changes where the file is replaced, too.
  if (::fstat(descriptor_, &now) != 0 || now.st_size != status_.st_size ||
      !same_moment(now.st_mtim, status_.st_mtim)) {
    throw Error(ErrorCode::io, "changed while it was read");
  }
}

}  // namespace facet::detail
