// SPDX-License-Identifier: Apache-2.0
// On what kind of disk a folder lies: not all of them tell what happens in them.
#pragma once

#include <cstdint>
#include <string>

namespace facet::detail {

// "NFS", "CIFS", "FUSE", … where others may change files without this system hearing of it; empty
// for disks of this system. By statfs()'s number of the file system.
std::string remote_file_system(std::uint32_t magic);
// The same of a folder; empty where it cannot be asked.
std::string remote_file_system_of(const std::string& folder);

}  // namespace facet::detail
