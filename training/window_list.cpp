// SPDX-License-Identifier: Apache-2.0
#include "window_list.hpp"

#include <fstream>
#include <sstream>

#include "facet/error.hpp"

namespace facet::training {

WindowList read_windows(const std::filesystem::path& path) {
  std::ifstream in(path);
  if (!in) throw Error(ErrorCode::invalid_argument, path.string() + ": cannot be opened");
  WindowList list;
  std::string line;
  std::getline(in, line);  // header
  for (int number = 2; std::getline(in, line); ++number) {
    // The name may hold commas: the six numbers are read from the end.
    std::size_t end = line.size();
    for (int field = 0; field < 6 && end != std::string::npos && end > 0; ++field) {
      end = line.rfind(',', end - 1);
    }
    FoundWindow window;
    int rank = 0;
    char comma = 0;
    if (end == std::string::npos || end == 0) {
      throw Error(ErrorCode::invalid_argument,
                  path.string() + ":" + std::to_string(number) + ": too few fields");
    }
    std::istringstream numbers(line.substr(end + 1));
    if (!(numbers >> rank >> comma >> window.centre_x >> comma >> window.centre_y >> comma >>
          window.side >> comma >> window.evidence >> comma >> window.angle)) {
      throw Error(ErrorCode::invalid_argument,
                  path.string() + ":" + std::to_string(number) +
                      ": not name,rank,centre_x,centre_y,side,evidence,angle");
    }
    list[line.substr(0, end)].push_back(window);
  }
  return list;
}

}  // namespace facet::training
