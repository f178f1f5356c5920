// SPDX-License-Identifier: Apache-2.0
#include "trainer.hpp"

#include <torch/torch.h>

#include <chrono>
#include <cmath>
#include <fstream>
#include <iostream>
#include <optional>
#include <sstream>

#include "base/atomic_file.hpp"
#include "base/new_folder.hpp"
#include "batch_loader.hpp"
#include "checkpoint.hpp"
#include "facet/error.hpp"
#include "format/safetensors.hpp"
#include "learner.hpp"
#include "recipe/settings_record.hpp"
#include "recipe/stage_seed.hpp"
#include "run_settings.hpp"
#include "schedule.hpp"
#include "score.hpp"
#include "stage_files.hpp"
#include "stage_sources.hpp"

namespace facet::training {
using namespace detail;
namespace {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;

constexpr const char* kNetworkFile = "network.safetensors";
constexpr const char* kCheckpointFile = "state.pt";
constexpr const char* kLogHeader =
    "epoch,step,learning_rate,loss,training_percent,validation_percent,seconds,"
    "photos_per_second\n";

torch::Device choose_device(const std::string& wanted) {
  if (wanted == "cuda" && !torch::cuda::is_available()) {
    throw Error(ErrorCode::unsupported,
                "--device cuda: no CUDA device is available to libtorch here");
  }
  if (wanted == "cuda" || (wanted == "auto" && torch::cuda::is_available())) return torch::kCUDA;
  if (wanted != "auto" && wanted != "cpu") {
    throw Error(ErrorCode::invalid_argument, "--device " + wanted + ": not auto, cpu or cuda");
  }
  return torch::kCPU;
}

void add_outputs(const Learner& learner, const torch::Tensor& outputs, const torch::Tensor& targets,
                 Score& score) {
  if (learner.kind == StageKind::alignment) {
    score.add_alignments(outputs, targets);
  } else if (learner.kind == StageKind::imitation) {
    score.add_imitations(outputs, targets);
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
    if (learner.kind == StageKind::identities) {
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

// The weights that another stage left: its checkpoint or, where a run was restored from a model
// file and has none, its network as stored for inference. Yields how many tensors were taken.
int begin_from(const std::string& stage, StageFiles& files, const SampleSource& source,
               Learner& learner) {
  constexpr int kPhotos = 512;  // that say how batch normalisation was
  // The network is there when its stage is complete; a checkpoint alone is of one that is not.
  const auto network = files.result(stage + "/" + kNetworkFile);
  if (!fs::exists(network)) {
    throw Error(ErrorCode::not_found, network.string() + ": does not exist; train stage '" + stage +
                                          "' first, to its end");
  }
  const auto checkpoint = network.parent_path() / kCheckpointFile;
  if (fs::exists(checkpoint)) {
    auto archive = open_checkpoint(checkpoint);
    return load_network(archive, learner);
  }
  try {
    return learner.network->adopt_folded(
        read_safetensors(network).tensors,
        normalise(source.draw(0, kPhotos).photos, learner.network->spec()));
  } catch (const std::exception& error) {
    throw Error(ErrorCode::bad_model, network.string() + ": " + error.what());
  }
}

// One call of run_stage().
class StageRun {
 public:
  StageRun(const Recipe& recipe, const Stage& stage, const TrainerOptions& options);

  void begin_or_resume();
  // To the last step of this call.
  void train();
  // Where the stage is complete: leaves the network for those after it.
  void finish();

 private:
  // What the log says of an epoch, gathered over its steps.
  struct Epoch {
    Clock::time_point start = Clock::now();
    double loss_sum = 0;
    std::int64_t steps = 0;
    Score score;
  };

  void make_learner(TableReader& reader);
  void resume();
  [[nodiscard]] nlohmann::json settings() const;
  void step(const Batch& batch);
  void log_epoch();
  void save();
  void say(const std::string& line) const {
    std::cerr << "stage " << stage_.name << ": " << line << '\n';
  }

  const Recipe& recipe_;
  const Stage& stage_;
  const TrainerOptions& options_;
  fs::path folder_;
  std::uint64_t seed_;
  torch::Device device_;
  StageFiles files_;
  Schedule schedule_;
  StageSources sources_;
  std::optional<Learner> learner_;
  std::optional<torch::optim::SGD> optimiser_;
  std::int64_t epoch_steps_ = 0;
  std::int64_t steps_ = 0;  // of the whole stage
  std::int64_t step_ = 0;   // done
  nlohmann::json settings_;
  std::string log_ = kLogHeader;
  Epoch epoch_;
};

StageRun::StageRun(const Recipe& recipe, const Stage& stage, const TrainerOptions& options)
    : recipe_(recipe),
      stage_(stage),
      options_(options),
      folder_(options.out / stage.name),
      seed_(stage_seed(recipe.seed(), stage.name)),
      device_(choose_device(options.device)),
      files_(options.data, options.out, options.threads) {
  torch::set_num_threads(options.threads);
  torch::manual_seed(static_cast<std::int64_t>(seed_));
  TableReader reader = stage.settings();
  schedule_ = read_schedule(reader);
  make_learner(reader);
  epoch_steps_ = schedule_.epoch_steps(sources_.training->epoch_size());
  steps_ = schedule_.steps(sources_.training->epoch_size());
  optimiser_.emplace(learner_->parameters(), torch::optim::SGDOptions(schedule_.learning_rate)
                                                 .momentum(schedule_.momentum)
                                                 .weight_decay(schedule_.weight_decay)
                                                 .nesterov(schedule_.momentum > 0));
  settings_ = settings();
}

void StageRun::make_learner(TableReader& reader) {
  const auto network = reader.require<std::string>("network");
  const auto init_from = reader.get<std::string>("init_from", "");
  say("reading photos");
  sources_ = make_sources(stage_, reader, seed_, files_);
  reader.finish();
  learner_.emplace(stage_.kind, recipe_.network(network), sources_.training->outputs(),
                   schedule_.dropout, stage_.where + ", network '" + network + "'");
  learner_->similarity = schedule_.similarity;
  learner_->precision = precision_named(schedule_.precision, stage_.where);
  if (!init_from.empty()) {
    const int copied = begin_from(init_from, files_, *sources_.training, *learner_);
    say(std::to_string(copied) + " tensors from " + init_from);
  }
  learner_->network->to(device_);
  if (!learner_->classes.is_empty()) learner_->classes->to(device_);
  learner_->network->use_channels_last();
  learner_->train(true);
}

nlohmann::json StageRun::settings() const {
  return {{"recipe", stage_.recipe},
          {"recipe_seed", recipe_.seed()},
          {"stage", to_json(*stage_.table)},
          {"network", to_json(learner_->network->spec())},
          {"steps", steps_},
          {"inputs", files_.checksums()},
          {"threads", options_.threads},
          {"device", device_.str()},
          {"libtorch", TORCH_VERSION},
          {"revision", FACET_REVISION}};
}

void StageRun::begin_or_resume() {
  create_folder(folder_);
  if (options_.resume && fs::exists(folder_ / kCheckpointFile)) resume();
  AtomicFile file(folder_ / "settings.json");
  file.write(settings_.dump(2) + "\n");
  file.commit();
  say(std::to_string(steps_) + " steps of " + std::to_string(schedule_.batch) + " on " +
      device_.str() + ", " + std::to_string(options_.threads) + " threads");
}

void StageRun::resume() {
  const fs::path path = folder_ / kCheckpointFile;
  auto archive = open_checkpoint(path);
  check_same_settings(checkpoint_settings(archive, path), settings_, path.string());
  step_ = load_checkpoint(archive, *learner_, *optimiser_);
  if (std::ifstream in(folder_ / "epochs.csv"); in) {
    log_.clear();
    for (std::string line; std::getline(in, line);) log_ += line + '\n';
  }
  say("resuming at step " + std::to_string(step_) + " of " + std::to_string(steps_));
}

void StageRun::train() {
  const std::int64_t last_step =
      options_.stop_after > 0 ? std::min(steps_, step_ + options_.stop_after) : steps_;
  BatchLoader loader(*sources_.training, step_, last_step, schedule_.batch);
  auto last_checkpoint = Clock::now();
  epoch_ = {};
  while (step_ < last_step) {
    step(loader.next());
    if (step_ % epoch_steps_ == 0 || step_ == steps_) log_epoch();
    const double since = std::chrono::duration<double>(Clock::now() - last_checkpoint).count() / 60;
    if (since > schedule_.checkpoint_minutes || step_ == last_step) {
      save();
      last_checkpoint = Clock::now();
    }
  }
}

void StageRun::step(const Batch& batch) {
  // Dropout depends on the step alone, so that a resumed run repeats it.
  torch::manual_seed(static_cast<std::int64_t>(seed_ + static_cast<std::uint64_t>(step_)));
  for (auto& group : optimiser_->param_groups()) {
    static_cast<torch::optim::SGDOptions&>(group.options()).lr(schedule_.rate(step_, steps_));
  }
  const auto inputs = normalise(batch.photos.to(device_), learner_->network->spec());
  const auto targets = batch.targets.to(device_);
  torch::Tensor features;
  const auto outputs = learner_->forward(inputs, &features);
  torch::Tensor loss = learner_->loss(outputs, targets, features);
  const double value = loss.item<double>();
  if (!std::isfinite(value)) {
    throw Error(ErrorCode::invalid_argument, stage_.where + ": the loss is not finite at step " +
                                                 std::to_string(step_) + "; lower learning_rate");
  }
  optimiser_->zero_grad();
  loss.backward();
  optimiser_->step();
  ++step_;
  epoch_.loss_sum += value;
  ++epoch_.steps;
  torch::NoGradGuard no_grad;
  add_outputs(*learner_, outputs, targets, epoch_.score);
}

void StageRun::log_epoch() {
  const double seconds = std::chrono::duration<double>(Clock::now() - epoch_.start).count();
  std::ostringstream row;
  row << (step_ + epoch_steps_ - 1) / epoch_steps_ << ',' << step_ << ','
      << schedule_.rate(step_ - 1, steps_) << ','
      << epoch_.loss_sum / static_cast<double>(epoch_.steps) << ',' << epoch_.score.percent()
      << ',';
  if (sources_.validation) {
    row << validate(*learner_, *sources_.validation, schedule_.batch, device_);
  }
  row << ',' << seconds << ',' << static_cast<double>(epoch_.steps * schedule_.batch) / seconds;
  say(row.str());
  log_ += row.str() + '\n';
  epoch_ = {};
}

void StageRun::save() {
  // It is not of the run whose state stands beside it from now on.
  if (step_ < steps_) fs::remove(folder_ / kNetworkFile);
  save_checkpoint(folder_ / kCheckpointFile, *learner_, *optimiser_, step_, settings_);
  AtomicFile file(folder_ / "epochs.csv");
  file.write(log_);
  file.commit();
}

void StageRun::finish() {
  if (step_ < steps_) return;
  learner_->train(false);
  write_safetensors(folder_ / kNetworkFile, learner_->network->folded_weights(),
                    {{"spec", to_json(learner_->network->folded_spec()).dump()},
                     {"recipe", stage_.recipe},
                     {"stage", stage_.name},
                     {"seed", std::to_string(recipe_.seed())}},
                    StoredType::f16);
}

}  // namespace

void run_stage(const Recipe& recipe, const Stage& stage, const TrainerOptions& options) {
  StageRun run(recipe, stage, options);
  run.begin_or_resume();
  run.train();
  run.finish();
}

}  // namespace facet::training
