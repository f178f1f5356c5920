// SPDX-License-Identifier: Apache-2.0
#include "base/output_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <optional>
#include <streambuf>
#include <string_view>
#include <system_error>
#include <utility>

#include "base/printable_text.hpp"
#include "facet/error.hpp"

namespace facet::detail {
namespace {

constexpr std::size_t kBlock = std::size_t{1} << 16;  // written at once
constexpr std::int64_t kFirstReserve = 1 << 16;

[[noreturn]] void fail(const std::string& name, int error) {
  throw Error(ErrorCode::io,
              name + ": cannot be written: " + std::generic_category().message(error));
}

}  // namespace

// Throws from within the stream, which passes exceptions on.
class OutputFile::Buffer final : public std::streambuf {
 public:
  Buffer() : name_("standard output"), descriptor_(STDOUT_FILENO) {
    terminal_ = ::isatty(descriptor_) == 1;
  }

  // A file, or what is written in place: devices, pipes.
  explicit Buffer(const OutputTarget& target) : name_(target.file.string()) {
    struct ::stat status {};
    if (::stat(target.file.c_str(), &status) != 0 || S_ISREG(status.st_mode)) {
      file_.emplace(target);
      reserve(kFirstReserve);
      return;
    }
    descriptor_ = ::open(target.file.c_str(), O_WRONLY | O_CLOEXEC | O_NOCTTY);
    if (descriptor_ < 0) fail(name_, errno);
    own_descriptor_ = true;
    terminal_ = ::isatty(descriptor_) == 1;
  }
  ~Buffer() override {
    if (own_descriptor_) ::close(descriptor_);
  }
  Buffer(const Buffer&) = delete;
  Buffer& operator=(const Buffer&) = delete;

  void reserve(std::int64_t bytes) {
    if (!file_ || written_ + bytes <= reserved_) return;
    reserved_ = (written_ + bytes) * 3 / 2;  // in few steps
    file_->reserve(reserved_);
  }

  void commit() {
    sync();
    if (file_) {
      file_->commit();
    } else if (own_descriptor_) {
      own_descriptor_ = false;
      if (::close(descriptor_) != 0) fail(name_, errno);
    }
  }

 protected:
  int_type overflow(int_type c) override {
    if (!traits_type::eq_int_type(c, traits_type::eof())) {
      const char one = traits_type::to_char_type(c);
      xsputn(&one, 1);
    }
    return traits_type::not_eof(c);
  }

  std::streamsize xsputn(const char* text, std::streamsize size) override {
    waiting_.append(text, static_cast<std::size_t>(size));
    if (waiting_.size() >= kBlock) sync();
    return size;
  }

  int sync() override {
    const std::string text = std::exchange(waiting_, {});
    if (file_) {
      file_->write(text);
      written_ += static_cast<std::int64_t>(text.size());
    } else if (terminal_) {
      write_in_place(printable_text(text, true));
    } else {
      write_in_place(text);
    }
    return 0;
  }

 private:
  void write_in_place(std::string_view text) {
    while (!text.empty()) {
      const ::ssize_t written = ::write(descriptor_, text.data(), text.size());
      if (written < 0 && errno == EINTR) continue;
      if (written < 0) fail(name_, errno);
      text.remove_prefix(static_cast<std::size_t>(written));
    }
  }

  std::string name_;
  std::optional<AtomicFile> file_;
  int descriptor_ = -1;
  bool own_descriptor_ = false;
  bool terminal_ = false;
  std::string waiting_;
  std::int64_t written_ = 0;
  std::int64_t reserved_ = 0;
};

OutputFile::OutputFile() : buffer_(std::make_unique<Buffer>()), stream_(buffer_.get()) {
  stream_.exceptions(std::ios::badbit);
}

OutputFile::OutputFile(const std::string& name, OutputGuard& guard)
    : buffer_(name.empty() || name == "-"
                  ? std::make_unique<Buffer>()
                  : std::make_unique<Buffer>(guard.claim(name, FileKind::result))),
      stream_(buffer_.get()) {
  stream_.exceptions(std::ios::badbit);
}

OutputFile::~OutputFile() = default;

std::ostream& OutputFile::stream() {
  return stream_;
}

void OutputFile::reserve(std::int64_t bytes) {
  buffer_->reserve(bytes);
}

void OutputFile::commit() {
  buffer_->commit();
}

}  // namespace facet::detail
