// SPDX-License-Identifier: Apache-2.0
#include "tfjs_weights.hpp"

#include <cstring>
#include <span>
#include <string_view>
#include <vector>

#include "base/file_bytes.hpp"
#include "facet/error.hpp"
#include "format/strict_json.hpp"

namespace facet::training {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

constexpr std::uint64_t kLargestGraph = 16U << 20;
constexpr std::uint64_t kLargestWeights = 512U << 20;
constexpr std::int64_t kMostElements = 1 << 28;

[[noreturn]] void refuse(const fs::path& file, const std::string& reason) {
  throw Error(ErrorCode::bad_model, file.string() + ": " + reason);
}

std::vector<std::byte> read_file(const fs::path& file, std::uint64_t largest) {
  try {
    const detail::SharedBytes read = detail::read_file_bytes(file, largest);
    return {read.bytes.begin(), read.bytes.end()};
  } catch (const Error& error) {
    throw Error(error.code(), file.string() + ": " + error.what());
  }
}

struct Entry {
  std::string name;
  std::vector<std::int64_t> shape;
  std::int64_t elements = 1;
  std::size_t element_bytes = 4;
  bool real = true;  // not an integer
};

Entry read_entry(const json& object) {
  Entry entry;
  entry.name = object.at("name").get<std::string>();
  for (const json& side : object.at("shape")) {
    const auto length = side.get<std::int64_t>();
    if (length < 1 || length > kMostElements / entry.elements) {
      throw std::invalid_argument("its shape is out of range");
    }
    entry.shape.push_back(length);
    entry.elements *= length;
  }
  const auto type = object.at("dtype").get<std::string>();
  entry.real = type == "float32";
  if (!entry.real && type != "int32") throw std::invalid_argument("its type is '" + type + "'");
  if (object.contains("quantization")) {
    const auto stored = object.at("quantization").at("dtype").get<std::string>();
    if (stored != "float16" || !entry.real) {
      throw std::invalid_argument("it is quantised to '" + stored + "'");
    }
    entry.element_bytes = 2;
  }
  return entry;
}

torch::Tensor to_tensor(const Entry& entry, std::span<const std::byte> bytes) {
  const auto stored =
      torch::empty(entry.shape, entry.element_bytes == 2 ? torch::kFloat16 : torch::kFloat32);
  std::memcpy(stored.data_ptr(), bytes.data(), bytes.size());
  return stored.to(torch::kFloat32);
}

}  // namespace

std::map<std::string, torch::Tensor> read_tfjs_weights(const fs::path& graph) {
  const auto text = read_file(graph, kLargestGraph);
  const json model = json::parse(reinterpret_cast<const char*>(text.data()),
                                 reinterpret_cast<const char*>(text.data() + text.size()), nullptr,
                                 /*allow_exceptions=*/false);
  std::map<std::string, torch::Tensor> tensors;
  std::string place = "weightsManifest";
  try {
    for (const json& group : model.at("weightsManifest")) {
      const json& paths = group.at("paths");
      if (paths.size() != 1) throw std::invalid_argument("its weights lie in several files");
      // The file lies beside the graph, whatever folder the graph names.
      const fs::path file =
          graph.parent_path() / fs::path(paths.at(0).get<std::string>()).filename();
      const auto bytes = read_file(file, kLargestWeights);
      std::span<const std::byte> left(bytes);
      for (const json& object : group.at("weights")) {
        place = "weights";
        const Entry entry = read_entry(object);
        place = detail::in_quotes(entry.name);
        const std::size_t length = static_cast<std::size_t>(entry.elements) * entry.element_bytes;
        if (length > left.size()) throw std::invalid_argument(file.string() + " ends before it");
        if (entry.real) tensors[entry.name] = to_tensor(entry, left.first(length));
        left = left.subspan(length);
      }
      if (!left.empty()) throw std::invalid_argument(file.string() + " goes on behind it");
    }
  } catch (const json::exception&) {
    refuse(graph, place + ": is not what a TensorFlow.js graph holds there");
  } catch (const std::invalid_argument& error) {
    refuse(graph, place + ": " + error.what());
  }
  return tensors;
}

}  // namespace facet::training
