// SPDX-License-Identifier: Apache-2.0
// Runs a report writer over a whole list.
#pragma once

#include <span>
#include <sstream>
#include <string>

#include "facet/report.hpp"

namespace facet::detail {

template <typename MakeWriter>
std::string write_all(std::span<const PhotoResult> results, const MakeWriter& make_writer) {
  std::ostringstream out;
  const std::unique_ptr<ReportWriter> writer = make_writer(out);
  for (const PhotoResult& result : results) writer->add(result);
  writer->finish();
  return std::move(out).str();
}

}  // namespace facet::detail
