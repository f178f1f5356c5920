// SPDX-License-Identifier: Apache-2.0
// What a search found, as text.
#pragma once

#include <ostream>
#include <string>

#include "index/search/search.hpp"

namespace facet::detail {

struct SearchContext {
  std::string query;  // as print_query() writes it
  std::string index;  // its name
  std::string model;
};

// For people: a line a face that fits, or a photo, the certain ones first.
void write_search_table(std::ostream& out, const SearchResult& result,
                        const SearchContext& context);
// {"schema":1,"query","index","model","faces_searched","certain_photos","uncertain_photos",
// "photos":[{"path","probability","certain","offline"?,"taken"?,"width","height","faces":[{"id",
// "probability","box":{x,y,width,height},"box_normalized":{…},"score","person"?,"attributes":[{
// "name","probability","said"?},…]}]}]}. Boxes in pixels of the upright photo. `taken` is the
// camera's clock, ISO 8601. `said`: a person said so.
void write_search_json(std::ostream& out, const SearchResult& result, const SearchContext& context);
// The elements of "photos", a line each.
void write_search_jsonl(std::ostream& out, const SearchResult& result);
// A line a face or photo: path, probability, certain, face, box, then a column an attribute that
// was asked for. RFC 4180 quoting.
void write_search_csv(std::ostream& out, const SearchResult& result);
// The paths of the certain ones, each with `end` behind it.
void write_search_paths(std::ostream& out, const SearchResult& result, char end);

}  // namespace facet::detail
