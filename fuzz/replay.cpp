// SPDX-License-Identifier: Apache-2.0
// Feeds a fuzzer the files of a folder, one after the other, without libFuzzer and its compiler.
// Usage: PROGRAM FOLDER|FILE…
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace {

namespace fs = std::filesystem;

int replay(const fs::path& file) {
  std::ifstream stream(file, std::ios::binary);
  const std::vector<char> bytes{std::istreambuf_iterator<char>(stream), {}};
  // Stays on the screen where the program ends at this file.
  std::printf("%s\n", file.filename().c_str());
  std::fflush(stdout);
  // Its own piece of memory, so that a sanitizer sees a step beyond it.
  const std::vector<std::uint8_t> exact(bytes.begin(), bytes.end());
  LLVMFuzzerTestOneInput(exact.data(), exact.size());
  return 1;
}

}  // namespace

int main(int count, char** arguments) {
  int files = 0;
  for (int i = 1; i < count; ++i) {
    if (!fs::is_directory(arguments[i])) {
      files += replay(arguments[i]);
      continue;
    }
    for (const auto& entry : fs::directory_iterator(arguments[i])) files += replay(entry.path());
  }
  std::printf("%d inputs\n", files);
  return files > 0 ? 0 : 1;
}
