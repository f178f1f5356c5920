// SPDX-License-Identifier: Apache-2.0
// run_record.hpp for a network that is no model of facet's.
#pragma once

#include <string>

#include "evaluate/run_record.hpp"

namespace facet::detail {

// By its name and checksum, run at fp32.
RunRecord record_run(const std::string& network, const std::string& checksum, int threads);

}  // namespace facet::detail
