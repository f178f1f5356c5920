// SPDX-License-Identifier: Apache-2.0
// What another predictor of a model costs: time until its first answer beyond that of an answer,
// and memory. Prints a row of CSV a model.
#include <malloc.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <fstream>
#include <iostream>
#include <memory>
#include <string>
#include <vector>

#include "evaluate/run_record.hpp"
#include "facet/facet.hpp"

namespace {

constexpr int predictors = 6;
constexpr int steady_rounds = 9;

double resident_mib() {
  ::malloc_trim(0);
  long pages = 0;
  long resident = 0;
  std::ifstream("/proc/self/statm") >> pages >> resident;
  return static_cast<double>(resident) * static_cast<double>(::sysconf(_SC_PAGESIZE)) / 1048576;
}

template <typename Work>
double milliseconds(const Work& work) {
  const auto start = std::chrono::steady_clock::now();
  work();
  const auto taken = std::chrono::steady_clock::now() - start;
  return std::chrono::duration<double, std::milli>(taken).count();
}

double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

struct Cost {
  double to_first_answer;  // ms, less what an answer takes
  double memory;           // MiB
};

void measure(const std::string& path, const facet::Image& photo) {
  const auto model = facet::Model::load(path);
  std::vector<std::unique_ptr<facet::Predictor>> made;
  std::vector<Cost> costs;
  for (int i = 0; i < predictors; ++i) {
    const double before = resident_mib();
    const double first = milliseconds([&] {
      made.push_back(std::make_unique<facet::Predictor>(model));
      (void)made.back()->predict(photo);
    });
    std::vector<double> steady;
    for (int k = 0; k < steady_rounds; ++k) {
      steady.push_back(milliseconds([&] { (void)made.back()->predict(photo); }));
    }
    costs.push_back({first - median(steady), resident_mib() - before});
  }
  std::vector<double> later_times;
  std::vector<double> scratch;  // of predictors that prepare nothing for the first time
  for (std::size_t i = 2; i < costs.size(); ++i) {
    later_times.push_back(costs[i].to_first_answer);
    scratch.push_back(costs[i].memory);
  }
  const facet::detail::RunRecord record =
      facet::detail::record_run(*model, 1, facet::Precision::automatic);
  std::cout << costs[0].to_first_answer << ',' << costs[1].to_first_answer << ','
            << median(later_times) << ',' << costs[0].memory << ',' << costs[1].memory << ','
            << median(scratch) << ',' << costs[1].memory / median(scratch);
  for (const std::string& field : facet::detail::record_fields(record)) std::cout << ',' << field;
  std::cout << '\n';
}

}  // namespace

int main(int argc, char** argv) try {
  if (argc < 3) {
    std::cerr << "usage: predictor_benchmark PHOTO MODEL...\n";
    return 2;
  }
  std::cout << "first_predictor_ms,second_predictor_ms,later_predictors_ms,first_mib,second_mib,"
               "later_mib,second_by_later";
  for (const std::string& column : facet::detail::record_columns()) std::cout << ',' << column;
  std::cout << '\n';
  const facet::Image photo = facet::read_image(argv[1]);
  for (int i = 2; i < argc; ++i) measure(argv[i], photo);
} catch (const facet::Error& error) {
  std::cerr << error.what() << '\n';
  return 1;
}
