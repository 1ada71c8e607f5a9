// SPDX-License-Identifier: Apache-2.0
// Results of lines (kernels/lines.h), in vectors along the channels, along a line, or over neighbouring lines.
#pragma once

#include "../kernels/lines.h"
#include "cells.h"

namespace pooling {
inline namespace POOLING_INSTRUCTION_SET {

// Lines `o` of a row of lines whose tap t lies inside the map along the last axis.
POOLING_FUNCTION Range lines_with(const LineLevel& lines, Index width, Index t) {
    Index first = lines.origin[1] + t * lines.step[1];
    Index begin = maximum(0, ceil_divide(-first, lines.stride[1]));
    Index end = minimum(lines.output[1], floor_divide(width - 1 - first, lines.stride[1]) + 1);
    return {begin, maximum(begin, end)};
}

// Whether the one line of each row is the row itself.
POOLING_FUNCTION bool are_rows(const LineLevel& lines) {
    return lines.output[1] == 1 && lines.step[0] == 0 && lines.step[1] == 1;
}

// Calls function(level, plane's batch, channel, number of a row of lines) for all of them; planes: channels that are
// counted.
template <class Function>
void for_each_row_of_lines(const LineParameters& p, Index planes, const Function& function) {
    for (Index l = 0; l < p.levels; l++) {
        const LineLevel& lines = p.level[l];
        Index work = maximum(lines.output[1] * lines.taps.size(), p.input[1]) * (p.channels / planes);
        Index rows = lines.output[0];
        parallel_ranges(p.batch * planes * rows, work,
                        [&](Index begin, Index end) { function(lines, planes * rows, rows, begin, end); });
    }
}

// Arrays: x, y, and the index for maxima.
template <template <class> class Reduction, class Storage>
class LineForward {
public:
    typedef typename StorageTraits<Storage>::Real Real;
    typedef typename LanesOf<Real>::Vector Vector;
    typedef typename RealTraits<Real>::Bits Place;
    typedef typename RealTraits<Vector>::Bits Places;
    static constexpr bool kHasIndex = Reduction<Real>::kResults > 1;

    LineForward(const LineParameters& parameters, void* const* arrays)
        : p_(parameters),
          x_(static_cast<const Storage*>(arrays[0])),
          y_(static_cast<Storage*>(arrays[1])),
          index_(kHasIndex ? static_cast<Index*>(arrays[Reduction<Real>::kResults]) : nullptr) {}

    KernelStatus run() const {
        const Index size[kAxes] = {1, p_.input[0], p_.input[1]};
        MapView map = {p_.batch, p_.channels, size, p_.x};
        bool along_channels = map.channels_last();
        bool out_of_memory = false;
        for_each_row_of_lines(p_, along_channels ? 1 : p_.channels,
                              [&](const LineLevel& lines, Index rows_of_batch, Index rows, Index begin, Index end) {
                                  Scratch<Real> scratch(along_channels ? 0 : 2 * padded<Vector>(lines.output[1]));
                                  if (!scratch) {
                                      out_of_memory = true;  // every thread writes the same value
                                      return;
                                  }
                                  for (Index i = begin; i < end; i++) {
                                      Index batch = i / rows_of_batch;
                                      Index channel = i % rows_of_batch / rows;
                                      const Storage* x = x_ + batch * p_.x.batch + channel * p_.x.channel;
                                      if (along_channels) {
                                          channels(lines, batch, i % rows, x);
                                      } else if (are_rows(lines)) {
                                          whole_row(lines, batch, channel, i % rows, x);
                                      } else {
                                          row(lines, batch, channel, i % rows, x, scratch.get());
                                      }
                                  }
                              });
        return out_of_memory ? kOutOfMemory : kSuccess;
    }

private:
    const LineParameters& p_;
    const Storage* x_;
    Storage* y_;
    Index* index_;

    template <class Lanes>
    static Lanes mean(const LineMean<Lanes>& line, Index count) {
        return line.sum / static_cast<Real>(count);
    }

    // x: the plane. Writes the result of one line of one channel.
    void write(const LineLevel& lines, Index batch, Index channel, const Index* o, const Storage* x,
               const LineMean<Real>& line) const {
        Range taps = lines.inside(p_.input, o);
        Real result = mean(line, taps.size());
        if (!is_finite(line.sum)) {
            result = halved_line_mean<Real>(p_, lines, o, taps, [&](Index offset) { return load(x + offset); });
        }
        store(y_ + lines.y.offset(batch, channel, o), result);
    }

    void write(const LineLevel& lines, Index batch, Index channel, const Index* o, const Storage*,
               const LineMaximum<Real>& line) const {
        store(y_ + lines.y.offset(batch, channel, o), line.largest.value);
        index_[lines.index.offset(batch, channel, o)] =
            p_.tap_position(lines, o, lines.taps.begin + static_cast<Index>(line.largest.place));
    }

    // All channels of each line.
    void channels(const LineLevel& lines, Index batch, Index row, const Storage* x) const {
        for (Index column = 0; column < lines.output[1]; column++) {
            const Index o[kLineAxes] = {row, column};
            Range taps = lines.inside(p_.input, o);
            for_each_vector<Vector>(p_.channels, [&](Index c, int count) {
                auto element = [&](Index t) {
                    return load_lanes<Vector>(x + c + p_.tap_offset(lines, o, t), 1, count);
                };
                auto line = Reduction<Vector>::first(element(taps.begin), taps.begin - lines.taps.begin);
                for (Index t = taps.begin + 1; t < taps.end; t++) {
                    line.take(element(t), t - lines.taps.begin);
                }
                for (int lane = 0; lane < count; lane++) {
                    write(lines, batch, c + lane, o, x + c + lane, of_lane(line, lane));
                }
            });
        }
    }

    static LineMean<Real> of_lane(const LineMean<Vector>& lines, int lane) {
        return {lines.sum[lane]};
    }

    static LineMaximum<Real> of_lane(const LineMaximum<Vector>& lines, int lane) {
        return {{lines.largest.value[lane], lines.largest.place[lane]}};
    }

    static void join(LineMean<Real>& line, const LineMean<Real>& other) {
        line.sum += other.sum;
    }

    static void join(LineMaximum<Real>& line, const LineMaximum<Real>& other) {
        line.largest.take_unordered(other.largest.value, other.largest.place);
    }

    // A line that is a row of the map: vectors along it, and what is left over one by one.
    void whole_row(const LineLevel& lines, Index batch, Index channel, Index row, const Storage* x) const {
        constexpr Index kLanes = lane_count<Vector>();
        const Index o[kLineAxes] = {row, 0};
        Range taps = lines.inside(p_.input, o);
        Index first = p_.tap_offset(lines, o, taps.begin);
        Index step = p_.x.axes[2];
        Index skipped = taps.begin - lines.taps.begin;
        Index count = taps.size();
        Index whole = count / kLanes * kLanes;
        if (whole == 0) {
            auto line = Reduction<Real>::first(load(x + first), skipped);
            rest(line, x + first, step, 1, count, skipped);
            write(lines, batch, channel, o, x, line);
            return;
        }
        auto vectors = Reduction<Vector>::first(load_lanes<Vector>(x + first, step, kLanes), skipped);
        for (Index i = kLanes; i < whole; i += kLanes) {
            vectors.take(load_lanes<Vector>(x + first + i * step, step, kLanes), skipped + i);
        }
        auto line = of_lane(vectors, 0);
        for (int lane = 1; lane < kLanes; lane++) {
            join(line, of_lane_at(vectors, lane));
        }
        rest(line, x + first, step, whole, count, skipped);
        write(lines, batch, channel, o, x, line);
    }

    static LineMean<Real> of_lane_at(const LineMean<Vector>& lines, int lane) {
        return of_lane(lines, lane);
    }

    // Lanes of a vector along a line are taps of their own.
    static LineMaximum<Real> of_lane_at(const LineMaximum<Vector>& lines, int lane) {
        LineMaximum<Real> line = of_lane(lines, lane);
        line.largest.place += static_cast<Place>(lane);
        return line;
    }

    static void rest(Reduction<Real>& line, const Storage* x, Index step, Index begin, Index end, Index skipped) {
        for (Index i = begin; i < end; i++) {
            line.take(load(x + i * step), skipped + i);
        }
    }

    // Lines side by side. A maximum starts with the line's first element, which taking it again does not change.
    void start(LineMean<Real>*, const LineLevel& lines, Index, const Storage*, Real* values) const {
        for_each_vector<Vector>(lines.output[1], [&](Index i, int) { store_lanes(values + i, broadcast<Vector>(0)); });
    }

    void start(LineMaximum<Real>*, const LineLevel& lines, Index row, const Storage* x, Real* values) const {
        Place* places = reinterpret_cast<Place*>(values + padded<Vector>(lines.output[1]));
        for (Index column = 0; column < padded<Vector>(lines.output[1]); column++) {
            const Index o[kLineAxes] = {row, minimum(column, lines.output[1] - 1)};
            Index first = lines.inside(p_.input, o).begin;
            values[column] = load(x + p_.tap_offset(lines, o, first));
            places[column] = static_cast<Place>(first - lines.taps.begin);
        }
    }

    static void take(LineMean<Real>*, Real* values, Index, Vector v, int count, Index) {
        store_lanes(values, 1, count, load_lanes<Vector>(values, 1, count) + v);
    }

    static void take(LineMaximum<Real>*, Real* values, Index size, Vector v, int count, Index place) {
        Real* places = values + size;  // as bits
        LineMaximum<Vector> line = {
            {load_lanes<Vector>(values, 1, count), bit_cast<Places>(load_lanes<Vector>(places, 1, count))}};
        line.take(v, place);
        store_lanes(values, 1, count, line.largest.value);
        store_lanes(places, 1, count, bit_cast<Vector>(line.largest.place));
    }

    static LineMean<Real> at(LineMean<Real>*, const Real* values, Index, Index column) {
        return {values[column]};
    }

    static LineMaximum<Real> at(LineMaximum<Real>*, const Real* values, Index size, Index column) {
        return {{values[column], bit_cast<Place>(values[size + column])}};
    }

    void row(const LineLevel& lines, Index batch, Index channel, Index row, const Storage* x, Real* values) const {
        Reduction<Real>* kind = nullptr;
        Index size = padded<Vector>(lines.output[1]);
        start(kind, lines, row, x, values);
        Range taps = lines.cut(lines.taps, 0, p_.input[0], row);
        Index step = lines.stride[1] * p_.x.axes[2];
        for (Index t = taps.begin; t < taps.end; t++) {
            Range columns = lines_with(lines, p_.input[1], t);
            const Index first[kLineAxes] = {row, columns.begin};
            const Storage* elements = x + p_.tap_offset(lines, first, t);
            for_each_vector<Vector>(columns.size(), [&](Index i, int count) {
                Vector v = load_lanes<Vector>(elements + i * step, step, count);
                take(kind, values + columns.begin + i, size, v, count, t - lines.taps.begin);
            });
        }
        for (Index column = 0; column < lines.output[1]; column++) {
            const Index o[kLineAxes] = {row, column};
            write(lines, batch, channel, o, x, at(kind, values, size, column));
        }
    }
};

}  // namespace POOLING_INSTRUCTION_SET
}  // namespace pooling
