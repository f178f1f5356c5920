// SPDX-License-Identifier: Apache-2.0
#include "dataset/lfwa_matrix.hpp"

#include <matio.h>

#include <algorithm>
#include <cctype>
#include <cmath>
#include <memory>
#include <string_view>
#include <unordered_map>

namespace facet::detail {
namespace {

struct CloseFile {
  void operator()(mat_t* file) const { Mat_Close(file); }
};
struct FreeVariable {
  void operator()(matvar_t* variable) const { Mat_VarFree(variable); }
};
using MatFile = std::unique_ptr<mat_t, CloseFile>;
using Variable = std::unique_ptr<matvar_t, FreeVariable>;

[[noreturn]] void fail(const std::filesystem::path& path, const std::string& what) {
  throw Error(ErrorCode::bad_label, path.string() + ": " + what);
}

MatFile open(const std::filesystem::path& path) {
  MatFile file(Mat_Open(path.c_str(), MAT_ACC_RDONLY));
  if (!file) fail(path, "is no readable MATLAB file");
  return file;
}

Variable read(const MatFile& file, const std::filesystem::path& path, const char* name) {
  Variable variable(Mat_VarRead(file.get(), name));
  if (!variable || variable->data == nullptr) fail(path, std::string("no variable '") + name + "'");
  return variable;
}

// How many values of that size it holds. Throws where its dimensions promise more than the file
// had, which matio does not look at.
std::size_t elements(const matvar_t& variable, std::size_t value_size,
                     const std::filesystem::path& path) {
  const std::size_t held = variable.nbytes / value_size;
  std::size_t count = 1;
  if (variable.rank < 1) fail(path, "a variable has no dimensions");
  for (int i = 0; i < variable.rank; ++i) {
    const std::size_t side = variable.dims[i];
    if (side != 0 && count > held / side) fail(path, "a variable is cut off");
    count *= side;
  }
  return count;
}

template <typename Number>
std::vector<double> widen(const matvar_t& variable, const std::filesystem::path& path) {
  const auto* values = static_cast<const Number*>(variable.data);
  return {values, values + elements(variable, sizeof(Number), path)};
}

// The values column by column, as MATLAB keeps them.
std::vector<double> numbers(const matvar_t& variable, const std::filesystem::path& path) {
  if (variable.isComplex == 0) {
    switch (variable.class_type) {
      case MAT_C_DOUBLE:
        return widen<double>(variable, path);
      case MAT_C_SINGLE:
        return widen<float>(variable, path);
      case MAT_C_INT8:
        return widen<std::int8_t>(variable, path);
      case MAT_C_UINT8:
        return widen<std::uint8_t>(variable, path);
      case MAT_C_INT16:
        return widen<std::int16_t>(variable, path);
      case MAT_C_UINT16:
        return widen<std::uint16_t>(variable, path);
      case MAT_C_INT32:
        return widen<std::int32_t>(variable, path);
      case MAT_C_UINT32:
        return widen<std::uint32_t>(variable, path);
      default:
        break;
    }
  }
  fail(path, std::string("variable '") + variable.name + "' holds no numbers");
}

std::string text(const matvar_t* cell, const std::filesystem::path& path) {
  if (cell == nullptr || cell->class_type != MAT_C_CHAR || cell->data == nullptr) return {};
  // MATLAB keeps 16-bit characters; all names are ASCII.
  const bool wide = cell->data_type == MAT_T_UINT16 || cell->data_type == MAT_T_UTF16;
  const std::size_t count = elements(*cell, wide ? 2 : 1, path);
  std::string result;
  for (std::size_t i = 0; i < count; ++i) {
    const unsigned code = wide ? static_cast<const std::uint16_t*>(cell->data)[i]
                               : static_cast<const std::uint8_t*>(cell->data)[i];
    result += code < 128 ? static_cast<char>(code) : '?';
  }
  result.erase(result.find_last_not_of(std::string(" \0", 2)) + 1);
  return result;
}

// LFWA names 13,143 photos and 40 attributes. A cell that is empty costs a file next to nothing.
constexpr std::size_t most_photos = 1'000'000;
constexpr std::size_t most_attributes = 10'000;

std::vector<std::string> strings(const matvar_t& variable, std::size_t most, const char* of,
                                 const std::filesystem::path& path) {
  if (variable.class_type != MAT_C_CELL) {
    fail(path, std::string("variable '") + variable.name + "' is no cell array of strings");
  }
  const auto* const* cells = static_cast<const matvar_t* const*>(variable.data);
  std::vector<std::string> result;
  const std::size_t count = elements(variable, sizeof *cells, path);
  if (count > most) {
    fail(path, std::string("variable '") + variable.name + "' has " + std::to_string(count) +
                   " cells, more than any list of " + of);
  }
  for (std::size_t i = 0; i < count; ++i) result.push_back(text(cells[i], path));
  return result;
}

std::string letters_and_digits(std::string_view name) {
  std::string plain;
  for (const unsigned char c : name) {
    if (std::isalnum(c) != 0) plain += static_cast<char>(std::tolower(c));
  }
  return plain;
}

// '5 o Clock Shadow' is CelebA's '5_o_Clock_Shadow'.
std::string celeba_spelling(std::string name) {
  static const auto known = [] {
    std::unordered_map<std::string, std::string> by_letters;
    for (const std::string& one : celeba_attribute_names()) {
      by_letters.emplace(letters_and_digits(one), one);
    }
    return by_letters;
  }();
  if (const auto found = known.find(letters_and_digits(name)); found != known.end()) {
    return found->second;
  }
  std::replace(name.begin(), name.end(), ' ', '_');
  return name;
}

}  // namespace

void read_lfwa_matrix(const std::filesystem::path& path, Collection& collection,
                      LabelledPhotos& photos, Faults& faults) try {
  const MatFile file = open(path);
  std::vector<std::string> names = strings(*read(file, path, "name"), most_photos, "photos", path);
  std::vector<std::string> attributes =
      strings(*read(file, path, "AttrName"), most_attributes, "attributes", path);
  for (std::string& name : attributes) name = celeba_spelling(std::move(name));
  const Variable label = read(file, path, "label");
  const std::vector<double> values = numbers(*label, path);
  const std::size_t rows = label->dims[0];
  const std::size_t columns = values.size() / std::max<std::size_t>(rows, 1);
  const bool plain = rows == names.size() && columns == attributes.size();
  const bool turned = rows == attributes.size() && columns == names.size();
  if (!plain && !turned) {
    fail(path, "label is " + std::to_string(rows) + " x " + std::to_string(columns) + ", but " +
                   std::to_string(names.size()) + " photos and " +
                   std::to_string(attributes.size()) + " attributes are named");
  }
  collection.attribute_names = std::move(attributes);
  check_attribute_names(path.string(), collection.attribute_names, faults);
  for (std::size_t i = 0; i < names.size(); ++i) {
    const std::string where = path.string() + ": row " + std::to_string(i + 1);
    std::vector<std::int8_t> labels;
    for (std::size_t j = 0; j < collection.attribute_names.size(); ++j) {
      const double value = plain ? values[j * rows + i] : values[i * rows + j];
      if (value != 1 && value != 0 && value != -1) {
        faults.error(ErrorCode::bad_label, where + ": " + std::to_string(value) + " for " +
                                               collection.attribute_names[j] +
                                               " is none of 1, 0 and -1");
      }
      labels.push_back(value == 1 ? std::int8_t{1} : std::int8_t{-1});
    }
    std::replace(names[i].begin(), names[i].end(), '\\', '/');
    photos.add(where, std::move(names[i]), std::move(labels));
  }
} catch (const Error& error) {
  faults.error(error.code(), error.what());
}

void read_lfwa_parts(const std::filesystem::path& path, Collection& collection,
                     Faults& faults) try {
  const MatFile file = open(path);
  const char* const variables[] = {"indices_img_train", "indices_img_test"};
  for (int partition = 0; partition < 2; ++partition) {
    const auto* const name = variables[partition];
    for (const double value : numbers(*read(file, path, name), path)) {
      if (value < 1 || value > static_cast<double>(collection.photos.size()) ||
          value != std::floor(value)) {
        fail(path, std::string(name) + ": " + std::to_string(value) + " is no row of the labels");
      }
      collection.photos[static_cast<std::size_t>(value) - 1].partition = partition;
    }
  }
} catch (const Error& error) {
  faults.error(error.code(), error.what());
}

}  // namespace facet::detail
