// SPDX-License-Identifier: Apache-2.0
// Loops over the cells of a map. Where channels lie side by side, vectors are channels. Small planes are made so first:
// transposed, some channels at a time. Of larger ones the rows of a cell are put together column by column, in vectors
// along the whole width, then the columns of each cell.
#pragma once

#include "cell_operators.h"
#include "transposed_planes.h"

namespace pooling {
inline namespace POOLING_INSTRUCTION_SET {

// A row of cells of one of the levels of a plane, and the next one. Planes follow each other; or their channels do, row
// by row.
class CellRowPlace {
public:
    CellRowPlace(const CellParameters& p, const CellPlan& plan, Index channels, bool channels_fastest, Index number)
        : plan_(plan), levels_(p.levels), channels_(channels), channels_fastest_(channels_fastest) {
        if (channels_fastest) {
            channel_ = number % channels;
            number /= channels;
        }
        height_ = number % p.cell_rows;
        number /= p.cell_rows;
        if (!channels_fastest) {
            channel_ = number % channels;
            number /= channels;
        }
        batch_ = number;
        while (height_ >= level().output[0] * level().output[1]) {
            height_ -= level().output[0] * level().output[1];
            level_++;
        }
        depth_ = height_ / level().output[1];
        height_ %= level().output[1];
    }

    const CellLevel& level() const {
        return plan_.level(level_);
    }

    MapRow row() const {
        return {batch_, channel_, depth_, height_};
    }

    void advance() {
        if (channels_fastest_ ? next_channel() && next_row() : next_row() && next_channel()) {
            batch_++;
        }
    }

private:
    CellPlan plan_;
    Index levels_;
    Index channels_;
    bool channels_fastest_;
    Index batch_ = 0;
    Index channel_ = 0;
    Index level_ = 0;
    Index depth_ = 0;
    Index height_ = 0;

    // Whether it is the first one again.
    bool next_channel() {
        channel_ = channel_ + 1 < channels_ ? channel_ + 1 : 0;
        return channel_ == 0;
    }

    bool next_row() {
        if (++height_ < level().output[1]) {
            return false;
        }
        height_ = 0;
        if (++depth_ < level().output[0]) {
            return false;
        }
        depth_ = 0;
        level_ = level_ + 1 < levels_ ? level_ + 1 : 0;
        return level_ == 0;
    }
};

// Arrays: x, plan, results of the operator.
template <template <class> class CellOperator, class Storage>
class CellForward {
public:
    typedef typename StorageTraits<Storage>::Real Real;
    typedef CellOperator<Real> Operator;
    typedef typename LanesOf<Real>::Vector Vector;
    typedef TransposedPlanes<Storage> Planes;
    typedef typename RealTraits<Real>::Bits Place;

    CellForward(const void* parameters, void* const* arrays)
        : p_(*static_cast<const CellParameters*>(parameters)),
          plan_{static_cast<const Index*>(arrays[1]), p_.plane_words},
          map_{p_.batch, p_.channels, p_.input, p_.x},
          x_(static_cast<const Storage*>(arrays[0])),
          y_(static_cast<Storage*>(arrays[2])),
          index_(Operator::kHasIndex ? static_cast<Index*>(arrays[3]) : nullptr) {}

    KernelStatus run() const {
        if (p_.cells == 0) {
            return kSuccess;
        }
        if (map_.channels_last() && p_.plane_words == 0) {
            return channels_last();
        }
        return Planes::fit(p_) ? small_planes() : rows();
    }

private:
    const CellParameters& p_;
    CellPlan plan_;
    MapView map_;
    const Storage* x_;
    Storage* y_;
    Index* index_;

    CellMap<Storage> map_at(const MapRow& at) const {
        return {x_ + at.batch * p_.x.batch + at.channel * p_.x.channel, p_.x, p_.input};
    }

    CellResults<Storage, Index> results_at(const MapRow& at, const CellLevel& level) const {
        const TensorStrides& y = level.y.strides;
        const TensorStrides& index = level.index.strides;
        return {y_ + at.offset(level.y),
                y.axes[2],
                y.channel,
                Operator::kHasIndex ? index_ + at.offset(level.index) : nullptr,
                index.axes[2],
                index.channel};
    }

    // Element visits of a row of cells.
    Index work_of_row(Index channels) const {
        return map_.positions() * p_.levels / p_.cell_rows * channels + 1;
    }

    KernelStatus channels_last() const {
        parallel_ranges(p_.batch * p_.cell_rows, work_of_row(p_.channels), [&](Index begin, Index end) {
            CellRowPlace place(p_, plan_, 1, false, begin);
            for (Index i = begin; i < end; i++, place.advance()) {
                const CellLevel& level = place.level();
                MapRow at = place.row();
                CellRow cells = at.cells(plan_, level, 1);
                pool_lanes(map_at(at), cells, level.output[2], p_.channels, results_at(at, level));
            }
        });
        return kSuccess;
    }

    template <class Element, class Results>
    static void pool_lanes(const CellMap<Element>& map, const CellRow& cells, Index count, Index channels,
                           const Results& results) {
        for (Index o = 0; o < count; o++) {
            for_each_vectors<Vector>(channels, [&](auto several, Index c, int lanes) {
                Operator::template lanes<number_of(several)>(map, cells, o, c, lanes, results);
            });
        }
    }

    KernelStatus rows() const {
        bool channels_fastest = map_.channels_last();
        bool out_of_memory = false;
        Index all_rows = p_.batch * p_.channels * p_.cell_rows;
        parallel_ranges(all_rows, work_of_row(1), [&](Index begin, Index end) {
            Scratch<Real> scratch(padded<Vector>(p_.input[2]) * Operator::kScratchPerColumn);
            CellColumns<Real> columns;
            const CellRange* known = nullptr;
            bool has_memory = static_cast<bool>(scratch);
            CellRowPlace place(p_, plan_, p_.channels, channels_fastest, begin);
            for (Index i = begin; i < end && has_memory; i++, place.advance()) {
                const CellLevel& level = place.level();
                MapRow at = place.row();
                CellRow cells = at.cells(plan_, level, p_.channels);
                if (cells.widths != known) {
                    known = cells.widths;
                    has_memory = columns.set(known, level.output[2], p_.input[2], p_.x.axes[2]);
                }
                if (has_memory) {
                    Operator::row(map_at(at), cells, columns, level.output[2], scratch.get(), results_at(at, level));
                }
            }
            if (!has_memory) {
                out_of_memory = true;  // every thread writes the same value
            }
        });
        return out_of_memory ? kOutOfMemory : kSuccess;
    }

    KernelStatus small_planes() const {
        Index pitch = Planes::pitch(p_);
        Index blocks = ceil_divide(p_.channels, pitch);
        bool out_of_memory = false;
        parallel_ranges(p_.batch * blocks, map_.positions() * pitch * p_.levels, [&](Index begin, Index end) {
            Scratch<Real> planes(map_.positions() * pitch);
            Scratch<Real> values(p_.cells * pitch);
            Scratch<Place> places(Operator::kHasIndex ? p_.cells * pitch : 0);
            if (!planes || !values || !places) {
                out_of_memory = true;  // every thread writes the same value
                return;
            }
            for (Index i = begin; i < end; i++) {
                Index c = i % blocks * pitch;
                Index channels = minimum(pitch, p_.channels - c);
                Index batch = i / blocks;
                Planes::load(x_ + batch * p_.x.batch + c * p_.x.channel, p_.input, p_.x, channels, planes.get(), pitch);
                Index cell = 0;
                for (Index l = 0; l < p_.levels; l++) {
                    const CellLevel& level = plan_.level(l);
                    MapRow first(batch, c, 0, 0);
                    Real* y = values.get() + cell * pitch;
                    Place* index = Operator::kHasIndex ? places.get() + cell * pitch : nullptr;
                    pool_planes(level, planes.get(), pitch, padded<Vector>(channels), y, index);
                    Planes::store(y_ + first.offset(level.y), level.output, level.y.strides, channels, y, pitch);
                    if constexpr (Operator::kHasIndex) {
                        Planes::store(index_ + first.offset(level.index), level.output, level.index.strides, channels,
                                      index, pitch);
                    }
                    cell += level.output[0] * level.output[1] * level.output[2];
                }
            }
        });
        return out_of_memory ? kOutOfMemory : kSuccess;
    }

    void pool_planes(const CellLevel& level, const Real* planes, Index pitch, Index channels, Real* y,
                     Place* index) const {
        Index row_step = p_.input[2] * pitch;
        TensorStrides strides = {0, 1, {p_.input[1] * row_step, row_step, pitch}};
        for (Index row = 0; row < level.output[0] * level.output[1]; row++) {
            MapRow at(level.output, 1, row);
            CellRow cells = at.cells(plan_, level, 1);
            Index first = row * level.output[2] * pitch;
            CellResults<Real, Place> results = {y + first, pitch, 1, Operator::kHasIndex ? index + first : nullptr,
                                                pitch,     1};
            pool_lanes(CellMap<Real>{planes, strides, p_.input}, cells, level.output[2], channels, results);
        }
    }
};

template <template <class> class Operator, class Storage>
KernelStatus cell_forward(const void* parameters, void* const* arrays) {
    return CellForward<Operator, Storage>(parameters, arrays).run();
}

}  // namespace POOLING_INSTRUCTION_SET
}  // namespace pooling
