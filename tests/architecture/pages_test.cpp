// SPDX-License-Identifier: Apache-2.0
// Links between the pages, and from them to files, lead somewhere.
#include <gtest/gtest.h>

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <fstream>
#include <regex>
#include <set>
#include <string>
#include <vector>

namespace facet::architecture {
namespace {

namespace fs = std::filesystem;

const fs::path root = FACET_SOURCE_DIR;

std::vector<fs::path> pages() {
  std::vector<fs::path> files;
  for (const char* folder : {"", "docs", "models", "samples"}) {
    for (const auto& entry : fs::directory_iterator(root / folder)) {
      if (entry.path().extension() == ".md") files.push_back(entry.path());
    }
  }
  std::sort(files.begin(), files.end());
  return files;
}

// The lines of a page without its blocks of code.
std::vector<std::string> prose(const fs::path& page) {
  std::ifstream text(page);
  std::vector<std::string> lines;
  bool in_code = false;
  for (std::string line; std::getline(text, line);) {
    if (line.starts_with("```")) {
      in_code = !in_code;
    } else if (!in_code) {
      lines.push_back(line);
    }
  }
  return lines;
}

// What a heading is called in links: small letters, words joined by '-', no other signs.
std::string anchor_of(const std::string& heading) {
  std::string anchor;
  for (const char c : heading) {
    if (std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '-') {
      anchor += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    } else if (c == ' ') {
      anchor += '-';
    }
  }
  return anchor;
}

std::set<std::string> anchors_of(const fs::path& page) {
  std::set<std::string> anchors;
  for (const std::string& line : prose(page)) {
    if (!line.starts_with('#')) continue;
    anchors.insert(anchor_of(line.substr(std::min(line.find_first_not_of("# "), line.size()))));
  }
  return anchors;
}

std::vector<std::string> links_of(const fs::path& page) {
  static const std::regex link(R"(\]\(([^)\s]+)\))");
  std::vector<std::string> links;
  for (const std::string& line : prose(page)) {
    for (std::sregex_iterator at(line.begin(), line.end(), link), end; at != end; ++at) {
      links.push_back((*at)[1]);
    }
  }
  return links;
}

bool leads_somewhere(const fs::path& page, const std::string& link) {
  if (link.starts_with("https://") || link.starts_with("http://")) return true;
  const std::size_t hash = link.find('#');
  const std::string path = link.substr(0, hash);
  const fs::path target = path.empty() ? page : page.parent_path() / path;
  if (!fs::exists(target)) return false;
  return hash == std::string::npos || anchors_of(target).contains(link.substr(hash + 1));
}

TEST(Pages, LinkToWhatIsThere) {
  std::size_t count = 0;
  for (const fs::path& page : pages()) {
    for (const std::string& link : links_of(page)) {
      ++count;
      EXPECT_TRUE(leads_somewhere(page, link))
          << page.lexically_relative(root) << ": " << link << " leads nowhere";
    }
  }
  EXPECT_GT(count, 20U);
}

TEST(Pages, AreSeenToLinkToNothing) {
  const fs::path page = root / "docs/building.md";
  EXPECT_TRUE(leads_somewhere(page, "#tests"));
  EXPECT_TRUE(leads_somewhere(page, "../README.md"));
  EXPECT_FALSE(leads_somewhere(page, "#no-such-heading"));
  EXPECT_FALSE(leads_somewhere(page, "nothing.md"));
}

// Pages are what users read first: no word about a machine that only we have.
TEST(Pages, NameNoFolderOfOneMachine) {
  for (const fs::path& page : pages()) {
    for (const std::string& line : prose(page)) {
      EXPECT_EQ(line.find("/home/"), std::string::npos) << page << ": " << line;
      EXPECT_EQ(line.find("/root/"), std::string::npos) << page << ": " << line;
    }
  }
}

}  // namespace
}  // namespace facet::architecture
