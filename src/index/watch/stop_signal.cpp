// SPDX-License-Identifier: Apache-2.0
#include "index/watch/stop_signal.hpp"

#include <poll.h>
#include <pthread.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <string>
#include <system_error>

#include "facet/error.hpp"

namespace facet::detail {
namespace {

sigset_t stopping_signals() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGINT);
  sigaddset(&signals, SIGTERM);
  return signals;
}

}  // namespace

StopSignal::StopSignal() {
  const sigset_t signals = stopping_signals();
  if (const int error = ::pthread_sigmask(SIG_BLOCK, &signals, nullptr); error != 0) {
    throw Error(ErrorCode::io, "signals: " + std::generic_category().message(error));
  }
  descriptor_ = ::signalfd(-1, &signals, SFD_CLOEXEC | SFD_NONBLOCK);
  if (descriptor_ < 0) {
    throw Error(ErrorCode::io, "signals: " + std::generic_category().message(errno));
  }
}

StopSignal::~StopSignal() {
  // What has come was heeded: it shall not end the program once more.
  signalfd_siginfo taken{};
  while (::read(descriptor_, &taken, sizeof taken) > 0) {
  }
  ::close(descriptor_);
  const sigset_t signals = stopping_signals();
  ::pthread_sigmask(SIG_UNBLOCK, &signals, nullptr);
}

bool StopSignal::has_come() const {
  pollfd waiting{descriptor_, POLLIN, 0};
  return ::poll(&waiting, 1, 0) > 0;
}

}  // namespace facet::detail
