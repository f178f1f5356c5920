// SPDX-License-Identifier: Apache-2.0
#include "trainer.hpp"

#include <torch/torch.h>

#include <chrono>
#include <cmath>
#include <fstream>
#include <functional>
#include <iostream>
#include <nlohmann/json.hpp>
#include <sstream>
#include <stdexcept>

#include "batch_loader.hpp"
#include "format/safetensors.hpp"
#include "learner.hpp"
#include "score.hpp"
#include "stage_sources.hpp"

namespace facet::training {
using namespace detail;
namespace {

struct Schedule {
  int batch = 64;
  float epochs = 1;
  float learning_rate = 0.1F;
  float momentum = 0.9F;
  float weight_decay = 5e-4F;
  float warm_up = 0.2F;  // share of the steps with a rising rate; then a cosine falls to 0
  float dropout = 0;     // before the output layer
  float similarity = 0;  // weight of the similarity loss
  float checkpoint_minutes = 3;
  std::string precision = "fp32";

  [[nodiscard]] double rate(std::int64_t step, std::int64_t steps) const {
    const double at = static_cast<double>(step) / static_cast<double>(steps);
    if (at < warm_up) return learning_rate * (0.04 + 0.96 * at / warm_up);
    return learning_rate * 0.5 * (1 + std::cos(M_PI * (at - warm_up) / (1 - warm_up)));
  }
};

Schedule read_schedule(TableReader& reader) {
  Schedule s;
  s.batch = reader.get("batch", s.batch);
  s.epochs = reader.require<float>("epochs");
  s.learning_rate = reader.get("learning_rate", s.learning_rate);
  s.momentum = reader.get("momentum", s.momentum);
  s.weight_decay = reader.get("weight_decay", s.weight_decay);
  s.warm_up = reader.get("warm_up", s.warm_up);
  s.dropout = reader.get("dropout", s.dropout);
  s.similarity = reader.get("similarity", s.similarity);
  s.checkpoint_minutes = reader.get("checkpoint_minutes", s.checkpoint_minutes);
  s.precision = reader.get("precision", s.precision);
  return s;
}

torch::Device choose_device(const std::string& wanted) {
  if (wanted == "cuda" && !torch::cuda::is_available()) {
    throw std::runtime_error("--device cuda: no CUDA device is available to libtorch here");
  }
  if (wanted == "cuda" || (wanted == "auto" && torch::cuda::is_available())) return torch::kCUDA;
  if (wanted != "auto" && wanted != "cpu") {
    throw std::runtime_error("--device " + wanted + ": not auto, cpu or cuda");
  }
  return torch::kCPU;
}

void replace_file(const std::filesystem::path& path,
                  const std::function<void(const std::string&)>& write) {
  const std::string temporary = path.string() + ".partial";
  write(temporary);
  std::filesystem::rename(temporary, path);
}

struct Progress {
  std::int64_t step = 0;
};

void save_state(const std::filesystem::path& path, const Learner& learner,
                const torch::optim::SGD& optimiser, const Progress& progress) {
  replace_file(path, [&](const std::string& temporary) {
    torch::serialize::OutputArchive archive;
    torch::serialize::OutputArchive network;
    learner.network->save(network);
    archive.write("network", network);
    if (!learner.classes.is_empty()) {
      torch::serialize::OutputArchive classes;
      learner.classes->save(classes);
      archive.write("classes", classes);
    }
    torch::serialize::OutputArchive momentum;
    optimiser.save(momentum);
    archive.write("optimiser", momentum);
    archive.write("step", torch::tensor(progress.step));
    archive.save_to(temporary);
  });
}

void load_state(const std::filesystem::path& path, Learner& learner, torch::optim::SGD& optimiser,
                Progress& progress) {
  torch::serialize::InputArchive archive;
  try {
    archive.load_from(path.string());
  } catch (const c10::Error& error) {
    throw std::runtime_error(path.string() +
                             ": is no checkpoint of facet: " + error.what_without_backtrace());
  }
  torch::serialize::InputArchive network;
  archive.read("network", network);
  learner.network->load(network);
  if (!learner.classes.is_empty()) {
    torch::serialize::InputArchive classes;
    archive.read("classes", classes);
    learner.classes->load(classes);
  }
  torch::serialize::InputArchive momentum;
  archive.read("optimiser", momentum);
  optimiser.load(momentum);
  torch::Tensor step;
  archive.read("step", step);
  progress.step = step.item<std::int64_t>();
}

void add_outputs(const Learner& learner, const torch::Tensor& outputs, const torch::Tensor& targets,
                 Score& score) {
  if (learner.kind == "alignment") {
    score.add_alignments(outputs, targets);
  } else {
    score.add(outputs, targets);
  }
}

double validate(Learner& learner, const SampleSource& source, int batch, torch::Device device) {
  torch::NoGradGuard no_grad;
  learner.train(false);
  Score score;
  const std::int64_t steps = source.epoch_size() / batch;
  for (std::int64_t step = 0; step < steps; ++step) {
    const Batch drawn = source.draw(step, batch);
    const auto photos = normalise(drawn.photos.to(device), learner.network->spec());
    if (learner.kind == "identities") {
      torch::Tensor features;
      learner.forward(photos, &features);
      score.add_pairs(features);
    } else {
      add_outputs(learner, learner.forward(photos, nullptr), drawn.targets.to(device), score);
    }
  }
  learner.train(true);
  return score.percent();
}

void write_network(const std::filesystem::path& folder, const Learner& learner,
                   const Recipe& recipe, const Stage& stage) {
  write_safetensors(folder / "network.safetensors", learner.network->folded_weights(),
                    {{"spec", to_json(learner.network->folded_spec()).dump()},
                     {"recipe", stage.recipe},
                     {"stage", stage.name},
                     {"seed", std::to_string(recipe.seed())}},
                    StoredType::f16);
}

// The weights that a stage left: its checkpoint or, where a run was restored from a model file and
// has none, its network as stored for inference. Yields how many tensors were taken.
int begin_from(const std::filesystem::path& folder, const std::string& stage,
               const SampleSource& source, Learner& learner) {
  constexpr int kPhotos = 512;  // that say how batch normalisation was
  const auto state = folder / "state.pt";
  const auto stored = folder / "network.safetensors";
  if (std::filesystem::exists(state)) {
    torch::serialize::InputArchive archive;
    archive.load_from(state.string());
    torch::serialize::InputArchive network;
    archive.read("network", network);
    return learner.network->load_matching(network);
  }
  if (!std::filesystem::exists(stored)) {
    throw std::runtime_error(state.string() + ": does not exist; train stage '" + stage +
                             "' first");
  }
  try {
    return learner.network->adopt_folded(
        read_safetensors(stored).tensors,
        normalise(source.draw(0, kPhotos).photos, learner.network->spec()));
  } catch (const std::exception& error) {
    throw std::runtime_error(stored.string() + ": " + error.what());
  }
}

nlohmann::json to_settings(const toml::table& table) {
  std::ostringstream text;
  text << toml::json_formatter{table};
  return nlohmann::json::parse(text.str());
}

}  // namespace

void run_stage(const Recipe& recipe, const Stage& stage, const TrainerOptions& options) {
  const std::string where = recipe.path().string() + " stage '" + stage.name + "'";
  TableReader reader(*stage.table, where);
  reader.require<std::string>("name");
  reader.require<std::string>("kind");
  const Schedule schedule = read_schedule(reader);
  const auto network_name = reader.require<std::string>("network");
  const auto init_from = reader.get<std::string>("init_from", "");
  const auto device = choose_device(options.device);
  const std::uint64_t seed =
      recipe.seed() * 1000003 + std::hash<std::string>{}(stage.name) % 1000003;
  torch::set_num_threads(options.threads);
  torch::manual_seed(static_cast<std::int64_t>(seed));

  std::cerr << "stage " << stage.name << ": reading photos\n";
  const StageSources sources = make_sources(stage, reader, seed, options);
  reader.finish();

  Learner learner(stage.kind, recipe.network(network_name), sources.training->outputs(),
                  schedule.dropout, where + ", network '" + network_name + "'");
  learner.similarity = schedule.similarity;
  learner.precision = precision_named(schedule.precision, where);
  const NetworkSpec& spec = learner.network->spec();
  if (!init_from.empty()) {
    const auto copied = begin_from(options.out / init_from, init_from, *sources.training, learner);
    std::cerr << "stage " << stage.name << ": " << copied << " tensors from " << init_from << "\n";
  }
  learner.network->to(device);
  if (!learner.classes.is_empty()) learner.classes->to(device);
  learner.network->use_channels_last();
  learner.train(true);

  const std::int64_t per_epoch =
      std::max<std::int64_t>(1, sources.training->epoch_size() / schedule.batch);
  const auto steps = static_cast<std::int64_t>(schedule.epochs * static_cast<float>(per_epoch));
  torch::optim::SGD optimiser(learner.parameters(), torch::optim::SGDOptions(schedule.learning_rate)
                                                        .momentum(schedule.momentum)
                                                        .weight_decay(schedule.weight_decay)
                                                        .nesterov(schedule.momentum > 0));

  const auto folder = options.out / stage.name;
  std::filesystem::create_directories(folder);
  const auto state_path = folder / "state.pt";
  const auto log_path = folder / "epochs.csv";
  Progress progress;
  std::string log =
      "epoch,step,learning_rate,loss,training_percent,validation_percent,seconds,"
      "photos_per_second\n";
  if (options.resume && std::filesystem::exists(state_path)) {
    load_state(state_path, learner, optimiser, progress);
    std::ifstream in(log_path);
    if (in) {
      log.clear();
      for (std::string line; std::getline(in, line);) log += line + '\n';
    }
    std::cerr << "stage " << stage.name << ": resuming at step " << progress.step << " of " << steps
              << "\n";
  }
  replace_file(folder / "settings.json", [&](const std::string& temporary) {
    nlohmann::json settings{{"recipe", stage.recipe},
                            {"recipe_seed", recipe.seed()},
                            {"stage", to_settings(*stage.table)},
                            {"network", to_json(spec)},
                            {"steps", steps},
                            {"threads", options.threads},
                            {"device", device.str()},
                            {"libtorch", TORCH_VERSION},
                            {"revision", FACET_REVISION}};
    std::ofstream(temporary) << settings.dump(2) << '\n';
  });
  std::cerr << "stage " << stage.name << ": " << steps << " steps of " << schedule.batch << " on "
            << device.str() << ", " << options.threads << " threads\n";

  const std::int64_t last_step =
      options.stop_after > 0 ? std::min(steps, progress.step + options.stop_after) : steps;
  BatchLoader loader(*sources.training, progress.step, last_step, schedule.batch);
  using Clock = std::chrono::steady_clock;
  auto epoch_start = Clock::now();
  auto last_checkpoint = Clock::now();
  double loss_sum = 0;
  std::int64_t loss_count = 0;
  std::int64_t photos = 0;
  Score training_score;
  while (progress.step < last_step) {
    const Batch batch = loader.next();
    // Dropout depends on the step alone, so that a resumed run repeats it.
    torch::manual_seed(static_cast<std::int64_t>(seed + static_cast<std::uint64_t>(progress.step)));
    const double rate = schedule.rate(progress.step, steps);
    for (auto& group : optimiser.param_groups()) {
      static_cast<torch::optim::SGDOptions&>(group.options()).lr(rate);
    }
    const auto inputs = normalise(batch.photos.to(device), spec);
    const auto targets = batch.targets.to(device);
    torch::Tensor features;
    const auto outputs = learner.forward(inputs, &features);
    torch::Tensor loss = learner.loss(outputs, targets, features);
    const double value = loss.item<double>();
    if (!std::isfinite(value)) {
      throw std::runtime_error(where + ": the loss is not finite at step " +
                               std::to_string(progress.step) + "; lower learning_rate");
    }
    optimiser.zero_grad();
    loss.backward();
    optimiser.step();
    ++progress.step;
    loss_sum += value;
    ++loss_count;
    photos += schedule.batch;
    {
      torch::NoGradGuard no_grad;
      add_outputs(learner, outputs, targets, training_score);
    }
    const bool epoch_end = progress.step % per_epoch == 0 || progress.step == steps;
    if (epoch_end) {
      const double seconds = std::chrono::duration<double>(Clock::now() - epoch_start).count();
      const double validation =
          sources.validation ? validate(learner, *sources.validation, schedule.batch, device) : 0;
      std::ostringstream row;
      row << (progress.step + per_epoch - 1) / per_epoch << ',' << progress.step << ',' << rate
          << ',' << loss_sum / static_cast<double>(loss_count) << ',' << training_score.percent()
          << ',';
      if (sources.validation) row << validation;
      row << ',' << seconds << ',' << static_cast<double>(photos) / seconds << '\n';
      std::cerr << "stage " << stage.name << ": " << row.str();
      log += row.str();
      epoch_start = Clock::now();
      loss_sum = 0;
      loss_count = 0;
      photos = 0;
      training_score = {};
    }
    const double since = std::chrono::duration<double>(Clock::now() - last_checkpoint).count() / 60;
    if (since > schedule.checkpoint_minutes || progress.step == last_step) {
      save_state(state_path, learner, optimiser, progress);
      replace_file(log_path,
                   [&](const std::string& temporary) { std::ofstream(temporary) << log; });
      last_checkpoint = Clock::now();
    }
  }
  if (progress.step < steps) return;
  learner.train(false);
  write_network(folder, learner, recipe, stage);
}

}  // namespace facet::training
