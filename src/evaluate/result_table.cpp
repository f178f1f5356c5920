// SPDX-License-Identifier: Apache-2.0
#include "evaluate/result_table.hpp"

#include <algorithm>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <span>

#include "base/atomic_file.hpp"
#include "base/csv.hpp"
#include "facet/error.hpp"

namespace facet::detail {
namespace {

std::string csv_line(const std::vector<std::string>& cells) {
  std::string line;
  for (std::size_t i = 0; i < cells.size(); ++i) line += (i > 0 ? "," : "") + csv_cell(cells[i]);
  return line + '\n';
}

ResultTable read_csv(const std::filesystem::path& file) {
  std::ifstream stream(file);
  if (!stream) throw Error(ErrorCode::io, file.string() + ": cannot read");
  ResultTable table;
  std::string line;
  if (std::getline(stream, line)) table.columns = csv_cells(line);
  while (std::getline(stream, line)) {
    if (!line.empty()) table.rows.push_back(csv_cells(line));
  }
  return table;
}

// Letters, not bytes: continuation bytes of UTF-8 take no room.
std::size_t shown_width(const std::string& text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U;
  }));
}

void append_padded(std::string& out, const std::vector<std::string>& cells,
                   const std::vector<std::size_t>& widths) {
  for (std::size_t i = 0; i < cells.size(); ++i) {
    const std::string room(widths[i] - std::min(widths[i], shown_width(cells[i])), ' ');
    if (i > 0) out += "  ";
    out += i == 0 ? cells[i] + room : room + cells[i];
  }
  out.erase(out.find_last_not_of(' ') + 1);
  out += '\n';
}

}  // namespace

std::string table_text(const ResultTable& table) {
  std::vector<std::size_t> widths;
  for (const std::string& column : table.columns) widths.push_back(shown_width(column));
  for (const auto& row : table.rows) {
    for (std::size_t i = 0; i < row.size(); ++i) {
      widths.at(i) = std::max(widths.at(i), shown_width(row[i]));
    }
  }
  std::string out;
  append_padded(out, table.columns, widths);
  for (const auto& row : table.rows) append_padded(out, row, widths);
  return out;
}

std::string table_csv(const ResultTable& table) {
  std::string out = csv_line(table.columns);
  for (const auto& row : table.rows) out += csv_line(row);
  return out;
}

void write_csv(const std::filesystem::path& file, const ResultTable& table) {
  AtomicFile out(file);
  out.write(table_csv(table));
  out.commit();
}

void update_csv(const std::filesystem::path& file, const ResultTable& table) {
  ResultTable merged{table.columns, {}};
  if (std::filesystem::exists(file)) {
    merged = read_csv(file);
    if (merged.columns != table.columns) {
      throw Error(ErrorCode::io,
                  file.string() + ": has other columns than this version writes; move it away");
    }
  }
  for (const auto& row : table.rows) {
    const auto place = std::find_if(merged.rows.begin(), merged.rows.end(), [&](const auto& old) {
      return !old.empty() && old.front() == row.front();
    });
    if (place == merged.rows.end()) {
      merged.rows.push_back(row);
    } else {
      *place = row;
    }
  }
  write_csv(file, merged);
}

std::string percent(double share) {
  return fixed(100 * share, 1);
}

std::string fixed(double value, int decimals) {
  char text[64];
  std::snprintf(text, sizeof text, "%.*f", decimals, value);
  return text;
}

}  // namespace facet::detail
