// SPDX-License-Identifier: Apache-2.0
// Times in videos as text.
#pragma once

#include <string>

namespace facet::detail {

// To the millisecond, without zeros at the end: "0", "12.5".
std::string seconds_text(double seconds);

// For people: "0:12.500", "1:00:07.040".
std::string clock_text(double seconds);

}  // namespace facet::detail
