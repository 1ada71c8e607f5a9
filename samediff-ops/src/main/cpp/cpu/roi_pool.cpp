// SPDX-License-Identifier: Apache-2.0
#include "../kernels/roi_pool.h"

#include "../kernels/cells.h"
#include "region_blocks.h"

namespace pooling {
namespace {

template <class Storage>
class RoiPoolPlan {
public:
    typedef Storage StorageType;
    typedef typename StorageTraits<Storage>::Real Real;
    static constexpr bool kTakesLanes = false;  // channels side by side are for MaximaOfChannels

    RoiPoolPlan(const RegionParameters& p, void* const* arrays, RegionPass pass)
        : p_(p), arrays_(arrays), pass_(pass), row_stride_(0), column_stride_(0) {}

    bool select(const RegionBox& box, Index, Index row_stride, Index column_stride) {
        if (pass_ == kBackwardPass) {
            return true;  // the index says it all
        }
        row_stride_ = row_stride;
        column_stride_ = column_stride;
        ElementRegion region = RoiPool::region(p_, box);
        ranges_.clear();
        for (Index i = 0; i < p_.rows; i++) {
            ranges_.add(region.y.cell(i));
        }
        for (Index j = 0; j < p_.columns; j++) {
            ranges_.add(region.x.cell(j));
        }
        return !ranges_.failed();
    }

    // Widens ranges of offsets, from the first to the last, to those of the cells.
    void cover(Range& rows, Range& columns) const {
        for (Index i = 0; i < ranges_.size(); i++) {
            Range range = ranges_[i];
            if (range.size() > 0) {
                Range& offsets = i < p_.rows ? rows : columns;
                Index stride = i < p_.rows ? row_stride_ : column_stride_;
                offsets.begin = minimum(offsets.begin, range.begin * stride);
                offsets.end = maximum(offsets.end, (range.end - 1) * stride);
            }
        }
    }

    // The maxima of a cell in N vectors of channels that lie side by side, or 0 at place -1; lanes: of the last vector,
    // if it is the only one.
    template <int N, class Vector, class Element>
    POOLING_FUNCTION void maxima(Index number, const Element* map, int lanes, Largest<Vector>* maxima) const {
        typedef typename RealTraits<Vector>::Bits Places;
        typedef typename RealTraits<Real>::Bits Place;
        constexpr int n = lane_count<Vector>();
        Range rows = ranges_[number / p_.columns];
        Range columns = ranges_[p_.rows + number % p_.columns];
        auto for_each_vector = [&](Index i, Index j, const auto& body) POOLING_INLINE_LAMBDA {
            const Element* x = map + i * row_stride_ + j * column_stride_;
            Places place = Places{} + static_cast<Place>(i * p_.width + j);
            unrolled<N>([&](int k) { body(k, load_lanes<Vector>(x + k * n, 1, N == 1 ? lanes : n), place); });
        };
        if (rows.size() <= 0 || columns.size() <= 0) {
            unrolled<N>([&](int k) { maxima[k] = {Vector{}, ~Places{}}; });
            return;
        }
        for_each_vector(rows.begin, columns.begin, [&](int k, Vector x, Places place) { maxima[k] = {x, place}; });
        for (Index i = rows.begin; i < rows.end; i++) {
            for (Index j = columns.begin; j < columns.end; j++) {
                for_each_vector(i, j, [&](int k, Vector x, Places place) { maxima[k].take(x, place); });
            }
        }
    }

    template <class>
    void forward(const RegionCell& cell) const {
        const Storage* x = static_cast<const Storage*>(arrays_[kInput]);
        const Storage* map = x + p_.input.at(cell.image, cell.input_channel, 0, 0);
        Range rows = ranges_[cell.row];
        Range columns = ranges_[p_.rows + cell.column];
        RoiPool::Maximum<Real> maximum = {0, -1};
        for (Index i = rows.begin; i < rows.end; i++) {
            for (Index j = columns.begin; j < columns.end; j++) {
                Real value = load(map + i * p_.input.row + j * p_.input.column);
                RoiPool::take(maximum, value, i * p_.width + j);
            }
        }
        Storage* y = static_cast<Storage*>(arrays_[kOutput]);
        Index* index = static_cast<Index*>(arrays_[kExtra]);
        store(y + p_.output.at(cell.region, cell.channel, cell.row, cell.column), maximum.value);
        index[p_.extra.at(cell.region, cell.channel, cell.row, cell.column)] = maximum.index;
    }

    void backward(const RegionCell& cell, Real* map) const {
        const Index* indices = static_cast<const Index*>(arrays_[kExtra]);
        Index index = indices[p_.extra.at(cell.region, cell.channel, cell.row, cell.column)];
        if (index >= 0 && index < p_.height * p_.width) {
            const Storage* gradient = static_cast<const Storage*>(arrays_[kOutput]);
            map[index] += load(gradient + p_.output.at(cell.region, cell.channel, cell.row, cell.column));
        }
    }

private:
    const RegionParameters& p_;
    void* const* arrays_;
    RegionPass pass_;
    Index row_stride_;
    Index column_stride_;
    GrowingArray<Range> ranges_;  // of the rows, then of the columns
};

// Forward pass with the channels of a region side by side, each with a maximum of its own.
template <class Storage>
class MaximaOfChannels {
    typedef RoiPoolPlan<Storage> Plan;
    typedef typename StorageTraits<Storage>::Real Real;
    typedef typename RealTraits<Real>::Bits Place;
    typedef typename LanesOf<Real>::Vector Vector;
    static constexpr int kLanes = lane_count<Vector>();

public:
    MaximaOfChannels(const RegionParameters& p, void* const* arrays)
        : p_(p), arrays_(arrays), cells_(p.rows * p.columns), blocks_(p, arrays) {}

    KernelStatus forward() const {
        // Results of a region, then their places.
        return blocks_.template for_each<Plan>(
            2 * cells_ * blocks_.block(),
            [&](const Plan& plan, Real* results, const RegionBox& box, Index, Range channels, Range, const auto* map) {
                Index region = static_cast<Index>(box.output);
                Real* places = results + cells_ * blocks_.block();
                pool(plan, map, channels.size(), results, places);
                blocks_.store_results(region, channels, results);
                store_index(region, channels, places);
            });
    }

private:
    const RegionParameters& p_;
    void* const* arrays_;
    Index cells_;
    RegionBlocks<Storage> blocks_;

    template <class Element>
    void pool(const Plan& plan, const Element* map, Index channels, Real* results, Real* places) const {
        for_each_vectors<Vector>(channels, [&](auto several, Index c, int lanes) {
            constexpr int N = number_of(several);
            for (Index number = 0; number < cells_; number++) {
                Largest<Vector> maxima[N];
                plan.template maxima<N>(number, map + c, lanes, maxima);
                Index at = number * blocks_.block() + c;
                unrolled<N>([&](int k) {
                    store_lanes(results + at + k * kLanes, maxima[k].value);
                    store_unaligned(places + at + k * kLanes, maxima[k].place);
                });
            }
        });
    }

    void store_index(Index region, Range channels, const Real* places) const {
        constexpr Place kNone = ~Place(0);
        Index* index = static_cast<Index*>(arrays_[kExtra]);
        for (Index c = channels.begin; c < channels.end; c++) {
            const Real* place = places + c - channels.begin;
            for (Index i = 0; i < p_.rows; i++) {
                for (Index j = 0; j < p_.columns; j++, place += blocks_.block()) {
                    Place bits = bit_cast<Place>(*place);
                    index[p_.extra.at(region, c, i, j)] = bits == kNone ? -1 : static_cast<Index>(bits);
                }
            }
        }
    }
};

struct RoiPoolKernels : RegionKernels<RoiPoolPlan> {
    template <class Storage>
    static KernelStatus forward(const void* parameters, void* const* arrays) {
        const RegionParameters& p = *static_cast<const RegionParameters*>(parameters);
        return RegionBlocks<Storage>::fits(p) ? MaximaOfChannels<Storage>(p, arrays).forward()
                                              : RegionDriver<RoiPoolPlan<Storage>>(parameters, arrays).forward();
    }
};

}  // namespace
}  // namespace pooling

POOLING_REGION_KERNELS(roi_pool, RoiPoolKernels, )
