// SPDX-License-Identifier: Apache-2.0
#include "checkpoint.hpp"

#include <cstddef>
#include <exception>
#include <span>

#include "base/atomic_file.hpp"
#include "facet/error.hpp"

namespace facet::training {

void save_checkpoint(const std::filesystem::path& path, const Learner& learner,
                     const torch::optim::SGD& optimiser, std::int64_t step,
                     const nlohmann::json& settings) {
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
  archive.write("step", torch::tensor(step));
  archive.write("settings", c10::IValue(settings.dump()));
  AtomicFile file(path);
  // libtorch ends the program where its writer throws or does not write.
  std::exception_ptr failure;
  archive.save_to([&](const void* bytes, std::size_t count) {
    if (failure) return count;
    try {
      file.write(std::span(static_cast<const std::byte*>(bytes), count));
    } catch (const Error&) {
      failure = std::current_exception();
    }
    return count;
  });
  if (failure) std::rethrow_exception(failure);
  file.commit();
}

torch::serialize::InputArchive open_checkpoint(const std::filesystem::path& path) {
  torch::serialize::InputArchive archive;
  try {
    archive.load_from(path.string());
  } catch (const c10::Error& error) {
    throw Error(ErrorCode::unreadable,
                path.string() + ": is no checkpoint of facet: " + error.what_without_backtrace());
  }
  return archive;
}

nlohmann::json checkpoint_settings(torch::serialize::InputArchive& archive,
                                   const std::filesystem::path& path) {
  c10::IValue text;
  if (!archive.try_read("settings", text) || !text.isString()) {
    throw Error(ErrorCode::unsupported,
                path.string() +
                    ": does not say what it was made with, as checkpoints of earlier versions; "
                    "without --resume the stage begins anew");
  }
  return nlohmann::json::parse(text.toStringRef());
}

std::int64_t load_checkpoint(torch::serialize::InputArchive& archive, Learner& learner,
                             torch::optim::SGD& optimiser) {
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
  return step.item<std::int64_t>();
}

int load_network(torch::serialize::InputArchive& archive, Learner& learner) {
  torch::serialize::InputArchive network;
  archive.read("network", network);
  return learner.network->load_matching(network);
}

}  // namespace facet::training
