// SPDX-License-Identifier: Apache-2.0
#include "teacher_stage.hpp"

#include <fstream>
#include <iomanip>
#include <iostream>
#include <map>
#include <numeric>
#include <set>
#include <sstream>

#include "base/atomic_file.hpp"
#include "base/new_folder.hpp"
#include "cross_fit.hpp"
#include "facet/error.hpp"
#include "format/safetensors.hpp"
#include "imitation_source.hpp"
#include "recipe/settings_record.hpp"
#include "run_settings.hpp"
#include "stage_files.hpp"
#include "stage_sources.hpp"
#include "teacher_features.hpp"

namespace facet::training {
namespace {

namespace fs = std::filesystem;

// A table of the list `faces`.
struct Request {
  std::string pack;
  std::string head;  // that its labels teach
  std::string windows;
  FoundWindow constant;
  int choosing_partition = -1;  // whose people choose, besides
  int choosing_every = 0;       // of partition 0: every n-th person chooses, by name
  int held_out_modulus = 0;     // of partition 0: people with such numbers are left out
  int limit = 0;
};

// What is kept of a pack once its faces are described.
struct Described {
  std::string pack;
  std::string head;
  std::vector<std::string> attributes;
  std::vector<std::string> names;
  std::vector<int> folds;  // as in CrossFitRows, of the head's own rows
  torch::Tensor labels;
  torch::Tensor features;
};

std::vector<int> integers(TableReader& reader, const char* key) {
  return reader.get(key, std::vector<int>{});
}

std::vector<TeacherView> read_views(TableReader& reader) {
  std::vector<TeacherView> views;
  for (const auto* table : reader.tables("views")) {
    TableReader fields(*table, reader.where() + " [views]");
    TeacherView view;
    view.width = fields.get("width", view.width);
    view.height = fields.get("height", view.height);
    view.means = integers(fields, "means");
    view.grids = integers(fields, "grids");
    fields.finish();
    views.push_back(std::move(view));
  }
  if (views.empty()) {
    throw Error(ErrorCode::invalid_argument, reader.where() + ": no [[stages.views]]");
  }
  return views;
}

std::vector<Request> read_requests(TableReader& reader) {
  std::vector<Request> requests;
  for (const auto* table : reader.tables("faces")) {
    TableReader fields(*table, reader.where() + " [faces]");
    Request request;
    request.pack = fields.require<std::string>("pack");
    request.head = fields.require<std::string>("head");
    request.windows = fields.get<std::string>("windows", "");
    const auto constant = fields.get("constant", std::vector<float>{});
    if (!constant.empty()) {
      if (constant.size() != 3) {
        throw Error(ErrorCode::invalid_argument, fields.where() + ": 'constant' needs 3 numbers");
      }
      request.constant = {constant[0], constant[1], constant[2], 0};
    }
    request.choosing_partition = fields.get("choosing_partition", request.choosing_partition);
    request.choosing_every = fields.get("choosing_every", 0);
    request.held_out_modulus = fields.get("held_out_modulus", 0);
    request.limit = fields.get("limit", 0);
    fields.finish();
    requests.push_back(std::move(request));
  }
  if (requests.empty()) {
    throw Error(ErrorCode::invalid_argument, reader.where() + ": no [[stages.faces]]");
  }
  return requests;
}

// The network that the stage left, and how its stage crops faces.
OwnNetwork read_own(const Recipe& recipe, const std::string& name, std::vector<std::string> layers,
                    StageFiles& files) {
  OwnNetwork own;
  own.layers = std::move(layers);
  TableReader trained = recipe.stage(name).settings();
  own.faces.crop = read_face_crop(trained);
  const auto path = files.result(name + "/network.safetensors");
  const auto stored = read_safetensors(path);
  const auto spec = stored.metadata.find("spec");
  if (spec == stored.metadata.end()) {
    throw Error(ErrorCode::bad_model, path.string() + ": has no network description");
  }
  own.network = TrainableNetwork(network_spec_from_json(nlohmann::json::parse(spec->second)));
  own.network->load_folded(stored.tensors);
  own.network->use_channels_last();
  return own;
}

std::set<int> every_nth_person(const Pack& pack, int n) {
  std::set<int> people;
  if (n <= 0) return people;
  for (const auto& photo : pack.photos) people.insert(photo.identity);
  std::set<int> chosen;
  int rank = 0;
  for (const int person : people) {
    if (rank++ % n == 0) chosen.insert(person);
  }
  return chosen;
}

class TeacherRun {
 public:
  TeacherRun(const Recipe& recipe, const Stage& stage, const TrainerOptions& options)
      : stage_(stage),
        options_(options),
        folder_(options.out / stage.name),
        files_(options.data, options.out, options.threads) {
    torch::set_num_threads(options.threads);
    TableReader reader = stage.settings();
    TeacherSettings settings;
    settings.threads = options.threads;
    settings.views = read_views(reader);
    settings.mirrored = reader.get("mirrored", settings.mirrored);
    settings.precision = precision_named(reader.get<std::string>("precision", "fp32"), stage.where);
    settings.batch = reader.get("batch", settings.batch);
    keep_ = integers(reader, "keep");
    const auto own = reader.get<std::string>("own", "");
    auto own_layers = reader.get("own_layers", std::vector<std::string>{});
    requests_ = read_requests(reader);
    FaceSettings faces;
    const auto box = reader.get("box", std::vector<float>(faces.box.begin(), faces.box.end()));
    if (box.size() != faces.box.size()) {
      throw Error(ErrorCode::invalid_argument, stage.where + ": 'box' needs four numbers");
    }
    std::copy(box.begin(), box.end(), faces.box.begin());
    fit_.folds = reader.get("folds", fit_.folds);
    fit_.penalties = reader.get("penalties", fit_.penalties);
    if (fit_.folds < 2 || fit_.penalties.empty()) {
      throw Error(ErrorCode::invalid_argument,
                  stage.where + ": needs at least 2 folds and one of 'penalties'");
    }
    reader.finish();
    const auto graph = files_.from(options.collections, "faceres/faceres.json");
    if (!fs::exists(graph)) {
      throw Error(ErrorCode::not_found,
                  graph.string() + ": does not exist; scripts/take_faceres DATA fetches it");
    }
    files_.from(options.collections, "faceres/faceres.bin");
    std::optional<OwnNetwork> own_network;
    if (!own.empty()) {
      own_network = read_own(recipe, own, std::move(own_layers), files_);
      own_network->faces.box = faces.box;
    }
    check_kept(settings);
    features_.emplace(FaceRes(graph), std::move(own_network), faces, settings);
    settings_ = {{"recipe", stage.recipe},
                 {"recipe_seed", recipe.seed()},
                 {"stage", to_json(*stage.table)},
                 {"threads", options.threads}};
  }

  void run() {
    create_folder(folder_);
    std::vector<Described> packs;
    for (const Request& request : requests_) packs.push_back(describe(request));
    std::map<std::string, bool> heads;
    for (const Described& pack : packs) {
      heads[pack.head] = true;
      keep(pack);
    }
    std::ostringstream csv;
    csv << "head,attribute,penalty,accuracy,balanced\n" << std::fixed;
    for (const auto& [head, unused] : heads) answer(head, packs, csv);
    write(folder_ / "heads.csv", csv.str());
    for (const Request& request : requests_) fs::remove(features_file(request.pack));
  }

 private:
  void say(const std::string& line) const {
    std::cerr << "stage " << stage_.name << ": " << line << '\n';
  }
  static void write(const fs::path& path, const std::string& text) {
    AtomicFile file(path);
    file.write(text);
    file.commit();
  }
  [[nodiscard]] fs::path features_file(const std::string& pack) const {
    return folder_ / (pack + ".features.pt");
  }

  Described describe(const Request& request) {
    const WindowList windows =
        request.windows.empty() ? WindowList{} : files_.windows(request.windows);
    std::vector<FaceToDescribe> faces;
    Described described;
    described.pack = request.pack;
    described.head = request.head;
    std::vector<std::shared_ptr<Pack>> kept = {files_.pack(request.pack, 0)};
    if (request.choosing_partition >= 0) {
      kept.push_back(files_.pack(request.pack, request.choosing_partition));
    }
    described.attributes = kept.front()->attributes;
    const auto choosing = every_nth_person(*kept.front(), request.choosing_every);
    std::vector<float> labels;
    for (const auto& pack : kept) {
      const bool chooses = pack != kept.front();
      int taken = 0;
      for (const auto& photo : pack->photos) {
        if (request.limit > 0 && taken >= request.limit) break;
        if (request.held_out_modulus > 0 && photo.identity % request.held_out_modulus == 0) {
          continue;
        }
        const auto found = windows.find(photo.name);
        if (found == windows.end() && request.constant.side <= 0) continue;
        faces.push_back(
            {&photo, found == windows.end() ? request.constant : found->second.front()});
        described.names.push_back(photo.name);
        described.folds.push_back(chooses || choosing.count(photo.identity) > 0
                                      ? kChoosing
                                      : photo.identity % fit_.folds);
        for (const auto label : photo.labels) labels.push_back(static_cast<float>(label));
        ++taken;
      }
    }
    const auto rows = static_cast<std::int64_t>(faces.size());
    described.labels =
        torch::tensor(labels).view({rows, static_cast<std::int64_t>(described.attributes.size())});
    described.features = load_features(request.pack, rows);
    if (!described.features.defined()) {
      say("describing " + std::to_string(rows) + " photos of " + request.pack);
      described.features = features_->describe(faces);
      save_features(request.pack, described.features);
    }
    return described;
  }

  void check_kept(const TeacherSettings& settings) const {
    const auto& means = settings.views.front().means;
    for (const int block : keep_) {
      if (std::find(means.begin(), means.end(), block) == means.end()) {
        throw Error(ErrorCode::invalid_argument,
                    stage_.where + ": 'keep' names block " + std::to_string(block) +
                        ", which is not among 'means' of the first view");
      }
    }
  }

  // For stages of kind imitation: the first view's means of some blocks.
  void keep(const Described& pack) const {
    if (keep_.empty()) return;
    std::vector<torch::Tensor> columns;
    for (const int block : keep_) columns.push_back(features_->mean_of(pack.features, block));
    const auto kept = torch::cat(columns, 1).to(torch::kFloat32).contiguous();
    const float* values = kept.data_ptr<float>();
    write_kept_features(folder_ / (pack.pack + ".features.safetensors"), pack.names,
                        static_cast<std::size_t>(kept.size(1)),
                        std::vector<float>(values, values + kept.numel()));
  }

  // Those that an interrupted run left, if it had the same settings and files.
  torch::Tensor load_features(const std::string& pack, std::int64_t rows) {
    const auto path = features_file(pack);
    if (!options_.resume || !fs::exists(path)) return {};
    std::ifstream in(folder_ / "settings.json");
    const auto before = nlohmann::json::parse(in, nullptr, /*allow_exceptions=*/false);
    auto now = settings_;
    now["inputs"] = before.value("inputs", nlohmann::json::object());
    check_same_settings(before, now, path.string());
    torch::Tensor features;
    torch::load(features, path.string());
    if (features.sizes() != torch::IntArrayRef({rows, features_->size()})) {
      throw Error(ErrorCode::invalid_argument,
                  path.string() + ": is not of these photos; run without --resume");
    }
    return features;
  }

  void save_features(const std::string& pack, const torch::Tensor& features) {
    const auto path = features_file(pack);
    const auto part = fs::path(path.string() + ".part");
    torch::save(features, part.string());
    fs::rename(part, path);
    settings_["inputs"] = files_.checksums();
    write(folder_ / "settings.json", settings_.dump(2) + "\n");
  }

  void answer(const std::string& head, const std::vector<Described>& packs,
              std::ostringstream& csv) {
    CrossFitRows rows;
    const Described* own = nullptr;
    std::vector<torch::Tensor> features;
    std::vector<torch::Tensor> labels;
    for (const Described& pack : packs) {
      if (pack.head != head) continue;
      if (own == nullptr) own = &pack;
      if (pack.attributes != own->attributes) {
        throw Error(ErrorCode::invalid_argument, stage_.where + ": packs '" + own->pack +
                                                     "' and '" + pack.pack +
                                                     "' teach one head and have other attributes");
      }
    }
    const auto attributes = static_cast<std::int64_t>(own->attributes.size());
    for (const Described& pack : packs) {
      features.push_back(pack.features);
      const bool teaches = pack.head == head;
      labels.push_back(teaches ? pack.labels
                               : torch::full({pack.features.size(0), attributes}, -1.0F));
      for (const int fold : pack.folds) rows.folds.push_back(teaches ? fold : kAsked);
    }
    rows.features = torch::cat(features);
    rows.labels = torch::cat(labels);
    say("fitting head " + head);
    const CrossFit fit = cross_fit(rows, fit_);
    for (std::size_t a = 0; a < own->attributes.size(); ++a) {
      csv << head << ',' << own->attributes[a] << ',' << std::setprecision(4) << fit.penalty << ','
          << std::setprecision(2) << fit.accuracy.at(a) << ',' << fit.balanced.at(a) << '\n';
    }
    const auto mean = [](const std::vector<float>& values) {
      return std::accumulate(values.begin(), values.end(), 0.0) /
             static_cast<double>(values.size());
    };
    std::ostringstream line;
    line << "head " << head << ": penalty " << fit.penalty << ", accuracy " << mean(fit.accuracy)
         << ", balanced " << mean(fit.balanced) << " on the people who choose";
    say(line.str());
    std::int64_t first = 0;
    for (const Described& pack : packs) {
      const auto count = static_cast<std::int64_t>(pack.names.size());
      write_answers(pack, head, own->attributes,
                    fit.probabilities.slice(0, first, first + count).contiguous());
      first += count;
    }
  }

  void write_answers(const Described& pack, const std::string& head,
                     const std::vector<std::string>& attributes,
                     const torch::Tensor& probabilities) const {
    std::ostringstream csv;
    csv << std::fixed << std::setprecision(4) << "image";
    for (const auto& attribute : attributes) csv << ',' << attribute;
    csv << '\n';
    const float* value = probabilities.data_ptr<float>();
    for (std::size_t i = 0; i < pack.names.size(); ++i) {
      csv << pack.names[i];
      for (std::size_t a = 0; a < attributes.size(); ++a) csv << ',' << *value++;
      csv << '\n';
    }
    write(folder_ / (pack.pack + "." + head + ".csv"), csv.str());
  }

  const Stage& stage_;
  const TrainerOptions& options_;
  fs::path folder_;
  StageFiles files_;
  std::vector<Request> requests_;
  std::vector<int> keep_;  // blocks of the first view
  CrossFitSettings fit_;
  std::optional<TeacherFeatures> features_;
  nlohmann::json settings_;
};

}  // namespace

void run_teacher_stage(const Recipe& recipe, const Stage& stage, const TrainerOptions& options) {
  TeacherRun(recipe, stage, options).run();
}

}  // namespace facet::training
