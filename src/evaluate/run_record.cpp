// SPDX-License-Identifier: Apache-2.0
#include <chrono>
#include <ctime>
#include <fstream>

#include "evaluate/network_record.hpp"
#include "network/arithmetic.hpp"

namespace facet::detail {
namespace {

std::string processor_name() {
  std::ifstream file("/proc/cpuinfo");
  std::string line;
  while (std::getline(file, line)) {
    const std::size_t colon = line.find(':');
    if (line.rfind("model name", 0) == 0 && colon != std::string::npos) {
      const std::size_t start = line.find_first_not_of(" \t", colon + 1);
      if (start != std::string::npos) return line.substr(start);
    }
  }
  return "unknown";
}

std::string utc_now() {
  const std::time_t now = std::chrono::system_clock::to_time_t(std::chrono::system_clock::now());
  std::tm parts{};
  gmtime_r(&now, &parts);
  char text[32];
  return {text, std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &parts)};
}

std::string precision_text(Precision precision) {
  const std::string placing = arithmetic_name(placing_arithmetic(precision));
  const std::string describing = arithmetic_name(describing_arithmetic(precision));
  return placing == describing ? placing : placing + "+" + describing;
}

}  // namespace

RunRecord record_run(const Model& model, int threads, Precision precision) {
  return {model.name(),
          model.version(),
          model.checksum(),
          threads,
          precision_text(precision),
          processor_name(),
          std::string("facet ") + FACET_VERSION,
          FACET_REVISION,
          utc_now()};
}

RunRecord record_run(const std::string& network, const std::string& checksum, int threads) {
  return {network,
          "",
          checksum,
          threads,
          precision_text(Precision::fp32),
          processor_name(),
          std::string("facet ") + FACET_VERSION,
          FACET_REVISION,
          utc_now()};
}

std::vector<std::string> record_columns() {
  return {"model",     "version", "checksum", "threads", "precision",
          "processor", "program", "revision", "date"};
}

std::vector<std::string> record_fields(const RunRecord& record) {
  return {record.model,     record.version,   record.checksum, std::to_string(record.threads),
          record.precision, record.processor, record.program,  record.revision,
          record.date};
}

std::string record_text(const RunRecord& record) {
  return "model " + record.model + (record.version.empty() ? "" : " ") + record.version + " (" +
         record.checksum.substr(0, 12) + "), " + record.program + " (" + record.revision + "), " +
         record.date + '\n' + std::to_string(record.threads) +
         (record.threads == 1 ? " thread" : " threads") + ", " + record.precision + ", " +
         record.processor + '\n';
}

}  // namespace facet::detail
