// SPDX-License-Identifier: Apache-2.0
// Queries: what is read, is printed and read again as the same; what has a meaning, has a
// probability; what has none, is refused with a place in the text.
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <span>
#include <string_view>
#include <vector>

#include "index/celeba_names.hpp"
#include "index/query/evaluate.hpp"
#include "index/query/query.hpp"
#include "index/query/query_error.hpp"
#include "index/query/query_plan.hpp"
#include "index/query/vocabulary.hpp"

namespace {

using namespace facet::detail;

void expect(bool holds) {
  if (!holds) std::abort();
}

// Three photos: with one face, with two, with one.
void evaluate_somewhere(const QueryPlan& plan) {
  constexpr std::size_t faces = 4;
  const std::vector<std::uint32_t> photo = {1, 2, 2, 3};
  const std::vector<std::uint16_t> day = {0, 1, 1, 43'000};
  const std::vector<std::uint8_t> p = {0, 255, 128, 7};
  const std::vector<std::uint8_t> is_there = {1, 0, 0, 1};
  const std::vector<float> like = {0.0F, 1.0F, 0.5F, 0.25F};
  const std::vector<bool> photos = {false, true, false, true};
  const FaceBlock block{photo,
                        {plan.columns.size(), std::span(p)},
                        day,
                        {plan.people.size(), std::span(is_there)},
                        {plan.likes.size(), std::span(like)},
                        {plan.people.size(), &photos},
                        {plan.paths.size(), &photos}};
  const std::vector<float> all = evaluate(plan, block);
  expect(all.size() == faces);
  const auto probable = [](float one) { return one >= -1e-5F && one <= 1 + 1e-5F; };
  for (const float one : all) expect(probable(one));
  const float bare = evaluate_bare(plan, {4, 17}, block.someone, block.paths);
  expect(probable(bare));
  expect(bare <= 0 || may_hold_without_faces(plan));
}

template <typename Work>
bool refused(std::string_view text, Work work) {
  try {
    work();
    return false;
  } catch (const QueryError& error) {
    expect(error.span().first <= text.size());
    expect(error.span().count <= text.size() - error.span().first);
    (void)caret_lines(text, error.span());
    return true;
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const Vocabulary vocabulary(celeba_names());
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  QueryNode query;
  if (refused(text, [&] { query = parse_query(text); })) return 0;
  const std::string printed = print_query(query);
  const QueryNode again = parse_query(printed);
  expect(again == query);
  expect(print_query(again) == printed);
  QueryPlan plan;
  if (refused(text, [&] { plan = plan_query(query, vocabulary); })) return 0;
  evaluate_somewhere(plan);
  return 0;
}
