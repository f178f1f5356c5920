// SPDX-License-Identifier: Apache-2.0
#include "index/watch/file_system.hpp"

#include <sys/vfs.h>

namespace facet::detail {

std::string remote_file_system(std::uint32_t magic) {
  // statfs(2); some are not in <linux/magic.h>.
  switch (magic) {
    case 0x6969:
      return "NFS";
    case 0x517B:
    case 0xFE534D42:
    case 0xFF534D42:
      return "CIFS";
    case 0x65735546:
      return "FUSE";
    case 0x01021997:
      return "9P";
    case 0x00C36400:
      return "Ceph";
    case 0x5346414F:
    case 0x6B414653:
      return "AFS";
    case 0x73757245:
      return "Coda";
    case 0x786F4256:
      return "a folder of the virtual machine's host";
    case 0x0BD00BD0:
      return "Lustre";
    case 0x47504653:
      return "GPFS";
    default:
      return {};
  }
}

std::string remote_file_system_of(const std::string& folder) {
  struct statfs status {};
  if (::statfs(folder.c_str(), &status) != 0) return {};
  return remote_file_system(static_cast<std::uint32_t>(status.f_type));
}

}  // namespace facet::detail
