// SPDX-License-Identifier: Apache-2.0
// What a reader of a figure must know about how it came about.
#pragma once

#include <string>
#include <vector>

#include "facet/model.hpp"
#include "facet/precision.hpp"

namespace facet::detail {

struct RunRecord {
  std::string model;
  std::string version;
  std::string checksum;
  int threads = 1;
  std::string precision;  // "fp32", "bf16", or "fp32+bf16": LNet's and ANet's
  std::string processor;
  std::string program;   // "facet 0.1.0"
  std::string revision;  // of the source the program was configured from
  std::string date;      // UTC
};

RunRecord record_run(const Model& model, int threads, Precision precision);

// The record as columns of a table, in the same order.
std::vector<std::string> record_columns();
std::vector<std::string> record_fields(const RunRecord& record);
// In one or two lines, for people.
std::string record_text(const RunRecord& record);

}  // namespace facet::detail
