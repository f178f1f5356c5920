// SPDX-License-Identifier: Apache-2.0
// What the command answers to the shell.
#pragma once

namespace facet::cli {

inline constexpr int exit_ok = 0;
inline constexpr int exit_some_unreadable = 1;
inline constexpr int exit_failed = 2;  // usage, missing files, no photos, bad model, failed writes

}  // namespace facet::cli
