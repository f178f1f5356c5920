// SPDX-License-Identifier: Apache-2.0
// A recipe cut down to minutes: every stage runs, on few photos and for few steps.
#pragma once

#include <toml++/toml.h>

#include <string>

namespace facet::detail {

// Lowers what makes stages long; nothing is ever raised. The name gets "-rehearsal" at its end, so
// that no model that comes out is taken for a trained one.
void shrink_to_rehearsal(toml::table& recipe);

std::string rehearsal_name(const std::string& recipe);

}  // namespace facet::detail
