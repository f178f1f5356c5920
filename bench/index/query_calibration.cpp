// SPDX-License-Identifier: Apache-2.0
// How often queries hold that a search calls so probable: an index of LFWA's test part is asked
// queries of one, two and three words drawn at random, and what it says of each face is compared
// with the labels. Half of the people fit how terms depend on one another, the others are
// reported. Prints a CSV table.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <cmath>
#include <filesystem>
#include <iostream>
#include <map>
#include <random>
#include <string>
#include <vector>

#include "dataset/dataset.hpp"
#include "index/query/evaluate.hpp"
#include "index/query/query.hpp"
#include "index/query/vocabulary.hpp"
#include "index/store/face_snapshot.hpp"
#include "index/store/generation_table.hpp"
#include "index/store/open_index.hpp"
#include "index/store/photo_table.hpp"

namespace facet::bench {
namespace {

using namespace detail;

struct Options {
  std::string db;
  std::filesystem::path lfwa;
  int queries = 500;  // of each number of terms
};

// One face a photo: that of the person whom the labels are about.
struct Faces {
  std::vector<std::string> attributes;
  std::vector<std::vector<std::uint8_t>> columns;  // p · 255, of each attribute
  std::vector<std::vector<bool>> labels;           // of each attribute
  std::vector<bool> fits;                          // of a person who fits; the others report
};

Faces read_faces(const Options& options) {
  const Collection collection = read_collection(options.lfwa);
  std::map<std::string, const LabelledPhoto*> known;  // PERSON/NAME without its type
  for (const LabelledPhoto& photo : collection.photos) {
    known[std::filesystem::path(photo.name).replace_extension().string()] = &photo;
  }
  const auto database = open_index(options.db);
  const Generation generation = GenerationTable(*database).current().value();
  Faces faces;
  std::vector<std::int64_t> columns;
  std::vector<std::size_t> places;  // of the attribute among the labels
  for (const IndexAttribute& attribute : generation.attributes) {
    faces.attributes.push_back(attribute.name);
    columns.push_back(attribute.column);
    const auto at = std::find(collection.attribute_names.begin(), collection.attribute_names.end(),
                              attribute.name);
    places.push_back(static_cast<std::size_t>(at - collection.attribute_names.begin()));
  }
  faces.columns.resize(columns.size());
  faces.labels.resize(columns.size());
  const SqlReading reading(*database);
  std::vector<PhotoRow> photos;
  PhotoTable(*database).each([&](const PhotoRow& photo) { photos.push_back(photo); });
  FaceSnapshot snapshot(*database);
  for (const PhotoRow& photo : photos) {
    const std::string person = std::filesystem::path(photo.folder).filename().string();
    const auto labelled =
        known.find(person + '/' + std::filesystem::path(photo.name).stem().string());
    if (labelled == known.end() || labelled->second->boxes.empty()) continue;
    const Box wanted = labelled->second->boxes.front();
    const StoredFace* best = nullptr;
    float most = 0.3F;
    const std::vector<StoredFace> found = snapshot.read_photo(photo.id, columns);
    for (const StoredFace& face : found) {
      const float common = facet::overlap(pixel_box(face.box, photo.width, photo.height), wanted);
      if (common < most) continue;
      most = common;
      best = &face;
    }
    if (best == nullptr) continue;
    for (std::size_t a = 0; a < columns.size(); ++a) {
      faces.columns[a].push_back(best->attributes[a]);
      faces.labels[a].push_back(labelled->second->labels[places[a]] > 0);
    }
    std::uint32_t hash = 2166136261U;  // FNV-1a of the person's name
    for (const char c : person) hash = (hash ^ static_cast<unsigned char>(c)) * 16777619U;
    faces.fits.push_back((hash >> 8U) % 2 == 0);
  }
  return faces;
}

struct Term {
  std::size_t attribute = 0;
  bool wanted = true;
};

std::string text_of(const std::vector<Term>& terms, const Faces& faces) {
  std::string text;
  for (const Term& term : terms) {
    text += (text.empty() ? "" : " ") + std::string(term.wanted ? "" : "-") +
            faces.attributes[term.attribute];
  }
  return text;
}

// What a search computes of each face.
std::vector<float> probabilities(const std::string& query, const Faces& faces) {
  const QueryPlan plan = plan_query(parse_query(query), Vocabulary(faces.attributes));
  std::vector<std::uint32_t> photos(faces.fits.size());
  for (std::size_t i = 0; i < photos.size(); ++i) photos[i] = static_cast<std::uint32_t>(i);
  FaceBlock block;
  block.photo = photos;
  for (const std::size_t place : plan.columns) block.columns.emplace_back(faces.columns[place]);
  return evaluate(plan, block);
}

struct Case {
  float p = 0;
  bool holds = false;
};

struct Reliability {
  static constexpr int bins = 10;
  struct Bin {
    double p = 0;
    double holds = 0;
    std::size_t count = 0;
  } bin[bins];
  std::size_t count = 0;

  void add(const Case& one) {
    Bin& at = bin[std::clamp(static_cast<int>(one.p * bins), 0, bins - 1)];
    at.p += one.p;
    at.holds += one.holds ? 1 : 0;
    ++at.count;
    ++count;
  }
  // Mean distance between what is said and what is so.
  [[nodiscard]] double error() const {
    double sum = 0;
    for (const Bin& at : bin) sum += std::abs(at.p - at.holds);
    return count == 0 ? 0 : sum / static_cast<double>(count);
  }
};

double logit(double p) {
  const double inside = std::clamp(p, 1e-4, 1 - 1e-4);
  return std::log(inside / (1 - inside));
}

// p' = 1 / (1 + exp(-(a · logit p + b))), by Newton's method.
struct Correction {
  double a = 1;
  double b = 0;
  [[nodiscard]] double operator()(double p) const {
    return 1 / (1 + std::exp(-(a * logit(p) + b)));
  }
};

Correction fit(const std::vector<Case>& cases) {
  Correction fitted;
  for (int round = 0; round < 25; ++round) {
    double ga = 0;
    double gb = 0;
    double haa = 1e-6;
    double hab = 0;
    double hbb = 1e-6;
    for (const Case& one : cases) {
      const double x = logit(one.p);
      const double p = fitted(one.p);
      const double off = p - (one.holds ? 1 : 0);
      const double w = p * (1 - p);
      ga += off * x;
      gb += off;
      haa += w * x * x;
      hab += w * x;
      hbb += w;
    }
    const double determinant = haa * hbb - hab * hab;
    fitted.a -= (hbb * ga - hab * gb) / determinant;
    fitted.b -= (haa * gb - hab * ga) / determinant;
  }
  return fitted;
}

void print(const char* way, const char* kind, const char* which, const Reliability& reliability) {
  const auto row = [&](const std::string& what, std::size_t count, double said, double holds) {
    std::cout << way << ',' << kind << ',' << which << ',' << what << ',' << count << ',' << said
              << ',' << holds << '\n';
  };
  for (int i = 0; i < Reliability::bins; ++i) {
    const auto& bin = reliability.bin[i];
    if (bin.count == 0) continue;
    const auto count = static_cast<double>(bin.count);
    row("bin " + std::to_string(i), bin.count, bin.p / count, bin.holds / count);
  }
  std::cout << way << ',' << kind << ',' << which << ",expected calibration error,"
            << reliability.count << ',' << reliability.error() << ",\n";
}

// Pairs of words that depend most on each other, by the labels of those who fit: both wanted where
// they go together, else the first without the second.
std::vector<std::vector<Term>> dependent_pairs(const Faces& faces, std::size_t count) {
  std::vector<std::pair<double, std::vector<Term>>> pairs;
  for (std::size_t a = 0; a < faces.attributes.size(); ++a) {
    for (std::size_t b = a + 1; b < faces.attributes.size(); ++b) {
      double n = 0;
      double na = 0;
      double nb = 0;
      double both = 0;
      for (std::size_t i = 0; i < faces.fits.size(); ++i) {
        if (!faces.fits[i]) continue;
        const bool has_a = faces.labels[a][i];
        const bool has_b = faces.labels[b][i];
        n += 1;
        na += has_a ? 1 : 0;
        nb += has_b ? 1 : 0;
        both += has_a && has_b ? 1 : 0;
      }
      const double spread = std::sqrt(na * (n - na) * nb * (n - nb));
      const double phi = spread > 0 ? (n * both - na * nb) / spread : 0;
      pairs.push_back({-std::abs(phi), {{a, true}, {b, phi > 0}}});
    }
  }
  std::sort(pairs.begin(), pairs.end(),
            [](const auto& one, const auto& other) { return one.first < other.first; });
  std::vector<std::vector<Term>> queries;
  for (std::size_t i = 0; i < std::min(count, pairs.size()); ++i) {
    queries.push_back(pairs[i].second);
  }
  return queries;
}

std::vector<std::vector<Term>> random_queries(const Faces& faces, int count, int terms,
                                              std::mt19937& random) {
  const auto pick = [&](std::size_t below) {
    return std::uniform_int_distribution<std::size_t>(0, below - 1)(random);
  };
  std::vector<std::vector<Term>> queries(static_cast<std::size_t>(count));
  for (std::vector<Term>& query : queries) {
    while (static_cast<int>(query.size()) < terms) {
      const Term term{pick(faces.attributes.size()), pick(3) != 0};
      const bool known = std::any_of(query.begin(), query.end(), [&](const Term& other) {
        return other.attribute == term.attribute;
      });
      if (!known) query.push_back(term);
    }
  }
  return queries;
}

void judge(const char* kind, const std::vector<std::vector<Term>>& queries, const Faces& faces) {
  std::vector<Case> fitting;
  std::vector<Case> reporting;
  double gap = 0;  // of single queries: how many faces fit, as said and as it is
  double largest = 0;
  std::string worst;
  for (const std::vector<Term>& query : queries) {
    const std::string text = text_of(query, faces);
    const std::vector<float> p = probabilities(text, faces);
    double said = 0;
    double is = 0;
    double count = 0;
    for (std::size_t i = 0; i < p.size(); ++i) {
      const bool holds = std::all_of(query.begin(), query.end(), [&](const Term& term) {
        return faces.labels[term.attribute][i] == term.wanted;
      });
      (faces.fits[i] ? fitting : reporting).push_back({p[i], holds});
      if (faces.fits[i]) continue;
      said += p[i];
      is += holds ? 1 : 0;
      count += 1;
    }
    const double off = std::abs(said - is) / count;
    gap += off / static_cast<double>(queries.size());
    if (off > largest) worst = text;
    largest = std::max(largest, off);
  }
  const Correction correction = fit(fitting);
  Reliability all[2];
  Reliability shown[2];
  for (const Case& one : reporting) {
    const Case corrected{static_cast<float>(correction(one.p)), one.holds};
    all[0].add(one);
    all[1].add(corrected);
    // What search shows, the uncertain ones included.
    if (one.p >= 0.2F) shown[0].add(one);
    if (corrected.p >= 0.2F) shown[1].add(corrected);
  }
  const char* const ways[] = {"as searched", "corrected"};
  for (int way = 0; way < 2; ++way) {
    print(ways[way], kind, "all", all[way]);
    print(ways[way], kind, "from 0.2", shown[way]);
  }
  std::cout << "correction," << kind << ",,a and b," << fitting.size() << ',' << correction.a << ','
            << correction.b << '\n';
  std::cout << "as searched," << kind << ",all,mean gap of single queries," << queries.size() << ','
            << gap << ",\n";
  std::cout << "as searched," << kind << ",all,largest gap: " << worst << ",1," << largest << ",\n";
}

void run(const Options& options) {
  const Faces faces = read_faces(options);
  std::cout << "way,queries,faces,what,count,said,holds\n";
  std::mt19937 random(7);
  judge("one word", random_queries(faces, options.queries, 1, random), faces);
  judge("two words", random_queries(faces, options.queries, 2, random), faces);
  judge("three words", random_queries(faces, options.queries, 3, random), faces);
  constexpr std::size_t most_dependent = 60;
  judge("dependent pairs", dependent_pairs(faces, most_dependent), faces);
}

}  // namespace
}  // namespace facet::bench

int main(int argc, char** argv) {
  facet::bench::Options options;
  CLI::App app("How often queries hold that a search calls so probable.");
  app.add_option("--db", options.db, "An index of LFWA's test part, made with --head lfwa")
      ->required();
  app.add_option("--lfwa", options.lfwa, "The collection's folder")->required();
  app.add_option("--queries", options.queries)->capture_default_str();
  CLI11_PARSE(app, argc, argv);
  try {
    facet::bench::run(options);
    return 0;
  } catch (const std::exception& error) {
    std::cerr << "query_calibration: " << error.what() << '\n';
    return 1;
  }
}
