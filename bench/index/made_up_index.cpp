// SPDX-License-Identifier: Apache-2.0
#include "index/made_up_index.hpp"

#include <algorithm>
#include <array>
#include <random>
#include <vector>

#include "index/query/evaluate.hpp"
#include "index/query/everyday_words.hpp"
#include "index/search/likeness.hpp"
#include "index/store/face_columns.hpp"
#include "index/store/face_snapshot.hpp"
#include "index/store/generation_table.hpp"
#include "index/store/photo_table.hpp"

namespace facet::bench {
namespace {

using namespace detail;

struct Frequency {
  const char* attribute;
  double share;  // of CelebA's faces
};
constexpr auto frequencies = std::to_array<Frequency>({
    {"5_o_Clock_Shadow", 0.11},
    {"Arched_Eyebrows", 0.27},
    {"Attractive", 0.51},
    {"Bags_Under_Eyes", 0.20},
    {"Bald", 0.02},
    {"Bangs", 0.15},
    {"Big_Lips", 0.24},
    {"Big_Nose", 0.23},
    {"Black_Hair", 0.24},
    {"Blond_Hair", 0.15},
    {"Blurry", 0.05},
    {"Brown_Hair", 0.20},
    {"Bushy_Eyebrows", 0.14},
    {"Chubby", 0.06},
    {"Double_Chin", 0.05},
    {"Eyeglasses", 0.06},
    {"Goatee", 0.06},
    {"Gray_Hair", 0.04},
    {"Heavy_Makeup", 0.39},
    {"High_Cheekbones", 0.46},
    {"Male", 0.42},
    {"Mouth_Slightly_Open", 0.48},
    {"Mustache", 0.04},
    {"Narrow_Eyes", 0.12},
    {"No_Beard", 0.83},
    {"Oval_Face", 0.28},
    {"Pale_Skin", 0.04},
    {"Pointy_Nose", 0.28},
    {"Receding_Hairline", 0.08},
    {"Rosy_Cheeks", 0.07},
    {"Sideburns", 0.06},
    {"Smiling", 0.48},
    {"Straight_Hair", 0.21},
    {"Wavy_Hair", 0.32},
    {"Wearing_Earrings", 0.19},
    {"Wearing_Hat", 0.05},
    {"Wearing_Lipstick", 0.47},
    {"Wearing_Necklace", 0.12},
    {"Wearing_Necktie", 0.07},
    {"Young", 0.77},
});

class Maker {
 public:
  explicit Maker(const MadeUpOptions& options) : options_(options), random_(options.seed) {}

  PhotoRow photo(int generation) {
    PhotoRow photo;
    const int month = below(180);
    const int number = counter_++;
    photo.folder = "/home/somebody/Pictures/" + std::to_string(2010 + month / 12) + '/' +
                   std::to_string(101 + month % 12).substr(1);
    photo.name = "IMG_" + std::to_string(10'000'000 + number) + ".jpg";
    photo.state = {2'000'000 + below(4'000'000), std::int64_t{1'700'000'000'000'000'000} + number,
                   0};
    ContentHash content{};
    for (std::uint8_t& byte : content) byte = static_cast<std::uint8_t>(below(256));
    photo.content = content;
    photo.look = std::uniform_int_distribution<std::uint64_t>()(random_);
    photo.taken = std::int64_t{1'262'304'000} + month * std::int64_t{2'629'800} + below(2'600'000);
    photo.width = 4032;
    photo.height = 3024;
    photo.status = PhotoStatus::ok;
    photo.faces = faces_of_a_photo();
    photo.generation = generation;
    return photo;
  }

  std::vector<StoredFace> faces(int count) {
    std::vector<StoredFace> faces(static_cast<std::size_t>(count));
    for (int i = 0; i < count; ++i) {
      StoredFace& face = faces[static_cast<std::size_t>(i)];
      face.number = i + 1;
      face.box = {static_cast<std::uint16_t>(below(50'000)),
                  static_cast<std::uint16_t>(below(50'000)), 4'000, 7'000};
      face.score = static_cast<float>(5 + below(30));
      for (const Frequency& one : frequencies) face.attributes.push_back(probability(one.share));
      if (options_.features == 0) continue;
      std::vector<float> features(options_.features);
      for (float& value : features) value = normal_(random_);
      StoredFeatures stored = stored_features(features);
      face.features = std::move(stored.values);
      face.scale = stored.scale;
    }
    return faces;
  }

 private:
  int below(int count) { return std::uniform_int_distribution<int>(0, count - 1)(random_); }

  int faces_of_a_photo() {
    const int lot = below(100);
    if (lot < 60) return 1;
    if (lot < 84) return 2;
    if (lot < 92) return 3;
    return 4 + below(lot < 97 ? 2 : 9);
  }

  // Most are sure: four of five lie within 0.15 of the ends.
  std::uint8_t probability(double share) {
    const double doubt = std::pow(unit_(random_), 3) / 2;
    const bool present = unit_(random_) < share;
    return stored_probability(static_cast<float>(present ? 1 - doubt : doubt));
  }

  const MadeUpOptions& options_;
  std::mt19937_64 random_;
  std::uniform_real_distribution<double> unit_{0, 1};
  std::normal_distribution<float> normal_;
  int counter_ = 0;
};

Generation made_up_generation() {
  Generation generation;
  generation.model = "made up";
  generation.checksum = std::string(64, '0');
  generation.head = "celeba";
  generation.precision = "auto";
  generation.options = "{}";
  for (const Frequency& one : frequencies) generation.attributes.push_back({one.attribute});
  return generation;
}

}  // namespace

std::size_t fill_index(SqlDatabase& database, const MadeUpOptions& options) {
  constexpr std::size_t photos_together = 256;
  SqlTransaction beginning(database);
  const Generation generation = GenerationTable(database).begin(made_up_generation());
  beginning.commit();
  std::vector<std::int64_t> columns;
  for (const IndexAttribute& attribute : generation.attributes) columns.push_back(attribute.column);
  FaceWriter writer(database, columns);
  PhotoTable table(database);
  Maker maker(options);
  std::size_t photos = 0;
  for (std::size_t faces = 0; faces < options.faces;) {
    SqlTransaction transaction(database);
    for (std::size_t i = 0; i < photos_together && faces < options.faces; ++i) {
      PhotoRow photo = maker.photo(generation.id);
      const auto left = static_cast<int>(std::min<std::size_t>(options.faces - faces, 100));
      photo.faces = std::min(photo.faces, left);
      const std::uint32_t id = table.insert(photo).value();
      writer.append(id, stored_day(*photo.taken / 86'400), maker.faces(photo.faces));
      faces += static_cast<std::size_t>(photo.faces);
      ++photos;
    }
    writer.flush();
    transaction.commit();
  }
  fold_chunks(database);
  return photos;
}

void fill_plain_table(SqlDatabase& database) {
  std::string columns;
  std::string values;
  int parameters = 2;
  for (const Frequency& one : frequencies) {
    columns += ", a_" + folded_word(one.attribute) + " SMALLINT NOT NULL";
    values += ", $" + std::to_string(++parameters);
  }
  database.execute("CREATE TABLE plain (id BIGINT PRIMARY KEY, photo BIGINT NOT NULL" + columns +
                   ")");
  const std::string insert = "INSERT INTO plain VALUES ($1, $2" + values + ")";
  const auto generation = GenerationTable(database).current();
  FaceSnapshot snapshot(database);
  std::vector<std::span<const std::uint8_t>> attributes;
  for (const IndexAttribute& attribute : generation->attributes) {
    attributes.push_back(snapshot.attribute(attribute.column));
  }
  const std::span<const std::uint32_t> photos = snapshot.photos();
  SqlTransaction transaction(database);
  for (std::size_t i = 0; i < photos.size(); ++i) {
    std::vector<SqlParameter> row = {SqlParameter(i), SqlParameter(photos[i])};
    for (const auto& attribute : attributes) row.emplace_back(attribute[i]);
    database.run(insert, std::span<const SqlParameter>(row), {});
  }
  transaction.commit();
}

}  // namespace facet::bench
