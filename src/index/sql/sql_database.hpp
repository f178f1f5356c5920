// SPDX-License-Identifier: Apache-2.0
// The little of SQL that the index needs, the same for every database. Statements are written once,
// in what SQLite and PostgreSQL have in common; where they differ the dialect decides.
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <initializer_list>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace facet::detail {

enum class SqlDialect { sqlite, postgres };

using SqlBytes = std::span<const std::byte>;

// What stands for $1, $2, … of a statement. Refers to texts and bytes; does not own them.
class SqlParameter {
 public:
  using Value = std::variant<std::monostate, std::int64_t, double, std::string_view, SqlBytes>;

  SqlParameter(std::nullopt_t) {}  // NOLINT(google-explicit-constructor): null
  template <std::integral Number>
  SqlParameter(Number value)  // NOLINT(google-explicit-constructor)
      : value_(static_cast<std::int64_t>(value)) {}
  SqlParameter(double value) : value_(value) {}                                // NOLINT
  SqlParameter(std::string_view value) : value_(value) {}                      // NOLINT
  SqlParameter(const std::string& value) : value_(std::string_view(value)) {}  // NOLINT
  SqlParameter(const char* value) : value_(std::string_view(value)) {}         // NOLINT
  SqlParameter(SqlBytes value) : value_(value) {}                              // NOLINT
  template <typename Value>
  SqlParameter(const std::optional<Value>& value) {  // NOLINT(google-explicit-constructor)
    if (value) *this = SqlParameter(*value);
  }

  [[nodiscard]] const Value& value() const { return value_; }

 private:
  Value value_;
};

// A row of a result. Texts and bytes are valid until the next row. Columns count from 0; a value is
// asked for in the type that the statement gives it.
class SqlRow {
 public:
  virtual ~SqlRow() = default;
  [[nodiscard]] virtual bool is_null(int column) const = 0;
  [[nodiscard]] virtual std::int64_t integer(int column) const = 0;
  [[nodiscard]] virtual double real(int column) const = 0;
  [[nodiscard]] virtual std::string_view text(int column) const = 0;
  [[nodiscard]] virtual SqlBytes bytes(int column) const = 0;

 protected:
  SqlRow() = default;
  SqlRow(const SqlRow&) = default;
  SqlRow& operator=(const SqlRow&) = default;
};

// A connection. Belongs to one thread at a time. Every call may throw Error(io) with the
// database's own words and its name.
class SqlDatabase {
 public:
  using TakeRow = std::function<void(const SqlRow&)>;

  virtual ~SqlDatabase() = default;
  SqlDatabase(const SqlDatabase&) = delete;
  SqlDatabase& operator=(const SqlDatabase&) = delete;

  [[nodiscard]] virtual SqlDialect dialect() const = 0;
  // For messages: the file, or the server and database without a password.
  [[nodiscard]] virtual const std::string& name() const = 0;

  // One statement, prepared once and kept by its text. `take` sees the rows as they come; it must
  // not ask this database anything. Returns how many rows were changed.
  std::int64_t run(std::string_view sql, std::initializer_list<SqlParameter> parameters = {},
                   const TakeRow& take = {}) {
    return run(sql, std::span(parameters.begin(), parameters.size()), take);
  }
  virtual std::int64_t run(std::string_view sql, std::span<const SqlParameter> parameters,
                           const TakeRow& take) = 0;
  // Several statements without parameters or rows, as schemas are.
  virtual void execute(const std::string& script) = 0;

  // What others write meanwhile is not seen from begin_reading() to end_reading().
  virtual void begin_reading() = 0;
  void end_reading() { execute("COMMIT"); }
  // Waits for other writers.
  virtual void begin_writing() = 0;
  void commit() { execute("COMMIT"); }
  virtual void roll_back() noexcept = 0;

  // Gives back the space of what was deleted, and leaves nothing of it in the files.
  virtual void vacuum() = 0;
  // Bytes that the database takes.
  virtual std::int64_t size_in_bytes() = 0;

 protected:
  SqlDatabase() = default;
};

// What is written while it lives, happens at commit() or not at all.
class SqlTransaction {
 public:
  explicit SqlTransaction(SqlDatabase& database) : database_(database) {
    database_.begin_writing();
  }
  ~SqlTransaction() {
    if (open_) database_.roll_back();
  }
  SqlTransaction(const SqlTransaction&) = delete;
  SqlTransaction& operator=(const SqlTransaction&) = delete;
  void commit() {
    database_.commit();
    open_ = false;
  }

 private:
  SqlDatabase& database_;
  bool open_ = true;
};

// One state of the database for several questions.
class SqlReading {
 public:
  explicit SqlReading(SqlDatabase& database) : database_(database) { database_.begin_reading(); }
  ~SqlReading() { database_.roll_back(); }
  SqlReading(const SqlReading&) = delete;
  SqlReading& operator=(const SqlReading&) = delete;

 private:
  SqlDatabase& database_;
};

// The first value of the first row, where there is one that is not null.
std::optional<std::int64_t> sql_integer(SqlDatabase& database, std::string_view sql,
                                        std::initializer_list<SqlParameter> parameters = {});
std::optional<std::string> sql_text(SqlDatabase& database, std::string_view sql,
                                    std::initializer_list<SqlParameter> parameters = {});

}  // namespace facet::detail
