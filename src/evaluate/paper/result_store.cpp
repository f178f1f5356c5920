// SPDX-License-Identifier: Apache-2.0
#include "evaluate/paper/result_store.hpp"

#include <chrono>
#include <fstream>
#include <sstream>
#include <utility>

#include "base/atomic_file.hpp"
#include "base/new_folder.hpp"
#include "evaluate/result_table.hpp"
#include "facet/error.hpp"
#include "format/safetensors.hpp"

namespace facet::detail {
namespace {

using nlohmann::json;

double seconds_since(std::chrono::steady_clock::time_point start) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

// A half-written or foreign file is no result.
json read_json(const std::filesystem::path& file) {
  std::ifstream stream(file);
  if (!stream) return {};
  std::ostringstream text;
  text << stream.rdbuf();
  return json::parse(text.str(), nullptr, false);
}

}  // namespace

ResultStore::ResultStore(std::filesystem::path folder, std::string revision,
                         std::function<void(const std::string&)> log)
    : folder_(std::move(folder)), revision_(std::move(revision)), log_(std::move(log)) {
  create_folder(folder_);
}

void ResultStore::count(const std::string& name, double seconds, bool fresh) {
  if (!counted_.insert(name).second) return;
  seconds_ += seconds;
  ++(fresh ? made_ : taken_);
  if (log_) log_(name + (fresh ? ": " + fixed(seconds, 1) + " s" : ": as stored"));
}

json ResultStore::result(const std::string& name, const json& settings,
                         const std::function<json()>& make) {
  const std::filesystem::path file = folder_ / (name + ".json");
  const json stored = read_json(file);
  if (stored.is_object() && stored.contains("result") &&
      stored.value("settings", json()) == settings) {
    count(name, stored.value("seconds", 0.0), false);
    return stored.at("result");
  }
  const double before = seconds_;
  const auto start = std::chrono::steady_clock::now();
  json result = make();
  // Steps that this one asked for are counted on their own.
  const double seconds = std::max(0.0, seconds_since(start) - (seconds_ - before));
  const json all = {{"settings", settings},
                    {"revision", revision_},
                    {"seconds", seconds},
                    {"result", std::move(result)}};
  AtomicFile out(file);
  out.write(all.dump(1));
  out.commit();
  count(name, seconds, true);
  return all.at("result");
}

StoredTables ResultStore::tables(const std::string& name, const json& settings,
                                 const std::function<StoredTables()>& make) {
  const std::filesystem::path file = folder_ / (name + ".safetensors");
  const std::string wanted = settings.dump();
  if (std::filesystem::exists(file)) {
    try {
      SafetensorsFile stored = read_safetensors(file);
      if (stored.metadata["settings"] == wanted) {
        StoredTables tables;
        for (auto& [key, tensor] : stored.tensors) {
          tables[key] = {static_cast<std::size_t>(tensor.shape.at(1)), std::move(tensor.values)};
        }
        count(name, std::stod(stored.metadata["seconds"]), false);
        return tables;
      }
    } catch (const Error& error) {
      if (error.code() != ErrorCode::bad_model) throw;  // a damaged file is made again
    }
  }
  const double before = seconds_;
  const auto start = std::chrono::steady_clock::now();
  StoredTables tables = make();
  const double seconds = std::max(0.0, seconds_since(start) - (seconds_ - before));
  WeightMap tensors;
  for (const auto& [key, rows] : tables) {
    tensors[key] = {{static_cast<std::int64_t>(rows.rows()), static_cast<std::int64_t>(rows.width)},
                    rows.values};
  }
  write_safetensors(file, tensors,
                    {{"settings", wanted}, {"revision", revision_}, {"seconds", fixed(seconds, 3)}},
                    StoredType::f32, FileKind::result);
  count(name, seconds, true);
  return tables;
}

}  // namespace facet::detail
