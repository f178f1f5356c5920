// SPDX-License-Identifier: Apache-2.0
#include "index/postgres/postgres_database.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cstdlib>
#include <cstring>
#include <map>
#include <utility>
#include <vector>

#include "facet/error.hpp"
#include "index/postgres/libpq.hpp"

namespace facet::detail {
namespace {

// Types as the server numbers them.
constexpr Oid kBool = 16;
constexpr Oid kBytes = 17;
constexpr Oid kInt8 = 20;
constexpr Oid kInt2 = 21;
constexpr Oid kInt4 = 23;
constexpr Oid kText = 25;
constexpr Oid kFloat8 = 701;

constexpr int kBinary = 1;
constexpr int kOldestServer = 150'000;  // 15.0: older ones are not tested

struct ClearResult {
  void operator()(PGresult* result) const { libpq().clear(result); }
};
using Result = std::unique_ptr<PGresult, ClearResult>;
struct CloseConnection {
  void operator()(PGconn* connection) const { libpq().finish(connection); }
};

std::string first_line(const char* message) {
  const std::string text = message == nullptr ? "no reason given" : message;
  std::string line = text.substr(0, text.find('\n'));
  if (line.starts_with("ERROR:  ")) line.erase(0, 8);
  return line;
}

template <typename Number>
Number from_network(const char* bytes) {
  std::array<std::byte, sizeof(Number)> order{};
  std::memcpy(order.data(), bytes, order.size());
  std::reverse(order.begin(), order.end());
  return std::bit_cast<Number>(order);
}

template <typename Number>
std::string to_network(Number value) {
  auto order = std::bit_cast<std::array<char, sizeof(Number)>>(value);
  std::reverse(order.begin(), order.end());
  return {order.data(), order.size()};
}

class Row final : public SqlRow {
 public:
  Row(const PGresult* result, int row) : result_(result), row_(row) {}

  [[nodiscard]] bool is_null(int column) const override {
    return libpq().is_null(result_, row_, column) != 0;
  }
  [[nodiscard]] std::int64_t integer(int column) const override {
    if (is_null(column)) return 0;
    const char* value = libpq().value(result_, row_, column);
    switch (libpq().column_type(result_, column)) {
      case kBool:
        return *value;
      case kInt2:
        return from_network<std::int16_t>(value);
      case kInt4:
        return from_network<std::int32_t>(value);
      case kInt8:
        return from_network<std::int64_t>(value);
      default:
        throw Error(ErrorCode::io, "PostgreSQL gave no whole number where one was asked for");
    }
  }
  [[nodiscard]] double real(int column) const override {
    if (is_null(column)) return 0;
    if (libpq().column_type(result_, column) != kFloat8) {
      return static_cast<double>(integer(column));
    }
    return from_network<double>(libpq().value(result_, row_, column));
  }
  [[nodiscard]] std::string_view text(int column) const override {
    const SqlBytes whole = bytes(column);
    return {reinterpret_cast<const char*>(whole.data()), whole.size()};
  }
  [[nodiscard]] SqlBytes bytes(int column) const override {
    const char* value = libpq().value(result_, row_, column);
    const auto count = static_cast<std::size_t>(libpq().length(result_, row_, column));
    return {reinterpret_cast<const std::byte*>(value), count};
  }

 private:
  const PGresult* result_;
  int row_;
};

// A parameter as it is sent.
struct Sent {
  std::string own;  // of numbers
  const char* value = nullptr;
  int length = 0;
  Oid type = 0;
};

Sent sent(const SqlParameter& parameter) {
  Sent out;
  const auto convert = [&](const auto& value) {
    using Value = std::decay_t<decltype(value)>;
    if constexpr (std::is_same_v<Value, std::int64_t>) {
      out.own = to_network(value);
      out.type = kInt8;
    } else if constexpr (std::is_same_v<Value, double>) {
      out.own = to_network(value);
      out.type = kFloat8;
    } else if constexpr (std::is_same_v<Value, std::string_view>) {
      out.own = std::string(value);
      out.type = kText;
    } else if constexpr (std::is_same_v<Value, SqlBytes>) {
      out.own.assign(reinterpret_cast<const char*>(value.data()), value.size());
      out.type = kBytes;
    } else {
      return;  // null: of whatever type the statement says
    }
    out.value = out.own.data();
    out.length = static_cast<int>(out.own.size());
  };
  std::visit(convert, parameter.value());
  return out;
}

class PostgresDatabase final : public SqlDatabase {
 public:
  explicit PostgresDatabase(const std::string& url) : connection_(libpq().connect(url.c_str())) {
    if (libpq().status(connection_.get()) != CONNECTION_OK) {
      throw Error(ErrorCode::io,
                  "PostgreSQL: " + first_line(libpq().error_message(connection_.get())));
    }
    name_ = std::string("postgresql://") + libpq().host(connection_.get()) + '/' +
            libpq().database(connection_.get());
    const int version = libpq().server_version(connection_.get());
    if (version < kOldestServer) {
      throw Error(ErrorCode::unsupported, name_ + ": is PostgreSQL " +
                                              std::to_string(version / 10'000) +
                                              "; 15 or newer is needed");
    }
    // "relation exists already" is no news.
    libpq().set_notice_processor(
        connection_.get(), [](void*, const char*) {}, nullptr);
    // The schema is made by the first writer; until then its tables are just not found.
    execute("SET search_path = facet");
  }

  [[nodiscard]] SqlDialect dialect() const override { return SqlDialect::postgres; }
  [[nodiscard]] const std::string& name() const override { return name_; }

  std::int64_t run(std::string_view sql, std::span<const SqlParameter> parameters,
                   const TakeRow& take) override {
    std::vector<Sent> values;
    values.reserve(parameters.size());
    for (const SqlParameter& parameter : parameters) values.push_back(sent(parameter));
    std::vector<const char*> pointers;
    std::vector<int> lengths;
    std::vector<int> formats;
    for (const Sent& one : values) {
      pointers.push_back(one.type == 0 ? nullptr : one.own.data());
      lengths.push_back(one.length);
      formats.push_back(kBinary);
    }
    const std::string& statement = prepared(sql, values);
    if (libpq().send_prepared(connection_.get(), statement.c_str(), static_cast<int>(values.size()),
                              pointers.data(), lengths.data(), formats.data(), kBinary) == 0) {
      fail();
    }
    libpq().set_single_row_mode(connection_.get());  // long results shall not fill the memory
    return receive(take);
  }

  void execute(const std::string& script) override {
    const Result result(libpq().exec(connection_.get(), script.c_str()));
    const ExecStatusType status = libpq().result_status(result.get());
    if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK) fail(result.get());
  }

  void begin_reading() override { execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"); }
  void begin_writing() override { execute("BEGIN"); }
  void roll_back() noexcept override {
    if (libpq().transaction_status(connection_.get()) == PQTRANS_IDLE) return;
    const Result result(libpq().exec(connection_.get(), "ROLLBACK"));
  }

  void vacuum() override {
    // FULL writes the tables anew: what was deleted is no longer in their files.
    for (const char* table : {"photo", "folder", "face_chunk", "face_column", "crop", "region",
                              "verdict", "verdict_face", "tombstone"}) {
      execute(std::string("VACUUM (FULL) ") + table);
    }
  }

  std::int64_t size_in_bytes() override {
    return sql_integer(*this,
                       "SELECT sum(pg_total_relation_size(c.oid))::bigint FROM pg_class c JOIN "
                       "pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = 'facet' AND "
                       "c.relkind = 'r'")
        .value_or(0);
  }

 private:
  [[noreturn]] void fail(const PGresult* result = nullptr) const {
    const char* message = result == nullptr ? libpq().error_message(connection_.get())
                                            : libpq().result_error_message(result);
    throw Error(ErrorCode::io, name_ + ": " + first_line(message));
  }

  std::int64_t receive(const TakeRow& take) {
    std::int64_t changed = 0;
    std::string failure;
    std::exception_ptr thrown;
    // All results are to be taken, whatever happens: the connection waits for that.
    while (const Result result{libpq().get_result(connection_.get())}) {
      const ExecStatusType status = libpq().result_status(result.get());
      if (status == PGRES_SINGLE_TUPLE || status == PGRES_TUPLES_OK || status == PGRES_COMMAND_OK) {
        if (status == PGRES_COMMAND_OK) {
          changed = std::strtoll(libpq().changed_rows(result.get()), nullptr, 10);
        }
        for (int row = 0; take && !thrown && row < libpq().rows(result.get()); ++row) {
          try {
            take(Row(result.get(), row));
          } catch (...) {
            thrown = std::current_exception();
          }
        }
      } else if (failure.empty()) {
        failure = first_line(libpq().result_error_message(result.get()));
      }
    }
    if (thrown) std::rethrow_exception(thrown);
    if (!failure.empty()) throw Error(ErrorCode::io, name_ + ": " + failure);
    return changed;
  }

  // Prepared once for each text and types of parameters.
  const std::string& prepared(std::string_view sql, const std::vector<Sent>& values) {
    std::string key(sql);
    std::vector<Oid> types;
    for (const Sent& one : values) {
      types.push_back(one.type);
      key += '\n' + std::to_string(one.type);
    }
    const auto known = statements_.find(key);
    if (known != statements_.end()) return known->second;
    std::string statement = "s" + std::to_string(statements_.size());
    const Result result(libpq().prepare(connection_.get(), statement.c_str(),
                                        std::string(sql).c_str(), static_cast<int>(types.size()),
                                        types.data()));
    if (libpq().result_status(result.get()) != PGRES_COMMAND_OK) fail(result.get());
    return statements_.emplace(std::move(key), std::move(statement)).first->second;
  }

  std::string name_;
  std::unique_ptr<PGconn, CloseConnection> connection_;
  std::map<std::string, std::string, std::less<>> statements_;
};

}  // namespace

std::unique_ptr<SqlDatabase> open_postgres(const std::string& url) {
  return std::make_unique<PostgresDatabase>(url);
}

}  // namespace facet::detail
