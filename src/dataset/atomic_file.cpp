#include "dataset/atomic_file.hpp"

#include <unistd.h>

#include "facet/error.hpp"

namespace facet::detail {

AtomicFile::AtomicFile(std::filesystem::path target) : target_(std::move(target)) {
  // The process number keeps two writers of one target apart.
  temporary_ = target_;
  temporary_ += ".tmp" + std::to_string(::getpid());
  stream_.open(temporary_, std::ios::binary | std::ios::trunc);
  if (!stream_) throw Error(ErrorCode::io, "cannot write " + target_.string());
}

AtomicFile::~AtomicFile() {
  if (temporary_.empty()) return;
  stream_.close();
  std::error_code ignored;
  std::filesystem::remove(temporary_, ignored);
}

void AtomicFile::write(std::span<const std::byte> bytes) {
  stream_.write(reinterpret_cast<const char*>(bytes.data()),
                static_cast<std::streamsize>(bytes.size()));
}

void AtomicFile::commit() {
  stream_.close();
  std::error_code failure;
  if (stream_) std::filesystem::rename(temporary_, target_, failure);
  if (!stream_ || failure) throw Error(ErrorCode::io, "cannot write " + target_.string());
  temporary_.clear();
}

}  // namespace facet::detail
