// SPDX-License-Identifier: Apache-2.0
#include "stage_files.hpp"

#include <array>
#include <fstream>
#include <span>

#include "base/sha256.hpp"

namespace facet::training {
namespace {

constexpr int kHalvings = 4;

std::string checksum_of(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  Sha256 checksum;
  std::array<char, 1 << 16> buffer{};
  while (in.read(buffer.data(), buffer.size()) || in.gcount() > 0) {
    const auto count = static_cast<std::size_t>(in.gcount());
    checksum.update(std::as_bytes(std::span(buffer.data(), count)));
  }
  return checksum.finish();
}

}  // namespace

std::filesystem::path StageFiles::noted(const std::filesystem::path& folder,
                                        const std::string& file) {
  auto path = folder / file;
  // A file that is missing is reported by who reads it.
  if (std::filesystem::exists(path)) checksums_.try_emplace(file, checksum_of(path));
  return path;
}

std::shared_ptr<Pack> StageFiles::pack(const std::string& name, int partition) {
  noted(packs_, name + ".index.csv");
  return std::make_shared<Pack>(read_pack(packs_, name, kHalvings, partition, threads_));
}

ProbabilityList StageFiles::pack_probabilities(const std::string& pack,
                                               const std::vector<std::string>& attributes) {
  return read_probabilities(noted(packs_, pack + ".probabilities.csv"), attributes);
}

WindowList StageFiles::windows(const std::string& file) {
  return read_windows(noted(out_, file));
}

ProbabilityList StageFiles::targets(const std::string& file,
                                    const std::vector<std::string>& attributes) {
  return read_probabilities(noted(out_, file), attributes);
}

std::filesystem::path StageFiles::result(const std::string& file) {
  return noted(out_, file);
}

std::filesystem::path StageFiles::from(const std::filesystem::path& folder,
                                       const std::string& file) {
  return noted(folder, file);
}

}  // namespace facet::training
