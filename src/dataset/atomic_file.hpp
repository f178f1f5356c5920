// A file that appears whole or not at all.
#pragma once

#include <filesystem>
#include <fstream>
#include <span>
#include <string_view>

namespace facet::detail {

// Writes beside the target and renames at commit(); without it nothing is left behind.
class AtomicFile {
 public:
  // Throws Error(io).
  explicit AtomicFile(std::filesystem::path target);
  ~AtomicFile();
  AtomicFile(const AtomicFile&) = delete;
  AtomicFile& operator=(const AtomicFile&) = delete;

  void write(std::string_view text) { write(std::as_bytes(std::span(text))); }
  void write(std::span<const std::byte> bytes);
  void commit();

 private:
  std::filesystem::path target_;
  std::filesystem::path temporary_;
  std::ofstream stream_;
};

}  // namespace facet::detail
